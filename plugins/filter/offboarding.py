# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the off-boarding does for many hosts, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: offboarding
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: What the role offboard_host does for many hosts
description:
  - Checks what hosts declare, and returns the resources to remove or to keep. It asks no vault and no host.
  - For P(vaultops.pam.offboard_host#role).
positional: stage, batch
options:
  _input:
    description: What P(vaultops.pam.role_variables#lookup) has found, by host.
    type: dict
    required: true
  stage:
    description: V(together) handles hosts on which nothing is to be done, V(visited) the others.
    type: str
    choices: [together, visited]
    default: together
  batch:
    description: Hosts that are to be handled. What others declare is checked anyway. All if it is not given.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Show what would be removed
  ansible.builtin.debug:
    msg: "{{ (declared | vaultops.pam.offboarding).removed | map(attribute='resource') }}"
  vars:
    declared: "{{ lookup('vaultops.pam.role_variables', 'offboard_host', hosts=ansible_play_batch) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - C(message) about all hosts whose variables cannot be used; C(visit), hosts on which something is to be done;
      C(hosts); C(removed) and C(kept), resources with the C(hosts) that have them. Nothing in it is secret.
  type: dict
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def offboarding(
    declared: Mapping[str, Mapping[str, Any]], stage: str = "together", batch: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return what is to be done; raise AnsibleFilterError for what the lookup does not return."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _offboarding
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    if not isinstance(declared, Mapping) or stage not in ("together", "visited"):
        raise AnsibleFilterError("offboarding: takes what role_variables returns by host; stage: together, visited")
    wanted = None if batch is None else frozenset(batch)
    report: dict[str, Any] = untrusted(_offboarding.offboarding(plain(declared), os.environ, stage=stage, batch=wanted))
    return report


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"offboarding": offboarding}
