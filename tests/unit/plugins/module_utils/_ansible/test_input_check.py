# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that cannot be used: one sentence that names them, before any request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_world import (
    World,
    assert_failure,
    assert_input_error,
    texts_of,
)
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

ACCOUNT = {"resource": "db01", "name": "root"}
RESOURCE = {"name": "db01"}
PASSWORD = {"resource": "db01", "account": "root", "password": "N3w-Passw0rd!"}
GENERATE = {"resource": "db01", "account": "root", "generate": "Strong"}
SHARE = {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "view"}


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


def bad(module: str, base: dict[str, Any], words: str, /, **args: Any) -> Any:
    """One line of a table: module, options, words of the sentence."""
    names = {"a": "pam360_account", "r": "pam360_resource", "p": "pam360_account_password", "s": "pam360_account_share"}
    names.update(ai="pam360_account_info", ri="pam360_resource_info")
    full = names[module]
    shown = "-".join(f"{key}={'left out' if value is ... else value!r}"[:40] for key, value in args.items())
    return pytest.param(full, {**base, **args}, words.split("|"), id=f"{full.removeprefix('pam360_')}-{shown}")


SETTINGS = [
    # Which account, which resource
    bad("a", ACCOUNT, "name", name=...),
    bad("a", ACCOUNT, "name must not be empty", name=""),
    bad("a", ACCOUNT, "name must not be empty", name="  "),
    bad("a", ACCOUNT, "resource|resource_id", resource=...),
    bad("a", ACCOUNT, "resource must not be empty", resource=""),
    bad("a", ACCOUNT, "resource|resource_id|mutually exclusive", resource_id="601"),
    bad("a", ACCOUNT, "resource_id", resource=..., resource_id=""),
    bad("a", ACCOUNT, "resource_id", resource=..., resource_id="-1"),
    bad("a", ACCOUNT, "resource_id", resource=..., resource_id="12x"),
    bad("a", ACCOUNT, "resource_id", resource=..., resource_id="1/../2"),
    bad("a", ACCOUNT, "resource_id", resource=..., resource_id="١٢"),
    bad("a", ACCOUNT, "state", state="gone"),
    bad("a", ACCOUNT, "new_name must not be empty", new_name=""),
    bad("a", ACCOUNT, "new_name|absent", new_name="x", state="absent"),
    bad("r", RESOURCE, "name", name=...),
    bad("r", RESOURCE, "name must not be empty", name=""),
    bad("r", RESOURCE, "new_name|absent", new_name="x", state="absent"),
    bad("r", RESOURCE, "new_name must not be empty", new_name=" "),
    bad("r", RESOURCE, "owner must not be empty", owner=""),
    bad("r", RESOURCE, "type", type=""),
    # Settings
    bad("a", ACCOUNT, "password must not be empty", password=""),
    bad("a", ACCOUNT, "password_policy must not be empty", password_policy=""),
    bad("r", RESOURCE, "password_policy must not be empty", password_policy=""),
    bad("a", ACCOUNT, "password_policy_id", password_policy_id="x"),
    bad("a", ACCOUNT, "password_policy_id", password_policy_id=-1),
    bad("a", ACCOUNT, "command_set", command_set=-1),
    bad("a", ACCOUNT, "command_set", command_set="ten"),
    bad("a", ACCOUNT, "command_set", command_set=1.5),
    bad("a", ACCOUNT, "record_rdp_sessions", record_rdp_sessions="maybe"),
    bad("a", ACCOUNT, "resource_group_ids", resource_group_ids=[""]),
    bad("a", ACCOUNT, "totp_digits", totp_digits="-6"),
    bad("a", ACCOUNT, "totp_digits", totp_digits="six"),
    bad("a", ACCOUNT, "totp_validity", totp_validity="30s"),
    bad("a", ACCOUNT, "totp_validity", totp_validity=""),
    bad("a", ACCOUNT, "sap_user_type", sap_user_type="X"),
    bad("a", ACCOUNT, "sap_user_type", sap_user_type="a"),
    bad("a", ACCOUNT, "update_password", update_password="never"),
    bad("a", ACCOUNT, "update_write_only", update_write_only="never"),
    bad("a", ACCOUNT, "custom_fields", custom_fields="text"),
    bad("a", ACCOUNT, "custom_fields", custom_fields=["Owner Team"]),
    bad("a", ACCOUNT, "custom_fields|quotes", custom_fields={"Owner Team": True}),
    bad("a", ACCOUNT, "custom_fields", custom_fields={"Owner Team": ["x"]}),
    bad("a", ACCOUNT, "custom_fields", custom_fields={"Owner Team": {"x": 1}}),
    bad("a", ACCOUNT, "custom_fields", custom_fields={"": "x"}),
    bad("a", ACCOUNT, "custom_fields", custom_fields={"  ": "x"}),
    bad("r", RESOURCE, "custom_fields", custom_fields={"Data Centre": False}),
    bad("r", RESOURCE, "custom_fields", custom_fields={"Data Centre": [1]}),
    bad("a", ACCOUNT, "Unsupported|no_such_option", no_such_option=1),
    # Passwords
    bad("p", PASSWORD, "password must not be empty", password=""),
    bad("p", PASSWORD, "password|generate|mutually exclusive", generate="Strong"),
    bad("p", PASSWORD, "password|generate", password=...),
    bad("p", PASSWORD, "account|account_id", account=...),
    bad("p", PASSWORD, "account|account_id|mutually exclusive", account_id="9001"),
    bad("p", PASSWORD, "account must not be empty", account=""),
    bad("p", PASSWORD, "account_id", account=..., account_id="x"),
    bad("p", PASSWORD, "resource|resource_id", resource=...),
    bad("p", PASSWORD, "return_password|generate", return_password=True),
    bad("p", PASSWORD, "when_expired|generate", update_password="when_expired"),
    bad("p", PASSWORD, "when_older_than|generate", update_password="when_older_than", max_age=1),
    bad("p", PASSWORD, "reset_type", reset_type="LOCAL"),
    bad("p", GENERATE, "generate must not be empty", generate=""),
    bad("p", GENERATE, "on_drift", update_password="on_drift"),
    bad("p", GENERATE, "max_age", update_password="when_older_than"),
    bad("p", GENERATE, "max_age", update_password="when_older_than", max_age=-1),
    bad("p", GENERATE, "max_age", update_password="when_older_than", max_age="old"),
    # Shares
    bad("s", SHARE, "user|user_group|mutually exclusive", user_group="DBA"),
    bad("s", SHARE, "user|user_id|mutually exclusive", user_id="21"),
    bad("s", SHARE, "user|user_group", user=...),
    bad("s", SHARE, "user must not be empty", user=""),
    bad("s", SHARE, "user_id", user=..., user_id="jdoe"),
    bad("s", SHARE, "user_group_id", user=..., user_group_id="-4"),
    bad("s", SHARE, "user_group must not be empty", user=..., user_group=" "),
    bad("s", SHARE, "access_type", access_type=...),
    bad("s", SHARE, "access_type", access_type="fullaccess"),
    bad("s", SHARE, "access_type", access_type="revoke"),
    bad("s", SHARE, "account|account_id", account=...),
    bad("s", SHARE, "update_write_only", update_write_only="sometimes"),
    # Searches
    *(
        case
        for module in ("ai", "ri")
        for case in (
            bad(module, {}, "name must not be empty", name=""),
            bad(module, {}, "name must not be empty", name=" ", match="contains"),
            bad(module, {}, "match: contains needs a name", match="contains"),
            bad(module, {}, "match", name="db01", match="regex"),
            bad(module, {}, "resource_group must not be empty", resource_group=" "),
            bad(module, {}, "details", details="some"),
            bad(module, {}, "max_connections must be 1 or more", max_connections=0),
            bad(module, {}, "max_connections must be 1 or more", max_connections=-1),
            bad(module, {}, "max_connections", max_connections="many"),
            bad(module, {}, "Unsupported|state", state="present"),
        )
    ),
    bad("ai", {}, "resource must not be empty", resource=""),
    bad("ai", {}, "resource|resource_group|mutually exclusive", resource="db01", resource_group="Servers"),
    bad("ri", {}, "Unsupported|resource", resource="db01"),
]


