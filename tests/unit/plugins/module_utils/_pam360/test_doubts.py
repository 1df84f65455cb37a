# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vendor's pages leave open: each module works whichever way the server does it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import api as _pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import resource_calls
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import TASKS, Task
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, texts_of

VARIANTS: dict[str, dict[str, str]] = {
    "add_answer=list": {"add_answer": "list"},
    "success=true": {"success": "true"},
    "failure_status=4xx": {"failure_status": "4xx"},
    "failure_status=400": {"failure_status": "400"},
    "failure_status=404": {"failure_status": "404"},
    "empty_text=all": {"empty_text": "all"},
    "empty_text=": {"empty_text": ""},
    "edit_semantics=replace": {"edit_semantics": "replace"},
    "edit_omitted=clear": {"edit_omitted": "clear"},
    "notes_column=description_wins": {"notes_column": "shared_description_wins"},
    "notes_column=separate": {"notes_column": "separate"},
    "list_description=absent": {"list_description": "absent"},
    "policy_key=old": {"policy_key": "old"},
    "totp_flag=present": {"totp_flag": "present"},
    "names=case_insensitive": {"names": "case_insensitive"},
    "startindex_base=1": {"startindex_base": "1"},
    "total_rows=page": {"total_rows": "page"},
    "search=exact": {"search": "exact"},
    "custom_fields_password=masked": {"custom_fields_password": "masked"},
    "duplicate_overall=Failed": {"duplicate_overall": "Failed"},
    "lookup_miss=empty": {"lookup_miss": "empty"},
    "lookup_miss=empty, success=true": {"lookup_miss": "empty", "success": "true"},
    "revoke_missing=failed": {"revoke_missing": "failed"},
    "reset_type_case=upper": {"reset_type_case": "upper"},
    "enforce_policy=yes": {"enforce_policy": "yes"},
    "group_ids=string": {"group_ids": "string"},
    "security_filter=on": {"security_filter": "on"},
    "utc_offset=-600": {"utc_offset": "-600"},
    "all new": {
        "add_answer": "list",
        "success": "true",
        "failure_status": "4xx",
        "empty_text": "",
        "totp_flag": "present",
    },
    "all old": {"policy_key": "old", "list_description": "absent", "empty_text": "all", "total_rows": "page"},
}
variants = pytest.mark.parametrize("variant", VARIANTS)
BUDGETS = {
    "account-create": 4,
    "account-create-custom": 5,
    "account-create-described": 5,
    "account-update": 5,
    "account-update-custom": 5,
    "account-rename": 5,
    "account-unchanged": 2,
    "account-unchanged-custom": 3,
    "account-unchanged-absent": 2,
    "account-absent": 4,
    "password-unchanged": 2,
    "password-set": 3,
    "share-grant-user": 3,
    "share-grant-group": 3,
    "share-revoke": 3,
}


def expected(task: Task, variant: str) -> dict[str, Any]:
    """What must be on the server after the task, by attribute of the object that it is about."""
    given = {**task.args}
    if task.module == "pam360_resource":
        return {"description": given["description"]} if "description" in given else {}
    text = given.get("notes", given.get("description"))
    if text is None or task.module != "pam360_account":
        return {}
    separate = VARIANTS[variant].get("notes_column") == "separate" and "notes" not in given
    return {"description" if separate else "notes": text}


@variants
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_each_task_under_each_variant(world: World, task: Task, variant: str) -> None:
    """The true changed, the state that was asked for, a quiet second run, and the same in check mode."""
    world.standin.profile.update(VARIANTS[variant])
    start = world.truth()
    predicted = world.run(task.module, check=True, **task.args)
    assert world.writes == []
    result = world.run(task.module, **task.args)
    assert not result.get("failed"), result["msg"]
    happened = world.truth() != start
    assert result["changed"] is (task.changes if task.idempotent else True)
    assert predicted["changed"] is result["changed"]
    if task.idempotent:
        assert happened is task.changes
    if "absent" not in task.id:
        name = task.args.get("new_name", task.object)
        stored = world.resource(name) if task.module == "pam360_resource" else world.account(name)
        for attribute, value in expected(task, variant).items():
            assert stored[attribute] == value
    if task.idempotent and not (VARIANTS[variant].get("notes_column") == "separate" and "described" in task.id):
        again = world.run(task.module, **task.args)
        assert again["changed"] is False, again["msg"]
        assert world.writes == []


