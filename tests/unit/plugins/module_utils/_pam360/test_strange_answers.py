# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that say less than they seem to, names in another spelling, and a task whose controller is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import Answer
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import api as _pam360
from ansible_collections.vaultops.pam.tests.unit._accounts_world import bulk
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, texts_of

ADD = "ADD ACCOUNTS"
DONE = "Account added successfully"
NEW: Mapping[str, Any] = {"resource": "db01", "name": "new1", "password": "N3w-Passw0rd!"}


def add_says(world: World, details: Mapping[str, Any], *, made: bool) -> None:
    """Let the next add answer Success with these Details, whether or not it is carried out."""
    operation = {"name": ADD, "result": {"status": "Success", "message": "Accounts added"}, **details}
    world.standin.faults.add(
        fault="no_envelope", operation=ADD, times=1, value={"operation": operation}, after_write=made
    )


@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts"])
@pytest.mark.parametrize("details", [{}, {"Details": ""}, {"Details": {}}], ids=["none", "empty", "object"])
@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
def test_an_add_that_does_not_name_the_account(
    world: World, module: str, details: Mapping[str, Any], made: bool
) -> None:
    """It is created if the vault shows it; otherwise that is a failure, and the next run creates it."""
    add_says(world, details, made=made)
    args = dict(NEW) if module == "pam360_account" else {"accounts": [dict(NEW)]}
    result = world.run(module, **args)
    assert (bool(result.get("failed")), result["changed"]) == (not made, made)
    assert made or "did not say whether it was added" in result["msg"]
    assert world.run(module, **args)["changed"] is not made
    assert world.account("new1")["password"] == NEW["password"]


def test_an_add_that_names_some_accounts(world: World) -> None:
    """Those that it does not name, and that are not there, are not reported as created."""
    entries = [{"resource": "db01", "name": f"n{number}"} for number in range(4)]
    add_says(world, {"Details": {name: {"STATUS": DONE} for name in ("n0", "n1")}}, made=False)
    result = bulk(world, entries)
    assert [told["failed"] for told in result["accounts"]] == [True] * 4
    assert [told["changed"] for told in result["accounts"]] == [True, True, False, False]
    assert result["summary"]["created"] == 0
    again = bulk(world, entries)
    assert (again["summary"]["created"], again.get("failed")) == (4, None)


@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts"])
def test_an_account_that_was_added_and_is_not_shown(world: World, module: str) -> None:
    """What no one can see is not done: its password would be lost."""
    add_says(world, {"Details": {"new1": {"STATUS": DONE}}}, made=False)
    result = world.run(module, **(dict(NEW) if module == "pam360_account" else {"accounts": [dict(NEW)]}))
    assert result["failed"]
    assert "the vault does not show it, although it said that it was made" in result["msg"]


@pytest.mark.parametrize(
    ("module", "args", "words"),
    [
        ("pam360_account", {"resource": "db01", "name": "ROOT"}, "account 'ROOT' on resource 'db01' is 'root'"),
        ("pam360_accounts", {"accounts": [{"resource": "db01", "name": "ROOT", "state": "absent"}]}, "is 'root'"),
        ("pam360_resource", {"name": "DB01"}, "resource 'DB01' is 'db01' in the vault, so it is not removed"),
    ],
)
def test_nothing_is_removed_by_another_spelling(world: World, module: str, args: dict[str, Any], words: str) -> None:
    """A vault that does not care for case finds it anyway."""
    world.standin.profile["names"] = "case_insensitive"
    result = world.run(module, **args, **({} if "accounts" in args else {"state": "absent"}))
    assert (result["failed"], result["changed"]) == (True, False)
    assert words in result["msg"]
    assert world.writes == []


@pytest.mark.parametrize("shown", ["", " [Request] ", "#### Access denied ####", "****"])
def test_what_stands_in_for_a_password_is_none(world: World, shown: str) -> None:
    """It is not compared, and nothing is written over it."""
    world.standin.faults.add(
        fault="wrong_type", operation="GET PASSWORD", where="operation.Details.PASSWORD", value=shown
    )
    result = world.run("pam360_account", **{**NEW, "name": "root"}, update_password="on_drift")
    assert result["failed"]
    assert "the vault does not show it" in result["msg"]
    assert world.writes == []


