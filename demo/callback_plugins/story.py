# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the demo: shows what changed, what a play has to say, and what failed. No banners, no recap."""

from __future__ import annotations

from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: story
type: stdout
short_description: What matters of a run, for the demo
description:
  - Shows the messages of M(ansible.builtin.debug) and M(ansible.builtin.assert), tasks that changed something, their
    differences, and failures.
"""

SAYING = ("debug", "assert")
SIGNS = {"-": "red", "+": "green"}


class CallbackModule(CallbackBase):
    """Shows results; needs no settings."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "story"

    def _tell(self, text: Any, color: str | None = None) -> None:
        for line in text if isinstance(text, list) else str(text).splitlines():
            self._display.display(f"    {line}", color=color)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Show what a task says, or that it changed something."""
        # ansible-core 2.19 and newer have `result` and so on, older ones the names with an underscore alone.
        told, task = result._result, result._task
        if task.action.rpartition(".")[2] in SAYING and "msg" in told:
            self._tell(told["msg"])
        elif told.get("changed"):
            self._tell(f"{result._host.get_name()}: {task.name}", "yellow")

    def v2_on_file_diff(self, result: Any) -> None:
        """Show the differences of a task, or of each turn of a loop, without the lines that are the same."""
        told = result._result
        for each in told.get("results", [told]):
            if each.get("diff") and each.get("changed"):
                for line in self._get_diff(each["diff"]).splitlines():
                    if line.startswith("--- before: "):
                        self._tell(line.partition(": ")[2])
                    elif line.startswith(tuple(SIGNS)) and not line.startswith("+++"):
                        self._tell(f"  {line}", SIGNS[line[0]])

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Show why a task failed."""
        if not ignore_errors:
            self._tell(f"{result._host.get_name()}: {result._result.get('msg')}", "red")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Show why a host was not reached."""
        self.v2_runner_on_failed(result)
