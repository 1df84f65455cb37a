# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault holds, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Shares = dict[str, dict[str, str]]


def no_shares() -> Shares:
    """Return the grants of a new object: access type by user id and by user group id."""
    return {"user": {}, "group": {}}


@dataclass
class Account:
    """An account; ``settings`` holds what was received and cannot be read back, types kept."""

    id: str
    name: str
    password: str = ""
    notes: str = ""
    description: str = ""
    policy: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    shares: Shares = field(default_factory=no_shares)
    # As the server shows them ("Dec 1, 2021 09:00 PM"); empty: never.
    last_modified_time: str = ""
    last_accessed_time: str = ""
    expired: bool = False
    approval: bool = False
    reason_required: bool = False
    ticket_required: bool = False
    password_status: str = "****"
    remote_reset: bool = True


@dataclass
class Resource:
    """A host or device with its accounts by id."""

    id: str
    name: str
    type: str = "Linux"
    description: str = ""
    url: str = ""
    dns_name: str = ""
    department: str = ""
    location: str = ""
    domain_name: str = ""
    owner: str = "admin"
    password_policy: str = "Strong"
    notes: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    shares: Shares = field(default_factory=no_shares)
    accounts: dict[str, Account] = field(default_factory=dict)
    trashed_accounts: dict[str, Account] = field(default_factory=dict)


@dataclass
class User:
    """A user; one with a token may call the API."""

    id: str
    name: str
    full_name: str = ""
    email: str = ""
    role: str = "Password User"
    token: str = ""
    locked: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class UserGroup:
    """A user group."""

    id: str
    name: str


@dataclass
class ResourceGroup:
    """A group of resources; which resources belong to it is kept with the resources. ``type``: static or dynamic."""

    id: str
    name: str
    description: str = ""
    type: str = "static"
    shares: Shares = field(default_factory=no_shares)


@dataclass
class Policy:
    """A password policy."""

    id: str
    name: str
    min_length: int = 8
    max_length: int = 64
    mixed_case: bool = True
    digits: bool = True
    special: bool = True


@dataclass
class CustomField:
    """The definition of a custom field: ``type`` is Character, Numeric, Date or Password."""

    label: str
    type: str = "Character"
    column: str = ""
    max_length: int = 0


@dataclass
class AccessRequest:
    """A request for a password that needs approval."""

    id: str
    account_id: str
    user: str
    reason: str
    requested_time: str
    status: str = "Pending"
    start_time: str = ""
    end_time: str = ""