BUDGET_VARIANTS = [name for name in VARIANTS if name not in ("list_description=absent", "all old")]


@pytest.mark.parametrize("variant", BUDGET_VARIANTS)
@pytest.mark.parametrize("task", [task for task in TASKS if task.id in BUDGETS], ids=lambda task: task.id)
def test_requests(world: World, task: Task, variant: str) -> None:
    """The number of requests, by names, stays within what is promised."""
    world.standin.profile.update(VARIANTS[variant])
    result = world.run(task.module, **task.args)
    assert not result.get("failed"), result["msg"]
    assert len(world.journal) <= BUDGETS[task.id], world.operations
    assert result["requests"]["sent"] == len(world.journal)


IGNORED = [
    ("pam360_account", {"name": "root", "notes": "n"}, "NOTES", "notes"),
    ("pam360_account", {"name": "root", "description": "d"}, "DESCRIPTION", "description"),
    ("pam360_account", {"name": "root", "password_policy": "Medium"}, "ACCOUNTPASSWORDPOLICY", "password_policy"),
    ("pam360_account", {"name": "app", "custom_fields": {"Owner Team": "t"}}, "ACCOUNTCUSTOMFIELD", "custom_fields"),
    ("pam360_account", {"name": "new1", "notes": "n"}, "NOTES", "notes"),
    ("pam360_account", {"name": "new1", "password_policy": "Medium"}, "ACCOUNTPASSWORDPOLICY", "password_policy"),
    ("pam360_resource", {"name": "db01", "description": "d"}, "RESOURCEDESCRIPTION", "description"),
    ("pam360_resource", {"name": "db01", "type": "Windows"}, "RESOURCETYPE", "type"),
    ("pam360_resource", {"name": "db01", "dns_name": "d"}, "DNSNAME", "dns_name"),
    ("pam360_resource", {"name": "db01", "department": "d"}, "DEPARTMENT", "department"),
    ("pam360_resource", {"name": "db01", "location": "d"}, "LOCATION", "location"),
    ("pam360_resource", {"name": "db01", "domain_name": "d"}, "DOMAINNAME", "domain_name"),
    ("pam360_resource", {"name": "db01", "resource_url": "d"}, "RESOURCEURL", "resource_url"),
    ("pam360_resource", {"name": "db01", "owner": "jdoe"}, "OWNERNAME", "owner"),
    ("pam360_resource", {"name": "db01", "password_policy": "Medium"}, "RESOURCEPASSWORDPOLICY", "password_policy"),
    (
        "pam360_resource",
        {"name": "db01", "custom_fields": {"Data Centre": "B"}},
        "RESOURCECUSTOMFIELD",
        "custom_fields",
    ),
    ("pam360_resource", {"name": "new1", "location": "d"}, "LOCATION", "location"),
]


@pytest.mark.parametrize(
    ("module", "args", "name", "option"), IGNORED, ids=[f"{r[0]}-{r[1]['name']}-{r[3]}" for r in IGNORED]
)
def test_a_setting_that_the_server_does_not_take(
    world: World, module: str, args: dict[str, Any], name: str, option: str
) -> None:
    """It becomes a warning that names it, it is not called verified, and others given with it are written."""
    world.standin.profile["ignore_fields"] = name
    args = {**args, **({"resource": "db01"} if module == "pam360_account" else {})}
    result = world.run(module, **args)
    assert not result.get("failed"), result["msg"]
    warnings = [text for text in texts_of(result) if "did not take" in text]
    assert len(warnings) == 1
    assert option in warnings[0]
    assert args["name"] in warnings[0]
    assert option not in result["verified"]
    assert option in result["unverified"]


