# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail: its rows, its pages, its days, and how a test moves it while it is read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"
DAY = 86_400
# The keys of the one capture (CAP LCK).
KEYS = [
    "Resource Name",
    "Operation Type",
    "User Account",
    "User Name",
    "Audit ID",
    "Client Type",
    "TIME",
    "User Account ID",
    "Reason",
    "Operated by",
    "IP Address",
    "Resource ID",
    "Time Stamp",
    "User's Full Name",
    "Ticket ID",
]


def trail(client: Client, **params: Any) -> dict[str, Any]:
    """Return ``operation`` of GET /audit."""
    return dict(client.call("GET", "/audit", params={"AUDITTYPE": "Resource", **params}))


def names(client: Client, **params: Any) -> list[str]:
    """Return the accounts of the rows."""
    return [row["User Account"] for row in trail(client, **params).get("Details", [])]


def rows(*ages: int) -> list[dict[str, Any]]:
    """Return audit rows of a number of seconds ago, named by it."""
    return [{"Operation Type": "Password Retrieved", "User Account": str(age), "ago": age} for age in ages]


def test_a_row(client: Client) -> None:
    """All keys of the capture, in its order; text, TIME in milliseconds included."""
    client.call("GET", f"{ROOT}/password", {"REASON": "night work", "TICKETID": 7})
    operation = trail(client, STARTINDEX=1, LIMIT=2, DURATION="TODAY")
    (row,) = operation["Details"]
    assert (operation["name"], operation["totalRows"]) == ("GET_AUDIT", 1)
    assert operation["result"]["message"] == "Audits fetched successfully."
    assert list(row) == KEYS
    assert all(isinstance(value, str) for value in row.values())
    assert re.fullmatch(r"\d{13}", row["TIME"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", row["Time Stamp"])
    known = {"Resource ID": "21", "User Account ID": "901", "Reason": "night work", "Ticket ID": "7", "Audit ID": "1"}
    assert row.items() >= known.items()
    assert (row["Resource Name"], row["User Account"], row["Operated by"]) == ("db01", "root", "admin")


def test_what_is_recorded(client: Client) -> None:
    """Reads of secrets and all writes that were done; no list, no failure."""
    share = {"ACCESSTYPE": "view", "USERID": "21"}
    for method, path, details in (
        ("GET", f"{ROOT}/password", None),
        ("PUT", f"{ROOT}/password", {"NEWPASSWORD": "Aa1!aaaa", "RESETTYPE": "LOCAL"}),
        ("PUT", ROOT, {"ACCOUNTNAME": "root", "NOTES": "n"}),
        ("PUT", f"{ROOT}/share", share),
        ("PUT", "/resources/21/share", {**share, "ACCESSTYPE": "revoke"}),
        ("PUT", "/resourcegroup/share", {"resourceGroupIds": [3002], "userGroupIds": [41], "accessType": "modify"}),
        ("POST", "/resourcegroup/3002/associateResources", {"RESOURCEIDS": [21]}),
        ("POST", "/resources/22/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "app"}]}),
        ("POST", "/resources", {"RESOURCENAME": "new"}),
        ("PUT", "/resources/22", {"LOCATION": "Oslo"}),
        ("DELETE", ROOT, None),
        ("DELETE", "/resources/22", None),
        ("DELETE", "/resources/22", None),
        ("GET", "/resources", None),
    ):
        client.call(method, path, details)
    seen = trail(client)["Details"]
    assert [row["Operation Type"] for row in seen] == [
        "Password Retrieved",
        "Password Changed",
        "Account Modified",
        "Account Shared",
        "Resource Shared",
        "Resource Group Shared",
        "Resource Associated to Group",
        "Account Added",
        "Resource Added",
        "Resource Modified",
        "Account Deleted",
        "Resource Deleted",
    ]
    reasons = [row["Reason"] for row in seen]
    assert reasons[3:6] == ["view for user jdoe", "revoke for user jdoe", "modify for user group Linux Admins"]
    assert [row["Audit ID"] for row in seen] == [str(number) for number in range(1, 13)]


def test_users_have_a_trail_of_their_own(client: Client) -> None:
    """AUDITTYPE chooses; the text of a wrong one is ours."""
    client.call("POST", "/user", {"USERNAME": "new"})
    assert [row["Operation Type"] for row in trail(client, AUDITTYPE="User")["Details"]] == ["User Added"]
    assert "Details" not in trail(client)
    for wrong in ({"AUDITTYPE": "Task"}, {"DURATION": "LAST_YEAR"}, {"LIMIT": "many"}):
        assert trail(client, **wrong)["result"]["status"] == "Failed"


def test_days() -> None:
    """DURATION goes by the server's own days."""
    now = datetime.now(UTC)
    # It is noon at the server's, so that no day ends while this runs.
    offset = 12 * 60 - (now.hour * 60 + now.minute)
    with Standin(profile={"utc_offset": str(offset)}) as standin:
        standin.change(add_audit=rows(0, 1 * DAY, 3 * DAY, 7 * DAY, 8 * DAY))
        client = Client(standin)
        found = {name: names(client, DURATION=name) for name in ("TODAY", "YESTERDAY", "LAST_7_DAYS", "")}
    ages = [str(number * DAY) for number in (8, 7, 3, 1, 0)]
    assert found == {"TODAY": ["0"], "YESTERDAY": [ages[3]], "LAST_7_DAYS": ages[1:], "": ages}


@pytest.mark.parametrize(
    ("profile", "start", "expected"),
    [
        ({}, "1", ["30", "20"]),
        ({}, "0", ["30", "20"]),
        ({}, "2", ["20", "10"]),
        ({"audit_startindex_base": "0"}, "1", ["20", "10"]),
        ({"audit_order": "newest_first"}, "1", ["10", "20"]),
        ({"audit_order": "newest_first", "audit_startindex_base": "0"}, "2", ["30"]),
    ],
)
def test_pages(client: Client, profile: dict[str, str], start: str, expected: list[str]) -> None:
    """By time, whatever the order in which rows came; the first STARTINDEX is a profile."""
    client.standin.profile.update(profile)
    client.standin.change(add_audit=rows(20, 30, 10))
    assert names(client, STARTINDEX=start, LIMIT="2") == expected
    assert trail(client, STARTINDEX=start, LIMIT="1")["totalRows"] == 3
    client.standin.profile["total_rows"] = "page"
    assert trail(client, STARTINDEX=start, LIMIT="1")["totalRows"] == 1


def test_the_log_moves_while_it_is_read(client: Client) -> None:
    """A row that comes between two pages: at the front, or in the middle with an older time."""
    client.standin.profile["audit_order"] = "newest_first"
    client.standin.change(add_audit=rows(10, 20, 30))
    edits = [{"add_audit": rows(5, 25)}]
    client.standin.faults.add(fault="change", operation="GET_AUDIT", nth=2, edits=edits)
    assert names(client, STARTINDEX=1, LIMIT=2) == ["10", "20"]
    assert names(client, STARTINDEX=3, LIMIT=2) == ["20", "25"]


def test_rows_of_the_door(client: Client) -> None:
    """Any key of the capture; numbers become text; a wrong row changes nothing."""
    given = {"TIME": 1710222344835, "Operation Type": "Custom Report Created", "Audit ID": 40, "Operated by": "System"}
    client.standin.change(add_audit=given)
    client.standin.change(add_audit=rows(0))
    first, second = trail(client)["Details"]
    assert (first["Time Stamp"], first["Audit ID"], first["User Name"]) == ("2024-03-12 05:45:44.835", "40", "N/A")
    assert second["Audit ID"] == "41"
    for wrong in ({"Operation": "x"}, {"AUDITTYPE": "Task"}, {"TIME": "noon"}):
        with pytest.raises(ValueError, match="audit row|AUDITTYPE|invalid literal"):
            client.standin.change(add_audit=wrong)
    state = client.standin.dump()
    assert len(state["audit"]) == 2
    client.standin.product.load(state)
    assert client.standin.dump() == state
