# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the doctor asks: one request at a time, and whatever the answer says is a fact. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._common.errors import TransportError, VaultError
from .._http.answer import Answer
from .._pam360.api import Pam360
from .._pam360.envelope import FAILURE, SUCCESS, SUCCESS_CODE, Json, is_rows, value_of
from .._pam360.server_words import masked

# What a token may do, by method and address of the request that shows it.
RIGHTS: Mapping[str, tuple[str, str]] = {
    "list resources": ("GET", "resources"),
    "read accounts": ("GET", "resources/[1-9][^/]*/accounts(/[1-9][^/]*)?"),
    "list resource groups": ("GET", "resourcegroup"),
    "read the audit trail": ("GET", "audit"),
    "add resources": ("POST", "resources"),
    "edit resources": ("PUT", "resources/[^/]+"),
    "delete resources": ("DELETE", "resources/[^/]+"),
    "add accounts": ("POST", "resources/[^/]+/accounts"),
    "edit accounts": ("PUT", "resources/[^/]+/accounts/[^/]+"),
    "delete accounts": ("DELETE", "resources/[^/]+/accounts/[^/]+"),
    "share resources": ("PUT", "resources/[^/]+/share"),
    "share accounts": ("PUT", "resources/[^/]+/accounts/[^/]+/share"),
    "read passwords": ("GET", "resources/[^/]+/accounts/[^/]+/password"),
    "change passwords": ("PUT", "resources/[^/]+/accounts/[1-9][^/]*/password"),
}
MAX_FAULTS = 3  # requests in a row without an answer, after which nothing more is probed


class InconclusiveError(Exception):
    """A probe that tells nothing: why, in our own words."""


class NoMoreAnswersError(InconclusiveError):
    """The server has stopped answering."""


class Seen(NamedTuple):
    """An answer as it came.

    :param status: HTTP status.
    :param word: ``status`` of the envelope, ``""`` where there is no envelope.
    :param refused: the server said no in its own words; neither this nor ``success`` is an answer of something else.
    :param text: the server's message, as it came.
    """

    status: int
    word: str = ""
    success: bool = False
    refused: bool = False
    text: str = ""
    details: Any = None
    total: Any = None

    @property
    def in_words(self) -> str:
        """The answer fit for a public page: HTTP status, the word, the message without names."""
        said = f", '{masked(self.text)}'" if self.text else ""
        return f"HTTP {self.status}, {masked(self.word) or 'no envelope'}{said}"

    @property
    def rows(self) -> list[Json]:
        """``Details`` as a list of objects; raise InconclusiveError."""
        if self.details in (None, "", {}):
            return []
        if not is_rows(self.details):
            raise InconclusiveError("the answer has no list in it")
        found: list[Json] = self.details
        return found

    @property
    def record(self) -> Json:
        """``Details`` as an object; raise InconclusiveError."""
        if not isinstance(self.details, Mapping):
            raise InconclusiveError("the answer has no object in it")
        return self.details


def seen(answer: Answer) -> Seen:
    """Return what an answer says, whatever that is."""
    try:
        envelope = value_of(answer.json(), "operation")
    except VaultError:
        return Seen(answer.status)
    result = value_of(envelope, "result")
    if not isinstance(result, Mapping):
        return Seen(answer.status)
    word, code = str(value_of(result, "status") or ""), str(value_of(result, "statusCode") or SUCCESS_CODE)
    success = word.strip().casefold() in SUCCESS and code == SUCCESS_CODE and answer.status < 300
    refused = word.strip().casefold() in FAILURE
    text = str(value_of(result, "message") or "")
    return Seen(
        answer.status, word, success, refused, text, value_of(envelope, "Details"), value_of(envelope, "totalRows")
    )


class Asker:
    """Sends requests and counts them.

    :ivar probe: what is being found out, for messages.
    :ivar writes: how many writes were sent.
    :ivar rights: what the token may do: it was done, or it was refused whenever it was tried; ``None``: never tried.
    """

    def __init__(self, client: Pam360) -> None:
        self.client = client
        self.probe = ""
        self.writes = 0
        self.rights: dict[str, bool | None] = dict.fromkeys(RIGHTS)
        self._faults = 0

    def read(
        self, path: str, details: Json | None = None, *, query: Mapping[str, str] | None = None, key: str = "Details"
    ) -> Seen:
        """Send a GET; raise NoMoreAnswersError, or TransportError for an answer that did not come."""
        return self._ask("GET", path, details, query, key)

    def write(self, method: str, path: str, details: Json | None = None) -> Seen:
        """Send a write, once; raise as ``read`` does."""
        self.writes += 1
        return self._ask(method, path, details, None, "Details")

    def _ask(self, method: str, path: str, details: Json | None, query: Mapping[str, str] | None, key: str) -> Seen:
        if self._faults >= MAX_FAULTS:
            raise NoMoreAnswersError("the server had stopped answering")
        self._faults += 1
        answer = self.client.send(f"Probe {self.probe}", method, path, details, query, key)
        self._faults = 0
        found = seen(answer)
        for right, (verb, address) in RIGHTS.items():
            if (found.success or found.refused) and verb == method and re.fullmatch(address, path):
                self.rights[right] = found.success or bool(self.rights[right])
        return found

    def forgive(self) -> None:
        """Try again, whatever went wrong before: what was made is to be removed."""
        self._faults = 0


def expected(answer: Seen, what: str) -> Seen:
    """Return an answer that is a success; raise InconclusiveError."""
    if not answer.success:
        raise InconclusiveError(f"{what}: {answer.in_words}")
    return answer


def told(answer: Seen, what: str) -> bool:
    """Whether the server did it, or refused in its own words; raise InconclusiveError for an answer that is neither."""
    if not answer.success and not answer.refused:
        raise InconclusiveError(f"{what}: {answer.in_words}")
    return answer.success


def why(error: Exception) -> str:
    """Return why a probe told nothing, without anything that belongs to this vault."""
    if isinstance(error, InconclusiveError):
        return str(error)
    return "no answer came" if isinstance(error, TransportError) else "the answer could not be used"
