# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change, verify, reconcile and read secrets (contract A.7)."""

from __future__ import annotations

from typing import Any

from pvwa_standin import cpm, links, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account, Platform
from standin_core.product import Answer

# The URL's words and the names in the table of the same page (DOC).
GROUP_FLAGS = ("ChangeEntireGroup", "ChangeCredsForGroup")
READING = ("Reason", "TicketId", "TicketingSystem", "Version", "ActionType", "isUse", "Machine")


def change(call: ApiCall) -> Answer:
    """POST .../Change: the CPM sets a random value; 200, empty (DOC)."""
    account = _managed(call)
    cpm.request(call.state, _concerned(call, account, call.bind(GROUP_FLAGS)), "change", call.user)
    return done()


def set_next(call: ApiCall) -> Answer:
    """POST .../SetNextPassword: the CPM sets this value, at once or at its next change; 200, empty (DOC)."""
    account = call.unlocked()
    call.need(call.state.safe(account.safe), "specifyNextAccountContent")
    given = call.bind(("ChangeImmediately", "NewCredentials"))
    secret = _new_credentials(call, given)
    if rules.flag_of("ChangeImmediately", given.get("ChangeImmediately", False)):
        cpm.request(call.state, [_managed(call)], "change", call.user, secret)
    else:
        account.next_secret = secret
    return done()


def update(call: ApiCall) -> Answer:
    """POST .../Password/Update: in the vault only; 200, empty (DOC)."""
    account = call.unlocked()
    given = call.bind((*GROUP_FLAGS, "NewCredentials"))
    secret = _new_credentials(call, given)
    for member in _concerned(call, account, given):
        call.state.store(member, secret, call.user)
    return done()


def verify(call: ApiCall) -> Answer:
    """POST .../Verify: 200, empty (DOC)."""
    cpm.request(call.state, [_managed(call)], "verify", call.user)
    return done()


def reconcile(call: ApiCall) -> Answer:
    """POST .../Reconcile: 200, empty (DOC)."""
    account = _managed(call)
    if call.profile["reconcile_alone"] == "refused" and links.target(call.state, account, cpm.RECONCILE) is None:
        raise FailedError(texts.NO_RECONCILE)
    cpm.request(call.state, [account], "reconcile", call.user)
    return done()


def check_in(call: ApiCall) -> Answer:
    """POST .../CheckIn: ends the own lock of an exclusive account; the CPM then changes it; 200, empty (DOC)."""
    account = call.unlocked()
    account.locked_by = ""
    cpm.request(call.state, [account], "change", call.user)
    return done()


def unlock(call: ApiCall) -> Answer:
    """POST .../Unlock: takes the lock of another user away; 200, empty (CODE PSPAS)."""
    call.account().locked_by = ""
    return done()


def _managed(call: ApiCall) -> Account:
    """Return the account of the path if the CPM may work on it (CODE cybr-cli#222). Raises FailedError (400)."""
    account = call.unlocked()
    if not account.automatic and call.profile["cpm_disabled"] == "refused":
        raise FailedError(texts.CPM_DISABLED)
    return account


def retrieve(call: ApiCall) -> Answer:
    """POST .../Password/Retrieve and .../Secret/Retrieve: 200 and a JSON string (DOC, CODE PSPAS, AIOB).

    400 PASWS088E where the platform wants a reason, 400 for a ticket, 403 for a confirmation; 404 for a version.
    """
    account = call.unlocked()
    given = call.bind(READING)
    platform = call.state.platform(account.platform_id) or Platform(account.platform_id)
    if platform.approval_required:
        call.need(call.state.safe(account.safe), "accessWithoutConfirmation")
    text = {name: rules.text_of(call, name, given.get(name, "")) for name in READING[:3]}
    if platform.reason_required and not text["Reason"]:
        raise FailedError(texts.REASON_MISSING)
    if platform.ticket_required and not (text["TicketId"] and text["TicketingSystem"]):
        raise FailedError(texts.TICKET_MISSING)
    number = given.get("Version", len(account.versions))
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= len(account.versions):
        raise FailedError(texts.NO_VERSION, name=number)
    if number == 0 and "Version" in given:
        raise FailedError(texts.NO_VERSION, name=number)
    call.state.retrievals.append(
        {
            "account": account.id,
            "user": call.user,
            "reason": text["Reason"],
            "ticket_id": text["TicketId"],
            "ticketing_system": text["TicketingSystem"],
            "version": number,
            "time": int(call.state.now()),
        }
    )
    if platform.exclusive:
        account.locked_by = call.user
    return done(account.versions[number - 1].secret if number else "")


def versions(call: ApiCall) -> Answer:
    """GET .../Secret/Versions: fields DOC (SWAGGER), the key ``Versions`` CODE AIOB."""
    account = call.account()
    rows = [
        {
            "versionID": number,
            "modifiedBy": version.modified_by,
            "modificationDate": version.modified,
            "isTemporary": False,
        }
        for number, version in enumerate(account.versions, 1)
    ]
    return done({"Versions": rows})


def _concerned(call: ApiCall, account: Account, given: dict[str, Any]) -> list[Account]:
    """Return the account or its whole group; the group is the default (DOC for Change, INF for Update)."""
    name = next((one for one in GROUP_FLAGS if one in given), GROUP_FLAGS[0])
    whole = rules.flag_of(name, given.get(name, True))
    return call.state.group_of(account) if whole else [account]


def _new_credentials(call: ApiCall, given: dict[str, Any]) -> str:
    """Return the new secret; blanks at both ends are trimmed (DOC). Raises FailedError (PASWS017E, PASWS167E)."""
    secret = rules.text_of(call, "NewCredentials", given.get("NewCredentials", "")).strip(" ")
    if not secret:
        raise FailedError(texts.MISSING, name="NewCredentials")
    if call.profile["secret_digits"] == "refused" and (secret[:1].isdigit() or secret[-1:].isdigit()):
        raise FailedError(texts.INVALID, about=[("NewCredentials", "should not begin or end with a digit")])
    return secret
