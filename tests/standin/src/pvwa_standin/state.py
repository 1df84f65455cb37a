# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault's memory: look-ups, numbers, sessions, clock. One lock, held by the caller (the product)."""

from __future__ import annotations

import base64
import secrets
import threading
import time
import uuid
from typing import Any

from pvwa_standin.defaults import FIRST_SAFE
from pvwa_standin.model import (
    GROUP,
    PREDEFINED,
    ROLE,
    USER,
    Account,
    Directory,
    Group,
    Member,
    Platform,
    Safe,
    Session,
    Task,
    User,
    Version,
)
from standin_core.profile import Profile


def new_token() -> str:
    """Return a session token ("encoded in BASE 64", DOC UpdateAccount)."""
    return base64.b64encode(secrets.token_bytes(90)).decode()


def new_secret() -> str:
    """Return a secret as the CPM would make one."""
    return f"{secrets.token_urlsafe(12)}aA1!"


class State:
    """Everything the stand-in knows. Look-ups return None where nothing is found."""

    def __init__(self, profile: Profile) -> None:
        self.lock = threading.RLock()
        self.profile = profile
        # The time of everything in a seed that has none, so that a reset makes the same state.
        self.born = int(time.time())
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.api_user = ""
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.directories: dict[str, Directory] = {}
        self.cpms: list[str] = []
        self.safes: dict[str, Safe] = {}
        self.platforms: dict[str, Platform] = {}
        self.accounts: dict[str, Account] = {}
        self.deleted: dict[str, Account] = {}
        self.tasks: list[Task] = []
        # Who read which secret, and why: account, user, reason, ticket_id, ticketing_system, version, time.
        self.retrievals: list[dict[str, Any]] = []
        self.sessions: dict[str, Session] = {}
        self.challenges: dict[str, str] = {}

    def now(self) -> float:
        """Return the server's time (Unix seconds, moved by the profile ``clock_offset``)."""
        return time.time() + float(self.profile["clock_offset"])

    def same(self, one: str, other: str) -> bool:
        """Compare two names as the profile says."""
        if self.profile["names"] == "any_case":
            return one.casefold() == other.casefold()
        return one == other

    def find(self, table: dict[str, Any], name: str) -> Any:
        """Return the item of a table that has this name as its key."""
        return next((item for key, item in table.items() if self.same(key, name)), None)

    def user(self, name: str) -> User | None:
        """Return a user by name."""
        found: User | None = self.find(self.users, name)
        return found

    def safe(self, name: str) -> Safe | None:
        """Return a safe by name."""
        found: Safe | None = self.find(self.safes, name)
        return found

    def memberships(self, user: str, safe: Safe) -> list[Member]:
        """Return the memberships of a user in a safe that count now, those of its groups included."""
        groups = {one.name for one in self.groups.values() if any(self.same(name, user) for name in one.users)}
        return [
            one
            for one in safe.members
            if (self.same(one.name, user) if one.kind == USER else one.name in groups)
            and (one.expires is None or one.expires > self.now())
        ]

    def rights(self, user: str, safe: Safe) -> set[str]:
        """Return what a user may do in a safe."""
        return {right for one in self.memberships(user, safe) for right in one.permissions}

    def member(self, safe: Safe, name: str) -> Member | None:
        """Return a member of a safe, a predefined one included."""
        return next((one for one in [*safe.members, *PREDEFINED] if self.same(one.name, name)), None)

    def principal(self, name: str, search_in: str) -> tuple[str, str] | None:
        """Return the name and the kind of whom the vault or a directory knows.

        Without a place a name may carry its directory: ``group@example.org`` (CODE EPV, shared services).
        """
        if search_in in ("", "Vault"):
            for kind, table in ((USER, self.users), (GROUP, self.groups)):
                found = self.find(table, name)
                if found is not None:
                    return found.name, kind
        plain, _at, place = name.rpartition("@")
        directory = self.find(self.directories, search_in or place)
        if directory is None:
            return None
        for kind, names in ((USER, directory.users), (GROUP, directory.groups), (ROLE, directory.roles)):
            if any(self.same(one, name if search_in else plain) for one in names):
                return name, kind
        return None

    def member_id(self, name: str) -> int | str:
        """Return the id of a user or a group: a number, or the text of a GUID (CODE, profile ``member_ids``)."""
        known = uuid.uuid5(uuid.NAMESPACE_DNS, name.casefold())
        return known.int % 100_000 if self.profile["member_ids"] == "number" else str(known)

    def rename_safe(self, safe: Safe, name: str) -> None:
        """Give a safe another name; its accounts go along, its place in lists stays."""
        for account in [*self.accounts.values(), *self.deleted.values()]:
            if account.safe == safe.name:
                account.safe = name
        self.safes = {name if one is safe else key: one for key, one in self.safes.items()}
        safe.name = name

    def held(self, safe: Safe) -> list[Account]:
        """Return the accounts in a safe."""
        return [one for one in self.accounts.values() if one.safe == safe.name]

    def platform(self, name: str) -> Platform | None:
        """Return a platform by its id."""
        found: Platform | None = self.find(self.platforms, name)
        return found

    def account(self, safe: str, name: str) -> Account | None:
        """Return the account with an object name in a safe."""
        held = (item for item in self.accounts.values() if self.same(item.safe, safe))
        return next((item for item in held if self.same(item.name, name)), None)

    def delete(self, account: Account) -> None:
        """Take an account out of the lists; while its safe retains it, its id may be readable (``deleted_by_id``)."""
        del self.accounts[account.id]
        safe = self.safe(account.safe)
        if safe is not None and (safe.versions or safe.days):
            self.deleted[account.id] = account

    def delete_safe(self, safe: Safe) -> None:
        """Delete a safe with all that it holds."""
        for table in (self.accounts, self.deleted):
            for account in [one for one in table.values() if one.safe == safe.name]:
                del table[account.id]
        del self.safes[safe.name]

    def account_id(self, safe: Safe) -> str:
        """Return an id that was never given out: ``<safeNumber>_<n>``."""
        safe.last_account += 1
        return f"{safe.number}_{safe.last_account}"

    def safe_number(self) -> int:
        """Return a number for a new safe."""
        return max([FIRST_SAFE - 1, *(safe.number for safe in self.safes.values())]) + 1

    def group_of(self, account: Account) -> list[Account]:
        """Return the members of an account's group, or the account alone."""
        if not account.group:
            return [account]
        held = (item for item in self.accounts.values() if item.safe == account.safe)
        return [item for item in held if self.same(item.group, account.group)]

    def store(self, account: Account, secret: str, by: str) -> None:
        """Make a value the account's current secret."""
        now = int(self.now())
        account.versions.append(Version(secret, by, now))
        account.last_modified = now

    def open_session(self, user: User, cookie: str) -> Session:
        """Open a session."""
        session = Session(new_token(), user.name, cookie, self.now())
        self.sessions[session.token] = session
        return session

    def expire(self, user: str | None = None, *, bearer: bool = True) -> None:
        """End all sessions, or those of one user; without ``bearer`` its tokens of the Identity tenant stay."""
        for session in list(self.sessions.values()):
            if (user is None or self.same(session.user, user)) and (bearer or not session.bearer):
                del self.sessions[session.token]

    def drop_old_sessions(self) -> None:
        """End the sessions that nobody used for too long, and the bearer tokens whose time is over."""
        now, limit = self.now(), self.now() - float(self.profile["session_timeout"])
        for session in list(self.sessions.values()):
            if session.expires <= now if session.bearer else session.last_used < limit:
                del self.sessions[session.token]
