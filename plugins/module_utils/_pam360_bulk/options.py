# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of many PAM360 accounts: what stands with the account, in the defaults or on the task. Internal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import argument_spec, cleaned_settings
from .._engine.task import Arguments
from .._pam360.account import OBJECT, POLICIES
from .._pam360.connect import CONNECTION
from .._pam360.fields import RESOURCE
from .._pam360.fingerprint_field import TRACKING
from .._pam360.grants import SHARES

PURGE: Mapping[str, Any] = {"type": "bool"}


def _without_default(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return *spec* for an option whose value may come from elsewhere."""
    return {key: value for key, value in spec.items() if key not in ("default", "required")}


ACCOUNT_OPTIONS: Mapping[str, Any] = {
    **{name: _without_default(spec) for name, spec in OBJECT.items()},
    "shares": SHARES.argument(),
    "purge": PURGE,
}
ARGUMENTS = Arguments(
    options={
        **CONNECTION,
        # Hidden as a whole from Ansible's own log, which prints lists as they are.
        "accounts": {
            "type": "list",
            "elements": "dict",
            "options": ACCOUNT_OPTIONS,
            "required": True,
            "no_log": True,
        },
        "defaults": {"type": "dict", "options": ACCOUNT_OPTIONS, "no_log": True},
        "create_resources": {"type": "bool", "default": False},
        "resource_defaults": {"type": "dict", "options": argument_spec(RESOURCE), "no_log": True},
        **POLICIES,
        "purge": {**PURGE, "default": False},
        "max_connections": {"type": "int", "default": 8},
        "max_requests_per_second": {"type": "float"},
        **TRACKING,
    },
)
POLICY_NAMES = (*POLICIES, "purge")
NOTHING: Mapping[str, Any] = {**dict.fromkeys(ACCOUNT_OPTIONS), "state": "present"}


def check(params: Mapping[str, Any]) -> None:
    """Raise InputError for what is wrong with the task as a whole."""
    if params["max_connections"] < 1:
        raise InputError("max_connections must be 1 or more")
    rate = params["max_requests_per_second"]
    if rate is not None and not rate > 0:
        raise InputError("max_requests_per_second must be more than 0")
    if params["resource_defaults"] and not params["create_resources"]:
        raise InputError("resource_defaults needs create_resources: true")
    try:
        cleaned_settings(RESOURCE, params["resource_defaults"] or {})
    except InputError as error:
        raise error.but(message=f"resource_defaults: {error.message}") from None


def account_params(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the options of each account, defaults filled in; raise InputError for what cannot be meant."""
    check(params)
    task = {name: params[name] for name in POLICY_NAMES}
    defaults = _given(params["defaults"] or {})
    accounts = [_merged(task, defaults, _given(entry)) for entry in params["accounts"]]
    seen: dict[tuple[Any, ...], int] = {}
    for number, account in enumerate(accounts):
        where = place(number, account)
        if account["name"] is None:
            raise InputError(f"{where}: name is required")
        if (account["resource"] is None) == (account["resource_id"] is None):
            both = "are both given" if account["resource"] is not None else "are both missing"
            raise InputError(f"{where}: resource and resource_id {both}", hint="Give one of them.")
        for name in dict.fromkeys((account["name"], account["new_name"] or account["name"])):
            first = seen.setdefault((account["resource"], account["resource_id"], name), number)
            if first != number:
                raise InputError(f"{where}: accounts[{first}] is about the same account")
    return accounts


def place(number: int, account: Mapping[str, Any]) -> str:
    """Return an entry of ``accounts`` in words, such as ``accounts[3] ('root')``."""
    return f"accounts[{number}]" + (f" ('{one_line(account['name'])}')" if account["name"] is not None else "")


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def _merged(task: Mapping[str, Any], defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    account = {**NOTHING, **task, **defaults, **entry}
    # The two name the same thing: the one that stands with the account counts.
    for one, other in (("resource", "resource_id"), ("resource_id", "resource")):
        if one in entry and other not in entry:
            account[other] = None
    return account


def resource_params(params: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the options of a resource that is to be made."""
    options = dict.fromkeys(field.option for field in RESOURCE)
    return {**options, **(params["resource_defaults"] or {}), "name": name, "new_name": None, "state": "present"}
