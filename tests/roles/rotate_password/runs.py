# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-playbook that can be killed at any moment, with all that belongs to them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standin_core.product import CutConnectionError

from pam360_standin import Standin

HERE = Path(__file__).resolve().parent
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
POLL_SECONDS = 0.02
LIMIT_SECONDS = 300


class Gate:
    """Holds one write of the stand-in, before or after its effect, until the test lets it go."""

    def __init__(self, vault: Standin) -> None:
        self._serve = vault.product.serve
        vault.product.serve = self._gated  # type: ignore[method-assign]
        self.disarm()

    def arm(self, nth: int, moment: str) -> None:
        """Hold the *nth* write. *moment*: ``lost`` (never served), ``late`` (after the kill), ``done`` (before it)."""
        self.nth, self.moment = nth, moment

    def disarm(self) -> None:
        """Hold nothing."""
        self.nth, self.moment = 0, ""
        self.reached, self.go, self.over = threading.Event(), threading.Event(), threading.Event()

    def _gated(self, call: Any) -> Any:
        if not self.nth or call.method == "GET":
            return self._serve(call)
        self.nth -= 1
        if self.nth:
            return self._serve(call)
        answer = self._serve(call) if self.moment == "done" else None
        self.reached.set()
        self.go.wait(LIMIT_SECONDS)
        if self.moment == "late":
            answer = self._serve(call)
        self.over.set()
        if answer is None:
            raise CutConnectionError
        return answer


@dataclass
class Run:
    """One run of the playbook: its processes are known by a word in their environment."""

    environment: Mapping[str, str]
    arguments: list[str]
    log: Path
    at: int | str = 0  # number of the task, or a part of its name, before which the run gets a signal
    sends: signal.Signals = signal.SIGKILL
    mark: str = field(default_factory=lambda: f"ROTATION_RUN={secrets.token_hex(8)}")

    def start(self) -> Run:
        """Start it in a process group of its own."""
        name, value = self.mark.split("=")
        environment = {**self.environment, name: value, "ROTATION_SIGNAL": self.sends.name}
        environment["ROTATION_COUNT"] = str(self.log.with_suffix(".count"))
        if self.at:
            environment["ROTATION_AT"] = str(self.at)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(PLAYBOOK), *self.arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def wait(self) -> int:
        """Wait for the end, and end what it left behind; return the exit status, negative for a signal."""
        status = self.process.wait(LIMIT_SECONDS)
        self.kill()
        return status

    def until(self, reached: Callable[[], bool]) -> bool:
        """Wait until a moment is reached; false when the run ended without it. Raises TimeoutError."""
        limit = time.monotonic() + LIMIT_SECONDS
        while self.process.poll() is None:
            if time.monotonic() > limit:
                raise TimeoutError("The run hangs")
            if reached():
                return True
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(POLL_SECONDS)
        return reached()

    def stopped(self) -> bool:
        """Return whether the run stands still."""
        with contextlib.suppress(OSError):
            return (
                Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"
            )
        return False

    def go_on(self) -> None:
        """Let a run that stands still go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill all processes of the run on this side: workers, modules, ssh. What ssh started on the host lives on."""
        while found := self._processes():
            for process in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self.process.poll()

    def _processes(self) -> list[int]:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def said(self) -> str:
        """Return all output."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def count(self) -> tuple[int, str]:
        """Return number and name of the last task that was about to start; 0 when the run did not come that far."""
        path = self.log.with_suffix(".count")
        number, _blank, name = (path.read_text(encoding="utf-8") if path.exists() else "0 ").partition(" ")
        return int(number or 0), name


def inventory(folder: Path, hosts: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write an inventory; JSON is YAML."""
    path = folder / "inventory.yml"
    path.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return path
