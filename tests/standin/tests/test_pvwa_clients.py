# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: a real client through the life of an account, and the cost of a call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiobastion
import pytest

from pvwa_client import PVWA_SEED, ROOT, PvwaClient
from pvwa_standin import Standin


@asynccontextmanager
async def logged_on(standin: Standin) -> AsyncIterator[Any]:
    """Log the PyPI client on and off."""
    settings = {"api_host": standin.url.removeprefix("https://"), "verify": standin.ca_path}
    vault = aiobastion.EPV(serialized=settings)
    await vault.login(standin.username, standin.password, "Cyberark")
    try:
        yield vault
    finally:
        await vault.logoff()


async def life(vault: Any, standin: Standin) -> None:
    """Add, find, read, update, change, delete."""
    new = aiobastion.accounts.PrivilegedAccount(
        "app-web01",
        "UnixSSH",
        "Linux",
        platformAccountProperties={"Port": 22},
        secret='p"w\\x',
        address="web01",
        userName="app",
    )
    number = await vault.account.add_account_to_safe(new)
    sent = standin.journal.writes()[-1]
    assert (sent.input["id"], sent.ignored, number) == ("", ["id"], "29_4")
    with pytest.raises(aiobastion.exceptions.CyberarkAPIException) as twice:
        await vault.account.add_account_to_safe(new)
    assert (twice.value.http_status, twice.value.err_code) == (409, "PASWS027E")

    assert [one.id for one in await vault.account.search_account_by(username="app", safe="Linux")] == [number]
    found = await vault.account.get_account(number)
    assert (found.name, found.platformAccountProperties) == ("app-web01", {"Port": "22"})

    await vault.account.update_single_fc(number, "address", "web02")
    await vault.account.update_single_fc(number, "Location", "Oslo")
    operations = [entry.input[0]["op"] for entry in standin.journal.writes()[-2:]]
    assert operations == ["replace", "add"], "PASWS164E makes it try again with add"
    await vault.account.delete_fc(number, "Port")
    await vault.account.update_file_category(number, ["Tags", "OwnerName"], ["a", "b"])
    with pytest.raises(aiobastion.exceptions.AiobastionException, match="case sensitive"):
        await vault.account.update_single_fc(number, "location", "x")
    found = await vault.account.get_account(number)
    assert found.platformAccountProperties == {"Location": "Oslo", "Tags": "a", "OwnerName": "b"}
    assert found.address == "web02"


async def secrets(vault: Any, standin: Standin, number: str) -> None:
    """Read, change, verify, delete."""
    assert await vault.account.get_password(number) == 'p"w\\x'
    assert await vault.account.set_password(number, "Vault-1") is True
    assert await vault.account.set_next_password(number, "Next-1") is True
    assert await vault.account.get_password(number, reason="test") == "Next-1"
    assert await vault.account.change_password(number) is True
    assert await vault.account.verify(number) is True
    await vault.account.link_reconciliation_account(
        await vault.account.get_account(number), await vault.account.get_account(ROOT)
    )
    assert await vault.account.reconcile(number) is True
    assert len(await vault.account.get_secret_versions(number)) == 5
    assert await vault.account.get_secret_version(number, 2) == "Vault-1"

    await vault.account.disable_password_management(number, "by hand")
    with pytest.raises(aiobastion.exceptions.CyberarkAPIException, match="PASWS159E"):
        await vault.account.resume_password_management(number)
    standin.profile["enable_with_reason"] = "cleared"
    resumed = await vault.account.resume_password_management(number)
    assert resumed.secretManagement["automaticManagementEnabled"] is True

    assert await vault.account.delete(number) is True
    with pytest.raises(aiobastion.exceptions.CyberarkNotFoundException):
        await vault.account.get_account(number)


def test_aiobastion() -> None:
    """The PyPI client works as it is, over TLS, with its own checks of the answers."""

    async def run(standin: Standin) -> None:
        async with logged_on(standin) as vault:
            await life(vault, standin)
            await secrets(vault, standin, "29_4")

    with Standin(tls=True, seed=PVWA_SEED) as standin:
        asyncio.run(run(standin))
        assert standin.journal.operations()[0] == "Logon"
        assert standin.journal.operations()[-1] == "Logoff"
        assert standin.state.sessions == {}
        assert list(standin.state.accounts) == [ROOT, "32_3"]


def test_aiobastion_and_what_fails() -> None:
    """Its own words for a wrong password, a RADIUS challenge, a session that is gone."""

    async def run(standin: Standin) -> None:
        settings = {"api_host": standin.url.removeprefix("https://"), "verify": standin.ca_path}
        vault = aiobastion.EPV(serialized=settings)
        with pytest.raises(aiobastion.exceptions.GetTokenException, match="Invalid credentials"):
            await vault.login(standin.username, "wrong", "LDAP")
        with pytest.raises(aiobastion.exceptions.ChallengeResponseException):
            await vault.login(standin.username, standin.password, "RADIUS")
        await vault.close_session()
        async with logged_on(standin) as vault:
            standin.faults.add(fault="status", code=401, times=1)
            with pytest.raises(aiobastion.exceptions.CyberarkException, match="not logged"):
                await vault.account.get_account(ROOT)

    with Standin(tls=True, seed=PVWA_SEED, profile={"radius": "challenge"}) as standin:
        asyncio.run(run(standin))


def test_aiobastion_pages() -> None:
    """More accounts than one page holds."""

    async def run(standin: Standin) -> None:
        async with logged_on(standin) as vault:
            assert len(await vault.account.search_account_by(safe="Databases")) == 1200

    with Standin(tls=True) as standin:
        for number in range(1200):
            standin.change(add_account={"safeName": "Databases", "platformId": "MySQL", "name": f"o{number}"})
        asyncio.run(run(standin))


def test_a_kept_connection_is_quick() -> None:
    """A call costs a few milliseconds."""
    with Standin(tls=True, seed=PVWA_SEED) as standin:
        client = PvwaClient(standin)
        client.logon()
        took = []
        for _call in range(50):
            began = time.perf_counter()
            client.call("GET", f"/Accounts/{ROOT}")
            took.append(time.perf_counter() - began)
        # The quickest: a delayed ACK would cost each of them 40 ms, a busy machine only some.
        assert min(took) < 0.02
