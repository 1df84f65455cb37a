# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many PAM360 accounts of many resources in one task. Internal to the collection.

Each object is planned, written and reported by the code for a single one. What is added here: lists are read
once, all missing accounts of a resource go in one request, and several requests run at a time.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

from .._common.errors import ENDED, InputError, VaultError
from .._engine.task import Batch
from .._pam360.api import Pam360
from .._pam360.connect import connect
from .account_with_shares import AccountWithShares
from .add_together import MAX_ACCOUNTS, add_together
from .found import Found
from .many import OneOfManyRun, Workers
from .options import ARGUMENTS, account_params, check, place
from .read_once import Pam360ReadOnce, ReadOnce
from .resources import Resources
from .result import result_of


class AccountRun(OneOfManyRun):
    """One account among many."""

    thing: AccountWithShares


class AccountsBatch(Batch):
    """``pam360_accounts``.

    Requests: the resource list by pages, or a look-up for each name, whichever is fewer; one account list for each
    resource, which shows its own settings too; one read more for each with groups; details where custom fields or
    tracking ask for them. For changes: one request for up to 500 missing accounts of a resource, one for each edit,
    and one more list of each resource that was written to.
    """

    arguments = ARGUMENTS
    client: Pam360

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, _once(warn))
        check(params)
        self.reads = ReadOnce(client, keep_details=bool(params["return_found"]))
        self.workers = Workers(params["max_connections"])
        self.accounts: list[AccountRun] = []
        self.resources = Resources(self.reads, self.workers, params, self.warn)

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client for several requests at a time."""
        connections, per_second = max(params["max_connections"], 1), params["max_requests_per_second"]
        return connect(params, connections=connections, per_second=per_second, **options)

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Bring all resources and accounts to what the task wants."""
        scope, found = self.params["return_found"], {}
        if scope and not check_mode:
            raise InputError("return_found needs check mode", hint="Set check_mode: true on the task.")
        self.workers.progress = self.progress
        try:
            self.resources.declare(check_mode=check_mode)
            accounts = self.accounts = self._accounts(check_mode)
            self._read_and_plan(accounts, check_mode)
            if not check_mode:
                self._write(accounts)
            self.workers.each(_round_robin(accounts), AccountRun.finish, "confirmed")
            _fail_duplicates([run for run in accounts if run.outcome and not run.outcome.get("failed")], written=True)
            self.workers.each(self.resources.runs, OneOfManyRun.finish)
            if scope:
                found = {"found": Found(self.reads, self.workers.each).read(accounts, everything=scope == "all")}
        except BaseException:
            self.client.http.end()  # what is under way comes to its end, and nothing more is begun
            raise
        finally:
            self.workers.close()
        return {**result_of(accounts, self.resources.runs, check_mode=check_mode), **found}

    def ended(self, *, check_mode: bool) -> dict[str, Any]:
        """Return what was done to each of the accounts before the task was ended from outside."""
        for run in (*self.resources.runs, *self.accounts):
            run.end()
        result = result_of(self.accounts, self.resources.runs, check_mode=check_mode)
        return result if result.get("failed") else {**result, "failed": True, "msg": f"{ENDED}; {result['msg']}."}

    def _accounts(self, check_mode: bool) -> list[AccountRun]:
        """Return the accounts of the task, or raise InputError for the first that cannot be meant."""
        runs = []
        for number, params in enumerate(account_params(self.params)):
            try:
                account = AccountWithShares(Pam360ReadOnce(self.reads), params, self.warn)
            except InputError as error:
                raise error.but(message=f"{place('accounts', number, params)}: {error.message}") from None
            runs.append(AccountRun(account, check_mode=check_mode))
        return runs

    # Reading

    def _read_and_plan(self, accounts: Sequence[AccountRun], check_mode: bool) -> None:
        """Bring about the resources, then read and plan all accounts."""
        named = {run.thing.account.resource for run in accounts}
        present = {run.thing.account.resource for run in accounts if run.thing.wanted.state == "present"}
        self.resources.bring_about(present, named, check_mode=check_mode)
        ids = {self._resource_id(run): run for run in accounts}
        self.workers.each([run for resource_id, run in ids.items() if resource_id], self._read_list)
        self._look_for_the_tracking_field(accounts)
        rest = [run for run in accounts if run.thing.before is None]
        self.workers.each(rest, lambda run: run.attempt(run.read_and_plan), "read")
        _fail_duplicates(accounts)
        self.workers.each(accounts, lambda run: run.attempt(run.thing.prepare))

    def _look_for_the_tracking_field(self, accounts: Sequence[AccountRun]) -> None:
        """Read one account that is there; where the vault has no field, no other account's details are read for it."""
        unsure = [run for run in accounts if run.thing.account.leaves_tracking_open]
        for number, run in enumerate(unsure):
            run.attempt(run.read_and_plan)
            field = run.thing.field
            if field and field.defined is not None:
                if not field.defined:
                    for other in unsure[:number] + unsure[number + 1 :]:
                        other.thing.do_not_track()
                return

    def _resource_id(self, run: AccountRun) -> str | None:
        return run.thing.ids["resource_id"] or self.resources.id_or_none(run.thing.account.resource)

    def _read_list(self, run: AccountRun) -> None:
        with suppress(VaultError):  # remembered, and told by each account of the resource
            run.thing.client.resource(str(self._resource_id(run)), run.thing.account.resource_label)

    # Writing

    def _write(self, accounts: Sequence[AccountRun]) -> None:
        """Write all. New accounts go by portions, with their shares, so that an interrupt leaves few without."""
        changed = [run for run in accounts if run.outcome is None and run.thing.plan.steps]
        # Both lists now: an account that someone else makes in the meantime gets another plan while it is written.
        new = [run for run in changed if run.thing.plan.steps[0].action == "create"]
        others = [run for run in changed if run.thing.plan.steps[0].action != "create"]
        portions = self._portions(new)
        for number, portion in enumerate(portions, 1):
            self.workers.each(portion, lambda runs: add_together(self.reads, [run.thing for run in runs]))
            made = _round_robin([run for runs in portion for run in runs])
            self.workers.each(made, lambda run: run.attempt(run.write))
            self.progress(f"portion {number} of {len(portions)} made")
        self.workers.each(others, lambda run: run.attempt(run.write), "written")

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


