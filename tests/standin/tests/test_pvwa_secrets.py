# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: change, verify, reconcile and read secrets."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient
from pvwa_standin.routes import ROUTES

PATH = f"/Accounts/{ROOT}"
GROUP = {"safeName": "Linux", "platformId": "UnixSSH", "group": "web", "secret": "Old"}


def secrets_of(api: PvwaClient) -> list[str]:
    """Return the secrets of all accounts in the safe Linux."""
    return [one.secret for one in api.standin.state.accounts.values() if one.safe == "Linux"]


def add_group(api: PvwaClient) -> None:
    """Add two members of a group, and one of the same name in another safe."""
    for number in (4, 5):
        api.standin.change(add_account={**GROUP, "id": f"29_{number}", "name": f"web{number}"})
    api.standin.change(add_account={**GROUP, "safeName": "Windows", "id": "30_3", "name": "web"})


def test_set_next_password(api: PvwaClient) -> None:
    """At once, or at the next change; blanks at both ends go."""
    api.call("POST", f"{PATH}/SetNextPassword", {"ChangeImmediately": False, "NewCredentials": " Next-1 "})
    assert secrets_of(api) == ["Old-Secret-1"]
    api.call("POST", f"{PATH}/Change")
    assert secrets_of(api) == ["Next-1"]
    api.call("POST", f"{PATH}/SetNextPassword", {"changeimmediately": True, "newcredentials": "Next-2"})
    assert secrets_of(api) == ["Next-2"]
    assert api.error("POST", f"{PATH}/SetNextPassword", {"ChangeImmediately": True}) == "PASWS017E"
    wrong = {"ChangeImmediately": "yes", "NewCredentials": "x"}
    assert api.error("POST", f"{PATH}/SetNextPassword", wrong) == "PASWS167E"


def test_update_in_the_vault(api: PvwaClient) -> None:
    """Nothing but the stored value and its time changes; blanks at both ends go (DOC)."""
    api.call("POST", f"{PATH}/Password/Update/", {"NewCredentials": " Vault 1 "})
    assert secrets_of(api) == ["Vault 1"]
    assert "status" not in api.call("GET", PATH)["secretManagement"]
    for missing in ({"ChangeEntireGroup": False}, {"NewCredentials": " "}):
        assert api.error("POST", f"{PATH}/Password/Update", missing) == "PASWS017E"


@pytest.mark.parametrize(
    ("action", "more"), [("SetNextPassword", {"ChangeImmediately": False}), ("Password/Update", {})]
)
def test_digits_at_the_ends(api: PvwaClient, action: str, more: dict[str, Any]) -> None:
    """DOC: none; whether the server minds is unknown."""
    for secret in ("1ab", "ab1"):
        api.call("POST", f"{PATH}/{action}", {**more, "NewCredentials": secret})
    api.standin.profile["secret_digits"] = "refused"
    for secret in ("1ab", "ab1 "):
        assert api.error("POST", f"{PATH}/{action}", {**more, "NewCredentials": secret}) == "PASWS167E"
    api.call("POST", f"{PATH}/{action}", {**more, "NewCredentials": "a1b"})


@pytest.mark.parametrize("name", ["ChangeEntireGroup", "ChangeCredsForGroup"])
def test_groups(api: PvwaClient, name: str) -> None:
    """The whole group by default, in its own safe only; one account if told so."""
    add_group(api)
    api.call("POST", "/Accounts/29_4/Change")
    root, one, other = secrets_of(api)
    assert (root, one == other, one == "Old") == ("Old-Secret-1", True, False)
    assert api.standin.state.accounts["30_3"].secret == "Old"
    api.call("POST", "/Accounts/29_4/Change", {name: False})
    assert secrets_of(api)[1] != other
    assert secrets_of(api)[2] == other
    api.call("POST", "/Accounts/29_4/Password/Update", {"NewCredentials": "Both", name: True})
    assert secrets_of(api)[1:] == ["Both", "Both"]
    api.call("POST", "/Accounts/29_4/Password/Update", {"NewCredentials": "Mine", name: False})
    assert secrets_of(api)[1:] == ["Mine", "Both"]


