# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are broken, too large or without end: one sentence each, in bounds, and the connection is free again."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import AnswerError, TransportError, VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._http import bounds, client, wire
from ansible_collections.vaultops.pam.plugins.module_utils._http.connection import Connection
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED, World, assert_message
from pam360_standin import Standin

PATH = "/restapi/json/v1/resources"
PLAIN = b"x" * 30_000
JSON = b'{"operation":{}}'


def raw(head: str, body: bytes = b"", *, length: bool = True) -> dict[str, Any]:
    """Return a fault that sends this head and body, and closes the connection."""
    text = f"HTTP/1.1 {head}\r\nConnection: close\r\n" + (f"Content-Length: {len(body)}\r\n" if length else "") + "\r\n"
    return {"fault": "raw", "text": text + body.decode("latin-1")}


def packed(coding: str, body: bytes) -> dict[str, Any]:
    """Return a fault that sends *body* and calls it *coding*."""
    return raw(f"200 OK\r\nContent-Encoding: {coding}", body)


# What the server sends, and words of the sentence.
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "plain text called gzip": (packed("gzip", PLAIN), "is not compressed as its Content-Encoding says"),
    "plain text called deflate": (packed("deflate", PLAIN), "is not compressed as its"),
    "plain text called br": (packed("br", PLAIN), "is not compressed as its"),
    "gzip called gzip twice": (packed("gzip, gzip", gzip.compress(PLAIN)), "is not compressed as its"),
    "half of a gzip": (packed("gzip", gzip.compress(PLAIN)[:-20]), "without a complete answer"),
    "half of a deflate": (packed("deflate", zlib.compress(PLAIN)[:-5]), "without a complete answer"),
    "half of a body": (raw("200 OK\r\nContent-Length: 500", JSON, length=False), "without a complete answer"),
    "half of a chunk": (raw("200 OK\r\nTransfer-Encoding: chunked", b"ff\r\n{}", length=False), "without a complete"),
    "no chunk": (raw("200 OK\r\nTransfer-Encoding: chunked", b"zz\r\n", length=False), "without a complete answer"),
    "no HTTP": ({"fault": "raw", "text": "SSH-2.0-OpenSSH_9.2\r\n"}, "without a complete answer"),
    "many headers": (raw("200 OK\r\n" + "A: b\r\n" * 200 + "C: d"), "without a complete answer"),
    "a long header": (raw("200 OK\r\nA: " + "b" * 70_000), "without a complete answer"),
    "a redirect to bytes": (raw("302 Found\r\nLocation: http://\xff\xfe/\xe9"), "redirects are not followed"),
    "a redirect to a half of an address": (raw("302 Found\r\nLocation: http://[::1"), "redirects are not followed"),
    "a redirect with a broken body": (
        raw("302 Found\r\nLocation: http://elsewhere/\r\nContent-Encoding: gzip", PLAIN),
        "is not compressed as its",
    ),
    "a cookie of bytes": (raw("200 OK\r\nSet-Cookie: \xff=\xfe; expires=\xe9; Max-Age=x", b"-"), "not complete JSON"),
    "a charset of bytes": (
        raw("200 OK\r\nContent-Type: text/json; charset=\xff\xfe\x00", b"\xff"),
        "not complete JSON",
    ),
    "a charset that is a packer": (raw("200 OK\r\nContent-Type: a/b; charset=zlib", b"\xff"), "not complete JSON"),
    "a status of letters": (raw("abc OK"), "without a complete answer"),
    "an interim answer as the last": (raw("103 Early Hints"), "is empty"),
    "a body in bytes": (raw("200 OK", bytes(range(256))), "not complete JSON"),
    "deep JSON": (raw("200 OK", b"[" * 100_000 + b"]" * 100_000), "not complete JSON|is nested"),
    "JSON as deep as Python just takes": (raw("200 OK", b'{"a":' * 400 + b"1" + b"}" * 400), "is nested"),
    "a number of many digits": (raw("200 OK", b'{"a":' + b"9" * 5000 + b"}"), "not complete JSON"),
}
ENDLESS: dict[str, tuple[dict[str, Any], str]] = {
    "body by length": ({"fault": "endless_body", "framing": "length"}, "larger than 64 MB"),
    "body in chunks": ({"fault": "endless_body", "framing": "chunked"}, "larger than 64 MB"),
    "body until the end": ({"fault": "endless_body", "framing": "close"}, "larger than 64 MB"),
    "packed body": ({"fault": "gzip_bomb", "max_bytes": 70_000_000}, "larger than 64 MB"),
    "head": ({"fault": "endless_head"}, "without a complete answer|too long in its headers"),
    "interim answers": ({"fault": "endless_continue"}, "too long in its headers"),
}
# A byte now and then: never a time-out for one read.
SLOW: dict[str, dict[str, Any]] = {
    "body": {"fault": "drip", "part": "body", "every": 0.02},
    "head": {"fault": "drip", "part": "head", "every": 0.02},
    "endless head": {"fault": "endless_head", "chunk": 1, "every": 0.02},
    "interim answers": {"fault": "endless_continue", "every": 0.02},
    "endless body": {"fault": "endless_body", "chunk": 1, "every": 0.02, "framing": "chunked"},
}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "tls"])
def server(request: pytest.FixtureRequest) -> Iterator[Standin]:
    """A server for the file."""
    with Standin(seed=SEED, tls=request.param) as made:
        yield made


