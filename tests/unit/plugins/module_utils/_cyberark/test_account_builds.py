# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cyberark_account where builds of PVWA behave differently, as users of other tools reported it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    APP,
    DELETE,
    DETAILS,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    SEED,
    SVC,
    UPDATE,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, texts_of

PROPERTIES = "/platformAccountProperties"
MACHINES = "/remoteMachinesAccess/remoteMachines"
RESTRICTED = "/remoteMachinesAccess/accessRestrictedToRemoteMachines"
SECRET = "N3w-Passw0rd!"


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault() as world:
        yield world


def row(safe: str, name: str, **more: Any) -> dict[str, Any]:
    """Return an account for the seed."""
    return {"safeName": safe, "platformId": "UnixSSH", "name": name, "userName": "root", "address": "db01", **more}


def warnings(result: Result) -> str:
    """Return the warnings but that of plain HTTP."""
    return " ".join(text for text in texts_of(result) if "not encrypted" not in text)


# Several platform properties in one request


@pytest.mark.parametrize(
    ("taken", "whole", "wanted"),
    [
        *product(
            ("all", "last_leaf", "last"),
            ("merge", "replace"),
            (
                {"Port": 2222, "OwnerName": "ops"},
                {"Port": 2222, "OwnerName": "ops", "Location": None},
                {"Port": 2222, "Location": None},
                {"Port": None, "Location": None},
                {"OwnerName": "ops"},
                {"Port": None},
            ),
        )
    ],
)
def test_several_properties_are_all_stored(vault: Vault, taken: str, whole: str, wanted: dict[str, Any]) -> None:
    """Whichever of several operations a server takes, and whether an object merges or replaces."""
    vault.standin.state.platforms["UnixSSH"].mandatory = []
    vault.standin.profile.update({"patch_properties": taken, "properties_object": whole})
    seen = {"Port": "22", "Location": "Vienna"}
    goal = {name: str(value) for name, value in {**seen, **wanted}.items() if value is not None}
    done = vault.play(**ROOT, platform_properties=wanted)
    assert (done["changed"], warnings(done)) == (True, "")
    assert vault.account("29_3")["platformAccountProperties"] == goal
    assert done["account"]["platform_properties"] == goal
    assert done["verified"][-1] == "platform_properties"
    if len(wanted) == 1 or (taken == "all") or (taken == "last_leaf" and list(wanted.values()).count(None) < 2):
        assert vault.operations == [LOGON, LIST, UPDATE, LOGOFF]
    assert vault.play(**ROOT, platform_properties=wanted)["changed"] is False


def test_what_is_never_taken_is_a_warning_with_its_name(vault: Vault) -> None:
    """A property that is stored and never shown cannot be compared; the others are stored, and there is an end."""
    vault.standin.state.platforms["UnixSSH"].hidden.append("OwnerName")
    done = vault.play(**ROOT, platform_properties={"Port": 2222, "OwnerName": "ops"})
    assert vault.operations == [LOGON, LIST, UPDATE, UPDATE, LOGOFF]
    assert "did not take platform_properties" in warnings(done)
    assert "It does not show OwnerName." in warnings(done)
    assert done["unverified"] == ["platform_properties"]
    assert vault.account("29_3")["platformAccountProperties"] == {
        "Port": "2222",
        "Location": "Vienna",
        "OwnerName": "ops",
    }


def test_another_platform_may_not_know_the_old_properties(vault: Vault) -> None:
    """An object with those that the task does not name is refused then, and goes without them."""
    vault.standin.change(account="29_3", set={"platformAccountProperties": {"UseSudoOnReconcile": "true"}})
    wanted = {"platform_id": "WinServerLocal", "platform_properties": {"Port": 23, "OwnerName": "ops"}}
    done = vault.play(**ROOT, **wanted)
    assert not done.get("failed"), done["msg"]
    assert vault.account("29_3")["platformId"] == "WinServerLocal"
    assert vault.account("29_3")["platformAccountProperties"]["Port"] == "23"


def test_a_second_round_that_fails_is_a_change(vault: Vault) -> None:
    """The first one was stored."""
    vault.standin.state.platforms["UnixSSH"].mandatory = []
    vault.standin.profile["patch_properties"] = "last"
    vault.standin.faults.add(fault="status", operation=UPDATE, code=400, message="PASWS999E No", nth=2)
    result = vault.play(**ROOT, platform_properties={"Port": None, "Location": None})
    assert_refusal(result, 400, "PASWS999E")
    assert result["changed"] is True
    assert "Part of the step was written before that." in result["msg"]


# Names of safes


