# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps for CyberArk are to be done, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: onboarding_due
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: Which steps for CyberArk can be done
description:
  - Returns the steps of one kind, without those that need what has failed, such as an account whose safe could not be
    made.
  - For P(vaultops.pam.onboard_host#role).
positional: kind, results
options:
  _input:
    description: C(report) of P(vaultops.pam.onboarding#filter).
    type: dict
    required: true
  kind:
    description: Kind of the steps.
    type: str
    choices: [safes, members, accounts, verifications]
    required: true
  results:
    description: Results of the loops over the steps before.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Create the safes
  vaultops.pam.cyberark_safe:
    name: "{{ item.options.name }}"
  loop: "{{ report | vaultops.pam.onboarding_due('safes') }}"
"""

RETURN = r"""
_value:
  description: The steps, each with C(options) for its module. Nothing in them is secret.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def onboarding_due(
    report: Mapping[str, Any], kind: str, results: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return the steps; raise AnsibleFilterError for what is no report."""
    if not isinstance(report, Mapping) or "steps" not in report:
        raise AnsibleFilterError("onboarding_due: takes the report of the filter onboarding")
    if not report["steps"]:  # no host is for CyberArk, and so its client is not loaded
        return []
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _onboarding_cyberark
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    found: list[dict[str, Any]] = untrusted(_onboarding_cyberark.due(plain(report["steps"]), kind, plain(results)))
    return found


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"onboarding_due": onboarding_due}
