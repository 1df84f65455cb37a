# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked accounts of cyberark_account: compared where the server shows them, sent along where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    DETAILS,
    LINK,
    LINKED,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    UNLINK,
    UPDATE,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of


def row(account_id: str, name: str, user: str, safe: str = "Linux", **more: Any) -> dict[str, Any]:
    """Return an account for the seed."""
    return {
        "id": account_id,
        "safeName": safe,
        "platformId": "UnixSSH",
        "name": name,
        "userName": user,
        "address": "db01",
        **more,
    }


SEED = {
    "accounts": [
        row("29_3", "db01-root", "root"),
        row("29_4", "db01-rec", "rec"),
        row("29_5", "db01-logon", "logon"),
        row("30_3", "other-rec", "rec2", "Windows"),
        row("29_6", "linked", "linked", linkedAccounts={"logon": "29_5", "reconcile": "29_4"}),
    ],
}
LINKED_ONE = {"account_id": "29_6"}
WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("id", {"account_id": "29_4"}),
    ("name", {"safe": "linux", "name": "DB01-rec"}),
    ("user", {"safe": "Linux", "user_name": "REC", "address": "db01"}),
)


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with one account that is linked to two others."""
    with Vault(SEED) as world:
        yield world


def links(vault: Vault, account_id: str = "29_3") -> dict[int, str]:
    """Return what is linked, by index."""
    return dict(vault.standin.state.accounts[account_id].links)


def warnings(result: Result) -> str:
    """Return the warnings but that of plain HTTP."""
    return " ".join(text for text in texts_of(result) if "not encrypted" not in text)


@pytest.mark.parametrize(("way", "given"), WAYS)
def test_beats_of_a_link(vault: Vault, way: str, given: dict[str, Any]) -> None:
    """Check, real, check again, again, whatever the linked account is known by."""
    more = {"id": [DETAILS], "name": [], "user": [LIST]}[way]  # finds safe and name of the one that is to be linked
    again = {"id": [], "name": [DETAILS], "user": [DETAILS]}[way]  # finds out which one is linked
    predicted = vault.play(check=True, **ROOT, reconcile_account=given)
    assert vault.writes == []
    done = vault.play(**ROOT, reconcile_account=given)
    assert vault.operations == [LOGON, LIST, LINKED, *more, LINK, LINKED, *again, LOGOFF]
    (write,) = vault.writes
    name = given.get("name", "db01-rec")
    assert write.input == {
        "safe": given.get("safe", "Linux"),
        "extraPasswordIndex": 3,
        "name": name,
        "folder": "Root",
    } | ({"safe": "Linux"} if way != "name" else {})
    assert links(vault) == {3: "29_4"}
    assert predicted["diff"] == done["diff"]
    assert (done["diff"]["before"], done["diff"]["after"]) == ({"reconcile_account": {}}, {"reconcile_account": given})
    assert (done["verified"][-1], done["unverified"], warnings(done)) == ("reconcile_account", [], "")
    assert "changed reconcile_account of account 'root'" in done["msg"]
    for check in (True, False):
        result = vault.play(check=check, **ROOT, reconcile_account=given)
        assert result["changed"] is False, result["msg"]
        assert vault.operations == [LOGON, LIST, LINKED, *again, LOGOFF]
    assert sorted(predicted["account"]) == sorted(done["account"]) == sorted(result["account"])


def test_create_with_links(vault: Vault) -> None:
    """The links follow the account, and are read back."""
    args = {**NEW, "logon_account": WAYS[1][1], "reconcile_account": {"safe": "Windows", "name": "other-rec"}}
    predicted = vault.play(check=True, **args)
    done = vault.play(**args)
    assert vault.operations == [LOGON, LIST, ADD, LINK, LINK, LINKED, DETAILS, DETAILS, LOGOFF]
    assert links(vault, done["account_id"]) == {1: "29_4", 3: "30_3"}
    assert predicted["diff"] == done["diff"]
    assert done["verified"][-2:] == ["logon_account", "reconcile_account"]
    assert done["account"]["reconcile_account"] == {"safe": "Windows", "name": "other-rec"}
    assert vault.play(**args)["changed"] is False


def test_another_link_replaces_and_an_empty_one_takes_away(vault: Vault) -> None:
    """Only what differs is written, and what is not named stays."""
    done = vault.play(**LINKED_ONE, logon_account={"account_id": "29_5"}, reconcile_account={"account_id": "30_3"})
    assert [entry.operation for entry in vault.writes] == [LINK]
    assert links(vault, "29_6") == {1: "29_5", 3: "30_3"}
    assert done["diff"]["before"]["reconcile_account"]["name"] == "db01-rec"
    done = vault.play(**LINKED_ONE, reconcile_account={})
    assert [entry.operation for entry in vault.writes] == [UNLINK]
    assert links(vault, "29_6") == {1: "29_5"}
    assert done["account"]["reconcile_account"] == {}
    assert vault.play(**LINKED_ONE, reconcile_account={})["changed"] is False
    assert vault.play(**NEW, logon_account={})["changed"] is True
    assert [entry.operation for entry in vault.writes] == [ADD]


def test_an_edit_and_a_link(vault: Vault) -> None:
    """Two writes, and both are verified."""
    done = vault.play(**ROOT, platform_properties={"Port": 22}, logon_account={"account_id": "29_5"})
    assert [entry.operation for entry in vault.writes] == [UPDATE, LINK]
    assert (done["verified"][-2:], done["unverified"]) == (["platform_properties", "logon_account"], [])


SHOWN: tuple[Mapping[str, str], ...] = (
    {"linked_id_key": "AccountId"},
    {"linked_ids": "other"},
    {"linked_name": "kind"},
    {"no_links": "404"},
    {"link_status": "201", "unlink_status": "204"},
)


@pytest.mark.parametrize(("way", "given"), WAYS)
@pytest.mark.parametrize("profile", SHOWN, ids=lambda profile: "-".join(profile.values()))
def test_how_a_server_shows_links(profile: Mapping[str, str], way: str, given: dict[str, Any]) -> None:
    """Each form converges, and a difference is seen."""
    with Vault(SEED, profile=dict(profile)) as vault:
        assert vault.play(**LINKED_ONE, reconcile_account=given)["changed"] is False, way
        assert vault.play(**LINKED_ONE, logon_account=given)["changed"] is True, way
        assert links(vault, "29_6") == {1: "29_4", 3: "29_4"}
        assert vault.play(**LINKED_ONE, logon_account=given)["changed"] is False
        assert vault.play(**ROOT, logon_account=given)["changed"] is True
        assert vault.play(**ROOT, logon_account=given)["changed"] is False
        assert vault.play(**ROOT, logon_account={})["changed"] is True
        assert vault.play(**ROOT, logon_account={})["changed"] is False


@pytest.mark.parametrize("linked", ["unread", "unseen"])
def test_links_that_cannot_be_read(linked: str) -> None:
    """Unverified, sent with a creation and along with another edit, and never the cause of one."""
    profile = {"linked_accounts": "unread"} if linked == "unread" else {"linked_ids": "other", "linked_name": "kind"}
    with Vault(SEED, profile=profile) as vault:
        link = {"reconcile_account": {"safe": "Linux", "name": "db01-rec"}}
        done = vault.play(**NEW, **link)
        assert links(vault, done["account_id"]) == {3: "29_4"}
        assert done["unverified"] == ["reconcile_account"]
        again = vault.play(**NEW, **link)
        assert (again["changed"], again["unverified"]) == (False, ["reconcile_account"])
        assert "not compared: reconcile_account" in again["msg"]
        vault.standin.state.accounts[done["account_id"]].links[3] = "30_3"
        predicted = vault.play(check=True, **NEW, **link, platform_properties={"Port": 5})
        edited = vault.play(**NEW, **link, platform_properties={"Port": 5})
        assert [entry.operation for entry in vault.writes] == [UPDATE, LINK]
        assert predicted["diff"] == edited["diff"]
        assert edited["diff"]["before"]["reconcile_account"] == "(unknown)"
        assert (edited["unverified"], warnings(edited)) == (["reconcile_account"], "")
        assert links(vault, done["account_id"]) == {3: "29_4"}


def test_a_server_without_the_calls() -> None:
    """Before 12.1 nothing is linked: a failure with the server's words, and what was done before."""
    with Vault(SEED, profile={"linked_accounts": "none"}) as vault:
        assert vault.play(**ROOT, logon_account={"account_id": "29_5"})["unverified"] == ["logon_account"]
        result = vault.play(**NEW, logon_account={"account_id": "29_5"})
        assert_refusal(result, 404)
        assert result["changed"] is True
        assert "Before that, this was done: created account" in result["msg"]


