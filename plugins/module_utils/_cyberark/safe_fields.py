# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a safe and of a member of it, a setting in a line. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .._engine.fields import BOOLEAN, INTEGER, TEXT, Field, Kind
from .kinds import CASELESS, CASELESS_TEXT, PLAIN
from .permissions import PERMISSIONS

UNSET = -1  # of two kinds of retention, the one that a safe does not have
LATEST = datetime(9000, 1, 1, tzinfo=timezone.utc)


def _number(low: int, high: int) -> Kind:
    def clean(value: Any) -> int:
        if not low <= int(value) <= high:
            raise ValueError(f"must be {low} to {high}")
        return int(value)

    return INTEGER._replace(
        clean=clean,
        wire=lambda wanted, _current: _or_none(wanted),
        read=lambda value: value if _is_integer(value) else UNSET,
        difference=lambda wanted, current: None if wanted == current else (_or_none(current), _or_none(wanted)),
        show=_or_none,
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _or_none(number: int) -> int | None:
    return None if number == UNSET else number


def _seconds(value: Any) -> int:
    """Return the end of a membership in Unix seconds, 0 for none."""
    text = TEXT.clean(value).strip()
    if not text or text.casefold() == "never":
        return 0
    if text.isascii() and text.isdigit() and len(text) < 15 and 0 < int(text) < LATEST.timestamp():
        return int(text)
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError("must look like '2027-01-31' or '2027-01-31T12:00:00Z', or be never") from None
    return int((when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp())


def in_words(seconds: int) -> str:
    """Return a time in UTC in words that sort, ``never`` for 0."""
    if not 0 < seconds < LATEST.timestamp():
        return str(seconds) if seconds else "never"
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


EXPIRY = Kind(
    "end of a membership",
    {"type": "str", "unquoted": True},
    _seconds,
    wire=lambda wanted, _current: wanted or None,
    read=lambda value: value if _is_integer(value) and value > 0 else 0,
    difference=lambda wanted, current: None if wanted == current else (in_words(current), in_words(wanted)),
    show=in_words,
)
MEMBER_TYPE = CASELESS._replace(read=lambda value: str(value or "").casefold())
SWITCH = BOOLEAN._replace(read=lambda value: False if value is None else BOOLEAN.read(value))
VERSIONS, DAYS = _number(1, 999), _number(0, 3650)


def _shown(option: str, api: str, kind: Kind = PLAIN, **more: Any) -> Field:
    return Field(option, api, kind, read=(api,), **more)


SAFE: tuple[Field, ...] = (
    _shown("description", "description"),
    _shown("location", "location"),
    _shown("managing_cpm", "managingCPM", CASELESS_TEXT),
    _shown("versions_retention", "numberOfVersionsRetention", VERSIONS),
    _shown("days_retention", "numberOfDaysRetention", DAYS),
    _shown("olac_enabled", "olacEnabled", SWITCH),
    _shown("auto_purge", "autoPurgeEnabled", SWITCH),
)
# The server does not show where it found a member.
MEMBER: tuple[Field, ...] = (
    Field("search_in", "searchIn", TEXT, update=False),
    _shown("member_type", "memberType", MEMBER_TYPE, update=False, choices=("user", "group", "role")),
    _shown("permissions", "permissions", PERMISSIONS),
    _shown("expires", "membershipExpirationDate", EXPIRY),
)


def by_name(record: Mapping[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the values that a table reads, by its names, whatever the case of the record's."""
    folded = {str(name).casefold(): value for name, value in record.items()}
    return {item.api: folded[item.api.casefold()] for item in fields if item.api.casefold() in folded}
