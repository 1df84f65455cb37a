# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: what the filter makes of the result of the module, against the stand-in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import drift_report as report_filter
from ansible_collections.vaultops.pam.plugins.filter import drift_report_asked as asked_filter
from ansible_collections.vaultops.pam.plugins.filter import drift_report_problems as problems_filter
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_end import FORMATS
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_findings import CATEGORIES, PARTS
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_report import FAILS
from ansible_collections.vaultops.pam.tests.unit._call import call
from pam360_standin import Standin

ROLE = Path(__file__).parents[4] / "roles" / "drift_report"
TIME = "2025-11-03 02:30:00 UTC"
CHANGED = "Oct 12, 2025 02:15 AM"
ODD = "</td><script>alert(\"x\")</script> & 'ä😀' {{ 7 * 7 }}"
Report = dict[str, Any]
Make = Callable[..., Report]
drift_report = report_filter.FilterModule().filters()["drift_report"]
asked = asked_filter.FilterModule().filters()["drift_report_asked"]
problems = problems_filter.FilterModule().filters()["drift_report_problems"]


def account(name: str = "root", **values: Any) -> dict[str, Any]:
    """Return an account of the seed with nothing to report."""
    return {"name": name, "password": f"aA1!{secrets.token_urlsafe(20)}", "last_modified_time": CHANGED, **values}


@pytest.fixture
def vault() -> Iterator[Standin]:
    """An empty vault with two custom fields, one of them secret."""
    fields = [{"label": "Team"}, {"label": "PIN", "type": "Password"}, {"label": "Ansible state", "max_length": 250}]
    with Standin(seed={"custom_fields": {"resource": [], "account": fields}, "resources": []}) as server:
        yield server


@pytest.fixture
def make(vault: Standin) -> Make:
    """Report on accounts, with the result of the module itself."""

    def report(resources: Mapping[str, list[dict[str, Any]]], *accounts: dict[str, Any], **options: Any) -> Report:
        for name, there in resources.items():
            vault.change(add_resource={"name": name, "owner": "admin", "department": "Finance", "accounts": there})
        plan = {
            "url": vault.url,
            "token": vault.token,
            "accounts": accounts,
            "create_resources": True,
            "return_found": options.get("scope", "managed"),
            **options.pop("plan", {}),
        }
        result, _text = call("pam360_accounts", plan, check=True)
        assert vault.journal.writes() == []
        made: Report = drift_report(result, TIME, **options)
        return made

    return report


def rows(report: Report, category: str) -> list[tuple[str, ...]]:
    """Return the findings of a category without its name."""
    return [tuple(row[part] for part in PARTS[1:]) for row in report["findings"] if row["category"] == category]


def test_nothing_to_report(make: Make) -> None:
    report = make({"db01": [account(notes="x")]}, {"resource": "db01", "name": "root", "notes": "x"})
    assert report["ok"]
    assert report["findings"] == []
    assert report["summary"] == {
        "resources": 1,
        "accounts_declared": 1,
        "accounts_as_declared": 1,
        "accounts_in_vault": 1,
        "requests": 3,
    }
    assert report["share"] == {"percent": 100.0, "as_declared": 1, "declared": 1, "findings": 0}
    assert report["fine"] == [
        {"resource": "db01", "account": "root", "owner": "admin", "department": "Finance", "age_days": 22}
    ]


def test_findings_tell_owner_department_and_age(make: Make) -> None:
    report = make({"db01": [account(policy="Low")]}, {"resource": "db01", "name": "root", "password_policy": "Strong"})
    (finding,) = report["findings"]
    assert (finding["owner"], finding["department"], finding["age_days"]) == ("admin", "Finance", 22)
    assert (finding["since"], finding["accepted"]) == (TIME, None)
    assert report["resources"] == [{"name": "db01", "owner": "admin", "department": "Finance"}]
    assert report["fine"] == []


def test_missing_with_and_without_its_resource(make: Make) -> None:
    report = make(
        {"db01": []}, {"resource": "db01", "name": "root"}, {"resource": "db02", "name": "root", "owner": "admin"}
    )
    assert rows(report, "missing") == [
        ("db01", "root", "", "present", "absent", ""),
        ("db02", "root", "", "present", "absent", "Its resource is missing too."),
    ]
    assert not rows(report, "unverifiable")
    assert not report["ok"]


def test_extra_on_managed_resources_only(make: Make) -> None:
    resources = {"db01": [account(), account("guest"), account("old")], "web01": [account()]}
    wanted = [{"resource": "db01", "name": "root"}, {"resource": "db01", "name": "old", "state": "absent"}]
    report = make(resources, *wanted)
    assert rows(report, "extra") == [
        ("db01", "guest", "", "not declared", "present", ""),
        ("db01", "old", "", "absent", "present", ""),
    ]
    assert report["summary"]["accounts_in_vault"] == 3


def test_extra_on_all_resources(make: Make) -> None:
    report = make({"db01": [account()], "web01": [account()]}, {"resource": "db01", "name": "root"}, scope="all")
    assert rows(report, "extra") == [("web01", "root", "", "not declared", "present", "")]


