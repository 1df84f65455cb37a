# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and proxies that are not there, do not speak TLS, or say what they like in every part of an answer."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from pam360_standin import Standin

from .conftest import CANARIES, Bench
from .forms import percent
from .scenarios import Scenario, scenarios, seed
from .search import bones, told

C = CANARIES
SOME = [
    item
    for item in scenarios(C)
    if item.name in ("account, create", "password, on drift", "share, grant", "resource, edit")
]
PROXY_LOGIN = base64.b64encode(f"user:{C.proxy}".encode()).decode()
SECRETS = [C.token, C.password, C.totp, C.proxy, percent(C.proxy), C.pin, C.door]
LATIN = C.token


class Loud(BaseHTTPRequestHandler):
    """Answers anything with what ``manner`` says; all that it has is secret."""

    protocol_version = "HTTP/1.1"
    manner: ClassVar[dict[str, Any]] = {}

    def answer(self) -> None:
        """Send one answer."""
        size = int(self.headers.get("Content-Length") or 0)
        asked = self.rfile.read(size)
        manner = self.manner
        body = manner.get("body", b"") + (asked if manner.get("echo") else b"")
        self.send_response(manner.get("code", 200), manner.get("reason"))
        for name, value in manner.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + manner.get("missing", 0)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_CONNECT = answer  # noqa: N815

    def log_message(self, *_parts: Any) -> None:
        """Keep stderr for the modules."""


@pytest.fixture
def loud() -> Iterator[str]:
    """The address of a server whose manner a test sets."""
    server = HTTPServer(("127.0.0.1", 0), Loud)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def shut() -> Iterator[str]:
    """An address that refuses connections: bound, and not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


TEXT = " | ".join(SECRETS).encode()
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
MANNERS: dict[str, dict[str, Any]] = {
    "web page": {"body": b"<html>" + TEXT, "headers": HTML, "echo": True},
    "web page, 401": {"body": b"<html>" + TEXT, "headers": HTML, "echo": True, "code": 401},
    "web page, 500": {"body": b"<html>" + TEXT, "headers": HTML, "echo": True, "code": 500},
    "text": {"body": TEXT, "headers": {"Content-Type": "text/plain"}, "echo": True, "code": 400},
    "reason": {"reason": f"No {LATIN}", "code": 400},
    "reason, no JSON": {"reason": f"No {LATIN}", "body": TEXT},
    "character set": {"body": b"{}", "headers": {"Content-Type": f"application/json; charset={C.token}"}},
    "length": {"body": TEXT, "missing": 50, "headers": JSON, "echo": True},
    "compressed": {"body": TEXT, "headers": {**JSON, "Content-Encoding": "gzip"}, "echo": True},
    "date": {
        "body": b'{"operation": {"result": {"status": "Failed"}, "Details": {}}}',
        "headers": {**JSON, "Date": LATIN},
    },
    "cookie": {"body": b"[]", "headers": {**JSON, "Set-Cookie": f"a={LATIN}"}, "code": 403},
    "challenge": {"code": 401, "headers": {"WWW-Authenticate": f'Basic realm="{LATIN}"'}},
    "proxy login": {"code": 407, "headers": {"Proxy-Authenticate": f'Basic realm="{PROXY_LOGIN}"'}, "body": TEXT},
    "location, path": {"code": 302, "headers": {"Location": f"https://elsewhere.example/{percent(C.token)}"}},
    "location, query": {"code": 307, "headers": {"Location": f"https://elsewhere.example/?t={C.token}"}},
    "location, user": {"code": 301, "headers": {"Location": f"https://user:{percent(C.token)}@elsewhere.example/"}},
    "location, host": {"code": 308, "headers": {"Location": f"https://{bones(C.token)}.example/"}},
    "location, only": {"code": 303, "headers": {"Location": C.token}},
    "location, broken": {"code": 302, "headers": {"Location": f"https://[{C.token}"}},
    "later": {"code": 503, "headers": {"Retry-After": LATIN}, "body": TEXT},
}


def everywhere(bench: Bench, where: str, **args: Any) -> None:
    """Run some tasks of each module against what *args* lead to, and look for leaks."""
    for scenario in SOME:
        for check in (False, True):
            given = {"token": C.token, "retries": 1, **scenario.args, **args}
            printed = bench.run(scenario.module, given, f"{scenario.name}, {where}", check=check)
            assert printed.result["failed"], printed.result
    assert not bench.leaks, told(bench.leaks)


@pytest.mark.parametrize("manner", MANNERS)
def test_loud_server(bench: Bench, loud: str, monkeypatch: pytest.MonkeyPatch, manner: str) -> None:
    monkeypatch.setattr(Loud, "manner", MANNERS[manner])
    everywhere(bench, manner, url=f"http://{loud}")


@pytest.mark.parametrize(
    "said",
    [C.proxy, percent(C.proxy), PROXY_LOGIN, f"user:{C.proxy}", C.token],
    ids=["password", "quoted password", "login as sent", "login", "token"],
)
@pytest.mark.parametrize("code", [200, 400, 407, 502])
def test_loud_proxy(bench: Bench, loud: str, monkeypatch: pytest.MonkeyPatch, said: str, code: int) -> None:
    """A proxy sees the whole request, its own login included, and may say it back."""
    result = {"operation": {"result": {"status": "Failed", "message": f"Wrong: {said}"}}}
    manner = {"code": code, "body": json.dumps(result).encode(), "headers": JSON}
    monkeypatch.setattr(Loud, "manner", manner)
    proxy = f"http://user:{percent(C.proxy)}@{loud}"
    for url in ("http://vault.example:8282", "https://vault.example:8282"):
        everywhere(bench, f"proxy says {code}", url=url, proxy=proxy)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nobody_there(bench: Bench, shut: str, scheme: str) -> None:
    everywhere(bench, "refused", url=f"{scheme}://{shut}")
    everywhere(bench, "unknown host", url=f"{scheme}://vault.invalid")
    everywhere(bench, "proxy refused", url=f"{scheme}://vault.invalid", proxy=f"http://user:{percent(C.proxy)}@{shut}")


def test_tls(bench: Bench, loud: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    junk = tmp_path_factory.mktemp("tls") / "junk.pem"
    junk.write_text("no certificate\n", encoding="utf-8")
    with Standin(seed=seed(C), tls=True) as server:
        everywhere(bench, "not trusted", url=server.url)
        everywhere(bench, "not trusted, fields", url=server.url, client_cert=str(junk))
        everywhere(bench, "broken CA", url=server.url, ca_path=str(junk))
        everywhere(bench, "http on the TLS port", url=server.url.replace("https", "http"))
    everywhere(bench, "TLS on the http port", url=f"https://{loud}")


def test_tls_with_a_trusted_certificate(bench: Bench) -> None:
    with Standin(seed=seed(C), tls=True) as server:
        for scenario in SOME:
            args = {"url": server.url, "token": C.token, "ca_path": server.ca_path, **scenario.args}
            assert not bench.run(scenario.module, args, f"{scenario.name}, TLS").result.get("failed")
        insecure: Scenario = SOME[-1]
        args = {"url": server.url, "token": C.token, "validate_certs": False, **insecure.args}
        bench.run(insecure.module, args, "not checked")
    assert not bench.leaks, told(bench.leaks)
