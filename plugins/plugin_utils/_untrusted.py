# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts from the vault must never be taken for templates. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def untrusted(value: Any) -> Any:
    """Return *value* with all texts in it marked, where Ansible needs that: before ansible-core 2.19."""
    try:
        from ansible.utils.unsafe_proxy import wrap_var
    except ImportError:  # in newer versions only trusted texts are templates
        return value
    return wrap_var(value)


def plain(value: Any) -> Any:
    """Return *value* with its containers as Python has them.

    Those of ansible-core 2.19 and newer resolve what is in them at each access. That is slow for a thousand hosts, and
    some comparisons fail.
    """
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
