# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding sends, and what it does on a host: each combination of what the host and the vault have."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding_plan import host_steps, onboarding
from ansible_collections.vaultops.pam.tests.unit._onboarding_hosts import GROUPS, S, declared

LOCAL = {"name": "root", "local": True}
PENDING = "root-pending-rotation"


def looked(*names: str, **given: Any) -> dict[str, Any]:
    """Return a host that someone has looked at; *names* have a password there."""
    lines = ["root-of-the-system:", *(f"{name}:password" for name in names), "nobody:"]
    return {**declared(**given), "also": {"__onboard_host_shadow": {"stdout_lines": lines}}}


def said(name: str, *, there: bool = True, resource: str = "db01", **more: Any) -> dict[str, Any]:
    """Return what the vault says of an account in check mode."""
    account = {"name": name, "resource": resource, "state": "present"}
    entry = {"account": account, "account_id": "5" if there else None, "changed": not there, "failed": False}
    return {**entry, "unverified": [], **more}


def planned(*entries: dict[str, Any], host: str = "db01") -> dict[str, Any]:
    """Return the answer of a task in check mode."""
    return {"calls": [{"hosts": [host]}], "results": [{"accounts": list(entries), "resources": []}]}


def test_hosts_without_local_accounts_are_handled_together() -> None:
    """The others are visited, and their accounts wait."""
    hosts = {
        "db01": declared(accounts=[LOCAL, {"name": "app"}]),
        "db02": declared(accounts=[{"name": "root"}]),
        "db03": declared(accounts=[LOCAL], local=False),
        "db04": declared(gather_facts=True, accounts=[{"name": "root"}]),
        "db05": declared(),
    }
    found = onboarding(hosts, GROUPS, {}, stage="together", gather=True)
    (call,) = found["calls"]
    assert [(entry["resource"], entry["name"]) for entry in call["accounts"]] == [("db02", "root"), ("db03", "root")]
    report = found["report"]
    assert (report["visit"], report["facts"], report["empty"]) == (["db01", "db04"], ["db04"], ["db05"])
    assert call["hosts"] == ["db02", "db03", "db05"]  # a host without accounts is a resource all the same
    everything = onboarding(hosts, GROUPS, {})["calls"][0]
    assert len(everything["accounts"]) == 5
    assert onboarding(hosts, GROUPS, {}, stage="together")["report"]["visit"] == ["db01"]


def test_a_batch_is_handled_and_all_are_checked() -> None:
    """With the first batch the variables of all hosts are looked at."""
    hosts = {"db01": declared(accounts=[{"name": "a"}]), "db02": declared(accounts=[{"name": "b"}])}
    found = onboarding(hosts, GROUPS, {}, stage="together", batch=["db01"])
    assert [entry["name"] for entry in found["calls"][0]["accounts"]] == ["a"]
    hosts["db02"] = declared(acounts=[])
    assert onboarding(hosts, GROUPS, {}, stage="together", batch=["db01"])["report"]["message"].startswith(
        "The variables of 1"
    )


def test_each_vault_has_a_call_of_its_own() -> None:
    """So has each way of tracking; a secret of them is in no report."""
    hosts = {name: declared(accounts=[{"name": "a"}]) for name in ("db01", "db02", "db03", "db04")}
    hosts["db02"]["connection"] = {**hosts["db02"]["connection"], "url": f"https://user:{S}@vault"}
    hosts["db03"]["given"]["onboard_host_tracking_key"] = S
    found = onboarding(hosts, GROUPS, {})
    assert [call["hosts"] for call in found["calls"]] == [["db01", "db04"], ["db02"], ["db03"]]
    assert S not in json.dumps(found["report"])


@pytest.mark.parametrize("option", ["password", "totp_secret", "custom_fields"])
def test_no_report_holds_a_secret(option: str) -> None:
    """The accounts are in the report only if none of them has an option that may be secret."""
    secret = {"PIN": S} if option == "custom_fields" else S
    hosts = {"db01": declared(accounts=[{"name": "a"}, {"name": "b", option: secret}])}
    found = onboarding(hosts, GROUPS, {}, stage="together")
    assert found["calls"][0]["accounts"][1][option] == secret
    assert S not in json.dumps(found["report"])
    assert set(found["calls"][0]) - set(found["report"]["calls"][0]) == {"accounts"}
    plain = onboarding({"db01": declared(accounts=[{"name": "a"}])}, GROUPS, {}, stage="together")
    assert plain["report"]["calls"] == plain["calls"]
    hosts = {"db01": declared(resource_custom_fields={"PIN": S})}
    (shown,) = onboarding(hosts, GROUPS, {}, stage="together")["report"]["calls"]
    assert S not in json.dumps(shown)
    assert "resources" not in shown


def test_policies_stand_once_if_they_are_the_same() -> None:
    """Otherwise each account has its own."""
    same = {"db01": declared(accounts=[{"name": "a"}]), "db02": declared(accounts=[{"name": "a"}])}
    (call,) = onboarding(same, GROUPS, {})["calls"]
    assert call["policies"] == {
        "update_password": "on_create",
        "update_write_only": call["policies"]["update_write_only"],
    }
    assert set(call["accounts"][0]) == {"name", "resource"}
    other = {**same, "db02": declared(accounts=[{"name": "a"}], update_password="on_drift", purge=True)}
    (call,) = onboarding(other, GROUPS, {})["calls"]
    assert [entry["update_password"] for entry in call["accounts"]] == ["on_create", "on_drift"]
    assert [entry.get("purge") for entry in call["accounts"]] == [None, True]


