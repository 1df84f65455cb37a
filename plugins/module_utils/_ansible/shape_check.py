# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the wrong shape, found before Ansible looks at them. Internal to the collection.

Ansible quotes the values with which it finds fault, or shows them among the options: a list in the list ``accounts``
would print its passwords. It also makes a string of whatever is given, so that ``password: 0123`` becomes 83.
No sentence here holds a value.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_float, check_type_int

from .._common.wording import one_line

# By what they are called in words; the first that fits counts, so a truth value is no number.
KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (date, "a date"),
    (str, "a string"),
    (Mapping, "a dictionary"),
    (list, "a list"),
    (tuple, "a list"),
)
WORDS = {"str": "a string", "path": "a path", "int": "a number", "float": "a number", "bool": "true or false"}
CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "int": check_type_int,
    "float": check_type_float,
    "bool": check_type_bool,
}
CONTAINERS = (Mapping, list, tuple)
NO_STRINGS = (bool, int, float, date)


def wrong_shape_message(given: Mapping[Any, Any], options: Mapping[str, Any], within: str = "") -> str:
    """Return a message for the first option that is unknown or of the wrong shape, or ``""``.

    :param given: the options before Ansible converts them.
    :param within: what stands before their names, such as ``accounts[3].``.
    """
    for name, value in given.items():
        place = f"{within}{one_line(name)}"
        spec = options.get(name)
        if spec is None:
            return f"Unsupported parameter: {place}. {meant(str(name), options)}"
        message = wrong_value_message(place, value, spec) if value is not None else ""
        if message:
            return message
    return ""


def meant(name: str, options: Iterable[str]) -> str:
    """Return a sentence with the option that *name* may have been meant for, or with all that there are."""
    folded = {option.replace("_", ""): option for option in options}
    near = difflib.get_close_matches(name.lower().replace("_", "").replace("-", ""), folded, n=1)
    return f"Did you mean {folded[near[0]]}?" if near else f"The options here are {', '.join(sorted(options))}."


def wrong_value_message(place: str, value: Any, spec: Mapping[str, Any]) -> str:
    """Return a message for one option that is of the wrong shape, or ``""``."""
    kind, elements = spec.get("type", "str"), spec.get("elements", "raw")
    if kind == "dict":
        return _wrong_entry(place, value, spec)
    if kind != "list":
        return _wrong_scalar(place, value, kind, spec)
    if isinstance(value, (list, tuple)):
        checked = (
            _wrong_entry(f"{place}[{number}]", entry, spec)
            if elements == "dict"
            else _wrong_scalar(f"{place}[{number}]", entry, elements, spec)
            for number, entry in enumerate(value)
        )
        return next(filter(None, checked), "")
    if elements == "dict" or isinstance(value, Mapping):
        return f"{place} must be a list{' of dictionaries' if elements == 'dict' else ''}, not {_kind(value)}."
    return _wrong_scalar(place, value, elements, spec)


def _wrong_entry(place: str, entry: Any, spec: Mapping[str, Any]) -> str:
    options = spec.get("options") or {}
    if isinstance(entry, str):
        with suppress(TypeError, ValueError):  # a dictionary as a string, in the forms that Ansible knows
            entry = check_type_dict(entry)
    if isinstance(entry, Mapping):
        return wrong_shape_message(entry, options, f"{place}.") if options else ""
    hint = f" Its options are {', '.join(sorted(options))}." if options else ""
    if isinstance(entry, (list, tuple)):
        hint = " Where lists of lists are put together, the filter flatten helps."
    return f"{place} must be a dictionary, not {_kind(entry)}.{hint}"


def _wrong_scalar(place: str, value: Any, kind: str, spec: Mapping[str, Any]) -> str:
    if isinstance(value, CONTAINERS):
        if kind not in WORDS:
            return ""
        hint = " Put it in quotes, or use lookup instead of query." if kind == "str" else ""
        return f"{place} must be {WORDS[kind]}, not {_kind(value)}.{hint}"
    if not _converts(value, kind):
        return f"{place} must be {WORDS[kind]}."
    choices = spec.get("choices")
    if choices and value not in choices and str(value) not in choices:
        return f"{place} must be one of {', '.join(choices)}."
    # YAML reads 0042 as 34, 1_0 as 10 and 12:30 as 750.
    if kind == "str" and isinstance(value, NO_STRINGS) and not spec.get("unquoted"):
        hint = "Put it in quotes; for a variable, use the filter string."
        return f"{place} must be a string, not {_kind(value)}. {hint}"
    return ""


def _converts(value: Any, kind: str) -> bool:
    try:
        CONVERSIONS.get(kind, str)(value)
    except (TypeError, ValueError):
        return False
    return True


def _kind(value: Any) -> str:
    return next((words for kind, words in KINDS if isinstance(value, kind)), "something else")
