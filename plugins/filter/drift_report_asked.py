# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that a drift report asks the vault about, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_asked
author:
  - vaultops.pam contributors (@vaultops)
short_description: Accounts without what matters for writing alone
version_added: 0.1.0
description:
  - Returns accounts for M(vaultops.pam.pam360_accounts) as a report asks about them, without passwords, and with
    policies that read no password, whatever the data say for the onboarding.
options:
  _input:
    description: The accounts.
    type: list
    elements: dict
    required: true
  tracked:
    description: Whether fingerprints are compared. Without them, shares that are no longer listed are not known.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Compare the accounts with the vault
  vaultops.pam.pam360_accounts:
    accounts: "{{ vault_accounts | vaultops.pam.drift_report_asked }}"
    return_found: managed
  check_mode: true
  delegate_to: localhost
  become: false
"""

RETURN = r"""
_value:
  description: The accounts.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleFilterError


def drift_report_asked(accounts: Any, tracked: bool = False) -> list[dict[str, Any]]:
    """Return the accounts; raise AnsibleFilterError for what is not a list of them."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_asked import asked, bad_accounts

    fault = bad_accounts(accounts)
    if fault:
        raise AnsibleFilterError(f"drift_report_asked: {fault}")
    return asked(accounts, tracked=tracked)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_asked": drift_report_asked}
