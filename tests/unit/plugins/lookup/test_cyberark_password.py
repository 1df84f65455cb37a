# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup of CyberArk's secrets: what it takes, what it asks for, what it returns and what it refuses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.vaultops.pam.plugins.doc_fragments import cyberark, cyberark_plugin
from ansible_collections.vaultops.pam.plugins.lookup import cyberark_password
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.connect import CONNECTION
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import forget
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import LIST, LOGOFF, LOGON, SEED, Vault
from ansible_collections.vaultops.pam.tests.unit._lookup_world import made_as_by_ansible, run_folder
from ansible_collections.vaultops.pam.tests.unit._roads import call_action

RETRIEVE, RETRIEVE_KEY = "Retrieve password", "Retrieve secret"
ROOT = {"safe": "Linux", "user_name": "root", "address": "db01"}
TOKEN = "VG9rZW4tb2YtYS1zZXNzaW9u"
Lookup = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def folder() -> Iterator[Path]:
    """The private folder of a run."""
    with run_folder() as path:
        yield path


@pytest.fixture
def secret() -> str:
    """A random secret of what is hard to carry, and of what Ansible takes for a template."""
    return f" {secrets.token_urlsafe(20)} \"\\&%+'</ä😀{{{{ 1 + 1 }}}}{{% raw %}}{{# "


@pytest.fixture
def vault(secret: str) -> Iterator[Vault]:
    """A stand-in with some accounts."""
    root, app, *rest = SEED["accounts"]
    seed = {
        **SEED,
        "accounts": [
            {**root, "secret": secret},
            app,
            *rest,
            {**app, "id": "29_8", "name": "a/b", "secret": "slash"},
            {**app, "id": "29_9", "name": "key", "secretType": "key", "secret": "-----KEY-----"},
            {**app, "id": "29_10", "name": "asked", "platformId": "UnixSSHReason", "secret": "with a reason"},
            {**app, "id": "29_11", "name": "none", "secret": ""},
        ],
        "sessions": [{"token": TOKEN}],
    }
    with Vault(seed) as world:
        yield world


def look_up(vault: Vault, *terms: Any, **options: Any) -> list[str]:
    """Run the plugin; an option that is ``...`` is left out."""
    vault.standin.journal.clear()
    variables = options.pop("variables", {})
    given = {"url": vault.standin.url, **vault.login(), **options}
    made = made_as_by_ansible(cyberark_password, cyberark_plugin, variables)
    found: list[str] = made.run(
        list(terms), variables=variables, **{name: value for name, value in given.items() if value is not ...}
    )
    return found


def refused(vault: Vault, *terms: Any, **options: Any) -> str:
    """Run the plugin, which fails; return its words."""
    with pytest.raises(AnsibleError) as caught:
        look_up(vault, *terms, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "term",
    [
        "Linux/db01-root",
        "LINUX/DB01-ROOT",
        {"account_id": "29_3"},
        {"safe": "linux", "name": "db01-root"},
        ROOT,
        {**ROOT, "platform_id": "UnixSSH"},
    ],
)
def test_ways_to_name_an_account(vault: Vault, secret: str, term: Any) -> None:
    """The secret byte for byte, with a log-on and a log-off; nothing is written."""
    assert look_up(vault, term) == [secret]
    assert (vault.operations[0], *vault.operations[2:]) == (LOGON, RETRIEVE, LOGOFF)
    assert vault.writes == []
    assert vault.standin.state.sessions.keys() == {TOKEN}


def test_several_terms(vault: Vault, secret: str) -> None:
    """In their order, in one session; a name with a slash as a dict, a key by its own call."""
    slash = {"safe": "Linux", "name": "a/b"}
    assert look_up(vault, "Linux/db01-app", ["Linux/db01-root"], slash, "Linux/key") == [
        "App-Passw0rd!",
        secret,
        "slash",
        "-----KEY-----",
    ]
    assert vault.operations.count(LOGON) == vault.operations.count(LOGOFF) == 1
    assert vault.operations.count(RETRIEVE_KEY) == 1


