# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened to an account, the CPM's words included, newest first (contract A.7)."""

from __future__ import annotations

from typing import Any, NamedTuple

from pvwa_standin import cpm, failures
from pvwa_standin.call import ApiCall, done
from pvwa_standin.model import CPM, Account
from standin_core.product import Answer

# Ours; AIOB needs CPM in the activity of a failure, and Failure and Error: in its reason.
NAMES = {"change": "CPM Change Password", "verify": "CPM Verify Password", "reconcile": "CPM Reconcile Password"}
NUMBERS = {"change": 24, "verify": 22, "reconcile": 31}
RETRIEVE, RETRIEVE_NUMBER = "Retrieve password", 295


class Activity(NamedTuple):
    """One line of the log."""

    time: int
    user: str
    name: str
    number: int
    reason: str


def _of(call: ApiCall, account: Account) -> list[Activity]:
    """Return the log of an account, newest first."""
    lines = []
    for task in call.state.tasks:
        if task.account == account.id and task.status in (cpm.SUCCESS, cpm.FAILURE):
            failed = task.status == cpm.FAILURE
            name = NAMES[task.action] + (" Failed" if failed else "")
            reason = f"Failure of the operation. Error: {task.error}" if failed else ""
            lines.append(Activity(task.done or 0, CPM, name, NUMBERS[task.action], reason))
    for one in call.state.retrievals:
        if one["account"] == account.id:
            lines.append(Activity(one["time"], one["user"], RETRIEVE, RETRIEVE_NUMBER, one["reason"]))
    lines.sort(key=lambda line: line.time)
    return lines[::-1]


def first(call: ApiCall) -> Answer:
    """GET /WebServices/PIMServices.svc/Accounts/{id}/Activities: the key has Slash where the URL ends in one (CODE)."""
    if call.profile["activities"] not in ("both", "first"):
        return failures.not_found()
    account = call.account()
    rows = [
        {
            "AccountName": account.name,
            "Activity": line.name,
            "Alert": False,
            "Reason": line.reason,
            "Time": line.time,
            "UserName": line.user,
        }
        for line in _of(call, account)
    ]
    slash = "Slash" if call.path.endswith("/") else ""
    return done({f"GetAccountActivities{slash}Result": rows})


def second(call: ApiCall) -> Answer:
    """GET /API/Accounts/{id}/Activities: ``{"Activities": [...], "Total": n}`` (CODE IDSEC, PSPAS: 13.2)."""
    if call.profile["activities"] not in ("both", "second"):
        return failures.not_found()
    rows: list[dict[str, Any]] = [
        {
            "Alert": False,
            "Date": line.time,
            "User": line.user,
            "Action": line.name,
            "ActionID": line.number,
            "ClientID": "CPM" if line.user == CPM else "PVWA",
            "MoreInfo": "",
            "Reason": line.reason,
        }
        for line in _of(call, call.account())
    ]
    return done({"Activities": rows, "Total": len(rows)})
