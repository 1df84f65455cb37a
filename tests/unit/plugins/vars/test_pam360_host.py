# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which host gets which password by which variables, and what is read for that. Real logins: ``make hosts``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.vars import pam360_host
from ansible_collections.vaultops.pam.tests.unit._ansible import Said, ansible
from pam360_standin import Standin

ENABLED = {"ANSIBLE_VARS_ENABLED": "host_group_vars,vaultops.pam.pam360_host"}
ACCOUNTS = ("deploy", "root", "a/b")
PLAY = """
- hosts: all
  gather_facts: false
  connection: local
  vars:
    onboard_host_resource: of the play
    pam360_host_account: of the play
  tasks:
    - ansible.builtin.assert:
        that: "[login, become] == expected[inventory_hostname]"
        quiet: true
      vars:
        login: "{{ ansible_password | default('undefined', true) }}"
        become: "{{ ansible_become_password | default('undefined', true) }}"
"""


class Case(NamedTuple):
    """A host with its variables, and the passwords that it is to get."""

    host: str
    variables: dict[str, Any]
    login: str = "undefined"
    become: str = "undefined"


ODD = 'it\'s "odd" }} \\n'
CASES = [
    Case("nothing", {}),
    Case("login", {"pam360_host_account": "deploy"}, "login/deploy"),
    Case("become", {"pam360_host_become_account": "root"}, become="become/root"),
    Case("both", {"pam360_host_account": "deploy", "pam360_host_become_account": "root"}, "both/deploy", "both/root"),
    Case("slash", {"pam360_host_account": "a/b"}, "slash/a/b"),
    Case("template", {"ansible_user": "deploy", "pam360_host_account": "{{ ansible_user }}"}, "template/deploy"),
    Case("resource", {"pam360_host_account": "deploy", "pam360_host_resource": "shared"}, "shared/deploy"),
    Case(
        "own_name",
        {"pam360_host_account": "deploy", "pam360_host_resource": "{{ inventory_hostname }}-vault"},
        "own_name-vault/deploy",
    ),
    Case("onboard", {"pam360_host_account": "deploy", "onboard_host_resource": "shared"}, "shared/deploy"),
    Case(
        "apart",
        {
            "pam360_host_account": "deploy",
            "pam360_host_become_account": "root",
            "pam360_host_become_resource": "shared",
        },
        "apart/deploy",
        "shared/root",
    ),
    Case(
        "together",
        {"pam360_host_account": "deploy", "pam360_host_become_account": "root", "pam360_host_resource": "shared"},
        "shared/deploy",
        "shared/root",
    ),
    Case("beaten", {"pam360_host_account": "deploy", "ansible_password": "plain"}, "beaten/deploy"),
    Case("kept", {"ansible_password": "plain"}, "plain"),
    Case("empty", {"pam360_host_account": "", "ansible_password": "plain"}, "plain"),
    Case("empty_template", {"pam360_host_account": "{{ '' }}"}),
    Case("empty_resource", {"pam360_host_account": "deploy", "pam360_host_resource": ""}, "empty_resource/deploy"),
    Case(ODD, {"pam360_host_account": "deploy"}, f"{ODD}/deploy"),
]


@pytest.fixture(scope="module")
def vault() -> Iterator[Standin]:
    """A vault in which each password is the path of its account."""
    names = [*(case.host for case in CASES), "shared", "own_name-vault", "grouped", "exempt", "by_extra"]
    resources = [
        {"name": name, "accounts": [{"name": one, "password": f"{name}/{one}"} for one in ACCOUNTS]} for name in names
    ]
    with Standin(seed={"resources": resources}) as server:
        yield server