def test_a_link_of_the_platform() -> None:
    """The same account is as good; there is nothing to take away; another one overrides it."""
    platform = {"id": "UnixSSH", "optional": ["Port"], "links": {"3": {"safe": "Linux", "name": "db01-rec"}}}
    with Vault({**SEED, "platforms": [platform]}) as vault:
        assert vault.play(**ROOT, reconcile_account=WAYS[1][1])["changed"] is False
        assert vault.play(**ROOT, reconcile_account={})["changed"] is False
        assert vault.play(**ROOT, reconcile_account={"account_id": "30_3"})["changed"] is True
        assert links(vault) == {3: "30_3"}
        assert vault.play(**ROOT, reconcile_account={})["changed"] is True
        assert links(vault) == {}


def test_a_linked_account_that_is_gone(vault: Vault) -> None:
    """A broken link is none."""
    vault.standin.change(account="29_4", delete=True)
    assert vault.play(**LINKED_ONE, reconcile_account={})["changed"] is False
    assert vault.play(**LINKED_ONE, reconcile_account={"account_id": "30_3"})["changed"] is True


@pytest.mark.parametrize("given", [{"account_id": "29_99"}, {"safe": "Linux", "user_name": "ghost", "address": "db01"}])
def test_an_account_to_link_that_is_not_there(vault: Vault, given: dict[str, Any]) -> None:
    """An error before anything is written; in check mode an earlier task may be going to make it."""
    for args in (ROOT, NEW):
        result = vault.play(**args, logon_account=given)
        assert "Looking up logon_account failed: the vault shows no account" in result["msg"]
        assert (vault.writes, result["changed"]) == ([], False)
        predicted = vault.play(check=True, **args, logon_account=given)
        assert predicted["changed"] is True, predicted["msg"]
        assert "Check mode assumes that an earlier task creates it." in warnings(predicted)


