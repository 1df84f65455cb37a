# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use a PAM360 account or resource. No call shows it (contract section 5.1). Internal to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError, NotFoundError, RefusedError
from .._common.secret import Secret
from .._engine.fields import ID, NAME, argument_spec, cleaned_settings, cleaned_text, read_values, request_body
from .._engine.plan import Observed, Step, Wanted
from .._engine.task import STATE, Arguments
from .api import Pam360
from .connect import ACCOUNT_OPTIONS, CONNECTION, RESOURCE_OPTIONS, Pam360Object
from .custom_fields import CUSTOM_FIELDS, CustomValue, read
from .envelope import Json, folded, value_of
from .fields import ACCESS_TYPES, ACCOUNT, RESOURCE, REVOKE, SHARE
from .find import account_label, expect_from_earlier_task, find_account, find_resource, resource_label
from .fingerprint_field import TRACKING, UPDATE_WRITE_ONLY, FingerprintField, Tracking, tracking_of
from .grants import GRANTEE_KINDS, GRANTEE_OPTIONS, GRANTEES, Grant, Share

CHOICES = {wire: choice for choice, wire in ACCESS_TYPES.items()}
OPTIONS: Mapping[str, Any] = {
    **CONNECTION,
    **RESOURCE_OPTIONS,
    **STATE,
    **GRANTEE_OPTIONS,
    **argument_spec(SHARE),
    **UPDATE_WRITE_ONLY,
    **TRACKING,
}


