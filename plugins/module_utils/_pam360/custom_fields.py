# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PAM360 custom fields: a dict of label to value, some of them secret. Internal to the collection.

The server gives Password-type values in clear or masked and does not say beforehand which label is
secret, so a value is shown only when the server has said that its label is of another type.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NamedTuple

from .._common.errors import InputError
from .._common.secret import HIDDEN, HIDDEN_CHANGE, Secret
from .._common.wording import one_line, quoted_line
from .._engine.fields import TEXT, Kind

SECRET_TYPE = "password"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        rf"(?P<month>{'|'.join(MONTHS)})[a-z]* (?P<day>\d{{1,2}}), (?P<year>\d{{4}})( 12:00 AM)?",
    )
)


class CustomValue(NamedTuple):
    """One custom field as the server shows it. *masked*: it did not show the value."""

    value: Secret
    type: str

    @property
    def secret(self) -> bool:
        """Whether the value must not be shown."""
        return self.type.casefold() == SECRET_TYPE or not self.type

    @property
    def masked(self) -> bool:
        """Whether the server sent stars instead of a value."""
        text = self.value.reveal()
        return bool(text) and not text.strip("*")

    def same(self, wanted: Secret) -> bool:
        """Whether *wanted* is this value; numbers are compared as numbers."""
        if not self.value:
            return not TEXT.read(wanted.reveal())
        if self.type.casefold() == "numeric":
            return _number(self.value.reveal()) == _number(wanted.reveal())
        if self.type.casefold() == "date":
            return _day(self.value.reveal()) == _day(wanted.reveal())
        return self.value == wanted


def _day(text: str) -> date | str:
    """Return a date, and what is none as it is.

    Dates are written ``19/02/2022`` (a client's code). The forms in which they may be shown are inferred: as they are
    written, as in ISO 8601, as the product shows times, or as milliseconds since 1970 of the server's own midnight.
    """
    plain = text.strip()
    with suppress(ValueError):
        for form in DATE_FORMS:
            match = form.fullmatch(plain)
            if match:
                month = match["month"].casefold()
                number = int(month) if month.isdigit() else MONTHS.index(month) + 1
                return date(int(match["year"]), number, int(match["day"]))
        if plain.isascii() and plain.isdigit() and len("19022022") < len(plain) < len("99999999999999"):
            return date(1970, 1, 1) + timedelta(days=round(int(plain) / 86_400_000))
    return text


def _as_written(item: CustomValue) -> Secret:
    """Return a value that was read as it is written: a date may be shown in another form."""
    day = _day(item.value.reveal()) if item.type.casefold() == "date" else ""
    return Secret(f"{day:%d/%m/%Y}") if isinstance(day, date) else item.value


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return text


def _clean(value: Mapping[Any, Any]) -> dict[str, Secret] | None:
    """null keeps a label, and an empty dictionary changes nothing: that is what Ansible makes of omitted values."""
    labels = {}
    for label, item in value.items():
        if item is None:
            continue
        if isinstance(item, (bool, list, dict)) or not str(label).strip():
            raise ValueError("must be labels with a text or a number each; put yes, no, true and false in quotes")
        labels[str(label)] = Secret(str(item))
    return labels or None


def read(entries: Any) -> dict[str, CustomValue]:
    """Return the ``CUSTOM FIELD`` list of an answer by label; empty for anything else."""
    fields = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and entry.get("CUSTOMFIELDLABEL"):
            text = TEXT.read(entry.get("CUSTOMFIELDVALUE"))
            fields[str(entry["CUSTOMFIELDLABEL"])] = CustomValue(Secret(text), str(entry.get("CUSTOMFIELDTYPE") or ""))
    return fields


def secrets_among(entries: Any) -> list[Secret]:
    """Return the values in the ``CUSTOM FIELD`` list of an answer that must not be shown."""
    return [item.value for item in read(entries).values() if item.secret]


def _difference(
    wanted: Mapping[str, Secret], current: Mapping[str, CustomValue]
) -> tuple[dict[str, str], dict[str, str]] | None:
    before, after = {}, {}
    for label, value in wanted.items():
        item = current.get(label, CustomValue(Secret(""), ""))
        if item.masked or item.same(value):
            continue
        before[label] = HIDDEN if item.secret else item.value.reveal()
        after[label] = HIDDEN_CHANGE if item.secret else value.reveal()
    return (before, after) if after else None


def _wire(wanted: Mapping[str, Secret], current: Mapping[str, CustomValue] | None) -> list[dict[str, Any]]:
    """All labels that must hold afterwards: whether the server merges or replaces is not documented."""
    current = current or {}
    values = {label: _as_written(item) for label, item in current.items() if item.value and not item.masked}
    values.update(wanted)
    return [{"CUSTOMLABEL": label, "CUSTOMVALUE": value} for label, value in values.items()]


def _predict(wanted: Mapping[str, Secret], current: Mapping[str, CustomValue] | None) -> dict[str, CustomValue]:
    current = current or {}
    labels = {label: CustomValue(value, "") for label, value in wanted.items()}
    for label, item in current.items():
        labels[label] = CustomValue(labels[label].value, item.type) if label in labels else item
    return labels


def _rest(wanted: Mapping[str, Secret] | None, current: Mapping[str, CustomValue]) -> dict[str, CustomValue]:
    return {label: item for label, item in current.items() if item.value and label not in (wanted or {})}


def show(values: Mapping[str, Any]) -> dict[str, str]:
    """Return custom fields fit for a result: only what is known not to be secret."""
    return {
        label: item.value.reveal() if isinstance(item, CustomValue) and not item.secret else HIDDEN
        for label, item in values.items()
    }


def unreadable(wanted: Mapping[str, Secret], current: Mapping[str, CustomValue]) -> bool:
    """Whether a wanted label cannot be compared, because the server masks it."""
    return any(label in current and current[label].masked for label in wanted)


def check_labels(wanted: Mapping[str, Secret], listed: Collection[str], label: str) -> None:
    """Raise InputError for a label that the vault does not list while it lists others: it lists those without a value.

    :param listed: all labels that the vault shows of an object of this kind.
    :param label: the object in words.
    """
    unknown = next((name for name in wanted if name not in listed), None) if listed else None
    if unknown is None:
        return
    folded = {" ".join(name.split()).casefold(): name for name in listed}
    near = get_close_matches(" ".join(unknown.split()).casefold(), folded, 1, 0.6)
    meant = (
        f"Did you mean '{one_line(folded[near[0]])}'?"
        if near
        else f"It knows {', '.join(sorted(map(quoted_line, listed)))}."
    )
    message = f"custom_fields of {label} names '{one_line(unknown)}', which the vault does not know"
    raise InputError(message, code="unknown_custom_field", hint=meant)


CUSTOM_FIELDS = Kind(
    "custom fields",
    {"type": "dict", "no_log": True},
    _clean,
    wire=_wire,
    read=read,
    difference=_difference,
    show=show,
    predict=_predict,
    rest=_rest,
)
