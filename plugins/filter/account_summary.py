# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks for the vault have done, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: account_summary
author:
  - vaultops.pam contributors (@vaultops)
version_added: 0.1.0
short_description: What tasks for the vault have done, in few lines and as data
description:
  - P(vaultops.pam.role_summary#filter) of results of M(vaultops.pam.pam360_accounts). The role
    P(vaultops.pam.onboard_host#role) ends with it.
positional: report, planned, earlier, check_mode, done
options:
  _input:
    description: Results of M(vaultops.pam.pam360_accounts), one for each call of the report.
    type: list
    elements: dict
    required: true
  report:
    description: C(report) of P(vaultops.pam.onboarding#filter).
    type: dict
    required: true
  planned:
    description:
      - C(calls) of a report, and C(results) of M(vaultops.pam.pam360_accounts) in check mode.
      - They count where nothing was to be written.
    type: dict
  earlier:
    description: What earlier calls of the same run returned as C(stats).
    type: list
    elements: dict
    default: []
  check_mode:
    description: Whether it is about what would be done.
    type: bool
    default: false
  done:
    description: Results of the loops over the steps for CyberArk that the report has, one after the other.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ (done.results | vaultops.pam.account_summary(report)).text }}"
"""

RETURN = r"""
_value:
  description: As that of P(vaultops.pam.role_summary#filter).
  type: dict
  contains:
    lines:
      description: Sums, a line for each host where something happened, failures, and what was not sent.
      type: list
      elements: str
    text:
      description: The same as one text if the lines are few.
      type: raw
    stats:
      description: Fit for M(ansible.builtin.set_stats).
      type: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def account_summary(
    results: Sequence[Mapping[str, Any]],
    report: Mapping[str, Any],
    planned: Mapping[str, Any] | None = None,
    earlier: Sequence[Mapping[str, Any]] = (),
    check_mode: bool = False,
    done: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the summary; raise AnsibleFilterError for results of other modules."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_summary
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    try:
        summary: dict[str, Any] = untrusted(
            _role_summary.account_summary(
                plain(results), plain(report), plain(planned), plain(earlier), check_mode, plain(done)
            )
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"account_summary: {error}") from error
    return summary


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"account_summary": account_summary}
