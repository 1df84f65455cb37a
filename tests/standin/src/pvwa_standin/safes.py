# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Safes: list, get, add, update, delete (contract A.12)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from pvwa_standin import paging, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import FULL, ROOT, Member, Safe
from standin_core.product import Answer

PAGE = 25
PARAMETERS = ("search", "sort", "offset", "limit", "includeAccounts", "extendedDetails", "useCache")
NAME, DESCRIPTION, LOCATION, OLAC = "safeName", "description", "location", "olacEnabled"
MANAGING, PURGE = "managingCPM", "autoPurgeEnabled"
VERSIONS, DAYS = "numberOfVersionsRetention", "numberOfDaysRetention"
FIELDS = (NAME, DESCRIPTION, LOCATION, OLAC, MANAGING, VERSIONS, DAYS, PURGE)
RANGES = {VERSIONS: (1, 999), DAYS: (0, 3650)}
FORBIDDEN = re.compile(r'[\\/:*<>.|?"%&+]|^ ')
MAX_NAME = 28
MAX_DESCRIPTION = 100
# What PSPAS sorts by; each with asc or desc behind it.
SORTED = {"safename": lambda one: one.name.casefold(), "managingcpm": lambda one: one.cpm.casefold()}


def listing(call: ApiCall) -> Answer:
    """GET /API/Safes: the safes in which the caller has a membership."""
    query = call.bind(PARAMETERS, call.query)
    words = query.get("search", "").casefold()
    rows = [one for one in call.state.safes.values() if call.state.memberships(call.user, one)]
    rows = [one for one in rows if words in one.name.casefold()]
    name, *order = query.get("sort", "safeName").casefold().split() or ["safename"]
    if name not in SORTED or order not in ([], ["asc"], ["desc"]):
        raise FailedError(texts.INVALID, about=[("sort", f"can not be read: {query['sort']}")])
    rows.sort(key=SORTED[name], reverse=order == ["desc"])
    whole = query.get("extendedDetails", "true").casefold() != "false"
    return done(
        paging.paged(
            call,
            query,
            rows,
            lambda one: shown(call, one, query) if whole else {"safeName": one.name},
            link="api/Safes",
            size=PAGE,
        )
    )


def details(call: ApiCall) -> Answer:
    """GET /API/Safes/{safe}: 200 and the safe; 404 SFWS0007."""
    return done(shown(call, call.safe(), call.bind(PARAMETERS, call.query)))


def add(call: ApiCall) -> Answer:
    """POST /API/Safes: 201 and the safe, the caller a member with all rights; 409 SFWS0002.

    400 PASWS017E, PASWS167E; 403 without the right of the vault.
    """
    call.need_vault("AddSafes")
    given = call.bind(FIELDS)
    name = _name(call, given)
    if call.state.safe(name) is not None:
        raise FailedError(texts.SAFE_EXISTS, name=name)
    if VERSIONS not in given and DAYS not in given:
        if call.profile["no_retention"] == "refused":
            raise FailedError(texts.MISSING, name=DAYS)
        given[DAYS] = 7
    safe = Safe(name, call.state.safe_number(), cpm="", creator=call.user, created=int(call.state.now()))
    _set(call, safe, given)
    # INF from SFWS0013, which EPV meets for the creator.
    safe.members.append(Member(call.user, permissions=list(FULL)))
    call.state.safes[name] = safe
    return done(shown(call, safe), 201)


def update(call: ApiCall) -> Answer:
    """PUT /API/Safes/{safe}: 200 and the safe; what is left out is cleared (CODE PSPAS; profile ``put``).

    400 PASWS017E, PASWS167E; 403; 404 SFWS0007; 409 SFWS0002.
    """
    safe = call.safe("manageSafe", "viewSafeMembers")
    call.need_vault("ManageSafes")
    given = call.bind(FIELDS)
    name = _name(call, given)
    other = call.state.safe(name)
    if other is not None and other is not safe:
        raise FailedError(texts.SAFE_EXISTS, name=name)
    if safe.olac and rules.flag_of(OLAC, given.get(OLAC, True)) is False:
        raise FailedError(texts.INVALID, about=[(OLAC, texts.OLAC_STAYS)])
    if call.profile["put"] == "clears":
        cleared = {DESCRIPTION: "", LOCATION: ROOT, MANAGING: "", PURGE: False}
        retention = {} if VERSIONS in given or DAYS in given else {DAYS: 0}
        given = {**cleared, **retention, **given}
    _set(call, safe, given)
    if name != safe.name:
        call.state.rename_safe(safe, name)
    return done(shown(call, safe))


