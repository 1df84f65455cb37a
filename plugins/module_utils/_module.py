# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task as an Ansible module: options in, result out, secrets masked. Internal to the collection."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._http import REQUESTS_IMPORT_ERROR
from ._runner import execute
from ._secret import HIDDEN, Redactor
from ._service import Task

try:  # ansible-core 2.22 and newer mask on the controller too
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None


class VaultModule(AnsibleModule):
    """An AnsibleModule whose failures hide secrets also when Ansible itself finds fault with the options.

    Ansible masks the plain value of an option alone, and not what it quotes or prints of it otherwise.
    """

    def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:  # type: ignore[override, unused-ignore]
        """Fail with *msg*, as AnsibleModule does, without secrets in any form."""
        redact = Redactor()
        for value in secret_values(self.params, self.argument_spec):
            redact.add(value)
        kwargs["invocation"] = {"module_args": visible(self.params, self.argument_spec)}
        super().fail_json(msg=redact(msg), **kwargs)


def run_module(task_class: type[Task]) -> None:
    """Be the module for *task_class*: never returns."""
    arguments = task_class.arguments
    module = VaultModule(
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
            task_class,
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
        AnsibleModule.fail_json(module, **result)  # our own words, in which the server's are redacted already
    module.exit_json(**result)


def _redactor(module: AnsibleModule, options: Mapping[str, Any]) -> Redactor:
    """Return a redactor that knows all encodings of the secret options, and tells Ansible about them.

    A dict of secrets (custom fields) is hidden by us as a whole: its values may be as short as ``1``, and
    masking those everywhere would spoil the result.
    """

    def register(forms: Iterable[str]) -> None:
        module.no_log_values.update(forms)
        if register_secrets:
            register_secrets(forms)

    redactor = Redactor(register)
    hidden = {value for name, value in _secrets(module.params, options) if isinstance(module.params[name], dict)}
    secrets = [value for name, value in _secrets(module.params, options) if not isinstance(module.params[name], dict)]
    module.no_log_values.difference_update(hidden)
    for value in secrets:
        redactor.add(value)
    for value in hidden.difference(secrets):
        redactor.add(value, quietly=True)
    return redactor


def _secrets(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, spec in options.items():
        if spec.get("no_log"):
            for value in _leaves(params.get(name)):
                if name != "proxy":
                    yield name, value
                elif "@" in value:  # only the login in it is secret, however little it looks like a URL
                    yield name, value.rpartition("@")[0].rpartition("://")[2]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif value not in (None, ""):
        yield str(value)


def secret_values(params: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Return all texts within secret options."""
    return [value for _name, value in _secrets(params, options)]


def visible(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *params* with secret ones as a marker, and a URL that has a login in it as well."""
    shown: dict[str, Any] = {}
    for name, value in params.items():
        secret = bool(options.get(name, {}).get("no_log")) and value is not None
        if secret and isinstance(value, dict):
            shown[name] = dict.fromkeys(value, HIDDEN)
        else:
            shown[name] = HIDDEN if secret or (name == "url" and "@" in str(value)) else value
    return shown