@pytest.mark.parametrize(("module", "args", "words"), SETTINGS)
def test_bad_setting(world: World, module: str, args: dict[str, Any], words: list[str]) -> None:
    """One sentence that names the option, and no request."""
    assert_input_error(world, world.run(module, **args), *words)
    assert_input_error(world, world.run(module, check=True, **args), *words)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("max_age", 5),
        ("password", "N3w-Passw0rd!"),
        ("return_password", True),
    ],
)
def test_input_errors_are_results_too(world: World, option: str, value: Any) -> None:
    """An error found by the module itself has requests, failure without a status, and changed: false."""
    args = {**GENERATE, "generate": "", option: value} if option != "password" else {**PASSWORD, "password": ""}
    result = world.run("pam360_account_password", **args)
    assert result["changed"] is False
    assert result["requests"] == {"sent": 0, "retried": 0}
    assert result["failure"]["http_status"] is None


# What an earlier task of the same run may make.
PARENTS = [
    bad("a", ACCOUNT, "resource 'nowhere'|pam360_resource", resource="nowhere"),
    bad("a", ACCOUNT, "resource 'no/where'", resource="no/where"),
    bad("a", ACCOUNT, "resource 'nowhere'", resource="nowhere", custom_fields={"Owner Team": "x"}),
    bad("p", PASSWORD, "resource 'nowhere'", resource="nowhere"),
    bad("p", PASSWORD, "account 'nobody'|pam360_account", account="nobody"),
    bad("p", GENERATE, "account 'nobody'", account="nobody"),
    bad("s", SHARE, "account 'nobody'", account="nobody"),
    bad("s", SHARE, "resource 'nowhere'", resource="nowhere"),
]
OTHERS = [
    bad("s", SHARE, "user 'nobody'", user="nobody"),
    bad("s", SHARE, "user group 'nobody'", user=..., user_group="nobody"),
    bad("s", SHARE, "user 'nobody'", user="nobody", state="absent"),
    bad("a", ACCOUNT, "resource group 'nowhere'|resource_group_ids", resource_group_ids=["3001", "nowhere"]),
    bad("a", ACCOUNT, "resource group '-1'", resource_group_ids=["-1"]),
]


