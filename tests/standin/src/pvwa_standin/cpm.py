# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CPM: changes, verifies and reconciles, at once or when an edit tells it to (profile ``cpm``)."""

from __future__ import annotations

from pvwa_standin.model import Account
from pvwa_standin.state import State, new_secret

NAME = "PasswordManager"


def request(state: State, accounts: list[Account], action: str, secret: str = "") -> None:
    """Ask for ``change``, ``verify`` or ``reconcile``; members of a group get one common secret."""
    if action != "verify" and len(accounts) > 1:
        secret = secret or new_secret()
    for account in accounts:
        account.pending, account.pending_secret, account.status = action, secret, "inProcess"
    if state.profile["cpm"] == "instant":
        for account in accounts:
            _run(state, account)


def run_all(state: State) -> None:
    """Do everything that was asked for."""
    for account in state.accounts.values():
        if account.pending:
            _run(state, account)


def _run(state: State, account: Account) -> None:
    """Do what was asked for, or fail as the seed says."""
    action, secret = account.pending, account.pending_secret
    account.pending = account.pending_secret = ""
    account.status = account.cpm
    if account.cpm != "success":
        return
    now = int(state.now())
    if action == "verify":
        account.last_verified = now
        return
    state.store(account, secret or account.next_secret or new_secret(), NAME)
    account.next_secret = ""
    if action == "reconcile":
        account.last_reconciled = now
