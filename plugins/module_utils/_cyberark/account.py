# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account in CyberArk. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._common.errors import AmbiguousError, InputError, NotFoundError
from .._common.wording import one_line
from .._engine.fields import argument_spec, cleaned_settings, read_values
from .._engine.plan import Observed, Plan, Step, Wanted, plan
from .._engine.task import STATE, Arguments
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, CyberArkObject
from .fields import ACCOUNT, by_pointer, identified_by, new_account, operations, value_of
from .kinds import in_group

POLICIES: Mapping[str, Any] = {
    "update_secret": {"type": "str", "choices": ["on_create", "always"], "default": "on_create"},
    "change_entire_group": {"type": "bool", "default": False},
}
IDENTITIES = (("account_id",), ("name",), ("user_name", "address"))
# SDK/UpdateAccount: "The following characters are not supported in URL values: + & %".
NOT_IN_URL = re.compile("[+&%]")


class Account(CyberArkObject):
    """``cyberark_account``. Requests without logon and logoff: 1 when nothing changes, 2 for any one write."""

    noun = "account"
    arguments = Arguments(
        options={
            **CONNECTION,
            **STATE,
            "account_id": {"type": "str", "quoted": True},
            **POLICIES,
            **argument_spec(ACCOUNT),
        },
        required_one_of=[("account_id", "safe")],
    )

    def __init__(self, client: CyberArk, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        given = cleaned_settings(ACCOUNT, params)
        self.safe = given.get("safe", "")
        self.account_id = _account_id(params)
        _check_input(given, self.account_id, self.safe)
        self.id_options = _identifying_options(given, self.account_id)
        self.label = self._label(given)
        self.latest: Observed | None = None
        self.gone = False
        wanted, ids = Wanted(self.label, params["state"], given), {"account_id": self.account_id or None}
        super().__init__(client, params, warn, wanted, identified_by(self.id_options), ids)
        if self.wanted.state == "absent":  # of one that is there, the settings tell
            self.names = {option: given[option] for option in ("safe", *self.id_options) if option in given}
        # The group of an account is given as a platform property, and never shown.
        if any(map(in_group, given.get("platform_properties", {}))):
            self.create_in_part = frozenset(("platform_properties",))

    def _label(self, given: Mapping[str, Any]) -> str:
        if self.account_id:
            return f"account {self.account_id}"
        at = f" at '{one_line(given['address'])}'" if "address" in self.id_options else ""
        return f"account '{one_line(given[self.id_options[0]])}'{at} in safe '{one_line(self.safe)}'"

    # Reading and planning

    def observe(self, done: Step | None = None) -> Observed | None:
        """Find the account, or read it once it is known; after a write only if its answer told nothing."""
        if done and done.action == "delete" and self.gone:
            return None
        record = self._record()
        return self._observed(record) if record else None

    def _record(self) -> Json | None:
        account_id = self.ids["account_id"]
        if account_id:
            return self.client.account(account_id, self.label)
        wanted = self.wanted.settings
        words = [wanted[option] for option in self.id_options if option != "name"]  # a name may not be searched for
        rows = [row for row in self.client.accounts(self.safe, words, self.label) if self._is_it(row)]
        platform = wanted.get("platform_id")
        if len(rows) > 1 and platform:
            rows = [row for row in rows if _same(platform, row, "platformId")] or rows
        if len(rows) > 1:
            raise self._ambiguous(rows)
        return rows[0] if rows else None

    def _is_it(self, row: Json) -> bool:
        options = ("safe", *self.id_options)
        return all(_same(self.wanted.settings[f.option], row, f.api[1:]) for f in ACCOUNT if f.option in options)

    def _ambiguous(self, rows: Sequence[Json]) -> AmbiguousError:
        names = []
        for row in rows:
            account_id, name, platform = (one_line(value_of(row, key)) for key in ("id", "name", "platformId"))
            names.append(f"{account_id} ('{name}', platform '{platform}')")
        return AmbiguousError(
            f"{len(rows)} accounts match: {', '.join(names)}",
            operation=f"Looking up {self.label}",
            hint="Give the account_id or the name of the one that is meant.",
        )

    def _observed(self, record: Json) -> Observed:
        self.ids["account_id"] = str(value_of(record, "id"))
        values = read_values(self.fields, by_pointer(record))
        # A secret cannot be compared; with ``always`` it is set on each run.
        always = self.params["update_secret"] == "always" and "secret" in self.wanted.settings
        self.latest = Observed(
            values,
            str(value_of(record, "name") or ""),
            resend=("secret",) if always else (),
            in_part=self.create_in_part,
        )
        return self.latest

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan; raise for what can be seen to be impossible now, in check mode as well."""
        if self.wanted.state == "absent":
            return super().planned(observed)
        if observed is None:
            self._check_create()
        wanted = self._manageable(observed.values if observed else {"automatic_management": True})
        found = plan(self.fields, wanted, observed, create_in_part=self.create_in_part)
        return found._replace(verified=tuple(option for option in found.verified if option in self.wanted.settings))

    def _check_create(self) -> None:
        if self.account_id:
            raise NotFoundError(
                "the vault shows no account of this ID to this user",
                operation=f"Reading {self.label}",
                hint="An account_id is given by the vault, so leave it out to create an account.",
            )
        if not self.wanted.settings.get("platform_id"):
            raise NotFoundError(
                "the vault shows no such account to this user, and without platform_id none can be created",
                operation=f"Looking up {self.label}",
                hint="Check the name of the safe and what identifies the account, or give platform_id to create it.",
            )

    def _manageable(self, values: Mapping[str, Any]) -> Wanted:
        """Turning automatic management on takes the reason away; a reason while it is on is refused (PASWS159E)."""
        given = self.wanted.settings
        automatic = given.get("automatic_management", values.get("automatic_management"))
        if given.get("manual_management_reason") and automatic:
            raise InputError(
                f"automatic management of {self.label} is on, so it can have no manual_management_reason",
                hint="Give automatic_management: false as well.",
            )
        if given.get("automatic_management") and values.get("manual_management_reason"):
            return self.wanted._replace(settings={**given, "manual_management_reason": ""})
        return self.wanted

    # Writing

    def create(self) -> Observed | None:
        """Add it."""
        return self._observed(self.client.add_account(new_account(self.fields, self.wanted.settings), self.label))

    def update(self) -> Observed | None:
        """Edit it, in one request."""
        current = self.before.values if self.before else {}
        changes = operations(self.fields, self.plan.wanted.settings, current)
        self.edits_are_whole = len(changes) == 1  # whether a refused PATCH is undone as a whole is not documented
        return self._observed(self.client.update_account(str(self.ids["account_id"]), changes, self.label))

    def set_password(self) -> Observed | None:
        """Set its secret in the vault; no answer shows a secret, and nothing else is changed."""
        account_id, secret = str(self.ids["account_id"]), self.wanted.settings["secret"]
        group = bool(self.params["change_entire_group"])
        self.client.set_secret(account_id, secret, self.label, entire_group=group)
        return self.latest

    def delete(self) -> Observed | None:
        """Delete it."""
        self.client.delete_account(str(self.ids["account_id"]), self.label)
        self.gone = True
        return None


def _identifying_options(given: Mapping[str, Any], account_id: str) -> tuple[str, ...]:
    """Return the options that tell which account it is."""
    for options in IDENTITIES:
        if all(given.get(option) or (option == "account_id" and account_id) for option in options):
            return options
    raise InputError(
        "nothing tells which account it is",
        hint="Give account_id, or safe and name, or safe, user_name and address.",
    )


def _same(wanted: str, record: Json, name: str) -> bool:
    return wanted.casefold() == str(value_of(record, name) or "").casefold()


def _account_id(params: Mapping[str, Any]) -> str:
    account_id = params.get("account_id")
    if account_id is not None and not re.fullmatch(r"[0-9]+_[0-9]+", account_id):
        raise InputError("account_id must look like '29_3'")
    return account_id or ""


def _check_input(wanted: Mapping[str, Any], account_id: str, safe: str) -> None:
    if not account_id and not safe:
        raise InputError("safe is required without account_id")
    if not account_id and NOT_IN_URL.search(safe):
        raise InputError(
            f"the name of safe '{one_line(safe)}' has one of + & % in it, which the server does not take in a URL",
            hint="Give account_id instead, or rename the safe.",
        )
    if "secret" in wanted and not wanted["secret"]:
        raise InputError("secret must not be empty")
    if wanted.get("automatic_management") and wanted.get("manual_management_reason"):
        raise InputError(
            "manual_management_reason does not go together with automatic_management: true", hint="Give one of them."
        )
