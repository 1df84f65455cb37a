# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory: hosts, groups and variables from resources, and how little is read for them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.inventory import pam360
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_resources import DETAILS, GROUPS, parts_of
from ansible_collections.vaultops.pam.tests.unit._ansible import Said, ansible
from pam360_standin import Standin

CANARY = f"canary-{secrets.token_hex(12)}"
LIST, ACCOUNTS, MEMBERSHIP = "GET RESOURCES", "GET RESOURCE ACCOUNTLIST", "GET ASSOCIATED GROUPS"
ODD = "{{ 1 + 1 }} it's/odd"
RESOURCES: list[dict[str, Any]] = [
    {
        "name": "db01",
        "type": "Linux",
        "description": "{{ 7 * 7 }}",
        "dns_name": "db01.example.com",
        "department": "Finance",
        "location": "Cellar",
        "groups": ["3001", "3002"],
        "custom_fields": {"Stage": "prod", "Door Code": CANARY},
        "accounts": [{"name": "root", "password": CANARY}],
    },
    {"name": "db02", "type": "Linux", "department": "Finance", "custom_fields": {"Stage": "test"}},
    {"name": "dc01", "type": "Windows", "dns_name": "{{ lookup('pipe', 'id') }}"},
    {"name": ODD, "type": "{{ 2 + 2 }}"},
]
SEED: dict[str, Any] = {
    "custom_fields": {"resource": ["Stage", {"label": "Door Code", "type": "Password"}], "account": []},
    "resource_groups": [{"id": "3001", "name": "Default Group"}, {"id": "3002", "name": "Data bases"}],
    "resources": RESOURCES,
}
PARTS: list[tuple[str, set[str]]] = [
    ("pam360_resource.type", set()),
    ("pam360_resource.name ~ pam360_resource['resource_id'] | upper", set()),
    ("pam360_resource.description is search('x') and pam360_resource.account_count | int > 0", set()),
    ("inventory_hostname", set()),
    ("'pam360_resource.department'", set()),
    ("pam360_resource.department", {DETAILS}),
    ("pam360_resource['location'] | default('x')", {DETAILS}),
    ("pam360_resource.custom_fields['Stage'] == 'prod'", {DETAILS}),
    ("pam360_resource.resource_groups", {GROUPS}),
    ("'x' in pam360_resource.resource_groups and pam360_resource.owner", {DETAILS, GROUPS}),
    ("pam360_resource", {DETAILS, GROUPS}),
    ("pam360_resource[key]", {DETAILS, GROUPS}),
    ("pam360_resource.get('owner')", {DETAILS, GROUPS}),
    ("pam360_resource.type ~ (pam360_resource | to_json)", {DETAILS, GROUPS}),
    ("of {{ pam360_resource.owner }}", {DETAILS}),
    ("{{ broken", set()),
    ("", set()),
]


@pytest.mark.parametrize(("expression", "parts"), PARTS)
def test_parts_that_an_expression_needs(expression: str, parts: set[str]) -> None:
    assert parts_of([expression]) == parts


@pytest.fixture(scope="module")
def shared() -> Iterator[Standin]:
    """One server for the module."""
    with Standin(seed=SEED) as server:
        yield server


@pytest.fixture
def vault(shared: Standin) -> Standin:
    """The server, as it was at the start."""
    shared.reset()
    return shared


def listed(vault: Standin, home: Path, *, name: str = "x.pam360.yml", **config: Any) -> Said:
    """List an inventory of this configuration; the journal begins anew."""
    given = {"plugin": "vaultops.pam.pam360", "url": vault.url, **config}
    (home / name).write_text(yaml.safe_dump(given), encoding="utf-8")
    vault.journal.clear()
    variables = {"PAM360_TOKEN": vault.token, "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true"}
    if "token" in config or "token_file" in config:
        del variables["PAM360_TOKEN"]
    said = ansible("ansible-inventory", "-i", str(home / name), "--list", home=home, **variables)
    assert CANARY not in said.out + said.err
    assert vault.token not in said.out + said.err
    return said