def test_an_account_by_the_id_of_its_resource_and_a_new_name(make: Make, vault: Standin) -> None:
    vault.change(add_resource={"id": "301", "name": "db01", "accounts": [account(), account("app")]})
    report = make(
        {}, {"resource_id": "301", "name": "root", "new_name": "admin"}, {"resource_id": "301", "name": "new"}
    )
    assert rows(report, "settings") == [("db01", "admin", "name", "admin", "root", "")]
    assert rows(report, "missing") == [("db01", "new", "", "present", "absent", "")]
    assert rows(report, "extra") == [("db01", "app", "", "not declared", "present", "")]


def test_settings_that_differ(make: Make) -> None:
    pin, other = secrets.token_hex(8), secrets.token_hex(8)
    there = account(notes=ODD, policy="Low", custom_fields={"Team": "Web", "PIN": pin})
    fields = {"Team": "Databases", "PIN": other}
    wanted = {"resource": "db01", "name": "root", "notes": "", "password_policy": "Strong", "custom_fields": fields}
    report = make({"db01": [there]}, wanted)
    assert rows(report, "policy") == [("db01", "root", "password_policy", "Strong", "Low", "")]
    assert rows(report, "notes") == [("db01", "root", "notes", "", ODD, "")]
    assert rows(report, "custom_fields") == [
        ("db01", "root", "PIN", "(hidden)", "(hidden)", "The values differ."),
        ("db01", "root", "Team", "Databases", "Web", ""),
    ]
    assert pin not in json.dumps(report)
    assert other not in json.dumps(report)


def test_what_the_vault_says_of_passwords(make: Make) -> None:
    there = [account(password="short"), account("app", expired=True), account("new", last_modified_time="")]
    report = make({"db01": there}, *({"resource": "db01", "name": row["name"]} for row in there))
    assert [row[1] for row in rows(report, "not_compliant")] == ["root"]
    assert "length" in rows(report, "not_compliant")[0][-1]
    assert rows(report, "expired") == [("db01", "app", "", "", "Expired", "")]
    assert rows(report, "never_rotated") == [("db01", "new", "", "", "", "")]


def test_a_write_only_setting_that_goes_along_is_no_finding(make: Make) -> None:
    wanted = {"resource": "db01", "name": "root", "notes": "x", "shares": [{"user": "admin", "access_type": "view"}]}
    report = make({"db01": [account()]}, wanted)
    assert [row["category"] for row in report["findings"]] == ["notes", "unverifiable"]
    assert rows(report, "unverifiable") == [("db01", "root", "shares", "", "", "")]


def test_a_fingerprint_that_differs(make: Make) -> None:
    plan = {"update_write_only": "tracked", "tracking_key": secrets.token_hex(16)}
    report = make(
        {"db01": [account()]}, {"resource": "db01", "name": "root", "command_set": 7}, plan=plan, tracked=True
    )
    assert rows(report, "settings") == [("db01", "root", "command_set", "7", "(unknown)", "Not what was last sent.")]


def test_a_word_that_is_not_known_is_not_verified(make: Make, vault: Standin) -> None:
    vault.faults.add(fault="wrong_type", where="operation.Details.EXPIRY STATUS", value="Perhaps", path="/accounts/")
    report = make({"db01": [account()]}, {"resource": "db01", "name": "root"})
    assert rows(report, "unverifiable") == [("db01", "root", "expiry", "", "", "The vault's answer is not understood.")]


def test_an_account_that_could_not_be_read_is_not_extra(make: Make) -> None:
    double = [
        {"resource": "db01", "name": "root"},
        {"resource": "nowhere", "name": "app", "new_name": "x", "state": "present"},
    ]
    report = make(
        {"db01": [account(), account("a"), account("b")]}, *double, {"resource": "db01", "name": "a", "new_name": "b"}
    )
    (unread,) = rows(report, "unreadable")
    assert unread[:2] == ("db01", "b")
    assert "both 'a'" in unread[-1]
    assert [row[1] for row in rows(report, "extra")] == ["a"]
    assert not report["ok"]


def test_what_could_not_be_read(make: Make, vault: Standin) -> None:
    """Of a resource whose list fails, each declared account is told, and of the others each that fails."""
    vault.change(add_resource={"id": "9001", "name": "web01", "accounts": [account()]})
    vault.faults.add(fault="failed", path="/resources/9001/", message="Not today")
    vault.change(add_resource={"name": "web02", "accounts": [{**account(), "id": "9102"}, account("app")]})
    vault.faults.add(fault="failed", path="/accounts/9102", message="Not now")
    report = make({}, *({"resource": name, "name": "root"} for name in ("web01", "web02")), unusable_hosts={"x9": ""})
    found = rows(report, "unreadable")
    assert [row[:2] for row in found] == [("web01", "root"), ("web02", "root"), ("x9", "")]
    assert "Not today" in found[0][-1]
    assert "Not now" in found[1][-1]
    assert found[2][-1] == "The data of this host cannot be used."
    assert [row["account"] for row in report["fine"]] == []
    assert not report["ok"]