def test_retrieve(api: PvwaClient) -> None:
    """A JSON string; not a write; the body may be empty; older versions by number."""
    answer = api.raw("POST", f"{PATH}/Password/Retrieve")
    assert (answer.text, answer.headers["Content-Type"]) == ('"Old-Secret-1"', "application/json; charset=utf-8")
    api.call("POST", f"{PATH}/Password/Update", {"NewCredentials": "New"})
    assert api.call("POST", f"{PATH}/Secret/Retrieve", {"Reason": "test", "ActionType": "Show"}) == "New"
    assert api.call("POST", f"{PATH}/Password/Retrieve", {"Version": 1}) == "Old-Secret-1"
    assert api.error("POST", f"{PATH}/Password/Retrieve", {"Version": 3}, 404) == "CAWS00001E"
    assert [entry.operation for entry in api.standin.journal.writes()] == ["Update credentials"]


def test_reason(api: PvwaClient) -> None:
    """Platforms may want a reason."""
    api.standin.change(account=ROOT, set={"platformId": "UnixSSHReason"})
    answer = api.call("POST", f"{PATH}/Password/Retrieve", {"Reason": ""}, 400)
    assert answer == {"ErrorCode": "PASWS088E", "ErrorMessage": "Missing mandatory parameter - Reason."}
    assert api.call("POST", f"{PATH}/Password/Retrieve", {"reason": "audit"}) == "Old-Secret-1"


def test_versions(api: PvwaClient) -> None:
    """Who stored what, without the values."""
    api.call("POST", f"{PATH}/Password/Update", {"NewCredentials": "New"})
    api.call("POST", f"{PATH}/Change")
    rows = api.call("GET", f"{PATH}/Secret/Versions")["Versions"]
    assert [(row["versionID"], row["modifiedBy"]) for row in rows] == [
        (1, "apiuser"),
        (2, "apiuser"),
        (3, "PasswordManager"),
    ]
    assert set(rows[0]) == {"versionID", "modifiedBy", "modificationDate", "isTemporary"}


CPM = "initiateCPMAccountManagementOperations"
ACTIONS: list[tuple[str, Any, list[str]]] = [
    ("Change", {}, [CPM]),
    ("Verify", None, [CPM]),
    ("Reconcile", None, [CPM]),
    ("CheckIn", None, [CPM]),
    ("SetNextPassword", {"ChangeImmediately": True, "NewCredentials": "x"}, [CPM, "specifyNextAccountContent"]),
    ("Password/Update", {"NewCredentials": "x"}, ["updateAccountContent"]),
    ("Password/Retrieve", {}, ["retrieveAccounts"]),
]


@pytest.mark.parametrize(("action", "body", "rights"), ACTIONS)
def test_locks_and_rights(api: PvwaClient, action: str, body: Any, rights: list[str]) -> None:
    """Locked by another user is 400 PASWS143E, by oneself fine; its rights for each call."""
    api.standin.change(account=ROOT, set={"lockedBy": "otheruser"})
    answer = api.call("POST", f"{PATH}/{action}", body, 400)
    assert answer == {"ErrorCode": "PASWS143E", "ErrorMessage": "Password is locked by another user."}
    api.standin.change(account=ROOT, set={"lockedBy": "apiuser"})
    for missing in rights:
        api.standin.change(safe="Linux", set={"rights": ["listAccounts", *(one for one in rights if one != missing)]})
        answer = api.call("POST", f"{PATH}/{action}", body, 403)
        assert answer == {"ErrorCode": "PASWS041E", "ErrorMessage": "You are not authorized to perform this action."}
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", *rights]})
    api.call("POST", f"{PATH}/{action}", body)
    assert api.error("POST", f"/Accounts/29_99/{action}", body, 404) == "CAWS00001E"


