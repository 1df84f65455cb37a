# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that holds the secrets of one run of Ansible in memory. Internal to the collection.

Run as a program by ``_run_cache``, with nothing but the standard library: the socket to make, and the process ID of the
run. A client sends one JSON object on a line and gets one back:

* ``{"key": k, "account": a}`` gives an empty line at once and then one each second, which shows that this process
  lives. When no one else is reading it, ``{"value": v}``, or ``{}``: then this client is to read the secret, sends
  ``{"value": v, "account": a}``, and gets ``{}``. If it hangs up instead, the next one that asks is told to read.
* ``{"forget": a}`` gives an empty line, drops what is known of an account, and gives ``{}``.

An account is an object with ``resource``, ``resource_id``, ``account`` and ``account_id``, or with ``safe``, ``name``,
``user_name``, ``address`` and ``account_id``, as far as they are known.
"""

from __future__ import annotations

import json
import os
import resource
import select
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Optional

Account = Mapping[str, Optional[str]]
CHECK_SECONDS = 1.0  # between two looks at whether the run is still there
SIGN = b"\n"
SIGN_SECONDS = 1.0  # between two signs of life
BACKLOG = 1024  # as many forks may ask at once


def peer_uid(connection: socket.socket) -> int:
    """Return the user at the other end, as the kernel tells; raise OSError where it does not."""
    if hasattr(socket, "SO_PEERCRED"):  # Linux: pid, uid, gid
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", data)[1])
    if sys.platform == "darwin" or "bsd" in sys.platform:  # LOCAL_PEERCRED of SOL_LOCAL: version, uid, groups
        return int(struct.unpack("2I", connection.getsockopt(0, 1, 76)[:8])[1])
    raise OSError("this system does not tell who is at the other end of a socket")


def may_be_same(one: Account, other: Account) -> bool:
    """Whether two descriptions may be of one account. IDs decide; without them, no name may differ but in case.

    CyberArk's accounts are in a safe, which those of PAM360 are not.
    """
    if ("safe" in one) is not ("safe" in other):
        return False
    if one.get("account_id") and other.get("account_id"):
        return one["account_id"] == other["account_id"]
    pairs = [(one[key] or "", other.get(key) or "") for key in one if key != "account_id"]
    return all(mine.casefold() == yours.casefold() for mine, yours in pairs if mine and yours)


class Store:
    """Secrets by key. Of those who ask for a missing one, one is told to read it, and the others wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: dict[str, tuple[str, Account]] = {}
        self._read: dict[str, Account | None] = {}  # what is being read now; None: it changed meanwhile

    def take(self, key: str, account: Account, sign: Callable[[], object]) -> str | None:
        """Return a secret, or ``None``: then the caller is to read it and must call ``give``.

        :param sign: called each second in which someone else reads it; raises when no one waits any more.
        """
        while True:
            with self._changed:
                self._changed.wait_for(lambda: key in self._kept or key not in self._read, SIGN_SECONDS)
                if key in self._kept:
                    return self._kept[key][0]
                if key not in self._read:
                    self._read[key] = account
                    return None
            sign()

    def give(self, key: str, value: str | None, account: Account) -> None:
        """Keep what the caller of ``take`` has read; ``None`` when it has not, and it is the next one's turn."""
        with self._changed:
            if self._read.pop(key) is not None and value is not None:
                self._kept[key] = (value, account)
            self._changed.notify_all()

    def forget(self, account: Account) -> None:
        """Drop the secrets of an account, also one that is being read."""
        with self._changed:
            for key in [key for key, (_value, kept) in self._kept.items() if may_be_same(kept, account)]:
                del self._kept[key]
            for key, read in self._read.items():
                if read is not None and may_be_same(read, account):
                    self._read[key] = None


class Handler(socketserver.StreamRequestHandler):
    """One question."""

    server: Server

    def handle(self) -> None:
        """Answer, and wait for the secret if this client is to read it."""
        store, request = self.server.store, self._receive()
        if "forget" in request:
            store.forget(request["forget"])  # before the sign, which the client takes for done
        self.wfile.write(SIGN)
        if "forget" in request:
            self._send({})
            return
        key, account = request["key"], request["account"]
        value = store.take(key, account, lambda: self.wfile.write(SIGN))
        if value is not None:
            self._send({"value": value})
            return
        found: dict[str, Any] = {}
        try:
            self._send({})
            found = self._receive()
        finally:
            store.give(key, found.get("value"), found.get("account", account))
        self._send({})

    def _receive(self) -> dict[str, Any]:
        return dict(json.loads(self.rfile.readline() or "{}"))

    def _send(self, answer: dict[str, Any]) -> None:
        self.wfile.write(json.dumps(answer).encode() + b"\n")


class Server(socketserver.ThreadingUnixStreamServer):
    """Answers on a private socket."""

    request_queue_size = BACKLOG
    daemon_threads = True
    block_on_close = False
    timeout = CHECK_SECONDS

    def __init__(self, path: str) -> None:
        self.store = Store()
        super().__init__(path, Handler)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Answer only to the user who runs Ansible."""
        with suppress(OSError):
            return peer_uid(request) == os.geteuid()
        return False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is an everyday thing."""


class Run:
    """The process of ``ansible-playbook``."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._handle: int | None = None
        if hasattr(os, "pidfd_open"):
            with suppress(OSError):  # a kernel before Linux 5.3, or the process is gone
                self._handle = os.pidfd_open(pid)

    def goes_on(self) -> bool:
        """Whether the process lives. With a handle no later process of the same number is mistaken for it."""
        if self._handle is not None:
            return not select.select([self._handle], [], [], 0)[0]
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True


def main(path: str, pid: int) -> None:
    """Listen, leave the caller, and answer until the run ends or its folder goes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would put the secrets on disk
    os.umask(0o077)  # the socket is private, as is the folder around it
    run = Run(pid)
    with Server(path) as server:
        if os.fork():
            os._exit(0)  # the caller may connect now
        while run.goes_on() and os.path.exists(path):
            server.handle_request()
    for name in (path, f"{path}.lock"):
        with suppress(OSError):
            os.unlink(name)
    with suppress(OSError):  # Ansible removes its folder itself, unless it was killed
        os.rmdir(os.path.dirname(path))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
