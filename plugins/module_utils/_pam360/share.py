# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use a PAM360 account. No call shows it (contract section 5.1). Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import NotFoundError
from .._common.wording import one_line
from .._engine.fields import ID, NAME, argument_spec, cleaned_settings, cleaned_text, read_values, request_body
from .._engine.plan import Observed, Step, Wanted
from .._engine.task import STATE, Arguments
from .api import Pam360
from .connect import CONNECTION, RESOURCE_OPTIONS, Pam360Object
from .custom_fields import CustomValue, read
from .envelope import folded, value_of
from .fields import ACCOUNT, SHARE
from .find import find_account, resource_label
from .fingerprint_field import TRACKING, Tracking, tracked_entries, tracking_of
from .fingerprints import Fingerprints, Tracker
from .grants import GRANTEE_KINDS, GRANTEES, Grant, wire_grantee


class AccountShare(Pam360Object):
    """``pam360_account_share``. Requests by names: 3; tracked 3 when nothing changes, and 5 when it does."""

    noun = "share"
    arguments = Arguments(
        options={
            **CONNECTION,
            **RESOURCE_OPTIONS,
            **STATE,
            "account": {"type": "str"},
            "account_id": {"type": "str"},
            **{name: {"type": "str"} for name in GRANTEES},
            **argument_spec(SHARE),
            "update_write_only": {"type": "str", "choices": ["always", "tracked"], "default": "always"},
            **TRACKING,
        },
        mutually_exclusive=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_one_of=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_if=[("state", "present", ("access_type",))],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        account, account_id = cleaned_text(NAME, "account", params), cleaned_text(ID, "account_id", params)
        self.grant = _grant(params)
        self.account_label = f"account '{one_line(account)}'" if account else f"account {account_id}"
        self.label = f"the share of {self.account_label} on {resource_label(params)} with {self.grant.label}"
        self.tracking = tracking_of(params, client.http)
        self.grantee = ("", "")  # kind of ID, and ID
        self.name = account
        self.known = Fingerprints()
        self.tracker: Tracker | None = None
        self.custom_fields: Mapping[str, CustomValue] = {}
        self.readable: Mapping[str, Any] = {}
        self.same = False
        wanted = Wanted(self.label, params["state"], cleaned_settings(SHARE, params))
        super().__init__(client, params, warn, wanted, SHARE, {"resource_id": None, "account_id": None})
        # Who has (or shall have) what; the vault itself shows none of it.
        self.names = {name: params[name] for name in ("resource", "account", *GRANTEES)}
        self.names["access_type"] = self.grant.access_type

    def observe(self, done: Step | None = None) -> Observed | None:
        """Look up the IDs. Whether there is a share cannot be read; without the account there is none."""
        if done is None:
            try:
                self.ids["resource_id"], self.ids["account_id"] = find_account(self.client, self.params)
            except NotFoundError:
                if self.wanted.state == "present":
                    raise
                return None
            kind, grantee_id = self.grantee = self.grant.ids(self.client)
            self.names[kind] = grantee_id
            if self.tracking:
                self.same = self._same(self.tracking)
        return self._unseen()

    def _unseen(self) -> Observed:
        """Return what is known of a share: always sent, unless the fingerprint says that we sent the same."""
        resend = () if self.same else ("access_type",)
        return Observed(shown_by_vault=False, removal_was_last_sent=self.same, resend=resend)

    def _same(self, tracking: Tracking) -> bool:
        """Whether the account's custom field says that this very share was the last one sent."""
        resource_id, account_id = str(self.ids["resource_id"]), str(self.ids["account_id"])
        self.name = self.params["account"] or self._name_in_list(resource_id, account_id)
        record, _answer = self.client.account(resource_id, account_id, self.account_label)
        self.custom_fields = read(value_of(record, "CUSTOM FIELD"))
        fields = [field for field in ACCOUNT if field.option in ("notes", "password_policy")]
        shown = read_values(fields, folded(record), partial=True)
        self.readable = request_body(fields, {k: v for k, v in shown.items() if v}, create=False)
        noted = self.custom_fields.get(tracking.label)
        tracking.warn_if_undefined(noted, self.warn)
        self.tracker = tracking.tracker(resource_id, self.name)
        self.known = tracking.known(self.tracker, noted) or Fingerprints()
        who, level = self.tracker.share(*self.grantee, self.grant.access)
        return self.known.shares.get(who) == level

    def _name_in_list(self, resource_id: str, account_id: str) -> str:
        """Fingerprints are bound to the account's name, and its details do not hold it."""
        rows = self.client.resource(resource_id, resource_label(self.params))["ACCOUNT LIST"]
        names = (value_of(row, "ACCOUNT NAME") for row in rows if str(value_of(row, "ACCOUNT ID")) == account_id)
        return str(next(names, ""))

    def update(self) -> Observed | None:
        """Grant it."""
        return self._send(f"Granting {self.label}")

    def delete(self) -> Observed | None:
        """Revoke it."""
        return self._send(f"Revoking {self.label}")

    def _send(self, operation: str) -> Observed:
        """Grant or revoke, and keep the fingerprint of it."""
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        kind, grantee_id = self.grantee
        self.client.share_account(*ids, self.grant.access, wire_grantee(kind, grantee_id), operation)
        if self.tracking and self.tracker and self.tracking.label in self.custom_fields:
            who, level = self.tracker.share(kind, grantee_id, self.grant.access)
            known = self.known
            text, each = self.tracker.write(
                {}, {**known.shares, who: level}, known.settings, digest_of_all=known.digest_of_all
            )
            self.tracking.warn_if_crowded(each, self.warn)
            entries = tracked_entries(self.custom_fields, self.tracking.label, text)
            # Whether an edit keeps what it leaves out is not documented, so what can be read goes along.
            body = {"ACCOUNTNAME": self.name, **self.readable, "ACCOUNTCUSTOMFIELD": entries}
            self.client.edit_account(*ids, body, f"the fingerprints of {self.account_label}")
        self.same = True
        return Observed(shown_by_vault=False)


def _grant(params: Mapping[str, Any]) -> Grant:
    """Return the share of the task."""
    grantee = next(name for name in GRANTEES if params[name] is not None)
    kind = ID if grantee == GRANTEE_KINDS[grantee].id_option else NAME
    who = cleaned_text(kind, grantee, params)
    return Grant(grantee, who, params["access_type"] if params["state"] == "present" else None)
