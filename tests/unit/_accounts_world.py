# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many accounts in one task, and the same accounts one by one, for the tests of ``pam360_accounts``."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, World, as_json, texts_of

BULK, SINGLE, SHARE = "pam360_accounts", "pam360_account", "pam360_account_share"
Entry = dict[str, Any]
LABEL = "Ansible state"
TRACKED: Mapping[str, Any] = {"update_write_only": "tracked", "tracking_key": "k3y of the t3am"}
ROOT: Mapping[str, Any] = {"resource": "db01", "name": "root"}
# What differs by nature: one task has one connection, one list of warnings and one set of options.
OF_THE_TASK = ("requests", "invocation", "warnings", "exception", "_ansible_no_log", "_ansible_verbose_override")


def bulk(world: World, entries: Iterable[Mapping[str, Any]], *, check: bool = False, **task: Any) -> Result:
    """Manage all *entries* in one task."""
    return world.run(BULK, check=check, accounts=[dict(entry) for entry in entries], **task)


def one_by_one(world: World, entries: Iterable[Mapping[str, Any]], *, check: bool = False, **task: Any) -> list[Result]:
    """Manage each of *entries* in a task of its own."""
    return [world.run(SINGLE, check=check, **{**task, **entry}) for entry in entries]


def beats(world: World, entries: Sequence[Mapping[str, Any]], **task: Any) -> Result:
    """Play check, real, check again, again; return the real result."""
    start = world.truth()
    check = bulk(world, entries, check=True, **task)
    assert world.writes == []
    assert world.truth() == start
    real = bulk(world, entries, **task)
    assert not real.get("failed"), real["msg"]
    assert world.writes
    assert_same_plan(check, real)
    assert bulk(world, entries, check=True, **task)["changed"] is False
    again = bulk(world, entries, **task)
    assert again["changed"] is False, again["msg"]
    assert world.writes == []
    return real


def assert_same_plan(check: Result, real: Result) -> None:
    """Check mode said what the real run then did: for the task, and for each account."""
    assert check["changed"] is real["changed"]
    assert check["summary"] == real["summary"]
    assert check["diff"] == real["diff"]
    for planned, done in zip(check["accounts"], real["accounts"]):
        assert planned["changed"] is done["changed"]
        assert planned.get("diff") == done.get("diff")


def comparable(result: Mapping[str, Any], known: Iterable[str], unlisted: Iterable[str] = ()) -> str:
    """Return one account's result in a form in which one of a task alone and one of many are alike.

    Ids of new accounts depend on the order of all, so only those in *known* are compared. *unlisted* are the settings
    that this build's account list does not show: they are only in the details, which a single task reads after an edit.
    """
    kept = {key: value for key, value in copy.deepcopy(dict(result)).items() if key not in OF_THE_TASK}
    kept["failed"] = bool(kept.get("failed"))
    if kept["failed"]:
        for key in ("account", "verified", "unverified", "diff"):
            kept.pop(key, None)
    for holder in (kept, kept.get("account") or {}):
        for key in ("shares", *unlisted):
            holder.pop(key, None)
        if "account_id" in holder and holder["account_id"] not in known:
            holder["account_id"] = "new" if holder["account_id"] else None
    return as_json(kept)


def state(world: World) -> list[Any]:
    """Return what is in the vault in an order of its own, without ids, and whether there are fingerprints."""
    truth = world.truth()
    for resource in truth:
        for account in resource["accounts"]:
            del account["id"]
            if LABEL in account["custom_fields"]:
                account["custom_fields"][LABEL] = len(account["custom_fields"][LABEL])
        resource["accounts"].sort(key=lambda account: account["name"])
        resource["id"] = ""
    return sorted(truth, key=lambda resource: resource["name"])


def warnings(results: Iterable[Result]) -> set[str]:
    """Return the different warnings about what is in the vault."""
    return {text for result in results for text in texts_of(result) if "is not encrypted" not in text}


def shares(world: World, name: str = "root", resource: str = "db01") -> dict[str, str]:
    """Return who may use an account: user ids with the level, group ids with a ``g`` before them."""
    held = world.account(name, resource)["shares"]
    return {**held["user"], **{f"g{who}": access for who, access in held["group"].items()}}


def drawn(number: int) -> list[Entry]:
    """Return entries drawn at random from what a task may say, no account twice."""
    rng = random.Random(number)
    places = [(resource, name) for resource in ("db01", "web01", "ghost") for name in ("root", "app", "stale", "new")]
    return [_entry(rng, resource, name, at) for at, (resource, name) in enumerate(rng.sample(places, 8))]


def _entry(rng: random.Random, resource: str, name: str, at: int) -> Entry:
    entry: Entry = {"resource": resource, "name": name}
    if rng.random() < 0.2:
        return {**entry, "state": "absent"}
    choices: dict[str, Any] = {
        "notes": rng.choice(["", "old notes", 'n\u00e4w "n" \\ & %']),
        "description": rng.choice(["", "d"]),
        "password_policy": rng.choice(["Strong", "Medium", "No such policy"]),
        "custom_fields": rng.choice([{}, {"Owner Team": "dev"}, {"Owner Team": "ops", "Cost Center": 7}]),
        "command_set": rng.choice([5, 7]),
        "record_rdp_sessions": rng.choice([True, False]),
        "owner": "jdoe",
        "password": rng.choice(["N3w-Passw0rd!", "Old-Passw0rd!"]),
        "new_name": f"renamed{at}",
        "update_password": rng.choice(["on_create", "on_drift", "always"]),
        "update_write_only": rng.choice(["on_edit", "always", "tracked"]),
    }
    weights = {"new_name": 0.15, "update_password": 0.5, "update_write_only": 0.5}
    return {**entry, **{key: value for key, value in choices.items() if rng.random() < weights.get(key, 0.3)}}
