# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks run in this process, just as Ansible runs them, on both roads.

A module: options in, JSON on stdout, a line to syslog.
An action plugin: options in, a result, and what libraries log goes to Ansible's log file.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
import logging
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings

from ansible_collections.vaultops.pam.tests.unit._call import answered
from ansible_collections.vaultops.pam.tests.unit._roads import action

try:  # ansible-core 2.22 and newer
    LOGGING: Any = importlib.import_module("ansible.module_utils._internal._logging")
except ImportError:
    LOGGING = basic
MODULES = "ansible_collections.vaultops.pam.plugins.modules."
UTILS = "ansible_collections.vaultops.pam.plugins.module_utils."
# What Ansible asks of a module at the highest verbosity; older ones do not know all of it.
ASKED = {
    "diff": True,
    "verbosity": 5,
    "debug": True,
    "inject_invocation": True,
    "tracebacks_for": ["error", "warning", "deprecated"],
    "remote_tmp": "/tmp",
}


@functools.cache
def encodings(value: str) -> set[str]:
    """Return what the collection's own function returns: the same secrets come in again in thousands of runs."""
    return ENCODINGS(value)


REDACTION = importlib.import_module(UTILS + "_common.redaction")
ENCODINGS = REDACTION.encodings


@dataclass
class Printed:
    """What one run of a module gave away."""

    result: dict[str, Any]
    output: str
    log: list[str] = field(default_factory=list)

    def everything(self) -> str:
        """Return all of it as one text, the result last."""
        return "\n".join([*self.log, self.output])


@contextlib.contextmanager
def prepared(environment: Mapping[str, str] | None) -> Iterator[pytest.MonkeyPatch]:
    """Set the environment, and let no one wait and no encoding be made twice."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (environment or {}).items():
            patch.setenv(name, value)
        http = importlib.import_module(UTILS + "_http.client")
        patch.setattr(REDACTION, "encodings", encodings)
        clock = types.SimpleNamespace(sleep=lambda _seconds: None, time=http.time.time, monotonic=http.time.monotonic)
        patch.setattr(http, "time", clock)  # retries without waiting
        yield patch


def run_module(
    module: str, args: Mapping[str, Any], *, check: bool = False, environment: Mapping[str, str] | None = None
) -> Printed:
    """Run ``main()`` of *module* at the highest verbosity, with diff and tracebacks."""
    asked = {**ASKED, "check_mode": check}
    given = {**args, **{f"_ansible_{name}": value for name, value in asked.items() if name in basic.PASS_VARS}}
    out, err, log = io.StringIO(), io.StringIO(), []

    def syslog(*parts: Any) -> None:
        log.append(" ".join(str(part) for part in parts))

    with prepared(environment) as patch:
        patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")
        # In a process that has run an action plugin, ansible-core 2.19 and newer would print warnings instead.
        with contextlib.suppress(ImportError):
            patch.setattr("ansible.module_utils._internal.is_controller", False)
        # The journal gets the same text as syslog; both must not be reached from here.
        patch.setattr(LOGGING, "has_journal", False)
        patch.setattr(LOGGING.syslog, "openlog", lambda *_parts: None)
        patch.setattr(LOGGING.syslog, "syslog", syslog)
        warnings._global_warnings.clear()  # core keeps them for the process, which is one module elsewhere
        main = importlib.import_module(MODULES + module).main
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
            main()
    result, printed = answered(out.getvalue())
    return Printed(result, printed + err.getvalue(), log)


def run_action(
    module: str, args: Mapping[str, Any], *, check: bool = False, environment: Mapping[str, str] | None = None
) -> Printed:
    """Run the action plugin of *module*; the log is what Ansible's own log file takes from libraries."""
    out, log = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    with prepared({**(environment or {}), "ANSIBLE_INJECT_INVOCATION": "true"}) as patch:
        patch.setattr(root, "level", logging.INFO)
        patch.setattr(root, "handlers", [*root.handlers, handler])
        plugin = action(module, args, check_mode=check)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            result = plugin.run(task_vars={})
    return Printed(result, f"{out.getvalue()}\n{json.dumps(result)}", log.getvalue().splitlines())


ROADS = {"module": run_module, "action": run_action}
