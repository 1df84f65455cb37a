# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyword ``timeout`` of a task: whenever it strikes, the result says what was written."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.executor import task_executor

from ansible_collections.vaultops.pam.plugins.module_utils._http import wire
from ansible_collections.vaultops.pam.plugins.plugin_utils._action import _is_time_out
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, assert_message

ENTRY = {"resource": "db01", "notes": "new notes"}
MANY = [{"resource": name, "name": f"new{number}"} for number in range(4) for name in ("db01", "web01")]
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "create": ("pam360_account", {**ENTRY, "name": "new", "password": "N3w-Passw0rd!"}),
    "create, described": ("pam360_account", {"resource": "db01", "name": "new", "description": "d"}),
    "edit": ("pam360_account", {**ENTRY, "name": "root"}),
    "edit and password": (
        "pam360_account",
        {**ENTRY, "name": "root", "password": "N3w-Passw0rd!", "update_password": "always"},
    ),
    "remove": ("pam360_account", {"resource": "db01", "name": "root", "state": "absent"}),
    "password": ("pam360_account_password", {"resource": "db01", "account": "root", "password": "N3w-Passw0rd!"}),
    "share": ("pam360_account_share", {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "modify"}),
    "resource": ("pam360_resource", {"name": "new", "description": "d"}),
    "many": ("pam360_accounts", {"accounts": [*MANY, {**ENTRY, "name": "root"}], "max_connections": 2}),
    "search": ("pam360_resource_info", {"name": "db01"}),
}
LIMIT = 60


class TaskTimeoutError(BaseException):
    """Stands for Ansible's own, which has another place in each version."""


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One server for the module."""
    with World(road="action") as made:
        yield made


def test_the_class_of_this_ansible_is_known() -> None:
    """Wherever it stands."""
    holder = getattr(task_executor, "_task_timeout", task_executor)
    assert _is_time_out(holder.TaskTimeoutError.__new__(holder.TaskTimeoutError))
    assert not _is_time_out(KeyboardInterrupt())


def strike(monkeypatch: pytest.MonkeyPatch, number: int, *, sent: bool) -> list[int]:
    """Let the time-out strike in the main thread at a request, before it is sent or after it is answered."""
    exchange, requests = wire.Wire.exchange, [0]

    def counted(self: wire.Wire, *args: Any, **options: Any) -> wire.Response:
        requests[0] += 1
        due = requests[0] == number and threading.current_thread() is threading.main_thread()
        if due and not sent:
            raise TaskTimeoutError
        response = exchange(self, *args, **options)
        if due:
            raise TaskTimeoutError
        return response

    monkeypatch.setattr(wire.Wire, "exchange", counted)
    return requests


def requests_of(world: World, name: str) -> int:
    """Return how many requests a task takes."""
    module, args = TASKS[name]
    world.reset().run(module, **args)
    return len(world.journal)


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", [name for name in TASKS if name != "many"])
def test_changed_is_true_to_the_vault(world: World, monkeypatch: pytest.MonkeyPatch, name: str, sent: bool) -> None:
    """At each request: nothing written goes untold, and nothing is read or written any more."""
    module, args = TASKS[name]
    for number in range(1, requests_of(world, name) + 1):
        world.reset()
        start = world.truth()
        with monkeypatch.context() as patch:
            strike(patch, number, sent=sent)
            result = world.run(module, **args)
        assert_message(result)
        assert "timeout" in result["msg"]
        assert len(world.journal) == (number if sent else number - 1)
        if world.truth() != start or any(entry.applied for entry in world.writes):
            assert result["changed"] is True, (number, result)
            assert "this was done" in result["msg"] or "is unknown" in result["msg"], (number, result)
        else:
            assert result["changed"] is ("is unknown" in result["msg"]), (number, result)
        if not any(entry.applied for entry in world.writes) and not sent:
            assert result["changed"] is False or "this was done" in result["msg"], (number, result)


@contextlib.contextmanager
def alarm_at(world: World, when: Callable[[], bool]) -> Iterator[None]:
    """Let a real signal strike the main thread as soon as *when* says so."""

    def on_alarm(_signal: int, _frame: Any) -> None:
        raise TaskTimeoutError

    before = signal.signal(signal.SIGALRM, on_alarm)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            if when():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(LIMIT)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_many_accounts_tell_which_were_written(world: World, writes: int) -> None:
    """Each account says truly whether it was written; the others say that they were not."""
    module, args = TASKS["many"]
    world.reset()
    accounts = [{"resource": "db01", "name": name, "notes": "new notes"} for name in ("root", "app", "stale")]
    world.standin.faults.set([{"fault": "delay", "seconds": 0.2, "operation": "EDIT ACCOUNT", "after_write": True}])
    start = world.truth()
    with alarm_at(world, lambda: sum(entry.applied for entry in world.standin.journal.writes()) >= writes):
        result = world.run(module, **{**args, "accounts": accounts, "max_connections": 1})
    assert result["failed"] is True
    assert "timeout" in result["msg"]
    told = {entry["account"]["name"]: entry for entry in result["accounts"]}
    assert set(told) == {"root", "app", "stale"}
    before = {item["name"]: item["notes"] for item in start[0]["accounts"]}
    changed = {name for name in told if world.account(name)["notes"] != before[name]}
    assert {name for name, entry in told.items() if entry["changed"]} >= changed
    for name, entry in told.items():
        if name not in changed:
            assert entry["changed"] is False or "is unknown" in entry["msg"]
    assert result["changed"] is True
    assert len(changed) >= writes


def test_a_time_out_while_reading_many(world: World) -> None:
    """Nothing was written, and each account says so."""
    module, args = TASKS["many"]
    world.reset()
    world.standin.faults.set([{"fault": "delay", "seconds": 0.3, "operation": "GET RESOURCE ACCOUNTLIST"}])
    with alarm_at(world, lambda: len(world.standin.journal.entries) >= 2):
        result = world.run(module, **args)
    assert result["failed"] is True
    assert result["changed"] is False
    assert len(result["accounts"]) == len(args["accounts"])
    assert all("nothing was written for it" in entry["msg"] for entry in result["accounts"])
    assert world.writes == []
