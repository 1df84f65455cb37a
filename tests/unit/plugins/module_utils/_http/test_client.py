# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No connection, wrong certificates, proxies, Retry-After, and the lock of check mode."""

from __future__ import annotations

import contextlib
import datetime
import inspect
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme

from ansible_collections.vaultops.pam.plugins.module_utils._common import errors as _errors
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import Secret
from ansible_collections.vaultops.pam.plugins.module_utils._http import client as _http
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import api as _pam360
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED, World, assert_failure, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS
from pam360_standin import Standin

CHANGE = {"resource": "db01", "name": "root", "notes": "n"}
MODULES: dict[str, dict[str, Any]] = {
    "pam360_account": CHANGE,
    "pam360_resource": {"name": "db01", "description": "d"},
    "pam360_account_password": {"resource": "db01", "account": "root", "password": "N3w-Passw0rd!"},
    "pam360_account_info": {"resource": "db01", "details": True},
    "pam360_resource_info": {"name": "db01", "details": True},
    "pam360_account_share": {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "view"},
}


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One plain server for the module."""
    with World(road=request.param) as made:
        yield made


@pytest.fixture
def world(shared: World) -> World:
    """The plain server, as it was at the start."""
    return shared.reset()


@pytest.fixture(scope="module", params=ROADS)
def secure(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server with TLS."""
    with World(tls=True, road=request.param) as made:
        yield made


@pytest.fixture
def nowhere() -> str:
    """Return host:port of a port where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_connection_refused(world: World, nowhere: str, module: str, check: bool) -> None:
    """Nothing listens: retried, then one clear sentence, null as status, nothing changed."""
    result = world.run(module, check=check, url=f"http://{nowhere}", retries=2, **MODULES[module])
    assert_failure(result, None, printed=world.printed)
    assert "nothing listens" in result["msg"]
    assert nowhere in result["msg"]
    assert result["requests"] == {"sent": 3, "retried": 2}
    assert result["changed"] is False
    assert len(world.delays) == 2


def test_unknown_host(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve is called that."""

    def unknown(*_args: Any, **_more: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = world.run("pam360_account", url="http://vault.invalid:8282", retries=0, **CHANGE)
    assert_failure(result, None)
    assert "cannot be resolved" in result["msg"]


@contextlib.contextmanager
def _tls_port(
    certificate: trustme.LeafCert, newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the URL of a TLS port, and all that is sent to it after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if newest != ssl.TLSVersion.MAXIMUM_SUPPORTED:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = newest
    certificate.configure_cert(context)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection = server.accept()[0]
                    with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                        heard.append(secure.recv(4096))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("untrusted", ("is not trusted", "ca_path")),
        ("name", ("is for another name",)),
        ("expired", ("has expired",)),
    ],
)
def test_wrong_certificate(world: World, tmp_path: Path, problem: str, words: tuple[str, ...]) -> None:
    """TLS failures are told apart, are not retried, and send no request."""
    authority, other = trustme.CA(), trustme.CA()
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    made = {
        "untrusted": lambda: other.issue_cert("127.0.0.1"),
        "name": lambda: authority.issue_cert("vault.example.com"),
        "expired": lambda: authority.issue_cert("127.0.0.1", not_after=past),
    }[problem]()
    ca_path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    with _tls_port(made) as (url, heard):
        result = world.run("pam360_account", url=url, ca_path=str(ca_path), **CHANGE)
    assert b"".join(heard) == b""
    assert_failure(result, None, printed=world.printed)
    for word in words:
        assert word in result["msg"]
    assert result["requests"] == {"sent": 1, "retried": 0}
    assert result["changed"] is False


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_a_server_with_old_tls_only(world: World, tmp_path: Path, version: ssl.TLSVersion) -> None:
    """Said as what it is, as no certificate is to blame."""
    authority = trustme.CA()
    ca_path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_path))
    with _tls_port(authority.issue_cert("127.0.0.1"), version) as (url, heard):
        result = world.run("pam360_account", url=url, ca_path=str(ca_path), **CHANGE)
    assert b"".join(heard) == b""
    assert_failure(result, None, printed=world.printed)
    assert "speaks only old versions of TLS, such as 1.0 and 1.1" in result["msg"]
    assert "Have TLS 1.2 or newer turned on at the server." in result["msg"]


