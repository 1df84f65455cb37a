# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account under a PAM360 resource. Internal to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .._http.options import STATE
from .._engine.plan import Observed, Step
from .._common.errors import RefusedError, VaultError
from .._engine.fields import argument_spec
from .wanted_account import AccountItem, account_item
from .envelope import ResourceDetails, pick
from .fields import ACCOUNT
from .connect import CONNECTION, RESOURCE_OPTIONS, Pam360Service, account_row, other_spelling
from .fingerprint_field import TRACKING, tracking_of
from .._engine.task import Arguments, Item

OTHER_MODULE = "vaultops.pam.pam360_account_password with reason and ticket_id"
POLICIES: Mapping[str, Any] = {
    "update_password": {
        "type": "str",
        "choices": ["on_create", "on_drift", "always"],
        "default": "on_create",
        "no_log": False,
    },
    "update_write_only": {"type": "str", "choices": ["on_edit", "always", "tracked"], "default": "on_edit"},
}
OBJECT: Mapping[str, Any] = {
    **RESOURCE_OPTIONS,
    **STATE,
    "name": {"type": "str", "required": True},
    "new_name": {"type": "str"},
    **POLICIES,
    **argument_spec(ACCOUNT),
}


class AccountService(Pam360Service):
    """``pam360_account``.

    Requests by names: 2 when nothing changes, 4 for a create or an edit, 5 for a create with settings that
    only an edit takes. Custom fields are only in an account's details, so with them the look-up goes by
    getResourceIdAccountId, and after a create they are left for the next run to verify.
    """

    noun = "account"
    arguments = Arguments(
        options={**CONNECTION, **OBJECT, **TRACKING},
        mutually_exclusive=[("resource", "resource_id")],
        required_one_of=[("resource", "resource_id")],
    )

    def items(self) -> list[Item]:
        """Return the one account of the task."""
        self.item = account_item(self.params, tracking_of(self.params, self.client.http))
        return [self.item]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Read the account as cheaply as the given settings allow."""
        account, shared = self.item, self.client.shared
        if done and done.action in ("update", "password") and not account.new_name:
            by_list = shared and not account.needs_details
            name = item.before.name if item.before else account.name
            observed = self._by_list(account, details=False) if by_list else self._details(account, name)
            if done.action == "update":
                return observed
            return self._same_password(item, observed) if done in item.done else self._with_password(account, observed)
        if done is None and account.needs_details and account.resource and not account.new_name and not shared:
            return self._by_ids(account)
        created = any(step.action == "create" for step in (done, *item.done) if step)
        observed = self._by_list(account, details=account.needs_details and not created)
        if done is None or done.action == "exists":
            return self._with_password(account, observed)
        return self._same_password(item, observed) if done.action == "password" and done in item.done else observed

    def _by_ids(self, item: AccountItem) -> Observed | None:
        """Look up both ids by name: one request instead of two, so that the details fit in the budget."""
        found = self.client.ids(item.resource, item.name)
        if found:
            item.ids.update(resource_id=found[0], account_id=found[1])
            return self._with_password(item, self._details(item, item.name))
        if self.client.http.read_only:  # no add will follow that the server could refuse, so look closer
            return self._with_password(item, self._by_list(item, details=True))
        item.ids["resource_id"] = self.client.resource_id(item.resource)
        if item.ids["resource_id"] is None:
            raise self.no_resource()
        return None

    def _by_list(self, item: AccountItem, *, details: bool) -> Observed | None:
        resource_id = item.ids["resource_id"] or self.find_resource()
        item.ids["resource_id"] = resource_id
        if resource_id is None:
            if item.wanted.state == "absent":
                return None
            raise self.no_resource()
        resource = self.client.resource(resource_id, item.resource_label)
        row = account_row(resource, item.name) or self._same_to_server(item, resource)
        if item.new_name:
            row = item.old_or_new(row, account_row(resource, item.new_name))
        if row is None:
            return None
        observed = item.from_row(row)
        return self._details(item, observed.name) if details or item.missing(observed) else observed

    def _same_to_server(self, item: AccountItem, resource: ResourceDetails) -> Any:
        """Return the account whose name differs by case only, if the server itself takes it for the same."""
        rows = resource.by_folded_name.get(item.name.casefold(), [])
        name = str(pick(resource, "RESOURCE NAME") or item.resource)
        if not rows or not name:
            return None
        found = self.client.ids(name, item.name)
        row = next((row for row in rows if found and str(pick(row, "ACCOUNT ID")) == found[1]), None)
        if row is not None and item.wanted.state == "absent":
            raise other_spelling(item.label, pick(row, "ACCOUNT NAME"))
        return row

    def _details(self, item: AccountItem, name: str) -> Observed:
        record, _answer = self.client.account(str(item.ids["resource_id"]), str(item.ids["account_id"]), item.label)
        observed = item.from_details(record, name)
        if item.tracking:
            item.tracking.warn_if_undefined(observed.tracked, self.warn)
        return observed

    def _with_password(self, item: AccountItem, observed: Observed | None) -> Observed | None:
        """Read the password where the task's policy says so; the vault audits that."""
        if observed and item.reads_password:
            try:
                password = self.client.password(str(item.ids["resource_id"]), str(item.ids["account_id"]), item.label)
            except RefusedError as error:
                error.add_hint(f"Choose update_password: on_create or always, which do not read it, or {OTHER_MODULE}.")
                raise
            observed.values["password"] = password
        return observed

    def resend(self, item: Item, observed: Observed | None) -> set[str]:
        """Return what a policy writes although it can not be compared."""
        return self.item.resend(observed)

    def unreadable(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Return what is compared in part only."""
        return self.item.unreadable(observed)

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Add, edit, set the password or delete."""
        account, resource_id, account_id = self.item, str(item.ids["resource_id"]), str(item.ids["account_id"])
        if step.action == "create":
            return self._add(account, resource_id)
        if step.action == "update":
            self.client.edit_account(resource_id, account_id, account.update_body(item.before), account.label)
        elif step.action == "password":
            password = item.wanted.settings["password"]
            try:
                self.client.set_password(resource_id, account_id, password, account.label, RESETTYPE="LOCAL")
            except RefusedError as error:
                error.add_hint(f"If it wants a reason or a ticket, use {OTHER_MODULE}.")
                raise
            return self._after_password(item)
        else:
            self.client.delete_account(resource_id, account_id, account.label)
        return None

    def _after_password(self, item: Item) -> Observed | None:
        """A password is not read again, which the vault would audit; the settings are, if they were edited."""
        before = item.before or Observed()
        if item.done and self.client.shared:
            return None  # once all others are written too
        observed = self.observe(item, item.done[-1]) if item.done else Observed(dict(before.values), before.name)
        return self._same_password(item, observed)

    @staticmethod
    def _same_password(item: Item, observed: Observed | None) -> Observed | None:
        """Take the password for what was just written, if it was read before."""
        if observed and item.before and "password" in item.before.values:
            observed.values["password"] = item.wanted.settings["password"]
        return observed

    def _add(self, item: AccountItem, resource_id: str) -> Observed | None:
        left = f"{', '.join(item.edit_only)} can be set by an edit only: "
        left += "the next run sends it." if item.tracking else "run the task once with update_write_only: always."
        try:
            statuses = self.client.add_accounts(resource_id, [item.create_body()], item.label)
        except VaultError as error:
            error.unsent = left if item.edit_only else ""
            raise
        told = item.check_status(statuses, self.client.http.redact)
        if told and not item.edit_only:
            return None
        observed = self._added(item, f"Adding {item.label}", told=told)
        if not item.edit_only:
            return observed
        label = f"{', '.join(item.edit_only)} of the new {item.label}"
        try:
            self.client.edit_account(resource_id, str(item.ids["account_id"]), item.update_body(None), label)
        except VaultError as error:
            error.unsent = left
            raise
        for option in item.edit_only:  # read before they were written
            observed.values.pop(option, None)
        return observed

    def _added(self, item: Item, operation: str, *, told: bool = True) -> Observed:
        """Return the new account as the vault shows it; raise RefusedError where it shows none."""
        try:
            observed = AccountService.observe(self, item, Step("create", ""))
        except VaultError as error:
            error.outcome_unknown = error.outcome_unknown or not told
            raise
        if observed is None:
            said = "said that it was added" if told else "did not say whether it was added"
            message = f"the list of accounts does not show it after the server {said}"
            raise RefusedError(message, operation=operation, hint="" if told else "Run the task again.")
        return observed

    def confirmed(self, item: Item, observed: Observed) -> None:
        """Warn when the vault did not keep the fingerprints, or not one for each setting."""
        tracking = self.item.tracking
        if tracking:
            tracking.warn_if_crowded(self.item.one_by_one, self.warn)
        edited = observed.tracked is not None and item.done[-1].action == "update"
        if tracking and edited and self.item.resend(observed) - {"password"}:
            self.warn(f"The vault did not keep the fingerprints in '{tracking.label}'; the next run sends all again.")

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows."""
        return self.item.describe(observed)
