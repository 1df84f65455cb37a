# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: Get accounts and Get account details."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pvwa_client import ROOT, PvwaClient
from pvwa_standin import Standin


def fill(standin: Standin, count: int, **more: Any) -> None:
    """Add accounts to the safe Databases."""
    for number in range(count):
        given = {"safeName": "Databases", "platformId": "MySQL", "address": f"host{number:03}", "userName": "app"}
        standin.change(add_account={**given, "name": f"object-{number:03}", **more})


def test_account(api: PvwaClient) -> None:
    """What is shown, in list and details: nothing secret, nothing empty, times are numbers."""
    details = api.call("GET", f"/Accounts/{ROOT}")
    assert api.call("GET", "/Accounts")["value"] == [details]
    assert details == {
        "categoryModificationTime": api.standin.state.born,
        "id": ROOT,
        "name": "linux-db01-root",
        "address": "db01.example.org",
        "userName": "root",
        "platformId": "UnixSSH",
        "safeName": "Linux",
        "secretType": "password",
        "platformAccountProperties": {"Port": "22"},
        "secretManagement": {"automaticManagementEnabled": True, "lastModifiedTime": api.standin.state.born},
        "createdTime": api.standin.state.born,
    }


def test_bare_account(api: PvwaClient) -> None:
    """Absent fields are left out; no properties are {} in lists only, as captured."""
    api.standin.change(add_account={"safeName": "Windows", "platformId": "WinDomain", "name": "bare", "group": "g"})
    details = api.call("GET", "/Accounts/30_3")
    assert not {"address", "userName", "platformAccountProperties", "remoteMachinesAccess"} & set(details)
    listed = api.call("GET", "/Accounts", params={"filter": "safeName eq Windows"})["value"][0]
    assert listed == {**details, "platformAccountProperties": {}}
    api.standin.profile["empty_properties"] = "object"
    assert api.call("GET", "/Accounts/30_3")["platformAccountProperties"] == {}
    assert "null" not in json.dumps(listed)


def test_unknown_and_closed(api: PvwaClient) -> None:
    """404 as JSON; a safe that the user may not see is 403 and not in lists."""
    assert api.error("GET", "/Accounts/29_99", status=404) == "CAWS00001E"
    assert api.error("GET", "/Accounts/x", status=404) == "CAWS00001E"
    assert api.error("GET", "/Accounts/32_3", status=403) == "PASWS041E"
    assert api.found(search="db01") == [ROOT]


def test_no_match(api: PvwaClient) -> None:
    """200 and 22 bytes."""
    for query in ({"search": "nowhere"}, {"filter": "safeName eq Nowhere"}, {"offset": 5}):
        assert api.raw("GET", "/Accounts", params=query).text == '{"value":[],"count":0}'


def test_pages(api: PvwaClient) -> None:
    """Pages of 50, a relative nextLink that keeps search and filter, none on the last page."""
    fill(api.standin, 120)
    api.standin.change(add_account={"safeName": "Linux", "platformId": "UnixSSH", "address": "host000"})
    seen: list[str] = []
    link: str | None = "api/Accounts?search=host%20app&filter=safeName%20eq%20Databases"
    sizes = []
    while link:
        page = api.session.get(f"{api.standin.url}/PasswordVault/{link}", timeout=5).json()
        assert page["count"] == len(page["value"])
        sizes.append(page["count"])
        seen += [one["id"] for one in page["value"]]
        link = page.get("nextLink")
        if link:
            assert link.startswith("api/Accounts?offset=")
            query = parse_qs(urlsplit(link).query)
            assert query["filter"] == ["safeName eq Databases"]
            assert (query["search"], query["limit"]) == (["host app"], ["50"])
    assert sizes == [50, 50, 20]
    assert len(set(seen)) == 120


