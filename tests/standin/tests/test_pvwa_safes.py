# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: safes."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient, account
from pvwa_standin import Standin
from pvwa_standin.model import FULL

NEW = {"safeName": "App Servers", "numberOfDaysRetention": 7}
URL = "/Safes/App%20Servers/"


def names(api: PvwaClient, **query: Any) -> list[str]:
    """Return the names of the safes in the list."""
    return [one["safeName"] for one in api.call("GET", "/Safes", params=query)["value"]]


def test_add(api: PvwaClient) -> None:
    """201 and the whole safe; the caller is a member with all rights."""
    body = {**NEW, "description": "web", "managingCPM": "PasswordManager", "autoPurgeEnabled": True}
    made = api.call("POST", "/Safes", body, 201)
    state = api.standin.state
    assert made == {
        "safeUrlId": "App%20Servers",
        "safeName": "App Servers",
        "safeNumber": 100,
        "description": "web",
        "location": "\\",
        "creator": {"id": state.member_id("apiuser"), "name": "apiuser"},
        "olacEnabled": False,
        "managingCPM": "PasswordManager",
        "numberOfVersionsRetention": None,
        "numberOfDaysRetention": 7,
        "autoPurgeEnabled": True,
        "creationTime": made["creationTime"],
        "lastModificationTime": made["lastModificationTime"],
        "accounts": [],
        "isExpiredMember": False,
    }
    assert made["lastModificationTime"] // 1_000_000 == pytest.approx(made["creationTime"], abs=2)
    assert api.call("GET", URL) == made
    assert api.call("GET", f"/safes/{made['safeUrlId']}") == made
    assert [(one.name, tuple(one.permissions)) for one in state.safes["App Servers"].members] == [("apiuser", FULL)]
    assert api.call("POST", "/Accounts", account("App Servers"), 201)["id"] == "100_3"
    entry = api.standin.journal.writes()[0]
    assert (entry.operation, entry.applied) == ("Add safe", True)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"safeName": ""}, "PASWS017E"),
        ({"safeName": "x" * 29}, "PASWS167E"),
        ({"safeName": " x"}, "PASWS167E"),
        *[({"safeName": f"x{one}"}, "PASWS167E") for one in '\\/:*<>.|?"%&+'],
        ({"description": "x" * 101}, "PASWS167E"),
        ({"managingCPM": "nobody"}, "PASWS167E"),
        ({"numberOfDaysRetention": None}, "PASWS017E"),
        ({"numberOfDaysRetention": "7"}, "PASWS018E"),
        ({"numberOfDaysRetention": 3651}, "PASWS167E"),
        ({"numberOfDaysRetention": None, "numberOfVersionsRetention": 0}, "PASWS167E"),
        ({"numberOfVersionsRetention": 5}, "PASWS167E"),
        ({"olacEnabled": "yes"}, "PASWS167E"),
    ],
)
def test_refused(api: PvwaClient, more: dict[str, Any], code: str) -> None:
    """Nothing is made, and an edit in the same words changes nothing."""
    before = api.standin.dump()["safes"]
    assert api.error("POST", "/Safes", {**NEW, **more}) == code
    if more.get("numberOfDaysRetention", 1) is not None:
        assert api.error("PUT", "/Safes/Linux", {**NEW, **more}) == code
    assert api.standin.dump()["safes"] == before


def test_an_existing_safe(api: PvwaClient) -> None:
    """409 SFWS0002 in any case, also for one that the caller cannot see; that one is 404 by its name."""
    for name in ("LINUX", "Closed"):
        assert api.error("POST", "/Safes", {**NEW, "safeName": name}, 409) == "SFWS0002"
    for name in ("Closed", "Nowhere"):
        for method in ("GET", "DELETE"):
            assert api.error(method, f"/Safes/{name}", status=404) == "SFWS0007"
        assert api.error("PUT", f"/Safes/{name}", NEW, 404) == "SFWS0007"
    assert "Closed" not in names(api)