def delete(call: ApiCall) -> Answer:
    """DELETE /API/Safes/{safe}: 204 without a body; what happens to its content is unknown (profile ``full_safe``)."""
    safe = call.safe("manageSafe")
    retained = [one for one in call.state.deleted.values() if one.safe == safe.name]
    if call.profile["full_safe"] == "refused" and (call.state.held(safe) or retained):
        raise FailedError(texts.SAFE_NOT_EMPTY, name=safe.name)
    call.state.delete_safe(safe)
    return done(status=204)


def url_id(safe: Safe) -> str:
    """Return the name as it stands in a URL."""
    return quote(safe.name, safe="")


def shown(call: ApiCall, safe: Safe, query: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a safe as the server shows it (DOC)."""
    with_accounts = (query or {}).get("includeAccounts", "").casefold() == "true"
    seen = "listAccounts" in call.state.rights(call.user, safe)
    held = call.state.held(safe) if with_accounts and seen else []
    return {
        "safeUrlId": url_id(safe),
        "safeName": safe.name,
        "safeNumber": safe.number,
        "description": safe.description,
        "location": safe.location,
        "creator": {"id": call.state.member_id(safe.creator), "name": safe.creator},
        "olacEnabled": safe.olac,
        "managingCPM": safe.cpm,
        "numberOfVersionsRetention": safe.versions,
        "numberOfDaysRetention": safe.days,
        "autoPurgeEnabled": safe.auto_purge,
        "creationTime": safe.created,
        "lastModificationTime": safe.changed,
        "accounts": [{"id": one.id, "name": one.name} for one in held],
        "isExpiredMember": False,
    }


def _name(call: ApiCall, given: dict[str, Any]) -> str:
    """Return the name that the body gives. Raises FailedError (PASWS017E, PASWS167E)."""
    name = rules.text_of(call, NAME, given.get(NAME, ""))
    if not name:
        raise FailedError(texts.MISSING, name=NAME)
    # A safe that has a bad name may keep it.
    if call.state.safe(name) is None and (len(name) > MAX_NAME or FORBIDDEN.search(name)):
        raise FailedError(texts.INVALID, about=[(NAME, f"should have 1 to {MAX_NAME} allowed characters")])
    return name


def _set(call: ApiCall, safe: Safe, given: dict[str, Any]) -> None:
    """Store what the body gives, after all of it was checked. Raises FailedError (PASWS018E, PASWS167E)."""
    description = rules.text_of(call, DESCRIPTION, given.get(DESCRIPTION, safe.description))
    cpm = rules.text_of(call, MANAGING, given.get(MANAGING, safe.cpm))
    location = rules.text_of(call, LOCATION, given.get(LOCATION, safe.location))
    olac = rules.flag_of(OLAC, given.get(OLAC, safe.olac))
    purge = rules.flag_of(PURGE, given.get(PURGE, safe.auto_purge))
    if len(description) > MAX_DESCRIPTION:
        raise FailedError(texts.INVALID, about=[(DESCRIPTION, f"should have at most {MAX_DESCRIPTION} characters")])
    known = next((one for one in call.state.cpms if call.state.same(one, cpm)), "")
    if cpm and not known:
        raise FailedError(texts.INVALID, about=[(MANAGING, f"names no CPM: {cpm}")])
    retention = {name: _retention(name, given[name]) for name in (VERSIONS, DAYS) if name in given}
    if len(retention) == 2:
        raise FailedError(texts.INVALID, about=[(VERSIONS, f"excludes {DAYS}")])
    if retention:
        safe.versions, safe.days = retention.get(VERSIONS), retention.get(DAYS)
    safe.description, safe.location, safe.cpm = description, location or ROOT, known
    safe.olac, safe.auto_purge = olac, purge
    safe.changed = int(call.state.now() * 1_000_000)


def _retention(name: str, value: Any) -> int:
    """Return a number of versions or days. Raises FailedError (PASWS018E, PASWS167E)."""
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise FailedError(texts.NOT_NUMERIC, name=name)
    if not low <= value <= high:
        raise FailedError(texts.INVALID, about=[(name, f"should be {low} to {high}")])
    return value
