# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer that refuses, redirects or is no JSON is taken for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common import errors
from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import STATUS_WORDS
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import HINTS
from ansible_collections.vaultops.pam.tests.unit._recorder import answer, envelope

REFUSED, ANSWER, AUTHENTICATION = errors.RefusedError, errors.AnswerError, errors.AuthenticationError
# HTTP status, in the API's own envelope, the error, whether a write may have been made
ERRORS: tuple[tuple[int, bool, type[errors.VaultError], bool], ...] = (
    (200, True, REFUSED, False),
    (400, True, REFUSED, False),
    (400, False, ANSWER, True),
    (401, True, AUTHENTICATION, False),
    (401, False, AUTHENTICATION, True),
    (403, True, AUTHENTICATION, False),
    (403, False, AUTHENTICATION, True),
    (404, True, REFUSED, False),
    (404, False, ANSWER, True),
    (408, True, ANSWER, False),
    (429, True, ANSWER, False),
    (429, False, ANSWER, False),
    (499, True, REFUSED, False),
    (500, True, ANSWER, True),
    (599, False, ANSWER, True),
)


@pytest.mark.parametrize(("status", "enveloped", "kind", "unknown"), ERRORS)
def test_error(status: int, enveloped: bool, kind: type[errors.VaultError], unknown: bool) -> None:
    """The kind of error, its words, and whether it leaves open what a write did; a read leaves nothing open."""
    for write in (False, True):
        error = answer(status, b"", write=write).error("Not today", enveloped=enveloped)
        assert error.__class__ is kind
        assert error.outcome_unknown is (write and unknown)
        assert (error.operation, error.http_status, error.server_message) == ("Asking", status, "Not today")
        assert error.message == ("" if status < 400 else f"HTTP {status}, ") + "the server said 'Not today'"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 599])
def test_error_without_words(status: int) -> None:
    """The meaning of the status stands in, with a hint: the product's own, or the one for this status."""
    error = answer(status, b"").error()
    meaning, hint = STATUS_WORDS[status]
    assert error.message == f"HTTP {status}, {meaning}"
    assert error.hint == HINTS.get(status, hint)


def test_error_of_an_unknown_status() -> None:
    """It is said that there is no text, on HTTP 200 as well."""
    assert str(answer(418, b"").error()) == "Asking failed: HTTP 418, an error without a text."
    assert str(answer(200, b"").error()) == "Asking failed: the server refused without saying why."


def test_a_refused_login_on_http_200() -> None:
    """It has the words of the server, and the hint that belongs to a 401."""
    error = answer(200, b"").error("Who are you", authentication=True)
    assert error.__class__ is AUTHENTICATION
    assert (error.message, error.hint) == ("the server said 'Who are you'", HINTS[401])


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://sso.example.com/login?token=x", "sso.example.com"),
        ("/login", "another page"),
        ("https://[broken", "another page"),
        (None, "another page"),
    ],
)
@pytest.mark.parametrize("status", [300, 302, 307, 399])
def test_a_redirect_is_not_followed(status: int, location: str | None, target: str) -> None:
    """Whatever the body says, Success included: an error that names the host and nothing else of the address."""
    headers = {} if location is None else {"Location": location}
    for write in (False, True):
        with pytest.raises(ANSWER) as caught:
            answer(status, envelope({"USERID": "1"}), write=write, headers=headers).json()
        words = f"HTTP {status}, the server redirects to {target}, and redirects are not followed"
        assert (caught.value.message, caught.value.http_status) == (words, status)
        assert caught.value.outcome_unknown is write


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (200, b"", ANSWER, "the answer is empty"),
        (200, b" \n", ANSWER, "the answer is empty"),
        (200, b" <html>", ANSWER, "the answer is a web page, such as a login page or that of a proxy, and not JSON"),
        (200, b"{", ANSWER, "the answer is not complete JSON"),
        (299, b"hello", ANSWER, "the answer is not complete JSON"),
        (400, b"<html>", ANSWER, "HTTP 400, the request is not valid for the server"),
        (403, b"", AUTHENTICATION, "HTTP 403, the server does not allow this"),
        (502, b"<html>", ANSWER, "HTTP 502, the gateway got no valid answer"),
    ],
)
def test_a_body_that_is_not_json(status: int, body: bytes, kind: type[errors.VaultError], words: str) -> None:
    """One clear sentence by what it looks like, or by the status where that says more."""
    with pytest.raises(errors.VaultError) as caught:
        answer(status, body).json()
    assert caught.value.__class__ is kind
    assert caught.value.message == words


@pytest.mark.parametrize(
    ("body", "value"), [(b"[1]", [1]), (b"null", None), (b"\xef\xbb\xbf{}", {}), (b"5", 5), (b'"\xc3\xa4"', "\u00e4")]
)
@pytest.mark.parametrize("status", [200, 299, 400, 500])
def test_json(status: int, body: bytes, value: Any) -> None:
    """Any JSON value is returned, with a byte-order mark or not, from a refusal too."""
    assert answer(status, body).json() == value
