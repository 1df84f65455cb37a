# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that search: all pages, names, groups, the state of passwords, and what they must not show."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import (
    DETAILS,
    FETCH,
    GROUPS,
    RES_ID,
    RESOURCES,
    ROWS,
)
from ansible_collections.vaultops.pam.tests.unit._faults_values import NASTY
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, assert_failure, texts_of

MANY = 1203
RESOURCE, ACCOUNT = "pam360_resource_info", "pam360_account_info"
HIDDEN = "(hidden)"
SEED: dict[str, Any] = {
    "custom_fields": {
        "resource": [{"label": "Site"}, {"label": "Door Code", "type": "Password"}],
        "account": [{"label": "Team"}, {"label": "Cost", "type": "Numeric"}, {"label": "PIN", "type": "Password"}],
    },
    "resources": [
        {
            "id": "701",
            "name": "db01",
            "type": "Windows",
            "description": "Orders",
            "dns_name": "db01.example.com",
            "department": "Finance",
            "location": "Cellar",
            "domain_name": "EXAMPLE",
            "url": "https://db01/",
            "owner": "jdoe",
            "password_policy": "Medium",
            "groups": ["3001", "3002"],
            "custom_fields": {"Site": "A", "Door Code": "Door-Passw0rd!"},
            "accounts": [
                {
                    "id": "9101",
                    "name": "root",
                    "password": "short",
                    "policy": "Strong",
                    "notes": "Break glass",
                    "custom_fields": {"Team": "ops", "Cost": "7", "PIN": "Pin-Passw0rd!"},
                    "last_modified_time": "Dec 1, 2021 09:00 PM",
                    "last_accessed_time": "Jan 2, 2022 10:00 AM",
                },
                {"id": "9102", "name": "app", "password": "App-Passw0rd!", "expired": True, "reason_required": True},
                {"id": "9103", "name": "Root2", "password": "Old-Passw0rd!", "ticket_required": True, "approval": True},
            ],
        },
        {"id": "702", "name": "DB01", "groups": ["3002"], "accounts": [{"id": "9201", "name": "root"}]},
        {"id": "703", "name": "web/db01 ä", "groups": ["3001"], "accounts": []},
    ],
}
ROOT = {
    "name": "root",
    "account_id": "9101",
    "resource": "db01",
    "resource_id": "701",
    "password_policy": "Strong",
    "notes": "Break glass",
    "description": "Break glass",
    "custom_fields": {"Team": "ops", "Cost": "7", "PIN": HIDDEN},
    "password_status": "****",
    "reason_required": False,
    "ticket_id_required": False,
    "compliant": False,
    "compliant_status": "Non-Compliant",
    "compliant_reason": "Minimum length must be 8",
    "expired": False,
    "expiry_status": "Valid",
    "last_modified_time": "Dec 1, 2021 09:00 PM",
    "last_accessed_time": "Jan 2, 2022 10:00 AM",
}
DB01 = {
    "name": "db01",
    "resource_id": "701",
    "type": "Windows",
    "dns_name": "db01.example.com",
    "description": "Orders",
    "department": "Finance",
    "location": "Cellar",
    "domain_name": "EXAMPLE",
    "resource_url": "https://db01/",
    "password_policy": "Medium",
    "owner": "jdoe",
    "custom_fields": {"Site": "A", "Door Code": HIDDEN},
    "account_count": 3,
}
IN_LIST = ("name", "resource_id", "type", "description", "account_count")
NOT_IN_LIST = ("custom_fields", "compliant", "compliant_status", "compliant_reason", "expired", "expiry_status")


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One server for the module."""
    with World(SEED) as made:
        yield made


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    """The server, as it was at the start; nothing is ever written to it, and no password is read."""
    yield shared.reset()
    assert shared.writes == []
    assert FETCH not in shared.operations


@pytest.fixture(scope="module")
def crowd() -> Iterator[World]:
    """A server with more resources than fit on two pages."""
    with World({"resources": [{"name": f"host{n:04}"} for n in range(MANY)]}) as made:
        yield made


def found(world: World, module: str, **args: Any) -> list[dict[str, Any]]:
    """Run a module for real and in check mode, and return what both find."""
    answers = [world.run(module, check=check, **args) for check in (True, False)]
    for answer in answers:
        assert answer["changed"] is False, answer
        assert answer["requests"] == {"sent": len(world.journal), "retried": 0}
    key = "resources" if module == RESOURCE else "accounts"
    assert answers[0][key] == answers[1][key]
    many = len(answers[0][key])
    assert answers[0]["msg"] == f"found {many} {key if many != 1 else key[:-1]}"
    rows: list[dict[str, Any]] = answers[1][key]
    return rows


def names(rows: list[dict[str, Any]]) -> list[str]:
    """The names of what was found."""
    return [row["name"] for row in rows]


# What a result looks like


def test_resource_in_detail(world: World) -> None:
    """All settings that the vault shows, in two requests."""
    assert found(world, RESOURCE, name="db01", details=True) == [DB01]
    assert world.operations == [RESOURCES, ROWS]


def test_resource_of_the_list(world: World) -> None:
    """The list has a few of them, the others are null; the keys are the same."""
    expected = {key: value if key in IN_LIST else None for key, value in DB01.items()}
    assert found(world, RESOURCE, name="db01") == [expected]
    assert world.operations == [RESOURCES]


def test_account_in_detail(world: World) -> None:
    """Settings and state, in three requests."""
    assert found(world, ACCOUNT, resource="db01", name="root", details=True) == [ROOT]
    assert world.operations == [RES_ID, ROWS, DETAILS]


def test_account_of_the_list(world: World) -> None:
    """Without details no account is read on its own."""
    (row,) = found(world, ACCOUNT, resource="db01", name="root")
    times = ("last_modified_time", "last_accessed_time")
    assert row == {key: None if key in (*NOT_IN_LIST, *times) else value for key, value in ROOT.items()}
    assert world.operations == [RES_ID, ROWS]


def test_states(world: World) -> None:
    """What a play asks for: compliant, expired, and whether a reason or a ticket is wanted."""
    rows = found(world, ACCOUNT, resource="db01", details=True)
    keys = ("name", "compliant", "expired", "reason_required", "ticket_id_required", "password_status")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("root", False, False, False, False, "****"),
        ("app", True, True, True, False, "****"),
        ("Root2", True, False, False, True, "[Request]"),
    ]
    assert rows[1]["last_modified_time"] == ""


@pytest.mark.parametrize("module", [RESOURCE, ACCOUNT])
def test_the_documentation_has_each_key(world: World, module: str) -> None:
    """RETURN and its sample name the keys of a result, in their order."""
    documented = yaml.safe_load(
        importlib.import_module(f"ansible_collections.vaultops.pam.plugins.modules.{module}").RETURN
    )
    key = module.split("_")[1] + "s"
    for row in found(world, module, details=True):
        assert list(row) == list(documented[key]["contains"])
    assert [list(sample) for sample in documented[key]["sample"]] == [list(documented[key]["contains"])]


VARIANTS = [
    {"policy_key": "old"},
    {"list_description": "absent"},
    {"empty_text": "all"},
    {"empty_text": ""},
    {"totp_flag": "present"},
    {"success": "true"},
    {"custom_fields_password": "masked"},
    {"names": "case_insensitive"},
    {"search": "exact"},
    {"startindex_base": "1", "total_rows": "page"},
]


@pytest.mark.parametrize("profile", VARIANTS, ids=str)
def test_builds(world: World, profile: dict[str, str]) -> None:
    """Each build of the server leads to the same result."""
    expected = {module: found(world, module, details=True) for module in (RESOURCE, ACCOUNT)}
    world.standin.profile.update(profile)
    for module, rows in expected.items():
        assert found(world, module, details=True) == rows


@pytest.mark.parametrize(
    ("key", "word", "option", "value"),
    [
        ("COMPLIANT STATUS", "Noncompliant", "compliant", False),
        ("COMPLIANT STATUS", "Unverified", "compliant", None),
        ("COMPLIANT STATUS", None, "compliant", None),
        ("EXPIRY STATUS", "Expired on Jan 1", "expired", True),
        ("EXPIRY STATUS", "Expires soon", "expired", None),
        ("EXPIRY STATUS", None, "expired", None),
    ],
)
def test_words_of_the_server(world: World, key: str, word: str | None, option: str, value: bool | None) -> None:
    """A word whose meaning is not known is null, and stands in its own words beside it."""
    world.standin.faults.add(fault="wrong_type", operation=DETAILS, where=f"operation.Details.{key}", value=word)
    (row,) = found(world, ACCOUNT, resource="db01", name="root", details=True)
    assert row[option] is value
    assert row[key.lower().replace(" ", "_")] == (word or "")


# Searches


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({}, ["db01", "DB01", "web/db01 ä"]),
        ({"name": "db01"}, ["db01"]),
        ({"name": "DB01"}, ["DB01"]),
        ({"name": "Db01"}, []),
        ({"name": "db0"}, []),
        ({"name": "web/db01 ä"}, ["web/db01 ä"]),
        ({"name": "Db0", "match": "contains"}, ["db01", "DB01", "web/db01 ä"]),
        ({"name": "/DB01 Ä", "match": "contains"}, ["web/db01 ä"]),
        ({"name": "nothing", "match": "contains"}, []),
        ({"resource_group": "Servers"}, ["db01", "DB01"]),
        ({"resource_group": "Default Group", "name": "db", "match": "contains"}, ["db01", "web/db01 ä"]),
        ({"resource_group": "Servers", "name": "db01"}, ["db01"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("search", ["contains", "exact"])
def test_resources(world: World, search: str, args: dict[str, Any], expected: list[str]) -> None:
    """Names are compared here, whatever the vault's own search does."""
    world.standin.profile["search"] = search
    assert names(found(world, RESOURCE, **args)) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({}, ["9101", "9102", "9103", "9201"]),
        ({"name": "root"}, ["9101", "9201"]),
        ({"name": "Root"}, []),
        ({"name": "ROOT", "match": "contains"}, ["9101", "9103", "9201"]),
        ({"resource": "db01"}, ["9101", "9102", "9103"]),
        ({"resource": "DB01"}, ["9201"]),
        ({"resource": "db01", "name": "2", "match": "contains"}, ["9103"]),
        ({"resource": "db0", "match": "contains", "name": "root"}, []),
        ({"resource": "web/db01 ä"}, []),
        ({"resource": "nowhere"}, []),
        ({"resource": "no/where", "details": True}, []),
        ({"resource_group": "Servers", "name": "root"}, ["9101", "9201"]),
        ({"resource_group": "Default Group"}, ["9101", "9102", "9103"]),
    ],
    ids=str,
)
def test_accounts(world: World, args: dict[str, Any], expected: list[str]) -> None:
    """Of one resource, of a group, of all; in the vault's order."""
    assert [row["account_id"] for row in found(world, ACCOUNT, **args)] == expected


