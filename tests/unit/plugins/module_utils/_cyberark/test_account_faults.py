# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault at each request of each CyberArk task: a clear message, no write twice, the true changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_tasks import (
    CREATES,
    FAULTS,
    LASTING,
    SEED,
    SHAPES,
    TASKS,
    WITHOUT_BODY,
    WRITES,
    Task,
    cells,
)
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    DETAILS,
    LINK,
    LINKED,
    LOGOFF,
    LOGON,
    MEMBER,
    SAFE,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_cells import ALL
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import QUICK, Fault
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS
from pvwa_standin import Standin

Truth = dict[str, Any]
RETRIES = 3
CELL = ("road", "task", "at", "fault")
# Documented to have no body, so another or none proves nothing; the fault comes after the effect.
BELIEVED = (DETAILS, LINKED, SAFE, MEMBER)  # a 404 of these says that there is nothing
TAKEN = ("empty", "no_envelope-list", "no_envelope-text", "no_envelope-null")


@dataclass(frozen=True)
class Bench:
    """The server of all cells, a second one that no one may talk to, and what undisturbed runs lead to."""

    vault: Vault
    trap: Standin
    start: Truth
    goals: dict[str, Truth]


@pytest.fixture(scope="module")
def undisturbed() -> Iterator[Bench]:
    """Run each task once without a fault, and note the state that it leads to."""
    with Vault(SEED) as vault, Standin() as trap:
        start, goals = vault.whole_truth(), {}
        for task in TASKS:
            vault.reset()
            vault.run(task.module, **task.args)
            goals[task.id] = vault.whole_truth()
        yield Bench(vault, trap, start, goals)


@pytest.fixture
def bench(undisturbed: Bench, road: str) -> Bench:
    """The bench, with modules run on one road."""
    undisturbed.vault.road = road
    return undisturbed


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_the_table_of_tasks_is_true(bench: Bench, task: Task) -> None:
    """An undisturbed run sends the requests of the table, check mode predicts it, and a second run is quiet."""
    vault = bench.vault
    vault.reset()
    predicted = vault.run(task.module, check=True, **task.args)
    assert vault.writes == []
    assert vault.whole_truth() == bench.start
    result = vault.run(task.module, **task.args)
    assert vault.operations == list(task.requests)
    assert predicted["changed"] is result["changed"] is task.changes
    assert (bench.goals[task.id] != bench.start) is task.changes
    assert result["requests"] == {"sent": len(task.requests), "retried": 0}
    if task.idempotent:
        assert vault.run(task.module, **task.args)["changed"] is False
        assert vault.writes == []


def _play(bench: Bench, task: Task, at: int, fault: Fault, *, times: int, check: bool = False) -> Result:
    bench.vault.reset()
    bench.trap.journal.clear()
    rule = {**fault.rule, "nth": at + 1, "times": times}
    if rule["fault"] == "redirect":
        rule["url"] = f"{bench.trap.url}/PasswordVault/API/Accounts"
    bench.vault.standin.faults.add(**rule)
    return bench.vault.run(task.module, check=check, **task.args)


def _assert_traffic(bench: Bench, fault: Fault, result: Result) -> None:
    """No write twice, retries as reported and warned of, nothing to the other server."""
    entries = bench.vault.journal
    writes = Counter((entry.method, entry.path, entry.raw_body) for entry in entries if entry.write)
    assert max(writes.values(), default=1) == 1, writes
    repeated = [
        one.path
        for one, two in zip(entries, entries[1:])
        if one.fault
        and fault.retried
        and not one.write
        and (one.method, one.path, one.query) == (two.method, two.path, two.query)
    ]
    assert result["requests"] == {"sent": len(entries), "retried": len(repeated)}
    assert max(Counter(repeated).values(), default=0) <= RETRIES
    assert len([text for text in texts_of(result) if "trying again" in text]) == len(repeated)
    assert bench.trap.journal.entries == []
    assert [entry.operation for entry in entries].count(LOGON) <= 1 + RETRIES
    assert entries[-1].operation in (LOGOFF, LOGON)


def _assert_changed(bench: Bench, task: Task, result: Result) -> None:
    """``changed`` is what happened on the server, or the message says that it is unknown."""
    happened = bench.vault.whole_truth() != bench.start
    unknown = bool(result.get("failed")) and "unknown" in result["msg"]
    if happened:
        assert result["changed"] is True, result["msg"]
    elif result["changed"]:
        assert unknown, result["msg"]
    if not result.get("failed"):
        assert bench.vault.whole_truth() == bench.goals[task.id], result["msg"]


def _assert_heals(bench: Bench, task: Task) -> None:
    """Without the fault the same task succeeds, and once more changes nothing."""
    vault = bench.vault
    if not vault.writes:  # nothing was asked for: a rerun is a first run
        assert vault.whole_truth() == bench.start
        return
    vault.standin.faults.clear()
    healed = vault.run(task.module, **task.args)
    assert not healed.get("failed"), healed["msg"]
    assert vault.whole_truth() == bench.goals[task.id], healed["msg"]
    if task.idempotent:
        assert vault.run(task.module, **task.args)["changed"] is False
        assert vault.writes == []


def _renewed(operation: str, fault: Fault) -> bool:
    """Whether the client must take it for the end of its session, which it was not."""
    return fault.status == 401 and operation not in WRITES | {LOGON, LOGOFF}


