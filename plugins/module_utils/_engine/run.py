# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task from start to finish. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import VaultError
from .object_run import ItemRun
from .task import Batch, Query, Service, Task


def execute(
    task_class: type[Task],
    params: Mapping[str, Any],
    *,
    check_mode: bool,
    warn: Callable[[str], None],
    progress: Callable[[str], None] = lambda _text: None,
    **options: Any,
) -> dict[str, Any]:
    """Run one task and return its result, for a module as for an action plugin.

    :param progress: called with a few words now and then, where a task takes long.
    :param options: what ``Task.connect`` hands to the HTTP client, such as ``redactor``.
    """
    read_only = check_mode or issubclass(task_class, Query)
    try:
        client = task_class.connect(params, read_only=read_only, warn=warn, **options)
    except VaultError as error:
        requests = {"sent": 0, "retried": 0}
        return {**_failed(error, ""), "requests": requests}
    try:
        task = task_class(client, params, warn)
        task.progress = progress
        result = _run(task, check_mode)
    finally:
        client.close()
    return {**result, "requests": {"sent": client.http.sent, "retried": client.http.retried}}


def _run(task: Task, check_mode: bool) -> dict[str, Any]:
    try:
        if isinstance(task, Service):
            return ItemRun(task, task.items()[0], check_mode=check_mode).result()
        if isinstance(task, Batch):
            return task.result(check_mode=check_mode)
        if isinstance(task, Query):
            return {"changed": False, **task.result()}
    except VaultError as error:
        return _failed(error, "read")
    raise TypeError(type(task).__name__)


def _failed(error: VaultError, step: str) -> dict[str, Any]:
    return {"failed": True, "changed": False, "msg": str(error), "failure": error.failure(step)}
