# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a PAM360 vault: searches for resources and accounts that change nothing. Internal to the collection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .._common.errors import AnswerError, InputError
from .._common.wording import one_line
from .._engine.fields import NAME, Field, cleaned_text, read_values
from .._engine.task import Arguments, Query
from .api import Pam360
from .connect import CONNECTION, connect
from .envelope import Json, folded, id_of, value_of
from .fields import ACCOUNT, ACCOUNT_STATE, RESOURCE, RESOURCE_STATE

RESOURCE_FIELDS = (*(item for item in RESOURCE if item.part == "settings"), *RESOURCE_STATE)
ACCOUNT_FIELDS = (*(item for item in ACCOUNT if item.read), *ACCOUNT_STATE)
SEARCH: Mapping[str, Any] = {
    "name": {"type": "str"},
    "match": {"type": "str", "choices": ["exact", "contains"], "default": "exact"},
    "resource_group": {"type": "str"},
    "details": {"type": "bool", "default": False},
    "max_connections": {"type": "int", "default": 8},
}
T = TypeVar("T")
R = TypeVar("R")


def described(fields: Iterable[Field], *records: Json, details: bool) -> dict[str, Any]:
    """Return what *records* show, the later ones first; ``None`` for what none of them holds.

    :param details: whether the details are among the records; if they show no custom fields, there are none.
    """
    values = read_values(fields, *map(folded, records), partial=True)
    if details:
        values.setdefault("custom_fields", {})
    return {f.option: f.kind.show(values[f.option]) if f.option in values else None for f in fields}


