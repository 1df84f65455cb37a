# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: named variants of behaviour that real builds of a product show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass

# Names that begin so need not be known: ``message:EDIT ACCOUNT`` is the success text of that operation.
FREE = "message:"


@dataclass(frozen=True)
class Variant:
    """One profile name: its default, the values it may have (None: any text), what it means."""

    default: str
    values: tuple[str, ...] | None
    about: str
    number: bool = False


class Profile(MutableMapping[str, str]):
    """The current value of each variant; all values are text.

    Names that start with ``message:`` are free (``message:EDIT ACCOUNT`` replaces the
    success text of that operation). Setting an unknown name or value raises ValueError.
    """

    def __init__(self, variants: Mapping[str, Variant], start: Mapping[str, str] | None = None) -> None:
        self.variants = variants
        self._values: dict[str, str] = {}
        self._start: dict[str, str] = {}
        self.update(start or {})
        self._start = dict(self._values)

    def __getitem__(self, name: str) -> str:
        """Return the value; KeyError for a name that is neither known nor set."""
        return self._values[name] if name in self._values else self.variants[name].default

    def __setitem__(self, name: str, value: str) -> None:
        """Set one variant; raises ValueError."""
        value = str(value)
        if name.startswith(FREE):
            self._values[name] = value
            return
        variant = self.variants.get(name)
        if variant is None:
            raise ValueError(f"unknown profile {name!r}; known: {', '.join(sorted(self.variants))}")
        if variant.values is not None and value not in variant.values:
            raise ValueError(f"profile {name!r} is one of {', '.join(map(repr, variant.values))}, not {value!r}")
        if variant.number and not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", value):
            raise ValueError(f"profile {name!r} is a number, not {value!r}")
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        """Return one variant to its default."""
        self._values.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        """Iterate over all known names and the free ones that are set."""
        return iter([*self.variants, *(name for name in self._values if name not in self.variants)])

    def __len__(self) -> int:
        """Return the number of names."""
        return len(list(iter(self)))

    def reset(self) -> None:
        """Return to the values at the start."""
        self._values = dict(self._start)
