# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits behind the client's back, as someone at the console or the CPM would make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pvwa_standin import cpm, safe_seed, seed
from pvwa_standin.model import Account, User
from pvwa_standin.state import State

MERGED = ("platformAccountProperties", *seed.BLOCKS)
EDITS = ("account", "safe", "user", "add_account", "add_safe", "expire_sessions", "run_cpm", "forget_deleted")


def apply(state: State, edit: Mapping[str, Any]) -> None:
    """Carry one edit out. Raises ValueError.

    ``{"account": A, "set": {...}}``, ``{"account": A, "delete": true}``, ``{"add_account": {...}}``,
    ``{"safe": S, "set": {...}}``, ``{"safe": S, "delete": true}``, ``{"add_safe": {...}}``,
    ``{"user": U, "set": {...}}``,
    ``{"expire_sessions": true}`` (or a user's name), ``{"run_cpm": true}`` (or an id), ``{"forget_deleted": true}``.
    A is an id, or a name with ``safe`` beside it; ``set`` takes the names of a seed, and null
    takes a platform property away.
    """
    if "add_account" in edit:
        seed.add_account(state, edit["add_account"])
    elif "add_safe" in edit:
        safe_seed.add_safe(state, edit["add_safe"])
    elif "expire_sessions" in edit:
        who = edit["expire_sessions"]
        state.expire(who if isinstance(who, str) else None)
    elif "run_cpm" in edit:
        which = edit["run_cpm"]
        cpm.run(state, which if isinstance(which, str) else None)
    elif "forget_deleted" in edit:
        state.deleted.clear()
    elif "account" in edit:
        _account(state, edit)
    elif "safe" in edit:
        _safe(state, edit)
    elif "user" in edit:
        _set(state.user(str(edit["user"])), edit)
    else:
        raise ValueError(f"an edit needs one of {', '.join(EDITS)}")


def _account(state: State, edit: Mapping[str, Any]) -> None:
    """Change or delete an account. Raises ValueError."""
    wanted = str(edit["account"])
    account = state.accounts.get(wanted) or state.account(str(edit.get("safe", "")), wanted)
    if account is None:
        raise ValueError(f"no account {wanted!r}")
    if edit.get("delete"):
        state.delete(account)
        return
    given = _given(edit)
    before = seed.written(account)
    merged = {name: {**before[name], **value} for name, value in given.items() if name in MERGED}
    changed: Account = seed.read(state, {**before, **given, **merged})
    changed.safe = (state.safe(changed.safe) or safe_seed.add_safe(state, changed.safe)).name
    changed.links = seed.links(state, {**before, **given})
    if "secret" in given and changed.secret != account.secret:
        changed.last_modified = changed.versions[-1].modified = int(state.now())
    changed.category_modified = given.get("categoryModificationTime", int(state.now()))
    account.__dict__.update(changed.__dict__)


def _safe(state: State, edit: Mapping[str, Any]) -> None:
    """Change or delete a safe. Raises ValueError."""
    safe = state.safe(str(edit["safe"]))
    if safe is None:
        raise ValueError(f"no safe {edit['safe']!r}")
    if edit.get("delete"):
        state.delete_safe(safe)
        return
    given = dict(_given(edit))
    name = given.pop("name", safe.name)
    safe_seed.set_safe(state, safe, given)
    if name != safe.name:
        state.rename_safe(safe, name)


def _set(item: User | None, edit: Mapping[str, Any]) -> None:
    """Set fields of a user. Raises ValueError."""
    if item is None:
        raise ValueError("no such user")
    for name, value in _given(edit).items():
        if name not in {field.name for field in fields(item)} - {"name"}:
            raise ValueError(f"unknown field {name!r}")
        setattr(item, name, value)


def _given(edit: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an edit sets. Raises ValueError."""
    given = edit.get("set")
    if not isinstance(given, Mapping):
        raise ValueError("this edit needs 'set' or 'delete'")
    return given
