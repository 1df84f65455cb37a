# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a field is: its kind, its names, when it is sent and where it is read. Internal to the collection.

A setting of a vault object is one line of one table of Field (see ``_pam360/fields.py``). Argument specs,
request bodies, comparison, diff and results are derived from these lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from .._common.errors import InputError
from .._common.secret import HIDDEN, HIDDEN_CHANGE, Secret

UNKNOWN = "(unknown)"
MISSING: Any = object()
EMPTY: tuple[Any, ...] = (None, "", "N/A", [], {})


class Kind(NamedTuple):
    """How values of a field are declared, checked, sent, compared and shown.

    :param spec: the part of an argument spec that declares the type.
    :param clean: the task's value to the value that is compared and sent, or ``None`` for nothing given;
        raises ValueError with a reason.
    :param wire: that value, and the current one if any, to what goes into the request.
    :param read: the server's value to the same form as ``clean`` gives.
    :param difference: (wanted, current) to what is shown as before and after, or ``None`` when equal.
    :param show: a wanted value, or one that was read, to what may be seen of it.
    :param predict: (wanted, current) to what the vault will show after the write.
    :param rest: (wanted or ``None``, current) to the part of the current value that the task does not name.
    """

    name: str
    spec: Mapping[str, Any]
    clean: Callable[[Any], Any]
    wire: Callable[[Any, Any], Any] = lambda wanted, _current: wanted
    read: Callable[[Any], Any] = lambda value: value
    difference: Callable[[Any, Any], tuple[Any, Any] | None] = lambda wanted, current: (
        None if wanted == current else (current, wanted)
    )
    show: Callable[[Any], Any] = lambda value: value
    rest: Callable[[Any, Any], Any] = lambda wanted, current: current if wanted is None else None
    predict: Callable[[Any, Any], Any] = lambda wanted, _current: wanted
    secret: bool = False


def _text(value: Any) -> str:
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("holds bytes that are not valid UTF-8") from None
    return text


def _read_text(value: Any) -> str:
    return "" if value in EMPTY else str(value)


def _text_difference(wanted: str, current: str) -> tuple[str, str] | None:
    # The vault shows an empty text as "N/A" in some answers, so the two cannot be told apart.
    return None if _read_text(wanted) == _read_text(current) else (current, wanted)


def _name(value: Any) -> str:
    if not _text(value).strip():
        raise ValueError("must not be empty")
    return _text(value)


def _whole(value: Any) -> int:
    if int(value) < 0:
        raise ValueError("must be 0 or more")
    return int(value)


def _digits(value: Any) -> str:
    if not (str(value).isascii() and str(value).isdigit()):
        raise ValueError("must be a whole number, 0 or more")
    return str(value)


def _read_number(value: Any) -> int | None:
    return int(value) if str(value).isascii() and str(value).isdigit() else None


def _not_empty(values: list[str]) -> list[str]:
    if not values:
        raise ValueError("must not be empty: nothing shows that an empty list clears it")
    return list(dict.fromkeys(values))


def _secret(value: Any) -> Secret:
    return Secret(_text(value))


def _secret_difference(wanted: Secret, current: Secret) -> tuple[str, str] | None:
    return None if wanted == current else (HIDDEN, HIDDEN_CHANGE)


TEXT = Kind("text", {"type": "str"}, _text, read=_read_text, difference=_text_difference)
NAME = Kind("name", {"type": "str"}, _name, read=_read_text)
DIGITS = Kind("digits", {"type": "str", "unquoted": True}, _digits, read=_read_text)
ID = Kind("id", {"type": "str"}, _digits)
INTEGER = Kind("integer", {"type": "int"}, _whole, read=_read_number)
BOOLEAN = Kind("boolean", {"type": "bool"}, bool, read=lambda value: str(value).strip().casefold() == "true")
NAME_LIST = Kind(
    "name list",
    {"type": "list", "elements": "str", "unquoted": True},
    lambda value: _not_empty([_name(one) for one in value]),
)
SECRET = Kind(
    "secret",
    {"type": "str", "no_log": True},
    _secret,
    difference=_secret_difference,
    show=lambda _value: HIDDEN,
    secret=True,
)


