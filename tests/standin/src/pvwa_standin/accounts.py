# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account details, add, delete (contract A.5)."""

from __future__ import annotations

from typing import Any

from pvwa_standin import cpm, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account, Platform, Safe
from pvwa_standin.shape import shown
from standin_core.product import Answer

FIELDS = (
    "name",
    "address",
    "userName",
    "platformId",
    "safeName",
    "secretType",
    "secret",
    "platformAccountProperties",
    "secretManagement",
    "remoteMachinesAccess",
)
MANAGEMENT = ("automaticManagementEnabled", "manualManagementReason")
MACHINES = ("remoteMachines", "accessRestrictedToRemoteMachines")


def details(call: ApiCall) -> Answer:
    """GET /API/Accounts/{id}: 200 and the account; 404."""
    account = call.account()
    cpm.seen(call.state, account)
    return done(shown(call, account))


def delete(call: ApiCall) -> Answer:
    """DELETE /API/Accounts/{id}: 204 without a body (CODE IDSEC, TFPROV)."""
    call.state.delete(call.unlocked())
    return done(status=204)


def add(call: ApiCall) -> Answer:
    """POST /API/Accounts: 201, the account and Location; an ``id`` in the body is ignored (CODE AIOB).

    400 PASWS017E, PASWS018E, PASWS032E, PASWS159E, PASWS166E, PASWS167E, PASWS168E; 403 PASWS041E;
    409 PASWS027E, or another code for an account of another safe.
    """
    given = call.bind(FIELDS)
    for name in ("safeName", "platformId"):
        if not given.get(name):
            raise FailedError(texts.MISSING, name=name)
    safe = call.state.safe(rules.text_of(call, "safeName", given["safeName"]))
    if safe is None:
        missing = FailedError(texts.NO_SAFE, name=given["safeName"])
        raise FailedError(texts.INVALID, about=[("safeName", missing)])
    call.need(safe, "addAccounts")
    # DOC: and one of these two.
    if not {"updateAccountContent", "updateAccountProperties"} & call.state.rights(call.user, safe):
        raise call.refused
    platform = rules.platform_of(call, rules.text_of(call, "platformId", given["platformId"]))
    account = _made(call, given, safe, platform)
    rules.check_mandatory(account, platform)
    rules.check_machines(account, platform)
    rules.check_name(call, account)
    rules.check_elsewhere(call, account)
    account.id = call.state.account_id(safe)
    account.last_modified = account.created
    if given.get("secret"):
        call.state.store(account, rules.text_of(call, "secret", given["secret"]), call.user)
    call.state.accounts[account.id] = account
    # The form of Location is INF.
    location = {"Location": f"{call.host_url}{call.profile['directory']}/api/Accounts/{account.id}"}
    return done(shown(call, account), 201, location)


def _made(call: ApiCall, given: dict[str, Any], safe: Safe, platform: Platform) -> Account:
    """Return the account that the body describes, without an id. Raises FailedError."""
    text = {name: rules.text_of(call, name, given.get(name, "")) for name in ("name", "address", "userName")}
    kind = given.get("secretType") or "password"
    if kind not in ("password", "key"):
        raise FailedError(texts.INVALID, about=[("secretType", "should be password or key")])
    now = int(call.state.now())
    account = Account("", safe.name, text["name"], platform.id, text["address"], text["userName"], kind)
    account.created = account.category_modified = now
    for name, value in _block(given, "platformAccountProperties").items():
        if value is not None:
            rules.set_property(call, account, platform, name, value)
    _manage(call, account, call.bind(MANAGEMENT, _block(given, "secretManagement")))
    machines = call.bind(MACHINES, _block(given, "remoteMachinesAccess"))
    account.remote_machines = machine_text(machines.get("remoteMachines", ""))
    if "accessRestrictedToRemoteMachines" in machines:
        account.restricted = rules.flag_of(MACHINES[1], machines[MACHINES[1]])
    account.name = account.name or _generated(call, account, platform)
    return account


def _block(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an inner object of the body. Raises FailedError."""
    block = given.get(name, {})
    if not isinstance(block, dict):
        raise FailedError(texts.INVALID, about=[(name, "should be an object")])
    return block


def _manage(call: ApiCall, account: Account, given: dict[str, Any]) -> None:
    """Take secretManagement; automatic management is on by default (DOC). Raises FailedError (PASWS159E)."""
    account.automatic = rules.flag_of(MANAGEMENT[0], given.get(MANAGEMENT[0], True))
    account.reason = rules.text_of(call, MANAGEMENT[1], given.get(MANAGEMENT[1], ""))
    if account.automatic and account.reason:
        raise FailedError(texts.REASON_WITH_AUTOMATIC)


def machine_text(value: Any) -> str:
    """Return the remote machines: one string, not a list (DOC). Raises FailedError."""
    if not isinstance(value, str):
        raise FailedError(texts.INVALID, about=[("remoteMachines", "should be a string")])
    return value


def _generated(call: ApiCall, account: Account, platform: Platform) -> str:
    """Return the name of an account that came without one (seen: PEER sample, EPV mock; the rule INF)."""
    parts = [platform.device_type, platform.id, account.address, account.user_name]
    name = "-".join(part for part in parts if part)
    if call.profile["generated_name"] == "plain":
        return name
    number, free = 1, name
    while call.state.account(account.safe, free):
        number += 1
        free = f"{name}-{number}"
    return free
