# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary that a role ends with: counts for machines, few aligned lines for people. Internal to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# In the order in which they are told.
OUTCOMES = ("created", "updated", "rotated", "finished", "removed", "adopted", "not_due", "unchanged", "failed")
QUIET = ("not_due", "unchanged")  # what needs no line of its own
MAX_LINES = 20  # hosts with a line of their own; the rest is one line
Row = Mapping[str, Any]


def role_summary(
    rows: Sequence[Row], unsent: Iterable[str] = (), earlier: Mapping[str, Any] | None = None, check_mode: bool = False
) -> dict[str, Any]:
    """Return what became of accounts and resources, as ``stats``, the value for ``set_stats``, and ``lines``.

    :param rows: one for each account or resource: ``host``, ``name``, ``outcome`` (one of OUTCOMES), and ``msg`` where
        it failed.
    :param unsent: settings that were not sent and that the vault does not show.
    :param earlier: ``stats`` of an earlier call of the same run, such as of another batch of hosts. They are added up.
    :raises ValueError: for a row of another shape.
    """
    hosts: dict[str, Counter[str]] = {}
    for row in rows:
        if row.get("outcome") not in OUTCOMES or not isinstance(row.get("host"), str):
            raise ValueError(f"a row needs a host, and an outcome that is one of {', '.join(OUTCOMES)}")
        hosts.setdefault(row["host"], Counter())[row["outcome"]] += 1
    counts = sum(hosts.values(), Counter())
    failures = [row for row in rows if row["outcome"] == "failed"]
    failed = [{key: str(row.get(key, "")) for key in ("host", "name", "msg")} for row in failures]
    hidden = sorted(set(unsent))
    stats = {
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "hosts": {name: _counted(found) for name, found in hosts.items() if set(found) - set(QUIET)},
        "failed": failed,
        "not_sent": hidden,
        "check_mode": check_mode,
    }
    return {"lines": _lines(hosts, counts, failed, hidden), "stats": _added(stats, earlier or {})}


def _counted(found: Mapping[str, int]) -> dict[str, int]:
    return {outcome: found[outcome] for outcome in OUTCOMES if found.get(outcome)}


def _words(found: Mapping[str, int]) -> list[str]:
    return [f"{number} {outcome.replace('_', ' ')}" for outcome, number in _counted(found).items()]


def _lines(
    hosts: Mapping[str, Counter[str]], counts: Counter[str], failed: Sequence[Row], hidden: Sequence[str]
) -> list[str]:
    """Return the sums, a line for each host where something happened, the failures, and what nobody can see."""
    number = len(hosts)
    lines = [f"{number} host{'s' if number != 1 else ''}: {', '.join(_words(counts)) or 'nothing declared'}"]
    loud = {name: found for name, found in hosts.items() if set(found) - set(QUIET)}
    if number > 1:
        lines += _table(dict(list(loud.items())[:MAX_LINES]))
        rest = list(loud.values())[MAX_LINES:]
        if rest:
            lines.append(f"{len(rest)} more hosts: {', '.join(_words(sum(rest, Counter())))}")
    lines += [f"{row['host']}, {row['name']}: {row['msg']}" for row in failed[:MAX_LINES]]
    if len(failed) > MAX_LINES:
        lines.append(f"{len(failed) - MAX_LINES} more failures")
    if hidden:
        lines.append(f"not sent, and not shown by the vault: {', '.join(hidden)}")
    return lines


def _table(hosts: Mapping[str, Counter[str]]) -> list[str]:
    """Return a line for each host, with its counts in columns."""
    columns = [outcome for outcome in OUTCOMES if any(found[outcome] for found in hosts.values())]
    widths = [max(len(str(found[outcome])) for found in hosts.values()) for outcome in columns]
    first = max(map(len, hosts), default=0)
    lines = []
    for name, found in hosts.items():
        cells = [
            f"{found[outcome] or '-':>{width}} {outcome.replace('_', ' ')}" for outcome, width in zip(columns, widths)
        ]
        lines.append(f"{name:<{first}}  {'  '.join(cells)}")
    return lines


def _added(stats: dict[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sum of two parts of a run."""
    if not earlier:
        return stats
    counts = Counter(stats["counts"]) + Counter(earlier["counts"])
    names = [*earlier["hosts"], *(name for name in stats["hosts"] if name not in earlier["hosts"])]
    both = {name: Counter(earlier["hosts"].get(name, {})) + Counter(stats["hosts"].get(name, {})) for name in names}
    return {
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "hosts": {name: _counted(found) for name, found in both.items()},
        "failed": [*earlier["failed"], *stats["failed"]],
        "not_sent": sorted({*earlier["not_sent"], *stats["not_sent"]}),
        "check_mode": stats["check_mode"],
    }
