# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault's memory: look-ups, numbers, sessions, clock. One lock, held by the caller (the product)."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from typing import Any

from pvwa_standin.defaults import FIRST_SAFE
from pvwa_standin.model import Account, Platform, Safe, Session, User, Version
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
        self.safes: dict[str, Safe] = {}
        self.platforms: dict[str, Platform] = {}
        self.accounts: dict[str, Account] = {}
        self.deleted: dict[str, Account] = {}
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

    def platform(self, name: str) -> Platform | None:
        """Return a platform by its id."""
        found: Platform | None = self.find(self.platforms, name)
        return found

    def account(self, safe: str, name: str) -> Account | None:
        """Return the account with an object name in a safe."""
        held = (item for item in self.accounts.values() if self.same(item.safe, safe))
        return next((item for item in held if self.same(item.name, name)), None)

    def delete(self, account: Account) -> None:
        """Take an account out of the lists; by its id it may be readable still (profile ``deleted_by_id``)."""
        self.deleted[account.id] = self.accounts.pop(account.id)

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

    def expire(self, user: str | None = None) -> None:
        """End all sessions, or those of one user."""
        gone = [token for token, one in self.sessions.items() if user is None or self.same(one.user, user)]
        for token in gone:
            del self.sessions[token]

    def drop_old_sessions(self) -> None:
        """End the sessions that nobody used for too long."""
        limit = self.now() - float(self.profile["session_timeout"])
        for token in [token for token, one in self.sessions.items() if one.last_used < limit]:
            del self.sessions[token]