@pytest.mark.parametrize("fault", [{"fault": "status", "code": 401}, {"fault": "status", "code": 500}])
@pytest.mark.parametrize("scope", ["managed", "all"])
def test_a_vault_that_cannot_be_read_is_no_report(make: Make, vault: Standin, fault: Any, scope: str) -> None:
    vault.faults.add(**fault)
    plan = {"retries": 0}
    report = make(
        {}, {"resource": "db01", "name": "root"}, {"resource": "db02", "name": "root"}, scope=scope, plan=plan
    )
    assert set(report) == {"ok", "unread"}
    assert not report["ok"]
    assert "failed" in report["unread"]


def test_options_that_cannot_be_used_are_no_report(make: Make) -> None:
    report = make({}, {"resource": "db01", "name": "root", "resource_id": "1"})
    assert "resource and resource_id are both given" in report["unread"]


def test_only_what_was_chosen_makes_it_fail(make: Make) -> None:
    report = make({"db01": [account(expired=True)]}, {"resource": "db01", "name": "root"}, fail_on=["missing"])
    assert report["ok"]
    assert {row["name"]: row["count"] for row in report["categories"] if row["count"]} == {"expired": 1}
    assert [row["name"] for row in report["categories"] if row["fails"]] == ["missing"]


def test_the_order_is_the_same_each_night(make: Make) -> None:
    names = ["z", "a", "m"]
    report = make(
        {"db02": [account(name) for name in names], "db01": [account()]},
        {"resource": "db01", "name": "root"},
        scope="all",
    )
    assert [row[1] for row in rows(report, "extra")] == sorted(names)


@pytest.mark.parametrize(
    ("plan", "options", "words"),
    [
        ("failed", {}, "result of vaultops.pam.pam360_accounts"),
        ({"accounts": []}, {"fail_on": ["mising"]}, "fail_on must be a list of: missing, extra"),
        ({"accounts": []}, {"exceptions": "- x"}, "exceptions: Entry 1: it must be a mapping"),
        ({"accounts": [], "found": {"resources": []}}, {"time": "now"}, "'now' is not a time such as"),
    ],
)
def test_bad_input(plan: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        drift_report(plan, **{"time": TIME, **options})


def test_the_role_names_what_the_filters_know() -> None:
    spec = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = spec["argument_specs"]["main"]["options"]
    assert options["drift_report_fail_on"]["choices"] == list(CATEGORIES)
    assert options["drift_report_fail_on"]["default"] == list(FAILS)
    assert options["drift_report_formats"]["choices"] == list(FORMATS)
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    for name, option in options.items():
        if "default" in option:
            assert defaults[name] == option["default"]


# What the role asks, and the check of its variables


def test_no_password_is_asked_about() -> None:
    secret = secrets.token_hex(8)
    given = [{"name": "root", "password": secret, "update_password": "on_drift", "purge": True, "notes": "x"}]
    assert asked(given) == [
        {"name": "root", "notes": "x", "update_password": "on_create", "update_write_only": "on_edit", "purge": False}
    ]
    assert asked(given, True) == [
        {"name": "root", "notes": "x", "update_password": "on_create", "update_write_only": "tracked", "purge": True}
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [("root", "must be a list"), ({"name": "root"}, "must be a list"), ([{}, "s3cret"], r"\[1\] must be a dictionary")],
)
def test_accounts_that_are_none(given: Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words) as caught:
        asked(given)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("dir", "/srv", ""),
        ("dir", "", "drift_report_dir must name a folder."),
        ("name", "x", ""),
        ("name", "", "drift_report_name must name the files"),
        ("name", "../x", "drift_report_name must name the files"),
        ("accounts", [{"name": "root"}], ""),
        ("accounts", "root", "drift_report_accounts must be a list. Even a single entry begins with a dash."),
        ("accounts", [{}, "root"], "drift_report_accounts[1] must be a dictionary of options."),
        ("fail_on", [], ""),
        ("fail_on", ["expired"], ""),
        (
            "fail_on",
            "expired,extra",
            "drift_report_fail_on must be a list, such as [missing, extra]. On the command line",
        ),
        ("fail_on", {"expired": 1}, "drift_report_fail_on must be a list"),
        ("fail_on", ["mising"], "drift_report_fail_on names mising, and knows missing, extra"),
        ("formats", ["html", "junit"], ""),
        ("formats", ["pdf"], "drift_report_formats names pdf, and knows html, csv, json, junit."),
        ("time", "2025-11-03 02:30 UTC", ""),
        ("time", "tonight", "drift_report_time: 'tonight' is not a time such as 2026-01-31 02:30:00 UTC"),
    ],
)
def test_variables_that_cannot_be_used(name: str, value: Any, words: str) -> None:
    found = problems({f"drift_report_{name}": value})
    assert found == [] if not words else words in found[0] and len(found) == 1


def test_an_exceptions_file_that_cannot_be_used() -> None:
    assert problems({}, "x: 1") == [
        "drift_report_exceptions_file: The file must hold a list. Each entry begins with a dash."
    ]
