# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: what builds do differently in lists, edits, failures and addresses."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient, account
from pvwa_standin import Standin

PROPERTIES = "/platformAccountProperties"
BLANKS = "Linux Servers"


def fill(standin: Standin, count: int, safe: str = "Databases") -> None:
    """Add accounts to a safe."""
    for number in range(count):
        given = {"safeName": safe, "platformId": "MySQL", "address": f"host{number:03}", "userName": "app"}
        standin.change(add_account={**given, "name": f"object-{number:03}"})


def pages(api: PvwaClient, link: str) -> list[dict[str, Any]]:
    """Follow the links of a list."""
    read = []
    while link:
        answer = api.session.get(f"{api.standin.url}/PasswordVault/{link}", timeout=5)
        assert answer.status_code == 200, answer.text
        read.append(answer.json())
        link = read[-1].get("nextLink", "")
    return read


def names(read: list[dict[str, Any]]) -> list[str]:
    """Return the names on some pages."""
    return [row["name"] for page in read for row in page["value"]]


def properties(api: PvwaClient) -> dict[str, str]:
    """Return what is stored, shown or not."""
    return api.standin.state.accounts[ROOT].properties


@pytest.mark.parametrize(
    ("quotes", "written", "status", "finds"),
    [
        ("literal", BLANKS, 200, True),
        ("literal", f'"{BLANKS}"', 200, False),
        ("accepted", BLANKS, 200, True),
        ("accepted", f'"{BLANKS}"', 200, True),
        ("required", BLANKS, 400, False),
        ("required", f'"{BLANKS}"', 200, True),
        ("required", "Linux", 200, False),
        ("required", '"Linux"', 200, False),
    ],
)
def test_quotes_in_a_filter(api: PvwaClient, quotes: str, written: str, status: int, finds: bool) -> None:
    """14.6 wants them round white space; older servers may take them for a part of the name."""
    fill(api.standin, 1, BLANKS)
    api.standin.profile["filter_quotes"] = quotes
    answer = api.call("GET", "/Accounts", status=status, params={"filter": f"safeName eq {written}"})
    assert ([row["safeName"] for row in answer.get("value", [])] == [BLANKS]) is finds


def test_a_joint_within_quotes(api: PvwaClient) -> None:
    """A name that holds AND is a trap without quotes."""
    fill(api.standin, 1, "Test AND Dev")
    wanted = 'safeName eq "Test AND Dev" AND modificationTime gte 1'
    assert api.error("GET", "/Accounts", params={"filter": "safeName eq Test AND Dev"}) == "PASWS167E"
    api.standin.profile["filter_quotes"] = "required"
    assert len(api.found(filter=wanted)) == 1


def test_a_list_that_the_server_cuts(api: PvwaClient) -> None:
    """MaxDisplayedRecords: the links end before the list does, and count may tell."""
    fill(api.standin, 130)
    api.standin.profile.update({"max_displayed_records": "120", "count": "all"})
    read = pages(api, "api/Accounts?filter=safeName%20eq%20Databases")
    assert [len(page["value"]) for page in read] == [50, 50, 20]
    assert {page["count"] for page in read} == {130}
    assert api.found(search="host129") == ["31_132"]
    api.standin.profile["count"] = "page"
    assert [page["count"] for page in pages(api, "api/Accounts?filter=safeName%20eq%20Databases")] == [50, 50, 20]


def test_a_cut_list_that_ends_in_a_failure(api: PvwaClient) -> None:
    """10.5: the link is there, the page is not."""
    fill(api.standin, 60)
    api.standin.profile.update({"max_displayed_records": "50", "list_end": "error"})
    link = api.call("GET", "/Accounts", params={"filter": "safeName eq Databases"})["nextLink"]
    answer = api.session.get(f"{api.standin.url}/PasswordVault/{link}", timeout=5)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (500, "CAWS00001E")
    api.standin.profile["max_displayed_records"] = "60"
    assert len(names(pages(api, "api/Accounts?filter=safeName%20eq%20Databases"))) == 60


@pytest.mark.parametrize("page", [1, 2, 3])
def test_an_empty_page_in_the_middle(api: PvwaClient, page: int) -> None:
    """All rows are there, one page of them later."""
    fill(api.standin, 25)
    whole = names(pages(api, "api/Accounts?limit=10&filter=safeName%20eq%20Databases"))
    api.standin.profile["empty_page"] = str(page)
    read = pages(api, "api/Accounts?limit=10&filter=safeName%20eq%20Databases")
    assert [len(one["value"]) for one in read].index(0) == page - 1
    assert len(read) == 4
    assert names(read) == whole
    by_offset = [api.found(limit=10, offset=offset, filter="safeName eq Databases") for offset in range(0, 40, 10)]
    assert sum(map(len, by_offset)) == 25


