# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP answer, and the clear errors for one that is not the API's. Internal to the collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .._common.errors import AnswerError, AuthenticationError, RefusedError, VaultError
from .._common.wording import one_line

STATUS_WORDS: Mapping[int, tuple[str, str]] = {
    400: ("the request is not valid for the server", ""),
    401: ("the server did not accept the login", "Check who logs on."),
    403: ("the server does not allow this", "Check the rights of the API user."),
    404: ("the address is unknown to the server", "Check url, and that the object still exists."),
    405: ("the web server does not allow this HTTP method", "Let it, or its proxy, pass PUT, PATCH and DELETE."),
    407: ("the proxy requires a login", "Check proxy."),
    408: ("the server gave up waiting", ""),
    413: ("the request is too large for the server", ""),
    429: ("the server has had too many requests", "Run the task again later."),
    500: ("the server had an internal error", "Check the server's log."),
    502: ("the gateway got no valid answer", "Check that the server behind it runs."),
    503: ("the service is not available", "Run the task again later."),
    504: ("the gateway got no answer in time", "Run the task again later."),
    599: (
        "the server's input filter took a value for harmful",
        "Look for HTML or script-like text such as < or > in the values.",
    ),
}
STATUS_CODES: Mapping[int, str] = {
    403: "not_allowed",
    404: "unknown_address",
    405: "method_not_allowed",
    407: "proxy_login",
    413: "request_too_large",
    429: "too_many_requests",
    599: "input_filter",
    **dict.fromkeys((408, 502, 503, 504), "server_unavailable"),
}
MAX_DEPTH = 100  # of JSON; answers of the products have less than ten
CONTAINERS = frozenset((dict, list))
MAX_DIGITS = 100  # of a number; more take long to convert, and are no ID and no count
MAX_WORDS = 4000  # characters of the server's words that are looked at


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer. The body is never part of a message.

    :param operation: what was being done, for messages.
    :param redact: takes secrets out of the server's words.
    :param write: the request asked for a change, so a failure may leave open whether it was made.
    :param hints: what to try with this product, by HTTP status, in place of the words above.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    charset: str | None
    operation: str
    redact: Callable[[str], str]
    write: bool = False
    hints: Mapping[int | None, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the parsed body; raise the fitting error for a redirect or a body that is not JSON."""
        if 300 <= self.status < 400:
            raise self._redirect()
        value = self._parsed()
        if isinstance(value, VaultError):
            raise value  # from here, where no variable holds the body
        return value

    def _parsed(self) -> Any:
        for charset in filter(None, ("utf-8-sig", self.charset)):  # JSON is UTF-8, whatever a label says
            with suppress(ValueError, LookupError, RecursionError):
                value = json.loads(self.content.decode(charset), parse_int=_number)
                deep = _is_deep(self.content, value)
                return self.unexpected(f"is nested more than {MAX_DEPTH} times") if deep else value
        return self._not_json()

    def server_words(self, text: object) -> str:
        """Return what the server said, redacted, on one line; nothing for what is no text."""
        if not isinstance(text, (str, int, float)) or text == "":
            return ""
        # What one line can show is far less, and to look for secrets in a megabyte takes long.
        return one_line(self.redact(str(text)[:MAX_WORDS]))

    def error(self, server_message: object = "", *, authentication: bool = False, enveloped: bool = True) -> VaultError:
        """Return the error for an answer that refuses, with the server's words when there are some.

        401 and 403 are about the caller; 5xx leaves open whether a write happened. A refusal outside the
        API's own envelope comes from a gateway or a wrong address, so it says nothing about an object, and a gateway
        may say it after the server has done the write; not so 429, which says that it was not begun.
        """
        words = self.server_words(server_message)
        meaning, hint = STATUS_WORDS.get(self.status, ("", ""))
        hint = self.hints.get(self.status, hint)
        details: dict[str, Any] = {
            "operation": self.operation,
            "http_status": self.status,
            "server_message": words,
            "hint": hint,
            "outcome_unknown": self.write and (self.status >= 500 or not (enveloped or self.status == 429)),
        }
        said = f"the server said '{words}'" if words else meaning
        message = said if self.status < 400 else f"HTTP {self.status}, {said or 'an error without a text'}"
        code = STATUS_CODES.get(self.status, "server_failed" if self.status >= 500 else "refused")
        if authentication or self.status in (401, 403):
            details["code"] = "not_allowed" if self.status == 403 and not authentication else "login_refused"
            details["hint"] = hint or self.hints.get(401, STATUS_WORDS[401][1])
            return AuthenticationError(message or meaning, **details)
        if self.status >= 500 or self.status in (408, 429) or not enveloped:
            return AnswerError(message, code=code, **details)
        code = "refused" if words else code
        return RefusedError(message or "the server refused without saying why", code=code, **details)

    def unexpected(self, what: str, code: str = "unexpected_answer") -> AnswerError:
        """Return the error for JSON of another shape than documented."""
        return AnswerError(
            f"the answer {what}",
            code=code,
            operation=self.operation,
            http_status=self.status,
            outcome_unknown=self.write,
            hint="Check that url leads to the vault's REST API.",
        )

    def _redirect(self) -> AnswerError:
        try:
            target = self.server_words(urlsplit(self.headers.get("Location", "")).hostname)
        except ValueError:
            target = ""
        return AnswerError(
            f"HTTP {self.status}, the server redirects to {target or 'another page'}, and redirects are not followed",
            code="redirect",
            operation=self.operation,
            http_status=self.status,
            outcome_unknown=self.write,
            hint="Put the final address into url.",
        )

    def _not_json(self) -> VaultError:
        if self.status >= 400:
            return self.error(enveloped=False)
        content = self.content.strip()
        if not content:
            return self.unexpected("is empty", "not_json")
        if content.startswith(b"<"):
            return self.unexpected("is a web page, such as a login page or that of a proxy, and not JSON", "web_page")
        return self.unexpected("is not complete JSON", "not_json")


def _number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("too long for a number")
    return int(digits)


def _is_deep(content: bytes, value: Any) -> bool:
    """Whether JSON is nested so deeply that a function which calls itself may not come to its end."""
    if content.count(b"[") + content.count(b"{") <= MAX_DEPTH:
        return False
    level = [value]
    for _depth in range(MAX_DEPTH):
        inner: list[Any] = []
        for outer in level:
            values = outer.values() if isinstance(outer, dict) else outer
            if not CONTAINERS.isdisjoint(map(type, values)):
                inner += [one for one in values if type(one) in CONTAINERS]
        if not inner:
            return False
        level = inner
    return True
