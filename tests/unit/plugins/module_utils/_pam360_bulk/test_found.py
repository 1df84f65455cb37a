# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``return_found`` of pam360_accounts: what the vault holds beside the accounts of the task, read once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._call import call
from pam360_standin import Standin


def account(name: str, **values: Any) -> dict[str, Any]:
    """Return an account of the seed."""
    return {"name": name, "password": f"aA1!{secrets.token_urlsafe(20)}", **values}


@pytest.fixture
def vault() -> Iterator[Standin]:
    """Two resources with two accounts each."""
    resources = [
        {
            "name": name,
            "owner": "admin",
            "department": "Finance",
            "accounts": [account("root", notes="x", last_modified_time="Oct 12, 2025 02:15 AM"), account("app")],
        }
        for name in ("db01", "web01")
    ]
    fields = {"resource": [], "account": [{"label": "Team"}]}
    with Standin(seed={"custom_fields": fields, "resources": resources}) as server:
        yield server


def run(vault: Standin, scope: str | None, *accounts: dict[str, Any], check: bool = True) -> dict[str, Any]:
    """Run the module; nothing is ever written."""
    options = {"url": vault.url, "token": vault.token, "accounts": accounts}
    more = {"return_found": scope} if scope else {}
    result, _text = call("pam360_accounts", {**options, **more}, check=check)
    assert vault.journal.writes() == []
    return result


def test_managed_is_the_same_as_the_search_shows(vault: Standin) -> None:
    found = run(vault, "managed", {"resource": "db01", "name": "root"})["found"]
    searched, _text = call(
        "pam360_account_info", {"url": vault.url, "token": vault.token, "resource": "db01", "details": True}
    )
    assert found["accounts"] == searched["accounts"]
    (resource,) = found["resources"]
    assert (resource["name"], resource["owner"], resource["department"]) == ("db01", "admin", "Finance")
    assert found["unread"] == []


def test_all_has_each_resource_once(vault: Standin) -> None:
    found = run(vault, "all", {"resource": "db01", "name": "root"})["found"]
    assert [(row["resource"], row["name"]) for row in found["accounts"]] == [
        ("db01", "root"),
        ("db01", "app"),
        ("web01", "root"),
        ("web01", "app"),
    ]
    assert [row["name"] for row in found["resources"]] == ["db01", "web01"]


@pytest.mark.parametrize("given", [{"resource": "db01"}, {"resource_id": None}])
def test_nothing_is_read_twice(vault: Standin, given: dict[str, Any]) -> None:
    if "resource_id" in given:
        given = {"resource_id": run(vault, None, {"resource": "db01", "name": "root"})["accounts"][0]["resource_id"]}
        vault.journal.clear()
    wanted = [{**given, "name": name, "custom_fields": {"Team": "x"}} for name in ("root", "app")]
    result = run(vault, "managed", *wanted)
    paths = [entry.path for entry in vault.journal.entries]
    assert len(paths) == len(set(paths))
    assert result["requests"]["sent"] == len(paths) == (1 if "resource" in given else 0) + 1 + 2
    assert [row["resource"] for row in result["found"]["accounts"]] == ["db01", "db01"]


def test_what_is_not_there_is_not_found(vault: Standin) -> None:
    result = run(vault, "managed", {"resource": "db09", "name": "root"})
    assert "found" in result
    assert result["found"] == {"resources": [], "accounts": [], "unread": []}


def test_one_that_cannot_be_read_is_told(vault: Standin) -> None:
    vault.change(add_resource={"id": "9001", "name": "app01", "accounts": [account("root")]})
    vault.change(add_resource={"name": "app02", "accounts": [{"id": "9102", **account("root")}]})
    vault.faults.add(fault="failed", path="/resources/9001/", message="Not today")
    vault.faults.add(fault="failed", path="/accounts/9102", message="Not now")
    found = run(vault, "all", {"resource": "db01", "name": "root"})["found"]
    assert [(row["resource"], row["account"]) for row in found["unread"]] == [("app01", None), ("app02", "root")]
    assert "Not today" in found["unread"][0]["msg"]
    assert "Not now" in found["unread"][1]["msg"]
    assert {row["resource"] for row in found["accounts"]} == {"db01", "web01"}
    assert [row["name"] for row in found["resources"]] == ["db01", "web01", "app02"]


def test_a_vault_that_stops_answering_is_a_failure(vault: Standin) -> None:
    for number in range(12):
        vault.change(add_resource={"name": f"app{number}", "accounts": [account("root")]})
    vault.faults.add(fault="status", code=401, path="/accounts")
    result = run(vault, "all", {"resource": "db01", "name": "root"})
    assert result["failed"]
    assert "found" not in result


def test_only_in_check_mode(vault: Standin) -> None:
    result = run(vault, "managed", {"resource": "db01", "name": "root"}, check=False)
    assert result["msg"] == "return_found needs check mode. Set check_mode: true on the task."
    assert vault.journal.entries == []


def test_without_the_option_there_is_no_key(vault: Standin) -> None:
    assert "found" not in run(vault, None, {"resource": "db01", "name": "root"})
