# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes that only read, and need nothing but a login. Internal to the collection."""

from __future__ import annotations

import time
import uuid

from .._common.redaction import Redactor
from .._common.secret import Secret
from .._http.client import HttpClient
from .._pam360.calls import BASE
from .._pam360.envelope import id_of, number, value_of
from .._pam360.server_words import masked
from .asking import Asker, InconclusiveError, Seen, expected, seen, told
from .findings import Findings
from .scratch import PREFIX, new_name, search

QUICK = 20  # requests one after the other
TYPES = "resources/resourcetypes"
SHARE_WORDS = ("share", "permission")


class ReadProbes:
    """What can be told without an object of one's own.

    :ivar leftovers: resources that an earlier run could not remove.
    """

    def __init__(self, ask: Asker, findings: Findings) -> None:
        self.ask = ask
        self.findings = findings
        self.leftovers: list[str] = []

    def r1(self) -> None:
        """The word for success; is the filter of resource types mandatory?"""
        filtered = expected(self.ask.read(TYPES, {"RESOURCETYPE_CONTAINING": ["a"]}), "R1: the list of types")
        word = {"success": "Success", "true": "true"}[filtered.word.strip().casefold()]
        self.findings.found("success", word, f"R1: a success says '{word}'")
        without = self.ask.read(TYPES)
        verdict = "optional" if told(without, "R1: without a filter") else "required"
        self.findings.found("resource_type_filter", verdict, f"R1: without a filter: {without.in_words}")

    def r2_r3(self) -> None:
        """How failures come: not allowed in, and not there."""
        statuses = [self._denied(Secret(str(uuid.uuid4())), "an unknown token"), self._denied(None, "no token")]
        missing = self.ask.read("resources/0/accounts")
        if told(missing, "R3: a resource that is not there"):
            raise InconclusiveError("R3: the server shows a resource with the ID 0")
        self.findings.observe(f"R3: a resource that is not there: {missing.in_words}")
        codes = {statuses[0], missing.status}
        evidence = f"R2, R3: HTTP {statuses[0]} for an unknown token, {missing.status} for what is not there"
        verdict = "4xx" if (missing.status, statuses[0]) == (404, 401) else str(missing.status)
        known = ("200", "400", "401", "403", "404", "409", "422", "500", "4xx")
        if verdict in known and (len(codes) == 1 or verdict == "4xx"):
            self.findings.found("failure_status", verdict, evidence)
        else:
            self.findings.strange("failure_status", evidence)

    def _denied(self, token: Secret | None, what: str) -> int:
        """Ask once with another token, or none, on a connection of its own; return the HTTP status."""
        http = self.ask.client.http
        headers = {"AUTHTOKEN": token} if token else {}
        own = HttpClient(http.connection, headers=headers, redactor=Redactor(), hints=http.hints)
        try:
            answer = seen(own.read("GET", f"{BASE}resources", operation="Probe R2", once=True))
        finally:
            own.close()
            http.sent += own.sent
        self.findings.observe(f"R2: {what}: {answer.in_words}")
        return answer.status

    def r3(self) -> None:
        """Look-ups of a name that is not there."""
        name = new_name()
        for path, query, what in (
            (f"resources/resourcename/{name}", None, "resource"),
            ("user/getUserId", {"USERNAME": name}, "user"),
        ):
            answer = self.ask.read(path, query=query)
            found = told(answer, f"R3: a {what} that is not there")
            if found and answer.details not in (None, "", {}, []):
                self.findings.strange("lookup_miss", f"R3: a {what} that is not there: {answer.in_words}, with Details")
            else:
                evidence = f"R3: a {what} that is not there: {answer.in_words}"
                self.findings.found("lookup_miss", "empty" if found else "failed", evidence)

    def r5(self) -> None:
        """Where the list of resources begins, and what its total counts."""
        first, one, two, zero = (
            expected(self.ask.read("resources", {"LIMIT": "1", **start}), "R5: a page of resources")
            for start in ({}, {"STARTINDEX": "1"}, {"STARTINDEX": 2}, {"STARTINDEX": "0"})
        )
        ids = [_ids(answer) for answer in (first, zero, one, two)]
        if not ids[0] or ids[0] != ids[1] or len(ids[0]) > 1:
            raise InconclusiveError("R5: pages of one resource each could not be told apart")
        if ids[2] == ids[1] and ids[3] == ids[2]:
            self.findings.strange("startindex_base", "R5: STARTINDEX makes no difference")
        else:
            base = "1" if ids[2] == ids[1] else "0"
            alike = "the same" if base == "1" else "another"
            self.findings.found("startindex_base", base, f"R5: the first resource from 0, {alike} one from 1")
        total = number(first.total)
        if total == 1 and (ids[2] + ids[3]) != ids[0] and set(ids[2] + ids[3]) - set(ids[0]):
            self.findings.found("total_rows", "page", "R5: totalRows is 1 for a page of 1 of several")
        elif total > 1:
            self.findings.found("total_rows", "all", "R5: totalRows is more than the rows of the page")
        else:
            self.findings.open(["total_rows"], "R5: a page of 1 of 1 resource tells nothing")

    def r8(self) -> None:
        """Resource groups: which inner key counts, and the type of IDs."""
        pages = {key: self.ask.read("resourcegroup", {"limit": "1"}, key=key) for key in ("details", "Details")}
        counts = {key: len(answer.rows) for key, answer in pages.items() if told(answer, f"R8: {key}")}
        heard = [key for key, count in counts.items() if count == 1]
        rows = next((answer.rows for answer in pages.values() if answer.success and answer.rows), [])
        if not rows:
            raise InconclusiveError("R8: no resource group is shown")
        kinds = {type(value_of(row, "resourceGroupId")) for row in rows}
        evidence = "R8: resourceGroupId is a "
        if kinds == {int}:
            self.findings.found("group_ids", "number", evidence + "number")
        elif kinds == {str}:
            self.findings.found("group_ids", "string", evidence + "string")
        else:
            self.findings.strange("group_ids", evidence + "value of another type")
        if len(heard) == 1:
            self.findings.found("group_key", heard[0], f"R8: limit counts under '{heard[0]}' alone")
        elif heard and len(expected(self.ask.read("resourcegroup"), "R8: all groups").rows) > 1:
            self.findings.found("group_key", "both", "R8: limit counts under 'details' and under 'Details'")
        elif heard:
            self.findings.open(["group_key"], "R8: a page of 1 of 1 group tells nothing")
        else:
            self.findings.strange("group_key", "R8: limit makes no difference")

    def r9(self) -> None:
        """Many quick requests: is there a limit?"""
        answers: list[tuple[int, str]] = []
        longest = 0.0
        for _turn in range(QUICK):
            start = time.monotonic()
            path = f"{BASE}{TYPES}"
            answer = self.ask.client.http.read("GET", path, operation="Probe R9", once=True)
            longest = max(longest, time.monotonic() - start)
            answers.append((answer.status, str(answer.headers.get("Retry-After") or "")))
            if answer.status == 429:
                break
        codes = ", ".join(str(code) for code in sorted({code for code, _retry in answers}))
        retry = "" if not answers[-1][1] else ", with Retry-After"
        self.findings.observe_now(f"R9: {len(answers)} requests one after the other: HTTP {codes}{retry}")
        self.findings.observe_now(f"R9: the slowest answer took {_size(longest)}")

    def r12(self) -> None:
        """The audit trail: order, first row, and what it says of shares."""
        given = {"AUDITTYPE": "Resource", "DURATION": "LAST_7_DAYS", "LIMIT": "50"}
        pages = [
            expected(self.ask.read("audit", query={**given, "STARTINDEX": start}), "R12: the audit trail").rows
            for start in ("0", "1", "0")
        ]
        words = {masked(str(value_of(row, "Operation Type"))) for row in pages[0]}
        said = sorted(word for word in words if any(part in word.casefold() for part in SHARE_WORDS))
        self.findings.observe_now(f"R12: operations of shares in the audit trail: {', '.join(said) or 'none'}")
        zero, one, again = ([str(value_of(row, "Audit ID")) for row in rows] for rows in pages)
        if len(zero) < 2 or zero != again or len(set(zero)) < len(zero):
            reason = "R12: there are less than two rows, or they changed in the meantime"
            self.findings.open(["audit_order", "audit_startindex_base"], reason)
            return
        rising = number(zero[0]) < number(zero[-1])
        order = "oldest_first" if rising else "newest_first"
        self.findings.found("audit_order", order, f"R12: Audit ID {'rises' if rising else 'falls'} from row to row")
        if one[:1] in (zero[:1], zero[1:2]):
            base = "1" if one[:1] == zero[:1] else "0"
            self.findings.found("audit_startindex_base", base, f"R12: STARTINDEX 1 begins with row {2 - int(base)}")
        else:
            self.findings.strange("audit_startindex_base", "R12: STARTINDEX 1 begins with another row than 1 and 2")

    def earlier_runs(self) -> None:
        """What earlier runs could not remove, as far as the search of this server shows it."""
        names = (str(value_of(row, "RESOURCE NAME")) for row in search(self.ask, PREFIX))
        self.leftovers = sorted({name for name in names if name.startswith(PREFIX)})


def _ids(answer: Seen) -> list[str]:
    return [id_of(row, "RESOURCE ID") for row in answer.rows]


def _size(seconds: float) -> str:
    """Return a time in words that are the same from run to run."""
    limit = next((limit for limit in (0.1, 0.3, 1, 3, 10, 30) if seconds < limit), None)
    return f"less than {limit} s" if limit else "30 s or more"
