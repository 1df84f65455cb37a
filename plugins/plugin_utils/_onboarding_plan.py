# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding sends to the vault, and what it does on a host: from hosts and answers to steps. Internal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ._onboarding import (
    POLICIES,
    Entry,
    Host,
    account_for_vault,
    connection_key,
    declared_for_cyberark,
    hosts_of,
    resources_for_vault,
    wants_facts,
)
from ._onboarding_vaults import CYBERARK

SECRET = ("password", "totp_secret", "custom_fields")
Planned = Mapping[str, Any]


def onboarding(
    declared: Mapping[str, Mapping[str, Any]],
    groups: Collection[str],
    environment: Mapping[str, str],
    *,
    batch: Collection[str] | None = None,
    stage: str = "all",
    planned: Planned | None = None,
    gather: bool = False,
) -> dict[str, Any]:
    """Return ``report``, which may be shown, ``calls``, the options of each task for PAM360, and ``secrets``.

    The report has ``steps`` for CyberArk, by kind; ``secrets`` are those of its accounts, by host and name.

    :param batch: hosts that are to be handled; the variables of others are checked anyway.
    :param stage: ``all``: accounts of all hosts; ``together``: of those on which nothing is to be done; ``plan`` and
        ``write``: of hosts that have been looked at, before and after the vault has been asked.
    :param planned: for ``write``: ``calls`` of the report of ``plan``, and ``results`` of its task.
    :param gather: whether facts are gathered for hosts that want them.
    """
    later = [name for name, found in declared.items() if gather and wants_facts(found)]
    hosts = hosts_of(declared, groups, environment, later)
    bad = {each.name: each.faults for each in hosts if each.faults}
    message = message_of(bad, len(hosts))
    good = [each for each in hosts if not each.faults and (batch is None or each.name in batch)]
    visit = [each.name for each in good if each.local or each.name in later or stage != "together"]
    if stage == "together":
        good = [each for each in good if each.name not in visit]
    results = _by_host(planned or {})
    if stage == "write":
        good = [each for each in good if not problem_of(each, results.get(each.name))]
    usable = good if not message or stage == "all" else []
    calls = _calls([each for each in usable if each.vault != CYBERARK], stage, results)
    in_cyberark = [each for each in usable if each.vault == CYBERARK]
    return {
        "report": {
            "message": message,
            "bad": bad,
            "visit": visit,
            "left_out": False,
            "facts": later,
            "hosts": {
                each.name: {
                    "vault": each.vault,
                    "resource": each.resource,
                    "policy": each.options["update_write_only"],
                    "local": each.local,
                }
                for each in hosts
                if not each.faults and (batch is None or each.name in batch)
            },
            "pending": sorted({name + each.options["pending_suffix"] for each in good for name in each.local}),
            "empty": [each.name for each in good if not each.accounts],
            "calls": [_shown(call) for call in calls],
            "steps": _steps(in_cyberark),
        },
        "calls": calls,
        "secrets": {
            each.name: {one["name"]: one["password"] for one in each.accounts if one.get("password") is not None}
            for each in in_cyberark
        },
    }


def _steps(hosts: Sequence[Host]) -> dict[str, list[Entry]]:
    if not hosts:
        return {}
    from ._onboarding_cyberark import steps  # Only here, as it loads the client

    return steps([declared_for_cyberark(host) for host in hosts])


def message_of(bad: Mapping[str, Sequence[str]], number: int) -> str:
    """Return one message about all hosts whose variables cannot be used; those with the same faults stand together."""
    if not bad:
        return ""
    alike: dict[str, list[str]] = {}
    for name, faults in bad.items():
        alike.setdefault(" ".join(faults), []).append(name)
    told = " ".join(f"{', '.join(names)}: {faults}" for faults, names in alike.items())
    return f"The variables of {len(bad)} of {number} hosts cannot be used, and nothing was changed. {told}"


def _calls(hosts: Sequence[Host], stage: str, results: Mapping[str, Sequence[Entry]]) -> list[dict[str, Any]]:
    """Return the options of one task for each vault and way of tracking; hosts may share resources and accounts."""
    vaults: dict[tuple[Any, ...], list[Host]] = {}
    for host in hosts:
        vaults.setdefault(connection_key(host), []).append(host)
    calls = []
    for sharing in vaults.values():
        entries = [entry for host in sharing for entry in _entries(host, stage, results.get(host.name, ()))]
        accounts = {(entry["resource"], entry["name"]): entry for entry in entries}
        policies = _in_common(accounts.values())
        calls.append(
            {
                "leader": sharing[0].name,
                "hosts": [host.name for host in sharing],
                "accounts": [
                    {key: value for key, value in entry.items() if key not in policies} for entry in accounts.values()
                ],
                "policies": policies,
                "due": any(entry.get("changed") for host in sharing for entry in _of(host, results.get(host.name, ()))),
                "resources": resources_for_vault(sharing),
            }
        )
    return calls


