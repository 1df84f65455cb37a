# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables of a drift report, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_problems
author:
  - vaultops.pam contributors (@vaultops)
short_description: What is wrong with the variables of a drift report
version_added: 0.1.0
description:
  - Returns a sentence for each variable of P(vaultops.pam.drift_report#role) that cannot be used.
options:
  _input:
    description: Values by name of the variable. Those that are not given are not looked at.
    type: dict
    required: true
  exceptions:
    description: Text of O(vaultops.pam.drift_report#role:main:drift_report_exceptions_file).
    type: str
    default: ''
"""

EXAMPLES = r"""
- name: Check a file of accepted exceptions
  ansible.builtin.assert:
    that: problems == []
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    text: "{{ lookup('ansible.builtin.file', 'exceptions.yml') }}"
    problems: "{{ {} | vaultops.pam.drift_report_problems(exceptions=text) }}"
"""

RETURN = r"""
_value:
  description: The sentences. Empty if all is fine.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any


def drift_report_problems(values: Mapping[str, Any], exceptions: str = "") -> list[str]:
    """Return the sentences."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_asked import bad_accounts
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_end import FORMATS
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_exceptions import acceptances
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_findings import CATEGORIES
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_times import moment
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

    found = []
    if not values.get("drift_report_dir", "x"):
        found.append("drift_report_dir must name a folder.")
    name = values.get("drift_report_name", "x")
    if not str(name) or "/" in str(name):
        found.append("drift_report_name must name the files in the folder, without a slash.")
    found += filter(None, [bad_accounts(values.get("drift_report_accounts", []))])
    lists = {"drift_report_fail_on": tuple(CATEGORIES), "drift_report_formats": tuple(FORMATS)}
    for variable, choices in lists.items():
        found += _list(variable, values.get(variable, []), choices)
    if "drift_report_time" in values:
        try:
            moment(values["drift_report_time"])
        except ValueError as error:
            found.append(f"drift_report_time: {error}.")
    _accepted, problems = acceptances(exceptions, CATEGORIES)
    found += [f"drift_report_exceptions_file: {problem}" for problem in problems]
    shown: list[str] = untrusted(found)
    return shown


def _list(variable: str, value: Any, choices: tuple[str, ...]) -> list[str]:
    """Ansible's own check takes a text for a list; what is not a list would be taken apart here."""
    if not isinstance(value, (list, tuple)):
        example = f'-e \'{{"{variable}": ["{choices[0]}", "{choices[1]}"]}}\''
        return [f"{variable} must be a list, such as [{choices[0]}, {choices[1]}]. On the command line: {example}."]
    wrong = [str(item)[:50] for item in value if item not in choices]
    return [f"{variable} names {', '.join(wrong)}, and knows {', '.join(choices)}."] if wrong else []


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_problems": drift_report_problems}
