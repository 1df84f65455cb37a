# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of our own, which Ansible may evaluate. Internal to the collection."""

from __future__ import annotations


def trusted(template: str) -> str:
    """Return *template* marked, where Ansible needs that: since ansible-core 2.19."""
    try:
        from ansible.template import trust_as_template
    except ImportError:  # in older versions each text may be a template
        return template
    marked: str = trust_as_template(template)
    return marked
