# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of a drift report as CSV, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_csv
author:
  - vaultops.pam contributors (@vaultops)
short_description: Findings of a drift report as CSV
version_added: 0.1.0
description:
  - Returns the findings of P(vaultops.pam.drift_report#filter) as the text of a CSV file (RFC 4180) with a line of
    headings.
  - A cell that a spreadsheet would take for a formula gets an apostrophe in front.
options:
  _input:
    description: The findings.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: The findings for a spreadsheet
  ansible.builtin.copy:
    content: "{{ report.findings | vaultops.pam.drift_report_csv }}"
    dest: /srv/reports/drift.csv
    mode: "0640"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

COLUMNS = ("category", "resource", "account", "setting", "wanted", "actual", "detail")
# A spreadsheet takes these for the begin of a formula, also in their wide form and after blanks.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CONTROL = ("\t", "\r", "\n")


def drift_report_csv(findings: Iterable[Mapping[str, str]]) -> str:
    """Return the text of the file; raise AnsibleFilterError for what is not a list of findings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # quotes where needed, ends lines with CR and LF
    writer.writerow(COLUMNS)
    try:
        writer.writerows([_cell(str(finding[column])) for column in COLUMNS] for finding in findings)
    except (KeyError, TypeError) as error:
        raise AnsibleFilterError("drift_report_csv: the input must be the findings of a drift report") from error
    wrapped: str = untrusted(text.getvalue())
    return wrapped


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(CONTROL) or text.lstrip().startswith(FORMULA) else text


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report_csv": drift_report_csv}
