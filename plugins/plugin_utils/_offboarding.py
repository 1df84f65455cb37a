# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the off-boarding does: from the variables of all hosts to resources, accounts and findings. Internal.

Everything is decided here, before any request. Nothing here asks the vault or a host.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ._onboarding_plan import message_of
from ._role_entries import bad_entries, bad_values, is_true
from ._role_guards import defaults_of, missing_vault, spec_of, told, unknown_variables
from ._role_summary import listed, role_summary, row_of

ROLE = "offboard_host"
ONBOARDED_AS = "onboard_host_resource"
# Options that mean something only for accounts that stay in the vault.
FOR_KEPT = tuple(
    f"{ROLE}_{name}" for name in ("revoke", "notes", "update_write_only", "tracking_field", "tracking_key")
)
GRANTEES = ("user", "user_id", "user_group", "user_group_id")
Entry = Mapping[str, Any]


def offboarding(
    declared: Mapping[str, Entry],
    environment: Mapping[str, str],
    *,
    batch: Iterable[str] | None = None,
    stage: str = "together",
) -> dict[str, Any]:
    """Return what is to be done; nothing in it is secret.

    :param declared: by host, as the lookup ``role_variables`` returns it.
    :param environment: environment variables of the controller.
    :param batch: hosts that are to be handled; the variables of others are checked anyway.
    :param stage: ``together``: hosts on which nothing is to be done; ``visited``: the others, after that.
    """
    bad = {name: faults for name, found in declared.items() if (faults := list(_faults(name, found, environment)))}
    message = message_of(bad, len(declared))
    wanted = set(declared if batch is None else batch)
    hosts = {name: _host(name, found) for name, found in declared.items() if name in wanted and name not in bad}
    visit = [name for name, host in hosts.items() if host["lock"]]
    handled = {} if message else {n: host for n, host in hosts.items() if stage == "visited" or not host["lock"]}
    vaults: dict[str, int] = {}
    places: dict[tuple[int, str, bool], dict[str, Any]] = {}
    for name, host in handled.items():
        vault = vaults.setdefault(_key(declared[name]), len(vaults))
        place = {**host, "leader": name, "vault": vault, "hosts": []}
        places.setdefault((vault, host["resource"], host["keep"]), place)["hosts"].append(name)
    return {
        "message": message,
        "visit": visit,
        "left_out": False,
        "hosts": hosts,
        "removed": _by_vault(place for place in places.values() if not place["keep"]),
        "kept": [place for place in places.values() if place["keep"]],
    }


def _by_vault(places: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return ``resources`` for one task of each vault, the ``places`` they are about, and ``leader``."""
    calls: dict[int, dict[str, Any]] = {}
    for place in places:
        call = calls.setdefault(place["vault"], {"leader": place["leader"], "resources": [], "places": []})
        call["resources"].append({"name": place["resource"], "state": "absent"})
        call["places"].append(place)
    return list(calls.values())


def _host(name: str, found: Entry) -> dict[str, Any]:
    given = {**defaults_of(ROLE), **found["given"]}
    policy = {key: given[f"{ROLE}_{key}"] for key in ("notes", "revoke", "update_write_only")}
    return {
        "resource": _resource(name, given),
        "keep": is_true(given[f"{ROLE}_keep_accounts"]),
        "lock": list(given[f"{ROLE}_lock_accounts"]),
        **policy,
    }


def _resource(name: str, given: Entry) -> str:
    return str(given.get(f"{ROLE}_resource") or given.get(ONBOARDED_AS) or name)


def _key(found: Entry) -> str:
    """Return what tells one vault, and one way of tracking, from another."""
    tracking = [found["given"].get(f"{ROLE}_{name}") for name in ("tracking_field", "tracking_key")]
    return str((sorted((name, str(value)) for name, value in found["connection"].items()), tracking))


def _faults(name: str, found: Entry, environment: Mapping[str, str]) -> Iterator[str]:
    given, spec = found["given"], spec_of(ROLE)
    yield from told(unknown_variables((*given, *found["unresolved"]), ROLE), ROLE)
    for variable, reason in found["unresolved"].items():
        yield f"{variable} cannot be resolved" + (f": {reason}." if reason else ".")
    if given.get("onboard_host_vault") == "cyberark":
        yield (
            "The accounts of the host are in CyberArk (onboard_host_vault), and this role is for PAM360. Remove them "
            "with the module cyberark_account."
        )
        return
    missing = missing_vault(found["connection"], environment)
    if missing:
        yield missing
    revoke = f"{ROLE}_revoke"
    yield from bad_values({key: value for key, value in given.items() if key != revoke}, spec)
    entries = given.get(revoke, [])
    faults = bad_entries(entries, revoke, spec[revoke]["options"])
    yield from faults
    if not faults:
        for number, entry in enumerate(entries):
            if sum(entry.get(grantee) is not None for grantee in GRANTEES) != 1:
                yield f"{revoke}[{number}] must name exactly one of {', '.join(GRANTEES)}."
    # Who names shares to revoke means to keep the accounts: to remove them instead would take their passwords along.
    defaults = defaults_of(ROLE)
    set_for_kept = [key for key in FOR_KEPT if key in given and given[key] != defaults.get(key)]
    if set_for_kept and not is_true(given.get(f"{ROLE}_keep_accounts")):
        yield (
            f"Options of accounts that stay are given ({', '.join(set_for_kept)}), and {ROLE}_keep_accounts is false, "
            f"which would remove the resource {_resource(name, given)} with all its passwords: set it to true, or "
            "leave these options out."
        )


# What the vault has said


def kept_accounts(report: Entry, looked: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the options of ``pam360_accounts`` for each vault: ``accounts``, and ``leader``, a host of that vault.

    :param looked: what ``pam360_account_info`` has returned, one for each of the report's ``kept``.
    """
    calls: dict[int, dict[str, Any]] = {}
    for place, result in zip(report["kept"], looked):
        shares = [{**_without_nulls(entry), "state": "absent"} for entry in place["revoke"]]
        policy = {"notes": place["notes"], "shares": shares, "update_write_only": place["update_write_only"]}
        accounts = [{key: row[key] for key in ("name", "resource_id")} | policy for row in result.get("accounts", ())]
        if accounts:
            call = calls.setdefault(place["vault"], {"leader": place["leader"], "accounts": [], "places": {}})
            call["accounts"] += accounts
            call["places"][str(accounts[0]["resource_id"])] = place
    return list(calls.values())


def _without_nulls(entry: Entry) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}


