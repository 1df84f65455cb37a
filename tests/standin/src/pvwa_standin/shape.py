# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an account looks in an answer (contract A.3): no secret, no group, nothing that is not set, no null."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pvwa_standin.call import ApiCall
from pvwa_standin.model import Account


def shown(call: ApiCall, account: Account, *, in_list: bool = False) -> dict[str, Any]:
    """Return an account as the server shows it; the order of keys is that of the captures (XSOAR)."""
    platform = call.state.platform(account.platform_id)
    hidden = platform.hidden if platform else []
    properties = {name: value for name, value in account.properties.items() if name not in hidden}
    body: dict[str, Any] = {
        "categoryModificationTime": account.category_modified,
        "id": account.id,
        "name": account.name,
        "address": account.address,
        "userName": account.user_name,
        "platformId": account.platform_id,
        "safeName": account.safe,
        "secretType": account.secret_type,
        "platformAccountProperties": properties,
        "secretManagement": _set(
            {
                "automaticManagementEnabled": account.automatic,
                "status": account.status,
                "lastModifiedTime": account.last_modified,
                "lastReconciledTime": account.last_reconciled,
                "lastVerifiedTime": account.last_verified,
                "manualManagementReason": account.reason,
            }
        ),
        "remoteMachinesAccess": _machines(call, account),
        "createdTime": account.created,
    }
    body = _set(body)
    keep_empty = {"seen": in_list, "absent": False, "object": True}[call.profile["empty_properties"]]
    if not properties and not keep_empty:
        del body["platformAccountProperties"]
    if not body["remoteMachinesAccess"]:
        del body["remoteMachinesAccess"]
    return _dated(body) if call.profile["times"] == "datetime" else body


def _machines(call: ApiCall, account: Account) -> dict[str, Any]:
    """Return the block of remote machines, empty if it is not used."""
    machines = account.remote_machines
    if call.profile["remote_machines"] == "comma":
        machines = machines.replace(";", ",")
    return _set({"remoteMachines": machines, "accessRestrictedToRemoteMachines": account.restricted})


def _set(block: dict[str, Any]) -> dict[str, Any]:
    """Return what is set: empty text and None are left out."""
    return {name: value for name, value in block.items() if value is not None and value != ""}


def _dated(block: dict[str, Any]) -> dict[str, Any]:
    """Return the newest pages' form: ``createdDateTime`` and so on, as text (DOC SEED; the format INF)."""
    changed: dict[str, Any] = {}
    for name, value in block.items():
        if isinstance(value, dict) and name == "secretManagement":
            changed[name] = _dated(value)
        elif name.endswith("Time"):
            changed[f"{name[:-4]}DateTime"] = datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            changed[name] = value
    return changed
