# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story that `make demo` tells: real ansible-playbook runs against stand-in vaults, and what each of them sent.

Counts come from the journals of the stand-ins, not from the modules. VERBOSE=1 shows all that Ansible says.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
import yaml
from tabulate import tabulate

HERE = Path(__file__).resolve().parent
VERBOSE = os.environ.get("VERBOSE", "0") not in ("", "0")
OPTIONS = ["--port", "0", "--tls", "--control", "--parent-pid", str(os.getpid())]
BEHIND_OUR_BACK = [
    {"resource": "db02", "account": "oracle", "set": {"NOTES": "changed at the console"}},
    {"resource": "web02", "account": "root", "set": {"ACCOUNTPASSWORDPOLICY": "Low"}},
    {"resource": "web02", "set": {"DEPARTMENT": "no one knows"}},
    {"resource": "web01", "add_account": {"name": "guest", "password": f"Aa1!{secrets.token_urlsafe(12)}"}},
]


@dataclass
class Vault:
    """A stand-in and its test door."""

    about: Mapping[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def door(self, method: str, name: str, body: object = None) -> list[dict[str, object]]:
        """Call the door and return its answer."""
        url = f"{self.about['control']}/{name}"
        answer = self.session.request(method, url, json=body, timeout=30, verify=self.about["ca_path"])
        answer.raise_for_status()
        result: list[dict[str, object]] = answer.json()
        return result


@contextmanager
def vault(module: str, *options: str) -> Iterator[Vault]:
    """Start a stand-in, and stop it whatever happens."""
    command = [sys.executable, "-m", module, *OPTIONS, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            _url, about = (process.stdout.readline() for _line in range(2)) if process.stdout else ("", "")
            yield Vault(json.loads(about))
        finally:
            process.terminate()


def filled_by_hand(folder: Path) -> Path:
    """Write vault.yml with passwords to *folder*, and return the file."""
    seed = yaml.safe_load((HERE / "vault.yml").read_text(encoding="utf-8"))
    for account in (account for resource in seed["resources"] for account in resource["accounts"]):
        account["password"] = f"Aa1!{secrets.token_urlsafe(12)}"
    path = folder / "vault.json"
    path.touch(0o600)
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path


def environment(pam360: Vault, cyberark: Vault, profile: Path) -> dict[str, str]:
    """Return the environment in which the modules find the vaults."""
    shown = {"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    if not VERBOSE:
        shown = {"ANSIBLE_STDOUT_CALLBACK": "story", "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins")}
    return {
        **os.environ,
        **shown,
        "PAM360_URL": pam360.about["url"],
        "PAM360_TOKEN": pam360.about["token"],
        "PAM360_CA_PATH": pam360.about["ca_path"],
        **({"PAM360_SERVER_PROFILE": str(profile)} if profile.exists() else {}),
        "CYBERARK_URL": cyberark.about["url"],
        "CYBERARK_USERNAME": cyberark.about["username"],
        "CYBERARK_PASSWORD": cyberark.about["password"],
        "CYBERARK_CA_PATH": cyberark.about["ca_path"],
        "ANSIBLE_INVENTORY": str(HERE / "inventory.yml"),
        "ANSIBLE_NOCOWS": "1",
        "ANSIBLE_FORCE_COLOR": "1" if sys.stdout.isatty() else "0",
    }


@dataclass
class Story:
    """Runs against the vaults, and the table of what they sent."""

    pam360: Vault
    cyberark: Vault
    folder: Path
    rows: list[tuple[str, int, int, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def profile(self) -> Path:
        """The file in which the doctor leaves its findings."""
        return self.folder / "profile.json"

    def title(self, words: str, command: str = "") -> None:
        """Begin a scene."""
        print(f"\n\033[1m{words}\033[0m" if sys.stdout.isatty() else f"\n{words}")
        if command:
            print(f"  $ {command}", flush=True)

    def play(self, title: str, playbook: str, *options: str, writes: int, code: int = 0) -> None:
        """Run a playbook that is to send so many writes and to end with that exit code."""
        shown = shlex.join(["ansible-playbook", playbook, *options])
        self.title(title, shown.replace(str(self.folder), str(Path(*self.folder.parts[-3:]))))
        vaults = (self.pam360, self.cyberark)
        for each in vaults:
            each.door("DELETE", "journal")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *options]
        start, known = time.monotonic(), environment(*vaults, self.profile)
        done = subprocess.run(command, check=False, cwd=HERE, env=known)
        took = time.monotonic() - start
        journal = [entry for each in vaults for entry in each.door("GET", "journal")]
        sent = sum(bool(entry["write"]) for entry in journal)
        print(f"  {len(journal)} requests, {sent} writes, exit code {done.returncode}", flush=True)
        self.rows.append((title, len(journal), sent, f"{took:.1f}"))
        if (sent, done.returncode) != (writes, code):
            self.broken.append(f"{title}: {sent} writes and exit code {done.returncode}, not {writes} and {code}")

    def report(self, title: str, code: int) -> None:
        """Compare the vault with the inventory; check that the report names the account that no one has declared."""
        page = self.folder / "report.html"
        page.unlink(missing_ok=True)
        where = f"drift_report_dir={page.parent} drift_report_name={page.stem}"
        self.play(title, "vaultops.pam.drift_report", "-e", where, writes=0, code=code)
        if not page.is_file():
            self.broken.append(f"{title}: there is no page")
            return
        findings = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["findings"]
        extra = [f"{row['account']} on {row['resource']}" for row in findings if row["category"] == "extra"]
        print(f"  Not declared: {', '.join(extra)}", flush=True)
        if extra != ["guest on web01"]:
            self.broken.append(f"{title}: not declared are {extra}")


def tell(story: Story) -> None:
    """Play all scenes."""
    find = ("-e", f"profile={story.profile}")
    story.play("1. Ask the doctor how this vault behaves", "doctor.yml", *find, writes=0)
    story.play("2. Adopt two servers that people put into the vault", "onboard.yml", "--limit", "db01,web01", writes=14)
    story.play("3. Onboard the other two", "onboard.yml", writes=12)
    story.play("4. The same again: nothing to do", "onboard.yml", writes=0)
    story.title("5. Someone changes three things and adds an account at the console")
    story.pam360.door("POST", "change", BEHIND_OUR_BACK)
    story.report("6. Report what differs", 2)
    story.play("7. Repair it", "onboard.yml", "--diff", writes=3)
    story.play("8. Rotate a password by the vault's own policy", "rotate.yml", writes=1)
    story.play("9. The same in CyberArk: safe, member, account, CPM", "cyberark.yml", writes=4)


def main() -> None:
    """Tell the story; fail when a run wrote or ended otherwise than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, required=True, help="folder for the pages of the drift report")
    folder = parser.parse_args().reports
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.json").unlink(missing_ok=True)
    seed = filled_by_hand(folder)
    start = time.monotonic()
    with vault("pam360_standin", "--seed", str(seed)) as pam360, vault("pvwa_standin") as cyberark:
        seed.unlink()
        story = Story(pam360, cyberark, folder)
        tell(story)
    story.title("What reached the vaults, by their own journals")
    print(tabulate(story.rows, headers=("scene", "requests", "writes", "seconds"), tablefmt="simple"))
    print(f"\n{time.monotonic() - start:.0f} seconds. The page of the report: {folder / 'report.html'}")
    if not VERBOSE:
        print("make demo VERBOSE=1 shows all that Ansible says.")
    if story.broken:
        sys.exit("The story is not as promised:\n" + "\n".join(story.broken))


if __name__ == "__main__":
    main()
