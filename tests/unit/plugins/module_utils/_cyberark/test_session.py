# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log-on and log-off of the CyberArk modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.connect import web_application
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    DETAILS,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    SEED,
    UPDATE,
    Vault,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, assert_input_error, texts_of

TOKEN = "VG9rZW4tb2YtYS1zZXNzaW9u"
BY_TOKEN: dict[str, Any] = {"token": TOKEN, "username": ..., "password": ...}
EDIT: dict[str, Any] = {**ROOT, "platform_properties": {"Port": 23}}


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts, where someone has a session already."""
    with Vault({**SEED, "sessions": [{"token": TOKEN}]}) as world:
        yield world


def sessions(vault: Vault) -> list[str]:
    """Return the tokens of the live sessions."""
    return list(vault.standin.state.sessions)


def warnings(result: Result) -> list[str]:
    """Return the warnings but that of plain HTTP."""
    return [text for text in texts_of(result) if "not encrypted" not in text]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("method", "path"), [("cyberark", "CyberArk"), ("ldap", "LDAP"), ("radius", "RADIUS"), ("windows", "Windows")]
)
def test_log_on_and_off(vault: Vault, method: str, path: str, check: bool) -> None:
    """One of each, in check mode too, and nothing is left behind."""
    result = vault.play(check=check, **ROOT, auth_method=method, concurrent_session=method != "ldap")
    assert not result.get("failed"), result["msg"]
    first, *middle, last = vault.journal
    assert first.path == f"/PasswordVault/API/auth/{path}/Logon/"
    login = {"username": "apiuser", "password": "L0gon-Passw0rd!", "concurrentSession": method != "ldap"}
    assert first.input == login
    assert "Authorization" not in first.headers
    (token,) = {entry.headers["Authorization"] for entry in (*middle, last)}
    assert last.path == "/PasswordVault/API/Auth/Logoff"
    assert token not in vault.printed
    assert sessions(vault) == ([TOKEN] if method != "ldap" else [])
    assert result["requests"] == {"sent": 3, "retried": 0}


ENDS = (
    "",
    "/",
    "/PasswordVault",
    "/passwordvault/",
    "//PASSWORDVAULT//",
    "/PasswordVault/API",
    "/PasswordVault/api/Accounts/29_3/",
    "/PasswordVault/v10/Accounts?filter=x#y",
    "/passwordvault/v10/logon/cyberark?returnUrl=%2F",
    "/PasswordVault?x=1",
    "/PasswordVault#/accounts",
    "/Password%56ault/API/",
    "/PasswordVault\\API",
)
DIRECTORIES = ("/Vault", "/vault/", "/Vault/API", "/Vault/api/Accounts", "/Vault/v10/Accounts", "/vault/WebServices/x")


@pytest.mark.parametrize("end", ENDS)
def test_the_address_of_the_web_page(vault: Vault, end: str) -> None:
    """People copy the address from the browser, or of a call."""
    result = vault.play(**ROOT, url=vault.standin.url.rstrip("/") + end)
    assert result["changed"] is False, result["msg"]
    assert vault.journal[1].path == "/PasswordVault/API/Accounts"


@pytest.mark.parametrize("end", DIRECTORIES)
def test_another_directory(vault: Vault, end: str) -> None:
    """The installer lets one choose it."""
    vault.standin.profile["directory"] = "Vault"
    result = vault.play(**ROOT, url=vault.standin.url.rstrip("/") + end)
    assert result["changed"] is False, result["msg"]


def test_a_directory_where_there_is_no_vault(vault: Vault) -> None:
    """404 for the log-on is about the address, and not about any object."""
    result = vault.play(**ROOT, url=f"{vault.standin.url}/Elsewhere")
    assert "if the web application is not in the directory /PasswordVault" in result["msg"]
    assert "object still exists" not in result["msg"]


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://passwordvault.example.com", "https://passwordvault.example.com/PasswordVault"),
        ("https://h:8443/proxy/PasswordVault/API/", "https://h:8443/proxy/PasswordVault"),
        ("https://h/My Vault", "https://h/My%20Vault"),
        ("https://h/PasswordVault2", "https://h/PasswordVault2"),
        ("https://user@h/PasswordVault/x", "https://user@h/PasswordVault"),
        ("https://h/?x=1", "https://h/PasswordVault?x=1"),
        ("https://h/Vault?x=1", "https://h/Vault?x=1"),
        ("pvwa.example.com/PasswordVault", "pvwa.example.com/PasswordVault"),
        ("https://[::1/PasswordVault", "https://[::1/PasswordVault"),
    ],
)
def test_what_of_an_address_counts(url: str, base: str) -> None:
    """A query stays where nothing shows that it was copied, for the check of the connection to refuse it."""
    assert web_application(url) == base


def test_a_given_token(vault: Vault) -> None:
    """No one logs on or off."""
    result = vault.play(**EDIT, **BY_TOKEN)
    assert result["changed"] is True
    assert vault.operations == [LIST, UPDATE]
    assert {entry.headers["Authorization"] for entry in vault.journal} == {TOKEN}
    assert sessions(vault) == [TOKEN]
    assert TOKEN not in vault.printed


def test_a_token_of_privilege_cloud(vault: Vault) -> None:
    """The header is sent as it is given, and its two parts are hidden both together and alone."""
    vault.standin.faults.add(fault="failed", operation=LIST, message=f"PASWS999E No {TOKEN}", times=1)
    result = vault.play(**ROOT, **{**BY_TOKEN, "token": f"Bearer {TOKEN}"})
    assert vault.journal[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert result["failed"] is True
    assert TOKEN not in vault.printed


def test_the_cookie_is_kept() -> None:
    """Behind a balancer a token counts on one node only."""
    with Vault(profile={"sticky": "required"}) as vault:
        assert vault.play(**EDIT)["changed"] is True
        assert vault.operations == [LOGON, LIST, UPDATE, LOGOFF]
        assert sessions(vault) == []


FAILURES: tuple[dict[str, Any], ...] = (
    {"operation": LIST, "fault": "status", "code": 500},
    {"operation": LIST, "fault": "html"},
    {"operation": LIST, "fault": "truncated_json"},
    {"operation": UPDATE, "fault": "status", "code": 500},
    {"operation": UPDATE, "fault": "cut_before"},
    {"operation": UPDATE, "fault": "failed", "message": "PASWS143E Password is locked by another user."},
)


@pytest.mark.parametrize("fault", FAILURES, ids=lambda fault: f"{fault['operation']}-{fault['fault']}")
def test_logged_off_after_a_failure(vault: Vault, fault: Mapping[str, Any]) -> None:
    """300 sessions that no one ends lock the user out."""
    vault.standin.faults.add(**fault)
    result = vault.play(**EDIT)
    assert result["failed"] is True
    assert vault.operations[-1] == LOGOFF
    assert sessions(vault) == [TOKEN]


def test_bad_input_does_not_log_on(vault: Vault) -> None:
    """What can be seen to be wrong is said before."""
    assert_input_error(vault, vault.play(safe="Linux"), "the task does not say which account it means")


@pytest.mark.parametrize("operation", [LIST, DETAILS])
def test_a_session_that_ended_is_renewed_once(vault: Vault, operation: str) -> None:
    """The read is sent again with a new session."""
    args = ROOT if operation == LIST else {"account_id": "29_3"}
    vault.standin.faults.add(fault="expired", operation=operation, nth=1)
    result = vault.play(**args)
    assert result["changed"] is False, result["msg"]
    assert vault.operations == [LOGON, operation, LOGON, operation, LOGOFF]
    assert sessions(vault) == [TOKEN]
    assert result["requests"] == {"sent": 5, "retried": 0}


def test_a_session_that_ends_again(vault: Vault) -> None:
    """Once, not for ever."""
    vault.standin.faults.add(fault="expired", operation=LIST)
    result = vault.play(**ROOT)
    assert vault.operations == [LOGON, LIST, LOGON, LIST, LOGOFF]
    assert result["failure"]["error_code"] == "PASWS006E"
    assert "The session has ended" in result["msg"]
    assert warnings(result) == []


def test_an_old_server_forgets_the_session(vault: Vault) -> None:
    """403 CAIWS001E, as older versions say it."""
    vault.standin.faults.add(
        fault="status", operation=LIST, code=403, message="CAIWS001E Couldn't retrieve session token", nth=1
    )
    assert vault.play(**ROOT)["changed"] is False
    assert vault.operations == [LOGON, LIST, LOGON, LIST, LOGOFF]


@pytest.mark.parametrize(("operation", "args"), [(UPDATE, EDIT), (ADD, NEW)])
def test_a_write_is_not_sent_again(vault: Vault, operation: str, args: Mapping[str, Any]) -> None:
    """The server did not take it, so the next run does."""
    vault.standin.faults.add(fault="expired", operation=operation, nth=1)
    result = vault.play(**args)
    assert vault.operations == [LOGON, LIST, operation, LOGOFF]
    assert (result["changed"], result["failure"]["http_status"]) == (False, 401)
    assert "run the task again" in result["msg"]
    assert vault.play(**args)["changed"] is True


def test_a_given_token_that_has_ended(vault: Vault) -> None:
    """There is no one to log on."""
    vault.standin.change(expire_sessions=True)
    result = vault.play(**ROOT, **BY_TOKEN)
    assert vault.operations == [LIST]
    assert "PASWS006E" in result["msg"]
    assert "get a new token" in result["msg"]


@pytest.mark.parametrize("status", ["403", "401"])
def test_a_wrong_password_is_tried_once(vault: Vault, status: str) -> None:
    """More would lock the user out."""
    vault.standin.profile["logon_failure"] = status
    result = vault.play(**EDIT, password="Wr0ng-Passw0rd!")
    assert vault.operations == [LOGON]
    assert result["failure"]["http_status"] == int(status)
    assert (result["failure"]["code"], result["failure"]["error_code"]) == ("login_refused", "PASWS013E")
    assert result["failure"]["operation"] == "Logging on as 'apiuser'"
    assert "Check username, password and auth_method." in result["msg"]
    assert "Wr0ng" not in vault.printed


def test_a_password_that_has_expired(vault: Vault) -> None:
    """409, in the server's words."""
    vault.standin.change(user="apiuser", set={"password_expired": True})
    result = vault.play(**ROOT)
    assert "Password has expired" in result["msg"]
    assert result["failure"]["http_status"] == 409


