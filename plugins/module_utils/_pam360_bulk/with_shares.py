# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shares of one PAM360 object of many. Internal to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import AuthenticationError, InputError, RefusedError
from .._engine.fields import cleaned_settings
from .._engine.plan import Change, Observed, Plan, Step
from .._pam360.connect import Pam360Object
from .._pam360.fields import PENDING, REVOKE
from .._pam360.fingerprint_field import FingerprintField
from .._pam360.grants import SHARES, Grant, Share
from .read_once import Pam360ReadOnce


class WithShares(Pam360Object):
    """An object and its shares, read through a memory that many objects have in common.

    Stands before the class of the object itself among the bases of a subclass.

    :ivar field: the fingerprints of the object; only they tell which shares there are.
    :ivar grants: the shares that the task gives, ``None`` where it gives none.
    :ivar due: shares to be sent.
    :ivar settled: shares that were sent, in this run or an earlier one.
    :ivar read_after_shares: the object was read after the last write, to see that its fingerprints were kept.
    """

    client: Pam360ReadOnce
    field: FingerprintField | None

    def __init__(self, client: Pam360ReadOnce, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, warn)  # type: ignore[call-arg]  # that of the object's own class
        given = cleaned_settings([SHARES], params) if params["shares"] is not None else {}
        self.grants: tuple[Grant, ...] | None = given.get("shares")
        self.due: list[Share] = []
        self.settled: list[Share] = []
        self.read_after_shares = False
        self._wanted_shares: list[Share] | None = None
        if self.grants is not None and params["purge"] and params["update_write_only"] not in ("auto", "tracked"):
            raise InputError("purge needs update_write_only: auto or tracked")
        if self.has_shares:
            self.fields = (*self.fields, SHARES)
            self.wanted = self.wanted._replace(settings={**self.wanted.settings, "shares": self.grants})
            self.create_in_part |= {"shares"}

    @property
    def has_shares(self) -> bool:
        """Whether the task gives shares of the object."""
        return self.grants is not None and self.wanted.state == "present"

    @property
    def purges(self) -> bool:
        """Whether shares that are not listed are to go."""
        return bool(self.params["purge"]) and self.has_shares

    # What the kind of object knows

    @abstractmethod
    def send_share(self, share: Share, operation: str) -> str:
        """Grant or revoke; return what the vault said."""

    @abstractmethod
    def write_fingerprints(self, text: str) -> None:
        """Write the field that keeps them."""

    @abstractmethod
    def read_fingerprints(self) -> None:
        """Read the field again."""

    @abstractmethod
    def hidden_values(self) -> Mapping[str, Any]:
        """Return the tracked settings that go along with a creation or an edit, by letter."""

    @abstractmethod
    def find_new(self) -> None:
        """Find out the IDs of the object that was just made."""

    # Planning

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read the object. Only fingerprints tell which shares there are."""
        observed = super().observe(done)  # type: ignore[safe-super]  # that of the object's own class
        if observed and self.has_shares:
            if done is None or done.action == "exists":
                self._plan_shares()
            if self.due:
                observed.resend = {*observed.resend, "shares"}
        return observed

    def _plan_shares(self) -> None:
        """Work out which shares are to be sent, whatever else is."""
        field, shares = self.field, self._all_shares()
        if field and field.defined:
            self.due = field.due_shares(shares, purge=self.purges)
            self.settled = [share for share in shares if share not in self.due]
            self.extra["adopted"] = self.extra["adopted"] or (field.empty and bool(self.due))
            if self.purges and field.foreign:
                self.warn(
                    f"The fingerprints of {self.wanted.label} cannot be read with this key and this name, so purge"
                    " cannot tell which of its shares are no longer listed."
                )
        elif self.params["update_write_only"] in ("always", "tracked"):
            self.due = shares

    def _all_shares(self) -> list[Share]:
        if self._wanted_shares is None:
            found: dict[tuple[str, str], Share] = {}
            for share in (Share.of(grant, self.client) for grant in self.grants or ()):
                other = found.setdefault((share.kind, share.grantee_id), share)
                if other is not share:
                    names = f"{other.label} and {share.label}"
                    message = f"the shares of {self.wanted.label} name {names}, who are the same"
                    raise InputError(message, code="listed_twice")
            self._wanted_shares = list(found.values())
        return self._wanted_shares

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan. Shares that are not tracked go along with an edit that something else caused."""
        first = super().planned(observed)
        if self.due:
            return first._replace(changes=tuple(self._in_detail(change) for change in first.changes))
        if observed is None or not self.has_shares or not first.steps or not self._along or self.settled:
            return first
        observed.resend = {*observed.resend, "shares"}
        return super().planned(observed)

    @property
    def _along(self) -> bool:
        """Whether shares are sent along with an edit and a creation only."""
        untracked = self.field is None or self.field.defined is False
        return untracked and self.params["update_write_only"] in ("auto", "on_edit")

    def _in_detail(self, change: Change) -> Change:
        """Show of the shares only those that are sent, purged ones among them."""
        due = [dict(share.shown) for share in self.due]
        return change._replace(after=due) if change.option == "shares" and change.before is not None else change

    def prepare(self) -> None:
        """Look up all that the plan's shares need, before the first write; raise for a grantee that is not there."""
        if any(step.action == "share" for step in self.plan.steps) and not self.due:
            self.due = self._all_shares()

    # Writing

    def pending_shares(self) -> dict[str, str]:
        """Return the fingerprints of the shares that are about to be sent."""
        return self.field.noted(self.due, pending=True) if self.field else {}

    def share(self) -> Observed | None:
        """Note what is about to be sent, send the shares one by one, and note that they were."""
        done = {step.action for step in self.done}
        if "create" in done:
            self.find_new()
        field = self._field_to_keep(done)
        told = [self._send(share) for share in self.due if share.access != REVOKE or "create" not in done]
        self.unchanged = not field and all(told) and len(self.plan.steps) == 1
        if field:
            gone = {field.tracker.share(*share.key)[0] for share in self.due if share not in self._all_shares()}
            values = self.hidden_values() if done & {"create", "update"} else {}
            noted = field.noted(self._all_shares(), pending=False)
            if not field.keep(self.write_fingerprints, self.read_fingerprints, values, noted, gone):
                field.warn_of_loss(self.warn)
            self.read_after_shares = True
        self.settled = list(self._all_shares())
        self.due = []
        return None

    def _field_to_keep(self, done: set[str]) -> FingerprintField | None:
        """Return the field with all shares noted as pending, or ``None`` where the vault has none."""
        field = self.field
        if field is None:
            return None
        if "create" in done:
            self.read_fingerprints()
            if not field.defined:
                field.tracking.warn_of_missing_field(f"{self.noun}s", self.warn)
        pending = self.pending_shares()
        if field.defined and "update" not in done and not field.holds({}, pending):
            self.write_fingerprints(field.text({}, pending)[0])
        return field if field.defined else None

    def _send(self, share: Share) -> bool:
        """Send it; return whether the vault said that this changed nothing, in words known from its profile."""
        profile = self.client.profile
        operation = f"{'Revoking' if share.access == REVOKE else 'Granting'} the share of {self.wanted.label}"
        try:
            return profile.knows_text("share_repeat", self.send_share(share, f"{operation} with {share.label}"))
        except RefusedError as error:
            if share.access == REVOKE and profile.knows_text("revoke_missing", error.server_message):
                return True
            if share in self._all_shares() or isinstance(error, AuthenticationError) or not self.field:
                raise
            who, level = self.field.tracker.share(*share.key[:2], PENDING)
            if self.field.known.shares.get(who) == level:
                self.warn(f"{error} A run ended before it noted whether the share was granted.")
                return False
            label = self.field.tracking.label
            hint = f"If there is no such share any more, empty '{label}' of the {self.noun} in the vault."
            raise error.with_hint(hint) from None

    # Reporting

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the object, and of its shares those that were sent or are tracked: never a mere wish."""
        known = [*self.settled, *(share for share in self.due if share in self._all_shares())]
        shown = [dict(share.shown) for share in known] if self.has_shares else []
        return {**super().describe(observed), "shares": shown or None}
