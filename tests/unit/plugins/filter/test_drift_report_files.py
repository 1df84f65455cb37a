# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the drift report: CSV and JUnit for programs, the page for people, and what is said at the end."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from junitparser import Error, Failure, JUnitXml, Skipped

from ansible_collections.vaultops.pam.plugins.filter import drift_report_files as files_filter
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_end import end_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_page import page_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_texts import COLUMNS, cell, csv_of, junit_of
from ansible_collections.vaultops.pam.tests.unit._drift_world import (
    EXTRA,
    ODD,
    TIME,
    entry,
    missing,
    plan,
    report,
    there,
)

TEMPLATE = Path(__file__).parents[4] / "roles" / "drift_report" / "templates" / "drift_report.html.j2"
ACCEPTED = (
    "- {resource: db01, account: guest, category: extra, accepted_by: J, accepted_on: 2025-10-01, expires: 2026-01-01}"
)
RUN = {"user": "jdoe", "job": "AWX job 7", "commit": "a" * 40, "collection_version": "0.1.0", "controller": "c1"}
to_files = files_filter.FilterModule().filters()["drift_report_files"]
CONTROLS = "a\x00b\x1b\ufffe\ud800\x85c"


def rich(name: str = "db01", word: str = "x") -> dict[str, Any]:
    """Return a report with all kinds of findings, an accepted one and a former report; all texts hold *word*."""
    diff = {
        "before": {"notes": word, "custom_fields": {}},
        "after": {"notes": f"{word}!", "custom_fields": {word: word}},
    }
    wanted = [
        entry(name, word, changed=True, diff=diff),
        missing(name, f"{word} gone"),
        entry(name, "shy", unverified=["shares"]),
        entry(name, "bad", failed=True, msg=word),
        entry(name, "old"),
    ]
    found = [
        there(name, word),
        there(name, "shy"),
        there(name, "guest"),
        there(name, "old", expired=True, expiry_status=word, last_modified_time=""),
        there(name, "weak", compliant=False, compliant_status=word, compliant_reason=word),
    ]
    words = {"title": word, "vault": word, "run": {**RUN, "user": word}}
    text = json.dumps(report(plan(entry(name)), time="2025-11-02 02:30:00 UTC", **words))
    exceptions = json.dumps(
        [
            {"resource": "*", "account": "guest", "category": "extra", "accepted_by": word, "reason": word}
            | {"accepted_on": "2025-10-01", "expires": expires}
            for expires in ("2026-01-01", "2025-10-02")
        ]
    )
    return report(plan(*wanted, found=found), former=[text], exceptions=exceptions, **words)


# CSV

BEGINS = ["=", "+", "-", "@", "\t", "\r", "\n", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u2212"]
BEFORE = ["", " ", "\u00a0", "\ufeff", "\u200b", "\u200e", "\u202e", "\u2066", "\x00", "%", ";", ",", "\u3000"]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("begin", BEGINS)
def test_a_cell_is_no_formula(begin: str, before: str) -> None:
    """Whatever sign is not looked at before it, in any width."""
    text = cell(f"{before}{begin}1+1")
    if begin in "\t\r\n" and before:  # a sign that is not shown in the middle of a text
        assert text == f"{before}{begin}1+1"
    else:
        assert text.startswith("'")
        assert text.replace("'", "") == f"{before}{begin}1+1"


@pytest.mark.parametrize("delimiter", [";", "|", "\t", "\r", "\n"])
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "%"])
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\uff1d"])
def test_a_program_that_splits_at_other_signs_gets_no_formula(begin: str, before: str, delimiter: str) -> None:
    assert cell(f"x{delimiter}{before}{begin}1") == f"x{delimiter}{before}'{begin}1"


