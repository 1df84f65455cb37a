# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each setting reaches the server under its name, with its JSON type, and nothing else does."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_values import BOTH, EDIT_ONLY, PASSWORD, RESOURCE
from ansible_collections.vaultops.pam.tests.unit._faults_world import SEED, World, as_json, details

ROOT = {"resource": "db01", "name": "root"}
NEW = {"resource": "db01", "name": "new1"}
Row = tuple[str, Any, str, Any]


def options(*rows: Row) -> dict[str, Any]:
    """The task's side of some rows."""
    return {option: value for option, value, _name, _wire in rows}


def wire(*rows: Row, **more: Any) -> str:
    """The wire's side of some rows, as JSON."""
    return as_json({**more, **{name: value for _option, _value, name, value in rows}})


def sent(world: World) -> list[tuple[str, str]]:
    """The operations of all writes, with exactly what they carried."""
    return [(entry.operation, as_json(details(entry))) for entry in world.writes]


def added(*rows: Row, name: str = "new1") -> tuple[str, str]:
    """The one right ADD ACCOUNTS."""
    return "ADD ACCOUNTS", as_json({"ACCOUNTLIST": [{"ACCOUNTNAME": name, **{row[2]: row[3] for row in rows}}]})


def of(*rows: Row) -> pytest.MarkDecorator:
    """Parametrise by row."""
    return pytest.mark.parametrize("row", rows, ids=[row[0] for row in rows])


@of(*BOTH, PASSWORD)
def test_create_with_one_setting(world: World, row: Row) -> None:
    """A create sends the name and the one given setting, and nothing else."""
    result = world.run("pam360_account", **NEW, **options(row), update_write_only="on_edit")
    assert result["changed"] is True
    assert sent(world) == [added(row)]


@of(*EDIT_ONLY)
def test_create_with_an_edit_only_setting(world: World, row: Row) -> None:
    """Owner, domain and description are not in an add: an edit with the name follows."""
    world.run("pam360_account", **NEW, **options(row), update_write_only="on_edit")
    assert sent(world) == [added(), ("EDIT ACCOUNT", wire(row, ACCOUNTNAME="new1"))]


def test_create_with_all_settings(world: World) -> None:
    """All settings together: an add with what add takes, then an edit with all but the password."""
    world.run("pam360_account", **NEW, **options(*BOTH, *EDIT_ONLY, PASSWORD), update_write_only="on_edit")
    assert sent(world) == [added(*BOTH, PASSWORD), ("EDIT ACCOUNT", wire(*BOTH, *EDIT_ONLY, ACCOUNTNAME="new1"))]
    stored = world.account("new1")
    assert stored["password"] == "Pa$$ Word@124 "
    assert stored["custom_fields"] == {"Secure Account": "YES"}
    names = {row[2]: row[3] for row in (*BOTH, *EDIT_ONLY)}
    assert {name: names[name] for name in stored["settings"]} == stored["settings"]


@of(*BOTH, *EDIT_ONLY)
def test_edit_of_one_setting(world: World, row: Row) -> None:
    """An edit sends the name and the given setting: ACCOUNTNAME always, PASSWORD never."""
    result = world.run("pam360_account", **ROOT, **options(row), update_write_only="always")
    assert result["changed"] is True
    assert sent(world) == [("EDIT ACCOUNT", wire(row, ACCOUNTNAME="root"))]


def test_edit_of_all_settings(world: World) -> None:
    """All settings together in one edit; the password in a call of its own."""
    rows = (*BOTH, *EDIT_ONLY)
    world.run(
        "pam360_account", **ROOT, **options(*rows, PASSWORD), update_password="always", update_write_only="on_edit"
    )
    assert sent(world) == [
        ("EDIT ACCOUNT", wire(*rows, ACCOUNTNAME="root")),
        ("CHANGE PASSWORD", as_json({"NEWPASSWORD": "Pa$$ Word@124 ", "RESETTYPE": "LOCAL"})),
    ]


def test_the_password_stays_out_of_an_edit(world: World) -> None:
    """update_password: on_create with an edit sends no password at all."""
    world.run("pam360_account", **ROOT, **options(PASSWORD), notes="n")
    assert sent(world) == [("EDIT ACCOUNT", as_json({"ACCOUNTNAME": "root", "NOTES": "n"}))]
    assert world.account("root")["password"] == "Old-Passw0rd!"


@pytest.mark.parametrize("option", [row[0] for row in (*BOTH, *EDIT_ONLY)])
def test_what_is_not_given_is_not_sent(world: World, option: str) -> None:
    """Leaving one option out leaves one name out."""
    rows = [row for row in (*BOTH, *EDIT_ONLY) if row[0] != option]
    world.run("pam360_account", **ROOT, **options(*rows), update_write_only="always")
    assert sent(world) == [("EDIT ACCOUNT", wire(*rows, ACCOUNTNAME="root"))]


