# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts in CyberArk for a drift report: from lists of safes to the shape of ``pam360_accounts``. Internal.

A safe stands for the resource. Nothing here asks the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.fields import ACCOUNT, LINKS, identified_by
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.find import MANY_ROWS, identity_of
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.kinds import in_group
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import cleaned_settings

from ._role_entries import is_true

PROPERTIES = "platform_properties"
HIDDEN = (*LINKS, "secret")  # what a list of accounts does not show
# A list does not tell the state of a password, and so nothing is said of it.
UNTOLD: Mapping[str, Any] = {
    **dict.fromkeys(("compliant_status", "compliant_reason", "expiry_status"), ""),
    "compliant": True,
    "expired": False,
    "last_modified_time": "not read",
}
NOTHING: Mapping[str, Any] = {"accounts": [], "requests": {"sent": 0, "retried": 0}, "found": {}}
Row = Mapping[str, Any]
Entry = dict[str, Any]


def safes_of(declared: Iterable[Row], scope: str) -> list[str]:
    """Return the safes whose accounts are to be listed, each once; for ``all`` it is one list of all safes: ``""``."""
    names = {str(options["safe"]).casefold(): str(options["safe"]) for options in declared}
    return ([""] if scope == "all" else list(names.values())) if names else []


def in_doubt(declared: Sequence[Row], results: Sequence[Row], scope: str) -> list[dict[str, str]]:
    """Return what to search for, since a long list that says it is complete lacks it: a server may cut it silently.

    Each has ``safe`` and ``search``. That a server does so is inferred; the module has the same doubt.
    """
    lists = dict(zip(safes_of(declared, scope), results))
    doubts = []
    for options in declared:
        found = _of_safe(lists, options)
        rows = found.get("accounts", ())
        if found.get("complete") and len(rows) >= MANY_ROWS and not _matching(options, rows):
            doubts.append(_search(options))
    return doubts


def _search(options: Row) -> dict[str, str]:
    """Return the search for an account. By its name a server may not be able to search."""
    words = " ".join(filter(None, (str(options["user_name"]), str(options["address"]))))
    return {"safe": str(options["safe"]), "search": words}


def with_cyberark(
    plan: Row, declared: Sequence[Row], results: Sequence[Row], scope: str, searched: Sequence[Row] = ()
) -> Row:
    """Return a plan of PAM360 and, in the same shape, what differs in CyberArk.

    :param plan: result of ``pam360_accounts``. It may have failed, or have been skipped, as no account is in PAM360.
    :param declared: options of ``cyberark_account``.
    :param results: of ``cyberark_account_info``, one for each of ``safes_of``.
    :param searched: of the same module, one for each of ``in_doubt``.
    """
    if not declared or ("accounts" not in plan and not plan.get("skipped")):
        return plan
    lists = dict(zip(safes_of(declared, scope), results))
    answers = [*results, *searched]
    rows = {row["account_id"]: row for result in answers for row in result.get("accounts", ())}.values()
    names: dict[str, str] = {}
    again = {tuple(search.values()): result for search, result in zip(in_doubt(declared, results, scope), searched)}
    accounts = [
        _entry(options, again.get(tuple(_search(options).values()), _of_safe(lists, options)), names)
        for options in declared
    ]
    sent = sum(result.get("requests", {}).get("sent", 0) for result in answers)
    own = plan if "accounts" in plan else NOTHING
    found: Mapping[str, Sequence[Row]] = {
        "accounts": list(_found(rows, declared, names, scope)),
        "resources": _resources(lists, rows),
        "unread": list(_unread(lists)),
    }
    return {
        **own,
        "accounts": [*own["accounts"], *accounts],
        "found": {key: [*own["found"].get(key, ()), *found[key]] for key in found},
        "requests": {**own["requests"], "sent": own["requests"]["sent"] + sent},
    }


def _of_safe(lists: Mapping[str, Row], options: Row) -> Row:
    """Return the list that an account is in: that of its safe, however it is written, or that of all."""
    safe = str(options["safe"]).casefold()
    return next((result for name, result in lists.items() if name.casefold() in (safe, "")), {})


def _id(safe: str) -> str:
    return f"safe {safe.casefold()}"


def _named(row: Row) -> str:
    """Return an account of the vault in words."""
    if not row.get("user_name"):
        return str(row["name"])
    return f"{row['user_name']} at {row['address']}" if row.get("address") else str(row["user_name"])