@pytest.mark.parametrize("text", ["", " ", "root", "a=b", 'say "x", y;\r\nz', "ä😀", "'=1", "50%", "a|b", "x; y", ODD])
def test_other_cells_are_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_the_lines_can_be_joined_with_those_of_other_nights() -> None:
    made = rich(word=ODD)
    heading, *lines = csv.DictReader(io.StringIO(csv_of(made), newline=""), strict=True, restkey="more"), 0
    rows = list(heading)
    assert lines == [0]
    assert len(rows) == len(made["findings"])
    for row, finding in zip(rows, made["findings"]):
        assert list(row) == list(COLUMNS)
        assert (row["category"], row["resource"], row["account"]) == tuple(list(finding.values())[:3])
        assert (row["time"], row["vault"], row["user"], row["job"]) == (TIME, ODD, ODD, "AWX job 7")
        assert (row["owner"], row["department"]) == ("admin", "Finance")
        assert row["password_age_days"] == ("" if finding["age_days"] is None else "22")
    (accepted,) = (row for row in rows if row["accepted_by"])
    assert (accepted["account"], accepted["accepted_until"]) == ("guest", "2026-01-01")


def test_a_night_without_findings_is_a_line_of_headings() -> None:
    assert csv_of(report(plan(entry()))) == ",".join(COLUMNS) + "\r\n"


# JUnit, read by a parser that pipelines use


def cases(made: dict[str, Any]) -> tuple[JUnitXml, dict[str, list[Any]]]:
    """Return the document, and the results of each test case."""
    parsed = JUnitXml.fromstring(junit_of(made).encode())
    return parsed, {case.name: list(case.result) for suite in parsed for case in suite}


def test_each_account_is_a_test_case() -> None:
    parsed, found = cases(rich())
    kinds = {name: [type(result) for result in results] for name, results in found.items()}
    assert kinds == {
        "x": [Failure],
        "x gone": [Failure],
        "shy": [],
        "bad": [Error],
        "old": [Failure],
        "guest": [Skipped],
        "weak": [Failure],
    }
    (suite,) = parsed
    assert (suite.name, suite.timestamp) == ("db01", "2025-11-03T02:30:00")
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (7, 4, 1, 1)
    assert (parsed.tests, parsed.failures, parsed.errors) == (7, 4, 1)
    assert {item.name: item.value for item in suite.properties()}["job"] == "AWX job 7"
    assert found["x"][0].type == "custom_fields,notes"
    assert (
        found["x"][0].message == "Notes: notes; declared: 'x!', in the vault: 'x'; open since 2025-11-03 02:30:00 UTC"
    )
    assert "Custom fields: x; declared: 'x'" in found["x"][0].text
    assert found["guest"][0].message.endswith("accepted until 2026-01-01 by x; open since 2025-11-03 02:30:00 UTC")


@pytest.mark.parametrize("word", [ODD, CONTROLS, "]]>", "&lt;", "\u202e"])
def test_no_text_breaks_the_document(word: str) -> None:
    parsed, found = cases(rich(word, word))
    assert len(found) == 7
    (suite,) = parsed
    assert suite.name == re.sub("[\x00\x1b\ufffe\ud800]", "\ufffd", word)


def test_a_clean_vault_is_green() -> None:
    parsed, found = cases(report(plan(entry(), entry("web01", "app"))))
    assert found == {"root": [], "app": []}
    assert (parsed.tests, parsed.failures, parsed.errors) == (2, 0, 0)
    assert [suite.name for suite in parsed] == ["db01", "web01"]


def test_what_was_not_looked_at_is_an_error() -> None:
    assert [type(one) for one in cases(report(plan(), unusable={"db09": ""}))[1]["(resource)"]] == [Error]


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
        if data.strip():
            self.texts.append(data)

    def ids(self) -> list[str | None]:
        """Return the sections."""
        return [attributes.get("id") for tag, attributes in self.elements if tag == "section"]


def page(made: dict[str, Any]) -> Page:
    """Return the page of a report."""
    return Page(page_of(made))


def test_nothing_in_the_template_goes_past_the_escaping() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|Markup|mark_safe", text)
    assert not re.search(r"=\s*\{\{|=\{\{", text)  # each attribute is quoted


