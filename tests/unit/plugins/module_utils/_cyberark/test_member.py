# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cyberark_safe_member: permissions are a set, and an edit sends all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.permissions import API_NAMES, NAMES, SETS
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD_MEMBER,
    EDIT_MEMBER,
    LOGOFF,
    LOGON,
    MEMBER,
    MEMBER_MODULE,
    MEMBERS,
    REMOVE_MEMBER,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

API_USER = {"memberName": "apiuser", "permissions": "full"}
LATER = 1_900_000_000  # 2030-03-17T17:46:40Z
SEED: dict[str, Any] = {
    "users": [{"name": "apiuser", "password": "L0gon-Passw0rd!"}, "jdoe", "scanner", "user.name@example.org"],
    "groups": [{"name": "Linux Team", "users": ["jdoe"]}],
    "directories": [{"name": "example.org", "users": ["ann"], "groups": ["DBA"], "roles": ["Owners"]}],
    "safes": [
        {
            "name": "Linux",
            "members": [
                API_USER,
                {"memberName": "jdoe", "permissions": "read_only", "membershipExpirationDate": LATER},
                {"memberName": "Linux Team", "memberType": "Group", "permissions": "full"},
            ],
        },
    ],
}


@pytest.fixture(params=["module", "action"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    """A stand-in with a safe and some members."""
    with Vault(SEED, road=request.param) as world:
        yield world


def play(vault: Vault, member: str, *, check: bool = False, **args: Any) -> Result:
    """Run the module."""
    return vault.run(MEMBER_MODULE, check=check, **{"safe": "Linux", "member": member, **args})


def truth(vault: Vault, name: str) -> dict[str, Any]:
    """Return the truth about one member, empty if there is none."""
    (safe,) = [one for one in vault.standin.dump()["safes"] if one["name"] == "Linux"]
    return next((one for one in safe["members"] if one["memberName"] == name), {})


def beats(vault: Vault, member: str, *requests: str, **args: Any) -> tuple[Result, Any]:
    """Play check, real, check again and again; return the result and the body of the one write."""
    predicted = play(vault, member, check=True, **args)
    assert vault.writes == []
    done = play(vault, member, **args)
    assert not done.get("failed"), done["msg"]
    (write,) = vault.writes
    assert vault.operations == [LOGON, *requests, LOGOFF]
    assert predicted["changed"] is done["changed"] is True
    assert predicted["diff"] == done["diff"]
    assert [text for text in texts_of(done) if "not encrypted" not in text] == []
    for check in (True, False):
        again = play(vault, member, check=check, **args)
        assert again["changed"] is False, again["msg"]
        assert vault.operations == [LOGON, MEMBER, LOGOFF]
    assert sorted(predicted["member"]) == sorted(done["member"]) == sorted(again["member"])
    return done, write.input


@pytest.mark.parametrize("name", SETS)
def test_add_with_a_set(vault: Vault, name: str) -> None:
    """The sets are those of the web page."""
    done, body = beats(vault, "scanner", MEMBER, ADD_MEMBER, permission_set=name)
    assert body["memberName"] == "scanner"
    assert list(body["permissions"]) == list(API_NAMES)
    known = {"use": "connect_only", "read": "read_only", "manage": "accounts_manager", "full": "full"}[name]
    vault.standin.change(safe="Linux", set={"members": ["apiuser", {"memberName": "jdoe", "permissions": known}]})
    assert play(vault, "jdoe", permission_set=name)["changed"] is False
    assert done["verified"] == ["permission_set"]
    assert set(done["member"]["permissions"]) == set(SETS[name])


def test_single_permissions(vault: Vault) -> None:
    """A set: the order does not count, and what is not named is taken away."""
    done, _body = beats(vault, "JDOE", MEMBER, EDIT_MEMBER, permissions=["view_audit_log", "list_accounts"])
    assert truth(vault, "jdoe")["permissions"] == ["listAccounts", "viewAuditLog"]
    assert done["diff"]["before"] == {"permissions": ["use_accounts", "retrieve_accounts", "list_accounts"]}
    assert play(vault, "jdoe", permissions=["list_accounts", "view_audit_log"])["changed"] is False
    beats(vault, "jdoe", MEMBER, EDIT_MEMBER, permissions=[])


@pytest.mark.parametrize("put", ["clears", "keeps"])
def test_an_edit_sends_the_rest_along(vault: Vault, put: str) -> None:
    """What is left out would be cleared: the end with the permissions, and the other way round."""
    vault.standin.profile["put"] = put
    beats(vault, "jdoe", MEMBER, EDIT_MEMBER, permission_set="use")
    assert truth(vault, "jdoe")["membershipExpirationDate"] == LATER
    done, _body = beats(vault, "jdoe", MEMBER, EDIT_MEMBER, expires="never")
    assert truth(vault, "jdoe")["membershipExpirationDate"] is None
    assert truth(vault, "jdoe")["permissions"] == ["useAccounts", "listAccounts"]
    assert (done["diff"]["before"], done["diff"]["after"]) == (
        {"expires": "2030-03-17T17:46:40Z"},
        {"expires": "never"},
    )


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("2031-01-01", 1_924_992_000),
        ("2031-01-01T00:00:00Z", 1_924_992_000),
        ("2031-01-01T02:00:00+02:00", 1_924_992_000),
        ("2031-01-01 00:00:00", 1_924_992_000),
        ("1924992000", 1_924_992_000),
        (1924992000, 1_924_992_000),
        ("", None),
        ("NEVER", None),
    ],
)
def test_the_end_of_a_membership(vault: Vault, given: Any, seconds: int | None) -> None:
    """In UTC, and the same in each way to write it."""
    done = play(vault, "jdoe", expires=given)
    assert done["changed"] is True, done["msg"]
    assert truth(vault, "jdoe")["membershipExpirationDate"] == seconds
    assert play(vault, "jdoe", expires=given)["changed"] is False
    assert play(vault, "jdoe", expires="never" if seconds is None else "2031-01-01")["changed"] is False


