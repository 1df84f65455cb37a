# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Update account: operations on leaf paths (contract A.6)."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from pvwa_standin import rules, texts
from pvwa_standin.accounts import machine_text
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account, Platform
from pvwa_standin.shape import shown
from standin_core.product import Answer

PROPERTIES = "platformaccountproperties"
LINKS = re.compile(r"extrapass\d+(name|safe|folder)", re.IGNORECASE)
# DOC SEED table: what can be patched, by its lower-case path.
TEXTS = {
    "name": "name",
    "address": "address",
    "username": "user_name",
    "platformid": "platform_id",
    "secretmanagement/manualmanagementreason": "reason",
    "remotemachinesaccess/remotemachines": "remote_machines",
}
FLAGS = {
    "secretmanagement/automaticmanagementenabled": "automatic",
    "remotemachinesaccess/accessrestrictedtoremotemachines": "restricted",
}
# Without these there is no account (INF).
NOT_REMOVABLE = ("name", "platformid", "secretmanagement/automaticmanagementenabled")
DONE = {"add": "added", "replace": "replaced", "remove": "removed"}


@dataclass
class Operation:
    """One operation: ``path`` in lower case, ``name`` of the platform property as it was sent."""

    op: str
    path: str
    value: Any
    name: str = ""

    @property
    def refused(self) -> FailedError:
        """Return the refusal of this path; PASWS125E names the path in lower case (CODE PEER#19)."""
        return FailedError(texts.NOT_PATCHABLE, name=self.path, done=DONE[self.op])


def update(call: ApiCall) -> Answer:
    """PATCH /API/Accounts/{id}: 200 and the whole account.

    400 PASWS125E, PASWS164E, PASWS159E, PASWS166E, PASWS017E, PASWS018E, PASWS167E, PASWS143E; 403; 404;
    409 PASWS027E. Nothing is stored on failure (profile ``patch``).
    """
    account = call.unlocked()
    operations = _operations(call, account)
    safe = call.state.safe(account.safe)
    if any(one.path == "name" for one in operations):
        call.need(safe, "renameAccounts")
    if any(one.path != "name" for one in operations):
        call.need(safe, "updateAccountProperties")
    after = copy.deepcopy(account)
    try:
        _apply_all(call, after, operations)
    except FailedError as error:
        if call.profile["patch"] == "partial" and after != account:
            _keep(call, account, after)
            error.applied = True
        raise
    _check(call, account, after, operations)
    _keep(call, account, after)
    return done(shown(call, account))


def _keep(call: ApiCall, account: Account, after: Account) -> None:
    """Make the changed copy the account."""
    after.category_modified = int(call.state.now())
    account.__dict__.update(after.__dict__)


def _operations(call: ApiCall, account: Account) -> list[Operation]:
    """Read the body: a bare array; of several operations on one property only the last counts (DOC)."""
    if call.problem is not None:
        raise FailedError(call.problem)
    if not isinstance(call.input, list):
        raise FailedError(texts.BAD_BODY)
    last: dict[tuple[str, str], Operation] = {}
    for item in _counting(call, [_operation(call, item) for item in call.input]):
        for one in _expanded(call, account, item):
            key = (one.path, rules.spelling(call, one.name, [name for _path, name in last]))
            last.pop(key, None)
            last[key] = one
    return list(last.values())


def _counting(call: ApiCall, given: list[Operation]) -> list[Operation]:
    """Return the operations that have an effect: of several on platform properties perhaps only the last.

    CODE PSPAS#344 (11.5), EPV#138 (11.6), with HTTP 200; whether an object beside leaves counts is unknown
    (profile ``patch_properties``).
    """
    how = call.profile["patch_properties"]
    rivals = [place for place, one in enumerate(given) if one.path == PROPERTIES and (one.name or how == "last")]
    return [one for place, one in enumerate(given) if how == "all" or place not in rivals[:-1]]


def _operation(call: ApiCall, item: Any) -> Operation:
    """Read one operation. Raises FailedError."""
    if not isinstance(item, dict):
        raise FailedError(texts.BAD_BODY)
    given = {name.casefold(): value for name, value in item.items()}
    op, path = str(given.get("op", "")).casefold(), given.get("path")
    if op not in DONE:
        raise FailedError(texts.INVALID, about=[("op", "should be add, replace or remove")])
    if not isinstance(path, str) or not path.startswith("/"):
        raise FailedError(texts.INVALID, about=[("path", "should start with /")])
    if op != "remove" and given.get("value") is None:
        raise FailedError(texts.MISSING, name="value")
    first, _dot, rest = path.strip("/").partition("/")
    if first.casefold() == PROPERTIES:
        return Operation(op, PROPERTIES, given.get("value"), name=rest)
    return Operation(op, path.strip("/").casefold(), given.get("value"))