def made(server: Standin, *, timeout: float = 5, retries: int = 0, **options: Any) -> client.HttpClient:
    """Return a client of the server, which is as it was at the start."""
    server.reset()
    headers = {"AUTHTOKEN": server.product.credentials()["token"]}
    connection = Connection(server.url, ca_path=server.ca_path, timeout=timeout, retries=retries)
    return client.HttpClient(connection, headers=headers, **options)


def attempt(http: client.HttpClient, *, write: bool) -> VaultError:
    """Send a request and return the error, which is one sentence."""
    with pytest.raises(VaultError) as caught:
        (http.write if write else http.read)("DELETE" if write else "GET", PATH, operation="Trying").json()
    assert_message({"failed": True, "msg": str(caught.value)})
    return caught.value


def assert_free(http: client.HttpClient, server: Standin) -> None:
    """With one connection in the pool the next request would wait for ever if that got lost."""
    server.faults.set([])
    assert http.read("GET", PATH, operation="Trying").json()["operation"]["result"]["status"] == "Success"
    http.close()


@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers(server: Standin, name: str, write: bool) -> None:
    """One sentence, no wait, and after a write it is open whether it was done."""
    rule, words = BROKEN[name]
    http = made(server)
    server.faults.set([rule])
    error = attempt(http, write=write)
    assert any(part in error.message for part in words.split("|")), error.message
    assert error.outcome_unknown is write
    assert_free(http, server)