def operations(vault: Standin) -> Counter[str]:
    """Return what the vault was asked, and how often."""
    return Counter(vault.journal.operations())


def hosts(said: Said, group: str | None = None) -> list[str]:
    """Return the hosts of a group, or all."""
    assert said.status == 0, said.err
    return sorted(said.json[group]["hosts"] if group else said.json["_meta"]["hostvars"])


def test_all_resources_by_one_request(vault: Standin, tmp_path: Path) -> None:
    said = listed(vault, tmp_path, keyed_groups=[{"key": "pam360_resource.type", "prefix": "type"}])
    assert hosts(said) == sorted([ODD, "db01", "db02", "dc01"])
    assert hosts(said, "type_Linux") == ["db01", "db02"]
    assert hosts(said, "type____2___2___") == [ODD]
    assert said.json["_meta"]["hostvars"]["db01"] == {
        "pam360_resource": {
            "name": "db01",
            "resource_id": "601",
            "type": "Linux",
            "description": "{{ 7 * 7 }}",
            "account_count": 1,
        }
    }
    assert operations(vault) == {LIST: 1}


def test_details_and_groups(vault: Standin, tmp_path: Path) -> None:
    said = listed(
        vault,
        tmp_path,
        use_dns_name=True,
        compose={"stage": "pam360_resource.custom_fields['Stage']", "words": "pam360_resource.description ~ '!'"},
        groups={"production": "pam360_resource.custom_fields['Stage'] == 'prod'"},
        keyed_groups=[
            {"key": "pam360_resource.department", "prefix": "department"},
            {"key": "pam360_resource.resource_groups", "prefix": "vault"},
        ],
    )
    values = said.json["_meta"]["hostvars"]
    assert values["db01"]["ansible_host"] == "db01.example.com"
    assert "ansible_host" not in values["db02"]
    assert values["dc01"]["ansible_host"] == "{{ lookup('pipe', 'id') }}"
    assert (values["db01"]["stage"], values["db01"]["words"]) == ("prod", "{{ 7 * 7 }}!")
    assert values["db01"]["pam360_resource"]["custom_fields"] == {"Stage": "prod", "Door Code": "(hidden)"}
    assert values["db01"]["pam360_resource"]["resource_groups"] == ["Default Group", "Data bases"]
    assert hosts(said, "production") == ["db01"]
    assert hosts(said, "department_Finance") == ["db01", "db02"]
    assert hosts(said, "vault_Data_bases") == ["db01"]
    assert operations(vault) == {LIST: 1, ACCOUNTS: 4, MEMBERSHIP: 4}


NEEDS: list[tuple[dict[str, Any], set[str]]] = [
    ({"compose": {"a": "pam360_resource.name"}}, set()),
    ({"compose": {"a": "pam360_resource.owner"}}, {ACCOUNTS}),
    ({"use_dns_name": True}, {ACCOUNTS}),
    ({"read": ["details"]}, {ACCOUNTS}),
    ({"read": ["resource_groups"]}, {MEMBERSHIP}),
    ({"filters": ["pam360_resource.department == 'Finance'"]}, {ACCOUNTS}),
    ({"groups": {"a": "'Data bases' in pam360_resource.resource_groups"}}, {MEMBERSHIP}),
    ({"keyed_groups": [{"key": "pam360_resource.type", "parent_group": "{{ pam360_resource.owner }}"}]}, {ACCOUNTS}),
]


@pytest.mark.parametrize(("config", "needed"), NEEDS, ids=str)
def test_only_what_is_used_is_read(vault: Standin, tmp_path: Path, config: dict[str, Any], needed: set[str]) -> None:
    said = listed(vault, tmp_path, **config)
    assert said.status == 0
    assert set(operations(vault)) == {LIST, *needed}


FILTERS: list[tuple[list[str], list[str], int]] = [
    (["pam360_resource.type == 'Linux'"], ["db01", "db02"], 2),
    (["pam360_resource.type == 'Linux'", "pam360_resource.department"], ["db01", "db02"], 2),
    (["pam360_resource.account_count"], ["db01"], 1),
    (["pam360_resource.name in ['db01', 'dc01']", "pam360_resource.custom_fields['Stage'] == 'prod'"], ["db01"], 2),
    (["inventory_hostname.startswith('d')", "pam360_resource.no_such_key == 1"], [], 3),
    (["false"], [], 0),
]


