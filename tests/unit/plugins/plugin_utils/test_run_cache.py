# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of a run: one read for all who ask, private, in memory only, and gone with the run."""

from __future__ import annotations

import ast
import json
import os
import secrets
import select
import shutil
import signal
import socket
import socketserver
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import RefusedError
from ansible_collections.vaultops.pam.plugins.plugin_utils import _run_cache, _run_cache_server
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import Found, RunCache
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache_server import Server, may_be_same, peer_uid

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes in /proc")

LIMIT_SECONDS = 60  # reached by a failure only
ROOT = {"resource": "db01", "resource_id": None, "account": "root", "account_id": None}
ROOT_FOUND = {"resource": "db01", "resource_id": "301", "account": "root", "account_id": "1201"}
FORKS = """
import json, multiprocessing, os, sys
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import Found, RunCache

folder, pid, value = sys.argv[1], int(sys.argv[2]), sys.stdin.read()
fork = multiprocessing.get_context("fork")
barrier, reads, answers = fork.Barrier(20), fork.Value("i", 0), fork.SimpleQueue()

def read():
    with reads.get_lock():
        reads.value += 1
    return Found(value, {})

def ask():
    barrier.wait()
    said = []
    answers.put((RunCache(folder, pid).secret("key", {}, read, said.append) == value, said))

children = [fork.Process(target=ask) for _number in range(20)]
[child.start() for child in children]
found = [answers.get() for _child in children]
[child.join() for child in children]
said = [text for _right, texts in found for text in texts]
print(json.dumps({"reads": reads.value, "right": sum(right for right, _said in found), "said": said}))
"""
WORKER = """
import os, sys
from ansible.executor.process.worker import WorkerProcess
from ansible.utils.multiprocessing import context
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import run_pid

class Worker(WorkerProcess):
    def __init__(self):
        context.Process.__init__(self)

    def run(self):
        os.write(to, b"%d " % run_pid())

class Other(context.Process):
    def run(self):
        os.write(to, b"%d" % (run_pid() == os.getpid()))

back, to = os.pipe()
for process in (Worker(), Other()):
    process.start()
    process.join()
print(os.getpid(), run_pid(), os.read(back, 100).decode())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A private folder with a path that is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="run-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def run() -> Iterator[subprocess.Popen[bytes]]:
    """A process that stands for ``ansible-playbook``; it lives until it is killed."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def cache(folder: Path, run: subprocess.Popen[bytes]) -> RunCache:
    """The cache of that run."""
    return RunCache(str(folder), run.pid)


class Vault:
    """Counts what is read."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(20) + " \"\\&%+'/ä😀\n{{ 1 + 1 }} "
        self.reads = 0

    def read(self) -> Found:
        """Read."""
        self.reads += 1
        return Found(self.value, ROOT_FOUND)


@pytest.fixture
def vault() -> Vault:
    """A vault with a random secret."""
    return Vault()


def never(*texts: object) -> None:
    """Fail: what is said here must not happen."""
    pytest.fail(str(texts))


def servers(folder: Path) -> list[int]:
    """Return the process IDs of the servers of this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if bytes(folder / "pam") in words:
            found.append(int(path.parent.name))
    return found


def wait_for_end(pid: int) -> bool:
    """Whether the process ends."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], LIMIT_SECONDS)[0])
    finally:
        os.close(handle)


def beside(work: Callable[[], object]) -> threading.Thread:
    """Do something in a thread."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def script(text: str, *words: str, given: str = "") -> str:
    """Run Python in a process of its own; return what it prints."""
    command = [sys.executable, "-c", text, *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True)
    return done.stdout


def test_second_one_does_not_read(cache: RunCache, vault: Vault) -> None:
    values = [cache.secret("key", ROOT, vault.read, never) for _time in range(3)]
    assert values == [vault.value] * 3
    assert vault.reads == 1


def test_other_key_is_another_secret(cache: RunCache, vault: Vault) -> None:
    cache.secret("key", ROOT, vault.read, never)
    cache.secret("other", ROOT, vault.read, never)
    assert vault.reads == 2


def test_many_forks_at_once_start_one_server_and_read_once(
    folder: Path, run: subprocess.Popen[bytes], vault: Vault
) -> None:
    told = json.loads(script(FORKS, str(folder), str(run.pid), given=vault.value))
    assert told == {"reads": 1, "right": 20, "said": []}
    assert len(servers(folder)) == 1


def test_those_who_ask_during_a_read_wait_for_it(cache: RunCache, vault: Vault) -> None:
    reading, go_on, values = threading.Event(), threading.Event(), []

    def slowly() -> Found:
        reading.set()
        assert go_on.wait(LIMIT_SECONDS)
        return vault.read()

    first = beside(lambda: values.append(cache.secret("key", ROOT, slowly, never)))
    assert reading.wait(LIMIT_SECONDS)
    second = beside(lambda: values.append(cache.secret("key", ROOT, vault.read, never)))
    go_on.set()
    first.join(LIMIT_SECONDS)
    second.join(LIMIT_SECONDS)
    assert values == [vault.value] * 2
    assert vault.reads == 1


