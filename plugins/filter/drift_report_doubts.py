# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that a long list of CyberArk lacks, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_doubts
author:
  - vaultops.pam contributors (@vaultops)
short_description: Accounts that a long list of CyberArk lacks, and that may be there
version_added: 0.1.0
description:
  - A server may cut a long list and not say so. Before a report says that an account is missing, it is searched for.
  - For P(vaultops.pam.drift_report#role).
positional: declared, results, scope
options:
  _input:
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
"""

EXAMPLES = r"""
- name: Search for what a long list lacks
  vaultops.pam.cyberark_account_info:
    safe: "{{ item.safe }}"
    search: "{{ item.search }}"
  loop: "{{ declared.cyberark | vaultops.pam.drift_report_doubts(looked.results) }}"
"""

RETURN = r"""
_value:
  description: C(safe) and C(search) for each.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any


def drift_report_doubts(
    declared: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], scope: str = "managed"
) -> list[dict[str, str]]:
    """Return the searches."""
    if not declared:  # and so the client of CyberArk is not loaded
        return []
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_cyberark import in_doubt
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    found: list[dict[str, str]] = untrusted(in_doubt(plain(declared), plain(results), scope))
    return found


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_doubts": drift_report_doubts}