@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts"])
@pytest.mark.parametrize("value", ["N/A", ""])
def test_a_custom_field_that_is_not_applicable(world: World, module: str, value: str) -> None:
    """The vault shows an empty value as N/A, so the two are the same, and a second run writes nothing."""
    entry = {"resource": "db01", "name": "app", "custom_fields": {"Owner Team": value}}
    args = entry if module == "pam360_account" else {"accounts": [entry]}
    assert world.run(module, **args)["changed"] is True
    assert world.account("app")["custom_fields"]["Owner Team"] == value
    again = world.run(module, **args)
    assert again["changed"] is False
    assert not [text for text in texts_of(again) if "did not take" in text]


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ('{"a": "rööt"}'.encode(), "ISO-8859-1"),
        ('{"a": "rööt"}'.encode("latin-1"), "ISO-8859-1"),
        ('{"a": "rööt"}'.encode("utf-16"), "utf-16"),
        ('{"a": "rööt"}'.encode("utf-8-sig"), None),
        ('{"a": "rööt"}'.encode(), "no-such-charset"),
    ],
)
def test_the_bytes_count_more_than_their_label(content: bytes, charset: str | None) -> None:
    """JSON is UTF-8; the label is asked where it cannot be."""
    answer = Answer(200, {}, content, charset, "Reading", lambda text: text)
    assert answer.json() == {"a": "rööt"}


def test_pages_without_a_total(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that gives fewer rows than were asked for, and tells no total, is asked until it has no more."""
    for number in range(7):
        world.standin.change(add_resource={"name": f"host{number}"})
    whole = world.run("pam360_resource_info")["resources"]
    world.standin.faults.add(fault="wrong_type", operation="GET RESOURCES", where="operation.totalRows", value=None)
    real = _pam360.Pam360.call

    def capped(client: Any, operation: str, method: str, path: str, details: Any = None, *rest: Any) -> Any:
        return real(
            client, operation, method, path, {**details, "LIMIT": "3"} if path == "resources" else details, *rest
        )

    monkeypatch.setattr(_pam360.Pam360, "call", capped)
    assert world.run("pam360_resource_info")["resources"] == whole
    assert len(whole) > 3


@pytest.mark.parametrize("value", [["quite long"], {"quite long": "as well"}], ids=["list", "dict"])
@pytest.mark.parametrize("option", ["name", "notes", "password", "resource"])
def test_a_list_is_no_text(world: World, option: str, value: Any) -> None:
    """Ansible would make a name of it, with brackets and quotes."""
    for result in (
        world.run("pam360_account", **{**NEW, option: value}),
        world.run("pam360_accounts", accounts=[{**NEW, option: value}]),
    ):
        assert result["failed"]
        assert f"{option} must be a string, not a" in result["msg"]
    assert world.journal == []


# As Ansible has it: a controller, and a worker that is a fork of it and holds no terminal.
CONTROLLER = """
import json, os, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import ansible_spec
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import run_task
from ansible_collections.vaultops.pam.plugins.module_utils._pam360_bulk.accounts import AccountsBatch
params = json.load(sys.stdin)
if os.fork():
    os.wait()
    sys.exit()
spec = ansible_spec(AccountsBatch.arguments)
checked = ArgumentSpecValidator(**spec).validate(params).validated_parameters
told = dict(check_mode=False, warn=str, progress=str, no_log_values=set())
run_task(AccountsBatch, checked, **told)
"""


def test_a_task_ends_when_its_controller_is_gone(world: World) -> None:
    """Killed with SIGKILL, Ansible leaves the workers behind; a mass removal must not go on without it."""
    accounts = [{"name": f"a{number:02}"} for number in range(40)]
    world.standin.change(add_resource={"name": "many", "accounts": accounts})
    world.standin.faults.add(fault="delay", method="DELETE", seconds=0.05)
    entries = [{"resource": "many", "name": account["name"], "state": "absent"} for account in accounts]
    params = {"url": world.standin.url, "token": world.standin.token, "accounts": entries, "max_connections": 1}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    world.standin.journal.clear()
    with subprocess.Popen(
        [sys.executable, "-c", CONTROLLER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as controller:
        assert controller.stdin
        assert controller.stdout
        controller.stdin.write(json.dumps(params).encode())
        controller.stdin.close()
        while not world.standin.journal.writes():
            assert controller.poll() is None
        controller.kill()
        assert controller.stdout.read() == b""  # the worker, which holds the other end too, has ended
    assert 0 < len(world.standin.journal.writes()) < len(accounts)
