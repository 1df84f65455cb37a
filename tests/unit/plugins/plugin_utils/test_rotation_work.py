# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what Ansible registers to who is in the loop of the next task, and what is told at the end."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_input as given
from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_work as work
from ansible_collections.vaultops.pam.plugins.plugin_utils._rotation import ENDS, GOOD, Step
from ansible_collections.vaultops.pam.plugins.plugin_utils._rotation_words import message
from ansible_collections.vaultops.pam.tests.unit._rotation_role import SETTINGS, TASKS, Account, Role, tasks_of

LEFT = ("8", "left")  # a pending entry that a former run left


def outcomes(role: Role) -> list[tuple[str, str]]:
    """Return what became of each account."""
    return [(row["name"], row["outcome"]) for row in work.rows(role.variables)]


@pytest.mark.parametrize("platform", ["linux", "windows"])
@pytest.mark.parametrize("settings", [{}, {"verify": False}, {"proof": "hash"}, {"proof": "none"}])
@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        (Account(), "rotated"),
        (Account(entry=LEFT), "finished"),
        (Account(host="left", entry=LEFT), "finished"),
        (Account(host="left", vault="left", entry=LEFT), "finished"),
    ],
)
def test_a_rotation_ends_with_one_password(
    account: Account, outcome: str, settings: dict[str, Any], platform: str
) -> None:
    """Whatever a former run has left, both sides have the new password, and the entry is gone."""
    role = Role({"root": copy.deepcopy(account)})
    assert role.play([{"name": "root"}], platform=platform, **settings) == []
    after = role.accounts["root"]
    assert after.host == after.vault
    assert after.vault not in (None, "old")
    assert after.entry is None
    assert outcomes(role) == [("root", outcome)]


def test_common_tasks_come_once() -> None:
    """A rotation without trouble needs no pass of the rest."""
    for proof, first in (("login", ["log_in"]), ("hash", ["look"])):
        role = Role({"root": Account()})
        role.play([{"name": "root"}], proof=proof)
        prove = "log_in" if proof == "login" else "compare"
        assert [task for task, _name in role.played] == [*first, "make", "set", prove, "write", "remove"]


def test_the_files_have_the_tasks_that_the_table_counts_on() -> None:
    """Each task of Python is one of the role, and registers the variable that Python reads."""
    found = {(task, register) for name in (*work.FILES, "rest") for task, register in tasks_of(name)}
    assert found == {(task, name) for task, (names, _fits) in work.TASKS.items() for name in names}
    for name, tasks in work.FILES.items():
        assert {task for task, _register in tasks_of(name)} == set(tasks)
        # What is known is noted between two files, so no variable may be registered twice in between.
        registers = [register for each in (name, "rest") for _task, register in tasks_of(each)]
        assert len(registers) == len(set(registers))
    reset = (TASKS / "rest.yml").read_text(encoding="utf-8")
    assert [name for name in work.REGISTERS if f"    {work.PREFIX}{name}: {{}}\n" not in reset] == []


@pytest.mark.parametrize("lossy", [False, True])
def test_accounts_do_not_hold_each_other_up(lossy: bool) -> None:
    """Some fail, each in its own way; the others are rotated in the same run, whatever proves their passwords."""
    role = Role(
        {
            "good": Account(),
            "hashed": Account(),
            "left": Account(host="left", entry=LEFT),
            "locked": Account(host="unknown"),
            "nowhere": Account(host=None),
            "refused": Account(refuses=True),
            "unproved": Account(refuses=True),
            "unknown": Account(vault=None),
            "valid": Account(details={"expiry_status": "Valid", "expired": False}),
            "silent": Account(),
        },
        lossy=lossy,
    )
    options = [{"name": name} for name in role.accounts]
    options[1]["proof"] = "hash"
    options[6]["proof"] = "none"
    options[8]["when"] = options[9]["when"] = "expired"
    failures = role.play(options)
    assert dict(outcomes(role)) == {
        "good": "rotated",
        "hashed": "rotated",
        "left": "finished",
        "valid": "not_due",
        **dict.fromkeys(("locked", "nowhere", "refused", "unproved", "unknown", "silent"), "failed"),
    }
    said = dict(zip(("locked", "nowhere", "refused", "unproved", "unknown", "silent"), failures))
    assert "does not open a login (Permission denied). Nothing was changed" in said["locked"]
    assert said["nowhere"].startswith("There is no account nowhere on db01. Nothing was changed")
    assert (
        "failed on the host: usermod: cannot lock /etc/passwd. The host still has the old password" in said["refused"]
    )
    assert "The vault holds both passwords, the new one as account unproved-next" in said["unproved"]
    assert said["unknown"].startswith("The vault shows no account unknown on resource db01")
    assert said["silent"].startswith("The vault shows neither whether the password has expired")
    for name in ("good", "hashed", "left"):
        assert role.accounts[name].host == role.accounts[name].vault != "old"
        assert role.accounts[name].entry is None
    for name in ("locked", "refused", "silent"):
        assert (role.accounts[name].vault, role.accounts[name].entry) == ("old", None)


