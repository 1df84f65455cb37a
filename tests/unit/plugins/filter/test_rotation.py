# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the role rotate_password: they hand on to Python, and turn its errors into Ansible's."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import rotation, rotation_accounts, rotation_problems
from ansible_collections.vaultops.pam.tests.unit._rotation_role import SETTINGS, Account, Role


def filter_of(plugin: Any) -> Any:
    """Return the one filter of a file."""
    (found,) = plugin.FilterModule().filters().values()
    return found


def test_they_say_what_comes_next() -> None:
    """From the options of an account to what became of it."""
    role = Role({"root": Account()})
    role.play([{"name": "root"}])
    find = filter_of(rotation)
    assert find({"inventory_hostname": "db01"})["file"] == []
    assert [item["step"] for item in find(role.variables)["noted"]] == ["done"]
    assert find(role.variables, rows=True) == {"rows": [{"host": "db01", "name": "root", "outcome": "rotated"}]}
    looked_for = [item["look_for"] for item in filter_of(rotation_accounts)([{"name": "root"}], SETTINGS)]
    assert looked_for == ["root", "root-next"]
    assert filter_of(rotation_problems)([{"name": "root"}], SETTINGS) == []


@pytest.mark.parametrize(
    ("plugin", "arguments"),
    [
        (rotation, ({"__rotate_password_first": {"results": [{}]}},)),
        (rotation_accounts, ([{}], SETTINGS)),
        (rotation_accounts, (["S3cret"], SETTINGS)),
        (rotation_problems, ([{"name": "root"}], {})),
    ],
)
def test_other_shapes_are_errors(plugin: Any, arguments: Any) -> None:
    """They are faults of the role, and quote no value."""
    with pytest.raises(AnsibleFilterError, match=r"^rotation") as error:
        filter_of(plugin)(*arguments)
    assert "S3cret" not in str(error.value)
