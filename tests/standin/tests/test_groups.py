# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource groups and shares of all kinds: what is set, what is shown, what the state says."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conftest import Client
from pam360_standin import Standin

SEED: dict[str, Any] = {
    "resource_groups": [
        {"id": 3001, "name": "Default Group"},
        {"id": 3002, "name": "Servers", "members": ["db01", 22], "shares": {"group": {"DBA": "view"}}},
        {"id": 3003, "name": "By rule", "type": "dynamic", "description": "all of Oslo"},
        "Empty",
    ],
    "resources": [
        {"id": 21, "name": "db01", "groups": ["Default Group", "3003"], "accounts": [{"id": 901, "name": "root"}]},
        {"id": 22, "name": "web01"},
    ],
}
ROOT = "/resources/21/accounts/901"


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a stand-in with groups."""
    with Standin(seed=SEED) as standin:
        yield Client(standin)


def groups(client: Client, key: str = "details", **details: Any) -> list[str]:
    """Return the names in the list of resource groups."""
    listed = client.call("GET", "/resourcegroup", details or None, key=key)
    return [row["resourceGroupName"] for row in listed.get("Details", [])]


def test_members_of_a_seed(client: Client) -> None:
    """A seed says it from either side; the state says it from both, and is a seed."""
    state = client.standin.dump()
    members = {group["name"]: group["members"] for group in state["resource_groups"]}
    assert members == {"Default Group": ["db01"], "Servers": ["db01", "web01"], "By rule": ["db01"], "Empty": []}
    assert [item["groups"] for item in state["resources"]] == [["3001", "3003", "3002"], ["3002"]]
    client.standin.product.load(state)
    assert client.standin.dump() == state
    with pytest.raises(ValueError, match="no resource 'nowhere'"):
        Standin(seed={"resource_groups": [{"name": "x", "members": ["nowhere"]}]})


def test_list(client: Client) -> None:
    """Paging, kinds and search, under the key that the profile takes."""
    assert groups(client) == ["Default Group", "Servers", "By rule", "Empty"]
    assert groups(client, startIndex=1, limit=2) == ["Servers", "By rule"]
    assert groups(client, searchType="dynamic") == ["By rule"]
    assert groups(client, searchValue="oslo", searchColumn="resourceGroupDescription") == ["By rule"]
    assert groups(client, searchValue="oslo", searchColumn="resourceGroupName") == []
    assert len(groups(client, "Details", limit=1)) == 4
    client.standin.profile["group_key"] = "both"
    assert len(groups(client, "Details", limit=1)) == 1
    client.standin.profile["startindex_base"] = "1"
    assert groups(client, startIndex=1, limit=1) == ["Default Group"]


def test_associate(client: Client) -> None:
    """Membership is added, shown and kept; a second time changes nothing; never half of it."""

    def associate(group: int, *numbers: Any) -> str:
        path = f"/resourcegroup/{group}/associateResources"
        return str(client.call("POST", path, {"RESOURCEIDS": list(numbers)})["result"]["status"])

    assert associate(3001, 21, "22") == "Success"
    assert associate(3001, 22) == "Success"
    shown = client.call("GET", "/resources/22/associatedGroups")["Details"]["ASSOCIATED GROUPS"]
    assert shown == [
        {"GROUP ID": 3002, "GROUP NAME": "Servers"},
        {"GROUP ID": 3001, "GROUP NAME": "Default Group"},
    ]
    assert associate(3004, 22, 99) == "Failed"
    assert associate(3004) == "Failed"
    assert associate(3003, 22) == "Failed"
    assert associate(3999, 22) == "Failed"
    assert client.standin.dump()["resource_groups"][3]["members"] == []


def test_shares_of_groups(client: Client) -> None:
    """To users and user groups at once; no full access for the Default Group (DOC)."""

    def share(**details: Any) -> str:
        return str(client.call("PUT", "/resourcegroup/share", details)["result"]["status"])

    assert share(resourceGroupIds=[3001, 3004], userIds=[21, "22"], accessType="view") == "Success"
    assert share(resourceGroupIds=["3004"], userGroupIds=[41], accessType="fullaccess") == "Success"
    assert share(resourceGroupIds=[3004, 3001], userIds=[21], accessType="fullaccess") == "Failed"
    assert share(resourceGroupIds=[3004], userIds=[99], accessType="view") == "Failed"
    assert share(resourceGroupIds=[3004], accessType="view") == "Failed"
    seen = {group["name"]: group["shares"] for group in client.standin.dump()["resource_groups"]}
    assert seen["Default Group"] == {"user": {"21": "view", "22": "view"}, "group": {}}
    assert seen["Empty"] == {"user": {"21": "view", "22": "view"}, "group": {"41": "fullaccess"}}
    assert seen["Servers"] == {"user": {}, "group": {"42": "view"}}


@pytest.mark.parametrize("where", ["/resources/21/share", f"{ROOT}/share"])
def test_shares_that_can_be_read(client: Client, where: str) -> None:
    """Nothing there by default; with the profile, rows in the keys that grant (invented)."""
    client.call("PUT", where, {"ACCESSTYPE": "view", "USERID": "21"})
    assert client.raw("GET", where).status_code == 404
    client.standin.profile["share_read"] = "yes"
    client.call("PUT", where, {"ACCESSTYPE": "fullaccess", "USERGROUPID": 42})
    assert client.call("GET", where)["Details"] == [
        {"USERID": "21", "ACCESSTYPE": "view"},
        {"USERGROUPID": "42", "ACCESSTYPE": "fullaccess"},
    ]
    for whom in ({"USERID": "21"}, {"USERGROUPID": "42"}):
        client.call("PUT", where, {"ACCESSTYPE": "revoke", **whom})
    assert "Details" not in client.call("GET", where)
    assert client.call("GET", "/resourcegroup/3002/share")["Details"] == [{"USERGROUPID": "42", "ACCESSTYPE": "view"}]


def test_twenty_at_once(client: Client) -> None:
    """Each share of twenty clients is kept and journalled; an account is added once."""
    users = [{"id": str(number), "name": f"u{number}"} for number in range(100, 120)]
    client.standin.product.load({**client.standin.dump(), "users": [{"id": 1, "name": "admin"}, *users]})

    def work(user: dict[str, str]) -> Any:
        one = Client(client.standin)
        for where in (ROOT, "/resources/21"):
            one.call("PUT", f"{where}/share", {"ACCESSTYPE": "view", "USERID": user["id"]})
        added = one.call("POST", "/resources/22/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "app"}]})
        return added["Details"]["app"]["STATUS"]

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(work, users))
    resource = client.standin.dump()["resources"][0]
    everyone = {user["id"]: "view" for user in users}
    assert resource["shares"]["user"] == resource["accounts"][0]["shares"]["user"] == everyone
    assert statuses.count("Account added successfully") == 1
    assert [entry.applied for entry in client.standin.journal.writes()].count(True) == 41
