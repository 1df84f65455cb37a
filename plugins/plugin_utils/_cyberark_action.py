# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that may change secrets in CyberArk, which the lookup of the same run may have read. Internal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._cache_action import CacheAction
from ._run_cache_server import Account

NAMES = ("safe", "name", "user_name", "address")


class SecretAction(CacheAction):
    """A task that may change the secret of one account, or of its whole group."""

    def _written(self, result: Mapping[str, Any]) -> Iterator[Account]:
        if not self._may_have_written(result):
            return
        given, found = self._task.args, result.get("account") or {}
        if given.get("change_entire_group"):  # which accounts are in it is not known
            yield {"safe": str(found.get("safe") or given.get("safe") or "") or None}
            return
        account_id = result.get("account_id") or given.get("account_id")
        for names in (given, found):
            # A setting that a task gives beside the ID or the name may be another one than the account had.
            known = NAMES if names is found else _identifying(given)
            told = {name: str(names.get(name) or "") or None for name in known}
            yield {"safe": None, **told, "account_id": str(account_id or "") or None}


def _identifying(given: Mapping[str, Any]) -> tuple[str, ...]:
    if given.get("account_id"):
        return ()
    return ("safe", "name") if given.get("name") else ("safe", "user_name", "address")


class SafeAction(CacheAction):
    """A task that may remove a safe, or give it another name: all its accounts."""

    def _written(self, result: Mapping[str, Any]) -> Iterator[Account]:
        if self._may_have_written(result):
            names = (self._task.args.get(option) for option in ("name", "new_name"))
            yield from ({"safe": str(name)} for name in names if name)
