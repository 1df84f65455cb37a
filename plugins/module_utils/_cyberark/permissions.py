# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a member may do in a safe: the 22 permissions of the API, and the sets of the web page. Internal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._engine.fields import Kind

# In the order of the vendor's page, which some servers want (psPAS).
API_NAMES = (
    *("useAccounts", "retrieveAccounts", "listAccounts", "addAccounts", "updateAccountContent"),
    *("updateAccountProperties", "initiateCPMAccountManagementOperations", "specifyNextAccountContent"),
    *("renameAccounts", "deleteAccounts", "unlockAccounts", "manageSafe", "manageSafeMembers", "backupSafe"),
    *("viewAuditLog", "viewSafeMembers", "accessWithoutConfirmation", "createFolders", "deleteFolders"),
    *("moveAccountsAndFolders", "requestsAuthorizationLevel1", "requestsAuthorizationLevel2"),
)


def _option(name: str) -> str:
    """Return ``initiate_cpm_account_management_operations`` for ``initiateCPMAccountManagementOperations``."""
    words = name.replace("CPM", "Cpm").replace("Level1", "Level_1").replace("Level2", "Level_2")
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in words)


NAMES: Mapping[str, str] = {_option(name): name for name in API_NAMES}
LEVELS = ("requests_authorization_level_1", "requests_authorization_level_2")
SPECIFY, INITIATE = "specify_next_account_content", "initiate_cpm_account_management_operations"
USE = ("list_accounts", "use_accounts")
READ = (*USE, "retrieve_accounts")
# Equal in two clients (the vendor's SDK, psPAS).
SETS: Mapping[str, tuple[str, ...]] = {
    "use": USE,
    "read": READ,
    "manage": (
        *READ,
        *("add_accounts", "update_account_content", "update_account_properties", INITIATE, SPECIFY, "rename_accounts"),
        *("delete_accounts", "unlock_accounts", "view_audit_log", "view_safe_members", "manage_safe_members"),
        "access_without_confirmation",
    ),
    "full": tuple(name for name in NAMES if name != LEVELS[1]),
}


def _ordered(names: Iterable[str]) -> list[str]:
    known = set(names)
    return [name for name in NAMES if name in known]


def _clean(value: Iterable[Any]) -> list[str]:
    names = _ordered(map(str, value))
    if set(LEVELS) <= set(names):
        raise ValueError(f"cannot hold both {' and '.join(LEVELS)}")
    if SPECIFY in names and INITIATE not in names:
        raise ValueError(f"cannot hold {SPECIFY} without {INITIATE}")
    return names


def _read(value: Any) -> list[str]:
    held = {str(name).casefold() for name, on in (value or {}).items() if on is True}
    return [option for option, name in NAMES.items() if name.casefold() in held]


# All 22 are sent, as what is left out is taken away.
PERMISSIONS = Kind(
    "permissions",
    {"type": "list", "elements": "str", "choices": list(NAMES)},
    _clean,
    wire=lambda wanted, _current: {name: option in wanted for option, name in NAMES.items()},
    read=_read,
    difference=lambda wanted, current: None if set(wanted) == set(current) else (current, wanted),
)
