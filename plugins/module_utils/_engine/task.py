# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module does, as the engine sees it. Internal to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from .._common.errors import ENDED, EndedError

STATE: Mapping[str, Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}


class Arguments(NamedTuple):
    """Options of a module and the rules between them, as AnsibleModule takes them.

    An option may have ``variable``, the environment variable that stands in for it, or ``own_variable``, one that the
    product reads itself. One of type ``str`` that is ``unquoted`` may be a number or a date as well, as an ID.
    """

    options: Mapping[str, Any]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_if: Sequence[Sequence[Any]] = ()
    required_by: Mapping[str, Any] = {}


class Requests(Protocol):
    """What the engine reads of the wire."""

    sent: int
    retried: int


class Client(Protocol):
    """What the engine asks of a vault's client.

    :ivar written: how many writes the vault has confirmed. A result's ``changed`` relies on it.
    """

    written: int

    @property
    def http(self) -> Requests:
        """The wire."""

    def close(self) -> None:
        """Close all connections, and log off where that is done; never raises."""


class Task(ABC):
    """What a module does: its options, its client, and the parameters of one run.

    :cvar arguments: options of the module.
    :param warn: called with one sentence for the user.
    :ivar progress: called with a few words now and then, where a task takes long.
    """

    arguments: Arguments

    @classmethod
    @abstractmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Client:
        """Return a client for *params*, or raise InputError; nothing is sent. *options*: HttpClient's."""

    def __init__(self, client: Client, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
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

    def ended(self, *, check_mode: bool) -> dict[str, Any]:
        """Return the result of what was done before the task was ended from outside."""
        error, changed = EndedError(ENDED), bool(self.client.written) and not check_mode
        return {"failed": True, "changed": changed, "msg": str(error), "failure": error.failure("")}
