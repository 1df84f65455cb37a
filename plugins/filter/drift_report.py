# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between accounts as they are wanted and as they are in the vault, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
author:
  - vaultops.pam contributors (@vaultops)
short_description: What differs between wanted accounts and the vault
version_added: 0.1.0
description:
  - Joins the plan of M(vaultops.pam.pam360_accounts), made in check mode, with the accounts that
    M(vaultops.pam.pam360_account_info) has found, and returns a list of findings and their sums.
  - The role P(vaultops.pam.drift_report#role) makes its files of it. It asks the vault nothing by itself.
positional: found, scope, fail_on, tracked, other_reads
options:
  _input:
    description: Result of M(vaultops.pam.pam360_accounts) in check mode.
    type: dict
    required: true
  found:
    description:
      - Results of M(vaultops.pam.pam360_account_info), one or many, each with
        O(vaultops.pam.pam360_account_info#module:details=true).
      - One without accounts is a read that failed, and becomes a finding.
    type: list
    elements: dict
    required: true
  scope:
    description:
      - Where to look for accounts that are not wanted.
      - V(managed) looks at resources that have at least one wanted account, V(all) at all that were found.
    type: str
    choices: [managed, all]
    default: managed
  tracked:
    description:
      - Whether the plan compares fingerprints of what can not be read. Without them, such a setting is in the plan only
        because it goes along with another change, and is no finding.
    type: bool
    default: false
  fail_on:
    description: Categories whose findings make the report not RV(_value.ok). All of them if it is not given.
    type: list
    elements: str
  other_reads:
    description: Results of other tasks whose requests are to be counted.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: What would be done to the accounts
  vaultops.pam.pam360_accounts:
    create_resources: true
    accounts: "{{ vault_accounts }}"
  check_mode: true
  delegate_to: localhost
  register: plan

- name: What is in the vault
  vaultops.pam.pam360_account_info:
    details: true
  delegate_to: localhost
  register: vault

- name: Accounts that nobody knows of
  ansible.builtin.debug:
    msg: "{{ report.findings | selectattr('category', 'equalto', 'extra') | list }}"
  vars:
    report: "{{ plan | vaultops.pam.drift_report([vault]) }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    ok:
      description: Whether no finding is in a category of O(fail_on).
      type: bool
    summary:
      description: Numbers of resources and accounts, and of requests that were sent.
      type: dict
    categories:
      description: All categories in their order, each with C(name), C(title), C(meaning), C(count) and C(fails).
      type: list
      elements: dict
    findings:
      description:
        - Each with the texts C(category), C(resource), C(account), C(setting), C(wanted), C(actual) and C(detail).
        - Sorted, so that the reports of two nights can be compared.
      type: list
      elements: dict
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

CATEGORIES = {
    "missing": ("Missing", "Declared, and not in the vault."),
    "extra": ("Extra", "In the vault, and not declared, or declared to be gone."),
    "policy": ("Password policy", "Another password policy than the declared one."),
    "notes": ("Notes", "Other notes than the declared ones."),
    "custom_fields": ("Custom fields", "Other values than the declared ones."),
    "settings": ("Other settings", "Another name, or settings that differ from what was last sent."),
    "not_compliant": ("Not compliant", "The vault says that the password does not comply with its policy."),
    "expired": ("Expired", "The vault says that the password has expired."),
    "never_rotated": ("Never rotated", "The vault shows no time at which the password was changed."),
    "unverifiable": ("Can not be verified", "Declared, and the vault does not show it: it may be right or wrong."),
    "unreadable": ("Could not be read", "The report says nothing about these, so it is not complete."),
}
CATEGORY_OF = {"password_policy": "policy", "notes": "notes", "description": "notes"}
# What the vault says of a password: key of the account, words for the report.
STATES = {"compliant": "compliance", "expired": "expiry", "last_modified_time": "time of the last change"}
HIDDEN = "(hidden)"
UNKNOWN = "(unknown)"
Finding = dict[str, str]
Row = Mapping[str, Any]


def drift_report(
    plan: Row,
    found: Sequence[Row],
    scope: str = "managed",
    fail_on: Sequence[str] | None = None,
    tracked: bool = False,
    other_reads: Sequence[Row] = (),
) -> dict[str, Any]:
    """Return the report; raise AnsibleFilterError for arguments that can not be used."""
    if not isinstance(plan, Mapping) or "accounts" not in plan:
        raise AnsibleFilterError("drift_report: the input must be a result of vaultops.pam.pam360_accounts")
    fails = list(CATEGORIES) if fail_on is None else list(fail_on)
    if scope not in ("managed", "all") or set(fails) - set(CATEGORIES):
        names = ", ".join(CATEGORIES)
        raise AnsibleFilterError(f"drift_report: scope must be managed or all, and fail_on a list of: {names}")
    accounts = [row for result in found for row in result.get("accounts", ())]
    managed = {entry["account"]["resource_id"] for entry in plan["accounts"]} - {None}
    if scope == "managed":
        accounts = [row for row in accounts if row["resource_id"] in managed]
    findings = sorted([*_of_plan(plan, accounts, tracked), *_of_vault(plan, accounts), *_unread(found)], key=_order)
    counts = Counter(finding["category"] for finding in findings)
    categories = [
        {"name": name, "title": title, "meaning": meaning, "count": counts[name], "fails": name in fails}
        for name, (title, meaning) in CATEGORIES.items()
    ]
    ok = not any(counts[name] for name in fails)
    report = {
        "ok": ok,
        "summary": _summary(plan, [*found, *other_reads], accounts),
        "categories": categories,
        "findings": findings,
    }
    wrapped: dict[str, Any] = untrusted(report)
    return wrapped


def _of_plan(plan: Row, accounts: Iterable[Row], tracked: bool) -> Iterator[Finding]:
    """Yield what the plan would change, what it could not read, and what it can not compare."""
    resources = {row["resource_id"]: row["resource"] for row in accounts}
    new = {row["name"] for row in plan.get("resources", ())}
    for entry in plan["accounts"]:
        account = entry["account"]
        resource_id = account["resource_id"]
        resource = account["resource"] or resources.get(resource_id) or f"ID {resource_id}"
        place = {"resource": resource, "account": account["name"]}
        if entry["failed"]:
            yield _finding("unreadable", **place, detail=entry["msg"])
            continue
        if entry["changed"]:
            for finding in _changes(entry["diff"], place, resource in new):
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
    """The values of a secret are not in the plan, those of what can not be read are as they were sent."""
    details = {HIDDEN: "The values differ.", UNKNOWN: "Not what was last sent."}
    detail = details.get(actual, "") if isinstance(actual, str) else ""
    wanted = HIDDEN if actual == HIDDEN else wanted
    return _finding(category, **place, setting=setting, wanted=wanted, actual=actual, detail=detail)


def _of_vault(plan: Row, accounts: Iterable[Row]) -> Iterator[Finding]:
    """Yield accounts that are not declared, and what the vault says of the passwords."""
    known = {key for entry in plan["accounts"] for key in _keys(entry["account"])}
    for row in accounts:
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
            yield _finding(
                "unverifiable", **place, setting=", ".join(untold), detail="The vault's answer is not understood."
            )


def _keys(account: Row) -> set[tuple[Any, ...]]:
    """By name as well, as an account that could not be read has no ID, and a renamed one another name."""
    resource_id, name = account["resource_id"], account["name"]
    return {("id", resource_id, account["account_id"]), ("in", resource_id, name), ("name", account["resource"], name)}


def _unread(found: Iterable[Row]) -> Iterator[Finding]:
    for result in found:
        if "accounts" not in result:
            yield _finding("unreadable", resource=result.get("item", ""), detail=result.get("msg", ""))


def _summary(plan: Row, reads: Iterable[Row], accounts: Sequence[Row]) -> dict[str, int]:
    sent = [result["requests"]["sent"] for result in (plan, *reads) if "requests" in result]
    entries = plan["accounts"]
    resources = {str(row["resource"]) for row in accounts}
    resources |= {str(entry["account"]["resource"]) for entry in entries if entry["account"]["resource"]}
    return {
        "resources": len(resources),
        "accounts_declared": len(entries),
        "accounts_as_declared": sum(not entry["changed"] and not entry["failed"] for entry in entries),
        "accounts_in_vault": len(accounts),
        "requests": sum(sent),
    }


def _finding(category: str, **words: Any) -> Finding:
    keys = ("resource", "account", "setting", "wanted", "actual", "detail")
    return {"category": category, **{key: _text(words.get(key)) for key in keys}}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _order(finding: Finding) -> tuple[Any, ...]:
    return (list(CATEGORIES).index(finding["category"]), *list(finding.values())[1:])


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report": drift_report}
