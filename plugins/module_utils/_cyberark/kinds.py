# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How CyberArk keeps values: unset is left out, platform properties are texts, machines one text. Internal.

A value that is not there reads as ``""``, ``[]``, ``{}`` or ``None`` (for a flag). Giving an empty value
takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._engine.fields import BOOLEAN, NAME, TEXT, Kind

# The server takes them, and never shows them.
GROUP_NAMES = ("groupname", "groupplatformid")
TRUE, FALSE = ("true", "yes"), ("false", "no")

Properties = Mapping[str, Any]


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _exact(wanted: Any, current: Any) -> tuple[Any, Any] | None:
    return None if wanted == current else (current, wanted)


def _caseless(wanted: str, current: str) -> tuple[str, str] | None:
    return None if wanted.casefold() == current.casefold() else (current, wanted)


PLAIN = TEXT._replace(name="plain text", read=_plain, difference=_exact)
PLAIN_NAME = NAME._replace(read=_plain, difference=_exact)
CASELESS = NAME._replace(name="caseless name", read=_plain, difference=_caseless)
CASELESS_TEXT = PLAIN._replace(name="caseless text", difference=_caseless)
# Always one or the other; an answer without it does not tell which.
TOLD_FLAG = BOOLEAN._replace(
    name="told flag", read=lambda value: None if value is None else BOOLEAN.read(value), difference=_exact
)
# A false that nobody sees is not sent, as some platforms do not know the flag (PASWS168E).
FLAG = TOLD_FLAG._replace(
    name="flag",
    wire=lambda wanted, current: "" if not wanted and current is None else wanted,
    difference=lambda wanted, current: _exact(wanted, bool(current)),
)


def _machines(value: Any) -> list[str]:
    machines = [str(item).strip() for item in value]
    if not all(machines) or any(re.search("[;,]", TEXT.clean(item)) for item in machines):
        raise ValueError("must be one machine in each entry, without semicolons and commas")
    return list(dict.fromkeys(machines))


def _read_machines(value: Any) -> list[str]:
    # Documented with semicolons; the vendor's SDK joins with commas.
    return [item.strip() for item in re.split("[;,]", _plain(value)) if item.strip()]


MACHINES = Kind(
    "remote machines",
    {"type": "list", "elements": "str"},
    _machines,
    wire=lambda wanted, _current: ";".join(wanted),
    read=_read_machines,
    difference=lambda wanted, current: None if set(wanted) == set(current) else (current, wanted),
)


def in_group(name: str) -> bool:
    """Whether a platform property is one that the server never shows."""
    return name.casefold() in GROUP_NAMES


def _clean(value: Mapping[Any, Any]) -> dict[str, Any] | None:
    """Keep truth values apart, since a server may write them in several ways; a null becomes ``""``: removed.

    An empty dictionary is nothing at all: Ansible makes it of ``{Port: "{{ port | default(omit) }}"}``.
    """
    properties: dict[str, Any] = {}
    for key, item in value.items():
        name = TEXT.clean(key)
        if not name.strip() or isinstance(item, (list, dict)):
            raise ValueError("must be names with one text, number or truth value each, or null to remove one")
        if in_group(name) and item in (None, ""):
            raise ValueError(f"cannot remove {name}, which the vault does not show")
        if name.casefold() in {other.casefold() for other in properties}:
            raise ValueError(f"names {name} twice")
        properties[name] = item if isinstance(item, bool) else TEXT.clean("" if item is None else item)
    return properties or None


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(value: Any, current: str) -> bool:
    if isinstance(value, bool):
        return current.casefold() in (TRUE if value else FALSE)
    return bool(value == current)


def _asked(wanted: Properties, current: Properties) -> dict[str, Any]:
    """Return *wanted* in the vault's spelling of the names."""
    spelt = {name.casefold(): name for name in current}
    return {spelt.get(name.casefold(), name): value for name, value in wanted.items()}


def _drifted(wanted: Properties, current: Properties) -> dict[str, str]:
    return {
        name: _written(value)
        for name, value in _asked(wanted, current).items()
        if not in_group(name) and not _same(value, current.get(name, ""))
    }


def _difference(wanted: Properties, current: Properties) -> tuple[dict[str, str], dict[str, str]] | None:
    drifted = _drifted(wanted, current)
    before = {name: current[name] for name in drifted if name in current}
    return (before, {name: text for name, text in drifted.items() if text}) if drifted else None


def _wire(wanted: Properties, current: Properties | None) -> dict[str, str]:
    """Return what is to be written by name, ``""`` for what goes; what cannot be seen goes along."""
    unseen = {name: _written(value) for name, value in wanted.items() if in_group(name)}
    return {**_drifted(wanted, current or {}), **unseen}


def _predict(wanted: Properties, current: Properties | None) -> dict[str, str]:
    after = {**(current or {}), **_drifted(wanted, current or {})}
    return {name: text for name, text in after.items() if text}


def _rest(wanted: Properties | None, current: Properties) -> dict[str, str]:
    asked = _asked(wanted or {}, current)
    return {name: text for name, text in current.items() if name not in asked}


def _show(value: Properties) -> dict[str, str]:
    return {name: _written(item) for name, item in value.items() if item != ""}


# What tells which account a linked account is, one way of each line.
LINK_IDENTITIES = (("account_id",), ("safe", "name"), ("safe", "user_name", "address"))
LINK_OPTIONS = ("account_id", "safe", "name", "user_name", "address")


def _clean_link(value: Mapping[str, Any]) -> dict[str, str]:
    given = {name: TEXT.clean(item) for name, item in value.items() if item is not None}
    if given and not any(set(names) == set(given) for names in LINK_IDENTITIES):
        raise ValueError("must be account_id, or safe and name, or safe, user_name and address, or {} for none")
    if any(not item.strip() for name, item in given.items() if name != "address"):
        raise ValueError("must have no empty value except address")
    return given


def _other_link(wanted: Mapping[str, str], current: Mapping[str, str]) -> tuple[Any, Any] | None:
    """An account that is linked is known by more than the task gives; all that the task gives has to agree."""
    same = all(current.get(name, "").casefold() == item.casefold() for name, item in wanted.items())
    return None if same and bool(wanted) == bool(current) else (current, wanted)


LINK = Kind(
    "linked account",
    {"type": "dict", "options": {name: {"type": "str"} for name in LINK_OPTIONS}},
    _clean_link,
    read=lambda value: value or {},
    difference=_other_link,
)


PROPERTIES = Kind(
    "platform properties",
    {"type": "dict"},
    _clean,
    wire=_wire,
    read=lambda value: {str(name): _plain(item) for name, item in (value or {}).items() if item not in (None, "")},
    difference=_difference,
    show=_show,
    predict=_predict,
    rest=_rest,
)
