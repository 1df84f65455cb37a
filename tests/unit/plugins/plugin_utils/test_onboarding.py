# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding wants: the role matrix, what is told of bad data, and what goes to the vault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding import (
    Host,
    hosts_of,
    resources_for_vault,
    wants_facts,
)
from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding_plan import onboarding
from ansible_collections.vaultops.pam.tests.unit._onboarding_hosts import GROUPS, S, declared


def host(*groups: str, **given: Any) -> Host:
    """Return a host as the role sees it."""
    return hosts_of({"db01": declared(groups, **given)}, GROUPS, {})[0]


def accounts(*groups: str, **given: Any) -> list[dict[str, Any]]:
    """Return the accounts of a host without faults."""
    found = host(*groups, **given)
    assert found.faults == []
    return found.accounts


@pytest.mark.parametrize(
    ("groups", "given", "wanted"),
    [
        ((), {}, []),
        ((), {"accounts": [{"name": "b"}, {"name": "a"}]}, [{"name": "b"}, {"name": "a"}]),
        ((), {"role_accounts": {"all": [{"name": "a"}], "databases": [{"name": "b"}]}}, [{"name": "a"}]),
        (("databases",), {"role_accounts": {"databases": None, "unused": None}}, []),
        # A later group wins over an earlier one, the host's own over all; lists are taken as a whole.
        (
            ("linux", "databases"),
            {
                "role_accounts": {
                    "all": [{"name": "a", "notes": "all", "shares": [{"user": "x"}], "owner": "o"}],
                    "linux": [{"name": "a", "notes": "linux", "shares": [{"user": "y"}]}],
                    "databases": [{"name": "a", "notes": "databases"}],
                },
                "accounts": [{"name": "a", "domain_name": "d"}],
            },
            [{"name": "a", "notes": "databases", "shares": [{"user": "y"}], "owner": "o", "domain_name": "d"}],
        ),
        # Dictionaries are merged, at every depth; a null takes out.
        (
            ("linux",),
            {
                "role_accounts": {"all": [{"name": "a", "custom_fields": {"x": 1, "y": 1}, "notes": "n"}]},
                "accounts": [{"name": "a", "custom_fields": {"y": 2}, "notes": None}],
            },
            [{"name": "a", "custom_fields": {"x": 1, "y": 2}, "notes": None}],
        ),
        # Defaults fill in what is missing, in each account by itself.
        (
            (),
            {
                "account_defaults": {"password_policy": "Strong", "user": {"shell": "/bin/sh"}},
                "accounts": [{"name": "a", "user": {"uid": 5}}, {"name": "b", "password_policy": "Low"}],
            },
            [
                {"name": "a", "password_policy": "Strong", "user": {"shell": "/bin/sh", "uid": 5}},
                {"name": "b", "password_policy": "Low", "user": {"shell": "/bin/sh"}},
            ],
        ),
    ],
)
def test_the_role_matrix(groups: tuple[str, ...], given: dict[str, Any], wanted: list[dict[str, Any]]) -> None:
    """Groups in the order of the matrix, then the host's own; one account for each name."""
    before = json.dumps(given)
    assert accounts(*groups, **given) == wanted
    assert json.dumps(given) == before  # hosts share what stands in a group


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"acounts": []}, "onboard_host_acounts is not a variable of the role onboard_host. Did you mean"),
        ({"accounts": {"name": S}}, "onboard_host_accounts must be a list."),
        ({"accounts": [[{"name": "a", "password": S}]]}, "onboard_host_accounts[0] must be a dictionary of options."),
        ({"accounts": [{"name": "a", "passwort": S}]}, "onboard_host_accounts[0] (a) has no option passwort. Did you"),
        ({"accounts": [{"name": 5}]}, "onboard_host_accounts[0]: name must be a string. Put it in quotes."),
        (
            {"accounts": [{"name": "a", "shares": [{"access_type": S}]}]},
            "onboard_host_accounts[0] (a), shares[0]: access_t",
        ),
        ({"accounts": [{"name": "a", "state": "absent"}]}, "onboard_host_accounts[0] (a) has no option state."),
        ({"accounts": [{"name": "a"}, {"name": "A"}]}, "The accounts a and A differ only in upper and lower case."),
        ({"role_accounts": [S]}, "onboard_host_role_accounts must be a dictionary of group to accounts."),
        (
            {"role_accounts": {"all": [], "databse": []}},
            "onboard_host_role_accounts names groups that this inventory does not have",
        ),
        ({"role_accounts": {"all": {"name": S}}}, "onboard_host_role_accounts.all must be a list. Even a single entry"),
        ({"role_accounts": {"all": [{"notes": S}]}}, "onboard_host_role_accounts.all[0]: name is required."),
        ({"account_defaults": {"name": S}}, "onboard_host_account_defaults has no option name."),
        ({"account_defaults": [S]}, "onboard_host_account_defaults must be a dictionary of options."),
        ({"update_password": S}, "onboard_host_update_password must be one of on_create, on_drift."),
        ({"local": S}, "onboard_host_local must be true or false."),
        ({"hash_rounds": S}, "onboard_host_hash_rounds must be a whole number."),
        ({"resource": 5}, "onboard_host_resource must be a string. Put it in quotes."),
        ({"tracking_key": [S]}, "onboard_host_tracking_key must be a string."),
        ({"resource_custom_fields": S}, "onboard_host_resource_custom_fields must be a dictionary."),
    ],
)
def test_bad_data_is_told_without_a_value(given: dict[str, Any], says: str) -> None:
    """One sentence, which begins with the variable."""
    (fault,) = host(**given).faults
    assert fault.startswith(says)
    assert S not in fault


