# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tasks, one after the other, each with answers that are mutated. A number tells one from the other for ever."""

from __future__ import annotations

import json
import random
import signal
import traceback
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from standin_core.journal import Entry
from standin_core.standin import BaseStandin

from ansible_collections.vaultops.pam.tests.unit import _cyberark_tasks, _faults_tasks, _faults_world
from ansible_collections.vaultops.pam.tests.unit._roads import action
from pam360_standin import Standin as Pam360Standin
from pvwa_standin import Standin as PvwaStandin

from .judge import judge
from .mutate import WAYS, mutant
from .network import URL, Mutant, Network, connected

MAX_SECONDS = 60  # of the real clock, for one task; reached by a failure only
SECRET = "N3w-Passw0rd!"  # as in the tables of tasks
Task = tuple[str, Mapping[str, Any]]
MANY: dict[str, Any] = {
    "accounts": [
        {"resource": "db01", "name": "new1", "password": SECRET, "notes": "n"},
        {"resource": "db01", "name": "new2", "shares": [{"user": "jdoe", "access_type": "view"}]},
        {"resource": "web01", "name": "new3", "description": "d"},
        {"resource": "db01", "name": "root", "notes": "other"},
        {"resource": "db01", "name": "app", "custom_fields": {"Owner Team": "night"}},
        {"resource": "db01", "name": "stale", "state": "absent"},
    ],
}


def pam360_tasks() -> list[Task]:
    """Return all tasks for PAM360."""
    many = [
        {**MANY, "max_connections": count, "update_write_only": policy} for count in (1, 3) for policy in ("always",)
    ]
    found = [("pam360_accounts", args) for args in (*many, {**MANY, "max_connections": 2})]
    return [*((task.module, task.args) for task in _faults_tasks.TASKS), *MORE_OF_PAM360, *found]


SHARE: dict[str, Any] = {"resource": "db01", "user": "jdoe", "access_type": "view", "update_write_only": "always"}
MORE_OF_PAM360: tuple[Task, ...] = (
    ("pam360_resource_share", SHARE),
    ("pam360_resource", {"name": "db01", "custom_fields": {"Data Centre": "B"}, "resource_groups": ["Servers"]}),
    ("pam360_account_info", {"details": True, "max_connections": 2}),
    ("pam360_resource_info", {"details": True}),
    ("pam360_account", {"resource": "db01", "name": "app", "password": SECRET, "update_password": "always"}),
)


def cyberark_tasks() -> list[Task]:
    """Return all tasks for CyberArk."""
    return [(task.module, task.args) for task in _cyberark_tasks.TASKS]


