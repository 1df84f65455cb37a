# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that `make demo` tells: real ansible-playbook runs against a stand-in vault, and what each of them sent.

Counts come from the journal of the stand-in, not from the modules.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from tabulate import tabulate

HERE = Path(__file__).resolve().parent
STANDIN = ["-m", "pam360_standin", "--port", "0", "--tls", "--control", "--parent-pid", str(os.getpid())]
BEHIND_OUR_BACK = [
    {"resource": "db02", "account": "oracle", "set": {"NOTES": "changed at the console"}},
    {"resource": "web02", "account": "root", "set": {"ACCOUNTPASSWORDPOLICY": "Low"}},
    {"resource": "web02", "set": {"DEPARTMENT": "nobody knows"}},
    {"resource": "web01", "add_account": {"name": "guest", "password": "made at the console"}},
]


@dataclass
class Vault:
    """The stand-in and its test door."""

    about: Mapping[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def door(self, method: str, name: str, body: object = None) -> list[dict[str, object]]:
        """Call the door and return its answer."""
        url = f"{self.about['control']}/{name}"
        answer = self.session.request(method, url, json=body, timeout=30, verify=self.about["ca_path"])
        answer.raise_for_status()
        result: list[dict[str, object]] = answer.json()
        return result

    def environment(self) -> dict[str, str]:
        """Return the environment in which the modules find the vault."""
        return {
            **os.environ,
            "PAM360_URL": self.about["url"],
            "PAM360_TOKEN": self.about["token"],
            "PAM360_CA_PATH": self.about["ca_path"],
            "ANSIBLE_INVENTORY": str(HERE / "inventory.yml"),
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() else "0",
        }


@contextmanager
def vault() -> Iterator[Vault]:
    """Start the stand-in, and stop it whatever happens."""
    with subprocess.Popen([sys.executable, *STANDIN], stdout=subprocess.PIPE, text=True) as process:
        try:
            _url, about = (process.stdout.readline() for _line in range(2)) if process.stdout else ("", "")
            yield Vault(json.loads(about))
        finally:
            process.terminate()


def play(vault: Vault, title: str, playbook: str, *options: str) -> tuple[str, int, int]:
    """Run a playbook; return its line of the table: title, requests, writes."""
    print(f"\n=== {title}\n    ansible-playbook {playbook} {' '.join(options)}", flush=True)
    vault.door("DELETE", "journal")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(HERE / playbook), *options]
    subprocess.run(command, check=True, env=vault.environment())
    journal = vault.door("GET", "journal")
    return title, len(journal), sum(bool(entry["write"]) for entry in journal)


def story(vault: Vault) -> Sequence[tuple[str, int, int]]:
    """Play all scenes; return the table."""
    rows = [
        play(vault, "Onboard four hosts", "onboard.yml"),
        play(vault, "The same again: nothing to do", "onboard.yml"),
        play(vault, "The same, one task for all hosts", "onboard.yml", "-e", "onboard_host_bulk=true"),
    ]
    print("\n=== Somebody changes three things and adds an account at the console")
    vault.door("POST", "change", BEHIND_OUR_BACK)
    rows += [
        play(vault, "What would be repaired?", "onboard.yml", "--check", "--diff"),
        play(vault, "Repair", "onboard.yml"),
        play(vault, "Rotate a password", "rotate.yml"),
        play(vault, "Rename an account, remove another", "retire.yml", "--diff"),
        play(vault, "The same again: nothing to do", "retire.yml"),
    ]
    return rows


def main() -> None:
    """Tell the story; fail when a run that must not write wrote."""
    with vault() as server:
        rows = story(server)
    print("\nWhat reached the vault, by its own journal:\n")
    print(tabulate(rows, headers=("step", "requests", "writes"), tablefmt="simple"))
    quiet = [rows[1], rows[2], rows[3], rows[7]]
    if any(writes for _title, _requests, writes in quiet) or not rows[0][2] or rows[4][2] != 5:
        sys.exit("The counts are not what the story promises.")


if __name__ == "__main__":
    main()
