# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that are read once per run of Ansible. Internal to the collection.

Each task of each host is a process of its own, so a dictionary would save nothing. The first process that asks starts
``_run_cache_server``, which holds the values in memory. Its socket is in the private folder that Ansible makes for it.
"""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any, NamedTuple

from ansible import constants
from ansible.executor.process.worker import WorkerProcess

from . import _run_cache_server
from ._run_cache_server import SIGN, Account, peer_uid

ANSWER_SECONDS = 600.0  # longer than any read with all its retries; then this process reads for itself
START_SECONDS = 20.0
# For a sign of life, which the cache gives each second while it makes this process wait for another one.
SIGN_SECONDS = 10
LOCK_SECONDS = 0.02  # between two tries to take the lock
MAX_ANSWER = 1 << 20  # bytes; no secret is longer


class CacheError(Exception):
    """The cache cannot be used; the text says why, without a secret."""


UNUSABLE = (CacheError, OSError, ValueError, RecursionError)  # whatever else is at the other end


class Found(NamedTuple):
    """A secret as read from the vault, and the account that it belongs to."""

    value: str
    account: Account


def run_pid() -> int:
    """Return the process ID of the run: tasks are worked on by its children, and some templates by itself."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid and isinstance(multiprocessing.current_process(), WorkerProcess):
        return parent.pid
    return os.getpid()


class RunCache:
    """Secrets of one run.

    :param folder: private folder of the run; no one else may look into it.
    :param pid: process with which the cache ends.
    """

    def __init__(self, folder: str | None = None, pid: int | None = None) -> None:
        self._folder = folder or str(constants.DEFAULT_LOCAL_TMP)  # type: ignore[attr-defined, unused-ignore]
        self._path = os.path.join(self._folder, "pam")
        self._pid = pid or run_pid()

    def secret(self, key: str, account: Account, read: Callable[[], Found], say: Callable[[str], object]) -> str:
        """Return the secret of *key*, by *read* if no one in this run has read it yet.

        :param account: names and IDs as far as they are known before reading.
        :param say: called with a sentence when the cache cannot be used; the secret is read anyway.
        """
        connection, value = self._ask_for(key, account, say)
        with connection or nullcontext():  # hanging up without a value passes the turn on
            if value is not None:
                return value
            found = read()
            if connection:
                with suppress(*UNUSABLE):
                    connection.settimeout(SIGN_SECONDS)
                    _send(connection, {"value": found.value, "account": dict(found.account)})
                    _receive(connection)
            return found.value

    def _ask_for(
        self, key: str, account: Account, say: Callable[[str], object]
    ) -> tuple[socket.socket | None, str | None]:
        connection = None
        try:
            connection = self._ask({"key": key, "account": dict(account)}, start=True)
            value = _receive(connection).get("value")
            if not isinstance(value, (str, type(None))):
                raise CacheError("it answers nonsense")
            return connection, value
        except UNUSABLE as error:
            if connection:
                connection.close()
            say(f"The cache of this run cannot be used ({_why(error)}), so the vault is asked.")
            return None, None

    def forget(self, *accounts: Account) -> None:
        """Drop what is known of accounts: their passwords may be others now. Nothing happens without a cache."""
        with suppress(CacheError, OSError):  # for the rest as well: it would not answer them either
            for account in accounts:
                self._ask({"forget": dict(account)}, start=False).close()

    def _ask(self, question: dict[str, Any], *, start: bool) -> socket.socket:
        """Return a connection on which *question* has arrived; the answer may take its time."""
        connection = self._connect(start=start)
        try:
            _send(connection, question)
            if connection.recv(1) != SIGN:  # as soon as it has the question
                raise CacheError("it does not answer as a cache does")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, *, start: bool) -> socket.socket:
        self._check_folder()
        with suppress(FileNotFoundError, ConnectionRefusedError):
            return self._open()
        if not start:
            raise CacheError("it has not been started")
        # The lock makes sure that one of many forks starts it. It is let go with the descriptor, however we end.
        with open(f"{self._path}.lock", "w", encoding="ascii", opener=_private) as lock:
            _take(lock.fileno())
            with suppress(FileNotFoundError, ConnectionRefusedError):
                return self._open()
            with suppress(FileNotFoundError):
                os.unlink(self._path)
            self._start()
        return self._open()

    def _check_folder(self) -> None:
        found = os.lstat(self._folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise CacheError("its folder is not a private folder of this user")

    def _open(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        try:
            # For connect(), which waits while the queue is full. With settimeout() it would not wait at all.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SIGN_SECONDS, 0))
            connection.connect(self._path)
            if peer_uid(connection) != os.geteuid():
                raise CacheError("it belongs to another user")
            connection.settimeout(SIGN_SECONDS)
        except BaseException:
            connection.close()
            raise
        return connection

    def _start(self) -> None:
        """Start the server, with nothing of ours: no descriptors, no terminal, no environment, no code but its own."""
        words = [sys.executable, "-I", "-S", str(_run_cache_server.__file__), self._path, str(self._pid)]
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        try:
            subprocess.run(  # noqa: S603  # our own file
                words,
                env=kept,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                start_new_session=True,
                check=True,
                timeout=START_SECONDS,
            )
        except subprocess.SubprocessError as error:
            raise CacheError("its process could not be started") from error


def forget(*accounts: Account) -> None:
    """Drop the passwords of accounts that this run may have read, as they may be others now.

    :param accounts: what they are known by, as ``_run_cache_server`` says. What is not known matches all: an account
        that is dropped in vain costs one more read, and no more.
    """
    RunCache().forget(*accounts)


def _private(path: str, flags: int) -> int:
    number = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)  # or to open a pipe would wait for a reader
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise CacheError("its lock is not a file")
    return number


def _take(lock: int) -> None:
    """Take a lock, or raise when whoever has it does not let go."""
    end = time.monotonic() + START_SECONDS
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() > end:
            raise CacheError("another process holds its lock")
        time.sleep(LOCK_SECONDS)


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) if isinstance(error, (CacheError, OSError)) else type(error).__name__


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _receive(connection: socket.socket) -> dict[str, Any]:
    """Return one answer; signs of life before it are not counted. The socket's own time-out is for each of them."""
    end, data = time.monotonic() + ANSWER_SECONDS, bytearray()
    while not data.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            raise CacheError("it hung up")
        data += part if data else part.lstrip(SIGN)
        if len(data) > MAX_ANSWER or time.monotonic() > end:
            raise CacheError("its answer does not end")
    answer = json.loads(data)
    if not isinstance(answer, dict):
        raise CacheError("it answers nonsense")
    return answer
