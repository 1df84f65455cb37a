# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rotation looks up in the vault first, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rotation_accounts
author:
  - vaultops.pam contributors (@vaultops)
short_description: What a rotation of passwords looks up in the vault first
version_added: 0.1.0
description:
  - Returns two entries for each account of the role P(vaultops.pam.rotate_password#role), for the account itself and
    for the pending entry that a former run may have left. Passwords are not in them.
  - It is made for that role, and of no use elsewhere.
positional: settings
options:
  _input:
    description: The accounts, as in O(vaultops.pam.rotate_password#role:main:rotate_password_accounts).
    type: list
    elements: dict
    required: true
  settings:
    description: What holds for accounts that do not say otherwise.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what would be looked up
  ansible.builtin.debug:
    msg: "{{ accounts | vaultops.pam.rotation_accounts(settings) | map(attribute='look_for') }}"
  vars:
    accounts: [{name: root}]
    settings:
      {host: db01, resource: db01, policy: Strong, when: expired, max_age: null, proof: login, verify: true, salt: '',
       suffix: -pending-rotation, platform: linux, connection: ssh, access: {}, check: false}
"""

RETURN = r"""
_value:
  description: The entries.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def rotation_accounts(accounts: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries; raise AnsibleFilterError for accounts of another shape."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_input

    try:
        return _rotation_input.accounts(accounts, settings)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"rotation_accounts: {error!r}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"rotation_accounts": rotation_accounts}
