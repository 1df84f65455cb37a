# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CyberArk modules when all goes well, when each request goes wrong, and with options that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.vaultops.pam.plugins.doc_fragments import cyberark_plugin
from ansible_collections.vaultops.pam.plugins.lookup import cyberark_password
from ansible_collections.vaultops.pam.tests.unit._lookup_world import made_as_by_ansible, run_folder
from pvwa_standin import Standin

from .conftest import CANARIES, SEARCH
from .inprocess import Printed, run_module
from .search import Leak, told

C = CANARIES
MODULE, PASSWORD, INFO = "cyberark_account", "cyberark_account_password", "cyberark_account_info"
SAFE, MEMBER = "cyberark_safe", "cyberark_safe_member"
ROOT = {"safe": "Linux", "user_name": "root", "address": "db01"}
LOGIN = {"username": "apiuser", "password": C.password}
ALWAYS = {"secret": C.totp, "update_secret": "always"}
EDIT = {"platform_properties": {"Port": 23}}
NEW = {**ROOT, "user_name": "new1", "platform_id": "UnixSSH"}


@dataclass(frozen=True)
class Scenario:
    """One task; what it logs on with, and how the vault behaves."""

    name: str
    args: Mapping[str, Any]
    login: Mapping[str, str] = field(default_factory=lambda: LOGIN)
    profile: Mapping[str, str] = field(default_factory=dict)
    works: bool = True
    module: str = MODULE


def other(name: str, module: str, args: Mapping[str, Any], **more: Any) -> Scenario:
    """Return a scenario of another module than ``cyberark_account``."""
    return Scenario(name, args, module=module, **more)


