# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PAM360 tables: each setting in one line. Internal to the collection.

Accounts: add is accountapi-1, edit is accountapi-4. What can be read back is known from captures of
``GET .../accounts`` and ``GET .../accounts/<id>`` and from the SDK's model of them. ``NOTES`` coming back as
``DESCRIPTION`` is inferred. Letters stand for settings in fingerprints: never give one to another setting.
Resources: add is resourceapi-1, edit is known from the vendor's XSOAR client.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._engine.fields import BOOLEAN, DIGITS, INTEGER, NAME, NAME_LIST, SECRET, TEXT, Field, Kind
from .custom_fields import CUSTOM_FIELDS
from .envelope import MAX_DIGITS, fold


def _keys(*names: str) -> tuple[str, ...]:
    """Return keys of answers as ``folded`` makes them."""
    return tuple(map(fold, names))


ACCOUNT_TEXT = _keys("ACCOUNT_DESCRIPTION", "DESCRIPTION")


def _names(value: Any) -> list[str]:
    return list(dict.fromkeys(NAME.clean(item) for item in value))


def _with_missing(wanted: list[str], current: list[str] | None) -> list[str]:
    return [*(current or []), *(name for name in wanted if name not in (current or []))]


# Membership is added where it is missing; no call that takes a resource out of a group is known.
GROUPS = Kind(
    "groups",
    {"type": "list", "elements": "str"},
    _names,
    read=lambda value: list(value or []),
    difference=lambda wanted, current: (
        None if set(wanted) <= set(current) else (current, _with_missing(wanted, current))
    ),
    predict=_with_missing,
)

ACCOUNT: tuple[Field, ...] = (
    Field("password", "PASSWORD", SECRET, part="password"),
    Field("password_policy", "ACCOUNTPASSWORDPOLICY", NAME, read=_keys("ACCOUNT PASSWORD POLICY", "PASSWORD POLICY")),
    Field("password_policy_id", "ACCOUNTPASSWORDPOLICYID", INTEGER, extra={"no_log": False}, letter="a"),
    Field("notes", "NOTES", read=ACCOUNT_TEXT, letter="b"),
    Field("description", "DESCRIPTION", create=False, read=ACCOUNT_TEXT, letter="c"),
    Field("custom_fields", "ACCOUNTCUSTOMFIELD", CUSTOM_FIELDS, read=_keys("CUSTOM FIELD")),
    Field("resource_group_ids", "ACCOUNT_RESOURCE_GROUP_IDS", NAME_LIST, letter="d"),
    Field("record_rdp_sessions", "RECORD_RDP_SESSIONS", BOOLEAN, letter="e"),
    Field("record_cli_sessions", "RECORD_CLI_SESSIONS", BOOLEAN, letter="f"),
    Field("website_session_recording", "WEBSITE_SESSION_RECORDING", BOOLEAN, letter="g"),
    Field("gateway_session_recording", "GATEWAY_SESSION_RECORDING", BOOLEAN, letter="h"),
    Field("disable_password_resets", "DISABLE_PASSWORD_RESETS", BOOLEAN, extra={"no_log": False}, letter="i"),
    Field("configure_password_reset", "CONFIGURE_PASSWORD_RESET", BOOLEAN, extra={"no_log": False}, letter="j"),
    Field("iis_web_config_reset", "IIS_WEB_CONFIG_RESET", BOOLEAN, letter="k"),
    Field("iis_app_pool_restart", "IIS_APP_POOL_RESTART", BOOLEAN, letter="l"),
    Field("iis_app_pool_reset", "IIS_APP_POOL_RESET", BOOLEAN, letter="m"),
    Field("services_restart", "SERVICES_RESTART", BOOLEAN, letter="n"),
    Field("services_reset", "SERVICES_RESET", BOOLEAN, letter="o"),
    Field("scheduled_task_reset", "SCHEDULED_TASK_RESET", BOOLEAN, letter="p"),
    Field("command_set", "COMMAND_SET", INTEGER, letter="q"),
    Field("owner", "OWNERNAME", NAME, create=False, letter="r"),
    Field("domain_name", "DOMAINNAME", create=False, letter="s"),
    Field("totp_secret", "TOTP_SECRET", SECRET, letter="t"),
    Field("totp_algorithm", "TOTP_ALGORITHM", letter="u"),
    Field("totp_digits", "TOTP_DIGITS", DIGITS, letter="v"),
    Field("totp_validity", "TOTP_VALIDITY", DIGITS, letter="w"),
    Field("sap_user_type", "SAP_USER_TYPE", choices=("A", "B", "C", "S", "L"), letter="x"),
)

