# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages and filters, the same for every list: ``{"value", "count"[, "nextLink"]}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from pvwa_standin import texts
from pvwa_standin.call import ApiCall, FailedError

MAX_LIMIT = 1000
BLANK = re.compile(r"\s")
AND = re.compile(r"\s+AND\s+", re.IGNORECASE)
# An AND within quotes joins nothing: an even number of quotes follows those that do.
AND_OUTSIDE_QUOTES = re.compile(r'\s+AND\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', re.IGNORECASE)
R = TypeVar("R")


def number_of(name: str, text: str | None, default: int, low: int, high: int | None) -> int:
    """Return a number of the query. Raises FailedError (PASWS018E, PASWS167E)."""
    if text in (None, ""):
        return default
    if not re.fullmatch(r"-?\d+", str(text)):
        raise FailedError(texts.NOT_NUMERIC, name=name)
    number = int(str(text))
    if number < low or (high is not None and number > high):
        raise FailedError(texts.INVALID, about=[(name, f"should be {low} to {high or 'any number'}")])
    return number


def paged(
    call: ApiCall,
    query: dict[str, Any],
    rows: Sequence[R],
    show: Callable[[R], Any],
    *,
    link: str,
    size: int,
    cap: int = 0,
) -> dict[str, Any]:
    """Return one page of a list. Raises FailedError (PASWS018E, PASWS167E, 500 CAWS00001E).

    ``size`` is the default limit, ``link`` what ``nextLink`` begins with, ``cap`` the number of rows after
    which the list ends although there are more (0: never; profile ``max_displayed_records``).
    """
    offset = number_of("offset", query.get("offset"), 0, 0, None)
    limit = number_of("limit", query.get("limit"), size, 1, MAX_LIMIT)
    step = min(limit, int(float(call.profile["page_limit"])))
    shown = rows[:cap] if cap else rows
    if cap and offset >= cap and len(rows) > cap and call.profile["list_end"] == "error":
        raise FailedError(texts.NO_PAGE)
    places = _with_gap(call, shown, step)
    page = [row for row in places[offset : offset + step] if row is not None]
    body: dict[str, Any] = {
        "value": [show(row) for row in page],
        "count": len(page) if call.profile["count"] == "page" else len(rows),
    }
    more = offset + step < len(places) or (call.profile["list_end"] == "error" and len(shown) < len(rows))
    if offset < len(places) and more:
        body["nextLink"] = _next(link, query, offset + step, limit)
    return body


def _with_gap(call: ApiCall, rows: Sequence[R], step: int) -> list[R | None]:
    """Return the places of a list: a row each, but for those of the page that comes empty (profile ``empty_page``)."""
    before = (int(float(call.profile["empty_page"])) - 1) * step
    if before < 0 or before >= len(rows):
        return list(rows)
    return [*rows[:before], *[None] * step, *rows[before:]]


def _next(link: str, query: dict[str, Any], offset: int, limit: int) -> str:
    """Return the link to the next page, relative to /PasswordVault/ (CODE IDSEC, PSPAS; capture XSOAR)."""
    kept = [(name, value) for name, value in query.items() if value and name not in ("offset", "limit")]
    rest = "".join(f"&{name}={quote(value, safe='')}" for name, value in kept)
    return f"{link}?offset={offset}&limit={limit}{rest}"


def conditions(call: ApiCall, wanted: str) -> list[tuple[str, str, str]]:
    """Read a filter: name and operator in lower case, and the value, joined by AND. Raises FailedError.

    Quotes round a value are part of it, or taken off, or needed where the value has white space (profile
    ``filter_quotes``).
    """
    how = call.profile["filter_quotes"]
    joint = AND if how == "literal" else AND_OUTSIDE_QUOTES
    return [_condition(part.strip(), how) for part in joint.split(wanted)] if wanted else []


def _condition(part: str, how: str) -> tuple[str, str, str]:
    """Read one condition. Raises FailedError."""
    name, _blank, rest = part.partition(" ")
    operator, _blank, value = rest.strip().partition(" ")
    value = value.strip()
    if how != "literal" and len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    elif how == "required" and BLANK.search(value):
        raise unreadable(part)
    return name.casefold(), operator.casefold(), value


def unreadable(part: str) -> FailedError:
    """Return the refusal of a filter; code and text are invented."""
    return FailedError(texts.INVALID, about=[("filter", f"can not be read: {part}")])