def test_list(api: PvwaClient) -> None:
    """Pages of 25, search in the name, sorted, with accounts on demand, names alone on demand."""
    for number in range(40):
        api.standin.change(add_safe=f"Team {number:02}")
    page = api.call("GET", "/Safes", params={"search": "team"})
    assert ([one["safeName"] for one in page["value"]][-1], page["count"]) == ("Team 24", 25)
    assert page["nextLink"] == "api/Safes?offset=25&limit=25&search=team"
    rest = api.session.get(f"{api.standin.url}/PasswordVault/{page['nextLink']}", timeout=5).json()
    assert (len(rest["value"]), "nextLink" in rest) == (15, False)
    assert names(api, sort="safeName desc", limit=1) == ["Windows"]
    assert api.call("GET", "/Safes?search=linux&extendedDetails=false")["value"] == [{"safeName": "Linux"}]
    listed = api.call("GET", "/Safes?search=linux&includeAccounts=True")["value"][0]
    assert listed == api.call("GET", "/Safes/Linux?includeAccounts=true&useCache=false")
    assert listed["accounts"] == [{"id": ROOT, "name": "linux-db01-root"}]
    assert api.error("GET", "/Safes", params={"sort": "color"}) == "PASWS167E"


def test_update(api: PvwaClient) -> None:
    """What a PUT leaves out is cleared, unless the server keeps it."""
    whole = {**NEW, "description": "web", "managingCPM": "PasswordManager", "location": "\\Linux"}
    api.call("POST", "/Safes", whole, 201)
    shown = api.call("PUT", URL, {"safeName": "App Servers", "description": "new"})
    assert (shown["description"], shown["managingCPM"], shown["location"]) == ("new", "", "\\")
    assert (shown["numberOfDaysRetention"], shown["numberOfVersionsRetention"]) == (0, None)
    shown = api.call("PUT", URL, {**whole, "numberOfDaysRetention": None, "numberOfVersionsRetention": 5})
    assert (shown["numberOfDaysRetention"], shown["numberOfVersionsRetention"]) == (None, 5)
    api.standin.profile["put"] = "keeps"
    assert {**api.call("PUT", URL, {"safeName": "App Servers"}), "lastModificationTime": 0} == {
        **shown,
        "lastModificationTime": 0,
    }
    assert api.error("PUT", URL, {"description": "x"}) == "PASWS017E"


def test_rename(api: PvwaClient) -> None:
    """Through the body's name; the accounts go along; another safe's name is 409."""
    assert api.error("PUT", "/Safes/Linux", {**NEW, "safeName": "windows"}, 409) == "SFWS0002"
    assert api.call("PUT", "/Safes/linux", {**NEW, "safeName": "LINUX"})["safeName"] == "LINUX"
    shown = api.call("PUT", "/Safes/LINUX", {**NEW, "safeName": "Unix"})
    assert (shown["safeName"], shown["safeNumber"]) == ("Unix", 29)
    assert api.call("GET", f"/Accounts/{ROOT}")["safeName"] == "Unix"
    assert api.error("GET", "/Safes/Linux", status=404) == "SFWS0007"


def test_olac_stays(api: PvwaClient) -> None:
    """It can be switched on only."""
    assert api.call("PUT", "/Safes/Linux", {**NEW, "safeName": "Linux", "olacEnabled": True})["olacEnabled"] is True
    assert api.error("PUT", "/Safes/Linux", {**NEW, "safeName": "Linux", "olacEnabled": False}) == "PASWS167E"
    assert api.call("PUT", "/Safes/Linux", {**NEW, "safeName": "Linux"})["olacEnabled"] is True


def test_delete(api: PvwaClient) -> None:
    """204; one with content, retained content included, is refused, or goes with it."""
    api.call("POST", "/Safes", NEW, 201)
    answer = api.raw("DELETE", URL)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.error("DELETE", "/Safes/Linux") == "CAWS00001E"
    api.call("DELETE", f"/Accounts/{ROOT}", status=204)
    assert api.error("DELETE", "/Safes/Linux") == "CAWS00001E"
    api.standin.profile["full_safe"] = "deleted"
    api.call("DELETE", "/Safes/Linux", status=204)
    api.standin.profile["deleted_by_id"] = "readable"
    assert api.error("GET", f"/Accounts/{ROOT}", status=404) == "CAWS00001E"


def test_nothing_is_retained_for_no_day(api: PvwaClient) -> None:
    """A deleted account of a safe with 0 days is gone at once."""
    api.standin.change(safe="Linux", set={"numberOfDaysRetention": 0})
    api.standin.profile["deleted_by_id"] = "readable"
    api.call("DELETE", f"/Accounts/{ROOT}", status=204)
    assert api.error("GET", f"/Accounts/{ROOT}", status=404) == "CAWS00001E"
    api.call("DELETE", "/Safes/Linux", status=204)


