# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task from start to finish. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import VaultError
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
        return {**_failure_result(error, ""), "requests": {"sent": 0, "retried": 0}}
    try:
        result = _run(task_class, client, params, warn, progress, check_mode=check_mode)
    except VaultError as error:
        result = _failure_result(error, "read")
    finally:
        client.close()
    return {**result, "requests": {"sent": client.http.sent, "retried": client.http.retried}}


def _run(
    task_class: type[Task],
    client: Client,
    params: Mapping[str, Any],
    warn: Callable[[str], None],
    progress: Callable[[str], None],
    *,
    check_mode: bool,
) -> dict[str, Any]:
    task = task_class(client, params, warn)
    task.progress = progress
    if isinstance(task, VaultObject):
        return ObjectRun(task, check_mode=check_mode).result()
    if isinstance(task, Batch):
        return task.result(check_mode=check_mode)
    if isinstance(task, Query):
        return {"changed": False, **task.result()}
    raise TypeError(type(task).__name__)


def _failure_result(error: VaultError, step: str) -> dict[str, Any]:
    return {"failed": True, "changed": False, "msg": str(error), "failure": error.failure(step)}