def test_custom_fields_that_an_edit_does_not_take(world: World) -> None:
    """custom_fields_on_edit=no: a warning names custom_fields on an edit; on a create they are taken."""
    world.standin.profile["custom_fields_on_edit"] = "no"
    edit = world.run("pam360_account", resource="db01", name="app", custom_fields={"Owner Team": "t"})
    assert any("did not take custom_fields" in text for text in texts_of(edit))
    create = {"resource": "db01", "name": "new1", "custom_fields": {"Owner Team": "t"}}
    assert world.run("pam360_account", **create)["changed"] is True
    assert world.run("pam360_account", **create)["changed"] is False
    assert world.account("new1")["custom_fields"] == {"Owner Team": "t"}


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("owner team", "Owner Team"),
        ("Owner Team ", "Owner Team"),
        (" Owner  Team", "Owner Team"),
        ("Owner Taem", "Owner Team"),
        ("Ownerteam", "Owner Team"),
        ("No Such Label", None),
    ],
)
@pytest.mark.parametrize("name", ["app", "new1"])
def test_labels_that_the_vault_does_not_have(
    world: World, name: str, written: str, near: str | None, check: bool
) -> None:
    """A label that is not defined is an error that names it and the nearest one, and never the value."""
    given = {"Cost Center": "8", written: "s3cret text"}
    result = world.run("pam360_account", check=check, resource="db01", name=name, custom_fields=given)
    assert result["failed"]
    assert result["changed"] is False
    assert f"names '{' '.join(written.split())}', which the vault does not know" in result["msg"]
    assert (f"Did you mean '{near}'?" if near else "'Cost Center', 'Owner Team'") in result["msg"]
    assert "s3cret" not in str(result)
    assert world.writes == []


@pytest.mark.parametrize("label", ["data centre", "Data Centre "])
def test_labels_of_resources_that_the_vault_does_not_have(world: World, label: str) -> None:
    """The same for a resource."""
    result = world.run("pam360_resource", name="db01", custom_fields={label: "x"})
    assert result["failed"]
    assert "Did you mean 'Data Centre'?" in result["msg"]
    assert world.writes == []


@pytest.mark.parametrize(
    ("key", "word", "due"),
    [
        ("EXPIRY STATUS", " EXPIRED on Jan 1", True),
        ("EXPIRY STATUS", "Expires soon", False),
        ("EXPIRY STATUS", None, False),
        ("COMPLIANT STATUS", "Noncompliant", True),
        ("COMPLIANT STATUS", "Unverified", False),
        ("COMPLIANT STATUS", None, False),
    ],
)
def test_words_for_a_password_that_is_due(world: World, key: str, word: str | None, due: bool) -> None:
    """``when_expired`` reads them as the info module does; what says nothing is no reason to write."""
    world.standin.faults.add(fault="wrong_type", where=f"operation.Details.{key}", value=word, path="/accounts/")
    args = {"resource": "db01", "account": "root", "generate": "Strong", "update_password": "when_expired"}
    assert world.run("pam360_account_password", check=True, **args)["changed"] is due


@pytest.mark.parametrize("semantics", ["keep", "replace"])
def test_labels_that_are_not_named_survive(world: World, semantics: str) -> None:
    """Whether an edit merges or replaces, the other labels keep their values."""
    world.standin.profile["edit_semantics"] = semantics
    world.run("pam360_account", resource="db01", name="app", custom_fields={"Owner Team": "t"})
    stored = {label: value for label, value in world.account("app")["custom_fields"].items() if value}
    assert stored == {"Owner Team": "t", "Cost Center": "7"}
    for nothing in ({}, {"Owner Team": None}):
        assert world.run("pam360_account", resource="db01", name="app", custom_fields=nothing)["changed"] is False
    assert world.account("app")["custom_fields"]["Cost Center"] == "7"
    world.run("pam360_account", resource="db01", name="app", custom_fields={"Owner Team": ""})
    assert not world.account("app")["custom_fields"].get("Owner Team")


