# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as the contract has them: shapes, types, texts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from conftest import Client

ROOT = "/resources/21/accounts/901"
WRITE_ONLY = {"COMMAND_SET": 1000, "RECORD_RDP_SESSIONS": True, "SAP_USER_TYPE": "A", "TOTP_SECRET": "JBSWY3DPEHPK3PXP"}


def test_resource_list(client: Client) -> None:
    """Five keys, strings, totalRows a number; compact JSON."""
    answer = client.raw("GET", "/resources")
    assert answer.text.startswith(
        '{"operation":{"result":{"message":"Resources fetched successfully","status":"Success"}'
    )
    operation = answer.json()["operation"]
    assert operation["name"] == "GET RESOURCES"
    assert operation["totalRows"] == 2
    assert operation["Details"][0] == {
        "RESOURCE DESCRIPTION": "",
        "RESOURCE TYPE": "Linux",
        "RESOURCE ID": "21",
        "RESOURCE NAME": "db01",
        "NOOFACCOUNTS": "1",
    }


def test_no_resources_and_no_accounts(client: Client) -> None:
    """Details is absent; ACCOUNT LIST is an empty string."""
    found = client.call(
        "GET", "/resources", {"SEARCHVALUE": "nowhere", "SEARCHTYPE": "RESOURCE", "SEARCHCOLUMN": "ALL"}
    )
    assert "Details" not in found
    assert found["totalRows"] == 0
    assert client.call("GET", "/resources/22/accounts")["Details"]["ACCOUNT LIST"] == ""


def test_account_list(client: Client) -> None:
    """Mixed spelling, text booleans, resource-level custom fields only."""
    details = client.call("GET", "/resources/21/accounts")["Details"]
    row = details["ACCOUNT LIST"][0]
    assert row["ACCOUNT_DESCRIPTION"] == "first"
    assert (row["ACCOUNT NAME"], row["ACCOUNT ID"], row["PASSWDID"]) == ("root", "901", "901")
    assert [key for key, value in row.items() if not isinstance(value, str)] == ["AUTOLOGONLIST"]
    assert "CUSTOM FIELD" not in row
    assert {field["CUSTOMFIELDLABEL"] for field in details["CUSTOM FIELD"]} == {"Data Centre", "Rack"}
    assert details["RESOURCE PASSWORD POLICY"] == "Strong"


def test_account_details_have_only_what_can_be_read(client: Client) -> None:
    """Write-only settings are in no answer and come out of the door only."""
    client.call("PUT", ROOT, {"ACCOUNTNAME": "root", **WRITE_ONLY})
    operation = client.call("GET", ROOT)
    assert operation["name"] == "GET RESOURCE ACCOUNT DETAILS"
    assert set(operation["Details"]) == {
        "DESCRIPTION", "PASSWDID", "LAST MODIFIED TIME", "EXPIRY STATUS", "COMPLIANT REASON", "PASSWORD STATUS",
        "PASSWORDREQUEST_REASON_MANDATORY", "PASSWORD POLICY", "COMPLIANT STATUS", "LAST ACCESSED TIME", "CUSTOM FIELD",
    }  # fmt: skip
    assert operation["Details"]["LAST MODIFIED TIME"] == "N/A"
    assert operation["Details"]["CUSTOM FIELD"][0] == {
        "CUSTOMFIELDVALUE": "",
        "CUSTOMFIELDTYPE": "Character",
        "CUSTOMFIELDLABEL": "Secure Account",
        "CUSTOMFIELDCOLUMNNAME": "COLUMN_CHAR1",
    }
    seen = json.dumps([client.call("GET", "/resources/21/accounts"), operation])
    assert "JBSWY3DPEHPK3PXP" not in seen
    assert client.session.get(f"{client.standin.control}/state").json()["resources"][0]["accounts"][0]["settings"] == (
        WRITE_ONLY
    )


