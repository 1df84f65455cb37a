# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: members of safes, and what their permissions allow."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient, account
from pvwa_standin.model import RIGHTS

MEMBERS = "/Safes/Linux/Members"
OTHER = f"{MEMBERS}/otheruser/"


def names(api: PvwaClient, **query: Any) -> list[str]:
    """Return the names of the members in the list."""
    return [one["memberName"] for one in api.call("GET", MEMBERS, params=query)["value"]]


def allowed(member: dict[str, Any]) -> list[str]:
    """Return the permissions that are true; all are named."""
    assert list(member["permissions"]) == list(RIGHTS)
    return [name for name, on in member["permissions"].items() if on]


def test_add(api: PvwaClient) -> None:
    """201 and the member; a group of the vault; someone of a directory, in two ways to name it."""
    body: dict[str, Any] = {
        "MemberName": "otheruser",
        "Permissions": {"listAccounts": True},
        "membershipExpirationDate": 4102444800,
    }
    made = api.call("POST", f"{MEMBERS}/", body, 201)
    assert made == {
        "safeUrlId": "Linux",
        "safeName": "Linux",
        "safeNumber": 29,
        "memberId": api.standin.state.member_id("otheruser"),
        "memberName": "otheruser",
        "memberType": "User",
        "membershipExpirationDate": 4102444800,
        "isExpiredMembershipEnable": False,
        "isPredefinedUser": False,
        "isReadOnly": False,
        "permissions": {name: name == "listAccounts" for name in RIGHTS},
    }
    assert api.call("GET", OTHER) == made
    group = {"memberName": "linux team", "searchIn": "Vault", "memberType": "Group"}
    made = api.call("POST", MEMBERS, group, 201)
    assert (made["memberName"], made["memberType"], allowed(made)) == ("Linux Team", "Group", [])
    for body in ({"memberName": "jdoe", "searchIn": "example.org"}, {"memberName": "DBA@example.org"}):
        assert api.call("POST", MEMBERS, body, 201)["memberName"] == body["memberName"]
    assert names(api) == ["apiuser", "DBA@example.org", "jdoe", "Linux Team", "otheruser"]
    entry = api.standin.journal.writes()[0]
    assert (entry.operation, entry.applied) == ("Add safe member", True)


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({}, "PASWS017E", 400),
        ({"memberName": "nobody"}, "CAWS00001E", 404),
        ({"memberName": "jdoe"}, "CAWS00001E", 404),
        ({"memberName": "otheruser", "searchIn": "example.org"}, "CAWS00001E", 404),
        ({"memberName": "otheruser", "memberType": "Group"}, "CAWS00001E", 404),
        ({"memberName": "otheruser", "searchIn": "example.com"}, "PASWS167E", 400),
        ({"memberName": "otheruser", "permissions": {"listAccounts": "yes"}}, "PASWS167E", 400),
        ({"memberName": "otheruser", "permissions": ["listAccounts"]}, "PASWS167E", 400),
        ({"memberName": "otheruser", "permissions": {"specifyNextAccountContent": True}}, "PASWS167E", 400),
        ({"memberName": "otheruser", "permissions": dict.fromkeys(RIGHTS, True)}, "PASWS167E", 400),
        ({"memberName": "otheruser", "membershipExpirationDate": -1}, "PASWS018E", 400),
        ({"memberName": "APIUSER"}, "SFWS0012", 409),
        ({"memberName": "Administrator", "permissions": {}}, "SFWS0012", 409),
    ],
)
def test_refused(api: PvwaClient, body: dict[str, Any], code: str, status: int) -> None:
    """Nobody is added."""
    api.standin.change(safe="Linux", set={"members": ["Administrator"], "rights": None})
    before = api.standin.dump()["safes"]
    assert api.error("POST", MEMBERS, body, status) == code
    assert api.standin.dump()["safes"] == before


def test_unknown_safes(api: PvwaClient) -> None:
    """404 for a safe that is not there, or that the caller cannot see."""
    for safe in ("Nowhere", "Closed"):
        assert api.error("POST", f"/Safes/{safe}/Members", {"memberName": "otheruser"}, 404) == "SFWS0007"
        assert api.error("GET", f"/Safes/{safe}/Members", status=404) == "SFWS0007"
    for method in ("GET", "PUT", "DELETE"):
        assert api.error(method, OTHER, status=404) == "CAWS00001E"


def test_list(api: PvwaClient) -> None:
    """Pages of 25; filters by type and end of membership, joined; search; sorted."""
    users = [f"user{number:02}" for number in range(40)]
    members: list[Any] = [*users, {"memberName": "Linux Team"}, {"memberName": "old", "membershipExpirationDate": 1}]
    api.standin.change(safe="Linux", set={"members": members, "rights": None})
    page = api.call("GET", MEMBERS)
    assert (len(page["value"]), page["nextLink"]) == (25, "api/Safes/Linux/Members?offset=25&limit=25")
    assert len(names(api, limit=100)) == 43
    assert names(api, filter="memberType eq group") == ["Linux Team"]
    assert names(api, filter="MemberType eq User AND MembershipExpired eq True") == ["old"]
    assert "old" not in names(api, filter="membershipExpired eq false", limit=100)
    assert names(api, search="USER1", limit=2, sort="memberName desc") == ["user19", "user18"]
    for wrong in ({"filter": "memberType eq robot"}, {"sort": "color"}, {"limit": 1001}):
        assert api.error("GET", MEMBERS, params=wrong) == "PASWS167E"
    shown = {one["memberName"]: one for one in api.call("GET", MEMBERS, params={"limit": 100})["value"]}
    assert shown["old"]["isExpiredMembershipEnable"] is True
    assert shown["old"] == api.call("GET", f"{MEMBERS}/old/")


