# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is proved. Each scene returns what went wrong, in words."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ansible_collections.vaultops.pam.tests.awx._engine import inject, job_folder
from ansible_collections.vaultops.pam.tests.roles.rotate_password.kills import say

from .world import GROUP_VARS, HERE, PLAYED, Outcome, World

LAST_TASK = "All of that was as the right user"


def _wrong(world: World, outcome: Outcome, expected: Counter[str]) -> list[str]:
    found = []
    if outcome.status or outcome.output.count("failed=0") < PLAYED or LAST_TASK not in outcome.output:
        found.append(f"exit status {outcome.status}\n{outcome.output[-4000:]}")
    if outcome.reads != expected:
        found.append(f"reads: {dict(outcome.reads)} instead of one each of {len(expected)}")
    say(f"     {sum(outcome.reads.values())} reads of {len(outcome.reads)} passwords")
    return found


def by_ansible_playbook(world: World) -> list[str]:
    """Hosts log in and become with their own passwords, also when delegated to, by one read each, at -vvvv"""
    arguments = ["-vvvv", "-i", str(world.inventory), "--limit", ",".join(world.played), str(HERE / "play.yml")]
    outcome = world.run("ansible-playbook", *arguments)
    found = _wrong(world, outcome, world.once(world.played, "login", "second"))
    facts = [name for name in outcome.left if name.startswith("facts/")]
    if len(facts) != PLAYED:
        found.append(f"{len(facts)} files in the fact cache")
    return found


NARROW = {"VAULTOPS_PAM_LOGIN_VARIABLES": "ansible_ssh_password", "VAULTOPS_PAM_BECOME_VARIABLES": "ansible_su_pass"}


def when_needed(world: World) -> list[str]:
    """With the variables of the plugins in use, only a password that is about to be typed is read"""
    arguments = ["-vvvv", "-i", str(world.inventory), str(HERE / "when_needed.yml")]
    outcome = world.run("ansible-playbook", *arguments, environment=NARROW)
    return _wrong(world, outcome, world.once(["db01", "db02"], "login") + world.once(["db02"], "second"))


def in_the_inventory(world: World) -> list[str]:
    """ansible-inventory shows templates, and sends no request"""
    outcome = world.run("ansible-inventory", "-i", str(world.inventory), "--list")
    hostvars = json.loads(outcome.output)["_meta"]["hostvars"]
    found = [f"{len(world.vault.journal.entries)} requests"] * bool(world.vault.journal.entries)
    for name, values in hostvars.items():
        for variable in ("ansible_password", "ansible_become_password"):
            if "lookup('vaultops.pam.pam360_password'" not in str(values[variable]):
                found.append(f"{variable} of {name}: {values[variable]}")
    return found


def as_a_job(world: World) -> list[str]:
    """The same as a job of ansible-runner, with the credential type of AWX applied"""
    folder = world.machine.folder / "job"
    inventory = world.estate(GROUP_VARS)
    kept = inventory["all"]["children"]["databases"]["hosts"]
    inventory["all"]["children"]["databases"]["hosts"] = {name: kept[name] for name in world.played}
    job_folder(folder, HERE / "play.yml", inventory, {})
    (folder / "project" / "ansible.cfg").write_text(
        "[defaults]\nvars_plugins_enabled = host_group_vars,vaultops.pam.pam360_host\n", encoding="utf-8"
    )
    ca = Path(str(world.vault.ca_path)).read_text(encoding="utf-8")
    injected = inject("pam360", {"url": world.vault.url, "token": world.vault.token, "ca_certificate": ca}, folder)
    variables = {"ANSIBLE_COLLECTIONS_PATH": os.environ["PYTHONPATH"], "ANSIBLE_FORKS": "5", **injected.env}
    (folder / "env" / "envvars").write_text(json.dumps(variables), encoding="utf-8")
    (folder / "env" / "cmdline").write_text(" ".join(["-vvvv", *injected.args]), encoding="utf-8")
    nothing = dict.fromkeys(("PAM360_URL", "PAM360_TOKEN_FILE", "PAM360_CA_PATH", "ANSIBLE_VARS_ENABLED"))
    outcome = world.run("ansible-runner", "run", str(folder), "-p", "play.yml", "-i", "one", environment=nothing)
    found = _wrong(world, outcome, world.once(world.played, "login", "second"))
    artifacts = folder / "artifacts" / "one"
    events = list(artifacts.glob("job_events/*.json"))
    if not events:
        found.append("no events")
    for path in [path for path in artifacts.rglob("*") if path.is_file()]:
        world.leaks += world.search.find(path.read_text(encoding="utf-8"), f"artifact {path.name}")
    return found


SCENES: tuple[Callable[[World], list[str]], ...] = (
    by_ansible_playbook,
    when_needed,
    in_the_inventory,
    as_a_job,
)
