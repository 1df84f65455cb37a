# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many hosts, each with two accounts of its own, in a vault and on a real machine; and runs of Ansible."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.vaultops.pam.tests.canary.runs import ProcessList, left_behind
from ansible_collections.vaultops.pam.tests.canary.search import Leak, Search
from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import Machine, run
from pam360_standin import Standin

HERE = Path(__file__).resolve().parent
PLAYED, ASIDE = 20, 3  # hosts that are played on; hosts that name accounts too and are left out by --limit
LIMIT_SECONDS = 600
PYTHON = '#!/bin/sh\nLD_LIBRARY_PATH={base}/lib exec {base}/bin/python3 "$@"\n'
GROUP_VARS = {
    "ansible_user": "{{ login }}",
    "pam360_host_account": "{{ ansible_user }}",
    "pam360_host_become_account": "{{ second }}",
}


@dataclass
class Outcome:
    """What one run did: exit status, output, password reads by account, files that it left, and processes."""

    status: int
    output: str
    reads: Counter[str]
    left: dict[str, str]
    commands: set[str]


@dataclass
class World:
    """The estate. *hosts*: each with the names of its two accounts."""

    machine: Machine
    vault: Standin
    hosts: dict[str, dict[str, str]] = field(default_factory=dict)
    search: Search = field(default_factory=Search)
    leaks: list[Leak] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.search.know("token", self.vault.token)
        for number in range(1, PLAYED + ASIDE + 1):
            self._add(f"db{number:02}")
        self._make_room()
        self.folder = self.machine.folder / "estate"
        (self.folder / "group_vars").mkdir(parents=True)
        (self.folder / "group_vars" / "databases.yml").write_text(json.dumps(GROUP_VARS), encoding="utf-8")
        self.inventory = self.folder / "hosts.yml"
        self.inventory.write_text(json.dumps(self.estate()), encoding="utf-8")

    def _make_room(self) -> None:
        (self.machine.folder / "tmp").mkdir()
        (self.machine.folder / "tmp").chmod(0o1777)
        # Our own Python, where all users of the machine may go.
        base = self.machine.folder / "base"
        base.mkdir()
        run("mount", "--bind", sys.base_prefix, str(base))
        self.python = self.machine.folder / "any_user_python"
        self.python.write_text(PYTHON.format(base=base), encoding="ascii")
        self.python.chmod(0o755)

    def _add(self, name: str) -> None:
        """Make the accounts of a host, on the machine and in the vault; passwords are random, with odd characters."""
        accounts, names = [], {}
        for role in ("login", "second"):
            password = f"{secrets.token_urlsafe(18)} {{{{1+1}}}}\"'\\$%ä"
            names[role] = self.machine.add_user(password)
            accounts.append({"name": names[role], "password": password})
            self.search.know(f"{role} of {name}", password)
        self.hosts[name] = names
        self.vault.change(add_resource={"name": name, "accounts": accounts})

    @property
    def played(self) -> list[str]:
        """Return the hosts that are played on."""
        return list(self.hosts)[:PLAYED]

    def estate(self, group_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the inventory."""
        common = {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.machine.port,
            "ansible_ssh_common_args": shlex.join(self.machine.options()),
            "ansible_ssh_args": "-o ControlMaster=no",  # each task logs in anew
            "ansible_become_method": "su",
            "ansible_python_interpreter": str(self.python),
            "ansible_shell_allow_world_readable_temp": True,  # for a second account that is not root
        }
        after = dict(zip(self.hosts, [*list(self.hosts)[1:PLAYED], next(iter(self.hosts)), *self.hosts]))
        folder = self.machine.folder / "tmp"
        hosts = {
            name: {**names, "next_host": after[name], "ansible_remote_tmp": str(folder / names["login"])}
            for name, names in self.hosts.items()
        }
        children = {"databases": {"hosts": hosts, "vars": dict(group_vars or {})}}
        return {"all": {"vars": common, "children": children}}

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment of a run: all that it may write lies in *home*."""
        (home / "tmp").mkdir(parents=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return {
            "LC_ALL": "C.UTF-8",
            **kept,
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["PYTHONPATH"],
            "ANSIBLE_VARS_ENABLED": "host_group_vars,vaultops.pam.pam360_host",
            "ANSIBLE_LOG_PATH": str(home / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(home / "facts"),
            "ANSIBLE_RETRY_FILES_ENABLED": "true",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "5",
            "ANSIBLE_PIPELINING": "1",
        }

    def vault_by_environment(self) -> dict[str, str]:
        """Return the connection options as a credential of AWX would set them."""
        token = self.machine.folder / "token"
        token.write_text(self.vault.token, encoding="utf-8")
        token.chmod(0o600)
        return {
            "PAM360_URL": self.vault.url,
            "PAM360_TOKEN_FILE": str(token),
            "PAM360_CA_PATH": str(self.vault.ca_path),
        }

    def run(self, program: str, *arguments: str, environment: Mapping[str, str | None] | None = None) -> Outcome:
        """Run a program of Ansible, and search all that it gives away. *environment*: ``None`` removes."""
        self.runs += 1
        home = self.machine.folder / f"run{self.runs}"
        variables = {**self.environment(home), **self.vault_by_environment(), **(environment or {})}
        variables = {name: value for name, value in variables.items() if value is not None}
        self.vault.journal.clear()
        watch = ProcessList()
        watch.start()
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            env=variables,
            cwd=home,
            check=False,
            timeout=LIMIT_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        watch.done.set()
        watch.join()
        outcome = Outcome(done.returncode, done.stdout, self.reads(), left_behind(home, set()), watch.seen)
        self._search(program, outcome)
        return outcome

    def reads(self) -> Counter[str]:
        """Return how often each password was read, by ``resource/account``."""
        paths = [entry.path.split("/") for entry in self.vault.journal.entries if entry.operation == "GET PASSWORD"]
        with self.vault.state.lock:
            resources = self.vault.state.resources
            return Counter(
                f"{resources[path[-4]].name}/{resources[path[-4]].accounts[path[-2]].name}" for path in paths
            )

    def once(self, hosts: Sequence[str], *roles: str) -> Counter[str]:
        """Return one read of each of these accounts."""
        return Counter(f"{name}/{self.hosts[name][role]}" for name in hosts for role in roles)

    def _search(self, program: str, outcome: Outcome) -> None:
        where = f"run {self.runs} ({program})"
        self.leaks += self.search.find(outcome.output, f"output of {where}")
        for name, text in outcome.left.items():
            self.leaks += self.search.find(text, f"{name} of {where}")
        self.leaks += self.search.find("\n".join(outcome.commands), f"processes of {where}")