def test_hostile_names_are_texts() -> None:
    shown = page(rich(ODD, ODD))
    assert not {tag for tag, _attributes in shown.elements} & {"script", "img", "link", "iframe", "object", "form"}
    assert shown.texts.count(ODD) > 15
    assert not [1 for _tag, attributes in shown.elements if any(ODD in str(value) for value in attributes.values())]
    plain = page(rich("db01", "x"))
    assert [tag for tag, _attributes in shown.elements] == [tag for tag, _attributes in plain.elements]


def test_the_page_needs_nothing_from_elsewhere() -> None:
    shown = page(rich())
    links = [
        value for _tag, attributes in shown.elements for key, value in attributes.items() if key in ("src", "href")
    ]
    assert links
    assert all(str(link).removeprefix("#") in shown.ids() for link in links)
    assert ("html", {"lang": "en"}) in shown.elements
    assert "default-src 'none'" in page_of(rich())


def test_the_sections_of_a_page() -> None:
    assert page(rich()).ids() == [
        "missing",
        "extra",
        "notes",
        "custom_fields",
        "not_compliant",
        "expired",
        "unreadable",
        "never_rotated",
        "unverifiable",
        "accepted",
        "fine",
        "trend",
        None,
    ]
    assert page(report(plan(entry()))).ids() == ["fine", None]


def test_what_stands_on_top() -> None:
    text = " ".join(page(rich()).texts)
    assert "20 %" not in text
    assert "40 %" in text
    assert "2 of 5 declared accounts are in the vault as declared" in text
    assert "60.0 points less than in the report of 2025-11-02 02:30:00 UTC." in text
    for fact in ("AWX job 7", "c1", "commit aaaaaaaaaaaa", "vaultops.pam 0.1.0", "resources with declared accounts"):
        assert fact in text
    clean = " ".join(page(report(plan(entry()))).texts)
    assert "No drift" in clean
    assert "There is no former report in this folder." in clean


@pytest.mark.parametrize(("accounts", "change"), [((True,), "As in the"), ((True, False), "50.0 points less")])
def test_the_change_since_the_last_report(accounts: tuple[bool, ...], change: str) -> None:
    before = json.dumps(report(plan(entry()), time="2025-11-02 02:30:00 UTC"))
    now = plan(
        *(
            entry(name=f"a{number}", changed=not good, diff={"before": {}, "after": {}})
            for number, good in enumerate(accounts)
        )
    )
    assert f"{change} " in " ".join(page(report(now, former=[before])).texts)
    more = json.dumps(report(now, time="2025-11-02 02:30:00 UTC"))
    assert len(accounts) == 1 or "50.0 points more" in " ".join(page(report(plan(entry()), former=[more])).texts)


def test_nothing_declared_has_no_share() -> None:
    before = json.dumps(report(plan(), time="2025-11-02 02:30:00 UTC"))
    text = " ".join(page(report(plan(), former=[before])).texts)
    assert "no accounts" in text
    assert "As in the report of 2025-11-02" in text


def test_equal_rows_are_joined_and_folded() -> None:
    many = [entry(f"db{number:03}", unverified=["record_cli_sessions", "shares"]) for number in range(384)]
    shown = page(report(plan(*many, entry("web01", unverified=["shares"]))))
    assert [text for text in shown.texts if "account" in text and ":" in text and "shares" in text] == [
        "384 accounts: record_cli_sessions, shares",
        "1 account: shares",
    ]
    tags = [tag for tag, _attributes in shown.elements]
    assert tags.count("details") == 1 + 2 + 1  # the category, its two groups, the accounts that are fine
    assert "table" not in tags


def test_since_when_and_how_old() -> None:
    before = json.dumps(report(plan(entry(), found=EXTRA), time="2025-11-01 02:30:00 UTC"))
    text = " ".join(page(report(plan(entry(), found=[*EXTRA, there(name="new")]), former=[before])).texts)
    assert "2025-11-01 (2 days)" in text
    assert " new " in text
    assert "password 22 days old" in text
    assert "admin, Finance" in text


# What is said at the end