def test_the_next_one_reads_when_the_first_one_dies(cache: RunCache, vault: Vault) -> None:
    dying, value = cache._ask_for("key", ROOT, never)
    assert value is None
    values: list[str] = []
    waiting = beside(lambda: values.append(cache.secret("key", ROOT, vault.read, never)))
    assert dying is not None
    dying.close()  # what the kernel does for a process that is killed
    waiting.join(LIMIT_SECONDS)
    assert values == [vault.value]
    assert vault.reads == 1


def test_an_error_is_not_kept(cache: RunCache, vault: Vault) -> None:
    def refused() -> Found:
        raise RefusedError("not now")

    with pytest.raises(RefusedError, match="not now"):
        cache.secret("key", ROOT, refused, never)
    assert cache.secret("key", ROOT, vault.read, never) == vault.value


@pytest.mark.parametrize(
    "account",
    [{"account_id": "1201"}, {"resource": "db01", "account": "root"}, {"resource": "db01"}, ROOT_FOUND],
    ids=["id", "names", "whole resource", "all"],
)
def test_what_is_forgotten_is_read_again(cache: RunCache, vault: Vault, account: dict[str, str]) -> None:
    cache.secret("key", ROOT, vault.read, never)
    cache.forget(account)
    cache.secret("key", ROOT, vault.read, never)
    assert vault.reads == 2


@pytest.mark.parametrize(
    "account", [{"account_id": "1202", "account": "root"}, {"resource": "db02", "account": "root"}, {"account": "app"}]
)
def test_another_account_is_not_forgotten(cache: RunCache, vault: Vault, account: dict[str, str]) -> None:
    cache.secret("key", ROOT, vault.read, never)
    cache.forget(account)
    cache.secret("key", ROOT, vault.read, never)
    assert vault.reads == 1


def test_what_changes_while_it_is_read_is_not_kept(cache: RunCache, vault: Vault) -> None:
    def overtaken() -> Found:
        cache.forget({"resource": "db01", "account": "root"})
        return vault.read()

    cache.secret("key", ROOT, overtaken, never)
    cache.secret("key", ROOT, vault.read, never)
    cache.secret("key", ROOT, vault.read, never)
    assert vault.reads == 2


def test_to_forget_starts_nothing(cache: RunCache, folder: Path) -> None:
    cache.forget(ROOT)
    assert list(folder.iterdir()) == []


def test_ids_decide_over_names() -> None:
    assert may_be_same({"account": "old", "account_id": "1"}, {"account": "new", "account_id": "1"})
    assert not may_be_same({"account": "same", "account_id": "1"}, {"account": "same", "account_id": "2"})
    assert may_be_same({"resource_id": "3", "account": "root"}, {"resource": "db01", "account": "root"})


def test_case_of_a_name_does_not_tell_accounts_apart() -> None:
    """A vault may take either, so that both are read."""
    assert may_be_same({"resource": "DB01", "account": "root"}, {"resource": "db01"})


def test_killed_run_takes_its_cache_along(
    cache: RunCache, folder: Path, run: subprocess.Popen[bytes], vault: Vault
) -> None:
    cache.secret("key", ROOT, vault.read, never)
    [server] = servers(folder)
    run.kill()
    run.wait()
    assert wait_for_end(server)
    assert not folder.exists()


def test_cache_ends_with_the_folder_of_the_run(
    cache: RunCache, folder: Path, run: subprocess.Popen[bytes], vault: Vault
) -> None:
    cache.secret("key", ROOT, vault.read, never)
    [server] = servers(folder)
    shutil.rmtree(folder)
    assert wait_for_end(server)
    assert run.poll() is None


def test_server_that_was_killed_is_started_again(cache: RunCache, folder: Path, vault: Vault) -> None:
    cache.secret("key", ROOT, vault.read, never)
    [server] = servers(folder)
    os.kill(server, 9)
    assert wait_for_end(server)
    assert cache.secret("key", ROOT, vault.read, never) == vault.value
    assert vault.reads == 2


