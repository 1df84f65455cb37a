# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to CyberArk's PVWA within a session, and its lists, page by page. Internal to the collection."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from .._common.errors import VaultError
from .._http.answer import Answer
from .._http.api_client import ApiClient
from .._http.client import HttpClient
from .._http.connection import Connection
from .answers import HINTS, NO_SESSION, UNSPECIFIED, Json, code_of, confirm, json_of, refusal
from .fields import value_of
from .session import API, JSON, Login, Session

C = TypeVar("C", bound="CyberArkClient")
PAGE_SIZE = 1000  # the most that the server takes
MAX_PAGES = 2000
MAX_EMPTY_PAGES = 3


class Rows(NamedTuple):
    """A list as far as the server shows it.

    :param cut: why there may be more, in words that go behind "the list is not complete: "; ``""`` if it is complete.
    """

    rows: list[Json]
    cut: str


class CyberArkClient(ApiClient):
    """What all calls have in common.

    :ivar server_time: of the last answer, in Unix seconds, as its header shows it.
    """

    def __init__(self, http: HttpClient, session: Session) -> None:
        super().__init__(http)
        self.session = session
        self.server_time = time.time()

    @classmethod
    def connect(cls: type[C], connection: Connection, login: Login, **options: Any) -> C:
        """Return a client; nothing is sent yet. *options* are those of HttpClient."""
        http = HttpClient(connection, headers={"Accept": "application/json"}, hints=HINTS, **options)
        return cls(http, Session(http, login))

    def close(self) -> None:
        """Log off and close all connections; never raises."""
        self.session.close()
        super().close()

    def read(self, operation: str, path: str, body: Any = None, *, root: str = API) -> Answer:
        """Send a GET, or a POST that changes nothing if there is a *body*. A session that has ended is renewed once."""
        more: dict[str, Any] = {} if body is None else {"data": self.json_body(body), "headers": JSON}
        method = "GET" if body is None else "POST"
        self.session.open()
        answer = self.http.read(method, root + path, operation=operation, **more)
        if self.session.logs_on_itself and _ended(answer):
            self.session.renew()
            answer = self.http.read(method, root + path, operation=operation, **more)
        with suppress(KeyError, TypeError, ValueError):
            self.server_time = parsedate_to_datetime(answer.headers["Date"]).timestamp()
        return answer

    def write(self, operation: str, method: str, path: str, body: Any = None, *, right: str = "") -> Answer:
        """Send a write, and return its answer if that is a success."""
        self.session.open()
        given: dict[str, Any] = {}
        if body is not None:
            given = {"data": self.json_body(body), "headers": JSON}
        answer = self.http.write(method, API + path, operation=operation, **given)
        if answer.status >= 400:
            raise self.refused(answer, right)
        return answer

    def confirmed(self, answer: Answer) -> None:
        """Count a write whose answer has no body of its own, or raise for anything but a success."""
        confirm(answer)
        self.written += 1

    def json_of(self, answer: Answer, right: str = "") -> Any:
        """Return the parsed body of a success; raise the clear error for anything else."""
        if answer.status >= 400:
            raise self.refused(answer, right)
        return json_of(answer)

    def refused(self, answer: Answer, right: str = "") -> VaultError:
        """Return the error for an answer of 400 and above."""
        error = refusal(answer, right)
        if answer.status in (401, 403) and self.session.lacks_bearer:
            return error.but(hint="The token looks like a JWT: put 'Bearer' and a blank in front of it.")
        return error

    def listed(
        self, operation: str, path: str, query: Mapping[str, str], check: Callable[[Any, Answer], Json], right: str
    ) -> Rows:
        """Return all rows of a list that the server shows, from all pages, each once.

        The list ends where there is no ``nextLink``; a page in its middle may be empty. Only where the next page
        begins is taken from the link, as it may not repeat the whole query. ``count`` may be that of the page or that
        of all; a server that cuts long lists (MaxDisplayedRecords) may end the links early, or answer with an error.

        :param check: returns a row, or raises.
        """
        found: dict[str, Json] = {}
        offset = empty = total = length = 0
        for _page in range(MAX_PAGES):
            page = {**query, "offset": str(offset)} if offset else query
            answer = self.read(operation, f"{path}?{urlencode(page, quote_via=quote, safe='')}")
            if offset and answer.status == 500 and code_of(refusal(answer)) == UNSPECIFIED:
                return Rows(list(found.values()), f"the server has no page after row {offset}")
            body = self.json_of(answer, right)
            rows = value_of(body, "value")
            if not isinstance(rows, list):
                raise answer.unexpected("has no list of objects")
            known = len(found)
            found.update({_key(row): row for row in (check(row, answer) for row in rows)})
            total, length = max(total, _whole(value_of(body, "count"))), len(rows)
            empty = empty + 1 if len(found) == known else 0
            following = value_of(body, "nextLink")
            if not following:
                return Rows(list(found.values()), _cut(len(found), total, length, query))
            after = _offset(following)
            if after <= offset or empty >= MAX_EMPTY_PAGES:
                raise answer.unexpected("has a link to a next page that leads nowhere")
            offset = after
        raise answer.unexpected(f"is one of more than {MAX_PAGES} pages")


def _cut(found: int, total: int, length: int, query: Mapping[str, str]) -> str:
    """Return why a list that has ended may not be complete, or ``""``."""
    if total > found:
        return f"the server shows {found} of {total}"
    if length == PAGE_SIZE == int(query["limit"]):  # a limit of the server that is a round number
        return f"the server shows {found}, and the last page is full"
    return ""


def _key(row: Json) -> str:
    return str(value_of(row, "id") or sorted(map(str, row.items())))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _ended(answer: Answer) -> bool:
    return answer.status == 401 or (answer.status == 403 and code_of(refusal(answer)) in NO_SESSION)


def _offset(link: object) -> int:
    try:
        return int(parse_qs(urlsplit(str(link)).query)["offset"][0])
    except (ValueError, KeyError):
        return 0
