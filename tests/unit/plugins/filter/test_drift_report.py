# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: what the filters make of the results of the modules, and that the page escapes all it shows."""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import drift_report as report_filter
from ansible_collections.vaultops.pam.plugins.filter import drift_report_csv as csv_filter
from ansible_collections.vaultops.pam.tests.unit._call import call
from pam360_standin import Standin

ROLE = Path(__file__).parents[4] / "roles" / "drift_report"
TEMPLATE = ROLE / "templates" / "drift_report.html.j2"
CHANGED = "Oct 12, 2025 02:15 AM"
ODD = "</td><script>alert(\"x\")</script> & 'ä😀' {{ 7 * 7 }}"
Report = dict[str, Any]
Make = Callable[..., Report]
drift_report = report_filter.FilterModule().filters()["drift_report"]
to_csv = csv_filter.FilterModule().filters()["drift_report_csv"]


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
    """Report on accounts, with the results of the modules themselves."""

    def report(resources: Mapping[str, list[dict[str, Any]]], *accounts: dict[str, Any], **options: Any) -> Report:
        for name, rows in resources.items():
            vault.change(add_resource={"name": name, "accounts": rows})
        connection = {"url": vault.url, "token": vault.token}
        more = options.pop("plan", {})
        plan, _text = call(
            "pam360_accounts", {**connection, "accounts": accounts, "create_resources": True, **more}, check=True
        )
        found, _text = call("pam360_account_info", {**connection, "details": True})
        result: Report = drift_report(plan, [found], **options)
        assert vault.journal.writes() == []
        return result

    return report


def rows(report: Report, category: str) -> list[tuple[str, ...]]:
    """Return the findings of a category without its name."""
    return [tuple(row.values())[1:] for row in report["findings"] if row["category"] == category]


def test_nothing_to_report(make: Make) -> None:
    report = make({"db01": [account(notes="x")]}, {"resource": "db01", "name": "root", "notes": "x"})
    assert report["ok"]
    assert report["findings"] == []
    assert report["summary"] == {
        "resources": 1,
        "accounts_declared": 1,
        "accounts_as_declared": 1,
        "accounts_in_vault": 1,
        "requests": 5,
    }


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


def test_a_resource_that_could_not_be_read() -> None:
    failed = {"item": "db01", "msg": "Reading resource 'db01' failed", "failed": False}
    report = drift_report({"accounts": []}, [failed])
    assert rows(report, "unreadable") == [("db01", "", "", "", "", "Reading resource 'db01' failed")]
    assert not report["ok"]


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
        ({"msg": "failed"}, {}, "result of vaultops.pam.pam360_accounts"),
        ({"accounts": []}, {"scope": "some"}, "scope must be managed or all"),
        ({"accounts": []}, {"fail_on": ["mising"]}, "fail_on a list of: missing, extra"),
    ],
)
def test_bad_input(plan: dict[str, Any], options: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        drift_report(plan, [], **options)


def test_the_role_names_the_categories_of_the_filter() -> None:
    spec = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = spec["argument_specs"]["main"]["options"]
    assert options["drift_report_fail_on"]["choices"] == list(report_filter.CATEGORIES)
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    for name, option in options.items():
        if "default" in option:
            assert defaults[name] == option["default"]


# CSV


def cells(*texts: str) -> list[str]:
    """Return the texts as they come out of the CSV of one finding."""
    finding = dict(zip(csv_filter.COLUMNS, [*texts, *[""] * (len(csv_filter.COLUMNS) - len(texts))]))
    text = to_csv([finding])
    heading, row = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert heading == list(csv_filter.COLUMNS)
    assert text.endswith("\r\n")
    return row[: len(texts)]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", " =", "\t", "\r", "\n", "\uff1d", "\u00a0=", "\n="])
def test_a_cell_is_no_formula(begin: str) -> None:
    assert cells(f"{begin}1+1") == [f"'{begin}1+1"]


@pytest.mark.parametrize("text", ["", " ", "root", "a=b", 'say "x", y;\r\nz', "ä😀", "'=1", ODD])
def test_other_cells_are_as_they_are(text: str) -> None:
    assert cells("x", text, "y") == ["x", text, "y"]


@pytest.mark.parametrize("wrong", ["text", [{}], [1], None])
def test_what_is_no_list_of_findings(wrong: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="findings of a drift report"):
        to_csv(wrong)


# The page


class Page(HTMLParser):
    """Elements and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(report: Report, **words: str) -> Page:
    """Render the page as Ansible does: without escaping of its own."""
    environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)  # noqa: S701
    shown = {"title": "Accounts", "time": "now", "vault": "https://vault", "scope": "managed", **words, **report}
    return Page(environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(__drift_report=shown))


def test_every_value_of_the_page_is_escaped() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    for expression in re.findall(r"\{\{(.*?)\}\}", text):
        constant = re.fullmatch(
            r" (shown\.append\(\(key, title\)\) or ''|'[^']*' if .* else '[^']*'|' [^']*' if [^']*) ", expression
        )
        assert constant or expression.endswith("| e "), expression


def test_hostile_names_are_texts(make: Make) -> None:
    there = [account(ODD, notes=ODD, custom_fields={"Team": ODD}), account("short", password=secrets.token_hex(2))]
    report = make(
        {ODD: there}, {"resource": ODD, "name": ODD, "notes": "", "custom_fields": {"Team": "x"}, "owner": "admin"}
    )
    shown = page(report, title=ODD, time=ODD, vault=ODD)
    tags = {tag for tag, _attributes in shown.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "form"}
    assert shown.texts.count(ODD) >= 3 + 2 * len(report["findings"]) - 1
    assert not [
        attributes for _tag, attributes in shown.elements if any(ODD in str(value) for value in attributes.values())
    ]


def test_the_page_needs_nothing_from_elsewhere(make: Make) -> None:
    shown = page(make({}, {"resource": "db01", "name": "root"}))
    links = [
        value for _tag, attributes in shown.elements for key, value in attributes.items() if key in ("src", "href")
    ]
    ids = {attributes.get("id") for _tag, attributes in shown.elements}
    assert links == ["#missing"]
    assert {"missing", "missing-title"} <= ids
    assert ("html", {"lang": "en"}) in shown.elements


def test_the_page_of_a_clean_vault_says_so(make: Make) -> None:
    shown = page(make({"db01": [account()]}, {"resource": "db01", "name": "root"}))
    assert "No drift" in shown.texts
    assert [attributes["id"] for tag, attributes in shown.elements if tag == "section" and "id" in attributes] == []