def test_each_secret_is_read_once_per_run(vault: Vault, secret: str) -> None:
    """The cache answers without a log-on; without it the vault is asked."""
    for _time in range(3):
        assert look_up(vault, ROOT) == [secret]
    assert vault.journal == []
    look_up(vault, ROOT, cache=False)
    assert vault.operations == [LOGON, LIST, RETRIEVE, LOGOFF]


@pytest.mark.parametrize(
    "known",
    [
        {"safe": "linux", "name": "DB01-ROOT"},
        {"safe": None, "account_id": "29_3"},
        {"safe": "Linux"},
        {"safe": "Linux", "user_name": "root", "address": "db01", "account_id": None},
    ],
)
def test_what_is_forgotten_is_read_again(vault: Vault, secret: str, known: Mapping[str, str | None]) -> None:
    """By whatever it is known; others stay."""
    look_up(vault, ROOT)
    for other in (
        {"safe": "Windows"},
        {"resource": "Linux"},
        {"safe": "Linux", "name": "other"},
        {"safe": None, "account_id": "1_1"},
    ):
        forget(other)
    look_up(vault, ROOT)
    assert vault.journal == []
    forget(known)
    look_up(vault, ROOT)
    assert RETRIEVE in vault.operations


WRITES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cyberark_account", {**ROOT, "secret": "Oth3r", "update_secret": "always"}),
    ("cyberark_account", {"account_id": "29_3", "name": "renamed"}),
    ("cyberark_account", {**ROOT, "state": "absent"}),
    ("cyberark_account_password", {**ROOT, "action": "change"}),
    ("cyberark_account_password", {"safe": "Linux", "name": "db01-root", "action": "verify"}),
    ("cyberark_account_password", {"account_id": "29_4", "action": "change", "change_entire_group": True}),
    ("cyberark_safe", {"name": "Linux", "new_name": "Linux Two"}),
)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("module", "args"), WRITES)
def test_a_write_of_the_same_run_is_seen(
    vault: Vault, secret: str, module: str, args: dict[str, Any], check: bool
) -> None:
    """The cache forgets what a task may have changed, and nothing in check mode."""
    look_up(vault, ROOT)
    vault.standin.change(account="29_4", set={"secretManagement": {"automaticManagementEnabled": True}})
    result, _printed = call_action(module, {"url": vault.standin.url, **vault.login(), **args}, check=check)
    assert result["changed"] is True, result["msg"]
    vault.standin.change(safe="Linux Two", set={"name": "Linux"}) if module == "cyberark_safe" and not check else None
    if args.get("state") == "absent" and not check:
        assert "the vault shows no account" in refused(vault, ROOT)
        return
    look_up(vault, ROOT)
    assert (vault.journal == []) is check


def test_reason_and_ticket(vault: Vault) -> None:
    """By option, by variable, or of one term; what is missing is said."""
    assert "Give reason, and ticket_id where the vault wants one." in refused(vault, "Linux/asked")
    look_up(vault, "Linux/asked", reason="r1", cache=False)
    look_up(vault, "Linux/asked", variables={"cyberark_reason": "r2"}, cache=False)
    term = {"safe": "Linux", "name": "asked", "reason": "r3", "ticket_id": "T1", "ticketing_system": "Jira"}
    assert look_up(vault, term, reason="r1", cache=False) == ["with a reason"]
    told = vault.standin.dump()["retrievals"]
    assert [one["reason"] for one in told] == ["r1", "r2", "r3"]
    assert (told[-1]["ticket_id"], told[-1]["ticketing_system"]) == ("T1", "Jira")


def test_a_session_that_ends(vault: Vault, secret: str) -> None:
    """Renewed once, and logged off."""
    vault.standin.faults.add(fault="expired", operation=RETRIEVE, nth=1)
    assert look_up(vault, ROOT) == [secret]
    assert vault.operations == [LOGON, LIST, RETRIEVE, LOGON, RETRIEVE, LOGOFF]


