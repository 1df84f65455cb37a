# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of accounts, resources and resource groups (contract section 5). No known call reads them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.model import Shares
from pam360_standin.state import Named
from standin_core.product import Answer

WHOM = {"user": "user", "group": "user group"}
DEFAULT_GROUP = "Default Group"


def account(call: ApiCall) -> Answer:
    """PUT .../accounts/<A>/share with USERID (DOC S003) or USERGROUPID (CODE allamiro)."""
    resource, item = call.account()
    given = call.known(("ACCESSTYPE", "USERID", "USERGROUPID"))
    grant = _wanted(call, given)
    if grant.access == "fullaccess" and call.profile["account_fullaccess"] == "refused":
        raise FailedError(texts.NO_FULL_ACCESS)
    text = _grant(call, item.shares, grant)
    call.audit("Account Shared", resource, item, reason=grant.reason(call))
    return success(call, text)


def resource(call: ApiCall) -> Answer:
    """PUT /resources/<R>/share (CODE allamiro); operation name and text are invented."""
    item = call.resource()
    grant = _wanted(call, call.known(("ACCESSTYPE", "USERID", "USERGROUPID")))
    text = _grant(call, item.shares, grant)
    call.audit("Resource Shared", item, reason=grant.reason(call))
    return success(call, text)


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
        if group is not None and group.name == DEFAULT_GROUP and grants[0].access == "fullaccess":
            raise FailedError(texts.NO_FULL_ACCESS_TO_DEFAULT)
    done = [_grant(call, group.shares, grant) for group in groups if group is not None for grant in grants]
    for grant in grants:
        call.audit("Resource Group Shared", reason=grant.reason(call))
    return success(call, done[0])


def _list(value: Any) -> list[Any]:
    """Return a list as it is, nothing else."""
    return value if isinstance(value, list) else []


class Grant(NamedTuple):
    """What is to be granted: access type, kind of grantee (``user``, ``group``) and its id."""

    access: str
    kind: str
    who: str

    def reason(self, call: ApiCall) -> str:
        """Return what the audit says (invented)."""
        table: Mapping[str, Named] = call.state.users if self.kind == "user" else call.state.user_groups
        return f"{self.access} for {WHOM[self.kind]} {table[self.who].name}"


def _wanted(call: ApiCall, given: dict[str, Any]) -> Grant:
    """Return what is to be granted. Raises FailedError (texts invented)."""
    access = str(given.get("ACCESSTYPE"))
    if access not in texts.GRANTED:
        raise FailedError(texts.BAD_ACCESS_TYPE)
    user, group = given.get("USERID"), given.get("USERGROUPID")
    if (user is None) == (group is None):
        raise FailedError(texts.WHOM_MISSING)
    if user is not None:
        if str(user) not in call.state.users:
            raise FailedError(texts.NO_USER, "missing")
        return Grant(access, "user", str(user))
    if str(group) not in call.state.user_groups:
        raise FailedError(texts.NO_USER_GROUP, "missing")
    return Grant(access, "group", str(group))


def _grant(call: ApiCall, shares: Shares, grant: Grant) -> str:
    """Keep one grant per grantee, a later one replaces it (INF); return the message. Raises FailedError."""
    old = shares[grant.kind].get(grant.who, "revoke")
    if grant.access != "revoke":
        shares[grant.kind][grant.who] = grant.access
    elif shares[grant.kind].pop(grant.who, None) is None and call.profile["revoke_missing"] == "failed":
        raise FailedError(texts.NOT_SHARED)
    told = old == grant.access and call.profile["share_repeat"] == "distinct"
    return (texts.UNCHANGED if told else texts.GRANTED)[grant.access].format(whom=WHOM[grant.kind])


def of_account(call: ApiCall) -> Answer:
    """GET .../accounts/<A>/share, only with the profile share_read: invented, see ``_shown``."""
    return _shown(call, call.account()[1].shares)


def of_resource(call: ApiCall) -> Answer:
    """GET /resources/<R>/share, only with the profile share_read: invented, see ``_shown``."""
    return _shown(call, call.resource().shares)


def of_resource_group(call: ApiCall) -> Answer:
    """GET /resourcegroup/<G>/share, only with the profile share_read: invented, see ``_shown``."""
    group = call.state.resource_groups.get(call.args["group"])
    if group is None:
        raise FailedError(texts.NO_RESOURCE_GROUP, "missing")
    return _shown(call, group.shares)


def _shown(call: ApiCall, shares: Shares) -> Answer:
    """Return shares under the keys that grant them, a row each; no Details where there is none.

    No such call is documented or seen. Address, keys and shape are a guess, so that a client that
    tries can be tested, and prove nothing.
    """
    rows = [{"USERID": who, "ACCESSTYPE": access} for who, access in shares["user"].items()]
    rows += [{"USERGROUPID": who, "ACCESSTYPE": access} for who, access in shares["group"].items()]
    return success(call, texts.SHARES, rows or None)