def test_where_a_member_is_found(vault: Vault) -> None:
    """The vault does not show it, so it is not compared."""
    done = play(vault, "DBA", search_in="example.org", permission_set="read", member_type="group")
    assert vault.writes[0].input["searchIn"] == "example.org"
    assert vault.writes[0].input["memberType"] == "Group"
    assert (done["changed"], done["unverified"]) == (True, ["search_in"])
    assert done["member"]["member_type"] == "group"
    again = play(vault, "DBA", search_in="example.org", permission_set="read", member_type="group")
    assert (again["changed"], again["unverified"]) == (False, ["search_in"])
    assert "member_type of member 'DBA'" in play(vault, "DBA", member_type="user")["msg"]
    assert play(vault, "ann@example.org", permission_set="use")["changed"] is True


@pytest.mark.parametrize("args", [{"search_in": "nowhere.org"}, {"search_in": "example.org"}, {}])
def test_a_member_that_no_one_knows(vault: Vault, args: dict[str, str]) -> None:
    """With a hint at the directory."""
    result = play(vault, "ghost", permission_set="use", **args)
    assert result["failed"] is True
    assert result["changed"] is False
    if args.get("search_in") != "nowhere.org":
        assert "Check member, and search_in: the name of the directory" in result["msg"]


@pytest.mark.parametrize("profile", [{}, {"predefined_by_name": "found"}, {"predefined_in_list": "shown"}])
@pytest.mark.parametrize("name", ["Master", "batch", "Auditors"])
def test_a_predefined_member(vault: Vault, profile: Mapping[str, str], name: str) -> None:
    """Never changed, never removed, and never added; as it is, it is fine."""
    vault.standin.profile.update(profile)
    for args in ({"permissions": []}, {"state": "absent"}):
        for check in (True, False):
            result = play(vault, name, check=check, **args)
            assert "is predefined, and the vault does not change or remove such members" in result["msg"]
            assert (vault.writes, result["changed"]) == ([], False)
    assert (
        play(vault, "Auditors", permissions=["list_accounts", "view_audit_log", "view_safe_members"])["changed"]
        is False
    )


def test_a_member_that_someone_else_adds(vault: Vault) -> None:
    """Compared with what there is."""
    message = "SFWS0012 is already a member"
    vault.standin.faults.add(fault="status", operation=ADD_MEMBER, code=409, message=message, after_write=True)
    done = play(vault, "scanner", permission_set="use")
    assert done["changed"] is False, done["msg"]
    assert "made by someone else" in " ".join(texts_of(done))


def test_absent(vault: Vault) -> None:
    """204; gone is gone, with the safe as well."""
    beats(vault, "linux team", MEMBER, REMOVE_MEMBER, state="absent")
    assert truth(vault, "Linux Team") == {}
    assert play(vault, "x", safe="Ghost", state="absent")["changed"] is False
    vault.standin.faults.add(
        fault="status", operation=REMOVE_MEMBER, code=404, message="CAWS00001E x", after_write=True
    )
    assert play(vault, "jdoe", state="absent")["changed"] is False


