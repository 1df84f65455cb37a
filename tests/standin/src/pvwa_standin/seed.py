# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: a friendly dict becomes the state, and the state becomes the same dict."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from pvwa_standin.defaults import DEFAULTS
from pvwa_standin.model import VAULT_RIGHTS, Account, Directory, Group, Platform, Session, Task, User, Version
from pvwa_standin.safe_seed import add_safe
from pvwa_standin.safe_seed import written as written_safe
from pvwa_standin.state import State

R = TypeVar("R")
# A seed names an account's fields as the API does, and its own few in the same spelling.
PLAIN = {
    "id": "id",
    "safeName": "safe",
    "name": "name",
    "platformId": "platform_id",
    "address": "address",
    "userName": "user_name",
    "secretType": "secret_type",
    "platformAccountProperties": "properties",
    "createdTime": "created",
    "categoryModificationTime": "category_modified",
    "group": "group",
    "pending": "pending",
    "pendingSecret": "pending_secret",
    "nextSecret": "next_secret",
    "lockedBy": "locked_by",
    "cpm": "cpm",
    "cpmErrors": "cpm_errors",
    "polls": "polls",
}
BLOCKS = {
    "secretManagement": {
        "automaticManagementEnabled": "automatic",
        "manualManagementReason": "reason",
        "status": "status",
        "lastModifiedTime": "last_modified",
        "lastReconciledTime": "last_reconciled",
        "lastVerifiedTime": "last_verified",
    },
    "remoteMachinesAccess": {
        "remoteMachines": "remote_machines",
        "accessRestrictedToRemoteMachines": "restricted",
    },
}
LINKS = {"logon": 1, "enable": 2, "reconcile": 3}
CPM_ACTIONS = ("change", "verify", "reconcile")
NEEDED = ("safeName", "platformId")


def load(state: State, seed: Mapping[str, Any]) -> None:
    """Replace the state by a seed; sections left out get the default. Raises ValueError.

    A user without a password keeps the one that a user of that name had, or gets a random one.
    """
    unknown = set(seed) - set(DEFAULTS)
    if unknown:
        raise ValueError(f"unknown section in the seed: {', '.join(sorted(unknown))}")
    given = {**copy.deepcopy(DEFAULTS), **seed}
    passwords = {user.name: user.password for user in state.users.values()}
    state.clear()
    state.api_user = given["api_user"]
    for item in given["users"]:
        user = _record(User, {"name": item} if isinstance(item, str) else item, "user")
        user.password = user.password or passwords.get(user.name) or secrets.token_urlsafe(16)
        if set(user.vault_rights) - set(VAULT_RIGHTS):
            raise ValueError(f"'vault_rights' are among {', '.join(VAULT_RIGHTS)}, not {user.vault_rights}")
        state.users[user.name] = user
    if state.user(state.api_user) is None:
        raise ValueError(f"'api_user' {state.api_user!r} is not among the users")
    for item in given["groups"]:
        group = _record(Group, {"name": item} if isinstance(item, str) else item, "group")
        state.groups[group.name] = group
    for item in given["directories"]:
        directory = _record(Directory, {"name": item} if isinstance(item, str) else item, "directory")
        state.directories[directory.name] = directory
    state.cpms = list(given["cpms"])
    for item in given["platforms"]:
        platform = _record(Platform, {"id": item} if isinstance(item, str) else item, "platform")
        state.platforms[platform.id] = platform
    for item in given["safes"]:
        add_safe(state, item)
    made = [(add_account(state, item, linked=False), item) for item in given["accounts"]]
    for item in given["deleted"]:
        made.append((add_account(state, item, linked=False), item))
    for account, item in made:
        account.links = links(state, item)
    for account, _item in made[len(given["accounts"]) :]:
        state.delete(account)
    state.tasks = [_record(Task, item, "CPM task") for item in given["cpm_tasks"]]
    state.retrievals = [dict(item) for item in given["retrievals"]]
    for item in given["sessions"]:
        session = _record(Session, {"user": state.api_user, "cookie": "", "last_used": state.born, **item}, "session")
        state.sessions[session.token] = session