def test_radius(vault: Vault) -> None:
    """A passcode behind a comma works; a question cannot be answered and is said to be one."""
    vault.standin.profile["radius"] = "challenge"
    result = vault.play(**ROOT, auth_method="radius")
    assert vault.operations == [LOGON]
    assert result["failure"]["error_code"] == "ITATS542I"
    assert "RADIUS asks for a passcode" in result["msg"]
    result = vault.play(**ROOT, auth_method="radius", password=f"{vault.standin.password},424242")
    assert result["changed"] is False, result["msg"]


@pytest.mark.parametrize("method", ["radius", "cyberark"])
@pytest.mark.parametrize("fault", [{"fault": "cut_before"}, {"fault": "status", "code": 503, "retry_after": 1}])
def test_a_log_on_that_fails_in_passing(vault: Vault, method: str, fault: Mapping[str, Any]) -> None:
    """It is tried again as a read is, but not with RADIUS: a passcode counts once."""
    vault.standin.faults.add(operation=LOGON, nth=1, **fault)
    result = vault.play(**ROOT, auth_method=method)
    if method == "radius":
        assert vault.operations == [LOGON]
        assert "Logging on as 'apiuser' failed" in result["msg"]
    else:
        assert vault.operations == [LOGON, LOGON, LIST, LOGOFF]
        assert result["requests"] == {"sent": 4, "retried": 1}
        assert "trying again" in "".join(warnings(result))


