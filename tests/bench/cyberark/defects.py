# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defects of cyberark.pas, each as a case that shows it, and a judge that looks at vault, journal and output.

A judge knows nothing of the side: it says what it saw, or an empty text where the defect is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .sides import LOOKUP, Case, Outcome
from .tasks import ASKED, KEEPS_ID, PASSWORD, SECRET, STORED_THERE, THEM, THERE, US

Judge = Callable[[Outcome], str]


@dataclass(frozen=True)
class Defect:
    """A case and its judge."""

    case: Case
    judge: Judge


def _why(outcome: Outcome) -> str:
    return " ".join(str(outcome.result.get("msg", "")).split())[-110:]


def _fails(outcome: Outcome) -> str:
    return f"fails: {_why(outcome)}" if outcome.failed else ""


def _writes_again(outcome: Outcome) -> str:
    return f"{len(outcome.writes)} writes in a run that has nothing to do" if outcome.writes else ""


def _second_account(outcome: Outcome) -> str:
    """The account is there: whoever asks for a new one makes a second, unless the server finds its name taken."""
    asked = [entry for entry in outcome.journal if entry["operation"] == "Add account"]
    return f"asks for a second account: HTTP {asked[0]['http_status']}" if asked else ""


def _unmanaged(outcome: Outcome) -> str:
    managed = [item.get("secretManagement", {}).get("automaticManagementEnabled") for item in outcome.accounts]
    return "automatic management is off, which the task did not ask for" if managed == [False] else ""


def _half_done(outcome: Outcome) -> str:
    stored = bool(outcome.accounts) and outcome.accounts[0]["platformId"] != THERE["platformId"]
    return "failed, changed: false, and a part of the change is stored" if stored and not outcome.changed else ""


def _in_files(outcome: Outcome) -> str:
    return "the secret is in a log file" if outcome.secret in outcome.written else ""


def _token_told(outcome: Outcome) -> str:
    tokens = {entry["headers"].get("Authorization") for entry in outcome.journal} - {None, ""}
    return "the live token is in the output of -v" if any(str(token) in outcome.output for token in tokens) else ""


def _whole_group(outcome: Outcome) -> str:
    bodies = [entry["input"] for entry in outcome.writes if isinstance(entry["input"], dict)]
    wide = any(body.get("ChangeEntireGroup") for body in bodies)
    return "changes the secret of the whole group, and has no option for that" if wide else ""


def _status_lost(outcome: Outcome) -> str:
    lost = outcome.failed and "502" not in str(outcome.result.get("msg", ""))
    return f"the status is lost: {_why(outcome)}" if lost else ""


def _with(**options: Any) -> dict[str, Any]:
    return {**THEM, **options}


def _us(**options: Any) -> dict[str, Any]:
    return {**US, **options}


def _wrong_secret(outcome: Outcome) -> str:
    """What was read is not what the vault holds."""
    read = outcome.result.get("password") or outcome.result.get("ansible_facts", {}).get("password")
    if outcome.failed:
        return f"fails: {_why(outcome)}"
    return "" if read == outcome.secret else "what is read is not the secret of the vault"


def _nothing_read(outcome: Outcome) -> str:
    return "" if outcome.failed else "succeeds, and has no secret"


def _not_asked(outcome: Outcome) -> str:
    return "" if outcome.writes else "asks for nothing, and succeeds"


MANY = [
    {"safeName": "Linux", "userName": "root", "address": f"db01-{number:02}", "platformId": "UnixSSH"}
    for number in range(55)
]
KEYS = {"safe": "Linux", "platform_id": "AWSAccessKeys"}
KEY_ID = {"AWSAccessKeyID": "bench"}
WINDOWS = {**THERE, "platformId": "WinDomain", "platformAccountProperties": {}}
FLAG = {"UseSudoOnReconcile": True}
GROUP = {"GroupName": "web"}

