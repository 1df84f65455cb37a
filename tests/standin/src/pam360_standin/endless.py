# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that never end (fault ``endless_pages``): each page is full, and totalRows says that there are more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pam360_standin import accounts, groups, resources
from pam360_standin.call import ApiCall, envelope
from pam360_standin.model import Account, Resource, ResourceGroup
from pam360_standin.trail import KEYS
from standin_core.product import Answer

# Numbers that no state has.
FIRST = 70_000_000


def page(call: ApiCall, real: Answer, rows: int, same: bool) -> Answer:
    """Return a page of ``rows`` rows from the STARTINDEX that was asked for; with ``same`` the first one always."""
    make = ROWS.get(call.operation)
    if make is None:
        return real
    details = call.query if call.operation == "GET_AUDIT" else call.details
    asked = str(details.get("STARTINDEX") or details.get("startIndex") or 0)
    start = int(asked) if asked.isdigit() else 0
    made = [make(call, str(FIRST + number + (0 if same else start))) for number in range(rows)]
    body = envelope(call.operation, "Success", "")
    operation = {**body["operation"], **(real.body["operation"] if isinstance(real.body, dict) else {})}
    found = operation.get("Details")
    operation["Details"] = {**found, "ACCOUNT LIST": made} if isinstance(found, dict) else made
    if "totalRows" in operation:
        operation["totalRows"] = start + 3 * rows
    return Answer({"operation": operation}, status="Success")


def _resource(call: ApiCall, number: str) -> dict[str, Any]:
    return resources.row(call, Resource(number, f"endless-{number}"))


def _account(call: ApiCall, number: str) -> dict[str, Any]:
    return accounts.row(call, Resource(number, ""), Account(number, f"endless-{number}", policy="Strong"))


def _group(call: ApiCall, number: str) -> dict[str, Any]:
    return groups.row(call, ResourceGroup(number, f"endless-{number}"))


def _audit(call: ApiCall, number: str) -> dict[str, Any]:
    known = {"Audit ID": number, "Operation Type": "Password Retrieved", "TIME": str(1_700_000_000_000 + int(number))}
    return {key: known.get(key, value) for key, value in KEYS.items() if key != "AUDITTYPE"}


ROWS: dict[str, Callable[[ApiCall, str], dict[str, Any]]] = {
    "GET RESOURCES": _resource,
    "GET RESOURCE ACCOUNTLIST": _account,
    "GET RESOURCE GROUPS": _group,
    "GET_AUDIT": _audit,
}
