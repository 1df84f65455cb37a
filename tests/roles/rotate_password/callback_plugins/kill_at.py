# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills or stops the whole of ansible-playbook as the task that ROTATION_AT names is about to start. For tests only."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: kill_at
type: aggregate
short_description: Kill or stop the run as a task is about to start
description:
  - Counts the tasks as they start, and notes the number and the name of the last one in the file E(ROTATION_COUNT).
  - E(ROTATION_AT) is a number, or a part of the name. The end of the run counts as one more.
  - E(ROTATION_SIGNAL) is the signal that all processes of the run get then, once.
"""


class CallbackModule(CallbackBase):
    """The counter with the gun."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "kill_at"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.at = os.environ.get("ROTATION_AT", "")

    def _next(self, name: str) -> None:
        self.count += 1
        Path(os.environ["ROTATION_COUNT"]).write_text(f"{self.count} {name}", encoding="utf-8")
        if self.at and (self.at == str(self.count) or (not self.at.isdigit() and self.at in name)):
            self.at = ""
            os.killpg(0, signal.Signals[os.environ["ROTATION_SIGNAL"]])

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Count a task."""
        self._next(task.name)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Count the end."""
        self._next("the end of the run")
