# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that a drift report asks the vault about. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def bad_accounts(accounts: Any) -> str:
    """Return a sentence about what is not a list of dictionaries, or ``""``. No value is quoted: it may be a secret."""
    if not isinstance(accounts, (list, tuple)):
        return "drift_report_accounts must be a list. Even a single entry begins with a dash."
    wrong = [number for number, entry in enumerate(accounts) if not isinstance(entry, Mapping)]
    return f"drift_report_accounts[{wrong[0]}] must be a dictionary of options." if wrong else ""


def asked(accounts: Iterable[Mapping[str, Any]], *, tracked: bool) -> list[dict[str, Any]]:
    """Return the accounts without passwords, and with policies that read none, whatever the data say for writing."""
    policies: dict[str, Any] = {
        "update_password": "on_create",
        "update_write_only": "tracked" if tracked else "on_edit",
    }
    if not tracked:
        policies["purge"] = False
    return [{**{key: value for key, value in entry.items() if key != "password"}, **policies} for entry in accounts]
