# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object of a vault: what a task wants of it, and how it is read and written. Internal to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .fields import Field
from .plan import Observed, Plan, Step, Wanted, plan
from .task import Client, Task


class VaultObject(Task):
    """A kind of object. Plans are made by ``plan``, its story is told by ``object_run``.

    A subclass works out *wanted*, *fields* and *ids* from the parameters, or raises InputError, and sends nothing.

    :cvar noun: key of the object in the result.
    :ivar edits_are_whole: a refused edit has changed nothing.
    :param fields: the table of its settings.
    :ivar ids: filled in while reading.
    :ivar create_in_part: given options that a create does not confirm in all that it writes.
    :ivar before: what the vault showed before anything was written.
    :ivar done: the writes that took place.
    :ivar names: what names the object in a result, the same keys whatever happened.
    :ivar result_fields: the settings that a result holds, those that the vault can show.
    :ivar extra: goes into the result as it is.
    :ivar unchanged: the vault said of all that was sent that it changed nothing.
    """

    noun: str

    def __init__(
        self,
        client: Client,
        params: Mapping[str, Any],
        warn: Callable[[str], None],
        wanted: Wanted,
        fields: tuple[Field, ...],
        ids: Mapping[str, str | None],
    ) -> None:
        super().__init__(client, params, warn)
        self.wanted = wanted
        self.fields = fields
        self.ids = dict(ids)
        self.edits_are_whole = True
        self.create_in_part: frozenset[str] = frozenset()
        self.before: Observed | None = None
        self.plan = Plan(wanted, None)
        self.done: list[Step] = []
        self.names: dict[str, Any] = {}
        self.result_fields = tuple(item for item in fields if item.read)
        self.extra: dict[str, Any] = {}
        self.unchanged = False

    # Reading and planning

    @abstractmethod
    def observe(self, done: Step | None = None) -> Observed | None:
        """Return what the vault shows of the object; ``None`` when it is not there.

        :param done: the last write, when this read is to confirm it.
        """

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan from *observed* to what is wanted."""
        found = plan(self.fields, self.wanted, observed, create_in_part=self.create_in_part)
        if found.changes:
            self.check_changes(found)
        return found

    def check_changes(self, found: Plan) -> None:  # for those who know of some
        """Raise InputError for changes that this server is known not to make."""

    def read_before(self, step: Step) -> None:  # for those who have to
        """Read what *step* is not to touch, to be compared afterwards; nothing of it was written yet."""

    # Writing. Each returns what was read on the way, if that confirms the write, or None.

    def apply(self, step: Step) -> Observed | None:
        """Do one write."""
        writes: Mapping[str, Callable[[], Observed | None]] = {
            "create": self.create,
            "update": self.update,
            "groups": self.join_groups,
            "share": self.share,
            "password": self.set_password,
            "delete": self.delete,
        }
        return writes[step.action]()

    def create(self) -> Observed | None:
        """Make the object."""
        raise NotImplementedError

    def update(self) -> Observed | None:
        """Edit its settings."""
        raise NotImplementedError

    def join_groups(self) -> Observed | None:
        """Put it into the groups that it is not in."""
        raise NotImplementedError

    def share(self) -> Observed | None:
        """Grant and revoke its shares."""
        raise NotImplementedError

    def set_password(self) -> Observed | None:
        """Set its password."""
        raise NotImplementedError

    def delete(self) -> Observed | None:
        """Remove it."""
        raise NotImplementedError

    def put_back(self, lost: Collection[str]) -> Observed | None:
        """Write again what an edit changed unasked, and return what is there then; ``None``: it cannot."""
        return None

    # Reporting

    def advice(self, option: str, observed: Observed) -> str:  # for those who have some
        """Return a sentence on why the vault may not have taken *option*, and what to do, or ``""``."""
        return ""

    def confirmed(self) -> None:
        """Look at what was read after the writes; warn of what the engine cannot know."""

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the object for the result, the same keys whatever happened."""
        present = self.wanted.state == "present"
        values = observed.values if observed and present else {}
        to_come = self.plan.wanted.settings if present and self.plan.steps and not self.done else {}
        result = {**self.names, "state": self.wanted.state, **self.ids}
        for field in self.result_fields:
            if field.option in result:
                continue
            value = values.get(field.option)
            if field.option in to_come and not (observed is None and field.option in self.create_in_part):
                wanted = to_come[field.option]
                if value is None or field.kind.difference(wanted, value):
                    value = field.kind.predict(wanted, value)
            result[field.option] = field.kind.show(value) if value is not None else None
        return result
