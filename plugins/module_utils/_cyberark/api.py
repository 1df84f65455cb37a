# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client for the REST API of CyberArk's PVWA. Internal to the collection; takes plain arguments, knows no Ansible.

The facts come from the vendor's pages (SDK/UpdateAccount and its neighbours), from PVWA's own API description, and
from clients of real servers; where a fact is inferred, the docstring says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from .._common.errors import ExistsError, RefusedError, VaultError
from .._common.redaction import Redactor
from .._common.secret import Secret
from .._http.answer import Answer
from .._http.api_client import ApiClient
from .._http.client import HttpClient
from .._http.connection import Connection
from .answers import HINTS, NO_SESSION, Json, account_of, code_of, confirm, json_of, refusal
from .fields import value_of
from .session import API, JSON, Login, Session

PAGE_SIZE, MAX_SEARCH = 1000, 500  # the most that the server takes
# A search only narrows, so words that a URL cannot carry, or that may be folded in another way, are left out.
WORD = re.compile(r"[A-Za-z0-9._@\\-]+")


class CyberArk(ApiClient):
    """The calls that the modules need."""

    def __init__(self, http: HttpClient, login: Login) -> None:
        super().__init__(http)
        self.session = Session(http, login)

    @classmethod
    def connect(cls, connection: Connection, login: Login, **options: Any) -> CyberArk:
        """Return a client; nothing is sent yet. *options* are those of HttpClient."""
        options.setdefault("redactor", Redactor())
        return cls(HttpClient(connection, headers={"Accept": "application/json"}, hints=HINTS, **options), login)

    def close(self) -> None:
        """Log off and close all connections; never raises."""
        self.session.close()
        super().close()

    def _read(self, operation: str, path: str) -> Answer:
        """Send a GET. A session that has ended is renewed once."""
        self.session.open()
        answer = self.http.read("GET", API + path, operation=operation)
        if self.session.logs_on_itself and _ended(answer):
            self.session.renew()
            answer = self.http.read("GET", API + path, operation=operation)
        return answer

    def _write(self, operation: str, method: str, path: str, body: Any = None) -> Answer:
        self.session.open()
        given: dict[str, Any] = {}
        if body is not None:
            given = {"data": self.json_body(body), "headers": JSON}
        answer = self.http.write(method, API + path, operation=operation, **given)
        if answer.status >= 400:
            raise refusal(answer)
        return answer

    def accounts(self, safe: str, words: Sequence[str], label: str) -> list[Json]:
        """Return the accounts of a safe in which all of *words* may be found, from all pages.

        Only where the next page begins is taken from ``nextLink``: it may not repeat the whole query.
        """
        operation = f"Looking up {label}"
        query = {"filter": f"safeName eq {safe}", "limit": str(PAGE_SIZE)}
        search = " ".join(word for text in words for word in text.split() if WORD.fullmatch(word))
        if search and len(search) <= MAX_SEARCH:
            query["search"] = search
        found: list[Json] = []
        offset = 0
        while True:
            page = {**query, "offset": str(offset)} if offset else query
            answer = self._read(operation, f"Accounts?{urlencode(page, quote_via=quote, safe='')}")
            body = json_of(answer)
            rows = value_of(body, "value")
            if not isinstance(rows, list):
                raise answer.unexpected("has no list of accounts")
            found += [account_of(row, answer) for row in rows]
            following = value_of(body, "nextLink")
            if not following or not rows:
                return found
            after = _offset(following)
            if after <= offset:
                raise answer.unexpected("has a link to a next page that leads nowhere")
            offset = after

    def account(self, account_id: str, label: str) -> Json | None:
        """Return an account, or ``None`` for an unknown id."""
        answer = self._read(f"Reading {label}", f"Accounts/{account_id}/")
        if answer.status == 404 and isinstance(refusal(answer), RefusedError):
            return None
        return account_of(json_of(answer), answer)

    def add_account(self, body: Json, label: str) -> Json:
        """Create an account and return it; raise ExistsError when its name is taken (409)."""
        try:
            answer = self._write(f"Adding {label}", "POST", "Accounts", body)
        except VaultError as error:
            if error.http_status != 409 or not isinstance(error, RefusedError):
                raise
            raise _exists(error) from None
        return self._written_account(answer)

    def update_account(self, account_id: str, operations: Sequence[Json], label: str) -> Json:
        """Change an account in one request and return it."""
        try:
            answer = self._write(f"Editing {label}", "PATCH", f"Accounts/{account_id}/", operations)
        except VaultError as error:
            if error.http_status in (404, 501) and not error.server_details:
                raise error.but(hint=HINTS[405]) from None  # a page of IIS, which knows the address for other methods
            raise
        return self._written_account(answer)

    def _written_account(self, answer: Answer) -> Json:
        account = account_of(answer.json(), answer)
        self.written += 1
        return account

    def delete_account(self, account_id: str, label: str) -> None:
        """Delete an account (204)."""
        confirm(self._write(f"Removing {label}", "DELETE", f"Accounts/{account_id}/"))
        self.written += 1

    def set_secret(self, account_id: str, secret: Secret, label: str, *, entire_group: bool) -> None:
        """Set the secret in the vault, not on the target."""
        body = {"NewCredentials": secret, "ChangeEntireGroup": entire_group}
        confirm(self._write(f"Setting the secret of {label}", "POST", f"Accounts/{account_id}/Password/Update", body))
        self.written += 1


def _ended(answer: Answer) -> bool:
    return answer.status == 401 or (answer.status == 403 and code_of(refusal(answer)) in NO_SESSION)


def _offset(link: object) -> int:
    try:
        return int(parse_qs(urlsplit(str(link)).query)["offset"][0])
    except (ValueError, KeyError):
        return 0


def _exists(error: VaultError) -> ExistsError:
    return ExistsError(
        error.message,
        operation=error.operation,
        http_status=error.http_status,
        server_message=error.server_message,
        server_details=error.server_details,
        hint="An account of this name is in the safe: give account_id or name if that is the one.",
    )
