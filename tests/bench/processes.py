# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tells about processes: processor time, and the most memory that each one ever had."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak(pid: int) -> float:
    """Return the most memory that a process had so far, in MB; 0 for one that is gone."""
    try:
        lines = (PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _children(pid: int) -> Iterator[int]:
    try:
        found = [
            int(child)
            for task in (PROC / str(pid) / "task").iterdir()
            for child in (task / "children").read_text(encoding="utf-8").split()
        ]
    except OSError:
        return
    for child in found:
        yield child
        yield from _children(child)


def _kind(pid: int, root: int) -> str:
    """Return what a process of ansible-playbook is: ``controller``, ``module``, or ``worker`` for its forks."""
    if pid == root:
        return "controller"
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return "worker"
    if b"AnsiballZ_" in command:
        # A shell that starts the module has the same words in its command line.
        return "shell" if command.startswith((b"/bin/sh", b"sh\0")) else "module"
    return "worker" if b"ansible-playbook" in command else "shell"


class MemoryWatch:
    """Looks at a process and its descendants until it is told to stop.

    The system keeps the peak of each process, so looking now and then is enough to see all but the last moments.

    :ivar peaks: MB by kind of process.
    """

    INTERVAL = 0.02  # seconds

    def __init__(self, root: int) -> None:
        self.peaks: dict[str, float] = {}
        self._root = root
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(self.INTERVAL):
            for pid in (self._root, *_children(self._root)):
                kind = _kind(pid, self._root)
                self.peaks[kind] = max(self.peaks.get(kind, 0.0), _peak(pid))

    def stop(self) -> dict[str, float]:
        """Return the peaks."""
        self._stop.set()
        self._thread.join()
        return self.peaks
