# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: Add account and Delete account."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient, account


def test_add(api: PvwaClient) -> None:
    """201, Location, a generated name, the id of the body ignored, the secret nowhere."""
    body = account(id="", secret="New-Secret-1", secretType="password", platformAccountProperties={"Port": 2222})
    answer = api.raw("POST", "/Accounts", json=body)
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{api.standin.url}/PasswordVault/api/Accounts/29_4"
    assert (made["id"], made["name"]) == ("29_4", "Operating System-UnixSSH-web01-app")
    assert made["platformAccountProperties"] == {"Port": "2222"}
    assert made["secretManagement"]["automaticManagementEnabled"] is True
    assert "New-Secret-1" not in answer.text
    assert api.call("GET", f"/Accounts/{made['id']}") == made
    assert api.standin.state.accounts["29_4"].secret == "New-Secret-1"
    entry = api.standin.journal.writes()[-1]
    assert (entry.operation, entry.applied, entry.ignored) == ("Add account", True, ["id"])


def test_names_bind_in_any_case(api: PvwaClient) -> None:
    """`username`, `SafeName` and inner names too; null is as left out; the safe's own spelling is shown."""
    body = {
        "SafeName": "linux",
        "platformid": "UnixSSH",
        "username": "app",
        "ADDRESS": "web01",
        "name": None,
        "secretmanagement": {"AutomaticManagementEnabled": False, "manualmanagementreason": "static"},
    }
    made = api.call("POST", "/Accounts", body, 201)
    assert (made["safeName"], made["userName"]) == ("Linux", "app")
    assert made["secretManagement"]["manualManagementReason"] == "static"
    assert made["secretManagement"]["automaticManagementEnabled"] is False


def test_the_same_name_twice(api: PvwaClient) -> None:
    """409 in the same safe in any case, given or generated; another safe may have it."""
    assert api.error("POST", "/Accounts", account(name="Linux-DB01-root"), 409) == "PASWS027E"
    api.call("POST", "/Accounts", account(), 201)
    assert api.error("POST", "/Accounts", account(), 409) == "PASWS027E"
    api.call("POST", "/Accounts", account("Windows"), 201)
    api.standin.profile.update({"generated_name": "unique", "names": "exact"})
    assert api.call("POST", "/Accounts", account(), 201)["name"] == "Operating System-UnixSSH-web01-app-2"
    api.call("POST", "/Accounts", account(name="Linux-DB01-root"), 201)


@pytest.mark.parametrize(
    ("more", "code", "status"),
    [
        ({"safeName": ""}, "PASWS017E", 400),
        ({"platformId": None}, "PASWS017E", 400),
        ({"userName": ""}, "PASWS017E", 400),
        ({"safeName": "Nowhere"}, "PASWS167E", 400),
        ({"safeName": "Closed"}, "PASWS041E", 403),
        ({"safeName": "Read Only"}, "PASWS041E", 403),
        ({"platformId": "Oracle"}, "PASWS032E", 400),
        ({"platformId": "Nothing"}, "PASWS032E", 400),
        ({"platformId": "AWSAccessKeys"}, "PASWS017E", 400),
        ({"secretType": "token"}, "PASWS167E", 400),
        ({"secret": ["x"]}, "PASWS167E", 400),
        ({"platformAccountProperties": {"Prot": "22"}}, "PASWS167E", 400),
        ({"platformAccountProperties": {"port": "22"}}, "PASWS167E", 400),
        ({"platformAccountProperties": {"Port": "ssh"}}, "PASWS018E", 400),
        ({"platformAccountProperties": {"Location": {"a": 1}}}, "PASWS167E", 400),
        ({"platformAccountProperties": "Port=22"}, "PASWS167E", 400),
        ({"secretManagement": {"automaticManagementEnabled": "true"}}, "PASWS167E", 400),
        ({"secretManagement": {"manualManagementReason": "why"}}, "PASWS159E", 400),
        ({"remoteMachinesAccess": {"remoteMachines": "h1"}}, "PASWS167E", 400),
    ],
)
def test_refused(api: PvwaClient, more: dict[str, Any], code: str, status: int) -> None:
    """Nothing is stored."""
    assert api.error("POST", "/Accounts", account(**more), status) == code
    assert len(api.standin.state.accounts) == 2
    assert api.standin.journal.writes()[-1].applied is False


