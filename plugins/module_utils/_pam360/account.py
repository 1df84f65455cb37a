# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account under a PAM360 resource. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from .._common.errors import AuthenticationError, ExistsError, RefusedError, VaultError
from .._engine.fields import argument_spec, request_body
from .._engine.plan import Observed, Step
from .._engine.task import STATE, Arguments
from .api import Pam360
from .by_profile import left_out
from .connect import CONNECTION, RESOURCE_OPTIONS, Pam360Object
from .custom_fields import check_labels
from .envelope import Json, id_of
from .fields import ACCOUNT
from .find import account_id_of, account_row, expect_from_earlier_task, find_groups, no_resource, same_to_server
from .fingerprint_field import TRACKING, UPDATE_WRITE_ONLY, FingerprintField, tracking_of
from .wanted_account import CREATE_IN_PART, RESULT_FIELDS, WantedAccount, wanted_account

OTHER_MODULE = "vaultops.pam.pam360_account_password with reason and ticket_id"
PASSWORD_POLICIES = ["on_create", "on_drift", "always"]
POLICIES: Mapping[str, Any] = {
    "update_password": {"type": "str", "choices": PASSWORD_POLICIES, "default": "on_create", "no_log": False},
    **UPDATE_WRITE_ONLY,
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

    Requests by names: 2 when nothing changes, 3 with custom fields or settings that are tracked, which are in an
    account's details alone; 4 for a create, 5 for an edit or a create with custom fields or settings that only an edit
    takes.

    :ivar latest: what the details showed last.
    :ivar field: the fingerprints of the account, once its resource is known.
    :ivar neighbour: the ID of another account of the resource, which shows what custom fields accounts have.
    """

    noun = "account"
    arguments = Arguments(
        options={**CONNECTION, **OBJECT, **TRACKING},
        mutually_exclusive=[("resource", "resource_id")],
        required_one_of=[("resource", "resource_id")],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.account: WantedAccount = self.wanted_account(client, params)
        ids = {"resource_id": self.account.resource_id or None, "account_id": None}
        super().__init__(client, params, warn, self.account.wanted, self.account.fields, ids)
        self.create_in_part = CREATE_IN_PART
        self.result_fields = RESULT_FIELDS
        self.names = {"name": self.wanted.new_name or self.wanted.name, "resource": self.account.resource or None}
        self.extra = {"adopted": False}
        self.latest: Observed | None = None
        self.field: FingerprintField | None = None
        self.neighbour = ""

    def wanted_account(self, client: Pam360, params: Mapping[str, Any]) -> WantedAccount:
        """Return what the task asks for."""
        return wanted_account(params, tracking_of(params, client.http), profile=client.profile)

    def do_not_track(self) -> None:
        """Do without fingerprints, as the vault has no field for them."""
        self.account = self.account.untracked()
        self.field = None

    # Reading

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the account as cheaply as the given settings allow."""
        if done is None or done.action == "exists":
            return self._with_password(self.look_up())
        if done.action == "gone":  # its resource may be gone too
            self.ids["resource_id"] = self.account.resource_id or None
        observed = self.read_back(done)
        if done.action != "password":
            return observed
        return self._same_password(observed) if done in self.done else self._with_password(observed)

    def look_up(self) -> Observed | None:
        """Read it for the first time."""
        self._resolve_groups()
        observed = self.by_list(details=self.account.needs_details)
        if observed and self.wanted.state == "present" and "custom_fields" in self.wanted.settings:
            tracked = [self.account.tracking.label] if self.account.tracking and observed.tracked else []
            listed = [*observed.values["custom_fields"], *tracked]
            check_labels(self.wanted.settings["custom_fields"], listed, self.wanted.label)
        if observed and self.field and self.field.defined is not None:
            self._plan_by_fingerprints(self.field, observed)
        return observed

    def _resolve_groups(self) -> None:
        """Put IDs in the place of the names of resource groups."""
        option = "resource_group_ids"
        given = self.wanted.settings.get(option, ())
        names = [name for name in given if not (name.isascii() and name.isdigit())]
        if names and self.wanted.state == "present":
            ids = find_groups(self.client, names, self.wanted.label, option)
            groups = {option: [ids.get(name, name) for name in given]}
            self.wanted = self.wanted._replace(settings={**self.wanted.settings, **groups})
            wanted = self.account.wanted
            self.account = self.account._replace(wanted=wanted._replace(settings={**wanted.settings, **groups}))

    def _plan_by_fingerprints(self, field: FingerprintField, observed: Observed) -> None:
        """Have those hidden settings sent whose fingerprint is another one or unknown."""
        if field.defined:
            due = self.account.hidden_options(field.due_settings(self.account.hidden_values()))
            observed.resend = {*observed.resend, *due}
            self.extra["adopted"] = field.empty and bool(due)
            return
        field.tracking.warn_of_missing_field("accounts", self.warn)
        if field.tracking.explicit:
            observed.resend = {*observed.resend, *self.account.hidden}

    def read_back(self, done: Step) -> Observed | None:
        """Read it after a write."""
        if done.action in ("update", "password") and not self.wanted.new_name:
            return self._details(self.before.name if self.before else self.wanted.name)
        created = any(step.action == "create" for step in (done, *self.done))
        before = self.before.values.get("custom_fields", {}) if self.before else {}
        at_risk = done.action == "update" and any(item.value for item in before.values())
        return self.by_list(details=at_risk or (self.account.needs_details and not created))

    def by_list(self, *, details: bool) -> Observed | None:
        """Find the account in the list of its resource, which shows what the details do, but for custom fields."""
        wanted = self.account
        resource_id = self.ids["resource_id"] or self.client.resource_id(wanted.resource)
        self.ids["resource_id"] = resource_id
        if resource_id is None:
            if self.wanted.state == "present":
                error = no_resource(self.account.resource_label)
                expect_from_earlier_task(error, self.client, self.warn)
            return None
        self._make_field(resource_id)
        resource = self.client.resource(resource_id, wanted.resource_label)
        row = account_row(resource, self.wanted.name)
        row = row or same_to_server(self.client, resource, self.wanted, wanted.resource)
        if self.wanted.new_name:
            row = wanted.row_of_either_name(row, account_row(resource, self.wanted.new_name))
        if row is None:
            self.neighbour = next(filter(None, (id_of(other, "ACCOUNT ID") for other in resource["ACCOUNT LIST"])), "")
            self._check_labels()
            return None
        self.ids["account_id"] = account_id_of(row, self.wanted.label)
        observed = wanted.in_row(row)
        if details or wanted.comparable - observed.values.keys():  # which the list of this build does not show
            return self._details(observed.name, row)
        return observed

    def _make_field(self, resource_id: str) -> None:
        if self.account.tracking and not self.field:
            old, new = self.wanted.name, self.wanted.new_name
            former = (resource_id, old) if new and new != old else ()
            self.field = FingerprintField(self.account.tracking, (resource_id, new or old), former)

    def _check_labels(self) -> None:
        """Look for the labels of a new account in one that is there."""
        given = self.wanted.settings.get("custom_fields")
        if given and self.wanted.state == "present":
            check_labels(given, self._labels_of_neighbour(), self.wanted.label)

    def _labels_of_neighbour(self) -> list[str]:
        """Return the labels of another account; they are the same for all accounts (inferred)."""
        if not self.neighbour:
            return []
        return self.client.account_labels(str(self.ids["resource_id"]), self.neighbour, self.account.resource_label)

    def _both_ids(self) -> tuple[str, str]:
        return str(self.ids["resource_id"]), str(self.ids["account_id"])

    def _details(self, name: str, row: Json | None = None) -> Observed:
        details, _answer = self.client.account(*self._both_ids(), self.wanted.label)
        self.latest = self.account.in_details(details, name, row)
        if self.field:
            self.field.learn(self.latest.tracked)
        return self.latest

    def _with_password(self, observed: Observed | None) -> Observed | None:
        """Read the password where the task's policy says so; the vault audits that."""
        if observed and self.account.reads_password:
            try:
                observed.values["password"] = self.client.password(*self._both_ids(), self.wanted.label)
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
        wanted = self.account
        left = f"{', '.join(wanted.edit_only)} can be set by an edit only: "
        left += "the next run sends it." if wanted.tracking else "run the task once with update_write_only: always."
        try:
            told = self._add()
        except VaultError as error:
            raise error.but(what_was_left_out=left if wanted.edit_only else "") from None
        if told and not wanted.edit_only:
            return None
        observed = self.read_new(f"Adding {self.wanted.label}", told=told)
        if not wanted.edit_only:
            return observed
        label = f"{', '.join(wanted.edit_only)} of the new {self.wanted.label}"
        try:
            self.client.edit_account(*self._both_ids(), self.update_body(None), label)
        except VaultError as error:
            raise error.but(what_was_left_out=left) from None
        for option in wanted.edit_only:  # read before they were written
            observed.values.pop(option, None)
        return observed

    def _add(self) -> bool:
        """Add it; return whether the answer says so.

        Whether the vault has the tracking field may not be known yet. If it refuses the account, that may be why.
        """
        resource_id, field = str(self.ids["resource_id"]), self.field
        try:
            return self._added(self.client.add_accounts(resource_id, [self.create_body()], self.wanted.label))
        except RefusedError as error:
            if not field or isinstance(error, (ExistsError, AuthenticationError)) or not self._may_lack(field):
                raise
        field.defined = False
        return self._added(self.client.add_accounts(resource_id, [self.create_body()], self.wanted.label))

    def _may_lack(self, field: FingerprintField) -> bool:
        """Whether no account that is there shows that the vault has the tracking field."""
        with suppress(VaultError):
            return field.defined is None and field.tracking.label not in self._labels_of_neighbour()
        return False

    def _added(self, statuses: Mapping[str, str]) -> bool:
        return self.account.check_status(statuses, self.client.http.redact)

    def read_new(self, operation: str, *, told: bool = True) -> Observed:
        """Return the new account as the vault shows it; raise RefusedError where it shows none.

        :param told: the server said that it was added.
        """
        try:
            observed = self.by_list(details=False)
        except VaultError as error:
            raise error.but(outcome_unknown=error.outcome_unknown or not told) from None
        if observed is None:
            said = "said that it was added" if told else "did not say whether it was added"
            message = f"the list of accounts does not show it after the server {said}"
            hint = "" if told else "Run the task again."
            raise RefusedError(message, code="not_shown", operation=operation, hint=hint)
        return observed

    def read_before(self, step: Step) -> None:
        """Read the details before an edit: custom fields are in no list."""
        if step.action != "update":
            return
        if self.wanted.new_name:  # fingerprints are bound to the name, so they are written anew
            self.account = self.account._replace(tracking=self.account.trackable)
            self._make_field(str(self.ids["resource_id"]))
        # Fingerprints go along as custom fields, and whether the others are kept then is another question.
        keeps = self.client.profile.seen("edit_omitted") == "keep" and not self.account.tracking
        if self.before and "custom_fields" not in self.before.values and not keeps:
            self.before.values.update(self._details(self.before.name).values)

    def update(self) -> Observed | None:
        """Edit its settings."""
        self.client.edit_account(*self._both_ids(), self.edit_body(self.before), self.wanted.label)
        return None

    def edit_body(self, observed: Observed | None) -> dict[str, Any]:
        """Return the body of an edit of what was read, with all that such an edit is known to clear."""
        before = observed or Observed()
        return self._body_with(left_out(before.values, self.wanted.settings, self.client.profile), before)

    def _body_with(self, options: Collection[str], before: Observed) -> dict[str, Any]:
        """Return the body of an edit that also carries some options as they were."""
        plain = [f for f in self.fields if f.option in options and f.option != "custom_fields"]
        body = {**self.update_body(before), **request_body(plain, before.values, create=False)}
        if "custom_fields" in options:
            body["ACCOUNTCUSTOMFIELD"] = self.account.entries(before, self._text())
        return body

    def put_back(self, lost: Collection[str]) -> Observed | None:
        """Write again what the edit changed unasked, and read."""
        before = self.before or Observed()
        body, label = self._body_with(lost, before), f"what the edit changed of {self.wanted.label}"
        self.client.edit_account(*self._both_ids(), body, label)
        return self._details(self.wanted.new_name or before.name)

    def set_password(self) -> Observed | None:
        """Set its password in the vault."""
        password = self.wanted.settings["password"]
        try:
            self.client.set_password(*self._both_ids(), password, self.wanted.label, RESETTYPE="LOCAL")
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
        self.client.delete_account(*self._both_ids(), self.wanted.label)
        return None

    def create_body(self) -> dict[str, Any]:
        """Return the account for ACCOUNTLIST."""
        return self._with_entries(self.account.create_body(), None, self._text(create=True))

    def update_body(self, observed: Observed | None) -> dict[str, Any]:
        """Return the body of an edit: all given settings, and custom fields as they were read."""
        return self._with_entries(self.account.update_body(observed), observed, self._text())

    def _with_entries(self, body: dict[str, Any], observed: Observed | None, text: str | None) -> dict[str, Any]:
        if text is None and "ACCOUNTCUSTOMFIELD" not in body:
            return body
        return {**body, "ACCOUNTCUSTOMFIELD": self.account.entries(observed, text)}

    def _text(self, *, create: bool = False) -> str | None:
        """Return the fingerprints of what is sent, shares as pending; ``None`` where none are kept."""
        if not self.field or self.field.defined is False:
            return None
        settings, shares = self.account.hidden_values(create=create), self.pending_shares()
        nothing = self.field.empty and not settings and not shares
        return None if nothing else self.field.text(settings, shares)[0]

    def pending_shares(self) -> dict[str, str]:
        """Return the fingerprints of shares that are about to be sent."""
        return {}

    # Reporting

    def confirmed(self) -> None:
        """See that the fingerprints were kept, also where others write them at the same time."""
        field = self.field
        if not field or not field.defined or self.done[-1].action not in ("update", "password"):
            return
        values = self.account.hidden_values()
        field.warn_if_crowded(values, self.warn)
        if not field.holds(values, {}) and not field.keep(self.write_fingerprints, self.read_fingerprints, values, {}):
            field.warn_of_loss(self.warn)

    def write_fingerprints(self, text: str) -> None:
        """Write them, and all that an edit may not keep if it leaves it out."""
        body = self.edit_body(self.latest)
        body["ACCOUNTCUSTOMFIELD"] = self.account.entries(self.latest, text)
        self.client.edit_account(*self._both_ids(), body, f"the fingerprints of {self.wanted.label}")

    def read_fingerprints(self) -> None:
        """Read them again."""
        self._details(self.latest.name if self.latest else self.wanted.new_name or self.wanted.name)

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows, or will show."""
        result = super().describe(observed)
        if "custom_fields" not in self.wanted.settings:  # only read where the task needs them
            result["custom_fields"] = None
        for one, other in (("description", "notes"), ("notes", "description")):  # one readable text for both
            if result[one] is None:
                result[one] = result[other]
        return result
