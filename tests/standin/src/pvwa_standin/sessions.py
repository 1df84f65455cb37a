# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logon and Logoff (contract A.2)."""

from __future__ import annotations

import secrets
import uuid

from pvwa_standin import failures, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import User
from pvwa_standin.texts import Problem
from standin_core.product import Answer

METHODS = ("cyberark", "ldap", "radius", "windows")
# DOC: newPassword is for these two only.
TAKES_NEW_PASSWORD = ("cyberark", "ldap")
FIELDS = ("username", "password", "newPassword", "concurrentSession", "type", "additionalInfo", "secureMode")
COOKIE = "CA22222"  # CODE POSTMAN


def logon(call: ApiCall) -> Answer:
    """POST /API/auth/{method}/Logon: 200 and the token as a JSON string; a cookie (CODE POSTMAN).

    With IIS and Windows authentication the answer holds no token (profile ``windows_logon``).
    403 PASWS013E, 409 for an expired password, 500 ITATS542I for a RADIUS challenge (CODE AIOB).
    """
    if call.profile["edition"] == "cloud":
        return failures.not_found()
    given = call.bind(FIELDS)
    for name in ("username", "password"):
        if not isinstance(given.get(name), str) or not given[name]:
            raise FailedError(texts.MISSING, name=name)
    method = call.args["method"].casefold()
    user = call.state.user(given["username"])
    if user is None or not _right_password(call, user, method, given["password"]):
        problem = texts.BAD_LOGON
        raise FailedError(Problem(int(call.profile["logon_failure"]), *problem[1:]), name=given["username"])
    if given.get("newPassword") and method in TAKES_NEW_PASSWORD:
        user.password, user.password_expired = str(given["newPassword"]), False
    if user.password_expired:
        raise FailedError(texts.PASSWORD_EXPIRED, name=user.name)
    if method == "windows" and call.profile["windows_logon"] == "object":
        # CODE PSPAS#133, PSPAS#245: the client then logs on by another method.
        return done({"AdditionalInfo": "", "UserName": user.name})
    _make_room(call, user, given.get("concurrentSession") is True)
    session = call.state.open_session(user, secrets.token_hex(8))
    call.user = user.name
    return done(session.token, headers={"Set-Cookie": _cookie(call, session.cookie)})


def _right_password(call: ApiCall, user: User, method: str, password: str) -> bool:
    """Compare a password; RADIUS may want a one-time passcode too. Raises FailedError (ITATS542I)."""
    if method != "radius":
        return secrets.compare_digest(password.encode(), user.password.encode())
    wanted = call.profile["radius"]
    if password == f"{user.password},{user.otp}":
        return True
    if wanted == "password":
        return password == user.password
    if wanted == "otp":
        return False
    asked = [cookie for cookie in call.cookies.values() if call.state.challenges.get(cookie) == user.name]
    if asked and password == user.otp:
        del call.state.challenges[asked[0]]
        return True
    if password != user.password:
        return False
    challenge = FailedError(texts.RADIUS_CHALLENGE)
    cookie = secrets.token_hex(8)
    call.state.challenges[cookie] = user.name
    challenge.headers["Set-Cookie"] = _cookie(call, cookie)
    raise challenge


def _make_room(call: ApiCall, user: User, concurrent: bool) -> None:
    """End the user's other sessions, or count them. Raises FailedError."""
    state = call.state
    state.drop_old_sessions()
    if not concurrent:
        state.expire(user.name, bearer=False)
    limit = int(float(call.profile["max_sessions"]))
    if sum(state.same(one.user, user.name) and not one.bearer for one in state.sessions.values()) >= limit:
        raise FailedError(texts.TOO_MANY_SESSIONS, name=user.name, limit=limit)


def _cookie(call: ApiCall, value: str) -> str:
    """Return the Set-Cookie header; ``secure`` only over HTTPS, or clients of plain HTTP lose it (INF)."""
    secure = "; secure" if call.host_url.startswith("https:") else ""
    return f"{COOKIE}={value}; path=/{call.profile['directory']}/{secure}; HttpOnly"


def logoff(call: ApiCall) -> Answer:
    """POST /API/Auth/Logoff: 200 ``{"LogoffUrl": ""}`` (DOC SWAGGER, POSTMAN); 401 without a session.

    No client sends it for a bearer token; that it ends nothing there is INF.
    """
    if not call.bearer:
        del call.state.sessions[call.token]
    return done({"LogoffUrl": ""})


def server(call: ApiCall) -> Answer:
    """GET /WebServices/PIMServices.svc/Server: the version, which clients ask for (CODE AIOB, PSPAS)."""
    version = call.profile["version"]
    return done(
        {
            "ApplicationName": call.profile["directory"],
            "AuthenticationMethods": [],
            "ExternalVersion": version,
            "InternalVersion": version,
            "ServerId": str(uuid.uuid5(uuid.NAMESPACE_DNS, "pvwa-standin")),
            "ServerName": "Vault",
        }
    )
