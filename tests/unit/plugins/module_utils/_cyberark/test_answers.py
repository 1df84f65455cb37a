# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal of PVWA is said to mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    APP,
    DELETE,
    LIST,
    NEW,
    ROOT,
    SET,
    UPDATE,
    Vault,
    assert_refusal,
)

EDIT: dict[str, Any] = {**ROOT, "platform_properties": {"Port": 23}}
ALWAYS: dict[str, Any] = {**ROOT, "secret": "N3w-Passw0rd!", "update_secret": "always"}


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault() as world:
        yield world


@pytest.mark.parametrize("refusal", ["403", "500"])
@pytest.mark.parametrize(
    ("args", "held", "right"),
    [
        (NEW, ["listAccounts"], "'Add account' (addAccounts)"),
        (EDIT, ["listAccounts"], "'Update password properties' (updateAccountProperties) in the safe"),
        ({"account_id": "29_3", "name": "x"}, ["listAccounts"], "'Rename accounts' (renameAccounts) in the safe"),
        (
            {"account_id": "29_3", "name": "x", "address": "y"},
            ["listAccounts", "renameAccounts"],
            "'Rename accounts' (renameAccounts) and 'Update password properties' (updateAccountProperties)",
        ),
        (ALWAYS, ["listAccounts"], "'Update password value' (updateAccountContent) in the safe"),
        ({**ROOT, "state": "absent"}, ["listAccounts"], "'Delete accounts' (deleteAccounts) in the safe"),
        ({"account_id": "29_3"}, [], "'List accounts' (listAccounts) in the safe"),
    ],
)
def test_a_right_that_is_missing(vault: Vault, args: dict[str, Any], held: list[str], right: str, refusal: str) -> None:
    """Named as the console has it, with its key; nothing was done, also where an old server says 500."""
    vault.standin.profile["refusal"] = refusal
    vault.standin.change(safe="Linux", set={"rights": held})
    result = vault.play(**args)
    assert_refusal(result, int(refusal), {"403": "PASWS041E", "500": "ITATS955E"}[refusal])
    assert f"The API user needs the right {right}" in result["msg"]
    assert result["changed"] is False
    assert "unknown" not in result["msg"]


@pytest.mark.parametrize("place", ["outer", "message", "details"])
@pytest.mark.parametrize(
    ("operation", "args", "said", "hint"),
    [
        (UPDATE, EDIT, "PASWS143E Password is locked by another user.", "Unlock the account first."),
        (SET, ALWAYS, "PASWS032E Platform [X] is not active", "Check platform_id, and that the platform is active."),
        (UPDATE, EDIT, "PASWS168E Input parameter is invalid", "Not every platform has remote machines"),
        (LIST, ROOT, "SFWS0007 Safe was deleted", "Check the name of the safe"),
    ],
)
def test_the_true_code_wherever_it_stands(
    vault: Vault, place: str, operation: str, args: dict[str, Any], said: str, hint: str
) -> None:
    """In ErrorCode, at the head of the text, or in the details alone."""
    code, _blank, text = said.partition(" ")
    body: dict[str, Any] = {
        "outer": {"ErrorCode": code, "ErrorMessage": text},
        "message": {"ErrorCode": "CAWS00001E", "ErrorMessage": said},
        "details": {
            "ErrorCode": "PASWS167E",
            "ErrorMessage": "There are some invalid parameters",
            "Details": [{"ParameterName": "x", "ErrorCode": code, "ErrorMessage": text}],
        },
    }[place]
    vault.standin.faults.add(fault="no_envelope", operation=operation, code=400, value=body)
    result = vault.play(**args)
    assert hint in result["msg"], result["msg"]
    assert result["failure"]["error_code"] == {"details": "PASWS167E"}.get(place, code)


def test_the_kinds_of_409(vault: Vault) -> None:
    """Only one of them is about the name."""
    vault.standin.change(account="29_3", set={"name": "Operating System-UnixSSH-db01-new1"})
    assert "An account of this name is in the safe" in vault.play(**NEW)["msg"]
    vault.standin.profile["duplicates"] = "refused"
    result = vault.play(**{**NEW, "safe": "Databases", "user_name": "root"})
    assert_refusal(result, 409)
    assert "AccountDuplicationEnforcementLevel" in result["msg"]
    assert "An account of this name" not in result["msg"]


@pytest.mark.parametrize("operation", [ADD, UPDATE, DELETE, SET])
def test_a_page_in_place_of_a_refusal(vault: Vault, operation: str) -> None:
    """A 403 of a gateway is no word of the vault on rights."""
    args = {ADD: NEW, UPDATE: EDIT, DELETE: {**APP, "state": "absent"}, SET: ALWAYS}[operation]
    vault.standin.faults.add(fault="status", operation=operation, code=403, body="html")
    result = vault.play(**args)
    assert result["failure"]["http_status"] == 403
    assert "needs the right" not in result["msg"]