@pytest.mark.parametrize(
    ("how", "stored"),
    [
        ("all", {"Location": "Graz", "Tags": "t"}),
        ("last_leaf", {"Port": "22", "Tags": "t"}),
        ("last", {"Port": "22", "Tags": "t"}),
    ],
)
def test_several_properties_as_leaves(api: PvwaClient, how: str, stored: dict[str, str]) -> None:
    """HTTP 200 whatever was stored; other fields are not concerned."""
    api.standin.profile["patch_properties"] = how
    leaves = (
        ("remove", f"{PROPERTIES}/Port"),
        ("add", f"{PROPERTIES}/Location", "Graz"),
        ("replace", "/address", "db02"),
        ("add", f"{PROPERTIES}/Tags", "t"),
    )
    shown = api.patch(*leaves)
    assert (shown["platformAccountProperties"], shown["address"]) == (stored, "db02")
    api.patch(*[("replace", f"{PROPERTIES}/Tags", "twice")] * 2)
    assert properties(api) == {**stored, "Tags": "twice"}


@pytest.mark.parametrize(
    ("how", "stored"),
    [
        ("all", {"Location": "Graz", "Tags": "t"}),
        ("last_leaf", {"Location": "Graz", "Tags": "t"}),
        ("last", {"Port": "22", "Location": "Graz", "Tags": "t"}),
    ],
)
def test_an_object_behind_a_removal(api: PvwaClient, how: str, stored: dict[str, str]) -> None:
    """The larger part is stored in each case."""
    api.standin.profile["patch_properties"] = how
    api.patch(("remove", f"{PROPERTIES}/Port"), ("add", PROPERTIES, {"Location": "Graz", "Tags": "t"}))
    assert properties(api) == stored


@pytest.mark.parametrize("op", ["add", "replace"])
def test_the_object_form(api: PvwaClient, op: str) -> None:
    """It merges, or it replaces the whole set, what is hidden included."""
    api.patch(("add", PROPERTIES, {"Location": "Graz"}))
    assert properties(api) == {"Port": "22", "Location": "Graz"}
    api.standin.profile["properties_object"] = "replace"
    api.patch((op, PROPERTIES, {"Location": "Linz", "Tags": "t"}))
    assert properties(api) == {"Location": "Linz", "Tags": "t"}
    api.standin.state.platforms["UnixSSH"].mandatory.append("Tags")
    assert api.refused((op, PROPERTIES, {"Location": "Wels"})) == "PASWS017E"


def test_hidden_properties(api: PvwaClient) -> None:
    """Stored and never shown."""
    api.standin.state.platforms["UnixSSH"].hidden.append("Tags")
    shown = api.patch(("add", PROPERTIES, {"Tags": "t", "Location": "Graz"}))
    assert shown["platformAccountProperties"] == {"Port": "22", "Location": "Graz"}
    assert properties(api)["Tags"] == "t"
    assert api.call("GET", "/Accounts")["value"] == [api.call("GET", f"/Accounts/{ROOT}")]


def domain(api: PvwaClient, machines: str = "", restricted: bool | None = None) -> str:
    """Add an account of a platform with remote machines and return its id."""
    given = {"remoteMachines": machines, "accessRestrictedToRemoteMachines": restricted}
    api.standin.change(
        add_account={"safeName": "Windows", "platformId": "WinDomain", "name": "d", "address": "a", "userName": "u"}
        | {"remoteMachinesAccess": given}
    )
    return list(api.standin.state.accounts)[-1]


MACHINES = "/remoteMachinesAccess/remoteMachines"
RESTRICTED = "/remoteMachinesAccess/accessRestrictedToRemoteMachines"


def test_a_restriction_needs_machines(api: PvwaClient) -> None:
    """PASWS166E, as it was seen within the text; both go together."""
    made = domain(api, "h1;h2", True)
    for operations in ([("remove", MACHINES)], [("replace", MACHINES, "")]):
        answer = api.patch(*operations, status=400, account=made)
        assert answer["ErrorCode"] == "CAWS00001E"
        assert answer["ErrorMessage"] == (
            "PASWS166E Parameter [remoteMachines] must be specified with parameter [accessRestrictedToRemoteMachines]"
        )
    assert "remoteMachinesAccess" not in api.patch(("remove", MACHINES), ("remove", RESTRICTED), account=made)
    assert api.refused(("add", RESTRICTED, True), account=made) == "CAWS00001E"
    api.patch(("add", RESTRICTED, False), account=made)
    body = account("Windows", platformId="WinDomain", remoteMachinesAccess={"accessRestrictedToRemoteMachines": True})
    assert api.error("POST", "/Accounts", body) == "CAWS00001E"


