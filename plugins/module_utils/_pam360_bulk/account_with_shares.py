# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One PAM360 account of many, together with its shares. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._engine.plan import Change, Observed, Plan, Step, plan
from .._common.errors import InputError, RefusedError, VaultError
from .._engine.fields import settings
from .._pam360.account import AccountService
from .._pam360.wanted_account import account_item
from .._pam360.fields import ACCESSES, REVOKE
from .._pam360.grants import SHARES, Grant, Share, wire_grantee
from .read_once import SharedPam360
from .._pam360.fingerprint_field import Tracking
from .._engine.task import Item
from .._pam360.fingerprints import Fingerprints


class SharedAccountService(AccountService):
    """An account and its shares, read through a memory that many accounts have in common.

    :ivar due: the shares to be sent.
    """

    client: SharedPam360

    def __init__(
        self, client: SharedPam360, params: Mapping[str, Any], warn: Callable[[str], None], tracking: Tracking | None
    ) -> None:
        super().__init__(client, params, warn)
        self.due: list[Share] = []
        self.item = account_item(params, tracking)
        given = settings([SHARES], params) if params["shares"] else {}
        self.grants: tuple[Grant, ...] = given.get("shares", ())
        if params["purge"] and not tracking:
            raise InputError("purge needs update_write_only: tracked")
        if self.grants or params["purge"]:
            self.item.fields = (*self.item.fields, SHARES)
            self.item.wanted = self.item.wanted._replace(settings={**self.item.wanted.settings, "shares": self.grants})

    @property
    def has_shares(self) -> bool:
        """Whether the task gives shares of the account."""
        return "shares" in self.item.wanted.settings and self.item.wanted.state == "present"

    def items(self) -> list[Item]:
        """Return the one account."""
        return [self.item]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Read the account. Only fingerprints tell which shares there are."""
        if self.item.resource in self.client.reads.planned:
            return None
        observed = super().observe(item, done)
        if self.has_shares and self.item.tracking and observed and not item.done:
            self.due = self._untracked_shares(self.item.tracking, observed)
        return observed

    def _untracked_shares(self, tracking: Tracking, observed: Observed) -> list[Share]:
        """Return the shares whose fingerprint is another one or unknown, and those that a purge is to revoke."""
        tracker, known = self.item.tracker_and_known(tracking, observed)
        old = dict((known or Fingerprints()).shares)
        if self.params["purge"] and known is None and observed.tracked is not None and observed.tracked.value:
            self.warn(
                f"The fingerprints of {self.item.label} can not be read with this key and this name, so that purge can"
                " not tell which of its shares are no longer listed."
            )
        due = []
        for share in self._all_shares():
            who, level = tracker.share(*share.key)
            if old.pop(who, None) != level:
                due.append(share)
        for who, level in old.items() if self.params["purge"] else ():
            found = tracker.grantee(who, level, ACCESSES)
            if found and found[2] != REVOKE:
                due.append(Share.revoke(*found[:2]))
        return due

    def _all_shares(self) -> list[Share]:
        found: dict[tuple[str, str], Share] = {}
        for share in (Share.of(grant, self.client) for grant in self.grants):
            other = found.setdefault((share.kind, share.grantee_id), share)
            if other is not share:
                raise InputError(f"the shares of {self.item.label} name {other.label} and {share.label}: the same one")
        return list(found.values())

    def plan(self, item: Item, observed: Observed | None) -> Plan:
        """Return the plan; shares go along with an edit that something else caused, unless a policy says otherwise."""
        first = super().plan(item, observed)
        if self.item.tracking and self.due:
            return first._replace(changes=tuple(self._in_detail(change) for change in first.changes))
        along = self.has_shares and observed and first.steps and self.params["update_write_only"] == "on_edit"
        if not along:
            return first
        resend = self.resend(item, observed) | {"shares"}
        return plan(item.fields, item.wanted, observed, resend=resend, unreadable=self.unreadable(item, observed))

    def _in_detail(self, change: Change) -> Change:
        """Show of the shares only those that are sent, purged ones among them."""
        due = [dict(share.shown) for share in self.due]
        return change._replace(after=due) if change.option == "shares" and change.before is not None else change

    def resend(self, item: Item, observed: Observed | None) -> set[str]:
        """Return what a policy writes although it can not be compared."""
        options = super().resend(item, observed)
        return options | {"shares"} if self.due and self.item.tracking and observed else options

    def prepare(self, item: Item) -> None:
        """Look up all that the plan's shares need, before the first write; raise for a grantee that is not there."""
        if any(step.action == "share" for step in item.plan.steps) and not self.due:
            self.due = self._all_shares()

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Do one step; say of shares that do not come about whether a later run sends them."""
        try:
            return self._share(item, step) if step.action == "share" else super().apply(item, step)
        except VaultError as error:
            made = any(done.action == "create" for done in item.done)
            if made if step.action == "share" else step.action == "create" and error.outcome_unknown:
                self._tell_of_shares(error)
            raise

    def _tell_of_shares(self, error: VaultError) -> None:
        if self.has_shares and self.params["update_write_only"] == "on_edit":
            left = ", ".join((*self.item.edit_only, "shares") if error.unsent else ("shares",))
            error.unsent = (
                f"Later runs do not send the {left} of an account that is there:"
                " run the task once with update_write_only: always, or use tracked."
            )

    def _share(self, item: Item, step: Step) -> Observed | None:
        """Send the shares one by one, and their fingerprints with the edit that follows, if one does."""
        if self.item.ids["account_id"] is None:
            self._added(item, f"Sharing {self.item.label}")
        ids = str(self.item.ids["resource_id"]), str(self.item.ids["account_id"])
        new = any(done.action == "create" for done in item.done)
        for share in self.due:
            if not (new and share.access == REVOKE):
                self._send(share, ids)
        if self.item.tracking:
            self._keep_fingerprints(item, self.item.tracking, ids)
        self.due = []
        return None

    def _send(self, share: Share, ids: tuple[str, str]) -> None:
        operation = f"{'Revoking' if share.access == REVOKE else 'Granting'} the share of {self.item.label}"
        grantee = wire_grantee(share.kind, share.grantee_id)
        try:
            self.client.share_account(*ids, share.access, grantee, f"{operation} with {share.label}")
        except RefusedError as error:
            if self.item.tracking and share not in self._all_shares():  # a purge: revoked before, and not noted
                label = self.item.tracking.label
                error.add_hint(f"If there is no such share any more, empty '{label}' of the account in the vault.")
            raise

    def _keep_fingerprints(self, item: Item, tracking: Tracking, ids: tuple[str, str]) -> None:
        tracker, known = self.item.tracker_and_known(tracking, item.before)
        kept = {} if self.params["purge"] else dict((known or Fingerprints()).shares)
        self.item.granted = {**kept, **dict(tracker.share(*share.key) for share in self._all_shares())}
        defined = item.before is None or item.before.tracked is not None
        if defined and not any(step.action == "update" for step in item.plan.steps):
            label = f"the fingerprints of {self.item.label}"
            self.client.edit_account(*ids, self.item.update_body(item.before), label)

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows, and its shares as they were given."""
        shares = SHARES.kind.show(self.grants) if self.has_shares else None
        return {**super().describe(item, observed), "shares": shares}
