# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report takes of the reports before it: the trend, and since when a finding is open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_end import json_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_history import former_reports, percent
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_times import moment
from ansible_collections.vaultops.pam.tests.unit._drift_world import EXTRA, TIME, entry, missing, plan, report, there


def former(time: str, result: dict[str, Any], *before: str, **given: Any) -> str:
    """Return the JSON file of a report that knew those *before*."""
    return json_of(report(result, time=time, former=before, **given))


def test_since_when_a_finding_is_open() -> None:
    first = former("2025-11-01 02:30:00 UTC", plan(entry(), found=EXTRA))
    second = former("2025-11-02 02:30:00 UTC", plan(entry(), found=EXTRA), first)
    made = report(plan(entry(), found=[*EXTRA, there(name="new")]), former=[second])
    assert [(row["account"], row["since"]) for row in made["findings"]] == [
        ("guest", "2025-11-01 02:30:00 UTC"),
        ("new", TIME),
    ]


def test_what_was_closed_in_between_is_new() -> None:
    first = former("2025-11-01 02:30:00 UTC", plan(entry(), found=EXTRA))
    second = former("2025-11-02 02:30:00 UTC", plan(entry()), first)
    assert report(plan(entry(), found=EXTRA), former=[first, second])["findings"][0]["since"] == TIME


@pytest.mark.parametrize("kind", ["elsewhere", "unread"])
def test_a_report_that_did_not_look_closes_nothing(kind: str) -> None:
    first = former("2025-11-01 02:30:00 UTC", plan(entry(), found=EXTRA))
    unread = plan(entry(failed=True, msg="Not today"), found=[])
    between = former("2025-11-02 02:30:00 UTC", plan(entry("web01")) if kind == "elsewhere" else unread)
    made = report(plan(entry(), found=EXTRA), former=[between, first])
    assert made["findings"][0]["since"] == "2025-11-01 02:30:00 UTC"


def test_the_trend_is_of_reports_about_the_same() -> None:
    texts = [former(f"2025-11-0{number} 02:30:00 UTC", plan(entry(), missing(name="app"))) for number in (2, 1)]
    others = [{"vault": "https://other"}, {"scope": "all"}, {"title": "Other"}, {"run": {"limit": "db01"}}]
    texts += [former("2025-11-01 12:00:00 UTC", plan(entry()), **other) for other in others]
    texts.append(former("2025-11-04 02:30:00 UTC", plan(entry())))  # of the future
    made = report(plan(entry()), former=texts)
    assert made["trend"] == [
        {"time": "2025-11-01 02:30:00 UTC", "as_declared": 1, "declared": 2, "findings": 1},
        {"time": "2025-11-02 02:30:00 UTC", "as_declared": 1, "declared": 2, "findings": 1},
        {"time": TIME, "as_declared": 1, "declared": 1, "findings": 0},
    ]


def test_the_trend_goes_on_in_a_file_that_is_replaced() -> None:
    text = former("2025-09-01 00:00:00 UTC", plan(entry()))
    for number in range(1, 41):
        text = former(f"2025-10-01 00:{number:02}:00 UTC", plan(entry()), text)
    made = report(plan(entry()), former=[text])
    assert len(made["trend"]) == 30
    assert made["trend"][0]["time"] == "2025-10-01 00:12:00 UTC"


GOOD = former("2025-11-01 02:30:00 UTC", plan(entry(), found=EXTRA))
WRONG: list[Any] = ["2099-01-01 00:00:00 UTC", None, 1, -1, True, 1.5, "x", [], {}, [1], {"x": 1}, 10**20]


def _spoilt() -> list[str]:
    texts = ["", "{", "[]", "null", '"x"', "[" * 100_000, GOOD[:-20]]
    for key in json.loads(GOOD):
        texts += [json.dumps({**json.loads(GOOD), key: value}) for value in WRONG]
        texts.append(json.dumps({name: value for name, value in json.loads(GOOD).items() if name != key}))
    for part, key in (("share", "declared"), ("findings", "since"), ("findings", "resource"), ("trend", "time")):
        for value in WRONG:
            spoilt = json.loads(GOOD)
            (spoilt[part] if isinstance(spoilt[part], dict) else spoilt[part][0])[key] = value
            texts.append(json.dumps(spoilt))
    return texts


def test_files_of_any_content_do_no_harm() -> None:
    for text in _spoilt():
        made = report(plan(entry(), found=EXTRA), former=[text])
        assert made["findings"][0]["since"] in (TIME, "2025-11-01 02:30:00 UTC")
        for point in made["trend"]:
            assert moment(point["time"]) <= moment(TIME)
    assert former_reports(["{}", GOOD, "x"])[0].open == {("extra", "db01", "guest", ""): "2025-11-01 02:30:00 UTC"}


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, None), (0, 3, 0.0), (2, 3, 66.6), (2999, 3000, 99.9), (3, 3, 100.0)]
)
def test_a_share_is_never_rounded_up(part: int, whole: int, share: float | None) -> None:
    assert percent(part, whole) == share
