# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cyberark_account_password: what the CPM is asked, and how its end is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.management import Management, outcome
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    CHANGE,
    DETAILS,
    LIST,
    LOGOFF,
    LOGON,
    NEXT,
    PASSWORD_MODULE,
    RECONCILE,
    ROOT,
    VERIFY,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

SECRET = "N3w-Passw0rd!"
NOW = 1_790_000_000
DAY = 24 * 60 * 60
SEED: dict[str, Any] = {
    "users": [{"name": "apiuser", "password": "L0gon-Passw0rd!"}],
    "accounts": [
        {
            "id": "29_3",
            "safeName": "Linux",
            "name": "db01-root",
            "platformId": "UnixSSH",
            "userName": "root",
            "address": "db01",
            "secret": "Old-Passw0rd!",
            "linkedAccounts": {"reconcile": "29_4"},
        },
        {
            "id": "29_4",
            "safeName": "Linux",
            "name": "rec",
            "platformId": "UnixSSH",
            "userName": "rec",
            "address": "db01",
        },
    ],
}
ACTS: Mapping[str, str] = {"verify": VERIFY, "change": CHANGE, "reconcile": RECONCILE}


@pytest.fixture(params=["module", "action"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    """A stand-in whose CPM needs two looks at an account."""
    with Vault(SEED, road=request.param, profile={"cpm": "polls"}) as world:
        yield world


def ask(vault: Vault, *, check: bool = False, **args: Any) -> Result:
    """Run the module for root, unless told otherwise."""
    return vault.run(PASSWORD_MODULE, check=check, **(args if "account_id" in args else {**ROOT, **args}))


def warnings(result: Result) -> list[str]:
    """Return the warnings but that of plain HTTP."""
    return [text for text in texts_of(result) if "not encrypted" not in text]


@pytest.mark.parametrize("act", ACTS)
def test_beats(vault: Vault, act: str) -> None:
    """Check says what would be asked; the run asks once, and waits until it is done."""
    predicted = ask(vault, check=True, action=act)
    assert (predicted["changed"], vault.writes) == (True, [])
    assert predicted["msg"] == f"would ask the CPM to {act} account 'root' at 'db01' in safe 'Linux'"
    done = ask(vault, action=act)
    assert vault.operations == [LOGON, LIST, ACTS[act], DETAILS, DETAILS, DETAILS, LOGOFF]
    assert (done["changed"], done["status"], done["cpm_message"]) == (True, "success", None), done["msg"]
    assert done["msg"] == f"asked the CPM to {act} account 'root' at 'db01' in safe 'Linux'"
    assert (done["verified"], done["unverified"], warnings(done)) == ([], [], [])
    assert (done["diff"]["before"], done["diff"]["after"]) == ({}, {"action": act})
    assert predicted["diff"] == done["diff"]
    assert vault.pauses == [1.0, 2.0]
    assert (vault.account("29_3")["secret"] == "Old-Passw0rd!") is (act == "verify")
    assert sorted(predicted["account"]) == sorted(done["account"])
    again = ask(vault, action=act)
    assert (again["changed"], again["status"]) == (True, "success")


@pytest.mark.parametrize("status", ["at_once", "late"])
@pytest.mark.parametrize("before", ["success", "failure", ""])
@pytest.mark.parametrize("ends", ["success", "failure"])
def test_the_end_of_this_and_of_no_earlier_action(before: str, ends: str, status: str) -> None:
    """The status of an earlier one may still stand there."""
    seed = {**SEED, "accounts": [{**SEED["accounts"][0], "cpm": ends, "secretManagement": {"status": before}}]}
    with Vault(seed, profile={"cpm": "polls", "cpm_status": status}) as vault:
        result = ask(vault, action="verify")
        assert (result["changed"], result["status"]) == (True, ends), result["msg"]
        assert bool(result.get("failed")) is (ends == "failure")


@pytest.mark.parametrize("activities", ["both", "first", "second", "none"])
def test_the_words_of_the_cpm(vault: Vault, activities: str) -> None:
    """In the message, in the failure and by themselves; told to have been asked."""
    vault.standin.profile["activities"] = activities
    vault.standin.change(account="29_3", set={"cpmErrors": {"verify": "The target said no"}})
    result = ask(vault, action="verify")
    assert (result["failed"], result["changed"], result["status"]) == (True, True, "failure")
    assert "Before that, this was done: asked the CPM to verify account 'root'" in result["msg"]
    assert "action: reconcile sets a new one there" in result["msg"]
    told = "Failure of the operation. Error: The target said no"
    if activities == "none":
        assert (result["cpm_message"], result["failure"]["server_message"]) == (None, "")
        assert "the server does not say why" in result["msg"]
    else:
        assert result["cpm_message"] == result["failure"]["server_message"] == told
        assert told in result["msg"]


def test_the_words_of_the_cpm_hide_the_secret(vault: Vault) -> None:
    """It may say what it was given."""
    vault.standin.change(account="29_3", set={"cpmErrors": {"change": f"cannot set {SECRET}"}})
    result = ask(vault, action="change", new_password=SECRET)
    assert result["failed"] is True
    assert "cannot set" in result["cpm_message"]
    assert SECRET not in vault.printed + str(result)


@pytest.mark.parametrize("given", [5, 300])
def test_a_ceiling(vault: Vault, given: int) -> None:
    """By a clock; the CPM may do it yet, and the change is told."""
    vault.standin.profile["cpm"] = "queued"
    result = ask(vault, action="change", wait_timeout=given)
    assert (result["failed"], result["changed"], result["status"]) == (True, True, "inProcess")
    assert f"it has not done so within {given} s" in result["msg"]
    assert "It may still do so." in result["msg"]
    assert sum(vault.pauses) == given
    assert vault.pauses[:3] == [1.0, 2.0, {5: 2.0, 300: 4.0}[given]]
    assert max(vault.pauses) <= 10


def test_without_waiting(vault: Vault) -> None:
    """One write, and nothing is claimed of its end."""
    result = ask(vault, action="change", wait=False)
    assert vault.operations == [LOGON, LIST, CHANGE, LOGOFF]
    assert (result["changed"], result["status"]) == (True, None)


@pytest.mark.parametrize("group", [False, True])
def test_the_group(vault: Vault, group: bool) -> None:
    """Only when asked for."""
    ask(vault, action="change", change_entire_group=group)
    assert vault.writes[0].input == {"ChangeEntireGroup": group}


def test_a_secret_of_ones_own(vault: Vault) -> None:
    """Now, or at the next change; hidden on both roads."""
    done = ask(vault, action="change", new_password=SECRET)
    assert vault.operations == [LOGON, LIST, NEXT, DETAILS, DETAILS, DETAILS, LOGOFF]
    assert vault.writes[0].input == {"ChangeImmediately": True, "NewCredentials": SECRET}
    assert vault.account("29_3")["secret"] == SECRET
    assert done["unverified"] == ["new_password"]
    assert done["diff"]["after"] == {"action": "change", "new_password": "(hidden)"}
    later = ask(vault, action="change", new_password=f"{SECRET}2", immediately=False)
    assert vault.operations == [LOGON, LIST, NEXT, LOGOFF]
    assert later["msg"] == "set the next secret of account 'root' at 'db01' in safe 'Linux'"
    assert vault.account("29_3")["secret"] == SECRET
    ask(vault, action="change")
    assert vault.account("29_3")["secret"] == f"{SECRET}2"
    assert SECRET not in vault.printed


@pytest.mark.parametrize("times", ["seconds", "datetime"])
@pytest.mark.parametrize(
    ("age", "status", "max_age", "asked"),
    [
        (3 * DAY, "success", 7, False),
        (8 * DAY, "success", 7, True),
        (3 * DAY, "failure", 7, True),
        (None, "success", 7, True),
        (60, "success", 0, True),
    ],
)
def test_verify_when_it_is_due(times: str, age: int | None, status: str, max_age: int, asked: bool) -> None:
    """By the server's clock, in each form of its times, and check mode knows it."""
    management: dict[str, Any] = {"status": status}
    with Vault(SEED, profile={"times": times, "clock_offset": str(100 * DAY)}) as vault:
        if age is not None:
            management["lastVerifiedTime"] = int(vault.standin.state.now()) - age
        vault.standin.change(account="29_3", set={"secretManagement": management})
        assert ask(vault, check=True, action="verify", max_age=max_age)["changed"] is asked
        result = ask(vault, action="verify", max_age=max_age)
        assert (result["changed"], bool(vault.writes)) == (asked, asked), result["msg"]
        if max_age:
            assert ask(vault, action="verify", max_age=max_age)["changed"] is False


@pytest.mark.parametrize("check", [False, True])
def test_automatic_management_that_is_off(vault: Vault, check: bool) -> None:
    """Refused before anything is asked; a secret for the next change may be left there."""
    vault.standin.change(account="29_3", set={"secretManagement": {"automaticManagementEnabled": False}})
    for act in ACTS:
        result = ask(vault, check=check, action=act)
        assert "automatic management of account 'root'" in result["msg"]
        assert (vault.writes, result["changed"]) == ([], False)
    assert ask(vault, check=check, action="change", new_password=SECRET, immediately=False)["changed"] is True


def test_reconcile_without_an_account_for_it(vault: Vault) -> None:
    """The CPM's words, or the server's, with a hint."""
    result = ask(vault, account_id="29_4", action="reconcile")
    assert "No reconcile account is linked" in result["msg"]
    assert "Check the reconcile account, which is linked to the account or to its platform." in result["msg"]
    vault.standin.profile["reconcile_alone"] = "refused"
    assert_refusal(ask(vault, account_id="29_4", action="reconcile"), 400)


def test_an_account_that_is_not_there(vault: Vault) -> None:
    """An error, as there is nothing to be asked; in check mode an earlier task may be going to make it."""
    for args in ({"account_id": "29_99"}, {"user_name": "ghost"}):
        result = ask(vault, action="verify", **args)
        assert "the vault shows no account" in result["msg"]
        assert result["changed"] is False
        predicted = ask(vault, check=True, action="verify", **args)
        assert (predicted["changed"], predicted["account_id"]) == (True, args.get("account_id")), predicted["msg"]
        assert "Check mode assumes that an earlier task creates it." in " ".join(warnings(predicted))


def test_the_rights(vault: Vault) -> None:
    """Named in the hint."""
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    for act in ACTS:
        assert "(initiateCPMAccountManagementOperations) in the safe" in ask(vault, action=act)["msg"]
    assert "(specifyNextAccountContent)" in ask(vault, action="change", new_password=SECRET)["msg"]


def test_a_question_without_an_answer(vault: Vault) -> None:
    """The account does not tell whether it arrived."""
    vault.standin.faults.add(fault="cut_after", operation=CHANGE)
    result = ask(vault, action="change")
    assert (result["failed"], result["changed"]) == (True, True)
    assert "Whether the change was made is unknown" in result["msg"]
    assert vault.operations == [LOGON, LIST, CHANGE, LIST, LOGOFF]
    assert vault.pauses == []


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, ("action",)),
        ({"action": "rotate"}, ("action", "verify, change, reconcile")),
        ({"action": "verify", "new_password": SECRET}, ("new_password goes with action: change",)),
        ({"action": "change", "new_password": ""}, ("new_password must not be empty",)),
        ({"action": "change", "new_password": f" {SECRET}"}, ("new_password begins or ends with a blank",)),
        ({"action": "change", "new_password": 12345}, ("new_password must be a string",)),
        ({"action": "change", "immediately": False}, ("immediately: false goes with new_password only",)),
        ({"action": "verify", "change_entire_group": True}, ("change_entire_group goes with action: change",)),
        ({"action": "change", "new_password": SECRET, "change_entire_group": True}, ("without new_password",)),
        ({"action": "change", "max_age": 3}, ("max_age goes with action: verify only",)),
        ({"action": "verify", "max_age": -1}, ("max_age",)),
        ({"action": "verify", "wait_timeout": 0}, ("wait_timeout must be 1 second or more",)),
        ({"action": "verify", "user_name": ...}, ("the task does not say which account it means",)),
        ({"action": "verify", "account_id": "293"}, ("account_id must look like '29_3'",)),
    ],
)
def test_bad_input(vault: Vault, args: Mapping[str, Any], words: tuple[str, ...], check: bool) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(vault, ask(vault, check=check, **args), *words)
    assert SECRET not in vault.printed


def _seen(status: str, verified: int | None = None) -> Management:
    return Management(status, verified, None, None)


@pytest.mark.parametrize(
    ("before", "now", "was_in_process", "found"),
    [
        (_seen("success", 5), _seen("success", 5), False, ""),
        (_seen("success", 5), _seen("success", 6), False, "success"),
        (_seen("success", 5), _seen("success", 5), True, "success"),
        (_seen("success", 5), _seen("inProcess", 5), True, ""),
        (_seen("success", 5), _seen("failure", 5), False, "failure"),
        (_seen("failure", 5), _seen("failure", 5), False, ""),
        (_seen("failure", 5), _seen("failure", 5), True, "failure"),
        (_seen("failure", 5), _seen("success", 6), False, "success"),
        (_seen(""), _seen("", 6), False, "success"),
        (_seen(""), _seen(""), True, ""),
    ],
)
def test_what_a_state_tells(before: Management, now: Management, was_in_process: bool, found: str) -> None:
    """Only what has come since counts."""
    assert outcome("verify", before, now, was_in_process=was_in_process) == found
