# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift report has to say of accounts in CyberArk, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_cyberark
author:
  - vaultops.pam contributors (@vaultops)
short_description: What differs between declared accounts and CyberArk, for a drift report
version_added: 0.1.0
description:
  - Compares declared accounts with lists of safes, and adds what differs to a result of
    M(vaultops.pam.pam360_accounts), so that P(vaultops.pam.drift_report#filter) makes one report of both. A safe stands
    for the resource.
  - An account that is not in a list that the vault has cut is not taken for a missing one. It could not be read.
positional: declared, results, scope, searched
options:
  _input:
    description: Result of M(vaultops.pam.pam360_accounts), or a task that was skipped, if no account is in PAM360.
    type: dict
    required: true
  declared:
    description: C(cyberark) of P(vaultops.pam.drift_report_declared#filter).
    type: list
    elements: dict
    required: true
  results:
    description: Results of M(vaultops.pam.cyberark_account_info), one for each of C(safes).
    type: list
    elements: dict
    required: true
  scope:
    description: As there.
    type: str
    choices: [managed, all]
    default: managed
  searched:
    description: Results of the same module, one for each of P(vaultops.pam.drift_report_doubts#filter).
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: How many accounts are declared, in both vaults
  ansible.builtin.debug:
    msg: "{{ (plan | vaultops.pam.drift_report_cyberark(declared.cyberark, looked.results)).accounts | length }}"
"""

RETURN = r"""
_value:
  description: Such a result about both vaults.
  type: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def drift_report_cyberark(
    plan: Mapping[str, Any],
    declared: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    scope: str = "managed",
    searched: Sequence[Mapping[str, Any]] = (),
) -> Mapping[str, Any]:
    """Return the result; raise AnsibleFilterError for what is none."""
    if not isinstance(plan, Mapping):
        raise AnsibleFilterError("drift_report_cyberark: the input must be a result of vaultops.pam.pam360_accounts")
    if not declared:  # and so the client of CyberArk is not loaded
        return plan
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_cyberark import with_cyberark
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    found: Mapping[str, Any] = untrusted(
        with_cyberark(plain(plan), plain(declared), plain(results), scope, plain(searched))
    )
    return found


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_cyberark": drift_report_cyberark}
