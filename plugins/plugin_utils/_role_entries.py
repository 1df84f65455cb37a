# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether lists of entries in a role's variables are usable. Internal to the collection.

Ansible quotes a value that it does not like, and the value may be a password in the wrong line. So the argument specs
declare such lists as ``raw``, which Ansible does not look into, and they are checked here. Names of options and of
accounts are quoted, values never.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# What YAML and Ansible take for a truth value, and what extra variables make of one.
TRUTH = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "1", "0", "1.0", "0.0"})
# Texts that are numbers by their nature, so that they may stand without quotes: IDs of the vault, and digits.
NUMBERS = ("_id", "_ids", "_digits", "_validity")
NO_NUMBERS = ("ticket_id",)
WORDS = {
    "str": "a string",
    "path": "a string",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "dict": "a dictionary",
}
MAX_NAME = 60  # characters of an account's name that are shown
Options = Mapping[str, Mapping[str, Any]]


def bad_entries(entries: Any, name: str, options: Options) -> list[str]:
    """Return a sentence for each fault of a list of entries, such as the accounts of a role.

    :param name: of the variable, for the sentences.
    :param options: of one entry, as in an argument spec: ``type``, ``elements``, ``choices``, ``required``, ``options``
    """
    if not _is_list(entries):
        return [f"{name} must be a list. Even a single entry begins with a dash."]
    places = ((entry, _place(name, number, entry)) for number, entry in enumerate(entries))
    return [fault for entry, where in places for fault in _faults(entry, where, options)]


def bad_options(entry: Any, name: str, options: Options) -> list[str]:
    """Return a sentence for each fault of one dictionary of options; those that are required may be missing."""
    return list(_faults(entry, name, {option: {**spec, "required": False} for option, spec in options.items()}))


def bad_values(values: Mapping[str, Any], options: Options) -> list[str]:
    """Return a sentence for each variable whose value does not fit; unknown ones are left alone."""
    known = {name: value for name, value in values.items() if name in options and value is not None}
    faults = (fault for name, value in known.items() for fault in _faults_of(value, "", name, options[name]))
    return [fault.removeprefix(": ").removeprefix(", ") for fault in faults]


def is_true(value: Any) -> bool:
    """Return what Ansible takes a value for that is a truth value, or a text that means one."""
    return str(value).strip().lower() in ("true", "yes", "on", "y", "t", "1", "1.0")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _place(name: str, number: int, entry: Any) -> str:
    """Return an entry in words, such as ``onboard_host_accounts[2] (root)``."""
    known = entry.get("name") if isinstance(entry, Mapping) else None
    shown = f" ({known})" if isinstance(known, str) and known.isprintable() and 0 < len(known) <= MAX_NAME else ""
    return f"{name}[{number}]{shown}"


def _faults(entry: Any, where: str, options: Options) -> Iterator[str]:
    """Yield what is wrong with a dictionary of options."""
    if not isinstance(entry, Mapping):
        yield f"{where} must be a dictionary of options."
        return
    for option, value in entry.items():
        if not isinstance(option, str) or option not in options:
            shown = option if isinstance(option, str) else f"({type(option).__name__})"
            near = difflib.get_close_matches(shown, options, n=1)
            yield f"{where} has no option {shown}." + (f" Did you mean {near[0]}?" if near else "")
        elif value is not None:
            yield from _faults_of(value, where, option, options[option])
    for option, spec in options.items():
        if spec.get("required") and entry.get(option) is None:
            yield f"{where}: {option} is required."


def _faults_of(value: Any, where: str, option: str, spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the value of one option."""
    kind, parts = spec.get("type", "str"), spec.get("options")
    if kind == "list":
        if not _is_list(value):
            yield f"{where}: {option} must be a list."
            return
        one = {"type": spec.get("elements", "str"), "choices": spec.get("choices"), "options": parts}
        for number, item in enumerate(value):
            yield from _faults_of(item, where, f"{option}[{number}]", one)
    elif kind == "dict" and parts:
        yield from _faults(value, f"{where}, {option}", parts)
    elif not _fits(kind, value, option):
        quotes = kind in ("str", "path") and not isinstance(value, (list, tuple, Mapping))
        yield f"{where}: {option} must be {WORDS[kind]}." + (" Put it in quotes." if quotes else "")
    elif spec.get("choices") and value not in spec["choices"]:
        yield f"{where}: {option} must be one of {', '.join(map(str, spec['choices']))}."


def _fits(kind: str, value: Any, option: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool) or (isinstance(value, (str, int)) and str(value).strip().lower() in TRUTH)
    if kind in ("int", "float"):
        return _is_number(value, int if kind == "int" else float)
    if kind in ("str", "path"):
        number = isinstance(value, int) and not isinstance(value, bool)
        name = option.partition("[")[0]
        return isinstance(value, str) or (number and name.endswith(NUMBERS) and not name.endswith(NO_NUMBERS))
    return kind != "dict" or isinstance(value, Mapping)


def _is_number(value: Any, kind: type) -> bool:
    try:
        number = kind(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool) and (isinstance(value, str) or bool(value == number))
