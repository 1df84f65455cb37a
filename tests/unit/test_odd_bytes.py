# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd bytes in each option of each module that takes any text: a result that can be printed, and no defect of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import ansible_spec
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import run_task
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED
from ansible_collections.vaultops.pam.tests.unit.test_house import MODULES, task_class
from pam360_standin import Standin as Pam360
from pvwa_standin import Standin as Pvwa

ODD = ("a\ud800b", "a\x00b", "a\r\nX: y", "\t", "", "\u202ea🔑", "\ufeffx", "a\u200b", "../%2F%00", "x" * 5000)
DB01, ROOT = {"resource": "db01"}, {"resource": "db01", "account": "root"}
JDOE = {"user": "jdoe", "access_type": "view"}
BASE: Mapping[str, Mapping[str, Any]] = {
    "pam360_account": {**DB01, "name": "root"},
    "pam360_account_password": {**ROOT, "password": "N3w-Passw0rd!"},
    "pam360_account_share": {**ROOT, **JDOE},
    "pam360_resource": {"name": "db01"},
    "pam360_resource_share": {**DB01, **JDOE},
    "cyberark_account": {"safe": "Linux", "user_name": "root", "address": "h1", "platform_id": "UnixSSH"},
    "cyberark_account_password": {"safe": "Linux", "name": "x", "action": "verify", "wait": False},
    "cyberark_safe": {"name": "S1"},
    "cyberark_safe_member": {"safe": "Linux", "member": "m", "permission_set": "use"},
}
# What the option stands in for, as the two cannot be given together.
INSTEAD = {
    "resource_id": "resource",
    "account_id": "account",
    "user_id": "user",
    "user_group": "user",
    "user_group_id": "user",
    "generate": "password",
    "token_file": "token",
}


@pytest.fixture(scope="module")
def logins() -> Iterator[Mapping[str, Mapping[str, Any]]]:
    """Return how to log on, by product."""
    with Pam360(seed=SEED) as pam360, Pvwa(seed={"safes": [{"name": "Linux"}]}) as pvwa:
        yield {
            "pam360": {"url": pam360.url, "token": pam360.token},
            "cyberark": {"url": pvwa.url, "username": pvwa.username, "password": pvwa.password},
        }


def _tasks(module: str, odd: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield options of a task, each with *odd* in one place, and the name of that."""
    for name, spec in task_class(module).arguments.options.items():
        values = {"str": odd, "path": odd, "list": [odd], "dict": {odd: odd, "k": odd}}
        if spec["type"] in values and not spec.get("options") and not spec.get("choices"):
            kept = {key: value for key, value in BASE.get(module, {}).items() if key != INSTEAD.get(name)}
            yield name, {**kept, name: values[spec["type"]]}
    if module == "pam360_accounts":
        for listed, one in (("accounts", "pam360_account"), ("resources", "pam360_resource")):
            known = task_class(module).arguments.options[listed]["options"]
            entries = [(name, args) for name, args in _tasks(one, odd) if name in known]
            yield from ((f"{listed}.{name}", {listed: [args]}) for name, args in entries)
        yield "shares", {"accounts": [{**DB01, "name": "root", "shares": [{**JDOE, "user": odd}]}]}


@pytest.mark.parametrize("odd", ODD, ids=ascii)
@pytest.mark.parametrize("module", MODULES)
def test_odd_bytes(
    logins: Mapping[str, Mapping[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, odd: str
) -> None:
    """In check mode, where a write is refused at the latest by the client."""
    monkeypatch.chdir(tmp_path)
    task, tried = task_class(module), 0
    for place, args in _tasks(module, odd):
        login = {
            key: value for key, value in logins[module.split("_", maxsplit=1)[0]].items() if key != INSTEAD.get(place)
        }
        given = {"timeout": 5, "retries": 0, **login, **args}
        checked = ArgumentSpecValidator(**ansible_spec(task.arguments)).validate(given)
        if checked.error_messages:
            continue
        result = run_task(
            task,
            {**given, **checked.validated_parameters},
            check_mode=True,
            warn=str,
            progress=str,
            no_log_values=set(),
        )
        json.dumps(result, ensure_ascii=False).encode()
        assert "report this defect" not in result["msg"], (place, result["msg"])
        assert "\n" not in result["msg"], place
        tried += 1
    assert tried > 5
