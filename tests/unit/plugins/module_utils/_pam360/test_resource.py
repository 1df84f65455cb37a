# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources: an address that is nobody's, and one that someone else removes at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_world import World, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

LIST = "GET RESOURCE ACCOUNTLIST"
ABSENT = {"state": "absent"}
ROOT = {"resource": "db01", "name": "root"}
GONE: dict[str, tuple[str, dict[str, Any]]] = {
    "resource": ("pam360_resource", {"name": "db01", **ABSENT}),
    "account": ("pam360_account", {"resource": "db01", "name": "root", **ABSENT}),
    "bulk, resource": ("pam360_accounts", {"resources": [{"name": "db01", **ABSENT}]}),
    "bulk, account": ("pam360_accounts", {"accounts": [{"resource": "db01", "name": "root", **ABSENT}]}),
}


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


@pytest.mark.parametrize(
    "address", ["localhost", "LOCALHOST", "localhost.localdomain", "127.0.0.1", "127.1.2.3", "::1", "[::1]", " ::1 "]
)
@pytest.mark.parametrize("check", [True, False])
def test_a_loopback_address_is_warned_of(world: World, address: str, check: bool) -> None:
    """In a delegated task ansible_host is that of the delegate."""
    for task in (
        ("pam360_resource", {"name": "db01", "dns_name": address}),
        ("pam360_accounts", {"resources": [{"name": "db01", "dns_name": address}]}),
    ):
        warnings = texts_of(world.run(task[0], check=check, **task[1]))
        assert any("use hostvars[inventory_hostname].ansible_host" in text for text in warnings), warnings


@pytest.mark.parametrize(
    ("name", "address"), [("localhost", "127.0.0.1"), ("db01", "10.0.0.5"), ("db01", "local.example.com")]
)
def test_other_addresses_are_not(world: World, name: str, address: str) -> None:
    """A host may be the controller itself."""
    warnings = texts_of(world.run("pam360_resource", check=True, name=name, dns_name=address))
    assert not any("ansible_host" in text for text in warnings)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("what", GONE)
def test_a_resource_that_goes_between_look_up_and_read(world: World, what: str, check: bool) -> None:
    """What is to be absent is absent then, and this task has changed nothing."""
    module, args = GONE[what]
    world.standin.faults.set(
        [{"fault": "change", "operation": LIST, "times": 1, "edits": [{"resource": "db01", "delete": True}]}]
    )
    result = world.run(module, check=check, **args)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    assert world.resource("db01") == {}
    assert world.writes == []


@pytest.mark.parametrize("what", GONE)
def test_a_read_that_is_refused_while_it_is_there(world: World, what: str) -> None:
    """A resource that the vault does not show is not taken for one that is gone."""
    module, args = GONE[what]
    world.standin.faults.set([{"fault": "failed", "operation": LIST, "message": "Not now"}])
    result = world.run(module, **args)
    assert result["failed"]
    assert "Not now" in result["msg"]
    assert result["changed"] is False
    assert world.writes == []


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("module", "args", "option"),
    [
        ("pam360_resource", {"name": "db01", "resource_groups": ["Databases", "Databse"]}, "resource_groups"),
        ("pam360_account", {**ROOT, "resource_group_ids": ["3002", "Databse"]}, "resource_group_ids"),
        ("pam360_accounts", {"accounts": [{**ROOT, "resource_group_ids": ["Databse"]}]}, "resource_group_ids"),
        ("pam360_accounts", {"resources": [{"name": "db01", "resource_groups": ["Databse"]}]}, "resource_groups"),
    ],
)
def test_a_group_that_there_is_not_is_named(
    world: World, module: str, args: dict[str, Any], option: str, check: bool
) -> None:
    """Before anything is written, in check mode too."""
    result = world.run(module, check=check, **args)
    assert result["failed"]
    assert "the vault shows no resource group 'Databse' to this user" in result["msg"]
    assert f"Check {option}." in result["msg"]
    assert world.writes == []