RESOURCE: tuple[Field, ...] = (
    Field("type", "RESOURCETYPE", NAME, read=_keys("RESOURCE TYPE")),
    Field("dns_name", "DNSNAME", read=_keys("DNS NAME")),
    Field("description", "RESOURCEDESCRIPTION", read=_keys("RESOURCE DESCRIPTION")),
    Field("department", "DEPARTMENT", read=_keys("DEPARTMENT")),
    Field("location", "LOCATION", read=_keys("LOCATION")),
    Field("domain_name", "DOMAINNAME", read=_keys("DOMAIN NAME")),
    Field("resource_url", "RESOURCEURL", read=_keys("RESOURCE URL")),
    Field("password_policy", "RESOURCEPASSWORDPOLICY", NAME, read=_keys("RESOURCE PASSWORD POLICY", "PASSWORD POLICY")),
    Field("owner", "OWNERNAME", NAME, read=_keys("RESOURCE OWNER")),
    Field("custom_fields", "RESOURCECUSTOMFIELD", CUSTOM_FIELDS, read=_keys("CUSTOM FIELD")),
    Field("resource_groups", "", GROUPS, create=False, update=False, read=_keys("RESOURCE GROUPS"), part="groups"),
)

PASSWORD: tuple[Field, ...] = (Field("password", "NEWPASSWORD", SECRET, create=False, part="password"),)

ACCESS_TYPES = {"view": "view", "modify": "modify", "full_access": "fullaccess"}  # by choice, as on the wire
REVOKE = "revoke"
ACCESSES = (*ACCESS_TYPES.values(), REVOKE)
PENDING = "pending"  # in a fingerprint: about to be sent, so it may exist
SHARE: tuple[Field, ...] = (Field("access_type", "ACCESSTYPE", choices=tuple(ACCESS_TYPES)),)


def _state(option: str, name: str, kind: Kind = TEXT) -> Field:
    return Field(option, "", kind, create=False, update=False, read=_keys(name))


def _known(meaning: Callable[[str], bool | int | None]) -> Kind:
    """A value that is derived from the server's word; ``None`` for a word whose meaning is not known."""

    def read(value: Any) -> bool | int | None:
        return meaning("" if value is None else str(value).strip().casefold())

    return Kind("known", {"type": "raw"}, lambda value: value, read=read)


FLAG = _known({"true": True, "false": False}.get)
COUNT = _known(lambda word: int(word) if word.isascii() and word.isdigit() and len(word) < MAX_DIGITS else None)
# "Valid", "Compliant" and "Non-Compliant" are in the captures, "Expired" is inferred.
EXPIRED = _known(lambda word: True if word.startswith("expired") else {"valid": False}.get(word))
COMPLIANT = _known(lambda word: False if word.startswith("non") else {"compliant": True}.get(word))

# What the vault knows of an account besides its settings: the first three are in the list, the others in the details.
# The meaning of the flags is that of the SDK's names for them.
ACCOUNT_STATE: tuple[Field, ...] = (
    _state("password_status", "PASSWORD STATUS"),
    _state("reason_required", "ISREASONREQUIRED", FLAG),
    _state("ticket_id_required", "IS_TICKETID_REQD", FLAG),
    _state("compliant", "COMPLIANT STATUS", COMPLIANT),
    _state("compliant_status", "COMPLIANT STATUS"),
    _state("compliant_reason", "COMPLIANT REASON"),
    _state("expired", "EXPIRY STATUS", EXPIRED),
    _state("expiry_status", "EXPIRY STATUS"),
    _state("last_modified_time", "LAST MODIFIED TIME"),
    _state("last_accessed_time", "LAST ACCESSED TIME"),
)

RESOURCE_STATE: tuple[Field, ...] = (_state("account_count", "NOOFACCOUNTS", COUNT),)
