# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer may leave out what is not set: such a setting is empty, so a declared value is written once."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._pam360.fields import ACCOUNT, RESOURCE
from ansible_collections.vaultops.pam.tests.unit._faults_world import World

ROWS, DETAILS = "GET RESOURCE ACCOUNTLIST", "GET RESOURCE ACCOUNT DETAILS"
VALUES: dict[str, Any] = {
    "type": "Windows",
    "dns_name": "db01.example.com",
    "description": "d",
    "department": "HR",
    "location": "Cellar",
    "domain_name": "EXAMPLE",
    "resource_url": "https://db01.example.com",
    "password_policy": "Low",
    "owner": "jdoe",
    "notes": "n",
}
# What shows each setting, in lists and in details.
KEYS: dict[str, list[str]] = {
    "account.password_policy": ["ACCOUNT PASSWORD POLICY", "PASSWORD POLICY"],
    "account.notes": ["ACCOUNT_DESCRIPTION", "DESCRIPTION"],
    "account.description": ["ACCOUNT_DESCRIPTION", "DESCRIPTION"],
    "account.custom_fields": ["CUSTOM FIELD"],
    "resource.type": ["RESOURCE TYPE"],
    "resource.dns_name": ["DNS NAME"],
    "resource.description": ["RESOURCE DESCRIPTION"],
    "resource.department": ["DEPARTMENT"],
    "resource.location": ["LOCATION"],
    "resource.domain_name": ["DOMAIN NAME"],
    "resource.resource_url": ["RESOURCE URL"],
    "resource.password_policy": ["RESOURCE PASSWORD POLICY", "PASSWORD POLICY"],
    "resource.owner": ["RESOURCE OWNER"],
    "resource.custom_fields": ["CUSTOM FIELD"],
}


def task(noun: str, option: str, *, many: bool) -> tuple[str, dict[str, Any]]:
    """Return a task that declares one setting of one object, alone or as one of many."""
    labels = {"account": {"Owner Team": "t"}, "resource": {"Data Centre": "east"}}
    settings = {option: labels[noun] if option == "custom_fields" else VALUES[option]}
    if noun == "account":
        entry = {"resource": "db01", "name": "stale", **settings}
        return ("pam360_accounts", {"accounts": [entry]}) if many else ("pam360_account", entry)
    entry = {"name": "db01", **settings}
    return ("pam360_accounts", {"resources": [entry]}) if many else ("pam360_resource", entry)


def test_each_readable_setting_is_tried() -> None:
    """The table above is complete."""
    tables = {"account": ACCOUNT, "resource": RESOURCE}
    readable = {
        f"{noun}.{field.option}"
        for noun, table in tables.items()
        for field in table
        if field.read and field.part == "settings"
    }
    assert set(KEYS) == readable


@pytest.mark.parametrize("many", [False, True], ids=["single", "bulk"])
@pytest.mark.parametrize("setting", KEYS)
def test_a_key_that_is_left_out_is_empty(world: World, setting: str, many: bool) -> None:
    """The declared value is written once, and the second run is quiet."""
    world.standin.profile["edit_domain_name"] = "taken"
    module, args = task(*setting.split("."), many=many)
    for operation in (ROWS, DETAILS):  # the reads before the write
        world.standin.faults.add(fault="drop_keys", keys=KEYS[setting], operation=operation, times=1)
    result = world.run(module, **args)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is True
    assert len(world.writes) == 1
    world.standin.faults.clear()
    again = world.run(module, **args)
    assert (again["changed"], world.writes) == (False, [])
