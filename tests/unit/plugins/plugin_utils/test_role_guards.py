# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles check before anything else: the names of their variables, and where the vault is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import missing_vault, unknown_variables
from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_guards as guards

ROLES = sorted(path.name for path in guards.ROLES.iterdir())
BOTH = {"token": "t", "token_file": "f"}
ENVIRONMENT = {"PAM360_URL": "https://vault", "PAM360_TOKEN": "t"}


@pytest.mark.parametrize("role", ROLES)
def test_options_switches_and_inner_names_are_known(role: str) -> None:
    """Nothing that means something is refused, and nothing that is not the role's."""
    names = [*guards.spec_of(role), f"{role}_hosts", f"{role}_serial", f"__{role}_inner", role, "pam360_url", "other"]
    assert guards.unknown_variables(names, role) == {}


@pytest.mark.parametrize("role", ROLES)
def test_each_option_is_found_by_a_misspelling(role: str) -> None:
    """A letter left out of an option's own part leads back to an option with a name as near."""
    for option in guards.spec_of(role):
        wrong = option[:-2] + option[-1]
        told = guards.told(guards.unknown_variables([wrong], role), role)
        assert told == [] or told[0].startswith(f"{wrong} is not a variable of the role {role}. Did you mean {role}_")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("onboard_host_acounts", "onboard_host_accounts"),
        ("onboard_host_resource_dns", "onboard_host_resource_dns_name"),
        ("onboard_host_gather_fact", "onboard_host_gather_facts"),
        ("onboard_host_zzz", ""),
        ("onboard_host_", ""),
    ],
)
def test_the_nearest_name(name: str, nearest: str) -> None:
    """What the names have in common counts for nothing."""
    assert guards.unknown_variables(["x", name, name], "onboard_host") == {name: nearest}


def test_the_filter_says_it() -> None:
    """One sentence a name; a role that is not there is an error."""
    find = unknown_variables.FilterModule().filters()["unknown_variables"]
    assert find(["onboard_host_acounts", "onboard_host_zzz"], "onboard_host") == [
        "onboard_host_acounts is not a variable of the role onboard_host. Did you mean onboard_host_accounts?",
        "onboard_host_zzz is not a variable of the role onboard_host.",
    ]
    with pytest.raises(AnsibleFilterError, match="there is no role 'nothing'"):
        find([], "nothing")


@pytest.mark.parametrize(
    ("connection", "environment", "begins"),
    [
        ({"url": "u", "token": "t"}, {}, ""),
        ({"url": "u", "token_file": "f"}, {}, ""),
        ({}, ENVIRONMENT, ""),
        ({"token_file": "f"}, ENVIRONMENT, ""),
        ({"token": ""}, ENVIRONMENT, ""),
        ({"url": None, "token": "t"}, {"PAM360_URL": "u"}, ""),
        ({}, {}, "The address of the vault and the token are missing. Set pam360_url and pam360_token_file (or"),
        ({"token": "t"}, {}, "The address of the vault is missing. Set pam360_url as a variable, or PAM360_URL in"),
        ({"token": "t"}, {"PAM360_URL": ""}, "The address of the vault is missing."),
        ({"url": "u"}, {}, "The token is missing. Set pam360_token_file (or pam360_token) as a variable"),
        ({"url": "u", **BOTH}, {}, "pam360_token and pam360_token_file are both set."),
        (BOTH, ENVIRONMENT, "pam360_token and pam360_token_file are both set."),
        ({}, {**ENVIRONMENT, "PAM360_TOKEN_FILE": "f"}, "PAM360_TOKEN and PAM360_TOKEN_FILE are both set."),
        ({"token": "t"}, {**ENVIRONMENT, "PAM360_TOKEN_FILE": "f"}, ""),
    ],
)
def test_the_vault_is_known_or_the_ways_are_told(
    connection: Mapping[str, str], environment: Mapping[str, str], begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable, the environment variable and the option are named; a value never is."""
    for name in ("URL", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"PAM360_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = missing_vault.FilterModule().filters()["missing_vault"](connection)
    assert said.startswith(begins)
    assert bool(said) == bool(begins)
    if "missing" in said:
        assert ("pam360_url" in said) == ("PAM360_URL" in said) == ("option url" in said)
        assert ("pam360_token" in said) == ("PAM360_TOKEN" in said) == ("token_file (or token)" in said)


@pytest.mark.parametrize(
    ("connection", "environment", "begins"),
    [
        ({"url": "u", "token": "t"}, {}, ""),
        ({"url": "u", "username": "n", "password": "p"}, {}, ""),
        ({"username": "n"}, {"CYBERARK_URL": "u", "CYBERARK_PASSWORD": "p"}, ""),
        (
            {"url": "u", "username": "n"},
            {},
            "The log-on is missing. Set cyberark_username with cyberark_password (or cyber",
        ),
        ({"url": "u", "username": "n"}, {"CYBERARK_TOKEN": "t"}, "The log-on is missing."),
        (
            {"token": "t"},
            {"CYBERARK_USERNAME": "n"},
            "The address of the vault is missing. Set cyberark_url as a variable",
        ),
        ({}, {"PAM360_URL": "u", "PAM360_TOKEN": "t"}, "The address of the vault and the log-on are missing."),
        ({"url": "u", "token": "t", "password": "p"}, {}, "cyberark_token and cyberark_password are both set."),
        (
            {"url": "u"},
            {"CYBERARK_TOKEN": "t", "CYBERARK_USERNAME": "n"},
            "CYBERARK_TOKEN and CYBERARK_USERNAME are both",
        ),
    ],
)
def test_cyberark_has_two_ways_to_log_on(
    connection: Mapping[str, str], environment: Mapping[str, str], begins: str
) -> None:
    """A token, or a name with a password, which may come from two places."""
    said = guards.missing_vault(connection, environment, "cyberark")
    assert said.startswith(begins)
    assert bool(said) == bool(begins)


def test_a_connection_is_a_dictionary() -> None:
    """Anything else is an error of the role's author."""
    with pytest.raises(AnsibleFilterError, match="must be a dictionary"):
        missing_vault.missing_vault("https://vault")  # type: ignore[arg-type]