def _shown(call: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be shown of a call: accounts and resources only if none has an option that may be secret."""
    kinds = ("accounts", "resources")
    secret = [kind for kind in kinds if any(option in entry for entry in call[kind] for option in SECRET)]
    return {key: value for key, value in call.items() if key not in secret}


def _in_common(entries: Iterable[Entry]) -> Entry:
    """Return the policies that all accounts have in common: they stand once, on the task."""
    found = [{name: entry.get(name) for name in POLICIES} for entry in entries if entry.get("state") != "absent"]
    first = {name: value for name, value in found[0].items() if value is not None} if found else {}
    return {name: value for name, value in first.items() if all(one[name] == value for one in found)}


def _entries(host: Host, stage: str, planned: Sequence[Entry]) -> Iterable[Entry]:
    """Return the accounts of a host, and before them what belongs to rotations."""
    accounts = [account_for_vault(host, account) for account in host.accounts]
    suffix = host.options["pending_suffix"]
    if stage == "plan":
        known = [name for name in host.local if name in host.kept]
        return [*({"resource": host.resource, "name": name + suffix, "state": "absent"} for name in known), *accounts]
    if stage != "write":
        return accounts
    # Made before the accounts themselves: wherever a run dies, the next one sees what the host lacks.
    unknown = unknown_accounts(host, planned)
    return [*(_pending(entry, suffix) for entry in accounts if entry["name"] in unknown), *accounts]


def _pending(entry: Entry, suffix: str) -> Entry:
    kept = {key: entry[key] for key in ("resource", "password", "password_policy", *POLICIES) if key in entry}
    notes = (
        f"The first password of {entry['name']} that the vault has made, on its way to the host. Do not remove: it may "
        "be the password that the host has. The next run of the onboarding does."
    )
    return {**kept, "name": entry["name"] + suffix, "notes": notes}


# What the vault has said


def _by_host(planned: Planned) -> dict[str, Sequence[Entry]]:
    """Return what the vault said of resources and accounts, by host; a task that failed as a whole said it of all."""
    found: dict[str, Sequence[Entry]] = {}
    for call, result in zip(planned.get("calls", ()), planned.get("results", ())):
        whole = {"failed": True, "msg": result.get("msg", ""), "changed": False}
        said = [*result["resources"], *result["accounts"]] if "accounts" in result else [whole]
        found.update(dict.fromkeys(call["hosts"], said))
    return found


def _of(host: Host, results: Iterable[Entry]) -> list[Entry]:
    """Return what was said of the resource of a host and of its accounts, and of the task as a whole."""

    def resource(entry: Entry) -> str:
        about = entry.get("resource", {}).get("name") or entry.get("account", {}).get("resource")
        return about or host.resource

    return [entry for entry in results if resource(entry) == host.resource]


def problem_of(host: Host, results: Iterable[Entry] | None) -> str:
    """Return why a host cannot be onboarded, by what the vault said of its accounts."""
    own = _of(host, results or ())
    failed = [str(entry["msg"]) for entry in own if entry.get("failed")]
    if failed:
        return " ".join(dict.fromkeys(failed))
    unknown = unknown_accounts(host, own)
    if unknown and host.options["existing"] == "fail":
        return (
            f"These accounts of {host.name} have a password, and are not in the vault: {', '.join(unknown)}. Nothing "
            "was changed, here or in the vault. With onboard_host_existing set to `set`, they get a new password."
        )
    return ""


def _known(host: Host, results: Iterable[Entry]) -> set[str]:
    return {entry["account"]["name"] for entry in _of(host, results) if entry.get("account_id")}


def unknown_accounts(host: Host, results: Iterable[Entry]) -> list[str]:
    """Return the accounts with a password on the host that are not in the vault: the vault's is to replace it."""
    known = _known(host, results)
    return [name for name in host.local if name in host.kept and name not in known]


def host_steps(
    declared: Mapping[str, Mapping[str, Any]],
    groups: Collection[str],
    environment: Mapping[str, str],
    planned: Planned,
    *,
    check_mode: bool,
) -> dict[str, Any]:
    """Return what is to be done on one host: ``problem``, ``due``, ``would``, ``rotate`` and ``users``.

    :param declared: of this host alone.
    """
    host = hosts_of(declared, groups, environment)[0]
    results = _of(host, _by_host(planned).get(host.name, ()))
    problem = problem_of(host, results)
    if problem:
        return {"problem": problem}
    known, unknown = _known(host, results), unknown_accounts(host, results)
    suffix = host.options["pending_suffix"]
    # A former run, or a rotation, broke off before the host had the new password.
    unfinished = [name for name in host.local if name in host.kept and name + suffix in known]
    by_name = {account["name"]: account for account in host.accounts}
    rotate = list(dict.fromkeys([*unfinished, *([] if check_mode else unknown)]))

    def needs_password(name: str) -> bool:
        policy = by_name[name].get("update_password") or host.options["update_password"]
        return (name not in host.kept or policy == "on_drift") and not (check_mode and name not in known)

    return {
        "problem": "",
        "due": any(entry.get("changed") for entry in results),
        "would": unknown if check_mode else [],
        "rotate": [{"name": name, "policy": by_name[name].get("password_policy") or "Strong"} for name in rotate],
        "users": [
            {"name": name, "gives": needs_password(name), "options": by_name[name].get("user") or {}}
            for name in host.local
        ],
        "resource": host.resource,
    }
