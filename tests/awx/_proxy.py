# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on loopback that passes TLS through (CONNECT), and counts."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Handler(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        """Open the way that the client asks for, and pass bytes until one side ends."""
        _method, target, _version = self.rfile.readline().decode().split()
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(target)
        host, port = target.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as other:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pair = {self.connection: other, other: self.connection}
            while True:
                for one in select.select(list(pair), [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    pair[one].sendall(data)


class Proxy(socketserver.ThreadingTCPServer):
    """The server; *asked* holds what clients asked for, as host:port."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Address of the proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxy() -> Iterator[Proxy]:
    """Run a proxy."""
    with Proxy() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
