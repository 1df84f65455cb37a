# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: a friendly dict becomes the state, and the state becomes the same dict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from pam360_standin import trail
from pam360_standin.defaults import COLUMNS, DEFAULTS
from pam360_standin.model import (
    AccessRequest,
    Account,
    CustomField,
    Policy,
    Resource,
    ResourceGroup,
    Shares,
    User,
    UserGroup,
    no_shares,
)
from pam360_standin.policies import generate
from pam360_standin.state import State, new_token

SECTIONS = {*DEFAULTS, "token"}
R = TypeVar("R")


def load(state: State, seed: Mapping[str, Any]) -> None:
    """Replace the state by a seed; sections left out get the default. Raises ValueError.

    The token stays as it was unless the seed names one.
    """
    unknown = set(seed) - SECTIONS
    if unknown:
        raise ValueError(f"unknown section in the seed: {', '.join(sorted(unknown))}")
    token = str(seed.get("token") or state.token or new_token())
    given = {**DEFAULTS, **seed}
    state.clear()
    state.api_user = given["api_user"]
    state.organizations = list(given["organizations"])
    state.resource_types = list(given["resource_types"])
    state.default_resource_type = given["default_resource_type"]
    _named(state, state.password_policies, Policy, given["password_policies"], "policy")
    _named(state, state.users, User, given["users"], "user")
    _named(state, state.user_groups, UserGroup, given["user_groups"], "user_group")
    members = _resource_groups(state, given["resource_groups"])
    _named(state, state.access_requests, AccessRequest, given["access_requests"], "request")
    state.resource_fields = _definitions(given["custom_fields"].get("resource", []))
    state.account_fields = _definitions(given["custom_fields"].get("account", []))
    for resource in given["resources"]:
        add_resource(state, resource)
    for resource in given["trashed_resources"]:
        trashed = add_resource(state, resource)
        state.trashed_resources[trashed.id] = state.resources.pop(trashed.id)
    for number, names in members.items():
        _join(state, number, names)
    for row in given["audit"]:
        trail.add(state, row)
    caller = state.user(state.api_user)
    if caller is None:
        raise ValueError(f"'api_user' {state.api_user!r} is not among the users")
    caller.token = caller.token or token


def dump(state: State) -> dict[str, Any]:
    """Return the state as a seed that would make the same state, secrets included."""
    return {
        "token": state.token,
        "api_user": state.api_user,
        "organizations": list(state.organizations),
        "resource_types": list(state.resource_types),
        "default_resource_type": state.default_resource_type,
        "users": [asdict(item) for item in state.users.values()],
        "user_groups": [asdict(item) for item in state.user_groups.values()],
        "resource_groups": [
            {**asdict(group), "members": [item.name for item in state.resources.values() if group.id in item.groups]}
            for group in state.resource_groups.values()
        ],
        "password_policies": [asdict(item) for item in state.password_policies.values()],
        "custom_fields": {
            "resource": [asdict(item) for item in state.resource_fields],
            "account": [asdict(item) for item in state.account_fields],
        },
        "resources": [_dumped(item) for item in state.resources.values()],
        "trashed_resources": [_dumped(item) for item in state.trashed_resources.values()],
        "audit": [dict(item) for item in state.audit],
        "access_requests": [asdict(item) for item in state.access_requests.values()],
    }


def _dumped(resource: Resource) -> dict[str, Any]:
    """Return a resource as a seed has it."""
    plain = asdict(resource)
    return {**plain, **{name: list(plain[name].values()) for name in ("accounts", "trashed_accounts")}}


def add_resource(state: State, given: Mapping[str, Any]) -> Resource:
    """Add a resource of a seed with its accounts. Raises ValueError."""
    plain = dict(given)
    accounts, trashed = plain.pop("accounts", []), plain.pop("trashed_accounts", [])
    resource = _record(Resource, {"id": "", **plain}, "resource")
    resource.id = _number(state, "resource", resource.id)
    resource.shares = shares(state, resource.shares)
    resource.groups = [group_id(state, group) for group in resource.groups]
    state.resources[resource.id] = resource
    for account in accounts:
        add_account(state, resource, account)
    for account in trashed:
        gone = add_account(state, resource, account)
        resource.trashed_accounts[gone.id] = resource.accounts.pop(gone.id)
    return resource