def test_masked_custom_fields(world: World) -> None:
    """A masked value cannot be compared: said so, not sent back as stars, and written with its neighbours."""
    world.standin.profile["custom_fields_password"] = "masked"
    world.standin.change(resource="db01", account="app", set={"custom_fields": {"Recovery PIN": "4711"}})
    args = {"resource": "db01", "name": "app", "custom_fields": {"Recovery PIN": "4712"}}
    result = world.run("pam360_account", **args)
    assert result["changed"] is False
    assert result["unverified"] == ["custom_fields"]
    world.run("pam360_account", resource="db01", name="app", custom_fields={"Owner Team": "t"})
    assert world.account("app")["custom_fields"]["Recovery PIN"] == "4711"
    assert "****" not in world.writes[0].raw_body
    both = {"Owner Team": "u", "Recovery PIN": "4713"}
    world.run("pam360_account", resource="db01", name="app", custom_fields=both)
    assert world.account("app")["custom_fields"]["Recovery PIN"] == "4713"


@pytest.mark.parametrize("semantics", ["keep", "replace"])
@pytest.mark.parametrize(
    ("args", "kept"),
    [
        ({"password_policy": "Low"}, {"notes": "mine"}),
        ({"notes": "n"}, {"policy": "Medium"}),
        ({"custom_fields": {"Owner Team": "t"}}, {"notes": "mine", "policy": "Medium"}),
        ({"new_name": "app2"}, {"notes": "mine", "policy": "Medium"}),
        ({"record_rdp_sessions": True}, {"notes": "mine", "policy": "Medium"}),
    ],
    ids=["policy", "notes", "custom_fields", "rename", "hidden"],
)
def test_what_an_edit_clears_unasked_is_put_back(
    world: World, args: dict[str, Any], kept: dict[str, str], semantics: str
) -> None:
    """edit_omitted=clear: what the task does not give is there afterwards, and that is said."""
    world.standin.profile.update({"edit_omitted": "clear", "edit_semantics": semantics})
    before = {"custom_fields": {"Owner Team": "ops", "Cost Center": "7"}, "NOTES": "mine", "policy": "Medium"}
    world.standin.change(resource="db01", account="app", set=before)
    result = world.run("pam360_account", resource="db01", name="app", **args)
    stored = world.account(args.get("new_name", "app"))
    assert {name: stored[name] for name in kept} == kept
    assert stored["custom_fields"]["Cost Center"] == "7"
    told = [text for text in texts_of(result) if "it was put back" in text]
    assert all(any(option in text for text in told) for option in kept if option == "notes"), told
    assert world.run("pam360_account", resource="db01", name="app", **args)["changed"] is False


def test_what_an_edit_of_a_resource_clears_unasked_is_put_back(world: World) -> None:
    """The same for a resource."""
    world.standin.profile.update({"edit_omitted": "clear", "edit_semantics": "replace"})
    world.run("pam360_resource", name="db01", location="here", custom_fields={"Data Centre": "east"})
    result = world.run("pam360_resource", name="db01", department="HR")
    stored = world.resource("db01")
    assert (stored["location"], stored["department"]) == ("here", "HR")
    assert stored["custom_fields"]["Data Centre"] == "east"
    assert any("also changed location" in text and "it was put back" in text for text in texts_of(result))


@pytest.mark.parametrize("case", ["ROOT", "Root"])
def test_names_in_another_case(world: World, case: str) -> None:
    """A vault that ignores case in names: never a second account, whatever the task's spelling."""
    world.standin.profile["names"] = "case_insensitive"
    before = [account["name"].casefold() for account in world.resource("db01")["accounts"]]
    for args in ({"notes": "n"}, {"custom_fields": {"Owner Team": "t"}}):
        world.run("pam360_account", resource="db01", name=case, **args)
        assert [account["name"].casefold() for account in world.resource("db01")["accounts"]] == before
    result = world.run("pam360_account", resource="db01", name=case, state="absent")
    assert (world.account("root") == {}) is (result.get("changed") is True)


