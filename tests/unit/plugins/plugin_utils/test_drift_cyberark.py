# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report says of accounts in CyberArk: found by lists of safes that the module returns."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import (
    drift_report_cyberark,
    drift_report_declared,
    drift_report_doubts,
)
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.find import MANY_ROWS
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_report import unread
from ansible_collections.vaultops.pam.tests.unit._drift_world import entry, plan, report

SKIPPED = {"skipped": True, "changed": False}
ROOT = {"safe": "Linux", "user_name": "root", "address": "db01"}
with_cyberark = drift_report_cyberark.FilterModule().filters()["drift_report_cyberark"]
doubts = drift_report_doubts.FilterModule().filters()["drift_report_doubts"]
declared = drift_report_declared.FilterModule().filters()["drift_report_declared"]


def row(account_id: str = "29_3", **more: Any) -> dict[str, Any]:
    """Return an account as ``cyberark_account_info`` does."""
    shown = {"name": "db01-root", "platform_id": "UnixSSH", "secret_type": "password", **ROOT}
    settings = {"automatic_management": True, "manual_management_reason": "", "platform_properties": {"Port": "22"}}
    machines = {"remote_machines": [], "restrict_to_remote_machines": None}
    return {"account_id": account_id, **shown, **settings, **machines, **more}


def listed(*rows: dict[str, Any], complete: bool = True) -> dict[str, Any]:
    """Return a result of the module."""
    return {"accounts": list(rows), "complete": complete, "msg": "found", "requests": {"sent": 3, "retried": 0}}


def findings(
    wanted: list[dict[str, Any]],
    *results: dict[str, Any],
    scope: str = "managed",
    other: Mapping[str, Any] | None = None,
) -> list[tuple[str, ...]]:
    """Return category, safe, account, setting, wanted and actual of each finding."""
    made = report(with_cyberark(SKIPPED if other is None else other, wanted, list(results), scope), scope=scope)
    names = ("category", "resource", "account", "setting", "wanted", "actual")
    return [tuple(found[name] for name in names) for found in made["findings"]]


AT = ("Linux", "root at db01")


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, []),
        ({"platform_id": "unixssh", "platform_properties": {"port": 22}, "automatic_management": "yes"}, []),
        ({"platform_id": "WinDomain"}, [("settings", *AT, "platform_id", "WinDomain", "UnixSSH")]),
        ({"secret_type": "key"}, [("settings", *AT, "secret_type", "key", "password")]),
        ({"automatic_management": False}, [("settings", *AT, "automatic_management", "False", "True")]),
        ({"remote_machines": ["a"]}, [("settings", *AT, "remote_machines", '["a"]', "[]")]),
        (
            {"platform_properties": {"Port": None, "Location": "Vienna"}},
            [
                ("settings", *AT, "platform_properties.Location", "Vienna", ""),
                ("settings", *AT, "platform_properties.Port", "", "22"),
            ],
        ),
        (
            {"logon_account": {"account_id": "29_4"}, "platform_properties": {"GroupName": "g"}},
            [("unverifiable", *AT, "logon_account, platform_properties", "", "")],
        ),
    ],
)
def test_settings_are_compared_as_the_module_does_it(settings: dict[str, Any], wanted: list[tuple[str, ...]]) -> None:
    """Without case where the vault has none, truth values in any spelling, properties one by one."""
    assert findings([{**ROOT, **settings}], listed(row())) == wanted


EXTRA, GONE = ("", "not declared", "present"), ("", "present", "absent")
BY_PLATFORM = {**ROOT, "platform_id": "UnixSSH"}


@pytest.mark.parametrize(
    ("options", "rows", "wanted"),
    [
        ({**ROOT, "user_name": "ROOT", "address": "DB01"}, [row()], []),
        ({**ROOT, "name": "db01-ROOT"}, [row()], []),
        (
            {**ROOT, "name": "db01-root"},
            [row(address="x")],
            [("settings", "Linux", "db01-root", "address", "db01", "x")],
        ),
        (ROOT, [], [("missing", *AT, *GONE)]),
        ({**ROOT, "name": "other"}, [row()], [("missing", "Linux", "other", *GONE), ("extra", *AT, *EXTRA)]),
        (BY_PLATFORM, [row(), row("29_4", platform_id="x", name="n")], [("extra", "Linux", f"{AT[1]} (n)", *EXTRA)]),
        (ROOT, [row(), row("29_4", user_name="app")], [("extra", "Linux", "app at db01", *EXTRA)]),
        (ROOT, [row(), row("29_4", address="web01")], []),
        ({**ROOT, "address": ""}, [row(address=""), row("29_4", address="", user_name="x")], []),
    ],
)
def test_which_account_is_meant(
    options: dict[str, Any], rows: list[dict[str, Any]], wanted: list[tuple[str, ...]]
) -> None:
    """By its name, or by user and address; others of the same address are extra."""
    assert sorted(findings([options], listed(*rows))) == sorted(wanted)


def test_the_scope_all_tells_every_account() -> None:
    """Of every safe, by one list."""
    rows = [row(), row("29_4", address="web01"), row("30_1", safe="Windows", user_name="", name="w")]
    assert findings([ROOT], listed(*rows), scope="all") == [
        ("extra", "Linux", "root at web01", "", "not declared", "present"),
        ("extra", "Windows", "w", "", "not declared", "present"),
    ]


