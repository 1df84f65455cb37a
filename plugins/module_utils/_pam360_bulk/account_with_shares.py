# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One PAM360 account of many, together with its shares. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError, RefusedError, VaultError
from .._engine.fields import cleaned_settings
from .._engine.plan import Change, Observed, Plan, Step
from .._pam360.account import Account
from .._pam360.fields import ACCESSES, REVOKE
from .._pam360.fingerprint_field import Tracking
from .._pam360.fingerprints import Fingerprints
from .._pam360.grants import SHARES, Grant, Share
from .read_once import Pam360ReadOnce


class AccountWithShares(Account):
    """An account and its shares, read through a memory that many accounts have in common.

    :ivar due: the shares to be sent.
    """

    client: Pam360ReadOnce

    def __init__(
        self, client: Pam360ReadOnce, params: Mapping[str, Any], warn: Callable[[str], None], tracking: Tracking | None
    ) -> None:
        super().__init__(client, params, warn, tracking)
        self.due: list[Share] = []
        given = cleaned_settings([SHARES], params) if params["shares"] else {}
        self.grants: tuple[Grant, ...] = given.get("shares", ())
        if params["purge"] and not tracking:
            raise InputError("purge needs update_write_only: tracked")
        if self.grants or params["purge"]:
            self.fields = (*self.fields, SHARES)
            self.wanted = self.wanted._replace(settings={**self.wanted.settings, "shares": self.grants})
            self.account = self.account._replace(fields=self.fields, wanted=self.wanted)
            self.create_in_part |= {"shares"}

    @property
    def has_shares(self) -> bool:
        """Whether the task gives shares of the account."""
        return "shares" in self.wanted.settings and self.wanted.state == "present"

    # What may wait until all others are written too: a list serves many accounts, details only one.

    def look_up(self) -> Observed | None:
        """Read it for the first time, by the list of its resource."""
        if self.account.resource in self.client.reads.planned:
            return None
        return self.by_list(details=self.account.needs_details)

    def read_back(self, done: Step) -> Observed | None:
        """Read it after a write."""
        edited = done.action in ("update", "password") and not self.account.needs_details
        return self.by_list(details=False) if edited else super().read_back(done)

    def read_after_password(self) -> Observed | None:
        """Read the settings once all others are written."""
        return None if self.done else super().read_after_password()

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the account. Only fingerprints tell which shares there are."""
        observed = super().observe(done)
        tracking = self.account.tracking
        if self.has_shares and tracking and observed:
            if not self.done:
                self.due = self._untracked_shares(tracking, observed)
            if self.due:
                observed.resend = {*observed.resend, "shares"}
        return observed

    def _untracked_shares(self, tracking: Tracking, observed: Observed) -> list[Share]:
        """Return the shares whose fingerprint is another one or unknown, and those that a purge is to revoke."""
        tracker, known = self.account.tracker_and_known(tracking, observed, str(self.ids["resource_id"]))
        old = dict((known or Fingerprints()).shares)
        if self.params["purge"] and known is None and observed.tracked is not None and observed.tracked.value:
            self.warn(
                f"The fingerprints of {self.wanted.label} cannot be read with this key and this name, so that purge"
                " cannot tell which of its shares are no longer listed."
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
                names = f"{other.label} and {share.label}"
                raise InputError(f"the shares of {self.wanted.label} name {names}: the same one")
        return list(found.values())

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan; shares go along with an edit that something else caused, unless a policy says otherwise."""
        first = super().planned(observed)
        if self.account.tracking and self.due:
            return first._replace(changes=tuple(self._in_detail(change) for change in first.changes))
        along = self.has_shares and first.steps and self.params["update_write_only"] == "on_edit"
        if observed is None or not along:
            return first
        observed.resend = {*observed.resend, "shares"}
        return super().planned(observed)

    def _in_detail(self, change: Change) -> Change:
        """Show of the shares only those that are sent, purged ones among them."""
        due = [dict(share.shown) for share in self.due]
        return change._replace(after=due) if change.option == "shares" and change.before is not None else change

    def prepare(self) -> None:
        """Look up all that the plan's shares need, before the first write; raise for a grantee that is not there."""
        if any(step.action == "share" for step in self.plan.steps) and not self.due:
            self.due = self._all_shares()

    def apply(self, step: Step) -> Observed | None:
        """Do one step; say of shares that do not come about whether a later run sends them."""
        try:
            return super().apply(step)
        except VaultError as error:
            made = any(done.action == "create" for done in self.done)
            if made if step.action == "share" else step.action == "create" and error.outcome_unknown:
                raise self._with_word_on_shares(error) from None
            raise

    def _with_word_on_shares(self, error: VaultError) -> VaultError:
        if not self.has_shares or self.params["update_write_only"] != "on_edit":
            return error
        left = ", ".join((*self.account.edit_only, "shares") if error.what_was_left_out else ("shares",))
        return error.but(
            what_was_left_out=f"Later runs do not send the {left} of an account that is there:"
            " run the task once with update_write_only: always, or use tracked."
        )

    def share(self) -> Observed | None:
        """Send the shares one by one, and their fingerprints with the edit that follows, if one does."""
        if self.ids["account_id"] is None:
            self.read_new(f"Sharing {self.wanted.label}")
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        new = any(done.action == "create" for done in self.done)
        for share in self.due:
            if not (new and share.access == REVOKE):
                self._send(share, ids)
        if self.account.tracking:
            self._keep_fingerprints(self.account.tracking, ids)
        self.due = []
        return None

    def _send(self, share: Share, ids: tuple[str, str]) -> None:
        operation = f"{'Revoking' if share.access == REVOKE else 'Granting'} the share of {self.wanted.label}"
        try:
            self.client.share_account(*ids, share.access, share.wire, f"{operation} with {share.label}")
        except RefusedError as error:
            tracking = self.account.tracking
            if tracking and share not in self._all_shares():  # a purge: revoked before, and not noted
                hint = f"If there is no such share any more, empty '{tracking.label}' of the account in the vault."
                raise error.with_hint(hint) from None
            raise

    def _keep_fingerprints(self, tracking: Tracking, ids: tuple[str, str]) -> None:
        tracker, known = self.account.tracker_and_known(tracking, self.before, ids[0])
        kept = {} if self.params["purge"] else dict((known or Fingerprints()).shares)
        self.share_fingerprints = {**kept, **dict(tracker.share(*share.key) for share in self._all_shares())}
        defined = self.before is None or self.before.tracked is not None
        if defined and not any(step.action == "update" for step in self.plan.steps):
            label = f"the fingerprints of {self.wanted.label}"
            self.client.edit_account(*ids, self.update_body(self.before), label)

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows, and its shares as they were given."""
        shares = SHARES.kind.show(self.grants) if self.has_shares else None
        return {**super().describe(observed), "shares": shares}