def assert_unknown(world: World, result: dict[str, Any], words: list[str]) -> None:
    """A name that the vault does not know is named, and nothing is written."""
    assert result["failed"]
    for word in words:
        assert word in result["msg"]
    assert result["msg"].endswith(".")
    assert result["changed"] is False
    assert world.writes == []


@pytest.mark.parametrize("miss", ["failed", "empty"])
@pytest.mark.parametrize(("module", "args", "words"), [*PARENTS, *OTHERS])
def test_unknown_name(world: World, module: str, args: dict[str, Any], words: list[str], miss: str) -> None:
    """One clear sentence."""
    world.standin.profile["lookup_miss"] = miss
    assert_unknown(world, world.run(module, **args), words)


@pytest.mark.parametrize(("module", "args", "words"), OTHERS)
def test_unknown_name_in_check_mode(world: World, module: str, args: dict[str, Any], words: list[str]) -> None:
    """No task of this collection makes users or groups."""
    assert_unknown(world, world.run(module, check=True, **args), words)


@pytest.mark.parametrize("miss", ["failed", "empty"])
@pytest.mark.parametrize(("module", "args", "words"), PARENTS)
def test_missing_parent_in_check_mode(
    world: World, module: str, args: dict[str, Any], words: list[str], miss: str
) -> None:
    """It is taken for one that an earlier task of the run makes: the task says what it would do, and warns."""
    world.standin.profile["lookup_miss"] = miss
    result = world.run(module, check=True, **args)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is True
    assert [text for text in texts_of(result) if words[0] in text and "an earlier task creates it" in text]
    assert world.writes == []


UNKNOWN_IDS = [
    bad("a", {"name": "root"}, "resource 999", resource_id="999", notes="n"),
    bad("p", {"password": "N3w-Passw0rd!", "resource": "db01"}, "account 999", account_id="999"),
    bad("p", {"generate": "Strong", "resource": "db01"}, "account 999", account_id="999"),
    bad("p", {"password": "N3w-Passw0rd!", "account_id": "9001"}, "resource 999", resource_id="999"),
    bad("s", {**SHARE, "account": ...}, "account 999", account_id="999"),
    bad("s", {**SHARE, "user": ...}, "user '999'", user_id="999", update_write_only="always"),
]


@pytest.mark.parametrize("status", ["200", "4xx"])
@pytest.mark.parametrize(("module", "args", "words"), UNKNOWN_IDS)
def test_unknown_id(world: World, module: str, args: dict[str, Any], words: list[str], status: str) -> None:
    """An id that the vault does not know is refused by it, in its words, and nothing changes."""
    start = world.truth()
    world.standin.profile["failure_status"] = status
    result = world.run(module, **args)
    assert_failure(result, 200 if status == "200" else 404)
    for word in words:
        assert word in result["msg"]
    assert result["failure"]["server_message"].startswith("No such")
    assert result["changed"] is False
    assert world.truth() == start


