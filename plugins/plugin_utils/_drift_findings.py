# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between accounts as they are declared and as they are in the vault. Internal; pure, without Ansible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Category(NamedTuple):
    """A kind of finding, in words for the report."""

    title: str
    meaning: str
    advice: str


CATEGORIES = {
    "missing": Category(
        "Missing",
        "Declared, but not in the vault.",
        "Run the onboarding for these hosts, or take the account out of the declaration.",
    ),
    "extra": Category(
        "Extra",
        "In the vault, but not declared, or declared to be gone.",
        "Find out who added the account. Declare it, or remove it from the vault.",
    ),
    "policy": Category(
        "Password policy",
        "The password policy is not the declared one.",
        "Run the onboarding to set the declared policy, or change the declaration.",
    ),
    "notes": Category(
        "Notes",
        "The notes are not the declared ones.",
        "Read what the vault says before the next onboarding replaces it. It may belong in the declaration.",
    ),
    "custom_fields": Category(
        "Custom fields",
        "The values are not the declared ones.",
        "Run the onboarding to set the declared values, or change the declaration.",
    ),
    "settings": Category(
        "Other settings",
        "The name or another setting is not the declared one, or not what was last sent.",
        "Run the onboarding, which sends these settings again.",
    ),
    "not_compliant": Category(
        "Not compliant",
        "The vault says that the password does not comply with its policy.",
        "Rotate the password.",
    ),
    "expired": Category("Expired", "The vault says that the password has expired.", "Rotate the password."),
    "never_rotated": Category(
        "Never rotated",
        "The vault shows no time at which the password was changed.",
        "Rotate the password once, so that only the vault knows it. A new account is listed here too.",
    ),
    "unverifiable": Category(
        "Cannot be verified",
        "Declared, but the vault does not show it. It may be right or wrong.",
        "Check it in the console, or manage these accounts with update_write_only: tracked.",
    ),
    "unreadable": Category(
        "Could not be read",
        "The report says nothing about these, so it is not complete.",
        "Correct the cause that is given, and run the report again.",
    ),
}
CATEGORY_OF = {"password_policy": "policy", "notes": "notes", "description": "notes"}
# What the vault says of a password: key of the account, words for the report.
STATES = {"compliant": "compliance", "expired": "expiry", "last_modified_time": "time of the last change"}
HIDDEN = "(hidden)"
UNKNOWN = "(unknown)"
UNUSABLE = "The data of this host cannot be used."
PARTS = ("category", "resource", "account", "setting", "wanted", "actual", "detail")
Finding = dict[str, str]
Row = Mapping[str, Any]


def findings_of(plan: Row, unusable: Mapping[str, str], *, tracked: bool) -> list[Finding]:
    """Return all findings, sorted, so that the reports of two nights can be compared.

    :param plan: result of ``pam360_accounts`` with ``return_found``, in check mode.
    :param unusable: the reason for each host whose declaration cannot be used.
    :param tracked: whether the plan compares fingerprints. Without them, a setting that cannot be read is in the plan
        only because it goes along with another change.
    """
    found: list[Row] = plan["found"]["accounts"]
    return sorted([*_of_plan(plan, found, tracked), *_of_vault(plan, found), *_unread(plan, unusable)], key=_order)


def _of_plan(plan: Row, found: Iterable[Row], tracked: bool) -> Iterator[Finding]:
    """Yield what the plan would change, what it could not read, and what it cannot compare."""
    resources = {row["resource_id"]: row["resource"] for row in found}
    for entry in plan["accounts"]:
        account = entry["account"]
        resource_id = account["resource_id"]
        resource = account["resource"] or resources.get(resource_id) or f"ID {resource_id}"
        place = {"resource": resource, "account": account["name"]}
        if entry["failed"]:
            yield _finding("unreadable", **place, detail=entry["msg"])
            continue
        if entry["changed"]:
            for finding in _changes(entry["diff"], place, resource_id is None):
                if tracked or finding["actual"] != UNKNOWN:
                    yield finding
        if entry["unverified"] and account["account_id"] and account["state"] == "present":
            yield _finding("unverifiable", **place, setting=", ".join(sorted(entry["unverified"])))


