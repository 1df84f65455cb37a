# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding does on one host, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: onboarding_host
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: What the role onboard_host does on one host
description:
  - Compares what a host declares, what is on it, and what the vault has said of its accounts. It asks neither.
  - For P(vaultops.pam.onboard_host#role).
positional: groups, planned, check_mode
options:
  _input:
    description: What P(vaultops.pam.role_variables#lookup) has found, by host, of one host.
    type: dict
    required: true
  groups:
    description: Names of the groups of the inventory.
    type: list
    elements: str
    required: true
  planned:
    description: C(calls) of a report of P(vaultops.pam.onboarding#filter), and C(results) of the tasks in check mode.
    type: dict
    required: true
  check_mode:
    description: Whether nothing is to be changed.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Note what is to be done on the host
  ansible.builtin.set_fact:
    steps: "{{ declared | vaultops.pam.onboarding_host(groups | list, planned) }}"
  vars:
    planned: {calls: "{{ report.calls }}", results: "{{ plan.results }}"}
"""

RETURN = r"""
_value:
  description:
    - C(problem), why nothing can be done; C(would), accounts that would get a new password; C(rotate), accounts that
      get one by P(vaultops.pam.rotate_password#role); C(users), accounts with their options for
      M(ansible.builtin.user), and C(gives), whether they get the password of the vault; C(resource), its name.
    - Nothing in it is secret.
  type: dict
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def onboarding_host(
    declared: Mapping[str, Mapping[str, Any]],
    groups: Sequence[str],
    planned: Mapping[str, Any],
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the steps; raise AnsibleFilterError for more or less than one host."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _onboarding_plan
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    if not isinstance(declared, Mapping) or len(declared) != 1:
        raise AnsibleFilterError("onboarding_host: takes what role_variables returns, of one host")
    steps: dict[str, Any] = untrusted(
        _onboarding_plan.host_steps(
            plain(declared), frozenset(groups), os.environ, plain(planned), check_mode=check_mode
        )
    )
    return steps


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"onboarding_host": onboarding_host}
