# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a playbook against the stand-in and measures it: from the start of the first task to the end of the last."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from .processes import MemoryWatch
from .ways import Way
from .world import Fleet, Vault, by_resource, private_file, seed

HERE = Path(__file__).resolve().parent
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
Accounts = list[dict[str, str]]


def play(
    vault: Vault,
    folder: Path,
    playbook: str,
    variables: Mapping[str, Any],
    inventory: Mapping[str, Any] | None = None,
    *,
    memory: bool = False,
    may_fail: bool = False,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run a playbook of this folder, or one by its path.

    Return what the callback noted, ``server_cpu``, ``output`` and, if asked for, ``peaks`` (MB).
    """
    times = folder / "times.json"
    variables_of_play = {
        **vault.environment(),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "1",
        "BENCH_TIMES": str(times),
        **(environment or {}),
    }
    with ExitStack() as files:
        arguments = [*options, "-e", f"@{files.enter_context(private_file(folder, 'variables.json', variables))}"]
        if inventory:
            arguments += ["-i", str(files.enter_context(private_file(folder, "inventory.json", inventory)))]
        log = files.enter_context(open(folder / "play.log", "w+", encoding="utf-8"))
        before = vault.processor_time()
        command = [str(PLAYBOOK), *arguments, str(HERE / "playbooks" / playbook)]
        with subprocess.Popen(command, env=variables_of_play, stdout=log, stderr=subprocess.STDOUT) as process:
            watch = MemoryWatch(process.pid) if memory else None
            failed = process.wait()
            peaks = watch.stop() if watch else {}
        server_cpu = vault.processor_time() - before
        log.seek(0)
        output = log.read()
        if failed and not may_fail:
            raise SystemExit(f"{playbook} failed, and a benchmark of failures says nothing:\n{output[-3000:]}")
    told: dict[str, Any] = json.loads(times.read_text(encoding="utf-8"))
    return {**told, "server_cpu": server_cpu, "output": output, "peaks": peaks}


def variables_for(vault: Vault, way: Way, accounts: Accounts, *, first: bool) -> dict[str, Any]:
    """Return the extra variables of a way's playbook."""
    writes_again = {"bench_write_again": not first and bool(way.variables.get("bench_write_again"))}
    return {
        "bench_api": f"{vault.about['url']}/restapi/json/v1",
        "bench_token": vault.about["token"],
        "bench_ca_path": vault.about.get("ca_path"),
        "bench_accounts": accounts,
        "bench_new_resources": list(by_resource(accounts)) if first else [],
        **way.variables,
        **writes_again,
    }


def run_way(vault: Vault, folder: Path, way: Way, fleet: Fleet, *, first: bool, memory: bool = False) -> dict[str, Any]:
    """Run one way once on a fresh vault; return times, requests and how many accounts it handled."""
    accounts = fleet.accounts()
    handled = accounts[: way.limit]
    vault.load(seed([] if first else accounts))
    variables = variables_for(vault, way, handled, first=first)
    inventory = None
    if way.playbook == "uri":
        hosts = {name: {"accounts": items} for name, items in by_resource(handled).items()}
        inventory = {"fleet": {"hosts": hosts}}
    told = play(vault, folder, f"{way.playbook}.yml", variables, inventory, memory=memory)
    journal = vault.journal()
    return {
        "accounts": len(handled),
        "wall": told["wall"],
        "cpu": told["cpu"],
        "server_cpu": told["server_cpu"],
        "peaks": told["peaks"],
        "requests": len(journal),
        "writes": sum(entry["write"] for entry in journal),
        "operations": dict(Counter(entry["operation"] for entry in journal)),
        "journal": journal,
    }


def medians(runs: Sequence[Mapping[str, Any]], *names: str) -> dict[str, Any]:
    """Return the median of each figure, and of ``wall`` all values too."""
    middle: dict[str, Any] = {name: round(median(run[name] for run in runs), 5) for name in names}
    return {**middle, "walls": [round(run["wall"], 4) for run in runs]}
