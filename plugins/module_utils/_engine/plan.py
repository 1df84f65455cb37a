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

from .._common.errors import InputError
from .._common.secret import HIDDEN, HIDDEN_CHANGE
from .._common.wording import one_line
from .fields import UNKNOWN, Field


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
    """What the vault shows of one object, and what follows from it.

    :param values: by option, readable ones only.
    :param name: the object's name as spelt in the vault.
    :param shown_by_vault: false where the vault does not even show whether the object is there (shares).
    :param removal_was_last_sent: the removal of such an object was the last thing that we sent.
    :param tracked: the value of the field that keeps fingerprints, which is not a setting.
    :param resend: given options that cannot be compared and are to be written anyway.
    :param in_part: given options that are compared in part only.
    """

    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    shown_by_vault: bool = True
    removal_was_last_sent: bool = False
    tracked: Any = None
    resend: Collection[str] = ()
    in_part: Collection[str] = ()


class Change(NamedTuple):
    """One setting that differs, in words fit for a diff."""

    option: str
    before: Any
    after: Any


class Step(NamedTuple):
    """One write.

    :param action: create, update, groups, share, password or delete.
    :param summary: what is to be done, such as ``create account 'root'``.
    :param past: the same of what was done.
    :param options: what it carries.
    """

    action: str
    summary: str = ""
    past: str = ""
    options: tuple[str, ...] = ()


# In which order the parts of an object are written, and by which action.
PARTS = (("settings", "update"), ("groups", "groups"), ("shares", "share"), ("password", "password"))
# The verb of each action, before and after.
VERBS: Mapping[str, tuple[str, str]] = {
    "create": ("create", "created"),
    "groups": ("change", "changed"),
    "share": ("change", "changed"),
    "update": ("change", "changed"),
    "password": ("change", "changed"),
    "delete": ("remove", "removed"),
}


def _step(action: str, what: str, options: tuple[str, ...] = ()) -> Step:
    before, after = VERBS[action]
    return Step(action, f"{before} {what}", f"{after} {what}", options)


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
    create_in_part: Collection[str] = (),
) -> Plan:
    """Return the plan that brings *current* (``None``: not there) to *wanted*.

    Raise InputError for a setting that can only be given at the creation and has another value now.

    :param create_in_part: given options that a create does not confirm in all that it writes.
    """
    given = [item for item in fields if item.option in wanted.settings]
    in_part = create_in_part if current is None else current.in_part
    shown = {item.option for item in given if readable(item, current) and item.option not in in_part}
    if current is not None:
        _check_fixed(given, wanted, current)
    if wanted.state == "absent":
        return _absent(wanted, current)
    changes, steps = _create(given, wanted) if current is None else _update(given, wanted, current)
    return Plan(
        wanted,
        current,
        tuple(changes),
        tuple(steps),
        verified=tuple(item.option for item in given if item.option in shown),
        unverified=tuple(item.option for item in given if item.option not in shown),
    )


def _check_fixed(given: Iterable[Field], wanted: Wanted, current: Observed) -> None:
    for item in given:
        if item.update or not item.create or item.option not in current.values:
            continue
        new, old = wanted.settings[item.option], current.values[item.option]
        if item.kind.difference(new, old):
            raise InputError(
                f"{item.option} of {wanted.label} is '{one_line(item.kind.show(old))}',"
                f" and the vault cannot change it to '{one_line(item.kind.show(new))}'",
                code="fixed_setting",
                hint="Remove it and create it again.",
            )


def _absent(wanted: Wanted, current: Observed | None) -> Plan:
    unverified = () if current is None or current.shown_by_vault else ("state",)
    if current is None or current.removal_was_last_sent:
        return Plan(wanted, current, unverified=unverified)
    change = Change("state", "present" if current.shown_by_vault else UNKNOWN, "absent")
    return Plan(wanted, current, (change,), (_step("delete", wanted.label),), unverified=unverified)


def _create(given: list[Field], wanted: Wanted) -> tuple[list[Change], list[Step]]:
    changes = [Change("state", "absent", "present")]
    changes += [Change(item.option, None, item.kind.show(wanted.settings[item.option])) for item in given]
    name = f" as '{one_line(wanted.new_name)}'" if wanted.new_name else ""
    steps = [_step("create", wanted.label + name, _options(given, "settings", "password"))]
    for part, action in (("groups", "groups"), ("shares", "share")):
        options = _options(given, part)
        if any(wanted.settings[option] for option in options):
            steps.append(_step(action, f"{', '.join(options)} of {wanted.label}", options))
    return changes, steps


def _options(given: Iterable[Field], *parts: str) -> tuple[str, ...]:
    return tuple(item.option for item in given if item.part in parts)


def _update(given: list[Field], wanted: Wanted, current: Observed) -> tuple[list[Change], list[Step]]:
    changes, steps = [], []
    renamed = bool(wanted.new_name) and wanted.new_name != current.name
    if renamed:
        changes.append(Change("name", current.name, wanted.new_name))
    parts = {"settings"} if renamed else set()
    for item in given:
        change = _change(item, wanted, current)
        if change:
            changes.append(change)
            parts.add(item.part)
    for part, action in PARTS:
        if part in parts:
            # Every given setting goes along: whether an edit keeps what it leaves out is not documented.
            options = _options(given, part)
            drifted = [c.option for c in changes if c.option in options or (c.option == "name" and part == "settings")]
            steps.append(_step(action, f"{', '.join(drifted)} of {wanted.label}", options))
    return changes, steps


def _change(item: Field, wanted: Wanted, current: Observed) -> Change | None:
    value = wanted.settings[item.option]
    resend = item.option in current.resend
    if item.option in current.values and not (resend and item.option in current.in_part):
        pair = item.kind.difference(value, current.values[item.option])
        return Change(item.option, *pair) if pair else None
    if not resend:
        return None
    if item.kind.secret:
        return Change(item.option, HIDDEN, HIDDEN_CHANGE)
    return Change(item.option, UNKNOWN, item.kind.show(value))


def changed_unasked(
    before: Observed | None, after: Observed | None, wanted: Wanted, fields: Iterable[Field]
) -> list[str]:
    """Return the options whose value an edit changed although the task did not ask for it."""
    if before is None or after is None:
        return []
    options = []
    for item in fields:
        if item.option not in before.values or item.option not in after.values:
            continue
        value = wanted.settings.get(item.option)
        old, new = (item.kind.rest(value, seen.values[item.option]) for seen in (before, after))
        if old != new:
            options.append(item.option)
    return options