CHANGE = {**ROOT, "action": "change", "new_password": C.totp.strip()}
MEMBERSHIP = {"safe": "Linux", "member": "Linux Team"}
SCENARIOS = (
    Scenario("create", {**NEW, **EDIT, "secret": C.totp}),
    Scenario("create, key", {**NEW, "secret": C.totp, "secret_type": "key", "change_entire_group": True}),
    Scenario("edit", {**ROOT, **EDIT, "secret": C.totp}),
    Scenario("edit, always", {**ROOT, **EDIT, **ALWAYS}),
    Scenario("always by id", {"account_id": "29_3", **ALWAYS}),
    Scenario("no change", {**ROOT, "secret": C.old_password}),
    Scenario("absent", {**ROOT, "state": "absent", "secret": C.totp}),
    other("verify", PASSWORD, {**ROOT, "action": "verify"}),
    other("change", PASSWORD, CHANGE),
    other("change, later", PASSWORD, {**CHANGE, "immediately": False}),
    other("reconcile", PASSWORD, {**ROOT, "action": "reconcile", "wait": False}),
    other("info", INFO, {"safe": "Linux", "details": True}),
    other("safe", SAFE, {"name": "Linux", "description": "new"}),
    other("member", MEMBER, {**MEMBERSHIP, "permission_set": "read"}),
    Scenario("token", {**ROOT, **EDIT, **ALWAYS}, {"token": C.token}),
    other("change, token", PASSWORD, CHANGE, login={"token": C.token}),
    Scenario("token of a cloud", {**ROOT, **EDIT, **ALWAYS}, {"token": f"Bearer {C.token}"}, works=False),
    Scenario("radius", {**ROOT, **EDIT, "auth_method": "radius"}, profile={"radius": "challenge"}, works=False),
    Scenario("oauth2", {**ROOT, **EDIT, **ALWAYS, "auth_method": "oauth2"}),
    Scenario("wrong password", ROOT, {"username": "apiuser", "password": C.pin}, works=False),
    Scenario("wrong token", ROOT, {"token": C.key}, works=False),
)
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"fault": "failed", "message": "PASWS167E No: ", "echo": True},
    {"fault": "status", "code": 500, "message": "CAWS00001E ", "after_write": True},
    {"fault": "status", "code": 401, "message": "PASWS006E "},
    {"fault": "status", "code": 403, "body": "html"},
    {"fault": "status", "code": 409, "message": "PASWS027E "},
    {"fault": "expired"},
    {"fault": "cut_after"},
    {"fault": "truncated_json"},
    {"fault": "redirect", "url": f"https://elsewhere.example.com/?{C.password}"},
    {"fault": "no_envelope", "value": {"id": [C.totp], "ErrorMessage": C.token}},
)


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A vault whose sessions have the token that is searched for."""
    monkeypatch.setattr("pvwa_standin.state.new_token", lambda: C.token)
    monkeypatch.setattr("pvwa_standin.oauth._jwt", lambda _user, _ends: C.token)
    seed = {
        "users": [{"name": "apiuser", "password": C.password, "oauth": True}],
        "accounts": [{"safeName": "Linux", "platformId": "UnixSSH", "name": "db01-root", "secret": C.old_password}],
        "sessions": [{"token": C.token}],
    }
    seed["accounts"][0].update({"userName": "root", "address": "db01"})  # type: ignore[index, union-attr]
    with Standin(seed=seed) as server:
        yield server


def play(
    vault: Standin, scenario: Scenario, where: str, *, check: bool = False, **more: Any
) -> tuple[Printed, list[Leak]]:
    vault.profile.update(scenario.profile)
    args = {"url": vault.url, "retries": 0, **scenario.login, **scenario.args, **more}
    if args.get("auth_method") == "oauth2":
        args["identity_url"] = vault.url
    printed = run_module(scenario.module, args, check=check)
    where = f"{scenario.name}{', check mode' if check else ''}{where}"
    return printed, SEARCH.find(printed.everything(), where)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_success(vault: Standin, scenario: Scenario) -> None:
    leaks: list[Leak] = []
    for check in (True, False, False):
        printed, found = play(vault, scenario, "", check=check)
        leaks += found
        assert bool(printed.result.get("failed")) is not scenario.works, printed.result["msg"]
    assert not leaks, told(leaks)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["fault"] + str(fault.get("code", "")))
@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if one.works], ids=lambda item: item.name)
def test_each_request_goes_wrong(vault: Standin, scenario: Scenario, fault: Mapping[str, Any]) -> None:
    leaks: list[Leak] = []
    for number in range(1, 6):
        # A log-on that is refused gives no token, so the server cannot quote it to someone who would know.
        own = scenario.login is LOGIN
        given = [scenario.args.get(option) for option in ("secret", "new_password")]
        known = [scenario.login.get("password"), *given, None if own and number == 1 else C.token]
        rule = {**fault, "nth": number}
        if "message" in rule:
            rule["message"] += " | ".join(value for value in known if value)
        vault.reset()
        vault.faults.set([rule])
        leaks += play(vault, scenario, f", {fault['fault']} at request {number}")[1]
        if number > 1 and not any(entry.fault for entry in vault.journal.entries):
            break  # there is no such request, and none after it
    assert vault.journal.entries
    assert not leaks, told(leaks)


@pytest.mark.parametrize("way", ["name", "token"])
def test_secrets_from_the_environment(vault: Standin, way: str) -> None:
    named = {"CYBERARK_USERNAME": "apiuser", "CYBERARK_PASSWORD": C.password}
    environment = named if way == "name" else {"CYBERARK_TOKEN": C.token}
    said = f"PASWS167E {C.token} | {C.totp} | {C.password if way == 'name' else ''}"
    vault.faults.set([{"fault": "failed", "operation": "Update account", "message": said, "echo": True}])
    printed = run_module(MODULE, {"url": vault.url, **ROOT, **EDIT, "secret": C.totp}, environment=environment)
    assert printed.result["failure"]["error_code"] == "PASWS167E"
    leaks = SEARCH.find(printed.everything(), f"environment, {way}")
    assert not leaks, told(leaks)


WRONG: tuple[Mapping[str, Any], ...] = (
    {"token": C.token},
    {"token": f"{C.token}\n", "username": None, "password": None},
    {"auth_method": C.key},
    {"safe": None},
    {"proxy": f"nothing://user:{C.proxy}@[::1"},
    {"platform_properties": C.totp, "secret": C.totp},
    {"change_entire_group": C.totp, "secret": C.totp},
    {"secret_type": "key", "update_secret": C.totp, "secret": C.totp},
    {"secrt": C.totp},
    {"logon_account": [C.totp], "secret": C.totp},
    {"logon_account": {"password": C.totp}},
)


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_options_that_can_not_be_used(vault: Standin, number: int) -> None:
    printed, leaks = play(vault, SCENARIOS[0], f", wrong option {number}", **WRONG[number])
    assert printed.result["failed"] is True
    assert vault.journal.entries == []
    leaks = [leak for leak in leaks if leak.secret != "key"]  # given where no secret belongs
    assert not leaks, told(leaks)


@pytest.mark.parametrize("scenario", SCENARIOS[:-1], ids=lambda item: item.name)
def test_nothing_secret_in_a_url_or_a_foreign_header(vault: Standin, scenario: Scenario) -> None:
    play(vault, scenario, "")
    leaks: list[Leak] = []
    for entry in vault.journal.entries:
        headers = {name: value for name, value in entry.headers.items() if name != "Authorization"}
        where = f"request line of {entry.method} {entry.operation}, {scenario.name}"
        leaks += SEARCH.find(f"{entry.path}\n{entry.query}", where)
        leaks += SEARCH.find(str(headers), f"headers, {where}")
    assert vault.journal.entries
    assert not leaks, told(leaks)


LOOKUP_FAULTS: tuple[Mapping[str, Any], ...] = (
    {"fault": "failed", "message": f"PASWS167E {C.password} | {C.token}"},
    {"fault": "status", "code": 500, "message": f"CAWS00001E {C.password}"},
    {"fault": "no_envelope", "value": {"Reason": C.token}},
    {"fault": "truncated_json"},
)


@pytest.mark.parametrize("fault", LOOKUP_FAULTS, ids=lambda fault: fault["fault"])
def test_failures_of_the_lookup(vault: Standin, fault: Mapping[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with run_folder():
        for number in (2, 3):
            vault.reset()
            vault.faults.set([{**fault, "nth": number}])
            made = made_as_by_ansible(cyberark_password, cyberark_plugin, {})
            with pytest.raises(AnsibleError) as caught:
                made.run([ROOT], variables={}, url=vault.url, retries=0, **LOGIN)
            leaks = SEARCH.find(f"{caught.value}\n{capsys.readouterr()}", f"lookup, {fault['fault']} at {number}")
            assert not leaks, told(leaks)