def _round_robin(accounts: Iterable[AccountRun]) -> list[AccountRun]:
    """Return the first account of each resource, then the second of each: neighbours would wait for the same list."""
    before: Counter[str | None] = Counter()
    turns = []
    for run in accounts:
        resource_id = run.thing.ids["resource_id"]
        turns.append((before[resource_id], run))
        before[resource_id] += 1
    return [run for _turn, run in sorted(turns, key=itemgetter(0))]


def _fail_duplicates(accounts: Iterable[AccountRun], *, written: bool = False) -> None:
    """Two entries may turn out to be about one account, by name and by ID of the resource, or by spelling.

    :param written: the accounts are there now, so that their IDs tell.
    """
    seen: dict[tuple[str | None, ...], str] = {}
    for run in accounts:
        wanted = run.thing.wanted
        resource_id, account_id = run.thing.ids["resource_id"], run.thing.ids["account_id"]
        if written and account_id is None:
            continue
        # What is not there yet is known by its name.
        where = (resource_id, None) if resource_id else (None, run.thing.account.resource)
        key = (*where, account_id, None if account_id else wanted.new_name or wanted.name)
        if (run.outcome is None or written) and key in seen:
            message = f"{wanted.label} is the same account as {seen[key]}, which this task manages too"
            run.outcome = run.failure_result(InputError(message, code="listed_twice"))
        elif run.outcome is None or written:
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
