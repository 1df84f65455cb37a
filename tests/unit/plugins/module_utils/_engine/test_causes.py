# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What someone mistyped is named in the sentence, in one task for one object as in one for many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_world import World
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


@pytest.mark.parametrize(
    ("module", "args"),
    [
        ("pam360_account", {"resource": "db01", "name": "new", "password_policy": "Strnog"}),
        ("pam360_account", {"resource": "db01", "name": "root", "password_policy": "Strnog"}),
        ("pam360_accounts", {"accounts": [{"resource": "db01", "name": "new", "password_policy": "Strnog"}]}),
        ("pam360_accounts", {"accounts": [{"resource": "db01", "name": "root", "password_policy": "Strnog"}]}),
        ("pam360_account_password", {"resource": "db01", "account": "root", "generate": "Strnog"}),
    ],
)
def test_a_wrong_policy_is_named(world: World, module: str, args: dict[str, Any]) -> None:
    """The server says that there is none of that name, and not which."""
    world.standin.change(resource="db01", account="root", set={"expired": True}) if "generate" in args else None
    result = world.run(module, **args)
    assert result["failed"] is True
    assert "'Strnog'" in result["msg"]


def test_other_settings_are_not_named(world: World) -> None:
    """Only those of which the server speaks, and no secret."""
    world.standin.faults.set(
        [{"fault": "failed", "operation": "EDIT ACCOUNT", "message": "Invalid totp secret, notes"}]
    )
    args = {"resource": "db01", "name": "root", "notes": "my notes", "totp_secret": "S3CRET-T0TP", "owner": "jdoe"}
    result = world.run("pam360_account", **args)
    assert "The task gives notes 'my notes'." in result["msg"]
    assert "jdoe" not in result["msg"]
    assert "S3CRET-T0TP" not in world.printed


def test_up_to_five_causes_each_with_account_and_resource(world: World) -> None:
    """A task with many accounts tells what is wrong with which."""
    accounts = [{"resource": "db01", "name": f"new{number}", "password_policy": f"P{number}"} for number in range(7)]
    accounts.append({"resource": "nowhere", "name": "x"})
    result = world.run("pam360_accounts", accounts=accounts)
    assert result["failed"] is True
    told = [number for number in range(7) if f"account 'new{number}' on resource 'db01'" in result["msg"]]
    assert len(told) + ("nowhere" in result["msg"]) == 5, result["msg"]
    assert "And 3 other causes" in result["msg"]
    for number in told:
        assert f"'P{number}'" in result["msg"]
