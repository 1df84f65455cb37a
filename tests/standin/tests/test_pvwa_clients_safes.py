# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: a real client with safes, members, linked accounts, the CPM, reasons and bearer tokens, over TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiobastion
import pytest
import requests
from aiobastion.exceptions import CyberarkAPIException, CyberarkException, CyberarkNotFoundException

from pvwa_client import PVWA_SEED, ROOT
from pvwa_standin import Standin
from test_pvwa_clients import logged_on


def play(scene: Callable[[Any, Standin], Awaitable[None]], **options: Any) -> None:
    """Run a scene with a client that is logged on."""

    async def run(standin: Standin) -> None:
        async with logged_on(standin) as vault:
            await scene(vault, standin)

    with Standin(tls=True, seed=PVWA_SEED, **options) as standin:
        asyncio.run(run(standin))


def test_safes() -> None:
    """Add, find, read, rename, edit, delete; its own words for what exists and what does not."""

    async def scene(vault: Any, standin: Standin) -> None:
        made = await vault.safe.add("App", description="web", cpm="PasswordManager", days=7)
        assert (made["safeName"], made["numberOfDaysRetention"], made["location"]) == ("App", 7, "\\")
        # It adds these two by itself.
        assert sorted(await vault.safe.list_members("App")) == ["Administrator", "Vault Admins", "apiuser"]
        with pytest.raises(CyberarkAPIException) as twice:
            await vault.safe.add("app", add_admins=False)
        assert (twice.value.http_status, twice.value.err_code) == (409, "SFWS0002")
        assert await vault.safe.exists("App") is True
        assert await vault.safe.exists("Closed") is False
        assert await vault.safe.list() == ["App", "Databases", "Linux", "Read Only", "Windows"]
        # Its default, a boolean, is refused by its own HTTP library.
        details = await vault.safe.get_safe_details("Linux", include_accounts="true")
        assert details["accounts"] == [{"id": ROOT, "name": "linux-db01-root"}]
        renamed = await vault.safe.rename("App", "App2")
        assert (renamed["description"], renamed["managingCPM"]) == ("web", "PasswordManager")
        # It sends only what it is given: the rest is cleared, unless the server keeps it.
        edited = await vault.safe.update("App2", versions=3)
        assert (edited["numberOfVersionsRetention"], edited["description"]) == (3, "")
        assert await vault.safe.delete("App2") is True
        with pytest.raises(CyberarkNotFoundException):
            await vault.safe.get_safe_details("App2", include_accounts="false")
        with pytest.raises(CyberarkAPIException):
            await vault.safe.delete("Linux")

    play(scene)


def test_many_safes_and_members() -> None:
    """More than its pages hold."""

    async def scene(vault: Any, standin: Standin) -> None:
        for number in range(150):
            standin.change(add_safe=f"Team {number:03}")
        members = [{"memberName": f"user{number:03}"} for number in range(150)]
        standin.change(safe="Linux", set={"members": members, "rights": None})
        assert len(await vault.safe.search("team")) == 150
        assert len(await vault.safe.list_members("Linux")) == 151

    play(scene)


def test_members() -> None:
    """Add, list, read, remove; a profile of permissions; its own words."""

    async def scene(vault: Any, standin: Standin) -> None:
        await vault.safe.add_member("Linux", "otheruser", useAccounts=True, listAccounts=True)
        await vault.safe.add_member("Linux", "jdoe", search_in="example.org", listAccounts=True)
        await vault.safe.add_member_profile("Linux", "Linux Team", "show")
        permissions = await vault.safe.get_permissions("Linux", "otheruser")
        assert sorted(name for name, on in permissions.items() if on) == ["listAccounts", "useAccounts"]
        assert await vault.safe.is_member_of("Linux", "jdoe") is True
        details = await vault.safe.list_members("Linux", filter_perm="retrieveAccounts", details=True)
        assert [(one["username"], one["type"]) for one in details] == [("apiuser", "User"), ("Linux Team", "Group")]
        with_predefined = vault.safe.safe_members_iterator("Linux", include_predefined_users=True, member_type="user")
        assert "Master" in [one["memberName"] async for one in with_predefined]
        with pytest.raises(CyberarkAPIException) as twice:
            await vault.safe.add_member("Linux", "otheruser", listAccounts=True)
        assert (twice.value.http_status, twice.value.err_code) == (409, "SFWS0012")
        with pytest.raises(CyberarkException, match="was not found"):
            await vault.safe.add_member("Linux", "nobody")
        assert await vault.safe.remove_member("Linux", "otheruser") is True
        with pytest.raises(CyberarkNotFoundException):
            await vault.safe.remove_member("Linux", "otheruser")
        with pytest.raises(CyberarkAPIException) as own:
            await vault.safe.remove_member("Linux", "apiuser")
        assert own.value.err_code == "SFWS0013"

    play(scene)


