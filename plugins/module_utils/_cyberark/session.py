# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log on to CyberArk's PVWA, and off. Internal to the collection.

The token travels in the ``Authorization`` header alone. The cookies of the logon are kept, since behind a load
balancer a token counts on one node only.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._common.errors import AnswerError, AuthenticationError, InputError, VaultError
from .._common.secret import HiddenText, Secret
from .._common.wording import one_line
from .._http.client import HttpClient
from .answers import NO_SESSION, code_of, confirm, json_of, refusal
from .fields import value_of
from .oauth import bearer

# Within the directory of the web application, which is in the address.
API, FIRST_GENERATION = "/API/", "/WebServices/PIMServices.svc/"
JSON = {"Content-Type": "application/json"}
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
# How PVWA itself calls the ways to log on to it; OAUTH goes to another server.
METHODS: Mapping[str, str] = {"cyberark": "CyberArk", "ldap": "LDAP", "radius": "RADIUS", "windows": "Windows"}
OAUTH = "oauth2"
EARLY = 60.0  # seconds before its end at which a bearer token is renewed, so that no write meets the end

NOT_HERE = (
    "PVWA is not at this address. Check url: if the web application is not in the directory /PasswordVault, url must"
    " include its directory."
)
SECOND_LOG_ON = (
    "IIS accepted the user by Windows or PKI authentication, but PVWA wants a second method after that: choose"
    " auth_method cyberark, ldap or radius, or give a token."
)


@dataclass(frozen=True)
class Login:
    """Who logs on and how; or a token of someone who has done so."""

    token: Secret = field(default_factory=lambda: Secret(""))
    username: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    method: str = "cyberark"
    concurrent: bool = True
    identity_url: str = ""


class Session:
    """Logs on at the first need, and off at the end; with a given token, neither."""

    def __init__(self, http: HttpClient, login: Login) -> None:
        self.http = http
        self.login = login
        self.logged_on = False
        self._ends = math.inf  # by the clock of this process
        if login.token:
            http.redact.add(login.token)
            http.redact.add(login.token.reveal().split()[-1])  # "Bearer" and a token, for Privilege Cloud
            http.set_header("Authorization", login.token)
        else:
            http.redact.add(login.password)

    @property
    def logs_on_itself(self) -> bool:
        """Whether it logs on itself."""
        return not self.login.token

    @property
    def lacks_bearer(self) -> bool:
        """Whether the given token is one of Privilege Cloud, and lacks the word that has to stand before it."""
        return bool(JWT.fullmatch(self.login.token.reveal()))

    def open(self) -> None:
        """Log on, unless that is done.

        A log-on changes nothing, so check mode does it too, and it is retried as a read is. But not with RADIUS:
        a passcode counts once.
        """
        if not self.logs_on_itself or (self.logged_on and time.monotonic() < self._ends):
            return
        if self.login.method == OAUTH:
            self._get_bearer()
            return
        login = self.login
        operation = f"Logging on as '{one_line(login.username)}'"
        body = {"username": login.username, "password": login.password.reveal(), "concurrentSession": login.concurrent}
        answer = self.http.read(
            "POST",
            f"{API}auth/{METHODS[login.method]}/Logon/",
            operation=operation,
            once=login.method == "radius",
            data=HiddenText(json.dumps(body)),
            headers=JSON,
        )
        if answer.status == 404:
            raise refusal(answer).but(hint=NOT_HERE)
        try:
            token = json_of(answer)
        except AuthenticationError as error:  # a wrong password is answered by 403 too
            raise error.but(code="login_refused") from None
        if value_of(token, "AdditionalInfo") is not None:  # psPAS#133, #245
            raise answer.unexpected("has no session token in it, but asks for a second log-on").but(hint=SECOND_LOG_ON)
        if not isinstance(token, str) or not token:
            raise answer.unexpected("has no session token in it")
        self.http.redact.add(token)
        try:
            self.http.set_header("Authorization", Secret(token))
        except InputError:
            raise answer.unexpected("has a session token with characters that a header cannot carry") from None
        self.logged_on = True

    def _get_bearer(self) -> None:
        """Get a token of Privilege Cloud; it ends by itself, and no one logs off."""
        login = self.login
        found = bearer(self.http, login.identity_url, login.username, login.password)
        self.http.redact.add(found.token)
        try:
            self.http.set_header("Authorization", Secret(f"Bearer {found.token.reveal()}"))
        except InputError:
            raise AnswerError("the token has characters that a header cannot carry", operation="Logging on") from None
        self.logged_on = True
        if found.seconds is not None:
            self._ends = time.monotonic() + max(found.seconds - EARLY, found.seconds / 2)

    def renew(self) -> None:
        """Log on again, after the server has forgotten the session."""
        self.logged_on = False
        self.open()

    def close(self) -> None:
        """Log off; warn if that fails, and never raise."""
        if not self.logged_on or self.login.method == OAUTH:
            return
        self.logged_on = False
        try:
            confirm(self.http.read("POST", f"{API}Auth/Logoff", operation="Logging off", data="", headers=JSON))
        except VaultError as error:
            if error.http_status != 401 and code_of(error) not in NO_SESSION:  # else there is no session any more
                self.http.warn(f"{error} The session stays open until it times out.")
