# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task from start to finish. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import ENDED, EndedError, VaultError
from .object_run import ObjectRun
from .task import Batch, Client, Query, Task
from .vault_object import VaultObject


def execute(
    task_class: type[Task],
    params: Mapping[str, Any],
    *,
    check_mode: bool,
    warn: Callable[[str], None],
    progress: Callable[[str], None] = lambda _text: None,
    ends: Callable[[BaseException], bool] = lambda _error: False,
    **options: Any,
) -> dict[str, Any]:
    """Run one task and return its result, for a module as for an action plugin.

    :param progress: called with a few words now and then, where a task takes long.
    :param ends: whether an exception is one that ends the task from outside; the result then tells what was written.
    :param options: what ``Task.connect`` hands to the HTTP client, such as ``redactor``.
    """
    read_only = check_mode or issubclass(task_class, Query)
    try:
        client = task_class.connect(params, read_only=read_only, warn=warn, **options)
    except VaultError as error:
        return {**_failure_result(error, ""), "requests": {"sent": 0, "retried": 0}}
    try:
        task = task_class(client, params, warn)
        task.progress = progress
        result = _run(task, ends, check_mode=check_mode)
    except VaultError as error:
        result = _failure_result(error, "read")
    finally:
        _close(client, ends)
    return {**result, "requests": {"sent": client.http.sent, "retried": client.http.retried}}


def _run(task: Task, ends: Callable[[BaseException], bool], *, check_mode: bool) -> dict[str, Any]:
    run = ObjectRun(task, check_mode=check_mode) if isinstance(task, VaultObject) else task
    try:
        return _result(run, check_mode=check_mode)
    except BaseException as error:
        if not ends(error):
            raise
        return _ended_result(run, check_mode=check_mode)


def _result(run: ObjectRun | Task, *, check_mode: bool) -> dict[str, Any]:
    if isinstance(run, ObjectRun):
        return run.result()
    if isinstance(run, Batch):
        return run.result(check_mode=check_mode)
    if isinstance(run, Query):
        return {"changed": False, **run.result()}
    raise TypeError(type(run).__name__)


def _ended_result(run: ObjectRun | Task, *, check_mode: bool) -> dict[str, Any]:
    if isinstance(run, ObjectRun):
        return run.failure_result(run.ended())
    if isinstance(run, Batch):
        return run.ended(check_mode=check_mode)
    return _failure_result(EndedError(ENDED), "read")


def _close(client: Client, ends: Callable[[BaseException], bool]) -> None:
    try:
        client.close()
    except BaseException as error:  # what was done is told all the same
        if not ends(error):
            raise


def _failure_result(error: VaultError, step: str) -> dict[str, Any]:
    return {"failed": True, "changed": False, "msg": str(error), "failure": error.failure(step)}
