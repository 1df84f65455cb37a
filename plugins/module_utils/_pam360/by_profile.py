# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from a server profile for settings: which can be compared, changed or cleared. Internal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import BOOLEAN, DIGITS, INTEGER, TEXT, Field
from .._engine.plan import Plan
from .envelope import fold
from .fields import RESOURCE
from .server_profile import ServerProfile

COMPARABLE = (BOOLEAN, DIGITS, INTEGER, TEXT)
EMPTY_TEXTS: Mapping[str, Mapping[str, str]] = {"account": {"notes": "empty_notes", "description": "empty_notes"}}


def account_fields(fields: tuple[Field, ...], profile: ServerProfile) -> tuple[Field, ...]:
    """Return the settings of accounts; those that the server shows although no page says so are readable."""
    shown = profile.details("readable_settings")
    return tuple(
        f._replace(read=(fold(f.api),)) if f.api in shown and not f.read and f.kind in COMPARABLE else f for f in fields
    )


def resource_fields(profile: ServerProfile) -> tuple[Field, ...]:
    """Return the settings of resources; a domain that an edit does not take can be given at the creation only."""
    fixed = ("domain_name",) if profile.seen("edit_domain_name") == "ignored" else ()
    return tuple(f._replace(update=False) if f.option in fixed else f for f in RESOURCE)


def left_out(values: Mapping[str, Any], given: Mapping[str, Any], profile: ServerProfile) -> list[str]:
    """Return the options that an edit has to carry although the task does not give them, as it would clear them."""
    if profile.seen("edit_omitted") != "clear":
        return []
    return [option for option, value in values.items() if value and option not in given]


def check_clearing(plan: Plan, noun: str, profile: ServerProfile) -> None:
    """Raise InputError for a value that is to be cleared, where an empty value is known not to clear it."""
    changed = {change.option for change in plan.changes} if plan.current else set()
    for option, doubt in EMPTY_TEXTS.get(noun, {}).items():
        if option in changed and plan.wanted.settings.get(option) == "":
            _refuse(option, plan, profile.seen(doubt))
    if plan.current and "custom_fields" in changed:
        current = plan.current.values.get("custom_fields", {})
        for label, value in plan.wanted.settings.get("custom_fields", {}).items():
            if not value and label in current and current[label].value:
                _refuse(f"'{one_line(label)}' of custom_fields", plan, profile.seen("empty_custom_field"))


def _refuse(what: str, plan: Plan, effect: str) -> None:
    words = {"ignored": "ignores an empty value", "refused": "refuses an empty value"}.get(effect)
    if words:
        message = f"{what} of {plan.wanted.label} cannot be cleared, as this server {words} (server_profile)"
        raise InputError(message, code="cannot_clear", hint="Give another value, or clear it at the console.")
