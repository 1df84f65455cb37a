# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run as Ansible runs them: options in and JSON out."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings

MODULES = "ansible_collections.vaultops.pam.plugins.modules."
Result = dict[str, Any]


def call(module: str, args: Mapping[str, Any], *, check: bool = False) -> tuple[Result, str]:
    """Run ``main()`` of a module; return its result and all that it printed."""
    asked = {"check_mode": check, "diff": True, "remote_tmp": "/tmp", "module_name": f"vaultops.pam.{module}"}
    given = {**args, **{f"_ansible_{name}": value for name, value in asked.items()}}
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy")
        # In a process that has run an action plugin, ansible-core 2.19 and newer would print warnings instead, and
        # check the texts that a module gets.
        with contextlib.suppress(ImportError):
            patch.setattr("ansible.module_utils._internal.is_controller", False)
            profiles = importlib.import_module("ansible.module_utils._internal._json._profiles")
            patch.setattr(profiles, "_string_encoding_check_enabled", lambda: False, raising=False)
        for registry in ("_global_warnings", "_global_deprecations"):  # they would live on from call to call
            getattr(ansible_warnings, registry).clear()
        main = importlib.import_module(MODULES + module).main
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
            main()
    result, printed = answered(out.getvalue())
    return result, printed + err.getvalue()


def answered(printed: str) -> tuple[Result, str]:
    """Return the result of a module, and what it printed, as the controller passes them on.

    With ansible-core 2.22 and newer a module also sends the secrets that are to be masked from then on, in clear. The
    controller takes them off the result before anyone can see them.
    """
    *before, last = printed.strip().splitlines()
    result: Result = json.loads(last)
    if result.pop("_ansible_new_secrets", None) is None:
        return result, printed
    return result, "\n".join([*before, json.dumps(result), ""])