@pytest.mark.parametrize(
    ("server", "version", "index"), [("all", "14.2.0", "extraPasswordIndex"), ("link_only", "12.1.1", "ExtraPassID")]
)
def test_links(server: str, version: str, index: str) -> None:
    """It asks for the version first, and sends the index under the name that the version has."""

    async def scene(vault: Any, standin: Standin) -> None:
        standin.change(add_account={"safeName": "Windows", "platformId": "UnixSSH", "name": "rec", "id": "30_3"})
        account, target = await vault.account.get_account(ROOT), await vault.account.get_account("30_3")
        assert await vault.account.link_reconciliation_account(account, target) is True
        assert standin.journal.writes()[-1].input == {"safe": "Windows", index: 3, "name": "rec", "folder": "Root"}
        assert standin.state.accounts[ROOT].links == {3: "30_3"}
        assert await vault.account.link_account(account, target, 1) is True
        if server == "link_only":
            with pytest.raises(CyberarkNotFoundException):
                await vault.account.unlink_account(account, 1)
            return
        assert await vault.account.unlink_account(account, 1) is True
        assert await vault.account.remove_reconcile_account(account) is True
        assert standin.state.accounts[ROOT].links == {}
        target.name = "nobody"
        with pytest.raises(CyberarkNotFoundException):
            await vault.account.link_reconciliation_account(account, target)

    play(scene, profile={"linked_accounts": server, "version": version})


def test_the_cpm() -> None:
    """It polls the status, and finds the CPM's words in the activities."""

    async def statuses(vault: Any, count: int) -> list[str]:
        accounts = [await vault.account.get_account(ROOT) for _poll in range(count)]
        return [(await vault.account.get_cpm_status(account))["status"] for account in accounts]

    async def scene(vault: Any, standin: Standin) -> None:
        assert await vault.account.verify(ROOT) is True
        assert await statuses(vault, 3) == ["inProcess", "inProcess", "success"]
        standin.change(account=ROOT, set={"cpmErrors": {"change": "The target refused it"}})
        assert await vault.account.change_password(ROOT) is True
        assert await statuses(vault, 3) == ["inProcess", "inProcess", "failure"]
        assert await vault.account.last_cpm_error_message(ROOT) == " The target refused it"
        assert await vault.account.get_password(ROOT) == "Old-Secret-1"
        standin.change(account=ROOT, set={"cpmErrors": {}})
        assert await vault.account.set_next_password(ROOT, "Next-One") is True
        assert await statuses(vault, 3) == ["inProcess", "inProcess", "success"]
        assert await vault.account.get_password(ROOT) == "Next-One"
        assert await vault.account.reconcile(ROOT) is True
        assert await statuses(vault, 3) == ["inProcess", "inProcess", "failure"]
        assert await vault.account.last_cpm_error_message(ROOT) == " No reconcile account is linked"
        assert [task.action for task in standin.state.tasks] == ["verify", "change", "change", "reconcile"]

    play(scene, profile={"cpm": "polls", "cpm_polls": "2"})


def test_reasons() -> None:
    """A platform that wants one, and the reason in the state."""

    async def scene(vault: Any, standin: Standin) -> None:
        standin.change(account=ROOT, set={"platformId": "UnixSSHReason"})
        with pytest.raises(CyberarkAPIException) as refused:
            await vault.account.get_password(ROOT)
        assert (refused.value.http_status, refused.value.err_code) == (400, "PASWS088E")
        assert await vault.account.get_password(ROOT, reason="audit") == "Old-Secret-1"
        assert [one["reason"] for one in standin.state.retrievals] == ["audit"]

    play(scene)


def test_bearer_tokens() -> None:
    """Given one, it works without a logon, until the token ends."""

    async def run(standin: Standin) -> None:
        form = {"grant_type": "client_credentials", "client_id": standin.username, "client_secret": standin.password}
        session = requests.Session()
        session.trust_env, session.verify = False, standin.ca_path
        answer = session.post(f"{standin.url}/oauth2/platformtoken", data=form, timeout=5).json()
        word = f"{answer['token_type']} {answer['access_token']}"
        settings = {"api_host": standin.url.removeprefix("https://"), "verify": standin.ca_path, "token": word}
        vault = aiobastion.EPV(serialized=settings)
        vault.validate_and_setup_ssl()
        try:
            assert (await vault.account.get_account(ROOT)).name == "linux-db01-root"
            assert await vault.safe.exists("Linux") is True
            standin.change(expire_sessions=True)
            with pytest.raises(CyberarkException, match="not logged"):
                await vault.account.get_account(ROOT)
        finally:
            await vault.close_session()

    with Standin(tls=True, seed=PVWA_SEED, profile={"edition": "cloud"}) as standin:
        asyncio.run(run(standin))
        assert "Logon" not in standin.journal.operations()
