# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of safes: list, get, add, update, remove (contract A.13)."""

from __future__ import annotations

from typing import Any

from pvwa_standin import paging, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import PREDEFINED, RIGHTS, Member, Safe
from pvwa_standin.safes import PAGE, url_id
from standin_core.product import Answer

PARAMETERS = ("filter", "search", "sort", "offset", "limit", "useCache")
NAME, PLACE, EXPIRY, PERMISSIONS, KIND = (
    "memberName",
    "searchIn",
    "membershipExpirationDate",
    "permissions",
    "memberType",
)
LEVELS = RIGHTS[-2:]
INITIATE, SPECIFY = RIGHTS[6:8]


def listing(call: ApiCall) -> Answer:
    """GET /API/Safes/{safe}/Members: filter memberType, membershipExpired, includePredefinedUsers; search."""
    safe = call.safe("viewSafeMembers")
    query = call.bind(PARAMETERS, call.query)
    rows = _filtered(call, safe, query.get("filter", ""))
    words = query.get("search", "").casefold()
    rows = [one for one in rows if words in one.name.casefold()]
    name, *order = query.get("sort", "memberName").casefold().split() or ["membername"]
    if name != "membername" or order not in ([], ["asc"], ["desc"]):
        raise FailedError(texts.INVALID, about=[("sort", f"can not be read: {query['sort']}")])
    rows.sort(key=lambda one: one.name.casefold(), reverse=order == ["desc"])
    link = f"api/Safes/{url_id(safe)}/Members"
    return done(paging.paged(call, query, rows, lambda one: shown(call, safe, one), link=link, size=PAGE))


def _filtered(call: ApiCall, safe: Safe, wanted: str) -> list[Member]:
    """Return the members that a filter lets through. Raises FailedError."""
    predefined = call.profile["predefined_in_list"] == "shown"
    rows = list(safe.members)
    for name, operator, value in paging.conditions(call, wanted):
        folded = value.casefold()
        match (name, operator, folded):
            case ("membertype", "eq", "user" | "group" | "role"):
                rows = [one for one in rows if one.kind.casefold() == folded]
            case ("membershipexpired", "eq", "true" | "false"):
                rows = [one for one in rows if expired(call, one) is (folded == "true")]
            case ("includepredefinedusers", "eq", "true" | "false"):
                predefined = folded == "true"
            case _:
                raise paging.unreadable(f"{name} {operator} {value}".strip())
    if predefined:
        kinds = {value.casefold() for name, _eq, value in paging.conditions(call, wanted) if name == "membertype"}
        rows += [one for one in PREDEFINED if not kinds or one.kind.casefold() in kinds]
    return rows


def expired(call: ApiCall, member: Member) -> bool:
    """Return whether a membership is over."""
    return member.expires is not None and member.expires <= call.state.now()


def details(call: ApiCall) -> Answer:
    """GET .../Members/{member}: 200 and the member; 404, also for predefined ones (CODE PSPAS#156; a profile)."""
    safe = call.safe("viewSafeMembers")
    member = _member(call, safe)
    if member in PREDEFINED and call.profile["predefined_by_name"] == "not_found":
        raise FailedError(texts.NO_MEMBER)
    return done(shown(call, safe, member))


def add(call: ApiCall) -> Answer:
    """POST .../Members: 201 and the member; 404 for whom nobody knows, 409 SFWS0012, 400 PASWS167E."""
    safe = call.safe("manageSafeMembers")
    given = call.bind((NAME, PLACE, EXPIRY, PERMISSIONS, KIND))
    name = rules.text_of(call, NAME, given.get(NAME, ""))
    if not name:
        raise FailedError(texts.MISSING, name=NAME)
    place = rules.text_of(call, PLACE, given.get(PLACE, ""))
    if place not in ("", "Vault") and call.state.find(call.state.directories, place) is None:
        # CODE PSPAS#540: these words for a place that is none.
        raise FailedError(texts.INVALID, about=[(PLACE, f"names no directory: {place}")])
    found = call.state.principal(name, place)
    if call.state.member(safe, found[0] if found else name) is not None:
        raise FailedError(texts.IS_MEMBER, name=name, safe=safe.name)
    kind = rules.text_of(call, KIND, given.get(KIND, found[1] if found else ""))
    if found is None or kind.casefold() != found[1].casefold():
        raise FailedError(texts.NO_MEMBER)
    member = Member(found[0], found[1], _permissions(call, given, []), _expiry(given), place or "Vault")
    safe.members.append(member)
    return done(shown(call, safe, member), 201)


