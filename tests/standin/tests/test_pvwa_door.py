# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: the control door, faults, the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from pvwa_client import PVWA_SEED, ROOT, PvwaClient
from pvwa_standin import Standin
from pvwa_standin.variants import VARIANTS

PATH = f"/Accounts/{ROOT}"


def door(standin: Standin, method: str, path: str, given: Any = None, status: int = 200) -> Any:
    """Call the door."""
    answer = requests.request(method, f"{standin.control}/{path}", json=given, timeout=5)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_state_and_reset(api: PvwaClient, pvwa: Standin) -> None:
    """The whole truth comes out as a seed and goes in again; a reset ends the sessions."""
    before = door(pvwa, "GET", "state")
    assert before["accounts"][0]["secret"] == "Old-Secret-1"
    assert before["users"][0]["password"] == pvwa.password
    assert [one["user"] for one in before["sessions"]] == ["apiuser"]
    api.call("POST", f"{PATH}/Password/Update", {"NewCredentials": "New"})
    api.call("DELETE", "/Accounts/29_3", status=204)
    pvwa.profile["count"] = "all"
    assert door(pvwa, "PUT", "state", before) == before
    assert api.found() == [ROOT]
    assert door(pvwa, "POST", "reset") == {"reset": True}
    assert door(pvwa, "GET", "state") == {**before, "sessions": []}
    assert (pvwa.journal.entries, pvwa.profile["count"]) == ([], "page")
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"


def test_a_seed_may_hold_a_session() -> None:
    """For clients that are given a token."""
    with Standin(seed={**PVWA_SEED, "sessions": [{"token": "T-1"}]}) as standin:
        client = PvwaClient(standin)
        client.session.headers["Authorization"] = "T-1"
        assert client.found() == [ROOT]
    assert Standin().password != Standin().password
    assert Standin(seed={"users": [{"name": "apiuser", "password": 123}]}).password == "123"


@pytest.mark.parametrize(
    "seed",
    [
        {"acounts": []},
        {"accounts": [{"safeName": "Linux"}]},
        {"accounts": [{"safeName": "Linux", "platformId": "UnixSSH", "userNam": "x"}]},
        {"accounts": [{"safeName": "Linux", "platformId": "UnixSSH", "secretManagement": {"x": 1}}]},
        {"safes": [{"name": "x", "rights": ["everything"]}]},
        {"api_user": "nobody"},
        [],
    ],
)
def test_wrong_seeds_are_refused(pvwa: Standin, seed: Any) -> None:
    """The old state stays."""
    before = pvwa.dump()
    assert "error" in door(pvwa, "PUT", "state", seed, status=400)
    assert pvwa.dump() == before


def test_changes_behind_the_back(api: PvwaClient, pvwa: Standin) -> None:
    """What someone does in the console."""
    given = {
        "address": "moved",
        "platformAccountProperties": {"Location": "Oslo", "Port": None},
        "secretManagement": {"automaticManagementEnabled": False, "manualManagementReason": "(CPM)MaxRetries"},
        "secret": "Console-1",
    }
    door(pvwa, "POST", "change", {"account": "linux-db01-root", "safe": "Linux", "set": given})
    shown = api.call("GET", PATH)
    assert (shown["address"], shown["platformAccountProperties"]) == ("moved", {"Location": "Oslo"})
    assert shown["secretManagement"]["manualManagementReason"] == "(CPM)MaxRetries"
    assert api.call("POST", f"{PATH}/Password/Retrieve") == "Console-1"
    door(pvwa, "POST", "change", [{"add_safe": "New"}, {"account": ROOT, "delete": True}])
    assert api.found() == []
    for wrong in ({}, {"account": ROOT, "set": {}}, {"safe": "Linux"}, {"safe": "New", "set": {"number": 1, "x": 1}}):
        assert "error" in door(pvwa, "POST", "change", wrong, status=400)


