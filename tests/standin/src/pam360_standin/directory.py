# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, user groups, resource groups and the audit trail (contract sections 6 to 8)."""

from __future__ import annotations

from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, found_by_search, page, success
from pam360_standin.fields import checked
from pam360_standin.model import ResourceGroup, User
from pam360_standin.resources import miss
from pam360_standin.state import new_token
from standin_core.product import Answer

USER_FIELDS = (
    "FIRSTNAME",
    "LASTNAME",
    "USERNAME",
    "EMAIL",
    "SECONDARYEMAILID",
    "ROLE",
    "ROLEID",
    "DEPARTMENT",
    "LOCATION",
    "USERGROUPNAME",
    "RESTAPIACCESS",
    "SDKACCESS",
    "ISAPIUSER",
    "OWNERNAMEOPTION",
    "EXPIRYDATE",
    "TOKENVALIDITYDAYS",
    "HOSTCHECK",
    "HOSTNAME",
    "FULLNAME",
    "POLICY",
    "PASSWORD",
    "ISSUPERADMIN",
)


def user_id(call: ApiCall) -> Answer:
    """GET /user/getUserId?USERNAME= (CODE); the text is invented."""
    found = call.state.user(call.query.get("USERNAME", ""))
    return success(call, texts.USER_ID_FOUND, {"USERID": found.id}) if found else miss(call, texts.NO_USER)


def user_group_id(call: ApiCall) -> Answer:
    """GET /user/getUserGroupId?USERGROUPNAME= (CODE allamiro); the text is invented."""
    found = call.state.user_group(call.query.get("USERGROUPNAME", ""))
    if found is None:
        return miss(call, texts.NO_USER_GROUP)
    return success(call, texts.USER_GROUP_ID_FOUND, {"USERGROUPID": found.id})


def create_user(call: ApiCall) -> Answer:
    """POST /user (DOC userapi-2, CODE pypmp): id and token are answered, their keys are invented."""
    given = call.known(USER_FIELDS)
    name = str(given.get("USERNAME") or "")
    if not name:
        raise FailedError(texts.USER_FIELD_MISSING.format(field="USERNAME"))
    if call.state.user(name):
        raise FailedError(texts.USER_EXISTS)
    full = given.get("FULLNAME") or f"{given.get('FIRSTNAME', '')} {given.get('LASTNAME', '')}".strip()
    user = User(call.state.next_id("user"), name, full, given.get("EMAIL", ""), given.get("ROLE", "Password User"))
    user.settings = {key: value for key, value in given.items() if key != "USERNAME"}
    details: dict[str, Any] = {"USERID": user.id}
    if str(given.get("ISAPIUSER", "false")).lower() == "true":
        user.token = details["AUTHTOKEN"] = new_token()
    call.state.users[user.id] = user
    call.state.note("User", "User Added", call.user.name)
    return success(call, texts.USER_CREATED.format(name=name), details)


def delete_user(call: ApiCall) -> Answer:
    """DELETE /user/<ID> (CODE pypmp); the text is invented."""
    if call.state.users.pop(call.args["user"], None) is None:
        raise FailedError(texts.NO_USER, "missing")
    call.state.note("User", "User Deleted", call.user.name)
    return success(call, texts.USER_DELETED)


def lock_user(call: ApiCall) -> Answer:
    """PUT /user/lock?USERNAME= (CODE pypmp); the text is invented."""
    return _locked(call, True)


def unlock_user(call: ApiCall) -> Answer:
    """PUT /user/unlock?USERNAME= (CODE pypmp); the text is invented."""
    return _locked(call, False)


def _locked(call: ApiCall, locked: bool) -> Answer:
    """Lock or unlock the user of the query."""
    found = call.state.user(call.query.get("USERNAME", ""))
    if found is None:
        raise FailedError(texts.NO_USER, "missing")
    found.locked = locked
    return success(call, texts.USER_LOCKED if locked else texts.USER_UNLOCKED)


def regenerate_token(call: ApiCall) -> Answer:
    """PUT /user/regenerateAuthtoken: status "true", statusCode 20000 (DOC authenticationapi-1)."""
    call.user.token = new_token()
    return success(call, texts.TOKEN_RENEWED, {"AUTHTOKEN": call.user.token}, modern=True)


def resource_groups(call: ApiCall) -> Answer:
    """GET /resourcegroup: lower-case ``details``, camelCase keys (DOC resourcegroupapi-4)."""
    given = call.known(("limit", "startIndex", "searchType", "searchValue", "searchColumn"))
    rows = [group for group in call.state.resource_groups.values() if _wanted(call, group, given)]
    rows, total = page(call, rows, given.get("startIndex"), given.get("limit"))
    as_number = call.profile["group_ids"] == "number"
    details = [
        {
            "resourceGroupId": checked(group.id) if as_number else group.id,
            "resourceGroupName": group.name,
            "resourceGroupDescription": group.description,
        }
        for group in rows
    ]
    return success(call, texts.RESOURCE_GROUPS, details or None, total=total)


def _wanted(call: ApiCall, group: ResourceGroup, given: dict[str, Any]) -> bool:
    """Return whether a resource group is one that the search wants."""
    kind, value = str(given.get("searchType") or "all"), str(given.get("searchValue") or "")
    if kind in ("static", "dynamic") and group.type != kind:
        return False
    columns = {"resourceGroupName": [group.name], "resourceGroupDescription": [group.description]}
    wanted = columns.get(str(given.get("searchColumn")), [group.name, group.description])
    return not value or found_by_search(call, value, *wanted)


def associate(call: ApiCall) -> Answer:
    """POST /resourcegroup/<ID>/associateResources with RESOURCEIDS (CODE allamiro)."""
    group = call.state.resource_groups.get(call.args["group"])
    if group is None:
        raise FailedError(texts.NO_RESOURCE_GROUP, "missing")
    numbers = call.known(("RESOURCEIDS",)).get("RESOURCEIDS")
    found = [call.state.resources.get(str(number)) for number in numbers] if isinstance(numbers, list) else []
    if not found or not all(found):
        raise FailedError(texts.NO_RESOURCE, "missing")
    for item in found:
        if item is not None and group.id not in item.groups:
            item.groups.append(group.id)
    return success(call, texts.RESOURCES_ASSOCIATED)


def audit(call: ApiCall) -> Answer:
    """GET /audit?AUDITTYPE=&STARTINDEX=&LIMIT=&DURATION= (CAP LCK): newest first, DURATION is not looked at."""
    kind = call.query.get("AUDITTYPE", "Resource")
    rows = [item for item in reversed(call.state.audit) if item.get("AUDITTYPE", "Resource") == kind]
    rows, total = page(call, rows, call.query.get("STARTINDEX"), call.query.get("LIMIT"))
    shown = [{key: value for key, value in item.items() if key != "AUDITTYPE"} for item in rows]
    return success(call, texts.AUDITS, shown or None, total=total)
