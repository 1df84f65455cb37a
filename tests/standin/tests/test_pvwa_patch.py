# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: Update account."""

from __future__ import annotations

from typing import Any

import pytest

from pvwa_client import ROOT, PvwaClient

AUTOMATIC = "/secretManagement/automaticManagementEnabled"
REASON = "/secretManagement/manualManagementReason"
MACHINES = "/remoteMachinesAccess/remoteMachines"
PORT = "/platformAccountProperties/Port"


def test_many_operations(api: PvwaClient) -> None:
    """One request; the whole account comes back; what was not named stays."""
    changed = api.patch(
        ("Replace", "/address", "db02"),
        ("REPLACE", "/USERNAME", "admin"),
        ("add", "/platformAccountProperties/Location", "Oslo"),
        ("remove", "/PlatformAccountProperties/Port"),
        ("replace", AUTOMATIC, False),
        ("add", "/secretmanagement/manualmanagementreason", "static"),
        ("replace", "/name", "renamed"),
    )
    assert (changed["address"], changed["userName"], changed["name"]) == ("db02", "admin", "renamed")
    assert changed["platformAccountProperties"] == {"Location": "Oslo"}
    assert changed["secretManagement"]["automaticManagementEnabled"] is False
    assert changed["secretManagement"]["manualManagementReason"] == "static"
    assert (changed["safeName"], changed["platformId"]) == ("Linux", "UnixSSH")
    assert api.call("GET", f"/Accounts/{ROOT}") == changed
    entry = api.standin.journal.writes()[-1]
    assert (entry.operation, entry.write, entry.applied, len(entry.input)) == ("Update account", True, True, 7)


@pytest.mark.parametrize("path", ["/secretManagement", "/SecretManagement/", "/remoteMachinesAccess"])
@pytest.mark.parametrize("op", ["add", "replace"])
def test_whole_blocks(api: PvwaClient, path: str, op: str) -> None:
    """PASWS125E with the path in lower case, and nothing of it is stored."""
    answer = api.patch(("replace", "/address", "db02"), (op, path, {"automaticManagementEnabled": False}), status=400)
    done = {"add": "added", "replace": "replaced"}[op]
    assert answer == {
        "ErrorCode": "PASWS125E",
        "ErrorMessage": f"Property '{path.strip('/').lower()}' cannot be {done}",
    }
    assert api.call("GET", f"/Accounts/{ROOT}")["address"] == "db01.example.org"


@pytest.mark.parametrize(
    "path",
    [
        "/safeName", "/secretType", "/secret", "/id", "/createdTime", "/categoryModificationTime", "/nothing",
        "/secretManagement/lastModifiedTime", "/secretManagement/status", "/address/x", "/platformAccountProperties",
    ],
)  # fmt: skip
def test_what_can_not_be_patched(api: PvwaClient, path: str) -> None:
    """Read-only, unknown and unpatchable paths."""
    before = api.call("GET", f"/Accounts/{ROOT}")
    assert api.refused(("add", path, "x")) == "PASWS125E"
    assert api.refused(("remove", path)) in ("PASWS125E", "PASWS164E")
    assert api.call("GET", f"/Accounts/{ROOT}") == before


@pytest.mark.parametrize(
    "path", ["/platformAccountProperties/Location", REASON, MACHINES, "/platformAccountProperties/GroupName"]
)
def test_replace_of_an_absent_property(api: PvwaClient, path: str) -> None:
    """PASWS164E; `add` is right there, and overwrites what is there."""
    api.standin.change(
        account=ROOT, set={"platformId": "WinDomain", "secretManagement": {"automaticManagementEnabled": False}}
    )
    assert api.refused(("replace", path, "x")) == "PASWS164E"
    assert api.refused(("remove", path)) == "PASWS164E"
    api.patch(("add", path, "x"))
    api.patch(("replace", path, "y"))
    api.patch(("add", path, "z"))
    assert "z" in str(api.standin.dump()["accounts"][0])
    api.patch(("remove", path))
    api.standin.profile["remove_absent"] = "ignored"
    api.patch(("remove", path))