def test_a_token(vault: Vault, secret: str) -> None:
    """No one logs on or off; an option beats the variables of the other way."""
    by_token = {"username": ..., "password": ..., "token": TOKEN}
    assert look_up(vault, ROOT, **by_token) == [secret]
    assert vault.operations == [LIST, RETRIEVE]
    variables = {"cyberark_token": TOKEN, "cyberark_url": vault.standin.url}
    assert look_up(vault, "Linux/db01-app", variables=variables, url=..., username=..., password=...) == [
        "App-Passw0rd!"
    ]
    assert vault.operations == [LIST, RETRIEVE]
    look_up(vault, "Linux/key", variables=variables)
    assert vault.operations[0] == LOGON
    both = {"cyberark_token": TOKEN, "cyberark_username": "x", "cyberark_password": "y"}
    assert "token is given, and username or password as well" in refused(
        vault, ROOT, variables=both, username=..., password=..., cache=False
    )


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("db01-root", "'db01-root' is not of the form safe/name"),
        ("a/b/c", "give a dict with safe and name"),
        ({"safe": "Linux"}, "the task does not say which account it means"),
        ({"account_id": 293}, "account_id must be a string"),
        ({"account_id": "293"}, "account_id must look like '29_3'"),
        ({**ROOT, "user": "x"}, "Unsupported key 'user'"),
        ({**ROOT, "address": "db01 "}, "address begins or ends with a blank"),
        (5, "an account must be given as safe/name or as a dict"),
        ("Linux/ghost", "the vault shows no account 'ghost' in safe 'Linux' to this user"),
        ("Linux/none", "the account has no secret"),
    ],
)
def test_what_is_refused(vault: Vault, term: Any, words: str) -> None:
    """One sentence, and a log-off."""
    assert words in refused(vault, term)
    assert vault.standin.state.sessions.keys() == {TOKEN}


def test_no_account_and_no_url(vault: Vault) -> None:
    """Said as it is."""
    assert "no account is given. Give safe/name." in refused(vault)
    assert "variable cyberark_url" in refused(vault, ROOT, url=...)
    assert "there is no option reasons" in refused(vault, ROOT, reasons="x")
    assert "concurrent_session must be true or false" in refused(vault, ROOT, concurrent_session="ture")


def test_a_secret_in_a_failure_is_hidden(vault: Vault, secret: str) -> None:
    """The server may quote what it knows."""
    vault.standin.faults.add(fault="failed", operation=RETRIEVE, message=f"PASWS999E {vault.standin.password}")
    text = refused(vault, ROOT)
    assert vault.standin.password not in text
    assert "PASWS999E" in text


@pytest.mark.parametrize("value", [5, None, {"a": 1}, ["x"]])
def test_an_answer_that_is_no_secret(vault: Vault, value: Any) -> None:
    """JSON of another type is an error, never a result."""
    vault.standin.faults.add(fault="no_envelope", operation=RETRIEVE, value=value)
    assert "has no secret in it" in refused(vault, ROOT)


def test_the_right(vault: Vault) -> None:
    """Named in the hint."""
    vault.standin.change(safe="Linux", set={"rights": ["listAccounts"]})
    assert "'Retrieve accounts' (retrieveAccounts)" in refused(vault, ROOT)


def test_options_are_those_of_the_modules() -> None:
    """Each connection option is there, with its variable, environment and ini key."""
    modules = yaml.safe_load(cyberark.ModuleDocFragment.DOCUMENTATION)["options"]
    plugin = yaml.safe_load(cyberark_plugin.ModuleDocFragment.DOCUMENTATION)["options"]
    assert set(modules) == set(plugin) == set(CONNECTION)
    for name, option in plugin.items():
        assert option["vars"] == [{"name": f"cyberark_{name}"}]
        assert option["env"] == [{"name": f"CYBERARK_{name.upper()}"}]
        assert option["ini"] == [{"section": "cyberark", "key": name}]
        assert option.get("default") == modules[name].get("default")
        assert option.get("choices") == modules[name].get("choices")
