# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the drift report says and leaves at its end. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ._drift_page import page_of
from ._drift_texts import csv_of, junit_of

Report = Mapping[str, Any]
SHOWN = 5  # names of hosts in one line
ENDINGS = {"html": "html", "csv": "csv", "json": "json", "junit": "junit.xml"}


def json_of(report: Report) -> str:
    """Return the report for programs."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {"html": page_of, "csv": csv_of, "json": json_of, "junit": junit_of}


def end_of(report: Report, formats: Sequence[str], path: str, summary: str = "", *, written: bool) -> dict[str, Any]:
    """Return ``files`` by path, ``outcome``, ``message``, ``lines``, ``findings`` as CSV, and ``stats``."""
    if "unread" in report:
        message = f"NO REPORT: {report['unread']}"
        stats = {"outcome": "no_report", "ok": False, "message": message}
        files = {summary: json_of(stats)} if summary else {}
        return {
            "files": files,
            "outcome": "no_report",
            "message": message,
            "lines": [message],
            "findings": [],
            "stats": stats,
        }
    texts = {name: encodable(FORMATS[name](report)) for name in FORMATS if name in formats}
    outcome = "ok" if report["ok"] else "drift"
    paths = {name: f"{path}.{ENDINGS[name]}" for name in texts}
    stats = _stats(report, outcome, paths if written else {})
    files = {paths[name]: text for name, text in texts.items()} | ({summary: json_of(stats)} if summary else {})
    message = f"{outcome.upper()}: {_message(report)} {_place(paths, written)}"
    return {
        "files": files,
        "outcome": outcome,
        "message": message.strip(),
        "lines": _lines(report, paths if written else {}),
        "findings": encodable(csv_of(report)).splitlines() if report["findings"] else [],
        "stats": stats,
    }


def encodable(text: str) -> str:
    """Return *text* so that it can be written: a server may send halves of signs, which no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _message(report: Report) -> str:
    counts = [f"{row['title']}: {row['count']}" for row in report["categories"] if row["fails"] and row["count"]]
    return f"{report['verdict']['headline']}{': ' if counts else ''}{', '.join(counts)}."


def _place(paths: Mapping[str, str], written: bool) -> str:
    if not written:
        return "Nothing was written, in check mode."
    return f"The report is in {', '.join(paths.values())}." if paths else ""


def _lines(report: Report, paths: Mapping[str, str]) -> list[str]:
    """Return the sums, aligned, one line for each category with findings."""
    share = report["share"]
    percent = "" if share["percent"] is None else f" ({share['percent']:g} %)"
    rows = [("as declared", f"{share['as_declared']} of {share['declared']}{percent}")]
    for row in report["categories"]:
        parts = [str(row["count"]), *([f"{row['accepted']} accepted"] if row["accepted"] else [])]
        if row["count"] or row["accepted"]:
            rows.append((row["title"].lower(), ", ".join(parts) + ("" if row["fails"] else ", for information")))
    if report["undeclared"]:
        rows.append(("nothing declared", _hosts(report["undeclared"])))
    rows += [("report", path) for path in paths.values()]
    width = max(len(name) for name, _value in rows)
    return [f"{name:<{width}}  {value}" for name, value in rows]


def _hosts(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} host{'' if len(names) == 1 else 's'}: {', '.join(names[:SHOWN])}{more}"


def _stats(report: Report, outcome: str, paths: Mapping[str, str]) -> dict[str, Any]:
    return {
        "outcome": outcome,
        **{key: report[key] for key in ("ok", "time", "vault", "scope")},
        **{key: report["share"][key] for key in ("percent", "declared", "as_declared")},
        "findings": {row["name"]: row["count"] for row in report["categories"] if row["count"]},
        "undeclared_hosts": len(report["undeclared"]),
        "accepted": sum(row["accepted"] for row in report["categories"]),
        "files": dict(paths),
    }
