# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells of a fault matrix are played: one of each class, or all of them with ``MATRIX=all``."""

from __future__ import annotations

import os
import zlib
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_tasks import OF_WRITES, TASKS, WRITES, Fault, Task
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

ALL = os.environ.get("MATRIX") == "all"


class OnePerClass:
    """Picks the first cell of each class, and all cells where ``MATRIX=all`` asks for them."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()

    def picks(self, *of_class: Hashable) -> bool:
        """Whether a cell of this class is to be played."""
        known = of_class in self._seen
        self._seen.add(of_class)
        return ALL or not known


def roads_of(id_: str, *, on_main: bool = True) -> list[str]:
    """Return the roads on which a cell is played: the main one if wanted, the other for a fixed eighth of all cells."""
    main, other = ROADS
    return [main] * on_main + [other] * (ALL or zlib.crc32(id_.encode()) % 8 == 0)


def cells(faults: Iterable[Fault], *, lasting: bool = False, check: bool = False) -> Iterator[Any]:
    """Yield (road, task, index of the request, fault) for each that is played, as pytest parameters."""
    one = OnePerClass()
    faults = list(faults)
    for task in TASKS:
        for at, operation in enumerate(task.reads if check else task.requests):
            for fault in faults:
                if not makes_sense(operation, fault, lasting=lasting):
                    continue
                id_ = f"{task.id}-{at}-{operation.replace(' ', '_')}-{fault.id}"
                of_its_class = one.picks(task.module, operation, _phase(task, at), fault.id)
                for road in roads_of(id_, on_main=of_its_class):
                    yield pytest.param(road, task, at, fault, id=f"{road}-{id_}")


def makes_sense(operation: str, fault: Fault, *, lasting: bool) -> bool:
    """Whether a fault at this operation is another case than those that are played anyway."""
    if (fault.only and operation not in fault.only) or (fault.id in OF_WRITES and operation not in WRITES):
        return False
    # A lasting fault differs from a single one where the module goes on to read after it.
    return not lasting or (fault.open if operation in WRITES else fault.retried)


def _phase(task: Task, at: int) -> str:
    """Whether a request comes before the first write, is a write, or reads after one."""
    if task.requests[at] in WRITES:
        return "write"
    return "after" if WRITES & set(task.requests[:at]) else "before"