class Field(NamedTuple):
    """One setting.

    :param option: name of the module option, snake_case.
    :param api: name in requests.
    :param create: can be sent when the object is made.
    :param update: can be sent when the object exists.
    :param read: names under which answers show it, the first one counts; none means write-only.
    :param part: which request of an update carries it, ``settings``, ``groups``, ``shares`` or ``password``.
    :param letter: stands for the setting in a fingerprint; only what can be write-only has one.
    """

    option: str
    api: str
    kind: Kind = TEXT
    create: bool = True
    update: bool = True
    read: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    part: str = "settings"
    letter: str = ""
    extra: Mapping[str, Any] = {}

    def argument(self) -> dict[str, Any]:
        """Return this option's part of an argument spec."""
        spec = {**self.kind.spec, **self.extra}
        if self.choices:
            spec["choices"] = list(self.choices)
        elif self.kind.spec["type"] == "str" and "no_log" not in spec and _looks_secret(self.option):
            spec["no_log"] = False  # a name such as password_policy would make Ansible warn
        return spec


def read_values(fields: Iterable[Field], *records: Mapping[str, Any] | None, partial: bool = False) -> dict[str, Any]:
    """Return the values that *records* show, by option, the later ones first.

    A readable setting that none of them holds is empty, as an answer may leave out what is not set. A list or an object
    where a text belongs shows nothing: taken for one, it would be compared, and written back after an edit.

    :param records: values by the names that the fields are read under; ``None`` for no record.
    :param partial: leave such a setting out, because another answer may show it.
    """
    values = {}
    for item in fields:
        found = [record[name] for record in records if record for name in item.read[::-1] if name in record]
        usable = [value for value in found if not (item.kind.spec["type"] == "str" and _is_container(value))]
        if usable or (item.read and not partial and not found):
            values[item.option] = item.kind.read(usable[-1] if usable else None)
    return values


def _is_container(value: Any) -> bool:
    return bool(value) and isinstance(value, (Mapping, list))


def _looks_secret(option: str) -> bool:
    return "password" in option or "secret" in option or "totp" in option


def argument_spec(fields: Iterable[Field]) -> dict[str, Any]:
    """Return the argument spec of a table of fields."""
    return {item.option: item.argument() for item in fields}


def cleaned_settings(fields: Iterable[Field], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cleaned values of the fields that the task gave; ``None`` means not given."""
    given = {}
    for item in fields:
        value = params.get(item.option)
        if value is None:
            continue
        try:
            cleaned = item.kind.clean(value)
        except ValueError as error:
            raise InputError(f"{item.option} {error}") from None
        if cleaned is not None:
            given[item.option] = cleaned
    return given


def cleaned_text(kind: Kind, option: str, params: Mapping[str, Any]) -> str:
    """Return one option as text, ``""`` when it is not given; raise InputError for a senseless value."""
    value = params.get(option)
    if value is None:
        return ""
    try:
        return str(kind.clean(value))
    except ValueError as error:
        raise InputError(f"{option} {error}") from None


def cleaned_texts(kinds: Mapping[str, Kind], params: Mapping[str, Any]) -> dict[str, str]:
    """Return several options as ``cleaned_text`` does, by option."""
    return {option: cleaned_text(kind, option, params) for option, kind in kinds.items()}


def request_body(
    fields: Iterable[Field], values: Mapping[str, Any], current: Mapping[str, Any] | None = None, *, create: bool
) -> dict[str, Any]:
    """Return the request body for *values*: API names, JSON types as documented.

    The body of an update carries settings only; a password, shares and groups have requests of their own.
    """
    current = current or {}
    return {
        item.api: item.kind.wire(values[item.option], current.get(item.option))
        for item in fields
        if item.option in values and (item.create if create else item.update and item.part == "settings")
    }
