# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PAM360 for many objects at once: what they all need is read once. Internal to the collection.

Each object has a client of its own, which counts its writes, over one connection pool and one memory of what was
read. What is remembered has the time at which it was asked for, and a client that wrote since then asks again.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

from .._common.errors import NotTriedError, RefusedError, TransportError, VaultError
from .._http.answer import Answer
from .._pam360.api import Pam360
from .._pam360.envelope import Json, Reply, ResourceDetails, id_of, value_of
from .._pam360.resource_calls import only_id

MAX_FAULTS = 10  # in a row: connections that failed, and refused log-ins
T = TypeVar("T")


@dataclass
class Remembered:
    """An answer, or the error in its place, and when it was asked for."""

    asked: int = 0
    value: Any = None


@dataclass(frozen=True)
class Added:
    """What became of one account in a request that added several: its statuses or an error, and when that was known."""

    outcome: dict[str, str] | VaultError
    when: int


class ReadOnce:
    """What was read from one vault; safe to use from several threads.

    ``now()`` counts up; it is the only clock here. ``planned`` are the names of resources that are to be made.
    *keep_details*: whether the details of accounts are remembered too, as they are wanted twice.
    """

    def __init__(self, client: Pam360, *, keep_details: bool = False) -> None:
        self.client = client
        self.keep_details = keep_details
        self.now: Callable[[], int] = itertools.count(1).__next__
        self.planned: frozenset[str] = frozenset()
        self._faults = 0
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, ...], threading.Lock] = {}
        self._memory: dict[tuple[str, ...], Remembered] = {}

    def read(self, key: tuple[str, ...], since: int, ask: Callable[[], T]) -> T:
        """Return what is remembered under *key*, if it was asked for after *since*; otherwise ask."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            with self._lock:
                found = self._memory.get(key)
            if found is None or found.asked <= since:
                found = Remembered(self.now())
                try:
                    found.value = ask()
                except VaultError as error:
                    found.value = error
                with self._lock:
                    self._memory[key] = found
        if isinstance(found.value, VaultError):
            raise copy(found.value)  # one traceback for each object
        value: T = found.value
        return value

    def known(self, key: tuple[str, ...]) -> Any:
        """Return what is remembered under *key*, be it an error; ``None`` also for nothing."""
        with self._lock:
            found = self._memory.get(key)
        return found.value if found else None

    def note_answer(self) -> None:
        """Note that the vault has answered."""
        with self._lock:
            self._faults = 0

    def note_fault(self, serious: bool) -> None:
        """Count a request without a good answer, if the fault is one that others would meet too."""
        with self._lock:
            self._faults += serious

    @property
    def ill(self) -> bool:
        """Whether the vault has stopped answering."""
        with self._lock:
            return self._faults >= MAX_FAULTS

    def check_health(self, operation: str) -> None:
        """Raise when the vault has stopped answering, rather than to wait for a time-out for each of thousands."""
        if self.ill:
            message = f"it was not tried, as the last {MAX_FAULTS} requests failed"
            raise NotTriedError(message, operation=operation, hint="Run the task again when the vault answers.")

    def remember(self, key: tuple[str, ...], value: Any, asked: int | None = None) -> None:
        """Remember what is known from elsewhere; *asked*: since when it is."""
        with self._lock:
            self._memory[key] = Remembered(asked or self.now(), value)

    def _forget(self, key: tuple[str, ...]) -> None:
        with self._lock:
            self._memory.pop(key, None)

    def learn_resources(self, names: Collection[str]) -> list[str]:
        """Read pages of the resource list as long as that takes fewer requests than to look up the names.

        Return the names that are left to be looked up one by one.
        """
        missing = set(names)
        for name in missing:
            self._forget(("resource", name))
        if len(missing) < 2:
            return sorted(missing)
        ids: dict[str, list[str]] = {name: [] for name in missing}
        folded: set[str] = set()
        for rows, left in self.client.resource_pages():
            for row in rows:
                name = str(value_of(row, "RESOURCE NAME"))
                folded.add(name.casefold())
                if name in ids:
                    ids[name].append(id_of(row, "RESOURCE ID"))
            missing = {name for name in missing if not ids[name]}
            if not missing or 0 < len(missing) < left:
                break
        else:  # seen all: what is not in the list is not there, unless the server takes another spelling for the same
            for name in [name for name in missing if name.casefold() not in folded]:
                missing.discard(name)
                self.remember(("resource", name), None)
        for name in set(names) - missing:
            if ids[name]:
                self.remember(("resource", name), _one(name, ids[name]))
        return sorted(missing)


def _one(name: str, ids: Sequence[str]) -> str | VaultError | None:
    try:
        return only_id(name, ids)
    except VaultError as error:
        return error


class Pam360ReadOnce(Pam360):
    """The client of one object among many.

    :ivar since: what was asked for before this is out of date for the object.
    :ivar added: the outcome of the request that added the object's account along with others.
    """

    def __init__(self, reads: ReadOnce) -> None:
        super().__init__(reads.client.http)
        self.profile = reads.client.profile
        self.reads = reads
        self.since = 0
        self.added: Added | None = None

    def call(self, operation: str, method: str, path: str, *parts: Any, **named: Any) -> Reply:
        self.reads.check_health(operation)
        try:
            result = super().call(operation, method, path, *parts, **named)
        except VaultError as error:
            self.reads.note_fault(isinstance(error, TransportError) or error.http_status == 401)
            raise
        else:
            self.reads.note_answer()
            return result
        finally:
            # Neither a share nor a password shows in what is remembered.
            if method != "GET" and not path.endswith(("/share", "/password")):
                self.since = self.reads.now()

    def learn_password(self, value: str) -> None:
        """Do not tell Ansible, which would look for each of many passwords in all results."""
        self.http.redact.add(value, quietly=True)

    def resource_id(self, name: str, *, closely: bool = True) -> str | None:
        """Return the id of the resource, or ``None``."""
        ask = super().resource_id
        return self.reads.read(("resource", name), self.since, lambda: ask(name, closely=closely))

    def resource(self, resource_id: str, label: str) -> ResourceDetails:
        """Return the details of a resource with its accounts."""
        ask = super().resource
        try:
            return self.reads.read(("accounts", resource_id), self.since, lambda: ask(resource_id, label))
        except RefusedError:
            self.since = self.reads.now()  # it may be gone
            raise

    def account(self, resource_id: str, account_id: str, label: str) -> tuple[Json, Answer]:
        """Return the details of an account and the answer."""
        ask = super().account
        if not self.reads.keep_details:
            return ask(resource_id, account_id, label)
        key = ("details", resource_id, account_id)
        return self.reads.read(key, self.since, lambda: ask(resource_id, account_id, label))

    def user_id(self, name: str) -> str:
        """Return the id of a user."""
        ask = super().user_id
        return self.reads.read(("user", name), 0, lambda: ask(name))

    def user_group_id(self, name: str) -> str:
        """Return the id of a user group."""
        ask = super().user_group_id
        return self.reads.read(("user group", name), 0, lambda: ask(name))

    def resource_group_ids(self, label: str) -> dict[str, list[str]]:
        """Return the IDs of all resource groups by name."""
        ask = super().resource_group_ids
        return self.reads.read(("resource groups",), 0, lambda: ask(label))

    def account_labels(self, resource_id: str, account_id: str, label: str) -> list[str]:
        """Return the labels of accounts, which are the same for all."""
        ask = super().account_labels
        return self.reads.read(("labels",), 0, lambda: ask(resource_id, account_id, label))

    def add_accounts(self, resource_id: str, accounts: Sequence[Json], label: str) -> dict[str, str]:
        """Return what became of the account that was added along with others; the request has been sent."""
        added, self.added = self.added, None
        if added is None:
            return super().add_accounts(resource_id, accounts, label)
        self.since = added.when
        if isinstance(added.outcome, VaultError):
            raise copy(added.outcome)
        if added.outcome and all("success" in status.casefold() for status in added.outcome.values()):
            self.written += 1
        return added.outcome
