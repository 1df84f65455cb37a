# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets that are none: what is sent goes to a stand-in's application, and its answer comes back mutated.

All above the socket is real: requests, urllib3 and http.client. Time is a number that moves on when someone waits.
"""

from __future__ import annotations

import io
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from standin_core.journal import Entry
from standin_core.standin import BaseStandin
from standin_core.wire import WIRE, Wire

from ansible_collections.vaultops.pam.plugins.module_utils._http import bounds, client

MAX_BODY = 1 << 18  # in place of 64 MB, so that answers without end are short
MAX_READ = 4 * (MAX_BODY + bounds.MAX_HEAD)  # bytes; a client that reads more has no bounds
URL = "http://vault.example:8282"


@dataclass
class Mutant:
    """What the client gets for one request.

    :param data: what is sent; ``repeat`` follows for ever.
    :param piece: bytes of one read, and ``pause`` the seconds before it.
    :param end: what comes after: ``eof``, ``silence`` (the server keeps the connection open) or ``reset``.
    :param kind: for messages.
    """

    data: bytes
    kind: str = "as it is"
    repeat: bytes = b""
    piece: int = 1 << 16
    pause: float = 0.0
    end: str = "eof"


@dataclass
class Exchange:
    """One request and what came of it. *cut*: it never reached the server."""

    number: int
    entry: Entry | None = None
    mutant: Mutant | None = None
    cut: bool = False


@dataclass
class Network:
    """The way to one stand-in.

    :ivar mutate: given the number of the request, its journal entry and the real answer, returns a mutant or ``None``.
    :ivar refuse: given the number of a connection, whether no one listens.
    """

    standin: BaseStandin
    mutate: Callable[[int, Entry, bytes], Mutant | None] = lambda _number, _entry, _answer: None
    refuse: Callable[[int], bool] = lambda _number: False
    now: float = 0.0
    exchanges: list[Exchange] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._never, self._other = socket.socketpair()  # for those who ask whether there is something to read

    def close(self) -> None:
        """Let go of the two real sockets."""
        self._never.close()
        self._other.close()

    def clear(self) -> None:
        """Forget what was, and mutate nothing."""
        self.exchanges.clear()
        self.complaints.clear()
        self.mutate, self.refuse = lambda _number, _entry, _answer: None, lambda _number: False

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        with self.lock:
            self.now += max(seconds, 0.0)

    def connect(self, *_address: Any, **_options: Any) -> Socket:
        """Return a socket to the stand-in."""
        with self.lock:
            exchange = Exchange(len(self.exchanges))
            if self.refuse(exchange.number):
                exchange.cut = True
                self.exchanges.append(exchange)
                raise ConnectionRefusedError(111, "Connection refused")
        return Socket(self)

    def fileno(self) -> int:
        """Return a descriptor that never has anything to read."""
        return self._never.fileno()

    def ask(self, request: bytes) -> Mutant:
        """Give a request to the stand-in, and return what the client gets."""
        try:
            return self._ask(request)
        except Exception as error:
            self.complaints.append(f"the fuzzer itself: {error!r} at {traceback.extract_tb(error.__traceback__)[-1]}")
            raise

    def _ask(self, request: bytes) -> Mutant:
        head, _blank, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        path, _question, query = target.partition("?")
        headers = dict(line.split(": ", 1) for line in lines)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "vault",
            "SERVER_PORT": "8282",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            WIRE: Wire(),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        told: list[tuple[str, list[tuple[str, str]]]] = []
        with self.lock:  # so that the last entry of the journal is that of this request
            content = b"".join(self.standin._application(environ, lambda status, lines: told.append((status, lines))))
            entry = self.standin.journal.entries[-1]
            exchange = Exchange(len(self.exchanges), entry)
            self.exchanges.append(exchange)
            status, given = told[0]
            top = "".join(f"{name}: {value}\r\n" for name, value in given)
            answer = f"HTTP/1.1 {status}\r\n{top}Connection: close\r\n\r\n".encode("latin-1") + content
            exchange.mutant = self.mutate(exchange.number, entry, answer)
        return exchange.mutant or Mutant(answer)


class Socket:
    """As much of a socket as http.client and urllib3 use."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sent = bytearray()
        self._timeout: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        """Note how long a read may take."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Return how long a read may take."""
        return self._timeout

    def sendall(self, data: bytes) -> None:
        """Take a part of a request."""
        self._sent += data

    def makefile(self, _mode: str, buffering: int = -1) -> Answer:
        """Return the answer to what was sent."""
        assert buffering == 0
        request, self._sent = bytes(self._sent), bytearray()
        return Answer(self._network, self._network.ask(request), self)

    def fileno(self) -> int:
        """Return a descriptor that never has anything to read."""
        return self._network.fileno()

    def close(self) -> None:
        """Do nothing."""

    def shutdown(self, _how: int) -> None:
        """Do nothing."""

    def setsockopt(self, *_option: Any) -> None:
        """Do nothing."""


class Answer(io.RawIOBase):
    """The bytes of one answer."""

    def __init__(self, network: Network, mutant: Mutant, sock: Socket) -> None:
        super().__init__()
        self._network, self._mutant, self._socket = network, mutant, sock
        self._left = mutant.data
        self._count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give some bytes."""
        limit = self._socket.gettimeout()
        if limit is None or limit <= 0:
            self._network.complaints.append("a read without a time-out")
            raise TimeoutError("timed out")
        mutant = self._mutant
        if mutant.pause > limit:
            self._silence(limit)
        self._network.wait(mutant.pause)
        if not self._left and mutant.repeat:
            self._left = mutant.repeat
        if not self._left:
            if mutant.end == "reset":
                raise ConnectionResetError(104, "Connection reset by peer")
            if mutant.end == "silence":
                self._silence(limit)
            return 0
        size = min(len(buffer), mutant.piece, len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        self._count += size
        if self._count > MAX_READ:
            self._network.complaints.append(f"more than {MAX_READ} bytes were read")
            raise ConnectionAbortedError
        return size

    def _silence(self, limit: float) -> None:
        self._network.wait(limit)
        raise TimeoutError("timed out")


@contextmanager
def connected(network: Network) -> Iterator[None]:
    """Let all requests of this process go by the network, and all waits be a number."""
    clock = SimpleNamespace(sleep=network.wait, time=time.time, monotonic=lambda: network.now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("urllib3.connection.connection.create_connection", network.connect)
        patch.setattr(client, "time", clock)
        patch.setattr(bounds, "monotonic", clock.monotonic)
        patch.setattr(bounds, "MAX_BODY", MAX_BODY)
        yield
