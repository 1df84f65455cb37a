# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted exceptions of a drift report. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from ._drift_times import day

REQUIRED = ("resource", "category", "accepted_by", "accepted_on", "expires")
OPTIONAL = ("account", "setting", "reason")
NEVER = "unreadable"


@dataclass(frozen=True)
class Acceptance:
    """One entry of the file: who accepts which findings, and for how long. ``*`` in a name stands for any text."""

    resource: str
    category: str
    accepted_by: str
    accepted_on: date
    expires: date
    account: str = "*"
    setting: str = "*"
    reason: str = ""

    def covers(self, finding: Mapping[str, str]) -> bool:
        """Whether it is about *finding*."""
        return finding["category"] == self.category and all(
            _fits(getattr(self, key), finding[key]) for key in ("resource", "account", "setting")
        )

    def in_force(self, today: date) -> bool:
        """Whether it holds *today*; the day on which it expires is its last."""
        return self.accepted_on <= today <= self.expires

    def shown(self) -> dict[str, str]:
        """Return it as texts."""
        return {name: str(getattr(self, name)) for name in (*REQUIRED, *OPTIONAL)}


def acceptances(text: str, categories: Collection[str]) -> tuple[list[Acceptance], list[str]]:
    """Return the entries of the file, and a sentence for each thing that is wrong with it."""
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [], [f"The file is not valid YAML{f' (line {mark.line + 1})' if mark else ''}."]
    if entries is None:
        return [], []
    if not isinstance(entries, list):
        return [], ["The file must hold a list. Each entry begins with a dash."]
    read = [_read(number, entry, categories) for number, entry in enumerate(entries, 1)]
    return [entry for entry in read if isinstance(entry, Acceptance)], [text for text in read if isinstance(text, str)]


def _read(number: int, entry: Any, categories: Collection[str]) -> Acceptance | str:
    try:
        return _acceptance(entry, categories)
    except ValueError as error:
        return f"Entry {number}: {error}"


def _acceptance(entry: Any, categories: Collection[str]) -> Acceptance:
    if not isinstance(entry, Mapping):
        raise ValueError(f"it must be a mapping with {', '.join(REQUIRED)}.")
    known = (*REQUIRED, *OPTIONAL)
    for key in entry:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            raise ValueError(f"{str(key)[:50]!r} is not a key." + (f" Did you mean {near[0]}?" if near else ""))
    missing = [key for key in REQUIRED if entry.get(key) in (None, "")]
    if missing:
        raise ValueError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.")
    values: dict[str, Any] = {key: value for key, value in entry.items() if value is not None}
    values |= {key: _day(key, values[key]) for key in ("accepted_on", "expires")}
    for key, value in values.items():
        if key not in ("accepted_on", "expires") and not isinstance(value, str):
            raise ValueError(f"{key} is not a string. Put it in quotes.")
    if values["category"] == NEVER or values["category"] not in categories:
        known_names = ", ".join(name for name in categories if name != NEVER)
        raise ValueError(f"category must be one of {known_names}.")
    if values["expires"] < values["accepted_on"]:
        raise ValueError("it expires before it was accepted.")
    return Acceptance(**values)


def _day(key: str, value: Any) -> date:
    try:
        return day(value)
    except ValueError as error:
        raise ValueError(f"{key} {error}.") from None


def _fits(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None
