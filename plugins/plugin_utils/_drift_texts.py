# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as CSV and JUnit XML. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ._drift_findings import PARTS
from ._drift_times import moment

# What a spreadsheet takes for the begin of a formula, and signs that may stand before it.
FORMULA = ("=", "+", "-", "@", "\u2212")
BEFORE = frozenset(";,%|")
# A program may split at other signs than the comma, and so begin a new cell inside of this one.
DELIMITERS = frozenset(";|\t\r\n")
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # controls, blanks, byte order and direction marks
COLUMNS = (
    *PARTS,
    "owner",
    "department",
    "password_age_days",
    "open_since",
    "accepted_by",
    "accepted_until",
    "time",
    "vault",
    "scope",
    "limit",
    "user",
    "job",
    "controller",
    "collection_version",
    "commit",
)
# XML 1.0 has no place for these, not even escaped.
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def csv_of(report: Mapping[str, Any]) -> str:
    """Return the findings as RFC 4180 has it, each with what is known of the run, so that files can be joined."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # quotes where needed, ends lines with CR and LF
    writer.writerow(COLUMNS)
    run = {**report["run"], **{name: report[name] for name in ("time", "vault", "scope", "limit")}}
    for finding in report["findings"]:
        accepted = finding["accepted"] or {}
        row = {
            **finding,
            **run,
            "password_age_days": "" if finding["age_days"] is None else finding["age_days"],
            "open_since": finding["since"],
            "accepted_by": accepted.get("accepted_by", ""),
            "accepted_until": accepted.get("expires", ""),
        }
        writer.writerow([cell(str(row[column])) for column in COLUMNS])
    return text.getvalue()


def cell(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula: with an apostrophe before what looks like one."""
    parts, begins = [], False
    for sign in text:
        if begins and _begins_formula(sign):
            parts.append("'")
        begins = sign in DELIMITERS or (begins and _goes_before(sign))
        parts.append(sign)
    before = "".join(itertools.takewhile(_goes_before, text))
    first = text[len(before) : len(before) + 1]
    front = _begins_formula(first) or "|" in before or text[:1] in ("\t", "\r", "\n")
    return f"'{''.join(parts)}" if front else "".join(parts)


def _begins_formula(sign: str) -> bool:
    return unicodedata.normalize("NFKC", sign)[:1] in FORMULA  # wide and small forms too


def _goes_before(sign: str) -> bool:
    return sign in BEFORE or _unseen(sign)


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN


def junit_of(report: Mapping[str, Any]) -> str:
    """Return a test suite for each resource, and in it a test case for each account that was looked at.

    A finding of a category that fails is a failure, one that could not be read an error, an accepted one is skipped.
    """
    fails = {row["name"] for row in report["categories"] if row["fails"]}
    titles = {row["name"]: row["title"] for row in report["categories"]}
    cases: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in (*report["fine"], *report["findings"]):
        findings = cases.setdefault(row["resource"], {}).setdefault(row["account"], [])
        if "category" in row:
            findings.append(row)
    root = ET.Element("testsuites", name=_xml(f"Drift report: {report['title']}"))
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for resource, accounts in sorted(cases.items()):
        suite = ET.SubElement(root, "testsuite", name=_xml(resource))
        suite.set("timestamp", moment(report["time"]).strftime("%Y-%m-%dT%H:%M:%S"))
        counts = dict.fromkeys(totals, 0)
        properties = ET.SubElement(suite, "properties")
        for name, value in {**report["run"], "vault": report["vault"], "scope": report["scope"]}.items():
            ET.SubElement(properties, "property", name=name, value=_xml(value))
        for account, findings in sorted(accounts.items()):
            case = ET.SubElement(suite, "testcase", classname=_xml(resource), name=_xml(account or "(resource)"))
            counts["tests"] += 1
            kind, rows = _outcome(findings, fails)
            if kind:
                counts[{"failure": "failures", "error": "errors", "skipped": "skipped"}[kind]] += 1
                words = "\n".join(_xml(_in_words(row, titles)) for row in rows)
                outcome = ET.SubElement(case, kind, message=words.split("\n", maxsplit=1)[0])
                if kind != "skipped":
                    outcome.set("type", ",".join(sorted({row["category"] for row in rows})))
                outcome.text = words
        for name, count in counts.items():
            suite.set(name, str(count))
            totals[name] += count
    for name, count in totals.items():
        if name != "skipped":
            root.set(name, str(count))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _outcome(findings: list[Mapping[str, Any]], fails: set[str]) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the kind of the outcome, ``""`` for a test that passes, and the findings that make it so."""
    open_rows = [row for row in findings if not row["accepted"] and row["category"] in fails]
    unread = [row for row in open_rows if row["category"] == "unreadable"]
    accepted = [row for row in findings if row["accepted"]]
    if unread:
        return "error", unread
    if open_rows:
        return "failure", open_rows
    return ("skipped", accepted) if accepted else ("", [])


def _in_words(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    values = f"declared: {row['wanted']!r}, in the vault: {row['actual']!r}" if row["wanted"] or row["actual"] else ""
    until = (
        f"accepted until {row['accepted']['expires']} by {row['accepted']['accepted_by']}" if row["accepted"] else ""
    )
    parts = [row["setting"], values, row["detail"], until, f"open since {row['since']}"]
    return f"{titles[row['category']]}: {'; '.join(filter(None, parts))}"


def _xml(text: str) -> str:
    return NO_XML.sub("\ufffd", text)
