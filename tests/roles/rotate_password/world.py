# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides together: a vault, a host with an account, runs of the role, and whether a password is lost."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from signal import SIGKILL, Signals
from typing import Any

from ansible_collections.vaultops.pam.tests.canary.search import Leak, Search
from pam360_standin import Standin

from .machine import Machine
from .runs import HERE, Gate, Run, inventory

RESOURCE = "db01"
ROUNDS = 5000  # of the password hash: the fewest, as time is better spent on kills


@dataclass
class World:
    """One account on both sides. All passwords that were ever in the vault are searched for in all output."""

    machine: Machine
    vault: Standin
    settings: dict[str, Any] = field(default_factory=dict)
    kills: int = 0
    stops: int = 0
    runs: int = 0
    lost: int = 0
    leaks: list[Leak] = field(default_factory=list)
    unsearched: list[tuple[str, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate = Gate(self.vault)
        self.search = Search()
        self.search.know("token", self.vault.token)

    def new_account(self) -> None:
        """Make an account on both sides, in place of the one before."""
        password = f"Old-{secrets.token_urlsafe(12)}"
        if hasattr(self, "account"):
            self.machine.remove_user(self.account)
        self.account = self.machine.add_user(password)
        for name in list(self.passwords()):
            self.vault.change(resource=RESOURCE, account=name, delete=True)
        self.vault.change(resource=RESOURCE, add_account={"name": self.account, "password": password})
        self.settings = {}
        self._learn()

    @property
    def pending(self) -> str:
        """Return the name of the pending entry."""
        return f"{self.account}-pending-rotation"

    def passwords(self) -> dict[str, str]:
        """Return what the vault holds, by account, past the API."""
        with self.vault.state.lock:
            resources = self.vault.state.resources.values()
            return {a.name: a.password for r in resources if r.name == RESOURCE for a in r.accounts.values()}

    def _learn(self) -> None:
        """Remember each password that is in the vault now."""
        for name, password in self.passwords().items():
            if password not in self.known:
                self.known.add(password)
                self.search.know(f"password {len(self.known)} of {name}", password)

    def opening(self) -> list[str]:
        """Return the vault's accounts whose password opens the login, the pending one first."""
        held = sorted(self.passwords().items(), key=lambda item: item[0] != self.pending)
        return [name for name, password in held if self.machine.opens(self.account, password)]

    def start(
        self,
        *options: str,
        at: int | str = 0,
        sends: Signals = SIGKILL,
        environment: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> Run:
        """Start a run of the role, which sends itself a signal as a task is about to start."""
        self.runs += 1
        key, ssh = self.machine.folder / "root_key", self.machine.options()
        host = {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.machine.port,
            "ansible_user": "root",
            "ansible_become": False,
            "ansible_ssh_private_key_file": str(key),
            "ansible_ssh_common_args": shlex.join(ssh),
            "ansible_python_interpreter": str(self.machine.folder / "python"),
            "pam360_url": self.vault.url,
            "pam360_token": self.vault.token,
            "pam360_ca_path": self.vault.ca_path,
            "pam360_timeout": 300,  # a write may be held while other runs pass
            "rotate_password_when": "always",
            "rotate_password_hash_rounds": ROUNDS,
            "rotate_password_accounts": [{"name": self.account}],
            **self.settings,
            **settings,
        }
        hosts = inventory(self.machine.folder, {RESOURCE: host})
        variables = {
            **os.environ,
            "HOME": str(self.machine.folder),
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "kill_at",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.machine.folder / "cp"),
            "ANSIBLE_VERBOSITY": "3",
            "ANSIBLE_DIFF_ALWAYS": "1",
            **(environment or {}),
        }
        arguments = ["vaultops.pam.rotate_passwords", "-i", str(hosts), *options]
        return Run(variables, arguments, self.machine.folder / f"run{self.runs}.log", at, sends).start()

    def finish(self, run: Run) -> int:
        """Wait for a run, remember the passwords, search its output; return its status."""
        status = run.wait()
        self._learn()
        self.unsearched.append((f"run {self.runs}", run.said()))
        return status

    def play(self, *options: str, **settings: Any) -> tuple[int, str]:
        """Run the role to its end; return status and output."""
        run = self.start(*options, **settings)
        return self.finish(run), run.said()

    def searched(self) -> None:
        """Search the output of all runs, now that all passwords of theirs are known."""
        for where, said in self.unsearched:
            self.leaks += self.search.find(said, where)
        self.unsearched.clear()

    def reads(self) -> int:
        """Return the number of passwords that were read since the last call of ``writes``."""
        return self.vault.journal.operations().count("GET PASSWORD")

    def writes(self) -> int:
        """Return the number of writes that the vault has seen since the last call."""
        number = len(self.vault.journal.writes())
        self.vault.journal.clear()
        return number