@pytest.mark.parametrize("base", ["0", "1"])
@pytest.mark.parametrize("total", ["all", "page"])
@pytest.mark.parametrize("wanted", ["r/0", "r/3", "r/4", "r/9", "r/11"])
def test_paging(world: World, monkeypatch: pytest.MonkeyPatch, base: str, total: str, wanted: str) -> None:
    """A name that only the list can find is found on any page, and missing ones are not, whatever the base."""
    monkeypatch.setattr(resource_calls, "PAGE_SIZE", 4)
    world.standin.profile.update({"startindex_base": base, "total_rows": total})
    for number in range(11):
        world.standin.change(add_resource={"name": f"r/{number}", "id": str(800 + number)})
    result = world.run("pam360_resource", check=True, name=wanted)
    assert result["changed"] is (wanted == "r/11")
    assert result["resource_id"] == (None if wanted == "r/11" else str(800 + int(wanted[2:])))


@pytest.mark.parametrize("overall", ["Success", "Failed"])
@pytest.mark.parametrize("shape", ["object", "list"])
@pytest.mark.parametrize(
    "args", [{"notes": "n"}, {"custom_fields": {"Owner Team": "t"}}, {"password": "N3w-Passw0rd!"}]
)
def test_another_play_was_faster(
    world: World, monkeypatch: pytest.MonkeyPatch, overall: str, shape: str, args: dict[str, Any]
) -> None:
    """The account appears between our read and our add: no error, no second account, our settings on it."""
    world.standin.profile.update({"duplicate_overall": overall, "add_answer": shape})
    real = _pam360.Pam360.add_accounts

    def late(client: Any, resource_id: str, accounts: Any, label: str) -> Any:
        world.standin.change(resource="db01", add_account={"name": "new1", "password": "N3w-Passw0rd!"})
        return real(client, resource_id, accounts, label)

    monkeypatch.setattr(_pam360.Pam360, "add_accounts", late)
    result = world.run("pam360_account", resource="db01", name="new1", **copy.deepcopy(args))
    assert not result.get("failed"), result["msg"]
    assert [account["name"] for account in world.resource("db01")["accounts"]].count("new1") == 1
    stored = world.account("new1")
    assert stored["notes"] == args.get("notes", "")
    assert stored["custom_fields"] == args.get("custom_fields", {})
    assert result["changed"] is ("password" not in args)
    monkeypatch.undo()
    assert world.run("pam360_account", resource="db01", name="new1", **args)["changed"] is False


@pytest.mark.parametrize("status", ["200", "4xx"])
def test_revoking_what_is_not_there(world: World, status: str) -> None:
    """A vault that refuses to revoke a missing share: its words in a clear failure, or no failure at all."""
    world.standin.profile.update({"revoke_missing": "failed", "failure_status": status})
    args = {"resource": "db01", "account": "root", "user": "asmith", "state": "absent"}
    result = world.run("pam360_account_share", **args)
    assert not result.get("failed") or "No permission to revoke" in result["msg"]


@pytest.mark.parametrize("args", [{"owner": "jdoe"}, {"owner": "jdoe", "domain_name": "d", "notes": "n"}])
def test_a_create_that_stops_half_way(world: World, args: dict[str, Any]) -> None:
    """The edit after the add fails: the message names what is missing, and ``always`` brings it."""
    world.standin.faults.add(fault="failed", operation="EDIT ACCOUNT", times=1)
    task = {"resource": "db01", "name": "new1", **args}
    result = world.run("pam360_account", **task)
    assert result["failed"]
    assert result["changed"] is True
    assert "owner" in result["msg"]
    assert world.account("new1")["settings"] == {}
    healed = world.run("pam360_account", **task, update_write_only="always")
    assert healed["changed"] is True
    assert world.account("new1")["settings"]["OWNERNAME"] == "jdoe"


def test_a_create_whose_answer_is_lost_claims_no_more_than_was_made(world: World) -> None:
    """The add was made, its answer lost, the edit never sent: the message does not say that all was made."""
    world.standin.faults.add(fault="cut_after", operation="ADD ACCOUNTS", times=1)
    result = world.run("pam360_account", resource="db01", name="new1", owner="jdoe")
    assert result["failed"]
    assert result["changed"] is True
    assert world.account("new1")["settings"] == {}
    assert "owner" in result["msg"] or "made anyway" not in result["msg"]
