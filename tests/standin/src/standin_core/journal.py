# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: every request that reached the API, as it came and how it was answered."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

WRITE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass
class Entry:
    """One request.

    ``input`` is the decoded input object, ``raw_body`` the body as text, ``write`` whether
    it is a write, ``applied`` whether the write was carried out, ``http_status`` None
    where no answer was sent, ``status`` the product's own word, ``ignored`` fields that
    were not taken, ``fault`` the fault that was played.
    """

    n: int
    time: str
    method: str
    path: str
    query: dict[str, str]
    input: Any
    raw_body: str
    headers: dict[str, str]
    operation: str
    write: bool
    applied: bool = False
    http_status: int | None = None
    status: str | None = None
    fault: str | None = None
    ignored: list[str] = field(default_factory=list)


class Journal:
    """All entries since the start, the last reset or the last clear."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._count = 0

    @property
    def entries(self) -> list[Entry]:
        """Return a copy of the list, oldest first."""
        with self._lock:
            return list(self._entries)

    def writes(self) -> list[Entry]:
        """Return the entries that are writes."""
        return [entry for entry in self.entries if entry.write]

    def operations(self) -> list[str]:
        """Return the names of the operations, oldest first."""
        return [entry.operation for entry in self.entries]

    def open(self, *, write: bool | None = None, **known: Any) -> Entry:
        """Note a request on arrival, so that it is seen even if its answer is late.

        Whether it is a write goes by its method where ``write`` does not say.
        """
        with self._lock:
            self._count += 1
            entry = Entry(
                n=self._count,
                time=datetime.now(UTC).isoformat(timespec="milliseconds"),
                write=known["method"] in WRITE_METHODS if write is None else write,
                **known,
            )
            self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget all entries and count from one again."""
        with self._lock:
            self._entries = []
            self._count = 0

    def dump(self) -> list[dict[str, Any]]:
        """Return the entries as plain JSON objects."""
        return [asdict(entry) for entry in self.entries]
