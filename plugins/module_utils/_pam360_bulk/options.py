# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of many PAM360 objects: what stands with the object, in the defaults or on the task. Internal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import argument_spec, cleaned_settings
from .._engine.task import Arguments
from .._pam360.account import OBJECT as ACCOUNT_OBJECT
from .._pam360.account import POLICIES
from .._pam360.connect import CONNECTION
from .._pam360.fields import RESOURCE
from .._pam360.fingerprint_field import TRACKING, UPDATE_WRITE_ONLY
from .._pam360.grants import SHARES
from .._pam360.resource import OBJECT as RESOURCE_OBJECT

Params = Mapping[str, Any]
PURGE: Params = {"type": "bool"}


def _without_default(spec: Params) -> dict[str, Any]:
    """Return *spec* for an option whose value may come from elsewhere."""
    return {key: value for key, value in spec.items() if key not in ("default", "required")}


ACCOUNT_OPTIONS: Params = {
    **{name: _without_default(spec) for name, spec in ACCOUNT_OBJECT.items()},
    "shares": SHARES.argument(),
    "purge": PURGE,
}
RESOURCE_OPTIONS: Params = {
    **{name: _without_default(spec) for name, spec in {**RESOURCE_OBJECT, **UPDATE_WRITE_ONLY}.items()},
    "shares": SHARES.argument(),
    "purge": PURGE,
}
ARGUMENTS = Arguments(
    options={
        **CONNECTION,
        # Hidden as a whole from Ansible's own log, which prints lists as they are.
        "accounts": {"type": "list", "elements": "dict", "options": ACCOUNT_OPTIONS, "no_log": True},
        "defaults": {"type": "dict", "options": ACCOUNT_OPTIONS, "no_log": True},
        "resources": {"type": "list", "elements": "dict", "options": RESOURCE_OPTIONS, "no_log": True},
        "create_resources": {"type": "bool", "default": False},
        "resource_defaults": {"type": "dict", "options": argument_spec(RESOURCE), "no_log": True},
        **POLICIES,
        "purge": {**PURGE, "default": False},
        "max_connections": {"type": "int", "default": 8},
        "max_requests_per_second": {"type": "float"},
        "return_found": {"type": "str", "choices": ["managed", "all"]},
        **TRACKING,
    },
    required_one_of=[("accounts", "resources")],
)
ACCOUNT_POLICIES = (*POLICIES, "purge")
RESOURCE_POLICIES = (*UPDATE_WRITE_ONLY, "purge")
NO_ACCOUNT: Params = {**dict.fromkeys(ACCOUNT_OPTIONS), "state": "present"}
NO_RESOURCE: Params = {**dict.fromkeys(RESOURCE_OPTIONS), "state": "present"}


def check(params: Params) -> None:
    """Raise InputError for what is wrong with the task as a whole."""
    if params["max_connections"] < 1:
        raise InputError("max_connections must be 1 or more")
    rate = params["max_requests_per_second"]
    if rate is not None and not rate > 0:
        raise InputError("max_requests_per_second must be more than 0")
    if params["resource_defaults"] and not (params["create_resources"] or params["resources"]):
        raise InputError("resource_defaults needs create_resources: true, or resources")
    try:
        cleaned_settings(RESOURCE, params["resource_defaults"] or {})
    except InputError as error:
        raise error.but(message=f"resource_defaults: {error.message}") from None


def account_params(params: Params) -> list[dict[str, Any]]:
    """Return the options of each account, defaults filled in; raise InputError for what cannot be meant."""
    task, defaults = _of_task(params, ACCOUNT_POLICIES), _given(params["defaults"] or {})
    accounts = [_merged({**NO_ACCOUNT, **task, **defaults}, _given(entry)) for entry in params["accounts"] or ()]
    seen: dict[tuple[Any, ...], int] = {}
    for number, account in enumerate(accounts):
        where = place("accounts", number, account)
        _check_name(account, where)
        if (account["resource"] is None) == (account["resource_id"] is None):
            both = "are both given" if account["resource"] is not None else "are both missing"
            raise InputError(f"{where}: resource and resource_id {both}", hint="Give one of them.")
        names = (account["name"], account["new_name"] or account["name"])
        _check_double("accounts", seen, [(account["resource"], account["resource_id"], name) for name in names], number)
    return accounts


def resource_params(params: Params) -> list[dict[str, Any]]:
    """Return the options of each resource that the task names; raise InputError for what cannot be meant."""
    task, defaults = _of_task(params, RESOURCE_POLICIES), _given(params["resource_defaults"] or {})
    resources = [{**NO_RESOURCE, **task, **defaults, **_given(entry)} for entry in params["resources"] or ()]
    seen: dict[tuple[Any, ...], int] = {}
    for number, resource in enumerate(resources):
        _check_name(resource, place("resources", number, resource))
        _check_double("resources", seen, [(resource["name"],), (resource["new_name"] or resource["name"],)], number)
    return resources


def new_resource_params(params: Params, name: str) -> dict[str, Any]:
    """Return the options of a resource that is made for its accounts."""
    defaults = _given(params["resource_defaults"] or {})
    return {**NO_RESOURCE, **_of_task(params, RESOURCE_POLICIES), **defaults, "name": name}


def _of_task(params: Params, policies: Sequence[str]) -> dict[str, Any]:
    return {name: params[name] for name in (*policies, *TRACKING)}


def _check_name(entry: Params, where: str) -> None:
    if entry["name"] is None:
        raise InputError(f"{where}: name is required")


def _check_double(option: str, seen: dict[tuple[Any, ...], int], keys: Sequence[tuple[Any, ...]], number: int) -> None:
    for key in dict.fromkeys(keys):
        first = seen.setdefault(key, number)
        if first != number:
            message = f"{option}[{number}] ('{one_line(key[-1])}'): it is the same as {option}[{first}]"
            raise InputError(message, code="listed_twice")


def place(option: str, number: int, entry: Params) -> str:
    """Return an entry in words, such as ``accounts[3] ('root')``."""
    return f"{option}[{number}]" + (f" ('{one_line(entry['name'])}')" if entry["name"] is not None else "")


def _given(entry: Params) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def _merged(defaults: Params, entry: Params) -> dict[str, Any]:
    account = {**defaults, **entry}
    # The two name the same thing: the one that stands with the account counts.
    for one, other in (("resource", "resource_id"), ("resource_id", "resource")):
        if one in entry and other not in entry:
            account[other] = None
    return account
