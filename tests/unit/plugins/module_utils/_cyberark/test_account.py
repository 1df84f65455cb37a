# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cyberark_account: what is written and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    APP,
    DELETE,
    DETAILS,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    SET,
    SVC,
    UPDATE,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, texts_of

PORT = "/platformAccountProperties/Port"
MACHINES = "/remoteMachinesAccess/remoteMachines"
SECRET = "N3w-Passw0rd!"
COMMON = ("invocation", "warnings", "exception")  # what Ansible adds on each road in its own way


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault() as world:
        yield world


def beats(vault: Vault, *requests: str, **args: Any) -> tuple[Result, Any]:
    """Play check, real, check again and again; return the result and the body of the one write."""
    before = vault.truth()
    predicted = vault.play(check=True, **args)
    assert vault.writes == []
    assert vault.truth() == before
    done = vault.play(**args)
    assert not done.get("failed"), done["msg"]
    (write,) = vault.writes
    assert vault.operations == [LOGON, *requests, LOGOFF]
    assert predicted["changed"] is done["changed"]
    assert predicted.get("diff") == done.get("diff")
    assert [text for text in texts_of(done) if "not encrypted" not in text] == []
    for check in (True, False):
        again = vault.play(check=check, **args)
        assert again["changed"] is False, again["msg"]
        assert "diff" not in again
        assert len(vault.operations) == 3
        assert again["account"] == done["account"] or args.get("state") == "absent"
    assert sorted(predicted["account"]) == sorted(done["account"]) == sorted(again["account"])
    return done, write.input


def test_create(vault: Vault) -> None:
    """One POST carries all settings, numbers and truth values as texts."""
    done, body = beats(
        vault,
        LIST,
        ADD,
        **NEW,
        secret=SECRET,
        platform_properties={"Port": 2222, "UseSudoOnReconcile": True, "Location": None},
        automatic_management=False,
        manual_management_reason="by hand",
    )
    assert body == {
        "safeName": "Linux",
        "userName": "new1",
        "address": "db01",
        "platformId": "UnixSSH",
        "platformAccountProperties": {"Port": "2222", "UseSudoOnReconcile": "true"},
        "secretManagement": {"automaticManagementEnabled": False, "manualManagementReason": "by hand"},
        "secret": SECRET,
    }
    assert vault.account(done["account_id"])["secret"] == SECRET
    assert done["unverified"] == ["secret"]
    assert done["account"]["name"] == "Operating System-UnixSSH-db01-new1"
    assert done["diff"]["before"] == {"state": "absent"}
    assert done["diff"]["after"]["secret"] == "(hidden)"
    assert SECRET not in vault.printed


def test_both_roads_lead_to_the_same() -> None:
    """The shipped module and the action plugin: the same result, the same requests."""
    told = []
    for road in ("module", "action"):
        with Vault(road=road) as vault:
            results = [vault.play(**NEW, secret=SECRET) for _run in range(2)]
            results.append(vault.play(**ROOT, platform_properties={"Colour": "red"}))
            told.append([{k: v for k, v in result.items() if k not in COMMON} for result in results])
            assert vault.operations == [LOGON, LIST, UPDATE, LOGOFF]
    assert told[0] == told[1]
    assert [result["changed"] for result in told[0]] == [True, False, False]


def test_one_patch_carries_all(vault: Vault) -> None:
    """What is changed, new and gone goes in one request, so nothing can be half done."""
    done, body = beats(
        vault,
        LIST,
        UPDATE,
        **ROOT,
        platform_id="WinServerLocal",
        platform_properties={"Port": 2222, "OwnerName": "ops", "Location": None},
        automatic_management=False,
        manual_management_reason="by hand",
    )
    assert body == [
        {"op": "replace", "path": "/platformId", "value": "WinServerLocal"},
        {"op": "remove", "path": "/platformAccountProperties/Location"},
        {"op": "replace", "path": "/platformAccountProperties", "value": {"Port": "2222", "OwnerName": "ops"}},
        {"op": "replace", "path": "/secretManagement/automaticManagementEnabled", "value": False},
        {"op": "add", "path": "/secretManagement/manualManagementReason", "value": "by hand"},
    ]
    assert done["diff"]["before"]["platform_properties"] == {"Port": "22", "Location": "Vienna"}
    assert done["diff"]["after"]["platform_properties"] == {"Port": "2222", "OwnerName": "ops"}
    assert done["unverified"] == []


@pytest.mark.parametrize("profile", [{}, {"enable_with_reason": "error500"}, {"enable_with_reason": "cleared"}])
def test_automatic_management_on_clears_the_reason(vault: Vault, profile: dict[str, str]) -> None:
    """Leaves of the block, and the reason goes in the same request."""
    vault.standin.profile.update(profile)
    done = vault.play(**APP, automatic_management=True)
    assert vault.patch == [
        {"op": "replace", "path": "/secretManagement/automaticManagementEnabled", "value": True},
        {"op": "remove", "path": "/secretManagement/manualManagementReason"},
    ]
    assert done["diff"]["before"] == {"automatic_management": False, "manual_management_reason": "static"}
    assert done["diff"]["after"] == {"automatic_management": True, "manual_management_reason": ""}
    assert vault.play(**APP, automatic_management=True)["changed"] is False


