# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures in words: tables as text that is reStructuredText as well, and how they stand against the goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tabulate import tabulate

from .roles import WORKS
from .ways import SINGLES, TITLES

Results = Mapping[str, Any]
Row = Mapping[str, Any]
SHAPES = {
    "fleet": "three accounts on each resource",
    "one": "all accounts on one resource",
    "distant": "three accounts on each resource, 20 ms for an answer",
}
RUNS = {"again": "Nothing to do", "first": "All accounts are new"}
NEAR_THE_FLOOR = 1.5
FASTER_THAN_URI = 100
SHARE_OF_URI = 0.2
ONE_TASK_MS = 60
PEAK_MB = 200
TO_ONE_TASK = 3
MS_PER_HOST = 20
TO_GIVEN_ACCOUNTS = 2
ROLES_PEAK_MB = 300
ANSWERED = ("bulk", "loop", "uri")  # ways that the page itself compares
MINUTE, HOUR = 60, 3_600
FROM = 1_000  # accounts from which on the goals for many count


def _cells(value: float, digits: int = 3) -> str:
    """Return a number with three digits that count, without an exponent."""
    if value >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits - 2}f}" if value >= 10 else f"{value:.{digits}g}"


def _table(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> str:
    return tabulate(rows, headers=headers, tablefmt="rst", disable_numparse=True)


def find(results: Results, **known: object) -> Row | None:
    """Return the row of ``ways`` that has these values."""
    return next((row for row in results["ways"] if all(row[key] == known[key] for key in known)), None)


def _per_account(row: Row) -> float:
    """Return milliseconds for one account."""
    return float(row["wall"]) * 1000 / int(row["accounts"])


def compared(results: Results, shape: str, run: str) -> str:
    """Return the table of all ways for one shape of fleet."""
    rows = []
    for row in results["ways"]:
        if (row["shape"], row["run"]) != (shape, run):
            continue
        floor = find(results, shape=shape, run=run, size=row["size"], way="floor")
        ratio = _cells(_per_account(row) / _per_account(floor)) if floor else ""
        rows.append(
            (
                f"{row['size']:,}",
                TITLES[row["way"]],
                f"{row['accounts']:,}",
                f"{row['requests']:,}",
                f"{row['writes']:,}",
                _cells(row["wall"]),
                _cells(_per_account(row)),
                _cells(row["cpu"]),
                ratio,
            )
        )
    headers = ("accounts", "way", "handled", "requests", "writes", "seconds", "ms each", "CPU seconds", "to the floor")
    return _table(rows, headers)


def _words(seconds: float) -> str:
    """Return how long something takes, in the unit that fits."""
    if seconds < 2 * MINUTE:
        return f"{_cells(seconds, 2)} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def answers(results: Results) -> str:
    """Return how long a run takes by the three ways that people choose between, with three accounts on a resource."""
    rows = []
    for run, words in RUNS.items():
        for size in sorted({row["size"] for row in results["ways"] if row["shape"] == "fleet"}):
            found = [find(results, shape="fleet", run=run, size=size, way=way) for way in ANSWERED]
            times = [_words(_per_account(row) * size / 1000) if row else "" for row in found]
            requests = f"{found[0]['requests']:,}" if found[0] else ""
            rows.append((f"{size:,}", words.lower(), *times, requests))
    titles = [TITLES[way].partition(",")[0] for way in ANSWERED]
    return _table(rows, ("accounts", "in the vault", *titles, f"requests of {titles[0]}"))


def singles(results: Results) -> str:
    """Return the table of what one task costs."""
    rows = [
        (
            SINGLES[row["task"]][0],
            "yes" if row["tls"] else "no",
            f"{row['requests']:g}",
            _cells(row["wall"] * 1000),
            _cells(row["cpu"] * 1000),
        )
        for row in results["singles"]
    ]
    return _table(rows, ("task", "TLS", "requests", "ms", "CPU ms"))


def memory(results: Results) -> str:
    """Return the table of the most memory that each process had."""
    kinds = ("controller", "worker", "module")
    rows = [
        (
            f"{row['size']:,}",
            TITLES[row["way"]],
            *(_cells(row["peaks"].get(kind, 0)) if row["peaks"].get(kind) else "" for kind in kinds),
        )
        for row in results["memory"]
    ]
    return _table(rows, ("accounts", "way", *(f"{kind}, MB" for kind in kinds)))


def goals(results: Results) -> str:
    """Return the goals, the figures, and whether they are met."""
    return _judged([*_goals_for_many(results), *_goals_for_one(results)])


def _judged(goals_met: Iterable[tuple[str, str, bool]]) -> str:
    rows = [(goal, figure, "yes" if met else "no") for goal, figure, met in goals_met]
    return _table(rows, ("goal", "measured", "met"))


def roles(results: Results) -> str:
    """Return the table of what the roles cost."""
    rows = [
        (
            f"{row['hosts']:,}",
            WORKS[row["work"]].title,
            _cells(row["cpu"]),
            _cells(row["cpu"] * 1000 / row["hosts"]),
            f"{row['requests']:,.0f}",
            _cells(row["peak"]),
        )
        for row in results["roles"]
    ]
    return _table(rows, ("hosts", "work", "CPU seconds", "ms a host", "requests", "MB"))


def role_goals(results: Results) -> str:
    """Return the goals of the roles, as ratios within one run."""
    return _judged(_goals_of_roles(results["roles"]))


def _goals_of_roles(rows: Sequence[Row]) -> Iterable[tuple[str, str, bool]]:
    cpu = {(row["work"], row["hosts"]): float(row["cpu"]) for row in rows}
    most = max((row["hosts"] for row in rows), default=0)

    def ratio(work: str, other: str, hosts: int) -> float:
        return cpu[work, hosts] / cpu[other, hosts]

    if not rows:
        return
    times = ratio("onboard", "accounts", most)
    yield f"``onboard_hosts`` at most {TO_ONE_TASK} times one task: {most:,} hosts", _cells(times), times <= TO_ONE_TASK
    each = cpu["onboard", most] * 1000 / most
    yield f"at most {MS_PER_HOST} ms a host: {most:,} hosts", f"{_cells(each)} ms", each <= MS_PER_HOST
    for hosts in sorted({row["hosts"] for row in rows if row["work"] == "own"})[1:]:
        times = ratio("own", "four", hosts)
        yield f"in a play of one's own no more than four empty tasks: {hosts:,} hosts", _cells(times), times <= 1
    times = ratio("report", "report_accounts", most)
    yield (
        f"report over hosts at most {TO_GIVEN_ACCOUNTS} times that over accounts: {most:,} hosts",
        _cells(times),
        times <= TO_GIVEN_ACCOUNTS,
    )
    hosts = max(row["hosts"] for row in rows if row["work"] == "one")
    times = ratio("error", "one", hosts)
    yield f"an error no later than one empty task: {hosts:,} hosts", _cells(times), times <= 1
    times = ratio("error", "start", most)
    yield f"an error in the time of a play without tasks: {most:,} hosts", _cells(times), times <= 1
    peak = max(row["peak"] for row in rows)
    yield f"at most {ROLES_PEAK_MB} MB in one process", f"{_cells(peak)} MB", peak <= ROLES_PEAK_MB


def growth(results: Results) -> str:
    """Return how the cost of a host changes with the number of hosts."""
    works = list(dict.fromkeys(row["work"] for row in results["roles"]))
    sizes = sorted({row["hosts"] for row in results["roles"]})
    each = {(row["work"], row["hosts"]): row["cpu"] * 1000 / row["hosts"] for row in results["roles"]}
    rows = [(WORKS[work].title, *(_cells(each[work, n]) if (work, n) in each else "" for n in sizes)) for work in works]
    return _table(rows, ("ms a host", *(f"{n:,} hosts" for n in sizes)))


def _goals_for_many(results: Results) -> Iterable[tuple[str, str, bool]]:
    for bulk in results["ways"]:
        if bulk["way"] != "bulk" or bulk["size"] < FROM:
            continue
        same = {key: bulk[key] for key in ("shape", "run", "size")}
        place = f"{bulk['size']:,} accounts, {SHAPES[bulk['shape']]}, {RUNS[bulk['run']].lower()}"
        for name, words in (("floor", "same threads"), ("floor_serial", "one after the other")):
            floor = find(results, **same, way=name)
            if floor:
                ratio = bulk["wall"] / floor["wall"]
                yield (
                    f"at most {NEAR_THE_FLOOR} times the floor, {words}: {place}",
                    _cells(ratio),
                    ratio <= NEAR_THE_FLOOR,
                )
        uri = find(results, **same, way="uri")
        if uri:
            ratio = _per_account(uri) / _per_account(bulk)
            yield f"{FASTER_THAN_URI} times faster than ``uri``: {place}", _cells(ratio), ratio >= FASTER_THAN_URI
    for row in results["memory"]:
        kind = "worker" if row["way"] == "bulk" else "module"
        if row["size"] >= FROM and kind in row["peaks"]:
            peak = row["peaks"][kind]
            yield f"at most {PEAK_MB} MB in the {kind}: {row['size']:,} accounts", f"{_cells(peak)} MB", peak <= PEAK_MB


def _goals_for_one(results: Results) -> Iterable[tuple[str, str, bool]]:
    tasks = {(row["task"], row["tls"]): row["wall"] * 1000 for row in results["singles"]}
    if not tasks:
        return
    for tls in (True, False):
        uri, words = tasks["uri", tls], "TLS" if tls else "no TLS"
        shipped, here = tasks["account_shipped", tls], tasks["account", tls]
        yield (
            f"a shipped module no slower than ``uri``, {words}",
            f"{_cells(shipped)} to {_cells(uri)} ms",
            shipped <= uri,
        )
        if not tls:
            yield f"one task at most {ONE_TASK_MS} ms, {words}", f"{_cells(here)} ms", here <= ONE_TASK_MS
        yield f"one task at most a fifth of ``uri``, {words}", _cells(here / uri), here <= uri * SHARE_OF_URI


def report(results: Results) -> str:
    """Return all tables with their headings, for the terminal."""
    ways = results.get("ways", ())
    parts = [
        f"{RUNS[run]}; {SHAPES[shape]}\n\n{compared(results, shape, run)}"
        for shape in SHAPES
        for run in RUNS
        if any((row["shape"], row["run"]) == (shape, run) for row in ways)
    ]
    if results.get("singles"):
        parts.append(f"One task\n\n{singles(results)}")
    if results.get("memory"):
        parts.append(f"Memory\n\n{memory(results)}")
    if results.get("roles"):
        parts += [f"Roles\n\n{roles(results)}", growth(results), f"Goals of the roles\n\n{role_goals(results)}"]
    return "\n" + "\n\n".join([*parts, *([f"Goals\n\n{goals(results)}"] if ways else [])]) + "\n"
