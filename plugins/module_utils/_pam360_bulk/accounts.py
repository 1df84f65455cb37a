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

from .._common.errors import InputError, NotTriedError, RefusedError, VaultError
from .._engine.object_run import ObjectRun
from .._engine.plan import Observed, Plan, Step
from .._engine.task import Batch
from .._engine.vault_object import VaultObject
from .._pam360.api import Pam360
from .._pam360.connect import connect
from .._pam360.envelope import ResourceDetails
from .._pam360.fingerprint_field import tracking_of
from .._pam360.resource import Resource
from .account_with_shares import AccountWithShares
from .add_together import MAX_ACCOUNTS, add_together
from .options import ARGUMENTS, account_params, place, resource_params
from .read_once import Pam360ReadOnce, ReadOnce
from .result import result_of

PROGRESS_EVERY = 500  # accounts between two messages about the progress
T = TypeVar("T")


class OneOfManyRun(ObjectRun):
    """One object among many: a failure is its outcome, and the others go on."""

    def __init__(self, thing: VaultObject, *, check_mode: bool) -> None:
        super().__init__(thing, check_mode=check_mode)
        self.outcome: Mapping[str, Any] | None = None
        self.tried = True

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do *act*, unless the object has failed before."""
        if self.outcome is None:
            try:
                act()
            except VaultError as error:
                self.outcome = self.failure_result(error)

    def finish(self) -> None:
        """Read again what was written, and keep the result."""
        self.attempt(self._keep_report)

    def _keep_report(self) -> None:
        self.outcome = self.report()

    def failure_result(self, error: VaultError) -> dict[str, Any]:
        """Return the result for *error*, and note whether the vault was asked at all."""
        self.tried = not isinstance(error, NotTriedError)
        return super().failure_result(error)


class AccountRun(OneOfManyRun):
    """One account among many."""

    thing: AccountWithShares


class NewResource(Resource):
    """A resource that is made for accounts; it is read again once all others are written too."""

    client: Pam360ReadOnce

    def read_new(self) -> Observed | None:
        """Do without."""
        return None


class ResourceRun(OneOfManyRun):
    """One new resource among many."""

    thing: NewResource


class AccountsBatch(Batch):
    """``pam360_accounts``.

    Requests: the resource list by pages, or a look-up for each name, whichever is fewer; one account list for each
    resource; details where custom fields or tracking ask for them. For changes: one request for up to 500 missing
    accounts of a resource, one for each edit, and one more list of each resource that was written to.
    """

    arguments = ARGUMENTS

    client: Pam360

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, _once(warn))
        self.reads = ReadOnce(client)
        self.pool = ThreadPoolExecutor(max(params["max_connections"], 1))

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client for several requests at a time."""
        connections, per_second = max(params["max_connections"], 1), params["max_requests_per_second"]
        return connect(params, connections=connections, per_second=per_second, **options)

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Bring all accounts to what the task wants."""
        accounts = self._accounts(check_mode)
        with self.pool:
            resources = self._read_and_plan(accounts, check_mode)
            if not check_mode:
                self._write(accounts)
            self._in_parallel(_round_robin(accounts), AccountRun.finish, "confirmed")
            self._in_parallel(resources, ResourceRun.finish)
        return result_of(accounts, resources, check_mode=check_mode)

    def _accounts(self, check_mode: bool) -> list[AccountRun]:
        """Return the accounts of the task, or raise InputError for the first that cannot be meant."""
        tracking = tracking_of({**self.params, "update_write_only": "tracked"}, self.client.http)
        runs = []
        for number, params in enumerate(account_params(self.params)):
            tracked = tracking if params["update_write_only"] == "tracked" else None
            try:
                account = AccountWithShares(Pam360ReadOnce(self.reads), params, self.warn, tracked)
            except InputError as error:
                raise error.but(message=f"{place(number, params)}: {error.message}") from None
            runs.append(AccountRun(account, check_mode=check_mode))
        return runs

    # Reading

    def _read_and_plan(self, accounts: Sequence[AccountRun], check_mode: bool) -> list[ResourceRun]:
        """Read and plan all accounts; return the resources that are made for them."""
        present = {run.thing.account.resource for run in accounts if run.thing.wanted.state == "present"} - {""}
        create = self.params["create_resources"]
        # No close look at what is to be made: if it is there after all, the vault refuses to make it again.
        quickly = present if create and not check_mode else ()
        self._learn_resource_ids({run.thing.account.resource for run in accounts} - {""}, quickly)
        resources = self._make_resources(present, check_mode) if create else []
        ids = {self._resource_id(run): run for run in accounts}
        self._in_parallel([run for resource_id, run in ids.items() if resource_id], self._read_list)
        self._in_parallel(accounts, lambda run: run.attempt(run.read_and_plan), "read")
        _fail_duplicates(accounts)
        self._in_parallel(accounts, lambda run: run.attempt(run.thing.prepare))
        return resources

    def _learn_resource_ids(self, names: Iterable[str], quickly: Collection[str] = ()) -> None:
        """Find out the ids of resources, some *quickly*. What goes wrong is told by each of their accounts."""
        wanted = set(names)
        try:
            left = self.reads.learn_resources(wanted)
        except VaultError as error:
            for name in wanted:
                self.reads.remember(("resource", name), error)
            return
        self._in_parallel(left, lambda name: self._resource_id_or_none(name, closely=name not in quickly))

    def _resource_id_or_none(self, name: str, *, closely: bool = True) -> str | None:
        """Return the id of a resource, ``None`` where there is none, or where it could not be read: told later."""
        try:
            return Pam360ReadOnce(self.reads).resource_id(name, closely=closely)
        except VaultError:
            return None

    def _resource_id(self, run: AccountRun) -> str | None:
        name = run.thing.account.resource
        known = None if name in self.reads.planned else self._resource_id_or_none(name)
        return run.thing.ids["resource_id"] or known

    def _read_list(self, run: AccountRun) -> None:
        with suppress(VaultError):  # remembered, and told by each account of the resource
            run.thing.client.resource(str(self._resource_id(run)), run.thing.account.resource_label)

    def _make_resources(self, names: Iterable[str], check_mode: bool) -> list[ResourceRun]:
        """Make the resources that are not there; in check mode, plan that."""
        runs = []
        for name in sorted(names):
            if self.reads.known(("resource", name)) is None:
                resource = NewResource(Pam360ReadOnce(self.reads), resource_params(self.params, name), self.warn)
                run = ResourceRun(resource, check_mode=check_mode)
                run.attempt(run.read_and_plan)
                runs.append(run)
        runs = [run for run in runs if run.thing.plan.steps]
        if check_mode:
            self.reads.planned = frozenset(run.thing.wanted.name for run in runs)
            return runs
        self._in_parallel(runs, self._make_resource, "resources made")
        self._learn_resource_ids({run.thing.wanted.name for run in runs if run.thing.done})
        for run in runs:
            resource_id = self._resource_id_or_none(run.thing.wanted.name) if run.thing.done else None
            if resource_id:  # just made, so it has no accounts; its own settings are yet to be read
                none = ResourceDetails({"ACCOUNT LIST": []})
                self.reads.remember(("accounts", resource_id), none, asked=run.thing.client.since)
        return runs

    def _make_resource(self, run: ResourceRun) -> None:
        try:
            run.write()
        except VaultError as error:
            if not (isinstance(error, RefusedError) and self._made_by_someone_else(run)):
                run.outcome = run.failure_result(error)
                self.reads.remember(("resource", run.thing.wanted.name), error)

    def _made_by_someone_else(self, run: ResourceRun) -> bool:
        """Whether the resource is there after the server refused to make it; then it is left alone like all others."""
        with suppress(VaultError):
            run.read_and_plan(Step("exists"))
        if run.thing.before is None:
            return False
        run.thing.plan = Plan(run.thing.wanted, run.thing.before)
        self.warn(f"{run.thing.wanted.label} was made by someone else in the meantime.")
        return True

    # Writing

    def _write(self, accounts: Sequence[AccountRun]) -> None:
        """Write all. New accounts go by portions, with their shares, so that an interrupt leaves few without."""
        changed = [run for run in accounts if run.outcome is None and run.thing.plan.steps]
        # Both lists now: an account that someone else makes in the meantime gets another plan while it is written.
        new = [run for run in changed if run.thing.plan.steps[0].action == "create"]
        others = [run for run in changed if run.thing.plan.steps[0].action != "create"]
        portions = self._portions(new)
        for number, portion in enumerate(portions, 1):
            self._in_parallel(portion, lambda runs: add_together(self.reads, [run.thing for run in runs]))
            made = _round_robin([run for runs in portion for run in runs])
            self._in_parallel(made, lambda run: run.attempt(run.write))
            self.progress(f"portion {number} of {len(portions)} made")
        self._in_parallel(others, lambda run: run.attempt(run.write), "written")

    def _portions(self, new: Sequence[AccountRun]) -> list[list[list[AccountRun]]]:
        """Return the new accounts by resource: one request each, and as many in a portion as there are connections."""
        resources: dict[str, list[AccountRun]] = {}
        for run in new:
            resources.setdefault(str(run.thing.ids["resource_id"]), []).append(run)
        portions, size = [], self.params["max_connections"]
        for first in range(0, max(map(len, resources.values()), default=0), MAX_ACCOUNTS):
            parts = [runs[first : first + MAX_ACCOUNTS] for runs in resources.values() if len(runs) > first]
            portions += [parts[start : start + size] for start in range(0, len(parts), size)]
        return portions

    def _in_parallel(self, items: Sequence[T], act: Callable[[T], Any], what: str = "") -> None:
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
                        if what and (done % PROGRESS_EVERY == 0 or done == len(items)):
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


def _round_robin(accounts: Iterable[AccountRun]) -> list[AccountRun]:
    """Return the first account of each resource, then the second of each: neighbours would wait for the same list."""
    before: Counter[str | None] = Counter()
    turns = []
    for run in accounts:
        resource_id = run.thing.ids["resource_id"]
        turns.append((before[resource_id], run))
        before[resource_id] += 1
    return [run for _turn, run in sorted(turns, key=itemgetter(0))]


def _fail_duplicates(accounts: Iterable[AccountRun]) -> None:
    """Two entries may turn out to be about one account, by name and by id of the resource, or by spelling."""
    seen: dict[tuple[str | None, ...], str] = {}
    for run in accounts:
        wanted = run.thing.wanted
        resource_id, account_id = run.thing.ids["resource_id"], run.thing.ids["account_id"]
        # What is not there yet is known by its name.
        where = (resource_id, None) if resource_id else (None, run.thing.account.resource)
        key = (*where, account_id, None if account_id else wanted.new_name or wanted.name)
        if run.outcome is None and key in seen:
            message = f"{wanted.label} is the same account as {seen[key]}, which this task manages too"
            run.outcome = run.failure_result(InputError(message))
        elif run.outcome is None:
            seen[key] = wanted.label


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
