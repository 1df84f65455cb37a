# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The round trip: a stand-in behaves in some way, the doctor finds out, stand-in and modules follow what it found."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.vaultops.pam.tests.unit._faults_tasks import TASKS, Task
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED, Result, World
from pam360_standin.variants import VARIANTS

# The clock, the API user's own host and a wilful refusal of single fields are no ways in which builds differ.
NOT_ASKED = {"clock_offset", "utc_offset", "host_check", "ignore_fields"}
LISTS = {"readable_settings": ("", "COMMAND_SET", "RECORD_RDP_SESSIONS,TOTP_DIGITS,DOMAINNAME")}
CHOICES = {name: one.values or LISTS[name] for name, one in VARIANTS.items() if name not in NOT_ASKED}
# An edit that stores no custom fields shows nothing of them.
HIDDEN = ("edit_semantics", "empty_custom_field", "date_format", "custom_fields_password")
EVERYTHING = {"scratch": True, "explore": True, "user": "jdoe", "user_group": "DBA", "command_set": 1}
MANY = Task(
    "many",
    "pam360_accounts",
    {
        "accounts": [
            {"resource": "db01", "name": "root", "notes": "n", "command_set": 5},
            {"resource": "db01", "name": "app", "custom_fields": {"Owner Team": "night shift"}},
            {
                "resource": "db01",
                "name": "new1",
                "record_rdp_sessions": True,
                "shares": [{"user": "jdoe", "access_type": "view"}],
            },
        ]
    },
    (),
    "root",
)
BEATS = (*TASKS, MANY)


def seed() -> dict[str, Any]:
    """Return the vault of the fault tests, with a date in it."""
    made = copy.deepcopy(SEED)
    made["resources"][0]["accounts"][1]["custom_fields"]["Review Date"] = "19/02/2022"
    return made


def single_profiles() -> Iterator[dict[str, str]]:
    """Yield each value of each profile alone, and once the defaults."""
    yield {}
    for name, values in CHOICES.items():
        yield from ({name: value} for value in values if value != VARIANTS[name].default)


def mixed_profile(number: int) -> dict[str, str]:
    """Return a random value for each profile, always the same for one number."""
    chance = random.Random(number)
    return {name: chance.choice(values) for name, values in CHOICES.items()}


def named(profile: Mapping[str, str]) -> str:
    """Return a profile as the ID of a test."""
    return ",".join(f"{name}={value}" for name, value in profile.items()) or "defaults"


def expected(profile: Mapping[str, str]) -> dict[str, str | None]:
    """Return what the doctor must find."""
    found: dict[str, str | None] = {name: profile.get(name, VARIANTS[name].default) for name in CHOICES}
    if found["custom_fields_on_edit"] == "no":
        found.update(dict.fromkeys(HIDDEN))
    return found


def verdicts(result: Result) -> dict[str, str | None]:
    """Return the verdicts of a result."""
    return {name: finding["verdict"] for name, finding in result["findings"].items()}


def examined(world: World, path: Path) -> Result:
    """Let the doctor find out all it can; the vault must be as it was, and no one else's object ever written to."""
    before = world.standin.dump()["resources"]
    result = world.run("pam360_doctor", **EVERYTHING, profile_path=str(path))
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is False
    assert result["left_behind"] == []
    assert world.standin.dump()["resources"] == before
    ids = {resource["id"] for resource in before}
    assert [entry.path for entry in world.writes if set(entry.path.split("/")) & ids] == []
    assert result["writes"] == len(world.writes)
    assert result["requests"]["sent"] == len(world.journal)
    return result


def faults_of(world: World, task: Task, **more: Any) -> list[str]:
    """Play the four beats of a task; return what does not hold."""
    world.reset()
    args, found = {**task.args, **more}, []
    predicted = world.run(task.module, check=True, **args)
    if world.writes:
        found.append("check mode wrote")
    real = world.run(task.module, **args)
    if real.get("failed") or predicted.get("failed"):
        return [*found, f"failed: {real['msg']}"] if real.get("failed") != predicted.get("failed") else found
    if predicted["changed"] is not real["changed"]:
        found.append(f"check mode said {predicted['changed']}, and it was {real['changed']}")
    if not task.idempotent:
        return found
    for name, check in (("check again", True), ("again", False)):
        result = world.run(task.module, check=check, **args)
        if result.get("failed") or result["changed"] or world.writes:
            found.append(f"{name}: {result['msg']}")
    return found


def broken_beats(profile_file: Path, tasks: tuple[Task, ...] = BEATS) -> list[str]:
    """Return the tasks whose beats hold on such a server without the profile, and not with it."""
    broken = []
    with World(seed(), profile_file=profile_file) as world:
        for task in tasks:
            faults = faults_of(world, task, server_profile=str(profile_file))
            if faults and not faults_of(world, task):
                broken.append(f"{task.id}: {'; '.join(faults)}")
    return broken
