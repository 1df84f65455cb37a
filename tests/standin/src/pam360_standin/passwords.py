# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords, one-time codes and access requests (contract sections 3.6 and 4)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.model import AccessRequest, Account, Resource
from pam360_standin.policies import fault_of, generate
from standin_core.product import Answer

ALGORITHMS: dict[str, type[hashes.SHA1 | hashes.SHA256 | hashes.SHA512]] = {
    "SHA1": hashes.SHA1,
    "SHA256": hashes.SHA256,
    "SHA512": hashes.SHA512,
}


def fetch(call: ApiCall) -> Answer:
    """GET .../password: audited, changes LAST ACCESSED TIME (CAP); approval gives [Request] (CODE bcgov)."""
    resource, item = call.account()
    given = call.known(("REASON", "TICKETID"))
    _justified(item, given)
    if item.approval:
        return success(call, texts.FETCHED, {"PASSWORD": texts.NEEDS_APPROVAL})
    _accessed(call, resource, item, "Password Retrieved")
    return success(call, texts.FETCHED, {"PASSWORD": item.password})


def _justified(item: Account, given: dict[str, Any]) -> None:
    """Refuse a call without the reason or ticket that the account asks for. Raises FailedError."""
    if item.reason_required and not given.get("REASON"):
        raise FailedError(texts.REASON_MISSING)
    if item.ticket_required and not given.get("TICKETID"):
        raise FailedError(texts.TICKET_MISSING)


def _accessed(call: ApiCall, resource: Resource, item: Account, operation: str) -> None:
    """Note that a secret was read."""
    item.last_accessed_time = call.state.time_text()
    call.audit(operation, resource, item)


def change(call: ApiCall) -> Answer:
    """PUT .../password (DOC S002); what happens without NEWPASSWORD is unknown (profile no_new_password)."""
    resource, item = call.account()
    given = call.known(("NEWPASSWORD", "RESETTYPE", "REASON", "TICKETID"))
    _justified(item, given)
    if not given.get("NEWPASSWORD") and call.profile["no_new_password"] == "refused":
        raise FailedError(texts.NEW_PASSWORD_MISSING)
    password = str(given.get("NEWPASSWORD") or generate(call.state.policy(item.policy)))
    kind = str(given.get("RESETTYPE") or "LOCAL")
    if call.profile["reset_type_case"] == "any":
        kind = kind.upper()
    if kind not in ("LOCAL", "REMOTE"):
        raise FailedError(texts.BAD_RESET_TYPE)
    reason = fault_of(password, call.state.policy(item.policy))
    if reason != "-" and call.profile["enforce_policy"] == "yes":
        raise FailedError(texts.AGAINST_POLICY.format(reason=reason))
    if kind == "REMOTE" and not item.remote_reset:
        raise FailedError(texts.REMOTE_FAILED)
    item.password, item.expired = password, False
    item.last_modified_time = call.state.time_text()
    call.audit("Password Changed", resource, item)
    return success(call, texts.CHANGED)


def generated(call: ApiCall) -> Answer:
    """GET /passwords/generate with POLICY (CODE pypmp)."""
    name = str(call.known(("POLICY",)).get("POLICY") or "Strong")
    policy = call.state.policy(name)
    if policy is None:
        raise FailedError(texts.NO_POLICY)
    return success(call, texts.GENERATED, {"PASSWORD": generate(policy)})


def totp(call: ApiCall) -> Answer:
    """GET /accounts/<ID>/totp: statusCode 20000, Details.TOTP (CODE vendor extension)."""
    resource, item = _by_account_id(call)
    secret = str(item.settings.get("TOTP_SECRET") or "")
    if not secret:
        raise FailedError(texts.NO_TOTP)
    try:
        key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
        algorithm = ALGORITHMS[str(item.settings.get("TOTP_ALGORITHM") or "SHA1").upper().replace("-", "")]()
        digits = int(item.settings.get("TOTP_DIGITS") or 6)
        seconds = int(item.settings.get("TOTP_VALIDITY") or 30)
        code = TOTP(key, digits, algorithm, seconds, enforce_key_length=False).generate(
            int(call.state.now().timestamp())
        )
    except (binascii.Error, KeyError, ValueError):
        raise FailedError(texts.BAD_TOTP) from None
    _accessed(call, resource, item, "TOTP Retrieved")
    return success(call, texts.TOTP, {"TOTP": code.decode()}, modern=True)


def _by_account_id(call: ApiCall) -> tuple[Resource, Account]:
    """Return the account of a path without a resource id. Raises FailedError."""
    found = call.state.account_by_id(call.args["account"])
    if found is None:
        raise FailedError(texts.NO_ACCOUNT, "missing")
    return found


def request(call: ApiCall) -> Answer:
    """POST /accounts/<ID>/requestpassword (DOC accesscontrolapi-1); the answer is invented."""
    resource, item = _by_account_id(call)
    given = call.known(
        (
            "REASON",
            "ACCESS",
            "STARTTIME",
            "ENDTIME",
            "REMAINDERTIME",
            "RESOURCES_TO_BE_ACCESSED_OPTION",
            "SELECTED_RESOURCEIDS",
            "TICKETID",
        )
    )
    number = call.state.next_id("request")
    call.state.access_requests[number] = AccessRequest(
        number,
        item.id,
        call.user.name,
        str(given.get("REASON", "")),
        call.state.time_text(),
        start_time=str(given.get("STARTTIME", "")),
        end_time=str(given.get("ENDTIME", "")),
    )
    call.audit("Password Requested", resource, item)
    return success(call, texts.REQUESTED)


def requests(call: ApiCall) -> Answer:
    """GET /accounts/passwordaccessrequests: shape from the documentation by way of otros (CODE)."""
    by_user: dict[str, list[dict[str, str]]] = {}
    for item in call.state.access_requests.values():
        found = call.state.account_by_id(item.account_id)
        by_user.setdefault(item.user, []).append(
            {
                "PASSWD ID": item.account_id,
                "RESOURCE NAME": found[0].name if found else "",
                "ACCOUNT NAME": found[1].name if found else "",
                "REASON": item.reason,
                "STATUS": item.status,
                "REQUESTED TIME": item.requested_time,
                "START_TIME": item.start_time,
                "END_TIME": item.end_time,
            }
        )
    rows: list[dict[str, Any]] = []
    for name, wanted in by_user.items():
        user = call.state.user(name)
        full = user.full_name if user else ""
        rows.append({"REQUESTED BY": name, "REQUESTED BY FULLNAME": full, "PASSWORDREQUESTLIST": wanted})
    return success(call, texts.REQUESTS, rows or None, total=len(rows))