def test_tls_to_a_plain_port(world: World) -> None:
    """https:// to a plain port says that the port does not speak TLS."""
    result = world.run("pam360_account", url=world.standin.url.replace("http:", "https:"), **CHANGE)
    assert_failure(result, None, printed=world.printed)
    assert "does not speak TLS" in result["msg"]
    assert world.journal == []


def test_plain_to_a_tls_port(secure: World) -> None:
    """http:// to a TLS port is a clear failure too, and the token is in no journal."""
    result = secure.run("pam360_account", url=secure.standin.url.replace("https:", "http:"), retries=0, **CHANGE)
    assert result["failed"]
    assert "\n" not in result["msg"]
    assert "Unexpected" not in result["msg"]
    assert secure.journal == []


@pytest.mark.parametrize("module", MODULES)
def test_trusted_certificate(secure: World, module: str) -> None:
    """With the CA each module works over TLS, and does not warn."""
    result = secure.reset().run(module, ca_path=secure.standin.ca_path, **MODULES[module])
    assert result["changed"] is not module.endswith("_info"), result
    assert texts_of(result) == []


def test_certificates_unchecked(secure: World) -> None:
    """validate_certs: false connects, whatever REQUESTS_CA_BUNDLE says."""
    assert secure.reset().run("pam360_account", validate_certs=False, **CHANGE)["changed"] is True


