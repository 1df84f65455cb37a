# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: what the CPM is asked to do, when it does it, and how that ends."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient
from pvwa_standin import Standin

PATH = f"/Accounts/{ROOT}"
TIMES = {"Change": "lastModifiedTime", "Verify": "lastVerifiedTime", "Reconcile": "lastReconciledTime"}


@pytest.fixture(autouse=True)
def reconcile_account(pvwa: Standin) -> None:
    """A reconcile account that is linked."""
    pvwa.change(add_account={"safeName": "Windows", "platformId": "UnixSSH", "name": "rec"})
    pvwa.change(account=ROOT, set={"linkedAccounts": {"reconcile": "30_3"}})


def management(api: PvwaClient) -> dict[str, Any]:
    """Read the management status."""
    return dict(api.call("GET", PATH)["secretManagement"])


def status(api: PvwaClient) -> str:
    """Read the status."""
    return str(management(api).get("status", ""))


def secret(api: PvwaClient) -> str:
    """Return the stored secret."""
    return api.standin.state.accounts[ROOT].secret


def activities(api: PvwaClient) -> list[tuple[str, str]]:
    """Read what happened, newest first, and why."""
    return [(one["Action"], one["Reason"]) for one in api.call("GET", f"{PATH}/Activities")["Activities"]]


