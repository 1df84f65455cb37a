# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles cost, beside one task for the same accounts and beside tasks that do nothing: the chapter 'Roles'.

Processor time is that of the whole run: from the start of ``ansible-playbook`` to its end, with all its processes.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from .measure import HERE, PLAYBOOK
from .world import Vault, private_file, seed

SIZES = (10, 100, 1_000)
QUICK = (10, 100)
EACH = 3  # accounts of a host


@dataclass(frozen=True)
class Work:
    """A playbook, and what it is run with.

    :ivar largest: hosts; what takes a task for each host is not played for more.
    :ivar hosts: whether the run gets the inventory, and not the accounts themselves.
    :ivar without: variables that are taken out of the inventory.
    :ivar fails: whether the run is to fail.
    """

    title: str
    playbook: str
    largest: int = SIZES[-1]
    hosts: bool = True
    variables: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    fails: bool = False


REPORT: Mapping[str, Any] = {"drift_report_fail": False}
WORKS: Mapping[str, Work] = {
    "accounts": Work("one ``pam360_accounts`` task", "accounts.yml", hosts=False),
    "onboard": Work("playbook ``onboard_hosts``", "vaultops.pam.onboard_hosts"),
    "own": Work("role ``onboard_host`` in a play of one's own", "onboard_host.yml", largest=300),
    "four": Work("four empty tasks for each host", "four_tasks.yml", largest=300),
    "start": Work("a play without tasks", "no_tasks.yml"),
    "one": Work("one empty task for each host", "one_task.yml", largest=300),
    "error": Work(
        "``onboard_hosts`` without a token", "vaultops.pam.onboard_hosts", without=("pam360_token",), fails=True
    ),
    "report_accounts": Work("drift report over given accounts", "drift_report.yml", hosts=False, variables=REPORT),
    "report": Work("drift report over hosts", "vaultops.pam.drift_report", variables=REPORT),
}


def accounts_of(number: int) -> list[dict[str, str]]:
    """Return the accounts of so many hosts, without passwords: the vault made them."""
    return [
        {"resource": f"host{host:05}", "name": f"user{each}", "notes": f"Account {each}"}
        for host in range(number)
        for each in range(EACH)
    ]


def inventory_of(number: int, vault: Vault) -> dict[str, Any]:
    """Return an inventory whose hosts have these accounts: two by the matrix, one of their own."""
    role_accounts = [{"name": f"user{each}", "notes": f"Account {each}"} for each in range(EACH - 1)]
    known = {
        "pam360_url": vault.about["url"],
        "pam360_token": vault.about["token"],
        "onboard_host_account_defaults": {"password_policy": "Strong"},
        "onboard_host_role_accounts": {"all": role_accounts},
        "onboard_host_accounts": [{"name": f"user{EACH - 1}", "notes": f"Account {EACH - 1}"}],
    }
    return {"all": {"vars": known, "hosts": {f"host{host:05}": {} for host in range(number)}}}


def run(work: Work, number: int, vault: Vault, folder: Path) -> dict[str, float]:
    """Run once; return seconds of processor time, MB and requests. Raise SystemExit if it ends as it should not."""
    inventory = inventory_of(number, vault)
    for name in work.without:
        del inventory["all"]["vars"][name]
    variables: dict[str, Any] = {**work.variables, "drift_report_dir": str(folder / "report")}
    environment = {
        **vault.environment(),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }
    if not work.hosts:
        variables["drift_report_accounts" if "report" in work.playbook else "bench_accounts"] = [
            {**account, "password_policy": "Strong"} for account in accounts_of(number)
        ]
    else:  # where the vault is, is said by the inventory alone
        environment = {name: value for name, value in environment.items() if not name.startswith("PAM360_")}
    playbook = work.playbook if work.playbook.startswith("vaultops") else str(HERE / "playbooks" / work.playbook)
    before = len(vault.journal())
    with (
        private_file(folder, "hosts.json", inventory) as hosts,
        private_file(folder, "variables.json", variables) as given,
        open(folder / "roles.log", "w+", encoding="utf-8") as log,
    ):
        command = [str(PLAYBOOK), playbook, "-e", f"@{given}", *(["-i", str(hosts)] if work.hosts else [])]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        if bool(process.returncode) != work.fails:
            raise SystemExit(f"{work.title} ended with {process.returncode}:\n{log.read()[-3000:]}")
    requests = len(vault.journal()) - before
    return {"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024, "requests": requests}


def measure(sizes: tuple[int, ...], runs: int, vault: Vault, folder: Path) -> Iterator[dict[str, Any]]:
    """Measure each work with nothing to do, in turns, so that a busy moment of the machine hits them all."""
    for number in sizes:
        vault.load(seed([{**account, "password": "Aa1-made-by-the-vault"} for account in accounts_of(number)]))
        works = {name: work for name, work in WORKS.items() if number <= max(work.largest, sizes[0])}
        run(WORKS["onboard"], number, vault, folder)  # from then on there is nothing to do
        found: dict[str, list[dict[str, float]]] = {}
        for turn in range(runs):
            for name, work in works.items():
                told = run(work, number, vault, folder)
                found.setdefault(name, []).append(told)
                print(f"  roles {number} {turn + 1}/{runs} {name:15} {told['cpu']:8.2f} s of CPU", flush=True)
        for name, all_runs in found.items():
            middle = {key: round(median(one[key] for one in all_runs), 3) for key in all_runs[0]}
            yield {"work": name, "hosts": number, **middle}
