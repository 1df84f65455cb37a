# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object of a task from start to finish: read, plan, write, read again, report. Internal to the collection."""

from __future__ import annotations

from typing import Any

from .._http.answer import shown
from .plan import Observed, Plan, Step, lost
from .._common.errors import ExistsError, RefusedError, VaultError
from .task import Item, Service


class ItemRun:
    """One object. ``result()`` does it all; a task with many calls ``look``, ``write`` and ``report`` in turn.

    :param service: reads and writes the object; its client counts the writes of this object alone.
    :param check_mode: plan only.
    """

    def __init__(self, service: Service, item: Item, *, check_mode: bool) -> None:
        self.service = service
        self.item = item
        self.check_mode = check_mode
        self.step: Step | None = None
        self.unknown = False
        self.written = 0
        self.observed: Observed | None = None

    def result(self) -> dict[str, Any]:
        """Do it and return the result; a failure is in it under ``failed``."""
        try:
            self.look()
            self.write()
            return self.report()
        except VaultError as error:
            return self.failed(error)

    def look(self, done: Step | None = None) -> None:
        """Read what there is, and plan."""
        item = self.item
        item.before = self.observed = self.service.observe(item, done)
        item.plan = self.service.plan(item, item.before)

    def write(self) -> None:
        """Do the steps of the plan, unless in check mode."""
        if self.check_mode:
            return
        try:
            self._steps()
        except ExistsError as error:
            # Somebody else made it between our read and our write: compare with what there is now.
            self.look(Step("exists", ""))
            if self.item.before is None:
                raise error from None
            self.service.warn(f"{self.item.wanted.label} was made by somebody else in the meantime.")
            self._steps()

    def _steps(self) -> None:
        item = self.item
        for step in item.plan.steps:
            self.step, self.written = step, self.service.client.written
            try:
                self.observed = self.service.apply(item, step)
            except VaultError as error:
                if error.outcome_unknown:
                    self._find_out(step, error)
                raise
            item.done.append(step)
        self.step = None

    def _find_out(self, step: Step, error: VaultError) -> None:
        """After a write without a clear answer: read, and tell in *error* what there is."""
        item = self.item
        try:
            after = self.service.plan(item, self.service.observe(item, step))
        except VaultError:
            self.unknown = True
            error.add_hint("Whether the change was made is unknown, and reading it back failed too.")
            return
        made = _made(item.plan, step, after)
        if made is None or self.service.client.written > self.written:
            self.unknown = True
            again = "" if error.unsent else " Run the task again."
            error.add_hint(f"Whether the change was made is unknown: the vault does not show it.{again}")
        elif made:
            item.done.append(step)
            error.add_hint("Reading it back shows that the change was made all the same.")
        else:
            error.add_hint("Reading it back shows that the change was not made.")
            error.unsent = ""

    def report(self) -> dict[str, Any]:
        """Read again what was written, and return the result."""
        item = self.item
        if item.done and self.observed is None:
            self.observed = self.service.observe(item, item.done[-1])
        verified, unverified = list(item.plan.verified), list(item.plan.unverified)
        if item.done and item.wanted.state == "present":
            verified, unverified = self._confirm(self.observed)
        elif item.done and self.observed is not None and self.observed.certain:
            self.service.warn(f"The vault still shows {item.wanted.label}, although it said that it was removed.")
        result = {
            "changed": item.plan.changed,
            "msg": _message(item, self.check_mode),
            self.service.noun: self.service.describe(item, self.observed),
            "verified": verified,
            "unverified": unverified,
            **item.ids,
            **item.extra,
        }
        if item.plan.changed:
            result["diff"] = item.plan.diff()
        return result

    def _confirm(self, observed: Observed | None) -> tuple[list[str], list[str]]:
        """Compare once more after writing; warn of what the vault did not take, or changed unasked."""
        item = self.item
        after = self.service.plan(item, observed)
        if observed is None:
            message = "the vault does not show it, although it said that it was made"
            raise RefusedError(message, operation=f"Reading {item.wanted.label}", hint="Run the task again.")
        refused = [c.option for c in after.changes if c.option in observed.values or c.option == "name"]
        for option in refused:
            text = f"The vault did not take {option} of {item.wanted.label}, although it said that it did."
            self.service.warn(f"{text} {self.service.advice(item, option, observed)}".strip())
        for option in lost(item.before, observed, item.wanted, item.fields):
            self.service.warn(f"The edit also changed {option} of {item.wanted.label}, which the task does not set.")
        self.service.confirmed(item, observed)
        given = list(after.verified) + list(after.unverified)
        verified = [option for option in given if option in after.verified and option not in refused]
        return verified, [option for option in given if option not in verified]

    def failed(self, error: VaultError) -> dict[str, Any]:
        """Return the result for *error*, with the true ``changed``."""
        done = self.item.done
        written = self.service.client.written
        message = str(error)
        if done and self.step not in done:
            message += f" Before that, this was done: {'; '.join(step.past for step in done)}."
        elif written and not done:
            message += " A part of the step was written before that."
        return {
            "failed": True,
            "changed": bool(done or written or self.unknown),
            "msg": message,
            "failure": error.failure(self.step.summary if self.step else "read"),
            **self.item.ids,
        }


def _made(before: Plan, step: Step, after: Plan) -> bool | None:
    """Whether *step* of the plan *before* took place, judged by the plan made *after* it; ``None``: unknown."""
    if after.current and not after.current.certain:
        return None
    if step.action in ("create", "delete"):
        return (after.current is None) == (step.action == "delete")
    if after.current is None:
        return None
    asked = {*step.options, "name"} if step.action == "update" else {*step.options}
    known = {c.option for c in before.changes if c.option in asked} & {*after.current.values, "name"}
    return not known & {change.option for change in after.changes} if known else None


def _message(item: Item, check_mode: bool) -> str:
    if not item.plan.steps:
        label, left = item.wanted.label, ", ".join(item.plan.unverified)
        if item.wanted.new_name:
            label += f" (now '{shown(item.wanted.new_name)}')"
        if item.wanted.state == "absent":
            return f"{label} is absent"
        return f"{label} needs no change; not compared: {left}" if left else f"{label} is as wanted"
    return "; ".join(f"would {step.summary}" if check_mode else step.past for step in item.plan.steps)
