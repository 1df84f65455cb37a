# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault holds, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field

# The rights on a safe that a call can need (CODE AIOB: names of safe permissions).
# The permissions of a safe member, in the order of the page (DOC).
RIGHTS = (
    "useAccounts",
    "retrieveAccounts",
    "listAccounts",
    "addAccounts",
    "updateAccountContent",
    "updateAccountProperties",
    "initiateCPMAccountManagementOperations",
    "specifyNextAccountContent",
    "renameAccounts",
    "deleteAccounts",
    "unlockAccounts",
    "manageSafe",
    "manageSafeMembers",
    "backupSafe",
    "viewAuditLog",
    "viewSafeMembers",
    "accessWithoutConfirmation",
    "createFolders",
    "deleteFolders",
    "moveAccountsAndFolders",
    "requestsAuthorizationLevel1",
    "requestsAuthorizationLevel2",
)
FULL = RIGHTS[:-1]
# What a user may do in the whole vault; the two that the calls of safes need (DOC).
VAULT_RIGHTS = ("AddSafes", "ManageSafes")
CPM = "PasswordManager"
ROOT = "\\"
USER, GROUP, ROLE = "User", "Group", "Role"


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
    # Ids of linked accounts by extraPasswordIndex.
    links: dict[int, str] = field(default_factory=dict)
    # What the CPM was asked to do and did not do yet: change, verify, reconcile or nothing.
    pending: str = ""
    pending_secret: str = ""
    next_secret: str = ""
    polls: int = 0
    # Test switches: who holds the lock; how the CPM's work ends (success, failure), and its words by action.
    locked_by: str = ""
    cpm: str = "success"
    cpm_errors: dict[str, str] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        """Return the current secret, empty if it never had one."""
        return self.versions[-1].secret if self.versions else ""


@dataclass
class Task:
    """What the CPM was asked to do: inProcess, then success, failure with ``error``, or replaced by a later one."""

    account: str
    action: str
    by: str
    asked: int
    status: str = "inProcess"
    error: str = ""
    done: int | None = None


@dataclass
class Member:
    """A member of a safe; ``expires`` in Unix seconds, ``search_in`` is where it was found."""

    name: str
    kind: str = USER
    permissions: list[str] = field(default_factory=list)
    expires: int | None = None
    search_in: str = "Vault"


# In every safe, added by nobody: Master and Batch CODE, the others INF.
PREDEFINED = (
    Member("Master", USER, list(RIGHTS[:-2])),
    Member("Batch", USER, list(RIGHTS[:-2])),
    Member("Backup Users", GROUP, ["backupSafe"]),
    Member("Auditors", GROUP, ["listAccounts", "viewAuditLog", "viewSafeMembers"]),
)


@dataclass
class Safe:
    """A safe; exactly one of ``versions`` and ``days`` is set. ``changed`` is in Unix microseconds (DOC)."""

    name: str
    number: int
    description: str = ""
    location: str = ROOT
    cpm: str = CPM
    olac: bool = False
    versions: int | None = None
    days: int | None = 7
    auto_purge: bool = False
    creator: str = ""
    created: int = 0
    changed: int = 0
    members: list[Member] = field(default_factory=list)
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
    ticket_required: bool = False
    # Reading needs a confirmation, and locks the account for others.
    approval_required: bool = False
    exclusive: bool = False
    # The CPM can do nothing without a linked logon account.
    logon_required: bool = False
    remote_machines: bool = False
    # The indexes that it has, and the accounts that it links by default: {"3": {"safe": S, "name": N}}.
    indexes: list[int] = field(default_factory=lambda: [1, 2, 3])
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    # Properties that are stored and never shown (CODE PSPAS#124, #184, #191).
    hidden: list[str] = field(default_factory=list)


@dataclass
class User:
    """A user who may log on; ``vault_rights`` are those outside safes, ``oauth`` marks a confidential client."""

    name: str
    password: str = ""
    otp: str = "123456"
    password_expired: bool = False
    vault_rights: list[str] = field(default_factory=lambda: list(VAULT_RIGHTS))
    oauth: bool = False


@dataclass
class Group:
    """A group of the vault."""

    name: str
    users: list[str] = field(default_factory=list)


@dataclass
class Directory:
    """An LDAP directory, named as the PVWA's LDAP page has it, and who is found there."""

    name: str
    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)


@dataclass
class Session:
    """A session: its token counts only together with its node's cookie (profile ``sticky``).

    A bearer token has no cookie and ends at a fixed time.
    """

    token: str
    user: str
    cookie: str
    last_used: float = 0.0
    bearer: bool = False
    expires: float = 0.0