@pytest.mark.parametrize("quotes", ["literal", "accepted", "required"])
@pytest.mark.parametrize("safe", ["Linux Servers", "R AND D", "A\tB", "Linux"])
def test_a_safe_with_white_space(quotes: str, safe: str) -> None:
    """Found by each version, and quotes are never the first try."""
    with Vault({"accounts": [row(safe, "one"), row("Other", "one")]}, profile={"filter_quotes": quotes}) as vault:
        for name in ("one", "ONE"):
            result = vault.play(safe=safe, name=name)
            assert (result.get("failed"), result["changed"]) == (None, False), result["msg"]
        queries = [entry.query.get("filter") for entry in vault.journal if entry.operation == LIST]
        plain = {"R AND D": None}.get(safe, f"safeName eq {safe}")
        again = [f'safeName eq "{safe}"'] if quotes == "required" and safe in ("Linux Servers", "A\tB") else []
        assert queries == [plain, *again]
        made = vault.play(safe=safe, user_name="new1", address="db02", platform_id="UnixSSH")
        assert (made["changed"], made["account"]["safe"]) == (True, safe), made["msg"]


@pytest.mark.parametrize("safe", ["R+D", "R&D", "100%", "a+b c&d"])
@pytest.mark.parametrize("characters", ["refused", "not_found"])
def test_a_safe_whose_name_no_url_can_carry(safe: str, characters: str) -> None:
    """Looked up without it and compared here; a body may carry any name."""
    with Vault({"accounts": [row("Linux", "one"), row(safe, "one")]}, profile={"url_characters": characters}) as vault:
        for args in ({"name": "one"}, {"user_name": "root", "address": "db01"}):
            result = vault.play(safe=safe.lower(), **args, platform_properties={"Location": None})
            assert (result.get("failed"), result["changed"], result["account"]["safe"]) == (None, False, safe)
        made = vault.play(safe=safe, user_name="new1", address="db02", platform_id="UnixSSH")
        assert (made["changed"], made["account"]["safe"]) == (True, safe), made["msg"]
        assert vault.play(safe=safe, user_name="new1", address="db02")["changed"] is False


# Lists that end early, or seem to


def many(count: int, **last: Any) -> dict[str, Any]:
    """Return a seed with many accounts; the last one is as given."""
    rows = [row("Linux", f"made-{number:04}", address=f"db01-{number}") for number in range(count - 1)]
    return {"accounts": [*rows, row("Linux", "last", **last)]}


CUTS: tuple[Mapping[str, str], ...] = (
    {"max_displayed_records": "60", "count": "all"},
    {"max_displayed_records": "100", "list_end": "error", "page_limit": "50"},
    {"max_displayed_records": "60"},  # and nothing tells so but another order
)
HIDDEN: tuple[dict[str, Any], ...] = (
    {"name": "last", "state": "absent"},
    {"name": "last", "platform_id": "UnixSSH"},
    {"user_name": "root", "address": "db01", "state": "absent"},
    {"user_name": "root", "address": "db01", "platform_id": "UnixSSH"},
)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("args", HIDDEN, ids="-".join)
@pytest.mark.parametrize("profile", CUTS, ids="-".join)
def test_a_list_that_is_cut_proves_nothing(profile: Mapping[str, str], args: dict[str, Any], check: bool) -> None:
    """Never a second account, and never called absent."""
    with Vault(many(130), profile=dict(profile)) as vault:
        before = vault.truth()
        result = vault.play(safe="Linux", check=check, **args)
        if "name" in args and not result.get("failed"):  # the other order showed it
            assert result["account_id"] == "29_132"
            return
        assert "the list is not complete" in result["msg"]
        assert "MaxDisplayedRecords" in result["msg"]
        assert (result["changed"], vault.truth()) == (False, before)


def test_a_name_that_is_shown_is_enough() -> None:
    """It is unique in its safe, whatever else there is."""
    with Vault(many(130), profile={"max_displayed_records": "60", "count": "all"}) as vault:
        assert vault.play(safe="Linux", name="made-0003")["changed"] is False


def test_a_full_last_page_is_not_trusted() -> None:
    """A limit of 1000 or 2000 records ends a list just so."""
    with Vault(many(1200), profile={"max_displayed_records": "1000"}) as vault:
        result = vault.play(safe="Linux", name="last", state="absent")
        assert "the server shows 1000, and the last page is full" in result["msg"]
        assert vault.operations == [LOGON, LIST, LOGOFF]


@pytest.mark.parametrize("count", ["page", "all"])
def test_a_long_list_that_is_complete(count: str) -> None:
    """One more request shows that nothing else is there."""
    with Vault(many(60), profile={"count": count}) as vault:
        assert vault.play(safe="Linux", name="ghost", state="absent")["changed"] is False
        assert vault.operations == [LOGON, LIST, LIST, LOGOFF]