def test_exclusive_accounts(api: PvwaClient) -> None:
    """Reading locks it for others; checking it in, or an unlock, ends that; the first changes it too."""
    other = PvwaClient(api.standin)
    api.standin.change(user="otheruser", set={"password": "Other-1"})
    other.logon(username="otheruser", password="Other-1")
    members = [{"memberName": "otheruser", "permissions": ["listAccounts", "retrieveAccounts", "unlockAccounts"]}]
    api.standin.change(safe="Linux", set={"members": members, "rights": None})
    api.standin.state.platforms["UnixSSH"].exclusive = True
    assert other.call("POST", f"{PATH}/Password/Retrieve", {}) == "Old-Secret-1"
    assert api.error("POST", f"{PATH}/Password/Retrieve", {}) == "PASWS143E"
    api.call("POST", f"{PATH}/Unlock/")
    assert api.call("POST", f"{PATH}/Password/Retrieve", {}) == "Old-Secret-1"
    assert other.error("POST", f"{PATH}/Password/Retrieve", {}) == "PASWS143E"
    api.call("POST", f"{PATH}/CheckIn")
    assert other.call("POST", f"{PATH}/Password/Retrieve", {}) != "Old-Secret-1"


def test_who_read_what(api: PvwaClient) -> None:
    """The state tells who read a secret and why, and no secret."""
    given = {"Reason": "audit", "TicketId": "T-1", "TicketingSystem": "desk", "Version": 1}
    api.call("POST", f"{PATH}/Password/Retrieve", given)
    api.call("POST", f"{PATH}/Password/Retrieve")
    first, second = api.standin.dump()["retrievals"]
    assert {**first, "time": 0} == {
        "account": ROOT,
        "user": "apiuser",
        "reason": "audit",
        "ticket_id": "T-1",
        "ticketing_system": "desk",
        "version": 1,
        "time": 0,
    }
    assert (second["reason"], second["version"]) == ("", 1)
    api.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert api.error("POST", f"{PATH}/Password/Retrieve", given, 403) == "PASWS041E"
    assert len(api.standin.state.retrievals) == 2


def test_tickets_and_confirmations(api: PvwaClient) -> None:
    """A platform may want a ticket, or someone's confirmation."""
    platform = api.standin.state.platforms["UnixSSH"]
    platform.ticket_required = platform.reason_required = True
    given = {"Reason": "audit", "TicketId": "T-1", "TicketingSystem": "desk"}
    for name, code in (("Reason", "PASWS088E"), ("TicketId", "CAWS00001E"), ("TicketingSystem", "CAWS00001E")):
        assert api.error("POST", f"{PATH}/Password/Retrieve", {**given, name: ""}) == code
    assert api.call("POST", f"{PATH}/Password/Retrieve", given) == "Old-Secret-1"
    platform.approval_required = True
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", "retrieveAccounts"]})
    assert api.error("POST", f"{PATH}/Password/Retrieve", given, 403) == "PASWS041E"
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", "retrieveAccounts", "accessWithoutConfirmation"]})
    assert api.call("POST", f"{PATH}/Password/Retrieve", given) == "Old-Secret-1"


def test_the_secret_is_in_no_other_answer(api: PvwaClient) -> None:
    """None of the calls that show an account, a safe or a member holds one, old, new, current or to come."""
    values = [f"S3cret{uuid.uuid4().hex}x" for _one in range(4)]
    for value in values[:2]:
        api.call("POST", f"{PATH}/Password/Update", {"NewCredentials": value})
    api.call("POST", f"{PATH}/SetNextPassword", {"ChangeImmediately": False, "NewCredentials": values[2]})
    api.standin.profile["cpm"] = "queued"
    api.call("POST", f"{PATH}/SetNextPassword", {"ChangeImmediately": True, "NewCredentials": values[3]})
    api.call(
        "POST",
        f"{PATH}/LinkAccount",
        {"safe": "Linux", "name": "linux-db01-root", "folder": "Root"} | {"extraPasswordIndex": 1},
    )
    body = json.dumps(api.standin.dump()["accounts"])
    assert [value in body for value in values] == [True] * 4
    reads = [route for route in ROUTES if route.method == "GET"]
    for route in reads:
        root = route.root.replace("{directory}", "PasswordVault")
        path = (root + route.path).format(id=ROOT, safe="Linux", member="apiuser")
        for query in ("", "?includeAccounts=true&limit=1000"):
            answer = api.session.get(f"{api.standin.url}{path}/{query}", timeout=5)
            assert answer.status_code == 200, path
            assert not [value for value in values if value in answer.text], path
    changed = api.raw("PATCH", PATH, json=[{"op": "replace", "path": "/address", "value": "db02"}])
    assert not [value for value in values if value in changed.text]
