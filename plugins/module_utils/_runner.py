# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task from start to finish: read, plan, write, read again, report. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ._answer import shown
from ._drift import Observed, Plan, Step, lost
from ._errors import ExistsError, VaultError
from ._service import Item, Query, Service, Task


class Run:
    """One task. ``result()`` returns a module's result; a failure is in it under ``failed``.

    :param service: reads and writes the objects.
    :param check_mode: plan only.
    """

    def __init__(self, service: Service, *, check_mode: bool) -> None:
        self.service = service
        self.check_mode = check_mode
        self.step: Step | None = None
        self.item: Item | None = None
        self.unknown = False
        self.written = 0

    def result(self) -> dict[str, Any]:
        """Do it and return the result."""
        try:
            results = [self._one(item) for item in self.service.items()]
        except VaultError as error:
            return self._failed(error)
        return results[0]

    def _one(self, item: Item) -> dict[str, Any]:
        self.item = item
        item.before = self.service.observe(item)
        item.plan = self.service.plan(item, item.before)
        observed = item.before
        if not self.check_mode:
            try:
                observed = self._write(item)
            except ExistsError:
                # Somebody else made it between our read and our write: compare with what there is now.
                item.before = self.service.observe(item, Step("exists", ""))
                if item.before is None:
                    raise
                self.service.warn(f"{item.wanted.label} was made by somebody else in the meantime.")
                item.plan = self.service.plan(item, item.before)
                observed = self._write(item)
        return self._report(item, observed)

    def _write(self, item: Item) -> Observed | None:
        observed = item.before
        for step in item.plan.steps:
            self.step, self.written = step, self.service.client.written
            try:
                observed = self.service.apply(item, step)
            except VaultError as error:
                if error.outcome_unknown:
                    self._find_out(item, step, error)
                raise
            item.done.append(step)
        self.step = None
        if not item.done:
            return item.before
        return observed or self.service.observe(item, item.done[-1])

    def _find_out(self, item: Item, step: Step, error: VaultError) -> None:
        """After a write without a clear answer: read, and tell in *error* what there is."""
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

    def _report(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        verified, unverified = list(item.plan.verified), list(item.plan.unverified)
        if item.done and item.wanted.state == "present":
            verified, unverified = self._confirm(item, observed)
        elif item.done and observed is not None and observed.certain:
            self.service.warn(f"The vault still shows {item.wanted.label}, although it said that it was removed.")
        result = {
            "changed": item.plan.changed,
            "msg": _message(item, self.check_mode),
            self.service.noun: self.service.describe(item, observed),
            "verified": verified,
            "unverified": unverified,
            **item.ids,
            **item.extra,
        }
        if item.plan.changed:
            result["diff"] = item.plan.diff()
        return result

    def _confirm(self, item: Item, observed: Observed | None) -> tuple[list[str], list[str]]:
        """Compare once more after writing; warn of what the vault did not take, or changed unasked."""
        after = self.service.plan(item, observed)
        if observed is None:
            self.service.warn(f"The vault does not show {item.wanted.label}, although it said that it was made.")
            return [], [*after.verified, *after.unverified]
        refused = [c.option for c in after.changes if c.option in observed.values or c.option == "name"]
        for option in refused:
            self.service.warn(f"The vault did not take {option} of {item.wanted.label}, although it said that it did.")
        for option in lost(item.before, observed, item.wanted, item.fields):
            self.service.warn(f"The edit also changed {option} of {item.wanted.label}, which the task does not set.")
        self.service.confirmed(item, observed)
        given = list(after.verified) + list(after.unverified)
        verified = [option for option in given if option in after.verified and option not in refused]
        return verified, [option for option in given if option not in verified]

    def _failed(self, error: VaultError) -> dict[str, Any]:
        done = self.item.done if self.item else []
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
            **(self.item.ids if self.item else {}),
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


def execute(
    task_class: type[Task],
    params: Mapping[str, Any],
    *,
    check_mode: bool,
    warn: Callable[[str], None],
    **options: Any,
) -> dict[str, Any]:
    """Run one task and return its result, for a module as for an action plugin.

    :param options: what ``Task.connect`` hands to the HTTP client, such as ``redactor``.
    """
    read_only = check_mode or issubclass(task_class, Query)
    try:
        client = task_class.connect(params, read_only=read_only, warn=warn, **options)
    except VaultError as error:
        requests = {"sent": 0, "retried": 0}
        return {"failed": True, "changed": False, "msg": str(error), "failure": error.failure(), "requests": requests}
    try:
        task: Any = task_class(client, params, warn)
        result = _answer(task) if isinstance(task, Query) else Run(task, check_mode=check_mode).result()
        return {**result, "requests": {"sent": client.http.sent, "retried": client.http.retried}}
    finally:
        client.http.close()


def _answer(query: Query) -> dict[str, Any]:
    try:
        return {"changed": False, **query.result()}
    except VaultError as error:
        return {"failed": True, "changed": False, "msg": str(error), "failure": error.failure("read")}
