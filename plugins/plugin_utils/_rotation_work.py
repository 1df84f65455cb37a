# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks of the role rotate_password have found out, and what is to be done next. Internal to the collection.

The role registers the result of each task. Each result has the entry of the loop with it, and that entry has all that
was known of the rotation before. So the newest result of an account tells where its rotation stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from ._rotation import ENDS, GOOD, Answer, Entry, Host, Known, Proof, Step, Vault, next_step

PREFIX = "__rotate_password_"
EACH = f"{PREFIX}each"  # the variable of all loops
MAX_PASSES = 50  # far more than the longest way through the table
Item = Mapping[str, Any]
Result = Mapping[str, Any]
_TRIES = (Step.TRY_OLD, Step.TRY_NEW)
_LOGIN = (Proof.LOGIN, Proof.BLIND)

# Tasks that carry out steps: the variables that they register, and whether they are the ones for a step of an account.
TASKS: Mapping[str, tuple[Sequence[str], Callable[[Step, Item], bool]]] = {
    "log_in": (("tried", "proved"), lambda step, item: step in _TRIES and item["proof"] in _LOGIN),
    "compare": (("compared",), lambda step, item: step in _TRIES and item["proof"] == Proof.HASH),
    "look": (("looked", "looked_too"), lambda step, item: step is Step.LOOK),
    "make": (("made",), lambda step, item: step is Step.MAKE),
    "set": (("set",), lambda step, item: step is Step.SET and item["platform"] != "windows"),
    "set_windows": (("set_windows",), lambda step, item: step is Step.SET and item["platform"] == "windows"),
    "write": (("written",), lambda step, item: step is Step.WRITE),
    "remove": (("removed",), lambda step, item: step in (Step.REMOVE, Step.DROP)),
    "look_again": (("looked_again",), lambda step, item: step is Step.LOOK_AGAIN),
    "say": (("said",), lambda step, item: step is Step.SAY),
}
REGISTERS = tuple(name for names, _fits in TASKS.values() for name in names)
# Files of the role with the common tasks in the order of a rotation. All other tasks are in the file ``rest``.
FILES: Mapping[str, Sequence[str]] = {
    "by_login": ("log_in", "make", "set", "write", "remove"),
    "by_hash": ("look", "compare", "make", "set", "write", "remove"),
}


# What the first look at the vault shows


def due(account: Mapping[str, Any], when: str, max_age: Any, now: datetime) -> bool:
    """Return whether an account needs a new password; raise ValueError where the vault does not tell.

    :param account: as M(vaultops.pam.pam360_account_info) returns it, with details
    :param now: the present time; PAM360 shows times without a zone, so they are taken for UTC
    """
    if when == "always":
        return True
    if when == "older_than":
        # Each task imports this file from source, so what is seldom needed is imported where it is used.
        from ansible_collections.vaultops.pam.plugins.module_utils._pam360.password import _parse

        modified = account.get("last_modified_time")
        if modified in (None, "", "N/A"):
            return True
        try:
            return now - _parse(str(modified)) > timedelta(days=int(max_age))
        except ValueError:
            raise ValueError(f"The time of the last change, '{modified}', is not understood.") from None
    if not account.get("expiry_status") and not account.get("compliant_status"):
        raise ValueError("The vault shows neither whether the password has expired nor whether it is compliant.")
    return account.get("expired") is True or account.get("compliant") is False


