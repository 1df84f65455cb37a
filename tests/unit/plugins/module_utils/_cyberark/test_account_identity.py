# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account a task means: found without case, through all pages, and never a second one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    APP,
    DETAILS,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    UPDATE,
    Vault,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result


def made(number: int, **more: Any) -> dict[str, Any]:
    """Return an account for the seed."""
    return {
        "safeName": "Linux",
        "platformId": "UnixSSH",
        "name": f"made-{number}",
        "userName": "root",
        "address": f"db01-{number}",
        **more,
    }


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault() as world:
        yield world


@pytest.mark.parametrize(
    "args",
    [
        {"safe": "LINUX", "user_name": "ROOT", "address": "Db01"},
        {"safe": "linux", "name": "DB01-ROOT"},
        {"account_id": "29_3"},
        {"account_id": "29_3", "safe": "linux", "secret_type": "password", "platform_id": "unixssh"},
        {"safe": "Linux", "name": "db01-root", "user_name": "root", "address": "db01"},
    ],
    ids="+".join,
)
def test_found_without_case(vault: Vault, args: dict[str, Any]) -> None:
    """Another case is the same account, and no drift of what it was found by."""
    result = vault.play(**args, platform_properties={"Port": 22})
    assert result["changed"] is False, result
    assert result["account_id"] == "29_3"
    assert result["account"]["user_name"] == "root"
    assert vault.operations == [LOGON, DETAILS if "account_id" in args else LIST, LOGOFF]


def test_settings_by_name_are_compared_exactly(vault: Vault) -> None:
    """What the account is not found by is a setting like others."""
    assert vault.play(**APP, user_name="APP")["diff"]["after"] == {"user_name": "APP"}
    assert vault.patch == [{"op": "replace", "path": "/userName", "value": "APP"}]


@pytest.mark.parametrize("how", ["name", "user"])
@pytest.mark.parametrize("profile", [{}, {"count": "all"}, {"search_name": "yes"}, {"empty_properties": "absent"}])
def test_all_pages_are_read(how: str, profile: dict[str, str]) -> None:
    """The account is the last of 130, on pages of 50."""
    accounts = [made(number) for number in range(129)] + [made(129, name="last", address="db01")]
    with Vault({"accounts": accounts}, profile={"page_limit": "50", **profile}) as vault:
        args = {"name": "LAST"} if how == "name" else {"user_name": "root", "address": "db01", "platform_id": "UnixSSH"}
        result = vault.play(safe="Linux", **args)
        assert result["changed"] is False, result["msg"]
        assert result["account"]["name"] == "last"
        assert vault.operations == [LOGON, LIST, LIST, LIST, LOGOFF]
        queries = [entry.query for entry in vault.journal if entry.operation == LIST]
        assert [query.get("offset") for query in queries] == [None, "50", "100"]
        assert all(query["filter"] == "safeName eq Linux" for query in queries)


def test_a_next_page_that_leads_nowhere(vault: Vault) -> None:
    """A link that does not go on would be followed for ever."""
    vault.standin.faults.add(fault="wrong_type", operation=LIST, where="nextLink", value="api/Accounts?limit=5")
    result = vault.play(**ROOT)
    assert "a next page that leads nowhere" in result["msg"]
    assert vault.writes == []


TWINS = [made(1, name="one", address="db01"), made(2, name="two", address="db01", platformId="UnixSSHKeys")]


def test_several_are_an_error_that_names_them() -> None:
    """Whatever is wanted, also in check mode and for absent."""
    with Vault({"accounts": TWINS}) as vault:
        for more in ({}, {"check": True}, {"state": "absent"}, {"platform_id": "WinServerLocal"}):
            result = vault.play(**ROOT, **more)
            assert result["failed"] is True
            assert (
                "2 accounts match: 29_3 ('one', platform 'UnixSSH'), 29_4 ('two', platform 'UnixSSHKeys')"
                in (result["msg"])
            )
            assert result["changed"] is False
            assert vault.writes == []


