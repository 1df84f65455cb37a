# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that may change secrets, which the lookup of the same run may have read. Internal to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from ._action import VaultAction
from ._run_cache import forget
from ._run_cache_server import Account


class CacheAction(VaultAction):
    """Runs the task, on either road, and has the run's cache forget the accounts that it wrote to."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task and return its result."""
        result: dict[str, Any] = {"failed": True}  # if it is broken off, as by a timeout of the task
        try:
            result = super().run(tmp, task_vars)
        finally:
            if not self._task.check_mode:
                forget(*self._written(result))
        return result

    @abstractmethod
    def _written(self, result: Mapping[str, Any]) -> Iterator[Account]:
        """Yield what is known of the accounts that the task wrote to, or may have written to."""

    def _may_have_written(self, result: Mapping[str, Any]) -> bool:
        return bool(result.get("changed") or result.get("failed") or self._task.async_val)
