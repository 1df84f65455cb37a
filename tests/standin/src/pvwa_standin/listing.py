# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get accounts: search, filter, sort (contract A.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pvwa_standin import cpm, paging, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account
from pvwa_standin.shape import shown
from standin_core.product import Answer

PAGE = 50
MAX_SEARCH = 500
MAX_SORT = 3
PARAMETERS = ("search", "searchType", "sort", "offset", "limit", "filter")
SORTED: dict[str, Callable[[Account], Any]] = {
    "id": lambda one: one.id,
    "name": lambda one: one.name.casefold(),
    "address": lambda one: one.address.casefold(),
    "username": lambda one: one.user_name.casefold(),
    "platformid": lambda one: one.platform_id.casefold(),
    "safename": lambda one: one.safe.casefold(),
    "createdtime": lambda one: one.created,
    "categorymodificationtime": lambda one: one.category_modified,
}


def listing(call: ApiCall) -> Answer:
    """GET /API/Accounts: ``{"value", "count"[, "nextLink"]}``; no match is an empty list and 200."""
    query = call.bind(PARAMETERS, call.query)
    rows = _visible(call)
    rows = _filtered(call, rows, query.get("filter", ""))
    rows = _searched(call, rows, query.get("search", ""), query.get("searchType", "contains"))
    rows = _sorted(rows, query.get("sort", ""))
    cap = int(float(call.profile["max_displayed_records"]))

    def show(account: Account) -> dict[str, Any]:
        cpm.seen(call.state, account)
        return shown(call, account, in_list=True)

    return done(paging.paged(call, query, rows, show, link="api/Accounts", size=PAGE, cap=cap))


def _visible(call: ApiCall) -> list[Account]:
    """Return the accounts that the caller may see at all (INF: others are left out)."""
    state = call.state
    safes = {one.name for one in state.safes.values() if "listAccounts" in state.rights(call.user, one)}
    return [one for one in state.accounts.values() if one.safe in safes]


def _filtered(call: ApiCall, rows: list[Account], wanted: str) -> list[Account]:
    """Apply ``safeName eq X`` and ``modificationTime gte N``, joined by AND. Raises FailedError."""
    for name, operator, value in paging.conditions(call, wanted):
        match (name, operator):
            case ("safename", "eq") if value:
                rows = [one for one in rows if call.state.same(one.safe, value)]
            case ("modificationtime", "gte") if value.isdigit():
                rows = [one for one in rows if one.category_modified >= int(value)]
            case _:
                raise paging.unreadable(f"{name} {operator} {value}".strip())
    return rows


def _searched(call: ApiCall, rows: list[Account], wanted: str, kind: str) -> list[Account]:
    """Return the accounts in which the words are found. Raises FailedError."""
    if len(wanted) > MAX_SEARCH:
        raise FailedError(texts.INVALID, about=[("search", f"should have at most {MAX_SEARCH} characters")])
    if kind.casefold() not in ("contains", "startswith"):
        raise FailedError(texts.INVALID, about=[("searchType", "should be contains or startswith")])
    words = wanted.casefold().split()
    enough = all if call.profile["search_words"] == "all" else any

    def found(account: Account) -> bool:
        fields = [account.user_name, account.address, account.platform_id, *account.properties.values()]
        if call.profile["search_name"] == "yes":
            fields.append(account.name)
        folded = [field.casefold() for field in fields]
        if kind.casefold() == "startswith":
            return enough(any(field.startswith(word) for field in folded) for word in words)
        return enough(any(word in field for field in folded) for word in words)

    return [one for one in rows if found(one)] if words else rows


def _sorted(rows: list[Account], wanted: str) -> list[Account]:
    """Sort by up to three properties, each with asc or desc behind it. Raises FailedError."""
    parts = [part.split() for part in wanted.split(",") if part.strip()]
    if len(parts) > MAX_SORT:
        raise FailedError(texts.INVALID, about=[("sort", f"should name at most {MAX_SORT} properties")])
    for name, *order in reversed(parts):
        if name.casefold() not in SORTED or [one.casefold() for one in order] not in ([], ["asc"], ["desc"]):
            raise FailedError(texts.INVALID, about=[("sort", f"can not be read: {wanted}")])
        rows = sorted(rows, key=SORTED[name.casefold()], reverse=[one.casefold() for one in order] == ["desc"])
    return rows
