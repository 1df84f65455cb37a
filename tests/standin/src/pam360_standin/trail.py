# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the audit trail (contract sections 5.1 and 8).

Keys and text values are those of the one capture (LCK); the SDK knows the same (DOC). What a row says
of an operation is ours, but for ``Password Retrieved`` (CODE: a log parser for the product knows it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pam360_standin.state import State

TYPES = ("Resource", "User")
# Key -> value where nothing is known (CAP LCK). AUDITTYPE says which list a row is in and is not shown.
KEYS = {
    "AUDITTYPE": "Resource",
    "Resource Name": "N/A",
    "Operation Type": "N/A",
    "User Account": "N/A",
    "User Name": "N/A",
    "Audit ID": "",
    "Client Type": "REST API",
    "TIME": "",
    "User Account ID": "0",
    "Reason": "N/A",
    "Operated by": "System",
    "IP Address": "localhost",
    "Resource ID": "0",
    "Time Stamp": "",
    "User's Full Name": "N/A",
    "Ticket ID": "",
}


def add(state: State, given: Mapping[str, Any]) -> None:
    """Add a row; keys that are left out get a default. Raises ValueError.

    ``TIME`` is in milliseconds since 1970; ``ago`` is seconds before the server's time instead.
    """
    plain = dict(given)
    moment = state.now() - timedelta(seconds=float(plain.pop("ago", 0)))
    unknown = set(plain) - set(KEYS)
    if unknown:
        raise ValueError(f"unknown key of an audit row: {', '.join(sorted(unknown))}")
    plain.setdefault("TIME", int(moment.timestamp() * 1000))
    row = {key: str(plain.get(key, value)) for key, value in KEYS.items()}
    if row["AUDITTYPE"] not in TYPES:
        raise ValueError(f"AUDITTYPE is one of {', '.join(TYPES)}, not {row['AUDITTYPE']!r}")
    number = row["Audit ID"] or state.next_id("audit")
    state.taken("audit", number)
    local = local_time(state, int(row["TIME"]))
    stamp = row["Time Stamp"] or f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03}"
    state.audit.append({**row, "Audit ID": number, "Time Stamp": stamp})


def local_time(state: State, milliseconds: int) -> datetime:
    """Return a moment in the server's local time."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)
    return state.local(moment)
