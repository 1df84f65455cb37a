# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How PAM360 wraps its answers: the envelope, keys of mixed spelling, empty texts for lists, ids. Internal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from .._common.errors import AuthenticationError, RefusedError, VaultError
from .._common.secret import Secret
from .._engine.fields import MISSING
from .._http.answer import Answer
from .custom_fields import secrets_among

SUCCESS, FAILURE = ("success", "true"), ("failed", "failure", "false", "error")
SUCCESS_CODE = "20000"
# By HTTP status, in place of the engine's own; None: the connection was cut.
HINTS: Mapping[int | None, str] = {
    None: "Check that the name of this host, as registered for the API user, resolves in DNS.",
    401: "Check the token, org_name, and the host registered for its user.",
}
MAX_DIGITS = 19  # of a count
MAX_ID = 100  # characters
CALLER = re.compile(r"authenticat|not allowed to access from this host|auth ?token|api key", re.IGNORECASE)

Json = Mapping[str, Any]


class ResourceDetails(dict[str, Any]):
    """Details of a resource, where ``ACCOUNT LIST`` is a list of rows in any case."""

    @cached_property
    def by_name(self) -> Mapping[str, list[Json]]:
        """Rows by account name as spelt in the vault."""
        return self._rows(str)

    @cached_property
    def by_folded_name(self) -> Mapping[str, list[Json]]:
        """Rows by account name without case."""
        return self._rows(str.casefold)

    def _rows(self, key: Callable[[str], str]) -> Mapping[str, list[Json]]:
        rows: dict[str, list[Json]] = {}
        for row in self["ACCOUNT LIST"]:
            rows.setdefault(key(str(value_of(row, "ACCOUNT NAME"))), []).append(row)
        return rows


class Reply(NamedTuple):
    """What a Success answer holds: ``Details``, whatever stands there, and ``totalRows``."""

    details: Any
    total: Any
    answer: Answer


def folded(record: Json) -> dict[str, Any]:
    """Return *record* by keys as ``fold`` makes them."""
    return {fold(str(key)): value for key, value in record.items()}


def value_or_missing(record: object, *names: str) -> Any:
    """Return the first value of *record* under one of *names*, or ``MISSING``.

    Keys are compared as ``fold`` makes them.
    """
    if not isinstance(record, Mapping):
        return MISSING
    by_key: dict[str, Any] = {}
    for name in names:
        if name in record:
            return record[name]
        by_key = by_key or folded(record)
        if fold(name) in by_key:
            return by_key[fold(name)]
    return MISSING


def value_of(record: object, *names: str) -> Any:
    """Return what ``find`` returns, with ``None`` for a value that is missing."""
    value = value_or_missing(record, *names)
    return None if value is MISSING else value


@lru_cache(maxsize=1024)
def fold(key: str) -> str:
    """Return *key* without case, blanks and underscores; spelling varies: ``ACCOUNT_DESCRIPTION``, ``ACCOUNT NAME``."""
    return key.replace("_", "").replace(" ", "").casefold()


def reply_of(answer: Answer) -> Reply:
    """Return what a Success answer holds; raise the fitting error for anything else.

    Failures come with HTTP 200 and ``status`` "Failed", or with a 4xx and the same body; newer calls
    say ``"true"`` or statusCode 20000 for success (authenticationapi-1).
    """
    reply = _reply_or_error(answer)
    if isinstance(reply, VaultError):
        raise reply  # from here, where no variable holds the body
    return reply


def _reply_or_error(answer: Answer) -> Reply | VaultError:
    body = answer.json()
    envelope = value_of(body, "operation")
    result = value_of(envelope, "result")
    if not isinstance(envelope, Mapping) or not isinstance(result, Mapping):
        if answer.status >= 400:
            return answer.error(value_of(body, "message", "error"), enveloped=False)
        return answer.unexpected("has no 'operation' with a 'result' in it")
    status, code = (
        str(value_of(result, "status")).strip().casefold(),
        str(value_of(result, "statusCode") or SUCCESS_CODE),
    )
    success = status in SUCCESS or (status == "none" and value_of(result, "statusCode") is not None)
    if success and code == SUCCESS_CODE and answer.status < 300:
        return Reply(value_of(envelope, "Details"), value_of(envelope, "totalRows"), answer)
    if status not in FAILURE and code == SUCCESS_CODE and answer.status < 400:
        return answer.unexpected("has a status that is neither success nor failure")
    failed_login = str(value_of(envelope, "name")).strip().casefold() == "authentication"
    error = answer.error(value_of(result, "message"), authentication=failed_login)
    if isinstance(error, RefusedError):
        error.details = value_of(envelope, "Details")
    said_no = status in FAILURE or (status == "none" and code != SUCCESS_CODE)
    # Success in the body with HTTP 404, or with the code of a failure: whether a write was done is open.
    return error if said_no else error.but(outcome_unknown=answer.write)


def message_of(answer: Answer) -> str:
    """Return what the server said in words."""
    return str(value_of(value_of(value_of(answer.json(), "operation"), "result"), "message") or "")


def is_rows(value: object) -> bool:
    """Whether a value is a list of objects, or the empty text that stands for an empty one."""
    return value == "" or (isinstance(value, list) and all(isinstance(row, Mapping) for row in value))


def secret_values(details: Json, answer: Answer) -> list[Secret]:
    """Return the secret custom fields; raise for a form that cannot be read: taken for none, all would be lost."""
    fields = value_or_missing(details, "CUSTOM FIELD")
    if fields not in (MISSING, None) and not is_rows(fields):
        raise answer.unexpected("has custom fields in an unknown format")
    return secrets_among(fields)


def id_of(record: object, name: str) -> str:
    """Return an id as text, ``""`` for none, and for what no address can carry."""
    value = value_of(record, name)
    if value in (None, "", "N/A") or isinstance(value, (bool, list, dict)):
        return ""
    return str(value) if str(value).isascii() and len(str(value)) <= MAX_ID else ""


def number(value: object) -> int:
    """Return a count, 0 for anything else, and for one that no vault reaches."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < MAX_DIGITS else 0


def about_caller(error: VaultError) -> bool:
    """Whether a refusal concerns the API user rather than what was asked for."""
    return isinstance(error, AuthenticationError) or bool(CALLER.search(error.server_message))
