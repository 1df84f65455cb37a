# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of a drift report. Internal to the collection; pure, without Ansible."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone

FORM = "a time such as 2026-01-31 02:30:00 UTC or 2026-01-31T02:30:00+01:00"
# The vault's words depend on its settings. The first form is known from captures, the others are inferred.
# Names of months are compared here, since Python's own depend on the locale.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS = (
    re.compile(r"(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4})\b", re.IGNORECASE),
    re.compile(r"(?P<day>\d{1,2})[ -](?P<month>[a-z]{3})[a-z]*\.?[ -](?P<year>\d{4})\b", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
)


def moment(text: object) -> datetime:
    """Return the time that *text* says, in UTC; raise ValueError."""
    words = re.sub(r"( UTC|Z)$", "+00:00", str(text).strip())
    words = re.sub(r" (?=[+-]\d\d:\d\d$)", "", words)
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"{str(text)[:50]!r} is not {FORM}") from None
    return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)


def day(value: object) -> date:
    """Return the day that *value* is or says, as YYYY-MM-DD; raise ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is not a date such as 2026-01-31")
    return date.fromisoformat(value)


def age_in_days(words: str | None, now: datetime) -> int | None:
    """Return the days since a time in the vault's words, or ``None`` if there is none or it is not understood.

    The vault tells its local time without a zone, so this may be wrong by one day.
    """
    for pattern in WORDS:
        found = pattern.match((words or "").strip())
        if found:
            year, month, day_of_month = found["year"], found["month"].casefold(), found["day"]
            number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdigit() else 0
            try:
                return max((now.date() - date(int(year), number, int(day_of_month))).days, 0)
            except ValueError:
                return None
    return None
