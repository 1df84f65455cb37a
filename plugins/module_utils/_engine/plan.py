# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what a task wants with what the vault shows, and plan. Internal to the collection.

Pure functions on plain data: no Ansible, no HTTP. Check mode, diff, messages and writes are four
readings of one Plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .fields import UNKNOWN, Field
from .._common.secret import HIDDEN, HIDDEN_CHANGE


class Wanted(NamedTuple):
    """What the task says about one object.

    :param label: the object in words, such as ``account 'root' on resource 'db01'``.
    :param state: ``present`` or ``absent``.
    :param settings: cleaned values by option, given ones only.
    :param name: the name by which the task knows the object.
    :param new_name: the name that it shall have instead, or ``""``.
    """

    label: str
    state: str
    settings: Mapping[str, Any]
    name: str = ""
    new_name: str = ""


@dataclass
class Observed:
    """What the vault shows of one object: values by option (readable ones only) and its name as spelt there.

    ``certain`` is false where the vault does not even show whether the object is there (shares); ``settled``
    tells that a removal of such an object was the last thing that we sent. ``tracked`` is the value of the
    field that keeps fingerprints, which is not a setting.
    """

    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    certain: bool = True
    settled: bool = False
    tracked: Any = None


class Change(NamedTuple):
    """One setting that differs, in words fit for a diff."""

    option: str
    before: Any
    after: Any


class Step(NamedTuple):
    """One write. *action*: create, share, update, password or delete; *options*: what it carries."""

    action: str
    summary: str
    options: tuple[str, ...] = ()

    @property
    def past(self) -> str:
        """The summary of a step that was done: its verb is create, change or remove."""
        return self.summary.replace("e ", "ed ", 1)


class Plan(NamedTuple):
    """All that is to be done to one object, and what can be said about it.

    ``verified`` are the given options that the vault shows, ``unverified`` those that it does not.
    """

    wanted: Wanted
    current: Observed | None
    changes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.steps)

    def diff(self) -> dict[str, Any]:
        """Return before and after of what changes, secrets as a marker on both sides."""
        before = {change.option: change.before for change in self.changes if change.before is not None}
        after = {change.option: change.after for change in self.changes if change.after is not None}
        header = {"before_header": self.wanted.label, "after_header": self.wanted.label}
        return {"before": before, "after": after, **header}


def readable(item: Field, current: Observed | None) -> bool:
    """Whether the vault shows this field: of an existing object, the values that were read."""
    return bool(item.read) if current is None else item.option in current.values


def plan(
    fields: Iterable[Field],
    wanted: Wanted,
    current: Observed | None,
    *,
    resend: Collection[str] = (),
    unreadable: Collection[str] = (),
) -> Plan:
    """Return the plan that brings *current* (``None``: not there) to *wanted*.

    :param resend: given options that can not be compared and are to be written all the same.
    :param unreadable: given options that are compared in part only.
    """
    given = [item for item in fields if item.option in wanted.settings]
    shown = {item.option for item in given if readable(item, current) and item.option not in unreadable}
    if wanted.state == "absent":
        return _absent(wanted, current)
    if current is None:
        changes, steps = _create(given, wanted)
    else:
        changes, steps = _update(given, wanted, current, {option: option in unreadable for option in resend})
    return Plan(
        wanted,
        current,
        tuple(changes),
        tuple(steps),
        verified=tuple(item.option for item in given if item.option in shown),
        unverified=tuple(item.option for item in given if item.option not in shown),
    )


def _absent(wanted: Wanted, current: Observed | None) -> Plan:
    unverified = () if current is None or current.certain else ("state",)
    if current is None or current.settled:
        return Plan(wanted, current, unverified=unverified)
    change = Change("state", "present" if current.certain else UNKNOWN, "absent")
    return Plan(wanted, current, (change,), (Step("delete", f"remove {wanted.label}"),), unverified=unverified)


def _create(given: list[Field], wanted: Wanted) -> tuple[list[Change], list[Step]]:
    changes = [Change("state", "absent", "present")]
    changes += [Change(item.option, None, item.kind.show(wanted.settings[item.option])) for item in given]
    name = f" as '{wanted.new_name}'" if wanted.new_name else ""
    steps = [Step("create", f"create {wanted.label}{name}", _options(given, "settings", "password"))]
    if any(wanted.settings[option] for option in _options(given, "shares")):
        steps.append(Step("share", f"change shares of {wanted.label}", _options(given, "shares")))
    return changes, steps


def _options(given: Iterable[Field], *parts: str) -> tuple[str, ...]:
    return tuple(item.option for item in given if item.part in parts)


def _update(
    given: list[Field], wanted: Wanted, current: Observed, resend: Mapping[str, bool]
) -> tuple[list[Change], list[Step]]:
    changes, steps = [], []
    renamed = bool(wanted.new_name) and wanted.new_name != current.name
    if renamed:
        changes.append(Change("name", current.name, wanted.new_name))
    parts = {"settings"} if renamed else set()
    for item in given:
        change = _change(item, wanted, current, resend)
        if change:
            changes.append(change)
            parts.add(item.part)
    for part, action in (("shares", "share"), ("settings", "update"), ("password", "password")):
        if part in parts:
            # Every given setting goes along: whether an edit keeps what it leaves out is not documented.
            options = _options(given, part)
            drifted = [c.option for c in changes if c.option in options or (c.option == "name" and part == "settings")]
            steps.append(Step(action, f"change {', '.join(drifted)} of {wanted.label}", options))
    return changes, steps


def _change(item: Field, wanted: Wanted, current: Observed, resend: Mapping[str, bool]) -> Change | None:
    """*resend* are options to be written without a comparison; true for one that is compared in part."""
    value = wanted.settings[item.option]
    if item.option in current.values and not resend.get(item.option):
        pair = item.kind.difference(value, current.values[item.option])
        return Change(item.option, *pair) if pair else None
    if item.option not in resend:
        return None
    if item.kind.secret:
        return Change(item.option, HIDDEN, HIDDEN_CHANGE)
    return Change(item.option, UNKNOWN, item.kind.show(value))


def lost(before: Observed | None, after: Observed | None, wanted: Wanted, fields: Iterable[Field]) -> list[str]:
    """Return the options whose value an edit changed although the task did not ask for it."""
    if before is None or after is None:
        return []
    options = []
    for item in fields:
        if item.option not in before.values or item.option not in after.values:
            continue
        old, new = before.values[item.option], after.values[item.option]
        if item.option in wanted.settings:
            value = wanted.settings[item.option]
            old, new = item.kind.rest(value, old), item.kind.rest(value, new)
        if old != new:
            options.append(item.option)
    return options