@pytest.mark.parametrize("name", ENDLESS)
def test_answers_without_end(server: Standin, name: str) -> None:
    """Read up to a bound, and not tried again."""
    rule, words = ENDLESS[name]
    http = made(server, retries=3)
    server.faults.set([rule])
    error = attempt(http, write=False)
    assert any(part in error.message for part in words.split("|")), error.message
    if "closed" not in error.message:
        assert http.retried == 0
    assert attempt(http, write=True).outcome_unknown is True
    assert_free(http, server)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole answer may take half a second, each part of it more, so that a busy machine changes nothing."""
    for module in (bounds, wire):
        monkeypatch.setattr(module, "TIMES", 0.05)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("name", SLOW)
def test_answers_by_drops(server: Standin, name: str) -> None:
    """Bounded in all, for the head as for the body, and not tried again."""
    http = made(server, timeout=10, retries=3)
    server.faults.set([SLOW[name]])
    error = attempt(http, write=True)
    assert error.message.endswith("was not complete after 0.5 s")
    assert error.outcome_unknown is True
    server.faults.set([SLOW[name]])
    attempt(http, write=False)
    assert http.retried == 0
    http.close()
    assert_free(made(server), server)


@pytest.mark.parametrize("name", ["plain text called gzip", "a redirect to bytes", "half of a body"])
def test_many_threads(server: Standin, name: str) -> None:
    """More threads than connections, and each request meets a broken answer: all of them come back."""
    http = made(server, connections=2)
    server.faults.set([BROKEN[name][0]])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _number: attempt(http, write=False), range(40)))
    assert len(found) == 40
    assert http.sent == 40
    assert_free(http, server)


@contextlib.contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield host:port of a port that deals with each connection by *answer*."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stopping = threading.Event()

        def serve() -> None:
            with contextlib.suppress(OSError):
                while not stopping.is_set():
                    connection = server.accept()[0]
                    with connection, contextlib.suppress(OSError):
                        connection.settimeout(5)
                        answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        stopping.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _drips(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    pause = threading.Event()
    while True:
        connection.sendall(b"x")
        pause.wait(0.02)


@pytest.mark.usefixtures("soon")
def test_a_proxy_by_drops() -> None:
    """What a proxy says to CONNECT counts against the same end, and the request was never sent."""
    with answering(_drips) as proxy:
        http = client.HttpClient(Connection("https://vault:8282", timeout=10, retries=0, proxy=f"http://{proxy}"))
        error = attempt(http, write=True)
    assert error.outcome_unknown is False
    assert error.message == "the proxy did not connect to vault:8282 (its answer was not complete after 0.5 s)"


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_refuses(status: int) -> None:
    """The status of the proxy is told; nothing was sent."""

    def refuses(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status)

    with answering(refuses) as proxy:
        http = client.HttpClient(Connection("https://vault:8282", retries=0, proxy=f"http://{proxy}"))
        error = attempt(http, write=True)
    assert error.message == f"the proxy did not connect to vault:8282 (HTTP {status})"
    assert error.outcome_unknown is False


@pytest.mark.usefixtures("soon")
def test_a_request_that_no_one_reads() -> None:
    """A large write to a server that takes nothing ends too, and may have been done."""
    waiting = threading.Event()
    with answering(lambda _connection: waiting.wait(60) and None) as host:
        http = client.HttpClient(Connection(f"http://{host}", timeout=10, retries=0))
        with pytest.raises(TransportError) as caught:
            http.write("POST", PATH, operation="Trying", data=b"x" * 30_000_000)
        waiting.set()
    assert caught.value.outcome_unknown is True


@pytest.mark.parametrize("option", ["ca_path", "client_cert"])
def test_nothing_was_sent(server: Standin, tmp_path: Path, option: str) -> None:
    """Then no answer could be read, and no write can have been done."""
    file = tmp_path / "broken.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    url = server.url.replace("http:", "https:")
    given = {"ca_path": server.ca_path, option: str(file)}
    error = attempt(client.HttpClient(Connection(url, retries=0, **given)), write=True)
    assert isinstance(error, TransportError)
    assert "answer" not in error.message
    assert option in error.hint
    assert error.outcome_unknown is False


@pytest.mark.parametrize("error", [requests.exceptions.InvalidURL, OSError, UnicodeError, ssl.SSLError, KeyError])
def test_nothing_was_sent_for_any_reason(
    server: Standin, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Whatever happens before the first byte is told as that."""

    def breaks(*_args: Any, **_options: Any) -> None:
        raise error("secret-in-text")

    http = made(server)
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", breaks)
    found = attempt(http, write=True)
    assert "could not be sent" in found.message
    assert "secret-in-text" not in str(found)
    assert found.outcome_unknown is False


@pytest.mark.parametrize("kind", [OSError, ValueError, UnicodeDecodeError, RecursionError, AssertionError, KeyError])
@pytest.mark.parametrize("where", ["unpacked", "_body", "requests.cookies.extract_cookies_to_jar"])
def test_whatever_goes_wrong(
    server: Standin, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], where: str
) -> None:
    """Any exception between sending and the end of the answer is a sentence, and leaves a write open."""
    details = ("utf-8", b"", 0, 1, "x") if kind is UnicodeDecodeError else ("secret-in-text",)

    def breaks(*_args: Any) -> None:
        raise kind(*details)

    http = made(server)
    with monkeypatch.context() as patch:
        patch.setattr(f"{wire.__name__}.{where}", breaks)
        error = attempt(http, write=True)
    assert isinstance(error, TransportError)
    assert error.outcome_unknown is True
    assert "secret-in-text" not in str(error)
    assert_free(http, server)


