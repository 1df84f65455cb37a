# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and user groups (contract section 6)."""

from __future__ import annotations

from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.model import User
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
        raise FailedError(texts.FIELD_MISSING.format(field="USERNAME"))
    if call.state.user(name):
        raise FailedError(texts.USER_EXISTS)
    full = given.get("FULLNAME") or f"{given.get('FIRSTNAME', '')} {given.get('LASTNAME', '')}".strip()
    user = User(call.state.next_id("user"), name, full, given.get("EMAIL", ""), given.get("ROLE", "Password User"))
    user.settings = {key: value for key, value in given.items() if key != "USERNAME"}
    details: dict[str, Any] = {"USERID": user.id}
    if str(given.get("ISAPIUSER", "false")).lower() == "true":
        user.token = details["AUTHTOKEN"] = new_token()
    call.state.users[user.id] = user
    call.audit("User Added", kind="User", reason=f"User {name} is added")
    return success(call, texts.USER_CREATED.format(name=name), details)


def delete_user(call: ApiCall) -> Answer:
    """DELETE /user/<ID> (CODE pypmp); the text is invented."""
    user = call.state.users.pop(call.args["user"], None)
    if user is None:
        raise FailedError(texts.NO_USER, "missing")
    call.audit("User Deleted", kind="User", reason=f"User {user.name} is deleted")
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