def test_a_list_that_was_cut_makes_nothing_missing() -> None:
    """What is not in it could not be read; what is in it is compared, and the list itself is a finding."""
    app = {**ROOT, "user_name": "app"}
    cut = listed(row(platform_id="x"), complete=False)
    assert [found[:3] for found in findings([{**ROOT, "platform_id": "UnixSSH"}, app], cut)] == [
        ("settings", *AT),
        ("unreadable", "Linux", "app at db01"),
    ]
    assert findings([ROOT], listed(row(), complete=False)) == [("unreadable", "Linux", "", "", "", "")]
    assert findings([ROOT], listed(row(), complete=False), scope="all") == [
        ("unreadable", "(all safes)", "", "", "", "")
    ]


@pytest.mark.parametrize(
    ("rows", "complete", "searched", "category"),
    [
        (MANY_ROWS - 1, True, None, "missing"),
        (MANY_ROWS, False, None, "unreadable"),
        (MANY_ROWS, True, listed(), "missing"),
        (MANY_ROWS, True, listed(row("99_1")), ""),
        (MANY_ROWS, True, listed(complete=False), "unreadable"),
        (MANY_ROWS, True, {"msg": "No."}, "unreadable"),
    ],
)
def test_what_a_long_list_lacks_is_searched_for(
    rows: int, complete: bool, searched: dict[str, Any] | None, category: str
) -> None:
    """A server may cut it and not say so."""
    others = [row(f"1_{number}", user_name=f"u{number}", address="other") for number in range(rows)]
    results = [listed(*others, complete=complete)]
    asked = doubts([ROOT], results)
    assert asked == ([{"safe": "Linux", "search": "root db01"}] if searched else [])
    made = report(with_cyberark(SKIPPED, [ROOT], results, "managed", [searched] if searched else []))
    assert [found["category"] for found in made["findings"]] == [category] * bool(category)
    assert len(made["fine"]) == (not category)


def test_several_accounts_that_match() -> None:
    """None of them is taken for the one that is meant."""
    made = with_cyberark(SKIPPED, [ROOT], [listed(row(), row("29_4"))])
    assert made["accounts"][0]["failed"]
    assert "29_3 (db01-root), 29_4 (db01-root). Declare it by its object_name." in made["accounts"][0]["msg"]


def test_a_safe_that_cannot_be_read() -> None:
    """Its accounts are told, and the others are compared; if it is all there is, there is no report."""
    failed = {"msg": "No rights.", "requests": {"sent": 2}}
    other = {**ROOT, "safe": "Windows"}
    assert findings([ROOT, other], failed, listed(row(safe="Windows"))) == [("unreadable", *AT, "", "", "")]
    assert unread(with_cyberark(SKIPPED, [ROOT], [failed])) == "No rights."


def test_both_vaults_are_in_one_report() -> None:
    """Sums are added up, and a vault that could not be read at all is no report."""
    other = plan(entry(), entry(name="app"))
    made = report(with_cyberark(other, [ROOT], [listed(row())]))
    assert (made["summary"]["accounts_declared"], made["summary"]["requests"], made["findings"]) == (3, 6, [])
    assert [(one["resource"], one["account"]) for one in made["fine"]] == [
        ("Linux", AT[1]),
        ("db01", "app"),
        ("db01", "root"),
    ]
    broken = {"msg": "The vault did not answer.", "failed": False}
    assert with_cyberark(broken, [ROOT], [listed(row())]) == broken
    assert with_cyberark(other, [], []) == other
    assert doubts([], []) == []
    with pytest.raises(AnsibleFilterError, match="must be a result"):
        with_cyberark([], [ROOT], [])


def host(*accounts: dict[str, Any], **connection: str) -> dict[str, Any]:
    """Return what the lookup finds of a host."""
    given = {"onboard_host_vault": "cyberark", "onboard_host_accounts": list(accounts)}
    return {"given": given, "connection": connection, "groups": [], "facts": {}, "unresolved": {}}


def test_what_hosts_declare() -> None:
    """Without secrets, each account once, and the safes to be listed."""
    secret = secrets.token_hex(8)
    shared = {"name": "svc", "safe": "Domain", "address": "example.org"}
    hosts = {
        "db01": host({"name": "root", "safe": "Linux", "password": secret}, shared),
        "db02": host(shared, token=secret, url="https://PVWA/"),
        "db03": host(shared, url="https://other"),
        "db04": host({"name": "root", "notes": secret}),
    }
    asked = {"cyberark_url": "https://pvwa"}
    found = declared(hosts, {"all": []}, asked)
    assert found["accounts"] == []
    assert found["cyberark"] == [ROOT, {"safe": "Domain", "user_name": "svc", "address": "example.org"}]
    assert found["safes"] == ["Linux", "Domain"]
    assert found["unusable"]["db03"].startswith("cyberark_url of this host differs from that of the report")
    assert "only pam360 knows notes" in found["unusable"]["db04"]
    assert secret not in str(found)
    assert declared(hosts, {"all": []}, asked, "all")["safes"] == [""]
    assert declared({}, {"all": []}, asked) == {
        "accounts": [], "cyberark": [], "safes": [], "unusable": {}, "undeclared": []
    }  # fmt: skip
