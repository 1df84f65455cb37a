# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception family. Internal to the collection.

``str()`` of each is one or two clear sentences: what was being done, to what, what happened, what
to try. None of them ever holds a request, a response body, a URL with a query or a secret.
"""

from __future__ import annotations

from copy import copy
from typing import Any, TypeVar

E = TypeVar("E", bound="VaultError")
ENDED = "the task's timeout ended it before it was done"


class VaultError(Exception):
    """Base of all errors that a user is meant to read.

    :param message: what happened, without a final full stop and without the operation.
    :param operation: what was being done, such as ``Reading the accounts of resource 'db01'``.
    :param http_status: status code of the answer, ``None`` when there was no answer.
    :param server_message: the server's own words, redacted and shortened.
    :param hint: what to try, a sentence.
    :param outcome_unknown: ``True`` when a write may have happened although it was not confirmed.
    :param server_details: what else the product's answers tell, redacted.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        http_status: int | None = None,
        server_message: str = "",
        hint: str = "",
        outcome_unknown: bool = False,
        server_details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
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
        return " ".join(part for part in (text, self.hint, self.what_was_left_out) if part)

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
            "operation": self.operation,
            "http_status": self.http_status,
            "server_message": self.server_message,
            "step": step,
            **self.server_details,
        }


class InputError(VaultError):
    """The task's options cannot be used as they are; nothing was sent."""


class TransportError(VaultError):
    """No usable HTTP answer: connection, TLS, proxy, time-out, or a cut in the middle.

    ``temporary`` tells whether another try of a read makes sense.
    """

    def __init__(self, message: str, *, temporary: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.temporary = temporary


class NotTriedError(TransportError):
    """The request was not sent, because earlier ones failed."""


class EndedError(VaultError):
    """The task was ended from outside before it was done, as by a time-out of Ansible."""


class AnswerError(VaultError):
    """An HTTP answer that is not what the API documents: a web page, a redirect, no JSON, other types."""


class RefusedError(VaultError):
    """The server understood the request and said no. ``details`` is what it added, for the client only."""

    details: Any = None


class AuthenticationError(RefusedError):
    """The server did not accept the caller, or not from this host."""


class NotFoundError(VaultError):
    """A name or ID that the task gave does not exist in the vault."""


class AmbiguousError(VaultError):
    """More than one object answers to the name that the task gave."""


class ReadOnlyError(VaultError):
    """A write was asked for in check mode; the transport refused before sending anything."""


class ExistsError(RefusedError):
    """The object that was to be created is there already: someone else was faster."""
