# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Safes and their members in seeds and edits: the API's names, and ``rights`` for those of the API user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pvwa_standin.model import FULL, GROUP, RIGHTS, ROLE, USER, Member, Safe
from pvwa_standin.state import State

SAFE = {
    "name": "name",
    "number": "number",
    "description": "description",
    "location": "location",
    "managingCPM": "cpm",
    "olacEnabled": "olac",
    "numberOfVersionsRetention": "versions",
    "numberOfDaysRetention": "days",
    "autoPurgeEnabled": "auto_purge",
    "creator": "creator",
    "creationTime": "created",
    "lastModificationTime": "changed",
    "last_account": "last_account",
}
MEMBER = {
    "memberName": "name",
    "memberType": "kind",
    "permissions": "permissions",
    "membershipExpirationDate": "expires",
    "searchIn": "search_in",
}
# Of the web page, equal in two clients (CODE IDSEC, PSPAS).
USE = ("listAccounts", "useAccounts")
READ = (*USE, "retrieveAccounts")
SETS: dict[str, tuple[str, ...]] = {
    "connect_only": USE,
    "read_only": READ,
    "approver": ("listAccounts", "viewSafeMembers", "manageSafeMembers", "requestsAuthorizationLevel1"),
    "accounts_manager": (
        *READ,
        "addAccounts",
        "updateAccountContent",
        "updateAccountProperties",
        "initiateCPMAccountManagementOperations",
        "specifyNextAccountContent",
        "renameAccounts",
        "deleteAccounts",
        "unlockAccounts",
        "viewAuditLog",
        "viewSafeMembers",
        "manageSafeMembers",
        "accessWithoutConfirmation",
    ),
    "full": FULL,
}


def add_safe(state: State, given: Any) -> Safe:
    """Add a safe of a seed; it may be a bare name. Raises ValueError."""
    plain: Mapping[str, Any] = {"name": given} if isinstance(given, str) else given
    if not plain.get("name"):
        raise ValueError("a safe of the seed needs 'name'")
    safe = Safe(str(plain["name"]), state.safe_number(), creator=state.api_user, created=state.born)
    safe.changed = state.born * 1_000_000
    set_safe(state, safe, {"rights": None, **plain})
    state.safes[safe.name] = safe
    return safe


def set_safe(state: State, safe: Safe, given: Mapping[str, Any]) -> None:
    """Set what is named; ``rights`` null: the API user has all, unless it is among the members. Raises ValueError."""
    unknown = set(given) - {*SAFE, "rights", "members"}
    if unknown:
        raise ValueError(f"unknown key of a safe: {', '.join(sorted(unknown))}")
    for name, value in given.items():
        if name in SAFE:
            setattr(safe, SAFE[name], value)
    if given.get("numberOfVersionsRetention") is not None:
        safe.days = given.get("numberOfDaysRetention")
    elif given.get("numberOfDaysRetention") is not None:
        safe.versions = None
    if "members" in given:
        safe.members = [_member(state, one) for one in given["members"]]
    if "rights" in given:
        _set_rights(state, safe, given["rights"])


def _set_rights(state: State, safe: Safe, rights: Any) -> None:
    """Give the API user these rights; none take its membership away. Raises ValueError."""
    own = next((one for one in safe.members if state.same(one.name, state.api_user)), None)
    if rights is None and own is not None:
        return
    permissions = permissions_of(list(FULL) if rights is None else rights)
    if own is not None:
        own.permissions = permissions
    elif permissions:
        safe.members.insert(0, Member(state.api_user, permissions=permissions))
    if own is not None and not permissions:
        safe.members.remove(own)


def _member(state: State, given: Any) -> Member:
    """Return a member of a seed; it may be a bare name, which has no permission. Raises ValueError."""
    plain: Mapping[str, Any] = {"memberName": given} if isinstance(given, str) else given
    unknown = set(plain) - set(MEMBER)
    if unknown or not plain.get("memberName"):
        raise ValueError(f"a member of the seed has {', '.join(MEMBER)}, not {', '.join(sorted(plain))}")
    member = Member(**{MEMBER[name]: value for name, value in plain.items()})
    if "memberType" not in plain:
        found = state.principal(member.name, "" if member.search_in == "Vault" else member.search_in)
        member.kind = found[1] if found else USER
    if member.kind not in (USER, GROUP, ROLE):
        raise ValueError(f"'memberType' is User, Group or Role, not {member.kind!r}")
    member.permissions = permissions_of(member.permissions)
    return member


def permissions_of(given: Any) -> list[str]:
    """Return permissions in their order, of a list, a mapping or the name of a set. Raises ValueError."""
    if isinstance(given, str):
        if given not in SETS:
            raise ValueError(f"unknown set of permissions {given!r}; known: {', '.join(SETS)}")
        given = SETS[given]
    named = [name for name, on in given.items() if on] if isinstance(given, Mapping) else list(given)
    wrong = set(given) - set(RIGHTS)
    if wrong:
        raise ValueError(f"unknown right on a safe: {', '.join(sorted(wrong))}; known: {', '.join(RIGHTS)}")
    return [name for name in RIGHTS if name in named]


def written(state: State, safe: Safe) -> dict[str, Any]:
    """Return a safe as a seed has it; the predefined members are in every safe and in no seed."""
    own = next((one.permissions for one in safe.members if state.same(one.name, state.api_user)), [])
    return {
        **{name: getattr(safe, attribute) for name, attribute in SAFE.items()},
        "rights": list(own),
        "members": [
            {name: getattr(member, attribute) for name, attribute in MEMBER.items()} for member in safe.members
        ],
    }
