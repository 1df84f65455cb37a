# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor must not do: write elsewhere, leave things, tell names, raise."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ansible_collections.vaultops.pam.tests.unit._doctor_world import EVERYTHING, examined
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import FAULTS, SHAPES, Fault
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, World, texts_of

WHOLE = bool(os.environ.get("DOCTOR_ROUNDS"))
REQUESTS = 200  # more than any run takes
# Without a time-out of its own a fault would be the same as another one here.
ROUND = (*FAULTS, *(fault for fault in SHAPES if not fault.only))
LOOK = {"resource": "db01", "account": "root"}


def resources(world: World) -> list[str]:
    """Return the names of all resources."""
    return [resource["name"] for resource in world.standin.dump()["resources"]]


def assert_clean(world: World, before: list[dict[str, Any]], result: Result) -> None:
    """All that the run found is as it was, and what is left of its own is named."""
    now = world.standin.dump()["resources"]
    assert [resource for resource in now if resource in before] == before
    left = {resource["name"] for resource in now if resource not in before}
    assert all(name.startswith("ansible-doctor-") for name in left)
    if result.get("failed"):
        assert left == set(), result["msg"]
        assert "Unexpected " not in result["msg"], result["msg"]
    else:
        assert left <= set(result["left_behind"])
        assert result["changed"] is bool(result["left_behind"])
    ids = {resource["id"] for resource in before}
    assert [entry.path for entry in world.writes if set(entry.path.split("/")) & ids] == []


# Writing


@pytest.mark.parametrize(
    ("check", "args"),
    [(False, {}), (False, LOOK), (True, LOOK), (True, {**EVERYTHING, **LOOK}), (False, {**LOOK, "explore": True})],
)
def test_only_reads(world: World, tmp_path: Path, check: bool, args: dict[str, Any]) -> None:
    """Without scratch, and in check mode; the password of the account is not read."""
    before = world.standin.dump()
    path = tmp_path / "server.json"
    result = world.run("pam360_doctor", check=check, **args, profile_path=str(path))
    assert result["changed"] is False
    assert (result["writes"], world.writes) == (0, [])
    assert "GET PASSWORD" not in world.operations
    assert world.standin.dump() == before
    assert result["profile_changed"] is True
    assert path.exists() is not check
    settled = [name for name, finding in result["findings"].items() if finding["verdict"] is not None]
    assert len(settled) >= (15 if "resource" in args else 8)
    open_ones = [finding for finding in result["findings"].values() if finding["verdict"] is None]
    assert all(finding["certainty"] == "not probed" and finding["evidence"] for finding in open_ones)


def test_the_only_password_that_is_read_is_its_own(world: World, tmp_path: Path) -> None:
    """And the accounts that were there keep theirs."""
    examined(world, tmp_path / "server.json")
    read = [entry.path for entry in world.journal if entry.operation == "GET PASSWORD"]
    assert len(read) == 1
    assert not any(f"/resources/{number}/" in read[0] for number in ("601", "602"))


def test_budget(world: World, tmp_path: Path) -> None:
    """What the documentation says of requests and writes."""
    assert world.run("pam360_doctor", **LOOK)["requests"]["sent"] <= 50
    result = examined(world, tmp_path / "server.json")
    assert result["writes"] <= 80
    assert result["requests"]["sent"] <= 190
    few = world.run("pam360_doctor", scratch=True)
    assert few["writes"] <= 45
    assert few["requests"]["sent"] <= 140


def test_a_wrong_look_up_does_not_lead_to_another_resource(world: World) -> None:
    """The server gives the ID of someone else's for the name that was made up."""
    before = world.standin.dump()["resources"]
    world.standin.faults.add(
        fault="wrong_type", operation="GET_RESOURCEID", where="operation.Details", value={"RESOURCEID": "601"}
    )
    result = world.run("pam360_doctor", **EVERYTHING)
    assert_clean(world, before, result)
    assert len(world.writes) > 40


def test_what_cannot_be_removed_is_named(world: World) -> None:
    """In the result and in a warning."""
    before = world.standin.dump()["resources"]
    world.standin.faults.add(fault="failed", operation="DELETE RESOURCE", message="Not today")
    result = world.run("pam360_doctor", scratch=True)
    left = sorted(set(resources(world)) - {"db01", "web01"})
    assert len(left) == 2
    assert sorted(result["left_behind"]) == left
    assert result["changed"] is True
    assert any(all(name in text for name in left) for text in texts_of(result))
    assert_clean(world, before, result)
    again = world.run("pam360_doctor")
    assert again["of_earlier_runs"] == left
    assert any(all(name in text for name in left) for text in texts_of(again))
    assert sorted(set(resources(world)) - {"db01", "web01"}) == left


