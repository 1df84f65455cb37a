# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task reaches CyberArk: connection options and who logs on. Internal to the collection."""

from __future__ import annotations

import os
from abc import ABC
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from .._common.errors import InputError, NotFoundError
from .._common.secret import Secret
from .._engine.vault_object import VaultObject
from .._http.connection import check_url
from .._http.options import UNUSABLE, connection_of, connection_options, header_text, option, own_option
from .api import CyberArk
from .oauth import check_identity_url
from .session import METHODS, OAUTH, Login

LOGIN = ("username", "password")
DIRECTORY = "PasswordVault"
# What stands below the directory of the web application in the addresses of its pages and calls.
INSIDE = ("api", "v10", "webservices", "logon.aspx", "default.aspx")
CONNECTION: Mapping[str, Any] = {
    **connection_options("CYBERARK"),
    "username": own_option("CYBERARK", "username", type="str"),
    "password": own_option("CYBERARK", "password", type="str", no_log=True),
    "token": own_option("CYBERARK", "token", type="str", no_log=True),
    "auth_method": option("CYBERARK", "auth_method", type="str", choices=[*METHODS, OAUTH], default="cyberark"),
    "identity_url": option("CYBERARK", "identity_url", type="str"),
    "concurrent_session": option("CYBERARK", "concurrent_session", type="bool", default=True),
}


def connect(params: Mapping[str, Any], **options: Any) -> CyberArk:
    """Return a client for the connection options in *params*; raise InputError before any request."""
    login = login_of(params)
    connection = connection_of({**params, "url": web_application(params["url"])})
    return CyberArk.connect(connection, login, **options)


def web_application(url: str) -> str:
    """Return the address of the web application, whatever of it someone copied: from a browser, or of an API call.

    Its directory is ``PasswordVault`` unless another one is given, as the installer lets one choose it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # the check of the connection says what is wrong with it
    if not parts.netloc:
        return url
    path = [name for name in unquote(parts.path).replace("\\", "/").split("/") if name]
    names = [name.casefold() for name in path]
    inside = (at for at, name in enumerate(names) if name == DIRECTORY.casefold() or (at and name in INSIDE))
    end = next(inside, None)
    path = (path if end is None else path[:end]) or [DIRECTORY]
    if end is not None and names[end] == DIRECTORY.casefold() and path != [DIRECTORY]:
        path.append(DIRECTORY)
    query = (parts.query, parts.fragment) if end is None else ("", "")
    return urlunsplit((parts.scheme, parts.netloc, quote("/".join(("", *path))), *query))


def login_of(params: Mapping[str, Any]) -> Login:
    """Return who logs on, or a token. An option beats the environment variable of the other way."""
    given: dict[str, str] = {}
    by_name, by_token = any(params.get(name) is not None for name in LOGIN), params.get("token") is not None
    for name in (*LOGIN, "token"):
        variable = None if (by_token if name in LOGIN else by_name) else os.environ.get(f"CYBERARK_{name.upper()}")
        value = params.get(name) if params.get(name) is not None else variable or None
        if value is not None:
            given[name] = value
    if "token" in given:
        return _by_token(given)
    for name in LOGIN:
        if not given.get(name):
            hint = f"Or set CYBERARK_{name.upper()}, or give a token."
            raise InputError(f"{name} is required and must not be empty", code=UNUSABLE, hint=hint)
        try:
            given[name].encode()
        except UnicodeEncodeError:
            raise InputError(f"{name} holds bytes that are not valid UTF-8", code=UNUSABLE) from None
    return Login(
        username=given["username"],
        password=Secret(given["password"]),
        method=params["auth_method"],
        concurrent=params["concurrent_session"],
        identity_url=identity_of_tenant(params) if params["auth_method"] == OAUTH else "",
    )


def identity_of_tenant(params: Mapping[str, Any]) -> str:
    """Return the address of the Identity tenant; raise InputError for none. What is behind the host does not matter."""
    url = (params.get("identity_url") or "").strip()
    check_identity_url(url)
    check_url("identity_url", url.partition("?")[0].partition("#")[0], ("https", "http"))
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _by_token(given: Mapping[str, str]) -> Login:
    if len(given) > 1:
        raise InputError(
            "token is given, and username or password as well",
            code=UNUSABLE,
            hint="Give a token, or a name and a password; look at the variables CYBERARK_... too.",
        )
    if not given["token"].strip():
        raise InputError("token must not be empty", code=UNUSABLE)
    return Login(token=Secret(header_text("token", given["token"])))


class CyberArkObject(VaultObject, ABC):
    """Base of the objects of CyberArk."""

    client: CyberArk

    def take_as_made(self, error: NotFoundError) -> None:
        """In check mode, warn that what is missing is taken for what an earlier task makes; otherwise raise *error*."""
        if not self.client.http.read_only:
            raise error
        what = f"{error.message[:1].upper()}{error.message[1:]}"
        self.warn(f"{what}. Check mode assumes that an earlier task creates it.")

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> CyberArk:
        """Return a client; see ``connect`` of this file."""
        return connect(params, **options)
