# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: all ways side by side in one run, medians, tables, JSON, and with ``--docs`` the page and picture."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import page, roles
from .floor import recorded, replay
from .measure import medians, play, run_way, variables_for
from .tables import report
from .ways import BULK, BULK_SHIPPED, FLOORS, SINGLES, URI_SKIPS, WAYS, Way
from .world import Fleet, Vault, seed, vault

SIZES = (10, 100, 1_000, 10_000)
QUICK = (10, 100)
SHAPES = {"fleet": 3, "one": 0, "distant": 3}  # accounts of one resource; 0: all
ONE = 1_000  # of the sizes, the largest up to this is measured in the other shapes too
DELAY = 0.02  # seconds that a distant vault takes longer to answer; what is usual is not known
SLOW = 1_000  # ways that take fewer accounts than this take still fewer with --quick
PACKAGES = ("ansible-core", "requests", "urllib3")
COUNTS = ("accounts", "requests", "writes", "operations")
FIGURES = ("wall", "cpu", "server_cpu")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small fleets, one run, few accounts for the slow ways")
    parser.add_argument("--sizes", type=int, nargs="+", help=f"accounts, default {' '.join(map(str, SIZES))}")
    parser.add_argument("--runs", type=int, help="runs of each way, default 3; the median counts")
    parser.add_argument("--ways", nargs="+", choices=[way.name for way in WAYS], help="only these ways, and the floor")
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    parser.add_argument("--no-singles", action="store_true", help="leave out what one task costs")
    parser.add_argument("--no-roles", action="store_true", help="leave out what the roles cost")
    parser.add_argument("--only-roles", action="store_true", help="nothing but what the roles cost")
    parser.add_argument("--output", type=Path, default=Path("results.json"), help="where the figures go, as JSON")
    parser.add_argument(
        "--docs", type=Path, metavar="DIR", help="docs/docsite/rst: bring the page and its picture up to date"
    )
    parser.add_argument("--only-docs", action="store_true", help="measure nothing, take the figures that are there")
    given = parser.parse_args()
    given.sizes = given.sizes or (QUICK if given.quick else SIZES)
    given.runs = given.runs or (1 if given.quick else 3)
    return given


def _ways(given: argparse.Namespace, shape: str, first: bool) -> Iterator[Way]:
    """Yield the ways to run; what is new cannot be skipped, and with a distant vault all is said by one."""
    for way in WAYS:
        wanted = way.name in given.ways if given.ways else way is BULK or shape != "distant"
        if wanted and not (first and way.name == URI_SKIPS.name):
            yield replace(way, limit=min(way.limit, 12)) if given.quick and way.limit < SLOW else way


def _compare(
    given: argparse.Namespace, server: Vault, folder: Path, shape: str, size: int, first: bool
) -> Iterator[dict[str, Any]]:
    """Measure all ways for one fleet, in turns, so that a busy moment of the machine hits them all."""
    fleet = Fleet(size, SHAPES[shape])
    server.delay = DELAY if shape == "distant" else 0
    about = {"shape": shape, "size": size, "run": "first" if first else "again"}
    runs: dict[str, list[dict[str, Any]]] = {}
    for turn in range(given.runs):
        for way in _ways(given, shape, first):
            told = run_way(server, folder, way, fleet, first=first)
            journal = told.pop("journal")
            runs.setdefault(way.name, []).append(told)
            print(
                f"  {shape} {size} {about['run']:5} {turn + 1}/{given.runs} {way.name:13} "
                f"{told['accounts']:6} accounts {told['wall']:8.2f} s "
                f"{told['requests']:6} requests {told['writes']:5} writes",
                flush=True,
            )
            if way.name == BULK.name:
                _floors(server, fleet, journal, runs, first)
    for name, all_runs in runs.items():
        last = all_runs[-1]
        constant: dict[str, Any] = {key: last[key] for key in COUNTS if key in last}
        yield {**about, "way": name, **constant, **medians(all_runs, *FIGURES)}


