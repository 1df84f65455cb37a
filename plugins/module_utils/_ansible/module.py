# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as an Ansible module, which Ansible ships to where it runs. Internal to the collection."""

from __future__ import annotations

import gc
from typing import Any, NoReturn

# A shipped module is a short process, and what it imports stays until its end. To look for garbage in all of that,
# on the way and once more at the exit, would take a tenth of the whole task.
gc.disable()

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._engine.task import Task
from .._http.wire import REQUESTS_IMPORT_ERROR
from .input_check import ansible_spec, result_of_bad_options, wrong_type_message
from .masking import run_task

gc.freeze()
gc.enable()


class VaultModule(AnsibleModule):
    """An AnsibleModule whose failures hide secrets also when Ansible itself finds fault with the options."""

    def _load_params(self) -> None:
        super()._load_params()
        self.given = dict(self.params)

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:  # type: ignore[override, unused-ignore]
        """Fail with *msg*, as AnsibleModule does, without secrets in any form."""
        super().fail_json(
            **{**kwargs, **result_of_bad_options(msg, self.params, self.argument_spec, self.no_log_values)}
        )


def run_module(task_class: type[Task]) -> None:
    """Be the module for *task_class*: never returns."""
    module = VaultModule(**ansible_spec(task_class.arguments), supports_check_mode=True)
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    wrong = wrong_type_message(module.given, task_class.arguments.options)
    if wrong:
        module.fail_json(msg=wrong)
    result = run_task(
        task_class,
        module.params,
        check_mode=module.check_mode,
        warn=module.warn,
        progress=module.log,
        no_log_values=module.no_log_values,
    )
    if result.pop("failed", False):
        AnsibleModule.fail_json(module, **result)  # our own words, in which the server's are redacted already
    module.exit_json(**result)
