# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member of a safe in CyberArk. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError, NotFoundError
from .._common.wording import one_line
from .._engine.fields import NAME, argument_spec, cleaned_settings, cleaned_text, read_values
from .._engine.plan import Observed, Plan, Step, Wanted
from .._engine.task import STATE, Arguments
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, CyberArkObject
from .fields import value_of, without_unshown
from .find import check_ends
from .permissions import SETS
from .safe_fields import MEMBER, by_name

# In each safe by itself (psPAS, aiobastion; the later ones are inferred). Some cannot be read one by one.
PREDEFINED = frozenset(
    (
        *("master", "batch", "backup users", "auditors", "operators", "dr users", "notification engines"),
        *("pvwagwaccounts", "passwordmanager", "pvwaappuser"),
    )
)


class Member(CyberArkObject):
    """``cyberark_safe_member``. Requests: 1 when nothing changes, 2 for any write."""

    noun = "member"
    arguments = Arguments(
        options={
            **CONNECTION,
            **STATE,
            "safe": {"type": "str", "required": True},
            "member": {"type": "str", "required": True},
            "permission_set": {"type": "str", "choices": list(SETS)},
            **argument_spec(MEMBER),
        },
        mutually_exclusive=[("permission_set", "permissions")],
    )

    def __init__(self, client: CyberArk, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.safe, self.member = (cleaned_text(NAME, option, params) for option in ("safe", "member"))
        check_ends({"safe": self.safe, "member": self.member, "search_in": params["search_in"]})
        set_name = params["permission_set"]
        self.by_set = set_name is not None
        given = cleaned_settings(MEMBER, {**params, **({"permissions": SETS[set_name]} if set_name else {})})
        self.label = f"member '{one_line(self.member)}' of safe '{one_line(self.safe)}'"
        wanted = Wanted(self.label, params["state"], given)
        super().__init__(client, params, warn, wanted, MEMBER, {"member_id": None})
        self.names = {"safe": self.safe, "name": self.member}
        self.record: Json = {}
        self.gone = False

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the member; one that the vault has in each safe may be in a list alone."""
        if self.gone:
            return None
        try:
            record = self.client.member(self.safe, self.member, self.label)
        except NotFoundError as error:
            if self.wanted.state == "present":
                self.take_as_made(error)
            return None
        if record is None and (self.member.casefold() in PREDEFINED or (done and done.action == "exists")):
            record = self.client.predefined_member(self.safe, self.member, self.label)
        return self._observed(record) if record else None

    def _observed(self, record: Json) -> Observed:
        self.record = record
        self.ids["member_id"] = str(value_of(record, "memberId") or "") or None
        self.names = {"safe": str(value_of(record, "safeName") or self.safe), "name": self._stored_name}
        values = without_unshown(MEMBER, read_values(self.fields, by_name(record, MEMBER)))
        return Observed(values, self._stored_name)

    @property
    def _stored_name(self) -> str:
        return str(value_of(self.record, "memberName") or self.member)

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan; raise for what the server would refuse."""
        if observed is None and self.wanted.state == "present" and "permissions" not in self.wanted.settings:
            raise InputError(
                f"{self.label} is not in the vault, and cannot be added without permissions",
                hint="Give permission_set or permissions.",
            )
        found = super().planned(observed)
        if observed and found.steps and value_of(self.record, "isPredefinedUser") is True:
            raise InputError(
                f"{self.label} is predefined, and the vault does not change or remove such members",
                hint="Leave it out; each safe has it.",
            )
        if self.by_set:
            found = found._replace(
                verified=tuple("permission_set" if option == "permissions" else option for option in found.verified)
            )
        return found

    def create(self) -> Observed | None:
        """Add it."""
        given = {item.api: item.kind.wire(self.wanted.settings[item.option], None) for item in self._given()}
        if "memberType" in given:
            given["memberType"] = given["memberType"].capitalize()
        body = {"memberName": self.member, **{name: value for name, value in given.items() if value not in (None, "")}}
        return self._observed(self.client.add_member(self.safe, body, self.label))

    def update(self) -> Observed | None:
        """Edit it: permissions and end go both, as what is left out is cleared."""
        values = {**(self.before.values if self.before else {}), **self.wanted.settings}
        body = {item.api: item.kind.wire(values[item.option], None) for item in MEMBER if item.update}
        return self._observed(self.client.update_member(self.safe, self._stored_name, body, self.label))

    def _given(self) -> list[Any]:
        return [item for item in MEMBER if item.option in self.wanted.settings]

    def delete(self) -> Observed | None:
        """Remove it from the safe."""
        self.client.remove_member(self.safe, self._stored_name, self.label)
        self.gone = True
        return None