@pytest.mark.parametrize(("filters", "left", "details"), FILTERS, ids=str)
def test_filters(vault: Standin, tmp_path: Path, filters: list[str], left: list[str], details: int) -> None:
    """Those that the list can answer come first, and save requests."""
    assert hosts(listed(vault, tmp_path, filters=filters, read=["details"])) == left
    assert operations(vault)[ACCOUNTS] == details


STRICT: list[tuple[dict[str, Any], str]] = [
    ({"filters": ["pam360_resource.custom_fields['Missing'] == 'x'"]}, "filter"),
    ({"compose": {"a": "pam360_resource.no_such_key.at_all"}}, "Could not set a for host"),
    ({"groups": {"a": "pam360_resource.custom_fields['Missing'] == 'x'"}}, "Could not add host"),
    ({"keyed_groups": [{"key": "pam360_resource.custom_fields['Missing']"}]}, "Could not generate group"),
]


@pytest.mark.parametrize(("config", "words"), STRICT, ids=str)
def test_strict(vault: Standin, tmp_path: Path, config: dict[str, Any], words: str) -> None:
    assert listed(vault, tmp_path, **config).status == 0
    said = listed(vault, tmp_path, strict=True, **config)
    assert said.status != 0
    assert words in " ".join(said.err.split())


def test_all_pages(vault: Standin, tmp_path: Path) -> None:
    vault.pam360.load({**SEED, "resources": [{"name": f"srv{number:04}"} for number in range(1203)]})
    assert len(hosts(listed(vault, tmp_path))) == 1203
    assert operations(vault) == {LIST: 3}


def test_names_that_no_host_can_have_are_told(vault: Standin, tmp_path: Path) -> None:
    names = ["ok", "twice", "twice", "", " ", "Twice"]
    vault.pam360.load({**SEED, "resources": [{"name": name, "id": f"70{n}"} for n, name in enumerate(names)]})
    said = listed(vault, tmp_path)
    assert hosts(said) == ["Twice", "ok"]
    said_in_one = " ".join(said.err.split())
    assert "There is no host for 2 resources without a name: IDs 703, 704." in said_in_one
    assert "There is no host for 'twice': more than one resource has that name." in said_in_one


def test_texts_of_the_vault_are_no_templates(vault: Standin, tmp_path: Path) -> None:
    """In a play, where Ansible evaluates what is a template."""
    listed(vault, tmp_path, use_dns_name=True)
    play = """
- hosts: all
  gather_facts: false
  connection: local
  tasks:
    - ansible.builtin.assert:
        that:
          - inventory_hostname == pam360_resource.name
          - pam360_resource.name != '2 it' ~ "'s/odd"
          - "'{' in pam360_resource.description or pam360_resource.description == ''"
          - "ansible_host is not search('uid=')"
          - "inventory_hostname != 'dc01' or '{' in ansible_host"
"""
    (tmp_path / "play.yml").write_text(play, encoding="utf-8")
    said = ansible(
        "ansible-playbook",
        "-i",
        str(tmp_path / "x.pam360.yml"),
        str(tmp_path / "play.yml"),
        home=tmp_path,
        PAM360_TOKEN=vault.token,
    )
    assert said.status == 0, said.out
    assert said.out.count("ok=1 ") == 4