def dump(state: State) -> dict[str, Any]:
    """Return the state as a seed that would make the same state, secrets included."""
    return {
        "api_user": state.api_user,
        "users": [asdict(item) for item in state.users.values()],
        "groups": [asdict(item) for item in state.groups.values()],
        "directories": [asdict(item) for item in state.directories.values()],
        "cpms": list(state.cpms),
        "safes": [written_safe(state, item) for item in state.safes.values()],
        "platforms": [asdict(item) for item in state.platforms.values()],
        "accounts": [written(item) for item in state.accounts.values()],
        "deleted": [written(item) for item in state.deleted.values()],
        "cpm_tasks": [asdict(item) for item in state.tasks],
        "retrievals": [dict(item) for item in state.retrievals],
        "sessions": [asdict(item) for item in state.sessions.values()],
    }


def add_account(state: State, given: Mapping[str, Any], *, linked: bool = True) -> Account:
    """Add an account of a seed, perhaps without its links; a safe that is not there is made. Raises ValueError."""
    account = read(state, given)
    safe = state.safe(account.safe) or add_safe(state, account.safe)
    account.safe = safe.name
    if account.id:
        number = account.id.partition("_")[2]
        safe.last_account = max(safe.last_account, int(number) if number.isdigit() else 0)
    else:
        account.id = state.account_id(safe)
    account.name = account.name or f"{account.platform_id}-{account.address}-{account.user_name}"
    state.accounts[account.id] = account
    account.links = links(state, given) if linked else {}
    return account


def links(state: State, given: Mapping[str, Any]) -> dict[int, str]:
    """Read ``linkedAccounts``: an index or its usual name, to an id or to safe and name. Raises ValueError."""
    read_links: dict[int, str] = {}
    for key, target in (given.get("linkedAccounts") or {}).items():
        found = state.account(target["safe"], target["name"]) if isinstance(target, Mapping) else None
        if isinstance(target, Mapping) and found is None:
            raise ValueError(f"no account {target} to link")
        read_links[LINKS.get(str(key)) or int(key)] = found.id if found else str(target)
    return read_links


def read(state: State, given: Mapping[str, Any]) -> Account:
    """Make an account of a mapping in the API's spelling. Raises ValueError."""
    missing = [name for name in NEEDED if not given.get(name)]
    if missing:
        raise ValueError(f"an account of the seed needs {', '.join(missing)}")
    unknown = set(given) - {*PLAIN, *BLOCKS, "secret", "versions", "linkedAccounts"}
    known = {attribute: given[name] for name, attribute in PLAIN.items() if name in given}
    for block, names in BLOCKS.items():
        inner = given.get(block) or {}
        unknown |= set(inner) - set(names)
        known |= {attribute: inner[name] for name, attribute in names.items() if name in inner}
    if unknown:
        raise ValueError(f"unknown key of an account: {', '.join(sorted(unknown))}")
    properties = known.pop("properties", {})
    defaults = {"id": "", "name": "", "created": state.born, "category_modified": state.born}
    account = _record(Account, {**defaults, **known}, "account")
    account.properties = {name: str(value) for name, value in properties.items() if value is not None}
    wrong = set(account.cpm_errors) - set(CPM_ACTIONS)
    if wrong or account.cpm not in ("success", "failure"):
        raise ValueError(f"'cpm' is success or failure, 'cpmErrors' has words for {', '.join(CPM_ACTIONS)}")
    account.versions = [_record(Version, version, "version") for version in given.get("versions", [])]
    if account.last_modified is None:
        account.last_modified = state.born
    if given.get("secret") not in ("", None, account.secret):
        account.versions.append(Version(str(given["secret"]), state.api_user, account.last_modified))
    return account


def written(account: Account) -> dict[str, Any]:
    """Return an account as a seed has it, with everything that no answer shows."""
    shown: dict[str, Any] = {name: getattr(account, attribute) for name, attribute in PLAIN.items()}
    for block, names in BLOCKS.items():
        shown[block] = {name: getattr(account, attribute) for name, attribute in names.items()}
    shown["linkedAccounts"] = {str(number): target for number, target in sorted(account.links.items())}
    shown["secret"] = account.secret
    shown["versions"] = [asdict(version) for version in account.versions]
    return shown


def _record(kind: type[R], given: Mapping[str, Any], what: str) -> R:
    """Make a record of a mapping. Raises ValueError."""
    types = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    unknown = set(given) - set(types)
    if unknown:
        raise ValueError(f"unknown key of a {what}: {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _text(value) if types[name] == "str" else value for name, value in given.items()})
    except TypeError as error:
        raise ValueError(f"a {what} of the seed: {error}") from error


def _text(value: Any) -> str:
    """Return a text field's value: YAML reads a password of digits as a number."""
    return "" if value is None else str(value)