def _entry(options: Row, result: Row, names: dict[str, str]) -> Entry:
    """Return what is to be said of one declared account, and note under which name, by its ID."""
    account: Entry = {
        "resource": str(options["safe"]),
        "resource_id": _id(str(options["safe"])),
        "name": str(options.get("name") or _named(options)),
        "account_id": None,
        "state": "present",
    }
    about: Entry = {"account": account, "changed": False, "failed": False, "msg": "", "unverified": [], "diff": {}}
    if "accounts" not in result:
        return {**about, "failed": True, "msg": str(result.get("msg") or "The safe could not be read.")}
    rows = _matching(options, result["accounts"])
    if len(rows) > 1:
        told = ", ".join(f"{row['account_id']} ({row['name']})" for row in rows)
        return {**about, "failed": True, "msg": f"Several accounts match: {told}. Declare it by its object_name."}
    if not rows and not result.get("complete"):
        msg = "The vault cut the list of accounts, so it is not known whether this one is there."
        return {**about, "failed": True, "msg": msg}
    if not rows:
        return {**about, "changed": True, "diff": {"before": {"state": "absent"}, "after": {"state": "present"}}}
    account["account_id"] = rows[0]["account_id"]
    names[account["account_id"]] = account["name"]
    before, after, unverified = _differences(options, rows[0])
    return {**about, "changed": bool(after), "diff": {"before": before, "after": after}, "unverified": unverified}


def _matching(options: Row, rows: Iterable[Row]) -> list[Row]:
    """Return the accounts that *options* mean, compared as the module does it: without case."""
    known = ("safe", *identity_of(options).options)
    found = [row for row in rows if all(_same(row[name], options[name]) for name in known)]
    if len(found) > 1 and options.get("platform_id"):
        found = [row for row in found if _same(row["platform_id"], options["platform_id"])] or found
    return found


def _same(one: Any, other: Any) -> bool:
    return str(one).casefold() == str(other).casefold()


def _differences(options: Row, row: Row) -> tuple[Entry, Entry, list[str]]:
    """Return what differs, before and after by setting, and what cannot be compared. Compared as the module does it."""
    fields = identified_by(identity_of(options).options)
    typed = {
        item.option: is_true(options[item.option]) if item.kind.spec.get("type") == "bool" else options[item.option]
        for item in ACCOUNT
        if item.option in options
    }
    wanted = cleaned_settings(ACCOUNT, typed)
    before: Entry = {}
    after: Entry = {}
    for item in fields:
        if item.option not in wanted or item.option in HIDDEN:
            continue
        pair = item.kind.difference(wanted[item.option], row[item.option])
        if pair and item.option == PROPERTIES:
            for name in {**pair[0], **pair[1]}:
                before[f"{PROPERTIES}.{name}"] = pair[0].get(name, "")
                after[f"{PROPERTIES}.{name}"] = pair[1].get(name, "")
        elif pair:
            before[item.option], after[item.option] = pair
    unverified = [option for option in LINKS if option in wanted]
    unverified += [PROPERTIES] if any(map(in_group, wanted.get(PROPERTIES, {}))) else []
    return before, after, unverified


def _found(rows: Iterable[Row], declared: Iterable[Row], names: Mapping[str, str], scope: str) -> Iterator[Entry]:
    """Yield the accounts of the vault that the report is about: of the managed addresses, or all."""
    addresses = {str(options["address"]).casefold() for options in declared if options["address"]}
    for row in rows:
        account_id = row["account_id"]
        if scope == "all" or account_id in names or str(row["address"]).casefold() in addresses:
            name = names.get(account_id) or _named(row)
            if account_id not in names and name in names.values():  # of two alike, one is declared
                name = f"{name} ({row['name']})"
            place = {"resource": row["safe"], "resource_id": _id(row["safe"]), "account_id": account_id}
            yield {**UNTOLD, **place, "name": name}


def _resources(lists: Mapping[str, Row], rows: Iterable[Row]) -> list[Entry]:
    read = [name for name, result in lists.items() if name and "accounts" in result]
    return [{"name": name, "resource_id": _id(name)} for name in dict.fromkeys([*read, *(row["safe"] for row in rows)])]


def _unread(lists: Mapping[str, Row]) -> Iterator[Entry]:
    for name, result in lists.items():
        place = {"resource": name or "(all safes)", "resource_id": _id(name), "account": None}
        if "accounts" not in result:
            yield {**place, "msg": str(result.get("msg") or "The safe could not be read.")}
        elif not result.get("complete"):
            yield {**place, "msg": "The vault cut the list of its accounts, so there may be more of them."}