def test_server_that_is_stopped_is_done_without(
    cache: RunCache, folder: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.secret("key", ROOT, vault.read, never)
    [server] = servers(folder)
    os.kill(server, signal.SIGSTOP)
    monkeypatch.setattr(_run_cache, "SIGN_SECONDS", 1)
    said: list[str] = []
    try:
        assert cache.secret("key", ROOT, vault.read, said.append) == vault.value
    finally:
        os.kill(server, signal.SIGCONT)
    assert said == ["The cache of this run cannot be used (timed out), so the vault is asked."]
    assert vault.reads == 2


def test_server_that_goes_on_forgets_what_it_was_told_meanwhile(
    cache: RunCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_run_cache, "SIGN_SECONDS", 1)
    monkeypatch.setattr(Server, "process_request", socketserver.BaseServer.process_request)  # one after the other
    with Server(str(folder / "pam")) as server:
        server.store.take("key", ROOT, never)
        server.store.give("key", "kept", ROOT_FOUND)
        cache.forget(ROOT)  # no one answers
        server.handle_request()
        assert server.store.take("key", ROOT, never) is None


def test_queue_that_is_full_is_not_waited_for(
    cache: RunCache, folder: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_run_cache, "SIGN_SECONDS", 1)
    said: list[str] = []
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as first:
        server.bind(str(folder / "pam"))
        server.listen(0)
        first.connect(str(folder / "pam"))
        assert cache.secret("key", ROOT, vault.read, said.append) == vault.value
    assert said == ["The cache of this run cannot be used (Resource temporarily unavailable), so the vault is asked."]


def test_server_inherits_nothing(cache: RunCache, folder: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAM360_TOKEN", secrets.token_hex(16))
    back, to = os.pipe()
    os.set_inheritable(to, True)
    cache.secret("key", ROOT, vault.read, never)
    os.close(to)
    os.close(back)
    [server] = servers(folder)
    process = Path("/proc", str(server))
    targets = [os.readlink(path) for path in sorted((process / "fd").iterdir(), key=lambda path: int(path.name))]
    assert targets[:3] == ["/dev/null"] * 3
    assert [target for target in targets[3:] if not target.startswith(("socket:", "anon_inode:"))] == []
    names = {entry.split(b"=")[0] for entry in (process / "environ").read_bytes().split(b"\0") if entry}
    assert names <= {b"PATH", b"LD_LIBRARY_PATH", b"LC_CTYPE"}
    assert os.getsid(server) != os.getsid(0)
    assert b"Max core file size        0 " in (process / "limits").read_bytes()


def test_nothing_is_on_disk_and_nobody_else_may_look(cache: RunCache, folder: Path, vault: Vault) -> None:
    cache.secret("key", ROOT, vault.read, never)
    files = {path.name: path.lstat() for path in folder.iterdir()}
    assert sorted(files) == ["pam", "pam.lock"]
    assert stat.S_ISSOCK(files["pam"].st_mode)
    assert files["pam.lock"].st_size == 0
    assert [stat.S_IMODE(found.st_mode) & 0o077 for found in files.values()] == [0, 0]


def open_to_all(folder: Path) -> Path:
    """Return a folder that others may read."""
    folder.chmod(0o755)
    return folder


def linked(folder: Path) -> Path:
    """Return a link to a private folder."""
    (folder / "private").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "private")
    return folder / "link"


def linked_lock(folder: Path) -> Path:
    """Return a folder in which the lock is a link to a file elsewhere."""
    (folder / "pam.lock").symlink_to(folder / "elsewhere")
    return folder


def deep(folder: Path) -> Path:
    """Return a folder whose path is too long for a socket."""
    path = folder / ("x" * 120)
    path.mkdir(mode=0o700)
    return path


@pytest.mark.parametrize("make", [open_to_all, linked, linked_lock, deep])
def test_where_there_can_be_no_cache_each_one_reads(
    make: Callable[[Path], Path], folder: Path, run: subprocess.Popen[bytes], vault: Vault
) -> None:
    said: list[str] = []
    cache = RunCache(str(make(folder)), run.pid)
    for _time in range(2):
        assert cache.secret("key", ROOT, vault.read, said.append) == vault.value
    assert vault.reads == 2
    assert len(said) == 2
    assert "so the vault is asked" in said[0]
    assert servers(folder) == []
    assert not (folder / "elsewhere").exists()


def test_server_that_can_not_be_started_is_done_without(
    cache: RunCache, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(_run_cache_server, "__file__", "/does/not/exist")
    assert cache.secret("key", ROOT, vault.read, said.append) == vault.value
    assert said == ["The cache of this run cannot be used (its process could not be started), so the vault is asked."]


def test_server_of_another_user_gets_no_secret(cache: RunCache, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.secret("key", ROOT, vault.read, never)
    said: list[str] = []
    monkeypatch.setattr(_run_cache, "peer_uid", lambda _connection: os.geteuid() + 1)
    cache.secret("key", ROOT, vault.read, said.append)
    assert vault.reads == 2
    assert "(it belongs to another user)" in said[0]


def test_server_answers_its_own_user_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    with one, other, Server(str(folder / "pam")) as server:
        assert peer_uid(one) == os.geteuid()
        assert server.verify_request(one, "")
        monkeypatch.setattr(_run_cache_server.os, "geteuid", lambda: peer_uid(one) + 1)
        assert not server.verify_request(one, "")
        monkeypatch.setattr(_run_cache_server.socket, "SO_PEERCRED", 0)  # the kernel does not tell
        assert not server.verify_request(one, "")


def test_server_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(str(_run_cache_server.__file__)).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"__future__"}


def test_run_is_the_parent_of_a_worker_and_of_nothing_else() -> None:
    main, by_itself, by_worker, other = script(WORKER).split()
    assert by_itself == main
    assert by_worker == main
    assert other == "1"