def test_the_last_operation_counts(api: PvwaClient) -> None:
    """Of several on one property, and of those inside an object."""
    location = "/platformAccountProperties/Location"
    changed = api.patch(
        ("replace", "/address", "one"),
        ("replace", "/Address", "two"),
        ("replace", location, "refused if it counted"),
        ("add", location, "Oslo"),
        ("add", PORT, "1"),
        ("add", "/platformAccountProperties", {"Port": "2"}),
    )
    assert changed["address"] == "two"
    assert changed["platformAccountProperties"] == {"Location": "Oslo", "Port": "2"}


@pytest.mark.parametrize("op", ["add", "replace"])
def test_properties_as_a_whole(api: PvwaClient, op: str) -> None:
    """An object is merged, not put in place of all; removing with an object is a profile."""
    changed = api.patch((op, "/platformAccountProperties/", {"Location": "Oslo", "Tags": 7}))
    assert changed["platformAccountProperties"] == {"Port": "22", "Location": "Oslo", "Tags": "7"}
    assert api.refused(("remove", "/platformAccountProperties", {"Tags": "7"})) == "PASWS125E"
    api.standin.profile["remove_object"] = "accepted"
    changed = api.patch(("remove", "/platformAccountProperties", {"Tags": "7"}))
    assert changed["platformAccountProperties"] == {"Port": "22", "Location": "Oslo"}


def test_automatic_management_and_reason(api: PvwaClient) -> None:
    """Turning it on with a reason left is refused; both in one PATCH is right."""
    api.patch(("replace", AUTOMATIC, False), ("add", REASON, "(CPM)MaxRetries"))
    assert api.refused(("replace", AUTOMATIC, True)) == "PASWS159E"
    api.standin.profile["enable_with_reason"] = "error500"
    assert api.refused(("replace", AUTOMATIC, True), status=500) == "CAWS00001E"
    api.patch(("replace", AUTOMATIC, True), ("replace", REASON, ""))
    assert api.refused(("add", REASON, "x"), status=500) == "CAWS00001E"
    api.patch(("replace", AUTOMATIC, False), ("add", REASON, "x"))
    changed = api.patch(("remove", REASON), ("replace", AUTOMATIC, True))
    assert "manualManagementReason" not in changed["secretManagement"]
    api.patch(("replace", AUTOMATIC, False), ("add", REASON, "x"))
    api.standin.profile["enable_with_reason"] = "cleared"
    assert "manualManagementReason" not in api.patch(("replace", AUTOMATIC, True))["secretManagement"]


def test_all_or_nothing(api: PvwaClient) -> None:
    """Nothing is stored of a PATCH with a wrong operation, unless the profile says partial."""
    operations = (("replace", "/address", "db02"), ("replace", "/nothing", "x"), ("replace", "/userName", "x"))
    assert api.refused(*operations) == "PASWS125E"
    assert api.standin.state.accounts[ROOT].address == "db01.example.org"
    assert api.standin.journal.writes()[-1].applied is False
    api.standin.profile["patch"] = "partial"
    assert api.refused(*operations) == "PASWS125E"
    root = api.standin.state.accounts[ROOT]
    assert (root.address, root.user_name) == ("db02", "root")
    assert api.standin.journal.writes()[-1].applied is True


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (("move", "/address", "x"), "PASWS167E"),
        (("replace", "address", "x"), "PASWS167E"),
        (("replace", "/address"), "PASWS017E"),
        (("replace", "/address", None), "PASWS017E"),
        (("replace", "/address", ["x"]), "PASWS167E"),
        (("replace", "/address", ""), "PASWS017E"),
        (("remove", "/userName"), "PASWS017E"),
        (("remove", "/name"), "PASWS125E"),
        (("remove", AUTOMATIC), "PASWS125E"),
        (("replace", AUTOMATIC, "true"), "PASWS167E"),
        (("replace", AUTOMATIC, 1), "PASWS167E"),
        (("add", MACHINES, ["h1"]), "PASWS167E"),
        (("add", MACHINES, "h1"), "PASWS167E"),
        (("replace", PORT, "ssh"), "PASWS018E"),
        (("add", "/platformAccountProperties/port", "1"), "PASWS167E"),
        (("replace", "/platformAccountProperties/port", "1"), "PASWS164E"),
        (("replace", "/platformId", "Oracle"), "PASWS032E"),
        (("replace", "/platformId", "AWSAccessKeys"), "PASWS017E"),
        (("replace", "/platformId", ""), "PASWS017E"),
    ],
)
def test_refused(api: PvwaClient, operation: tuple[Any, ...], code: str) -> None:
    """Wrong operations, wrong values, mandatory properties."""
    before = api.standin.dump()["accounts"]
    assert api.refused(operation) == code
    assert api.standin.dump()["accounts"] == before


