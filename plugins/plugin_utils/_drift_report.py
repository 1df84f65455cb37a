# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as data: findings, sums, verdict. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ._drift_exceptions import Acceptance
from ._drift_findings import CATEGORIES, Finding, Row, findings_of
from ._drift_history import former_reports, open_since, percent, trend
from ._drift_times import age_in_days, moment

# Findings that are for information unless the caller lets them fail. An account with these alone is fine.
INFORMATION = ("never_rotated", "unverifiable")
FAILS = tuple(name for name in CATEGORIES if name not in INFORMATION)
RUN = ("user", "job", "controller", "collection_version", "commit", "limit")
NOWHERE: Mapping[str, str] = {"owner": "", "department": ""}


@dataclass
class Settings:
    """What the report is about, and how it judges."""

    time: str
    title: str = ""
    vault: str = ""
    scope: str = "managed"
    fail_on: Sequence[str] = FAILS
    tracked: bool = False
    run: Mapping[str, str] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    undeclared: Sequence[str] = ()
    exceptions: Sequence[Acceptance] = ()
    former: Iterable[str] = ()


def report_of(plan: Row, given: Settings) -> dict[str, Any]:
    """Return the report about the result of ``pam360_accounts`` with ``return_found``; all its texts are strings."""
    now = moment(given.time)
    run = {name: str(given.run.get(name) or "") for name in RUN}
    former = [old for old in former_reports(given.former) if old.time < now]
    findings = findings_of(plan, given.unusable, tracked=given.tracked)
    about, ages = _resources(plan), _ages(plan, now)
    used: set[int] = set()
    rows: list[dict[str, Any]] = [
        {
            **finding,
            **about.get(finding["resource"], NOWHERE),
            "age_days": ages.get((finding["resource"], finding["account"])),
            "since": open_since(finding, former, given.time),
            **_acceptance(finding, given.exceptions, now, used),
        }
        for finding in findings
    ]
    open_rows = [row for row in rows if not row["accepted"]]
    counts, accepted = (Counter(row["category"] for row in part) for part in (open_rows, _in(rows, open_rows)))
    categories = [
        {
            "name": name,
            **category._asdict(),
            "count": counts[name],
            "accepted": accepted[name],
            "fails": name in given.fail_on,
        }
        for name, category in CATEGORIES.items()
    ]
    alarms = sum(counts[name] for name in given.fail_on)
    share = {**_share(plan), "findings": alarms}
    point = {"time": given.time, **{key: share[key] for key in ("as_declared", "declared", "findings")}}
    return {
        "ok": not alarms,
        "title": given.title,
        "time": given.time,
        "vault": given.vault,
        "scope": given.scope,
        "limit": run["limit"],
        "run": run,
        "verdict": verdict(categories, alarms),
        "share": share,
        "trend": trend(former, (given.vault, given.scope, given.title, run["limit"]), point),
        "summary": _summary(plan, about, share),
        "categories": categories,
        "findings": rows,
        "exceptions": [
            {**entry.shown(), "state": _state(entry, now, number in used)}
            for number, entry in enumerate(given.exceptions)
        ],
        "fine": _fine(plan, findings, given.fail_on, about, ages),
        "undeclared": sorted(given.undeclared),
        "resources": [{"name": name, **words} for name, words in sorted(about.items())],
    }


def unread(plan: Row) -> str:
    """Return why the vault as a whole could not be read, or ``""``."""
    if "accounts" not in plan or "found" not in plan:
        return str(plan.get("msg") or "The vault could not be read.")
    failed = [entry["msg"] for entry in plan["accounts"] if entry["failed"]]
    nothing = len(failed) == len(plan["accounts"]) and not plan["found"]["resources"]
    return str(failed[0]) if failed and nothing else ""