RIGHTS: list[tuple[str, str, Any, list[str]]] = [
    ("PUT", "/Safes/Linux", {**NEW, "safeName": "Linux"}, ["manageSafe", "viewSafeMembers"]),
    ("DELETE", "/Safes/Linux", None, ["manageSafe"]),
    ("GET", "/Safes/Linux/Members", None, ["viewSafeMembers"]),
    ("GET", "/Safes/Linux/Members/apiuser/", None, ["viewSafeMembers"]),
    ("POST", "/Safes/Linux/Members", {"memberName": "otheruser"}, ["manageSafeMembers"]),
    ("PUT", "/Safes/Linux/Members/Administrator/", {}, ["manageSafeMembers"]),
    ("DELETE", "/Safes/Linux/Members/Administrator/", None, ["manageSafeMembers"]),
]


@pytest.mark.parametrize(("method", "path", "body", "needed"), RIGHTS)
def test_rights(api: PvwaClient, method: str, path: str, body: Any, needed: list[str]) -> None:
    """Each call needs its own in the safe, and no other."""
    if method == "DELETE":
        api.standin.profile["full_safe"] = "deleted"
    members = [{"memberName": "Administrator"}]
    for missing in needed:
        rights = [right for right in FULL if right != missing]
        api.standin.change(safe="Linux", set={"members": members, "rights": rights})
        assert api.error(method, path, body, 403) == "PASWS041E"
    api.standin.change(safe="Linux", set={"members": members, "rights": needed})
    assert api.raw(method, path, json=body).status_code in (200, 201, 204)


def test_rights_in_the_vault(api: PvwaClient) -> None:
    """Add Safes and Manage Safes."""
    api.standin.change(user="apiuser", set={"vault_rights": []})
    assert api.error("POST", "/Safes", NEW, 403) == "PASWS041E"
    assert api.error("PUT", "/Safes/Linux", {**NEW, "safeName": "Linux"}, 403) == "PASWS041E"
    api.standin.change(user="apiuser", set={"vault_rights": ["AddSafes"]})
    api.call("POST", "/Safes", NEW, 201)


def test_seed() -> None:
    """Safes and members in the API's names; what comes out goes in again."""
    safe = {
        "name": "Team",
        "description": "of the team",
        "managingCPM": "",
        "numberOfVersionsRetention": 5,
        "members": [
            {"memberName": "Linux Team", "permissions": "read_only", "membershipExpirationDate": 4102444800},
            {
                "memberName": "jdoe",
                "searchIn": "example.org",
                "permissions": {"listAccounts": True, "addAccounts": False},
            },
        ],
    }
    with Standin(seed={"safes": [safe, {"name": "Other", "rights": []}], "groups": ["Linux Team"]}) as standin:
        dump = standin.dump()
        standin.pvwa.load(dump)
        assert standin.dump() == dump
        team, other = dump["safes"]
        assert (team["numberOfVersionsRetention"], team["numberOfDaysRetention"]) == (5, None)
        assert [(one["memberName"], one["memberType"]) for one in team["members"]] == [
            ("apiuser", "User"),
            ("Linux Team", "Group"),
            ("jdoe", "User"),
        ]
        assert team["members"][2]["permissions"] == ["listAccounts"]
        assert (other["rights"], other["members"]) == ([], [])
        standin.change(safe="Team", set={"name": "Crew", "description": "x"})
        standin.change(safe="Other", delete=True)
        assert [(one["name"], one["description"]) for one in standin.dump()["safes"]] == [("Crew", "x")]


@pytest.mark.parametrize(
    "safe",
    [
        {"description": "x"},
        {"name": "x", "size": 1},
        {"name": "x", "members": [{"name": "y"}]},
        {"name": "x", "members": [{"memberName": "y", "memberType": "Robot"}]},
        {"name": "x", "members": [{"memberName": "y", "permissions": "everything"}]},
    ],
)
def test_wrong_seeds(safe: dict[str, Any]) -> None:
    """Refused by name."""
    with pytest.raises(ValueError, match=r"safe|member|set of permissions"):
        Standin(seed={"safes": [safe]})
