# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of PAM360 accounts: whom, at which level. Internal to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._common.wording import one_line
from .._engine.fields import ID, NAME, Field, Kind
from .api import Pam360
from .fields import ACCESS_TYPES, REVOKE, SHARE


class GranteeKind(NamedTuple):
    """How one kind of grantee is named: by the option of a task, in words, by its ID, in a request."""

    option: str
    words: str
    id_option: str
    wire: str


GRANTEE_KINDS: Mapping[str, GranteeKind] = {
    "user": GranteeKind("user", "user", "user_id", "USERID"),
    "user_id": GranteeKind("user_id", "user", "user_id", "USERID"),
    "user_group": GranteeKind("user_group", "user group", "user_group_id", "USERGROUPID"),
    "user_group_id": GranteeKind("user_group_id", "user group", "user_group_id", "USERGROUPID"),
}
GRANTEES = tuple(GRANTEE_KINDS)
GRANTEE_OPTIONS: Mapping[str, Any] = {
    name: {"type": "str", "unquoted": name == kind.id_option} for name, kind in GRANTEE_KINDS.items()
}


@dataclass(frozen=True)
class Grant:
    """One share as a task gives it.

    :param grantee: one of GRANTEES.
    :param who: its value, a name or an ID.
    :param access_type: ``None`` to revoke.
    """

    grantee: str
    who: str
    access_type: str | None

    @property
    def access(self) -> str:
        """The level as it goes over the wire."""
        return ACCESS_TYPES[self.access_type] if self.access_type else REVOKE

    @property
    def label(self) -> str:
        """The grantee in words."""
        return f"{GRANTEE_KINDS[self.grantee].words} '{one_line(self.who)}'"

    def ids(self, client: Pam360) -> tuple[str, str]:
        """Return ``user_id`` or ``user_group_id``, and the ID; *client* looks up names."""
        find = {"user": client.user_id, "user_group": client.user_group_id}.get(self.grantee, str)
        return GRANTEE_KINDS[self.grantee].id_option, find(self.who)

    def show(self) -> dict[str, str]:
        """Return the share as a task would give it."""
        level = {"access_type": self.access_type} if self.access_type else {"state": "absent"}
        return {self.grantee: self.who, **level}


@dataclass(frozen=True)
class Share:
    """A share on its way to the vault.

    :param kind: ``user_id`` or ``user_group_id``.
    :param access: the level on the wire.
    :param shown: the share as a task would give it.
    """

    kind: str
    grantee_id: str
    access: str
    label: str
    shown: Mapping[str, str]

    @classmethod
    def of(cls, grant: Grant, client: Pam360) -> Share:
        """Return the share for *grant*; *client* looks up names."""
        return cls(*grant.ids(client), grant.access, grant.label, grant.show())

    @classmethod
    def revoke(cls, kind: str, grantee_id: str) -> Share:
        """Return the share that takes all access from someone who is known by ID alone."""
        label = f"{GRANTEE_KINDS[kind].words} {grantee_id}"
        return cls(kind, grantee_id, REVOKE, label, {kind: grantee_id, "state": "absent"})

    @property
    def key(self) -> tuple[str, str, str]:
        """What its fingerprint is made of."""
        return self.kind, self.grantee_id, self.access

    @property
    def wire(self) -> dict[str, str]:
        """The part of a request that names the grantee."""
        return wire_grantee(self.kind, self.grantee_id)


def wire_grantee(kind: str, grantee_id: str) -> dict[str, str]:
    """Return the part of a request that names a grantee, by ``user_id`` or ``user_group_id``."""
    return {GRANTEE_KINDS[kind].wire: grantee_id}


def _clean(entries: Iterable[Mapping[str, Any]]) -> tuple[Grant, ...]:
    grants = tuple(_grant(entry) for entry in entries)
    for grant in grants:
        if sum((other.grantee, other.who) == (grant.grantee, grant.who) for other in grants) > 1:
            raise ValueError(f"names {grant.label} twice")
    return grants


def _grant(entry: Mapping[str, Any]) -> Grant:
    given = [name for name in GRANTEES if entry.get(name) is not None]
    if len(given) != 1:
        raise ValueError(f"must name exactly one of {', '.join(GRANTEES)} in each entry")
    grantee, absent = given[0], entry.get("state") == "absent"
    try:
        who = str((ID if grantee == GRANTEE_KINDS[grantee].id_option else NAME).clean(entry[grantee]))
    except ValueError as error:
        raise ValueError(f"has an entry whose {grantee} {error}") from None
    if not absent and not entry.get("access_type"):
        raise ValueError(f"must give {grantee} '{one_line(who)}' an access_type, or state: absent")
    return Grant(grantee, who, None if absent else entry["access_type"])


GRANTS = Kind(
    "grants",
    {
        "type": "list",
        "elements": "dict",
        "options": {
            **GRANTEE_OPTIONS,
            **{field.option: field.argument() for field in SHARE},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    },
    _clean,
    show=lambda grants: [grant.show() for grant in grants],
)
# Of an account with its shares: never in the body of the account itself, nor read from it.
SHARES = Field("shares", "", GRANTS, create=False, update=False, part="shares")