@pytest.mark.parametrize("status", [301, 303, 304, 307, 400, 401, 403, 404, 405, 408, 409, 413, 418, 500, 502, 599])
@pytest.mark.parametrize("body", ["html", "empty"])
def test_a_write_that_a_gateway_answers(server: Standin, status: int, body: str) -> None:
    """A redirect, or an error page outside the API's envelope, may come after the server has done it."""
    http = made(server)
    server.faults.set([{"fault": "status", "code": status, "body": body}])
    error = attempt(http, write=True)
    assert error.http_status == status
    assert error.outcome_unknown is True
    assert attempt(http, write=False).outcome_unknown is False


def test_too_many_requests_is_a_clear_refusal(server: Standin) -> None:
    """429 says that the write was not begun."""
    server.faults.set([])
    http = made(server)
    server.faults.set([{"fault": "status", "code": 429, "body": "html"}])
    assert attempt(http, write=True).outcome_unknown is False


def test_bounds_are_those_of_the_design() -> None:
    """64 MB, and ten times the time-out."""
    assert bounds.MAX_BODY == 64 * 1024 * 1024
    assert bounds.TIMES == 10


@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts"])
def test_a_task_after_a_broken_answer(module: str) -> None:
    """Retries, the read after a lost write, and the next account: none of them waits."""
    entry = {"resource": "db01", "name": "root", "notes": "new"}
    args = {"accounts": [entry, {**entry, "name": "app"}]} if module.endswith("s") else entry
    with World() as world:
        for operation in ("EDIT ACCOUNT", "GET RESOURCE ACCOUNTLIST"):
            world.standin.reset()
            rule = BROKEN["plain text called gzip"][0]
            world.standin.faults.set([{**rule, "operation": operation, "after_write": True}])
            result = world.run(module, **args)
            assert result["failed"], result
            assert "Unexpected" not in result["msg"]
        world.standin.faults.set([{**BROKEN["a redirect to bytes"][0], "operation": "EDIT ACCOUNT", "times": 1}])
        assert "Unexpected" not in world.run(module, **args)["msg"]


def test_pages_without_end() -> None:
    """A list whose pages bring nothing new ends, and one that never stops bringing new ones is an error."""
    with World() as world:
        world.standin.faults.set([{"fault": "endless_pages", "operation": "GET RESOURCES", "same": True, "rows": 500}])
        result = world.run("pam360_resource_info")
        assert len(result["resources"]) == 500, result["msg"]
        world.standin.faults.set([{"fault": "endless_pages", "operation": "GET RESOURCES", "rows": 1}])
        result = world.run("pam360_resource_info")
        assert_message(result)
        assert "the list does not end" in result["msg"]


@pytest.mark.parametrize("value", ["9" * 400, "1e999", "-5", '"many"', "null", "[[]]", "NaN", "true", "9" * 5000])
def test_a_total_that_is_none(value: str) -> None:
    """What the server says about the number of rows does not decide whether a task ends in a sentence."""
    with World() as world:
        rule = {"fault": "wrong_type", "operation": "GET RESOURCES", "where": "operation.totalRows", "text": value}
        world.standin.faults.set([rule])
        result = world.run("pam360_resource_info")
        if result.get("failed"):
            assert_message(result)
        else:
            assert len(result["resources"]) == 2


@pytest.mark.parametrize("road", ["module", "action"])
@pytest.mark.parametrize("key", ["RESOURCE ID", "ACCOUNT ID", "RESOURCE NAME", "ACCOUNT NAME", "ACCOUNT_DESCRIPTION"])
@pytest.mark.parametrize("module", ["pam360_account", "pam360_account_info", "pam360_resource_info", "pam360_accounts"])
def test_half_of_a_surrogate_pair(road: str, key: str, module: str) -> None:
    """It may be an ID, a name or a text: a sentence, or a result that can be printed."""
    args: dict[str, Any] = {"resource": "db01"} if module.startswith("pam360_account") else {}
    if module == "pam360_account":
        args |= {"name": "root", "notes": "x"}
    if module == "pam360_accounts":
        args = {"accounts": [{"resource": "db01", "name": "root", "notes": "x"}]}
    with World(road=road) as world:
        lists = (
            ("GET RESOURCES", "operation.Details.*."),
            ("GET RESOURCE ACCOUNTLIST", "operation.Details.ACCOUNT LIST.*."),
        )
        world.standin.faults.set(
            [
                {"fault": "wrong_type", "operation": name, "where": where + key, "value": "\ud800"}
                for name, where in lists
            ]
        )
        result = world.run(module, **args)
    if result.get("failed"):
        assert "Unexpected" not in result["msg"]
    repr(result).encode()
    str(result["msg"]).encode()