def test_faults(api: PvwaClient, pvwa: Standin) -> None:
    """A page of a proxy, too many requests, a session that is gone, any error of this API."""
    pvwa.faults.set([{"fault": "status", "code": 502, "body": "html"}])
    assert api.raw("PATCH", PATH, json=[]).text.startswith("<!DOCTYPE html>")
    pvwa.faults.set([{"fault": "status", "code": 429, "retry_after": 3, "times": 1}])
    answer = api.raw("GET", "/Accounts")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert set(answer.json()) == {"ErrorCode", "ErrorMessage"}
    assert api.found() == [ROOT]
    pvwa.faults.set([{"fault": "status", "code": 401}])
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    pvwa.faults.set([{"fault": "failed", "message": "PASWS291E Not with this user", "echo": True}])
    refused = api.call("PATCH", PATH, [{"op": "add", "path": "/x", "value": "s3cret"}], 400)
    assert refused["ErrorCode"] == "PASWS291E"
    assert "s3cret" in refused["ErrorMessage"]
    pvwa.faults.set([{"fault": "wrong_type", "operation": "Get accounts", "value": None}])
    assert api.call("GET", "/Accounts")["value"] is None


@pytest.mark.parametrize(("fault", "effect"), [("cut_before", False), ("cut_after", True), ("cut_body", True)])
def test_cuts(api: PvwaClient, pvwa: Standin, fault: str, effect: bool) -> None:
    """The connection goes before or after the write."""
    pvwa.faults.add(fault=fault, method="PATCH", times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.patch(("replace", "/address", "db02"))
    assert (pvwa.state.accounts[ROOT].address == "db02") is effect
    assert pvwa.journal.writes()[-1].applied is effect
    api.call("GET", PATH)


def test_command_line(tmp_path: Path) -> None:
    """Two lines: the URL, and what a client needs."""
    seed = tmp_path / "seed.yml"
    seed.write_text("accounts:\n  - {safeName: Linux, platformId: UnixSSH, userName: root, secret: 12345678}\n")
    line = [sys.executable, "-m", "pvwa_standin", "--tls", "--control", "--seed", str(seed), "--profile", "count=all"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url, known = process.stdout.readline().strip(), json.loads(process.stdout.readline())
            assert url == known["url"]
            assert set(known) == {"url", "ca_path", "username", "password", "control"}
            session = requests.Session()
            session.trust_env, session.verify = False, known["ca_path"]
            body = {"username": known["username"], "password": known["password"]}
            token = session.post(f"{url}/PasswordVault/API/auth/Cyberark/Logon", json=body, timeout=5).json()
            session.headers["Authorization"] = token
            found = session.get(f"{url}/PasswordVault/API/Accounts", timeout=5).json()["value"][0]
            secret = session.post(f"{url}/PasswordVault/API/Accounts/{found['id']}/Password/Retrieve", timeout=5)
            assert secret.json() == "12345678"
            assert session.get(f"{known['control']}/profile", timeout=5).json()["count"] == "all"
        finally:
            process.terminate()
        assert process.wait(5) == 0


def test_the_page_names_every_profile() -> None:
    """With all its values, the default first."""
    page = (
        (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8").partition("### Profiles of a PVWA")[2]
    )
    for name, variant in VARIANTS.items():
        values = [variant.default, *(one for one in variant.values or () if one != variant.default)]
        told = f"`{name}` {'/'.join(values)}" if variant.values else f"`{name}`"
        assert told in page, told


def test_the_seed_of_the_page() -> None:
    """It loads, and has the effect that the page tells."""
    page = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8").partition("### Seed of a PVWA")[2]
    with Standin(seed=yaml.safe_load(page.partition("```yaml")[2].partition("```")[0])) as standin:
        client = PvwaClient(standin)
        client.session.headers["Authorization"] = "T-1"
        assert client.call("GET", "/Accounts")["count"] == 2
        (first, _rec) = standin.dump()["accounts"]
        assert first["linkedAccounts"] == {"1": "29_4", "3": "29_4"}
        client.error("GET", f"/Accounts/{first['id']}/Activities", status=403)
