# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rotation costs the controller: its tasks, and the processor time of ansible-playbook and its children."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from .kills import say
from .world import World

CALLBACKS = Path(__file__).resolve().parents[2] / "bench" / "callbacks"


class Cost(NamedTuple):
    """Tasks by name; seconds of processor time of the whole run, of its tasks alone, and of the host."""

    tasks: list[str]
    whole: float
    of_tasks: float
    host: float


def measured(world: World, **settings: Any) -> Cost:
    """Run the role once."""
    times = world.machine.folder / "times.json"
    run = world.start(environment=_environment(times), **settings)
    before, host = os.times(), world.machine.processor_time()
    status = world.finish(run)
    after = os.times()
    if status:
        raise SystemExit(f"A run to be measured failed:\n{run.said()}")
    told = json.loads(times.read_text(encoding="utf-8"))
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost([task["name"] for task in told["tasks"]], used, told["cpu"], world.machine.processor_time() - host)


def _environment(times: Path) -> Mapping[str, str]:
    return {
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "bench_times",
        "ANSIBLE_VERBOSITY": "0",
        "ANSIBLE_DIFF_ALWAYS": "0",
        "BENCH_TIMES": str(times),
    }


def costs(world: World, rounds: int) -> None:
    """Print the tasks of one rotation, and the medians of *rounds* runs; the first run of each kind is not counted."""
    kinds: dict[str, dict[str, Any]] = {
        "due, by login": {},
        "due, by hash": {"rotate_password_proof": "hash"},
        "due, by login, rounds of the hash as by default": {"rotate_password_hash_rounds": 656000},
        "not due": {"rotate_password_when": "expired"},
    }
    for kind, settings in kinds.items():
        world.new_account()
        runs = [measured(world, **settings) for _number in range(rounds + 1)][1:]
        whole, of_tasks, host = (median(run[number] for run in runs) for number in (1, 2, 3))
        tasks = runs[-1].tasks
        say(
            f"{kind}: {len(tasks)} tasks, {whole:.2f} s of processor time,"
            f" {of_tasks:.2f} s without the start of Ansible; {host:.2f} s on the host"
        )
        if kind == "due, by login":
            for number, name in enumerate(tasks, 1):
                say(f"  {number:2} {name}")
