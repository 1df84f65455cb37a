# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documented calls that no known client uses: remote reset, accountabilities, agents. All answers are invented."""

from __future__ import annotations

import re
from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.state import new_token
from standin_core.product import Answer

RESET_FIELDS = (
    "RESOURCETYPE",
    "RESOURCEIDS",
    "ACCOUNTNAME",
    "CONNECTION_MODE",
    "ISWINDOMAINLOCAL",
    "WDRESOURCEID",
    "WDACCOUNTID",
    "SAP_SYSTEM_NUMBER",
    "SAP_ADMIN_ACCOUNT",
)


def configure_remote_reset(call: ApiCall) -> Answer:
    """POST /resources/configureremotepasswordreset (DOC resourceapi-19 and -21). Raises FailedError.

    What it stores is in the resource's setting ``REMOTE_RESET``; no call shows it.
    """
    given = call.known(RESET_FIELDS)
    for name in ("RESOURCETYPE", "RESOURCEIDS", *_mandatory(given)):
        if not given.get(name):
            raise FailedError(texts.FIELD_MISSING.format(field=name))
    if given["RESOURCETYPE"] == "SAP" and not re.fullmatch("[0-9]{2}", str(given["SAP_SYSTEM_NUMBER"])):
        raise FailedError(texts.FIELD_MISSING.format(field="SAP_SYSTEM_NUMBER"))
    numbers = given["RESOURCEIDS"] if isinstance(given["RESOURCEIDS"], list) else []
    found = [call.state.resources.get(str(number)) for number in numbers]
    if not found or not all(found):
        raise FailedError(texts.NO_RESOURCE, "missing")
    for item in found:
        if item is not None:
            item.settings["REMOTE_RESET"] = {key: value for key, value in given.items() if key != "RESOURCEIDS"}
    return success(call, texts.RESET_CONFIGURED)


def _mandatory(given: dict[str, Any]) -> tuple[str, ...]:
    """Return what a type of resource needs; for types without a readable page nothing is known."""
    if given.get("RESOURCETYPE") == "SAP":
        return ("SAP_SYSTEM_NUMBER", "SAP_ADMIN_ACCOUNT")
    if given.get("RESOURCETYPE") != "WindowsDomain":
        return ()
    if str(given.get("ISWINDOMAINLOCAL")).lower() == "false":
        return ("ISWINDOMAINLOCAL", "WDRESOURCEID", "WDACCOUNTID")
    return ("ISWINDOMAINLOCAL", "ACCOUNTNAME")


def transfer_accountabilities(call: ApiCall) -> Answer:
    """POST /user/transferUserAccountabilities (DOC userapi-9): resources get the new owner (scope INF)."""
    given = call.known(("oldUserId", "newUserId"))
    old, new = (call.state.users.get(str(given.get(key))) for key in ("oldUserId", "newUserId"))
    if old is None or new is None:
        raise FailedError(texts.NO_USER, "missing")
    for item in call.state.resources.values():
        if call.state.same(item.owner, old.name):
            item.owner = new.name
    call.audit("User Accountabilities Transferred", kind="User")
    return success(call, texts.ACCOUNTABILITIES)


def agent_key(call: ApiCall) -> Answer:
    """POST /agents/agentkey, lower-case ``details`` (DOC infrastructureapi-1); the key's name is ours."""
    call.known(("generateAgentKey", "validityPeriod"))
    return success(call, texts.AGENT_KEY, {"agentKey": new_token()})
