# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server profiles: what a doctor module found out about a real server, as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standin_core.profile import FREE, Variant

FORMAT = "vaultops.pam server profile"
VERSION = 1


def read(path: str | Path, vault: str, variants: Mapping[str, Variant]) -> dict[str, str]:
    """Return the profile values of a file. Raises ValueError (what is wrong with it) and OSError.

    The file is a JSON object ``{"format": FORMAT, "version": 1, "vault": "pam360", "findings": {NAME:
    {"verdict": VALUE or null, "certainty": TEXT, "evidence": [TEXT]}}}``; further keys are let be. A
    finding without a verdict leaves its profile at the default. Every name must be one of the profiles.
    """
    try:
        given = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ValueError(f"{path} is not a server profile: its 'format' is not {FORMAT!r}")
    for key, wanted in (("version", VERSION), ("vault", vault)):
        if given.get(key) != wanted:
            raise ValueError(f"{path}: '{key}' is {given.get(key)!r}, this stand-in takes {wanted!r}")
    findings = given.get("findings")
    if not isinstance(findings, dict):
        raise ValueError(f"{path}: 'findings' is not an object")
    unknown = sorted(name for name in findings if name not in variants and not name.startswith(FREE))
    if unknown:
        raise ValueError(f"{path}: unknown profile: {', '.join(unknown)}")
    verdicts = {name: _verdict(path, name, finding) for name, finding in findings.items()}
    return {name: verdict for name, verdict in verdicts.items() if verdict is not None}


def _verdict(path: str | Path, name: str, finding: Any) -> str | None:
    """Return the verdict of one finding. Raises ValueError."""
    if not isinstance(finding, dict) or "verdict" not in finding:
        raise ValueError(f"{path}: the finding {name!r} has no 'verdict'")
    verdict = finding["verdict"]
    if verdict is not None and not isinstance(verdict, str):
        raise ValueError(f"{path}: the verdict of {name!r} is a string or null, not {verdict!r}")
    return verdict
