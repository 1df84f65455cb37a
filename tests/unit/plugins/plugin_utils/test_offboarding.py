# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the off-boarding does, and what it tells of bad data and of what the vault has said."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._offboarding import (
    kept_accounts,
    offboarding,
    offboarding_summary,
    without_accounts,
)

S = secrets.token_urlsafe(12)
REMOVED: dict[str, Any] = {"changed": True, "diff": {"before": {"state": "present"}, "after": {"state": "absent"}}}


def declared(name: str | None = None, **given: Any) -> dict[str, Any]:
    """Return what the lookup finds of a host; options without the prefix."""
    options = {f"offboard_host_{key}": value for key, value in given.items()}
    options.update({"onboard_host_resource": name} if name else {})
    return {"given": options, "connection": {"url": "u", "token": "t"}, "groups": [], "facts": {}, "unresolved": {}}


def report_of(**hosts: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be done for hosts without faults."""
    report = offboarding(hosts, {})
    assert report["message"] == ""
    return report


@pytest.mark.parametrize(
    ("host", "resource"),
    [
        (declared(), "db01"),
        (declared("box"), "box"),
        (declared("box", resource="other"), "other"),
        (declared(resource=""), "db01"),
    ],
)
def test_the_resource(host: dict[str, Any], resource: str) -> None:
    """The name that is given, or the one of the onboarding, or the host's."""
    (call,) = report_of(db01=host)["removed"]
    assert call["resources"] == [{"name": resource, "state": "absent"}]


def test_each_host_goes_its_way() -> None:
    """Hosts whose accounts are locked are visited first; a resource that several hosts share is one."""
    hosts = {
        "db01": declared("box"),
        "db02": declared("box"),
        "db03": declared(lock_accounts=["oracle"]),
        "db04": declared(keep_accounts="yes"),
    }
    report = report_of(**hosts)
    (call,) = report["removed"]
    assert [(place["resource"], place["hosts"]) for place in call["places"]] == [("box", ["db01", "db02"])]
    assert [place["resource"] for place in report["kept"]] == ["db04"]
    assert report["visit"] == ["db03"]
    visited = offboarding(hosts, {}, stage="visited", batch=["db03"])
    assert [call["resources"][0]["name"] for call in visited["removed"]] == ["db03"]
    assert visited["hosts"]["db03"]["lock"] == ["oracle"]


def test_a_host_in_cyberark_is_refused() -> None:
    """Nothing of its accounts is in PAM360, and a resource of its name may be another one."""
    found = declared()
    found["given"]["onboard_host_vault"] = "cyberark"
    message = offboarding({"db01": {**found, "connection": {}}}, {})["message"]
    assert message.endswith(
        "db01: The accounts of the host are in CyberArk (onboard_host_vault), and this role is for PAM360. Remove them "
        "with the module cyberark_account."
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"lock_acounts": []}, "offboard_host_lock_acounts is not a variable of the role offboard_host. Did you mean"),
        ({"lock_accounts": S}, "offboard_host_lock_accounts must be a list."),
        ({"lock_accounts": [5]}, "offboard_host_lock_accounts[0] must be a string. Put it in quotes."),
        ({"resource": 5}, "offboard_host_resource must be a string. Put it in quotes."),
        ({"keep_accounts": S}, "offboard_host_keep_accounts must be true or false."),
        ({"revoke": {"user": S}, "keep_accounts": True}, "offboard_host_revoke must be a list."),
        ({"revoke": [S], "keep_accounts": True}, "offboard_host_revoke[0] must be a dictionary of options."),
        (
            {"revoke": [{"usr": S}], "keep_accounts": True},
            "offboard_host_revoke[0] has no option usr. Did you mean user?",
        ),
        ({"revoke": [{}], "keep_accounts": True}, "offboard_host_revoke[0] must name exactly one of user, user_id,"),
        (
            {"revoke": [{"user": S, "user_id": 1}], "keep_accounts": True},
            "offboard_host_revoke[0] must name exactly one",
        ),
        (
            {"revoke": [{"user": S}]},
            "Options of accounts that stay are given (offboard_host_revoke), and offboard_host_keep",
        ),
        (
            {"notes": S, "tracking_key": S},
            "Options of accounts that stay are given (offboard_host_notes, offboard_host_trac",
        ),
    ],
)
def test_bad_data_is_told_without_a_value(given: dict[str, Any], says: str) -> None:
    """Before any request, for all hosts at once."""
    report = offboarding({"db01": declared(**given), "db02": declared()}, {})
    assert report["message"].startswith(
        f"The variables of 1 of 2 hosts cannot be used, and nothing was changed. db01: {says}"
    )
    assert S not in json.dumps(report["message"])
    assert report["removed"] == report["kept"] == []


