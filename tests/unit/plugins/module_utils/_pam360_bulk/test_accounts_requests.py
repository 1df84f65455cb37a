# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many accounts: how many requests, how fast they may begin, what others do meanwhile, and an end by Ctrl-C."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._ansible import module as _module
from ansible_collections.vaultops.pam.plugins.module_utils._http import client as _http
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import api as _pam360
from ansible_collections.vaultops.pam.tests.unit._accounts_world import Entry, bulk
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, texts_of
from pam360_standin import Standin

LIST, ROWS, DETAILS, LOOKUP = (
    "GET RESOURCES",
    "GET RESOURCE ACCOUNTLIST",
    "GET RESOURCE ACCOUNT DETAILS",
    "GET_RESOURCEID",
)
NEW_RESOURCE, ADD, EDIT = "CREATE RESOURCE", "ADD ACCOUNTS", "EDIT ACCOUNT"


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One server for the module, with 540 resources, which is more than a page."""
    with World({"resources": [{"name": f"r{number:03}", "accounts": []} for number in range(540)]}) as made:
        yield made


def wanted(resources: int, accounts: int, **settings: Any) -> list[Entry]:
    """Return so many accounts on each of so many resources."""
    return [
        {"resource": f"r{number:03}", "name": f"a{account}", **settings}
        for number in range(resources)
        for account in range(accounts)
    ]


def test_progress_is_told_with_v(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, every 500 accounts, and at the end of each step."""
    said: list[str] = []
    monkeypatch.setattr("ansible.utils.display.Display.v", lambda _display, msg, **_options: said.append(msg))
    monkeypatch.setattr(world, "road", "action")
    bulk(world, wanted(1, 600))
    assert said == [
        "500 of 600 read",
        "600 of 600 read",
        "portion 1 of 2 made",
        "portion 2 of 2 made",
        "500 of 600 confirmed",
        "600 of 600 confirmed",
    ]


@pytest.mark.parametrize("resource", ["r000", "new"])
def test_a_thousand_accounts_on_one_resource(world: World, resource: str) -> None:
    """At most 6 requests for the first run, be the resource there or made, and at most 3 for the next."""
    entries = [{**entry, "resource": resource} for entry in wanted(1, 1000, notes="n")]
    result = bulk(world, entries, create_resources=True)
    assert result["summary"]["created"] == 1000
    assert [made["resource"]["name"] for made in result["resources"] if made["changed"]] == [resource] * (
        resource == "new"
    )
    assert len(world.journal) <= 6
    assert result["requests"] == {"sent": len(world.journal), "retried": 0}
    assert bulk(world, entries)["changed"] is False
    assert len(world.journal) <= 3


def test_many_resources(world: World) -> None:
    """One list of accounts for each, and the pages of the resource list."""
    entries = wanted(540, 1)
    bulk(world, entries)
    assert bulk(world, entries)["changed"] is False
    assert Counter(world.operations) == {LIST: 2, ROWS: 540}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["r000"], {LOOKUP: 1}),
        (["r000", "r001"], {LIST: 1}),  # both on the first page
        (["r000", "r539"], {LIST: 2}),  # one name is left, and so is one page
        (["r000", "r537", "r538", "r539"], {LIST: 2}),
        (["r000", "none1", "none2"], {LIST: 2}),  # seen all: what is not in the list is not there
    ],
    ids=["one", "same page", "other page", "both pages", "missing"],
)
def test_pages_or_look_ups(world: World, names: list[str], expected: dict[str, int]) -> None:
    """Whichever is fewer."""
    bulk(world, [{"resource": name, "name": "a", "state": "absent"} for name in names])
    assert {name: count for name, count in Counter(world.operations).items() if name != ROWS} == expected


def test_a_name_in_another_case_is_looked_up(world: World) -> None:
    """A vault that ignores case finds the resource, although the list spells it otherwise."""
    world.standin.profile["names"] = "case_insensitive"
    result = bulk(world, [{"resource": "R000", "name": "a"}, {"resource": "r001", "name": "a"}], create_resources=True)
    assert not result.get("failed"), result["msg"]
    assert result["resources"] == []
    assert world.operations.count(LOOKUP) == 1


def test_details_are_read_only_where_they_are_needed(world: World) -> None:
    """For custom fields and for tracking."""
    bulk(world, wanted(1, 4))
    entries = wanted(1, 4)
    entries[1]["custom_fields"] = {"Owner Team": ""}
    entries[2].update(command_set=5, update_write_only="tracked")
    bulk(world, entries, check=True)
    assert Counter(world.operations) == {LOOKUP: 1, ROWS: 1, DETAILS: 2}


