# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Former drift reports: the trend, and since when a finding is open. Internal to the collection; pure, without Ansible.

The texts come from files that anybody may have written, so nothing about their shape is taken for granted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ._drift_times import moment

POINTS = 30  # of the trend
KEY = ("category", "resource", "account", "setting")
POINT = ("as_declared", "declared", "findings")
SERIES = ("vault", "scope", "title", "limit")
Key = tuple[str, ...]


@dataclass
class Former:
    """A former report: what it found on which resources, and its part of the trend."""

    time: datetime
    series: Key
    points: list[dict[str, Any]]
    open: dict[Key, str] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)


def former_reports(texts: Iterable[str]) -> list[Former]:
    """Return the reports among the contents of files, the newest first; what is not a report is left out."""
    found = [report for report in map(_former, texts) if report]
    return sorted(found, key=lambda report: report.time, reverse=True)


def _former(text: str) -> Former | None:
    try:
        report = json.loads(text)
        time = moment(report["time"])
        point = {"time": str(report["time"]), **{key: _count(report["share"][key]) for key in POINT}}
        former = Former(time, tuple(_text(report[key]) for key in SERIES), [point])
        former.points += [
            {"time": _text(old["time"]), **{key: _count(old[key]) for key in POINT}}
            for old in report["trend"]
            if moment(old["time"]) < time
        ]
        for finding in report["findings"]:
            since = _text(finding["since"])
            if moment(since) <= time:
                former.open[key_of(finding)] = since
        former.looked_at = {_text(resource["name"]) for resource in report["resources"]}
        former.looked_at |= {key[1] for key in former.open}
        former.looked_at -= {key[1] for key in former.open if key[0] == "unreadable"}
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return former


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
        raise TypeError
    return value


def key_of(finding: Mapping[str, Any]) -> Key:
    """Return what tells a finding from others, in each report."""
    return tuple(_text(finding[name]) for name in KEY)


def open_since(finding: Mapping[str, str], former: Sequence[Former], now: str) -> str:
    """Return the time of the report that saw it first, without a report in between that looked and did not see it."""
    key = key_of(finding)
    for report in former:
        if key in report.open:
            return report.open[key]
        if finding["resource"] in report.looked_at:
            break
    return now


def trend(former: Iterable[Former], series: Key, current: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the last points of the reports about the same, the oldest first, *current* at the end."""
    points: dict[datetime, dict[str, Any]] = {}
    for report in former:
        if report.series == series:
            for point in report.points:
                points.setdefault(moment(point["time"]), point)
    before = [points[time] for time in sorted(points) if time < moment(current["time"])]
    return [*before[-POINTS + 1 :], current]


def percent(part: int, whole: int) -> float | None:
    """Return the share in per cent with one place, rounded down: 100 means all. ``None`` of nothing."""
    return part * 1000 // whole / 10 if whole else None
