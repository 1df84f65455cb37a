# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault holds beside the accounts of the task, and what it says of their passwords. Internal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import VaultError
from .._common.wording import one_line
from .._pam360.envelope import Json, id_of, value_of
from .._pam360.fields import RESOURCE
from .._pam360.search import ACCOUNT_FIELDS, described
from .read_once import Pam360ReadOnce, ReadOnce

RESOURCE_FIELDS = tuple(item for item in RESOURCE if item.option in ("type", "owner", "department", "location"))


class Found:
    """Reads resources with all their accounts, with what the task has read already.

    Requests: one list for each resource, one for the details of each account, none for what is remembered.

    :param each: does something to all items of a list, several at a time.
    """

    def __init__(self, reads: ReadOnce, each: Callable[..., None]) -> None:
        self.reads = reads
        self.each = each
        self.client = Pam360ReadOnce(reads)
        self.unread: list[dict[str, Any]] = []

    def read(self, accounts: Iterable[Any], *, everything: bool) -> dict[str, Any]:
        """Return ``resources``, ``accounts`` and ``unread``; raise VaultError when the vault stops answering.

        The resources are those of *accounts*, which are runs, or all that the API user sees.
        """
        names = {run.thing.ids["resource_id"]: run.thing.account.resource for run in accounts}
        if everything:
            rows = self.reads.client.resources()
            names |= {id_of(row, "RESOURCE ID"): str(value_of(row, "RESOURCE NAME") or "") for row in rows}
        resources = [_Resource(resource_id, name) for resource_id, name in names.items() if resource_id]
        self.each(resources, self._list)
        accounts_there = [(resource, row) for resource in resources for row in resource.rows]
        self.each(accounts_there, self._details, "details read")
        return {
            "resources": [resource.shown for resource in resources if resource.shown],
            "accounts": [account for resource in resources for account in resource.in_order()],
            "unread": sorted(self.unread, key=lambda entry: (entry["resource"], entry["account"] or "")),
        }

    def _list(self, resource: _Resource) -> None:
        try:
            record = self.client.resource(resource.id, resource.label)
        except VaultError as error:
            self._not_read(error, resource)
            return
        resource.name = str(value_of(record, "RESOURCE NAME") or resource.name)
        resource.rows = record["ACCOUNT LIST"]
        resource.shown = {
            "name": resource.name,
            "resource_id": resource.id,
            **described(RESOURCE_FIELDS, record, details=True),
        }

    def _details(self, item: tuple[_Resource, Json]) -> None:
        resource, row = item
        name, account_id = str(value_of(row, "ACCOUNT NAME") or ""), id_of(row, "ACCOUNT ID")
        try:
            record, _answer = self.client.account(
                resource.id, account_id, f"account '{one_line(name)}' on {resource.label}"
            )
        except VaultError as error:
            self._not_read(error, resource, name)
            return
        place = {"name": name, "account_id": account_id, "resource": resource.name, "resource_id": resource.id}
        resource.accounts[account_id] = {**place, **described(ACCOUNT_FIELDS, row, record, details=True)}

    def _not_read(self, error: VaultError, resource: _Resource, account: str | None = None) -> None:
        if self.reads.ill:
            raise error  # a report about what is left would say nothing
        place = {"resource": resource.name, "resource_id": resource.id, "account": account}
        self.unread.append({**place, "msg": str(error)})


@dataclass
class _Resource:
    """A resource of the vault, the rows of its list, and its accounts by id, once each is read."""

    id: str
    name: str
    rows: Sequence[Json] = ()
    shown: dict[str, Any] | None = None
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"resource '{one_line(self.name)}'" if self.name else f"resource {self.id}"

    def in_order(self) -> Iterator[dict[str, Any]]:
        """Yield the accounts in the order of the list."""
        ids = (id_of(row, "ACCOUNT ID") for row in self.rows)
        yield from (self.accounts[account_id] for account_id in ids if account_id in self.accounts)
