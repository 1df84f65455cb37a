# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that may change passwords of PAM360, which the lookup of the same run may have read. Internal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._cache_action import CacheAction
from ._run_cache_server import Account


class PasswordAction(CacheAction):
    """A task that may change passwords of accounts."""

    def _written(self, result: Mapping[str, Any]) -> Iterator[Account]:
        """Yield what is known of the accounts that the task wrote to, or may have written to."""
        for one in result.get("accounts") or [result]:
            if self._may_have_written(one):
                yield self._account(one)
        for one in result.get("resources") or []:
            if self._may_have_written(one):
                yield from _accounts_of(one.get("resource_id"), one["resource"]["name"])

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


class ResourceAction(PasswordAction):
    """The same for a resource: all its accounts, as they come and go with it and with its name."""

    def _written(self, result: Mapping[str, Any]) -> Iterator[Account]:
        if self._may_have_written(result):
            given = self._task.args
            yield from _accounts_of(result.get("resource_id"), given.get("name"), given.get("new_name"))


def _accounts_of(resource_id: Any, *names: Any) -> Iterator[Account]:
    """Yield each of what the accounts of a resource may be known by: they were read by any of its names, or by IDs."""
    yield from ({"resource": str(name)} for name in names if name)
    if resource_id:
        yield {"resource_id": str(resource_id)}
