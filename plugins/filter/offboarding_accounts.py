# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that stay in the vault when hosts go, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: offboarding_accounts
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: Accounts that stay in the vault when hosts go
description:
  - Returns the options of M(vaultops.pam.pam360_accounts) for accounts of resources that are kept, or the resources in
    which no account was found.
  - For P(vaultops.pam.offboard_host#role).
positional: looked, empty
options:
  _input:
    description: What P(vaultops.pam.offboarding#filter) returns.
    type: dict
    required: true
  looked:
    description: What M(vaultops.pam.pam360_account_info) has returned for each resource that is kept.
    type: list
    elements: dict
    required: true
  empty:
    description: Whether to return the resources without accounts instead.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show which accounts stay
  ansible.builtin.debug:
    msg: "{{ report | vaultops.pam.offboarding_accounts(looked.results) }}"
"""

RETURN = r"""
_value:
  description: One entry for each vault, with C(leader), a host that has its connection, and C(accounts); or resources.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def offboarding_accounts(
    report: Mapping[str, Any], looked: Sequence[Mapping[str, Any]], empty: bool = False
) -> list[dict[str, Any]]:
    """Return the options, or the resources; raise AnsibleFilterError for what the other filter does not return."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _offboarding
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    if "kept" not in report:
        raise AnsibleFilterError("offboarding_accounts: the input must be what offboarding returns")
    find = _offboarding.without_accounts if empty else _offboarding.kept_accounts
    found: list[dict[str, Any]] = untrusted(find(plain(report), plain(looked)))
    return found


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"offboarding_accounts": offboarding_accounts}