def test_all_of_one_name(world: World) -> None:
    """Twins are what a search is to show: all of them, with their ids."""
    world.standin.change(add_resource={"name": "db01", "id": "777", "accounts": [{"name": "x", "id": "9777"}]})
    world.standin.change(resource="777", add_account={"name": "x", "id": "9778"})
    assert [row["resource_id"] for row in found(world, RESOURCE, name="db01")] == ["701", "777"]
    assert [row["account_id"] for row in found(world, ACCOUNT, name="x")] == ["9777", "9778"]


@pytest.mark.parametrize("name", [text for text in NASTY.values() if text.strip()], ids=NASTY)
def test_odd_names(world: World, name: str) -> None:
    """A name of any characters is found, alone and in part, and comes back as it is."""
    world.standin.change(add_resource={"name": name, "accounts": [{"name": name}]})
    assert names(found(world, RESOURCE, name=name)) == [name]
    assert name in names(found(world, RESOURCE, name=name[:2].strip() or name, match="contains"))
    assert names(found(world, ACCOUNT, resource=name, name=name, details=True)) == [name]
    assert [row["resource"] for row in found(world, ACCOUNT, name=name)] == [name]


def test_bytes_that_are_no_text(world: World) -> None:
    """A name of the server that UTF-8 cannot carry does not break the result."""
    rows = [{"ACCOUNT NAME": "a\udcffb", "ACCOUNT ID": "1"}]
    world.standin.faults.add(fault="wrong_type", operation=ROWS, where="operation.Details.ACCOUNT LIST", value=rows)
    result = world.run(ACCOUNT, resource="db01")
    assert [row["account_id"] for row in result["accounts"]] == ["1"]


