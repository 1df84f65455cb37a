# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two sides: how each one plays a task, and what is known afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.vaultops.pam.tests.bench.measure import play
from ansible_collections.vaultops.pam.tests.bench.world import Vault, private_file

THEIRS, OURS, SHIPPED = "cyberark.pas", "vaultops.pam", "vaultops.pam, shipped"
Options = Mapping[str, Any]
# Whether a server takes their way to remove properties is open in the public material: to their favour.
IN_DOUBT = {"remove_object": "accepted"}
STORED, LOOKUP = "(the secret)", "cyberark_password"


@dataclass(frozen=True)
class Outcome:
    """What is known after a side has played.

    :ivar result: result of the last account task; ``failed`` and ``changed`` as Ansible saw them.
    :ivar journal: all requests of the last play, logon and logoff among them.
    :ivar accounts: what the vault holds, as a seed.
    :ivar written: text of the files that the side left behind.
    :ivar secret: what the task was to store.
    """

    side: str
    wall: float
    failed: bool
    changed: bool
    result: Mapping[str, Any]
    journal: Sequence[Mapping[str, Any]]
    accounts: Sequence[Mapping[str, Any]]
    output: str
    written: str
    secret: str

    @property
    def writes(self) -> list[Mapping[str, Any]]:
        """The requests that change something."""
        return [entry for entry in self.journal if entry["write"]]


@dataclass(frozen=True)
class Case:
    """One task, in the words of both sides.

    :ivar accounts: what the vault holds before.
    :ivar times: how often the play runs; the last run counts.
    :ivar user_password: of the one who logs on, instead of a random one.
    :ivar our_plugin: what of ours does it; the lookup is not a module.
    :ivar profile: how the vault behaves.
    :ivar secret_end: what the secret ends in. In *accounts*, ``STORED`` stands for the whole.
    """

    title: str
    theirs: Options
    ours: Options
    accounts: Sequence[Mapping[str, Any]] = ()
    times: int = 1
    faults: Sequence[Mapping[str, Any]] = ()
    verbosity: str = ""
    user_password: str = ""
    our_plugin: str = "cyberark_account"
    profile: Mapping[str, str] = field(default_factory=dict)
    secret_end: str = ""


def _tasks(side: str, vault: Vault, case: Case, folder: Path) -> list[dict[str, Any]]:
    """Return the tasks of a play: theirs logs on and off around the account task, ours does so by itself."""
    options = case.theirs if side == THEIRS else case.ours
    if side != THEIRS and case.our_plugin == LOOKUP:
        read = "{{ lookup('vaultops.pam.cyberark_password', bench_account, **bench_options) }}"
        known = {"bench_account": options["account"], "bench_options": options.get("options", {})}
        return [{"name": "Account", "ansible.builtin.set_fact": {"password": read}, "vars": known}]
    if side != THEIRS:
        return [{"name": "Account", f"vaultops.pam.{case.our_plugin}": dict(options)}]
    logon = {
        "api_base_url": vault.about["url"],
        "username": "{{ bench_username }}",
        "password": "{{ bench_password }}",
    }
    session = {"cyberark_session": "{{ cyberark_session }}"}
    log = {"logging_file": str(folder / "left" / "their.log")} if "logging_level" in options else {}
    account = {"name": "Account", "cyberark.pas.cyberark_account": {**options, **log, **session}}
    logoff = {"name": "Log off", "cyberark.pas.cyberark_authentication": {"state": "absent", **session}}
    return [
        {"name": "Log on", "cyberark.pas.cyberark_authentication": logon},
        {"block": [account], "always": [logoff]},
    ]


def run_case(vault: Vault, folder: Path, case: Case, side: str, secret: str) -> Outcome:
    """Play a case on a fresh vault."""
    password, secret = case.user_password or secrets.token_urlsafe(16), secret + case.secret_end
    users = [{"name": vault.about["username"], "password": password}]
    accounts = [{key: secret if value == STORED else value for key, value in one.items()} for one in case.accounts]
    vault.load({"users": users, "accounts": accounts})
    vault.door("POST", "profile", {**IN_DOUBT, **case.profile})
    vault.door("POST", "faults", [dict(fault) for fault in case.faults])
    play_itself = {
        "name": side,
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "tasks": _tasks(side, vault, case, folder),
    }
    left = folder / "left"
    left.mkdir(exist_ok=True)
    variables = {
        "bench_username": vault.about["username"],
        "bench_password": password,
        "bench_secret": secret,
        "vaultops_pam_in_process": side != SHIPPED,
    }
    environment = {"CYBERARK_PASSWORD": password, "BENCH_RESULTS": "1", "SSL_CERT_FILE": vault.about["ca_path"]}
    with private_file(folder, "play.json", [play_itself]) as path:
        for _time in range(case.times):
            vault.door("DELETE", "journal")
            verbosity = [case.verbosity] if case.verbosity else []
            told = play(vault, folder, str(path), variables, may_fail=True, options=verbosity, environment=environment)
    written = "".join(file.read_text(encoding="utf-8", errors="replace") for file in left.iterdir())
    for file in left.iterdir():
        file.unlink()
    return _outcome(vault, side, told, written, secret)


def _outcome(vault: Vault, side: str, told: Mapping[str, Any], written: str, secret: str) -> Outcome:
    named = list(zip(told["names"], told["results"], strict=True))
    last = next((result for name, result in reversed(named) if name == "Account"), named[-1][1])
    return Outcome(
        side=side,
        wall=told["wall"],
        failed=any(result["failed"] for _name, result in named),
        changed=last["changed"],
        result=last["result"],
        journal=vault.journal(),
        accounts=vault.door("GET", "state")["accounts"],
        output=told["output"],
        written=written,
        secret=secret,
    )
