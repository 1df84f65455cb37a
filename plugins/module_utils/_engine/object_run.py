# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object of a task from start to finish: read, plan, write, read again, report. Internal to the collection."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .._common.errors import (
    ENDED,
    AuthenticationError,
    EndedError,
    ExistsError,
    NotFoundError,
    RefusedError,
    VaultError,
)
from .._common.wording import one_line
from .plan import Observed, Plan, Step, changed_unasked
from .vault_object import VaultObject


class ObjectRun:
    """The story of one object.

    ``result()`` tells all of it; a task with many objects calls ``read_and_plan``, ``write`` and ``report`` in turn.

    :param thing: the object; its client counts the writes of this object alone.
    :param check_mode: plan only.
    """

    def __init__(self, thing: VaultObject, *, check_mode: bool) -> None:
        self.thing = thing
        self.check_mode = check_mode
        self.step: Step | None = None
        self.unknown = False
        self.in_part = False
        self.written_before = self.sent_before = 0
        self.observed: Observed | None = None

    def result(self) -> dict[str, Any]:
        """Do it and return the result; a failure is in it under ``failed``."""
        try:
            self.read_and_plan()
            self.write()
            return self.report()
        except VaultError as error:
            return self.failure_result(error)

    def read_and_plan(self, done: Step | None = None) -> None:
        """Read what there is, and plan."""
        thing = self.thing
        thing.before = self.observed = self._observe(done)
        thing.plan = thing.planned(thing.before)

    def _observe(self, done: Step | None) -> Observed | None:
        """Read what there is; what is to be removed may go, or what it is in, between two requests of that."""
        try:
            return self.thing.observe(done)
        except RefusedError as error:
            if isinstance(error, AuthenticationError) or self.thing.wanted.state != "absent":
                raise
            with suppress(VaultError):
                if self.thing.observe(Step("gone")) is None:
                    return None
            raise

    def write(self, only: str = "") -> None:
        """Do the steps of the plan that are not done yet, unless in check mode.

        :param only: the one action to do, and no other.
        """
        if self.check_mode:
            return
        try:
            self._do_steps(only)
        except (RefusedError, NotFoundError) as error:
            if error.outcome_unknown or not self._someone_was_faster(error):  # or we were it ourselves
                raise
            self._do_steps(only)

    def _someone_was_faster(self, error: VaultError) -> bool:
        """Whether someone else did between our read and our write what the vault refuses now; then plan again."""
        step, thing = self.step, self.thing
        if not step or step.action not in ("create", "delete") or thing.done or isinstance(error, AuthenticationError):
            return False
        if thing.client.written > self.written_before:  # a part of the step was ours
            return False
        with suppress(VaultError):
            now = thing.observe(Step("exists" if step.action == "create" else "gone"))
            if (now is None) == (step.action == "delete"):
                thing.before = self.observed = now
                thing.plan = thing.planned(now)
                did = "made" if step.action == "create" else "removed"
                thing.warn(f"{thing.wanted.label} was {did} by someone else in the meantime.")
                self.step = None
                return True
        return False

    def _do_steps(self, only: str) -> None:
        thing = self.thing
        for step in thing.plan.steps:
            if step in thing.done or only not in ("", step.action):
                continue
            self.step = None  # as long as nothing is written, a failure is one of reading
            thing.read_before(step)
            self.step, self.written_before = step, thing.client.written
            self.sent_before = thing.client.http.sent
            try:
                self.observed = thing.apply(step)
            except VaultError as error:
                if error.outcome_unknown:
                    raise self._read_back_unclear_write(step, error) from None
                refused = isinstance(error, RefusedError) and not isinstance(error, (AuthenticationError, ExistsError))
                if step.action == "update" and not thing.edits_are_whole and refused:
                    self._look_for_a_part(step)
                raise self._naming_values(error) from None
            thing.done.append(step)
        self.step = None

    def _read_back_unclear_write(self, step: Step, error: VaultError) -> VaultError:
        """After a write without a clear answer: read, and return *error* with what there is."""
        thing = self.thing
        try:
            after = thing.planned(thing.observe(step))
        except VaultError:
            self.unknown = True
            return error.with_hint("Whether the change was made is unknown, and reading it back failed too.")
        self.in_part = self._is_done_in_part(step, after)
        if self.in_part:
            return error.with_hint("Reading it back shows that part of the change was made. Run the task again.")
        took_place = _took_place(thing.plan, step, after)
        if took_place is None or thing.client.written > self.written_before:
            self.unknown = True
            again = "" if error.what_was_left_out else " Run the task again."
            return error.with_hint(f"Whether the change was made is unknown: the vault does not show it.{again}")
        if took_place:
            thing.done.append(step)
            return error.with_hint("Reading it back shows that the change was made anyway.")
        return error.with_hint("Reading it back shows that the change was not made.").but(what_was_left_out="")

    def _naming_values(self, error: VaultError) -> VaultError:
        """Return *error* with the values of the settings that the server speaks of; it may only say "policy"."""
        said, settings = error.server_message.casefold(), self.thing.wanted.settings
        for field in self.thing.fields:
            value = settings.get(field.option)
            meant = isinstance(value, str) and all(word in said for word in field.option.split("_"))
            if meant and one_line(value).casefold() not in said:
                error = error.with_hint(f"The task gives {field.option} '{one_line(value)}'.")
        return error

    def ended(self) -> VaultError:
        """Return the error for a run that was ended from outside; what it was about to write may have been written."""
        step = self.step
        if not step or step in self.thing.done or self.check_mode or self.thing.client.http.sent == self.sent_before:
            return EndedError(ENDED)
        self.unknown = True
        return EndedError(ENDED, hint=f"Whether this was done is unknown: {step.summary}. Run the task again.")

    def _look_for_a_part(self, step: Step) -> None:
        with suppress(VaultError):
            self.in_part = self._is_done_in_part(step, self.thing.planned(self.thing.observe(step)))

    def _is_done_in_part(self, step: Step, after: Plan) -> bool:
        """Whether some of what an edit was to change has another value now, and some is still to be done."""
        before, now = self.thing.before, after.current
        if self.thing.edits_are_whole or step.action != "update" or not before or not now:
            return False
        asked = {change.option for change in self.thing.plan.changes if change.option in step.options}
        left = {change.option for change in after.changes} & asked
        return bool(left) and any(now.values.get(option) != before.values.get(option) for option in asked)

    def report(self) -> dict[str, Any]:
        """Read again what was written, and return the result."""
        thing = self.thing
        if thing.done and self.observed is None:
            self.observed = self._observe(thing.done[-1])
        verified, unverified = list(thing.plan.verified), list(thing.plan.unverified)
        if thing.done and thing.wanted.state == "present":
            verified, unverified = self._confirm(self.observed)
        elif thing.done and self.observed is not None and self.observed.shown_by_vault:
            thing.warn(f"The vault still shows {thing.wanted.label}, although it said that it was removed.")
        changed = bool(thing.plan.steps) and not thing.unchanged
        result = {
            "changed": changed,
            "msg": _message(thing, self.check_mode),
            thing.noun: thing.describe(self.observed),
            "verified": verified,
            "unverified": unverified,
            **thing.ids,
            **thing.extra,
        }
        if changed:
            result["diff"] = thing.plan.diff()
        return result

    def _confirm(self, observed: Observed | None) -> tuple[list[str], list[str]]:
        """Compare once more after writing; warn of what the vault did not take, or changed unasked."""
        thing = self.thing
        after = thing.planned(observed)
        if observed is None:
            message = "the vault does not show it, although it said that it was made"
            hint = "Run the task again."
            raise RefusedError(message, code="not_shown", operation=f"Reading {thing.wanted.label}", hint=hint)
        refused = [c.option for c in after.changes if c.option in observed.values or c.option == "name"]
        for option in refused:
            text = f"The vault did not take {option} of {thing.wanted.label}, although it said that it did."
            thing.warn(f"{text} {thing.advice(option, observed)}".strip())
        after = self._put_back(observed, after)
        thing.confirmed()
        given = list(after.verified) + list(after.unverified)
        verified = [option for option in given if option in after.verified and option not in refused]
        return verified, [option for option in given if option not in verified]

    def _put_back(self, observed: Observed, after: Plan) -> Plan:
        """Write again what the edit changed although the task does not set it, and say so; return the new plan."""
        thing = self.thing
        lost = changed_unasked(thing.before, observed, thing.plan.wanted, thing.fields)
        if not lost:
            return after
        now = thing.put_back(lost)
        left = lost if now is None else changed_unasked(thing.before, now, thing.plan.wanted, thing.fields)
        for option in lost:
            end = "it could not be put back" if option in left else "it was put back"
            thing.warn(f"The edit also changed {option} of {thing.wanted.label}, which the task does not set; {end}.")
        if now is None:
            return after
        self.observed = now
        return thing.planned(now)

    def failure_result(self, error: VaultError) -> dict[str, Any]:
        """Return the result for *error*, with the true ``changed``."""
        thing = self.thing
        more = ""
        if thing.done and self.step not in thing.done:
            more = f"Before that, this was done: {'; '.join(step.past for step in thing.done)}."
        elif (thing.client.written or self.in_part) and not thing.done:
            more = "Part of the step was written before that."
        error = error.but(what_was_left_out=f"{error.what_was_left_out} {more}".strip())
        return {
            "failed": True,
            "changed": bool(thing.done or thing.client.written or self.unknown or self.in_part),
            "msg": str(error),
            "failure": error.failure(self.step.summary if self.step else "read"),
            **thing.ids,
        }


def _took_place(before: Plan, step: Step, after: Plan) -> bool | None:
    """Whether *step* of the plan *before* took place, judged by the plan made *after* it; ``None``: unknown."""
    if after.current and not after.current.shown_by_vault:
        return None
    if step.action in ("create", "delete"):
        return (after.current is None) == (step.action == "delete")
    if after.current is None:
        return None
    asked = {*step.options, "name"} if step.action == "update" else {*step.options}
    known = {c.option for c in before.changes if c.option in asked} & {*after.current.values, "name"}
    return not known & {change.option for change in after.changes} if known else None


def _message(thing: VaultObject, check_mode: bool) -> str:
    if not thing.plan.steps:
        label, left = thing.wanted.label, ", ".join(thing.plan.unverified)
        if thing.wanted.new_name:
            label += f" (now '{one_line(thing.wanted.new_name)}')"
        if thing.wanted.state == "absent":
            return f"{label} is absent"
        return f"{label} needs no change; not compared: {left}" if left else f"{label} is as wanted"
    if thing.unchanged:
        return f"{thing.wanted.label} is as wanted: it was sent, and the vault said that nothing changed"
    return "; ".join(f"would {step.summary}" if check_mode else step.past for step in thing.plan.steps)
