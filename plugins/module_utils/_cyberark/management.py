# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account shows of the CPM's work, and waiting for its end. Internal to the collection.

That a result is the one which was asked for is inferred: from the time that has moved on since, from ``inProcess`` that
was seen in between, or from another status than before. The status of an earlier action may still stand there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from .answers import Json
from .fields import value_of

IN_PROCESS, SUCCESS, FAILURE = "inProcess", "success", "failure"
# The time that an act moves on when it succeeds.
TIMES: Mapping[str, str] = {"verify": "last_verified", "change": "last_modified", "reconcile": "last_reconciled"}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0  # seconds between two reads


class Management(NamedTuple):
    """The CPM's view of one account; times in Unix seconds, ``None`` for never."""

    status: str
    last_verified: int | None
    last_modified: int | None
    last_reconciled: int | None

    def time_of(self, act: str) -> int:
        """Return when *act* was last done, 0 for never."""
        return getattr(self, TIMES[act]) or 0


def management_of(record: Json) -> Management:
    """Return what an account shows; the newest pages name the times otherwise, and write them as text."""
    block = value_of(record, "secretManagement")
    names = ("lastVerified", "lastModified", "lastReconciled")
    times = (_seconds(value_of(block, f"{name}Time") or value_of(block, f"{name}DateTime")) for name in names)
    return Management(_status(value_of(block, "status")), *times)


def _status(value: object) -> str:
    known = {status.casefold(): status for status in (IN_PROCESS, SUCCESS, FAILURE)}
    return known.get(str(value).casefold(), str(value or ""))


def _seconds(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        pass
    try:
        return int(datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp())
    except (ValueError, OverflowError):
        return None


def outcome(act: str, before: Management, now: Management, *, was_in_process: bool) -> str:
    """Return ``success`` or ``failure`` of an act that was asked for after *before*, ``""`` while it is not known."""
    if now.status == IN_PROCESS:
        return ""
    if now.status == FAILURE:
        return FAILURE if was_in_process or before.status != FAILURE else ""
    moved = now.time_of(act) > before.time_of(act)
    return SUCCESS if moved or (was_in_process and now.status == SUCCESS) else ""


def wait(act: str, before: Management, read: Callable[[], Management], seconds: float) -> tuple[Management, str]:
    """Read until the outcome of *act* is known, or *seconds* have passed; return the last state and the outcome."""
    end = time.monotonic() + seconds
    pause, was_in_process = FIRST_PAUSE, False
    while True:
        now = read()
        was_in_process = was_in_process or now.status == IN_PROCESS
        found = outcome(act, before, now, was_in_process=was_in_process)
        left = end - time.monotonic()
        if found or left <= 0:
            return now, found
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
