# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task with many PAM360 accounts. Internal to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._common.redaction import Redactor, give_away, texts
from .._common.secret import Secret
from .many import OneOfManyRun

COUNTS = ("created", "updated", "removed", "unchanged", "failed")
ACTIONS = {"create": "created", "delete": "removed"}
MAX_CAUSES = 5


def result_of(
    accounts: Sequence[OneOfManyRun], resources: Sequence[OneOfManyRun], *, check_mode: bool
) -> dict[str, Any]:
    """Return the result of all: each object like the result for a single one, and sums.

    *accounts* and *resources* are runs with their outcome.
    """
    results, made = [_one(run) for run in accounts], [_one(run) for run in resources]
    kinds, resource_kinds = Counter(map(_kind, accounts)), Counter(map(_kind, resources))
    summary = {
        "total": len(results),
        **{kind: kinds[kind] for kind in COUNTS},
        "adopted": sum(bool(entry.get("adopted")) for entry in (*results, *made)),
        **{f"resources_{kind}": resource_kinds[kind] for kind in COUNTS},
    }
    every = [*made, *results]
    result: dict[str, Any] = {
        "changed": any(entry["changed"] for entry in every),
        "msg": _message(summary, check_mode),
        "accounts": results,
        "summary": summary,
        "resources": made,
        "diff": [entry["diff"] for entry in every if "diff" in entry],
    }
    failed = [(run, entry) for run, entry in zip((*accounts, *resources), (*results, *made)) if entry["failed"]]
    if failed:
        result.update(_failure(failed, summary, result["msg"]))
    return result


def _failure(
    failed: Sequence[tuple[OneOfManyRun, Mapping[str, Any]]], summary: Mapping[str, int], msg: str
) -> dict[str, Any]:
    """Return what is told of failures: how many, and up to five different causes, those that were tried first."""
    ordered = [entry for _run, entry in sorted(failed, key=lambda pair: not pair[0].tried)]
    causes = list(dict.fromkeys(str(entry["msg"]) for entry in ordered))
    sums = [f"{summary['failed']} of {summary['total']} accounts"] if summary["failed"] else []
    sums += [f"{summary['resources_failed']} resources"] if summary["resources_failed"] else []
    told = causes if len(causes) == 1 else [f"({n}) {cause}" for n, cause in enumerate(causes[:MAX_CAUSES], 1)]
    if len(causes) > MAX_CAUSES:
        told.append(f"And {len(causes) - MAX_CAUSES} other causes; see accounts in the result.")
    text = f"{' and '.join(sums)} failed; {msg}. {' '.join(told)}"
    return {"failed": True, "failure": ordered[0]["failure"], "msg": text}


def _kind(run: OneOfManyRun) -> str:
    if run.outcome and run.outcome.get("failed"):
        return "failed"
    steps = run.thing.plan.steps
    return ACTIONS.get(steps[0].action, "updated") if steps else "unchanged"


def _one(run: OneOfManyRun) -> dict[str, Any]:
    """Return one object's result, with the same keys whatever happened."""
    outcome = {"failed": False, "verified": [], "unverified": [], **(run.outcome or {})}
    if outcome["failed"]:
        outcome.setdefault(run.thing.noun, run.thing.describe(None))
        if outcome["changed"] and run.thing.plan.changed:
            outcome["diff"] = run.thing.plan.diff()
    secrets = [value.reveal() for value in run.thing.wanted.settings.values() if isinstance(value, Secret)]
    return _without(secrets, outcome) if secrets else outcome


def _message(summary: Mapping[str, int], check_mode: bool) -> str:
    would = "would be " if check_mode else ""
    words = [f"{summary[kind]} {would}{kind}" for kind in ("created", "updated", "removed") if summary[kind]]
    words += [f"{summary['unchanged']} unchanged"] if summary["unchanged"] or not words else []
    for kind in ("created", "updated", "removed"):
        if summary[f"resources_{kind}"]:
            words.append(f"{summary[f'resources_{kind}']} resources {would}{kind}")
    return f"accounts: {', '.join(words)}"


def _without(secrets: Sequence[str], outcome: dict[str, Any]) -> dict[str, Any]:
    """Return *outcome* without the account's own secrets, which Ansible would have to look for in all accounts."""
    text = "\n".join(texts(outcome))
    if not give_away(text, secrets):
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
