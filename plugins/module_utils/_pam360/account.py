# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account under a PAM360 resource. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import RefusedError, VaultError
from .._engine.fields import argument_spec
from .._engine.plan import Observed, Step
from .._engine.task import STATE, Arguments
from .api import Pam360
from .connect import CONNECTION, RESOURCE_OPTIONS, Pam360Object
from .envelope import Json, ResourceDetails, value_of
from .fields import ACCOUNT
from .find import account_row, no_resource, other_spelling
from .fingerprint_field import TRACKING, Tracking, tracking_of
from .wanted_account import CREATE_IN_PART, RESULT_FIELDS, WantedAccount, wanted_account

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


class Account(Pam360Object):
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

    def __init__(
        self,
        client: Pam360,
        params: Mapping[str, Any],
        warn: Callable[[str], None],
        tracking: Tracking | None = None,
    ) -> None:
        """*tracking*: how the task tracks what cannot be read, where that is known already."""
        self.account: WantedAccount = wanted_account(params, tracking or tracking_of(params, client.http))
        ids = {"resource_id": self.account.resource_id or None, "account_id": None}
        super().__init__(client, params, warn, self.account.wanted, self.account.fields, ids)
        self.create_in_part = CREATE_IN_PART
        self.result_fields = RESULT_FIELDS
        self.names = {"name": self.wanted.new_name or self.wanted.name, "resource": self.account.resource or None}
        self.share_fingerprints: Mapping[str, str] | None = None  # of all shares, once they are sent
        self.each_has_a_fingerprint = True

    # Reading

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the account as cheaply as the given settings allow."""
        if done is None:
            return self._with_password(self.look_up())
        if done.action == "exists":
            return self._with_password(self.by_list(details=self.account.needs_details))
        observed = self.read_back(done)
        if done.action != "password":
            return observed
        return self._same_password(observed) if done in self.done else self._with_password(observed)

    def look_up(self) -> Observed | None:
        """Read it for the first time."""
        wanted = self.account
        if wanted.needs_details and wanted.resource and not self.wanted.new_name:
            return self._by_ids()
        return self.by_list(details=wanted.needs_details)

    def read_back(self, done: Step) -> Observed | None:
        """Read it after a write."""
        if done.action in ("update", "password") and not self.wanted.new_name:
            return self._details(self.before.name if self.before else self.wanted.name)
        created = any(step.action == "create" for step in (done, *self.done))
        return self.by_list(details=self.account.needs_details and not created)

    def _by_ids(self) -> Observed | None:
        """Look up both IDs by name: one request instead of two, so that the details fit in the budget."""
        wanted = self.account
        found = self.client.ids(wanted.resource, self.wanted.name)
        if found:
            self.ids.update(resource_id=found[0], account_id=found[1])
            return self._details(self.wanted.name)
        if self.client.http.read_only:  # no add will follow that the server could refuse, so look closer
            return self.by_list(details=True)
        self.ids["resource_id"] = self.client.resource_id(wanted.resource)
        if self.ids["resource_id"] is None:
            raise no_resource(self.client, self.account.resource_label)
        return None

    def by_list(self, *, details: bool) -> Observed | None:
        """Find the account in the list of its resource, which shows what the details do, but for custom fields."""
        wanted = self.account
        resource_id = self.ids["resource_id"] or self.client.resource_id(wanted.resource)
        self.ids["resource_id"] = resource_id
        if resource_id is None:
            if self.wanted.state == "absent":
                return None
            raise no_resource(self.client, self.account.resource_label)
        resource = self.client.resource(resource_id, wanted.resource_label)
        row = account_row(resource, self.wanted.name) or self._same_to_server(resource)
        if self.wanted.new_name:
            row = wanted.row_of_either_name(row, account_row(resource, self.wanted.new_name))
        if row is None:
            return None
        self.ids["account_id"] = str(value_of(row, "ACCOUNT ID"))
        observed = wanted.in_row(row, resource_id)
        if details or wanted.lacks_given_settings(observed):
            return self._details(observed.name, row)
        return observed

    def _same_to_server(self, resource: ResourceDetails) -> Any:
        """Return the account whose name differs by case only, if the server itself takes it for the same."""
        wanted = self.account
        rows = resource.by_folded_name.get(self.wanted.name.casefold(), [])
        name = str(value_of(resource, "RESOURCE NAME") or wanted.resource)
        if not rows or not name:
            return None
        found = self.client.ids(name, self.wanted.name)
        row = next((row for row in rows if found and str(value_of(row, "ACCOUNT ID")) == found[1]), None)
        if row is not None and self.wanted.state == "absent":
            raise other_spelling(self.wanted.label, value_of(row, "ACCOUNT NAME"))
        return row

    def _details(self, name: str, row: Json | None = None) -> Observed:
        wanted, resource_id = self.account, str(self.ids["resource_id"])
        details, _answer = self.client.account(resource_id, str(self.ids["account_id"]), self.wanted.label)
        observed = wanted.in_details(details, name, resource_id, row)
        if wanted.tracking:
            wanted.tracking.warn_if_undefined(observed.tracked, self.warn)
        return observed

    def _with_password(self, observed: Observed | None) -> Observed | None:
        """Read the password where the task's policy says so; the vault audits that."""
        if observed and self.account.reads_password:
            ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
            try:
                observed.values["password"] = self.client.password(*ids, self.wanted.label)
            except RefusedError as error:
                hint = f"Choose update_password: on_create or always, which do not read it, or {OTHER_MODULE}."
                raise error.with_hint(hint) from None
        return observed

    def _same_password(self, observed: Observed | None) -> Observed | None:
        """Take the password for what was just written, if it was read before."""
        if observed and self.before and "password" in self.before.values:
            observed.values["password"] = self.wanted.settings["password"]
        return observed

    # Writing

    def create(self) -> Observed | None:
        """Add it, and edit what an add does not take."""
        wanted, resource_id = self.account, str(self.ids["resource_id"])
        left = f"{', '.join(wanted.edit_only)} can be set by an edit only: "
        left += "the next run sends it." if wanted.tracking else "run the task once with update_write_only: always."
        try:
            statuses = self.client.add_accounts(resource_id, [self.create_body()], self.wanted.label)
        except VaultError as error:
            raise error.but(what_was_left_out=left if wanted.edit_only else "") from None
        told = wanted.check_status(statuses, self.client.http.redact)
        if told and not wanted.edit_only:
            return None
        observed = self.read_new(f"Adding {self.wanted.label}", told=told)
        if not wanted.edit_only:
            return observed
        label = f"{', '.join(wanted.edit_only)} of the new {self.wanted.label}"
        try:
            self.client.edit_account(resource_id, str(self.ids["account_id"]), self.update_body(None), label)
        except VaultError as error:
            raise error.but(what_was_left_out=left) from None
        for option in wanted.edit_only:  # read before they were written
            observed.values.pop(option, None)
        return observed

    def read_new(self, operation: str, *, told: bool = True) -> Observed:
        """Return the new account as the vault shows it; raise RefusedError where it shows none.

        :param told: the server said that it was added.
        """
        try:
            observed = Account.observe(self, Step("create"))
        except VaultError as error:
            raise error.but(outcome_unknown=error.outcome_unknown or not told) from None
        if observed is None:
            said = "said that it was added" if told else "did not say whether it was added"
            message = f"the list of accounts does not show it after the server {said}"
            raise RefusedError(message, operation=operation, hint="" if told else "Run the task again.")
        return observed

    def update(self) -> Observed | None:
        """Edit its settings."""
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        self.client.edit_account(*ids, self.update_body(self.before), self.wanted.label)
        return None

    def set_password(self) -> Observed | None:
        """Set its password in the vault."""
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        password = self.wanted.settings["password"]
        try:
            self.client.set_password(*ids, password, self.wanted.label, RESETTYPE="LOCAL")
        except RefusedError as error:
            raise error.with_hint(f"If it wants a reason or a ticket, use {OTHER_MODULE}.") from None
        return self.read_after_password()

    def read_after_password(self) -> Observed | None:
        """A password is not read again, which the vault would audit; the settings are, if they were edited."""
        before = self.before or Observed()
        observed = self.observe(self.done[-1]) if self.done else Observed(dict(before.values), before.name)
        return self._same_password(observed)

    def delete(self) -> Observed | None:
        """Delete it."""
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        self.client.delete_account(*ids, self.wanted.label)
        return None

    def create_body(self) -> dict[str, Any]:
        """Return the account for ACCOUNTLIST."""
        return self._tracked(self.account.create_body(), None)

    def update_body(self, observed: Observed | None) -> dict[str, Any]:
        """Return the body of an edit: all given settings, and custom fields as they were read."""
        return self._tracked(self.account.update_body(observed), observed)

    def _tracked(self, body: Mapping[str, Any], observed: Observed | None) -> dict[str, Any]:
        wanted, resource_id = self.account, str(self.ids["resource_id"])
        tracked, each = wanted.with_fingerprints(body, observed, resource_id, self.share_fingerprints)
        self.each_has_a_fingerprint = each
        return tracked

    # Reporting

    def confirmed(self, observed: Observed) -> None:
        """Warn when the vault did not keep the fingerprints, or not one for each setting."""
        tracking = self.account.tracking
        if not tracking:
            return
        tracking.warn_if_crowded(self.each_has_a_fingerprint, self.warn)
        edited = observed.tracked is not None and self.done[-1].action == "update"
        if edited and set(observed.resend) - {"password"}:
            self.warn(f"The vault did not keep the fingerprints in '{tracking.label}'; the next run sends all again.")

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows, or will show."""
        result = super().describe(observed)
        if "custom_fields" not in self.wanted.settings:  # only read where the task needs them
            result["custom_fields"] = None
        for one, other in (("description", "notes"), ("notes", "description")):  # one readable text for both
            if result[one] is None:
                result[one] = result[other]
        return result