@pytest.mark.parametrize(
    ("kept", "there", "pending", "drift", "check_mode"),
    list(itertools.product([False, True], repeat=5)),
)
def test_which_side_wins(kept: bool, there: bool, pending: bool, drift: bool, check_mode: bool) -> None:
    """The table of the guide, with and without a rotation that was broken off, for real and in check mode."""
    given = {"accounts": [{**LOCAL, "password_policy": "Low"}], "update_password": "on_drift" if drift else "on_create"}
    host = looked(*["root"] * kept, **given)
    entries = [said("root", there=there), *[said(PENDING, changed=True)] * pending]
    steps = host_steps({"db01": host}, GROUPS, {}, planned(*entries), check_mode=check_mode)
    assert steps["problem"] == ""
    assert steps["due"] == (pending or not there)
    # A password on the host that the vault does not know, or a rotation that was broken off, is rotated.
    unknown = kept and not there
    rotated = (kept and pending) or (unknown and not check_mode)
    assert steps["rotate"] == ([{"name": "root", "policy": "Low"}] if rotated else [])
    assert steps["would"] == (["root"] if unknown and check_mode else [])
    # The host gets the vault's password if it has none, or if the two are to be compared.
    gets = (not kept or drift) and (there or not check_mode)
    assert steps["users"] == [{"name": "root", "gives": gets, "options": {}}]


@pytest.mark.parametrize(("kept", "there"), list(itertools.product([False, True], repeat=2)))
def test_what_is_written_before_the_account(kept: bool, there: bool) -> None:
    """The pending entry of an account whose password on the host is to be replaced, with its password and policy."""
    account = {**LOCAL, "password": S, "password_policy": "Low", "notes": "n", "user": {"uid": 5}}
    host = {"db01": looked(*["root"] * kept, accounts=[account])}
    probes = [{"resource": "db01", "name": PENDING, "state": "absent"}] if kept else []
    asked = onboarding(host, GROUPS, {}, stage="plan")["calls"][0]["accounts"]
    wanted = {"resource": "db01", "name": "root", "password": S, "password_policy": "Low", "notes": "n"}
    assert asked == [*probes, wanted]
    answer = planned(said("root", there=there), *(said(PENDING, there=False, changed=False) for _probe in probes))
    found = onboarding(host, GROUPS, {}, stage="write", planned=answer)
    *first, last = found["calls"][0]["accounts"]
    assert last == wanted
    assert [(entry["name"], entry["password"], set(entry)) for entry in first] == (
        [(PENDING, S, {"resource", "name", "password", "password_policy", "notes"})] if kept and not there else []
    )
    assert found["calls"][0]["due"] == (not there)
    assert found["report"]["pending"] == [PENDING]


def test_an_existing_account_may_be_a_failure() -> None:
    """Then nothing is written for its host, and the others go on."""
    hosts = {
        "db01": looked("root", accounts=[LOCAL], existing="fail"),
        "db02": looked("root", accounts=[LOCAL]),
    }
    answer = {
        "calls": [{"hosts": ["db01", "db02"]}],
        "results": [
            {"accounts": [said("root", there=False), said("root", there=False, resource="db02")], "resources": []}
        ],
    }
    found = onboarding(hosts, GROUPS, {}, stage="write", planned=answer)
    assert {entry["resource"] for entry in found["calls"][0]["accounts"]} == {"db02"}
    assert [resource["name"] for resource in found["calls"][0]["resources"]] == ["db02"]
    steps = host_steps({"db01": hosts["db01"]}, GROUPS, {}, answer, check_mode=False)
    assert steps["problem"].startswith(
        "These accounts of db01 have a password, and are not in the vault: root. Nothing"
    )


@pytest.mark.parametrize(
    "answer",
    [
        planned(said("root", failed=True, msg="The vault said no.")),
        {"calls": [{"hosts": ["db01"]}], "results": [{"failed": True, "msg": "The vault said no."}]},
    ],
)
def test_what_the_vault_said_is_the_problem(answer: dict[str, Any]) -> None:
    """In its own words, of the account or of the task as a whole."""
    host = {"db01": looked(accounts=[LOCAL])}
    assert host_steps(host, GROUPS, {}, answer, check_mode=False)["problem"] == "The vault said no."
    assert onboarding(host, GROUPS, {}, stage="write", planned=answer)["calls"] == []


def test_a_resource_may_be_due_and_may_be_the_problem() -> None:
    """What was said of the host's own resource counts like what was said of an account."""
    host = {"db01": looked(accounts=[LOCAL])}
    for failed, changed, name in itertools.product([False, True], [False, True], ["db01", "db02"]):
        entry = {"resource": {"name": name}, "failed": failed, "changed": changed, "msg": "No."}
        answer = planned(said("root"))
        answer["results"][0]["resources"] = [entry]
        own = name == "db01"
        assert host_steps(host, GROUPS, {}, answer, check_mode=False)["problem"] == ("No." if failed and own else "")
        if not failed:
            found = onboarding(host, GROUPS, {}, stage="write", planned=answer)
            assert found["calls"][0]["due"] == (changed and own)


def test_what_the_vault_said_of_another_resource_is_not_the_host_s() -> None:
    """Hosts of one task fail by themselves."""
    other = said("root", resource="db02", failed=True, msg="No.")
    steps = host_steps({"db01": looked(accounts=[LOCAL])}, GROUPS, {}, planned(said("root"), other), check_mode=False)
    assert steps["problem"] == ""