def test_cache(vault: Standin, tmp_path: Path) -> None:
    """A second run asks nothing; one that needs more, or other hosts, asks again; no secret is in the files."""
    folder = tmp_path / "cache"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    first = listed(vault, tmp_path, **cache)
    assert operations(vault) == {LIST: 1}
    assert listed(vault, tmp_path, **cache).json == first.json
    assert operations(vault) == {}
    listed(vault, tmp_path, **cache, read=["details"])
    assert operations(vault) == {LIST: 1, ACCOUNTS: 4}
    assert hosts(listed(vault, tmp_path, **cache, filters=["pam360_resource.type == 'Linux'"])) == ["db01", "db02"]
    assert operations(vault) == {LIST: 1}
    vault.journal.clear()
    (tmp_path / "play.yml").write_text("- hosts: all\n", encoding="utf-8")
    arguments = ["-i", str(tmp_path / "x.pam360.yml"), "--flush-cache", "--list-hosts", str(tmp_path / "play.yml")]
    assert ansible("ansible-playbook", *arguments, home=tmp_path, PAM360_TOKEN=vault.token).status == 0
    assert operations(vault) == {LIST: 1}
    files = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]
    assert any("db01" in text for text in files)
    assert not [text for text in files if CANARY in text or vault.token in text]


def test_options_may_be_templates(vault: Standin, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{vault.token}\n", encoding="utf-8")
    config = {"token": "{{ lookup('ansible.builtin.file', '" + str(tmp_path / "token") + "') }}"}
    assert len(hosts(listed(vault, tmp_path, **config))) == 4
    assert len(hosts(listed(vault, tmp_path, token_file=str(tmp_path / "token")))) == 4


PRINTED = list(yaml.safe_load_all(pam360.EXAMPLES))


@pytest.mark.parametrize(("number", "found"), [(0, ["db01", "db02", "dc01", ODD]), (1, ["db01", "db02"])])
def test_examples_as_printed(vault: Standin, tmp_path: Path, number: int, found: list[str]) -> None:
    """But for the address, the token and the folder of the cache."""
    (tmp_path / "token").write_text(vault.token, encoding="utf-8")
    ours = {"url": vault.url, "token_file": str(tmp_path / "token"), "cache_connection": str(tmp_path / "cache")}
    config = {**PRINTED[number], **{key: value for key, value in ours.items() if key in PRINTED[number]}}
    said = listed(vault, tmp_path, **config)
    assert hosts(said) == sorted(found)
    if number:
        assert hosts(said, "production") == ["db01"]
        assert hosts(said, "department_Finance") == ["db01", "db02"]
        assert hosts(said, "vault_Data_bases") == ["db01"]
        assert said.json["_meta"]["hostvars"]["db01"]["pam360_host_account"] == "deploy"


def test_there_are_no_other_examples() -> None:
    assert len(PRINTED) == 2


FAILING: list[tuple[dict[str, Any], str]] = [
    ({"urls": "x"}, "there is no option urls"),
    ({"url": "ftp://x"}, "url must look like"),
    ({"max_connections": 0}, "max_connections must be 1 or more"),
    ({"validate_certs": "ture"}, "validate_certs must be true or false"),
    ({"token": "wrong-token"}, "Authentication failed"),
    ({"token": "x", "token_file": "/x"}, "token and token_file are both given"),
    ({"read": ["all"]}, "read"),
    ({"url": "http://127.0.0.1:9", "retries": 0}, "nothing listens on this port"),
]


@pytest.mark.parametrize(("config", "words"), FAILING, ids=str)
def test_failures_are_clear(vault: Standin, tmp_path: Path, config: dict[str, Any], words: str) -> None:
    said = listed(vault, tmp_path, **config)
    assert said.status != 0
    assert words in " ".join(said.err.split())
    assert "Traceback" not in said.err


def test_a_resource_whose_details_cannot_be_read_ends_it(vault: Standin, tmp_path: Path) -> None:
    """An inventory that is not whole is worse than none."""
    vault.faults.add(operation=ACCOUNTS, fault="failed", nth=2, message="No right")
    said = listed(vault, tmp_path, read=["details"], max_connections=1)
    assert said.status != 0
    assert "No right" in " ".join(said.err.split())


@pytest.mark.parametrize(("name", "taken"), [("a.pam360.yaml", True), ("pam360.yml", True), ("other.yml", False)])
def test_files_by_name(vault: Standin, tmp_path: Path, name: str, taken: bool) -> None:
    said = listed(vault, tmp_path, name=name)
    assert bool(operations(vault)) is taken
    assert (said.status == 0) is taken