def _floors(
    server: Vault, fleet: Fleet, journal: list[dict[str, Any]], runs: dict[str, list[dict[str, Any]]], first: bool
) -> None:
    """Send the same requests barely, each time to a vault in the same state."""
    sent = recorded(journal)
    for way in FLOORS:
        server.load(seed([] if first else fleet.accounts()))
        before = server.processor_time()
        told = replay(server, sent, way.threads)
        used = server.processor_time() - before
        counts = {"accounts": fleet.size, "requests": len(sent), "writes": sum(entry["write"] for entry in journal)}
        runs.setdefault(way.name, []).append({**counts, **told, "server_cpu": used})


def _memory(given: argparse.Namespace, server: Vault, folder: Path) -> Iterator[dict[str, Any]]:
    """Measure memory in runs of their own, as looking at it costs time."""
    for size in given.sizes:
        for way in (BULK, BULK_SHIPPED):
            told = run_way(server, folder, way, Fleet(size, SHAPES["fleet"]), first=False, memory=True)
            peaks = {kind: round(peak, 1) for kind, peak in told["peaks"].items()}
            print(f"  memory {size} {way.name:13} {peaks}", flush=True)
            yield {"way": way.name, "size": size, "peaks": peaks}


def _singles(given: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Measure what one task costs, with and without TLS."""
    count = 5 if given.quick else 20
    for tls in (True, False):
        with vault(tls=tls) as server:
            for name, (_title, task, extra) in SINGLES.items():
                accounts = Fleet(3, 3).accounts()
                server.load(seed(accounts))
                resource_id = server.door("GET", "state")["resources"][0]["id"]
                variables = variables_for(server, BULK, accounts, first=False)
                more = {"bench_task": task, "bench_count": count, "bench_resource_id": resource_id}
                told = play(server, folder, "single.yml", {**variables, **more, **extra})
                runs = [item for item in told["tasks"] if item["name"].endswith("Task")]
                requests = len(server.journal()) / len(runs)
                middle = medians(runs, "wall")
                print(
                    f"  one task, {'TLS' if tls else 'plain':5} {name:16} {middle['wall'] * 1000:6.0f} ms", flush=True
                )
                cpu = round(told["cpu"] / len(runs), 5)
                yield {"task": name, "tls": tls, "requests": requests, "count": len(runs), "cpu": cpu, **middle}


def _roles(given: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Measure what the roles cost, without TLS, as they are compared with tasks that do nothing."""
    with vault(tls=False) as server:
        yield from roles.measure(roles.QUICK if given.quick else roles.SIZES, given.runs, server, folder)


def _sizes(given: argparse.Namespace, shape: str) -> list[int]:
    return list(given.sizes) if shape == "fleet" else [max((size for size in given.sizes if size <= ONE), default=ONE)]


def _measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure everything that was asked for."""
    results: dict[str, Any] = {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"cores": len(os.sched_getaffinity(0)), "system": platform.system(), "load": os.getloadavg()[0]},
        "runs": given.runs,
    }
    results["roles"] = [] if given.no_roles else list(_roles(given, folder))
    if given.only_roles:
        return results
    results["singles"] = [] if given.no_singles else list(_singles(given, folder))
    with vault() as server:
        results["ways"] = [
            row
            for shape in given.shapes
            for size in _sizes(given, shape)
            for first in (False, True)
            for row in _compare(given, server, folder, shape, size, first)
        ]
        server.delay = 0
        results["memory"] = list(_memory(given, server, folder))
    return results


def main() -> None:
    """Measure, print, write."""
    given = _options()
    if not given.only_docs:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:  # 0700
            results = _measure(given, Path(folder))
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = json.loads(given.output.read_text(encoding="utf-8"))
    print(report(results))
    if given.docs:
        page.update(given.docs, results)


if __name__ == "__main__":
    main()
