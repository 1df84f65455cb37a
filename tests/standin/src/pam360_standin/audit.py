# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET /audit. The first row's STARTINDEX of 1 and the order, oldest first, are those of the capture (LCK)."""

from __future__ import annotations

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, page, success
from pam360_standin.trail import TYPES, local_time
from standin_core.product import Answer

# The days a DURATION covers: the first one and the last one, counted back from today (INF).
DURATIONS = {"TODAY": (0, 0), "YESTERDAY": (1, 1), "LAST_7_DAYS": (7, 0)}


def listing(call: ApiCall) -> Answer:
    """GET /audit?AUDITTYPE=&STARTINDEX=&LIMIT=&DURATION= (CAP LCK). Raises FailedError (texts invented)."""
    kind, duration = call.query.get("AUDITTYPE", "Resource"), call.query.get("DURATION", "")
    if kind not in TYPES:
        raise FailedError(texts.BAD_AUDIT_TYPE)
    if duration and duration not in DURATIONS:
        raise FailedError(texts.BAD_DURATION)
    rows = [row for row in call.state.audit if row["AUDITTYPE"] == kind and _within(call, row, duration)]
    newest_first = call.profile["audit_order"] == "newest_first"
    rows.sort(key=lambda row: (int(row["TIME"]), int(row["Audit ID"])), reverse=newest_first)
    base = int(call.profile["audit_startindex_base"])
    rows, total = page(call, rows, call.query.get("STARTINDEX"), call.query.get("LIMIT"), base)
    shown = [{key: value for key, value in row.items() if key != "AUDITTYPE"} for row in rows]
    return success(call, texts.AUDITS, shown or None, total=total)


def _within(call: ApiCall, row: dict[str, str], duration: str) -> bool:
    """Return whether a row is of the days that a DURATION covers; without one, of any day."""
    if not duration:
        return True
    first, last = DURATIONS[duration]
    age = (call.state.local(call.state.now()).date() - local_time(call.state, int(row["TIME"])).date()).days
    return last <= age <= first