def test_many_edits_are_compared_with_what_was_there(world: World) -> None:
    """Before and after, as an edit may lose what it leaves out."""
    bulk(world, wanted(2, 20))
    result = bulk(world, wanted(2, 20, notes="n"))
    assert Counter(world.operations) == {LIST: 1, ROWS: 2, EDIT: 40, DETAILS: 80}
    assert all(told["verified"] == ["notes"] for told in result["accounts"])


def test_several_requests_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most as many as allowed."""
    bulk(world, wanted(1, 12))
    under_way, most = 0, 0
    real = _http.HttpClient._send

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return real(*args, **options)
        finally:
            under_way -= 1

    monkeypatch.setattr(_http.HttpClient, "_send", counted)
    bulk(world, wanted(1, 12, notes="n"), max_connections=1)
    assert most == 1
    bulk(world, wanted(1, 12, notes="m"), max_connections=3)
    assert most <= 3


def test_requests_begin_evenly_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that stands still, each request waits for its turn, retries included."""
    with Standin() as server:
        waits: list[float] = []
        monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=waits.append, monotonic=lambda: 100.0))
        client = _http.HttpClient(_http.Connection(server.url), per_second=4)
        for _request in range(4):
            client.read("GET", "/", operation="Looking")
        client.close()
    assert waits == [0.25, 0.5, 0.75]


def test_max_requests_per_second(world: World) -> None:
    """All requests but the first have to wait, as one in a thousand seconds is few."""
    bulk(world, wanted(2, 3), max_requests_per_second=0.001)
    assert len([delay for delay in world.delays if delay > 900]) == len(world.journal) - 1


def test_an_add_that_would_be_too_large_is_split(world: World) -> None:
    """Servers drop forms of some size."""
    entries = wanted(1, 30, notes="\u65e5" * 10_000)
    assert bulk(world, entries)["summary"]["created"] == 30
    sizes = [len(entry.raw_body) for entry in world.writes]
    assert len(sizes) > 1
    assert max(sizes) < 2_000_000
    assert world.account("a29", "r000")["notes"] == entries[29]["notes"]


# Others at work


def patched(monkeypatch: pytest.MonkeyPatch, name: str, before: Callable[..., None]) -> None:
    """Do *before* ahead of each call of a method of the client."""
    real = getattr(_pam360.Pam360, name)

    def late(client: Any, *args: Any) -> Any:
        before(*args)
        return real(client, *args)

    monkeypatch.setattr(_pam360.Pam360, name, late)


@pytest.mark.parametrize("overall", ["Success", "Failed"])
@pytest.mark.parametrize("shape", ["object", "list"])
@pytest.mark.parametrize("taken", [{"a1"}, {"a0", "a1", "a2"}], ids=["one", "all"])
def test_another_play_was_faster(
    world: World, monkeypatch: pytest.MonkeyPatch, taken: set[str], shape: str, overall: str
) -> None:
    """Accounts appear between our read and our add: no error, none twice, and our settings on them."""
    world.standin.profile.update({"duplicate_overall": overall, "add_answer": shape})
    done: set[str] = set()

    def add(*_args: Any) -> None:
        for name in taken - done:
            world.standin.change(resource="r000", add_account={"name": name})
            done.add(name)

    patched(monkeypatch, "add_accounts", add)
    result = bulk(world, wanted(1, 3, notes="n"))
    assert not result.get("failed"), result["msg"]
    accounts = world.resource("r000")["accounts"]
    assert sorted(account["name"] for account in accounts) == ["a0", "a1", "a2"]
    assert {account["notes"] for account in accounts} == {"n"}
    assert Counter(world.operations)[EDIT] == len(taken)
    assert len([text for text in texts_of(result) if "made by someone else" in text]) == len(taken)
    monkeypatch.undo()
    assert bulk(world, wanted(1, 3, notes="n"))["changed"] is False


