# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CPM: it is asked, works later (profile ``cpm``), and ends in success or in failure with its own words.

An account that is asked for stays ``inProcess`` until the edit ``run_cpm``, or for some answers that show it
(profiles ``cpm=polls``, ``cpm_polls``); nothing here waits by the clock.
"""

from __future__ import annotations

from pvwa_standin import links
from pvwa_standin.model import CPM, Account, Task
from pvwa_standin.state import State, new_secret

IN_PROCESS, SUCCESS, FAILURE = "inProcess", "success", "failure"
LOGON, RECONCILE = 1, 3
# The CPM's words are invented.
WORDS = "winRc=1326 The user name or password is incorrect"
NO_RECONCILE = "No reconcile account is linked"
NO_LOGON = "No logon account is linked"
DISABLED = "Automatic management for this account was disabled by the user"


def request(state: State, accounts: list[Account], action: str, by: str, secret: str = "") -> None:
    """Ask for ``change``, ``verify`` or ``reconcile``; members of a group get one common secret."""
    if action != "verify" and len(accounts) > 1:
        secret = secret or new_secret()
    for account in accounts:
        for old in state.tasks:
            if old.account == account.id and old.status == IN_PROCESS:
                old.status = "replaced"
        state.tasks.append(Task(account.id, action, by, int(state.now())))
        account.pending, account.pending_secret, account.polls = action, secret, 0
        if state.profile["cpm_status"] == "at_once":
            account.status = IN_PROCESS
    if state.profile["cpm"] == "instant":
        for account in accounts:
            _run(state, account)


def run(state: State, which: str | None = None) -> None:
    """Do everything that was asked for, or what was asked for one account."""
    for account in state.accounts.values():
        if account.pending and which in (None, account.id):
            _run(state, account)


def seen(state: State, account: Account) -> None:
    """Note that an answer is about to show an account; after enough of them the CPM has done its work."""
    if not account.pending or state.profile["cpm"] != "polls":
        return
    if account.polls >= int(float(state.profile["cpm_polls"])):
        _run(state, account)
        return
    account.polls += 1
    if account.polls > 1:
        # Also where the status of an earlier action stood at first (profile ``cpm_status``).
        account.status = IN_PROCESS


def _run(state: State, account: Account) -> None:
    """Do what was asked for, or fail; without a CPM of the safe nothing ever happens (CODE ROLE)."""
    safe = state.safe(account.safe)
    if safe is None or not safe.cpm:
        return
    action, secret = account.pending, account.pending_secret
    account.pending = account.pending_secret = ""
    error = _error(state, account, action)
    account.status = FAILURE if error else SUCCESS
    for task in state.tasks:
        if task.account == account.id and task.status == IN_PROCESS:
            task.status, task.error, task.done = account.status, error, int(state.now())
    if error:
        return
    if action == "verify":
        account.last_verified = _later(state, account.last_verified)
        return
    before = account.last_modified
    state.store(account, secret or account.next_secret or new_secret(), CPM)
    account.last_modified = _later(state, before)
    account.next_secret = ""
    if action == "reconcile":
        account.last_reconciled = _later(state, account.last_reconciled)


def _later(state: State, before: int | None) -> int:
    """Return the time, later than before in any case: a real CPM takes more than the second that two calls share."""
    return max(int(state.now()), (before or 0) + 1)


def _error(state: State, account: Account, action: str) -> str:
    """Return why the CPM fails, or nothing."""
    platform = state.platform(account.platform_id)
    if action in account.cpm_errors or account.cpm == FAILURE:
        return account.cpm_errors.get(action, WORDS)
    if not account.automatic:
        return DISABLED
    if action == "reconcile" and links.target(state, account, RECONCILE) is None:
        return NO_RECONCILE if state.profile["reconcile_alone"] == "fails" else ""
    if platform is not None and platform.logon_required and links.target(state, account, LOGON) is None:
        return NO_LOGON
    return ""
