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

from .._engine.run import execute
from .._common.secret import HIDDEN, Redactor, texts
from .._engine.task import Arguments, Task

try:  # ansible-core 2.22 and newer mask on the controller too
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None


NO_TEXTS: Mapping[type, str] = {list: "a list", dict: "a dictionary", bool: "a truth value", float: "a number"}
SECRET_NO_TEXTS = tuple(NO_TEXTS)


def rules(arguments: Arguments) -> dict[str, Any]:
    """Return *arguments* as AnsibleModule and ArgumentSpecValidator take them."""
    return {
        "argument_spec": dict(arguments.options),
        "mutually_exclusive": arguments.mutually_exclusive,
        "required_one_of": arguments.required_one_of,
        "required_if": arguments.required_if,
        "required_by": arguments.required_by,
    }


def refused(msg: str, params: Mapping[str, Any], options: Mapping[str, Any], no_log_values: set[str]) -> dict[str, Any]:
    """Return the result for options with which Ansible itself finds fault, without secrets in any form.

    Ansible masks the plain value of an option alone, and not what it quotes or prints of it otherwise.
    """
    redact = Redactor()
    for _name, value in _secrets(params, options):
        redact.add(value)
    no_log_values.difference_update(_within_containers(params, options))
    return {"msg": redact(msg), "invocation": {"module_args": _visible(params, options)}}


def no_text(given: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return a sentence about the first text that is none, or ``""``; *given*: before Ansible makes it one.

    Ansible takes a list for a text, brackets and quotes included, and that is not what anybody wants as a name or a
    password. A truth value or a number with a point is no password either.
    """
    for name, value in given.items():
        spec = options.get(name, {})
        if spec.get("options"):
            for number, entry in enumerate(value if isinstance(value, list) else [value]):
                found = no_text(entry, spec["options"]) if isinstance(entry, Mapping) else ""
                if found:
                    return f"{name}[{number}].{found}" if isinstance(value, list) else f"{name}.{found}"
        elif spec.get("type") == "str" and isinstance(value, SECRET_NO_TEXTS if spec.get("no_log") else (list, dict)):
            kind = next(words for one, words in NO_TEXTS.items() if isinstance(value, one))
            return f"{name} must be a text, and not {kind}. Put it in quotes, or take lookup and not query."
    return ""


def _delicate(options: Mapping[str, Any]) -> dict[str, Any]:
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
    result["invocation"] = {"module_args": _visible(params, options)}
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
    containers = _containers(params, options)
    found = list(_secrets(params, options))
    hidden = {value for name, value in found if name in containers}
    secrets = [value for name, value in found if name not in containers]
    plain = [params.get(name) for name in _delicate(options) if name not in containers]
    no_log_values.intersection_update(_leaves(plain))
    for value in secrets:
        redactor.add(value)
    for value in hidden.difference(secrets):
        redactor.add(value, quietly=True)
    return redactor


def _containers(params: Mapping[str, Any], options: Mapping[str, Any]) -> set[str]:
    return {name for name, spec in options.items() if isinstance(params.get(name), dict) or "options" in spec}


def _within_containers(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    for name in _containers(params, options):
        yield from _leaves(params.get(name))


def _secrets(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names of secret options and each text in them; of options with own options only the secret ones."""
    for name, spec in _delicate(options).items():
        given = params.get(name)
        if not spec.get("no_log") or given is None:
            continue
        entries = given if isinstance(given, list) else [given]
        if "options" in spec and all(isinstance(entry, Mapping) for entry in entries):
            parts = _delicate(spec["options"])
            yield from ((name, value) for entry in entries for _part, value in _secrets(entry, parts))
            continue
        for value in _leaves(given):
            if name != "proxy":
                yield name, value
            elif "@" in value:  # only the login in it is secret, however little it looks like a URL
                yield name, value.rpartition("@")[0].rpartition("://")[2]


def _leaves(value: Any) -> Iterator[str]:
    rest = [(value,)]
    while rest:
        for item in rest.pop():
            if isinstance(item, Mapping):
                rest.append(tuple(item.values()))
            elif isinstance(item, (list, tuple)):
                rest.append(tuple(item))
            elif item is not None and item != "":
                yield str(item)


def _visible(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *params* with secret ones as a marker, and a URL that has a login in it as well."""
    delicate = {name: _seen(params[name], spec) for name, spec in _delicate(options).items() if name in params}
    if "@" in str(params.get("url")):
        delicate["url"] = HIDDEN
    return {**params, **delicate}


def _seen(value: Any, spec: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    parts = _delicate(spec.get("options") or {})
    if spec.get("options") and isinstance(value, dict):
        return _visible(value, parts)
    if spec.get("options") and isinstance(value, list):
        return [_visible(entry, parts) if isinstance(entry, dict) else _seen(entry, spec) for entry in value]
    if spec.get("no_log"):
        return dict.fromkeys(value, HIDDEN) if isinstance(value, dict) else HIDDEN
    return value