@pytest.mark.parametrize("value", ["true", True, "no", 0, None])
def test_extra_variables_are_texts(value: Any) -> None:
    """What comes from the command line or from AWX is understood."""
    assert host(local=value, hash_rounds="5000", accounts=None).faults == []


def test_faults_of_other_groups_do_not_matter() -> None:
    """Accounts below a group that the host is not in are those of others."""
    assert host(role_accounts={"databases": [{"nam": "a"}]}).faults == []


def test_what_cannot_be_resolved_is_told_unless_facts_may_resolve_it() -> None:
    """A host that will have facts is looked at again."""
    found = {**declared(gather_facts=True), "unresolved": {"onboard_host_accounts": "'x' is undefined"}}
    assert wants_facts(found)
    told = "onboard_host_accounts cannot be resolved: 'x' is undefined."
    assert hosts_of({"db01": found}, GROUPS, {})[0].faults == [told]
    assert hosts_of({"db01": found}, GROUPS, {}, later=["db01"])[0].faults == []
    assert not wants_facts({**found, "facts": {"system": "Linux"}})


def test_the_vault_is_missing() -> None:
    """It is told like any other fault, so that it stands in the one message."""
    found = {**declared(), "connection": {}}
    (fault,) = hosts_of({"db01": found}, GROUPS, {})[0].faults
    assert fault.startswith("The address of the vault and the token are missing.")
    assert hosts_of({"db01": found}, GROUPS, {"PAM360_URL": "u", "PAM360_TOKEN": "t"})[0].faults == []


def test_one_message_lists_all_bad_hosts() -> None:
    """Hosts with the same faults stand together, and no host is left out."""
    hosts = {f"db{number}": declared(acounts=[]) for number in range(50)}
    hosts["web"] = declared(accounts=[{"name": 1}])
    hosts["good"] = declared(accounts=[{"name": "a"}])
    report = onboarding(hosts, GROUPS, {}, stage="together")["report"]
    assert report["message"].startswith(
        "The variables of 51 of 52 hosts cannot be used, and nothing was changed. db0, db1,"
    )
    assert report["message"].count("onboard_host_acounts is not") == 1
    assert all(name in report["message"] for name in hosts if name != "good")
    assert report["calls"] == []


@pytest.mark.parametrize(
    ("given", "facts", "wanted"),
    [
        ({}, {}, {"dns_name": "db01"}),
        ({}, {"address": "10.0.0.1"}, {"dns_name": "10.0.0.1"}),
        ({}, {"address": "10.0.0.1", "fqdn": "db01.x", "system": "Linux"}, {"dns_name": "db01.x", "type": "Linux"}),
        ({}, {"fqdn": "localhost.localdomain", "system": "Win32NT"}, {"dns_name": "db01", "type": "Windows"}),
        ({}, {"system": "SunOS"}, {"dns_name": "db01"}),
        ({"resource_type": ""}, {"system": "Linux"}, {"dns_name": "db01"}),
        ({"resource_type": "Unix", "resource_dns_name": ""}, {"system": "Linux"}, {"dns_name": "", "type": "Unix"}),
        (
            {"resource_url": "https://x", "resource_owner": "o", "resource_department": ""},
            {},
            {"dns_name": "db01", "resource_url": "https://x", "owner": "o", "department": ""},
        ),
    ],
)
def test_the_resource_of_a_host(given: dict[str, Any], facts: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Facts and inventory say what no variable does; an empty type is none."""
    assert resources_for_vault([host(facts=facts, **given)]) == [{"name": "db01", **wanted}]


def test_hosts_may_share_a_resource() -> None:
    """What they declare alike counts once, and an address that only one of them has is not the resource's."""
    shared = {"resource": "box", "accounts": [{"name": "root", "notes": "n"}]}
    hosts = {name: declared(facts={"address": name}, **shared) for name in ("db01", "db02")}
    (call,) = onboarding(hosts, GROUPS, {})["calls"]
    assert call["resources"] == [{"name": "box"}]
    assert [account["name"] for account in call["accounts"]] == ["root"]
    hosts["db02"] = declared(resource="box", accounts=[{"name": "root", "notes": "other"}], resource_location="here")
    assert hosts_of(hosts, GROUPS, {})[1].faults == [
        "The account root of the resource box differs from what db01 declares."
    ]
    assert onboarding({"db02": hosts["db02"]}, GROUPS, {})["calls"][0]["resources"][0]["location"] == "here"
