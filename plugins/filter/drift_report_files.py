# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a drift report, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_files
author:
  - vaultops.pam contributors (@vaultops)
short_description: The files of a drift report
version_added: 0.1.0
description:
  - Returns the contents of the files of P(vaultops.pam.drift_report#filter), and what there is to say at the end of a
    run.
  - In the CSV file, a text that a spreadsheet would take for a formula gets an apostrophe in front.
  - The page escapes all texts, loads nothing and runs nothing.
options:
  _input:
    description: The report.
    type: dict
    required: true
  formats:
    description: Which files are wanted.
    type: list
    elements: str
    choices: [html, csv, json, junit]
    required: true
  path:
    description: Path of the files without their endings.
    type: str
    required: true
  summary:
    description: Path of a JSON file for RV(_value.stats). None if it is empty.
    type: str
    default: ''
  written:
    description: Whether the files are written, for the message.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: The findings for a spreadsheet
  ansible.builtin.copy:
    content: "{{ made.files['/srv/reports/drift.csv'] }}"
    dest: /srv/reports/drift.csv
    mode: "0640"
  vars:
    made: "{{ report | vaultops.pam.drift_report_files(['csv'], '/srv/reports/drift') }}"
  delegate_to: localhost
  become: false
"""

RETURN = r"""
_value:
  description: The contents, and words about them.
  type: dict
  contains:
    files:
      description: The contents by path. If the vault could not be read, there is no report among them.
      type: dict
    outcome:
      description: V(ok), V(drift), or V(no_report) if the vault could not be read.
      type: str
    message:
      description: One paragraph, which begins with C(DRIFT:), C(NO REPORT:) or C(OK:).
      type: str
    lines:
      description: The sums, as lines for the output of a run.
      type: list
      elements: str
    findings:
      description: The lines of the CSV file, if there are findings.
      type: list
      elements: str
    stats:
      description: The sums as data.
      type: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def drift_report_files(
    report: Mapping[str, Any], formats: Sequence[str], path: str, summary: str = "", written: bool = True
) -> dict[str, Any]:
    """Return the contents and what there is to say; raise AnsibleFilterError for what is not a report."""
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_end import FORMATS, end_of
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

    if set(formats) - set(FORMATS):
        raise AnsibleFilterError(f"drift_report_files: formats must be a list of: {', '.join(FORMATS)}")
    try:
        wrapped: dict[str, Any] = untrusted(end_of(report, formats, path, summary, written=written))
    except (LookupError, TypeError, AttributeError) as error:
        raise AnsibleFilterError("drift_report_files: the input must be a drift report") from error
    return wrapped


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_files": drift_report_files}
