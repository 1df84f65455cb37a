# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the drift report that need no vault: times, accepted exceptions, the verdict."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_exceptions import acceptances
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_findings import CATEGORIES
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_report import FAILS
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_times import age_in_days, day, moment
from ansible_collections.vaultops.pam.tests.unit._drift_world import CHANGED, EXTRA, entry, missing, plan, report, there

NOW = datetime(2025, 11, 3, 2, 30, tzinfo=timezone.utc)
ACCEPTED = """
- resource: db01
  account: guest
  category: extra
  accepted_by: Jane Doe
  accepted_on: 2025-10-01
  expires: 2025-12-31
  reason: Ticket 4711
"""


# Times


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-03 02:30:00 UTC",
        "2025-11-03 02:30 UTC",
        "2025-11-03T02:30:00Z",
        "2025-11-03T03:30:00+01:00",
        "2025-11-03 03:30:00 +01:00",
        "2025-11-03 02:30:00",
        " 2025-11-03 02:30:00.000000 UTC ",
    ],
)
def test_a_time(text: str) -> None:
    assert moment(text) == NOW


@pytest.mark.parametrize("text", ["", "today", "03.11.2025", 7, None, "2025-13-01 00:00:00 UTC"])
def test_no_time(text: Any) -> None:
    with pytest.raises(ValueError, match="is not a time such as"):
        moment(text)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (CHANGED, 22),
        ("Nov 3, 2025 11:59 PM", 0),
        ("Nov 4, 2025 01:00 AM", 0),
        ("November 2, 2025", 1),
        ("Dec 1, 2021 09:00 PM", 1433),
        ("02 Nov 2025 10:00", 1),
        ("2-Nov-2025", 1),
        ("2025-11-01 10:00:00.0", 2),
        ("", None),
        (None, None),
        ("N/A", None),
        ("Okt 12, 2025 02:15 AM", None),
        ("Feb 30, 2025 02:15 AM", None),
        ("2025-13-01", None),
    ],
)
def test_the_age_of_a_password(words: str | None, days: int | None) -> None:
    assert age_in_days(words, NOW) == days


@pytest.mark.parametrize("value", [date(2026, 1, 31), datetime(2026, 1, 31, 5, tzinfo=timezone.utc), "2026-01-31"])
def test_a_day(value: Any) -> None:
    assert day(value) == date(2026, 1, 31)


# Accepted exceptions


def test_an_accepted_finding_does_not_fail_and_is_shown() -> None:
    made = report(plan(entry(), found=EXTRA), exceptions=ACCEPTED)
    (finding,) = made["findings"]
    assert finding["accepted"] == {
        "accepted_by": "Jane Doe",
        "accepted_on": "2025-10-01",
        "expires": "2025-12-31",
        "reason": "Ticket 4711",
    }
    assert made["ok"]
    assert [(row["count"], row["accepted"]) for row in made["categories"] if row["name"] == "extra"] == [(0, 1)]
    assert [row["state"] for row in made["exceptions"]] == ["in force"]
    assert made["verdict"]["level"] == "note"
    assert made["verdict"]["sentence"] == "Accepted exceptions: 1."


@pytest.mark.parametrize(
    ("change", "state", "detail"),
    [
        (("2025-12-31", "2025-11-02"), "expired", "The exception of Jane Doe expired on 2025-11-02."),
        (("2025-12-31", "2025-11-03"), "in force", None),
        (("2025-10-01", "2025-11-04"), "not yet in force", ""),
        (("guest", "root"), "covers nothing", ""),
        (("category: extra", "category: missing"), "covers nothing", ""),
    ],
)
def test_an_exception_that_does_not_hold(change: tuple[str, str], state: str, detail: str | None) -> None:
    made = report(plan(entry(), found=EXTRA), exceptions=ACCEPTED.replace(*change))
    (finding,) = made["findings"]
    assert [row["state"] for row in made["exceptions"]] == [state]
    assert made["ok"] == (detail is None)
    assert finding["detail"] == (detail or "")


@pytest.mark.parametrize(
    ("resource", "account", "covered"),
    [("*", "guest", True), ("db*", "g*t", True), ("db0", "guest", False), ("db.1", "*", False), ("*b*1", "*", True)],
)
def test_a_star_stands_for_any_text(resource: str, account: str, covered: bool) -> None:
    text = ACCEPTED.replace("db01", f'"{resource}"').replace("guest", f'"{account}"')
    assert report(plan(entry(), found=EXTRA), exceptions=text)["ok"] == covered


