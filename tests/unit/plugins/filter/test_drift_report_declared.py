# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all hosts declare, as the drift report takes it: the variables of the hosts in, accounts and findings out."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import drift_report_declared as declared_filter

GROUPS: dict[str, list[str]] = {"all": [], "databases": []}
declared = declared_filter.FilterModule().filters()["drift_report_declared"]


def host(*accounts: Any, groups: tuple[str, ...] = (), connection: Any = None, **given: Any) -> dict[str, Any]:
    """Return what the lookup returns for a host."""
    options = {
        "onboard_host_accounts": list(accounts),
        **{f"onboard_host_{name}": value for name, value in given.items()},
    }
    return {
        "given": options,
        "names": sorted(options),
        "connection": connection or {},
        "groups": list(groups),
        "facts": {},
        "unresolved": {},
    }


def places(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Return resource and name of each account."""
    return [(account["resource"], account["name"]) for account in result["accounts"]]


def test_accounts_of_hosts_and_of_the_matrix() -> None:
    matrix = {"databases": [{"name": "oracle", "notes": "x"}]}
    result = declared(
        {
            "db01": host({"name": "root"}, groups=("databases",), role_accounts=matrix),
            "web01": host({"name": "root"}, role_accounts=matrix, resource="web01.example.com"),
            "app01": host(),
        },
        GROUPS,
    )
    assert places(result) == [("db01", "oracle"), ("db01", "root"), ("web01.example.com", "root")]
    assert result["accounts"][0]["notes"] == "x"
    assert result["unusable"] == {}
    assert result["undeclared"] == ["app01"]


def test_hosts_that_share_a_resource_declare_an_account_once() -> None:
    shared = [host({"name": "root", "notes": "x"}, resource="cluster") for _number in range(2)]
    assert places(declared({"a": shared[0], "b": shared[1]}, GROUPS)) == [("cluster", "root")]


def test_a_host_whose_variables_cannot_be_used_does_not_hide_the_others() -> None:
    secret = secrets.token_hex(8)
    result = declared(
        {
            "good": host({"name": "root"}),
            "bad": host({"name": "root", "pasword": secret}),
            "twice": host({"name": "root"}, {"name": "Root"}),
        },
        GROUPS,
    )
    assert places(result) == [("good", "root")]
    assert list(result["unusable"]) == ["bad", "twice"]
    assert "has no option pasword. Did you mean password?" in result["unusable"]["bad"]
    assert "differ only in upper and lower case" in result["unusable"]["twice"]
    assert secret not in str(result)


@pytest.mark.parametrize(
    ("own", "asked", "usable"),
    [
        ({}, {"url": "https://vault:8282"}, True),
        ({"url": "https://vault:8282/"}, {"url": "https://VAULT:8282"}, True),
        ({"url": "https://other:8282"}, {"url": "https://vault:8282", "org_name": ""}, False),
        ({"url": "https://other:8282"}, {}, True),
        ({"org_name": "North"}, {"org_name": "South"}, False),
    ],
)
def test_a_host_of_another_vault_is_not_usable(own: dict[str, str], asked: dict[str, str], usable: bool) -> None:
    result = declared({"db01": host({"name": "root"}, connection=own)}, GROUPS, asked)
    assert (result["unusable"] == {}) == usable
    assert usable or "its accounts are in another vault" in result["unusable"]["db01"]
    assert len(result["accounts"]) == usable


def test_what_is_no_result_of_the_lookup() -> None:
    with pytest.raises(AnsibleFilterError, match=r"result of vaultops\.pam\.role_variables"):
        declared(["db01"], GROUPS)
