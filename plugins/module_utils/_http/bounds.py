# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long an answer may take and how large it may be. Internal to the collection.

A time-out of a socket counts for one read, so a server that sends a byte now and then, or interim answers for ever,
would never be timed out. Here each read of head and body, of a proxy's answer too, counts against one end.
"""

from __future__ import annotations

import io
import socket
import threading
import zlib
from http.client import HTTPConnection, HTTPResponse
from time import monotonic
from typing import TYPE_CHECKING, Any

TIMES = 10  # of ``timeout``, for a whole answer
MAX_HEAD = 1 << 20  # bytes, interim answers included
MAX_BODY = 64 << 20  # bytes, packed and unpacked
PIECE = 1 << 16  # bytes that are read or sent at a time
# By Content-Encoding: forms of zlib, to be tried in turn. What calls itself deflate comes with a frame or without.
PACKED = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


class OutOfBoundsError(OSError):
    """The answer is larger than it may be, or takes longer."""


class PackedError(ValueError):
    """The body is not packed as its Content-Encoding says. ``cut``: it is, but its end is missing."""

    def __init__(self, *, cut: bool = False) -> None:
        super().__init__("cut" if cut else "not packed like that")
        self.cut = cut


class Exchange:
    """One request and its answer.

    :ivar sent: a part of the request may have reached the server.
    :ivar crossed: the bound that the answer did not keep: ``time``, ``head`` or ``body``.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = monotonic() + TIMES * seconds
        self.sent = False
        self.crossed = ""

    def left(self, usual: float | None) -> float:
        """Return how many seconds the next read or write may take, or raise OutOfBoundsError."""
        seconds = self.ends - monotonic()
        if seconds <= 0:
            raise self.cross("time")
        return seconds if usual is None else min(usual, seconds)

    def cross(self, bound: str) -> OutOfBoundsError:
        """Note which bound was not kept, and return the error."""
        self.crossed = bound
        return OutOfBoundsError(bound)


class _Current(threading.local):
    exchange: Exchange = Exchange(0)


current = _Current()


class _Reader(io.RawIOBase):
    """What a socket gives, within the bounds of the exchange that goes on in this thread."""

    _file: Any = None

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._usual = sock.gettimeout()
        self._exchange = current.exchange
        self._part, self._room = "head", MAX_HEAD

    def begin_body(self) -> None:
        """From now on the size of a body counts."""
        self._part, self._room = "body", MAX_BODY

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return this as a file, as http.client wants it."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Whether it can be read: it can."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what there is."""
        self._sock.settimeout(self._exchange.left(self._usual))
        try:
            count: int | None = self._file.readinto(buffer)
        except OSError:
            self._exchange.left(None)
            raise
        self._room -= count or 0
        if self._room < 0:
            raise self._exchange.cross(self._part)
        return count

    def close(self) -> None:
        """Let go of the socket, which is not closed by that."""
        if self._file:
            self._file.close()
        super().close()


class BoundedResponse(HTTPResponse):
    """An answer whose head and body are read within bounds."""

    fp: Any = None  # for one that could not even be begun

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        self._reader = _Reader(sock)
        super().__init__(self._reader, *args, **options)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Read the head, and the interim answers before it."""
        super().begin()
        self._reader.begin_body()


class BoundedConnection(HTTPConnection if TYPE_CHECKING else object):  # type: ignore[misc]
    """Mix-in for a connection of urllib3."""

    response_class = BoundedResponse

    def connect(self) -> None:
        """Connect; what is sent to a proxy meanwhile is not the request."""
        try:
            super().connect()
        finally:
            current.exchange.sent = False

    def send(self, data: Any) -> None:
        """Send a part of the request."""
        if self.sock is None:
            self.connect()
        current.exchange.sent = True
        # In pieces, as sending over TLS begins anew to count its time-out with each record.
        whole = not isinstance(data, bytes) or len(data) <= PIECE
        for piece in [data] if whole else [data[at : at + PIECE] for at in range(0, len(data), PIECE)]:
            self.sock.settimeout(current.exchange.left(self.timeout))
            super().send(piece)


def unpacked(data: bytes, coding: str) -> bytes:
    """Return a body without its Content-Encoding; raise PackedError, or OutOfBoundsError for one that is too large."""
    coding = coding.strip().lower()
    if not data or coding in ("", "identity"):
        return data
    for form in PACKED.get(coding, ()):
        unpacker = zlib.decompressobj(form)
        try:
            plain = unpacker.decompress(data, MAX_BODY + 1)
        except zlib.error:
            continue
        if len(plain) > MAX_BODY:
            raise current.exchange.cross("body")
        if not unpacker.eof:
            raise PackedError(cut=True)
        return plain
    raise PackedError
