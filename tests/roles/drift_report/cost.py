# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drift report costs: by way of the hosts, of accounts given directly, and with a configuration error.

Run as ``python -m ansible_collections.vaultops.pam.tests.roles.drift_report.cost --hosts 1000``, where the stand-ins
are installed. Exits with 1 if a goal is missed. Processor time is that of ansible-playbook and its children alone.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...bench.world import Vault, vault

NAMES = ("root", "oracle", "app")
TIMES_DIRECT = 2.0  # goal: processor time by way of the hosts, over that of accounts given directly
TIMES_EMPTY = 2.0  # goal: of a configuration error, over that of an empty play over the same inventory
MEMORY = 300  # goal: MB


@dataclass
class Run:
    """What one run of ansible-playbook took."""

    name: str
    code: int
    cpu: float
    memory: float
    requests: int


def measure(name: str, folder: Path, server: Vault, environment: Mapping[str, str], *arguments: str) -> Run:
    """Run ansible-playbook, and return what it took."""
    before = len(server.journal())
    command = [str(Path(sys.executable).with_name("ansible-playbook")), *arguments]
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=output, stderr=subprocess.STDOUT)
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    return Run(name, process.returncode, cpu, used.ru_maxrss / 1024, len(server.journal()) - before)


def prepare(folder: Path, count: int) -> dict[str, Any]:
    """Write the inventory, the variables and an empty play to *folder*, and return the vault as declared."""
    hosts = [f"h{number:05}" for number in range(count)]
    accounts = [{"name": name, "notes": "x"} for name in NAMES]
    inventory = {"all": {"hosts": {host: {} for host in hosts}, "vars": {"onboard_host_accounts": accounts}}}
    direct = {"drift_report_accounts": [{"resource": host, **account} for host in hosts for account in accounts]}
    (folder / "hosts.yml").write_text(json.dumps(inventory), encoding="utf-8")
    (folder / "direct.json").write_text(json.dumps(direct), encoding="utf-8")
    (folder / "empty.yml").write_text("- hosts: localhost\n  gather_facts: false\n", encoding="utf-8")
    changed = {"last_modified_time": "Oct 12, 2025 02:15 AM"}
    there = [{**account, **changed, "password": f"aA1!{secrets.token_urlsafe(20)}"} for account in accounts]
    return {
        "custom_fields": {"resource": [], "account": []},
        "resources": [{"name": host, "accounts": there} for host in hosts],
    }


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=1000)
    count = parser.parse_args().hosts
    play, hosts = "vaultops.pam.drift_report", ("-i", "hosts.yml")
    with tempfile.TemporaryDirectory(prefix="cost-", dir=os.environ.get("TMPDIR")) as name, vault(tls=False) as server:
        folder = Path(name)
        server.load(prepare(folder, count))
        known = server.environment()
        to = (f"-edrift_report_dir={folder}/out",)
        twice = {**known, "PAM360_TOKEN_FILE": "/nowhere"}
        direct = measure("direct", folder, server, known, play, "-i", "h1,", "-e@direct.json", *to)
        report = measure("hosts", folder, server, known, play, *hosts, *to)
        empty = measure("empty", folder, server, known, "empty.yml", *hosts)
        error = measure("error", folder, server, twice, play, *hosts, *to)
    for run in (direct, report, empty, error):
        sys.stdout.write(
            f"{count} hosts, {run.name:6}: exit {run.code}, {run.cpu:6.2f} s of processor time,"
            f" {run.memory:4.0f} MB, {run.requests} requests\n"
        )
    goals = {
        f"hosts / direct: {report.cpu / direct.cpu:.2f}, goal {TIMES_DIRECT}": report.cpu <= TIMES_DIRECT * direct.cpu,
        f"error / empty: {error.cpu / empty.cpu:.2f}, goal {TIMES_EMPTY}": error.cpu <= TIMES_EMPTY * empty.cpu,
        f"memory: {report.memory:.0f} MB, goal {MEMORY}": report.memory <= MEMORY,
        "exit codes": [run.code for run in (direct, report, empty, error)] == [0, 0, 0, 2],
        "no request for an error": error.requests == 0,
    }
    for words, met in goals.items():
        sys.stdout.write(f"{'ok  ' if met else 'MISS'} {words}\n")
    sys.exit(not all(goals.values()))


if __name__ == "__main__":
    main()