def test_defaults_of_the_role_are_not_given() -> None:
    """In a play of the user's own the role's defaults are among the variables."""
    report_of(db01=declared(revoke=[], notes="The host is out of service.", update_write_only="on_edit"))


def test_accounts_that_stay() -> None:
    """One task for each vault; each account with the notes and the shares of its host."""
    other = {**declared(keep_accounts=True), "connection": {"url": "other", "token": S}}
    report = report_of(
        db01=declared(keep_accounts=True, revoke=[{"user": "x", "user_id": None}], update_write_only="always"),
        db02=declared(keep_accounts=True, notes="n"),
        db03=other,
        db04=declared(keep_accounts=True),
        db05=declared(keep_accounts=True),
    )
    assert S not in json.dumps(report)
    row = {"name": "root", "password": S}
    looked = [{"accounts": [{**row, "resource_id": str(number)}]} for number in range(3)]
    looked += [{"accounts": []}, {"failed": True, "msg": "No."}]
    calls = kept_accounts(report, looked)
    assert [call["leader"] for call in calls] == ["db01", "db03"]
    assert calls[0]["accounts"] == [
        {
            "name": "root",
            "resource_id": "0",
            "notes": "The host is out of service.",
            "shares": [{"user": "x", "state": "absent"}],
            "update_write_only": "always",
        },
        {"name": "root", "resource_id": "1", "notes": "n", "shares": [], "update_write_only": "on_edit"},
    ]
    assert [place["resource"] for place in without_accounts(report, looked)] == ["db04"]


def test_the_summary() -> None:
    """What was removed, what was not there, what failed, and what nobody can see."""
    report = report_of(
        db01=declared(),
        db02=declared("Box"),
        db03=declared(),
        db04=declared(keep_accounts=True),
        db05=declared(keep_accounts=True),
        db06=declared(keep_accounts=True),
    )
    entry = {"account": {"name": "root", "state": "present"}, "resource_id": "4", "changed": False, "failed": False}
    results = {
        "removed": [{"resources": [REMOVED, {"changed": False}, {"failed": True, "msg": "No."}]}],
        "looked": [
            {"accounts": [{"name": "root", "resource_id": "4"}]},
            {"accounts": []},
            {"failed": True, "msg": "The vault did not answer."},
        ],
        "there": [{"resources": []}],
        "changed": [{"accounts": [{**entry, "unverified": ["shares"]}]}],
    }
    summary = offboarding_summary(report, results, check_mode=True)
    counts = {outcome: count for outcome, count in summary["stats"]["counts"].items() if count}
    assert counts == {"removed": 1, "unchanged": 2, "failed": 3}
    assert sorted(summary["stats"]["failed"]) == ["db03", "db05", "db06"]
    assert summary["stats"]["failed"]["db05"][0].startswith("resource: The vault shows no resource db05, so nothing")
    assert summary["stats"]["notes"][0].startswith("the vault shows no resource Box, so nothing was removed there;")
    assert summary["stats"]["not_sent"] == ["shares"]
    assert summary["stats"]["check_mode"] is True


def test_a_task_that_fails_as_a_whole_fails_its_hosts() -> None:
    """All of those whose accounts it was about."""
    report = report_of(db01=declared("box", keep_accounts=True), db02=declared("box", keep_accounts=True))
    results = {
        "removed": [],
        "looked": [{"accounts": [{"name": "root", "resource_id": "4"}]}],
        "there": [],
        "changed": [{"failed": True, "msg": "No."}],
    }
    assert offboarding_summary(report, results)["stats"]["failed"] == {
        "db01": ["accounts: No."],
        "db02": ["accounts: No."],
    }