def test_iis_that_logs_on_by_itself(vault: Vault) -> None:
    """200 with an object in place of a token: another method has to follow."""
    vault.standin.profile["windows_logon"] = "object"
    result = vault.play(**ROOT, auth_method="windows")
    assert vault.operations == [LOGON]
    assert "asks for a second log-on" in result["msg"]
    assert "choose auth_method cyberark, ldap or radius" in result["msg"]


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_token_of_privilege_cloud_without_its_word(vault: Vault, status: str) -> None:
    """The hint tells what is missing."""
    vault.standin.profile["session_failure"] = status
    token = "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"
    result = vault.play(**ROOT, **{**BY_TOKEN, "token": token})
    assert "put 'Bearer' and a blank in front of it" in result["msg"]
    assert token not in vault.printed
    assert "Bearer" not in vault.play(**ROOT, **{**BY_TOKEN, "token": f"Bearer {token}"})["msg"]


@pytest.mark.parametrize("value", [5, {"value": "x"}, "", ["x"], None, "two\nlines"])
def test_a_token_that_is_none(vault: Vault, value: Any) -> None:
    """Another shape than documented."""
    vault.standin.faults.add(fault="no_envelope", operation=LOGON, value=value)
    result = vault.play(**ROOT)
    assert "has no session token in it" in result["msg"] or "that a header cannot carry" in result["msg"]
    assert vault.operations == [LOGON]


