# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task with its secrets masked: what a module and an action plugin have in common. Internal to the collection."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.parameters import remove_values

from .._common.redaction import Redactor, texts
from .._common.secret import HIDDEN
from .._engine.run import execute
from .._engine.task import Task

try:  # ansible-core 2.22 and newer mask on the controller too
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None


def _with_secrets(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are secret or have parts that are: few of many, which counts with many accounts."""
    return {name: spec for name, spec in options.items() if spec.get("no_log") or spec.get("options")}


def run_task(
    task_class: type[Task],
    params: Mapping[str, Any],
    *,
    check_mode: bool,
    warn: Callable[[str], None],
    progress: Callable[[str], None],
    no_log_values: set[str],
) -> dict[str, Any]:
    """Run one task and return its result; a failure is in it under ``failed``.

    :param params: options that agree with the argument spec.
    :param progress: called with a few words now and then, where a task takes long.
    :param no_log_values: what Ansible is going to mask in the result; learns all encodings of the secrets.
    """
    options = task_class.arguments.options
    redactor = _redactor(params, options, no_log_values)
    try:
        result = execute(
            task_class,
            params,
            check_mode=check_mode,
            warn=lambda text: warn(remove_values(text, no_log_values)),
            progress=progress,
            redactor=redactor,
        )
    except Exception as error:  # noqa: BLE001  # a defect of ours; its text could hold a secret, so only the place is told
        place = traceback.extract_tb(sys.exc_info()[2])[-1]
        name = place.filename.replace("\\", "/").rsplit("/", 1)[-1]
        msg = f"Unexpected {type(error).__name__} in {name}, line {place.lineno}. Please report this defect."
        result = {"failed": True, "changed": False, "msg": msg}
    result["invocation"] = {"module_args": visible(params, options)}
    everything = "\n".join(texts(result))
    if not any(form in everything for form in no_log_values):
        no_log_values.clear()  # Ansible would look for each of them in each text, which takes long in a long result
    return result


def _redactor(params: Mapping[str, Any], options: Mapping[str, Any], no_log_values: set[str]) -> Redactor:
    """Return a redactor that knows all encodings of the secret options, and tells Ansible about them.

    A dict of secrets (custom fields) and options with options of their own (many accounts) are hidden by us as a
    whole: values in them may be as short as ``1`` or as many as 500, and masking those everywhere would spoil the
    result or take minutes.
    """

    def register(forms: Iterable[str]) -> None:
        no_log_values.update(forms)
        if register_secrets:
            register_secrets(forms)

    redactor = Redactor(register)
    containers = containers_in(params, options)
    found = list(secrets_in(params, options))
    hidden = {value for name, value in found if name in containers}
    secrets = [value for name, value in found if name not in containers]
    plain = [params.get(name) for name in _with_secrets(options) if name not in containers]
    no_log_values.intersection_update(texts_in(plain))
    for value in secrets:
        redactor.add(value)
    for value in hidden.difference(secrets):
        redactor.add(value, quietly=True)
    return redactor


def containers_in(params: Mapping[str, Any], options: Mapping[str, Any]) -> set[str]:
    """Return the options that hold others: they are hidden as a whole."""
    return {name for name, spec in options.items() if isinstance(params.get(name), dict) or "options" in spec}


def secrets_in(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names of secret options and each text in them; of options with own options only the secret ones."""
    for name, spec in _with_secrets(options).items():
        given = params.get(name)
        if not spec.get("no_log") or given is None:
            continue
        entries = given if isinstance(given, list) else [given]
        if "options" in spec and all(isinstance(entry, Mapping) for entry in entries):
            parts = _with_secrets(spec["options"])
            yield from ((name, value) for entry in entries for _part, value in secrets_in(entry, parts))
            continue
        for value in texts_in(given):
            if name != "proxy":
                yield name, value
            elif "@" in value:  # only the login in it is secret, however little it looks like a URL
                yield name, value.rpartition("@")[0].rpartition("://")[2]


def texts_in(value: Any) -> Iterator[str]:
    """Yield all values in *value* as texts, but for empty ones."""
    rest = [(value,)]
    while rest:
        for item in rest.pop():
            if isinstance(item, Mapping):
                rest.append(tuple(item.values()))
            elif isinstance(item, (list, tuple)):
                rest.append(tuple(item))
            elif item is not None and item != "":
                yield str(item)


def visible(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *params* with secret ones as a marker, and a URL that has a login in it as well."""
    delicate = {name: _hidden(params[name], spec) for name, spec in _with_secrets(options).items() if name in params}
    if "@" in str(params.get("url")):
        delicate["url"] = HIDDEN
    return {**params, **delicate}


def _hidden(value: Any, spec: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    parts = _with_secrets(spec.get("options") or {})
    if spec.get("options") and isinstance(value, dict):
        return visible(value, parts)
    if spec.get("options") and isinstance(value, list):
        return [visible(entry, parts) if isinstance(entry, dict) else _hidden(entry, spec) for entry in value]
    if spec.get("no_log"):
        return dict.fromkeys(value, HIDDEN) if isinstance(value, dict) else HIDDEN
    return value