# Pages, requests, connections


@pytest.mark.parametrize("base", ["0", "1"])
@pytest.mark.parametrize("total", ["all", "page"])
def test_all_pages(crowd: World, base: str, total: str) -> None:
    """Each resource once and in order, whatever STARTINDEX and totalRows mean."""
    crowd.reset().standin.profile.update({"startindex_base": base, "total_rows": total})
    assert names(found(crowd, RESOURCE)) == [f"host{n:04}" for n in range(MANY)]
    assert crowd.operations == [RESOURCES] * 3


def test_accounts_of_all_pages(crowd: World) -> None:
    """One list for each resource, and not one more."""
    crowd.reset().standin.change(resource="host1202", add_account={"name": "last"})
    (row,) = found(crowd, ACCOUNT)
    assert (row["name"], row["resource"]) == ("last", "host1202")
    assert sorted(crowd.operations) == sorted([*[RESOURCES] * 3, *[ROWS] * MANY])
    assert len({entry.path for entry in crowd.journal}) == MANY + 1


@pytest.mark.parametrize(
    ("name", "match", "requests"), [("host1202", "exact", 1), ("host12020", "exact", 4), ("1202", "contains", 3)]
)
def test_requests_of_a_search(crowd: World, name: str, match: str, requests: int) -> None:
    """An exact name takes one request when it is there; a part of one never asks the vault's search."""
    assert names(found(crowd.reset(), RESOURCE, name=name, match=match)) == ["host1202"] * (requests != 4)
    assert crowd.operations == [RESOURCES] * requests
    assert match == "exact" or not any("SEARCHVALUE" in str(entry.input) for entry in crowd.journal)


