# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documented calls that few clients use: trash, remote reset, accountabilities, agents; lists without end."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"


def status(client: Client, method: str, path: str, details: Any = None, **more: Any) -> str:
    """Return the status word of a call."""
    return str(client.call(method, path, details, **more)["result"]["status"])


def restore(client: Client, kind: str, *numbers: Any) -> str:
    """Restore from the trash; return the status word."""
    return status(client, "PUT", "/trash/restore", {"type": kind, "trashIds": list(numbers)})


def test_deleting_is_for_good(client: Client) -> None:
    """By default nothing is in the trash and the name is free."""
    assert status(client, "DELETE", ROOT) == "Success"
    assert restore(client, "account", 901) == "Failed"
    added = client.call("POST", "/resources/21/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "root"}]})
    assert added["Details"]["root"]["STATUS"] == "Account added successfully"


def test_a_trash_that_keeps_names(client: Client) -> None:
    """With the profile deletions can be undone and block their names, for renames too; lists do not show them."""
    client.standin.profile["delete_blocks_name"] = "yes"
    assert status(client, "DELETE", ROOT) == "Success"
    assert status(client, "DELETE", "/resources/22") == "Success"
    added = client.call("POST", "/resources/21/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "root"}]})
    assert "already exists" in added["Details"]["root"]["STATUS"]
    for method, path, details in (
        ("POST", "/resources", {"RESOURCENAME": "empty01"}),
        ("PUT", "/resources/21", {"RESOURCENAME": "empty01"}),
    ):
        assert status(client, method, path, details) == "Failed"
    assert client.call("GET", "/resources")["totalRows"] == 1
    assert client.call("GET", "/resources/21/accounts")["Details"]["ACCOUNT LIST"] == ""
    state = client.standin.dump()
    client.standin.product.load(state)
    assert client.standin.dump() == state
    assert restore(client, "account", 901, 999) == "Failed"
    assert restore(client, "account", 901) == "Success"
    assert restore(client, "resource", "22") == "Success"
    assert restore(client, "resource", "22") == "Failed"
    assert restore(client, "user", 1) == "Failed"
    assert client.call("GET", f"{ROOT}/password")["Details"] == {"PASSWORD": "Old-Secret-1"}


def test_trashed_in_the_console(client: Client) -> None:
    """Someone else puts an object into the trash; by default that does not block."""
    client.standin.change(resource="db01", account="root", trash=True)
    client.standin.change(resource="empty01", trash=True)
    assert status(client, "POST", "/resources", {"RESOURCENAME": "empty01"}) == "Success"
    assert restore(client, "account", 901) == "Success"
    assert client.standin.state.account("db01", "root") is not None


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"RESOURCETYPE": "WindowsDomain", "ISWINDOMAINLOCAL": "true", "ACCOUNTNAME": "a"}, "Success"),
        ({"RESOURCETYPE": "WindowsDomain", "ISWINDOMAINLOCAL": "true"}, "Failed"),
        (
            {"RESOURCETYPE": "WindowsDomain", "ISWINDOMAINLOCAL": "false", "WDRESOURCEID": "1", "WDACCOUNTID": "2"},
            "Success",
        ),
        ({"RESOURCETYPE": "WindowsDomain", "ISWINDOMAINLOCAL": "false", "ACCOUNTNAME": "a"}, "Failed"),
        ({"RESOURCETYPE": "SAP", "SAP_SYSTEM_NUMBER": "07", "SAP_ADMIN_ACCOUNT": "a"}, "Success"),
        ({"RESOURCETYPE": "SAP", "SAP_SYSTEM_NUMBER": "7", "SAP_ADMIN_ACCOUNT": "a"}, "Failed"),
        ({"RESOURCETYPE": "Linux"}, "Success"),
        ({}, "Failed"),
    ],
)
def test_remote_reset(client: Client, details: dict[str, str], expected: str) -> None:
    """Mandatory fields by type; the settings are in the state, and no answer shows them."""
    path = "/resources/configureremotepasswordreset"
    assert status(client, "POST", path, {**details, "RESOURCEIDS": ["21", 22]}) == expected
    settings = client.standin.dump()["resources"][0]["settings"]
    assert settings == ({"REMOTE_RESET": details} if expected == "Success" else {})
    assert status(client, "POST", path, {**details, "RESOURCEIDS": ["21", 99]}) == "Failed"


