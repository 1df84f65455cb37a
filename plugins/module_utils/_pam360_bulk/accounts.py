# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many PAM360 accounts of many resources in one task. Internal to the collection.

Each account is planned, written and reported by the code for a single one. What is added here: lists are read
once, all missing accounts of a resource go in one request, and several requests run at a time.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from operator import itemgetter
from typing import Any, TypeVar

from .._engine.plan import Plan, Step
from .._common.errors import InputError, NotTriedError, RefusedError, VaultError
from .._engine.object_run import ItemRun
from .._pam360.api import Pam360
from .options import ARGUMENTS, account_params, place, resource_params
from .result import result_of
from .add_together import MAX_ACCOUNTS, add_together
from .._pam360.envelope import ResourceDetails
from .._pam360.resource import ResourceService
from .._pam360.connect import connect
from .read_once import SharedPam360, SharedReads
from .account_with_shares import SharedAccountService
from .._pam360.fingerprint_field import tracking_of
from .._engine.task import Batch

STEP = 500  # accounts between two messages about the progress
T = TypeVar("T")


class GuardedRun(ItemRun):
    """One object among many: a failure is its outcome, and the others go on."""

    outcome: Mapping[str, Any] | None = None
    tried = True

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do *act*, unless the object has failed before."""
        if self.outcome is None:
            try:
                act()
            except VaultError as error:
                self.outcome = self.failed(error)

    def finish(self) -> None:
        """Read again what was written, and keep the result."""
        self.attempt(lambda: setattr(self, "outcome", self.report()))

    def failed(self, error: VaultError) -> dict[str, Any]:
        """Return the result for *error*, and note whether the vault was asked at all."""
        self.tried = not isinstance(error, NotTriedError)
        return super().failed(error)


class AccountRun(GuardedRun):
    """One account among many."""

    service: SharedAccountService


class AccountsBatch(Batch):
    """``pam360_accounts``.

    Requests: the resource list by pages, or a look-up for each name, whichever is fewer; one account list for each
    resource; details where custom fields or tracking ask for them. For changes: one request for up to 500 missing
    accounts of a resource, one for each edit, and one more list of each resource that was written to.
    """

    arguments = ARGUMENTS

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, _once(warn))

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client for several requests at a time."""
        connections, per_second = max(params["max_connections"], 1), params["max_requests_per_second"]
        return connect(params, connections=connections, per_second=per_second, **options)

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Bring all accounts to what the task wants."""
        self.reads = SharedReads(self.client)
        accounts = self._accounts(check_mode)
        with ThreadPoolExecutor(self.params["max_connections"]) as self.pool:
            resources = self._look(accounts, check_mode)
            if not check_mode:
                self._write(accounts)
            self._each(_by_turns(accounts), AccountRun.finish, "confirmed")
            self._each(resources, GuardedRun.finish)
        return result_of(accounts, resources, check_mode=check_mode)

    def _accounts(self, check_mode: bool) -> list[AccountRun]:
        """Return the accounts of the task, or raise InputError for the first that can not be meant."""
        tracking = tracking_of({**self.params, "update_write_only": "tracked"}, self.client.http)
        runs = []
        for number, params in enumerate(account_params(self.params)):
            tracked = tracking if params["update_write_only"] == "tracked" else None
            try:
                service = SharedAccountService(SharedPam360(self.reads), params, self.warn, tracked)
            except InputError as error:
                error.message = f"{place(number, params)}: {error.message}"
                raise
            runs.append(AccountRun(service, service.item, check_mode=check_mode))
        return runs

    # Reading

    def _look(self, accounts: Sequence[AccountRun], check_mode: bool) -> list[GuardedRun]:
        """Read and plan all accounts; return the resources that are made for them."""
        present = {run.service.item.resource for run in accounts if run.item.wanted.state == "present"} - {""}
        create = self.params["create_resources"]
        # No close look at what is to be made: if it is there after all, the vault refuses to make it again.
        quickly = present if create and not check_mode else ()
        self._learn({run.service.item.resource for run in accounts} - {""}, quickly)
        resources = self._make_resources(present, check_mode) if create else []
        ids = {self._resource_id(run): run for run in accounts}
        self._each([run for resource_id, run in ids.items() if resource_id], self._read_list)
        self._each(accounts, lambda run: run.attempt(run.look), "read")
        _refuse_doubles(accounts)
        self._each(accounts, lambda run: run.attempt(lambda: run.service.prepare(run.item)))
        return resources

    def _learn(self, names: Iterable[str], quickly: Collection[str] = ()) -> None:
        """Find out the ids of resources, some *quickly*. What goes wrong is told by each of their accounts."""
        wanted = set(names)
        try:
            left = self.reads.learn_resources(wanted)
        except VaultError as error:
            for name in wanted:
                self.reads.remember(("resource", name), error)
            return
        self._each(left, lambda name: self._known(name, closely=name not in quickly))

    def _known(self, name: str, *, closely: bool = True) -> str | None:
        """Return the id of a resource, ``None`` where there is none, or where it could not be read: told later."""
        try:
            return SharedPam360(self.reads).resource_id(name, closely=closely)
        except VaultError:
            return None

    def _resource_id(self, run: AccountRun) -> str | None:
        item = run.service.item
        return item.ids["resource_id"] or (None if item.resource in self.reads.planned else self._known(item.resource))

    def _read_list(self, run: AccountRun) -> None:
        with suppress(VaultError):  # remembered, and told by each account of the resource
            run.service.client.resource(str(self._resource_id(run)), run.service.item.resource_label)

    def _make_resources(self, names: Iterable[str], check_mode: bool) -> list[GuardedRun]:
        """Make the resources that are not there; in check mode, plan that."""
        runs = []
        for name in sorted(names):
            service = ResourceService(SharedPam360(self.reads), resource_params(self.params, name), self.warn)
            run = GuardedRun(service, service.items()[0], check_mode=check_mode)
            if self.reads.known(("resource", name)) is None:
                run.attempt(run.look)
                runs.append(run)
        runs = [run for run in runs if run.item.plan.steps]
        if check_mode:
            self.reads.planned = frozenset(run.item.wanted.name for run in runs)
            return runs
        self._each(runs, self._make_resource, "resources made")
        self._learn({run.item.wanted.name for run in runs if run.item.done})
        for run in runs:
            resource_id = self._known(run.item.wanted.name) if run.item.done else None
            if resource_id:  # just made, so it has no accounts; its own settings are yet to be read
                none = ResourceDetails({"ACCOUNT LIST": []})
                self.reads.remember(("accounts", resource_id), none, asked=run.service.client.since)
        return runs

    def _make_resource(self, run: GuardedRun) -> None:
        try:
            run.write()
        except VaultError as error:
            if not (isinstance(error, RefusedError) and self._made_by_somebody_else(run)):
                run.outcome = run.failed(error)
                self.reads.remember(("resource", run.item.wanted.name), error)

    def _made_by_somebody_else(self, run: GuardedRun) -> bool:
        """Whether the resource is there after the server refused to make it; then it is left alone like all others."""
        with suppress(VaultError):
            run.look(Step("exists", ""))
        if run.item.before is None:
            return False
        run.item.plan = Plan(run.item.wanted, run.item.before)
        self.warn(f"{run.item.wanted.label} was made by somebody else in the meantime.")
        return True

    # Writing

    def _write(self, accounts: Sequence[AccountRun]) -> None:
        """Write all. New accounts go by portions, with their shares, so that an interrupt leaves few without."""
        changed = [run for run in accounts if run.outcome is None and run.item.plan.steps]
        # Both lists now: an account that somebody else makes in the meantime gets another plan while it is written.
        new = [run for run in changed if run.item.plan.steps[0].action == "create"]
        others = [run for run in changed if run.item.plan.steps[0].action != "create"]
        portions = self._portions(new)
        for number, portion in enumerate(portions, 1):
            self._each(portion, lambda runs: add_together(self.reads, [run.service for run in runs]))
            made = _by_turns([run for runs in portion for run in runs])
            self._each(made, lambda run: run.attempt(run.write))
            self.progress(f"portion {number} of {len(portions)} made")
        self._each(others, lambda run: run.attempt(run.write), "written")

    def _portions(self, new: Sequence[AccountRun]) -> list[list[list[AccountRun]]]:
        """Return the new accounts by resource: one request each, and as many in a portion as there are connections."""
        resources: dict[str, list[AccountRun]] = {}
        for run in new:
            resources.setdefault(str(run.item.ids["resource_id"]), []).append(run)
        portions, size = [], self.params["max_connections"]
        for first in range(0, max(map(len, resources.values()), default=0), MAX_ACCOUNTS):
            parts = [runs[first : first + MAX_ACCOUNTS] for runs in resources.values() if len(runs) > first]
            portions += [parts[start : start + size] for start in range(0, len(parts), size)]
        return portions

    def _each(self, items: Sequence[T], act: Callable[[T], Any], what: str = "") -> None:
        """Do *act* to all items, several at a time. When interrupted, nothing more is begun."""
        waiting, lock = deque(items), threading.Lock()
        done = 0

        def work() -> None:
            nonlocal done
            try:
                while True:
                    with lock:
                        if not waiting:
                            return
                        item = waiting.popleft()
                    act(item)
                    with lock:
                        done += 1
                        if what and (done % STEP == 0 or done == len(items)):
                            self.progress(f"{done} of {len(items)} {what}")
            except BaseException:
                stop()
                raise

        def stop() -> None:
            with lock:
                waiting.clear()

        # One call for each connection, and not for each item, which would cost more than the items themselves.
        futures = [self.pool.submit(work) for _number in range(min(self.params["max_connections"], len(items)))]
        try:
            for future in futures:
                future.result()
        except BaseException:
            stop()
            raise


def _by_turns(accounts: Iterable[AccountRun]) -> list[AccountRun]:
    """Return the first account of each resource, then the second of each: neighbours would wait for the same list."""
    before: Counter[str | None] = Counter()
    turns = []
    for run in accounts:
        resource_id = run.item.ids["resource_id"]
        turns.append((before[resource_id], run))
        before[resource_id] += 1
    return [run for _turn, run in sorted(turns, key=itemgetter(0))]


def _refuse_doubles(accounts: Iterable[AccountRun]) -> None:
    """Two entries may turn out to be about one account, by name and by id of the resource, or by spelling."""
    seen: dict[tuple[str | None, ...], str] = {}
    for run in accounts:
        item = run.service.item
        resource_id, account_id = item.ids["resource_id"], item.ids["account_id"]
        # What is not there yet is known by its name.
        where = (resource_id, None) if resource_id else (None, item.resource)
        key = (*where, account_id, None if account_id else item.new_name or item.name)
        if run.outcome is None and key in seen:
            message = f"{item.label} is the same account as {seen[key]}, which this task manages too"
            run.outcome = run.failed(InputError(message))
        elif run.outcome is None:
            seen[key] = item.label


def _once(warn: Callable[[str], None]) -> Callable[[str], None]:
    """Return *warn* for several threads, which many accounts may call with the same words."""
    told: set[str] = set()
    lock = threading.Lock()

    def warn_once(text: str) -> None:
        with lock:
            if text not in told:
                told.add(text)
                warn(text)

    return warn_once
