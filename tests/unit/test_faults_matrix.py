# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault at each request of each task: a clear message, no write twice, the true changed, a rerun that heals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_cells import cells
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import (
    ADD,
    DETAILS,
    FAULTS,
    GENERATE,
    GROUP,
    LASTING,
    LOOKUPS,
    QUICK,
    RES_ID,
    RESOURCES,
    ROWS,
    SHAPES,
    TASKS,
    USER,
    WRITES,
    Fault,
    Task,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import (
    Result,
    World,
    assert_failure,
    details,
    texts_of,
)
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS
from pam360_standin import Standin

Truth = list[dict[str, Any]]
RETRIES = 3
CELL = ("road", "task", "at", "fault")


@dataclass(frozen=True)
class Bench:
    """The server of all cells, a second one that no one may talk to, and what undisturbed runs send and lead to."""

    world: World
    trap: Standin
    start: Truth
    goals: dict[str, Truth]
    orders: dict[str, list[str]]

    def place(self, task: Task, at: int) -> int:
        """Return when the request at *at* of the table is sent: the table tells which are sent, and not their order."""
        operation = task.requests[at]
        places = [place for place, sent in enumerate(self.orders[task.id]) if sent == operation]
        return places[task.requests[:at].count(operation)]


@pytest.fixture(scope="module")
def undisturbed() -> Iterator[Bench]:
    """Run each task once without a fault, and note the requests that it sends and the state that it leads to."""
    with World() as world, Standin() as trap:
        start, goals, orders = world.truth(), {}, {}
        for task in TASKS:
            world.reset().run(task.module, **task.args)
            goals[task.id], orders[task.id] = world.truth(), world.operations
        yield Bench(world, trap, start, goals, orders)


@pytest.fixture
def bench(undisturbed: Bench, road: str) -> Bench:
    """The bench, with modules run on one road."""
    undisturbed.world.road = road
    return undisturbed


on_both_roads = pytest.mark.parametrize("road", ROADS)


@on_both_roads
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_the_table_of_tasks_is_true(bench: Bench, task: Task) -> None:
    """An undisturbed run sends the requests of the table, changes as it says, and a second run is quiet."""
    result = bench.world.reset().run(task.module, **task.args)
    assert Counter(bench.world.operations) == Counter(task.requests)
    assert result["changed"] is task.changes
    assert (bench.goals[task.id] != bench.start) is task.changes
    assert result["requests"] == {"sent": len(task.requests), "retried": 0}
    if task.idempotent:
        assert bench.world.run(task.module, **task.args)["changed"] is False
        assert bench.world.writes == []


def _play(bench: Bench, task: Task, place: int, fault: Fault, *, times: int, check: bool = False) -> Result:
    world = bench.world.reset()
    bench.trap.journal.clear()
    rule = {**fault.rule, "nth": place + 1, "times": times}
    if rule["fault"] == "redirect":
        rule["url"] = f"{bench.trap.url}/restapi/json/v1/resources"
    world.standin.faults.add(**rule)
    return world.run(task.module, check=check, **task.args)


def _words(task: Task, operation: str) -> list[str]:
    """What a message about this request has to name."""
    labels = operation == DETAILS and ADD in task.requests  # of another account of the resource
    if labels or operation in (RES_ID, RESOURCES, ROWS):
        options: tuple[str, ...] = ("resource", "new_name") if "resource" in task.args else ("name", "new_name")
    else:
        options = {USER: ("user",), GROUP: ("user_group",), GENERATE: ("generate",)}.get(operation, ())
    return [task.args[name] for name in options if name in task.args] or [task.object]


def _assert_traffic(bench: Bench, result: Result) -> None:
    """No write twice, retries as reported and warned of, nothing to the other server."""
    entries = bench.world.journal
    writes = Counter((entry.method, entry.path, entry.raw_body) for entry in entries if entry.write)
    assert max(writes.values(), default=1) == 1, writes
    repeated = [
        one.path
        for one, two in zip(entries, entries[1:])
        if one.fault and not one.write and (one.method, one.path, one.query) == (two.method, two.path, two.query)
    ]
    assert result["requests"] == {"sent": len(entries), "retried": len(repeated)}
    assert max(Counter(repeated).values(), default=0) <= RETRIES
    assert len([text for text in texts_of(result) if "trying again" in text]) == len(repeated)
    assert len(bench.world.delays) == len(repeated)
    assert bench.trap.journal.entries == []


def _assert_changed(bench: Bench, task: Task, result: Result) -> None:
    """``changed`` is what happened on the server, or the message says that it is unknown."""
    happened = bench.world.truth() != bench.start
    unknown = bool(result.get("failed")) and "unknown" in result["msg"]
    if happened:
        assert result["changed"] is True, result["msg"]
    elif result["changed"]:
        assert unknown, result["msg"]
    if result.get("failed"):
        assert "_ansible_no_log" not in result
    else:
        assert bench.world.truth() == bench.goals[task.id], result["msg"]


def _assert_heals(bench: Bench, task: Task, fault: Fault) -> None:
    """Without the fault the same task succeeds, and once more changes nothing."""
    world = bench.world
    if not world.writes and fault.id != "cut_before":  # nothing was asked for: a rerun is a first run
        assert world.truth() == bench.start
        return
    world.standin.faults.clear()
    healed = world.run(task.module, **task.args)
    assert not healed.get("failed"), healed["msg"]
    assert world.truth() == bench.goals[task.id], (healed["msg"], healed["unverified"])
    if task.idempotent:
        again = world.run(task.module, **task.args)
        assert again["changed"] is False, again["msg"]
        assert world.writes == []


@pytest.mark.parametrize(CELL, list(cells(FAULTS)))
def test_one_fault(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """One request goes wrong: a read is retried or the task fails clearly; a write is looked into."""
    operation, place = task.requests[at], bench.place(task, at)
    result = _play(bench, task, place, fault, times=1)
    assert bench.world.operations[place] == operation
    _assert_traffic(bench, result)
    _assert_changed(bench, task, result)
    # A name that is refused may be unknown, and what is to be absent may have gone, so it is looked for once more.
    gone = not task.changes or WRITES & set(bench.orders[task.id][:place])
    removed = task.args.get("state") == "absent" and gone
    if fault.retried and operation not in WRITES:
        assert not result.get("failed"), result["msg"]
        assert result["requests"]["retried"] == 1
        assert result["changed"] is task.changes
    elif not (fault.refusal and (operation in LOOKUPS or removed)):
        assert_failure(result, fault.status, printed=bench.world.printed)
        assert any(word in result["msg"] for word in _words(task, operation)), result["msg"]
        if not WRITES & set(bench.orders[task.id][:place]):
            assert (result["failure"]["step"] == "read") is (operation not in WRITES | {GENERATE})
    elif result.get("failed"):
        assert_failure(result, fault.status, printed=bench.world.printed)
    _assert_heals(bench, task, fault)


@pytest.mark.parametrize(CELL, list(cells([fault for fault in FAULTS if fault.id in LASTING], lasting=True)))
def test_lasting_fault(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """All requests from one on go wrong: retries end, and what a lost write did is called unknown."""
    place = bench.place(task, at)
    result = _play(bench, task, place, fault, times=1000)
    _assert_traffic(bench, result)
    _assert_changed(bench, task, result)
    assert_failure(result, fault.status, printed=bench.world.printed)
    if task.requests[at] in WRITES:
        assert result["changed"] is True
        assert "unknown" in result["msg"]
    else:
        assert result["requests"]["retried"] == RETRIES
        assert len(bench.world.journal) == place + 1 + RETRIES
    _assert_heals(bench, task, fault)


@pytest.mark.parametrize(CELL, list(cells(SHAPES)))
def test_answer_of_another_shape(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """JSON with other types: a clear failure, or the right result all the same, and never a wrong claim."""
    result = _play(bench, task, bench.place(task, at), fault, times=1)
    _assert_traffic(bench, result)
    _assert_changed(bench, task, result)
    if result.get("failed"):
        assert_failure(result, 200, printed=bench.world.printed)
    _assert_heals(bench, task, fault)


@pytest.mark.parametrize(CELL, list(cells([fault for fault in FAULTS if fault.id in QUICK], check=True)))
def test_check_mode_under_faults(bench: Bench, task: Task, at: int, fault: Fault) -> None:
    """In check mode nothing is written whatever goes wrong, and a failure claims no change."""
    result = _play(bench, task, bench.place(task, at), fault, times=1, check=True)
    assert bench.world.writes == []
    assert bench.world.truth() == bench.start
    _assert_traffic(bench, result)
    if result.get("failed"):
        assert_failure(result, fault.status, printed=bench.world.printed)
        assert result["changed"] is False
        assert result["failure"]["step"] == "read"
    else:
        assert result["changed"] is task.changes, result["msg"]


@on_both_roads
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_check_mode_predicts(bench: Bench, task: Task) -> None:
    """``changed`` of check mode is that of the real run, with reads alone."""
    result = bench.world.reset().run(task.module, check=True, **task.args)
    assert result["changed"] is task.changes
    assert Counter(bench.world.operations) == Counter(task.reads)


@on_both_roads
@pytest.mark.parametrize("at", [0, 2], ids=["look-up", "the write"])
def test_sent_values_are_not_in_the_failure(bench: Bench, at: int) -> None:
    """A server that echoes the request in its refusal does not bring secrets into the result."""
    task = next(task for task in TASKS if task.id == "password-set")
    fault = Fault("echo", {"fault": "failed", "message": "No:", "echo": True})
    result = _play(bench, task, bench.place(task, at), fault, times=1)
    assert "N3w-Passw0rd!" not in bench.world.printed
    if task.requests[at] in WRITES:
        (write,) = bench.world.writes
        assert details(write)["NEWPASSWORD"] == "N3w-Passw0rd!"
        assert result["failure"]["server_message"].startswith("No:")
