# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runner needs to know about a kind of vault object. Internal to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .plan import Observed, Plan, Step, Wanted, plan
from .fields import Field


class Arguments(NamedTuple):
    """Options of a module and the rules between them, as AnsibleModule takes them."""

    options: Mapping[str, Any]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_if: Sequence[Sequence[Any]] = ()
    required_by: Mapping[str, Any] = {}


@dataclass
class Item:
    """One object of a task, from the question to the answer.

    ``ids`` are filled in while reading; ``extra`` goes into the result as it is.
    """

    wanted: Wanted
    fields: tuple[Field, ...]
    ids: dict[str, str | None] = field(default_factory=dict)
    before: Observed | None = None
    plan: Plan = field(init=False)
    done: list[Step] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan = Plan(self.wanted, None)


class Task(ABC):
    """What a module does: its options, its client, and the parameters of one run.

    :cvar arguments: options of the module.
    """

    arguments: Arguments

    @classmethod
    @abstractmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Any:
        """Return a client for *params*, or raise InputError; nothing is sent. *options*: HttpClient's."""

    def __init__(self, client: Any, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.client = client
        self.params = params
        self.warn = warn
        self.progress: Callable[[str], None] = lambda _text: None


class Query(Task):
    """Reads only, and changes nothing: the work of an info module."""

    @abstractmethod
    def result(self) -> dict[str, Any]:
        """Return what was found, by key of the module's result, or raise VaultError."""


class Batch(Task):
    """Reads and writes many objects."""

    @abstractmethod
    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Return the result, failures of single objects included, or raise VaultError."""


class Service(Task):
    """Reads and writes one kind of object. Plans are made by ``_drift``, results by ``_item_run``.

    :cvar noun: key of the object in the result.
    """

    noun: str

    @abstractmethod
    def items(self) -> list[Item]:
        """Return what the task wants, one object, or raise InputError. Sends nothing."""

    @abstractmethod
    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Return what the vault shows of *item*; ``None`` when it is not there.

        :param done: the last write, when this read is to confirm it.
        """

    def plan(self, item: Item, observed: Observed | None) -> Plan:
        """Return the plan for *item*."""
        return plan(
            item.fields,
            item.wanted,
            observed,
            resend=self.resend(item, observed),
            unreadable=self.unreadable(item, observed),
        )

    def resend(self, item: Item, observed: Observed | None) -> set[str]:
        """Return the options that are to be written although they can not be compared."""
        return set()

    def unreadable(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Return the options that are compared in part only."""
        return ()

    @abstractmethod
    def apply(self, item: Item, step: Step) -> Observed | None:
        """Do one write; return what was read on the way, if that confirms it, or ``None``."""

    def advice(self, item: Item, option: str, observed: Observed) -> str:
        """Return a sentence on why the vault may not have taken *option*, and what to do, or ``""``."""
        return ""

    def confirmed(self, item: Item, observed: Observed) -> None:
        """Look at what was read after the writes; warn of what the runner can not know."""

    @abstractmethod
    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the object for the result, the same keys whatever happened."""