def test_requests_of_a_group(world: World) -> None:
    """One for the list, one for each resource, and details for the members alone."""
    found(world, ACCOUNT, resource_group="Servers", name="root", details=True, max_connections=1)
    assert world.operations == [RESOURCES, *[GROUPS] * 3, *[ROWS] * 2, *[DETAILS] * 2]


@pytest.mark.parametrize("module", [RESOURCE, ACCOUNT])
def test_a_group_that_nobody_is_in(world: World, module: str) -> None:
    """Nothing is found, and a warning says why: the name may be spelled wrong."""
    result = world.run(module, resource_group="servers")
    assert result["resources" if module == RESOURCE else "accounts"] == []
    assert [text for text in texts_of(result) if "'servers'" in text]
    assert world.operations == [RESOURCES, *[GROUPS] * 3]
    assert not [text for text in texts_of(world.run(module, resource_group="Servers")) if "group" in text]


def test_a_group_without_details(world: World) -> None:
    """A resource of which the answer names no group is in none."""
    for rule in ({"where": "operation.Details", "value": None}, {"where": "operation.Details.ASSOCIATED GROUPS"}):
        world.standin.faults.set([{"fault": "wrong_type", "operation": GROUPS, "value": "", **rule}])
        assert world.run(RESOURCE, resource_group="Servers")["resources"] == []


def test_order_is_that_of_the_vault(world: World) -> None:
    """The first answers come last, and the result is in order anyway."""
    world.standin.faults.set(
        [
            {"fault": "delay", "path": "/resources/701/accounts$", "seconds": 0.2},
            {"fault": "delay", "path": "/accounts/9101$", "seconds": 0.2},
        ]
    )
    rows = found(world, ACCOUNT, details=True)
    assert [row["account_id"] for row in rows] == ["9101", "9102", "9103", "9201"]
    assert rows[0] == ROOT
    assert world.operations[-1] == DETAILS


