# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks in processes of their own, which may be killed after any request. As a program: those processes."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pam360_standin import Standin


class Runs:
    """A process that makes one of its kind for each task, so that nothing is imported twice."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def close(self) -> None:
        """End it."""
        self._process.communicate("")

    def play(self, standin: Standin, tasks: Sequence[tuple[str, Mapping[str, Any]]], kill_after: int = 0) -> bool:
        """Run tasks at the same time, and wait for their end; return whether one was killed.

        :param kill_after: kill the first one as soon as the vault has had so many requests; 0 for no kill.
        """
        assert self._process.stdin
        assert self._process.stdout
        connection = {"url": standin.url, "token": standin.token}
        standin.journal.clear()
        print(
            json.dumps([(module, {**connection, **args}) for module, args in tasks]),
            file=self._process.stdin,
            flush=True,
        )
        pids = json.loads(self._process.stdout.readline())
        killed = False
        while kill_after and os.path.exists(f"/proc/{pids[0]}/fd/0"):
            if len(standin.journal.entries) >= kill_after:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pids[0], signal.SIGKILL)
                    killed = True
                break
            time.sleep(0.0005)  # the threads of the vault are in this process, and want to run
        assert self._process.stdout.readline() == "ended\n"
        return killed


def _run(module: str, params: Mapping[str, Any]) -> None:
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import ansible_spec
    from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import run_task

    task = _tasks()[module]
    checked = ArgumentSpecValidator(**ansible_spec(task.arguments)).validate(params).validated_parameters
    run_task(task, {**params, **checked}, check_mode=False, warn=str, progress=str, no_log_values=set())


def _tasks() -> dict[str, Any]:
    from ansible_collections.vaultops.pam.plugins.module_utils._pam360.share import AccountShare, ResourceShare
    from ansible_collections.vaultops.pam.plugins.module_utils._pam360_bulk.accounts import AccountsBatch

    return {
        "pam360_accounts": AccountsBatch,
        "pam360_account_share": AccountShare,
        "pam360_resource_share": ResourceShare,
    }


def _jobs() -> Iterator[list[Any]]:
    for line in sys.stdin:
        yield json.loads(line)


if __name__ == "__main__":
    importlib.import_module("requests")  # once for all

    _tasks()
    for tasks in _jobs():
        pids = []
        for module, params in tasks:
            pid = os.fork()
            if pid == 0:
                with contextlib.suppress(BaseException):
                    _run(module, params)
                os._exit(0)
            pids.append(pid)
        sys.stdout.write(f"{json.dumps(pids)}\n")
        sys.stdout.flush()
        for pid in pids:
            os.waitpid(pid, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()