def test_texts_of_errors(api: PvwaClient) -> None:
    """The texts that were seen."""
    unknown = api.call("POST", "/Accounts", account(safeName="Nowhere"), 400)
    detail = {"ParameterName": "safeName", "ErrorCode": "PASWS031E", "ErrorMessage": "Safe [Nowhere] was not found"}
    assert unknown["Details"] == [detail]
    missing = api.call("POST", "/Accounts", account("Linux", address=""), 400)
    assert missing == {"ErrorCode": "PASWS017E", "ErrorMessage": "Missing Mandatory parameter: [address]."}
    reason = api.call("POST", "/Accounts", account(secretManagement={"manualManagementReason": "x"}), 400)
    assert reason["ErrorMessage"] == (
        "Parameter [manualManagementReason] cannot be specified with parameter [enableAutomaticManagement]=[True]"
    )
    details = api.call("POST", "/Accounts", account(platformAccountProperties={"Prot": "1"}), 400)["Details"]
    assert [(row["ParameterName"], set(row)) for row in details] == [
        ("Prot", {"ParameterName", "ErrorCode", "ErrorMessage"})
    ]


def test_values_are_strings(api: PvwaClient) -> None:
    """Numbers and booleans become text, as the profile says; an empty reason passes."""
    properties = {"Port": 22, "Location": True, "Tags": 1.5, "OwnerName": False}
    body = account(platformAccountProperties=properties, secretManagement={"manualManagementReason": ""})
    made = api.call("POST", "/Accounts", body, 201)
    assert made["platformAccountProperties"] == {"Port": "22", "Location": "true", "Tags": "1.5", "OwnerName": "false"}
    assert "manualManagementReason" not in made["secretManagement"]
    api.standin.profile["boolean_text"] = "Yes"
    made = api.call("POST", "/Accounts", account("Windows", platformAccountProperties=properties), 201)
    assert made["platformAccountProperties"] == {"Port": "22", "Location": "Yes", "Tags": "1.5", "OwnerName": "No"}


@pytest.mark.parametrize("secret", ['p"w\\x', "  blanks  ", "Grüße 🔐", "&%+<,>", "x" * 4096])
def test_byte_for_byte(api: PvwaClient, secret: str) -> None:
    """Secrets and texts come back as they were sent, the secret as a JSON string."""
    body = account(secret=secret, userName=secret, platformAccountProperties={"Location": secret})
    made = api.call("POST", "/Accounts", body, 201)
    assert (made["userName"], made["platformAccountProperties"]["Location"]) == (secret, secret)
    assert api.call("POST", f"/Accounts/{made['id']}/Password/Retrieve", {}) == secret


def test_group_and_machines(api: PvwaClient) -> None:
    """A group is taken and never shown; machines are one string on platforms that have them."""
    body = account(
        "Windows",
        platformId="WinDomain",
        platformAccountProperties={"GroupName": "web", "GroupPlatformID": "Group"},
        remoteMachinesAccess={"remoteMachines": "h1;h2", "accessRestrictedToRemoteMachines": True},
    )
    answer = api.raw("POST", "/Accounts", json=body)
    assert "web" not in answer.text.replace("web01", "")
    assert "Group" not in answer.text
    assert answer.json()["remoteMachinesAccess"] == body["remoteMachinesAccess"]
    assert api.standin.state.accounts[answer.json()["id"]].group == "web"
    body |= {"remoteMachinesAccess": {"remoteMachines": ["h1"]}, "name": "other"}
    assert api.error("POST", "/Accounts", body) == "PASWS167E"


def test_delete(api: PvwaClient) -> None:
    """204 and no body; then 404; not without the right, not while someone holds the lock."""
    made = api.call("POST", "/Accounts", account(), 201)["id"]
    answer = api.raw("DELETE", f"/Accounts/{made}/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.error("DELETE", f"/Accounts/{made}", status=404) == "CAWS00001E"
    assert api.call("POST", "/Accounts", account(), 201)["id"] != made
    api.standin.change(account=ROOT, set={"lockedBy": "otheruser"})
    assert api.error("DELETE", f"/Accounts/{ROOT}") == "PASWS143E"
    api.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert api.error("DELETE", f"/Accounts/{ROOT}", status=403) == "PASWS041E"
    assert ROOT in api.standin.state.accounts
