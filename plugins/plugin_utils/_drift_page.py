# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a drift report. Internal to the collection; pure, without Ansible.

What the page shows is decided here; the template lays it out, and escapes each value by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from ._drift_history import percent
from ._drift_times import moment

TEMPLATE = Path(__file__).absolute().parents[2] / "roles" / "drift_report" / "templates" / "drift_report.html.j2"
BOTH = (("wanted", "Declared"), ("actual", "In the vault"))
DETAIL = (("detail", "Remark"),)
# What a table shows between the account and the time since when it is so.
COLUMNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "missing": DETAIL,
    "extra": (("wanted", "Declared"), *DETAIL),
    "policy": (*BOTH, *DETAIL),
    "notes": (*BOTH, *DETAIL),
    "custom_fields": (("setting", "Custom field"), *BOTH, *DETAIL),
    "settings": (("setting", "Setting"), *BOTH, *DETAIL),
    "not_compliant": (("actual", "The vault says"), ("detail", "Reason")),
    "expired": (("actual", "The vault says"), *DETAIL),
    "never_rotated": DETAIL,
    "unverifiable": (("setting", "Not shown by the vault"), *DETAIL),
    "unreadable": (("detail", "What happened"),),
}
SCOPES = {"managed": "resources with declared accounts", "all": "all resources that the API user sees"}
WIDTH, HEIGHT, MARGIN = 260, 56, 4  # of the curve of the trend
Row = Mapping[str, Any]


def page_of(report: Row) -> str:
    """Return the page as text."""
    passed = [category for category in report["categories"] if category["count"]]
    return _template(str(TEMPLATE)).render(
        report=report,
        facts=_facts(report),
        share=_share(report),
        trend=_trend(report["trend"]),
        tiles=(
            ("What differs", report["categories"][:6]),
            ("Passwords, and what is not known", report["categories"][6:]),
        ),
        tables=[_table(category, report) for category in passed if category["fails"]],
        folded=[_folded(category, report) for category in passed if not category["fails"]],
        accepted=[_with_words(row, report) for row in report["findings"] if row["accepted"]],
        idle=[entry for entry in report["exceptions"] if entry["state"] != "in force"],
        fine=_by_resource(report["fine"]),
    )


@lru_cache(maxsize=1)
def _template(path: str) -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(Path(path).read_text(encoding="utf-8"))


def _facts(report: Row) -> list[tuple[str, str]]:
    """Return who made the report, when, and about what; what is not known is left out."""
    run = report["run"]
    known = (
        ("Made", report["time"]),
        ("By", run["user"]),
        ("Job", run["job"]),
        ("On", run["controller"]),
        ("Vault", report["vault"]),
        ("Looked at", SCOPES[report["scope"]]),
        ("Limited to", report["limit"]),
        ("Playbooks", f"commit {run['commit'][:12]}" if run["commit"] else ""),
        ("Collection", f"vaultops.pam {run['collection_version']}" if run["collection_version"] else ""),
    )
    return [(name, value) for name, value in known if value]


def _share(report: Row) -> dict[str, str]:
    share = report["share"]
    shown = "no accounts" if share["percent"] is None else f"{share['percent']:g} %"
    words = f"{share['as_declared']:,} of {share['declared']:,} declared accounts are in the vault as declared"
    return {"number": shown, "words": words, "change": _change(report["trend"])}


def _percent(point: Row) -> float | None:
    return percent(point["as_declared"], point["declared"])


def _change(points: Sequence[Row]) -> str:
    if len(points) < 2:
        return "There is no former report in this folder."
    before, now = _percent(points[-2]), _percent(points[-1])
    when = points[-2]["time"]
    if before is None or now is None or before == now:
        return f"As in the report of {when}."
    return f"{abs(now - before):.1f} points {'more' if now > before else 'less'} than in the report of {when}."


def _trend(points: Sequence[Row]) -> dict[str, Any]:
    """Return the curve, from the lowest share to 100 per cent, and its points in words."""
    shares = [(point, share) for point in points if (share := _percent(point)) is not None]
    rows = [
        {"time": point["time"], "share": f"{share:g} %", "findings": point["findings"]}
        for point, share in reversed(shares)
    ]
    if len(shares) < 2:
        return {"line": "", "rows": rows}
    low = min(share for _point, share in shares)
    step, height = (WIDTH - 2 * MARGIN) / (len(shares) - 1), HEIGHT - 2 * MARGIN
    places = [
        (MARGIN + number * step, MARGIN + (100 - share) / ((100 - low) or 1) * height)
        for number, (_point, share) in enumerate(shares)
    ]
    return {
        "line": " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        "end": tuple(f"{part:.1f}" for part in places[-1]),
        "size": (WIDTH, HEIGHT),
        "words": f"{len(shares)} reports, lowest {low:g} %",
        "rows": rows,
    }


def _table(category: Row, report: Row) -> dict[str, Any]:
    rows = [row for row in report["findings"] if row["category"] == category["name"] and not row["accepted"]]
    columns = [
        (key, title)
        for key, title in COLUMNS[category["name"]]
        if key != "detail" or any(row["detail"] for row in rows)
    ]
    return {**category, "columns": columns, "rows": [_with_words(row, report) for row in rows]}


def _with_words(row: Row, report: Row) -> dict[str, Any]:
    """Return *row* with what belongs to the resource, to the account and to the time in words."""
    titles = {category["name"]: category["title"] for category in report["categories"]}
    days = (moment(report["time"]) - moment(row["since"])).days
    new = row["since"] == report["time"]
    return {
        **row,
        "title": titles[row["category"]],
        "about": _about(row),
        "age": _days(row["age_days"], "password "),
        "open": "new" if new else f"{row['since'][:10]} ({_days(days)})",
        "values": [(key, row[key]) for key in ("setting", "wanted", "actual", "detail") if row[key]],
    }


def _about(row: Row) -> str:
    return ", ".join(filter(None, (row["owner"], row["department"])))


def _days(days: int | None, before: str = "") -> str:
    return "" if days is None else f"{before}{days} day{'' if days == 1 else 's'}{' old' if before else ''}"


def _folded(category: Row, report: Row) -> dict[str, Any]:
    """Join the rows that are equal apart from the account."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in report["findings"]:
        if row["category"] == category["name"] and not row["accepted"]:
            groups.setdefault(tuple(row[key] for key in ("setting", "wanted", "actual", "detail")), []).append(row)
    joined = [
        {
            "count": f"{len(rows):,} account{'' if len(rows) == 1 else 's'}",
            "words": "; ".join(filter(None, words)),
            "where": _by_resource(rows),
        }
        for words, rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    return {**category, "groups": joined}


def _by_resource(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return one entry for each resource, with its accounts and the age of their passwords."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(row["resource"], {"resource": row["resource"], "about": _about(row), "accounts": []})
        entry["accounts"].append((row["account"], _days(row["age_days"])))
    return list(found.values())