def test_another_play_made_the_same_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left to do for it, and the edits of others are done."""
    world.standin.change(resource="r001", add_account={"name": "a0", "notes": "old"})
    patched(monkeypatch, "add_accounts", lambda *_: world.standin.change(resource="r000", add_account={"name": "a0"}))
    result = bulk(world, [{"resource": "r000", "name": "a0"}, {"resource": "r001", "name": "a0", "notes": "n"}])
    assert not result.get("failed"), result["msg"]
    assert [told["changed"] for told in result["accounts"]] == [False, True]
    assert Counter(world.operations)[EDIT] == 1
    assert world.account("a0", "r001")["notes"] == "n"


def test_another_play_made_the_resource(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No error: it is left as it is, and our accounts are on it."""

    def make(details: Any) -> None:
        if details["RESOURCENAME"] == "new2":
            world.standin.change(add_resource={"name": "new2", "type": "Windows", "accounts": [{"name": "a"}]})

    patched(monkeypatch, "create_resource", make)
    entries = [{"resource": name, "name": "a", "notes": "n"} for name in ("new1", "new2", "new3")]
    result = bulk(world, entries, create_resources=True, resource_defaults={"type": "Linux", "location": "L"})
    assert not result.get("failed"), result["msg"]
    assert [made["resource"]["name"] for made in result["resources"] if made["changed"]] == ["new1", "new3"]
    assert (world.resource("new2")["type"], world.resource("new2")["location"]) == ("Windows", "")
    assert [world.account("a", entry["resource"])["notes"] for entry in entries] == ["n"] * 3
    assert any("resource 'new2' was made by someone else" in text for text in texts_of(result))


def test_a_resource_that_the_look_up_by_name_hides(world: World) -> None:
    """The vault refuses to make it again, so it is found by a closer look, and left as it is."""
    world.standin.faults.add(fault="failed", operation=LOOKUP, times=1, message="Resource does not exist")
    before = world.resource("r001")["type"]
    entries = [{"resource": "r001", "name": "a"}]
    result = bulk(world, entries, create_resources=True, resource_defaults={"type": "Windows"})
    assert not result.get("failed"), result["msg"]
    assert (result["summary"]["created"], result["summary"]["resources_created"]) == (1, 0)
    assert (world.resource("r001")["type"], before) == (before, before)
    assert bulk(world, entries, create_resources=True)["changed"] is False


def test_a_resource_that_the_vault_does_not_make(world: World) -> None:
    """Its accounts fail with the vault's words; those of the others are made."""
    world.standin.faults.add(fault="failed", operation=NEW_RESOURCE, nth=2, times=1, message="No more licences")
    entries = [{"resource": name, "name": name[-1]} for name in ("new1", "new2", "new3", "new2")]
    entries[3]["name"] = "b"
    result = bulk(world, entries, create_resources=True, max_connections=1)
    assert [told["failed"] for told in result["accounts"]] == [False, True, False, True]
    for number in (1, 3):
        assert "No more licences" in result["accounts"][number]["msg"]
        assert result["accounts"][number]["changed"] is False
    assert [made["resource"]["name"] for made in result["resources"] if made["changed"]] == ["new1", "new3"]
    assert bulk(world, entries, create_resources=True)["summary"]["created"] == 2


@pytest.mark.parametrize("fault", ["cut_after", "cut_before"])
def test_a_resource_whose_making_is_unclear(world: World, fault: str) -> None:
    """It is looked into, and reported as made when it is there; a rerun goes on from there."""
    world.standin.faults.add(fault=fault, operation=NEW_RESOURCE, times=1)
    entries = [{"resource": "new1", "name": "a"}]
    result = bulk(world, entries, create_resources=True)
    made = fault == "cut_after"
    assert (result["failed"], result["changed"], result["resources"][0]["changed"]) == (True, made, made)
    assert bulk(world, entries, create_resources=True)["summary"]["resources_created"] == int(not made)


def test_a_new_resource_that_can_not_be_read_again(world: World) -> None:
    """The accounts are done; that the resource's settings are not confirmed fails the task anyway."""
    world.standin.faults.add(fault="failed", operation=ROWS, message="Not today")
    result = bulk(world, [{"resource": "new1", "name": "a"}], create_resources=True)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "Not today" in result["msg"]
    assert world.account("a", "new1")


# Ctrl-C


@pytest.mark.parametrize("connections", [1, 3])
def test_an_interrupt_in_a_worker_begins_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch, connections: int
) -> None:
    """Requests that are under way end; no other one is sent."""
    bulk(world, wanted(1, 40))
    calls = 0

    def stop(*_args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt

    patched(monkeypatch, "edit_account", stop)
    with pytest.raises(KeyboardInterrupt):
        bulk(world, wanted(1, 40, notes="n"), max_connections=connections)
    assert 4 <= len(world.writes) < 30
    monkeypatch.undo()
    result = bulk(world, wanted(1, 40, notes="n"))
    assert result["summary"]["updated"] >= 10


def test_an_interrupt_while_reading_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the main thread, between the reads and the writes."""

    def stop(*_args: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_module.VaultModule, "log", stop)
    with pytest.raises(KeyboardInterrupt):
        bulk(world, wanted(1, 40))
    assert world.writes == []
