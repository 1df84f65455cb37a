# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: what the client sees, and what the vault did."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from conftest import SEED, Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"


@pytest.fixture(params=[False, True], ids=["http", "https"])
def broken(request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of a stand-in with and without TLS."""
    with Standin(seed=SEED, tls=request.param) as standin:
        yield Client(standin)


def write(client: Client) -> Any:
    """Send a write that shows in the state."""
    return client.raw(
        "PUT", ROOT, data={"INPUT_DATA": '{"operation":{"Details":{"ACCOUNTNAME":"new","NOTES":"s3cret"}}}'}
    )


def written(client: Client) -> bool:
    """Return whether the write had its effect."""
    return client.standin.state.account("db01", "new") is not None


@pytest.mark.parametrize(("fault", "effect"), [("cut_before", False), ("cut_after", True), ("cut_body", True)])
def test_cut_connections(broken: Client, fault: str, effect: bool) -> None:
    """The connection goes, at once; the write was done or not, and the next call works."""
    broken.standin.faults.add(fault=fault, method="PUT", times=1)
    began = time.monotonic()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        write(broken)
    assert time.monotonic() - began < 1
    assert written(broken) is effect
    entry = broken.standin.journal.entries[-1]
    assert (entry.fault, entry.write, entry.applied) == (fault, True, effect)
    assert (entry.http_status is None) is (fault != "cut_body")
    assert broken.call("GET", "/resources")["totalRows"] == 2


@pytest.mark.parametrize("code", [401, 403, 404, 429, 500, 502, 503, 504, 599])
@pytest.mark.parametrize("after_write", [False, True])
def test_status(client: Client, code: int, after_write: bool) -> None:
    """Any status, before or after the write."""
    client.standin.faults.set([{"fault": "status", "code": code, "retry_after": 7, "after_write": after_write}])
    answer = write(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (code, "7")
    assert answer.json()["operation"]["result"]["status"] == "Failed"
    assert written(client) is after_write


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"fault": "status", "code": 502, "body": "html"}, "<!DOCTYPE html>"),
        ({"fault": "status", "code": 502, "body": "empty"}, ""),
        ({"fault": "html"}, "<!DOCTYPE html>"),
        ({"fault": "empty"}, ""),
        ({"fault": "no_envelope"}, "[]"),
        ({"fault": "no_envelope", "value": None}, "null"),
        ({"fault": "no_envelope", "value": "text"}, '"text"'),
    ],
)
def test_bodies(client: Client, rule: dict[str, Any], text: str) -> None:
    """Bodies that are no answer of the API."""
    client.standin.faults.set([rule])
    answer = client.raw("GET", "/resources")
    assert answer.text.startswith(text)
    assert bool(answer.text) is bool(text)


@pytest.mark.parametrize("value", ["text", 7, None, [], [1], {}])
def test_wrong_types(client: Client, value: Any) -> None:
    """Details, or any other part, of a type that nobody expects."""
    client.standin.faults.set([{"fault": "wrong_type", "value": value}])
    operation = client.call("GET", "/resources")
    assert operation["Details"] == value
    assert operation["name"] == "GET RESOURCES"
    client.standin.faults.set([{"fault": "wrong_type", "value": value, "where": "operation"}])
    assert client.raw("GET", "/resources").json() == {"operation": value}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"where": "operation.totalRows", "value": 10**399}, f'"totalRows":{10**399}'),
        ({"where": "operation.totalRows", "text": "1e999"}, '"totalRows":1e999'),
        ({"where": "operation.Details.1.RESOURCE ID", "value": "\ud800"}, '"RESOURCE ID":"\\ud800"'),
        ({"where": "operation.Details.*.RESOURCE ID", "value": None}, '"RESOURCE ID":null'),
        ({"fault": "nested", "where": "operation.Details", "depth": 3}, '"Details":[[[]]]'),
    ],
)
def test_values_that_break_readers(client: Client, rule: dict[str, Any], text: str) -> None:
    """Numbers without measure, half of a surrogate pair, depth; in rows of a list as well."""
    client.standin.faults.set([{"fault": "wrong_type", **rule}])
    answer = client.raw("GET", "/resources").text
    assert answer.count(text) == (2 if "*" in rule["where"] else 1)
    assert '"name":"GET RESOURCES"' in answer


def test_deep_json(client: Client) -> None:
    """Deeper than any reader that calls itself."""
    client.standin.faults.set([{"fault": "nested"}])
    with pytest.raises(RecursionError):
        client.raw("GET", "/resources").json()


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "redirect", "code": 303},
        {"fault": "redirect", "code": 308, "url": "https://127.0.0.1:1/"},
        {"fault": "status", "code": 404, "body": "html"},
        {"fault": "status", "code": 400, "body": "empty"},
        {"fault": "html", "code": 403},
    ],
)
def test_a_write_that_was_done_looks_refused(client: Client, rule: dict[str, Any]) -> None:
    """What is no answer of the API says nothing about the write."""
    client.standin.faults.set([{**rule, "after_write": True}])
    assert write(client).status_code == rule["code"]
    assert written(client)
    assert client.standin.journal.entries[-1].applied


def test_keys_that_are_left_out(client: Client) -> None:
    """At any depth; the rest of the answer is as it was."""
    before = client.call("GET", "/resources/21/accounts")["Details"]
    keys = ["DEPARTMENT", "ACCOUNT_DESCRIPTION", "NOTHING"]
    client.standin.faults.set([{"fault": "drop_keys", "keys": keys}])
    after = client.call("GET", "/resources/21/accounts")["Details"]
    del before["DEPARTMENT"], before["ACCOUNT LIST"][0]["ACCOUNT_DESCRIPTION"]
    assert after == before


def test_someone_else_is_quicker(client: Client) -> None:
    """The state changes just before a call or just after it, which is answered as it should be."""
    edit: dict[str, Any] = {"resource": "db01", "account": "root", "set": {"NOTES": "theirs"}}
    client.standin.faults.set([{"fault": "change", "operation": "EDIT ACCOUNT", "edits": [edit]}])
    write(client)
    assert client.standin.state.account("db01", "new").notes == "s3cret"  # type: ignore[union-attr]
    edit = {"resource": "db01", "account": "new", "delete": True}
    client.standin.faults.set([{"fault": "change", "edits": [edit], "times": 1, "after_write": True}])
    assert client.call("GET", ROOT)["Details"]["DESCRIPTION"] == "s3cret"
    assert client.call("GET", ROOT)["result"]["status"] == "Failed"


def test_truncated_json_redirect_delay(client: Client) -> None:
    """The rest of the faults."""
    client.standin.faults.set([{"fault": "truncated_json"}])
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.raw("GET", "/resources").json()
    client.standin.faults.set([{"fault": "redirect", "url": "http://127.0.0.1:1/login"}])
    answer = client.raw("GET", "/resources")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:1/login")
    client.standin.faults.set([{"fault": "delay", "seconds": 0.3, "after_write": True}])
    with pytest.raises(requests.Timeout):
        client.raw("DELETE", ROOT, timeout=0.1)
    assert client.standin.journal.entries[-1].applied


def test_failed_can_echo_what_it_got(client: Client) -> None:
    """A message that holds the input: the client must not print it."""
    client.standin.faults.add(fault="failed", operation="EDIT ACCOUNT", message="Invalid:", echo=True)
    result = write(client).json()["operation"]["result"]
    assert result["status"] == "Failed"
    assert result["message"].startswith("Invalid: {")
    assert "s3cret" in result["message"]
    assert client.standin.journal.entries[-1].status == "Failed"


def test_which_request(client: Client) -> None:
    """Rules count: the n-th match, a number of times, by path, method and operation."""

    def codes(count: int) -> list[int]:
        return [client.raw("GET", "/resources").status_code for _call in range(count)]

    client.standin.faults.set([{"fault": "status", "code": 503, "nth": 2}])
    assert codes(4) == [200, 503, 200, 200]
    client.standin.faults.set([{"fault": "status", "code": 503, "times": 2}])
    assert codes(4) == [503, 503, 200, 200]
    client.standin.faults.set([{"fault": "status", "code": 503, "nth": 2, "times": 2, "operation": "GET RESOURCES"}])
    assert codes(4) == [200, 503, 503, 200]
    client.standin.faults.set([{"fault": "status", "path": "/accounts$"}, {"fault": "status", "method": "DELETE"}])
    assert codes(1) == [200]
    assert client.raw("GET", "/resources/21/accounts").status_code == 500
    assert client.raw("DELETE", ROOT).status_code == 500


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"fault": "nothing"},
        {"fault": "empty", "nht": 1},
        {"fault": "empty", "path": "("},
        {"fault": "drip", "part": "tail"},
        {"fault": "endless_body", "framing": "none"},
        {"fault": "endless_body", "chunk": 0},
    ],
)
def test_wrong_rules_are_refused(client: Client, rule: dict[str, Any]) -> None:
    """A typing error must not pass in silence."""
    with pytest.raises(ValueError, match="fault|path|part|framing|chunk"):
        client.standin.faults.set([rule])