def test_predefined_members(api: PvwaClient) -> None:
    """In every safe; in a list on demand, or always; by name not found, or found; never changed."""
    assert "Master" not in names(api)
    wanted = {"filter": "includePredefinedUsers eq true AND memberType eq user"}
    shown = {one["memberName"]: one["isPredefinedUser"] for one in api.call("GET", MEMBERS, params=wanted)["value"]}
    assert shown == {"Master": True, "Batch": True, "apiuser": False}
    answer = api.call("GET", f"{MEMBERS}/Master/", status=404)
    assert answer["ErrorMessage"] == "User or Group was not found"
    api.standin.profile.update({"predefined_in_list": "shown", "predefined_by_name": "found"})
    assert "Master" in names(api)
    assert "Master" not in names(api, filter="includePredefinedUsers eq false")
    assert api.call("GET", f"{MEMBERS}/master/")["isPredefinedUser"] is True
    for method in ("PUT", "DELETE"):
        assert api.error(method, f"{MEMBERS}/Master/", status=403) == "PASWS041E"
    assert api.error("POST", MEMBERS, {"memberName": "Batch"}, 409) == "SFWS0012"


def test_update(api: PvwaClient) -> None:
    """What a PUT leaves out is cleared, unless the server keeps it; null takes the end date away."""
    body = {"memberName": "otheruser", "permissions": {"listAccounts": True, "useAccounts": True}}
    api.call("POST", MEMBERS, {**body, "membershipExpirationDate": 4102444800}, 201)
    shown = api.call("PUT", OTHER, {"permissions": {"LISTACCOUNTS": True}})
    assert (allowed(shown), shown["membershipExpirationDate"]) == (["listAccounts"], None)
    api.standin.profile["put"] = "keeps"
    shown = api.call("PUT", OTHER, {"membershipExpirationDate": 4102444800})
    assert (allowed(shown), shown["membershipExpirationDate"]) == (["listAccounts"], 4102444800)
    shown = api.call("PUT", OTHER, {"permissions": {"listAccounts": False, "useAccounts": True}})
    assert (allowed(shown), shown["membershipExpirationDate"]) == (["useAccounts"], 4102444800)
    assert api.call("PUT", OTHER, {"membershipExpirationDate": None})["membershipExpirationDate"] is None
    assert api.error("PUT", OTHER, {"permissions": {"specifyNextAccountContent": True}}) == "PASWS167E"
    assert allowed(api.call("GET", OTHER)) == ["useAccounts"]


def test_oneself(api: PvwaClient) -> None:
    """Nobody changes the own membership."""
    for method in ("PUT", "DELETE"):
        assert api.error(method, f"{MEMBERS}/apiuser/", {}, 403) == "SFWS0013"


def test_remove(api: PvwaClient) -> None:
    """204 and no body; then 404."""
    api.call("POST", MEMBERS, {"memberName": "otheruser"}, 201)
    answer = api.raw("DELETE", OTHER)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.error("DELETE", OTHER, status=404) == "CAWS00001E"
    assert names(api) == ["apiuser"]


def test_names_with_a_dot(api: PvwaClient) -> None:
    """The slash at the end is needed, as IIS takes them for files."""
    api.call("POST", MEMBERS, {"memberName": "DBA@example.org"}, 201)
    path = f"{MEMBERS}/DBA@example.org"
    answer = api.raw("PUT", path, json={})
    assert (answer.status_code, answer.text[:6]) == (404, "<html>")
    api.call("PUT", f"{path}/", {})
    api.standin.profile["dots"] = "plain"
    api.call("PUT", path, {})


def test_ids(api: PvwaClient) -> None:
    """A number, or the text of a GUID."""
    number = api.call("GET", f"{MEMBERS}/apiuser/")["memberId"]
    api.standin.profile["member_ids"] = "guid"
    text = api.call("GET", f"{MEMBERS}/apiuser/")["memberId"]
    assert (isinstance(number, int), len(text)) == (True, 36)


def test_what_a_membership_allows(api: PvwaClient) -> None:
    """One's own, and those of one's groups, until they end."""
    other = PvwaClient(api.standin)
    api.standin.change(user="otheruser", set={"password": "Other-1"})
    other.logon(username="otheruser", password="Other-1")
    assert other.found() == []
    assert other.error("GET", f"/Accounts/{ROOT}", status=403) == "PASWS041E"
    given = {"memberName": "Linux Team", "permissions": {"listAccounts": True}}
    api.call("POST", MEMBERS, given, 201)
    assert other.found() == [ROOT]
    assert other.error("POST", "/Accounts", account(), 403) == "PASWS041E"
    api.call("POST", MEMBERS, {"memberName": "otheruser", "permissions": {"addAccounts": True}}, 201)
    assert other.error("POST", "/Accounts", account(), 403) == "PASWS041E", "DOC: Add account and one of two more"
    api.call("PUT", OTHER, {"permissions": {"addAccounts": True, "updateAccountProperties": True}})
    other.call("POST", "/Accounts", account(), 201)
    api.call("PUT", f"{MEMBERS}/Linux Team/", {"membershipExpirationDate": 1, "permissions": given["permissions"]})
    assert other.found() == []
    assert [one["safeName"] for one in other.call("GET", "/Safes")["value"]] == ["Linux"]
    api.call("DELETE", OTHER, status=204)
    assert other.error("GET", "/Safes/Linux", status=404) == "SFWS0007"