def test_an_answer_error_of_a_write_by_303(server: Standin) -> None:
    """The classic of a login page: done or not, it is not known."""
    http = made(server)
    server.faults.set([{"fault": "redirect", "code": 303, "url": "https://sso.example.com/", "after_write": True}])
    error = attempt(http, write=True)
    assert isinstance(error, AnswerError)
    assert "sso.example.com" in error.message
    assert error.outcome_unknown is True


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_success_with_the_status_of_a_failure(status: int) -> None:
    """What contradicts itself leaves open whether the write was done, so it is read back."""
    with World() as world:
        head = f"HTTP/1.1 {status} Odd\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        text = head + '{"operation":{"result":{"status":"Success","message":"Account edited"}}}'
        world.standin.faults.add(fault="raw", text=text, operation="EDIT ACCOUNT", times=1)
        result = world.run("pam360_account", resource="db01", name="root", notes="new")
        assert result["changed"] is True
        assert "Reading it back shows that the change was made anyway." in result["msg"]


@pytest.mark.parametrize("module", ["pam360_resource", "pam360_accounts"])
def test_a_contradiction_is_not_someone_else(module: str) -> None:
    """The create was ours, although the server calls it a conflict and its list cannot be read the first time."""
    head = "HTTP/1.1 409 Odd\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    text = head + '{"operation":{"result":{"status":"Success","message":"Resource created"}}}'
    args: dict[str, Any] = {"name": "new1", "department": "HR"}
    if module == "pam360_accounts":
        args = {"accounts": [{"resource": "new1", "name": "a"}], "resources": [args]}
    with World() as world:
        world.standin.faults.add(fault="raw", text=text, operation="CREATE RESOURCE", times=1)
        world.standin.faults.add(fault="html", operation="GET RESOURCE ACCOUNTLIST", times=1)
        result = world.run(module, **args)
        assert world.resource("new1")
    assert result["failed"] is True
    assert result["changed"] is True


LONG = [
    " " * 200_000 + "x",
    "[" * 200_000,
    "*" * 200_000 + "x",
    "#" * 200_000,
    "9" * 200_000,
    "\\" * 200_000,
    "&amp;" * 40_000,
]


@pytest.mark.parametrize("value", LONG, ids=[value[:1] for value in LONG])
@pytest.mark.parametrize(
    ("operation", "key", "module", "args"),
    [
        ("GET PASSWORD", "PASSWORD", "pam360_account_password", {"account": "root", "password": "N3w-Passw0rd!"}),
        ("GET RESOURCE ACCOUNT DETAILS", "DESCRIPTION", "pam360_account", {"name": "root", "notes": "n"}),
        ("GET RESOURCE ACCOUNT DETAILS", "LAST MODIFIED TIME", "pam360_account_info", {"details": True}),
        ("GET RESOURCE ACCOUNTLIST", "NOOFACCOUNTS", "pam360_resource_info", {"details": True}),
    ],
)
def test_long_values(value: str, operation: str, key: str, module: str, args: dict[str, Any]) -> None:
    """Whatever a server puts into a value, no reader goes over it again and again."""
    where = f"operation.Details.{key}"
    resource = {"name": "db01"} if module == "pam360_resource_info" else {"resource": "db01"}
    with World() as world:
        world.standin.faults.add(fault="wrong_type", operation=operation, where=where, value=value)
        world.standin.faults.add(fault="failed", operation="EDIT ACCOUNT", message=value)
        result = world.run(module, **{**resource, **args})
    assert "Unexpected" not in result["msg"]
