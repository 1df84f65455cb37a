# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom fields: what is taken, and how they are shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError
from pam360_standin.empties import kept
from pam360_standin.model import CustomField


def checked(number: str) -> int | str:
    """Return an id as a number where it is one."""
    return int(number) if number.isdigit() else number


def custom_values(
    call: ApiCall, given: Any, definitions: list[CustomField], old: dict[str, str] | None = None
) -> dict[str, str]:
    """Return label -> value of a ``[{CUSTOMLABEL, CUSTOMVALUE}]`` list. Raises FailedError.

    ``old`` are the values before an edit, None when something new is made. Labels that are not
    defined are ignored (INF) and noted in the journal; the texts for wrong values are invented.
    """
    if given in (None, ""):
        return {}
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise FailedError(texts.BAD_INPUT)
    known = {item.label: item for item in definitions}
    found: dict[str, str] = {}
    for item in given:
        label = str(item.get("CUSTOMLABEL"))
        if label not in known:
            call.ignored.append(f"custom field {label}")
            continue
        value = item.get("CUSTOMVALUE", "")
        if value == "" and old is not None and kept(call, "empty_custom_field", label):
            value = old.get(label, "")
        found[label] = value if isinstance(value, str) else json.dumps(value)
        if not _fits(found[label], known[label]):
            raise FailedError(texts.BAD_FIELD_VALUE.format(label=label))
    return found


def _fits(value: str, field: CustomField) -> bool:
    """Return whether a value is one that the field can hold."""
    if field.type == "Numeric" and value and not value.lstrip("-").isdigit():
        return False
    if field.type == "Date" and value and day_of(value) is None:
        return False
    return not field.max_length or len(value) <= field.max_length


def day_of(value: str) -> datetime | None:
    """Return the day of a value as it is written, dd/MM/yyyy (CODE grpc); None if it is none."""
    try:
        return datetime.strptime(value, "%d/%m/%Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def date_text(value: str, form: str) -> str:
    """Return a Date as it is shown: not known, so the profile chooses the form."""
    day = day_of(value)
    if day is None or form == "as_written":
        return value
    text = f"{day:%b} {day.day}, {day:%Y}"
    return {"iso": f"{day:%Y-%m-%d}", "text": text, "text_time": f"{text} 12:00 AM"}.get(
        form, str(int(day.timestamp() * 1000))
    )


def merged(old: dict[str, str], new: dict[str, str], semantics: str = "keep") -> dict[str, str]:
    """Return the values after a write: labels left out survive or not (profile edit_semantics)."""
    return {**(old if semantics == "keep" else {}), **new}


def shown(call: ApiCall, values: dict[str, str], definitions: list[CustomField]) -> list[dict[str, str]]:
    """Return the CUSTOM FIELD list: every defined field, unset ones empty (CAP bcgov, CLI)."""
    masked = call.profile["custom_fields_password"] == "masked"
    rows: list[dict[str, str]] = []
    for field in definitions:
        value = values.get(field.label, "")
        if value and masked and field.type == "Password":
            value = "****"
        if field.type == "Date":
            value = date_text(value, call.profile["date_format"])
        rows.append(
            {
                "CUSTOMFIELDVALUE": value,
                "CUSTOMFIELDTYPE": field.type,
                "CUSTOMFIELDLABEL": field.label,
                "CUSTOMFIELDCOLUMNNAME": field.column,
            }
        )
    return rows