@pytest.mark.parametrize("lossy", [False, True])
@pytest.mark.parametrize("at", ["set", "log_in", "write", "remove"])
def test_an_entry_that_is_gone_ends_in_agreement(at: str, lossy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run brings the rotation to its end just before a step, and rotates once more."""
    role = Role({"root": Account(), "other": Account()}, lossy=lossy)
    done = []
    result = role._result

    def overtaken(task: str, item: Any, account: Account) -> dict[str, Any]:
        if item["name"] == "root" and task == at and item["entry"] == "made" and not done:
            done.append(task)
            account.host = account.vault = "theirs"
            account.entry = None
        return result(task, item, account)

    monkeypatch.setattr(role, "_result", overtaken)
    failures = role.play([{"name": "root"}, {"name": "other"}])
    assert done == [at]
    assert role.accounts["root"].host == role.accounts["root"].vault == "theirs"
    assert role.accounts["root"].entry is None
    assert outcomes(role)[0] in (("root", "unchanged"), ("root", "rotated"))
    assert lossy or failures == []


def test_an_earlier_call_of_the_role_is_not_taken_for_this_one() -> None:
    """What a first call has registered stays behind, and tells nothing about the second."""
    role = Role({"root": Account(), "app": Account(refuses=True)})
    assert len(role.play([{"name": "root"}, {"name": "app"}])) == 1
    role.accounts["app"].refuses = False
    role.accounts["root"].host = role.accounts["root"].vault = "old"
    assert role.play([{"name": "root"}]) == []
    assert outcomes(role) == [("root", "rotated")]
    assert role.play([{"name": "app"}], proof="hash") == []
    assert role.accounts["app"].host == role.accounts["app"].vault != "old"


@pytest.mark.parametrize("entry", [None, LEFT])
def test_check_mode_says_it_and_reads_nothing(entry: Any) -> None:
    """It looks for the account on the host, and says what would be done."""
    role = Role({"root": Account(entry=entry), "gone": Account(host=None)})
    failures = role.play([{"name": "root"}, {"name": "gone"}], check=True)
    assert role.played == [("look", "root"), ("look", "gone"), ("say", "root")]
    assert [failure.split(". ")[0] for failure in failures] == ["There is no account gone on db01"]
    assert outcomes(role) == [("root", "finished" if entry else "rotated"), ("gone", "failed")]


def test_nothing_due_is_nothing_to_do() -> None:
    """No file is included."""
    role = Role({"root": Account(details={"expiry_status": "Valid", "expired": False})})
    assert role.play([{"name": "root"}], when="expired") == []
    assert role.played == []
    assert work.stands(role.variables)["file"] == []


def test_a_run_that_was_broken_off_is_told() -> None:
    """A host that cannot be reached leaves the role in the middle; its accounts are no success."""
    role = Role({"root": Account()})
    role.play([{"name": "root"}])
    for name in ("set", "proved", "written", "removed"):
        role.variables[f"{work.PREFIX}{name}"] = {}
    assert work.rows(role.variables) == [
        {
            "host": "db01",
            "name": "root",
            "outcome": "failed",
            "msg": "The rotation of account root of db01 was interrupted. The vault holds both passwords, the new one"
            " as account root-next. Run again to finish.",
        }
    ]


def test_a_vault_that_does_not_answer_is_told() -> None:
    """The first look fails for one account, or as a whole."""
    item = given.accounts([{"name": "root"}], SETTINGS)[0]
    registered: dict[str, Any] = {
        "failed": True,
        "msg": "x",
        "results": [{work.EACH: item, "failed": True, "msg": "No answer."}],
    }
    told = [{"host": "db01", "name": "root", "outcome": "failed", "msg": "No answer."}]
    assert work.rows({"inventory_hostname": "db01", f"{work.PREFIX}first": registered}) == told
    assert work.stands({f"{work.PREFIX}first": registered})["file"] == []
    del registered["results"]
    assert work.rows({"inventory_hostname": "db01", f"{work.PREFIX}first": registered})[0]["msg"] == "x"
    assert work.rows({"inventory_hostname": "db01"}) == []


def test_no_end_says_a_password() -> None:
    """Each bad end has a message of its own, with the names in it, and each entry of a loop is without a password."""
    role = Role({"root": Account(host="0ld-S3cret", vault="0ld-S3cret")})
    role.play([{"name": "root", "password": "0wn-S3cret"}])
    item = work.rotations(role.variables)[0]
    assert "S3cret" not in json.dumps(role.variables)
    said = {message({**item, "step": step.value}) for step in ENDS - GOOD}
    assert len(said) == len(ENDS - GOOD)
    assert all("root" in text and "{" not in text for text in said)
    assert message({**item, "step": Step.SET.value}).startswith("The rotation of account root of db01 was interrupted.")


NOW = datetime(2024, 6, 10, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("when", "max_age", "account", "is_due"),
    [
        ("always", None, {}, True),
        ("expired", None, {"expiry_status": "Expired", "expired": True}, True),
        ("expired", None, {"expiry_status": "Valid", "expired": False}, False),
        (
            "expired",
            None,
            {"expiry_status": "Valid", "expired": False, "compliant_status": "Non-Compliant", "compliant": False},
            True,
        ),
        ("expired", None, {"compliant_status": "Compliant", "compliant": True}, False),
        ("expired", None, {}, None),
        ("expired", None, {"expiry_status": "", "compliant_status": None}, None),
        ("older_than", 30, {"last_modified_time": "Dec 1, 2021 09:00 PM"}, True),
        ("older_than", "30", {"last_modified_time": "Jun 1, 2024 09:00 PM"}, False),
        ("older_than", 0, {"last_modified_time": "Jun 10, 2024 11:59 AM"}, True),
        ("older_than", 30, {"last_modified_time": "N/A"}, True),
        ("older_than", 30, {}, True),
        ("older_than", 30, {"last_modified_time": "yesterday"}, None),
    ],
)
def test_due(when: str, max_age: Any, account: dict[str, Any], is_due: bool | None) -> None:
    """What the vault shows decides; what it does not show is an error, and no guess."""
    if is_due is None:
        with pytest.raises(ValueError, match=r"The (vault shows neither|time of the last change)"):
            work.due(account, when, max_age, NOW)
    else:
        assert work.due(account, when, max_age, NOW) is is_due


@pytest.mark.parametrize(
    ("account", "settings", "says"),
    [
        ({"name": "root"}, {}, ""),
        ({"name": "root", "when": "older_than", "max_age": 0}, {}, ""),
        ({"name": "root", "when": "older_than"}, {"max_age": "30"}, ""),
        (
            {"name": "root", "when": "older_than"},
            {},
            "rotate_password_max_age is needed for older_than (account root).",
        ),
        ({"name": "root", "max_age": -1}, {"when": "older_than"}, "rotate_password_max_age must be 0 days or more"),
        ({"name": "root", "proof": "hash"}, {"platform": "windows"}, "rotate_password_proof cannot be hash on Windows"),
        (
            {"name": "root", "prof": "hash"},
            {},
            "rotate_password_accounts[0] (root) has no option prof. Did you mean proof?",
        ),
        ({"name": "root", "when": "sometimes"}, {}, "rotate_password_accounts[0] (root): when must be one of always,"),
        ({"name": "root", "password": 4711}, {}, "rotate_password_accounts[0] (root): password must be a string."),
        ("root", {}, "rotate_password_accounts[0] must be a dictionary"),
    ],
)
def test_problems(account: Any, settings: dict[str, Any], says: str) -> None:
    """What cannot be meant is said before anything is looked at, without a value."""
    found = given.problems([account], {**SETTINGS, "when": "expired", **settings})
    assert " ".join(found).startswith(says)
    assert bool(found) == bool(says)
    assert "4711" not in str(found)


def test_an_account_of_its_own_mind() -> None:
    """What an account says beats the settings; a null says nothing."""
    options = {"name": "root", "resource": "other", "when": "expired", "proof": None, "password": "S3cret"}
    account, entry = given.accounts([options], {**SETTINGS, "verify": False})
    assert (account["look_for"], account["details"], entry["look_for"], entry["details"]) == (
        "root",
        True,
        "root-next",
        False,
    )
    assert (account["resource"], account["proof"], account["index"], len(account["salt"])) == ("other", "blind", 0, 16)
    assert "S3cret" not in str([account, entry])
    assert given.accounts([options], {**SETTINGS, "salt": "mine"})[0]["salt"] == "mine"