def _expanded(call: ApiCall, account: Account, one: Operation) -> list[Operation]:
    """Turn an object for /platformAccountProperties as a whole into one operation per key (DOC SWAGGER).

    The properties that it leaves out stay, or go (profile ``properties_object``).
    """
    if one.path != PROPERTIES or one.name:
        return [one]
    if not isinstance(one.value, dict) or (one.op == "remove" and call.profile["remove_object"] == "refused"):
        raise one.refused
    op = "remove" if one.op == "remove" else "add"
    named = [Operation(op, PROPERTIES, value, name=name) for name, value in one.value.items()]
    if op == "remove" or call.profile["properties_object"] == "merge":
        return named
    kept = {rules.spelling(call, name, list(account.properties)) for name in one.value}
    return [*(Operation("remove", PROPERTIES, None, name) for name in account.properties if name not in kept), *named]


def _apply_all(call: ApiCall, account: Account, operations: list[Operation]) -> None:
    """Apply the operations in order; a new platform counts for all of them. Raises FailedError."""
    # The platform first: properties sent beside it are the new platform's.
    for one in sorted(operations, key=lambda item: item.path != "platformid"):
        if one.path == PROPERTIES:
            _apply_property(call, account, one)
        elif one.path in TEXTS or one.path in FLAGS:
            _apply_leaf(call, account, one)
        else:
            raise one.refused


def _absent(call: ApiCall, one: Operation, present: bool) -> bool:
    """Return whether there is nothing to do. Raises FailedError (PASWS164E; removing: INF, a profile)."""
    if present or one.op == "add":
        return False
    if one.op == "remove" and call.profile["remove_absent"] == "ignored":
        return True
    raise FailedError(texts.NOT_THERE, name=f"{one.path}/{one.name}" if one.name else one.path)


def _apply_leaf(call: ApiCall, account: Account, one: Operation) -> None:
    """Apply an operation to a field of the account. Raises FailedError."""
    attribute = TEXTS.get(one.path) or FLAGS[one.path]
    if _absent(call, one, getattr(account, attribute) not in ("", None)):
        return
    if one.op == "remove":
        if one.path in NOT_REMOVABLE:
            raise one.refused
        setattr(account, attribute, None if one.path in FLAGS else "")
    elif one.path in FLAGS:
        setattr(account, attribute, rules.flag_of(one.path.rpartition("/")[2], one.value))
    elif attribute == "remote_machines":
        _set_machines(call, account, machine_text(one.value))
    else:
        setattr(account, attribute, rules.text_of(call, one.path, one.value))
        if one.path in NOT_REMOVABLE and not getattr(account, attribute):
            raise FailedError(texts.MISSING, name=one.path)
        if attribute == "platform_id":
            account.platform_id = rules.platform_of(call, account.platform_id).id


def _set_machines(call: ApiCall, account: Account, wanted: str) -> None:
    """Store the remote machines; a list that holds one twice must be emptied first (CODE ROLE, with HTTP 200)."""
    stored = [name.casefold() for name in account.remote_machines.split(";")]
    if wanted and len(set(stored)) < len(stored) and call.profile["duplicate_machines"] == "stuck":
        return
    account.remote_machines = wanted


def _apply_property(call: ApiCall, account: Account, one: Operation) -> None:
    """Apply an operation to a platform property. Raises FailedError."""
    if LINKS.fullmatch(one.name):
        raise FailedError(texts.LINK_BY_PATCH, name=one.name)
    platform = _platform(call, account)
    group = one.name.casefold() in rules.GROUP_NAMES
    name = rules.spelling(call, one.name, list(account.properties))
    present = bool(account.group) if group else name in account.properties
    if _absent(call, one, present):
        return
    value = one.value
    if one.op == "remove":
        if not group:
            del account.properties[name]
            return
        value = ""
    rules.set_property(call, account, platform, name, "" if value is None else value)


def _platform(call: ApiCall, account: Account) -> Platform:
    """Return the account's platform; one that the seed does not know has no properties."""
    return call.state.platform(account.platform_id) or Platform(account.platform_id)


def _check(call: ApiCall, before: Account, after: Account, operations: list[Operation]) -> None:
    """Check the account that would be. Raises FailedError."""
    touched = {one.path for one in operations}
    platform = _platform(call, after)
    if touched & {"platformid", "address", "username", PROPERTIES}:
        rules.check_mandatory(after, platform)
    if any(path.startswith("remotemachinesaccess") for path in touched) or "platformid" in touched:
        rules.check_machines(after, platform)
    if "name" in touched:
        rules.check_name(call, after)
    if any(path.startswith("secretmanagement") for path in touched) and after.automatic and after.reason:
        _reason_left(call, before, after)


def _reason_left(call: ApiCall, before: Account, after: Account) -> None:
    """Refuse automatic management beside a reason. Raises FailedError (PASWS159E, or 500 CODE PSPAS#217)."""
    if after.reason == before.reason and call.profile["enable_with_reason"] == "cleared":
        after.reason = ""
        return
    if call.profile["enable_with_reason"] == "error500":
        raise FailedError(texts.ENABLE_FAILED)
    raise FailedError(texts.REASON_WITH_AUTOMATIC)
