# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the place of the cache and is none: it is done without, in seconds, and the secret is read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils import _run_cache, _run_cache_server
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import Found, RunCache
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache_server import Server

ROOT = {"resource": "db01", "account": "root"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A private folder with a path that is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="run-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No one waits long for what does not come."""
    monkeypatch.setattr(_run_cache, "SIGN_SECONDS", 1)
    monkeypatch.setattr(_run_cache, "START_SECONDS", 1.0)
    monkeypatch.setattr(_run_cache, "ANSWER_SECONDS", 2.0)


@contextlib.contextmanager
def peer(folder: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Let something else listen where the cache would."""
    gone = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while not gone.is_set():
                connection = server.accept()[0]
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    answer(connection)

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "pam"))
        server.listen(10)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        gone.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def says(*parts: bytes) -> Callable[[socket.socket], None]:
    """Return a peer that says this and hangs up."""

    def answer(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def waits(*parts: bytes) -> Callable[[socket.socket], None]:
    """Return a peer that says this and then nothing more, until the client goes."""

    def answer(connection: socket.socket) -> None:
        says(*parts)(connection)
        connection.recv(1)

    return answer


def goes_on(part: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    """Return a peer that says this for ever, until the client goes."""

    def answer(connection: socket.socket) -> None:
        rest = threading.Event()
        while True:
            connection.sendall(part)
            rest.wait(pause)

    return answer


PEERS: dict[str, Callable[[socket.socket], None]] = {
    "a number": says(b"\n", b"7\n"),
    "null": says(b"\n", b"null\n"),
    "a list": says(b"\n", b"[]\n"),
    "a text": says(b"\n", b'"x"\n'),
    "a value that is a number": says(b"\n", b'{"value": 7}\n'),
    "a value that is a list": says(b"\n", b'{"value": ["x"]}\n'),
    "a value that is a dictionary": says(b"\n", b'{"value": {"a": 1}}\n'),
    "no JSON": says(b"\n", b"nonsense\n"),
    "deep JSON": says(b"\n", b"[" * 100_000 + b"\n"),
    "bytes": says(b"\n", b"\xff\xfe\x00\n"),
    "HTTP": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "half an answer": says(b"\n", b'{"value": "x'),
    "nothing": says(),
    "no sign": waits(),
    "no answer": waits(b"\n"),
    "half an answer and nothing more": waits(b"\n", b'{"val'),
    "signs for ever": goes_on(b"\n", 0.001),
    "a long answer": goes_on(b"\n" + b"x" * 65536),
    "an answer by drops": goes_on(b"\nx".strip(), 0.05),
}


@pytest.mark.parametrize("name", PEERS)
def test_what_is_no_cache_is_done_without(folder: Path, name: str) -> None:
    """One sentence, and the secret."""
    said: list[str] = []
    with peer(folder, PEERS[name]):
        cache = RunCache(str(folder), os.getpid())
        assert cache.secret("key", ROOT, lambda: Found("s3cret", ROOT), said.append) == "s3cret"
        cache.forget(*[ROOT] * 1000)  # thousands of them would not wait a thousand times
    assert len(said) == 1
    assert said[0].startswith("The cache of this run cannot be used (")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pam.lock", 0o600)


def _folder(folder: Path) -> None:
    (folder / "pam.lock").mkdir()


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "pam.lock"))


@pytest.mark.parametrize("make", [_pipe, _folder, _socket])
def test_a_lock_that_is_none(folder: Path, make: Callable[[Path], None]) -> None:
    """A pipe, which waits for a reader when it is opened, and other things that cannot be locked."""
    make(folder)
    said: list[str] = []
    cache = RunCache(str(folder), os.getpid())
    assert cache.secret("key", ROOT, lambda: Found("s3cret", ROOT), said.append) == "s3cret"
    assert len(said) == 1


def test_a_pipe_with_a_reader_is_no_lock_either(folder: Path) -> None:
    """It can be opened then, and is told as what it is."""
    _pipe(folder)
    reader = os.open(folder / "pam.lock", os.O_RDONLY | os.O_NONBLOCK)
    said: list[str] = []
    RunCache(str(folder), os.getpid()).secret("key", ROOT, lambda: Found("s3cret", ROOT), said.append)
    os.close(reader)
    assert said == ["The cache of this run cannot be used (its lock is not a file), so the vault is asked."]


def test_a_lock_that_is_not_let_go(folder: Path) -> None:
    """Whoever has it may be stopped."""
    said: list[str] = []
    with open(folder / "pam.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cache = RunCache(str(folder), os.getpid())
        assert cache.secret("key", ROOT, lambda: Found("s3cret", ROOT), said.append) == "s3cret"
    assert said == ["The cache of this run cannot be used (another process holds its lock), so the vault is asked."]


def test_signs_of_life_are_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client waits for another one's read as long as the cache shows that it lives."""
    monkeypatch.setattr(_run_cache, "ANSWER_SECONDS", 60.0)
    monkeypatch.setattr(_run_cache_server, "SIGN_SECONDS", 0.1)
    with Server(str(folder / "pam")) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        cache = RunCache(str(folder), os.getpid())
        signs, read = threading.Event(), threading.Event()
        take = server.store.take

        def counted(key: str, account: object, sign: Callable[[], object]) -> str | None:
            return take(key, account, lambda: (sign(), signs.set()))  # type: ignore[arg-type]

        monkeypatch.setattr(server.store, "take", counted)

        def slowly() -> Found:
            assert read.wait(60)
            return Found("s3cret", ROOT)

        values: list[str] = []
        ask = [
            lambda: values.append(cache.secret("key", ROOT, slowly, lambda _text: values.append("asked itself")))
        ] * 2
        clients = [threading.Thread(target=one, daemon=True) for one in ask]
        for client in clients:
            client.start()
        assert signs.wait(60)
        read.set()
        for client in clients:
            client.join(60)
        server.shutdown()
        thread.join(10)
    assert values == ["s3cret", "s3cret"]