def test_a_name_to_link_that_is_not_there(vault: Vault) -> None:
    """The server says so; a new account is told as made."""
    result = vault.play(**NEW, logon_account={"safe": "Linux", "name": "ghost"})
    assert_refusal(result, 404)
    assert "Linking logon_account of account 'new1'" in result["msg"]
    assert result["changed"] is True


def test_the_right_that_a_link_needs(vault: Vault) -> None:
    """Named in the hint."""
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    for account in ({"account_id": "29_5"}, {}):
        result = vault.play(**LINKED_ONE, reconcile_account=account)
        assert "in the safe of the account that is linked to" in result["msg"]
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts", "updateAccountProperties"]})
    vault.standin.profile["unlink_right"] = "manage_safe"
    assert "RequireManageSafeToClearLinkedAccount" in vault.play(**LINKED_ONE, reconcile_account={})["msg"]


def test_half_of_the_links(vault: Vault) -> None:
    """The first is told as written when the second fails."""
    vault.standin.faults.add(fault="status", operation=LINK, code=400, message="PASWS999E No", nth=2)
    result = vault.play(**ROOT, logon_account={"account_id": "29_5"}, reconcile_account={"account_id": "29_4"})
    assert_refusal(result, 400, "PASWS999E")
    assert result["changed"] is True
    assert links(vault) == {1: "29_5"}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "given",
    [
        {"name": "x"},
        {"safe": "Linux"},
        {"safe": "Linux", "user_name": "x"},
        {"account_id": "29_4", "name": "x", "safe": "y"},
        {"account_id": ""},
        {"safe": "Linux", "name": " "},
        {"user": "x"},
        {"account_id": "293"},
        {"safe": "Linux", "name": "x "},
    ],
)
def test_bad_input(vault: Vault, given: Any, check: bool) -> None:
    """Refused before any request, with the option's name."""
    assert_input_error(vault, vault.play(check=check, **ROOT, logon_account=given), "logon_account")