class OneShare(Pam360Object, ABC):
    """One share of something. It is sent unless the fingerprint says that we sent the same.

    :cvar thing_options: options that name what is shared.
    :cvar thing_nouns: what has the custom field for fingerprints, for messages.
    :ivar label: what is shared, in words.
    """

    noun = "share"
    thing_options: tuple[str, ...]
    thing_nouns: str

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None], label: str) -> None:
        self.label = label
        self.grant = _grant(params)
        self.readable_shares = client.profile.seen("share_read") == "yes"
        self.tracking: Tracking | None = None if self.readable_shares else tracking_of(params, client.http)
        self.field: FingerprintField | None = None
        self.custom_fields: Mapping[str, CustomValue] = {}
        self.readable: Mapping[str, Any] = {}
        self.shared: Share | None = None
        self.sent = False
        settings = cleaned_settings(SHARE, params)
        wanted = Wanted(f"the share of {label} with {self.grant.label}", params["state"], settings)
        ids: dict[str, str | None] = {
            name: None for name in ("resource_id", "account_id") if name in self.thing_options
        }
        super().__init__(client, params, warn, wanted, SHARE, ids)
        names = (name for name in self.thing_options if not name.endswith("_id"))
        self.names = {name: params[name] for name in (*names, *GRANTEES)}
        self.names["access_type"] = self.grant.access_type
        self.extra = {"adopted": False}

    @abstractmethod
    def find(self) -> None:
        """Find out the IDs of what is shared; raise NotFoundError."""

    @abstractmethod
    def read(self) -> None:
        """Read the custom fields of what is shared, and what an edit is to carry."""

    @abstractmethod
    def place(self) -> tuple[str, ...]:
        """Return what the fingerprints are bound to."""

    @abstractmethod
    def send(self, share: Share, operation: str) -> str:
        """Grant or revoke; return what the vault said."""

    @abstractmethod
    def shown(self) -> Mapping[tuple[str, str], str]:
        """Return the shares that a vault shows that is known to show them: level by the grantee's key and ID."""

    @abstractmethod
    def edit(self, custom_fields: list[dict[str, Any]], label: str) -> None:
        """Write the custom fields of what is shared."""

    def observe(self, done: Step | None = None) -> Observed | None:
        """Look up the IDs, and what was sent before; without the thing itself there is no share."""
        if done is not None:
            return self._now()
        try:
            self.find()
        except NotFoundError as error:
            if self.wanted.state == "absent":
                return None
            expect_from_earlier_task(error, self.client, self.warn)
            return self._unseen()
        self.shared = Share.of(self.grant, self.client)
        self.names[self.shared.kind] = self.shared.grantee_id
        if self.tracking:
            self.field = FingerprintField(self.tracking, self.place())
            self._learn()
            if not self.field.defined:
                self.tracking.warn_of_missing_field(self.thing_nouns, self.warn)
            self.extra["adopted"] = bool(self.field.defined and self.field.empty)
        return self._now()

    def _now(self) -> Observed | None:
        """Return what is known of the share: what the vault shows, if it shows shares at all."""
        if not self.readable_shares or self.shared is None:
            return self._unseen()
        (key, number), *_none = self.shared.wire.items()
        level = self.shown().get((key, number), "")
        if not level and self.wanted.state == "absent":
            return None
        return Observed({"access_type": CHOICES.get(level, level)})

    def _unseen(self) -> Observed:
        """Return what is known of a share, which the vault does not show."""
        same = self.sent or self._was_sent_before()
        resend = () if same else ("access_type",)
        return Observed(shown_by_vault=False, removal_was_last_sent=same, resend=resend)

    def _was_sent_before(self) -> bool:
        field, share = self.field, self.shared
        return bool(field and share and field.defined and not field.due_shares([share], purge=False))

    def _learn(self) -> None:
        self.read()
        if self.field:
            self.field.learn(self.custom_fields.get(self.field.tracking.label))

    def update(self) -> Observed | None:
        """Grant it."""
        return self._send(f"Granting {self.wanted.label}")

    def delete(self) -> Observed | None:
        """Revoke it."""
        return self._send(f"Revoking {self.wanted.label}")

    def _send(self, operation: str) -> Observed | None:
        """Note what is about to be sent, send it, and note that it was."""
        share, field = self.shared, self.field if self.field and self.field.defined else None
        if share is None:
            raise AssertionError("unreachable: a share is sent after it was looked up")
        if field:
            self._write(field.text({}, field.noted([share], pending=True))[0])
        self.unchanged = self._told_unchanged(share, operation) and not field
        self.sent = True
        if field and not field.keep(self._write, self._learn, {}, field.noted([share], pending=False)):
            field.warn_of_loss(self.warn)
        if field:
            field.warn_if_crowded({}, self.warn)
        return self._now()

    def _told_unchanged(self, share: Share, operation: str) -> bool:
        """Send it; return whether the vault said that this changed nothing, in words known from its profile."""
        profile = self.client.profile
        try:
            return profile.knows_text("share_repeat", self.send(share, operation))
        except RefusedError as error:
            if share.access == REVOKE and profile.knows_text("revoke_missing", error.server_message):
                return True
            raise

    def _write(self, text: str) -> None:
        if self.tracking:
            entries = CUSTOM_FIELDS.wire({self.tracking.label: Secret(text)}, self.custom_fields)
            self.edit(entries, f"the fingerprints of {self.label}")


