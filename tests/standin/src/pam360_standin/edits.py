# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits behind the client's back, as someone at the console would make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pam360_standin import accounts, resources, seed, trail
from pam360_standin.model import Account, Resource
from pam360_standin.state import State

ACCOUNT_NAMES = {
    "ACCOUNTNAME": "name",
    "PASSWORD": "password",
    "NOTES": "notes",
    "DESCRIPTION": "description",
    "ACCOUNTPASSWORDPOLICY": "policy",
}
CUSTOM = ("ACCOUNTCUSTOMFIELD", "RESOURCECUSTOMFIELD")


def apply(state: State, edit: Mapping[str, Any]) -> None:
    """Carry one edit out. Raises ValueError.

    ``{"resource": R, "set": {...}}``, ``{"resource": R, "delete": true}``,
    ``{"resource": R, "add_account": {...}}``, ``{"resource": R, "account": A, "set": {...}}``,
    ``{"resource": R, "account": A, "delete": true}``, ``{"add_resource": {...}}``,
    ``{"add_audit": {...}}`` or a list of rows. ``"trash": true`` in place of ``delete`` keeps the name.
    ``set`` takes wire names and the seed's own names; resources and accounts are named or given by id.
    """
    if "add_resource" in edit:
        seed.add_resource(state, edit["add_resource"])
        return
    if "add_audit" in edit:
        rows = edit["add_audit"]
        for row in rows if isinstance(rows, list) else [rows]:
            trail.add(state, row)
        return
    resource = _found(state, state.resources, edit.get("resource"), "resource")
    if "add_account" in edit:
        seed.add_account(state, resource, edit["add_account"])
        return
    if "account" not in edit:
        _change(state, state.resources, state.trashed_resources, resource, edit)
        return
    account = _found(state, resource.accounts, edit["account"], "account")
    _change(state, resource.accounts, resource.trashed_accounts, account, edit)


def _found(state: State, table: Mapping[str, Any], wanted: Any, what: str) -> Any:
    """Return an item by name or id. Raises ValueError."""
    item = state.find(table.values(), str(wanted)) or table.get(str(wanted))
    if item is None:
        raise ValueError(f"no {what} {wanted!r}")
    return item


def _change(
    state: State, table: dict[str, Any], trash: dict[str, Any], item: Account | Resource, edit: Mapping[str, Any]
) -> None:
    """Delete an item, trash it or set its fields. Raises ValueError."""
    if edit.get("delete") or edit.get("trash"):
        del table[item.id]
        if edit.get("trash"):
            trash[item.id] = item
        return
    if not isinstance(edit.get("set"), Mapping):
        raise ValueError("an edit needs 'set', 'delete', 'trash', 'add_account', 'add_resource' or 'add_audit'")
    for name, value in edit["set"].items():
        _set(state, item, name, value)


def _set(state: State, item: Account | Resource, name: str, value: Any) -> None:
    """Set one field by its wire name or by the seed's name. Raises ValueError."""
    of_account = isinstance(item, Account)
    attributes = ACCOUNT_NAMES if of_account else resources.ATTRIBUTES
    settings = accounts.SETTINGS_ON_EDIT if of_account else resources.SETTINGS
    if name in CUSTOM or name == "custom_fields":
        pairs = {one["CUSTOMLABEL"]: one["CUSTOMVALUE"] for one in value} if isinstance(value, list) else value
        item.custom_fields.update(pairs)
    elif name == "shares":
        item.shares = seed.shares(state, value)
    elif name in settings:
        item.settings[name] = value
    else:
        attribute = attributes.get(name, name)
        if attribute not in {field.name for field in fields(item)} - {"id", "accounts", "trashed_accounts"}:
            raise ValueError(f"unknown field {name!r}")
        setattr(item, attribute, [seed.group_id(state, one) for one in value] if attribute == "groups" else value)
        if attribute == "password":
            item.last_modified_time = state.time_text()  # type: ignore[union-attr]
