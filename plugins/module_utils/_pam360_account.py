# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account under a PAM360 resource. Internal to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from . import _custom_fields as custom
from ._answer import shown
from ._drift import Observed, Step, Wanted
from ._errors import ExistsError, InputError, RefusedError
from ._fields import Field, argument_spec, observe, payload, settings
from ._pam360 import find, pick
from ._pam360_fields import ACCOUNT
from ._pam360_service import CONNECTION, RESOURCE_OPTIONS, STATE, Pam360Service, account_row
from ._service import Arguments, Item

RESULT_FIELDS = tuple(item for item in ACCOUNT if item.read)


class AccountService(Pam360Service):
    """``pam360_account``.

    Requests by names: 2 when nothing changes, 4 for a create or an edit, 5 for a create with settings that
    only an edit takes. Custom fields are only in an account's details, so with them the look-up goes by
    getResourceIdAccountId, and after a create they are left for the next run to verify.
    """

    noun = "account"
    arguments = Arguments(
        options={
            **CONNECTION,
            **RESOURCE_OPTIONS,
            **STATE,
            "name": {"type": "str", "required": True},
            "new_name": {"type": "str"},
            "update_password": {
                "type": "str",
                "choices": ["on_create", "on_drift", "always"],
                "default": "on_create",
                "no_log": False,
            },
            "update_write_only": {"type": "str", "choices": ["on_edit", "always"], "default": "on_edit"},
            **argument_spec(ACCOUNT),
        },
        mutually_exclusive=[("resource", "resource_id")],
        required_one_of=[("resource", "resource_id")],
    )

    def items(self) -> list[Item]:
        """Return the one account of the task."""
        self.name, self.new_name = self.name_of("name"), self.name_of("new_name")
        self.resource_id = self.id_of("resource_id")
        given = settings(ACCOUNT, self.params)
        if "password" in given and not given["password"]:
            raise InputError("password must not be empty", hint="Leave it out to let the vault generate one.")
        if self.new_name and self.params["state"] == "absent":
            raise InputError("new_name does not go together with state: absent")
        self.label = f"account '{shown(self.name)}' on {self.resource_label()}"
        # One readable text for both: the notes are compared with it, unless the description is given alone.
        shadowed = "notes" if "description" in given and "notes" not in given else "description"
        fields = tuple(replace(item, read=()) if item.option == shadowed else item for item in ACCOUNT)
        wanted = Wanted(self.label, self.params["state"], given, self.name, self.new_name)
        return [Item(wanted, fields, ids={"resource_id": self.resource_id or None, "account_id": None})]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Read the account as cheaply as the given settings allow."""
        if done and done.action in ("update", "password") and not self.new_name:
            observed = self._details(item, item.before.name if item.before else self.name)
            return self._with_password(item, observed) if done.action == "password" else observed
        first = done is None or done.action == "exists"
        details = "custom_fields" in item.wanted.settings and item.wanted.state == "present"
        if done is None and details and not self.resource_id and not self.new_name:
            return self._by_ids(item)
        return self._by_list(item, details=details and not (done and done.action == "create"), first=first)

    def _by_ids(self, item: Item) -> Observed | None:
        """Look up both ids by name: one request instead of two, so that the details fit in the budget."""
        found = self.client.ids(self.name_of("resource"), self.name)
        if found:
            item.ids.update(resource_id=found[0], account_id=found[1])
            return self._with_password(item, self._details(item, self.name))
        item.ids["resource_id"] = self.client.resource_id(self.name_of("resource"))
        if item.ids["resource_id"] is None:
            raise self.no_resource()
        return None

    def _by_list(self, item: Item, *, details: bool, first: bool) -> Observed | None:
        resource_id = item.ids["resource_id"] or self.find_resource()
        item.ids["resource_id"] = resource_id
        if resource_id is None:
            if item.wanted.state == "absent":
                return None
            raise self.no_resource()
        resource = self.client.resource(resource_id, self.resource_label())
        row = account_row(resource, self.name) or self._same_to_server(resource)
        if self.new_name:
            row = self._old_or_new(row, account_row(resource, self.new_name))
        if row is None:
            return None
        item.ids["account_id"] = str(pick(row, "ACCOUNT ID"))
        name = str(pick(row, "ACCOUNT NAME"))
        observed = Observed(self._values(item, row), name)
        missing = {f.option for f in item.fields if f.read and f.option in item.wanted.settings} - set(observed.values)
        if details or missing - {"custom_fields"}:
            observed = self._details(item, name)
        return self._with_password(item, observed) if first else observed

    def _same_to_server(self, resource: Mapping[str, Any]) -> Any:
        """Return the account whose name differs by case only, if the server itself takes it for the same."""
        folded = self.name.casefold()
        rows = [row for row in resource["ACCOUNT LIST"] if str(pick(row, "ACCOUNT NAME")).casefold() == folded]
        name = str(pick(resource, "RESOURCE NAME") or self.params["resource"] or "")
        if not rows or not name:
            return None
        found = self.client.ids(name, self.name)
        return next((row for row in rows if found and str(pick(row, "ACCOUNT ID")) == found[1]), None)

    def _old_or_new(self, old: Any, new: Any) -> Any:
        """Return the row to work on: with ``new_name`` only one of the two names may be in use."""
        if old is not None and new is not None and pick(old, "ACCOUNT ID") != pick(new, "ACCOUNT ID"):
            raise InputError(
                f"both '{shown(self.name)}' (ID {pick(old, 'ACCOUNT ID')}) and '{shown(self.new_name)}'"
                f" (ID {pick(new, 'ACCOUNT ID')}) exist, so the account can not be renamed"
            )
        return old if new is None else new

    def _details(self, item: Item, name: str) -> Observed:
        record, _answer = self.client.account(str(item.ids["resource_id"]), str(item.ids["account_id"]), self.label)
        values = self._values(item, record)
        if "custom_fields" in item.wanted.settings:
            values.setdefault("custom_fields", {})
        return Observed(values, name)

    @staticmethod
    def _values(item: Item, record: Mapping[str, Any]) -> dict[str, Any]:
        return observe([f for f in item.fields if f.read], find, record)

    def _with_password(self, item: Item, observed: Observed) -> Observed:
        """Read the password where the task's policy says so; the vault audits that."""
        if (
            "password" in item.wanted.settings
            and self.params["update_password"] == "on_drift"
            and item.wanted.state == "present"
        ):
            observed.values["password"] = self._password(item)
        return observed

    def _password(self, item: Item) -> Any:
        try:
            return self.client.password(str(item.ids["resource_id"]), str(item.ids["account_id"]), self.label)
        except RefusedError as error:
            error.hint = f"{error.hint} Choose update_password: on_create or always, which do not read it.".strip()
            raise

    def resend(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Return what the policies named ``always`` write each time."""
        options = set()
        if self.params["update_password"] == "always":
            options.add("password")
        if self.params["update_write_only"] == "always":
            options |= set(item.wanted.settings) - {"password"}
        return options

    def unreadable(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Custom fields with a masked value are compared in part; a create is not confirmed in all it writes."""
        if observed is None:
            return {"custom_fields", *(f.option for f in item.fields if not f.create)}
        current = observed.values.get("custom_fields", {})
        return ("custom_fields",) if custom.unreadable(item.wanted.settings.get("custom_fields", {}), current) else ()

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Add, edit, set the password or delete."""
        resource_id, account_id = str(item.ids["resource_id"]), str(item.ids["account_id"])
        current = item.before.values if item.before else {}
        if step.action == "create":
            return self._add(item, resource_id)
        if step.action == "update":
            body = payload(_part(item.fields, "settings"), item.wanted.settings, current, create=False)
            name = self.new_name or (item.before.name if item.before else self.name)
            body = {"ACCOUNTNAME": name, **body}
            self.client.edit_account(resource_id, account_id, body, self.label)
        elif step.action == "password":
            password = item.wanted.settings["password"]
            self.client.set_password(resource_id, account_id, password, self.label, RESETTYPE="LOCAL")
            return self._after_password(item)
        else:
            self.client.delete_account(resource_id, account_id, self.label)
        return None

    def _after_password(self, item: Item) -> Observed | None:
        """A password is not read again, which the vault would audit; the settings are, if they were edited."""
        before = item.before or Observed()
        observed = self.observe(item, item.done[-1]) if item.done else Observed(dict(before.values), before.name)
        if observed and "password" in before.values:
            observed.values["password"] = item.wanted.settings["password"]
        return observed

    def _add(self, item: Item, resource_id: str) -> Observed | None:
        given, name = item.wanted.settings, self.new_name or self.name
        operation = f"Adding {self.label}"
        body = {"ACCOUNTNAME": name, **payload(item.fields, given, create=True)}
        statuses = self.client.add_accounts(resource_id, [body], self.label)
        status = shown(statuses.get(name) or " ".join(statuses.values()))
        if "already exists" in status.casefold():
            raise ExistsError(f"the server said '{status}'", operation=operation, server_message=status)
        if status and "success" not in status.casefold():
            raise RefusedError(f"the server said '{status}'", operation=operation, server_message=status)
        edit_only = [f.option for f in item.fields if f.option in given and not f.create]
        if not edit_only:
            return None
        observed = self.observe(item, Step("create", ""))
        if observed is None:
            message = "the list of accounts does not show it after the server said that it was added"
            raise RefusedError(message, operation=operation)
        body = {"ACCOUNTNAME": name, **payload(_part(item.fields, "settings"), given, create=False)}
        label = f"{', '.join(edit_only)} of the new {self.label}"
        self.client.edit_account(resource_id, str(item.ids["account_id"]), body, label)
        for option in edit_only:  # read before they were written
            observed.values.pop(option, None)
        return observed

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows."""
        absent = item.wanted.state == "absent"
        wanted = {} if absent else item.wanted.settings
        values = dict(observed.values) if observed and not absent else {}
        result: dict[str, Any] = {
            "name": self.new_name or self.name,
            "state": item.wanted.state,
            "resource": self.params.get("resource"),
            **item.ids,
        }
        for f in RESULT_FIELDS:
            value = values.get(f.option)
            if item.plan.changed and not item.done and f.option in wanted:
                value = f.kind.predict(wanted[f.option], value)
            result[f.option] = f.kind.show(value) if value is not None else None
        if result["description"] is None:
            result["description"] = result["notes"]
        if result["notes"] is None:
            result["notes"] = result["description"]
        return result


def _part(fields: tuple[Field, ...], part: str) -> list[Field]:
    return [item for item in fields if item.part == part]