def run(vault: Standin, home: Path, inventory: Any, *options: str, program: str = "ansible-playbook") -> Said:
    """Run a program on an inventory, and forget what the vault was asked before."""
    (home / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    return run_on(vault, home, home / "hosts.yml", *options, program=program)


def run_on(vault: Standin, home: Path, inventory: Path, *options: str, program: str = "ansible-playbook") -> Said:
    """Run a program on an inventory that is there."""
    (home / "play.yml").write_text(PLAY, encoding="utf-8")
    vault.journal.clear()
    arguments = ["-i", str(inventory), *options]
    if program == "ansible-playbook":
        arguments.append(str(home / "play.yml"))
    return ansible(program, *arguments, home=home, PAM360_URL=vault.url, PAM360_TOKEN=vault.token, **ENABLED)


def to_have(home: Path, expected: dict[str, list[str]]) -> list[str]:
    """Return options that tell the play which login and become password each host is to have.

    They are compared there, as newer Ansible prints no password that was looked up.
    """
    (home / "expected.json").write_text(json.dumps({"expected": expected}), encoding="utf-8")
    return ["-e", f"@{home / 'expected.json'}"]


def assert_all(said: Said, count: int) -> None:
    """Assert that all hosts had what was expected."""
    assert said.status == 0, said.out + said.err
    assert said.out.count("ok=1 ") == count


def reads(vault: Standin) -> Counter[str]:
    """Return how often each password was read."""
    return Counter(entry.path for entry in vault.journal.entries if entry.operation == "GET PASSWORD")


def test_rules(vault: Standin, tmp_path: Path) -> None:
    """By variables of hosts; variables of the play do not count."""
    expected = to_have(tmp_path, {case.host: [case.login, case.become] for case in CASES})
    said = run(vault, tmp_path, {"all": {"hosts": {case.host: case.variables for case in CASES}}}, *expected)
    assert_all(said, len(CASES))
    wanted = {text for case in CASES for text in (case.login, case.become)} - {"undefined", "plain"}
    assert sum(reads(vault).values()) == len(wanted)


GROUPED = {"all": {"children": {"linux": {"hosts": {"grouped": {}, "exempt": {}}}}}}


@pytest.mark.parametrize("where", ["inventory", "play", "both"])
def test_groups_ask_and_hosts_may_opt_out(vault: Standin, tmp_path: Path, where: str) -> None:
    """By files beside the inventory and beside the playbook, the group's in one and the host's in the other."""
    beside = {"inventory": tmp_path / "inventory", "play": tmp_path}
    beside["inventory"].mkdir()
    group_place = beside["play" if where == "both" else where]
    host_place = beside["inventory" if where == "both" else where]
    for place, name, values in (
        (group_place, "group_vars/linux.yml", {"pam360_host_account": "deploy", "pam360_host_become_account": "root"}),
        (host_place, "host_vars/exempt.yml", {"pam360_host_account": "", "ansible_password": "plain"}),
    ):
        (place / name).parent.mkdir()
        (place / name).write_text(yaml.safe_dump(values), encoding="utf-8")
    hosts = beside["inventory"] / "hosts.yml"
    hosts.write_text(yaml.safe_dump(GROUPED), encoding="utf-8")
    expected = {"grouped": ["grouped/deploy", "grouped/root"], "exempt": ["plain", "exempt/root"]}
    assert_all(run_on(vault, tmp_path, hosts, *to_have(tmp_path, expected)), 2)


def test_extra_variables_ask(vault: Standin, tmp_path: Path) -> None:
    options = [*to_have(tmp_path, {"by_extra": ["by_extra/deploy", "undefined"]}), "-e", "pam360_host_account=deploy"]
    assert_all(run(vault, tmp_path, {"all": {"hosts": {"by_extra": {}}}}, *options), 1)


def test_example_as_printed(vault: Standin, tmp_path: Path) -> None:
    inventory = {"all": {"hosts": {"both": yaml.safe_load(pam360_host.EXAMPLES)}}}
    assert_all(run(vault, tmp_path, inventory, *to_have(tmp_path, {"both": ["both/deploy", "both/root"]})), 1)


def test_variables_that_get_the_password(vault: Standin, tmp_path: Path) -> None:
    """By setting; what is not in use is not read."""
    (tmp_path / "ansible.cfg").write_text(
        "[vars_pam360_host]\nlogin_variables = ansible_ssh_password, ansible_winrm_password\n", encoding="utf-8"
    )
    inventory = {"all": {"hosts": {"both": {"pam360_host_account": "deploy"}}}}
    assert_all(run(vault, tmp_path, inventory, *to_have(tmp_path, {"both": ["undefined", "undefined"]})), 1)
    assert not vault.journal.entries
    listed = run(vault, tmp_path, inventory, "--host", "both", program="ansible-inventory").json
    assert {name for name in listed if "lookup(" in str(listed[name])} == {
        "ansible_ssh_password",
        "ansible_winrm_password",
    }


def test_an_account_that_is_not_there_is_a_clear_error(vault: Standin, tmp_path: Path) -> None:
    said = run(vault, tmp_path, {"all": {"hosts": {"login": {"pam360_host_account": "nobody"}}}})
    assert said.status != 0
    assert "resource 'login' has no account 'nobody'" in said.out + said.err


@pytest.mark.parametrize(
    ("enabled", "asked"),
    [
        ("vaultops.pam.pam360_host", ["inline"]),
        ("vaultops.pam.pam360_host,host_group_vars", ["by_file", "inline"]),
        ("ansible.builtin.host_group_vars,vaultops.pam.pam360_host", ["by_file", "inline"]),
    ],
)
def test_files_count_where_ansible_reads_them(tmp_path: Path, enabled: str, asked: list[str]) -> None:
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars" / "by_file.yml").write_text("pam360_host_account: deploy", encoding="utf-8")
    inventory = "all: {hosts: {by_file: {}, inline: {pam360_host_account: deploy}}}"
    (tmp_path / "hosts.yml").write_text(inventory, encoding="utf-8")
    arguments = ["-i", str(tmp_path / "hosts.yml"), "--list"]
    said = ansible("ansible-inventory", *arguments, home=tmp_path, ANSIBLE_VARS_ENABLED=enabled)
    assert said.status == 0, said.err
    hostvars = said.json["_meta"]["hostvars"]
    assert sorted(name for name in hostvars if "ansible_password" in hostvars[name]) == asked


def test_nothing_without_being_enabled(vault: Standin, tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("all: {hosts: {login: {pam360_host_account: deploy}}}", encoding="utf-8")
    said = ansible("ansible-inventory", "-i", str(tmp_path / "hosts.yml"), "--list", home=tmp_path)
    assert said.json["_meta"]["hostvars"] == {"login": {"pam360_host_account": "deploy"}}


@pytest.mark.parametrize("options", [["--list"], ["--list", "--export"], ["--host", "both"], ["--graph", "--vars"]])
def test_inventory_shows_the_template_and_no_password(vault: Standin, tmp_path: Path, options: list[str]) -> None:
    variables = {"pam360_host_account": "deploy", "pam360_host_become_account": "root"}
    said = run(vault, tmp_path, {"all": {"hosts": {"both": variables}}}, *options, program="ansible-inventory")
    assert said.out.count("lookup('vaultops.pam.pam360_password'") == 2
    assert "both/deploy" not in said.out + said.err
    assert not vault.journal.entries
    assert "[WARNING]" not in said.err
