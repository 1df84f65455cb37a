# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: logon, logoff, sessions, and what holds for every call."""

from __future__ import annotations

import base64

import pytest
import requests

from pvwa_client import PVWA_SEED, ROOT, PvwaClient
from pvwa_standin import Standin


@pytest.mark.parametrize("method", ["CyberArk", "ldap", "RADIUS", "wInDoWs"])
def test_logon(pvwa: Standin, method: str) -> None:
    """Any case of the method; the body is one JSON string, the cookie is set."""
    client = PvwaClient(pvwa)
    answer = client.raw("POST", f"/auth/{method}/Logon/", json={"UserName": pvwa.username, "PASSWORD": pvwa.password})
    assert answer.status_code == 200
    assert base64.b64decode(answer.json())
    assert answer.headers["Set-Cookie"].startswith("CA22222=")
    assert "path=/PasswordVault/; HttpOnly" in answer.headers["Set-Cookie"]
    assert client.call("GET", "/Accounts", headers={"Authorization": answer.json()})["count"] == 1
    entries = pvwa.journal.entries
    assert [(entry.operation, entry.write) for entry in entries] == [("Logon", False), ("Get accounts", False)]


def test_logon_that_fails(pvwa: Standin) -> None:
    """403 PASWS013E; a missing field; a method that this server has not; a body that is no JSON."""
    client = PvwaClient(pvwa)
    for wrong in ({"password": "wrong"}, {"username": "nobody"}):
        assert client.logon(status=403, **wrong)["ErrorCode"] == "PASWS013E"
    assert client.logon(status=400, password=None)["ErrorCode"] == "PASWS017E"
    pvwa.profile["logon_failure"] = "401"
    assert client.logon(status=401, password="x")["ErrorMessage"] == (
        f"Failed to logon. Reason: Authentication failure for User {pvwa.username}"
    )
    assert client.raw("POST", "/auth/PKI/Logon", json={}).status_code == 404
    assert (
        client.raw("POST", "/auth/LDAP/Logon", data="{", headers={"Content-Type": "application/json"}).status_code
        == 400
    )
    assert client.raw("POST", "/auth/LDAP/Logon", data="a=b").status_code == 415
    assert pvwa.state.sessions == {}


@pytest.mark.parametrize("token", [None, "", "wrong", "Bearer {token}"])
def test_no_session(api: PvwaClient, token: str | None) -> None:
    """A missing, empty or foreign token, and one with a scheme word before it."""
    known = api.session.headers.pop("Authorization")
    header = token if token is None else token.format(token=known)
    for method, path in (("GET", "/Accounts"), ("PATCH", f"/Accounts/{ROOT}"), ("POST", "/Auth/Logoff")):
        assert api.error(method, path, status=401, headers={"Authorization": header}) == "PASWS006E"


def test_logoff(api: PvwaClient) -> None:
    """The token is dead at once."""
    assert api.raw("POST", "/Auth/Logoff").text == '{"LogoffUrl":""}'
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"


def test_one_session_without_concurrent_session(pvwa: Standin) -> None:
    """A second logon ends the first session, unless it says concurrentSession."""
    first, second = PvwaClient(pvwa), PvwaClient(pvwa)
    first.logon()
    second.logon(concurrentSession=True)
    first.call("GET", "/Accounts")
    second.logon()
    assert first.error("GET", "/Accounts", status=401) == "PASWS006E"
    second.call("GET", "/Accounts")


def test_session_limit(pvwa: Standin) -> None:
    """The 301st session is refused."""
    user = pvwa.state.user(pvwa.username)
    assert user is not None
    for _session in range(299):
        pvwa.state.open_session(user, "c")
    client = PvwaClient(pvwa)
    client.logon(concurrentSession=True)
    refused = client.logon(concurrentSession=True, status=403)
    assert refused["ErrorMessage"] == (
        f"The number of concurrent dynamic sessions for user {user.name} has reached its limit (300)"
    )
    client.call("POST", "/Auth/Logoff")
    client.logon(concurrentSession=True)


