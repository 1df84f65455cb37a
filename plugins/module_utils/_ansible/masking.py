# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task with its secrets masked: what a module and an action plugin have in common. Internal to the collection."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .._common.errors import VaultError
from .._common.redaction import Redactor, starred, texts
from .._common.secret import HIDDEN
from .._engine.run import execute
from .._engine.task import Task
from .shape_check import wrong_value_message

try:  # ansible-core 2.22 and newer mask on the controller too
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None
RESULTS_ARE_MASKED = register_secrets is None  # by Ansible, on their way out of a module: up to ansible-core 2.21


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
    ends: Callable[[BaseException], bool] = lambda _error: False,
) -> dict[str, Any]:
    """Run one task and return its result; a failure is in it under ``failed``.

    :param params: options that agree with the argument spec.
    :param progress: called with a few words now and then, where a task takes long.
    :param no_log_values: what Ansible is going to mask in the result; learns all encodings of the secrets.
    :param ends: see ``execute``.
    """
    options = task_class.arguments.options
    redactor = _redactor(params, options, no_log_values)
    try:
        result = execute(
            task_class,
            params,
            check_mode=check_mode,
            # Before Ansible has it: ansible-core 2.19 to 2.21 print warnings as they are.
            warn=lambda text: warn(starred(redactor.ours(text), no_log_values)),
            progress=progress,
            ends=ends,
            redactor=redactor,
        )
    except Exception as error:  # noqa: BLE001  # a defect of ours; its text could hold a secret, so only the place is told
        place = traceback.extract_tb(sys.exc_info()[2])[-1]
        name = place.filename.replace("\\", "/").rsplit("/", 1)[-1]
        msg = f"Unexpected {type(error).__name__} in {name}, line {place.lineno}. Please report this defect."
        result = {"failed": True, "changed": False, "msg": msg, "failure": VaultError(msg).failure()}
    result = _printable({**result, "invocation": {"module_args": visible(params, options)}})
    _redact_failures(result, redactor.ours)
    everything = "\n".join(texts(result))
    if not any(form in everything for form in no_log_values):
        no_log_values.clear()  # Ansible would look for each of them in each text, which takes long in a long result
    return result


def _redact_failures(result: dict[str, Any], redact: Callable[[str], str]) -> None:
    """Take secrets out of what a failure says: with a name that the server gave, there may be one in it."""
    for one in (result, *result.get("accounts", ())):
        if one.get("failed"):
            one["msg"] = redact(one["msg"])
            failure = one.get("failure", {})
            failure.update({key: redact(text) for key, text in failure.items() if isinstance(text, str)})


def _printable(result: dict[str, Any]) -> dict[str, Any]:
    """Return *result* without halves of surrogate pairs, which JSON can carry and no terminal or file can."""
    if "\\ud" not in json.dumps(result):
        return result
    whole: dict[str, Any] = _whole_characters(result)
    return whole


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
    return [_whole_characters(item) for item in value] if isinstance(value, (list, tuple)) else value


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
    hidden = {(value, weak) for name, value, weak in found if name in containers}
    secrets = {value for name, value, _weak in found if name not in containers}
    plain = [params.get(name) for name in _with_secrets(options) if name not in containers]
    no_log_values.intersection_update(texts_in(plain))
    for value in secrets:
        redactor.add(value)
    for value, weak in hidden:
        if value not in secrets:
            redactor.add(value, quietly=True, weak=weak)
    return redactor


def containers_in(params: Mapping[str, Any], options: Mapping[str, Any]) -> set[str]:
    """Return the options that hold others: they are hidden as a whole."""
    return {name for name, spec in options.items() if isinstance(params.get(name), dict) or "options" in spec}


def secrets_in(params: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield the names of secret options, each text in them, and whether it may be an everyday word.

    Of options with own options only the secret ones count. Everyday words stand in dictionaries, as custom fields.
    """
    for name, spec in _with_secrets(options).items():
        given = params.get(name)
        if not spec.get("no_log") or given is None:
            continue
        entries = given if isinstance(given, list) else [given]
        if "options" in spec and all(isinstance(entry, Mapping) for entry in entries):
            parts = _with_secrets(spec["options"])
            yield from ((name, value, weak) for entry in entries for _part, value, weak in secrets_in(entry, parts))
            continue
        for value in texts_in(given):
            if name != "proxy":
                yield name, value, isinstance(given, Mapping)
            elif "@" in value:  # only the login in it is secret, however little it looks like a URL
                yield name, value.rpartition("@")[0].rpartition("://")[2], False


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
    """Return *params*, which agree with *options*, with secret ones as a marker, and a URL that has a login in it."""
    delicate = {name: _hidden(params[name], spec) for name, spec in _with_secrets(options).items() if name in params}
    if "@" in str(params.get("url")):
        delicate["url"] = HIDDEN
    return {**params, **delicate}


def unchecked(given: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same of options that need not agree with anything.

    A value under an unknown name counts as a secret, as the name may be a misspelt one, and so does what cannot be
    meant; and what is given as a secret is masked in the others too.
    """
    masked: dict[str, Any] = starred(_unchecked(given, options), set(_plain_secrets(given, options)))
    return masked


def _unchecked(given: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    shown = visible(given, options)
    for name, value in given.items():
        spec = options.get(name)
        inner = spec and spec.get("options")
        if spec is None:
            shown[name] = HIDDEN
        elif inner and isinstance(value, dict) and spec["type"] == "dict":
            shown[name] = _unchecked(value, inner)
        elif inner and isinstance(value, list):
            shown[name] = [_unchecked(entry, inner) if isinstance(entry, dict) else HIDDEN for entry in value]
        elif value is not None and wrong_value_message(name, value, spec):
            shown[name] = HIDDEN
    return shown


def _plain_secrets(given: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secret options that are texts, at any depth."""
    for name, spec in options.items():
        value = given.get(name)
        if isinstance(value, str) and spec.get("no_log") and value:
            yield value
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield from _plain_secrets(entry, spec.get("options") or {})


def _hidden(value: Any, spec: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    options = spec.get("options")
    if not options:
        return dict.fromkeys(value, HIDDEN) if isinstance(value, dict) else HIDDEN
    if isinstance(value, dict) and spec.get("type") == "dict":
        return visible(value, _with_secrets(options))
    if isinstance(value, list):
        parts = _with_secrets(options)
        return [visible(entry, parts) if isinstance(entry, dict) else HIDDEN for entry in value]
    return HIDDEN