@pytest.mark.parametrize("value", [True, False])
def test_platforms_without_machines(api: PvwaClient, value: bool) -> None:
    """Even false is refused; the code stands in Details."""
    body = account(remoteMachinesAccess={"accessRestrictedToRemoteMachines": value})
    added = api.call("POST", "/Accounts", body, 400)
    assert added["ErrorCode"] == "PASWS167E"
    (detail,) = added["Details"]
    assert detail["ErrorCode"] == "PASWS168E"
    assert detail["ErrorMessage"] == (
        "Input parameter for [remoteMachinesAccess.accessRestrictedToRemoteMachines] value is invalid"
    )
    assert api.patch(("add", RESTRICTED, value), status=400) == added


def test_a_list_with_a_machine_twice(api: PvwaClient) -> None:
    """A new list is taken only once the old one was emptied; HTTP 200 anyway."""
    made = domain(api, "h1;h2;H1")
    assert api.patch(("replace", MACHINES, "h3"), account=made)["remoteMachinesAccess"]["remoteMachines"] == "h1;h2;H1"
    api.patch(("replace", MACHINES, ""), account=made)
    assert api.patch(("add", MACHINES, "h3"), account=made)["remoteMachinesAccess"]["remoteMachines"] == "h3"
    api.standin.change(account=made, set={"remoteMachinesAccess": {"remoteMachines": "a;a"}})
    api.standin.profile["duplicate_machines"] = "fine"
    assert api.patch(("replace", MACHINES, "h4"), account=made)["remoteMachinesAccess"]["remoteMachines"] == "h4"


def test_links_are_not_patched(api: PvwaClient) -> None:
    """They have calls of their own."""
    answer = api.patch(("add", f"{PROPERTIES}/ExtraPass3Name", "x"), status=400)
    assert answer["ErrorMessage"] == "Property 'ExtraPass3Name' cannot be updated"


def test_a_deleted_account_by_its_id(api: PvwaClient) -> None:
    """Still 200 where the server keeps it; in no list; its name is free; a write is refused."""
    before = api.call("GET", f"/Accounts/{ROOT}")
    api.call("DELETE", f"/Accounts/{ROOT}", status=204)
    assert api.error("GET", f"/Accounts/{ROOT}", status=404) == "CAWS00001E"
    api.standin.profile["deleted_by_id"] = "readable"
    assert api.call("GET", f"/Accounts/{ROOT}") == before
    assert api.found(search="db01") == []
    for status in ("404", "400", "409"):
        api.standin.profile["deleted_write"] = status
        assert api.error("DELETE", f"/Accounts/{ROOT}", status=int(status)) == "CAWS00001E"
        assert api.error("PATCH", f"/Accounts/{ROOT}", [], status=int(status)) == "CAWS00001E"
        assert api.error("POST", f"/Accounts/{ROOT}/Verify", status=int(status)) == "CAWS00001E"
    assert [row["id"] for row in api.standin.dump()["deleted"]] == [ROOT]
    made = api.call("POST", "/Accounts", account(name=before["name"]), 201)["id"]
    assert api.found() == [made]
    kept = api.standin.dump()
    api.standin.pvwa.load(kept)
    assert api.standin.dump() == kept
    api.standin.change(forget_deleted=True)
    assert api.error("GET", f"/Accounts/{ROOT}", status=404) == "CAWS00001E"


