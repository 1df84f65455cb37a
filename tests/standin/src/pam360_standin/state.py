# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault's memory: look-ups, numbers, clock. One lock, held by the caller (the product)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from pam360_standin.defaults import FIRST_IDS
from pam360_standin.model import (
    AccessRequest,
    Account,
    CustomField,
    Policy,
    Resource,
    ResourceGroup,
    User,
    UserGroup,
)
from standin_core.profile import Profile


class Named(Protocol):
    """Anything with a name."""

    name: str


T = TypeVar("T", bound=Named)


def new_token() -> str:
    """Return a token of the kind PAM360 gives out: an upper-case GUID."""
    return str(uuid.uuid4()).upper()


class State:
    """Everything the stand-in knows. Look-ups return None where nothing is found."""

    def __init__(self, profile: Profile) -> None:
        self.lock = threading.RLock()
        self.profile = profile
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.api_user = "admin"
        self.organizations: list[str] = []
        self.resource_types: list[str] = []
        self.default_resource_type = "Linux"
        self.resources: dict[str, Resource] = {}
        self.trashed_resources: dict[str, Resource] = {}
        self.users: dict[str, User] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.resource_groups: dict[str, ResourceGroup] = {}
        self.password_policies: dict[str, Policy] = {}
        self.resource_fields: list[CustomField] = []
        self.account_fields: list[CustomField] = []
        self.audit: list[dict[str, str]] = []
        self.access_requests: dict[str, AccessRequest] = {}
        self._next = dict(FIRST_IDS)

    def next_id(self, kind: str) -> str:
        """Return a number that was never given out for this kind."""
        number = self._next[kind]
        self._next[kind] = number + 1
        return str(number)

    def taken(self, kind: str, number: str) -> None:
        """Note a number that a seed brought along."""
        if number.isdigit():
            self._next[kind] = max(self._next[kind], int(number) + 1)

    @property
    def token(self) -> str:
        """Return the token of the API user."""
        user = self.user(self.api_user)
        return user.token if user else ""

    def same(self, one: str, other: str) -> bool:
        """Compare two names as the profile says."""
        if self.profile["names"] == "case_insensitive":
            return one.casefold() == other.casefold()
        return one == other

    def find(self, items: Iterable[T], name: str) -> T | None:
        """Return the item with a name."""
        return next((item for item in items if self.same(item.name, name)), None)

    def resource(self, name: str) -> Resource | None:
        """Return the resource with a name."""
        return self.find(self.resources.values(), name)

    def account(self, resource: str, account: str) -> Account | None:
        """Return the account with a name in the resource with a name."""
        found = self.resource(resource)
        return self.find(found.accounts.values(), account) if found else None

    def account_by_id(self, account_id: str) -> tuple[Resource, Account] | None:
        """Return an account and its resource by the account's id alone."""
        for resource in self.resources.values():
            if account_id in resource.accounts:
                return resource, resource.accounts[account_id]
        return None

    def user(self, name: str) -> User | None:
        """Return the user with a name."""
        return self.find(self.users.values(), name)

    def user_by_token(self, token: str) -> User | None:
        """Return the user whose token it is."""
        return next((user for user in self.users.values() if token and user.token == token), None)

    def user_group(self, name: str) -> UserGroup | None:
        """Return the user group with a name."""
        return self.find(self.user_groups.values(), name)

    def resource_group(self, name: str) -> ResourceGroup | None:
        """Return the resource group with a name."""
        return self.find(self.resource_groups.values(), name)

    def policy(self, name: str) -> Policy | None:
        """Return the password policy with a name."""
        return self.find(self.password_policies.values(), name)

    def now(self) -> datetime:
        """Return the server's time (UTC, moved by the profile ``clock_offset``)."""
        return datetime.now(UTC) + timedelta(seconds=float(self.profile["clock_offset"]))

    def time_text(self, moment: datetime | None = None) -> str:
        """Return a time as the server shows it: local, no zone, ``Dec 1, 2021 09:00 PM``."""
        local = self.local(moment or self.now())
        return f"{local:%b} {local.day}, {local:%Y %I:%M %p}"

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the server's local time."""
        return moment + timedelta(minutes=float(self.profile["utc_offset"]))
