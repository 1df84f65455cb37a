# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module cyberark_account_info: what it asks for, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    DETAILS,
    INFO_MODULE,
    LIST,
    LOGOFF,
    LOGON,
    SEED,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

SECRETS = ("Old-Passw0rd!", "App-Passw0rd!")


@pytest.fixture(params=["module", "action"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault(road=request.param) as world:
        yield world


def find(vault: Vault, *, check: bool = False, **args: Any) -> Result:
    """Run the module; nothing is ever written, and no secret is told."""
    before = vault.truth()
    result = vault.run(INFO_MODULE, check=check, **args)
    assert (vault.writes, vault.truth()) == ([], before)
    assert not any(secret in vault.printed + str(result) for secret in SECRETS)
    return result


def names(result: Result) -> list[str]:
    """Return the names of the accounts that were found."""
    assert not result.get("failed"), result["msg"]
    return [account["name"] for account in result["accounts"]]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({}, ["db01-root", "db01-app", "dom-svc"]),
        ({"safe": "LINUX"}, ["db01-root", "db01-app"]),
        ({"search": "root"}, ["db01-root"]),
        ({"search": "db01 app"}, ["db01-app"]),
        ({"search": "oot"}, ["db01-root"]),
        ({"search": "oot", "search_type": "startswith"}, []),
        ({"safe": "Windows", "search": "svc"}, ["dom-svc"]),
        ({"safe": "Nowhere"}, []),
        ({"filter": ["safeName eq Windows"]}, ["dom-svc"]),
        ({"safe": "Linux", "filter": ["modificationTime gte 1"]}, ["db01-root", "db01-app"]),
        ({"filter": ["modificationTime gte 9999999999"]}, []),
    ],
)
def test_searches(vault: Vault, args: dict[str, Any], found: list[str]) -> None:
    """By words, safe and filters; the same in check mode."""
    result = find(vault, **args)
    assert sorted(names(result)) == sorted(found)
    assert (result["changed"], result["complete"]) == (False, True)
    assert result["msg"] == f"found {len(found)} account{'' if len(found) == 1 else 's'}"
    assert vault.operations == [LOGON, LIST, LOGOFF]
    assert find(vault, check=True, **args)["accounts"] == result["accounts"]


def test_the_shape(vault: Vault) -> None:
    """All settings of each account, in one shape."""
    root, app, svc = find(vault)["accounts"]
    assert root == {
        "account_id": "29_3",
        "safe": "Linux",
        "name": "db01-root",
        "user_name": "root",
        "address": "db01",
        "platform_id": "UnixSSH",
        "secret_type": "password",
        "platform_properties": {"Port": "22", "Location": "Vienna"},
        "automatic_management": True,
        "manual_management_reason": "",
        "remote_machines": [],
        "restrict_to_remote_machines": None,
    }
    assert (app["automatic_management"], app["manual_management_reason"]) == (False, "static")
    assert (svc["remote_machines"], svc["restrict_to_remote_machines"]) == (["h1", "h2"], True)


@pytest.mark.parametrize("times", ["seconds", "datetime"])
def test_details(vault: Vault, times: str) -> None:
    """Status and times of the CPM's work, in each form, one request for each account."""
    vault.standin.profile["times"] = times
    management = {"status": "failure", "lastVerifiedTime": 1_790_000_000}
    vault.standin.change(account="29_3", set={"secretManagement": management})
    root, app = find(vault, safe="Linux", details=True)["accounts"]
    assert vault.operations == [LOGON, LIST, DETAILS, DETAILS, LOGOFF]
    assert (root["status"], root["last_verified"], root["last_reconciled"]) == ("failure", "2026-09-21T14:13:20Z", None)
    assert app["status"] is None


@pytest.mark.parametrize("quotes", ["literal", "required"])
def test_a_safe_with_blanks(quotes: str) -> None:
    """Found as the version wants it."""
    account = {**SEED["accounts"][0], "safeName": "Two Words", "id": "40_3"}
    with Vault({**SEED, "accounts": [account]}, profile={"filter_quotes": quotes}) as vault:
        assert names(find(vault, safe="Two Words")) == ["db01-root"]


@pytest.mark.parametrize(
    ("profile", "complete"),
    [({"max_displayed_records": "2", "count": "all"}, False), ({"page_limit": "1"}, True), ({"empty_page": "1"}, True)],
)
def test_a_list_in_pages(vault: Vault, profile: Mapping[str, str], complete: bool) -> None:
    """All that the server shows, and a warning where that is not all."""
    vault.standin.profile.update(profile)
    result = find(vault)
    assert (len(result["accounts"]), result["complete"]) == (3 if complete else 2, complete)
    assert ("MaxDisplayedRecords" in " ".join(texts_of(result))) is not complete


def test_an_account_that_goes_meanwhile(vault: Vault) -> None:
    """It is told as it was listed."""
    vault.standin.faults.add(fault="status", operation=DETAILS, code=404, message="CAWS00001E gone", nth=1)
    assert names(find(vault, safe="Linux", details=True)) == ["db01-root", "db01-app"]


def test_a_filter_that_the_server_does_not_know(vault: Vault) -> None:
    """In its words."""
    assert_refusal(find(vault, filter=["colour eq red"]), 400)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"safe": "Linux "}, ("safe begins or ends with a blank",)),
        ({"filter": [" "]}, ("filter must have no empty entry",)),
        ({"safe": 5}, ("safe must be a string",)),
    ],
)
def test_bad_input(vault: Vault, args: dict[str, Any], words: tuple[str, ...]) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(vault, vault.run(INFO_MODULE, **args), *words)
