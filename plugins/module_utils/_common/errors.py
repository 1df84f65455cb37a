# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception family. Internal to the collection.

``str()`` of each is one or two clear sentences: what was being done, to what, what happened, what
to try. None of them ever holds a request, a response body, a URL with a query or a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, TypeVar

E = TypeVar("E", bound="VaultError")
ENDED = "the task's timeout ended it before it was done"
PAGE = "https://vaultops.github.io/vaultops.pam/docsite/guide_errors.html"
# What a failure is called in conditions, and when it is said. Codes are public: none is renamed. The page
# "Troubleshooting" has a section for each.
CODES: Mapping[str, str] = {
    "bad_options": "An option cannot be used as it is.",
    "requests_missing": "The Python that runs the module has no ``requests``.",
    "bad_url": "``url`` or ``proxy`` is not an address that can be used.",
    "bad_credentials": "The token, the user name or the password is missing or cannot be used.",
    "bad_certificate_file": "A file of certificates or keys cannot be used.",
    "bad_server_profile": "The file that ``server_profile`` names cannot be used.",
    "tracking_key_missing": "A secret setting is to be tracked, and there is no ``tracking_key``.",
    "unknown_custom_field": "The vault has no custom field of this label.",
    "fixed_setting": "The vault does not let this setting change any more.",
    "cannot_clear": "This vault does not clear the setting when an empty value is sent.",
    "other_spelling": "The vault spells the name in another way.",
    "both_names_exist": "The old and the new name of a renaming are both in use.",
    "listed_twice": "Two entries of a list are about the same object.",
    "no_connection": "The server cannot be reached.",
    "connect_timeout": "The server did not accept the connection in time.",
    "proxy_failed": "The proxy did not connect to the server.",
    "tls_untrusted": "The certificate of the server is signed by a CA that is not trusted.",
    "tls_wrong_name": "The certificate of the server is for another name.",
    "tls_expired": "The certificate of the server has expired.",
    "tls_too_old": "The server speaks only old versions of TLS.",
    "tls_not_spoken": "The port does not speak TLS.",
    "tls_failed": "A TLS connection could not be made for another reason.",
    "answer_timeout": "The server did not answer in time.",
    "connection_cut": "The connection was closed before the answer was complete.",
    "answer_out_of_bounds": "The answer is too large, or takes too long.",
    "answer_unreadable": "The answer cannot be unpacked or read.",
    "not_sent": "The request could not be sent.",
    "not_tried": "Nothing was sent, since earlier requests failed.",
    "task_ended": "The task was ended from outside before it was done.",
    "redirect": "The server redirects to another page.",
    "web_page": "The answer is a web page and not JSON.",
    "not_json": "The answer is empty, or is not complete JSON.",
    "unexpected_answer": "The answer is JSON of another shape than the API documents.",
    "login_refused": "The server did not accept who called.",
    "not_allowed": "The user of the API may not do this.",
    "unknown_address": "The server does not know the address.",
    "method_not_allowed": "The web server does not let this HTTP method pass.",
    "proxy_login": "The proxy wants a login.",
    "request_too_large": "The request is too large for the server.",
    "too_many_requests": "The server has had too many requests.",
    "server_failed": "The server failed inside.",
    "server_unavailable": "The server, or a gateway before it, is not available.",
    "input_filter": "The input filter of PAM360 took a value for harmful.",
    "refused": "The vault refused, and said why in its own words.",
    "not_found": "Something that the task names is not in the vault, or its user may not see it.",
    "ambiguous": "More than one object has this name.",
    "already_exists": "The object was made by someone else in the meantime.",
    "password_not_shown": "The vault does not show the password.",
    "age_unknown": "The age of a password cannot be computed.",
    "not_shown": "The vault does not show what it said that it made.",
    "cpm_failed": "The CPM of CyberArk could not do what it was asked.",
    "cpm_timeout": "The CPM of CyberArk had not finished in time.",
    "read_only": "A write was asked for in check mode.",
    "defect": "This is a defect of the collection.",
}
# Those with several causes, which a line cannot tell apart: their messages end with the address of the section.
WITH_ADDRESS = frozenset({"login_refused", "connection_cut", "web_page", "unexpected_answer", "input_filter"})


