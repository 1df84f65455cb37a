# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the page, light and dark in one: how the time of each way grows with the number of accounts."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

# Names without markup, in the order of the legend: slow to fast.
LINES = {
    "uri": ("uri tasks", "#c62828", "o"),
    "loop_shipped": ("loop over pam360_account, shipped", "#ef6c00", "s"),
    "loop": ("loop over pam360_account", "#f9a825", "D"),
    "bulk_shipped": ("pam360_accounts, shipped", "#1565c0", "^"),
    "bulk": ("pam360_accounts", "#2e7d32", "v"),
    "floor": ("bare requests.Session, 8 threads", "#607d8b", "."),
}
IDENT = "bench-picture"
TITLE = "Time for one account, by way and by number"
DARK = """<style>@media (prefers-color-scheme:dark){
text{fill:#e6edf3!important}
[style*="fill: #ffffff"]{fill:#161b22!important}
[style*="stroke: #000000"]{stroke:#e6edf3!important}
[style*="stroke: #b0b0b0"]{stroke:#46515c!important}
}</style>"""
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": IDENT, "font.family": "sans-serif", "font.size": 9})


def draw(results: Mapping[str, Any]) -> str:
    """Return the picture as SVG; ways that took fewer accounts are drawn as measured, by account."""
    figure = Figure(figsize=(8.2, 3.9), layout="constrained")
    for axes, (run, title) in zip(
        figure.subplots(1, 2, sharey=True),
        {"again": "Nothing to do", "first": "All accounts are new"}.items(),
        strict=True,
    ):
        for way, (label, colour, marker) in LINES.items():
            rows = [r for r in results["ways"] if (r["shape"], r["run"], r["way"]) == ("fleet", run, way)]
            points = sorted((row["size"], row["wall"] * 1000 / row["accounts"]) for row in rows)
            if points:
                axes.loglog(*zip(*points, strict=True), label=label, color=colour, marker=marker, markersize=4)
        axes.set(title=title, xlabel="accounts in the vault and in the play")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:,g}"))
            axis.set_minor_locator(NullLocator())
        axes.grid(True, which="major", linewidth=0.4)
    figure.axes[0].set_ylabel("milliseconds for one account")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None}, transparent=False)
    return _dark_too(text.getvalue())


def _dark_too(svg: str) -> str:
    """Return the picture without metadata, with rules for readers who like it dark."""
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{TITLE}" ', 1)
    svg = re.sub(r"(<svg [^>]*>)", rf"\1\n{DARK}", svg, count=1)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"
