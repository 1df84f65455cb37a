# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control door, the journal and the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from conftest import SEED, Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"


def door(standin: Standin, method: str, path: str, given: Any = None, status: int = 200) -> Any:
    """Call the door."""
    assert standin.control is not None
    answer = requests.request(method, f"{standin.control}/{path}", json=given, timeout=5)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_journal(client: Client, standin: Standin) -> None:
    """Every call of the API is noted, none of the door's."""
    client.call("GET", "/resources", {"LIMIT": 1})
    client.call("PUT", ROOT, {"ACCOUNTNAME": "root", "NOTES": "n", "NOTHING": 1}, headers={"orgName": "Default"})
    first, second = door(standin, "GET", "journal")
    assert (first["n"], first["method"], first["path"]) == (1, "GET", "/restapi/json/v1/resources")
    assert first["query"] == {"INPUT_DATA": '{"operation": {"Details": {"LIMIT": 1}}}'}
    assert (first["write"], first["applied"], first["http_status"], first["status"]) == (False, False, 200, "Success")
    assert second["operation"] == "EDIT ACCOUNT"
    assert (second["write"], second["applied"], second["fault"]) == (True, True, None)
    assert second["input"] == {"operation": {"Details": {"ACCOUNTNAME": "root", "NOTES": "n", "NOTHING": 1}}}
    assert second["raw_body"].startswith("INPUT_DATA=%7B")
    assert second["ignored"] == ["NOTHING"]
    assert (second["headers"]["AUTHTOKEN"], second["headers"]["orgName"]) == (standin.token, "Default")
    assert [entry.n for entry in standin.journal.writes()] == [2]
    assert door(standin, "DELETE", "journal") == []
    assert standin.journal.entries == []


def test_state_and_reset(client: Client, standin: Standin) -> None:
    """The whole truth comes out as a seed, and goes in again."""
    before = door(standin, "GET", "state")
    assert before["resources"][0]["accounts"][0]["password"] == "Old-Secret-1"
    client.call("DELETE", ROOT)
    standin.profile["names"] = "case_insensitive"
    standin.faults.add(fault="empty", times=0)
    assert door(standin, "PUT", "state", {"resources": [{"name": "other"}]})["resources"][0]["name"] == "other"
    assert door(standin, "POST", "reset") == {"reset": True}
    after = door(standin, "GET", "state")
    assert after == before
    assert (standin.journal.entries, standin.faults.rules, standin.profile["names"]) == ([], [], "exact")
    assert door(standin, "PUT", "state", after) == before


@pytest.mark.parametrize("seed", [{"resourcs": []}, {"resources": [{"nam": "x"}]}, {"resources": [{}]}, []])
def test_wrong_seeds_are_refused(standin: Standin, seed: Any) -> None:
    """The old state stays."""
    before = standin.dump()
    assert "error" in door(standin, "PUT", "state", seed, status=400)
    assert standin.dump() == before


def test_changes_behind_the_back(standin: Standin) -> None:
    """What someone does in the console."""
    door(standin, "POST", "change", {"resource": "db01", "account": "root", "set": {"NOTES": "x", "COMMAND_SET": 5}})
    new = {"name": "app", "shares": {"user": {"jdoe": "view"}}}
    door(standin, "POST", "change", {"resource": "db01", "add_account": new})
    door(standin, "POST", "change", {"resource": "db01", "set": {"LOCATION": "Oslo", "custom_fields": {"Rack": "7"}}})
    root, app = standin.state.account("db01", "root"), standin.state.account("db01", "app")
    assert root is not None
    assert app is not None
    assert (root.notes, root.settings, app.shares["user"]) == ("x", {"COMMAND_SET": 5}, {"21": "view"})
    door(standin, "POST", "change", {"resource": "db01", "account": "901", "delete": True})
    door(standin, "POST", "change", [{"resource": "empty01", "delete": True}])
    assert [item["name"] for item in standin.dump()["resources"]] == ["db01"]
    for wrong in ({"resource": "nowhere", "set": {}}, {"resource": "db01", "set": {"WRONG": 1}}, {"resource": "db01"}):
        assert "error" in door(standin, "POST", "change", wrong, status=400)


