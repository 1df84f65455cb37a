# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail is followed without losing or repeating a record, whatever the server's order, counting and pace."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import AnswerError
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import audit
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.audit import (
    LATE,
    AuditTrail,
    Cursor,
    Page,
    cursor_of,
    saved_form,
)
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import connect
from pam360_standin import Standin

START = 1_700_000_000_000
SIZE = 7


class Log(AuditTrail):
    """A trail over a log in memory, which may move at each request.

    *base*: the STARTINDEX of the first row. *page_total*: whether the server counts the rows of a page only. *ids*:
    whether records have an Audit ID.
    """

    def __init__(self, *, oldest_first: bool, base: int, page_total: bool, ids: bool) -> None:
        self.oldest_first, self.base, self.page_total, self.ids = oldest_first, base, page_total, ids
        self.rows: list[dict[str, str]] = []
        self.requests = 0
        self.pace = lambda: 0
        self.made = 0
        self.clock = START

    def add(self, count: int, *, step: int = 1000) -> None:
        """Add records at the end, each *step* milliseconds later."""
        for _each in range(count):
            self.made += 1
            self.clock += step
            row = {"TIME": str(self.clock), "Operation Type": f"Operation {self.made}"}
            self.rows.append({**row, "Audit ID": str(self.made)} if self.ids else row)

    def _page(self, audit_type: str, start: int) -> Page:
        self.requests += 1
        rows = self.rows if self.oldest_first else self.rows[::-1]
        first = max(0, start - self.base)
        cut = rows[first : first + SIZE]
        records = [audit._record(row) for row in cut]
        page = Page(records, len(cut) if self.page_total else len(rows))
        self.add(self.pace())
        return page


WAYS = list(itertools.product((True, False), (0, 1), (True, False), (True, False)))


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of seven records."""
    monkeypatch.setattr(audit, "PAGE_SIZE", SIZE)


def told(log: Log, cursor: Cursor) -> list[str]:
    """Poll once; return what is new."""
    records = log.since("Resource", cursor.horizon)
    new = cursor.new(records)
    cursor.seen.update(record.id for record in new)
    cursor.advance(records)
    return [str(record.fields["Operation Type"]) for record in new]


def everything(log: Log) -> list[str]:
    """Return what was ever added."""
    return [f"Operation {number}" for number in range(1, log.made + 1)]


@pytest.mark.parametrize(("oldest_first", "base", "page_total", "ids"), WAYS)
@pytest.mark.parametrize("seed", range(6))
def test_every_record_once_and_in_order(oldest_first: bool, base: int, page_total: bool, ids: bool, seed: int) -> None:
    """While records are added between the requests of a poll, and between polls; the cursor is saved each time."""
    rng = random.Random(seed)
    log = Log(oldest_first=oldest_first, base=base, page_total=page_total, ids=ids)
    log.add(rng.randint(0, 40), step=rng.choice((0, 1, 1000, 90_000)) if ids else 1000)
    found, cursor = [], Cursor()
    for _poll in range(12):
        log.pace = lambda: rng.choice((0, 0, 0, 1, 3))
        found += told(log, cursor)
        cursor = cursor_of(saved_form(cursor))
        log.add(rng.choice((0, 0, 1, 5, 30)), step=rng.choice((1, 1000, 90_000)))
    log.pace = lambda: 0
    found += told(log, cursor)
    assert found == everything(log)
    assert told(log, cursor) == []


@pytest.mark.parametrize(("oldest_first", "base", "page_total", "ids"), WAYS)
def test_old_records_drop_out_while_it_is_read(oldest_first: bool, base: int, page_total: bool, ids: bool) -> None:
    log = Log(oldest_first=oldest_first, base=base, page_total=page_total, ids=ids)
    log.add(60, step=60_000)
    cursor = Cursor()
    assert told(log, cursor) == everything(log)
    log.add(20, step=60_000)

    def drop() -> int:
        del log.rows[:3]
        return 0

    log.pace = drop
    assert told(log, cursor) == everything(log)[60:]


@pytest.mark.parametrize(("oldest_first", "requests"), [(True, 2), (False, 1)])
def test_a_quiet_poll_is_cheap(oldest_first: bool, requests: int) -> None:
    """However long the trail is: the newest page, and the first one where the newest record is the last."""
    log = Log(oldest_first=oldest_first, base=1, page_total=False, ids=True)
    log.add(500, step=LATE)
    cursor = Cursor()
    told(log, cursor)
    log.requests = 0
    assert told(log, cursor) == []
    assert log.requests == requests


@pytest.mark.parametrize("oldest_first", [True, False])
def test_the_present_is_found_without_reading_it_all(oldest_first: bool) -> None:
    log = Log(oldest_first=oldest_first, base=1, page_total=False, ids=True)
    log.add(500, step=LATE // 10)
    cursor = Cursor()
    cursor.advance(log.since("Resource", None))
    assert log.requests <= 4
    log.add(3)
    assert told(log, cursor) == everything(log)[500:]


def test_a_late_record_and_a_clock_that_is_set_back() -> None:
    log = Log(oldest_first=False, base=1, page_total=False, ids=True)
    log.add(20)
    cursor = Cursor()
    told(log, cursor)
    late = {"TIME": str(log.clock - LATE // 2), "Operation Type": "Late", "Audit ID": "15000"}
    log.rows.insert(10, late)
    assert told(log, cursor) == ["Late"]
    log.rows.append({"TIME": str(log.clock - 6 * LATE), "Operation Type": "Set back", "Audit ID": "15001"})
    assert told(log, cursor) == ["Set back"]
    assert told(log, cursor) == []


@pytest.mark.parametrize("order", ["oldest_first", "newest_first"])
@pytest.mark.parametrize("base", ["0", "1"])
@pytest.mark.parametrize("total", ["all", "page"])
def test_on_the_wire(order: str, base: str, total: str) -> None:
    profile = {"audit_order": order, "audit_startindex_base": base, "total_rows": total}
    with Standin(seed={"resources": [{"name": "db01"}]}, profile=profile) as vault:
        params = {"url": vault.url, "token": vault.token}
        client, cursor = AuditTrail(connect(params).http), Cursor()
        expected = []
        for turn in range(4):
            for number in range(11 * turn):
                expected.append(f"Operation {turn}.{number}")
                vault.change(add_audit={"Operation Type": expected[-1]})
            vault.change(add_audit={"AUDITTYPE": "User", "Operation Type": "User Added"})
            records = client.since("Resource", cursor.horizon)
            new = cursor.new(records)
            cursor.seen.update(record.id for record in new)
            cursor.advance(records)
            assert [record.fields["Operation Type"] for record in new] == expected[len(expected) - 11 * turn :]


STRANGE: list[tuple[Any, str]] = [
    ({"a": 1}, "has no list of audit records"),
    ([{"Audit ID": "1"}], "has an audit record without a TIME"),
    ([{"Audit ID": "1", "TIME": "yesterday"}], "has an audit record without a TIME"),
    ("none", "has no list of audit records"),
]


@pytest.mark.parametrize(("details", "words"), STRANGE)
def test_a_strange_answer_is_an_error(details: Any, words: str) -> None:
    with Standin(faults=[{"fault": "wrong_type", "operation": "GET_AUDIT", "value": details}]) as vault:
        client = AuditTrail(connect({"url": vault.url, "token": vault.token}).http)
        with pytest.raises(AnswerError, match=words):
            client.since("Resource", 0)
