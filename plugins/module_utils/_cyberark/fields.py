# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CyberArk table: each setting of an account in one line, by its JSON pointer. Internal to the collection.

Names and types are those of PVWA's own API description. Update account (SDK/UpdateAccount) takes operations on
these leaves; it refuses ``/secretManagement`` and ``/remoteMachinesAccess`` as a whole, and never takes the safe,
the kind of secret, or the secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._engine.fields import SECRET, Field
from .kinds import CASELESS, FLAG, LINK, MACHINES, PLAIN, PLAIN_NAME, PROPERTIES, TOLD_FLAG

TYPES = ("password", "key")


def _shown(option: str, pointer: str, kind: Any = PLAIN, **more: Any) -> Field:
    return Field(option, pointer, kind, read=(pointer,), **more)


ACCOUNT: tuple[Field, ...] = (
    _shown("safe", "/safeName", CASELESS, update=False),
    _shown("name", "/name", PLAIN_NAME),
    _shown("user_name", "/userName"),
    _shown("address", "/address"),
    _shown("platform_id", "/platformId", CASELESS),
    _shown("secret_type", "/secretType", CASELESS, update=False, choices=TYPES),
    _shown("platform_properties", "/platformAccountProperties", PROPERTIES),
    _shown("automatic_management", "/secretManagement/automaticManagementEnabled", TOLD_FLAG),
    _shown("manual_management_reason", "/secretManagement/manualManagementReason"),
    _shown("remote_machines", "/remoteMachinesAccess/remoteMachines", MACHINES),
    _shown("restrict_to_remote_machines", "/remoteMachinesAccess/accessRestrictedToRemoteMachines", FLAG),
    Field("secret", "/secret", SECRET, update=False, part="password"),
    # Not in the account's own answer: ``links`` reads and writes them. The name is the index of the platforms as they
    # are delivered; 2 is an account to switch from (enable, jump).
    Field("logon_account", "1", LINK, part="shares", read=("1",)),
    Field("reconcile_account", "3", LINK, part="shares", read=("3",)),
)
LINKS = {item.option: item.api for item in ACCOUNT if item.kind is LINK}


def identified_by(options: Iterable[str]) -> tuple[Field, ...]:
    """Return the table for an account that was found by *options*: found without case, compared without case."""
    options = tuple(options)
    return tuple(item._replace(kind=CASELESS) if item.option in options else item for item in ACCOUNT)


def without_unshown(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return *values* without empty ones that cannot be: what only a creation sets is always there, so it is not shown.

    PVWA before 12.6, for one, does not show the kind of a member.
    """
    fixed = {item.option for item in fields if not item.update}
    return {option: value for option, value in values.items() if value or option not in fixed}


def value_of(record: object, name: str) -> Any:
    """Return one value of an object, ``None`` for none; names bind in any case."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if str(key).casefold() == name.casefold():
                return value
    return None


def by_pointer(record: object) -> dict[str, Any]:
    """Return the values of an account that the table names, by JSON pointer: answers leave out what is not set."""
    values = {}
    for item in ACCOUNT:
        if not item.api.startswith("/"):
            continue
        value = record
        for name in item.api.split("/")[1:]:
            value = value_of(value, name)
        if value is not None:
            values[item.api] = value
    return values