@dataclass
class Count:
    """What was done and what was found."""

    tasks: int = 0
    answers: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Add what another process counted."""
        self.tasks += other.tasks
        self.answers += other.answers
        self.kinds += other.kinds
        self.findings += other.findings


class Fuzz:
    """The tasks of one product against its stand-in.

    :param product: ``pam360`` or ``cyberark``.
    :param seed: what all is drawn from.
    :param ways: the ways of mutation that are used.
    """

    def __init__(self, product: str, seed: int, ways: Collection[str] = tuple(WAYS)) -> None:
        self.product, self.seed, self.ways = product, seed, ways
        self.standin: BaseStandin
        if product == "pam360":
            self.standin, self.tasks = Pam360Standin(seed=_faults_world.SEED), pam360_tasks()
            login = {"token": self.standin.product.credentials()["token"]}
        else:
            self.standin, self.tasks = PvwaStandin(seed=_cyberark_tasks.SEED), cyberark_tasks()
            login = {name: self.standin.product.credentials()[name] for name in ("username", "password")}
        self.login = {"url": URL, "retries": 1, **login}
        self.secrets = (SECRET, *(value for name, value in login.items() if name != "username"))
        self.network = Network(self.standin)
        self.start = self._truth()
        self.fresh = 0  # tasks since the state was that of the start for sure
        self.lengths: dict[int, int] = {}
        self.plugins: dict[str, Any] = {}

    def run(self, numbers: Iterator[int], answers: int) -> Count:
        """Run tasks until so many answers were mutated."""
        count = Count()
        with connected(self.network):
            for number in numbers:
                if count.answers >= answers:
                    break
                self._one(number, count)
        self.network.close()
        return count

    def _one(self, number: int, count: Count) -> None:
        draw = random.Random(f"{self.product} {self.seed} {number}")
        at = draw.randrange(len(self.tasks))
        module, args = self.tasks[at]
        check = draw.random() < 0.1
        first = draw.randrange(self.length(at))
        lasting, nobody = draw.choice((0.0, 0.0, 0.3, 1.0)), draw.random() < 0.02
        self._reset()

        def mutate(position: int, entry: Entry, answer: bytes) -> Mutant | None:
            if position < first or (position > first and draw.random() >= lasting):
                return None
            made = mutant(draw, answer, entry.raw_body or str(entry.query.get("INPUT_DATA", "")), self.ways)
            count.answers += 1
            count.kinds[made.kind.partition(":")[0].partition(" ")[0]] += 1
            return made

        self.network.mutate = mutate
        if nobody:
            self.network.refuse = lambda position: position == first
        result, error = self._task(module, args, check=check)
        count.tasks += 1
        applied = any(x.entry and x.entry.applied for x in self.network.exchanges)
        changed = applied and self._truth() != self.start
        found = (
            [f"exception: {error}"]
            if error
            else judge(self.product, self.network, result, check=check, state_changed=changed, secrets=self.secrets)
        )
        if found:
            mutants = [
                f"{x.number} {x.entry.operation if x.entry else 'nobody'}: {x.mutant.kind}"
                for x in self.network.exchanges
                if x.mutant
            ]
            told = result.get("msg", "")[:200] if isinstance(result, dict) else ""
            count.findings.append(
                f"{self.product} {number}: {'; '.join(found)} | {module} {json.dumps(args)[:150]} check={check}"
                f" | {', '.join(mutants)[:300]} | {told}"
            )

    def length(self, at: int) -> int:
        """Return how many requests a task takes when nothing is mutated."""
        if at not in self.lengths:
            self._reset()
            module, args = self.tasks[at]
            result, error = self._task(module, args, check=False)
            assert not error, error
            assert not result.get("failed"), (module, args, result)
            self.lengths[at] = len(self.network.exchanges)
        return self.lengths[at]

    def _reset(self) -> None:
        """Return to the start. The journal tells whether there is anything to be undone, which takes long."""
        self.fresh += 1
        if self.fresh > 100 or any(x.entry and x.entry.applied for x in self.network.exchanges):
            self.standin.reset()
            self.fresh = 0
        self.standin.journal.clear()
        self.network.clear()

    def _truth(self) -> Any:
        """Return the state but for what changes by being read, and for the sessions."""
        state = self.standin.dump()
        for name in ("audit", "sessions", "requests"):
            state.pop(name, None)
        return _without_times(state)

    def _task(self, module: str, args: Mapping[str, Any], *, check: bool) -> tuple[Any, str]:
        """Run a task by its action plugin; return its result, or the exception in words."""
        if module not in self.plugins:
            self.plugins[module] = action(module, {})
        plugin = self.plugins[module]
        plugin._task.args = {**self.login, **args}
        plugin._task.check_mode = check
        try:
            with _watched():
                return plugin.run(task_vars={}), ""
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return None, f"{type(error).__name__} at {traceback.extract_tb(error.__traceback__)[-1]}"


VOLATILE = ("time", "date", "accessed", "versions")


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not any(word in key.lower() for word in VOLATILE)}
        return {key: _without_times(item) for key, item in kept.items()}
    return [_without_times(item) for item in value] if isinstance(value, list) else value


class WaitError(BaseException):
    """A task did not come to an end."""


@contextmanager
def _watched() -> Iterator[None]:
    """End what waits for ever, or works for ever."""

    def over(_signal: int, _frame: Any) -> None:
        raise WaitError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(MAX_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
