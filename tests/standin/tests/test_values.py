# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values travel byte for byte, and INPUT_DATA is found where real clients put it."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from conftest import Client

VALUES = [
    "quotes \" and ' and \\ backslash",
    "100% + more & less = ?#;",
    "  blanks at both ends  ",
    "Grüße, 東京, 🔐",
    "line one\nline two\ttab",
    "x" * 4096,
    "%41%2B+%",
    "</b><i>&amp;",
    "N/A",
]
ROOT = "/resources/21/accounts/901"


@pytest.mark.parametrize("value", VALUES)
def test_round_trip(client: Client, value: str) -> None:
    """Notes, custom fields and passwords come back as they were sent."""
    client.call(
        "PUT",
        ROOT,
        {
            "ACCOUNTNAME": "root",
            "NOTES": value,
            "ACCOUNTCUSTOMFIELD": [{"CUSTOMLABEL": "Owner Team", "CUSTOMVALUE": value}],
        },
    )
    client.call("PUT", f"{ROOT}/password", {"NEWPASSWORD": value, "RESETTYPE": "LOCAL"})
    details = client.call("GET", ROOT)["Details"]
    assert details["DESCRIPTION"] == value
    assert details["CUSTOM FIELD"][2]["CUSTOMFIELDVALUE"] == value
    assert client.call("GET", f"{ROOT}/password")["Details"]["PASSWORD"] == value


def test_values_in_a_query(client: Client) -> None:
    """A GET carries INPUT_DATA in the query."""
    for number, value in enumerate(VALUES[:5]):
        client.standin.change(add_resource={"name": f"{value}{number}"})
        found = client.call("GET", "/resources", {"SEARCHTYPE": "RESOURCE", "SEARCHVALUE": value})
        assert found["totalRows"] == 1


TEXT = '{"operation":{"Details":{"NEWPASSWORD":"Aa1+bc","RESETTYPE":"LOCAL"}}}'


@pytest.mark.parametrize("content_type", ["text/json", "application/json", "application/x-www-form-urlencoded", None])
def test_any_content_type(client: Client, content_type: str | None) -> None:
    """The Content-Type is not looked at."""
    body = f"INPUT_DATA={quote(TEXT)}"
    headers = {"Content-Type": content_type} if content_type else {}
    assert client.raw("PUT", f"{ROOT}/password", data=body, headers=headers).json()["operation"]["result"] == {
        "message": "Password changed successfully",
        "status": "Success",
    }
    assert client.call("GET", f"{ROOT}/password")["Details"]["PASSWORD"] == "Aa1+bc"


def test_raw_body_is_decoded_all_the_same(client: Client) -> None:
    """What is not encoded gets lost: a plus is a blank."""
    client.raw("PUT", f"{ROOT}/password", data=f"INPUT_DATA={TEXT}", headers={"Content-Type": "text/json"})
    assert client.call("GET", f"{ROOT}/password")["Details"]["PASSWORD"] == "Aa1 bc"


@pytest.mark.parametrize("body", [TEXT, "", "INPUT_DATA=", "INPUT_DATA={broken", "INPUT_DATA=[]", "OTHER=1"])
def test_refused_bodies(client: Client, body: str) -> None:
    """A bare JSON body is refused, and so is what cannot be read."""
    answer = client.raw("PUT", f"{ROOT}/password", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["operation"]["result"]["status"] == "Failed"
    assert client.standin.journal.entries[-1].raw_body == body


def test_python_repr_is_accepted(client: Client) -> None:
    """Real clients send str(dict)."""
    sent = {
        "operation": {
            "Details": {"ACCOUNTNAME": "root", "NOTES": 'it\'s "so"\n', "COMMAND_SET": 7, "SERVICES_RESET": True}
        }
    }
    client.raw("PUT", ROOT, data={"INPUT_DATA": str(sent)})
    account = client.standin.state.account("db01", "root")
    assert account is not None
    assert account.notes == 'it\'s "so"\n'
    assert account.settings == {"COMMAND_SET": 7, "SERVICES_RESET": True}
    assert client.standin.journal.entries[-1].input == json.loads(json.dumps(sent))
