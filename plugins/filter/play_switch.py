# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A setting of a whole play, taken from the variables of its hosts, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: play_switch
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: A setting of a whole play, from the variables of its hosts
description:
  - A keyword of a play, such as C(serial), does not see what the inventory says. This returns the value that hosts
    have, and the default if none has one.
  - Before the first play of a run Ansible has no C(hostvars). A play without tasks is enough.
positional: hosts, variable, default
options:
  _input:
    description: The variable C(hostvars).
    type: dict
    required: true
  hosts:
    description: Hosts of the play.
    type: list
    elements: str
    required: true
  variable:
    description: Name of the variable.
    type: str
    required: true
  default:
    description: The value if no host has one.
    type: raw
"""

EXAMPLES = r"""
- name: A play whose serial may stand in the inventory
  hosts: all
  serial: "{{ hostvars | vaultops.pam.play_switch(groups['all'], 'my_serial', '100%') }}"
  tasks: []
"""

RETURN = r"""
_value:
  description: The value.
  type: raw
"""

from collections.abc import Iterable
from typing import Any

from ansible.errors import AnsibleFilterError


def play_switch(hostvars: Any, hosts: Iterable[str], variable: str, default: Any = None) -> Any:
    """Return the value; raise AnsibleFilterError if hosts have different ones."""
    found: dict[str, str] = {}
    value = default
    for host in hosts:
        # The variables of a host without resolving their templates: fast, with a thousand of them.
        if variable in hostvars.raw_get(host):
            value = hostvars[host][variable]
            found.setdefault(str(value), host)
    if len(found) > 1:
        one, other = list(found.values())[:2]
        raise AnsibleFilterError(f"{variable} applies to the whole play, but differs between {one} and {other}")
    return value


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"play_switch": play_switch}
