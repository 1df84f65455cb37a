# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource and an account to work on, made for that, and how they are edited and read. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .._engine.fields import TEXT
from .._pam360.custom_fields import CustomValue, read
from .._pam360.envelope import Json, id_of, is_rows, value_of
from .asking import Asker, InconclusiveError, Seen, expected, told
from .findings import Findings
from .probes_object import Specimen
from .scratch import Scratch, new_name, new_password


class Grantee(NamedTuple):
    """Someone with whom the probes share: in words, and as the API names them."""

    words: str
    wire: Mapping[str, str]


class Options(NamedTuple):
    """What the task allows.

    :param command_set: ID of a command set that may be used, ``None`` for none.
    """

    tracking_field: str
    command_set: int | None = None
    grantees: tuple[Grantee, ...] = ()
    explore: bool = False


class Workshop:
    """What the probes that write have in common.

    :ivar name: of the resource that is worked on, :ivar spare: of one more, to be deleted.
    :ivar account: the account that is worked on.
    """

    def __init__(self, ask: Asker, findings: Findings, options: Options) -> None:
        self.ask = ask
        self.findings = findings
        self.options = options
        self.scratch = Scratch(ask)
        self.name, self.spare = new_name(), new_name()
        self.account, self.second = new_name(), new_name()
        self.account_id = ""

    @property
    def specimen(self) -> Specimen:
        """Return it as something to look at; raise InconclusiveError."""
        return Specimen(self.name, self.scratch.locate(self.name), self.account, self.account_id)

    @property
    def resource_path(self) -> str:
        """Address of the resource; raise InconclusiveError."""
        return self.scratch.path(self.name)

    @property
    def account_path(self) -> str:
        """Address of the account; raise InconclusiveError."""
        if not self.account_id:
            raise InconclusiveError("there is no account to work on")
        return self.scratch.path(self.name, self.account_id)

    # Writing

    def add(self, *accounts: Json) -> Seen:
        """Add accounts."""
        body = [{"PASSWORD": new_password(), **account} for account in accounts]
        return self.ask.write("POST", f"{self.resource_path}/accounts", {"ACCOUNTLIST": body})

    def edit(self, **fields: Any) -> Seen:
        """Edit the account."""
        return self.ask.write("PUT", self.account_path, {"ACCOUNTNAME": self.account, **fields})

    def edit_resource(self, **fields: Any) -> Seen:
        """Edit the resource."""
        return self.ask.write("PUT", self.resource_path, fields)

    # Reading

    def resource(self) -> Json:
        """Return the resource with the list of its accounts."""
        return expected(self.ask.read(f"{self.resource_path}/accounts"), "the account list").record

    def rows(self) -> list[Json]:
        """Return the accounts."""
        rows = value_of(self.resource(), "ACCOUNT LIST")
        if not is_rows(rows):
            raise InconclusiveError("there is no list of accounts")
        return list(rows or [])

    def row(self, name: str) -> Json | None:
        """Return an account of the list by its name."""
        return next((row for row in self.rows() if value_of(row, "ACCOUNT NAME") == name), None)

    def find_account(self) -> None:
        """Find out the ID of the account."""
        self.account_id = id_of(self.row(self.account), "ACCOUNT ID")

    def details(self) -> Json:
        """Return the details of the account."""
        return expected(self.ask.read(self.account_path), "the account details").record

    def note(self) -> str:
        """Return the one readable text of the account."""
        return text_of(self.details(), "DESCRIPTION")

    def custom(self) -> dict[str, CustomValue]:
        """Return the custom fields of the account."""
        return read(value_of(self.details(), "CUSTOM FIELD"))

    # Comparing

    def effect(self, answer: Seen, what: str, now: Callable[[], str], before: str) -> str:
        """Return what an empty value did: clears, ignored or refused; raise InconclusiveError."""
        if not told(answer, what):
            return "refused"
        after = now()
        if after not in ("", before):
            raise InconclusiveError(f"{what}: there is another value now")
        return "ignored" if after == before else "clears"


def text_of(record: Json, *names: str) -> str:
    """Return a text of a record, ``""`` for what stands for none."""
    return str(TEXT.read(value_of(record, *names)))


def labelled(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return custom fields for the wire."""
    return [{"CUSTOMLABEL": label, "CUSTOMVALUE": value} for label, value in values.items()]
