# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that `make demo` tells: real ansible-playbook runs against a stand-in vault, and what each of them sent.

Counts come from the journal of the stand-in, not from the modules.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
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
    {"resource": "web01", "add_account": {"name": "guest", "password": f"Aa1!{secrets.token_urlsafe(12)}"}},
]

# All that makes the report fail by default but `extra`: the onboarding leaves alone what it was not told of.
FAIL_ON = ["missing", "policy", "notes", "custom_fields", "settings", "not_compliant", "expired", "unreadable"]


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


@dataclass
class Story:
    """Runs against a vault, and the table of what they sent."""

    vault: Vault
    rows: list[tuple[str, int, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def play(self, title: str, playbook: str, *options: str, writes: int, code: int = 0) -> None:
        """Run a playbook that is to send so many writes and to end with that exit code."""
        print(f"\n=== {title}\n    {shlex.join(['ansible-playbook', playbook, *options])}", flush=True)
        self.vault.door("DELETE", "journal")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *options]
        done = subprocess.run(command, check=False, cwd=HERE, env=self.vault.environment())
        journal = self.vault.door("GET", "journal")
        sent = sum(bool(entry["write"]) for entry in journal)
        self.rows.append((title, len(journal), sent))
        if (sent, done.returncode) != (writes, code):
            self.broken.append(f"{title}: {sent} writes and exit code {done.returncode}, not {writes} and {code}")

    def report(self, title: str, page: Path, code: int, **variables: object) -> None:
        """Compare the vault with the inventory; say where the page is, and which account nobody has declared."""
        variables.update(drift_report_dir=str(page.parent), drift_report_name=page.stem)
        page.unlink(missing_ok=True)
        self.play(title, "vaultops.pam.drift_report", "-e", json.dumps(variables), writes=0, code=code)
        if not page.is_file():
            self.broken.append(f"{title}: there is no page")
            return
        findings = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["findings"]
        extra = [f"{row['account']} on {row['resource']}" for row in findings if row["category"] == "extra"]
        print(f"    The page: {page}\n    Nobody has declared: {', '.join(extra)}", flush=True)
        if extra != ["guest on web01"]:
            self.broken.append(f"{title}: not declared are {extra}")


def tell(story: Story, folder: Path) -> None:
    """Play all scenes. The reports go to *folder*."""
    story.play("Onboard four hosts", "onboard.yml", writes=16)
    story.play("The same again: nothing to do", "onboard.yml", writes=0)
    story.play("The same, one task for all hosts", "onboard.yml", "-e", "onboard_host_bulk=true", writes=0)
    print("\n=== Someone changes three things and adds an account at the console")
    story.vault.door("POST", "change", BEHIND_OUR_BACK)
    story.report("Report what differs", folder / "differs.html", 2)
    story.play("What would be repaired?", "onboard.yml", "--check", "--diff", writes=0)
    story.play("Repair", "onboard.yml", writes=5)
    story.report("Report again: an extra account is left", folder / "repaired.html", 0, drift_report_fail_on=FAIL_ON)
    story.play("Rotate a password", "rotate.yml", writes=1)
    story.play("Rename an account, remove another", "retire.yml", "--diff", writes=2)
    story.play("The same again: nothing to do", "retire.yml", writes=0)


def main() -> None:
    """Tell the story; fail when a run wrote or ended otherwise than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, required=True, help="folder for the pages of the drift report")
    folder = parser.parse_args().reports
    with vault() as server:
        story = Story(server)
        tell(story, folder)
    print("\nWhat reached the vault, by its own journal:\n")
    print(tabulate(story.rows, headers=("step", "requests", "writes"), tablefmt="simple"))
    if story.broken:
        sys.exit("The story is not as promised:\n" + "\n".join(story.broken))


if __name__ == "__main__":
    main()