def test_a_server_that_lets_the_same_name_twice(world: World) -> None:
    """Someone else makes a resource of the same name: the search finds both, and none of them is left."""
    before = world.standin.dump()["resources"]
    real = world.standin.state.resource

    def twice(*_given: Any) -> Any:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pam360_standin.resources.resource_of_name", twice)
        result = world.run("pam360_doctor", scratch=True)
    assert real("db01") is not None
    assert result["left_behind"] == []
    assert world.standin.dump()["resources"] == before


# Telling


def encoded(text: str) -> Iterator[str]:
    """Yield a text in the forms in which it could get out."""
    data = text.encode()
    yield from (text, text.upper(), text[::-1], data.hex(), quote(text, safe=""), quote(quote(text, safe=""), safe=""))
    yield from (base64.b64encode(data).decode().rstrip("="), json.dumps(text)[1:-1])


def test_nothing_that_belongs_to_the_vault_is_told(tmp_path: Path) -> None:
    """No host, name, ID, token or secret in findings, table, observations and file, though the server says them all."""
    drawn = {name: f"{name[0]}{secrets.token_hex(5)}ä%" for name in ("resource", "account", "user", "group", "label")}
    ids = {name: str(10**9 + secrets.randbelow(10**9)) for name in drawn}
    token, password, value = (secrets.token_hex(12) for _one in range(3))
    made = {
        "token": token,
        "users": ["admin", {"id": ids["user"], "name": drawn["user"]}],
        "user_groups": [{"id": ids["group"], "name": drawn["group"]}],
        "custom_fields": {"resource": [drawn["label"]], "account": [drawn["label"], {"label": "x", "type": "Date"}]},
        "resources": [
            {
                "id": ids["resource"],
                "name": drawn["resource"],
                "description": value,
                "accounts": [{"id": ids["account"], "name": drawn["account"], "password": password, "notes": value}],
            },
        ],
    }
    told = [*drawn.values(), *ids.values(), token, password, value]
    said = " ".join(form for text in told for form in encoded(text))
    operations = ("EDIT ACCOUNT", "SHARE ACCOUNT", "ADD ACCOUNTS", "GET RESOURCES", "CHANGE PASSWORD", "GET_AUDIT")
    profile = {f"message:{operation}": f"Done to {said}" for operation in operations}
    profile["readable_settings"] = f"COMMAND_SET,BRAND_NEW,{drawn['account'].upper()},{drawn['label']}"
    path = tmp_path / "server.json"
    with World(made, profile=profile) as world:
        told.append(world.standin.url.rpartition(":")[2])
        names = {"resource": drawn["resource"], "account": drawn["account"]}
        more = {**EVERYTHING, "user": drawn["user"], "user_group": drawn["group"]}
        for args in (names, more):
            result = world.run("pam360_doctor", **args, profile_path=str(path))
            assert not result.get("failed"), result["msg"]
            assert any("BRAND_NEW and 2 more" in text for text in result["observations"])
            public = [result["findings"], result["observations"], result["report"], result["msg"]]
            everything = json.dumps(public, ensure_ascii=False) + path.read_text(encoding="utf-8")
            everything += json.dumps(public)
            shown = [form for text in told for form in encoded(text) if form.casefold() in everything.casefold()]
            assert shown == []
            for word in ("ansible-doctor-", "127.0.0.1", "localhost"):
                assert word not in everything


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_server_that_says_back_what_it_got(world: World, method: str) -> None:
    """The passwords that were made up do not get out with its words."""
    rule = {"fault": "failed", "method": method, "message": "No", "echo": True}
    world.standin.faults.add(**rule, nth=3, times=99)
    result = world.run("pam360_doctor", **EVERYTHING)
    sent = json.dumps([entry.input for entry in world.writes])
    passwords = set(re.findall(r'"(?:NEW)?PASSWORD": "([^"]{10,})"', sent))
    assert passwords
    shown = json.dumps(result) + world.printed
    assert [text for password in passwords for text in encoded(password) if text in shown] == []


def test_the_file(world: World, tmp_path: Path) -> None:
    """Written as a whole, readable by all, the same for the same server; another one is replaced."""
    path = tmp_path / "server.json"
    first = examined(world, path)
    assert first["profile_changed"] is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    content = path.read_text(encoding="utf-8")
    assert json.loads(content)["findings"] == first["findings"]
    assert examined(world, path)["profile_changed"] is False
    assert path.read_text(encoding="utf-8") == content
    path.write_text("{}", encoding="utf-8")
    assert world.run("pam360_doctor", check=True, profile_path=str(path))["profile_changed"] is True
    assert path.read_text(encoding="utf-8") == "{}"
    examined(world, path)
    assert path.read_text(encoding="utf-8") == content
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("where", ["missing/server.json", "."])
def test_a_file_that_cannot_be_written(world: World, tmp_path: Path, where: str) -> None:
    """It is said before anything is asked."""
    result = world.run("pam360_doctor", scratch=True, profile_path=str(tmp_path / where))
    assert "where no file can be written" in result["msg"]
    assert result["failed"]
    assert world.journal == []