@pytest.mark.parametrize("module", ["pam360_account", "pam360_resource"])
def test_none_and_null_labels_are_left_alone(world: World, module: str) -> None:
    """None for an option, and for a label of custom_fields, is as if it were not there."""
    args = {"name": "db01"} if module == "pam360_resource" else {"resource": "db01", "name": "app"}
    label = "Data Centre" if module == "pam360_resource" else "Owner Team"
    start = world.truth()
    result = world.run(module, description=None, password_policy=None, custom_fields={label: None}, **args)
    assert result["changed"] is False
    assert world.truth() == start


def test_null_label_beside_another(world: World) -> None:
    """Only the label with a value is written, the null one keeps its value."""
    world.run("pam360_account", resource="db01", name="app", custom_fields={"Owner Team": None, "Cost Center": 8})
    assert world.account("app")["custom_fields"] == {"Owner Team": "ops", "Cost Center": "8"}


def test_two_accounts_of_one_name(world: World) -> None:
    """Two accounts that match are an error that names both, and neither is touched."""
    world.standin.change(resource="db01", add_account={"name": "root", "id": "9777"})
    start = world.truth()
    for more in ({}, {"state": "absent"}, {"new_name": "x"}):
        result = world.run("pam360_account", resource="db01", name="root", notes="n", **more)
        assert result["failed"], more
        for word in ("9001", "9777", "2 accounts", "root"):
            assert word in result["msg"]
        assert world.writes == []
    assert world.truth() == start


@pytest.mark.parametrize("name", ["a/b", "twins"])
def test_two_resources_of_one_name(world: World, name: str) -> None:
    """Two resources that match are an error that names both, where the list is what they are found by."""
    for number in ("777", "778"):
        world.standin.change(add_resource={"name": name, "id": number})
    result = world.run("pam360_account", resource=name, name="root")
    if "/" in name:
        assert result["failed"]
        for word in ("777", "778", "2 resources", name):
            assert word in result["msg"]
    assert world.writes == [] or "/" not in name


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
def test_rename_onto_another(world: World, check: bool) -> None:
    """Both names in use is an error that names both ids; nothing is written."""
    result = world.run("pam360_account", check=check, resource="db01", name="root", new_name="app")
    assert result["failed"]
    for word in ("'root'", "9001", "'app'", "9002"):
        assert word in result["msg"]
    assert world.writes == []
    result = world.run("pam360_resource", check=check, name="db01", new_name="web01")
    assert result["failed"]
    for word in ("'db01'", "601", "'web01'", "602"):
        assert word in result["msg"]
    assert world.writes == []


@pytest.mark.parametrize("module", ["pam360_account", "pam360_resource"])
def test_rename_done_before(world: World, module: str) -> None:
    """Only the new name exists: nothing to do. Old and new alike: nothing to do either."""
    args = {"resource": "db01"} if module == "pam360_account" else {}
    name = "root" if args else "db01"
    for old in ("ghost", name):
        result = world.run(module, name=old, new_name=name, **args)
        assert result["changed"] is False, result
        assert world.writes == []


@pytest.mark.parametrize(
    ("value", "kind"), [(["Pass-w0rd!"], "list"), ({"a": "Pass-w0rd!"}, "dict"), (True, "boolean"), (1.1, "number")]
)
@pytest.mark.parametrize(
    ("module", "base", "place"),
    [
        ("pam360_account", {"resource": "db01", "name": "root"}, "password"),
        ("pam360_account_password", {"resource": "db01", "account": "root"}, "password"),
        ("pam360_accounts", {}, "accounts[1].password"),
    ],
)
def test_password_that_is_no_text(
    world: World, module: str, base: dict[str, Any], place: str, value: Any, kind: str
) -> None:
    """Ansible would make a text of it, with brackets and quotes: an error before any request instead."""
    args = {**base, "password": value}
    if module == "pam360_accounts":
        args = {"accounts": [ACCOUNT, {**ACCOUNT, "name": "app", "password": value}]}
    result = world.run(module, **args)
    assert result["failed"]
    assert result["msg"].startswith(f"{place} must be a string, not a {kind}")
    assert "Pass-w0rd!" not in f"{result}{world.printed}"
    assert world.journal == []