class Search(Query):
    """Base of the searches. Objects come in the server's order, whatever the order of the answers.

    :cvar nouns: key of the objects in the result.
    """

    nouns: str
    client: Pam360

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client for several requests at a time."""
        if params["max_connections"] < 1:
            raise InputError("max_connections must be 1 or more")
        return connect(params, connections=params["max_connections"], **options)

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, warn)
        self.name = cleaned_text(NAME, "name", params)
        self.group = cleaned_text(NAME, "resource_group", params)
        if params["match"] == "contains" and not self.name:
            raise InputError("match: contains needs a name")

    def result(self) -> dict[str, Any]:
        """Return all objects that the search finds."""
        found = self.found()
        count = len(found)
        return {"msg": f"found {count} {self.nouns if count != 1 else self.nouns[:-1]}", self.nouns: found}

    @abstractmethod
    def found(self) -> list[dict[str, Any]]:
        """Return the objects; raise VaultError."""

    def matching(self, rows: Iterable[Json], key: str) -> list[Json]:
        """Return the rows whose name under *key* fits; the server's own idea of a match is not documented."""
        if self.params["match"] == "contains":
            return [row for row in rows if self.name.casefold() in _name(row, key).casefold()]
        return [row for row in rows if not self.name or _name(row, key) == self.name]

    def in_group(self, resources: Sequence[Json]) -> Sequence[Json]:
        """Return the resources of the task's group: no call that lists the members of a group is known."""
        if not self.group:
            return resources
        groups = self.each(lambda row: self.client.resource_groups(_resource_id(row), _label(row)), resources)
        members = [row for row, names in zip(resources, groups) if self.group in names]
        if resources and not members:
            self.warn(f"No resource that was looked at is in a resource group named '{one_line(self.group)}'.")
        return members

    def each(self, read: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return ``read(item)`` of all items in their order, several at a time; the first failure ends it."""
        failures: list[Exception] = []

        def one(item: T) -> R:
            if failures:
                raise failures[0]  # nothing more is sent
            try:
                return read(item)
            except Exception as error:
                failures.append(error)
                raise

        with ThreadPoolExecutor(self.params["max_connections"]) as pool:
            return list(pool.map(one, items))

    def describe(self, fields: Iterable[Field], *records: Json) -> dict[str, Any]:
        """Return what *records* show, the later ones first; ``None`` for what none of them holds."""
        return described(fields, *records, details=self.params["details"])


class ResourceInfo(Search):
    """``pam360_resource_info``. Requests: 1 for each 500 resources, 1 for each with a group, 1 for each with details.

    An exact name is searched for first, which takes 1 request where the server finds it.
    """

    nouns = "resources"
    arguments = Arguments(options={**CONNECTION, **SEARCH})

    def found(self) -> list[dict[str, Any]]:
        """Return the resources."""
        rows = self.in_group(self._named())
        records = self.each(self._details, rows) if self.params["details"] else [{}] * len(rows)
        return [
            {
                "name": _name(row, "RESOURCE NAME"),
                "resource_id": _resource_id(row),
                **self.describe(RESOURCE_FIELDS, row, record),
            }
            for row, record in zip(rows, records)
        ]

    def _named(self) -> list[Json]:
        if not self.name or self.params["match"] == "contains":
            return self.matching(self.client.resources(), "RESOURCE NAME")
        operation = f"Looking up resource '{one_line(self.name)}'"
        rows = self.matching(self.client.resources(self.name, operation=operation), "RESOURCE NAME")
        # The search is undocumented, so it is not the last word.
        return rows or self.matching(self.client.resources(operation=operation), "RESOURCE NAME")

    def _details(self, row: Json) -> Json:
        return self.client.resource(_resource_id(row), _label(row))


class AccountInfo(Search):
    """``pam360_account_info``. Requests: those for the resources, 1 for each of them, 1 for each account in detail."""

    nouns = "accounts"
    arguments = Arguments(
        options={**CONNECTION, **SEARCH, "resource": {"type": "str"}},
        mutually_exclusive=[("resource", "resource_group")],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, warn)
        self.resource = cleaned_text(NAME, "resource", params)

    def found(self) -> list[dict[str, Any]]:
        """Return the accounts."""
        resources = self._one() if self.resource else self.in_group(list(self.client.resources()))
        lists = self.each(self._rows, resources)
        accounts = [(resource, row) for resource, rows in zip(resources, lists) for row in rows]
        records = self.each(self._details, accounts) if self.params["details"] else [{}] * len(accounts)
        return [
            {
                "name": _name(row, "ACCOUNT NAME"),
                "account_id": _account_id(resource, row),
                "resource": _name(resource, "RESOURCE NAME"),
                "resource_id": _resource_id(resource),
                **self.describe(ACCOUNT_FIELDS, row, record),
            }
            for (resource, row), record in zip(accounts, records)
        ]

    def _one(self) -> list[Json]:
        resource_id = self.client.resource_id(self.resource)
        return [{"RESOURCE ID": resource_id, "RESOURCE NAME": self.resource}] if resource_id else []

    def _rows(self, resource: Json) -> list[Json]:
        record = self.client.resource(_resource_id(resource), _label(resource))
        return self.matching(record["ACCOUNT LIST"], "ACCOUNT NAME")

    def _details(self, account: tuple[Json, Json]) -> Json:
        resource, row = account
        label = f"account '{one_line(_name(row, 'ACCOUNT NAME'))}' on {_label(resource)}"
        record, _answer = self.client.account(_resource_id(resource), _account_id(resource, row), label)
        return record


def _label(resource: Json) -> str:
    return f"resource '{one_line(_name(resource, 'RESOURCE NAME'))}'"


def _name(row: Json, key: str) -> str:
    return str(value_of(row, key) or "")


def _resource_id(resource: Json) -> str:
    return _id(resource, "RESOURCE ID", "the resources")


def _account_id(resource: Json, row: Json) -> str:
    return _id(row, "ACCOUNT ID", f"the accounts of {_label(resource)}")


def _id(row: Json, key: str, what: str) -> str:
    value = id_of(row, key)
    if not value:
        raise AnswerError("the answer has an entry without an ID", operation=f"Reading {what}", http_status=200)
    return value