@pytest.mark.parametrize("check", [False, True])
def test_a_log_off_that_fails(vault: Vault, check: bool) -> None:
    """The task did its work; one warning tells that a session stays."""
    vault.standin.faults.add(fault="status", operation=LOGOFF, code=500, message="PASWS999E Odd")
    result = vault.play(check=check, **EDIT)
    assert result["changed"] is True
    assert not result.get("failed")
    (text,) = warnings(result)
    assert text.startswith("Logging off failed: HTTP 500")
    assert text.endswith("The session stays open until it times out.")


def test_a_log_off_without_a_session(vault: Vault) -> None:
    """There is nothing left to end."""
    vault.standin.faults.add(fault="expired", operation=LOGOFF)
    result = vault.play(**ROOT)
    assert vault.operations == [LOGON, LIST, LOGOFF]
    assert warnings(result) == []


NAME, WORD, PASS = "CYBERARK_USERNAME", "CYBERARK_PASSWORD", "CYBERARK_TOKEN"
LOGIN = {"username": "apiuser", "password": "L0gon-Passw0rd!"}
NONE: dict[str, Any] = {"username": ..., "password": ...}


@pytest.mark.parametrize(
    ("args", "variables", "way"),
    [
        (NONE, {NAME: "apiuser", WORD: LOGIN["password"]}, "name"),
        (NONE, {PASS: TOKEN}, "token"),
        ({**LOGIN, "password": ...}, {WORD: LOGIN["password"], PASS: "wrong"}, "name"),
        (LOGIN, {PASS: "wrong"}, "name"),
        (BY_TOKEN, {NAME: "nobody", WORD: "wrong"}, "token"),
        (BY_TOKEN, {PASS: "wrong"}, "token"),
        (NONE, {PASS: TOKEN, NAME: "", WORD: ""}, "token"),
    ],
)
def test_an_option_beats_the_variables_of_the_other_way(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, args: Mapping[str, Any], variables: Mapping[str, str], way: str
) -> None:
    """And a secret from a variable is hidden like one from an option."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    vault.standin.faults.add(
        fault="failed", operation=LIST, message=f"PASWS999E {TOKEN} {LOGIN['password']}", times=1, nth=2
    )
    assert vault.play(**ROOT, **args)["changed"] is False
    assert vault.operations == ([LIST] if way == "token" else [LOGON, LIST, LOGOFF])
    result = vault.play(**ROOT, **args)
    assert result["failed"] is True
    assert (TOKEN if way == "token" else LOGIN["password"]) not in vault.printed


@pytest.mark.parametrize(
    ("args", "variables", "words"),
    [
        (NONE, {}, ("username is required", "Or set CYBERARK_USERNAME, or give a token.")),
        ({**LOGIN, "password": ...}, {}, ("password is required",)),
        ({**LOGIN, "username": ...}, {}, ("username is required",)),
        ({**LOGIN, "password": ""}, {}, ("password is required and must not be empty",)),
        ({**LOGIN, "token": TOKEN}, {}, ("token is given, and username or password as well",)),
        ({**NONE, "username": "apiuser", "token": TOKEN}, {}, ("token is given",)),
        (NONE, {PASS: TOKEN, NAME: "apiuser", WORD: "x"}, ("look at the variables CYBERARK_",)),
        ({**NONE, "token": ""}, {}, ("token must not be empty",)),
        ({**NONE, "token": f" {TOKEN}"}, {}, ("token begins or ends with a blank",)),
        ({**NONE, "token": f"{TOKEN}\n{TOKEN}"}, {}, ("token begins or ends with a blank, or has a line break",)),
        ({**LOGIN, "auth_method": "saml"}, {}, ("auth_method", "radius")),
        ({**LOGIN, "password": ...}, {WORD: "\udcff"}, ("password holds bytes that are not valid UTF-8",)),
    ],
)
def test_a_login_that_can_not_be_used(
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
    args: Mapping[str, Any],
    variables: Mapping[str, str],
    words: tuple[str, ...],
) -> None:
    """One sentence, and no request."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert_input_error(vault, vault.play(**ROOT, **args), *words)
    assert TOKEN not in vault.printed
