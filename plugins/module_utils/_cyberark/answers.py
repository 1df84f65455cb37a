# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CyberArk's PVWA answers: errors with a code and details, objects of a certain shape. Internal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import VaultError
from .._http.answer import Answer
from .fields import value_of

# By HTTP status, in place of the engine's own; None: the connection was cut.
HINTS: Mapping[int | None, str] = {
    None: "Check url, and that nothing in between cuts the connection.",
    401: "Check username, password and auth_method, or get a new token.",
    403: "Check the rights of the API user in the safe.",
    405: "Let IIS, and each proxy, pass GET, POST, PUT, PATCH and DELETE.",
}
NO_SESSION = ("PASWS006E", "CAIWS001E")
NO_SAFE = ("PASWS031E", "SFWS0007")
NOT_ALLOWED = ("PASWS041E", "ITATS955E")
NAME_TAKEN, SAFE_EXISTS, IS_MEMBER = "PASWS027E", "SFWS0002", "SFWS0012"
UNSPECIFIED = "CAWS00001E"
CODE_HINTS: Mapping[str, str] = {
    **dict.fromkeys(NO_SESSION, "The session has ended: run the task again, or get a new token."),
    **dict.fromkeys(NO_SAFE, "Check the name of the safe, and the rights of the API user in it."),
    "PASWS013E": "Check username, password and auth_method.",
    "PASWS017E": "Give what the platform requires, such as a platform property, in the same task.",
    "PASWS032E": "Check platform_id, and that the platform is active.",
    "PASWS088E": "Give reason, and ticket_id where the vault wants one.",
    "PASWS143E": "Unlock the account first.",
    "PASWS168E": "Not every platform has remote machines: leave out remote_machines and restrict_to_remote_machines.",
    "SFWS0002": "A safe of this name exists. If the task does not see it, the API user is not a member of it.",
    "SFWS0013": "No user can change their own membership: use another API user.",
    "ITATS542I": (
        "RADIUS asks for a passcode, which a play cannot answer: give it in password, behind a comma, or give a token."
    ),
}
# These codes say little: the true one begins the text, or stands in the details.
VAGUE = ("", UNSPECIFIED, "PASWS167E")
LEADING_CODE = re.compile(r"\s*([A-Z]{4,}\d+[A-Z]?)\b")
BLOCKS = ("platformAccountProperties", "secretManagement", "remoteMachinesAccess")
# An ID goes into the path of a URL.
ID = re.compile(r"[A-Za-z0-9_.-]{1,100}")

Json = Mapping[str, Any]


def json_of(answer: Answer, right: str = "") -> Any:
    """Return the parsed body of a success; raise the clear error for anything else."""
    if answer.status >= 400:
        raise refusal(answer, right)
    return answer.json()


def confirm(answer: Answer) -> None:
    """Raise for anything but a success whose body, if there is one, is the API's."""
    if answer.status not in (200, 201, 202, 204) or answer.content.strip():
        json_of(answer)


def code_of(error: VaultError) -> str:
    """Return the ErrorCode of a refusal, or ``""``."""
    return str(error.server_details.get("error_code", ""))


def refusal(answer: Answer, right: str = "") -> VaultError:
    """Return the error for an answer of 400 and above, with ErrorCode, ErrorMessage and Details.

    Details are a list, sometimes one object (psPAS). Gateways of Privilege Cloud have other names for them.

    :param right: what the API user needs for the call, for the hint.
    """
    try:
        body = answer.json()
    except VaultError as no_json:
        return no_json
    code = str(value_of(body, "ErrorCode") or value_of(body, "code") or value_of(body, "error") or "")
    text = str(value_of(body, "ErrorMessage") or value_of(body, "message") or value_of(body, "error_description") or "")
    details = _details(answer, value_of(body, "Details"))
    words = ": ".join(part for part in (code, text) if part)
    if details:
        words += f" ({'; '.join(one['message'] for one in details)})"
    within = LEADING_CODE.match(text) if code in VAGUE else None
    code = within[1] if within else code
    codes = (code, *(one["error_code"] for one in details))
    denied = any(one in NOT_ALLOWED for one in codes)
    error = answer.error(words, authentication=denied, enveloped=bool(code))
    hint = next((CODE_HINTS[one] for one in codes if one in CODE_HINTS), "")
    if not hint and right and (denied or answer.status == 403):
        hint = f"The API user needs the right {right}."
    return error.but(
        code="not_allowed" if denied and answer.status != 401 else error.code,
        server_details={"error_code": answer.server_words(code), "details": details},
        hint=hint or error.hint,
        outcome_unknown=error.outcome_unknown and not denied,
    )


def _details(answer: Answer, given: Any) -> list[dict[str, str]]:
    rows = given if isinstance(given, list) else [given]
    names = {"parameter": "ParameterName", "error_code": "ErrorCode", "message": "ErrorMessage"}
    return [
        {name: answer.server_words(value_of(row, key)) for name, key in names.items()}
        for row in rows
        if isinstance(row, Mapping)
    ]


def account_of(record: Any, answer: Answer) -> Json:
    """Return an account; raise if it is not one, because comparing it would be meaningless."""
    account_id = value_of(record, "id")
    if not isinstance(account_id, str) or not ID.fullmatch(account_id):
        raise answer.unexpected("has no account with an ID in it")
    blocks = {name: value_of(record, name) for name in BLOCKS}
    for name, block in blocks.items():
        if block is not None and not isinstance(block, Mapping):
            raise answer.unexpected(f"has {name} in an unknown format")
    check_plain({name: value for name, value in record.items() if not _is_block(name)}, answer, "an account")
    for block in blocks.values():
        check_plain(block or {}, answer, "an account")
    return record


def check_plain(values: Json, answer: Answer, what: str) -> None:
    """Raise unless all values are plain: texts that can be sent back, numbers, flags and nulls."""
    for value in values.values():
        if isinstance(value, (list, Mapping)) or (isinstance(value, str) and not _is_unicode(value)):
            raise answer.unexpected(f"has {what} in an unknown format")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _is_block(name: object) -> bool:
    return str(name).casefold() in {block.casefold() for block in BLOCKS}
