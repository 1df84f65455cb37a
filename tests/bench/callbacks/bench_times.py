# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the benchmarks: when each task began and ended, and the processor time between the first and the end."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: bench_times
type: aggregate
short_description: Times of tasks for the benchmarks
description:
  - Writes them as JSON to the file that E(BENCH_TIMES) names, with whole results if E(BENCH_RESULTS) is set.
"""


def _processor_time() -> float:
    """Return the seconds that this process and all its finished children used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class CallbackModule(CallbackBase):
    """Needs no setting but the file: it is loaded by lying in the folder of callbacks."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bench_times"

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[dict[str, Any]] = []
        self.names: list[str] = []  # of the tasks that the results are of
        self.results: list[dict[str, Any]] = []
        self.cpu = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Note the start of a task."""
        if not self.tasks:
            self.cpu = _processor_time()
        self.tasks.append({"name": task.get_name(), "start": time.monotonic(), "end": None})

    def _ended(self, result: Any, failed: bool = False) -> None:
        self.tasks[-1]["end"] = time.monotonic()
        self.names.append(self.tasks[-1]["name"])
        # ansible-core 2.19 and newer have `result` where older ones have `_result` alone.
        told = result._result
        about = {"changed": bool(told.get("changed")), "failed": failed, "msg": str(told.get("msg", ""))}
        self.results.append({**about, "result": told} if "BENCH_RESULTS" in os.environ else about)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Note the end of a task on one host."""
        self._ended(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Note the end of a task on one host."""
        self._ended(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Note the end of a task on one host."""
        self._ended(result, failed=True)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write what was noted."""
        end = time.monotonic()
        for child in multiprocessing.active_children():
            if type(child).__name__ == "WorkerProcess":  # its time counts once it has been waited for
                child.join()
        told = {
            "wall": end - self.tasks[0]["start"],
            "cpu": _processor_time() - self.cpu,
            "tasks": [{"name": task["name"], "wall": (task["end"] or end) - task["start"]} for task in self.tasks],
            "names": self.names,
            "results": self.results,
        }
        Path(os.environ["BENCH_TIMES"]).write_text(json.dumps(told, default=str), encoding="utf-8")
