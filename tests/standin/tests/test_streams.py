# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that send slowly or without end: what arrives, that it ends, and that the next call works."""

from __future__ import annotations

import gzip
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from conftest import Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"
WRITE = b'INPUT_DATA={"operation":{"Details":{"ACCOUNTNAME":"new"}}}'
SMALL = 50_000


def connected(client: Client, method: str = "GET", path: str = "/resources", body: bytes = b"") -> socket.socket:
    """Send a request by hand and return the connection."""
    address = urlsplit(client.standin.url)
    lines = [
        f"{method} /restapi/json/v1{path} HTTP/1.1",
        "Host: standin",
        f"AUTHTOKEN: {client.standin.token}",
        "Connection: close",
        f"Content-Length: {len(body)}",
    ]
    connection = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20)
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return connection


def received(client: Client, *request: Any) -> bytes:
    """Send a request by hand and return all bytes up to the end of the connection."""
    with connected(client, *request) as connection:
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def play(client: Client, **rule: Any) -> bytes:
    """Play a fault once; returns what arrived, and sees that the stand-in goes on."""
    client.standin.faults.set([{"max_bytes": SMALL, "max_seconds": 10, "times": 1, **rule}])
    whole = received(client)
    assert client.call("GET", "/resources")["totalRows"] == 2
    return whole


@pytest.mark.parametrize(
    ("framing", "line"),
    [
        ("length", b"Content-Length: 1000000000000000"),
        ("chunked", b"Transfer-Encoding: chunked"),
        ("close", b"Connection: close"),
    ],
)
def test_a_body_without_end(client: Client, framing: str, line: bytes) -> None:
    """The answer stands in front, blanks follow in any framing, and it stops at the limit."""
    whole = play(client, fault="endless_body", framing=framing, chunk=1000)
    head, _blank, body = whole.partition(b"\r\n\r\n")
    assert line in head.split(b"\r\n")
    assert len([name for name in head.split(b"\r\n") if name.lower().startswith((b"content-l", b"transfer"))]) <= 1
    assert b'"totalRows":2' in body
    assert SMALL <= len(whole) < SMALL + 2000
    assert not body.endswith(b"0\r\n\r\n")


def test_interim_answers_and_head_lines_without_end(client: Client) -> None:
    """Neither comes to a body; the journal says that there was no answer."""
    interim = play(client, fault="endless_continue")
    assert interim.count(b"HTTP/1.1 100 Continue\r\n\r\n") * 25 == len(interim)
    assert client.standin.journal.entries[0].http_status is None
    head = play(client, fault="endless_head", chunk=40)
    assert head.startswith(b"HTTP/1.1 200 OK\r\nX-Padding: xxx")
    assert b"\r\n\r\n" not in head
    assert len(head) >= SMALL


@pytest.mark.parametrize("part", ["head", "body"])
def test_byte_by_byte(client: Client, part: str) -> None:
    """The whole answer arrives, or what was sent until the time was over."""
    whole = play(client, fault="drip", part=part)
    head, _blank, body = whole.partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert json.loads(body)["operation"]["totalRows"] == 2
    cut = play(client, fault="drip", part=part, every=0.05, max_seconds=0.3)
    assert cut
    assert whole.split(b"\r\n", maxsplit=1)[0].startswith(cut.split(b"\r\n", maxsplit=1)[0])
    assert len(cut) < len(whole)


def test_a_client_that_goes_ends_it(client: Client) -> None:
    """Nothing holds the worker when nobody listens."""
    client.standin.faults.set([{"fault": "endless_body", "times": 40}])
    for _turn in range(40):
        with connected(client) as connection:
            assert connection.recv(10).startswith(b"HTTP")
    # More than there are workers: all of them must be free again.
    assert client.call("GET", "/resources")["totalRows"] == 2


def test_stopping_does_not_wait_for_it() -> None:
    """A stand-in stops although it is in the middle of a slow answer."""
    with Standin() as standin:
        client = Client(standin)
        standin.faults.add(fault="drip", part="head", every=30)
        with pytest.raises(requests.exceptions.Timeout):
            client.raw("GET", "/resources", timeout=0.2)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.raw("GET", "/resources")


def test_a_slow_write_was_done(client: Client) -> None:
    """The request has its effect before the first byte, unless the rule says otherwise."""
    for after_write in (False, True):
        rule = {"fault": "endless_continue", "max_bytes": 100, "method": "PUT", "after_write": after_write}
        client.standin.faults.set([rule])
        received(client, "PUT", ROOT, WRITE)
        assert (client.standin.state.account("db01", "new") is not None) is after_write


def test_raw_bytes(client: Client) -> None:
    """Whatever a server may send: each character is a byte."""
    text = "HTTP/1.1 1000 \xff\r\n\r\n"
    assert play(client, fault="raw", text=text) == text.encode("latin-1")


def test_headers_that_lie(client: Client) -> None:
    """The right body under wrong headers."""
    client.standin.faults.set([{"fault": "headers", "headers": {"Content-Encoding": "gzip"}, "times": 1}])
    with pytest.raises(requests.exceptions.ContentDecodingError):
        client.raw("GET", "/resources")
    client.standin.faults.set([{"fault": "headers", "headers": {"Content-Type": "text/html", "X-Any": "\xe9"}}])
    answer = client.raw("GET", "/resources")
    assert (answer.headers["Content-Type"], answer.headers["X-Any"]) == ("text/html", "\xe9")
    assert answer.json()["operation"]["totalRows"] == 2


def test_a_location_that_is_no_url(client: Client) -> None:
    """Bytes that are not UTF-8 reach the client, after a write that was done."""
    client.standin.faults.set([{"fault": "redirect", "code": 303, "url": "/caf\xe9\xff", "after_write": True}])
    answer = received(client, "PUT", ROOT, WRITE)
    assert answer.startswith(b"HTTP/1.1 303 ")
    assert b"Location: /caf\xe9\xff\r\n" in answer
    assert client.standin.state.account("db01", "new") is not None


def test_a_bomb(client: Client) -> None:
    """A small answer that unpacks to much; it is still right JSON."""
    client.standin.faults.set([{"fault": "gzip_bomb", "max_bytes": 5_000_000}])
    with client.raw("GET", "/resources", stream=True) as answer:
        packed = answer.raw.read(decode_content=False)
    unpacked = gzip.decompress(packed)
    assert len(packed) * 100 < len(unpacked)
    assert json.loads(unpacked)["operation"]["totalRows"] == 2
