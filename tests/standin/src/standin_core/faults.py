# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: rules that say which request goes wrong, and how."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Name of the fault -> whether the request is carried out before it, unless the rule says.
FAULTS: dict[str, bool] = {
    "delay": False,
    "expired": False,
    "cut_before": False,
    "cut_after": True,
    "cut_body": True,
    "status": False,
    "html": False,
    "redirect": False,
    "empty": True,
    "truncated_json": True,
    "wrong_type": True,
    "failed": False,
    "no_envelope": True,
    "headers": True,
    "drop_keys": True,
    "nested": True,
    "gzip_bomb": True,
    "raw": True,
    "drip": True,
    "endless_head": True,
    "endless_body": True,
    "endless_continue": True,
    "endless_pages": True,
    "change": False,
}
# What a text key of a rule may say.
CHOICES = {
    "body": ("json", "html", "empty"),
    "framing": ("length", "chunked", "close"),
    "part": ("head", "body"),
}
NOTHING = object()


@dataclass
class Rule:
    """One rule; the JSON object of the door has the same keys.

    Which request: ``method``, ``path`` (regular expression, searched), ``operation``;
    ``nth`` matching request is the first to fail, ``times`` how often (default: once if
    ``nth`` is given, otherwise always). What happens: ``fault`` (one of FAULTS),
    ``after_write`` (carry the request out first), ``seconds`` (wait before anything else;
    the only effect of ``delay``), and per fault: ``code``, ``body`` (json, html, empty),
    ``retry_after``, ``message``, ``echo``, ``url``, ``where``, ``value``, ``text``, ``headers``,
    ``keys``, ``depth``, ``edits``, ``rows``, ``same``; for what is sent slowly or without end:
    ``framing`` (length, chunked, close), ``part`` (head, body), ``every`` (seconds between two
    pieces), ``chunk`` (bytes of a piece), ``max_bytes`` and ``max_seconds`` (then it ends).
    """

    fault: str
    method: str | None = None
    path: str | None = None
    operation: str | None = None
    nth: int = 0
    times: int | None = None
    after_write: bool | None = None
    seconds: float = 0.0
    code: int | None = None
    body: str = "json"
    retry_after: str | int | None = None
    message: str = "Operation failed"
    echo: bool = False
    url: str = "/"
    where: str | None = None
    value: Any = NOTHING
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    depth: int = 100_000
    edits: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 100
    same: bool = False
    framing: str = "length"
    part: str = "body"
    every: float = 0.0
    chunk: int = 65_536
    max_bytes: int = 200_000_000
    max_seconds: float = 60.0
    seen: int = 0
    fired: int = 0

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Rule:
        """Make a rule of a JSON object; raises ValueError on a wrong one."""
        known = {item.name for item in fields(cls)} - {"seen", "fired"}
        unknown = set(given) - known
        if unknown:
            raise ValueError(f"unknown key in a fault rule: {', '.join(sorted(unknown))}")
        if given.get("fault") not in FAULTS:
            raise ValueError(f"'fault' is one of {', '.join(FAULTS)}, not {given.get('fault')!r}")
        rule = cls(**given)
        for key, choices in CHOICES.items():
            if getattr(rule, key) not in choices:
                raise ValueError(f"{key!r} is one of {', '.join(choices)}, not {getattr(rule, key)!r}")
        if rule.chunk < 1 or rule.rows < 1:
            raise ValueError("'chunk' and 'rows' are 1 or more")
        try:
            re.compile(rule.path or "")
        except re.error as error:
            raise ValueError(f"'path' is not a regular expression: {error}") from error
        return rule

    @property
    def carries_out(self) -> bool:
        """Return whether the request is carried out before the fault shows."""
        return FAULTS[self.fault] if self.after_write is None else self.after_write

    def matches(self, method: str, path: str, operation: str) -> bool:
        """Return whether a request is one that this rule counts."""
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.operation is None or self.operation == operation)
        )

    def due(self) -> bool:
        """Count one matching request and return whether it is one that fails."""
        self.seen += 1
        times = self.times if self.times is not None else (1 if self.nth else None)
        return self.seen >= self.nth and (times is None or self.fired < times)

    def dump(self) -> dict[str, Any]:
        """Return the rule with its counters as a plain JSON object."""
        plain = asdict(self)
        if self.value is NOTHING:
            del plain["value"]
        return plain


class Faults:
    """The current rules; the first one that is due wins."""

    def __init__(self, rules: Iterable[Mapping[str, Any]] = ()) -> None:
        self._lock = threading.Lock()
        self.rules: list[Rule] = []
        self.set(rules)

    def set(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """Replace all rules; raises ValueError and keeps the old ones if one is wrong."""
        parsed = [Rule.parse(rule) for rule in rules]
        with self._lock:
            self.rules = parsed

    def add(self, **rule: Any) -> None:
        """Add one rule; raises ValueError."""
        parsed = Rule.parse(rule)
        with self._lock:
            self.rules.append(parsed)

    def clear(self) -> None:
        """Remove all rules."""
        self.set(())

    def pick(self, method: str, path: str, operation: str) -> Rule | None:
        """Count a request against every rule and return the first that is due."""
        with self._lock:
            # Every rule counts the request, also where another rule answers it.
            due = [rule for rule in self.rules if rule.matches(method, path, operation) and rule.due()]
            for rule in due[:1]:
                rule.fired += 1
        return due[0] if due else None
