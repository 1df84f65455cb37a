# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides of an onboarding: a vault, a host with and without accounts, runs of the role. Internal to the tests."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.vaultops.pam.tests.canary.search import Leak, Search
from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import Machine, run
from ansible_collections.vaultops.pam.tests.roles.rotate_password.runs import HERE, Gate, Run, inventory
from pam360_standin import Standin

RESOURCE = "db01"
ROUNDS = 5000  # of the password hash: the fewest, as nobody tries to break these
PENDING = "-pending-rotation"


@dataclass
class World:
    """A host with one account of its own, one that is to be made there, and one that the vault alone knows."""

    machine: Machine
    vault: Standin
    runs: int = 0
    leaks: list[Leak] = field(default_factory=list)
    unsearched: list[tuple[str, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    old: str = ""

    def __post_init__(self) -> None:
        self.gate = Gate(self.vault)
        self.search = Search()
        self.search.know("token", self.vault.token)

    def begin(self) -> None:
        """Start anew: an empty vault, another account on the host, and a name for one to be made."""
        for name in self.users():
            self.machine.remove_user(name)
        if any(resource.name == RESOURCE for resource in self.vault.state.resources.values()):
            self.vault.change(resource=RESOURCE, delete=True)
        self.old_password = f"Old-{secrets.token_urlsafe(12)}"
        self.old = self.machine.add_user(self.old_password)
        self.new = f"new{secrets.token_hex(4)}"
        self.given = f" Gi\"v'en\\1 %&+ä-{secrets.token_urlsafe(9)} "
        self._learn(self.old_password)
        self._learn(self.given)
        self.vault.journal.clear()

    def users(self) -> list[str]:
        """Return the users of the host that a test has made."""
        names = [line.split(":")[0] for line in run("getent", "passwd").splitlines()]
        return [name for name in names if name.startswith(("rot", "new"))]

    def shadow(self) -> str:
        """Return all password hashes of the host."""
        return run("getent", "shadow")

    def passwords(self) -> dict[str, str]:
        """Return what the vault holds, by account, past the API."""
        with self.vault.state.lock:
            resources = self.vault.state.resources.values()
            return {a.name: a.password for r in resources if r.name == RESOURCE for a in r.accounts.values()}

    def agrees(self) -> bool:
        """Whether both local accounts are on both sides, their passwords open a login, and nothing is pending."""
        held = self.passwords()
        if set(held) != {self.old, self.new, "service"}:
            return False
        return all(self.machine.opens(name, held[name]) for name in (self.old, self.new))

    def held(self) -> bool:
        """Whether the host's own account still opens with its first password, or with one that the vault holds."""
        candidates = [self.old_password, *self.passwords().values()]
        return any(self.machine.opens(self.old, password) for password in candidates)

    def _learn(self, *passwords: str) -> None:
        for password in passwords:
            if password not in self.known:
                self.known.add(password)
                self.search.know(f"password {len(self.known)}", password)

    def start(self, *options: str, playbook: str = "onboard_hosts", kill_at: int = 0, **settings: Any) -> Run:
        """Start a run of a playbook on the host."""
        self.runs += 1
        local = {"local": True, "user": {"create_home": False, "home": "/", "shell": "/bin/sh"}}
        host = {
            "ansible_connection": "local",
            "ansible_python_interpreter": os.environ["ROTATION_PYTHON"],
            "ansible_become": False,
            "pam360_url": self.vault.url,
            "pam360_token": self.vault.token,
            "pam360_ca_path": self.vault.ca_path,
            "onboard_host_hash_rounds": ROUNDS,
            "onboard_host_account_defaults": {"password_policy": "Strong"},
            "onboard_host_accounts": [
                {"name": self.new, "password": self.given, **local},
                {"name": self.old, "notes": "An account that was there before", **local},
                {"name": "service"},
            ],
            **settings,
        }
        hosts = inventory(self.machine.folder, {RESOURCE: host})
        environment = {
            **os.environ,
            "HOME": str(self.machine.folder),
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "kill_at",
        }
        extra = json.dumps({"onboard_host_gather_facts": False, "offboard_host_hosts": RESOURCE})
        arguments = [f"vaultops.pam.{playbook}", "-i", str(hosts), "-e", extra]
        log = self.machine.folder / f"onboard{self.runs}.log"
        return Run(environment, [*arguments, "-vvv", "--diff", *options], log, kill_at).start()

    def finish(self, started: Run) -> int:
        """Wait for a run, remember the passwords, keep its output for the search; return its status."""
        status = started.wait()
        self._learn(*self.passwords().values())
        self.unsearched.append((f"run {self.runs}", started.said()))
        return status

    def play(self, *options: str, **settings: Any) -> tuple[int, str]:
        """Run a playbook to its end; return status and output."""
        started = self.start(*options, **settings)
        return self.finish(started), started.said()

    def searched(self) -> None:
        """Search the output of all runs, now that all passwords of theirs are known."""
        for where, said in self.unsearched:
            self.leaks += self.search.find(said, where)
        self.unsearched.clear()

    def seen(self) -> list[str]:
        """Return the operations that the vault has seen since the last call, writes with a star."""
        operations = [f"{'*' * bool(entry['write'])}{entry['operation']}" for entry in self.vault.journal.dump()]
        self.vault.journal.clear()
        return operations
