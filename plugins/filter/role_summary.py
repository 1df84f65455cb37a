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
positional: unsent, earlier, check_mode, notes
options:
  _input:
    description:
      - One entry for each account or resource, with C(host), C(name) and C(outcome), and C(msg) where it failed.
      - An outcome is one of C(created), C(updated), C(rotated), C(verified) (by the CPM), C(finished) (what an earlier
        run left), C(removed), C(adopted), C(not_due), C(unchanged) and C(failed).
    type: list
    elements: dict
    required: true
  unsent:
    description: Settings that were not sent and that the vault does not show.
    type: list
    elements: str
    default: []
  earlier:
    description:
      - RV(_value.stats) of an earlier call of the same run, as for another batch of hosts, or a list of those. They are
        added up.
    type: raw
  check_mode:
    description: Whether it is about what would be done.
    type: bool
    default: false
  notes:
    description: Sentences about what was not done.
    type: list
    elements: str
    default: []
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
    text:
      description: The same as one text if the lines are few.
      type: raw
    stats:
      description:
        - C(counts) by outcome; C(hosts) where something happened, each with its counts; C(failed), messages by host;
          C(not_sent); C(notes); C(number_of_hosts); C(check_mode); C(text). Fit for M(ansible.builtin.set_stats).
      type: dict
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def role_summary(
    rows: Sequence[Mapping[str, Any]],
    unsent: Iterable[str] = (),
    earlier: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    check_mode: bool = False,
    notes: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the summary; raise AnsibleFilterError for rows of another shape."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_summary
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import plain, untrusted

    try:
        summary: dict[str, Any] = untrusted(
            _role_summary.role_summary(plain(rows), unsent, plain(earlier), check_mode, notes)
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"role_summary: {error}") from error
    return summary


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"role_summary": role_summary}
