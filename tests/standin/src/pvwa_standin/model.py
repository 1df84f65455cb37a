# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault holds, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field

# The rights on a safe that a call can need (CODE AIOB: names of safe permissions).
RIGHTS = (
    "listAccounts",
    "retrieveAccounts",
    "addAccounts",
    "updateAccountContent",
    "updateAccountProperties",
    "initiateCPMAccountManagementOperations",
    "specifyNextAccountContent",
    "renameAccounts",
    "deleteAccounts",
)


@dataclass
class Version:
    """One value that the secret of an account had; the newest is the last in the list."""

    secret: str
    modified_by: str
    modified: int


@dataclass
class Account:
    """An account. Empty text and None are "not set": such a field is in no answer."""

    id: str
    safe: str
    name: str
    platform_id: str
    address: str = ""
    user_name: str = ""
    secret_type: str = "password"
    versions: list[Version] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    automatic: bool = True
    reason: str = ""
    status: str = ""
    last_modified: int | None = None
    last_reconciled: int | None = None
    last_verified: int | None = None
    remote_machines: str = ""
    restricted: bool | None = None
    created: int = 0
    category_modified: int = 0
    group: str = ""
    # What the CPM was asked to do and did not do yet: change, verify, reconcile or nothing.
    pending: str = ""
    pending_secret: str = ""
    next_secret: str = ""
    # Test switches: who holds the lock, and how the CPM's work ends (success, failure).
    locked_by: str = ""
    cpm: str = "success"

    @property
    def secret(self) -> str:
        """Return the current secret, empty if it never had one."""
        return self.versions[-1].secret if self.versions else ""


@dataclass
class Safe:
    """A safe and what the API's users may do in it."""

    name: str
    number: int
    rights: list[str] = field(default_factory=lambda: list(RIGHTS))
    last_account: int = 2


@dataclass
class Platform:
    """A platform; ``mandatory`` may name ``address`` and ``userName`` beside its own properties."""

    id: str
    mandatory: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    numeric: list[str] = field(default_factory=list)
    device_type: str = "Operating System"
    active: bool = True
    reason_required: bool = False
    remote_machines: bool = False
    # Properties that are stored and never shown (CODE PSPAS#124, #184, #191).
    hidden: list[str] = field(default_factory=list)


@dataclass
class User:
    """A user who may log on."""

    name: str
    password: str = ""
    otp: str = "123456"
    password_expired: bool = False


@dataclass
class Session:
    """A session: its token counts only together with its node's cookie (profile ``sticky``)."""

    token: str
    user: str
    cookie: str
    last_used: float = 0.0