class AccountShare(OneShare):
    """``pam360_account_share``. Requests by names: 3; tracked 3 when nothing changes, and 7 when it does."""

    thing_options = ("resource", "account", "resource_id", "account_id")
    thing_nouns = "accounts"
    arguments = Arguments(
        options={**OPTIONS, **ACCOUNT_OPTIONS},
        mutually_exclusive=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_one_of=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_if=[("state", "present", ("access_type",))],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.name = cleaned_text(NAME, "account", params)
        super().__init__(client, params, warn, account_label(params))
        if self.grant.access == "fullaccess" and client.profile.seen("account_fullaccess") == "refused":
            message = "this server refuses access_type: full_access of a single account (server_profile)"
            raise InputError(message, hint="Share the resource, or choose modify.")

    def _ids(self) -> tuple[str, str]:
        return str(self.ids["resource_id"]), str(self.ids["account_id"])

    def find(self) -> None:
        """Find the account."""
        self.ids["resource_id"], self.ids["account_id"] = find_account(self.client, self.params)

    def read(self) -> None:
        """Read the account's details. Its name, which an edit must carry, is not in them."""
        self.name = self.name or self._name_in_list(*self._ids())
        details, _answer = self.client.account(*self._ids(), self.label)
        self.custom_fields = read(value_of(details, "CUSTOM FIELD"))
        self.readable = _readable(details, [field for field in ACCOUNT if field.option in ("notes", "password_policy")])

    def _name_in_list(self, resource_id: str, account_id: str) -> str:
        rows = self.client.resource(resource_id, resource_label(self.params))["ACCOUNT LIST"]
        names = (value_of(row, "ACCOUNT NAME") for row in rows if str(value_of(row, "ACCOUNT ID")) == account_id)
        return str(next(names, ""))

    def place(self) -> tuple[str, ...]:
        """Return the resource and the account: its name, as a new one has no ID yet."""
        self.name = self.name or self._name_in_list(*self._ids())
        return (self._ids()[0], self.name)

    def send(self, share: Share, operation: str) -> str:
        """Grant or revoke."""
        return self.client.share_account(*self._ids(), share.access, share.wire, operation)

    def shown(self) -> Mapping[tuple[str, str], str]:
        """Read who may use the account."""
        return self.client.account_shares(*self._ids(), self.label)

    def edit(self, custom_fields: list[dict[str, Any]], label: str) -> None:
        """Write the account's custom fields. What can be read goes along: an edit may not keep what it leaves out."""
        body = {"ACCOUNTNAME": self.name, **self.readable, "ACCOUNTCUSTOMFIELD": custom_fields}
        self.client.edit_account(*self._ids(), body, label)


class ResourceShare(OneShare):
    """``pam360_resource_share``. Requests by names: 3; tracked 3 when nothing changes, and 7 when it does."""

    thing_options = ("resource", "resource_id")
    thing_nouns = "resources"
    arguments = Arguments(
        options=OPTIONS,
        mutually_exclusive=[("resource", "resource_id"), GRANTEES],
        required_one_of=[("resource", "resource_id"), GRANTEES],
        required_if=[("state", "present", ("access_type",))],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, warn, resource_label(params))

    def find(self) -> None:
        """Find the resource."""
        self.ids["resource_id"] = find_resource(self.client, self.params)

    def read(self) -> None:
        """Read the resource."""
        record = self.client.resource(str(self.ids["resource_id"]), self.label)
        self.custom_fields = read(value_of(record, "CUSTOM FIELD"))
        settings = [field for field in RESOURCE if field.option != "custom_fields" and field.update]
        self.readable = {"RESOURCENAME": value_of(record, "RESOURCE NAME"), **_readable(record, settings)}

    def place(self) -> tuple[str, ...]:
        """Return the resource by its ID."""
        return resource_place(str(self.ids["resource_id"]))

    def send(self, share: Share, operation: str) -> str:
        """Grant or revoke."""
        return self.client.share_resource(str(self.ids["resource_id"]), share.access, share.wire, operation)

    def shown(self) -> Mapping[tuple[str, str], str]:
        """Read who may use the resource."""
        return self.client.resource_shares(str(self.ids["resource_id"]), self.label)

    def edit(self, custom_fields: list[dict[str, Any]], label: str) -> None:
        """Write the resource's custom fields, and what can be read along with them."""
        body = {**self.readable, "RESOURCECUSTOMFIELD": custom_fields}
        self.client.edit_resource(str(self.ids["resource_id"]), body, label)


def resource_place(resource_id: str) -> tuple[str, ...]:
    """Return what the fingerprints of a resource are bound to."""
    return ("resource", resource_id)


def _readable(record: Json, fields: list[Any]) -> dict[str, Any]:
    """Return what *record* shows, as an edit takes it; nothing that is empty."""
    values = read_values(fields, folded(record), partial=True)
    return request_body(fields, {option: value for option, value in values.items() if value}, create=False)


def _grant(params: Mapping[str, Any]) -> Grant:
    """Return the share of the task."""
    grantee = next(name for name in GRANTEES if params[name] is not None)
    kind = ID if grantee == GRANTEE_KINDS[grantee].id_option else NAME
    who = cleaned_text(kind, grantee, params)
    return Grant(grantee, who, params["access_type"] if params["state"] == "present" else None)
