# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PAM360 resources of a task with many accounts. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .._common.errors import InputError, VaultError
from .._engine.plan import Plan
from .._pam360.envelope import ResourceDetails
from .many import OneOfManyRun, Workers
from .options import new_resource_params, place, resource_params
from .read_once import Pam360ReadOnce, ReadOnce
from .resource_with_shares import ResourceWithShares


class ResourceRun(OneOfManyRun):
    """One resource among many."""

    thing: ResourceWithShares


class Resources:
    """Finds the resources of all accounts, makes those that are missing, and keeps those that the task declares.

    :ivar runs: the declared resources in the order of the task, then those that are made for accounts.
    """

    def __init__(
        self, reads: ReadOnce, workers: Workers, params: Mapping[str, Any], warn: Callable[[str], None]
    ) -> None:
        self._reads = reads
        self._workers = workers
        self._params = params
        self._warn = warn
        self.runs: list[ResourceRun] = []

    def declare(self, *, check_mode: bool) -> None:
        """Take in the resources that the task names; raise InputError for what cannot be meant."""
        entries = enumerate(resource_params(self._params))
        self.runs = [self._run(params, check_mode, place("resources", number, params)) for number, params in entries]

    def _run(self, params: Mapping[str, Any], check_mode: bool, where: str = "resource_defaults") -> ResourceRun:
        try:
            thing = ResourceWithShares(Pam360ReadOnce(self._reads), params, self._warn)
        except InputError as error:
            raise error.but(message=f"{where}: {error.message}") from None
        return ResourceRun(thing, check_mode=check_mode)

    def bring_about(self, needed: Collection[str], others: Collection[str], *, check_mode: bool) -> None:
        """Find all resources, and bring those that the task declares, or that accounts need, to what it wants.

        :param needed: names that are to be there, as accounts are to be on them.
        :param others: names that need not.
        """
        declared = {name for run in self.runs for name in (run.thing.name, run.thing.new_name) if name}
        create = self._params["create_resources"]
        # No close look at what is to be made: if it is there after all, the vault refuses to make it again.
        quickly = {*(needed if create else ()), *declared} if not check_mode else set()
        self._learn_ids({*needed, *others, *declared} - {""}, quickly)
        for name in sorted(set(needed) - declared - {""} if create else ()):
            if self._reads.known(("resource", name)) is None:
                self.runs.append(self._run(new_resource_params(self._params, name), check_mode))
        self._workers.each(self.runs, lambda run: run.attempt(run.read_and_plan))
        self._workers.each(self.runs, lambda run: run.attempt(run.thing.prepare))
        made = [run for run in self.runs if run.outcome is None and self._is_new(run)]
        if check_mode:
            self._reads.planned = frozenset(run.thing.names["name"] for run in made)
            return
        self._workers.each(made, lambda run: run.attempt(lambda: run.write("create")), "resources made")
        self._learn_ids({run.thing.names["name"] for run in made if run.thing.done})
        for run in made:
            self._take_in(run)
            if run.thing.name not in declared and not run.thing.done:  # someone else made it, so it is left as it is
                run.thing.plan = Plan(run.thing.wanted, run.thing.before)
        rest = [run for run in self.runs if run.outcome is None and set(run.thing.plan.steps) - set(run.thing.done)]
        self._workers.each(rest, lambda run: run.attempt(run.write), "resources written")

    @staticmethod
    def _is_new(run: ResourceRun) -> bool:
        return any(step.action == "create" for step in run.thing.plan.steps)

    def _take_in(self, run: ResourceRun) -> None:
        """Note the ID of a resource that was made, or why the accounts on it cannot be."""
        name, thing = run.thing.names["name"], run.thing
        if run.error is not None:
            self._reads.remember(("resource", name), run.error)
            return
        resource_id = self.id_or_none(name) if thing.done else None
        if resource_id:  # just made, so it has no accounts; its own settings are yet to be read
            thing.ids["resource_id"] = resource_id
            none = ResourceDetails({"ACCOUNT LIST": []})
            self._reads.remember(("accounts", resource_id), none, asked=thing.client.since)

    def _learn_ids(self, names: Iterable[str], quickly: Collection[str] = ()) -> None:
        """Find out the IDs of resources, some *quickly*. What goes wrong is told by each of their accounts."""
        wanted = set(names)
        try:
            left = self._reads.learn_resources(wanted)
        except VaultError as error:
            for name in wanted:
                self._reads.remember(("resource", name), error)
            return
        self._workers.each(left, lambda name: self.id_or_none(name, closely=name not in quickly))

    def id_or_none(self, name: str, *, closely: bool = True) -> str | None:
        """Return the ID of a resource, ``None`` where there is none, or where it could not be read: told later."""
        if name in self._reads.planned:
            return None
        try:
            return Pam360ReadOnce(self._reads).resource_id(name, closely=closely)
        except VaultError:
            return None