def test_the_platform_chooses() -> None:
    """And only chooses: with one account alone it is a setting."""
    with Vault({"accounts": TWINS}) as vault:
        result = vault.play(**ROOT, platform_id="unixsshkeys")
        assert (result["changed"], result["account_id"]) == (False, "29_4")
        vault.standin.change(account="29_3", delete=True)
        result = vault.play(**ROOT, platform_id="UnixSSH")
        assert result["diff"]["before"] == {"platform_id": "UnixSSHKeys"}
        assert vault.operations == [LOGON, LIST, UPDATE, LOGOFF]


def test_nothing_is_created_without_an_identity(vault: Vault) -> None:
    """An account without an address is found by its name, and nothing is looked for in its place."""
    key = {"safe": "Databases", "platform_id": "AWSAccessKeys", "user_name": "bot"}
    refused = vault.play(**key)
    assert "the task does not say which account it means" in refused["msg"]
    assert vault.journal == []
    settings = {**key, "name": "bot-key", "platform_properties": {"AWSAccessKeyID": "AKIA1"}}
    first, second = vault.play(**settings), vault.play(**settings)
    assert (first["changed"], second["changed"]) == (True, False)
    assert len([account for account in vault.truth() if account["safeName"] == "Databases"]) == 1


def refusal(vault: Vault, **args: Any) -> Result:
    """Run in check mode and for real; return the failure, which is the same."""
    results = [vault.play(check=check, **args) for check in (True, False)]
    assert all(result["failed"] and not result["changed"] for result in results), results
    assert vault.writes == []
    assert results[0]["msg"] == results[1]["msg"]
    return results[1]


def test_what_can_not_change(vault: Vault) -> None:
    """Another safe or another kind of secret is an error, not a silent nothing."""
    assert (
        "safe of account 29_3 is 'Linux', and the vault cannot change it to 'Windows'"
        in (refusal(vault, account_id="29_3", safe="Windows")["msg"])
    )
    assert "secret_type of account" in refusal(vault, **ROOT, secret_type="key")["msg"]
    assert vault.play(account_id="29_3", safe="Windows", state="absent")["failed"] is True


def test_an_unknown_id(vault: Vault) -> None:
    """An error for present, no change for absent."""
    assert "no account of this ID" in refusal(vault, account_id="29_99", platform_id="UnixSSH")["msg"]
    assert vault.play(account_id="29_99", state="absent")["changed"] is False


def test_no_platform_for_a_new_account(vault: Vault) -> None:
    """Seen in check mode too."""
    assert "without platform_id none can be created" in refusal(vault, **{**NEW, "platform_id": ...})["msg"]


def test_a_reason_while_management_is_automatic(vault: Vault) -> None:
    """The server would refuse it; so it is said before, of an account and of a new one."""
    for args in (ROOT, NEW):
        result = refusal(vault, **args, manual_management_reason="x")
        assert "automatic management of account" in result["msg"]
    assert vault.play(**APP, manual_management_reason="x")["changed"] is True


def test_words_that_a_url_can_not_carry() -> None:
    """Names with + & % or umlauts are compared here, since the search only narrows."""
    names = ["a+b&c%", "jürgen", "dom\\svc", "x y", "o'neil", "(root)"]
    accounts = [made(number, name=f"n{number}", userName=name, address="h") for number, name in enumerate(names)]
    with Vault({"accounts": accounts}) as vault:
        for number, name in enumerate(names):
            result = vault.play(safe="Linux", user_name=name.upper(), address="h", platform_id="UnixSSH")
            assert not result.get("failed"), result["msg"]
            assert (result["changed"], result["account"]["name"]) == (False, f"n{number}")


def test_a_safe_that_is_closed(vault: Vault) -> None:
    """An account that the user may not see cannot be created either: the vault's own words."""
    result = vault.play(**{**NEW, "safe": "Closed"})
    assert result["failure"]["error_code"] == "PASWS041E"
    assert "The API user needs the right 'Add account' (addAccounts)" in result["msg"]
    assert result["changed"] is False
