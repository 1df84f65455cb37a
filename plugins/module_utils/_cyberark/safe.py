# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A safe in CyberArk. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import NAME, argument_spec, cleaned_settings, cleaned_text, read_values
from .._engine.plan import Observed, Plan, Step, Wanted, plan
from .._engine.task import STATE, Arguments
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, CyberArkObject
from .fields import value_of
from .find import check_ends
from .safe_fields import SAFE, UNSET, by_name

RETENTION = ("versions_retention", "days_retention")
DEFAULT_DAYS = 7  # what the web page offers (inferred); the server wants one of the two
MAX_NAME, MAX_DESCRIPTION = 28, 100
FORBIDDEN = re.compile(r'[\\/:*<>.|?"%&+]')


class Safe(CyberArkObject):
    """``cyberark_safe``. Requests: 1 when nothing changes, 2 for any write; 1 more with ``new_name``."""

    noun = "safe"
    arguments = Arguments(
        options={
            **CONNECTION,
            **STATE,
            "name": {"type": "str", "required": True},
            "new_name": {"type": "str"},
            **argument_spec(SAFE),
        },
        mutually_exclusive=[RETENTION],
    )

    def __init__(self, client: CyberArk, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.name, new_name = (cleaned_text(NAME, option, params) for option in ("name", "new_name"))
        check_ends({"name": self.name, "new_name": new_name})
        given = cleaned_settings(SAFE, params)
        if len(given.get("description", "")) > MAX_DESCRIPTION:
            raise InputError(f"description has more than {MAX_DESCRIPTION} characters")
        self.label = f"safe '{one_line(self.name)}'"
        wanted = Wanted(self.label, params["state"], given, self.name, new_name)
        super().__init__(client, params, warn, wanted, SAFE, {"safe_url_id": None})
        self.names = {"name": new_name or self.name}
        self.record: Json = {}
        self.gone = False

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the safe, by either of its names."""
        if self.gone:
            return None
        record = self.client.safe(self.name, self.label)
        if self.wanted.new_name and self.wanted.state == "present":
            renamed = self.client.safe(self.wanted.new_name, f"safe '{one_line(self.wanted.new_name)}'")
            if record and renamed and value_of(record, "safeNumber") != value_of(renamed, "safeNumber"):
                message = f"{self.label} cannot be renamed, since there is another safe of the new name"
                raise InputError(message, code="both_names_exist", hint="Remove one of them, or leave new_name out.")
            record = record or renamed
        return self._observed(record) if record else None

    def _observed(self, record: Json) -> Observed:
        self.record = record
        name = str(value_of(record, "safeName"))
        self.ids["safe_url_id"] = str(value_of(record, "safeUrlId") or "") or None
        self.names = {"name": name}
        return Observed(read_values(self.fields, by_name(record, SAFE)), name)

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan; raise for what the server would refuse."""
        name = self.wanted.new_name or self.name
        if self.wanted.state == "present" and (observed is None or (self.wanted.new_name and observed.name != name)):
            _check_new_name(name)
        given = self.wanted.settings
        if observed and given.get("olac_enabled") is False and observed.values["olac_enabled"]:
            message = f"olac_enabled of {self.label} is on, and the vault cannot turn it off"
            raise InputError(message, code="fixed_setting")
        found = plan(self.fields, self.wanted._replace(settings={**given, **self._retention(observed)}), observed)
        return found._replace(verified=tuple(option for option in found.verified if option in given))

    def _retention(self, observed: Observed | None) -> dict[str, int]:
        """Return what follows for the retention: one of the two at the creation, and of a safe never both."""
        named = [option for option in RETENTION if option in self.wanted.settings]
        if observed is None:
            return {} if named else {"days_retention": DEFAULT_DAYS}
        return {option: UNSET for option in RETENTION if named and option not in named}

    def create(self) -> Observed | None:
        """Create it."""
        return self._observed(self.client.add_safe(self._body({}), self.label))

    def update(self) -> Observed | None:
        """Edit it: all that was read goes along, as what is left out is cleared."""
        current = by_name(self.record, SAFE)
        return self._observed(self.client.update_safe(self._stored_name, self._body(current), self.label))

    def _body(self, current: Json) -> dict[str, Any]:
        given = self.plan.wanted.settings
        wanted = {item.api: item.kind.wire(given[item.option], None) for item in SAFE if item.option in given}
        body = {"safeName": self.wanted.new_name or self._stored_name, **current, **wanted}
        return {key: value for key, value in body.items() if value is not None}

    @property
    def _stored_name(self) -> str:
        return str(value_of(self.record, "safeName") or self.name)

    def delete(self) -> Observed | None:
        """Delete it, with what it holds, if the server allows that."""
        self.client.delete_safe(self._stored_name, self.label)
        self.gone = True
        return None


def _check_new_name(name: str) -> None:
    found = FORBIDDEN.search(name)
    if len(name) > MAX_NAME or found:
        why = f"holds '{found[0]}'" if found else f"has more than {MAX_NAME} characters"
        raise InputError(f"the vault does not allow a safe named '{one_line(name)}': the name {why}")