@pytest.mark.parametrize("page", ["1", "2", "3"])
@pytest.mark.parametrize("how", ["name", "user"])
def test_an_empty_page_is_no_end(page: str, how: str) -> None:
    """The list ends where there is no link."""
    with Vault(many(130), profile={"empty_page": page, "page_limit": "50"}) as vault:
        args = {"name": "last"} if how == "name" else {"user_name": "root", "address": "db01", "platform_id": "UnixSSH"}
        result = vault.play(safe="Linux", **args)
        assert (result.get("failed"), result["changed"]) == (None, False), result["msg"]
        assert result["account_id"] == "29_132"


@pytest.mark.parametrize("value", ["api/Accounts?offset=5", "api/Accounts?offset={}", "x", f"x?offset={'9' * 400}"])
def test_links_without_end(vault: Vault, value: str) -> None:
    """A list whose pages bring nothing new is an error, and soon."""
    vault.standin.faults.add(fault="wrong_type", operation=LIST, where="nextLink", value=value)
    result = vault.play(**{**ROOT, "user_name": "ghost"})
    assert "a next page that leads nowhere" in result["msg"]
    assert len(vault.journal) < 8


# Remote machines and the restriction to them


def test_clearing_the_machines_clears_the_restriction(vault: Vault) -> None:
    """In the same request, as the one needs the other."""
    predicted = vault.play(check=True, **SVC, remote_machines=[])
    done = vault.play(**SVC, remote_machines=[])
    assert vault.patch == [{"op": "remove", "path": RESTRICTED}, {"op": "remove", "path": MACHINES}]
    assert predicted["diff"] == done["diff"]
    assert done["diff"]["before"] == {"remote_machines": ["h1", "h2"], "restrict_to_remote_machines": True}
    assert (done["verified"], warnings(done)) == (["remote_machines"], "")
    assert not any(vault.account("30_3")["remoteMachinesAccess"].values())
    assert vault.play(**SVC, remote_machines=[], restrict_to_remote_machines=False)["changed"] is False


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "args",
    [
        {**ROOT, "restrict_to_remote_machines": True},
        {**NEW, "restrict_to_remote_machines": True},
        {**NEW, "safe": "Windows", "platform_id": "WinDomain", "restrict_to_remote_machines": True},
    ],
)
def test_a_restriction_without_machines(vault: Vault, args: dict[str, Any], check: bool) -> None:
    """Refused before any write, in check mode too."""
    result = vault.play(check=check, **args)
    assert "has no remote machines to be restricted to" in result["msg"]
    assert (vault.writes, result["changed"]) == ([], False)


def test_a_stored_list_is_enough_for_a_restriction(vault: Vault) -> None:
    """And an existing restriction stays with another list."""
    vault.play(**SVC, restrict_to_remote_machines=False)
    assert vault.play(**SVC, restrict_to_remote_machines=True)["changed"] is True
    vault.play(**SVC, remote_machines=["h3"])
    access = vault.account("30_3")["remoteMachinesAccess"]
    assert access == {"remoteMachines": "h3", "accessRestrictedToRemoteMachines": True}


def test_false_is_not_sent_where_there_is_nothing_to_restrict(vault: Vault) -> None:
    """Platforms without remote machines refuse even that."""
    done = vault.play(**NEW, restrict_to_remote_machines=False, remote_machines=[])
    assert "remoteMachinesAccess" not in vault.writes[0].input
    assert done["verified"][-2:] == ["remote_machines", "restrict_to_remote_machines"]
    assert vault.play(**NEW, restrict_to_remote_machines=False)["changed"] is False
    assert vault.play(**ROOT, restrict_to_remote_machines=False)["changed"] is False


def test_a_list_with_a_machine_twice(vault: Vault) -> None:
    """Some servers change such a list only if it is emptied: said, as to do that would lift the restriction."""
    vault.standin.change(account="30_3", set={"remoteMachinesAccess": {"remoteMachines": "h1;h1;h2"}})
    assert vault.play(**SVC, remote_machines=["h2", "h1"])["changed"] is False
    done = vault.play(**SVC, remote_machines=["h3"])
    assert "names a machine twice" in warnings(done)
    vault.play(**SVC, remote_machines=[])
    assert vault.play(**SVC, remote_machines=["h3"], restrict_to_remote_machines=True)["unverified"] == []


# Accounts without an address, and deleted ones


