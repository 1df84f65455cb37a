# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as an Ansible module: options in, result out, secrets masked. Internal to the collection."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._http import REQUESTS_IMPORT_ERROR
from ._runner import execute
from ._secret import HIDDEN, Redactor
from ._service import Service

try:  # ansible-core 2.22 and newer mask on the controller too
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None


def run_module(service_class: type[Service]) -> None:
    """Be the module for *service_class*: never returns."""
    arguments = service_class.arguments
    module = AnsibleModule(
        argument_spec=dict(arguments.options),
        mutually_exclusive=arguments.mutually_exclusive,
        required_one_of=arguments.required_one_of,
        required_if=arguments.required_if,
        required_by=arguments.required_by,
        supports_check_mode=True,
    )
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    try:
        result = execute(
            service_class,
            module.params,
            check_mode=module.check_mode,
            warn=module.warn,
            redactor=_redactor(module, arguments.options),
        )
    except Exception as error:  # noqa: BLE001  # a defect of ours; its text could hold a secret, so only the place is told
        place = traceback.extract_tb(sys.exc_info()[2])[-1]
        name = place.filename.replace("\\", "/").rsplit("/", 1)[-1]
        msg = f"Unexpected {type(error).__name__} in {name}, line {place.lineno}. Please report this defect."
        result = {"failed": True, "changed": False, "msg": msg}
    result["invocation"] = {"module_args": visible(module.params, arguments.options)}
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _redactor(module: AnsibleModule, options: Mapping[str, Any]) -> Redactor:
    """Return a redactor that knows all encodings of the secret options, and tells Ansible about them.

    Ansible's own masking knows the plain value alone. A dict of secrets (custom fields) is hidden by us as a
    whole: its values may be as short as ``1``, and masking those everywhere would spoil the result.
    """

    def register(forms: Iterable[str]) -> None:
        module.no_log_values.update(forms)
        if register_secrets:
            register_secrets(forms)

    redactor = Redactor(register)
    secrets: list[str] = []
    hidden: set[str] = set()
    for name, spec in options.items():
        value = module.params.get(name)
        if not spec.get("no_log") or not value:
            continue
        if isinstance(value, dict):
            hidden.update(str(item) for item in value.values() if item is not None)
        else:
            secrets.append(str(value))
    module.no_log_values.difference_update(hidden)
    for value in secrets:
        redactor.add(value)
    for value in hidden - set(secrets):
        redactor.add(value, quietly=True)
    return redactor


def visible(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *params* with secret ones as a marker."""
    shown: dict[str, Any] = {}
    for name, value in params.items():
        secret = bool(options.get(name, {}).get("no_log")) and value is not None
        if secret and isinstance(value, dict):
            shown[name] = dict.fromkeys(value, HIDDEN)
        else:
            shown[name] = HIDDEN if secret else value
    return shown
