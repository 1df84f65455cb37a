# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding sends to the vault for many hosts, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: onboarding
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: What the role onboard_host sends to the vault for many hosts
description:
  - Merges and checks what hosts declare, and returns the accounts and resources for
    M(vaultops.pam.pam360_accounts) and M(vaultops.pam.pam360_resource), with all that is wrong with the variables. It
    asks no vault and no host.
  - For P(vaultops.pam.onboard_host#role) and P(vaultops.pam.drift_report#role).
positional: groups, stage, batch, planned, gather
options:
  _input:
    description: What P(vaultops.pam.role_variables#lookup) has found, by host.
    type: dict
    required: true
  groups:
    description: Names of the groups of the inventory.
    type: list
    elements: str
    required: true
  stage:
    description:
      - V(all) returns the accounts of all hosts, V(together) of those on which nothing is to be done. V(plan) and
        V(write) are for hosts that have been looked at, before and after the vault has been asked.
    type: str
    choices: [all, together, plan, write]
    default: all
  batch:
    description: Hosts that are to be handled. What others declare is checked anyway. All if it is not given.
    type: list
    elements: str
  planned:
    description: For V(write), C(calls) of the report of V(plan), and C(results) of its tasks.
    type: dict
  gather:
    description: Whether facts will be gathered for hosts that want them.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what is wrong with the variables of all hosts
  ansible.builtin.debug:
    msg: "{{ (declared | vaultops.pam.onboarding(groups | list)).report.bad }}"
  vars:
    declared: "{{ lookup('vaultops.pam.role_variables', 'onboard_host', hosts=ansible_play_batch) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: What is to be done.
  type: dict
  contains:
    calls:
      description:
        - One entry for each vault, with C(accounts), C(resources), C(hosts), and C(leader), a host with its connection.
        - They may hold passwords.
      type: list
      elements: dict
    report:
      description:
        - C(message) about all hosts whose variables cannot be used; C(bad), the faults by host; C(visit), hosts on
          which something is to be done; C(facts), those that want facts; C(hosts), C(empty), C(calls), C(resources).
        - Nothing in it is secret.
      type: dict
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

STAGES = ("all", "together", "plan", "write")


def onboarding(
    declared: Mapping[str, Mapping[str, Any]],
    groups: Sequence[str],
    stage: str = "all",
    batch: Sequence[str] | None = None,
    planned: Mapping[str, Any] | None = None,
    gather: bool = False,
) -> dict[str, Any]:
    """Return what is to be done; raise AnsibleFilterError for what the lookup does not return."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _onboarding_plan
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    if not isinstance(declared, Mapping) or stage not in STAGES:
        raise AnsibleFilterError(f"onboarding: takes what role_variables returns by host; stage: {', '.join(STAGES)}")
    found: dict[str, Any] = untrusted(
        _onboarding_plan.onboarding(
            plain(declared),
            frozenset(groups),
            os.environ,
            stage=stage,
            batch=None if batch is None else frozenset(batch),
            planned=plain(planned),
            gather=gather,
        )
    )
    return found


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"onboarding": onboarding}