def test_the_table(world: World) -> None:
    """Each doubt is in it once, with what it means or what it takes, and so is the tracking field."""
    result = world.run("pam360_doctor", **LOOK)
    for name, finding in result["findings"].items():
        lines = [line for line in result["report"] if line.startswith(f"{name} ")]
        assert len(lines) == 1, name
        assert (finding["verdict"] is not None) or "Needs" in lines[0] or "R12: there are less" in lines[0], lines
    assert result["tracking"] == {"accounts": True, "resources": False}
    assert any("define it in PAM360" in line and "for resources" in line for line in result["report"])
    assert world.run("pam360_doctor")["tracking"] == {"accounts": None, "resources": None}
    other = world.run("pam360_doctor", **LOOK, tracking_field="Data Centre")
    assert other["tracking"] == {"accounts": False, "resources": True}


# Failing


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"resource": "ghost"}, "no resource 'ghost'"),
        ({"resource": "db01", "account": "ghost"}, "has no account 'ghost'"),
        ({"scratch": True, "user": "ghost"}, "knows no user of that name"),
        ({"scratch": True, "user_group": "ghost"}, "knows no user group of that name"),
        ({"token": "00000000-0000-4000-8000-000000000000"}, "API key received is not associated"),
        ({"resource": ""}, "resource must not be empty"),
        ({"tracking_field": " "}, "tracking_field must not be empty"),
        ({"account": "root"}, "resource"),
    ],
)
def test_what_the_task_names_must_be_there(world: World, args: dict[str, Any], words: str) -> None:
    """One sentence, and nothing was made."""
    result = world.run("pam360_doctor", **args)
    assert result["failed"]
    assert words in result["msg"]
    assert world.writes == []


def test_a_user_who_may_not_make_resources(world: World) -> None:
    """What takes no writing is found out anyway."""
    world.standin.faults.add(fault="failed", operation="CREATE RESOURCE", message="No permission")
    result = world.run("pam360_doctor", **EVERYTHING)
    assert result["left_behind"] == []
    assert result["findings"]["success"]["verdict"] == "Success"
    assert result["findings"]["notes_column"]["certainty"] == "not probed"
    assert any("No permission" in text for text in result["observations"])
    assert result["writes"] == 2
    assert result["rights"]["list resources"] is True
    assert result["rights"]["add resources"] is False
    assert result["rights"]["edit accounts"] is None
    assert "refused whenever it was tried: add resources" in result["report"]


def test_rights(world: World, tmp_path: Path) -> None:
    """Reading tells of some; with scratch all are tried."""
    looked = world.run("pam360_doctor", **LOOK)["rights"]
    may = {name for name, known in looked.items() if known}
    assert may == {"list resources", "read accounts", "list resource groups", "read the audit trail"}
    assert set(looked.values()) == {True, None}
    assert set(examined(world, tmp_path / "server.json")["rights"].values()) == {True}


def disturbed(world: World, number: int, fault: Fault, **more: Any) -> Result:
    """Run with a fault at one request, or from there on."""
    world.standin.faults.add(**fault.rule, nth=number + 1, **more)
    return world.run("pam360_doctor", **EVERYTHING)


NUMBERS = range(REQUESTS) if WHOLE else range(0, REQUESTS, 5)
OFTEN = 2 if WHOLE else 1


@pytest.mark.parametrize("turn", range(OFTEN))
@pytest.mark.parametrize("number", NUMBERS)
def test_a_fault_at_each_request(world: World, number: int, turn: int) -> None:
    """It ends, cleans up, names what may be left, and touches no one else's; never a traceback."""
    before = world.standin.dump()["resources"]
    result = disturbed(world, number, ROUND[(number * 7 + turn * 5) % len(ROUND)])
    assert_clean(world, before, result)
    if not result.get("failed"):
        assert len(result["report"]) > 40


@pytest.mark.parametrize("number", NUMBERS[:: 1 if WHOLE else 4])
def test_a_server_that_fails_from_some_request_on(world: World, number: int) -> None:
    """The same, and it does not go on for long."""
    before = world.standin.dump()["resources"]
    fault = ROUND[(number * 3) % len(ROUND)]
    result = disturbed(world, number, fault, times=10**6)
    assert_clean(world, before, result)
    after = [entry for entry in world.journal if entry.fault]
    assert len(after) <= 140
