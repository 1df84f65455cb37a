# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the rotations of a host stand, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rotation
author:
  - vaultops.pam contributors (@vaultops)
short_description: What a rotation of passwords does next
version_added: 0.1.0
description:
  - Looks at what the role P(vaultops.pam.rotate_password#role) has registered on a host, and returns the accounts that
    each of its tasks is for. It asks neither the vault nor the host.
  - It is made for that role, and of no use elsewhere.
positional: rows
options:
  _input:
    description: Variables of the host.
    type: dict
    required: true
  rows:
    description: Return RV(_value.rows) alone, what became of each account so far.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Say where the rotations of this host stand
  ansible.builtin.debug:
    msg: "{{ (hostvars[inventory_hostname] | vaultops.pam.rotation).noted | map(attribute='step') }}"
"""

RETURN = r"""
_value:
  description:
    - A list of accounts for each task, by the name of the task.
    - Also C(file) and C(goes_on), the file of tasks that comes next; C(rest), the accounts that are not through;
      C(noted), all accounts; and C(failed), a message for each failure.
  type: dict
  contains:
    rows:
      description: With O(rows), and alone. Fit for P(vaultops.pam.role_summary#filter).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.plugins.loader import lookup_loader


def rotation(variables: Mapping[str, Any], rows: bool = False) -> dict[str, Any]:
    """Return where the rotations stand; raise AnsibleFilterError for variables of another shape."""
    # Each task imports all filters of the collection, from source; what they need is imported where it is used.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_work
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

    try:
        if rows:
            # The title of a task asks for it in Ansible's main process. What is loaded there, no task loads again.
            lookup_loader.get("vaultops.pam.pam360_password", class_only=True)
        found = {"rows": _rotation_work.rows(variables)} if rows else _rotation_work.stands(variables)
        stands: dict[str, Any] = untrusted(found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"rotation: {error!r}") from error
    return stands


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"rotation": rotation}
