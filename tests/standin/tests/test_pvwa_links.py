# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: linked accounts."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient
from pvwa_standin import Standin

LINK = f"/Accounts/{ROOT}/LinkAccount"
READ = f"/ExtendedAccounts/{ROOT}/LinkedAccounts"
ADMIN = {"safe": "Windows", "name": "admin", "folder": "Root"}


@pytest.fixture(autouse=True)
def targets(pvwa: Standin) -> None:
    """Two accounts to link, one of them in a safe that the API user does not see."""
    given = {"platformId": "UnixSSH", "address": "db01", "userName": "admin", "name": "admin"}
    pvwa.change(add_account={**given, "safeName": "Windows", "secret": "Admin-Secret-1"})
    pvwa.change(add_account={**given, "safeName": "Closed"})


def linked(api: PvwaClient) -> list[dict[str, Any]]:
    """Return what the read call shows."""
    answer = api.call("GET", READ)
    assert set(answer) == {"LinkedAccounts"}
    return list(answer["LinkedAccounts"])


@pytest.mark.parametrize("index", [3, "3"])
def test_link_and_unlink(api: PvwaClient, index: Any) -> None:
    """200 and no body; the index as a number or as text; read back as a number; a second link replaces the first."""
    assert linked(api) == []
    answer = api.raw("POST", f"{LINK}/", json={**ADMIN, "extraPasswordIndex": index})
    assert (answer.status_code, answer.content) == (200, b"")
    assert linked(api) == [
        {
            "extraPasswordIndex": 3,
            "Name": "admin",
            "Descriptor": "admin db01",
            "DisplayName": "Reconcile Account",
            "AccountID": "30_3",
            "Broken": False,
            "IsDefaultFromPolicy": False,
            "NoAuthorization": False,
        }
    ]
    api.call("POST", LINK, {**ADMIN, "extraPasswordIndex": 1, "folder": "root"})
    assert [one["extraPasswordIndex"] for one in linked(api)] == [1, 3]
    api.call("POST", LINK, {"safe": "linux", "name": "linux-db01-root", "folder": "Root", "extraPasswordIndex": 3})
    assert [one["AccountID"] for one in linked(api)] == ["30_3", ROOT]
    answer = api.raw("DELETE", f"{LINK}/{index}/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert [one["extraPasswordIndex"] for one in linked(api)] == [1]
    entries = api.standin.journal.writes()
    assert [(entry.operation, entry.applied) for entry in entries[::3]] == [
        ("Link account", True),
        ("Unlink account", True),
    ]


def test_renaming_keeps_a_link(api: PvwaClient) -> None:
    """The link is to the account, not to its name (DOC)."""
    api.call("POST", LINK, {**ADMIN, "extraPasswordIndex": 3})
    api.patch(("replace", "/name", "renamed"), account="30_3")
    assert [(one["Name"], one["Broken"]) for one in linked(api)] == [("renamed", False)]
    api.call("DELETE", "/Accounts/30_3", status=204)
    assert [(one["Name"], one["Broken"]) for one in linked(api)] == [("renamed", True)]


@pytest.mark.parametrize(
    ("more", "code", "status"),
    [
        *[({name: ""}, "PASWS017E", 400) for name in ("safe", "name", "folder", "extraPasswordIndex")],
        ({"extraPasswordIndex": "three"}, "PASWS018E", 400),
        ({"extraPasswordIndex": True}, "PASWS018E", 400),
        ({"extraPasswordIndex": 4}, "PASWS167E", 400),
        ({"name": "nobody"}, "CAWS00001E", 404),
        ({"safe": "Nowhere"}, "CAWS00001E", 404),
        ({"folder": "Sub"}, "CAWS00001E", 404),
        ({"safe": "Closed"}, "PASWS041E", 403),
    ],
)
def test_refused(api: PvwaClient, more: dict[str, Any], code: str, status: int) -> None:
    """Nothing is linked."""
    assert api.error("POST", LINK, {**ADMIN, "extraPasswordIndex": 3, **more}, status) == code
    assert linked(api) == []
    assert api.error("DELETE", f"{LINK}/3", status=404) == "CAWS00001E"
    assert api.error("DELETE", f"{LINK}/4") == "PASWS167E"


def test_rights(api: PvwaClient) -> None:
    """List accounts in both safes, Update account properties in the source's; perhaps Manage Safe to unlink."""
    body = {**ADMIN, "extraPasswordIndex": 3}
    api.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert api.error("POST", LINK, body, 403) == "PASWS041E"
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", "updateAccountProperties"]})
    api.standin.change(safe="Windows", set={"rights": ["useAccounts"]})
    assert api.error("POST", LINK, body, 403) == "PASWS041E"
    api.standin.change(safe="Windows", set={"rights": ["listAccounts"]})
    api.call("POST", LINK, body)
    api.standin.profile["unlink_right"] = "manage_safe"
    assert api.error("DELETE", f"{LINK}/3", status=403) == "PASWS041E"
    api.standin.profile["unlink_right"] = "properties"
    api.call("DELETE", f"{LINK}/3")


def test_one_that_the_caller_does_not_see(api: PvwaClient) -> None:
    """No name and no id."""
    api.standin.change(account=ROOT, set={"linkedAccounts": {"logon": {"safe": "Closed", "name": "admin"}}})
    (shown,) = linked(api)
    assert (shown["Name"], shown["AccountID"], shown["NoAuthorization"], shown["Broken"]) == ("", "", True, False)


def test_links_of_the_platform(api: PvwaClient) -> None:
    """Shown as defaults; a link of the account's own goes before them."""
    api.standin.state.platforms["UnixSSH"].links["3"] = {"safe": "Windows", "name": "admin"}
    assert [(one["AccountID"], one["IsDefaultFromPolicy"]) for one in linked(api)] == [("30_3", True)]
    api.call("POST", LINK, {**ADMIN, "extraPasswordIndex": 3})
    assert [(one["AccountID"], one["IsDefaultFromPolicy"]) for one in linked(api)] == [("30_3", False)]


def test_other_forms(api: PvwaClient) -> None:
    """Where sources differ or are silent."""
    api.standin.profile.update({"no_links": "404", "link_unknown": "400"})
    assert api.error("GET", READ, status=404) == "CAWS00001E"
    assert api.error("POST", LINK, {**ADMIN, "extraPasswordIndex": 3, "name": "x"}) == "CAWS00001E"
    api.standin.profile.update({"link_status": "201", "unlink_status": "204"})
    api.call("POST", LINK, {**ADMIN, "extraPasswordIndex": 3}, 201)
    api.standin.profile.update({"linked_id_key": "AccountId", "linked_ids": "other", "linked_name": "kind"})
    (shown,) = linked(api)
    assert shown["Name"] == "ReconcileAccount"
    assert api.error("GET", f"/Accounts/{shown['AccountId']}", status=404) == "CAWS00001E"
    api.call("DELETE", f"{LINK}/3", status=204)


@pytest.mark.parametrize(
    ("server", "index", "answers"),
    [
        ("unread", "extraPasswordIndex", (200, 404, 200)),
        ("link_only", "ExtraPassID", (200, 404, 404)),
        ("none", "extraPasswordIndex", (404, 404, 404)),
    ],
)
def test_older_servers(api: PvwaClient, server: str, index: str, answers: tuple[int, ...]) -> None:
    """Calls that a server does not have are pages of IIS."""
    api.standin.profile["linked_accounts"] = server
    made = api.raw("POST", LINK, json={**ADMIN, index: 3}), api.raw("GET", READ), api.raw("DELETE", f"{LINK}/3")
    assert tuple(answer.status_code for answer in made) == answers
    assert all(answer.text.startswith("<html>") for answer in made if answer.status_code == 404)


def test_seed(api: PvwaClient) -> None:
    """By index or by name, to an id or to safe and name; what comes out goes in again."""
    given = {"safeName": "Linux", "platformId": "UnixSSH", "name": "app"}
    target = {"safe": "Windows", "name": "admin"}
    api.standin.change(add_account={**given, "linkedAccounts": {1: ROOT, "reconcile": target}})
    dump = api.standin.dump()
    assert dump["accounts"][-1]["linkedAccounts"] == {"1": ROOT, "3": "30_3"}
    api.standin.pvwa.load(dump)
    assert api.standin.dump() == dump
    api.standin.pvwa.load(
        {
            "accounts": [
                {**given, "linkedAccounts": {"logon": target}},
                {**given, "safeName": "Windows", "name": "admin"},
            ]
        }
    )
    assert api.standin.dump()["accounts"][0]["linkedAccounts"] == {"1": "30_3"}
    with pytest.raises(ValueError, match="to link"):
        api.standin.change(account="29_3", set={"linkedAccounts": {"logon": {"safe": "Windows", "name": "nobody"}}})
