# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that all hosts declare for the onboarding, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_declared
author:
  - vaultops.pam contributors (@vaultops)
short_description: The accounts that all hosts declare for the onboarding
version_added: 0.1.0
description:
  - Returns the accounts that P(vaultops.pam.onboard_host#role) brings into the vault, for all hosts at once, and the
    hosts whose variables cannot be used.
options:
  _input:
    description: What the lookup P(vaultops.pam.role_variables#lookup) returns for the hosts.
    type: dict
    required: true
  groups:
    description: The groups of the inventory.
    type: dict
    required: true
  connection:
    description:
      - Options C(url) and C(org_name) of the vault that the report is about. A host that names another one is not
        usable, since its accounts would all be missing.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: How many accounts the inventory declares
  ansible.builtin.debug:
    msg: "{{ (variables | vaultops.pam.drift_report_declared(groups)).accounts | length }}"
  vars:
    variables: "{{ lookup('vaultops.pam.role_variables', 'onboard_host', hosts=groups['all']) }}"
"""

RETURN = r"""
_value:
  description: What is declared.
  type: dict
  contains:
    accounts:
      description:
        - Accounts for M(vaultops.pam.pam360_accounts). Those that hosts share and declare alike are there once.
      type: list
      elements: dict
    unusable:
      description: Hosts whose variables cannot be used, each with the reasons. No value is quoted in them.
      type: dict
    undeclared:
      description: Hosts that declare no account.
      type: list
      elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

# Where the vault is, is the report's own business. So for this check it is known.
KNOWN = {"PAM360_URL": "known", "PAM360_TOKEN": "known"}


def drift_report_declared(
    declared: Mapping[str, Any], groups: Mapping[str, Any], connection: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the accounts and the unusable hosts; raise AnsibleFilterError for what is not a result of the lookup."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding import account_for_vault, hosts_of

    if not isinstance(declared, Mapping):
        raise AnsibleFilterError("drift_report_declared: the input must be a result of vaultops.pam.role_variables")
    accounts: dict[tuple[str, str], dict[str, Any]] = {}
    unusable: dict[str, str] = {}
    undeclared: list[str] = []
    for host in hosts_of(declared, list(groups), KNOWN):
        faults = [*host.faults, *_other_vault(host.connection, connection or {})]
        if faults:
            unusable[host.name] = " ".join(faults)
            continue
        if not host.accounts:
            undeclared.append(host.name)
        for account in host.accounts:
            accounts.setdefault((host.resource, account["name"]), account_for_vault(host, account))
    return {"accounts": list(accounts.values()), "unusable": unusable, "undeclared": undeclared}


def _other_vault(own: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    return [
        f"pam360_{option} of this host differs from that of the report, so its accounts are in another vault."
        for option in ("url", "org_name")
        if own.get(option) and asked.get(option) and _plain(own[option]) != _plain(asked[option])
    ]


def _plain(value: Any) -> str:
    return str(value).rstrip("/").casefold()


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_declared": drift_report_declared}