@pytest.mark.parametrize(("value", "number"), [("A", "A"), ("B", "B"), ("C", "C"), ("S", "S"), ("L", "L")])
def test_sap_user_types(world: World, value: str, number: str) -> None:
    """Each documented letter goes out as it is."""
    world.run("pam360_account", **NEW, sap_user_type=value, update_write_only="on_edit")
    assert sent(world) == [added(("sap_user_type", value, "SAP_USER_TYPE", number))]


def test_rename(world: World) -> None:
    """A rename sends the new name alone."""
    world.run("pam360_account", **ROOT, new_name="toor")
    assert sent(world) == [("EDIT ACCOUNT", as_json({"ACCOUNTNAME": "toor"}))]


def test_cleared_settings(world: World) -> None:
    """Empty values are sent as empty values."""
    empty = {"notes": "", "domain_name": "", "totp_algorithm": ""}
    world.run("pam360_account", **ROOT, **empty, update_write_only="on_edit")
    body = {"ACCOUNTNAME": "root", "NOTES": "", "DOMAINNAME": "", "TOTP_ALGORITHM": ""}
    assert sent(world) == [("EDIT ACCOUNT", as_json(body))]


@pytest.mark.parametrize(("option", "value"), [("owner", ""), ("resource_group_ids", [])])
def test_what_is_not_known_to_clear_is_refused(world: World, option: str, value: Any) -> None:
    """The vendor's own client takes care never to send an empty owner; nothing is sent here either."""
    result = world.run("pam360_account", **ROOT, **{option: value}, update_write_only="always")
    assert result["failed"]
    assert result["msg"].startswith(f"{option} must not be empty")
    assert world.journal == []


def test_custom_fields_of_other_labels_go_along(world: World) -> None:
    """Labels that the task does not name are sent back as read; empty ones are not."""
    world.run("pam360_account", resource="db01", name="app", custom_fields={"Cost Center": 8})
    (entry,) = world.writes
    assert details(entry) == {
        "ACCOUNTNAME": "app",
        "ACCOUNTCUSTOMFIELD": [
            {"CUSTOMLABEL": "Owner Team", "CUSTOMVALUE": "ops"},
            {"CUSTOMLABEL": "Cost Center", "CUSTOMVALUE": "8"},
        ],
    }


@pytest.mark.parametrize("state", ["create", "edit"])
@of(*RESOURCE)
def test_resource_with_one_setting(world: World, row: Row, state: str) -> None:
    """A resource's setting goes out under its name, on create and on edit."""
    world.standin.profile["edit_domain_name"] = "taken"  # or an edit of it never converges
    name, operation = ("new1", "CREATE RESOURCE") if state == "create" else ("db01", "EDIT RESOURCE")
    world.run("pam360_resource", name=name, **options(row))
    assert sent(world) == [(operation, wire(row, RESOURCENAME=name))]
    assert world.run("pam360_resource", name=name, **options(row))["changed"] is False


def test_resource_with_all_settings(world: World) -> None:
    """All settings of a resource in one create."""
    world.run("pam360_resource", name="new1", **options(*RESOURCE))
    assert sent(world) == [("CREATE RESOURCE", wire(*RESOURCE, RESOURCENAME="new1"))]


@pytest.mark.parametrize(
    ("args", "body"),
    [
        ({}, {"RESETTYPE": "LOCAL"}),
        ({"reset_type": "remote"}, {"RESETTYPE": "REMOTE"}),
        ({"reason": "Password Expired"}, {"RESETTYPE": "LOCAL", "REASON": "Password Expired"}),
        ({"ticket_id": "7"}, {"RESETTYPE": "LOCAL", "TICKETID": "7"}),
        ({"ticket_id": "7", "reason": "r"}, {"RESETTYPE": "LOCAL", "REASON": "r", "TICKETID": "7"}),
    ],
)
def test_password(world: World, args: dict[str, Any], body: dict[str, Any]) -> None:
    """The password call carries the new password, how to reset, and the reason that was given."""
    world.run("pam360_account_password", resource="db01", account="root", password="dinh&@!", **args)
    assert sent(world) == [("CHANGE PASSWORD", as_json({"NEWPASSWORD": "dinh&@!", **body}))]
    reads = [entry for entry in world.journal if entry.operation == "GET PASSWORD"]
    access = {name: value for name, value in body.items() if name != "RESETTYPE"}
    assert [details(entry) if entry.input else {} for entry in reads] == [access]


def test_generate(world: World) -> None:
    """The policy goes into the generate call, the generated password into the change."""
    args = {"resource": "db01", "account": "stale", "generate": "Strong", "return_password": True}
    result = world.run("pam360_account_password", **args)
    (made,) = [entry for entry in world.journal if entry.operation == "GENERATE PASSWORD"]
    assert details(made) == {"POLICY": "Strong"}
    assert sent(world) == [("CHANGE PASSWORD", as_json({"NEWPASSWORD": result["password"], "RESETTYPE": "LOCAL"}))]
    assert world.account("stale")["password"] == result["password"]


