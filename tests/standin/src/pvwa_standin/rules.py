# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server checks before it stores something."""

from __future__ import annotations

import json
import re
from typing import Any

from pvwa_standin import texts
from pvwa_standin.call import ApiCall, FailedError
from pvwa_standin.model import Account, Platform

# Taken on every platform, stored as the account's group and never shown (CODE PEER#32).
GROUP_NAMES = ("groupname", "groupplatformid")
BASE = {"address": "address", "username": "user_name"}


def text_of(call: ApiCall, name: str, value: Any) -> str:
    """Return a value as the text that is stored: all values are strings (DOC). Raises FailedError."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return (
            call.profile["boolean_text"]
            if value
            else {"true": "false", "Yes": "No"}.get(call.profile["boolean_text"], "False")
        )
    if isinstance(value, int | float):
        return json.dumps(value)
    raise FailedError(texts.INVALID, about=[(name, "should be a string")])


def flag_of(name: str, value: Any) -> bool:
    """Return a boolean; the text "true" is refused (INF from PSPAS#499). Raises FailedError."""
    if not isinstance(value, bool):
        raise FailedError(texts.INVALID, about=[(name, "should be a boolean")])
    return value


def platform_of(call: ApiCall, name: str) -> Platform:
    """Return an active platform. Raises FailedError (PASWS032E)."""
    platform = call.state.platform(name)
    if platform is None:
        raise FailedError(texts.NO_PLATFORM, name=name)
    if not platform.active:
        raise FailedError(texts.PLATFORM_INACTIVE, name=name)
    return platform


def spelling(call: ApiCall, name: str, known: list[str]) -> str:
    """Return the spelling under which a property is known, or the name as it is."""
    if call.profile["property_names"] == "exact":
        return name
    return next((one for one in known if one.casefold() == name.casefold()), name)


def set_property(call: ApiCall, account: Account, platform: Platform, name: str, value: Any) -> None:
    """Store one platform property; empty text takes it away (INF). Raises FailedError (PASWS167E, PASWS018E)."""
    text = text_of(call, name, value)
    if name.casefold() in GROUP_NAMES:
        if name.casefold() == "groupname":
            account.group = text
        return
    known = [one for one in [*platform.mandatory, *platform.optional] if one.casefold() not in BASE]
    name = spelling(call, name, known)
    if name not in known:
        raise FailedError(texts.INVALID, about=[(name, f"is not a property of platform {platform.id}")])
    if text and name in platform.numeric and not re.fullmatch(r"\d+", text):
        raise FailedError(texts.NOT_NUMERIC, name=name)
    account.properties.pop(name, None)
    if text:
        account.properties[name] = text


def check_mandatory(account: Account, platform: Platform) -> None:
    """Refuse an account without what its platform needs. Raises FailedError (PASWS017E)."""
    for name in platform.mandatory:
        attribute = BASE.get(name.casefold())
        value = getattr(account, attribute) if attribute else account.properties.get(name)
        if not value:
            raise FailedError(texts.MISSING, name=name)


def check_name(call: ApiCall, account: Account) -> None:
    """Refuse a second account of the same name in a safe. Raises FailedError (409 PASWS027E)."""
    other = call.state.account(account.safe, account.name)
    if other is not None and other.id != account.id:
        raise FailedError(texts.NAME_TAKEN, name=account.name, safe=account.safe)


def check_machines(account: Account, platform: Platform) -> None:
    """Refuse remote machines where the platform has none, also a false (CODE EPV#125), and a restriction
    without machines (CODE EPV#138). Raises FailedError (PASWS168E, PASWS166E).
    """
    if not platform.remote_machines:
        for name, given in (
            ("accessRestrictedToRemoteMachines", account.restricted is not None),
            ("remoteMachines", account.remote_machines != ""),
        ):
            if given:
                raise FailedError(texts.NO_MACHINES, name=f"remoteMachinesAccess.{name}")
    elif account.restricted and not account.remote_machines:
        raise FailedError(texts.MACHINES_MISSING)


def check_elsewhere(call: ApiCall, account: Account) -> None:
    """Refuse an account that another safe has too, unless the query allows it (CODE PSPAS 7.0). Raises FailedError."""
    allowed = call.bind(("AllowAccountDuplications",), call.query).get("AllowAccountDuplications", "")
    if call.profile["duplicates"] == "allowed" or allowed.casefold() == "true":
        return
    same = call.state.same
    for other in call.state.accounts.values():
        alike = same(other.user_name, account.user_name) and same(other.address, account.address)
        if alike and not same(other.safe, account.safe):
            raise FailedError(texts.DUPLICATE)
