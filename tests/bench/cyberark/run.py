# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-cyberark``: the same tasks by cyberark.pas and by this collection; requests, times, and each defect."""

from __future__ import annotations

import argparse
import json
import platform
import secrets
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from tabulate import tabulate

from ansible_collections.vaultops.pam.tests.bench.page import replace_part
from ansible_collections.vaultops.pam.tests.bench.world import Vault, vault

from .defects import DEFECTS
from .sides import OURS, SHIPPED, THEIRS, run_case
from .tasks import TASKS

SIDES = (THEIRS, OURS, SHIPPED)
COMMAND = "make bench-cyberark"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--peer", type=Path, required=True, help="folder of cyberark.pas")
    parser.add_argument("--runs", type=int, default=3, help="runs of each task, default 3; the median counts")
    parser.add_argument("--output", type=Path, default=Path("cyberark.json"), help="where the figures go, as JSON")
    parser.add_argument("--docs", type=Path, metavar="DIR", help="docs/docsite/rst: bring the page up to date")
    parser.add_argument("--only-docs", action="store_true", help="measure nothing, take the figures that are there")
    return parser.parse_args()


def _tasks(server: Vault, folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure the everyday tasks, the sides in turns."""
    rows = []
    for case in TASKS:
        walls: dict[str, list[float]] = {side: [] for side in SIDES}
        counts = {}
        for _run in range(runs):
            for side in SIDES:
                outcome = run_case(server, folder, case, side, secrets.token_urlsafe(12) + "-1aA")
                if outcome.failed:
                    raise SystemExit(f"{side} fails at '{case.title}': {outcome.output[-2000:]}")
                walls[side].append(outcome.wall)
                counts[side] = {"requests": len(outcome.journal), "writes": len(outcome.writes)}
        row = {side: {**counts[side], "wall": round(median(walls[side]), 4)} for side in SIDES}
        print(f"  {case.title}: {row}", flush=True)
        rows.append({"title": case.title, "sides": row})
    return rows


def _defects(server: Vault, folder: Path) -> list[dict[str, Any]]:
    """Play the case of each defect on both sides; the same judge looks at both."""
    rows = []
    for defect in DEFECTS:
        secret = secrets.token_urlsafe(12) + "-1aA"
        seen = {side: defect.judge(run_case(server, folder, defect.case, side, secret)) for side in (THEIRS, OURS)}
        print(f"  {defect.case.title}: {seen}", flush=True)
        rows.append({"title": defect.case.title, "seen": seen})
    return rows


def _tables(results: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts of the page."""
    tasks: Callable[[Mapping[str, Any]], list[str]] = lambda row: [  # noqa: E731
        row["title"],
        *(f"{row['sides'][side]['requests']}" for side in (THEIRS, OURS)),
        *(f"{row['sides'][side]['wall'] * 1000:.0f}" for side in SIDES),
    ]
    headers = ["task", "requests, theirs", "ours", "ms, theirs", "ours", "ours, shipped"]
    defects = [
        (row["title"], *(row["seen"][side] or "not seen" for side in (THEIRS, OURS))) for row in results["defects"]
    ]
    known = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    return {
        "versions": f"Measured with {known}; medians of {results['runs']} runs.",
        "tasks": tabulate([tasks(row) for row in results["tasks"]], headers, tablefmt="rst", disable_numparse=True),
        "defects": tabulate(defects, ["what goes wrong", THEIRS, OURS], tablefmt="rst", maxcolwidths=[36, 44, 16]),
    }


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    manifest = json.loads((given.peer / "MANIFEST.json").read_text(encoding="utf-8"))
    versions = {
        THEIRS: manifest["collection_info"]["version"],
        "ansible-core": version("ansible-core"),
        "requests": version("requests"),
        "Python": platform.python_version(),
    }
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, vault("pvwa_standin") as server:
        tasks, defects = _tasks(server, Path(folder), given.runs), _defects(server, Path(folder))
    return {"versions": versions, "runs": given.runs, "tasks": tasks, "defects": defects}


def main() -> None:
    """Measure, print, write; fail when our side shows one of the defects."""
    given = _options()
    if not given.only_docs:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(json.dumps(_measure(given), indent=1) + "\n", encoding="utf-8")
    results = json.loads(given.output.read_text(encoding="utf-8"))
    parts = _tables(results)
    print("\n" + "\n\n".join(parts.values()))
    if given.docs:
        for name, content in parts.items():
            replace_part(given.docs / "cyberark_head_to_head.rst", name, COMMAND, content)
    ours = [row["title"] for row in results["defects"] if row["seen"][OURS]]
    if ours:
        raise SystemExit(f"Our side shows: {'; '.join(ours)}")


if __name__ == "__main__":
    main()
