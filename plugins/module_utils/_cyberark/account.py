# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account in CyberArk. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from .._http.answer import shown
from .._http.options import STATE
from .answers import Json
from .fields import ACCOUNT, FIXED, identified_by, lookup, member, new_account, operations
from .kinds import in_group
from .connect import CONNECTION, CyberArkService
from .._engine.plan import Observed, Step, Wanted
from .._common.errors import AmbiguousError, AuthenticationError, InputError, NotFoundError, RefusedError, VaultError
from .._engine.fields import argument_spec, observe, settings
from .._engine.task import Arguments, Item

POLICIES: Mapping[str, Any] = {
    "update_secret": {"type": "str", "choices": ["on_create", "always"], "default": "on_create"},
    "change_entire_group": {"type": "bool", "default": False},
}
IDENTITIES = (("account_id",), ("name",), ("user_name", "address"))
# SDK/UpdateAccount: "The following characters are not supported in URL values: + & %".
NOT_IN_URL = re.compile("[+&%]")


class AccountService(CyberArkService):
    """``cyberark_account``. Requests without logon and logoff: 1 when nothing changes, 2 for any one write."""

    noun = "account"
    arguments = Arguments(
        options={**CONNECTION, **STATE, "account_id": {"type": "str"}, **POLICIES, **argument_spec(ACCOUNT)},
        required_one_of=[("account_id", "safe")],
    )

    def items(self) -> list[Item]:
        """Return the one account of the task."""
        wanted = settings(ACCOUNT, self.params)
        self.safe = wanted.get("safe", "")
        self.account_id = _account_id(self.params)
        _check_input(wanted, self.account_id, self.safe)
        self.identity = self._identity(wanted)
        self.label = self._label(wanted)
        self.latest: Observed | None = None
        self.gone = False
        item = Item(
            Wanted(self.label, self.params["state"], wanted),
            identified_by(self.identity),
            ids={"account_id": self.account_id or None},
        )
        return [item]

    def _identity(self, wanted: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the options that tell which account it is."""
        for options in IDENTITIES:
            if all(wanted.get(option) or (option == "account_id" and self.account_id) for option in options):
                return options
        raise InputError(
            "nothing tells which account it is",
            hint="Give account_id, or safe and name, or safe, user_name and address.",
        )

    def _label(self, wanted: Mapping[str, Any]) -> str:
        if self.account_id:
            return f"account {self.account_id}"
        at = f" at '{shown(wanted['address'])}'" if "address" in self.identity else ""
        return f"account '{shown(wanted[self.identity[0]])}'{at} in safe '{shown(self.safe)}'"

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Find the account, or read it once it is known; after a write only if its answer told nothing."""
        if done and done.action == "delete" and self.gone:
            return None
        record = self._record(item)
        if done is None or done.action == "exists":
            self._check_found(item, record)
        if record is None:
            return None
        observed = self._observed(item, record)
        if done and done.action == "update":
            self._note_part(item, done, observed)
        return observed

    def _note_part(self, item: Item, step: Step, observed: Observed) -> None:
        """Whether an edit is all or nothing is not documented: after one that failed, count a part of it as written."""
        before = item.before.values if item.before else {}
        asked = {change.option for change in item.plan.changes if change.option in step.options}
        left = {change.option for change in self.plan(item, observed).changes} & asked
        if left and any(observed.values.get(option) != before.get(option) for option in asked):
            self.client.written += 1

    def _record(self, item: Item) -> Json | None:
        account_id = item.ids["account_id"]
        if account_id:
            return self.client.account(account_id, self.label)
        wanted = item.wanted.settings
        words = [wanted[option] for option in self.identity if option != "name"]  # a name may not be searched for
        rows = [row for row in self.client.accounts(self.safe, words, self.label) if self._is_it(item, row)]
        platform = wanted.get("platform_id")
        if len(rows) > 1 and platform:
            rows = [row for row in rows if _same(platform, row, "platformId")] or rows
        if len(rows) > 1:
            raise self._ambiguous(rows)
        return rows[0] if rows else None

    def _is_it(self, item: Item, row: Json) -> bool:
        options = ("safe", *self.identity)
        return all(_same(item.wanted.settings[f.option], row, f.api[1:]) for f in ACCOUNT if f.option in options)

    def _ambiguous(self, rows: Sequence[Json]) -> AmbiguousError:
        names = []
        for row in rows:
            account_id, name, platform = (shown(member(row, key)) for key in ("id", "name", "platformId"))
            names.append(f"{account_id} ('{name}', platform '{platform}')")
        return AmbiguousError(
            f"{len(rows)} accounts match: {', '.join(names)}",
            operation=f"Looking up {self.label}",
            hint="Give the account_id or the name of the one that is meant.",
        )

    def _observed(self, item: Item, record: Json) -> Observed:
        item.ids["account_id"] = str(member(record, "id"))
        self.latest = Observed(observe(item.fields, lookup, record), str(member(record, "name") or ""))
        return self.latest

    def _check_found(self, item: Item, record: Json | None) -> None:
        """Raise for what can be seen to be impossible now that the account is known, in check mode as well."""
        if item.wanted.state == "absent" and record is None:
            return
        if record is None:
            self._check_create(item)
            return
        values = observe(item.fields, lookup, record)
        for field in item.fields:
            given = item.wanted.settings.get(field.option)
            if field.option in FIXED and given is not None and field.kind.difference(given, values[field.option]):
                raise InputError(
                    f"{field.option} of {self.label} is '{shown(values[field.option])}',"
                    f" and the vault can not change it to '{shown(given)}'",
                    hint="Remove the account and create it again.",
                )
        if item.wanted.state == "present":
            self._manage(item, values)

    def _check_create(self, item: Item) -> None:
        if self.account_id:
            raise NotFoundError(
                "the vault shows no account of this ID to this user",
                operation=f"Reading {self.label}",
                hint="An account_id is given by the vault, so leave it out to create an account.",
            )
        if not item.wanted.settings.get("platform_id"):
            raise NotFoundError(
                "the vault shows no such account to this user, and without platform_id none can be created",
                operation=f"Looking up {self.label}",
                hint="Check the name of the safe and what identifies the account, or give platform_id to create it.",
            )
        self._manage(item, {"automatic_management": True})

    def _manage(self, item: Item, values: Mapping[str, Any]) -> None:
        """Turning automatic management on takes the reason away; a reason while it is on is refused (PASWS159E)."""
        wanted = item.wanted.settings
        automatic = wanted.get("automatic_management", values.get("automatic_management"))
        if wanted.get("manual_management_reason") and automatic:
            raise InputError(
                f"automatic management of {self.label} is on, so it can have no manual_management_reason",
                hint="Give automatic_management: false as well.",
            )
        if wanted.get("automatic_management") and values.get("manual_management_reason"):
            item.wanted = item.wanted._replace(settings={**wanted, "manual_management_reason": ""})

    def resend(self, item: Item, observed: Observed | None) -> set[str]:
        """A secret can not be compared; with ``always`` it is set on each run."""
        return {"secret"} if self.params["update_secret"] == "always" and "secret" in item.wanted.settings else set()

    def unreadable(self, item: Item, observed: Observed | None) -> Collection[str]:
        """The group of an account is given as a platform property, and never shown."""
        given = item.wanted.settings.get("platform_properties", {})
        return ("platform_properties",) if any(map(in_group, given)) else ()

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Create, edit, set the secret or delete."""
        wanted, account_id = item.wanted.settings, str(item.ids["account_id"])
        if step.action == "create":
            return self._observed(item, self.client.add_account(new_account(item.fields, wanted), self.label))
        if step.action == "delete":
            self.client.delete_account(account_id, self.label)
            self.gone = True
            return None
        if step.action == "password":
            group = bool(self.params["change_entire_group"])
            self.client.set_secret(account_id, wanted["secret"], self.label, entire_group=group)
            return self.latest  # no answer shows a secret, and nothing else was changed
        return self._observed(item, self._edit(item, step, account_id))

    def _edit(self, item: Item, step: Step, account_id: str) -> Json:
        changes = operations(item.fields, item.wanted.settings, item.before.values if item.before else {})
        try:
            return self.client.update_account(account_id, changes, self.label)
        except RefusedError as error:
            if len(changes) > 1 and not isinstance(error, AuthenticationError):
                with suppress(VaultError):
                    self.observe(item, step)
            raise

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the account with all settings that the vault shows."""
        present, given = item.wanted.state == "present", item.wanted.settings
        wanted = given if present and item.plan.changed and not item.done else {}
        values = dict(observed.values) if observed and present else {}
        if not present:
            values = {option: given[option] for option in ("safe", *self.identity) if option in given}
        result: dict[str, Any] = {"state": item.wanted.state, **item.ids}
        for field in item.fields:
            if field.kind.secret:
                continue
            value = values.get(field.option)
            if field.option in wanted and (value is None or field.kind.difference(wanted[field.option], value)):
                value = field.kind.predict(wanted[field.option], value)
            result[field.option] = field.kind.show(value) if value is not None else None
        return result


def _same(wanted: str, record: Json, name: str) -> bool:
    return wanted.casefold() == str(member(record, name) or "").casefold()


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
            f"the name of safe '{shown(safe)}' has one of + & % in it, which the server does not take in a URL",
            hint="Give account_id instead, or rename the safe.",
        )
    if "secret" in wanted and not wanted["secret"]:
        raise InputError("secret must not be empty")
    if wanted.get("automatic_management") and wanted.get("manual_management_reason"):
        raise InputError(
            "manual_management_reason does not go together with automatic_management: true", hint="Give one of them."
        )
