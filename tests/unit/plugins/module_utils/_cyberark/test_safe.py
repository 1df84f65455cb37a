# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cyberark_safe: what is compared, and what an edit sends along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD_SAFE,
    DELETE_SAFE,
    EDIT_SAFE,
    LOGOFF,
    LOGON,
    SAFE,
    SAFE_MODULE,
    SAFES,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

SEED: dict[str, Any] = {
    "users": [{"name": "apiuser", "password": "L0gon-Passw0rd!"}],
    "safes": [
        {
            "name": "Linux",
            "number": 29,
            "description": "old",
            "managingCPM": "PasswordManager",
            "autoPurgeEnabled": True,
        },
        {"name": "Versions", "number": 30, "numberOfVersionsRetention": 5, "olacEnabled": True},
        {"name": "Closed", "number": 31, "rights": []},
        {"name": "R&D", "number": 32},
        {"name": "Two Words", "number": 33},
    ],
    "accounts": [{"safeName": "Versions", "platformId": "UnixSSH", "name": "a", "userName": "u", "address": "h"}],
}


@pytest.fixture(params=["module", "action"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    """A stand-in with some safes."""
    with Vault(SEED, road=request.param) as world:
        yield world


def play(vault: Vault, name: str, *, check: bool = False, **args: Any) -> Result:
    """Run the module."""
    return vault.run(SAFE_MODULE, check=check, name=name, **args)


def safe(vault: Vault, name: str) -> dict[str, Any]:
    """Return the truth about one safe, empty if there is none."""
    return next((one for one in vault.standin.dump()["safes"] if one["name"] == name), {})


def beats(vault: Vault, name: str, *requests: str, **args: Any) -> tuple[Result, Any]:
    """Play check, real, check again and again; return the result and the body of the one write."""
    predicted = play(vault, name, check=True, **args)
    assert vault.writes == []
    done = play(vault, name, **args)
    assert not done.get("failed"), done["msg"]
    (write,) = vault.writes
    assert vault.operations == [LOGON, *requests, LOGOFF]
    assert predicted["changed"] is done["changed"] is True
    assert predicted["diff"] == done["diff"]
    assert [text for text in texts_of(done) if "not encrypted" not in text] == []
    for check in (True, False):
        again = play(vault, name, check=check, **args)
        assert again["changed"] is False, again["msg"]
        if args.get("state") != "absent" and "new_name" not in args:
            assert vault.operations == [LOGON, SAFE, LOGOFF]
            assert again["safe"] == done["safe"]
    assert sorted(predicted["safe"]) == sorted(done["safe"]) == sorted(again["safe"])
    return done, write.input


def test_create(vault: Vault) -> None:
    """One POST; the retention is that of the web page."""
    done, body = beats(vault, "Two Blanks", SAFE, ADD_SAFE, description="d", managing_cpm="passwordmanager")
    assert body == {
        "safeName": "Two Blanks",
        "description": "d",
        "managingCPM": "passwordmanager",
        "numberOfDaysRetention": 7,
    }
    assert done["verified"] == ["description", "managing_cpm"]
    assert done["diff"]["after"]["days_retention"] == 7
    assert done["safe_url_id"] == "Two%20Blanks"
    assert done["safe"]["managing_cpm"] == "PasswordManager"


@pytest.mark.parametrize("put", ["clears", "keeps"])
def test_an_edit_sends_the_rest_along(vault: Vault, put: str) -> None:
    """What is left out would be cleared."""
    vault.standin.profile["put"] = put
    before = safe(vault, "Linux")
    done, body = beats(vault, "linux", SAFE, EDIT_SAFE, description="new")
    assert body["autoPurgeEnabled"] is True
    assert body["managingCPM"] == "PasswordManager"
    assert safe(vault, "Linux") == {
        **before,
        "description": "new",
        "lastModificationTime": safe(vault, "Linux")["lastModificationTime"],
    }
    assert (done["diff"]["before"], done["diff"]["after"]) == ({"description": "old"}, {"description": "new"})
    beats(vault, "Linux", SAFE, EDIT_SAFE, description="", managing_cpm="", auto_purge=False)
    assert (safe(vault, "Linux")["description"], safe(vault, "Linux")["managingCPM"]) == ("", "")


def test_the_two_kinds_of_retention(vault: Vault) -> None:
    """Exactly one of them, and the other goes."""
    done, body = beats(vault, "Linux", SAFE, EDIT_SAFE, versions_retention=3)
    assert "numberOfDaysRetention" not in body
    assert done["diff"]["before"] == {"days_retention": 7}
    assert done["verified"] == ["versions_retention"]
    assert done["safe"]["days_retention"] is None
    _done, body = beats(vault, "Versions", SAFE, EDIT_SAFE, days_retention=0)
    assert "numberOfVersionsRetention" not in body
    beats(vault, "Other", SAFE, ADD_SAFE, versions_retention=999)


def test_rename(vault: Vault) -> None:
    """Either name is the safe; two safes are an error."""
    done, body = beats(vault, "Linux", SAFE, SAFE, EDIT_SAFE, new_name="Linux New")
    assert body["safeName"] == "Linux New"
    assert done["safe"]["name"] == "Linux New"
    assert (done["diff"]["before"], done["diff"]["after"]) == ({"name": "Linux"}, {"name": "Linux New"})
    result = play(vault, "Linux New", new_name="Versions")
    assert "cannot be renamed, since there is another safe of the new name" in result["msg"]
    assert vault.writes == []
    assert play(vault, "linux new", new_name="LINUX NEW")["changed"] is True
    made = play(vault, "Nothing", new_name="Fresh", description="d")
    assert (made["changed"], made["safe"]["name"]) == (True, "Fresh")


def test_absent(vault: Vault) -> None:
    """204; one with content is the server's decision, in its words."""
    beats(vault, "two words", SAFE, DELETE_SAFE, state="absent")
    result = play(vault, "Versions", state="absent")
    assert_refusal(result, 400)
    assert "is not empty" in result["msg"]
    vault.standin.profile["full_safe"] = "deleted"
    assert play(vault, "Versions", state="absent")["changed"] is True


def test_what_the_vault_cannot_turn_off(vault: Vault) -> None:
    """Said before anything is written, in check mode too."""
    for check in (True, False):
        result = play(vault, "Versions", check=check, olac_enabled=False)
        assert "olac_enabled of safe 'Versions' is on, and the vault cannot turn it off" in result["msg"]
        assert vault.writes == []
    assert play(vault, "Linux", olac_enabled=False)["changed"] is False


def test_a_safe_that_the_user_does_not_see(vault: Vault) -> None:
    """409 without a safe that can be read."""
    result = play(vault, "Closed", description="x")
    assert_refusal(result, 409, "SFWS0002")
    assert "the API user is not a member of it" in result["msg"]
    assert result["changed"] is False


def test_a_safe_that_someone_else_makes(vault: Vault) -> None:
    """Compared with what there is."""
    vault.standin.faults.add(fault="status", operation=ADD_SAFE, code=409, message="SFWS0002 exists", after_write=True)
    done = play(vault, "Raced", description="d")
    assert done["changed"] is False, done["msg"]
    assert "made by someone else" in " ".join(texts_of(done))


@pytest.mark.parametrize("characters", ["refused", "not_found"])
def test_a_name_that_no_url_can_carry(vault: Vault, characters: str) -> None:
    """Found in the list; such a name cannot be new."""
    vault.standin.profile["url_characters"] = characters
    done = play(vault, "r&d", state="present")
    assert (done["changed"], done["safe"]["name"]) == (False, "R&D"), done["msg"]
    assert vault.operations == [LOGON, SAFES, LOGOFF]
    assert "the name holds '&'" in play(vault, "A&B")["msg"]


def test_the_rights(vault: Vault) -> None:
    """Named in the hint."""
    vault.standin.change(user="apiuser", set={"vault_rights": []})
    assert "'Add Safes' in the vault" in play(vault, "Fresh")["msg"]
    assert "'Manage Safes' in the vault" in play(vault, "Linux", description="x")["msg"]
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert "'Manage Safe' (manageSafe) in the safe" in play(vault, "Linux", state="absent")["msg"]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"name": ""}, ("name must not be empty",)),
        ({"name": " Linux"}, ("name begins or ends with a blank",)),
        ({"name": 42}, ("name must be a string", "Put it in quotes")),
        ({"name": "x", "new_name": "y\t"}, ("new_name begins or ends with a blank",)),
        ({"name": "x", "versions_retention": 1, "days_retention": 1}, ("versions_retention", "days_retention")),
        ({"name": "x", "versions_retention": 0}, ("versions_retention must be 1 to 999",)),
        ({"name": "x", "days_retention": 4000}, ("days_retention must be 0 to 3650",)),
        ({"name": "x", "description": "d" * 101}, ("description has more than 100 characters",)),
    ],
)
def test_bad_input(vault: Vault, args: Mapping[str, Any], words: tuple[str, ...], check: bool) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(vault, vault.run(SAFE_MODULE, check=check, **args), *words)


@pytest.mark.parametrize("name", ["n" * 29, "a/b", "a:b", "100%", 'a"b'])
def test_names_that_the_vault_does_not_make(vault: Vault, name: str) -> None:
    """Said before anything is written, in check mode too."""
    for check in (True, False):
        assert "the vault does not allow a safe named" in play(vault, name, check=check)["msg"]
        assert vault.writes == []
    assert play(vault, name, state="absent")["changed"] is False