def test_automatic_management_is_left_alone(vault: Vault) -> None:
    """What is not given is not sent, on create and on edit."""
    vault.play(**NEW, secret=SECRET)
    assert "secretManagement" not in vault.writes[0].input
    vault.play(**APP, address="db02")
    assert vault.patch == [{"op": "replace", "path": "/address", "value": "db02"}]
    assert vault.account("29_4")["secretManagement"]["automaticManagementEnabled"] is False


@pytest.mark.parametrize("shown", ["as_sent", "comma"])
def test_remote_machines_are_a_set(vault: Vault, shown: str) -> None:
    """A leaf of the block; order does not count, nor how the server joins them."""
    vault.standin.profile["remote_machines"] = shown
    assert vault.play(**SVC, remote_machines=["h2", "h1"])["changed"] is False
    done, body = beats(vault, DETAILS, UPDATE, **SVC, remote_machines=["h1", "h3"], restrict_to_remote_machines=False)
    assert body == [
        {"op": "replace", "path": "/remoteMachinesAccess/remoteMachines", "value": "h1;h3"},
        {"op": "replace", "path": "/remoteMachinesAccess/accessRestrictedToRemoteMachines", "value": False},
    ]
    assert done["diff"]["before"]["remote_machines"] == ["h1", "h2"]
    _done, body = beats(vault, DETAILS, UPDATE, **SVC, remote_machines=[])
    assert body == [{"op": "remove", "path": MACHINES}]


@pytest.mark.parametrize("stored", ["true", "True", "Yes"])
def test_truth_values_converge(vault: Vault, stored: str) -> None:
    """A truth value is equal to each way in which the server may keep it."""
    vault.standin.change(account="29_3", set={"platformAccountProperties": {"UseSudoOnReconcile": stored}})
    assert vault.play(**ROOT, platform_properties={"UseSudoOnReconcile": True})["changed"] is False
    done = vault.play(**ROOT, platform_properties={"UseSudoOnReconcile": False, "Port": 22})
    assert done["diff"]["before"]["platform_properties"] == {"UseSudoOnReconcile": stored}
    assert vault.patch == [{"op": "replace", "path": "/platformAccountProperties/UseSudoOnReconcile", "value": "false"}]


def test_names_of_properties_are_taken_as_the_vault_spells_them(vault: Vault) -> None:
    """The server may compare them exactly."""
    _done, body = beats(vault, LIST, UPDATE, **ROOT, platform_properties={"PORT": 23})
    assert body == [{"op": "replace", "path": PORT, "value": "23"}]


def test_an_empty_dict_does_nothing(vault: Vault) -> None:
    """Ansible makes it of a value that is omitted."""
    done = vault.play(**ROOT, platform_properties={})
    assert (done["changed"], done["verified"]) == (False, ["safe", "user_name", "address"])
    assert vault.account("29_3")["platformAccountProperties"] == {"Port": "22", "Location": "Vienna"}


def test_the_group_is_said_to_be_unverified(vault: Vault) -> None:
    """The group is never shown, so it causes no edit; it goes along with one."""
    group = {"GroupName": "twins", "GroupPlatformID": "Pool"}
    done = vault.play(**NEW, platform_properties={"Port": 22, **group})
    assert done["unverified"] == ["platform_properties"]
    assert vault.account(done["account_id"])["group"] == "twins"
    again = vault.play(**NEW, platform_properties={"Port": 22, **group})
    assert again["changed"] is False
    assert "not compared: platform_properties" in again["msg"]
    vault.play(**NEW, platform_properties={"Port": 23, "GroupName": "other"})
    path = "/platformAccountProperties"
    assert vault.patch == [{"op": "replace", "path": path, "value": {"Port": "23", "GroupName": "other"}}]


def test_empty_texts_clear(vault: Vault) -> None:
    """An empty text removes what is there, and nothing that is not."""
    _done, body = beats(vault, LIST, UPDATE, **APP, manual_management_reason="")
    assert body == [{"op": "remove", "path": "/secretManagement/manualManagementReason"}]


def test_rename_by_id(vault: Vault) -> None:
    """With the ID, the name is a setting."""
    done, body = beats(vault, DETAILS, UPDATE, account_id="29_3", name="DB01-Root")
    assert body == [{"op": "replace", "path": "/name", "value": "DB01-Root"}]
    assert done["account"]["name"] == "DB01-Root"
    assert vault.account("29_3")["name"] == "DB01-Root"


def test_absent(vault: Vault) -> None:
    """204 says that it is gone."""
    done, _body = beats(vault, LIST, DELETE, **ROOT, state="absent")
    assert vault.account("29_3") == {}
    assert done["diff"]["after"] == {"state": "absent"}
    assert done["account"]["user_name"] == "root"
    assert vault.play(account_id="29_3", state="absent")["changed"] is False


