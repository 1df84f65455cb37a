# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""auth_method oauth2: a bearer token of Privilege Cloud, renewed when it ends in the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark import session
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    DETAILS,
    LIST,
    NEW,
    PASSWORD_MODULE,
    ROOT,
    SEED,
    UPDATE,
    VERIFY,
    Vault,
    assert_refusal,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

TOKEN = "Get token"
EDIT: dict[str, Any] = {**ROOT, "platform_properties": {"Port": 23}}
USERS = [{"name": "svc@example.org", "password": "Cl13nt-S3cret&x=1", "oauth": True}]
LOGIN = {"username": "svc@example.org", "password": "Cl13nt-S3cret&x=1"}


@pytest.fixture(params=["module", "action"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    """A stand-in of Privilege Cloud alone, whose user is a service user."""
    with Vault(
        {**SEED, "api_user": "svc@example.org", "users": USERS}, road=request.param, profile={"edition": "cloud"}
    ) as world:
        yield world


def play(vault: Vault, *, check: bool = False, **args: Any) -> Result:
    """Run ``cyberark_account`` with a token of the tenant."""
    given = {"auth_method": "oauth2", "identity_url": vault.standin.url, **LOGIN, **args}
    return vault.play(check=check, **given)


def warnings(result: Result) -> list[str]:
    """Return the warnings but those of plain HTTP."""
    return [text for text in texts_of(result) if "not encrypted" not in text]


@pytest.mark.parametrize("check", [False, True])
def test_a_task(vault: Vault, check: bool) -> None:
    """One token, in check mode too, in its header alone; and no one logs off."""
    result = play(vault, check=check, **EDIT)
    assert result["changed"] is True, result["msg"]
    assert vault.operations == [TOKEN, LIST] + ([] if check else [UPDATE])
    first, *rest = vault.journal
    assert first.path == "/oauth2/platformtoken"
    assert first.input == {
        "grant_type": "client_credentials",
        "client_id": LOGIN["username"],
        "client_secret": LOGIN["password"],
    }
    assert first.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in first.headers
    (header,) = {entry.headers["Authorization"] for entry in rest}
    word, token = header.split()
    assert word == "Bearer"
    assert token not in vault.printed
    assert LOGIN["password"] not in vault.printed
    assert result["requests"] == {"sent": len(vault.journal), "retried": 0}
    assert warnings(result) == []


@pytest.mark.parametrize("form", ["pasws", "gateway", "empty"])
def test_a_token_that_ends_in_the_run(vault: Vault, form: str) -> None:
    """Renewed once for a read, whatever the 401 looks like; a write is not sent again."""
    vault.standin.profile["bearer_failure"] = form
    vault.standin.faults.add(fault="expired", operation=LIST, nth=1)
    assert play(vault, **ROOT)["changed"] is False
    assert vault.operations == [TOKEN, LIST, TOKEN, LIST]
    vault.standin.faults.clear()
    vault.standin.faults.add(fault="expired", operation=UPDATE, nth=1)
    result = play(vault, **EDIT)
    assert vault.operations[:3] == [TOKEN, LIST, UPDATE]
    assert vault.operations.count(UPDATE) == 1
    assert (result["failed"], result["failure"]["http_status"]) == (True, 401)
    assert vault.account("29_3")["platformAccountProperties"]["Port"] == "22"


def test_a_token_that_ends_again(vault: Vault) -> None:
    """Once, not for ever."""
    vault.standin.faults.add(fault="expired", operation=LIST)
    result = play(vault, **ROOT)
    assert vault.operations == [TOKEN, LIST, TOKEN, LIST]
    assert result["failure"]["http_status"] == 401


@pytest.mark.parametrize(("told", "renewed"), [("told", True), ("missing", False)])
def test_a_token_is_renewed_before_it_ends(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, told: str, renewed: bool
) -> None:
    """While a task waits, by the time that the answer tells."""
    vault.standin.profile.update({"oauth_lifetime": "120", "oauth_expires_in": told, "cpm": "polls"})
    clock = iter(range(0, 100_000, 45))
    monkeypatch.setattr(session, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    login = {"auth_method": "oauth2", "identity_url": vault.standin.url, **LOGIN}
    result = vault.run(PASSWORD_MODULE, **ROOT, action="verify", **login)
    assert result["status"] == "success", result["msg"]
    assert VERIFY in vault.operations
    assert vault.operations.count(DETAILS) == 3
    assert (vault.operations.count(TOKEN) > 1) is renewed


@pytest.mark.parametrize("status", ["401", "400", "403"])
@pytest.mark.parametrize("wrong", [{"password": "wr0ng"}, {"username": "nobody"}])
def test_a_client_that_is_not_known(vault: Vault, wrong: Mapping[str, str], status: str) -> None:
    """Tried once, with what to look at."""
    vault.standin.profile["oauth_failure"] = status
    result = play(vault, **ROOT, **wrong)
    assert vault.operations == [TOKEN]
    assert_refusal(result, int(status), "invalid_client")
    assert "OAuth confidential client" in result["msg"]
    assert "wr0ng" not in vault.printed


def test_a_server_that_is_no_tenant(vault: Vault) -> None:
    """The page of a vault, or of anything else."""
    vault.standin.profile["edition"] = "self_hosted"
    result = play(vault, **ROOT)
    assert "HTTP 404" in result["msg"]
    assert "Check identity_url" in result["msg"]


@pytest.mark.parametrize(
    "value", [5, {}, {"access_token": ""}, {"access_token": ["x"]}, {"access_token": "a\nb"}, None, "x"]
)
def test_an_answer_without_a_token(vault: Vault, value: Any) -> None:
    """Another shape than documented."""
    vault.standin.faults.add(fault="no_envelope", operation=TOKEN, value=value)
    result = play(vault, **ROOT)
    assert " token" in result["msg"]
    assert vault.operations == [TOKEN]


@pytest.mark.parametrize("fault", [{"fault": "cut_before"}, {"fault": "status", "code": 503, "retry_after": 1}])
def test_a_fault_in_passing(vault: Vault, fault: Mapping[str, Any]) -> None:
    """Tried again as a read is, and counted."""
    vault.standin.faults.add(operation=TOKEN, nth=1, **fault)
    result = play(vault, **ROOT)
    assert vault.operations == [TOKEN, TOKEN, LIST]
    assert result["requests"] == {"sent": 3, "retried": 1}
    assert "trying again" in "".join(warnings(result))


@pytest.mark.parametrize("end", ["/", "/oauth2/platformtoken", "/login?x=1#y"])
def test_the_address_of_the_tenant(vault: Vault, end: str) -> None:
    """What is behind the host does not matter."""
    assert play(vault, **ROOT, identity_url=vault.standin.url.rstrip("/") + end)["changed"] is False


def test_from_the_environment(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """As AWX hands it over."""
    given = {"AUTH_METHOD": "oauth2", "IDENTITY_URL": vault.standin.url, **{k.upper(): v for k, v in LOGIN.items()}}
    for name, value in given.items():
        monkeypatch.setenv(f"CYBERARK_{name}", value)
    result = vault.play(**NEW, username=..., password=...)
    assert result["changed"] is True, result["msg"]
    assert vault.operations == [TOKEN, LIST, ADD]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            {"identity_url": ...},
            ("identity_url is required with auth_method: oauth2", "https://abc1234.id.cyberark.cloud"),
        ),
        ({"identity_url": ""}, ("identity_url is required",)),
        ({"identity_url": "abc1234.id.cyberark.cloud"}, ("identity_url must look like",)),
        ({"password": ""}, ("password is required",)),
    ],
)
def test_bad_input(vault: Vault, args: Mapping[str, Any], words: tuple[str, ...], check: bool) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(vault, play(vault, check=check, **ROOT, **args), *words)