def test_of_two_exceptions_the_one_in_force_counts() -> None:
    old = ACCEPTED.replace("2025-12-31", "2025-10-02").replace("Jane", "John")
    assert report(plan(entry(), found=EXTRA), exceptions=old + ACCEPTED)["ok"]
    older = old.replace("2025-10-02", "2025-10-01").replace("John", "Jim")
    (finding,) = report(plan(entry(), found=EXTRA), exceptions=older + old)["findings"]
    assert finding["detail"] == "The exception of John Doe expired on 2025-10-02."


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]"])
def test_an_empty_file_is_fine(text: str) -> None:
    assert acceptances(text, CATEGORIES) == ([], [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "The file is not valid YAML (line 1)."),
        ("\x00", "The file is not valid YAML."),
        ("a: 1", "The file must hold a list. Each entry begins with a dash."),
        ("- x", "Entry 1: it must be a mapping with resource, category, accepted_by, accepted_on, expires."),
        (ACCEPTED.replace("expires", "expire"), "Entry 1: 'expire' is not a key. Did you mean expires?"),
        (ACCEPTED + "  zzz: 1", "Entry 1: 'zzz' is not a key."),
        (ACCEPTED.replace("Jane Doe", ""), "Entry 1: accepted_by is missing."),
        ("- {resource: x, category: extra, accepted_on: 2025-01-01}", "Entry 1: accepted_by, expires are missing."),
        (ACCEPTED.replace("2025-12-31", "soon"), "Entry 1: expires is not a date such as 2026-01-31."),
        (ACCEPTED.replace("2025-12-31", "2025-09-30"), "Entry 1: it expires before it was accepted."),
        (ACCEPTED.replace("guest", "0042"), "Entry 1: account is not a string. Put it in quotes."),
        (ACCEPTED + ACCEPTED.replace("extra", "mising"), "Entry 2: category must be one of missing, extra, "),
        (ACCEPTED.replace("extra", "unreadable"), "Entry 1: category must be one of missing, extra, "),
    ],
)
def test_what_is_wrong_with_the_file(text: str, problem: str) -> None:
    (found,) = acceptances(text, CATEGORIES)[1]
    assert found.startswith(problem)


# The verdict


OPEN = {
    "missing": plan(missing(), found=[there()]),
    "extra": plan(entry(), found=EXTRA),
    "expired": plan(entry(), found=[there(expired=True)]),
    "never_rotated": plan(entry(), found=[there(last_modified_time="")]),
    "unverifiable": plan(entry(unverified=["shares"])),
    "unreadable": plan(entry(), found=[there()], accounts=[entry(), entry(name="x", failed=True, msg="No")]),
}


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("name", list(OPEN))
def test_no_drift_is_only_said_where_nothing_differs(name: str, fails: bool) -> None:
    made = report(OPEN[name], fail_on=[name] if fails else [])
    assert [row["category"] for row in made["findings"]] == [name]
    said = made["verdict"]["headline"] == "No drift"
    assert said == (not fails and name in ("never_rotated", "unverifiable"))
    assert made["ok"] == (not fails)
    assert (made["verdict"]["level"] == "bad") == fails
    assert ("not complete" in made["verdict"]["sentence"]) == (name == "unreadable")


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("extra", "Nothing fails, but the vault is not as declared"),
        ("expired", "Nothing fails"),
        ("unreadable", "Nothing fails"),
    ],
)
def test_what_is_said_of_findings_that_do_not_fail(name: str, headline: str) -> None:
    made = report(OPEN[name], fail_on=["missing"])
    assert made["verdict"]["headline"] == headline
    assert made["verdict"]["sentence"].startswith("Not counted as a failure: ")


def test_nothing_to_report_is_no_drift() -> None:
    made = report(plan(entry()))
    assert made["verdict"] == {
        "level": "good",
        "headline": "No drift",
        "sentence": "The vault is as declared, as far as it shows.",
    }
    assert [row["account"] for row in made["fine"]] == ["root"]


@pytest.mark.parametrize(("fail_on", "fine"), [(FAILS, ["root"]), ([*FAILS, "never_rotated"], [])])
def test_an_account_with_information_alone_is_fine(fail_on: Any, fine: list[str]) -> None:
    assert [row["account"] for row in report(OPEN["never_rotated"], fail_on=fail_on)["fine"]] == fine
