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

from .._common.errors import InputError
from .._common.redaction import starred
from .._engine.task import Arguments, Task
from .._http.wire import REQUESTS_IMPORT_ERROR
from .input_check import ansible_spec, result_of_bad_options, result_of_wrong_shape
from .masking import RESULTS_ARE_MASKED, run_task
from .shape_check import wrong_shape_message

gc.freeze()
gc.enable()


class VaultModule(AnsibleModule):
    """An AnsibleModule that looks at the shape of its options before Ansible does, and whose failures hide secrets."""

    def __init__(self, arguments: Arguments) -> None:
        self.refusal: dict[str, Any] = {}
        self._options = arguments.options
        super().__init__(**ansible_spec(arguments), supports_check_mode=True)
        if self.refusal:
            self.fail_json("")

    def _load_params(self) -> None:
        super()._load_params()
        given = {name: value for name, value in self.params.items() if not name.startswith("_ansible_")}
        message = wrong_shape_message(given, self._options)
        if message:
            self.refusal = result_of_wrong_shape(message, given, self._options)
            for name in given:  # or Ansible would quote them
                del self.params[name]

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:  # type: ignore[override, unused-ignore]
        """Fail with *msg*, as AnsibleModule does, without secrets in any form."""
        found = self.refusal or result_of_bad_options(msg, self.params, self.argument_spec, self.no_log_values)
        super().fail_json(**{**kwargs, **found, "failure": kwargs.get("failure", found["failure"])})


def run_module(task_class: type[Task]) -> None:
    """Be the module for *task_class*: never returns."""
    module = VaultModule(task_class.arguments)
    if REQUESTS_IMPORT_ERROR:
        failure = InputError("", code="requests_missing").failure()
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR, failure=failure)
    result = run_task(
        task_class,
        module.params,
        check_mode=module.check_mode,
        warn=module.warn,
        progress=module.log,
        no_log_values=module.no_log_values,
    )
    if not RESULTS_ARE_MASKED:
        result = starred(result, module.no_log_values)
    if result.pop("failed", False):
        AnsibleModule.fail_json(module, **result)  # our own words, in which the server's are redacted already
    module.exit_json(**result)
