# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PVWA: bearer tokens of an Identity tenant."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from pvwa_client import PVWA_SEED, ROOT, PvwaClient
from pvwa_standin import Standin


def token(pvwa: Standin, **given: Any) -> requests.Response:
    """Ask for a token, as clients do: form-encoded."""
    body = {"grant_type": "client_credentials", "client_id": pvwa.username, "client_secret": pvwa.password, **given}
    return requests.post(f"{pvwa.url}/oauth2/platformtoken", data=body, timeout=5)


def bearer(pvwa: Standin) -> PvwaClient:
    """Return a client with a token."""
    client = PvwaClient(pvwa)
    client.session.headers["Authorization"] = f"Bearer {token(pvwa).json()['access_token']}"
    return client


def test_a_token(pvwa: Standin) -> None:
    """JSON with the token and its lifetime; behind the word Bearer it counts for each call, writes included."""
    answer = token(pvwa)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    assert body["access_token"].count(".") == 2
    assert "Set-Cookie" not in answer.headers
    client = PvwaClient(pvwa)
    client.session.headers["Authorization"] = f"Bearer {body['access_token']}"
    assert client.found() == [ROOT]
    client.patch(("replace", "/address", "db02"))
    entry = pvwa.journal.entries[0]
    assert (entry.operation, entry.write, entry.input["grant_type"]) == ("Get token", False, "client_credentials")
    pvwa.profile["oauth_expires_in"] = "missing"
    assert set(token(pvwa).json()) == {"access_token", "token_type"}


def test_both_kinds_of_tokens(api: PvwaClient, pvwa: Standin) -> None:
    """A JWT needs the word, a session token must not have it; neither ends the other."""
    client = bearer(pvwa)
    bare = str(client.session.headers["Authorization"]).removeprefix("Bearer ")
    assert client.error("GET", "/Accounts", status=401, headers={"Authorization": bare}) == "PASWS006E"
    own = f"Bearer {api.session.headers['Authorization']!s}"
    assert api.error("GET", "/Accounts", status=401, headers={"Authorization": own}) == "PASWS006E"
    api.logon()
    assert client.found() == api.found() == [ROOT]
    pvwa.profile["sticky"] = "required"
    assert client.found() == [ROOT]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
@pytest.mark.parametrize("status", ["401", "400", "403"])
def test_refused(pvwa: Standin, given: dict[str, Any], error: str, status: str) -> None:
    """The form of OAuth; no session."""
    pvwa.profile["oauth_failure"] = status
    answer = token(pvwa, **given)
    assert (answer.status_code, answer.json()["error"]) == (int(status), error)
    assert set(answer.json()) == {"error", "error_description"}
    assert pvwa.state.sessions == {}


def test_only_clients_that_are_marked(pvwa: Standin) -> None:
    """A user of the vault alone is none; JSON is no form."""
    pvwa.change(user="apiuser", set={"oauth": False})
    assert token(pvwa).json()["error"] == "invalid_client"
    pvwa.change(user="apiuser", set={"oauth": True})
    body = {"grant_type": "client_credentials", "client_id": pvwa.username, "client_secret": pvwa.password}
    answer = requests.post(f"{pvwa.url}/oauth2/platformtoken", json=body, timeout=5)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_expiry(pvwa: Standin) -> None:
    """At its time, used or not; on an edit; by a fault; a new one counts again."""
    client = bearer(pvwa)
    pvwa.profile["clock_offset"] = "3500"
    assert client.found() == [ROOT]
    pvwa.profile["clock_offset"] = "3700"
    assert client.error("GET", "/Accounts", status=401) == "PASWS006E"
    client = bearer(pvwa)
    pvwa.change(expire_sessions=True)
    assert client.error("GET", "/Accounts", status=401) == "PASWS006E"
    client = bearer(pvwa)
    pvwa.faults.add(fault="expired", method="PATCH", times=1)
    assert client.found() == [ROOT]
    assert client.refused(("replace", "/address", "db02"), status=401) == "PASWS006E"
    pvwa.profile["oauth_lifetime"] = "0"
    assert bearer(pvwa).error("GET", "/Accounts", status=401) == "PASWS006E"


@pytest.mark.parametrize(("form", "text"), [("gateway", '{"code":"401","message":"Unauthorized"'), ("empty", "")])
def test_other_forms_of_a_401(pvwa: Standin, form: str, text: str) -> None:
    """A gateway in front may answer in its own way, for bearer tokens alone."""
    pvwa.profile["bearer_failure"] = form
    answer = PvwaClient(pvwa).raw("GET", "/Accounts", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    assert answer.text.startswith(text)
    assert bool(answer.text) is bool(text)
    assert PvwaClient(pvwa).error("GET", "/Accounts", status=401) == "PASWS006E"


def test_editions(pvwa: Standin) -> None:
    """Privilege Cloud has no Logon, a self-hosted PVWA no tokens."""
    client = PvwaClient(pvwa)
    body = {"username": pvwa.username, "password": pvwa.password}
    pvwa.profile["edition"] = "cloud"
    assert client.raw("POST", "/auth/CyberArk/Logon", json=body).status_code == 404
    assert bearer(pvwa).found() == [ROOT]
    pvwa.profile["edition"] = "self_hosted"
    assert token(pvwa).status_code == 404
    client.logon()


def test_logoff_ends_no_token(pvwa: Standin) -> None:
    """The call is answered, and the journal tells that it was sent."""
    client = bearer(pvwa)
    client.call("POST", "/Auth/Logoff")
    assert client.found() == [ROOT]
    assert "Logoff" in pvwa.journal.operations()


def test_a_seed_may_hold_a_bearer_token() -> None:
    """For clients that are given one."""
    with Standin(
        seed={**PVWA_SEED, "sessions": [{"token": "a.b.c", "bearer": True, "expires": 4102444800}]}
    ) as standin:
        client = PvwaClient(standin)
        client.session.headers["Authorization"] = "Bearer a.b.c"
        assert client.found() == [ROOT]
