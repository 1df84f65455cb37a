# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts from the vault must never be taken for templates. Internal to the collection."""

from __future__ import annotations

from typing import Any


def untrusted(value: Any) -> Any:
    """Return *value* with all texts in it marked, where Ansible needs that: before ansible-core 2.19."""
    try:
        from ansible.utils.unsafe_proxy import wrap_var
    except ImportError:  # in newer versions only trusted texts are templates
        return value
    return wrap_var(value)
