# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bearer token from the Identity tenant of Privilege Cloud. Internal to the collection.

From the vendor's pages on API authentication of shared services, and from clients that do the same. How a wrong
client is answered is not known; the form of OAuth is inferred.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from .._common.errors import InputError
from .._common.secret import HiddenText, Secret
from .._common.wording import one_line
from .._http.answer import Answer
from .._http.client import HttpClient
from .answers import HINTS, refusal
from .fields import value_of

PATH = "/oauth2/platformtoken"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CHECK = (
    "Check identity_url, which is that of the Identity tenant, and username and password, which are those of a service"
    " user. It has to be an OAuth confidential client, and to have a role in Privilege Cloud."
)


class Bearer(NamedTuple):
    """A token, and for how many seconds it counts, if the answer says so."""

    token: Secret
    seconds: float | None


def bearer(http: HttpClient, identity_url: str, username: str, password: Secret) -> Bearer:
    """Ask for a token. Its requests count as those of *http*, and it is retried as a read, since it changes nothing."""
    operation = f"Getting a token for '{one_line(username)}'"
    form = {"grant_type": "client_credentials", "client_id": username, "client_secret": password.reveal()}
    tenant = HttpClient(
        replace(http.connection, url=identity_url),
        headers={"Accept": "application/json"},
        redactor=http.redact,
        warn=http.warn,
        hints=HINTS,
    )
    try:
        answer = tenant.read("POST", PATH, operation=operation, data=HiddenText(urlencode(form)), headers=FORM)
    finally:
        http.sent += tenant.sent
        http.retried += tenant.retried
        tenant.close()
    return _read(answer)


def _read(answer: Answer) -> Bearer:
    if answer.status >= 400:
        raise refusal(answer).but(hint=CHECK)
    body = answer.json()
    token, seconds = value_of(body, "access_token"), value_of(body, "expires_in")
    if not isinstance(token, str) or not token.strip():
        raise answer.unexpected("has no access token in it").but(hint=CHECK)
    known = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 < seconds < 1e9
    return Bearer(Secret(token), float(seconds) if known else None)


def check_identity_url(url: str) -> None:
    """Raise InputError where there is none."""
    if not url:
        raise InputError(
            "identity_url is required with auth_method: oauth2",
            code="bad_url",
            hint="It is the address of the Identity tenant, such as https://abc1234.id.cyberark.cloud.",
        )
