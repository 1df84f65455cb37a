# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many accounts in one task: each like in a task of its own, check mode like the real run, few requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._accounts_world import (
    ROOT,
    assert_same_plan,
    beats,
    bulk,
    comparable,
    drawn,
    one_by_one,
    state,
    warnings,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED, World, assert_input_error, details, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

KEY = {"tracking_key": "k3y of the t3am"}


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


@pytest.fixture(scope="module")
def other() -> Iterator[World]:
    """A second server, equal to the first."""
    with World() as made:
        yield made


PROFILES: tuple[dict[str, str], ...] = (
    {},
    {"add_answer": "list", "duplicate_overall": "Failed"},
    {"failure_status": "4xx", "edit_semantics": "replace"},
    {"list_description": "absent", "empty_text": "all"},
    {"edit_omitted": "clear", "lookup_miss": "empty"},
    {"names": "case_insensitive", "ignore_fields": "NOTES"},
)


@pytest.mark.parametrize("number", range(18))
def test_each_account_is_like_one_of_a_task_of_its_own(world: World, other: World, number: int) -> None:
    """Whatever is wanted: the same in the vault, and the same result for each account, in check mode as for real."""
    entries, profile = drawn(number), PROFILES[number % len(PROFILES)]
    unlisted = ("notes", "description") if "list_description" in profile else ()
    for one in (world, other.reset()):
        one.standin.profile.update(profile)
    known = {account["id"] for resource in world.truth() for account in resource["accounts"]}
    for check in (True, False, False):
        many = bulk(world, entries, check=check, **KEY)
        alone = one_by_one(other, entries, check=check, **KEY)
        told = [comparable(result, known, unlisted) for result in many["accounts"]]
        assert told == [comparable(result, known, unlisted) for result in alone]
        assert state(world) == state(other)
        assert many["changed"] is any(result["changed"] for result in alone)
        assert bool(many.get("failed")) is any(result.get("failed") for result in alone)
        assert warnings([many]) == warnings(alone)


def test_the_result_of_a_task_with_everything(world: World) -> None:
    """Input order, sums, one diff for each changed account, and what was made."""
    entries = [
        {"resource": "new01", "name": "root"},
        {"resource": "db01", "name": "app"},
        {"resource": "db01", "name": "stale", "state": "absent"},
        {"resource": "db01", "name": "root", "notes": "n"},
        {"resource": "web01", "name": "a", "password_policy": "No such policy"},
        {"resource": "web01", "name": "b"},
        {"resource": "nowhere", "name": "x", "state": "absent"},
    ]
    options: dict[str, Any] = {"create_resources": True, "resource_defaults": {"type": "Windows", "department": "HR"}}
    check = bulk(world, entries, check=True, **options)
    assert world.writes == []
    result = bulk(world, entries, **options)
    assert [entry["account"]["name"] for entry in result["accounts"]] == [entry["name"] for entry in entries]
    assert [entry["changed"] for entry in result["accounts"]] == [True, False, True, True, False, True, False]
    assert [entry["failed"] for entry in result["accounts"]] == [False] * 4 + [True] + [False] * 2
    sums = {"total": 7, "created": 2, "updated": 1, "removed": 1, "unchanged": 2, "failed": 1, "adopted": 0}
    sums |= {
        "resources_created": 1,
        **dict.fromkeys(map("resources_{}".format, ("updated", "removed", "unchanged", "failed")), 0),
    }
    assert result["summary"] == sums
    assert check["summary"] == {**sums, "created": 3, "failed": 0}
    for told, resource_id in ((check, None), (result, world.resource("new01")["id"])):
        (made,) = told["resources"]
        assert (made["changed"], made["resource"]["name"], made["resource_id"]) == (True, "new01", resource_id)
    assert (world.resource("new01")["type"], world.resource("new01")["department"]) == ("Windows", "HR")
    changed = [*result["resources"], *(entry for entry in result["accounts"] if entry["changed"])]
    headers = [entry["diff"]["after_header"] for entry in changed]
    assert [diff["after_header"] for diff in result["diff"]] == headers
    assert result["changed"] is True
    assert result["failed"] is True
    assert result["failure"] == result["accounts"][4]["failure"]
    assert "1 of 7 accounts failed" in result["msg"]
    assert result["accounts"][4]["msg"] in result["msg"]