@pytest.mark.parametrize("group", [False, True])
def test_update_secret_always(vault: Vault, group: bool) -> None:
    """Only when asked for, and the group only when asked for too."""
    assert vault.play(**ROOT, secret=SECRET)["changed"] is False
    done = vault.play(**ROOT, secret=SECRET, update_secret="always", change_entire_group=group)
    assert done["changed"] is True
    assert vault.operations == [LOGON, LIST, SET, LOGOFF]
    assert vault.writes[0].input == {"NewCredentials": SECRET, "ChangeEntireGroup": group}
    assert done["diff"]["before"] == {"secret": "(hidden)"}
    assert done["unverified"] == ["secret"]
    assert vault.account("29_3")["secret"] == SECRET
    assert SECRET not in vault.printed


def test_settings_and_secret(vault: Vault) -> None:
    """Two writes, and the result shows what the first one led to."""
    done = vault.play(**ROOT, secret=SECRET, update_secret="always", platform_properties={"Port": 24})
    assert vault.operations == [LOGON, LIST, UPDATE, SET, LOGOFF]
    assert done["account"]["platform_properties"]["Port"] == "24"
    assert (done["verified"][-1], done["unverified"]) == ("platform_properties", ["secret"])


def test_a_part_that_was_written_is_told(vault: Vault) -> None:
    """Whether a refused edit is undone as a whole is not documented, so the vault is asked."""
    vault.standin.profile["patch"] = "partial"
    wrong = {**ROOT, "platform_properties": {"Location": "Graz", "Port": "no number"}}
    result = vault.play(**wrong)
    assert_refusal(result, 400, "PASWS018E")
    assert result["changed"] is True
    assert "Part of the step was written" in result["msg"]
    vault.standin.profile["patch"] = "all"
    result = vault.play(**wrong)
    assert result["changed"] is False
    assert "A part" not in result["msg"]


@pytest.mark.parametrize("shape", ["list", "object"])
def test_details_of_a_refusal(vault: Vault, shape: str) -> None:
    """ErrorCode, ErrorMessage and Details are in the message and in the failure."""
    vault.standin.profile["details"] = shape
    result = vault.play(**ROOT, platform_properties={"Colour": "red"})
    assert_refusal(result, 400, "PASWS167E")
    (detail,) = result["failure"]["details"]
    assert detail["parameter"] == "Colour"
    assert detail["message"] in result["msg"]
    assert "There are some invalid parameters" in result["msg"]
    assert result["changed"] is False


def test_a_safe_that_is_not_there(vault: Vault) -> None:
    """The code that tells it is in the details."""
    result = vault.play(**{**NEW, "safe": "Lnux"})
    assert_refusal(result, 400, "PASWS167E")
    assert "Safe [Lnux] was not found" in result["msg"]
    assert result["msg"].endswith(" Check the name of the safe, and the rights of the API user in it.")
    result = vault.play(**{**ROOT, "safe": "Lnux"})
    assert "without platform_id none can be created. Check the name of the safe" in result["msg"]


def test_made_by_someone_else_in_the_meantime(vault: Vault) -> None:
    """409: the account is looked up again and brought to what is wanted."""
    vault.standin.faults.add(fault="status", operation=ADD, code=409, message="PASWS027E exists", after_write=True)
    done = vault.play(**NEW, platform_properties={"Port": 22})
    assert done["changed"] is False
    assert vault.operations == [LOGON, LIST, ADD, LIST, LOGOFF]
    assert "made by someone else" in " ".join(texts_of(done))


def test_a_name_that_is_taken(vault: Vault) -> None:
    """409, and no such account: the generated name belongs to another account, which is not touched."""
    vault.standin.change(account="29_3", set={"name": "Operating System-UnixSSH-db01-new1"})
    result = vault.play(**NEW)
    assert result["failed"] is True
    assert result["failure"]["error_code"] == "PASWS027E"
    assert "give account_id or name" in result["msg"]
    assert result["changed"] is False


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (405, "html", "does not allow this HTTP method"),
        (404, "html", "Let IIS, and each proxy, pass"),
        (501, "html", "Let IIS, and each proxy, pass"),
        (502, "html", "the gateway got no valid answer"),
        (500, "json", "Reading it back shows that the change was not made."),
    ],
)
def test_the_edit_is_not_let_through(vault: Vault, status: int, body: str, words: str) -> None:
    """A page of IIS or of a gateway in place of an answer is one clear sentence."""
    vault.standin.faults.add(fault="status", operation=UPDATE, code=status, body=body, message="PASWS999E Odd")
    result = vault.play(**ROOT, platform_properties={"Port": 23})
    assert result["failed"] is True
    assert words in result["msg"]
    assert result["failure"]["http_status"] == status
    assert "<" not in result["msg"]
    assert result["changed"] is False
    assert vault.operations[:3] == [LOGON, LIST, UPDATE]
    assert len(vault.writes) == 1
