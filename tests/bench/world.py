# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault and the accounts: a stand-in in a process of its own, its test door, and fleets of any size."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from .processes import processor_time


@dataclass
class Vault:
    """A stand-in, and its test door.

    :ivar about: what it says about itself: ``url``, ``control``, ``ca_path``; ``token``, or ``username`` and
        ``password``.
    :ivar delay: seconds that it waits before each answer.
    """

    about: Mapping[str, str]
    pid: int
    session: requests.Session = field(default_factory=requests.Session)
    delay: float = 0

    def door(self, method: str, name: str, body: object = None) -> Any:
        """Call the door and return its answer."""
        self.session.trust_env = False
        verify = self.about.get("ca_path", True)
        answer = self.session.request(method, f"{self.about['control']}/{name}", json=body, timeout=600, verify=verify)
        answer.raise_for_status()
        return answer.json()

    def load(self, seed: Mapping[str, Any]) -> None:
        """Begin anew with what is in *seed*, and an empty journal."""
        self.door("POST", "reset")
        self.door("PUT", "state", {**seed, **({"token": self.about["token"]} if "token" in self.about else {})})
        if self.delay:
            self.door("POST", "faults", {"fault": "delay", "seconds": self.delay})

    def journal(self) -> list[dict[str, Any]]:
        """Return all requests since the last load."""
        entries: list[dict[str, Any]] = self.door("GET", "journal")
        return entries

    def processor_time(self) -> float:
        """Return the seconds of processor time that the stand-in has used."""
        return processor_time(self.pid)

    def environment(self) -> dict[str, str]:
        """Return the variables by which our modules find the vault."""
        prefix = "PAM360" if "token" in self.about else "CYBERARK"
        names = ("url", "token", "username", "password", "ca_path")
        known = {f"{prefix}_{name.upper()}": self.about[name] for name in names if name in self.about}
        return {name: value for name, value in os.environ.items() if not name.endswith("_CA_BUNDLE")} | known


@contextmanager
def vault(module: str = "pam360_standin", *, tls: bool = True) -> Iterator[Vault]:
    """Start a stand-in, and stop it whatever happens."""
    command = [sys.executable, "-m", module, "--port", "0", "--control", "--parent-pid", str(os.getpid())]
    with subprocess.Popen([*command, *(["--tls"] if tls else [])], stdout=subprocess.PIPE, text=True) as process:
        try:
            _url, about = (process.stdout.readline() for _line in range(2)) if process.stdout else ("", "")
            yield Vault(json.loads(about), process.pid)
        finally:
            process.terminate()


@dataclass(frozen=True)
class Fleet:
    """Accounts spread over resources.

    :ivar each: accounts of one resource; 0 for all on one.
    """

    size: int
    each: int

    def accounts(self) -> list[dict[str, str]]:
        """Return the accounts as ``pam360_accounts`` takes them, with passwords drawn at random."""
        each = self.each or self.size
        return [
            {
                "resource": f"host{number // each:05}",
                "name": f"user{number % each:05}",
                "password": secrets.token_urlsafe(12) + "-1aA",
                "notes": f"Account {number} of the fleet",
            }
            for number in range(self.size)
        ]


def by_resource(accounts: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return the accounts of each resource."""
    resources: dict[str, list[dict[str, str]]] = {}
    for account in accounts:
        resources.setdefault(account["resource"], []).append(account)
    return resources


def seed(accounts: list[dict[str, str]]) -> dict[str, Any]:
    """Return the stand-in's seed with these accounts in it."""
    return {
        "resources": [
            {
                "name": name,
                "accounts": [
                    {"policy": "Strong", **{key: item[key] for key in ("name", "password", "notes")}} for item in items
                ],
            }
            for name, items in by_resource(accounts).items()
        ]
    }


@contextmanager
def private_file(folder: Path, name: str, content: object) -> Iterator[Path]:
    """Write JSON to a file that nobody else can read, and remove it at the end."""
    path = folder / name
    with open(path, "w", encoding="utf-8", opener=lambda file, flags: os.open(file, flags, 0o600)) as file:
        json.dump(content, file)
    try:
        yield path
    finally:
        path.unlink()