def _in(rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    known = {id(row) for row in others}
    return [row for row in rows if id(row) not in known]


def _resources(plan: Row) -> dict[str, dict[str, str]]:
    """Return owner and department of each resource that was looked at; of one that is not there, nothing."""
    named = {entry["account"]["resource"] for entry in plan["accounts"] if entry["account"]["resource"]}
    about: dict[str, dict[str, str]] = {name: dict(NOWHERE) for name in named}
    for row in plan["found"]["resources"]:
        about[row["name"]] = {key: str(row.get(key) or "") for key in NOWHERE}
    return about


def _ages(plan: Row, now: datetime) -> dict[tuple[str, str], int | None]:
    return {
        (row["resource"], row["name"]): age_in_days(row["last_modified_time"], now) for row in plan["found"]["accounts"]
    }


def _acceptance(finding: Finding, exceptions: Sequence[Acceptance], now: datetime, used: set[int]) -> dict[str, Any]:
    """Return the exception that covers *finding* and holds, or say which one has expired. Note all that cover it."""
    covering = [number for number, entry in enumerate(exceptions) if entry.covers(finding)]
    used |= set(covering)
    for number in covering:
        if exceptions[number].in_force(now.date()):
            shown = exceptions[number].shown()
            return {"accepted": {key: shown[key] for key in ("accepted_by", "accepted_on", "expires", "reason")}}
    lapsed = [exceptions[number] for number in covering if exceptions[number].expires < now.date()]
    if not lapsed:
        return {"accepted": None}
    last = max(lapsed, key=lambda entry: entry.expires)
    words = f"The exception of {last.accepted_by} expired on {last.expires}."
    return {"accepted": None, "detail": f"{finding['detail']} {words}".strip()}


def _state(entry: Acceptance, now: datetime, used: bool) -> str:
    today = now.date()
    if today > entry.expires:
        return "expired"
    if today < entry.accepted_on:
        return "not yet in force"
    return "in force" if used else "covers nothing"


def _share(plan: Row) -> dict[str, Any]:
    declared = len(plan["accounts"])
    matching = sum(not entry["changed"] and not entry["failed"] for entry in plan["accounts"])
    return {"percent": percent(matching, declared), "as_declared": matching, "declared": declared}


def _summary(plan: Row, about: Mapping[str, Any], share: Row) -> dict[str, int]:
    return {
        "resources": len(about),
        "accounts_declared": share["declared"],
        "accounts_as_declared": share["as_declared"],
        "accounts_in_vault": len(plan["found"]["accounts"]),
        "requests": plan["requests"]["sent"],
    }


def _fine(
    plan: Row,
    findings: Iterable[Finding],
    fail_on: Sequence[str],
    about: Mapping[str, Mapping[str, str]],
    ages: Mapping[tuple[str, str], int | None],
) -> list[dict[str, Any]]:
    """Return the declared accounts that are there and have no finding, apart from information."""
    information = set(INFORMATION) - set(fail_on)
    marked = {(row["resource"], row["account"]) for row in findings if row["category"] not in information}
    declared = {
        (entry["account"]["resource_id"], entry["account"]["account_id"])
        for entry in plan["accounts"]
        if entry["account"]["account_id"] and not entry["failed"]
    }
    return [
        {
            "resource": row["resource"],
            "account": row["name"],
            **about.get(row["resource"], NOWHERE),
            "age_days": ages[row["resource"], row["name"]],
        }
        for row in sorted(plan["found"]["accounts"], key=lambda row: (row["resource"], row["name"]))
        if (row["resource_id"], row["account_id"]) in declared and (row["resource"], row["name"]) not in marked
    ]


def verdict(categories: Sequence[Row], alarms: int) -> dict[str, str]:
    """Return what stands on top: ``level`` (good, note or bad), a headline and a sentence.

    'No drift' is only said where nothing differs, be it accepted or a category that does not fail.
    """
    incomplete = any(row["count"] for row in categories if row["name"] == "unreadable")
    accepted = sum(row["accepted"] for row in categories)
    others = [row for row in categories if row["name"] not in INFORMATION and row["count"] + row["accepted"]]
    remarks = any(row["count"] for row in categories)
    end = " Not everything could be read, so the report is not complete." if incomplete else ""
    if alarms:
        headline = f"{alarms} finding{'' if alarms == 1 else 's'} to look at"
        sentence = "The vault is not as declared, or a password is not as it should be."
        return {"level": "bad", "headline": headline, "sentence": sentence + end}
    if others:
        open_names = [f"{row['title']}: {row['count']}" for row in others if row["count"]]
        headline = "Nothing fails, but the vault is not as declared" if _differs(others) else "Nothing fails"
        parts = [f"Not counted as a failure: {', '.join(open_names)}." if open_names else ""]
        parts.append(f"Accepted exceptions: {accepted}." if accepted else "")
        return {"level": "note", "headline": headline, "sentence": " ".join(filter(None, parts)) + end}
    sentence = "The vault is as declared, as far as it shows." + (" See the remarks below." if remarks else "")
    return {"level": "good", "headline": "No drift", "sentence": sentence}


def _differs(rows: Iterable[Row]) -> bool:
    return any(row["name"] not in ("not_compliant", "expired", "unreadable") for row in rows)
