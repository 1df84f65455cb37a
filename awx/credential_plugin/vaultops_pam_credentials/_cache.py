# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache of a few seconds in memory, since AWX asks once for each linked field of each credential."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ._client._common.secret import Secret


@dataclass
class Entry:
    """A value and the end of its life, in seconds of the clock; while it is being read, the lock is held."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Secret | None = None
    until: float = float("inf")


class Cache:
    """Keeps what was read for *seconds*. Several threads that ask for the same wait for one read."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}

    def get(self, key: str, read: Callable[[], Secret]) -> Secret:
        """Return the value of *key*, read if need be. A failure is not kept."""
        with self._lock:
            now = self._clock()
            self._entries = {name: entry for name, entry in self._entries.items() if entry.until > now}
            entry = self._entries.setdefault(key, Entry())
        with entry.lock:
            if entry.value is None:
                try:
                    entry.value = read()
                except BaseException:
                    with self._lock:
                        self._entries.pop(key, None)
                    raise
                entry.until = self._clock() + self._seconds
            return entry.value