def test_a_409_of_another_kind(api: PvwaClient) -> None:
    """The same user and address in another safe; a query parameter lets it pass."""
    api.standin.profile["duplicates"] = "refused"
    body = account("Windows", address="DB01.example.org", userName="root", name="other")
    assert api.error("POST", "/Accounts", body, 409) == "CAWS00001E"
    assert api.error("POST", "/Accounts", {**body, "safeName": "Linux", "name": "linux-db01-root"}, 409) == "PASWS027E"
    api.call("POST", "/Accounts?AllowAccountDuplications=true", body, 201)


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (account(address=""), "PASWS017E", 400),
        (account(safeName="Nowhere"), "PASWS031E", 400),
        (account(platformAccountProperties={"Port": "x"}), "PASWS018E", 400),
        (account("Closed"), "PASWS041E", 403),
        (account(name="linux-db01-root"), "PASWS027E", 409),
        (account(remoteMachinesAccess={"accessRestrictedToRemoteMachines": False}), "PASWS168E", 400),
    ],
)
def test_where_the_code_stands(api: PvwaClient, body: dict[str, Any], code: str, status: int) -> None:
    """In ErrorCode, in the text, or in Details."""
    api.standin.profile["code_place"] = "outer"
    plain = api.call("POST", "/Accounts", body, status)
    assert (plain["ErrorCode"], set(plain)) == (code, {"ErrorCode", "ErrorMessage"})
    api.standin.profile["code_place"] = "message"
    text = f"{code} {plain['ErrorMessage']}"
    assert api.call("POST", "/Accounts", body, status) == {"ErrorCode": "CAWS00001E", "ErrorMessage": text}
    api.standin.profile["code_place"] = "details"
    outer = api.call("POST", "/Accounts", body, status)
    (detail,) = outer["Details"]
    assert (outer["ErrorCode"], detail["ErrorCode"], detail["ErrorMessage"]) == (
        "PASWS167E",
        code,
        plain["ErrorMessage"],
    )


def test_a_session_keeps_its_code(api: PvwaClient) -> None:
    """The code of a session is where clients look for it, but for old servers."""
    api.standin.profile["code_place"] = "message"
    api.standin.change(expire_sessions=True)
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    assert api.logon(status=403, password="x")["ErrorCode"] == "PASWS013E"
    api.standin.profile["session_failure"] = "403"
    assert api.error("GET", "/Accounts", status=403) == "CAWS00001E"
    api.standin.profile["code_place"] = "seen"
    assert api.error("GET", "/Accounts", status=403) == "CAIWS001E"


def test_a_missing_right_on_old_servers(api: PvwaClient) -> None:
    """500 and a code of the vault."""
    api.standin.profile["refusal"] = "500"
    assert api.error("GET", "/Accounts/32_3", status=500) == "ITATS955E"


def test_windows_logon_of_iis(pvwa: Standin) -> None:
    """200 and an object; no session; a second logon by another method gives the token."""
    client = PvwaClient(pvwa)
    pvwa.profile["windows_logon"] = "object"
    answer = client.raw("POST", "/auth/Windows/Logon", json={"username": "apiuser", "password": pvwa.password})
    assert (answer.status_code, answer.json()) == (200, {"AdditionalInfo": "", "UserName": "apiuser"})
    assert pvwa.state.sessions == {}
    assert client.logon("Windows", 403, password="wrong")["ErrorCode"] == "PASWS013E"
    client.logon("LDAP")
    assert client.found() == [ROOT]


def test_another_directory(pvwa: Standin) -> None:
    """The web application elsewhere: 404 at the usual place."""
    pvwa.profile["directory"] = "Vault"
    client = PvwaClient(pvwa)
    assert client.raw("POST", "/auth/CyberArk/Logon", json={}).status_code == 404
    base = f"{pvwa.url}/vault"
    body = {"username": pvwa.username, "password": pvwa.password}
    answer = client.session.post(f"{base}/API/auth/CyberArk/Logon", json=body, timeout=5)
    assert "path=/Vault/; HttpOnly" in answer.headers["Set-Cookie"]
    client.session.headers["Authorization"] = answer.json()
    added = client.session.post(f"{base}/API/Accounts", json=account(), timeout=5)
    assert added.headers["Location"] == f"{pvwa.url}/Vault/api/Accounts/29_4"
    assert client.session.get(added.headers["Location"], timeout=5).json()["id"] == "29_4"


def test_safes_whose_names_no_url_takes(api: PvwaClient) -> None:
    """400 or 404 in a URL, fine in a body, in lists and by id."""
    for name in ("R&D", "C++", "100%"):
        fill(api.standin, 1, name)
        assert api.raw("GET", "/Accounts", params={"filter": f"safeName eq {name}"}).status_code == 400
        api.standin.profile["url_characters"] = "not_found"
        assert api.raw("GET", "/Accounts", params={"filter": f"safeName eq {name}"}).status_code == 404
        api.standin.profile["url_characters"] = "refused"
        made = api.call("POST", "/Accounts", account(name), 201)
        assert made["safeName"] == name
        assert [row["safeName"] for row in api.call("GET", "/Accounts", params={"search": "web01"})["value"]][
            -1
        ] == name
