# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: cheroot with one write per answer, and answers that can be cut."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple
from wsgiref.types import WSGIApplication

import trustme
from cheroot import wsgi
from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter

WIRE = "standin.wire"


@dataclass
class Wire:
    """How the answer goes out; the application finds it in the WSGI environment.

    ``cut`` sends a part of it; ``stream`` makes pieces of it, and then the connection is closed.
    """

    cut: Literal["", "all", "body"] = ""
    stream: Callable[[bytes], Iterator[bytes]] | None = None

    def keep(self, answer: bytes) -> bytes:
        """Return the part of a complete answer that is sent."""
        if not self.cut:
            return answer
        if self.cut == "all":
            return b""
        head = answer.find(b"\r\n\r\n") + 4
        return answer[: head + (len(answer) - head) // 2]


class OneWriteGateway(wsgi.Gateway_10):
    """Collects head and body and sends them with one write: two cost a delayed ACK (40 ms)."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.env[WIRE] = Wire()

    def respond(self) -> None:
        """Run the application, then send what the Wire makes of its answer."""
        connection, wire = self.req.conn, self.env[WIRE]
        socket_file, held = connection.wfile, io.BytesIO()
        connection.wfile = held
        try:
            super().respond()
        finally:
            connection.wfile = socket_file
        if wire.cut or wire.stream:
            self.req.close_connection = True
        whole = held.getvalue()
        try:
            for part in wire.stream(whole) if wire.stream else [wire.keep(whole)]:
                if part:
                    socket_file.write(part)
        except OSError:
            # The client went. What is left would be tried again when the file is closed.
            socket_file._write_buf.clear()
            raise


class Certificates(NamedTuple):
    """Files: the CA's certificate, the server's and a client's certificate, each with its key."""

    ca: Path
    server: Path
    client: Path


@contextlib.contextmanager
def certificates(host: str, keep_in: Path | None = None) -> Iterator[Certificates]:
    """Make a CA and two certificates; removes them at the end.

    With ``keep_in`` the CA file stays there; the keys never leave the private directory.
    """
    names = list(dict.fromkeys([host, "localhost", "127.0.0.1", "::1"]))
    authority = trustme.CA()
    with tempfile.TemporaryDirectory(prefix="standin-") as directory:  # 0700
        place = Path(directory) if keep_in is None else keep_in
        place.mkdir(parents=True, exist_ok=True)
        files = Certificates(place / "ca.pem", Path(directory, "server.pem"), Path(directory, "client.pem"))
        authority.cert_pem.write_to_path(str(files.ca))
        authority.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(str(files.server))
        authority.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(str(files.client))
        yield files


class LateHandshake(BuiltinSSLAdapter):
    """Leaves the TLS handshake to the worker: in the accepting thread one silent client stops all others."""

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Return the socket without a handshake and the WSGI environment of HTTPS."""
        wrapped = self.context.wrap_socket(sock, do_handshake_on_connect=False, server_side=True)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class Connection(HTTPConnection):
    """A connection that shakes hands before its first request."""

    requests_answered = 0

    def communicate(self) -> bool:
        """Answer one request; false closes the connection."""
        if self.requests_answered == 0 and isinstance(self.socket, ssl.SSLSocket):
            try:
                self.socket.do_handshake()
            except OSError:
                # No trust, no certificate, no TLS at all: the client's business.
                return False
        self.requests_answered += 1
        return bool(super().communicate())  # type: ignore[no-untyped-call]


class QuietServer(wsgi.Server):
    """Cheroot without its notes on stderr."""

    ConnectionClass = Connection

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Write cheroot's messages to the log, most of them at a level that nobody sees."""
        logging.getLogger("standin").log(level if traceback else logging.DEBUG, msg, exc_info=traceback)


class HttpServer:
    """A cheroot server in a thread of this process."""

    def __init__(
        self, application: WSGIApplication, host: str, port: int, files: Certificates | None, client_certs: bool = False
    ) -> None:
        self._server = QuietServer(
            (host, port), application, numthreads=16, request_queue_size=128, timeout=60, shutdown_timeout=1
        )
        self._server.gateway = OneWriteGateway
        # The default of 10 would close the connections of a client that works in parallel.
        self._server.keep_alive_conn_limit = 1000
        # Stopping waits for the selector's next round.
        self._server.expiration_interval = 0.05
        if files is not None:
            adapter = LateHandshake(str(files.server), str(files.server))
            if client_certs:
                adapter.context.load_verify_locations(str(files.ca))
                adapter.context.verify_mode = ssl.CERT_REQUIRED
            self._server.ssl_adapter = adapter
        self._server.prepare()
        bound_host, bound_port = self._server.bind_addr[:2]
        name = f"[{bound_host}]" if ":" in bound_host else bound_host
        self.url = f"{'https' if files else 'http'}://{name}:{bound_port}"
        self._thread = threading.Thread(target=self._server.serve, name="standin", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close all connections and the port."""
        self._server.stop()
        self._thread.join(5)
