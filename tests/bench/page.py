# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the pages of the documentation up to date: what stands between two marks comes from the figures."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import picture, tables

BEGIN = ".. begin: {name} (made by {command})"
END = ".. end: {name}"


def replace_part(path: Path, name: str, command: str, content: str) -> None:
    """Put *content* between the marks of that name; raise ValueError where they are missing."""
    text = path.read_text(encoding="utf-8")
    begin, end = BEGIN.format(name=name, command=command), END.format(name=name)
    before, there, rest = text.partition(begin + "\n")
    _old, ends, after = rest.partition(end)
    if not there or not ends:
        raise ValueError(f"{path} has no part '{begin}'")
    path.write_text(f"{before}{begin}\n\n{content.strip()}\n\n{end}{after}", encoding="utf-8")


def _versions(results: Mapping[str, Any]) -> str:
    known = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    machine = results["machine"]
    return (
        f"Medians of {results['runs']} runs with {known}, on a machine with {machine['cores']} cores under "
        f"{machine['system']}, shared by the stand-in and what is measured."
    )


def update(folder: Path, results: Mapping[str, Any]) -> None:
    """Write what a reader asks for into ``benchmarks.rst``, its pictures, and all figures into ``figures.rst``.

    Parts that were not measured stay as they are.

    :param folder: ``docs/docsite/rst`` of the checkout.
    """
    figures, command = folder.parents[2] / "tests" / "bench" / "figures.rst", "make bench"
    parts: dict[str, str] = {}
    if results.get("ways"):
        about = {"machine": textwrap.fill(_versions(results), 120), "answers": tables.answers(results)}
        about |= {"one task": tables.singles(results), "memory": tables.memory(results)}
        for name, content in about.items():
            replace_part(folder / "benchmarks.rst", name, command, content)
        (folder / "images" / "benchmarks.svg").write_text(picture.draw(results), encoding="utf-8")
        parts = {"goals": tables.goals(results)}
        for shape in tables.SHAPES:
            for run in tables.RUNS:
                parts[f"{shape} {run}"] = tables.compared(results, shape, run)
    if results.get("roles"):
        parts["roles"], parts["role goals"] = tables.growth(results), tables.role_goals(results)
    for name, content in parts.items():
        replace_part(figures, name, command, content)
