# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task with many PAM360 accounts. Internal to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from .._common.redaction import Redactor, gives_away, texts
from .._common.secret import Secret

COUNTS = ("created", "updated", "removed", "unchanged", "failed")
ACTIONS = {"create": "created", "delete": "removed"}


def result_of(accounts: Sequence[Any], resources: Sequence[Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the result of all: each account like the result for a single one, and sums.

    *accounts* and *resources* are runs with their outcome.
    """
    results = [_account(run) for run in accounts]
    kinds = Counter(_kind(run) for run in accounts)
    made = [run.thing for run in resources if run.outcome["changed"]]
    summary = {"total": len(results), **{kind: kinds[kind] for kind in COUNTS}, "resources_created": len(made)}
    result: dict[str, Any] = {
        "changed": bool(made) or any(entry["changed"] for entry in results),
        "msg": _message(summary, check_mode),
        "accounts": results,
        "summary": summary,
        "resources": [{"name": item.wanted.name, **item.ids} for item in made],
        "diff": [entry["diff"] for entry in results if "diff" in entry],
    }
    outcomes = zip((*accounts, *resources), (*results, *(run.outcome for run in resources)))
    failed = [(not run.tried, entry) for run, entry in outcomes if entry.get("failed")]
    if failed:
        first = min(failed, key=itemgetter(0))[1]  # rather the first with a reason of its own than one not tried
        sums = f"{kinds['failed']} of {len(results)} accounts failed" if len(results) > 1 else "The account failed"
        sums = sums if kinds["failed"] else "A resource failed"
        result.update(failed=True, failure=first["failure"], msg=f"{sums}; {result['msg']}. First: {first['msg']}")
    return result


def _kind(run: Any) -> str:
    if run.outcome.get("failed"):
        return "failed"
    return ACTIONS.get(run.thing.plan.steps[0].action, "updated") if run.thing.plan.steps else "unchanged"


def _account(run: Any) -> dict[str, Any]:
    """Return one account's result, with the same keys whatever happened."""
    outcome = {"failed": False, "verified": [], "unverified": [], **run.outcome}
    if outcome["failed"]:
        outcome.setdefault("account", run.thing.describe(None))
        if outcome["changed"] and run.thing.plan.changed:
            outcome["diff"] = run.thing.plan.diff()
    secrets = [value.reveal() for value in run.thing.wanted.settings.values() if isinstance(value, Secret)]
    return _without(secrets, outcome) if secrets else outcome


def _message(summary: Mapping[str, int], check_mode: bool) -> str:
    would = "would be " if check_mode else ""
    words = [f"{summary[kind]} {would}{kind}" for kind in ("created", "updated", "removed") if summary[kind]]
    words += [f"{summary['unchanged']} unchanged"] if summary["unchanged"] or not words else []
    if summary["resources_created"]:
        words.append(f"{summary['resources_created']} resources {would}created")
    return f"accounts: {', '.join(words)}"


def _without(secrets: Sequence[str], outcome: dict[str, Any]) -> dict[str, Any]:
    """Return *outcome* without the account's own secrets, which Ansible would have to look for in all accounts."""
    text = "\n".join(texts(outcome))
    if not any(gives_away(text, secret) for secret in secrets):
        return outcome
    redact = Redactor()
    for secret in secrets:
        redact.add(secret)
    cleaned: dict[str, Any] = _mapped(outcome, redact)
    return cleaned


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    return [_mapped(item, change) for item in value] if isinstance(value, (list, tuple)) else value