def update(call: ApiCall) -> Answer:
    """PUT .../Members/{member}: 200 and the member; what is left out is cleared (CODE PSPAS; profile ``put``).

    400 PASWS167E; 403 SFWS0013 for oneself, PASWS041E for a predefined one; 404.
    """
    safe = call.safe("manageSafeMembers")
    member = _changeable(call, safe)
    given = call.bind((EXPIRY, PERMISSIONS))
    keeps = call.profile["put"] == "keeps"
    permissions = _permissions(call, given, member.permissions if keeps else [])
    null = any(name.casefold() == EXPIRY.casefold() for name in call.body())
    member.expires = member.expires if keeps and not null else _expiry(given)
    member.permissions = permissions
    return done(shown(call, safe, member))


def remove(call: ApiCall) -> Answer:
    """DELETE .../Members/{member}: 204 without a body; 403 SFWS0013 for oneself; 404."""
    safe = call.safe("manageSafeMembers")
    safe.members.remove(_changeable(call, safe))
    return done(status=204)


def _member(call: ApiCall, safe: Safe) -> Member:
    """Return the member of the path. Raises FailedError (404)."""
    member = call.state.member(safe, call.args["member"])
    if member is None:
        raise FailedError(texts.NO_MEMBER)
    return member


def _changeable(call: ApiCall, safe: Safe) -> Member:
    """Return the member of the path if the caller may change it. Raises FailedError (404, 403)."""
    member = _member(call, safe)
    if member in PREDEFINED:
        raise FailedError(texts.PREDEFINED_MEMBER, name=member.name)
    if call.state.same(member.name, call.user):
        raise FailedError(texts.OWN_MEMBERSHIP)
    return member


def _permissions(call: ApiCall, given: dict[str, Any], kept: list[str]) -> list[str]:
    """Return the permissions of a body; those left out are ``kept`` or false. Raises FailedError (PASWS167E)."""
    block = given.get(PERMISSIONS, {})
    if not isinstance(block, dict):
        raise FailedError(texts.INVALID, about=[(PERMISSIONS, "should be an object")])
    flags = {name: rules.flag_of(name, value) for name, value in call.bind(RIGHTS, block).items()}
    held = [name for name in RIGHTS if flags.get(name, name in kept)]
    # INF: IDSEC checks the first, no set has both levels.
    if SPECIFY in held and INITIATE not in held:
        raise FailedError(texts.INVALID, about=[(SPECIFY, f"needs {INITIATE}")])
    if set(LEVELS) <= set(held):
        raise FailedError(texts.INVALID, about=[(LEVELS[0], f"excludes {LEVELS[1]}")])
    return held


def _expiry(given: dict[str, Any]) -> int | None:
    """Return the end of a membership in Unix seconds; null is none. Raises FailedError (PASWS018E)."""
    value = given.get(EXPIRY)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise FailedError(texts.NOT_NUMERIC, name=EXPIRY)
    return value


def shown(call: ApiCall, safe: Safe, member: Member) -> dict[str, Any]:
    """Return a member as the server shows it (DOC)."""
    return {
        "safeUrlId": url_id(safe),
        "safeName": safe.name,
        "safeNumber": safe.number,
        "memberId": call.state.member_id(member.name),
        "memberName": member.name,
        "memberType": member.kind,
        "membershipExpirationDate": member.expires,
        "isExpiredMembershipEnable": expired(call, member),
        "isPredefinedUser": member in PREDEFINED,
        "isReadOnly": False,
        "permissions": {name: name in member.permissions for name in RIGHTS},
    }