def test_sessions_end(api: PvwaClient) -> None:
    """After a time without a call, on a fault, and by an edit."""
    for seconds in ("1000", "2000"):
        api.standin.profile["clock_offset"] = seconds
        api.call("GET", "/Accounts")
    api.standin.profile["clock_offset"] = "3300"
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    api.logon()
    api.standin.faults.add(fault="expired", nth=2)
    api.call("GET", "/Accounts")
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    api.logon()
    api.standin.faults.set([{"fault": "expired", "method": "PATCH", "after_write": True}])
    api.patch(("replace", "/address", "db02"))
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    api.logon()
    api.standin.change(expire_sessions=True)
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"


def test_sticky_sessions(api: PvwaClient) -> None:
    """Behind a balancer a token is nothing without the cookie of its node."""
    api.standin.profile["sticky"] = "required"
    api.call("GET", "/Accounts")
    api.session.cookies.clear()
    assert api.error("GET", "/Accounts", status=401) == "PASWS006E"
    assert api.error("GET", "/Accounts", status=401, cookies={"CA22222": "other"}) == "PASWS006E"


def test_radius(pvwa: Standin) -> None:
    """A challenge on the same web session, or password and passcode at once."""
    client, other = PvwaClient(pvwa), PvwaClient(pvwa)
    pvwa.profile["radius"] = "challenge"
    assert client.logon("RADIUS", 500)["ErrorCode"] == "ITATS542I"
    assert other.logon("RADIUS", 403, password="123456")["ErrorCode"] == "PASWS013E"
    assert client.logon("RADIUS", 403, password="000000")["ErrorCode"] == "PASWS013E"
    client.logon("RADIUS", password="123456")
    other.logon("RADIUS", password=f"{pvwa.password},123456")
    pvwa.profile["radius"] = "otp"
    other.logon("RADIUS", 403)
    other.logon("RADIUS", password=f"{pvwa.password},123456")
    other.logon("LDAP")


def test_new_password(pvwa: Standin) -> None:
    """An expired password is 409; newPassword counts for CyberArk and LDAP only."""
    client = PvwaClient(pvwa)
    before = pvwa.password
    pvwa.change(user=pvwa.username, set={"password_expired": True})
    client.logon(status=409)
    client.logon("Windows", status=409, newPassword="New-1")
    client.logon(newPassword="New-1")
    assert pvwa.password == "New-1"
    pvwa.reset()
    assert pvwa.password == before


@pytest.mark.parametrize(
    "path",
    [
        f"/PasswordVault/API/Accounts/{ROOT}",
        f"/passwordvault/api/accounts/{ROOT}/",
        f"/PASSWORDVAULT/Api/ACCOUNTS/{ROOT}",
    ],
)
def test_paths(api: PvwaClient, path: str) -> None:
    """Any case, with and without a slash at the end."""
    assert api.session.get(api.standin.url + path, timeout=5).json()["id"] == ROOT


def test_unknown_paths(api: PvwaClient) -> None:
    """404 for a path, 405 for a method, both pages of the web server."""
    for method, path, status in (
        ("GET", "/Platforms", 404),
        ("GET", f"/Accounts/{ROOT}//", 404),
        ("PUT", f"/Accounts/{ROOT}", 405),
    ):
        answer = api.raw(method, path)
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (status, "text/html")


@pytest.mark.parametrize("value", ["a+b", "a&b", "100%"])
def test_characters_in_urls(api: PvwaClient, value: str) -> None:
    """Encoded or not, + & % are not supported in URL values; a plus for a blank is fine."""
    answer = api.raw("GET", "/Accounts", params={"search": value})
    assert (answer.status_code, answer.text[:6]) == (400, "<html>")
    assert api.raw("GET", f"/Accounts/{value.replace('%', '%25')}").status_code == 400
    api.standin.profile["url_characters"] = "accepted"
    assert api.found(search=value) == []
    assert api.raw("GET", "/Accounts?filter=safeName+eq+Linux").json()["count"] == 1


def test_cookie_over_tls() -> None:
    """The cookie is `secure` there."""
    with Standin(tls=True, seed=PVWA_SEED, profile={"sticky": "required"}) as standin:
        client = PvwaClient(standin)
        client.logon()
        assert client.found() == [ROOT]
        assert [cookie.secure for cookie in client.session.cookies] == [True]
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(standin.url, timeout=5, verify=True)
