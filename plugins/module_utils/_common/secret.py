# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must not be seen. Internal to the collection."""

from __future__ import annotations

import hmac

from .encodings import utf8

HIDDEN = "(hidden)"
HIDDEN_CHANGE = "(hidden, will change)"


class Secret:
    """A text that prints as a marker. ``reveal()`` is the only way to the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain value, for the wire and for nothing else."""
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(utf8(self._value), utf8(other._value))

    __hash__ = None  # type: ignore[assignment]  # a hash of a secret in a set or a dict would be a leak

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return HIDDEN

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never serialised")


class HiddenText(str):
    """A text that holds secrets on their way to the wire: the same to use, a marker in tracebacks and logs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return HIDDEN
