# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of accounts, resources and resource groups (contract section 5). None can be read back."""

from __future__ import annotations

from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.model import Shares
from standin_core.product import Answer


def account(call: ApiCall) -> Answer:
    """PUT .../accounts/<A>/share with USERID (DOC S003) or USERGROUPID (CODE allamiro)."""
    resource, item = call.account()
    given = call.known(("ACCESSTYPE", "USERID", "USERGROUPID"))
    access, kind, who = _wanted(call, given)
    if access == "fullaccess" and call.profile["account_fullaccess"] == "refused":
        raise FailedError(texts.NO_FULL_ACCESS)
    _grant(call, item.shares, access, kind, who)
    call.state.note("Resource", "Account Shared", call.user.name, resource.name, item.name)
    return success(call, _text(access, kind))


def resource(call: ApiCall) -> Answer:
    """PUT /resources/<R>/share (CODE allamiro); operation name and text are invented."""
    item = call.resource()
    access, kind, who = _wanted(call, call.known(("ACCESSTYPE", "USERID", "USERGROUPID")))
    _grant(call, item.shares, access, kind, who)
    call.state.note("Resource", "Resource Shared", call.user.name, item.name)
    return success(call, _text(access, kind))


def resource_groups(call: ApiCall) -> Answer:
    """PUT /resourcegroup/share: camelCase keys inside Details (CODE allamiro)."""
    given = call.known(("resourceGroupIds", "userIds", "userGroupIds", "accessType"))
    groups = [call.state.resource_groups.get(str(number)) for number in _list(given.get("resourceGroupIds"))]
    whom = [{"USERID": number} for number in _list(given.get("userIds"))]
    whom += [{"USERGROUPID": number} for number in _list(given.get("userGroupIds"))]
    if not groups or not all(groups):
        raise FailedError(texts.NO_RESOURCE_GROUP, "missing")
    if not whom:
        raise FailedError(texts.WHOM_MISSING)
    grants = [_wanted(call, {"ACCESSTYPE": given.get("accessType"), **one}) for one in whom]
    for group in groups:
        for access, kind, who in grants:
            if group is not None:
                _grant(call, group.shares, access, kind, who)
    return success(call, _text(*grants[0][:2]))


def _list(value: Any) -> list[Any]:
    """Return a list as it is, nothing else."""
    return value if isinstance(value, list) else []


def _wanted(call: ApiCall, given: dict[str, Any]) -> tuple[str, str, str]:
    """Return access type, kind of grantee and its id. Raises FailedError (texts invented)."""
    access = str(given.get("ACCESSTYPE"))
    if access not in texts.GRANTED:
        raise FailedError(texts.BAD_ACCESS_TYPE)
    user, group = given.get("USERID"), given.get("USERGROUPID")
    if (user is None) == (group is None):
        raise FailedError(texts.WHOM_MISSING)
    if user is not None:
        if str(user) not in call.state.users:
            raise FailedError(texts.NO_USER, "missing")
        return access, "user", str(user)
    if str(group) not in call.state.user_groups:
        raise FailedError(texts.NO_USER_GROUP, "missing")
    return access, "group", str(group)


def _grant(call: ApiCall, shares: Shares, access: str, kind: str, who: str) -> None:
    """Keep one grant per grantee; a later one replaces it (INF). Raises FailedError."""
    if access != "revoke":
        shares[kind][who] = access
    elif shares[kind].pop(who, None) is None and call.profile["revoke_missing"] == "failed":
        raise FailedError(texts.NOT_SHARED)


def _text(access: str, kind: str) -> str:
    """Return the message of a grant."""
    return texts.GRANTED[access].format(whom="user" if kind == "user" else "user group")