def test_duplicate_account(client: Client) -> None:
    """Two blanks after "added", and the overall status says nothing about it."""
    operation = client.call("POST", "/resources/21/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "root"}]})
    assert operation["Details"] == {"root": {"STATUS": "Account is not added  as it already exists"}}
    assert client.standin.journal.entries[-1].applied is False


def test_password_reading_is_audited(client: Client) -> None:
    """A read changes LAST ACCESSED TIME, a change LAST MODIFIED TIME; both in the server's format."""
    assert client.call("GET", f"{ROOT}/password")["Details"] == {"PASSWORD": "Old-Secret-1"}
    client.call("PUT", f"{ROOT}/password", {"NEWPASSWORD": "New-Secret-2", "RESETTYPE": "local"})
    details = client.call("GET", ROOT)["Details"]
    for key in ("LAST ACCESSED TIME", "LAST MODIFIED TIME"):
        assert re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d\d:\d\d [AP]M", details[key])
    assert (details["COMPLIANT STATUS"], details["COMPLIANT REASON"]) == ("Compliant", "-")
    audit = client.call("GET", "/audit", params={"AUDITTYPE": "Resource", "STARTINDEX": "0", "LIMIT": "1"})
    assert audit["name"] == "GET_AUDIT"
    assert audit["totalRows"] == 2
    assert audit["Details"][0]["Operation Type"] == "Password Retrieved"


def test_approval_reason_and_ticket(client: Client) -> None:
    """[Request] instead of the password; Failed without a reason."""
    client.standin.change(resource="db01", account="root", set={"approval": True})
    assert client.call("GET", f"{ROOT}/password")["Details"] == {"PASSWORD": "[Request]"}
    client.standin.change(resource="db01", account="root", set={"approval": False, "reason_required": True})
    assert client.call("GET", f"{ROOT}/password")["result"]["status"] == "Failed"
    assert client.call("GET", f"{ROOT}/password", {"REASON": "why"})["result"]["status"] == "Success"


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"AUTHTOKEN": "wrong"}, "API key received is not associated to any user. Authentication failed."),
        ({"AUTHTOKEN": None}, "API key received is not associated to any user. Authentication failed."),
        ({"orgName": "Nobody Ltd"}, "Organization not found"),
    ],
)
def test_authentication(client: Client, headers: dict[str, Any], message: str) -> None:
    """HTTP 200 and the Authentication envelope; a token in the query counts for nothing."""
    params = {"AUTHTOKEN": client.standin.token}
    operation = client.raw("GET", "/resources", headers=headers, params=params).json()["operation"]
    assert operation == {"result": {"message": message, "status": "Failed"}, "name": "Authentication"}


def test_unknown_path_is_404(client: Client) -> None:
    """The only failure with a status of its own."""
    assert client.raw("GET", "/usergroup").status_code == 404
    assert client.raw("GET", "/resources/").status_code == 404
    assert client.raw("PATCH", ROOT).status_code == 404


def test_names_to_ids(client: Client) -> None:
    """Look-ups by name; a slash cannot be looked up in the path."""
    assert client.call("GET", "/resources/resourcename/db01")["Details"] == {"RESOURCEID": "21"}
    ids = client.call("GET", "/resources/getResourceIdAccountId?RESOURCENAME=db01&ACCOUNTNAME=root")
    assert ids["Details"] == {"ACCOUNTID": "901", "RESOURCEID": "21"}
    assert client.call("GET", "/resources/resourcename/db01/accounts/accountname/root")["Details"] == ids["Details"]
    user = client.call("GET", "/user/getUserId", params={"USERNAME": "EXAMPLE\\jdoe"})
    assert user["Details"] == {"USERID": "23"}
    group = client.call("GET", "/user/getUserGroupId", params={"USERGROUPNAME": "Linux Admins"})
    assert group["Details"] == {"USERGROUPID": "41"}
    client.standin.change(add_resource={"name": "a/b"})
    client.standin.change(add_resource={"name": "café 100%"})
    assert client.call("GET", "/resources/resourcename/a%2Fb")["result"]["status"] == "Failed"
    assert client.call("GET", "/resources/resourcename/caf%C3%A9%20100%25")["Details"] == {"RESOURCEID": "602"}
    assert client.call("GET", "/resources/resourcename/DB01")["result"]["status"] == "Failed"


