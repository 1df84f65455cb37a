# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as Ansible checks them, and what is said when they are wrong. Internal to the collection."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound  # type: ignore[attr-defined, unused-ignore]

from .._common.errors import InputError
from .._common.redaction import Redactor
from .._engine.task import Arguments
from .masking import containers_in, secrets_in, texts_in, unchecked


def _from_environment(*names: str) -> str:
    """Return the first variable that is not empty: AWX sets one for each field of a credential, given or not."""
    value = next((os.environ[name] for name in names if os.environ.get(name)), None)
    if value is None:
        raise AnsibleFallbackNotFound
    return value


def _with_fallback(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of an option with its environment variable as Ansible wants it."""
    rest = {key: value for key, value in spec.items() if key != "unquoted" and not key.endswith("variable")}
    if "options" in rest:
        rest["options"] = {name: _with_fallback(inner) for name, inner in rest["options"].items()}
    return {**rest, "fallback": (_from_environment, [spec["variable"]])} if "variable" in spec else rest


def ansible_spec(arguments: Arguments) -> dict[str, Any]:
    """Return *arguments* as AnsibleModule and ArgumentSpecValidator take them."""
    return {
        "argument_spec": {name: _with_fallback(spec) for name, spec in arguments.options.items()},
        "mutually_exclusive": arguments.mutually_exclusive,
        "required_one_of": arguments.required_one_of,
        "required_if": arguments.required_if,
        "required_by": arguments.required_by,
    }


def result_of_bad_options(
    msg: str, params: Mapping[str, Any], options: Mapping[str, Any], no_log_values: set[str]
) -> dict[str, Any]:
    """Return the result for options with which Ansible itself finds fault, without secrets in any form.

    Ansible masks the plain value of an option alone, and not what it quotes or prints of it otherwise.
    """
    redact = Redactor()
    for _name, value, _weak in secrets_in(params, options):
        redact.add(value)
    no_log_values.difference_update(_texts_within_containers(params, options))
    failure = InputError("").failure()
    return {"msg": redact(msg), "failure": failure, "invocation": {"module_args": unchecked(params, options)}}


def result_of_wrong_shape(msg: str, given: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result for options that ``wrong_shape_message`` refused, as they were given."""
    shown = {"module_args": unchecked(given, options)}
    return {"failed": True, "changed": False, "msg": msg, "failure": InputError("").failure(), "invocation": shown}


def _texts_within_containers(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    for name in containers_in(params, options):
        yield from texts_in(params.get(name))
