# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that may change passwords, which the lookup of the same run may have read. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._action import VaultAction
from ._run_cache import forget


class PasswordAction(VaultAction):
    """Runs the task, on either road, and has the run's cache forget the accounts that it wrote to."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task and return its result."""
        result = super().run(tmp, task_vars)
        if not self._task.check_mode:
            for one in result.get("accounts") or [result]:
                if one.get("changed") or one.get("failed") or self._task.async_val:
                    forget(self._account(one))
        return result

    def _account(self, result: Mapping[str, Any]) -> dict[str, str | None]:
        """Return what is known of the account: from its result, or from the options where it failed."""
        given, found = self._task.args, result.get("account") or {}
        known = {
            "resource": found.get("resource") or given.get("resource"),
            "resource_id": result.get("resource_id") or given.get("resource_id"),
            "account": given.get("account") or given.get("name") or found.get("name"),
            "account_id": result.get("account_id") or given.get("account_id"),
        }
        return {key: str(value) if value else None for key, value in known.items()}