def _assert_logged_off(bench: Bench, operation: str, fault: Fault) -> None:
    """No session is left, unless the log-on or the log-off itself went wrong."""
    if operation not in (LOGON, LOGOFF) and not _renewed(operation, fault):
        assert list(bench.vault.standin.state.sessions) == []


def _status(operation: str, fault: Fault, result: Result) -> int | None:
    """Return the status that the client saw: a create that was made answers 201, what is not there 404."""
    seen: int | None = result["failure"]["http_status"]
    own = 201 if operation in CREATES else 404 if operation in (SAFE, MEMBER) else None
    return seen if fault.status == 200 and seen == own else fault.status


def _assert_believed(bench: Bench, task: Task, result: Result) -> None:
    """404 says that there is nothing, or that the server does not know the call; then nothing is claimed."""
    happened = bench.vault.whole_truth() != bench.start
    if result["changed"] is not happened:  # the same link once more, or unknown
        assert bench.vault.operations.count(LINK) == 1 or "unknown" in result["msg"], result["msg"]
    bench.vault.standin.faults.clear()
    assert not bench.vault.run(task.module, **task.args).get("failed")
    assert bench.vault.whole_truth() == bench.goals[task.id]


@pytest.mark.parametrize(CELL, list(cells(FAULTS)))
def test_one_fault(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """One request goes wrong: a read is retried or the task fails clearly; a write is looked into."""
    result = _play(bench, task, at, fault, times=1)
    operation = task.requests[at]
    assert bench.vault.operations[at] == operation
    _assert_traffic(bench, fault, result)
    _assert_logged_off(bench, operation, fault)
    if operation == DETAILS and fault.refusal and fault.status == 404 and not task.changes:
        assert result["changed"] is False  # what the server says of an ID is believed
        return
    if operation in BELIEVED and fault.status == 404 and (operation == LINKED or fault.refusal):
        _assert_believed(bench, task, result)
        return
    _assert_changed(bench, task, result)
    if (
        operation == LOGOFF
        or _renewed(operation, fault)
        or (fault.retried and operation not in WRITES)
        or (operation in WITHOUT_BODY and fault.id in TAKEN)
        or (operation == LOGON and fault.id == "no_envelope-text")  # a token that is none, so the session is renewed
    ):
        assert not result.get("failed"), result["msg"]
        assert result["changed"] is task.changes
    elif task.args.get("state") == "absent" and fault.refusal and not result.get("failed"):
        assert operation not in WRITES  # what is to be absent may go while it is read, so it is looked for once more
        assert result["changed"] is task.changes
    elif not (operation not in WRITES and fault.id == "409-json"):
        assert_refusal(result, _status(operation, fault, result), printed=bench.vault.printed)
        words = (
            ("apiuser",) if operation == LOGON else (task.object, task.args.get("logon_account", {}).get("account_id"))
        )
        assert any(word and word in result["msg"] for word in words), result["msg"]
        assert (result["failure"]["step"] == "read") is (operation not in WRITES)
    _assert_heals(bench, task)


@pytest.mark.parametrize("road", ["module"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_log_off_that_fails_is_a_warning(bench: Bench, fault: Fault) -> None:
    """One, and the result is that of the task; a session that is not there any more needs no word."""
    task = TASKS[0]
    result = _play(bench, task, len(task.requests) - 1, fault, times=1000)
    assert result["changed"] is True
    assert not result.get("failed")
    stays = [text for text in texts_of(result) if "The session stays open until it times out." in text]
    quiet = fault.status == 401 or fault.id in TAKEN
    assert len(stays) == (0 if quiet else 1)


@pytest.mark.parametrize(CELL, list(cells([fault for fault in FAULTS if fault.id in LASTING], lasting=True)))
def test_lasting_fault(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """All requests from one on go wrong: retries end, and what a lost write did is called unknown."""
    result = _play(bench, task, at, fault, times=1000)
    operation = task.requests[at]
    _assert_traffic(bench, fault, result)
    if operation == LOGOFF:
        assert result["changed"] is task.changes
        return
    _assert_changed(bench, task, result)
    assert_refusal(result, fault.status, printed=bench.vault.printed)
    if operation in WRITES:
        assert result["changed"] is True
        assert "unknown" in result["msg"]
    _assert_heals(bench, task)


@pytest.mark.parametrize(CELL, list(cells(SHAPES)))
def test_answer_of_another_shape(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """JSON with other types: a clear failure, or the right result all the same, and never a wrong claim."""
    result = _play(bench, task, at, fault, times=1)
    _assert_traffic(bench, fault, result)
    _assert_logged_off(bench, task.requests[at], fault)
    if fault.id == "rows-without-fields":  # another account, as far as anyone can tell
        return
    _assert_changed(bench, task, result)
    if result.get("failed"):
        assert_refusal(result, _status(task.requests[at], fault, result), printed=bench.vault.printed)
    _assert_heals(bench, task)


@pytest.mark.parametrize(CELL, list(cells([fault for fault in FAULTS if ALL or fault.id in QUICK], check=True)))
def test_check_mode_under_faults(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """In check mode nothing is written whatever goes wrong, and a failure claims no change."""
    result = _play(bench, task, at, fault, times=1, check=True)
    assert bench.vault.writes == []
    assert bench.vault.whole_truth() == bench.start
    _assert_traffic(bench, fault, result)
    _assert_logged_off(bench, task.requests[at], fault)
    if result.get("failed"):
        assert result["changed"] is False
        assert result["failure"]["step"] == "read"
    elif not (fault.refusal and fault.status == 404):
        assert result["changed"] is task.changes