DEFECTS = (
    Defect(
        Case(
            "Automatic management of an existing account cannot be turned off",
            _with(secret_management={"automatic_management_enabled": False, "manual_management_reason": "Break glass"}),
            _us(automatic_management=False, manual_management_reason="Break glass"),
            [THERE],
        ),
        _fails,
    ),
    Defect(
        Case(
            "Remote machines of an existing account cannot be changed",
            _with(platform_id="WinDomain", remote_machines_access={"remote_machines": "a;b"}),
            _us(platform_id="WinDomain", remote_machines=["a", "b"]),
            [WINDOWS],
        ),
        _fails,
    ),
    Defect(
        Case(
            "A new account becomes unmanaged without being asked to",
            _with(**SECRET, secret_management={"management_action": "change_immediately"}),
            _us(**SECRET),
        ),
        _unmanaged,
    ),
    Defect(
        Case("An account on the second page is made once more", _with(**SECRET), _us(**SECRET), [*MANY, THERE]),
        _second_account,
    ),
    Defect(
        Case(
            "An account without an address is made once more on each run",
            {**KEYS, "username": "root", "platform_account_properties": KEY_ID, **SECRET},
            {**KEYS, "user_name": "root", "address": "", "platform_properties": KEY_ID, **SECRET},
            times=2,
        ),
        _second_account,
    ),
    Defect(
        Case(
            "A blank in the list of identifying options makes the account once more",
            _with(identified_by="address, username", **SECRET),
            _us(**SECRET),
            [{**THERE, "name": "root-of-db01"}],
        ),
        _second_account,
    ),
    Defect(
        Case(
            "Another case of letters makes the account once more",
            _with(**SECRET),
            _us(**SECRET),
            [{**THERE, "userName": "Root", "name": "root-of-db01"}],
        ),
        _second_account,
    ),
    Defect(
        Case(
            "A refused change is stored in part",
            _with(**KEEPS_ID, platform_id="MySQL", platform_account_properties={"Port": "not a number"}),
            _us(platform_id="MySQL", platform_properties={"Port": "not a number"}),
            [THERE],
        ),
        _half_done,
    ),
    Defect(Case("The debug log holds the secret", _with(**SECRET, logging_level="DEBUG"), _us(**SECRET)), _in_files),
    Defect(Case("The token is shown", _with(), _us(), [THERE], verbosity="-v"), _token_told),
    Defect(
        Case("A logon password that is a part of the URL", _with(), _us(), [THERE], user_password="127.0.0.1"),
        _fails,
    ),
    Defect(
        Case(
            "A new secret for one account goes to its whole group",
            _with(new_secret="{{ bench_secret }}"),
            _us(update_secret="always", **SECRET),
            [THERE],
        ),
        _whole_group,
    ),
    Defect(
        Case(
            "A group is written again on each run",
            _with(platform_account_properties=GROUP),
            _us(platform_properties=GROUP),
            [THERE],
            times=2,
        ),
        _writes_again,
    ),
    Defect(
        Case(
            "A truth value is written again on each run",
            _with(platform_account_properties=FLAG),
            _us(platform_properties=FLAG),
            [THERE],
            times=2,
        ),
        _writes_again,
    ),
    Defect(
        Case(
            "A secret with a quote and a backslash is read",
            _with(state="retrieve"),
            {"account": ASKED},
            [STORED_THERE],
            our_plugin=LOOKUP,
            secret_end='"\\x',
        ),
        _wrong_secret,
    ),
    Defect(
        Case(
            "The secret of an account that is not there is read",
            _with(state="retrieve"),
            {"account": ASKED},
            our_plugin=LOOKUP,
        ),
        _nothing_read,
    ),
    Defect(
        Case(
            "A secret is read that wants a reason",
            _with(state="retrieve", platform_id="UnixSSHReason"),
            {"account": ASKED, "options": {"reason": "bench"}},
            [{**STORED_THERE, "platformId": "UnixSSHReason"}],
            our_plugin=LOOKUP,
        ),
        _wrong_secret,
    ),
    Defect(
        Case(
            "The CPM is to change the secret",
            _with(secret_management={"automatic_management_enabled": True, "management_action": "change"}),
            {**ASKED, "action": "change", "wait": False},
            [STORED_THERE],
            our_plugin=PASSWORD,
        ),
        _not_asked,
    ),
    Defect(
        Case(
            "A safe with a blank in its name, PVWA 14.6",
            _with(safe="Linux Servers", **SECRET),
            _us(safe="Linux Servers", **SECRET),
            [{**THERE, "safeName": "Linux Servers"}],
            profile={"filter_quotes": "required"},
        ),
        _fails,
    ),
    Defect(
        Case(
            "HTTP 502 with a page of a proxy",
            _with(**SECRET),
            _us(**SECRET),
            faults=[{"operation": "Add account", "fault": "status", "code": 502, "body": "html"}],
        ),
        _status_lost,
    ),
    Defect(
        Case(
            "A session that ends in the middle",
            _with(),
            _us(),
            [THERE],
            faults=[{"operation": "Get accounts", "fault": "expired", "nth": 1}],
        ),
        _fails,
    ),
)