@pytest.mark.parametrize(
    ("args", "body"),
    [
        ({"user": "jdoe", "access_type": "view"}, {"ACCESSTYPE": "view", "USERID": "21"}),
        ({"user": "EXAMPLE\\jdoe", "access_type": "modify"}, {"ACCESSTYPE": "modify", "USERID": "23"}),
        ({"user_id": 22, "access_type": "full_access"}, {"ACCESSTYPE": "fullaccess", "USERID": "22"}),
        ({"user_group": "Linux Admins", "access_type": "view"}, {"ACCESSTYPE": "view", "USERGROUPID": "41"}),
        ({"user_group_id": "42", "access_type": "modify"}, {"ACCESSTYPE": "modify", "USERGROUPID": "42"}),
        ({"user": "jdoe", "state": "absent"}, {"ACCESSTYPE": "revoke", "USERID": "21"}),
        (
            {"user_group": "DBA", "state": "absent", "access_type": "view"},
            {"ACCESSTYPE": "revoke", "USERGROUPID": "42"},
        ),
    ],
)
def test_share(world: World, args: dict[str, Any], body: dict[str, Any]) -> None:
    """A share carries the access type in the vendor's word and one id as text."""
    world.run("pam360_account_share", resource="db01", account="root", update_write_only="always", **args)
    assert sent(world) == [("SHARE ACCOUNT", as_json(body))]


TRAFFIC: dict[str, tuple[str, dict[str, Any]]] = {
    "create": ("pam360_account", {**NEW, **options(*BOTH, *EDIT_ONLY, PASSWORD)}),
    "edit": ("pam360_account", {**ROOT, **options(*BOTH, *EDIT_ONLY, PASSWORD), "update_password": "on_drift"}),
    "absent": ("pam360_account", {**ROOT, "state": "absent"}),
    "resource": ("pam360_resource", {"name": "new1", **options(*RESOURCE)}),
    "resource with a slash": ("pam360_resource", {"name": "a/b", "description": "d"}),
    "resource absent": ("pam360_resource", {"name": "db01", "state": "absent"}),
    "password": ("pam360_account_password", {"resource": "db01", "account": "root", "password": "dinh&@!"}),
    "generate": ("pam360_account_password", {"resource": "db01", "account": "stale", "generate": "Strong"}),
    "share": ("pam360_account_share", {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "view"}),
}
QUERY_NAMES = {"INPUT_DATA", "RESOURCENAME", "ACCOUNTNAME", "USERNAME", "USERGROUPNAME"}


@pytest.mark.parametrize("org", [None, "Default"])
@pytest.mark.parametrize("case", TRAFFIC)
def test_where_things_travel(world: World, case: str, org: str | None) -> None:
    """Token and organisation in their headers alone; writes as a form body; ids and names alone in URLs."""
    module, args = TRAFFIC[case]
    result = world.run(module, org_name=org, **args)
    assert not result.get("failed"), result["msg"]
    secrets = [world.standin.token, "dinh&@!", "Pa$$ Word@124 ", "829 198", "Old-Passw0rd!"]
    for entry in world.journal:
        assert entry.headers["AUTHTOKEN"] == world.standin.token
        assert entry.headers.get("orgName") == org
        assert "Authorization" not in entry.headers
        assert "Cookie" not in entry.headers
        address = unquote(entry.path) + repr(entry.query)
        assert not any(secret in address for secret in secrets), address
        assert not any(world.standin.token in value for name, value in entry.headers.items() if name != "AUTHTOKEN")
        assert world.standin.token not in entry.raw_body
        assert re.fullmatch(r"/restapi/json/v1/[A-Za-z]+(/[\w.-]+)*", entry.path), entry.path
        assert set(entry.query) <= (set() if entry.write else QUERY_NAMES)
        if entry.method in ("POST", "PUT"):
            assert entry.headers["Content-Type"] == "application/x-www-form-urlencoded"
            assert list(parse_qs(entry.raw_body, strict_parsing=True)) == ["INPUT_DATA"]
            assert re.fullmatch(r"INPUT_DATA=[A-Za-z0-9_.~%-]+", entry.raw_body)
        else:
            assert entry.raw_body == ""
        assert entry.ignored == []


def test_nothing_is_ignored_by_the_server(world: World) -> None:
    """The server knows all that is sent (the stand-in's journal lists what it does not take)."""
    for module, args in TRAFFIC.values():
        world.run(module, **args)
        assert [entry.ignored for entry in world.journal if entry.ignored] == []
    assert SEED["token"] == world.standin.token
