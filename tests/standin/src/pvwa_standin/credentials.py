# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change, verify, reconcile and read secrets (contract A.7)."""

from __future__ import annotations

from typing import Any

from pvwa_standin import cpm, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account
from standin_core.product import Answer

# The URL's words and the names in the table of the same page (DOC).
GROUP_FLAGS = ("ChangeEntireGroup", "ChangeCredsForGroup")
READING = ("Reason", "TicketId", "TicketingSystem", "Version", "ActionType", "isUse", "Machine")


def change(call: ApiCall) -> Answer:
    """POST .../Change: the CPM sets a random value; 200, empty (DOC)."""
    account = call.unlocked()
    cpm.request(call.state, _concerned(call, account, call.bind(GROUP_FLAGS)), "change")
    return done()


def set_next(call: ApiCall) -> Answer:
    """POST .../SetNextPassword: the CPM sets this value, at once or at its next change; 200, empty (DOC)."""
    account = call.unlocked()
    given = call.bind(("ChangeImmediately", "NewCredentials"))
    # DOC: blanks at both ends are trimmed.
    secret = _new_credentials(call, given).strip()
    if rules.flag_of("ChangeImmediately", given.get("ChangeImmediately", False)):
        cpm.request(call.state, [account], "change", secret)
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
    cpm.request(call.state, [call.unlocked()], "verify")
    return done()


def reconcile(call: ApiCall) -> Answer:
    """POST .../Reconcile: 200, empty (DOC)."""
    cpm.request(call.state, [call.unlocked()], "reconcile")
    return done()


def retrieve(call: ApiCall) -> Answer:
    """POST .../Password/Retrieve and .../Secret/Retrieve: 200 and a JSON string (DOC, CODE PSPAS, AIOB).

    400 PASWS088E where the platform wants a reason.
    """
    account = call.unlocked()
    given = call.bind(READING)
    platform = call.state.platform(account.platform_id)
    if platform is not None and platform.reason_required and not given.get("Reason"):
        raise FailedError(texts.REASON_MISSING)
    number = given.get("Version")
    if number is None:
        return done(account.secret)
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(account.versions):
        raise FailedError(texts.NO_VERSION, name=number)
    return done(account.versions[number - 1].secret)


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
    """Return the new secret. Raises FailedError (PASWS017E)."""
    if not given.get("NewCredentials"):
        raise FailedError(texts.MISSING, name="NewCredentials")
    return rules.text_of(call, "NewCredentials", given["NewCredentials"])
