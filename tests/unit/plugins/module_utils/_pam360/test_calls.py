# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look-ups by name: found, not known, not allowed, and answers that are neither."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common import errors
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.calls import Pam360Calls
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import reply_of
from ansible_collections.vaultops.pam.tests.unit._recorder import Recorder, answer, envelope

UNKNOWN, CALLER, ANSWER = errors.NotFoundError, errors.AuthenticationError, errors.AnswerError
REFUSED = errors.RefusedError


def client(status: int, body: Any) -> Pam360Calls:
    """Return a client to which all is answered like this."""
    return Pam360Calls(Recorder(answer(status, body)))  # type: ignore[arg-type]


FAILED = envelope(status="Failed", message="No")
LOOKUPS: dict[str, tuple[int, Any, type[errors.VaultError]]] = {
    "refused": (200, FAILED, UNKNOWN),
    "refused with 400": (400, FAILED, UNKNOWN),
    "refused with 404": (404, FAILED, UNKNOWN),
    "401": (401, FAILED, CALLER),
    "403": (403, FAILED, CALLER),
    "403 of a proxy": (403, b"<html>", CALLER),
    "failed log-on": (200, envelope(status="Failed", name="Authentication"), CALLER),
    "about the token": (200, envelope(status="Failed", message="Invalid AUTHTOKEN"), REFUSED),
    "about the host": (200, envelope(status="Failed", message="User is not allowed to access from this host"), REFUSED),
    "404 of a proxy": (404, b"<html>", ANSWER),
    "500": (500, FAILED, ANSWER),
    "no details": (200, envelope(), UNKNOWN),
    "empty details": (200, envelope({}), UNKNOWN),
    "empty text": (200, envelope(""), UNKNOWN),
    "empty list": (200, envelope([]), UNKNOWN),
    "not applicable": (200, envelope("N/A"), UNKNOWN),
    "empty id": (200, envelope({"USERID": ""}), UNKNOWN),
    "null id": (200, envelope({"USERID": None}), UNKNOWN),
    "id not applicable": (200, envelope({"USERID": "N/A"}), UNKNOWN),
    "empty id in a list": (200, envelope([{"USERID": ""}]), UNKNOWN),
    "no id": (200, envelope({"NAME": "jdoe"}), UNKNOWN),
    "an object as id": (200, envelope({"USERID": {"a": 1}}), ANSWER),
    "a truth value as id": (200, envelope({"USERID": True}), ANSWER),
    "two": (200, envelope([{"USERID": "1"}, {"USERID": "2"}]), ANSWER),
    "a text": (200, envelope("jdoe"), ANSWER),
}


@pytest.mark.parametrize("case", LOOKUPS)
def test_a_lookup_that_finds_nothing(case: str) -> None:
    """Only a refusal of the name counts as unknown; a refusal of the caller, or another answer, is told as it is."""
    status, body, kind = LOOKUPS[case]
    with pytest.raises(errors.VaultError) as caught:
        client(status, body).user_id("jdoe")
    assert caught.value.__class__ is kind
    assert caught.value.operation == ("Looking up user 'jdoe'" if kind is UNKNOWN else "Asking")
    assert ("knows no user of that name" in caught.value.message) is (kind is UNKNOWN)
    assert (caught.value.hint == "Check user.") is (kind is UNKNOWN)
    assert caught.value.http_status == status


@pytest.mark.parametrize("details", [{"USERID": "7"}, {"USERID": 7}, [{"user_id": "7"}], {"User Id": 7, "a": ""}])
def test_a_lookup_that_finds(details: Any) -> None:
    """The id is text, in an object or a list of one, under any spelling of its key."""
    assert client(200, envelope(details)).user_id("jdoe") == "7"


@pytest.mark.parametrize(
    ("details", "ids"),
    [
        ({"RESOURCEID": 3, "ACCOUNTID": "5"}, ("3", "5")),
        ({"RESOURCEID": "", "ACCOUNTID": "5"}, None),
        ({"RESOURCEID": "N/A", "ACCOUNTID": "5"}, None),
        ({"ACCOUNTID": "5"}, None),
        ({"RESOURCEID": "3", "ACCOUNTID": ""}, None),
        ({"RESOURCEID": "3"}, None),
        ("", None),
    ],
)
def test_ids(details: Any, ids: tuple[str, str] | None) -> None:
    """Both ids, or nothing: half a pair is none."""
    assert client(200, envelope(details)).ids("db01", "root") == ids


def test_ids_of_a_caller_who_may_not_ask() -> None:
    """A 403 does not look like a pair that is not there, or an account would be created twice."""
    with pytest.raises(CALLER):
        client(403, FAILED).ids("db01", "root")


@pytest.mark.parametrize("status", [300, 302, 400, 404, 500])
def test_success_in_the_body_of_another_status(status: int) -> None:
    """The status counts: what was not answered with 2xx did not succeed."""
    with pytest.raises(errors.VaultError) as caught:
        reply_of(answer(status, envelope({"USERID": "7"})))
    assert f"HTTP {status}" in caught.value.message


@pytest.mark.parametrize(
    ("status", "state", "text", "written"),
    [
        (200, "Success", "Account added successfully", 1),
        (200, "Success", "Failed", 0),
        (200, "Failed", "Account added successfully", 1),
        (413, "Success", "Account added successfully", 1),
        (400, "Failed", "Failed", 0),
    ],
)
def test_an_add_counts_by_what_it_says_of_the_account(status: int, state: str, text: str, written: int) -> None:
    """Whatever the envelope and the HTTP status are, a part that says success was written."""
    vault = Pam360(Recorder(answer(status, envelope({"new1": {"STATUS": text}}, status=state))))  # type: ignore[arg-type]
    assert vault.add_accounts("601", [{"ACCOUNTNAME": "new1"}], "account 'new1'") == {"new1": text}
    assert vault.written == written