@pytest.mark.parametrize("body", [{}, {"Operations": []}, {"op": "replace"}, ["x"], "text", None])
def test_wrong_bodies(api: PvwaClient, body: Any) -> None:
    """The body is a bare array of objects."""
    assert api.raw("PATCH", f"/Accounts/{ROOT}", json=body).status_code == 400
    assert api.raw("PATCH", f"/Accounts/{ROOT}", data="").status_code == 400


def test_a_new_platform(api: PvwaClient) -> None:
    """Properties beside it are the new platform's, in whatever order."""
    changed = api.patch(
        ("add", "/platformAccountProperties/UserDN", "CN=x"),
        ("add", MACHINES, "h1;h2"),
        ("replace", "/platformId", "windomain"),
    )
    assert (changed["platformId"], changed["platformAccountProperties"]["UserDN"]) == ("WinDomain", "CN=x")
    assert changed["remoteMachinesAccess"] == {"remoteMachines": "h1;h2"}
    assert api.refused(("replace", "/platformId", "UnixSSH")) == "PASWS167E"
    changed = api.patch(("remove", MACHINES), ("replace", "/platformId", "UnixSSH"))
    assert "remoteMachinesAccess" not in changed


def test_names_of_properties(api: PvwaClient) -> None:
    """Exact, or in any case with the known spelling kept."""
    api.standin.profile["property_names"] = "any_case"
    changed = api.patch(
        ("replace", "/platformAccountProperties/port", "1"), ("add", "/platformAccountProperties/LOCATION", "x")
    )
    assert changed["platformAccountProperties"] == {"Port": "1", "Location": "x"}


def test_renaming(api: PvwaClient) -> None:
    """Another account's name is 409; renaming and the rest need rights of their own; the lock."""
    api.standin.change(add_account={"safeName": "Linux", "platformId": "UnixSSH", "name": "other"})
    assert api.refused(("replace", "/name", "OTHER"), status=409) == "PASWS027E"
    api.patch(("replace", "/name", "LINUX-db01-root"))
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", "renameAccounts"]})
    api.patch(("replace", "/name", "new"))
    assert api.refused(("replace", "/address", "x"), status=403) == "PASWS041E"
    api.standin.change(safe="Linux", set={"rights": ["listAccounts", "updateAccountProperties"]})
    api.patch(("replace", "/address", "x"))
    assert api.refused(("replace", "/name", "x"), status=403) == "PASWS041E"
    api.standin.change(account=ROOT, set={"lockedBy": "otheruser"})
    assert api.refused(("replace", "/address", "y")) == "PASWS143E"
    assert api.refused(("replace", "/address", "y"), status=404, account="29_99") == "CAWS00001E"


def test_the_time_of_a_change(api: PvwaClient) -> None:
    """categoryModificationTime moves, the others do not."""
    api.standin.profile["clock_offset"] = "1000"
    changed = api.patch(("replace", "/address", "x"))
    assert changed["categoryModificationTime"] >= changed["createdTime"] + 1000
    assert changed["secretManagement"]["lastModifiedTime"] == changed["createdTime"]
