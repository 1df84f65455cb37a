# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One PAM360 account of many, together with its shares. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import VaultError
from .._engine.plan import Observed, Step
from .._pam360.account import Account
from .._pam360.api import Pam360
from .._pam360.fingerprint_field import tracking_of
from .._pam360.grants import Share
from .._pam360.wanted_account import WantedAccount, wanted_account
from .with_shares import WithShares


class AccountWithShares(WithShares, Account):
    """An account and its shares."""

    write_fingerprints = Account.write_fingerprints
    read_fingerprints = Account.read_fingerprints

    def wanted_account(self, client: Pam360, params: Mapping[str, Any]) -> WantedAccount:
        """Return what the task asks for; shares are tracked as well as settings."""
        shared = params["shares"] is not None
        return wanted_account(params, tracking_of(params, client.http), shared=shared, profile=client.profile)

    # What may wait until all others are written too: a list serves many accounts, details only one.

    def look_up(self) -> Observed | None:
        """Read it for the first time, by the list of its resource."""
        if self.account.resource in self.client.reads.planned:
            return None
        return super().look_up()

    def read_back(self, done: Step) -> Observed | None:
        """Read it after a write, unless its details were read since; for a password, the list shows enough."""
        if done.action == "share" and self.read_after_shares and not self.wanted.new_name:
            return self.latest
        if done.action == "password" and not any(step.action == "update" for step in self.done):
            return self.by_list(details=False)
        return super().read_back(done)

    def read_after_password(self) -> Observed | None:
        """Read the settings once all others are written."""
        return None if self.done else super().read_after_password()

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
        if not self.has_shares or not self._along:
            return error
        left = ", ".join((*self.account.edit_only, "shares") if error.what_was_left_out else ("shares",))
        return error.but(
            what_was_left_out=f"Later runs do not send the {left} of an account that is there:"
            " run the task once with update_write_only: always, or define the tracking field."
        )

    def find_new(self) -> None:
        """Find it in the list of its resource."""
        if self.ids["account_id"] is None:
            self.read_new(f"Sharing {self.wanted.label}")

    def send_share(self, share: Share, operation: str) -> str:
        """Grant or revoke; return what the vault said."""
        ids = str(self.ids["resource_id"]), str(self.ids["account_id"])
        return self.client.share_account(*ids, share.access, share.wire, operation)

    def hidden_values(self) -> Mapping[str, Any]:
        """Return the given settings that the vault does not show."""
        return self.account.hidden_values()
