# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: change, verify, reconcile and read secrets."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient

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


@pytest.mark.parametrize("action", ["Change", "change/", "Reconcile", "Verify"])
def test_cpm(api: PvwaClient, action: str) -> None:
    """200 and an empty body; the status shows how it ended."""
    answer = api.raw("POST", f"{PATH}/{action}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert api.standin.journal.writes()[-1].applied
    management = api.call("GET", PATH)["secretManagement"]
    assert management["status"] == "success"
    assert ("lastVerifiedTime" in management) is (action == "Verify")
    assert ("lastReconciledTime" in management) is (action == "Reconcile")
    assert (secrets_of(api) == ["Old-Secret-1"]) is (action == "Verify")


def test_a_cpm_that_takes_its_time(api: PvwaClient) -> None:
    """inProcess until it ran; a failure changes nothing."""
    api.standin.profile["cpm"] = "queued"
    api.call("POST", f"{PATH}/Change", {"ChangeEntireGroup": True})
    assert api.call("GET", PATH)["secretManagement"]["status"] == "inProcess"
    assert secrets_of(api) == ["Old-Secret-1"]
    api.standin.change(account=ROOT, set={"cpm": "failure"})
    api.standin.change(run_cpm=True)
    assert api.call("GET", PATH)["secretManagement"]["status"] == "failure"
    assert secrets_of(api) == ["Old-Secret-1"]
    api.standin.change(account=ROOT, set={"cpm": "success"})
    api.call("POST", f"{PATH}/Change")
    api.standin.change(run_cpm=True)
    assert api.call("GET", PATH)["secretManagement"]["status"] == "success"
    assert secrets_of(api) != ["Old-Secret-1"]


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
    """Nothing but the stored value and its time changes; blanks stay."""
    api.call("POST", f"{PATH}/Password/Update/", {"NewCredentials": " Vault-1 "})
    assert secrets_of(api) == [" Vault-1 "]
    assert "status" not in api.call("GET", PATH)["secretManagement"]
    assert api.error("POST", f"{PATH}/Password/Update", {"ChangeEntireGroup": False}) == "PASWS017E"


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


ACTIONS: list[tuple[str, Any, str]] = [
    ("Change", {}, "initiateCPMAccountManagementOperations"),
    ("Verify", None, "initiateCPMAccountManagementOperations"),
    ("Reconcile", None, "initiateCPMAccountManagementOperations"),
    ("SetNextPassword", {"ChangeImmediately": True, "NewCredentials": "x"}, "specifyNextAccountContent"),
    ("Password/Update", {"NewCredentials": "x"}, "updateAccountContent"),
    ("Password/Retrieve", {}, "retrieveAccounts"),
]


@pytest.mark.parametrize(("action", "body", "right"), ACTIONS)
def test_locks_and_rights(api: PvwaClient, action: str, body: Any, right: str) -> None:
    """Locked by another user is 400 PASWS143E, by oneself fine; a right for each call."""
    api.standin.change(account=ROOT, set={"lockedBy": "otheruser"})
    answer = api.call("POST", f"{PATH}/{action}", body, 400)
    assert answer == {"ErrorCode": "PASWS143E", "ErrorMessage": "Password is locked by another user."}
    api.standin.change(account=ROOT, set={"lockedBy": "apiuser"})
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", right]})
    api.call("POST", f"{PATH}/{action}", body)
    api.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    answer = api.call("POST", f"{PATH}/{action}", body, 403)
    assert answer == {"ErrorCode": "PASWS041E", "ErrorMessage": "You are not authorized to perform this action."}
    assert api.error("POST", f"/Accounts/29_99/{action}", body, 404) == "CAWS00001E"