def test_limits(api: PvwaClient) -> None:
    """Up to 1000 at a time; the server's own limit; count of all."""
    fill(api.standin, 60)
    assert len(api.found(limit=1000)) == 61
    assert api.found(limit=2, offset=1) == ["31_3", "31_4"]
    api.standin.profile.update({"page_limit": "10", "count": "all"})
    page = api.call("GET", "/Accounts", params={"limit": 1000})
    assert (len(page["value"]), page["count"]) == (10, 61)
    assert page["nextLink"] == "api/Accounts?offset=10&limit=1000"
    exactly = api.call("GET", "/Accounts", params={"offset": 51, "limit": 10})
    assert "nextLink" not in exactly


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": 1001}, "PASWS167E"),
        ({"limit": 0}, "PASWS167E"),
        ({"offset": -1}, "PASWS167E"),
        ({"limit": "many"}, "PASWS018E"),
        ({"search": "x" * 501}, "PASWS167E"),
        ({"searchType": "equals"}, "PASWS167E"),
        ({"filter": "userName eq root"}, "PASWS167E"),
        ({"filter": "safeName eq"}, "PASWS167E"),
        ({"filter": "safeName ne Linux"}, "PASWS167E"),
        ({"sort": "name,address,userName,id"}, "PASWS167E"),
        ({"sort": "password"}, "PASWS167E"),
        ({"sort": "name down"}, "PASWS167E"),
    ],
)
def test_wrong_queries(api: PvwaClient, query: dict[str, Any], code: str) -> None:
    """Refused with the parameter's name in Details."""
    answer = api.call("GET", "/Accounts", status=400, params=query)
    assert answer["ErrorCode"] == code
    assert [row["ParameterName"] for row in answer.get("Details", [])] in ([], [*query])
    api.standin.profile["details"] = "object"
    assert isinstance(api.call("GET", "/Accounts", status=400, params=query).get("Details", {}), dict)


def test_search(api: PvwaClient) -> None:
    """Words in any case, all of them, in user name, address, platform and properties; not in the name."""
    for words in ("ROOT", "db01 root", "example unixssh", "22"):
        assert api.found(search=words) == [ROOT]
    assert api.found(search="root nowhere") == []
    assert api.found(search="linux-db01-root") == []
    api.standin.profile.update({"search_name": "yes", "search_words": "any"})
    assert api.found(search="linux-db01-root") == [ROOT]
    assert api.found(search="root nowhere") == [ROOT]


def test_search_type(api: PvwaClient) -> None:
    """startswith looks at the beginning of a field."""
    assert api.found(search="example") == [ROOT]
    assert api.found(search="example", searchType="startswith") == []
    assert api.found(search="DB01 ro", searchtype="StartsWith") == [ROOT]


def test_filter(api: PvwaClient) -> None:
    """No quotes round the value, any case of the safe's name, AND."""
    fill(api.standin, 1, categoryModificationTime=1000)
    assert api.found(filter="safeName eq Linux") == [ROOT]
    assert api.found(filter="SafeName eq LINUX") == [ROOT]
    assert api.found(filter='safeName eq "Linux"') == []
    assert api.found(filter="safeName eq Read Only") == []
    assert api.found(filter="modificationTime gte 1001") == [ROOT]
    assert api.found(filter="safeName eq Databases AND modificationTime gte 1000") == ["31_3"]
    assert api.found(filter="safeName eq Databases AND modificationTime gte 1001") == []
    api.standin.profile["names"] = "exact"
    assert api.found(filter="safeName eq LINUX") == []


def test_sort(api: PvwaClient) -> None:
    """By several properties, each in its order."""
    fill(api.standin, 2)
    assert api.found(sort="userName desc,address desc") == [ROOT, "31_4", "31_3"]
    assert api.found(sort="userName,address asc") == ["31_3", "31_4", ROOT]


def test_other_forms_of_an_answer(api: PvwaClient) -> None:
    """Times as text, remote machines with commas."""
    api.standin.change(
        add_account={
            "safeName": "Windows",
            "platformId": "WinDomain",
            "name": "svc",
            "createdTime": 0,
            "remoteMachinesAccess": {"remoteMachines": "h1;h2"},
        }
    )
    api.standin.profile.update({"times": "datetime", "remote_machines": "comma"})
    details = api.call("GET", "/Accounts/30_3")
    assert details["createdDateTime"] == "1970-01-01T00:00:00Z"
    assert "lastModifiedDateTime" in details["secretManagement"]
    assert details["remoteMachinesAccess"] == {"remoteMachines": "h1,h2"}


def test_parameters_that_are_not_known(api: PvwaClient) -> None:
    """Ignored, and noted in the journal."""
    api.found(savedfilter="Recently")
    assert api.standin.journal.entries[-1].ignored == ["savedfilter"]