def test_a_safe_that_is_not_there(vault: Vault) -> None:
    """An error; in check mode an earlier task may be going to make it."""
    result = play(vault, "scanner", safe="Ghost", permission_set="use")
    assert "the vault shows no safe 'Ghost' to this user" in result["msg"]
    assert vault.writes == []
    predicted = play(vault, "scanner", check=True, safe="Ghost", permission_set="use")
    assert predicted["changed"] is True
    assert "Check mode assumes that an earlier task creates it." in " ".join(texts_of(predicted))


def test_ones_own_membership(vault: Vault) -> None:
    """The server's words, and what to do."""
    result = play(vault, "apiuser", permission_set="use")
    assert_refusal(result, 403, "SFWS0013")
    assert "use another API user" in result["msg"]


@pytest.mark.parametrize("name", ["user.name@example.org", "Linux Team"])
def test_names_in_a_path(vault: Vault, name: str) -> None:
    """With a slash behind it, as a name may hold a dot."""
    vault.standin.change(safe="Linux", set={"members": [API_USER, {"memberName": name, "permissions": "read_only"}]})
    assert play(vault, name, permission_set="read")["changed"] is False
    assert play(vault, name, permission_set="use")["changed"] is True
    assert play(vault, name, state="absent")["changed"] is True


@pytest.mark.parametrize("kind", ["number", "guid"])
def test_the_id_of_a_member(vault: Vault, kind: str) -> None:
    """A text in both forms."""
    vault.standin.profile["member_ids"] = kind
    found = play(vault, "jdoe")["member_id"]
    assert isinstance(found, str)
    assert found


def test_the_rights(vault: Vault) -> None:
    """Named in the hint."""
    vault.standin.change(safe="Linux", set={"rights": ["viewSafeMembers"]})
    assert "'Manage Safe Members' (manageSafeMembers)" in play(vault, "scanner", permission_set="use")["msg"]
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert "'View Safe Members' (viewSafeMembers)" in play(vault, "jdoe")["msg"]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"member": ""}, ("member must not be empty",)),
        ({"member": "jdoe "}, ("member begins or ends with a blank",)),
        ({"member": 42}, ("member must be a string",)),
        ({"safe": "\tLinux"}, ("safe begins or ends with a blank",)),
        ({"permissions": ["list_accounts"], "permission_set": "use"}, ("permission_set", "permissions")),
        ({"permissions": ["listAccounts"]}, ("permissions", "list_accounts")),
        ({"permission_set": "admin"}, ("permission_set", "use, read, manage, full")),
        ({"permissions": ["specify_next_account_content"]}, ("permissions cannot hold specify_next_account_content",)),
        (
            {"permissions": ["requests_authorization_level_1", "requests_authorization_level_2"]},
            ("permissions cannot hold both",),
        ),
        ({"expires": "tomorrow"}, ("expires must look like '2027-01-31'",)),
        ({"expires": "-1"}, ("expires must look like",)),
        ({"expires": "9" * 30}, ("expires must look like",)),
        ({"member_type": "team"}, ("member_type",)),
    ],
)
def test_bad_input(vault: Vault, args: Mapping[str, Any], words: tuple[str, ...], check: bool) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(
        vault, vault.run(MEMBER_MODULE, check=check, **{"safe": "Linux", "member": "jdoe", **args}), *words
    )


def test_a_new_member_needs_permissions(vault: Vault) -> None:
    """Said before anything is written, in check mode too."""
    for check in (True, False):
        result = play(vault, "scanner", check=check, expires="never")
        assert "cannot be added without permissions" in result["msg"]
        assert vault.writes == []


def test_names_of_permissions() -> None:
    """All 22, and back."""
    assert len(NAMES) == len(set(NAMES.values())) == 22
    assert NAMES["initiate_cpm_account_management_operations"] == "initiateCPMAccountManagementOperations"
    assert NAMES["requests_authorization_level_2"] == "requestsAuthorizationLevel2"


def test_the_wire_is_the_page(vault: Vault) -> None:
    """The list of members is read only where one cannot be read by its name."""
    play(vault, "Master", permissions=[])
    assert vault.operations == [LOGON, MEMBER, MEMBERS, LOGOFF]