def test_faults_and_profile(client: Client, standin: Standin) -> None:
    """Both can be set, read and refused over HTTP."""
    door(standin, "POST", "faults", [{"fault": "status", "code": 503, "times": 1}])
    assert client.raw("GET", "/resources").status_code == 503
    assert door(standin, "GET", "faults")[0]["fired"] == 1
    assert door(standin, "DELETE", "faults") == []
    assert "error" in door(standin, "POST", "faults", [{"fault": "nothing"}], status=400)
    assert door(standin, "POST", "profile", {"names": "case_insensitive"})["names"] == "case_insensitive"
    assert "error" in door(standin, "POST", "profile", {"names": "fuzzy"}, status=400)
    assert "error" in door(standin, "GET", "nothing", status=404)
    assert "error" in door(standin, "DELETE", "state", status=405)


def test_no_door_without_asking() -> None:
    """Without `control` nothing answers there."""
    with Standin() as standin:
        assert standin.control is None
        assert requests.get(f"{standin.url}/_control/state", timeout=5).status_code == 404


@contextmanager
def command(*options: str) -> Iterator[tuple[subprocess.Popen[str], str, dict[str, str]]]:
    """Run the command line; yields the process, the first line and the second."""
    line = [sys.executable, "-m", "pam360_standin", *options]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip(), json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_line(tmp_path: Path, number: signal.Signals) -> None:
    """Two lines, a private CA that goes at the end, a quick stop with status 0."""
    seed = tmp_path / "seed.yml"
    seed.write_text("resources:\n  - name: web01\n    accounts:\n      - {name: root, password: 12345678}\n")
    with command("--tls", "--control", "--seed", str(seed), "--profile", "success=true", "names=exact") as run:
        process, url, known = run
        assert url == known["url"]
        assert re.fullmatch(r"https://127\.0\.0\.1:\d+", url)
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", known["token"])
        ca_file = Path(known["ca_path"])
        assert ca_file.parent.stat().st_mode & 0o777 == 0o700
        session = requests.Session()
        session.trust_env = False
        session.verify = str(ca_file)
        answer = session.get(f"{url}/restapi/json/v1/resources", headers={"AUTHTOKEN": known["token"]}, timeout=5)
        assert answer.json()["operation"]["result"]["status"] == "true"
        state = session.get(f"{known['control']}/state", timeout=5).json()
        assert state["resources"][0]["accounts"][0]["password"] == "12345678"
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(5) == 0
        assert time.monotonic() - began < 2
        assert not ca_file.parent.exists()


def test_stops_with_its_parent(tmp_path: Path) -> None:
    """A stand-in does not outlive the test run that started it; a named CA directory stays."""
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent,
        command("--parent-pid", str(parent.pid), "--tls", "--ca-dir", str(tmp_path / "ca")) as run,
    ):
        assert parent.stdin is not None
        parent.stdin.close()
        parent.wait(5)
        assert run[0].wait(5) == 0
    assert os.listdir(tmp_path / "ca") == ["ca.pem"]


def test_profile_file_and_profile(tmp_path: Path) -> None:
    """The file holds, the option beats it."""
    findings = {name: {"verdict": value} for name, value in {"names": "case_insensitive", "success": "true"}.items()}
    whole = {"format": "vaultops.pam server profile", "version": 1, "vault": "pam360", "findings": findings}
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(whole))
    with command("--control", "--profile-file", str(path), "--profile", "success=Success") as run:
        values = requests.get(f"{run[2]['control']}/profile", timeout=5).json()
    assert (values["names"], values["success"]) == ("case_insensitive", "Success")


@pytest.mark.parametrize(
    "options",
    [
        ["--profile", "names"],
        ["--profile", "names=fuzzy"],
        ["--profile", "clock_offset=nan"],
        ["--seed", "/nonexistent"],
        ["--profile-file", "/nonexistent"],
        ["--profile-file", __file__],
    ],
)
def test_wrong_options(options: list[str]) -> None:
    """Status 2 and one line that says why."""
    done = subprocess.run(
        [sys.executable, "-m", "pam360_standin", *options], capture_output=True, text=True, check=False, timeout=10
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_seed_may_hold_the_token() -> None:
    """The token is random unless the seed names it."""
    with Standin(seed={**SEED, "token": "T-1"}) as standin:
        assert Client(standin).call("GET", "/resources")["totalRows"] == 2
    assert Standin().token != Standin().token
