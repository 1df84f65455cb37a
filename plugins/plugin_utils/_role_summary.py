# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary that a role ends with: counts for machines, few aligned lines for people. Internal to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# In the order in which they are told.
OUTCOMES = (
    "created",
    "updated",
    "rotated",
    "verified",
    "finished",
    "removed",
    "adopted",
    "not_due",
    "unchanged",
    "failed",
)
QUIET = ("not_due", "unchanged")  # what needs no line of its own
FEW = 3  # lines that fit into one text
NO_FIELD = "has no custom field"  # of the warning that settings cannot be tracked
MAX_LINES = 20  # hosts with a line of their own; the rest is one line
Row = Mapping[str, Any]


def role_summary(
    rows: Sequence[Row],
    unsent: Iterable[str] = (),
    earlier: Row | Sequence[Row] | None = None,
    check_mode: bool = False,
    notes: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what became of accounts and resources: ``stats``, the value for ``set_stats``; ``lines``; ``text``.

    ``text`` is the lines for a task that shows a message: one text if they are few. It is in ``stats`` too.

    :param rows: one for each account or resource: ``host``, ``name``, ``outcome`` (one of OUTCOMES), and ``msg`` where
        it failed.
    :param unsent: settings that were not sent and that the vault does not show.
    :param earlier: ``stats`` of earlier calls of the same run, such as for other batches of hosts. As each has added up
        those before it, the last one counts, and all of it is told.
    :param notes: sentences about what was not done.
    :raises ValueError: for a row of another shape.
    """
    hosts: dict[str, Counter[str]] = {}
    failed: dict[str, list[str]] = {}
    for row in rows:
        if row.get("outcome") not in OUTCOMES or not isinstance(row.get("host"), str):
            raise ValueError(f"a row needs a host, and an outcome that is one of {', '.join(OUTCOMES)}")
        hosts.setdefault(row["host"], Counter())[row["outcome"]] += 1
        if row["outcome"] == "failed":
            failed.setdefault(row["host"], []).append(f"{row['name']}: {row.get('msg', '')}")
    counts = sum(hosts.values(), Counter())
    stats = {
        "number_of_hosts": len(hosts),
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "hosts": {name: _counted(found) for name, found in hosts.items() if set(found) - set(QUIET)},
        "failed": failed,
        "not_sent": sorted(set(unsent)),
        "notes": list(notes),
        "check_mode": check_mode,
    }
    before = [earlier] if isinstance(earlier, Mapping) else [*(earlier or ())]
    if before:
        stats = _added(stats, max(before, key=lambda each: sum(each["counts"].values())))
    lines = _lines(stats)
    text = "; ".join(lines) if len(lines) <= FEW else lines
    return {"lines": lines, "text": text, "stats": {**stats, "text": text}}


def account_summary(
    results: Sequence[Row],
    report: Row,
    planned: Row | None = None,
    earlier: Sequence[Row] = (),
    check_mode: bool = False,
    done: Sequence[Row] = (),
) -> dict[str, Any]:
    """Return the summary of what modules have done, by :func:`account_rows` and :func:`step_rows`."""
    found = account_rows(results, report, planned or {})
    stepped = step_rows(done)
    notes = [f"nothing is declared for {listed(report['empty'])}"] if report["empty"] else []
    rows, unsent = ([*found[key], *stepped[key]] for key in ("rows", "unsent"))
    return role_summary(rows, unsent, earlier, check_mode, notes)


def listed(names: Sequence[str]) -> str:
    """Return names in words, and of many the first ones."""
    more = f" and {len(names) - MAX_LINES} more" if len(names) > MAX_LINES else ""
    return ", ".join(names[:MAX_LINES]) + more


def account_rows(results: Sequence[Row], report: Row, planned: Row) -> dict[str, Any]:
    """Return ``rows`` for :func:`role_summary` and ``unsent``, from what modules have returned.

    :param results: of ``pam360_accounts``, one for each of the report's calls.
    :param report: as the filter ``onboarding`` returns it: ``hosts``, each with ``resource`` and ``policy``, ``calls``
        and ``pending``, accounts that belong to rotations.
    :param planned: ``calls`` and ``results`` of ``pam360_accounts`` in check mode. What it has said of an account
        counts where nothing was to be written.
    """
    sharing: dict[str, list[str]] = {}
    for name, about in report["hosts"].items():
        if about.get("vault") != "cyberark":
            sharing.setdefault(about["resource"], []).append(name)
    # Hosts that share a resource are told under its name.
    names = {resource: found[0] if len(found) == 1 else resource for resource, found in sharing.items()}
    policies = {about["resource"]: about["policy"] for about in report["hosts"].values()}
    rows: dict[tuple[str, str], dict[str, str]] = {}
    unsent: dict[tuple[str, str], Sequence[str]] = {}
    for call, result in (
        *zip(planned.get("calls", ()), planned.get("results", ())),
        *zip(report["calls"], results),
    ):
        if result.get("failed") and "accounts" not in result:  # as a whole
            rows.update({(host, ""): row_of(host, "accounts", result) for host in call["hosts"]})
        untracked = any(NO_FIELD in str(text) for text in result.get("warnings") or ())
        for entry in result.get("accounts", ()):
            resource, name = str(entry["account"]["resource"]), str(entry["account"]["name"])
            if name not in report["pending"]:
                rows[resource, name] = row_of(names.get(resource, resource), name, entry)
                unsent[resource, name] = _unsent(entry, policies.get(resource, ""), untracked)
        for entry in result.get("resources", ()):
            resource = str(entry["resource"]["name"])
            if entry.get("changed") or entry.get("failed"):
                rows[resource, ""] = row_of(names.get(resource, resource), "resource", entry)
    hidden = {setting for settings in unsent.values() for setting in settings}
    return {"rows": list(rows.values()), "unsent": sorted(hidden)}


def step_rows(done: Sequence[Row]) -> dict[str, Any]:
    """Return ``rows`` and ``unsent`` of steps for CyberArk, from the results of loops over them.

    Each is told of its first host; a failure of all hosts that it is about.
    """
    rows: dict[tuple[str, str], dict[str, str]] = {}
    unsent: set[str] = set()
    for result in done:
        if result.get("skipped"):
            continue
        step = result[result["ansible_loop_var"]]
        key, host = step["key"], step["leader"]
        if result.get("failed"):
            rows.update({(key, name): row_of(name, step["label"], result) for name in step["hosts"]})
        elif step["kind"] == "account":
            rows[key, host] = row_of(host, step["label"], result)
            if not result.get("changed"):
                unsent.update("password" if option == "secret" else option for option in result["unverified"])
        elif result.get("changed") and step["kind"] == "verification":
            rows[key, host] = {"host": host, "name": step["label"], "outcome": "verified"}
            account = (step["needs"][0], host)  # counts once, unless more was done to it
            if rows[account]["outcome"] == "unchanged":
                del rows[account]
        elif result.get("changed"):
            rows[key, host] = row_of(host, step["label"], result)
    return {"rows": list(rows.values()), "unsent": sorted(unsent)}


def _unsent(entry: Row, policy: str, untracked: bool) -> Sequence[str]:
    """Return the settings of an account that cannot be seen, and go along with a change only that did not come."""
    along = policy == "on_edit" or (policy == "auto" and untracked)
    quiet = not entry["changed"] and entry["account"]["state"] == "present"
    return entry["unverified"] if along and quiet else ()


def row_of(host: str, name: str, result: Row) -> dict[str, str]:
    """Return a row for :func:`role_summary`, from the result of a module."""
    if result.get("failed"):
        return {"host": host, "name": name, "outcome": "failed", "msg": str(result.get("msg", ""))}
    return {"host": host, "name": name, "outcome": _outcome(result)}


def _outcome(result: Row) -> str:
    if result.get("adopted"):
        return "adopted"
    if not result.get("changed"):
        return "unchanged"
    states = [(result.get("diff") or {}).get(side, {}).get("state") for side in ("before", "after")]
    return {"present": "created", "absent": "removed"}.get(str(states[1]), "updated") if any(states) else "updated"


def _counted(found: Mapping[str, int]) -> dict[str, int]:
    return {outcome: found[outcome] for outcome in OUTCOMES if found.get(outcome)}


def _words(found: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {outcome.replace('_', ' ')}" for outcome, number in _counted(found).items())


def _lines(stats: Row) -> list[str]:
    """Return the sums, a line for each host where something happened, the failures, and what nobody can see."""
    number, hosts, failed = (stats[key] for key in ("number_of_hosts", "hosts", "failed"))
    lines = [f"{number} host{'s' if number != 1 else ''}: {_words(stats['counts']) or 'nothing'}"]
    if number > 1:
        lines += _table(dict(list(hosts.items())[:MAX_LINES]))
        rest = [Counter(found) for found in list(hosts.values())[MAX_LINES:]]
        if rest:
            lines.append(f"{len(rest)} more hosts: {_words(sum(rest, Counter()))}")
    failures = [f"{host}, {message}" for host, messages in failed.items() for message in messages]
    lines += failures[:MAX_LINES]
    if len(failures) > MAX_LINES:
        lines.append(f"{len(failures) - MAX_LINES} more failures")
    lines += stats["notes"]
    if stats["not_sent"]:
        lines.append(f"not sent, and not shown by the vault: {', '.join(stats['not_sent'])}")
    return lines


def _table(hosts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return a line for each host, with its counts in columns."""
    columns = [outcome for outcome in OUTCOMES if any(outcome in found for found in hosts.values())]
    widths = [max(len(str(found.get(outcome, 0))) for found in hosts.values()) for outcome in columns]
    first = max(map(len, hosts), default=0)
    lines = []
    for name, found in hosts.items():
        cells = [
            f"{found.get(outcome, '-'):>{width}} {outcome.replace('_', ' ')}" for outcome, width in zip(columns, widths)
        ]
        lines.append(f"{name:<{first}}  {'  '.join(cells)}")
    return lines


def _added(stats: Row, earlier: Row) -> dict[str, Any]:
    """Return the sum of two parts of a run."""
    counts: Counter[str] = Counter(stats["counts"]) + Counter(earlier["counts"])
    names = [*earlier["hosts"], *(name for name in stats["hosts"] if name not in earlier["hosts"])]
    both = {name: Counter(earlier["hosts"].get(name, {})) + Counter(stats["hosts"].get(name, {})) for name in names}
    failed = {name: [*earlier["failed"].get(name, ()), *messages] for name, messages in stats["failed"].items()}
    return {
        "number_of_hosts": earlier["number_of_hosts"] + stats["number_of_hosts"],
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "hosts": {name: _counted(found) for name, found in both.items()},
        "failed": {**earlier["failed"], **failed},
        "not_sent": sorted({*earlier["not_sent"], *stats["not_sent"]}),
        "notes": list(dict.fromkeys([*earlier["notes"], *stats["notes"]])),
        "check_mode": stats["check_mode"],
    }