@pytest.mark.parametrize("action", ["Change", "change/", "Reconcile", "Verify"])
def test_actions(api: PvwaClient, action: str) -> None:
    """200 and an empty body; status and time show how it ended; the state has the task."""
    before = management(api)
    answer = api.raw("POST", f"{PATH}/{action}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert api.standin.journal.writes()[-1].applied
    after = management(api)
    name = action.strip("/").title()
    assert after["status"] == "success"
    moved = {time for time in TIMES.values() if after.get(time) != before.get(time)}
    assert moved == {TIMES[name]} | ({TIMES["Change"]} if name == "Reconcile" else set())
    assert (secret(api) == "Old-Secret-1") is (name == "Verify")
    (task,) = api.standin.dump()["cpm_tasks"]
    assert (task["account"], task["action"], task["by"], task["status"], task["error"]) == (
        ROOT,
        name.lower(),
        "apiuser",
        "success",
        "",
    )


@pytest.mark.parametrize("action", TIMES)
def test_times_move_on_each_time(api: PvwaClient, action: str) -> None:
    """A client tells this result from the last one by its time, also within one second."""
    seen = []
    for _run in range(3):
        api.call("POST", f"{PATH}/{action}")
        seen.append(management(api)[TIMES[action]])
    assert sorted(set(seen)) == seen


def test_a_cpm_that_is_told_when(api: PvwaClient) -> None:
    """inProcess until the edit; another account waits on; a failure changes nothing."""
    api.standin.profile["cpm"] = "queued"
    api.call("POST", f"{PATH}/Change", {"ChangeEntireGroup": True})
    assert (status(api), status(api)) == ("inProcess", "inProcess")
    assert secret(api) == "Old-Secret-1"
    api.standin.change(run_cpm="30_3")
    assert status(api) == "inProcess"
    api.standin.change(account=ROOT, set={"cpm": "failure"})
    api.standin.change(run_cpm=ROOT)
    assert (status(api), secret(api)) == ("failure", "Old-Secret-1")
    api.standin.change(account=ROOT, set={"cpm": "success"})
    api.call("POST", f"{PATH}/Change")
    api.standin.change(run_cpm=True)
    assert status(api) == "success"
    assert secret(api) != "Old-Secret-1"


@pytest.mark.parametrize("polls", [0, 1, 3])
@pytest.mark.parametrize("how", ["details", "list"])
def test_a_cpm_that_takes_some_polls(api: PvwaClient, polls: int, how: str) -> None:
    """Each answer that shows the account counts, in details and in lists."""
    api.standin.profile.update({"cpm": "polls", "cpm_polls": str(polls)})
    api.call("POST", f"{PATH}/Verify")
    shown = []
    for _poll in range(polls + 2):
        rows = [api.call("GET", PATH)] if how == "details" else api.call("GET", "/Accounts?search=root")["value"]
        shown += [row["secretManagement"]["status"] for row in rows]
    assert shown == ["inProcess"] * polls + ["success"] * 2


def test_a_status_of_an_earlier_action(api: PvwaClient) -> None:
    """It may still stand there at first; only the time tells."""
    api.call("POST", f"{PATH}/Verify")
    before = management(api)
    api.standin.profile.update({"cpm": "polls", "cpm_polls": "2", "cpm_status": "late"})
    api.call("POST", f"{PATH}/Verify")
    assert management(api) == before
    assert status(api) == "inProcess"
    after = management(api)
    assert (after["status"], after["lastVerifiedTime"] > before["lastVerifiedTime"]) == ("success", True)


def test_its_own_words(api: PvwaClient) -> None:
    """They stand in the activities, old and new call, and in no account; other actions go well."""
    words = "Error 1326: 1 The password was refused by the target"
    api.standin.change(account=ROOT, set={"cpmErrors": {"verify": words}})
    api.call("POST", f"{PATH}/Verify")
    answer = api.raw("GET", PATH)
    assert (answer.json()["secretManagement"]["status"], "lastVerifiedTime" in answer.text) == ("failure", False)
    assert words not in answer.text
    api.call("POST", f"{PATH}/Password/Retrieve", {"Reason": "audit"})
    api.call("POST", f"{PATH}/Change")
    assert status(api) == "success"
    log = activities(api)
    assert ("Retrieve password", "audit") in log
    assert [name for name, _reason in log if "CPM" in name] == ["CPM Change Password", "CPM Verify Password Failed"]
    assert [reason for name, reason in log if name.endswith("Failed")] == [f"Failure of the operation. Error: {words}"]
    base = f"{api.standin.url}/PasswordVault/WebServices/PIMServices.svc{PATH}/Activities"
    old = api.session.get(base, timeout=5).json()["GetAccountActivitiesResult"]
    assert [(one["Activity"], one["Reason"]) for one in old] == log
    assert "GetAccountActivitiesSlashResult" in api.session.get(f"{base}/", timeout=5).json()
    assert [one["error"] for one in api.standin.dump()["cpm_tasks"]] == [words, ""]


@pytest.mark.parametrize(("calls", "first", "second"), [("first", 200, 404), ("second", 404, 200), ("none", 404, 404)])
def test_servers_with_other_calls(api: PvwaClient, calls: str, first: int, second: int) -> None:
    """13.2 brought the new one; the log needs its right."""
    api.standin.profile["activities"] = calls
    base = f"{api.standin.url}/PasswordVault/WebServices/PIMServices.svc{PATH}/Activities/"
    assert api.session.get(base, timeout=5).status_code == first
    assert api.raw("GET", f"{PATH}/Activities").status_code == second
    api.standin.profile["activities"] = "both"
    api.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert api.error("GET", f"{PATH}/Activities", status=403) == "PASWS041E"


@pytest.mark.parametrize("action", TIMES)
def test_without_automatic_management(api: PvwaClient, action: str) -> None:
    """Refused at once, or by the CPM."""
    api.standin.change(account=ROOT, set={"secretManagement": {"automaticManagementEnabled": False}})
    answer = api.call("POST", f"{PATH}/{action}", status=400)
    assert answer["ErrorMessage"] == "Automatic management for this account was disabled by the user"
    body = {"ChangeImmediately": True, "NewCredentials": "New-1x"}
    assert api.error("POST", f"{PATH}/SetNextPassword", body) == "CAWS00001E"
    api.call("POST", f"{PATH}/SetNextPassword", {**body, "ChangeImmediately": False})
    assert api.standin.state.tasks == []
    api.standin.profile["cpm_disabled"] = "fails"
    api.call("POST", f"{PATH}/{action}")
    assert (status(api), api.standin.state.tasks[-1].error) == (
        "failure",
        "Automatic management for this account was disabled by the user",
    )


def test_a_safe_without_a_cpm(api: PvwaClient) -> None:
    """Nothing ever happens."""
    api.standin.change(safe="Linux", set={"managingCPM": ""})
    api.call("POST", f"{PATH}/Change")
    api.standin.change(run_cpm=True)
    assert (status(api), secret(api)) == ("inProcess", "Old-Secret-1")


@pytest.mark.parametrize(
    ("how", "answer", "ends"), [("fails", 200, "failure"), ("refused", 400, ""), ("works", 200, "success")]
)
def test_reconcile_without_its_account(api: PvwaClient, how: str, answer: int, ends: str) -> None:
    """It needs a linked one, on the account or on the platform."""
    api.standin.change(account=ROOT, set={"linkedAccounts": {}})
    api.standin.profile["reconcile_alone"] = how
    api.call("POST", f"{PATH}/Reconcile", status=answer)
    assert status(api) == ends
    api.standin.state.platforms["UnixSSH"].links["3"] = {"safe": "Windows", "name": "rec"}
    api.call("POST", f"{PATH}/Reconcile")
    assert status(api) == "success"
    api.standin.change(account="30_3", delete=True)
    api.call("POST", f"{PATH}/Reconcile", status=answer)


def test_a_platform_that_needs_a_logon_account(api: PvwaClient) -> None:
    """As for the root of a Unix that lets nobody in as root."""
    api.standin.state.platforms["UnixSSH"].logon_required = True
    api.call("POST", f"{PATH}/Verify")
    assert (status(api), api.standin.state.tasks[-1].error) == ("failure", "No logon account is linked")
    api.standin.change(account=ROOT, set={"linkedAccounts": {"logon": "30_3"}})
    api.call("POST", f"{PATH}/Verify")
    assert status(api) == "success"


def test_a_second_request_replaces_the_first(api: PvwaClient) -> None:
    """While the CPM has not begun."""
    api.standin.profile["cpm"] = "queued"
    api.call("POST", f"{PATH}/Verify")
    api.call("POST", f"{PATH}/Change")
    api.standin.change(run_cpm=True)
    assert [(one.action, one.status) for one in api.standin.state.tasks] == [
        ("verify", "replaced"),
        ("change", "success"),
    ]
    dump = api.standin.dump()
    api.standin.pvwa.load(dump)
    assert api.standin.dump() == dump


@pytest.mark.parametrize("wrong", [{"cpm": "perhaps"}, {"cpmErrors": {"delete": "x"}}])
def test_wrong_edits(api: PvwaClient, wrong: dict[str, Any]) -> None:
    """Refused with what there is."""
    with pytest.raises(ValueError, match="success or failure"):
        api.standin.change(account=ROOT, set=wrong)