def _changes(diff: Row, place: Mapping[str, str], new_resource: bool) -> Iterator[Finding]:
    before, after = diff["before"], diff["after"]
    if "state" in after:
        missing = after["state"] == "present"
        detail = "Its resource is missing too." if new_resource and missing else ""
        states = {"wanted": after["state"], "actual": before["state"]}
        yield _finding("missing" if missing else "extra", **place, **states, detail=detail)
        return
    for option in after:
        if option == "custom_fields" and isinstance(after[option], Mapping):
            for label, wanted in after[option].items():
                yield _difference("custom_fields", place, label, wanted, before.get(option, {}).get(label))
        else:
            yield _difference(CATEGORY_OF.get(option, "settings"), place, option, after[option], before.get(option))


def _difference(category: str, place: Mapping[str, str], setting: str, wanted: Any, actual: Any) -> Finding:
    """Return a finding. The plan hides the values of a secret, and shows what cannot be read as it was sent."""
    details = {HIDDEN: "The values differ.", UNKNOWN: "Not what was last sent."}
    detail = details.get(actual, "") if isinstance(actual, str) else ""
    wanted = HIDDEN if actual == HIDDEN else wanted
    return _finding(category, **place, setting=setting, wanted=wanted, actual=actual, detail=detail)


def _of_vault(plan: Row, found: Iterable[Row]) -> Iterator[Finding]:
    """Yield accounts that are not declared, and what the vault says of the passwords."""
    known = {key for entry in plan["accounts"] for key in _keys(entry["account"])}
    for row in found:
        place = {"resource": row["resource"], "account": row["name"]}
        if not _keys(row) & known:
            yield _finding("extra", **place, wanted="not declared", actual="present")
        if row["compliant"] is False:
            words = {"actual": row["compliant_status"], "detail": row["compliant_reason"]}
            yield _finding("not_compliant", **place, **words)
        if row["expired"]:
            yield _finding("expired", **place, actual=row["expiry_status"])
        if row["last_modified_time"] == "":
            yield _finding("never_rotated", **place)
        untold = [words for key, words in STATES.items() if row[key] is None]
        if untold:
            detail = "The vault's answer is not understood."
            yield _finding("unverifiable", **place, setting=", ".join(untold), detail=detail)


def _keys(account: Row) -> set[tuple[Any, ...]]:
    """Return all that an account is known by: one that could not be read has no ID, a renamed one another name."""
    resource_id, name = account["resource_id"], account["name"]
    return {("id", resource_id, account["account_id"]), ("in", resource_id, name), ("name", account["resource"], name)}


def _unread(plan: Row, unusable: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what could not be read. What has failed in the plan is told there already."""
    failed = {key for entry in plan["accounts"] if entry["failed"] for key in _keys(entry["account"])}
    failed |= {("in", entry["account"]["resource_id"], None) for entry in plan["accounts"] if entry["failed"]}
    for entry in plan["found"]["unread"]:
        if ("in", entry["resource_id"], entry["account"]) not in failed:
            resource = entry["resource"] or f"ID {entry['resource_id']}"
            yield _finding("unreadable", resource=resource, account=entry["account"], detail=entry["msg"])
    for host, reason in unusable.items():
        yield _finding("unreadable", resource=host, detail=reason or UNUSABLE)


def _finding(category: str, **words: Any) -> Finding:
    return {"category": category, **{part: _text(words.get(part)) for part in PARTS[1:]}}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _order(finding: Finding) -> tuple[Any, ...]:
    return (list(CATEGORIES).index(finding["category"]), *list(finding.values())[1:])
