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
      - Options C(url) and C(org_name) of the vault that the report is about, and C(cyberark_url). A host that names
        another one is not usable, since its accounts would all be missing.
    type: dict
    default: {}
  scope:
    description: Which accounts that are not declared the report is about, see P(vaultops.pam.drift_report#role).
    type: str
    choices: [managed, all]
    default: managed
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
    cyberark:
      description: The same for M(vaultops.pam.cyberark_account), of hosts whose vault is CyberArk, without secrets.
      type: list
      elements: dict
    safes:
      description: Safes whose accounts are to be listed for that. An empty text stands for all.
      type: list
      elements: str
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
KNOWN = dict.fromkeys(("PAM360_URL", "PAM360_TOKEN", "CYBERARK_URL", "CYBERARK_USERNAME", "CYBERARK_PASSWORD"), "known")


def drift_report_declared(
    declared: Mapping[str, Any],
    groups: Mapping[str, Any],
    connection: Mapping[str, Any] | None = None,
    scope: str = "managed",
) -> dict[str, Any]:
    """Return the accounts and the unusable hosts; raise AnsibleFilterError for what is not a result of the lookup."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding import account_for_vault, hosts_of

    if not isinstance(declared, Mapping):
        raise AnsibleFilterError("drift_report_declared: the input must be a result of vaultops.pam.role_variables")
    accounts: dict[tuple[str, str], dict[str, Any]] = {}
    in_cyberark: list[Any] = []
    unusable: dict[str, str] = {}
    undeclared: list[str] = []
    for host in hosts_of(declared, list(groups), KNOWN):
        faults = [*host.faults, *_other_vault(host.vault, host.connection, connection or {})]
        if faults:
            unusable[host.name] = " ".join(faults)
        elif not host.accounts:
            undeclared.append(host.name)
        elif host.vault == "cyberark":
            in_cyberark.append(host)
        else:
            for account in host.accounts:
                accounts.setdefault((host.resource, account["name"]), account_for_vault(host, account))
    found = {"accounts": list(accounts.values()), "unusable": unusable, "undeclared": undeclared}
    return {**found, **_in_cyberark(in_cyberark, scope)}


def _in_cyberark(hosts: list[Any], scope: str) -> dict[str, Any]:
    if not hosts:
        return {"cyberark": [], "safes": []}
    # Only here, as these load the client of CyberArk.
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_cyberark import safes_of
    from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding import declared_for_cyberark
    from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding_cyberark import account_key

    every = [options for host in hosts for options in declared_for_cyberark(host).options]
    accounts = {account_key(one): {name: value for name, value in one.items() if name != "secret"} for one in every}
    return {"cyberark": list(accounts.values()), "safes": safes_of(accounts.values(), scope)}


def _other_vault(vault: str, own: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    names = {"url": "cyberark_url"} if vault == "cyberark" else {"url": "url", "org_name": "org_name"}
    return [
        f"{vault}_{option} of this host differs from that of the report, so its accounts are in another vault."
        for option, name in names.items()
        if own.get(option) and asked.get(name) and _plain(own[option]) != _plain(asked[name])
    ]


def _plain(value: Any) -> str:
    return str(value).rstrip("/").casefold()


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_declared": drift_report_declared}
