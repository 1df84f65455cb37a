# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many accounts and a vault that fails: the others go on, ``changed`` is true for each, and a rerun heals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._accounts_world import BULK, Entry, bulk, state
from ansible_collections.vaultops.pam.tests.unit._faults_cells import makes_sense, roads_of
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import (
    ADD,
    DELETE,
    DETAILS,
    EDIT,
    FAULTS,
    GROUP,
    LASTING,
    NEW_RES,
    RES_ID,
    RESOURCES,
    ROWS,
    SHARE,
    USER,
    WRITES,
    Fault,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, World, assert_failure, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

MIXED: tuple[Entry, ...] = (
    {"resource": "db01", "name": "new1", "notes": "n"},
    {"resource": "db01", "name": "root", "notes": "n", "shares": [{"user": "asmith", "access_type": "view"}]},
    {"resource": "db01", "name": "stale", "state": "absent"},
    {"resource": "db01", "name": "new2", "owner": "jdoe"},
    {"resource": "db01", "name": "app", "custom_fields": {"Owner Team": "dev"}},
    {"resource": "web01", "name": "new3", "shares": [{"user_group": "DBA", "access_type": "modify"}]},
    {"resource": "new01", "name": "new4"},
)
# One request after the other, so that the n-th is the same in each run.
ALONE: Mapping[str, Any] = {"max_connections": 1, "create_resources": True}
# Whether these came to pass cannot be read, so a rerun does not know either; see each option's documentation.
HEAL: dict[str, Any] = {}  # the same task again is enough: what is not noted as sent is sent again


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    """How the task is run."""
    return str(request.param)


@pytest.fixture
def world(shared: World, road: str) -> World:
    """The server, as it was at the start."""
    shared.road = road
    return shared.reset()


@pytest.fixture(scope="module")
def goal() -> tuple[list[str], list[Any]]:
    """The operations of an undisturbed run, and what it leads to."""
    with World() as world:
        result = bulk(world, MIXED, **ALONE)
        assert not result.get("failed"), result["msg"]
        assert Counter(world.operations) == OPERATIONS
        return world.operations, state(world)


def place_of(goal: tuple[list[str], list[Any]], operation: str, number: int) -> int:
    """Return when the request of this number with this operation is sent."""
    return [place for place, sent in enumerate(goal[0]) if sent == operation][number]


def accounts_of(world: World) -> dict[tuple[str, str], Any]:
    """Return all accounts by resource and name."""
    return {(found["name"], account["name"]): account for found in world.truth() for account in found["accounts"]}


def assert_true(world: World, result: Result, before: dict[tuple[str, str], Any]) -> None:
    """``changed`` of each account is what happened to it, or the message says that it is unknown."""
    after = accounts_of(world)
    for entry, told in zip(MIXED, result["accounts"]):
        place = entry["resource"], entry["name"]
        if before.get(place) != after.get(place):
            assert told["changed"] is True, told["msg"]
        elif told["changed"]:
            assert told["failed"], told
            assert "unknown" in told["msg"], told["msg"]
        if told["failed"]:
            words = (entry["name"], entry["resource"], "the resources", "'asmith'", "'DBA'", " accounts on resource ")
            assert any(word in told["msg"] for word in words), told["msg"]
            assert told["failure"]["operation"]
            assert "Unexpected" not in told["msg"]
    assert result["changed"] >= any(told["changed"] for told in result["accounts"])
    assert bool(result.get("failed")) >= any(told["failed"] for told in result["accounts"])


def assert_written_once(world: World) -> None:
    """No write was sent twice, and no account was sent again that may have been added."""
    writes = Counter((entry.method, entry.path, entry.raw_body) for entry in world.writes)
    assert max(writes.values(), default=1) == 1


# How often an undisturbed run sends what.
OPERATIONS = Counter({RESOURCES: 1, NEW_RES: 1, RES_ID: 1, ROWS: 6, DETAILS: 6, USER: 1, GROUP: 1})
OPERATIONS += Counter({ADD: 3, EDIT: 5, SHARE: 2, DELETE: 1})
ALIKE_FOR_READS = ("cut_after", "cut_body")  # the client has no answer, as with cut_before
SOME = frozenset({"cut_before", "cut_after", "cut_body", "401-json", "404-html", "429-json", "500-json"}) | {
    "500-html-after",
    "599-empty",
    "html-200-after",
    "truncated_json",
    "failed",
    "no_envelope-list",
}


def cells(faults: frozenset[str], *, lasting: bool = False) -> Iterator[Any]:
    """Yield (road, operation, its number, fault): each write, and of reads the first and the last of a kind.

    On the other road, and with ``MATRIX=all`` on both, any of them.
    """
    for operation, count in OPERATIONS.items():
        for number in range(count):
            for fault in FAULTS:
                alike = fault.id in ALIKE_FOR_READS and operation not in WRITES and not lasting
                if fault.id not in faults or alike or not makes_sense(operation, fault, lasting=lasting):
                    continue
                id_ = f"{operation.replace(' ', '_')}-{number}-{fault.id}"
                of_its_class = number == 0 or (not lasting and (operation in WRITES or number == count - 1))
                for road in roads_of(id_, on_main=of_its_class):
                    yield pytest.param(road, operation, number, fault, id=f"{road}-{id_}")


CELL = ("road", "operation", "number", "fault")


@pytest.mark.parametrize(CELL, list(cells(SOME)))
def test_one_fault(world: World, goal: tuple[list[str], list[Any]], operation: str, number: int, fault: Fault) -> None:
    """One request goes wrong: what does not depend on it is done, and the rerun does the rest."""
    operations, wanted = goal
    at = place_of(goal, operation, number)
    before = accounts_of(world)
    world.standin.faults.add(**{**fault.rule, "nth": at + 1, "times": 1})
    result = bulk(world, MIXED, **ALONE)
    assert world.operations[at] == operations[at]
    assert_true(world, result, before)
    assert_written_once(world)
    if fault.retried and operations[at] not in WRITES:
        assert not result.get("failed"), result["msg"]
        assert state(world) == wanted
    world.standin.faults.clear()
    healed = bulk(world, MIXED, **ALONE, **HEAL)
    assert not healed.get("failed"), healed["msg"]
    assert state(world) == wanted
    assert bulk(world, MIXED, **ALONE)["changed"] is False


@pytest.mark.parametrize(CELL, list(cells(LASTING, lasting=True)))
def test_a_vault_that_goes_away(
    world: World, goal: tuple[list[str], list[Any]], operation: str, number: int, fault: Fault
) -> None:
    """All requests from one on go wrong: nothing is claimed that is not known."""
    before = accounts_of(world)
    world.standin.faults.add(**{**fault.rule, "nth": place_of(goal, operation, number) + 1, "times": 10_000})
    result = bulk(world, MIXED, **ALONE)
    assert_failure(result, result["failure"]["http_status"])
    assert_true(world, result, before)
    assert_written_once(world)


@pytest.mark.parametrize("at", range(7))
def test_check_mode_under_faults(world: World, at: int) -> None:
    """Nothing is written whatever goes wrong, and a failure claims no change of its account."""
    before = state(world)
    world.standin.faults.add(fault="status", code=500, nth=at + 1, times=1)
    result = bulk(world, MIXED, check=True, **ALONE)
    assert world.journal[at].fault
    assert world.writes == []
    assert state(world) == before
    for told in result["accounts"]:
        assert told["changed"] is False or not told["failed"]


def many(count: int, **settings: Any) -> list[Entry]:
    """Return so many new accounts."""
    return [{"resource": "web01", "name": f"a{number:03}", **settings} for number in range(count)]


@pytest.mark.parametrize("fault", [{"fault": "status", "code": 401}, {"fault": "cut_before"}], ids=["401", "cut"])
def test_a_vault_that_stops_answering_is_not_asked_a_thousand_times(world: World, fault: dict[str, Any]) -> None:
    """After some requests in a row without a good answer, the rest is not tried, and says so."""
    bulk(world, many(60))
    world.standin.faults.add(nth=9, times=10_000, **fault)
    result = bulk(world, many(60, notes="n"), max_connections=4)
    assert result["summary"]["failed"] == 60
    written = [account["notes"] for account in world.resource("web01")["accounts"]].count("n")
    assert sum(told["changed"] and "unknown" not in told["msg"] for told in result["accounts"]) == written
    assert 0 < written < 5
    assert len(world.writes) < 20
    assert "it was not tried" in result["accounts"][-1]["msg"]


def test_the_message_names_a_failure_of_its_own(world: World) -> None:
    """And not an earlier account of the list that was not tried because of it."""
    entries = [{"resource": "db01", "name": "root", "notes": "n"}]
    entries += [{"resource": f"host{number:02}", "name": "a"} for number in range(11)]
    bulk(world, entries, **ALONE)
    first_write = world.operations.index("CREATE RESOURCE")
    world.reset().standin.faults.add(fault="cut_before", nth=first_write + 1, times=10_000)
    result = bulk(world, entries, **ALONE)
    assert "it was not tried" in result["accounts"][0]["msg"]
    assert result["accounts"][1]["msg"] in result["msg"]
    assert result["failure"] == result["accounts"][1]["failure"]


@pytest.mark.parametrize("shape", ["object", "list"])
def test_one_account_that_the_vault_does_not_take(world: World, shape: str) -> None:
    """Its own STATUS fails it, and the others are in."""
    world.standin.profile["add_answer"] = shape
    entries = many(5)
    entries[3]["password_policy"] = "No such policy"
    result = bulk(world, entries)
    assert [told["failed"] for told in result["accounts"]] == [False, False, False, True, False]
    assert [told["changed"] for told in result["accounts"]] == [True, True, True, False, True]
    assert "a003" in result["accounts"][3]["msg"]
    assert result["accounts"][3]["failure"]["server_message"]
    assert len(world.resource("web01")["accounts"]) == 4
    assert len(world.writes) == 1
    assert bulk(world, entries)["summary"] == {**result["summary"], "created": 0, "unchanged": 4}


def test_one_account_that_keeps_out_all(world: World) -> None:
    """A filter that refuses the whole request: halves are tried, until only the one is left out."""
    world.standin.profile["security_filter"] = "on"
    entries = many(9)
    entries[4]["notes"] = "<script>"
    result = bulk(world, entries)
    assert [at for at, told in enumerate(result["accounts"]) if told["failed"]] == [4]
    assert result["accounts"][4]["failure"]["http_status"] == 599
    assert len(world.resource("web01")["accounts"]) == 8
    assert len(world.writes) <= 9


@pytest.mark.parametrize("code", [200, 400, 413])
def test_a_request_that_is_refused_as_a_whole(world: World, code: int) -> None:
    """Once, without a word about single accounts: all get in."""
    world.standin.faults.add(fault="status", code=code, operation=ADD, times=1, message="Not this way")
    result = bulk(world, many(6))
    assert not result.get("failed"), result["msg"]
    assert len(world.resource("web01")["accounts"]) == 6


@pytest.mark.parametrize("message", ["Invalid AUTHTOKEN", "User is not allowed to access from this host"])
def test_a_caller_that_is_refused_is_not_tried_in_halves(world: World, message: str) -> None:
    """It is not about the accounts."""
    world.standin.faults.add(fault="failed", operation=ADD, message=message)
    result = bulk(world, many(9))
    assert (result["summary"]["failed"], result["changed"], len(world.writes)) == (9, False, 1)


@pytest.mark.parametrize("fault", ["cut_after", "cut_body", "truncated_json", "cut_before"])
def test_an_add_whose_answer_is_lost(world: World, fault: str) -> None:
    """It is not sent again; each account tells whether it is there."""
    world.standin.faults.add(fault=fault, operation=ADD, times=1)
    result = bulk(world, many(4))
    made = fault != "cut_before"
    assert [told["changed"] for told in result["accounts"]] == [made] * 4
    assert all(told["failed"] for told in result["accounts"])
    words = "was made anyway" if made else "was not made"
    assert all(words in told["msg"] for told in result["accounts"])
    assert len(world.writes) == 1
    assert bulk(world, many(4))["changed"] is not made


def test_reads_are_retried_and_told(world: World) -> None:
    """As in any other task."""
    world.standin.faults.add(fault="status", code=503, operation=ROWS, times=1)
    result = bulk(world, MIXED, **ALONE)
    assert not result.get("failed"), result["msg"]
    assert result["requests"]["retried"] == 1
    assert any("trying again" in text for text in texts_of(result))


def test_accounts_by_id_go_on_without_the_resource_list(world: World) -> None:
    """What needs the list fails with its words."""
    world.standin.faults.add(fault="failed", operation="GET RESOURCES", message="Not today")
    entries = [
        {"resource": "db01", "name": "root", "notes": "n"},
        {"resource": "web01", "name": "x"},
        {"resource_id": "601", "name": "app", "notes": "n"},
    ]
    result = world.run(BULK, accounts=entries)
    assert [told["failed"] for told in result["accounts"]] == [True, True, False]
    assert "Not today" in result["accounts"][0]["msg"]
    assert result["changed"] is True
