# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of Add account and Update account. Internal to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._engine.fields import Field

MACHINES, RESTRICTION = (
    f"/remoteMachinesAccess/{name}" for name in ("remoteMachines", "accessRestrictedToRemoteMachines")
)
SENT = ("settings", "password")  # with a new account
Values = Mapping[str, Any]


def new_account(fields: Iterable[Field], wanted: Values) -> dict[str, Any]:
    """Return the body of Add account."""
    body: dict[str, Any] = {}
    for item in fields:
        value = item.kind.wire(wanted[item.option], None) if item.option in wanted and item.part in SENT else ""
        if value in ("", {}):
            continue
        *blocks, leaf = item.api.split("/")[1:]
        place = body
        for block in blocks:
            place = place.setdefault(block, {})
        place[leaf] = value
    return body


def differing(fields: Iterable[Field], wanted: Values, current: Values) -> list[str]:
    """Return the options that an edit has still to change; of platform properties each by its own name."""
    names: list[str] = []
    for item in fields:
        if item.option not in wanted or not item.update or item.part != "settings":
            continue
        pair = item.kind.difference(wanted[item.option], current.get(item.option))
        if pair and isinstance(pair[0], Mapping):
            names += dict.fromkeys((*pair[0], *pair[1]))
        elif pair:
            names.append(item.option)
    return names


def operations(fields: Iterable[Field], wanted: Values, current: Values, *, with_rest: bool = True) -> list[Values]:
    """Return the operations of Update account that bring *current* to *wanted*.

    :param with_rest: an object of platform properties also holds those that the task does not name.
    """
    found = [
        one
        for item in fields
        if item.option in wanted and item.update and item.part == "settings"
        for one in _operations(item, wanted[item.option], current.get(item.option), with_rest=with_rest)
    ]
    if {"op": "remove", "path": MACHINES} not in found:
        return found
    # A restriction needs machines (PASWS166E), so it is taken away before them.
    others = [one for one in found if one["path"] != RESTRICTION]
    return [{"op": "remove", "path": RESTRICTION}, *others] if len(others) < len(found) else others


def _operations(item: Field, wanted: Any, current: Any, *, with_rest: bool) -> Iterator[Values]:
    value = item.kind.wire(wanted, current)
    if isinstance(value, Mapping):
        yield from _properties(item.api, value, current or {}, with_rest=with_rest)
    elif item.kind.difference(wanted, current):
        yield _operation(item.api, value, there=current not in (None, "", []))


def _properties(
    path: str, written: Mapping[str, str], current: Mapping[str, str], *, with_rest: bool
) -> Iterator[Values]:
    """Several go as one object, as of several leaves some servers take only the last (psPAS#344, epv-api-scripts#138).

    The object holds those that are there as well, since it may replace them all. What is to go stays a leaf; it stands
    before the object, so that where only the last operation counts the larger part is stored.
    """
    kept = {name: text for name, text in written.items() if text}
    for name in written:
        if name not in kept:
            yield {"op": "remove", "path": _leaf(path, name)}
    if kept and len(written) == 1:
        ((name, text),) = kept.items()
        yield _operation(_leaf(path, name), text, there=name in current)
    elif kept:
        rest = {name: text for name, text in current.items() if name not in written} if with_rest else {}
        yield _operation(path, {**rest, **kept}, there=bool(current))


def _leaf(path: str, name: str) -> str:
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def _operation(path: str, value: Any, *, there: bool) -> Values:
    """``replace`` of what is not there is refused (PASWS164E), so *there* is what was read."""
    if value == "":
        return {"op": "remove", "path": path}
    return {"op": "replace" if there else "add", "path": path, "value": value}