class VaultError(Exception):
    """Base of all errors that a user is meant to read.

    :param message: what happened, without a final full stop and without the operation.
    :param operation: what was being done, such as ``Reading the accounts of resource 'db01'``.
    :param http_status: status code of the answer, ``None`` when there was no answer.
    :param server_message: the server's own words, redacted and shortened.
    :param hint: what to try, a sentence.
    :param outcome_unknown: ``True`` when a write may have happened although it was not confirmed.
    :param server_details: what else the product's answers tell, redacted.
    :param code: one of ``CODES``, where it is not that of the class.
    """

    code = "defect"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        operation: str = "",
        http_status: int | None = None,
        server_message: str = "",
        hint: str = "",
        outcome_unknown: bool = False,
        server_details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.message = message
        self.operation = operation
        self.http_status = http_status
        self.server_message = server_message
        self.hint = hint
        self.outcome_unknown = outcome_unknown
        self.server_details = server_details or {}
        self.what_was_left_out = ""  # what a step of several writes did not come to, and how to make up for it

    def __str__(self) -> str:
        text = f"{self.operation} failed: {self.message}." if self.operation else f"{self.message}."
        address = f"See {PAGE}#{self.code.replace('_', '-')}." if self.code in WITH_ADDRESS else ""
        return " ".join(part for part in (text, self.hint, self.what_was_left_out, address) if part)

    def but(self: E, **changes: Any) -> E:
        """Return a copy with other values of some attributes. Others may hold the error, so it is not edited."""
        changed = copy(self)
        vars(changed).update(changes)
        return changed

    def with_hint(self: E, sentence: str) -> E:
        """Return a copy that has one sentence more on what to try."""
        return self.but(hint=f"{self.hint} {sentence}".strip())

    def failure(self, step: str = "") -> dict[str, Any]:
        """Return the ``failure`` value of a module result."""
        return {
            "code": self.code,
            "operation": self.operation,
            "http_status": self.http_status,
            "server_message": self.server_message,
            "step": step,
            **self.server_details,
        }


class InputError(VaultError):
    """The task's options cannot be used as they are; nothing was sent."""

    code = "bad_options"


class TransportError(VaultError):
    """No usable HTTP answer: connection, TLS, proxy, time-out, or a cut in the middle.

    ``temporary`` tells whether another try of a read makes sense.
    """

    code = "not_sent"

    def __init__(self, message: str, *, temporary: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.temporary = temporary


class NotTriedError(TransportError):
    """The request was not sent, because earlier ones failed."""

    code = "not_tried"


class EndedError(VaultError):
    """The task was ended from outside before it was done, as by a time-out of Ansible."""

    code = "task_ended"


class AnswerError(VaultError):
    """An HTTP answer that is not what the API documents: a web page, a redirect, no JSON, other types."""

    code = "unexpected_answer"


class RefusedError(VaultError):
    """The server understood the request and said no. ``details`` is what it added, for the client only."""

    code = "refused"
    details: Any = None


class AuthenticationError(RefusedError):
    """The server did not accept the caller, or not from this host."""

    code = "login_refused"


class NotFoundError(VaultError):
    """A name or ID that the task gave does not exist in the vault."""

    code = "not_found"


class AmbiguousError(VaultError):
    """More than one object answers to the name that the task gave."""

    code = "ambiguous"


class ReadOnlyError(VaultError):
    """A write was asked for in check mode; the transport refused before sending anything."""

    code = "read_only"


class ExistsError(RefusedError):
    """The object that was to be created is there already: someone else was faster."""

    code = "already_exists"
