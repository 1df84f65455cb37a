# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that begin with a role's name and are none of its options, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: unknown_variables
author:
  - vaultops.pam contributors (@vaultops)
short_description: Variables that begin with the name of a role and are none of its options
version_added: 0.1.0
description:
  - Returns a sentence for each such variable, with the option that has the nearest name. The roles of this collection
    fail with them, as a misspelled variable would change nothing and no one would notice.
positional: role
options:
  _input:
    description: Names of variables. Those that do not begin with the name of the role are left alone.
    type: list
    elements: str
    required: true
  role:
    description: Name of a role of this collection.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Check the names of the variables
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    names: "{{ query('ansible.builtin.varnames', '^onboard_host_') }}"
    problems: "{{ names | vaultops.pam.unknown_variables('onboard_host') }}"
"""

RETURN = r"""
_value:
  description: A sentence for each variable; an empty list if all are options of the role.
  type: list
  elements: str
"""

from collections.abc import Iterable
from typing import Any

from ansible.errors import AnsibleFilterError


def unknown_variables(names: Iterable[str], role: str) -> list[str]:
    """Return the sentences; raise AnsibleFilterError for a role that the collection does not have."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_guards

    try:
        return _role_guards.told(_role_guards.unknown_variables(names, role), role)
    except ValueError as error:
        raise AnsibleFilterError(f"unknown_variables: {error}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"unknown_variables": unknown_variables}
