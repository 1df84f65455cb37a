# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the off-boarding has done, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: offboarding_summary
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: What the role offboard_host has done, in few lines and as data
description:
  - P(vaultops.pam.role_summary#filter) of what the tasks of P(vaultops.pam.offboard_host#role) have returned.
positional: results, earlier, check_mode
options:
  _input:
    description: What P(vaultops.pam.offboarding#filter) returns.
    type: dict
    required: true
  results:
    description: What the tasks have returned, as C(removed), C(looked), C(there) and C(changed).
    type: dict
    required: true
  earlier:
    description: What earlier calls of the same run returned as C(stats).
    type: list
    elements: dict
    default: []
  check_mode:
    description: Whether it is about what would be done.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ (report | vaultops.pam.offboarding_summary(results)).text }}"
  vars:
    results: {removed: "{{ removed.results }}", looked: [], there: [], changed: []}
"""

RETURN = r"""
_value:
  description: As that of P(vaultops.pam.role_summary#filter).
  type: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def offboarding_summary(
    report: Mapping[str, Any],
    results: Mapping[str, Sequence[Mapping[str, Any]]],
    earlier: Sequence[Mapping[str, Any]] = (),
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the summary; raise AnsibleFilterError for results of other modules."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _offboarding
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    try:
        summary: dict[str, Any] = untrusted(
            _offboarding.offboarding_summary(plain(report), plain(results), plain(earlier), check_mode)
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"offboarding_summary: {error}") from error
    return summary


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"offboarding_summary": offboarding_summary}