def without_accounts(report: Entry, looked: Sequence[Entry]) -> list[Entry]:
    """Return the kept resources in which no account was found: is the resource there at all?"""
    return [place for place, result in zip(report["kept"], looked) if result.get("accounts") == []]


def offboarding_summary(
    report: Entry, results: Mapping[str, Sequence[Entry]], earlier: Sequence[Entry] = (), check_mode: bool = False
) -> dict[str, Any]:
    """Return the summary.

    :param results: what the tasks have returned: ``removed``, ``looked``, ``there`` and ``changed``.
    """
    removed = [pair for call, result in zip(report["removed"], results["removed"]) for pair in _of_each(call, result)]
    kept = list(zip(report["kept"], results["looked"]))
    rows = [row for place, result in removed for row in _rows(place, "resource", result)]
    rows += [row for place, result in kept if result.get("failed") for row in _rows(place, "accounts", result)]
    rows += _rows_of_missing(report, results)
    changed, unsent = _rows_of_accounts(report, results)
    absent = [place["resource"] for place, result in removed if not result.get("changed") and not result.get("failed")]
    note = (
        f"the vault shows no resource {listed(absent)}, so nothing was removed there; if it should exist, check "
        f"{ROLE}_resource, including upper and lower case"
    )
    return role_summary([*rows, *changed], unsent, earlier, check_mode, [note] if absent else [])


def _of_each(call: Entry, result: Entry) -> Iterator[tuple[Entry, Entry]]:
    """Yield each resource of a task with its result; a task that failed as a whole has failed for all."""
    entries = result.get("resources")
    yield from zip(call["places"], entries) if entries is not None else ((place, result) for place in call["places"])


def _rows(place: Entry, name: str, result: Entry) -> list[dict[str, str]]:
    """Return a row for each host that has a resource."""
    return [row_of(host, name, result) for host in place["hosts"]]


def _rows_of_missing(report: Entry, results: Mapping[str, Sequence[Entry]]) -> Iterator[dict[str, str]]:
    """Yield what failed because a resource is not there, or could not be looked up."""
    for place, result in zip(without_accounts(report, results["looked"]), results["there"]):
        msg = (
            f"The vault shows no resource {place['resource']}, so nothing was revoked: check "
            f"{ROLE}_resource, including upper and lower case, and that the resource is shared with the API user."
        )
        found = {"failed": True, "msg": msg} if result.get("resources") == [] else result
        yield from _rows(place, "resource", found) if found.get("failed") else ()


def _rows_of_accounts(report: Entry, results: Mapping[str, Sequence[Entry]]) -> tuple[list[dict[str, str]], list[str]]:
    """Return what became of accounts that stay, and the settings that were not sent and cannot be seen."""
    rows, unsent = [], set()
    for call, result in zip(kept_accounts(report, results["looked"]), results["changed"]):
        places = call["places"]
        if "accounts" not in result and result.get("failed"):
            rows += [row for place in places.values() for row in _rows(place, "accounts", result)]
        for entry in result.get("accounts", ()):
            place = places[str(entry["resource_id"])]
            name = place["hosts"][0] if len(place["hosts"]) == 1 else place["resource"]
            rows.append(row_of(name, entry["account"]["name"], entry))
            if not entry["changed"] and place["update_write_only"] not in ("always", "tracked"):
                unsent.update(entry["unverified"])
    return rows, sorted(unsent)
