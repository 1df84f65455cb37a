# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two roads of a task: the module that Ansible ships, and the action plugin in the controller's process."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Mapping
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader
from ansible.template import Templar

from ansible_collections.vaultops.pam.tests.unit._call import Result, call

ACTIONS = "ansible_collections.vaultops.pam.plugins.action."
Road = Callable[..., tuple[Result, str]]


def action(module: str, args: Mapping[str, Any], *, folder: str = ".", **keywords: Any) -> ActionBase:
    """Return the action plugin of *module* for a task with these options and keywords on a local connection."""
    task = Task()
    for name, value in {"action": f"vaultops.pam.{module}", "args": dict(args), "diff": True, **keywords}.items():
        setattr(task, name, value)
    loader, context = DataLoader(), PlayContext()
    loader.set_basedir(folder)
    return importlib.import_module(ACTIONS + module).ActionModule(
        task=task,
        connection=connection_loader.get("local", context),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader, variables={}),
        shared_loader_obj=None,
    )


def call_action(module: str, args: Mapping[str, Any], *, check: bool = False) -> tuple[Result, str]:
    """Run the action plugin of *module*; return its result and all that it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        result = action(module, args, check_mode=check).run(task_vars={})
    return result, out.getvalue() + err.getvalue()


ROADS: Mapping[str, Road] = {"module": call, "action": call_action}