def test_ca_bundle_of_the_environment(secure: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ca_path the usual variable is used."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure.reset().standin.ca_path))
    assert secure.run("pam360_account", **CHANGE)["changed"] is True


@pytest.mark.parametrize("where", ["option", "PAM360_PROXY", "https_proxy"])
def test_proxy_down(secure: World, nowhere: str, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """A proxy that is not there is named as the problem, without its password."""
    proxy = f"http://joe:pr0xy-s3cret@{nowhere}"
    args = {"proxy": proxy} if where == "option" else {}
    if not args:
        monkeypatch.setenv(where, proxy)
    result = secure.reset().run("pam360_account", ca_path=secure.standin.ca_path, retries=1, **args, **CHANGE)
    assert_failure(result, None, printed=secure.printed)
    assert "proxy" in result["msg"]
    assert "pr0xy-s3cret" not in secure.printed
    assert secure.journal == []
    assert result["requests"] == {"sent": 2, "retried": 1}


def test_netrc_is_not_read(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .netrc for the host adds no Authorization header."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login joe password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    world.run("pam360_account", **CHANGE)
    assert world.journal
    assert all("Authorization" not in entry.headers for entry in world.journal)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        pytest.param("0", 0, 0, id="0"),
        pytest.param("1", 1, 1, id="1"),
        pytest.param("7.5", 7.5, 7.5, id="fraction"),
        pytest.param("100000", 60, 60, id="huge"),
        pytest.param("1e400", 0, 60, id="infinite"),
        pytest.param("-5", 0, 0, id="negative"),
        pytest.param(172800, 60, 60, id="date in two days"),
        pytest.param(40, 1, 40, id="date in 40 seconds"),
        pytest.param(-172800, 0, 0, id="date two days ago"),
        pytest.param("soon", 0.25, 0.5, id="a word"),
        pytest.param("nan", 0.25, 0.5, id="nan"),
        pytest.param("Mon, 99 Foo 2026 00:00:00 GMT", 0.25, 0.5, id="no date"),
        pytest.param(None, 0.25, 0.5, id="missing"),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_retry_after(world: World, header: str | int | None, least: float, most: float, code: int) -> None:
    """Retry-After is obeyed up to 60 seconds, as seconds and as a date; garbage means the usual wait."""
    if isinstance(header, int):
        now = datetime.datetime.now(datetime.timezone.utc)
        header = format_datetime(now + datetime.timedelta(seconds=header), usegmt=True)
    world.standin.faults.add(fault="status", code=code, retry_after=header, times=1)
    result = world.run("pam360_account", **CHANGE)
    assert result["changed"] is True
    assert len(world.delays) == 1
    assert least <= world.delays[0] <= most
    assert any(f"HTTP {code}" in text for text in texts_of(result))


def test_waits_grow(world: World) -> None:
    """Without Retry-After the waits about double, and end at half a minute."""
    world.standin.faults.add(fault="cut_before")
    world.run("pam360_account", retries=9, **CHANGE)
    assert len(world.delays) == 9
    for at, delay in enumerate(world.delays):
        full = min(30.0, 0.5 * 2**at)
        assert full / 2 <= delay <= full


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_retries_are_counted_per_read(world: World, retries: int) -> None:
    """retries: n means at most n + 1 requests for a read."""
    world.standin.faults.add(fault="status", code=503)
    result = world.run("pam360_account", retries=retries, **CHANGE)
    assert result["requests"] == {"sent": retries + 1, "retried": retries}
    assert len(world.journal) == retries + 1


def test_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow answer is a time-out: a read is retried, a write is open."""
    with Standin(seed=SEED, faults=[{"fault": "delay", "seconds": 0.4}]) as slow:
        connection = _http.Connection(slow.url, timeout=0.05, retries=1)
        client = _pam360.Pam360.connect(connection, Secret(slow.token))
        monkeypatch.setattr(_http, "time", SimpleNamespace(sleep=lambda _seconds: None, time=time.time))
        with pytest.raises(_errors.TransportError, match=r"did not answer within 0\.05 s") as read:
            client.resource("601", "resource 'db01'")
        assert (client.http.sent, client.http.retried) == (2, 1)
        assert read.value.outcome_unknown is False
        with pytest.raises(_errors.TransportError) as write:
            client.delete_account("601", "9001", "account 'root'")
        assert write.value.outcome_unknown is True
        assert client.http.sent == 3


def _writes() -> list[tuple[str, Callable[..., Any]]]:
    """All methods of the client that can write: they are not allowed to be forgotten here."""
    body = {"ACCOUNTNAME": "a", "RESOURCENAME": "r"}
    values = {"resource_id": "601", "account_id": "9001", "label": "it", "details": body, "accounts": [body]}
    values |= {"group_id": "3001", "password": Secret("x"), "access": "view", "grantee": {"USERID": "21"}}
    found = []
    for name, method in inspect.getmembers(_pam360.Pam360, inspect.isfunction):
        if name.startswith(("create_", "edit_", "delete_", "add_", "set_", "share_")):
            wanted = [
                one
                for one, about in inspect.signature(method).parameters.items()
                if one != "self" and about.kind is about.POSITIONAL_OR_KEYWORD
            ]
            found.append((name, lambda client, n=name, w=wanted: getattr(client, n)(*[values[one] for one in w])))
    return found


@pytest.mark.parametrize(("name", "act"), _writes(), ids=[name for name, _act in _writes()])
def test_read_only_refuses(world: World, name: str, act: Callable[..., Any]) -> None:
    """With read_only each write of the client raises, and nothing is sent; without it something is."""
    connection = _http.Connection(world.standin.url)
    world.standin.journal.clear()
    locked = _pam360.Pam360.connect(connection, Secret(world.standin.token), read_only=True)
    with pytest.raises(_errors.ReadOnlyError):
        act(locked)
    assert world.journal == []
    assert locked.http.sent == 0
    act(_pam360.Pam360.connect(connection, Secret(world.standin.token)))
    assert len(world.writes) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_read_only_transport(world: World, method: str) -> None:
    """The transport itself refuses, whoever asks."""
    client = _http.HttpClient(_http.Connection(world.standin.url), read_only=True)
    world.standin.journal.clear()
    with pytest.raises(_errors.ReadOnlyError):
        client.write(method, "/restapi/json/v1/resources", operation="Trying")
    assert world.journal == []


def test_all_writes_are_in_the_list() -> None:
    """The list above knows every write of the client."""
    names = {name for name, _act in _writes()}
    assert names == {
        *("create_resource", "edit_resource", "delete_resource", "add_accounts", "edit_account", "delete_account"),
        *("set_password", "share_account", "share_resource", "add_to_resource_group"),
    }
