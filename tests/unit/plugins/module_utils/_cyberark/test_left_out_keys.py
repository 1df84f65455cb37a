# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer may leave out what is not set: such a setting is empty, so a declared value is written once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.fields import ACCOUNT, LINKS
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.safe_fields import MEMBER, SAFE
from ansible_collections.vaultops.pam.tests.unit import _cyberark_world as world
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import Vault

SEED: dict[str, Any] = {
    **world.SEED,
    "safes": [
        {
            "name": "Linux",
            "number": 29,
            "members": [{"memberName": "Team", "memberType": "Group", "permissions": "full"}],
        },
        {"name": "Windows", "number": 30},
    ],
}
READS = {
    "account": (world.LIST, world.DETAILS),
    "safe": (world.SAFE, world.SAFES),
    "member": (world.MEMBER, world.MEMBERS),
}
# The module, what it knows the object by, and a declared value for each setting that an edit takes.
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "account": (world.MODULE, {"account_id": "29_4"}),
    "safe": (world.SAFE_MODULE, {"name": "Linux"}),
    "member": (world.MEMBER_MODULE, {"safe": "Linux", "member": "Team"}),
}
VALUES: dict[str, Any] = {
    "account.name": "other",
    "account.user_name": "other",
    "account.address": "other",
    "account.platform_id": "UnixSSHKeys",
    "account.platform_properties": {"Location": "x"},
    "account.automatic_management": False,
    "account.manual_management_reason": "by hand",
    "account.remote_machines": ["h9"],
    "account.restrict_to_remote_machines": True,
    "safe.description": "d",
    "safe.location": "\\Other",
    "safe.managing_cpm": "PasswordManager",
    "safe.versions_retention": 9,
    "safe.days_retention": 9,
    "safe.olac_enabled": True,
    "safe.auto_purge": True,
    "member.permissions": ["list_accounts"],
    "member.expires": "2027-01-31",
}
# Only a creation sets these, and so they are always there.
FIXED: dict[str, Any] = {
    "account.safe": "Linux",
    "account.secret_type": "password",
    "member.member_type": "group",
}
API_NAMES = {
    f"{noun}.{item.option}": item.api.rpartition("/")[2]
    for noun, table in (("account", ACCOUNT), ("safe", SAFE), ("member", MEMBER))
    for item in table
    if item.read and item.option not in LINKS
}


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with accounts, safes and a member."""
    with Vault(SEED) as made:
        yield made


def leave_out(vault: Vault, setting: str, times: int = 1) -> None:
    """Make the reads before a write leave out one key."""
    for operation in READS[setting.partition(".")[0]]:
        vault.standin.faults.add(fault="drop_keys", keys=[API_NAMES[setting]], operation=operation, times=times)


def play(vault: Vault, setting: str, value: Any) -> Any:
    """Declare one setting of one object."""
    noun, option = setting.split(".")
    module, known = TASKS[noun]
    if "machines" in option:  # only some platforms have them
        known = world.SVC
    return vault.run(module, **{**known, option: value})


def test_each_readable_setting_is_tried() -> None:
    """The tables above are complete."""
    assert {*VALUES, *FIXED} == set(API_NAMES)


@pytest.mark.parametrize("setting", VALUES)
def test_a_key_that_is_left_out_is_empty(vault: Vault, setting: str) -> None:
    """The declared value is written once, and the second run is quiet."""
    leave_out(vault, setting)
    result = play(vault, setting, VALUES[setting])
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is True
    assert len(vault.writes) == 1
    vault.standin.faults.clear()
    again = play(vault, setting, VALUES[setting])
    assert (again["changed"], again.get("failed", False), vault.writes) == (False, False, [])


@pytest.mark.parametrize("setting", FIXED)
def test_what_only_a_creation_sets_is_not_empty(vault: Vault, setting: str) -> None:
    """It is not shown, so nothing can be said about it: no refusal, and no write."""
    option = setting.partition(".")[2]
    leave_out(vault, setting, times=9)
    result = play(vault, setting, FIXED[setting])
    assert not result.get("failed"), result["msg"]
    assert (result["changed"], vault.writes) == (False, [])
    assert option in result["unverified"]
    vault.standin.faults.clear()
    again = play(vault, setting, FIXED[setting])
    assert (again["changed"], vault.writes) == (False, [])
    assert option in again["verified"]