def test_beats_of_creates_edits_and_removals(world: World) -> None:
    """Check, real, check again, again: for accounts that are there, are not there, and are to go."""
    entries = [
        {**ROOT, "notes": "n", "password_policy": "Medium"},
        {"resource": "db01", "name": "app", "custom_fields": {"Owner Team": "dev"}},
        {"resource": "db01", "name": "new1", "description": "d", "owner": "jdoe"},
        {"resource_id": "602", "name": "new2", "password": "N3w-Passw0rd!", "custom_fields": {"Cost Center": 7}},
        {"resource": "db01", "name": "stale", "state": "absent"},
        {"resource": "web01", "name": "new3", "new_name": "new4"},
        {"resource": "new01", "name": "new5"},
    ]
    result = beats(world, entries, create_resources=True)
    assert result["summary"]["created"] == 4
    assert world.account("new1")["settings"] == {"OWNERNAME": "jdoe"}
    assert world.account("new2", "web01")["password"] == "N3w-Passw0rd!"
    assert world.account("new4", "web01")
    assert not world.account("stale")


@pytest.mark.parametrize(
    ("entry", "defaults", "task", "expected"),
    [
        ({}, {"notes": "of all"}, {}, {"notes": "of all"}),
        ({"notes": ""}, {"notes": "of all"}, {}, {"notes": ""}),
        ({"custom_fields": {"Owner Team": "x"}}, {"custom_fields": {"Cost Center": 7}}, {}, {"cost": ""}),
        ({"command_set": 5}, {"update_write_only": "always"}, {"update_write_only": "on_edit"}, {"command_set": 5}),
        ({"command_set": 5}, {}, {"update_write_only": "always"}, {"command_set": 5}),
        ({"command_set": 5, "update_write_only": "on_edit"}, {"update_write_only": "always"}, {}, {}),
        ({"command_set": 5}, {"update_write_only": "on_edit"}, {"update_write_only": "always"}, {}),
        ({"password": "N3w-Passw0rd!"}, {}, {"update_password": "always"}, {"password": "N3w-Passw0rd!"}),
        ({}, {"password": "N3w-Passw0rd!", "update_password": "on_drift"}, {}, {"password": "N3w-Passw0rd!"}),
        ({"password": "N3w-Passw0rd!"}, {"update_password": "on_create"}, {"update_password": "always"}, {}),
        ({"state": "present"}, {"state": "absent"}, {}, {}),
        ({}, {"state": "absent"}, {}, {"gone": True}),
    ],
)
def test_what_stands_with_the_account_beats_defaults_and_these_the_task(
    world: World, entry: dict[str, Any], defaults: dict[str, Any], task: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Also for policies; a dictionary is taken as a whole."""
    result = bulk(world, [{**ROOT, **entry}], defaults=defaults, **task)
    assert not result.get("failed"), result["msg"]
    stored = world.account("root")
    assert (stored == {}) is ("gone" in expected)
    if stored:
        assert stored["notes"] == expected.get("notes", "old notes")
        assert stored["settings"].get("COMMAND_SET") == expected.get("command_set")
        assert stored["password"] == expected.get("password", "Old-Passw0rd!")
        assert stored["custom_fields"].get("Cost Center", "") == expected.get("cost", "")


def test_the_resource_that_stands_with_the_account_counts(world: World) -> None:
    """Of resource and resource_id, which name the same thing, the nearer one is taken."""
    entries = [{"name": "a"}, {"name": "b", "resource": "db01"}, {"name": "c", "resource_id": "601"}]
    for defaults in ({"resource_id": "602"}, {"resource": "web01"}):
        result = bulk(world.reset(), entries, defaults=defaults)
        assert [entry["resource_id"] for entry in result["accounts"]] == ["602", "601", "601"]


def test_the_name_may_stand_in_the_defaults(world: World) -> None:
    """One account on many resources."""
    result = bulk(world, [{"resource": "db01"}, {"resource": "web01"}], defaults={"name": "scanner"})
    assert result["summary"]["created"] == 2


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("name", ["root", "new1"])
def test_one_account_by_name_and_by_id_of_its_resource(world: World, name: str, check: bool) -> None:
    """It is managed once, and the second entry fails: which of the two should it be?"""
    entries = [{"resource": "db01", "name": name, "notes": "1"}, {"resource_id": "601", "name": name, "notes": "2"}]
    result = bulk(world, entries, check=check)
    assert [entry["failed"] for entry in result["accounts"]] == [False, True]
    for word in (f"account '{name}' on resource 601", f"account '{name}' on resource 'db01'", "the same account"):
        assert word in result["accounts"][1]["msg"]
    assert world.account(name).get("notes") == ("1" if not check else {"root": "old notes"}.get(name))


def test_one_account_in_two_spellings(world: World) -> None:
    """A vault that ignores case takes both for the same account; it is not written twice."""
    world.standin.profile["names"] = "case_insensitive"
    result = bulk(world, [{**ROOT, "notes": "1"}, {"resource": "db01", "name": "ROOT", "notes": "2"}])
    assert [entry["failed"] for entry in result["accounts"]] == [False, True]
    assert world.account("root")["notes"] == "1"
    assert len(world.writes) == 1


def test_new_accounts_of_a_resource_go_in_one_request(world: World) -> None:
    """Each with its own settings; those that only an edit takes follow one by one."""
    entries = [{"resource": "web01", "name": f"a{number}", "notes": f"n{number}"} for number in range(5)]
    entries[2]["owner"] = "jdoe"
    bulk(world, entries)
    assert Counter(entry.operation for entry in world.writes) == {"ADD ACCOUNTS": 1, "EDIT ACCOUNT": 1}
    sent = details(next(entry for entry in world.writes if entry.operation == "ADD ACCOUNTS"))["ACCOUNTLIST"]
    assert [(item["ACCOUNTNAME"], item["NOTES"]) for item in sent] == [(f"a{n}", f"n{n}") for n in range(5)]
    assert world.account("a2", "web01")["settings"] == {"OWNERNAME": "jdoe"}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_resource_that_is_not_there_fails_its_accounts_alone(world: World, check: bool) -> None:
    """Unless it is to be made; accounts that are to go are not there either."""
    entries = [{"resource": "nowhere", "name": "x"}, {"resource": "nowhere", "name": "y", "state": "absent"}]
    result = bulk(world, [*entries, {**ROOT, "notes": "n"}], check=check)
    assert [entry["failed"] for entry in result["accounts"]] == [not check, False, False]
    assert result["accounts"][2]["changed"] is True
    if check:  # an earlier task of the run may make it
        assert "assumes that an earlier task creates it" in str(result["warnings"])
    else:
        assert "resource 'nowhere'" in result["accounts"][0]["msg"]
    assert result["summary"]["resources_created"] == 0


def test_passwords_on_drift_are_read_and_written_each(world: World) -> None:
    """Three accounts: one differs, one does not, one is new. All are verified but the new one's."""
    entries = [
        {**ROOT, "password": "N3w-Passw0rd!"},
        {"resource": "db01", "name": "app", "password": "App-Passw0rd!"},
        {"resource": "db01", "name": "new1", "password": "N3w-Passw0rd!"},
    ]
    result = beats(world, entries, update_password="on_drift")
    assert [entry["changed"] for entry in result["accounts"]] == [True, False, True]
    assert ["password" in entry["verified"] for entry in result["accounts"]] == [True, True, False]
    assert result["diff"][0]["before"] == {"password": "(hidden)"}
    assert world.account("root")["password"] == "N3w-Passw0rd!"


def test_no_accounts(world: World) -> None:
    """An empty list is nothing to do, and no request."""
    result = bulk(world, [])
    assert (result["changed"], result["accounts"], world.journal) == (False, [], [])
    assert result["msg"] == "accounts: 0 unchanged"


def test_the_same_warning_is_given_once(world: World) -> None:
    """A tracking field that is not defined concerns all accounts alike."""
    tracked = {"update_write_only": "tracked", "tracking_field": "Nowhere", **KEY}
    entries = [{"resource": "db01", "name": name, "command_set": 5} for name in ("root", "app", "stale")]
    result = bulk(world, entries, **tracked)
    assert len([text for text in texts_of(result) if "Define it there" in text]) == 1


def test_check_mode_predicts_what_can_not_be_read(world: World) -> None:
    """Edit-only and masked settings on new and on existing accounts, in the diff as well."""
    world.standin.profile["custom_fields_password"] = "masked"
    world.standin.change(resource="db01", account="app", set={"custom_fields": {"Recovery PIN": "4711"}})
    entries = [
        {"resource": "db01", "name": "app", "custom_fields": {"Recovery PIN": "4712", "Owner Team": "dev"}},
        {"resource": "db01", "name": "new1", "owner": "jdoe", "custom_fields": {"Recovery PIN": "4713"}},
    ]
    check = bulk(world, entries, check=True)
    real = bulk(world, entries)
    assert_same_plan(check, real)
    assert "471" not in world.printed
    assert world.account("app")["custom_fields"]["Recovery PIN"] == "4712"


PURGE: dict[str, Any] = {"purge": True, "shares": []}
BAD: tuple[tuple[list[dict[str, Any]], dict[str, Any], str], ...] = (
    ([ROOT, {"resource": "db01"}], {}, "accounts[1]: name is required"),
    ([{"name": "root"}], {}, "accounts[0] ('root'): resource and resource_id are both missing"),
    ([{**ROOT, "resource_id": "601"}], {}, "accounts[0] ('root'): resource and resource_id are both given"),
    ([ROOT, ROOT], {}, "accounts[1] ('root'): it is the same as accounts[0]"),
    ([{**ROOT, "new_name": "x"}, {**ROOT, "name": "x"}], {}, "accounts[1] ('x'): it is the same as accounts[0]"),
    ([{**ROOT, "name": ""}], {}, "accounts[0] (''): name must not be empty"),
    ([{**ROOT, "resource": " "}], {}, "accounts[0] ('root'): resource must not be empty"),
    ([{"name": "root", "resource_id": "x"}], {}, "accounts[0] ('root'): resource_id"),
    ([ROOT, {"resource": "db01", "name": "b", "password": ""}], {}, "accounts[1] ('b'): password must not be empty"),
    ([ROOT], {"defaults": {"password": ""}}, "accounts[0] ('root'): password must not be empty"),
    ([{**ROOT, "new_name": "x", "state": "absent"}], {}, "accounts[0] ('root'): new_name"),
    ([{**ROOT, "custom_fields": {"a": True}}], {}, "accounts[0] ('root'): custom_fields"),
    (
        [{**ROOT, "purge": True, "shares": [], "update_write_only": "always"}],
        {},
        "accounts[0] ('root'): purge needs update_write_only: auto or tracked",
    ),
    (
        [{**ROOT, "shares": []}],
        {"purge": True, "update_write_only": "on_edit"},
        "accounts[0] ('root'): purge needs update_write_only: auto or tracked",
    ),
    ([{**ROOT, "shares": [{"user": "jdoe"}]}], {}, "accounts[0] ('root'): shares must give user 'jdoe' an access_type"),
    ([{**ROOT, "shares": [{"access_type": "view"}]}], {}, "accounts[0] ('root'): shares must name exactly one of"),
    (
        [{**ROOT, "shares": [{"user": "jdoe", "user_id": "21", "access_type": "view"}]}],
        {},
        "accounts[0] ('root'): shares must name exactly one of user, user_id",
    ),
    (
        [{**ROOT, "shares": [{"user": "jdoe", "access_type": "view"}, {"user": "jdoe", "state": "absent"}]}],
        {},
        "accounts[0] ('root'): shares names user 'jdoe' twice",
    ),
    ([{**ROOT, "shares": [{"user_id": "x", "access_type": "view"}]}], {}, "accounts[0] ('root'): shares has an entry"),
    ([{**ROOT, "totp_secret": "JBSWY3DP"}], {"update_write_only": "tracked"}, "tracking_key is needed"),
    (
        [{**ROOT, "custom_fields": {"Ansible state": "x"}}],
        {"update_write_only": "tracked"},
        "accounts[0] ('root'): custom_fields names 'Ansible state', which is the tracking_field",
    ),
    ([ROOT], {"max_connections": 0}, "max_connections must be 1 or more"),
    ([ROOT], {"max_requests_per_second": 0}, "max_requests_per_second must be more than 0"),
    ([ROOT], {"max_requests_per_second": -1}, "max_requests_per_second must be more than 0"),
    ([ROOT], {"resource_defaults": {"type": "Linux"}}, "resource_defaults needs create_resources: true"),
    (
        [{**ROOT, "resource": "new01"}],
        {"create_resources": True, "resource_defaults": {"owner": ""}},
        "resource_defaults: owner must not be empty",
    ),
    ([{**ROOT, "state": "gone"}], {}, "state"),
    ([{**ROOT, "sap_user_type": "X"}], {}, "sap_user_type"),
    ([{**ROOT, "no_such": 1}], {}, "no_such"),
    ([ROOT], {"defaults": {"no_such": 1}}, "no_such"),
    ([ROOT], {"accounts": ...}, "one of the following is required: accounts, resources"),
)


@pytest.mark.parametrize(("entries", "task", "words"), BAD, ids=[words for _entries, _task, words in BAD])
def test_bad_input(world: World, entries: list[dict[str, Any]], task: dict[str, Any], words: str) -> None:
    """One sentence that tells the entry, and not a single request."""
    for check in (True, False):
        result = world.run("pam360_accounts", check=check, **{"accounts": [dict(entry) for entry in entries], **task})
        assert_input_error(world, result, words)


def test_the_seed_is_what_this_file_takes_it_for() -> None:
    """Two resources by the ids that stand in the tasks."""
    assert [resource["name"] for resource in SEED["resources"]] == ["db01", "web01"]
