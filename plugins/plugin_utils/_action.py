# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task in the controller's own process, without a module being shipped. Internal to the collection.

From the argument spec on, both roads are the same code: ``_masked.run_task``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import (
    ansible_spec,
    result_of_bad_options,
    result_of_wrong_shape,
)
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import run_task
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.shape_check import wrong_shape_message
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import starred
from ansible_collections.vaultops.pam.plugins.module_utils._engine.task import Task
from ansible_collections.vaultops.pam.plugins.module_utils._http.wire import REQUESTS_IMPORT_ERROR

try:  # how Ansible writes the options of a module that it ships, ansible-core 2.19 and newer
    from ansible.module_utils.common.json import Direction, get_module_encoder  # type: ignore[attr-defined, unused-ignore]

    SHIPPED: Mapping[str, Any] = {"cls": get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)}
except ImportError:
    from ansible.module_utils.common.json import AnsibleJSONEncoder  # type: ignore[attr-defined, unused-ignore]

    SHIPPED = {"cls": AnsibleJSONEncoder, "vault_to_text": True}

VARIABLE = "vaultops_pam_in_process"
SETTING = {
    "default": True,
    "vars": [{"name": VARIABLE}],
    "env": [{"name": "VAULTOPS_PAM_IN_PROCESS"}],
    "ini": [{"section": "vaultops_pam", "key": "in_process"}],
}
# Ansible reads the settings of most plugins in their documentation, but not those of action plugins.
CONFIG = constants.config
CONFIG.initialize_plugin_configuration_definitions("action", "vaultops.pam", {"in_process": SETTING})


class VaultAction(ActionBase):
    """Runs ``task_class`` here when the task is for this host anyway, and ships the module of the same name otherwise.

    :cvar task_class: the one that the module runs.
    """

    task_class: type[Task]
    _supports_async = True  # by shipping the module

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task and return its result, the same on both roads."""
        known = task_vars or {}
        result = super().run(tmp, known)
        # Before the module is shipped, which cannot tell a date from a string.
        options = self.task_class.arguments.options
        message = wrong_shape_message(self._task.args, options)
        if message:
            refused = result_of_wrong_shape(message, self._given(), options)
            return {**result, **self._shown(refused, known)}
        if self._asked_for(known) and self._belongs_here():
            return {**result, **self._run_here(known)}
        # A copy, since Ansible adds its own to it, and an `until` comes here again with what the task has.
        given = dict(self._task.args)
        return {**result, **self._execute_module(module_args=given, task_vars=known, wrap_async=self._task.async_val)}

    def _asked_for(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the user lets tasks run here, by variable, environment or ini file."""
        known = {VARIABLE: self._templar.template(task_vars[VARIABLE])} if VARIABLE in task_vars else {}
        value, origin = CONFIG.get_config_value_and_origin(
            "in_process", None, "action", "vaultops.pam", variables=known
        )
        try:
            return bool(boolean(value))
        except TypeError:
            raise AnsibleActionFail(f"{VARIABLE} must be true or false, not '{value}' ({origin}).") from None

    def _belongs_here(self) -> bool:
        """Whether a shipped module would run on this host, as this user, and with this environment."""
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        connection = self._connection
        elsewhere = connection.transport != "local" or connection.become
        return not (elsewhere or environment or self._task.async_val or REQUESTS_IMPORT_ERROR)

    def _run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        arguments = self.task_class.arguments
        given = self._given()
        warnings: list[str] = []
        with _as_a_module(self._loader.get_basedir()):
            checked = ArgumentSpecValidator(**ansible_spec(arguments)).validate(given)
            params = {**given, **checked.validated_parameters}
            no_log_values = checked._no_log_values
            if checked.errors.errors:
                bad = result_of_bad_options(checked.errors.msg, params, arguments.options, no_log_values)
                result = {"failed": True, **bad}
            else:
                result = run_task(
                    self.task_class,
                    params,
                    check_mode=self._task.check_mode,
                    warn=warnings.append,
                    progress=self._display.v,
                    no_log_values=no_log_values,
                    ends=_is_time_out,
                )
        if warnings:
            result["warnings"] = list(dict.fromkeys(warnings))
        return self._shown(_returned(result, no_log_values), task_vars)

    def _given(self) -> dict[str, Any]:
        """Return the options as a shipped module gets them."""
        given: dict[str, Any] = json.loads(json.dumps(self._task.args, **SHIPPED))
        return given

    @staticmethod
    def _shown(result: dict[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return *result* with the options in it, if results are to hold them."""
        if not _invocation_wanted(task_vars):
            del result["invocation"]
        return result


@contextlib.contextmanager
def _as_a_module(folder: str) -> Iterator[None]:
    """Be where a shipped module would be: in the playbook's folder, and apart from Ansible's log.

    urllib3 logs the addresses of requests, and Ansible's log file takes what any library logs.
    """
    before, logger = os.getcwd(), logging.getLogger("urllib3")
    level = logger.level
    os.chdir(folder)
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
        os.chdir(before)


def _is_time_out(error: BaseException) -> bool:
    """Whether Ansible ends the task, by its keyword ``timeout``. Where the class stands differs between versions."""
    return any(base.__name__ == "TaskTimeoutError" for base in type(error).__mro__)


def _invocation_wanted(task_vars: Mapping[str, Any]) -> bool:
    """Whether results hold the options: a setting since ansible-core 2.21, and always before."""
    name = "INJECT_INVOCATION"
    return name not in CONFIG.get_configuration_definitions() or bool(
        CONFIG.get_config_value(name, variables=task_vars)
    )


def _returned(result: dict[str, Any], no_log_values: set[str]) -> dict[str, Any]:
    """Return *result* as a module prints it and Ansible reads it back: masked, and of plain types."""
    kept = {key: value for key, value in result.items() if value is None or isinstance(value, bool)}
    masked: dict[str, Any] = json.loads(json.dumps({**starred(result, no_log_values), **kept}))
    return masked
