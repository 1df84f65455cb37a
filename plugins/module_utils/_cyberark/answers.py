# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CyberArk's PVWA answers: errors with a code and details, accounts of a certain shape. Internal."""

from __future__ import annotations

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
    405: "Let IIS, and each proxy, pass GET, POST, PATCH and DELETE.",
}
NO_SESSION = ("PASWS006E", "CAIWS001E")
NO_SAFE = ("PASWS031E", "SFWS0007")
CODE_HINTS: Mapping[str, str] = {
    **dict.fromkeys(NO_SESSION, "The session has ended: run the task again, or get a new token."),
    "PASWS013E": "Check username, password and auth_method.",
    **dict.fromkeys(NO_SAFE, "Check the name of the safe, and the rights of the API user in it."),
    "PASWS143E": "Unlock the account first.",
    "ITATS542I": (
        "RADIUS asks for a passcode, which a play cannot answer: give it in password, behind a comma, or give a token."
    ),
}
BLOCKS = ("platformAccountProperties", "secretManagement", "remoteMachinesAccess")

Json = Mapping[str, Any]


def json_of(answer: Answer) -> Any:
    """Return the parsed body of a success; raise the clear error for anything else."""
    if answer.status >= 400:
        raise refusal(answer)
    return answer.json()


def confirm(answer: Answer) -> None:
    """Raise for anything but a success whose body, if there is one, is the API's."""
    if answer.status not in (200, 201, 202, 204) or answer.content.strip():
        json_of(answer)


def code_of(error: VaultError) -> str:
    """Return the ErrorCode of a refusal, or ``""``."""
    return str(error.server_details.get("error_code", ""))


def refusal(answer: Answer) -> VaultError:
    """Return the error for an answer of 400 and above, with ErrorCode, ErrorMessage and Details.

    Details are a list, sometimes one object (psPAS). Gateways of Privilege Cloud have other names for them.
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
    error = answer.error(words, enveloped=bool(code))
    codes = (code, *(one["error_code"] for one in details))
    return error.but(
        server_details={"error_code": answer.server_words(code), "details": details},
        hint=next((CODE_HINTS[one] for one in codes if one in CODE_HINTS), error.hint),
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
    """Return an account, or raise for what is none: taken for one, it would be compared with rubbish."""
    if not isinstance(record, Mapping) or not isinstance(value_of(record, "id"), str) or not value_of(record, "id"):
        raise answer.unexpected("has no account with an ID in it")
    blocks = {name: value_of(record, name) for name in BLOCKS}
    for name, block in blocks.items():
        if block is not None and not isinstance(block, Mapping):
            raise answer.unexpected(f"has {name} in an unknown form")
    values = [value for block in (record, *blocks.values()) for name, value in (block or {}).items() if not _in(name)]
    if any(isinstance(value, (list, Mapping)) for value in values):
        raise answer.unexpected("has an account in an unknown form")
    return record


def _in(name: object) -> bool:
    return str(name).casefold() in {block.casefold() for block in BLOCKS}
