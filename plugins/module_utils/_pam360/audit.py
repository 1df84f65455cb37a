# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail of PAM360, followed without losing or repeating a record. Internal to the collection.

``GET /audit`` is known from one capture of a Password Manager Pro server and from the vendor's SDK: query AUDITTYPE,
STARTINDEX, LIMIT and DURATION; records with ``Audit ID``, ``TIME`` (milliseconds since 1970, as text) and more. The
capture has the oldest record first. No source says that this is so everywhere, so both orders are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._common.errors import AnswerError
from .api import Pam360
from .envelope import Json, is_rows, number, value_of

AUDIT_TYPES = ("Resource", "User")  # as the SDK has them
PAGE_SIZE, MAX_PAGES = 500, 2000
DURATION, DURATION_SECONDS = "LAST_7_DAYS", 7 * 24 * 3600  # the longest that is known
LATE = 10 * 60 * 1000  # milliseconds: a record that shows up this late is still found


class Record(NamedTuple):
    """One record. *time*: milliseconds since 1970. *number*: its ``Audit ID``, 0 where there is none."""

    id: str
    time: int
    number: int
    fields: Json


class Page(NamedTuple):
    """Records in the server's order, and the server's count of all, or of those on the page."""

    records: Sequence[Record]
    total: int

    @property
    def oldest_first(self) -> bool:
        """Whether later records stand below."""
        ends = [(record.time, record.number) for record in (self.records[0], self.records[-1])]
        return ends[0] < ends[1]


@dataclass
class Cursor:
    """How far one trail has been followed.

    :ivar horizon: records from this time on are looked at; those before it were handed out long ago.
    :ivar seen: IDs of the records since then that were handed out.
    :ivar last: the highest ``Audit ID`` of all, for a server whose clock is set back.
    """

    horizon: int = 0
    seen: set[str] = field(default_factory=set)
    last: int = 0

    def new(self, records: Iterable[Record]) -> list[Record]:
        """Return the records that were not handed out, oldest first."""
        found = [one for one in records if one.id not in self.seen and self._after(one)]
        return sorted(found, key=lambda one: (one.time, one.number))

    def _after(self, record: Record) -> bool:
        return record.time >= self.horizon or record.number > self.last > 0

    def advance(self, records: Sequence[Record]) -> None:
        """Forget what is old, now that all of *records* were handed out."""
        newest = max((record.time for record in records), default=0)
        self.horizon = max(self.horizon, newest - LATE)
        self.last = max([self.last, *(record.number for record in records)])
        self.seen = {record.id for record in records if self._after(record)}


class AuditTrail(Pam360):
    """Reads records from the newest end towards older ones.

    So a record that is added in the meantime moves the others towards what is still to be read: some are read twice,
    and told apart by ID, and none is passed over. The same goes where old records drop out of the period.
    """

    def since(self, audit_type: str, horizon: int | None) -> list[Record]:
        """Return all records from *horizon* on, and some before it, each once; raise VaultError.

        :param horizon: ``None`` for a little before the newest record.
        """
        page = self._page(audit_type, 0)
        if page.records and page.oldest_first:
            return self._from_the_end(audit_type, page, horizon)
        found: dict[str, Record] = {}
        for each in self._onwards(audit_type, page):
            _add(found, each)
            if _reaches(each, found, horizon):
                break
        return list(found.values())

    def _from_the_end(self, audit_type: str, page: Page, horizon: int | None) -> list[Record]:
        size = len(page.records)
        if size < PAGE_SIZE and page.total <= size:
            return list(page.records)
        # Where the server counts the rows of a page only, the end has to be looked for.
        start = page.total if page.total > size else sum(len(one.records) for one in self._onwards(audit_type, page))
        found: dict[str, Record] = {}
        while start > 0:
            start = max(start - max(size - 1, 1), 0)  # one twice, as STARTINDEX may count from 0 or from 1
            page = self._page(audit_type, start)
            _add(found, page)
            if _reaches(page, found, horizon):
                break
        return list(found.values())

    def _onwards(self, audit_type: str, page: Page) -> Iterator[Page]:
        """Yield *page*, which is the first, and those after it.

        By position, and not by the number of different records: what is added moves the others by that much.
        """
        start = 0
        for _each in range(MAX_PAGES):
            if not page.records:
                return
            yield page
            start += len(page.records)
            if len(page.records) < PAGE_SIZE and page.total == start:
                return
            page = self._page(audit_type, start)
        raise AnswerError("the audit trail grows faster than it can be read", operation="Reading the audit trail")

    def _page(self, audit_type: str, start: int) -> Page:
        query = {"AUDITTYPE": audit_type, "STARTINDEX": str(start), "LIMIT": str(PAGE_SIZE), "DURATION": DURATION}
        details, total, answer = self.call(f"Reading the {audit_type.lower()} audit", "GET", "audit", query=query)
        rows = details or []
        if not is_rows(rows):
            raise answer.unexpected("has no list of audit records")
        records = [_record(row) for row in rows]
        if not all(record.time for record in records):
            raise answer.unexpected("has an audit record without a TIME")
        return Page(records, number(total))


def _record(row: Json) -> Record:
    audit_id = str(value_of(row, "Audit ID") or "")
    # Without an ID, records are told apart by all that they say, the time to the millisecond included.
    content = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:32]
    return Record(audit_id or content, number(value_of(row, "TIME")), number(audit_id), row)


def _add(found: dict[str, Record], page: Page) -> None:
    found.update({record.id: record for record in page.records})


def _reaches(page: Page, found: Mapping[str, Record], horizon: int | None) -> bool:
    """Tell whether a page is older than *horizon* in parts, so that all later records were found."""
    if horizon is None:
        horizon = max((record.time for record in found.values()), default=0) - LATE
    return any(record.time < horizon for record in page.records)


def cursor_of(saved: Mapping[str, Any]) -> Cursor:
    """Return what ``saved_form`` made; raise KeyError, TypeError or ValueError for anything else."""
    return Cursor(int(saved["horizon"]), {str(one) for one in saved["seen"]}, int(saved["last"]))


def saved_form(cursor: Cursor) -> dict[str, Any]:
    """Return a cursor as plain JSON."""
    return {"horizon": cursor.horizon, "seen": sorted(cursor.seen), "last": cursor.last}