def test_an_account_without_an_address(vault: Vault) -> None:
    """Found, made, changed and removed by an empty address."""
    key = {"safe": "Databases", "user_name": "bot", "address": "", "platform_id": "AWSAccessKeys"}
    settings = {**key, "platform_properties": {"AWSAccessKeyID": "AKIA1"}, "secret": SECRET}
    vault.standin.change(add_account=row("Databases", "other", userName="bot", address="h"))
    first, second = vault.play(**settings), vault.play(**settings)
    assert (first["changed"], second["changed"]) == (True, False), first["msg"]
    assert "account 'bot' without an address in safe 'Databases'" in first["msg"]
    assert "address" not in vault.account(first["account_id"]) or not vault.account(first["account_id"])["address"]
    assert first["verified"][:3] == ["safe", "user_name", "address"]
    edited = vault.play(**key, platform_properties={"Location": "Graz"})
    assert (edited["changed"], edited["account_id"]) == (True, first["account_id"])
    assert vault.play(**key, state="absent")["changed"] is True
    assert vault.play(**key, state="absent")["changed"] is False


@pytest.mark.parametrize("write", ["404", "400", "409"])
def test_a_deleted_account_that_can_still_be_read(write: str) -> None:
    """In no list, so it counts as deleted: a second absent is no change, in check mode too."""
    with Vault(profile={"deleted_by_id": "readable", "deleted_write": write}) as vault:
        assert vault.play(**SVC, state="absent")["changed"] is True
        assert vault.operations == [LOGON, DETAILS, DELETE, LOGOFF]
        for check in (True, False):
            again = vault.play(check=check, **SVC, state="absent")
            assert (again.get("failed"), again["changed"]) == (None, False), again["msg"]
            assert again["msg"].startswith("account 30_3 is absent")
            assert "diff" not in again
        result = vault.play(**SVC, user_name="other")
        assert "no account of this ID" in result["msg"]
        assert (result["changed"], vault.account("30_3")) == (False, {})


def test_a_removal_without_an_answer_of_one_that_can_still_be_read() -> None:
    """The list tells that it was made."""
    with Vault(profile={"deleted_by_id": "readable"}) as vault:
        vault.standin.faults.add(fault="cut_after", operation=DELETE)
        result = vault.play(**SVC, state="absent")
        assert result["changed"] is True
        assert "Reading it back shows that the change was made anyway." in result["msg"]


# What others do in the meantime


@pytest.mark.parametrize("args", [ROOT, SVC, APP])
def test_removed_by_someone_else_in_the_meantime(vault: Vault, args: dict[str, Any]) -> None:
    """404 for a removal is what was wanted."""
    vault.standin.faults.add(fault="status", operation=DELETE, code=404, message="CAWS00001E Gone", after_write=True)
    done = vault.play(**args, state="absent")
    assert (done.get("failed"), done["changed"]) == (None, False), done["msg"]
    assert "was removed by someone else in the meantime" in warnings(done)
    assert done["msg"].endswith("is absent")


def test_a_removal_that_is_answered_404_and_is_not_true(vault: Vault) -> None:
    """The account is still in the list, so the answer stands."""
    vault.standin.faults.add(fault="status", operation=DELETE, code=404, message="CAWS00001E Gone")
    for args in (ROOT, SVC):
        result = vault.play(**args, state="absent")
        assert_refusal(result, 404, "CAWS00001E")
        assert result["changed"] is False


TWINS = {**SEED, "accounts": [row("Linux", "one", platformId="MySQL", platformAccountProperties={"Database": "a"})]}


def test_two_accounts_that_fight() -> None:
    """A task that brings a secret and turns a property over may mean another account: a warning, once."""
    with Vault(TWINS) as vault:
        args = {**ROOT, "platform_id": "MySQL", "platform_properties": {"Database": "b"}}
        for check in (True, False):
            done = vault.play(check=check, **args, secret=SECRET)
            assert warnings(done).count("has another Database than this task gives") == 1, warnings(done)
            assert "give each account its name" in warnings(done)
        assert warnings(vault.play(**args, secret=SECRET)) == ""
        quiet: tuple[dict[str, Any], ...] = (
            {"platform_properties": {"Database": "c"}},  # no secret comes with it
            {"platform_properties": {"Port": "1", "Location": "x"}, "secret": SECRET},  # new ones
        )
        for more in quiet:
            assert warnings(vault.play(**{**args, **more})) == ""
        named = {"safe": "Linux", "name": "one", "platform_properties": {"Database": "d"}, "secret": SECRET}
        assert warnings(vault.play(**named)) == ""
        more = {"platform_id": "UnixSSH", "platform_properties": {"Database": "e"}}
        done = vault.play(**ROOT, **more, secret=SECRET)
        assert "has another Database, platform_id than this task gives" in warnings(done)


def test_verified_names_given_options_only(vault: Vault) -> None:
    """Also where one setting brings another along."""
    done = vault.play(**APP, automatic_management=True)
    assert done["diff"]["after"]["manual_management_reason"] == ""
    assert (done["verified"], done["unverified"]) == (["safe", "name", "automatic_management"], [])