def test_max_connections(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many reads run at the same time, and not one more."""
    barrier, busy, most = threading.Barrier(2, timeout=30), threading.Semaphore(0), [0]
    reads = Pam360.account

    def account(client: Pam360, *args: Any) -> Any:
        busy.release()
        most[0] = max(most[0], busy._value)
        barrier.wait()  # goes on when there are two
        try:
            return reads(client, *args)
        finally:
            busy.acquire()

    monkeypatch.setattr(Pam360, "account", account)
    assert len(found(world, ACCOUNT, details=True, max_connections=2)) == 4
    assert most == [2]


@pytest.mark.parametrize("connections", [1, 8])
def test_the_first_failure_ends_it(crowd: World, connections: int) -> None:
    """After a failure no further request is begun."""
    crowd.reset().standin.faults.add(fault="failed", operation=ROWS, message="Not today")
    result = crowd.run(ACCOUNT, max_connections=connections)
    assert_failure(result, 200, printed=crowd.printed)
    assert result["failure"]["server_message"] == "Not today"
    assert "Reading the accounts of resource 'host" in result["msg"]
    assert crowd.operations.count(ROWS) <= connections


def test_thousands_of_accounts(world: World) -> None:
    """A list is one request, however long."""
    accounts = [{"name": f"user{n}", "password": "Any-Passw0rd!"} for n in range(3000)]
    world.standin.change(add_resource={"name": "big", "accounts": accounts})
    assert names(found(world, ACCOUNT, resource="big")) == [f"user{n}" for n in range(3000)]
    assert world.operations == [RES_ID, ROWS]


# Answers of another shape


@pytest.mark.parametrize(
    ("module", "operation", "where", "value", "words"),
    [
        (RESOURCE, RESOURCES, "", [{"RESOURCE NAME": "x"}], "an entry without an ID"),
        (RESOURCE, RESOURCES, "", ["x"], "no list of resources"),
        (RESOURCE, RESOURCES, "", "x", "no list of resources"),
        (ACCOUNT, RESOURCES, "", [{"RESOURCE NAME": "x", "RESOURCE ID": {}}], "an entry without an ID"),
        (ACCOUNT, ROWS, ".ACCOUNT LIST", [{"ACCOUNT NAME": "x"}], "an entry without an ID"),
        (ACCOUNT, ROWS, ".ACCOUNT LIST", None, "no list of accounts"),
        (ACCOUNT, DETAILS, "", {"x": "y"}, "shows nothing of the account"),
        (RESOURCE, ROWS, ".CUSTOM FIELD", "x", "custom fields in an unknown format"),
        (RESOURCE, GROUPS, "", {"x": "y"}, "no list of resource groups"),
        (RESOURCE, GROUPS, ".ASSOCIATED GROUPS", [7], "no list of resource groups"),
    ],
)
def test_answer_of_another_shape(world: World, module: str, operation: str, where: str, value: Any, words: str) -> None:
    """A failure that says what is wrong, and not a result with holes in it."""
    rule = {"fault": "wrong_type", "operation": operation, "where": f"operation.Details{where}", "value": value}
    world.standin.faults.set([rule])
    group = {"resource_group": "Servers"} if operation == GROUPS else {}
    result = world.run(module, details=True, **group)
    assert_failure(result, 200, printed=world.printed)
    assert words in result["msg"]


# Secrets


@pytest.mark.parametrize("profile", ["clear", "masked"])
def test_no_secret_of_a_custom_field(world: World, profile: str) -> None:
    """A value of type Password is a marker, however the vault sends it."""
    world.standin.profile["custom_fields_password"] = profile
    assert found(world, RESOURCE, details=True)[0]["custom_fields"]["Door Code"] == HIDDEN
    assert "Door-Passw0rd!" not in world.printed
    assert found(world, ACCOUNT, details=True)[0]["custom_fields"]["PIN"] == HIDDEN
    assert "Pin-Passw0rd!" not in world.printed


def test_fields_of_an_unknown_type(world: World) -> None:
    """Where the vault does not say that a field is none of type Password, it is hidden."""
    entries = [{"CUSTOMFIELDLABEL": "Team", "CUSTOMFIELDVALUE": "Odd-Passw0rd!"}]
    world.standin.faults.add(
        fault="wrong_type", operation=DETAILS, where="operation.Details.CUSTOM FIELD", value=entries
    )
    (row,) = found(world, ACCOUNT, resource="db01", name="root", details=True)
    assert row["custom_fields"] == {"Team": HIDDEN}
    assert "Odd-Passw0rd!" not in world.printed


def test_secrets_of_others_are_not_quoted(world: World) -> None:
    """A secret that one answer held is taken out of the refusal of the next."""
    world.standin.faults.add(fault="failed", operation=DETAILS, nth=2, message="No: Pin-Passw0rd!")
    result = world.run(ACCOUNT, resource="db01", details=True, max_connections=1)
    assert_failure(result, 200, printed=world.printed)
    assert result["failure"]["server_message"] == f"No: {HIDDEN}"
    assert "account 'app' on resource 'db01'" in result["msg"]
