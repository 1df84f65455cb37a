# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary that a role ends with, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_summary
author:
  - vaultops.pam contributors (@vaultops)
short_description: What became of accounts, in few lines and as data
version_added: 0.1.0
description:
  - Counts what became of each account and resource. The roles of this collection end with it.
positional: unsent, earlier, check_mode
options:
  _input:
    description:
      - One entry for each account or resource, with C(host), C(name) and C(outcome), and C(msg) where it failed.
      - An outcome is one of C(created), C(updated), C(rotated), C(finished) (what an earlier run left), C(removed),
        C(adopted), C(not_due), C(unchanged) and C(failed).
    type: list
    elements: dict
    required: true
  unsent:
    description: Settings that were not sent and that the vault does not show.
    type: list
    elements: str
    default: []
  earlier:
    description: RV(_value.stats) of an earlier call of the same run, as for another batch of hosts. They are added up.
    type: dict
  check_mode:
    description: Whether it is about what would be done.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Say what was done
  ansible.builtin.debug:
    msg: "{{ (rows | vaultops.pam.role_summary).lines }}"
  vars:
    rows:
      - {host: db01, name: root, outcome: created}
      - {host: db02, name: root, outcome: failed, msg: The vault did not answer.}
"""

RETURN = r"""
_value:
  description: The summary.
  type: dict
  contains:
    lines:
      description: Sums, a line for each host where something happened, failures, and what was not sent.
      type: list
      elements: str
    stats:
      description:
        - C(counts) by outcome; C(hosts) where something happened, each with its counts; C(failed); C(not_sent);
          C(check_mode). Fit for M(ansible.builtin.set_stats).
      type: dict
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def role_summary(
    rows: Sequence[Mapping[str, Any]],
    unsent: Iterable[str] = (),
    earlier: Mapping[str, Any] | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the summary; raise AnsibleFilterError for rows of another shape."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_summary
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

    try:
        summary: dict[str, Any] = untrusted(_role_summary.role_summary(rows, unsent, earlier, check_mode))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"role_summary: {error}") from error
    return summary


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"role_summary": role_summary}