@pytest.mark.parametrize(
    ("made", "written", "outcome", "message"),
    [
        (report(plan(entry())), True, "ok", "OK: No drift. The report is in /r/x.html, /r/x.json."),
        (
            report(plan(entry(), missing(name="app"), found=EXTRA)),
            True,
            "drift",
            "DRIFT: 2 findings to look at: Missing: 1, Extra: 1. The report is in /r/x.html, /r/x.json.",
        ),
        (
            report(plan(missing(), found=[there(name="x")]), fail_on=["missing"]),
            False,
            "drift",
            "DRIFT: 1 finding to look at: Missing: 1. Nothing was written, in check mode.",
        ),
        ({"ok": False, "unread": "It is down."}, True, "no_report", "NO REPORT: It is down."),
    ],
)
def test_the_outcome(made: dict[str, Any], written: bool, outcome: str, message: str) -> None:
    end = to_files(made, ["json", "html"], "/r/x", "/r/sums", written)
    assert (end["outcome"], end["message"]) == (outcome, message)
    assert end["stats"]["outcome"] == outcome
    assert end["stats"]["ok"] == (outcome == "ok")
    assert list(end["files"]) == ([] if outcome == "no_report" else ["/r/x.html", "/r/x.json"]) + ["/r/sums"]
    assert json.loads(end["files"]["/r/sums"]) == end["stats"]
    if outcome != "no_report":
        assert end["stats"]["files"] == ({"html": "/r/x.html", "json": "/r/x.json"} if written else {})
        assert json.loads(end["files"]["/r/x.json"]) == made


def test_the_lines_of_the_summary() -> None:
    made = report(plan(entry(unverified=["shares"]), missing(name="app"), found=EXTRA), exceptions=ACCEPTED)
    end = end_of(made, ["junit"], "/r/x", written=True)
    assert end["lines"] == [
        "as declared         1 of 2 (50 %)",
        "missing             1",
        "extra               0, 1 accepted",
        "cannot be verified  1, for information",
        "report              /r/x.junit.xml",
    ]
    assert end["stats"]["findings"] == {"missing": 1, "unverifiable": 1}
    assert end["stats"]["accepted"] == 1
    assert [line.split(",")[:3] for line in end["findings"][1:]] == [
        ["missing", "db01", "app"],
        ["extra", "db01", "guest"],
        ["unverifiable", "db01", "root"],
    ]
    assert "as declared  0 of 0" in end_of(report(plan()), [], "", written=True)["lines"]


@pytest.mark.parametrize(
    ("count", "line"),
    [(1, "1 host: h0"), (5, "5 hosts: h0, h1, h2, h3, h4"), (7, "7 hosts: h0, h1, h2, h3, h4 and 2 more")],
)
def test_hosts_that_declare_nothing_are_told(count: int, line: str) -> None:
    made = report(plan(entry()), undeclared=[f"h{number}" for number in reversed(range(count))])
    end = end_of(made, [], "", written=True)
    assert end["lines"][-1] == f"nothing declared  {line}"
    assert end["stats"]["undeclared_hosts"] == count
    assert page(made).ids() == ["fine", "undeclared", None]


@pytest.mark.parametrize(("given", "formats"), [({}, ["csv"]), ("text", []), (None, []), ({"ok": True}, ["html"])])
def test_what_is_no_report(given: Any, formats: list[str]) -> None:
    with pytest.raises(AnsibleFilterError, match="must be a drift report"):
        to_files(given, formats, "/r/x")


@pytest.mark.parametrize(("word", "shown"), [("\ud83d\ude00", "\U0001f600"), ("a\ud800b", "a\ufffdb")])
def test_each_text_can_be_written(word: str, shown: str) -> None:
    end = to_files(rich(word, word), ["html", "csv", "json", "junit"], "/r/x")
    assert list(end["files"]) == ["/r/x.html", "/r/x.csv", "/r/x.json", "/r/x.junit.xml"]
    for text in (*end["files"].values(), *end["findings"], end["message"]):
        text.encode()
    assert json.loads(end["files"]["/r/x.json"])["title"] == shown


def test_a_format_that_is_none() -> None:
    with pytest.raises(AnsibleFilterError, match="formats must be a list of: html, csv, json, junit"):
        to_files(report(plan()), ["pdf"], "/r/x")