def group_id(state: State, given: Any) -> str:
    """Return the id of a resource group that is named or given by id."""
    found = state.resource_group(str(given))
    return found.id if found else str(given)


def _resource_groups(state: State, items: Any) -> dict[str, list[Any]]:
    """Fill the table of resource groups; return the members that each names, by its id. Raises ValueError."""
    plain: list[dict[str, Any]] = [{"name": item} if isinstance(item, str) else dict(item) for item in items]
    members = [item.pop("members", []) for item in plain]
    _named(state, state.resource_groups, ResourceGroup, plain, "resource_group")
    for group in state.resource_groups.values():
        group.shares = shares(state, group.shares)
    return dict(zip(state.resource_groups, members, strict=True))


def _join(state: State, group: str, names: list[Any]) -> None:
    """Make resources, named or given by id, members of a group. Raises ValueError."""
    for name in names:
        resource = state.resource(str(name)) or state.resources.get(str(name))
        if resource is None:
            raise ValueError(f"members of a resource group: no resource {name!r}")
        if group not in resource.groups:
            resource.groups.append(group)


def add_account(state: State, resource: Resource, given: Mapping[str, Any]) -> Account:
    """Add an account of a seed to a resource. Raises ValueError."""
    account = _record(Account, {"id": "", **given}, "account")
    account.id = _number(state, "account", account.id)
    account.policy = account.policy or resource.password_policy
    account.custom_fields = {label: str(value) for label, value in account.custom_fields.items()}
    account.shares = shares(state, account.shares)
    if "password" not in given:
        account.password = generate(state.policy(account.policy))
    resource.accounts[account.id] = account
    return account


def shares(state: State, given: Mapping[str, Mapping[Any, str]]) -> Shares:
    """Return grants by id; a seed may name users and user groups instead. Raises ValueError."""
    found = no_shares()
    find: dict[str, Callable[[str], User | UserGroup | None]] = {"user": state.user, "group": state.user_group}
    for kind, grants in given.items():
        if kind not in find:
            raise ValueError(f"shares are 'user' and 'group', not {kind!r}")
        for who, access in grants.items():
            item = find[kind](str(who))
            # A number may be left over from a user who was deleted since.
            if item is None and not str(who).isdigit():
                raise ValueError(f"shares: no {kind} {who!r}")
            found[kind][item.id if item else str(who)] = access
    return found


def _number(state: State, kind: str, given: Any) -> str:
    """Return the id that a seed gives, or a new one."""
    number = str(given) if given not in ("", None) else state.next_id(kind)
    state.taken(kind, number)
    return number


def _record(kind: type[R], given: Mapping[str, Any], what: str) -> R:
    """Make a record of a mapping. Raises ValueError."""
    types = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    unknown = set(given) - set(types)
    if unknown:
        raise ValueError(f"unknown key of a {what}: {', '.join(sorted(unknown))}")
    try:
        # YAML reads a password of digits as a number.
        return kind(**{name: str(value) if types[name] == "str" else value for name, value in given.items()})
    except TypeError as error:
        raise ValueError(f"a {what} of the seed: {error}") from error


def _named(state: State, target: dict[str, Any], kind: type[Any], items: Any, what: str) -> None:
    """Fill one table of the state; an item may be a bare name."""
    for item in items:
        record = _record(kind, {"id": "", **({"name": item} if isinstance(item, str) else item)}, what)
        record.id = _number(state, what, record.id)
        target[record.id] = record


def _definitions(items: Any) -> list[CustomField]:
    """Make custom field definitions; column names are numbered per type. Raises ValueError."""
    made: list[CustomField] = []
    for item in items:
        field = _record(CustomField, {"label": item} if isinstance(item, str) else item, "custom field")
        if field.type not in COLUMNS:
            raise ValueError(f"a custom field's type is one of {', '.join(COLUMNS)}, not {field.type!r}")
        field.column = field.column or f"{COLUMNS[field.type]}{1 + sum(one.type == field.type for one in made)}"
        made.append(field)
    return made