def _first(results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    """Yield what is known of each account after the first look; a look that failed tells nothing."""
    found: dict[int, dict[str, Any]] = {}
    for result in results:
        item = result[EACH]
        if result.get("failed") or "accounts" not in result:
            continue
        kind = "account" if item["look_for"] == item["name"] else "entry"
        found.setdefault(item["index"], {"item": item})[kind] = next(iter(result["accounts"]), None)
    for looked in found.values():
        if "account" in looked and "entry" in looked:
            yield _begin(looked["item"], looked["account"], looked["entry"])


def _begin(item: Item, account: Mapping[str, Any] | None, entry: Mapping[str, Any] | None) -> dict[str, Any]:
    vault, host, reason = Vault.MISSING, Host.UNASKED, ""
    if account:
        try:
            is_due = due(account, item["when"], item["max_age"], datetime.now(timezone.utc))
            vault = Vault.DUE if is_due else Vault.VALID
        except ValueError as error:
            vault, host, reason = Vault.DUE, Host.BROKEN, str(error)
    known = Known(Proof(item["proof"]), vault, Entry.FOUND if entry else Entry.NONE, host)
    ids = {
        "resource_id": (account or entry or {}).get("resource_id"),
        "account_id": account["account_id"] if account else None,
        "pending_id": entry["account_id"] if entry else None,
    }
    kept = {key: value for key, value in item.items() if key not in ("look_for", "details")}
    return _item(kept, known, ids=ids, n=0, reason=reason, finishes=entry is not None)


def _item(item: Item, known: Known, *, ids: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return an entry for the loops: the account, what is known of it, its next step, and what that step reads."""
    merged: dict[str, Any] = {**item, **ids, **more}
    merged.update(
        vault=known.vault.value,
        entry=known.entry.value,
        shown=known.host.value,
        acted=known.acted,
        failed_step=known.failed.value if known.failed else None,
        again=known.again,
    )
    if known.host is not Host.BROKEN and _is_look(known) and item["platform"] == "windows":
        return _item(merged, known.after(Step.LOOK, Answer.YES), ids={})  # there is no such question on Windows
    step = next_step(known)
    which = "account_id" if step is Step.TRY_OLD else "pending_id"
    term = {**merged["access"], "resource_id": merged["resource_id"], "account_id": merged[which]}
    return {**merged, "step": step.value, "term": term}


def _is_look(known: Known) -> bool:
    return next_step(known) is Step.LOOK


def known_of(item: Item) -> Known:
    """Return what an entry of a loop says."""
    failed = item["failed_step"]
    return Known(
        Proof(item["proof"]),
        Vault(item["vault"]),
        Entry(item["entry"]),
        Host(item["shown"]),
        item["acted"],
        Step(failed) if failed else None,
        item["again"],
    )


# What the result of a task teaches


def _learned(item: Item, result: Result) -> dict[str, Any]:
    """Return the entry after the step that it was in a loop for."""
    step, known = Step(item["step"]), known_of(item)
    answer, told = _answer(step, item, result)
    ids = {"pending_id": told} if answer is not Answer.ERROR and step in (Step.MAKE, Step.LOOK_AGAIN) and told else {}
    reason = item["reason"]
    if answer is Answer.ERROR:
        reason = told
    elif answer is Answer.NO and step in _TRIES and known.host not in (Host.REFUSED, Host.UNPROVED):
        unproved = f"The new password is set and could not be proved ({told})"
        reason = unproved if known.host is Host.SET else told
    return _item(item, known.after(step, answer), ids=ids, n=item["n"] + 1, reason=reason)


def _answer(step: Step, item: Item, result: Result) -> tuple[Answer, str]:
    """Return the answer to a step, and the ID of an entry or words for a person that go with it."""
    words = str(result.get("msg") or "no message").strip()
    if step in _TRIES and item["proof"] in _LOGIN:
        return _login(str(item["name"]), result, words)
    if step is Step.LOOK and result.get("rc") in (0, 2):
        return (Answer.YES if result["rc"] == 0 else Answer.ABSENT), ""
    if result.get("failed") or result.get("unreachable") or step is Step.LOOK:
        return Answer.ERROR, words
    changed = bool(result.get("changed"))
    if step in _TRIES:  # the task that would set the password; it tells the user ID of an account that is there
        there = Answer.NO if changed else Answer.YES
        return there if "uid" in result else Answer.ABSENT, "the password hash of the host is another one"
    if step is Step.MAKE:
        return (Answer.YES if changed else Answer.NO), str(result["account_id"])
    if step is Step.LOOK_AGAIN:
        entries = result["accounts"]
        if not entries:
            return Answer.ABSENT, ""
        found = str(entries[0]["account_id"])
        other = item["entry"] in (Entry.FOUND, Entry.MADE) and found != item["pending_id"]
        return (Answer.NO if other else Answer.YES), found
    return Answer.YES, ""


def _login(name: str, result: Result, words: str) -> tuple[Answer, str]:
    """The answer of a login must be the name of the account: then nobody's extra variable made it another one's."""
    if "rc" not in result and not result.get("unreachable"):
        return Answer.ERROR, words
    said = (list(result.get("stdout_lines") or []) or [""])[-1]
    if result.get("rc") == 0 and str(said).strip().casefold() == name.casefold():
        return Answer.YES, ""
    return Answer.NO, words if result.get("unreachable") else "the command of the login gave an unexpected answer"


# Where all rotations of a host stand


def rotations(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return an entry for each account of a host, as its newest result tells.

    :param variables: of the host: what the role has registered
    """
    first = variables.get(f"{PREFIX}first") or {}
    items = {item["index"]: item for item in _first(first.get("results") or ())}
    began = next((item["began"] for item in items.values()), None)
    for noted in variables.get(f"{PREFIX}noted") or ():
        if noted["began"] == began:
            items[noted["index"]] = noted
    lost = []
    for task, (names, _fits) in TASKS.items():
        for name in names:
            registered = variables.get(f"{PREFIX}{name}") or {}
            if "results" not in registered and registered.get("failed"):
                lost.append((task, registered))
            for result in registered.get("results") or ():
                item = result.get(EACH)
                if item and item["began"] == began and item["n"] >= items[item["index"]]["n"]:
                    items[item["index"]] = _learned(item, result)
    for task, registered in lost:  # ansible-core before 2.19 drops all results when one entry of a loop cannot be used
        for index, item in items.items():
            if _task_of(item) == task:
                items[index] = _learned(item, registered)
    return list(items.values())


def _task_of(item: Item) -> str:
    step = Step(item["step"])
    return next((task for task, (_names, fits) in TASKS.items() if fits(step, item)), "")


def stands(variables: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what is to be done on a host: entries for the loop of each of TASKS, and more.

    ``file`` names the file of the role to begin with, and ``goes_on`` the one that has the next task. ``rest`` holds
    what the common tasks leave over, ``noted`` is all that is known, and ``failed`` has a message for each rotation
    that has failed.
    """
    items = rotations(variables)
    work: dict[str, list[Any]] = {task: [] for task in TASKS}
    for item in items:
        if Step(item["step"]) not in ENDS:
            work[_task_of(item)].append(item)
    failed = [_message(item) for item in items if Step(item["step"]) in ENDS - GOOD]
    passes = max((item.get("passes", 0) for item in items), default=0) + 1
    if passes > MAX_PASSES:
        raise ValueError("the rotation did not finish; please report this defect")
    noted = [{**item, "passes": passes} for item in items]
    rest = [item for item in items if Step(item["step"]) not in GOOD]
    goes_on = _file(items)
    return {
        **work,
        "file": goes_on or (["rest"] if failed else []),
        "goes_on": goes_on,
        "rest": rest,
        "noted": noted,
        "failed": failed,
    }


def _file(items: Sequence[Item]) -> list[str]:
    """Return the name of the file that has a task for one of the rotations that go on, as a list."""
    for item in items:
        if Step(item["step"]) not in ENDS:
            kind = "by_login" if item["proof"] in _LOGIN else "by_hash"
            usable = item["proof"] != Proof.CHECK and _task_of(item) in FILES[kind]
            return [kind if usable else "rest"]
    return []


def rows(variables: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what became of the accounts of a host, as the summary of a role wants it."""
    first = variables.get(f"{PREFIX}first") or {}
    host = str(variables.get("inventory_hostname"))
    if not first.get("failed") and not first.get("unreachable"):
        return [{"host": host, "name": str(item["name"]), **_outcome(item)} for item in rotations(variables)]
    results = [each for each in first.get("results") or [first] if each.get("failed") or each.get("unreachable")]
    told = {str((each.get(EACH) or {}).get("name", "-")): str(each.get("msg", "")) for each in results}
    return [{"host": host, "name": name, "outcome": "failed", "msg": msg} for name, msg in told.items()]


def _outcome(item: Item) -> dict[str, str]:
    step = Step(item["step"])
    if step is Step.NOT_DUE:
        return {"outcome": "not_due"}
    if step is Step.OVERTAKEN:
        return {"outcome": "unchanged"}
    if step is Step.DONE:
        return {"outcome": "finished" if item["finishes"] else "rotated"}
    return {"outcome": "failed", "msg": _message(item)}


def _message(item: Item) -> str:
    from ._rotation_words import message

    return message(item)
