# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault whose audit trail is followed, a host to rotate on, a second person, and runs of ansible-rulebook."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vaultops.pam.tests.canary.search import Leak, Search
from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import Machine
from pam360_standin import Standin

COLLECTION = Path(__file__).absolute().parents[2]
RULEBOOKS = COLLECTION / "extensions" / "eda" / "rulebooks"
PROGRAM = Path(sys.executable).with_name("ansible-rulebook")
LIMIT_SECONDS = 240
POLL_SECONDS = 0.1
RESOURCE, PERSON, ROBOT = "db01", "jdoe", "admin"


@dataclass
class World:
    """Both sides, and what was printed."""

    machine: Machine
    vault: Standin
    search: Search = field(default_factory=Search)
    leaks: list[Leak] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.search.know("token", self.vault.token)
        self.password = f"Old-{secrets.token_urlsafe(18)}"
        self.account = self.machine.add_user(self.password)
        self.search.know("password", self.password)
        self.vault.change(resource=RESOURCE, add_account={"name": self.account, "password": self.password})
        with self.vault.state.lock:
            found = next(one for one in self.vault.state.resources.values() if one.name == RESOURCE)
            self.path = f"resources/{found.id}/accounts/{next(iter(found.accounts))}"
            person = self.vault.state.user(PERSON)
            assert person is not None
            self.person_token, self.person_id = person.token, person.id
        self.search.know("token of a person", self.person_token)

    def in_vault(self) -> str:
        """Return the password that the vault has now."""
        with self.vault.state.lock:
            found: str = self.vault.state.account(RESOURCE, self.account).password
            return found

    def ask(self, method: str, path: str, details: Mapping[str, Any] | None, token: str) -> None:
        """Send a request as someone; raise for one that fails."""
        form = {"INPUT_DATA": json.dumps({"operation": {"Details": dict(details)}})} if details else {}
        session = requests.Session()
        session.trust_env = False
        answer = session.request(
            method,
            f"{self.vault.url}/restapi/json/v1/{path}",
            data=form if method != "GET" else None,
            headers={"AUTHTOKEN": token},
            verify=str(self.vault.ca_path),
            timeout=30,
        )
        result = answer.json()["operation"]["result"]
        if result["status"] != "Success":
            raise RuntimeError(result["message"])

    def share(self, token: str, access: str = "view") -> None:
        """Share the account, as the owner of *token*."""
        details = {"ACCESSTYPE": access, "USERID": self.person_id}
        self.ask("PUT", f"{self.path}/share", details, token)

    def read(self, token: str) -> None:
        """Read the password, as the owner of *token*."""
        self.ask("GET", f"{self.path}/password", None, token)

    def inventory(self) -> Path:
        """Return an inventory with the host."""
        host = {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.machine.port,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self.machine.folder / "root_key"),
            "ansible_ssh_common_args": shlex.join(self.machine.options()),
            "ansible_python_interpreter": str(self.machine.folder / "python"),
            "rotate_password_become": False,
            "rotate_password_hash_rounds": 5000,
        }
        path = self.machine.folder / "inventory.yml"
        others = {name: {**host, "ansible_host": "192.0.2.1"} for name in ("db02", "db03")}  # never to be contacted
        path.write_text(json.dumps({"all": {"hosts": {RESOURCE: host, **others}}}), encoding="utf-8")
        return path

    def rulebook(self, name: str, cursor: Path) -> Rulebook:
        """Start a sample rulebook, with a poll each second."""
        self.runs += 1
        folder = self.machine.folder / f"run{self.runs}"
        (folder / "tmp").mkdir(parents=True)
        text = (RULEBOOKS / f"{name}.yml").read_text(encoding="utf-8")
        line = '        cursor_file: "{{ pam360_cursor_file }}"\n'
        assert line in text
        (folder / "rulebook.yml").write_text(text.replace(line, f"{line}        interval: 1\n"), encoding="utf-8")
        variables = {"pam360_automation_user": ROBOT, "pam360_cursor_file": str(cursor)}
        (folder / "vars.yml").write_text(json.dumps(variables), encoding="utf-8")
        token = folder.parent / "token"
        token.write_text(self.vault.token, encoding="utf-8")
        token.chmod(0o600)
        environment = {
            **{key: os.environ[key] for key in ("PATH", "JAVA_HOME", "LANG", "LC_ALL") if key in os.environ},
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["PYTHONPATH"],
            "PAM360_URL": self.vault.url,
            "PAM360_TOKEN_FILE": str(token),
            "PAM360_CA_PATH": str(self.vault.ca_path),
        }
        arguments = [
            "-r",
            str(folder / "rulebook.yml"),
            "-i",
            str(self.inventory()),
            "--vars",
            str(folder / "vars.yml"),
        ]
        return Rulebook([str(PROGRAM), *arguments, "-v"], environment, folder / "log", cursor)

    def searched(self, rulebook: Rulebook) -> None:
        """Search what a run printed and its cursor, with all passwords that are known by now."""
        self.search.know("new password", self.in_vault())
        self.leaks += self.search.find(rulebook.said(), f"run {self.runs}")
        self.leaks += self.search.find(rulebook.cursor.read_text(encoding="utf-8"), f"cursor of run {self.runs}")


class Rulebook:
    """One run of ansible-rulebook, as a context."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path, cursor: Path) -> None:
        self.command, self.environment, self.log, self.cursor = command, environment, log, cursor

    def __enter__(self) -> Rulebook:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.log.parent,
            )
        started = time.time()
        self.until(lambda: self.polled() > started)
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def polled(self) -> float:
        """Return when the source has polled last."""
        if not self.cursor.exists():
            return 0.0
        return float(json.loads(self.cursor.read_text(encoding="utf-8"))["polled"])

    def said(self) -> str:
        """Return all output."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait until a moment is reached; raise RuntimeError where the run ends before, or hangs."""
        limit = time.monotonic() + LIMIT_SECONDS
        while not reached():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"ansible-rulebook ended or hangs:\n{self.said()[-6000:]}")
            time.sleep(POLL_SECONDS)
