# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the accounts of a rotation, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rotation_problems
author:
  - vaultops.pam contributors (@vaultops)
short_description: What is wrong with the accounts whose passwords are to be rotated
version_added: 0.1.0
description:
  - Checks the accounts of the role P(vaultops.pam.rotate_password#role). It names options and accounts, and quotes no
    value, as that may be a password in the wrong line.
positional: settings
options:
  _input:
    description: The accounts, as in O(vaultops.pam.rotate_password#role:main:rotate_password_accounts).
    type: raw
    required: true
  settings:
    description: What holds for accounts that do not say otherwise.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Check the accounts
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    settings: {when: expired, max_age: null, proof: login, platform: linux}
    problems: "{{ [{'name': 'root'}] | vaultops.pam.rotation_problems(settings) }}"
"""

RETURN = r"""
_value:
  description: A sentence for each problem; an empty list if there is none.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def rotation_problems(accounts: Any, settings: Mapping[str, Any]) -> list[str]:
    """Return the sentences; raise AnsibleFilterError for settings of another shape."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_input

    try:
        return _rotation_input.problems(accounts, settings)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"rotation_problems: {error!r}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"rotation_problems": rotation_problems}