def test_accountabilities_and_agents(client: Client) -> None:
    """Resources go over to the other user; an agent key comes back."""
    path = "/user/transferUserAccountabilities"
    assert status(client, "POST", path, {"oldUserId": 1, "newUserId": 21}) == "Success"
    assert {item["owner"] for item in client.standin.dump()["resources"]} == {"jdoe"}
    assert status(client, "POST", path, {"oldUserId": 1, "newUserId": 999}) == "Failed"
    given = {"generateAgentKey": "true", "validityPeriod": 3}
    assert client.call("POST", "/agents/agentkey", given, key="details")["Details"]["agentKey"]


def test_an_edit_of_a_resource(client: Client) -> None:
    """The fields of the page and no other; one of them is enough; all or nothing."""
    given = {"LOCATION": "Oslo", "DOMAINNAME": "EXAMPLE", "NOTES": "n", "RESOURCETYPEID": 101, "ENABLEPRIVATEKEY": True}
    assert status(client, "PUT", "/resources/21", given) == "Success"
    resource = client.standin.dump()["resources"][0]
    assert (resource["name"], resource["location"], resource["domain_name"]) == ("db01", "Oslo", "")
    assert resource["settings"] == {"RESOURCETYPEID": 101}
    assert sorted(client.standin.journal.entries[-1].ignored) == ["DOMAINNAME", "ENABLEPRIVATEKEY", "NOTES"]
    label = [{"CUSTOMLABEL": "Rack", "CUSTOMVALUE": "no number"}]
    for wrong in ({"OWNERNAME": ""}, {"RESOURCENAME": ""}, {"RESOURCECUSTOMFIELD": label}):
        assert status(client, "PUT", "/resources/21", {"LOCATION": "Rome", **wrong}) == "Failed"
    assert client.standin.dump()["resources"][0] == resource


@pytest.mark.parametrize("given", ["31/02/2022", "2022-02-19", "soon"])
def test_dates_are_checked(client: Client, given: str) -> None:
    """A Date is written dd/MM/yyyy; anything else fails (text invented)."""
    fields = [{"CUSTOMLABEL": "Review Date", "CUSTOMVALUE": given}]
    assert status(client, "PUT", ROOT, {"ACCOUNTNAME": "root", "ACCOUNTCUSTOMFIELD": fields}) == "Failed"


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize(
    ("path", "key", "options"),
    [
        ("/resources", "RESOURCE ID", {}),
        ("/resources/21/accounts", "ACCOUNT ID", {}),
        ("/resourcegroup", "resourceGroupId", {"key": "details"}),
        ("/audit", "Audit ID", {}),
    ],
)
def test_pages_without_end(client: Client, path: str, key: str, options: Any, same: bool) -> None:
    """Every page is full and says that there are more; its rows are new ones, or always the same."""
    client.standin.faults.set([{"fault": "endless_pages", "rows": 5, "same": same}])
    seen: list[str] = []
    for start in (0, 5, 1000):
        name = "startIndex" if options else "STARTINDEX"
        asked = {"params": {name: start}} if path == "/audit" else {"details": {name: start}, **options}
        operation = client.call("GET", path, **asked)
        rows = operation["Details"]
        rows = rows["ACCOUNT LIST"] if isinstance(rows, dict) else rows
        assert len(rows) == 5
        assert operation.get("totalRows", start + 6) > start + 5
        seen += [str(row[key]) for row in rows]
    assert len(set(seen)) == (5 if same else 15)


def test_lists_without_end_are_only_lists() -> None:
    """Other calls are answered as ever."""
    with Standin(faults=[{"fault": "endless_pages"}]) as standin:
        assert "Details" not in Client(standin).call("POST", "/resources", {"RESOURCENAME": "new"})