def test_resource_life(client: Client) -> None:
    """Create, edit, delete: no id and no name in the answers."""
    created = client.call(
        "POST", "/resources", {"RESOURCENAME": "web01", "ACCOUNTNAME": "root", "PASSWORD": "x", "DNSNAME": "web01.lan"}
    )
    assert created == {
        "result": {"message": "Resource web01 has been added successfully", "status": "Success"},
        "name": "CREATE RESOURCE",
    }
    number = client.call("GET", "/resources/resourcename/web01")["Details"]["RESOURCEID"]
    edited = client.call("PUT", f"/resources/{number}", {"RESOURCENAME": "web02", "LOCATION": "Oslo"})
    assert edited["result"]["message"] == "Resource  modified successfully."
    details = client.call("GET", f"/resources/{number}/accounts")["Details"]
    assert (details["RESOURCE NAME"], details["LOCATION"], details["DNS NAME"]) == ("web02", "Oslo", "web01.lan")
    assert client.call("DELETE", f"/resources/{number}")["result"]["status"] == "Success"
    assert client.standin.state.resource("web02") is None


def test_shares(client: Client) -> None:
    """One grant per grantee; nothing of it can be read back."""
    for access in ("view", "fullaccess"):
        client.call("PUT", f"{ROOT}/share", {"ACCESSTYPE": access, "USERID": "21"})
    client.call("PUT", f"{ROOT}/share", {"ACCESSTYPE": "modify", "USERGROUPID": 41})
    account = client.standin.state.account("db01", "root")
    assert account is not None
    assert account.shares == {"user": {"21": "fullaccess"}, "group": {"41": "modify"}}
    client.call("PUT", f"{ROOT}/share", {"ACCESSTYPE": "revoke", "USERID": "21"})
    assert account.shares["user"] == {}
    assert client.call("PUT", f"{ROOT}/share", {"ACCESSTYPE": "owner", "USERID": "21"})["result"]["status"] == "Failed"


def test_resource_groups(client: Client) -> None:
    """Lower-case details, camelCase keys, numbers; GROUP ID of a resource is a number too."""
    groups = client.call("GET", "/resourcegroup", {"searchType": "all", "limit": 1, "startIndex": 1}, key="details")
    assert groups["Details"][0]["resourceGroupId"] == 3002
    client.call("POST", "/resourcegroup/3002/associateResources", {"RESOURCEIDS": [21]})
    assert client.call("GET", "/resources/21/associatedGroups")["Details"] == {
        "ASSOCIATED GROUPS": [{"GROUP ID": 3002, "GROUP NAME": "Servers"}]
    }
    shared = {"resourceGroupIds": [3002], "userGroupIds": ["42"], "accessType": "view"}
    assert client.call("PUT", "/resourcegroup/share", shared)["result"]["status"] == "Success"


def test_totp_and_generate(client: Client) -> None:
    """The newer endpoints say statusCode 20000 and "true"."""
    assert client.call("GET", "/accounts/901/totp")["result"]["status"] == "Failed"
    client.call("PUT", ROOT, {"ACCOUNTNAME": "root", **WRITE_ONLY, "TOTP_DIGITS": "8"})
    code = client.call("GET", "/accounts/901/totp")
    assert code["result"]["statusCode"] == 20000
    assert re.fullmatch(r"\d{8}", code["Details"]["TOTP"])
    password = client.call("GET", "/passwords/generate", {"POLICY": "Strong"})["Details"]["PASSWORD"]
    assert len(password) == 16


def test_regenerated_token(client: Client) -> None:
    """The old token is dead at once."""
    answer = client.call("PUT", "/user/regenerateAuthtoken")
    assert answer["result"] == {"message": "Authtoken regenerated successfully", "status": "true", "statusCode": 20000}
    assert answer["Details"]["AUTHTOKEN"] == client.standin.token
    assert client.call("GET", "/resources")["name"] == "Authentication"


def test_access_requests(client: Client) -> None:
    """A request is listed under the one who made it."""
    client.call("POST", "/accounts/901/requestpassword", {"REASON": "patch", "ACCESS": "now"})
    listed = client.call("GET", "/accounts/passwordaccessrequests")
    assert listed["Details"][0]["PASSWORDREQUESTLIST"][0]["ACCOUNT NAME"] == "root"
    assert listed["totalRows"] == 1
