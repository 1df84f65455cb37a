# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use a PAM360 account. No call shows it (contract section 5.1). Internal to the collection."""

from __future__ import annotations

from typing import Any

from . import custom_fields as custom
from .._http.answer import shown
from .._http.options import STATE
from .._engine.plan import Observed, Step, Wanted
from .._common.errors import NotFoundError
from .._engine.fields import argument_spec, observe, payload, settings
from .envelope import find, pick
from .fields import ACCOUNT, REVOKE, SHARE
from .grants import GRANTEES, Grant, wire_grantee
from .connect import CONNECTION, RESOURCE_OPTIONS, Pam360Service
from .fingerprint_field import TRACKING, Tracking, tracked_entries, tracking_of
from .._engine.task import Arguments, Item
from .fingerprints import Fingerprints, Tracker


class ShareService(Pam360Service):
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

    def items(self) -> list[Item]:
        """Return the one share of the task."""
        account, account_id = self.name_of("account"), self.id_of("account_id")
        present = self.params["state"] == "present"
        grantee = next(name for name in GRANTEES if self.params[name] is not None)
        who = self.id_of(grantee) if grantee.endswith("_id") else self.name_of(grantee)
        self.grant = Grant(grantee, who, self.params["access_type"] if present else None)
        self.account_label = f"account '{shown(account)}'" if account else f"account {account_id}"
        self.label = f"the share of {self.account_label} on {self.resource_label()} with {self.grant.label}"
        self.tracking = tracking_of(self.params, self.client.http)
        wanted = Wanted(self.label, self.params["state"], settings(SHARE, self.params))
        ids: dict[str, str | None] = {"resource_id": None, "account_id": None}
        self.grantee = ("", "")  # kind of id, and id
        self.same = False
        return [Item(wanted, SHARE, ids=ids)]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Look up the ids. Whether there is a share can not be read; without the account there is none."""
        if done is None:
            try:
                item.ids["resource_id"], item.ids["account_id"] = self.find_account()
            except NotFoundError:
                if item.wanted.state == "present":
                    raise
                return None
            self.grantee = self.grant.ids(self.client)
            if self.tracking:
                self.same = self._same(item, self.tracking)
        return Observed(certain=False, settled=self.same)

    def _fingerprint(self, tracker: Tracker) -> tuple[str, str]:
        return tracker.share(*self.grantee, self.grant.access)

    def _same(self, item: Item, tracking: Tracking) -> bool:
        """Whether the account's custom field says that this very share was the last one sent."""
        ids = str(item.ids["resource_id"]), str(item.ids["account_id"])
        self.name = self.params["account"] or self._name(*ids)
        record, _answer = self.client.account(*ids, self.account_label)
        self.custom_fields = custom.read(pick(record, "CUSTOM FIELD"))
        fields = [item for item in ACCOUNT if item.option in ("notes", "password_policy")]
        self.readable = payload(fields, {k: v for k, v in observe(fields, find, record).items() if v}, create=False)
        tracking.warn_if_undefined(self.custom_fields.get(tracking.label), self.warn)
        self.tracker = tracking.tracker(ids[0], self.name)
        self.known = tracking.known(self.tracker, self.custom_fields.get(tracking.label)) or Fingerprints()
        who, level = self._fingerprint(self.tracker)
        return self.known.shares.get(who) == level

    def _name(self, resource_id: str, account_id: str) -> str:
        """Fingerprints are bound to the account's name, and its details do not hold it."""
        rows = self.client.resource(resource_id, self.resource_label())["ACCOUNT LIST"]
        return next((str(pick(row, "ACCOUNT NAME")) for row in rows if str(pick(row, "ACCOUNT ID")) == account_id), "")

    def resend(self, item: Item, observed: Observed | None) -> set[str]:
        """Always, as it is not known what the vault has; unless the fingerprint says that we sent the same."""
        return set() if self.same else {"access_type"}

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Grant or revoke, and keep the fingerprint of it."""
        ids = str(item.ids["resource_id"]), str(item.ids["account_id"])
        operation = f"{'Revoking' if self.grant.access == REVOKE else 'Granting'} {self.label}"
        self.client.share_account(*ids, self.grant.access, wire_grantee(*self.grantee), operation)
        if self.tracking and self.tracking.label in self.custom_fields:
            who, level = self._fingerprint(self.tracker)
            shares = {**self.known.shares, who: level}
            text, one_by_one = self.tracker.write({}, shares, self.known.settings, whole=self.known.whole)
            self.tracking.warn_if_crowded(one_by_one, self.warn)
            entries = tracked_entries(self.custom_fields, self.tracking.label, text)
            # Whether an edit keeps what it leaves out is not documented, so what can be read goes along.
            body = {"ACCOUNTNAME": self.name, **self.readable, "ACCOUNTCUSTOMFIELD": entries}
            self.client.edit_account(*ids, body, f"the fingerprints of {self.account_label}")
        self.same = True
        return Observed(certain=False)

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return who has (or shall have) what; the vault itself shows none of it."""
        names = {name: self.params[name] for name in ("resource", "account", *GRANTEES)}
        ids = dict([self.grantee] if self.grantee[1] else [])
        return {**names, **item.ids, **ids, "access_type": self.grant.access_type, "state": item.wanted.state}
