# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a CyberArk vault: searches for accounts that change nothing. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import TEXT, cleaned_text, cleaned_texts, read_values
from .._engine.task import Arguments, Query
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, connect
from .fields import ACCOUNT, LINKS, by_pointer, value_of
from .find import check_ends
from .management import TIMES, management_of

SHOWN = tuple(item for item in ACCOUNT if item.read and item.option not in LINKS)


class AccountInfo(Query):
    """``cyberark_account_info``. Requests: 1 for each 1000 accounts, and 1 for each account with details."""

    client: CyberArk
    arguments = Arguments(
        options={
            **CONNECTION,
            "search": {"type": "str"},
            "search_type": {"type": "str", "choices": ["contains", "startswith"], "default": "contains"},
            "safe": {"type": "str"},
            "filter": {"type": "list", "elements": "str"},
            "details": {"type": "bool", "default": False},
        },
    )

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> CyberArk:
        """Return a client; see ``connect`` of ``connect``."""
        return connect(params, **options)

    def result(self) -> dict[str, Any]:
        """Return the accounts that the search finds, and whether the server showed all of them."""
        search, safe = cleaned_texts({"search": TEXT, "safe": TEXT}, self.params).values()
        check_ends({"safe": safe})
        filters = [cleaned_text(TEXT, "filter", {"filter": text}).strip() for text in self.params["filter"] or []]
        if not all(filters):
            raise InputError("filter must have no empty entry")
        rows, cut = self.client.search(search, self.params["search_type"], safe, filters)
        if cut:
            self.warn(f"The list of accounts is not complete: {cut}. Narrow it, or have MaxDisplayedRecords raised.")
        found = [self._described(self._detailed(row) if self.params["details"] else row) for row in rows]
        msg = f"found {len(found)} account{'' if len(found) == 1 else 's'}"
        return {"msg": msg, "accounts": found, "complete": not cut}

    def _detailed(self, row: Json) -> Json:
        """Read one account; one that went in the meantime is told as it was listed."""
        account_id = str(value_of(row, "id"))
        return self.client.account(account_id, f"account '{one_line(value_of(row, 'name'))}'") or row

    def _described(self, record: Json) -> dict[str, Any]:
        values = read_values(SHOWN, by_pointer(record))
        found = {"account_id": str(value_of(record, "id")), **{item.option: values.get(item.option) for item in SHOWN}}
        if self.params["details"]:
            state = management_of(record)
            found["status"] = state.status or None
            found.update({name: _when(getattr(state, name)) for name in TIMES.values()})
        return found


def _when(seconds: int | None) -> str | None:
    """Return a time in words that sort, ``None`` for never."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
