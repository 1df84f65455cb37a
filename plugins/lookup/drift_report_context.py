# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a drift report, and the reports before it, as a lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report_context
author:
  - vaultops.pam contributors (@vaultops)
short_description: Who runs a drift report, and the last reports of a folder
version_added: 0.1.0
description:
  - Returns what the role P(vaultops.pam.drift_report#role) has to know of the controller.
  - The user, or the job and the user of AWX, comes from the variables and the environment that AWX gives its jobs.
  - The commit is that of the project in AWX, of the Git repository around the playbook, or around the inventory if the
    playbook belongs to an installed collection. The repository is read as files; Git itself is not needed.
options:
  _terms:
    description: Folder of the reports. The ten JSON files in it that were written last are read.
    type: list
    elements: path
    required: true
seealso:
  - plugin: vaultops.pam.drift_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say which commit the playbooks are from
  ansible.builtin.debug:
    msg: "{{ lookup('vaultops.pam.drift_report_context', '/srv/reports').run.commit }}"
"""

RETURN = r"""
_raw:
  description: One entry for each folder.
  type: list
  elements: dict
  contains:
    run:
      description:
        - Texts C(user), C(job), C(controller), C(collection_version), C(commit) and C(limit). Empty if not known.
      type: dict
    former:
      description: Contents of the files, the one that was written last first.
      type: list
      elements: str
"""

import os
from pathlib import Path
from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_context import last_reports, run_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted


class LookupModule(LookupBase):
    """The lookup of this file."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return what is known of the run, and the last reports of each folder."""
        self.set_options(var_options=variables, direct=kwargs)
        run = run_of(variables or {}, os.environ, Path(__file__).absolute().parents[2])
        found: list[Any] = untrusted([{"run": run, "former": last_reports(folder)} for folder in terms])
        return found
