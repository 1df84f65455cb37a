# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding wants of CyberArk: what is refused before any request, the order of the steps, what they need."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import onboarding_due as due_filter
from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding import hosts_of, wants_facts
from ansible_collections.vaultops.pam.plugins.plugin_utils._onboarding_plan import onboarding
from ansible_collections.vaultops.pam.plugins.plugin_utils._role_summary import account_summary
from ansible_collections.vaultops.pam.tests.unit._onboarding_hosts import GROUPS, S, declared

due = due_filter.FilterModule().filters()["onboarding_due"]
VAULT = {"url": "https://pvwa", "username": "u", "password": S}
ROOT = {"name": "root", "safe": "Linux"}


def host(*accounts: dict[str, Any], groups: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:
    """Return a host for CyberArk as the lookup finds it."""
    return {**declared(groups, vault="cyberark", accounts=list(accounts), **given), "connection": VAULT}


def faults(found: dict[str, Any]) -> list[str]:
    """Return what is wrong with a host."""
    return hosts_of({"db01": found}, GROUPS, {})[0].faults


def report(**hosts: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be done for all hosts, which is free of faults and secrets."""
    found = onboarding(hosts, GROUPS, {}, stage="together")["report"]
    assert found["message"] == ""
    assert S not in json.dumps(found)
    return found


def labels(found: dict[str, Any], kind: str) -> list[str]:
    """Return the steps of a kind in words."""
    return [step["label"] for step in found["steps"][kind]]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (host({"name": "a", "notes": S}), "onboard_host_vault is cyberark, and only pam360 knows notes (account a)."),
        (
            host({**ROOT, "shares": [], "owner": S}, {"name": "b", "safe": "L", "shares": []}, purge=True),
            "onboard_host_vault is cyberark, and only pam360 knows onboard_host_purge; owner (account root); shares",
        ),
        (host(ROOT, resource="db"), "onboard_host_vault is cyberark, and only pam360 knows onboard_host_resource."),
        (
            host(ROOT, update_password="on_drift"),
            "onboard_host_vault is cyberark, and only pam360 knows onboard_host_up",
        ),
        (host({**ROOT, "local": True}), "Accounts are made on the host (local, user: root), and with onboard_host_vau"),
        (host({**ROOT, "user": {"uid": 5}}), "Accounts are made on the host (local, user: root)"),
        (host(ROOT, gather_facts=True), "onboard_host_gather_facts is true, and with onboard_host_vault: cyberark no"),
        (declared(accounts=[ROOT]), "onboard_host_vault is pam360, and only cyberark knows safe (account root)."),
        (
            declared(address="x", safes=[]),
            "onboard_host_vault is pam360, and only cyberark knows onboard_host_address;",
        ),
        (declared(vault="vault"), "onboard_host_vault must be one of pam360, cyberark."),
        ({**host(ROOT), "connection": {}}, "The address of the vault and the log-on are missing. Set cyberark_url and"),
        ({**host(ROOT), "connection": {**VAULT, "token": S}}, "cyberark_token and cyberark_username are both set."),
        # What the modules would refuse
        (host({"name": "root"}), "The account root has no safe."),
        (
            host({**ROOT, "safe": "Linux "}),
            "The account root: safe begins or ends with a blank or another character that cannot be",
        ),
        (host({**ROOT, "name": "root "}), "The account root : user_name begins or ends with a blank"),
        (host({**ROOT, "password": ""}), "The account root: secret must not be empty."),
        (host({**ROOT, "verify_max_age": -1}), "The account root: verify_max_age must be 0 days or more."),
        (host({**ROOT, "automatic_management": "yes", "manual_management_reason": "r"}), "The account root: manual_"),
        (host({**ROOT, "logon_account": {"account_id": "29_3", "name": "x"}}), "The account root: logon_account must"),
        (host({**ROOT, "logon_account": {"safe": "x"}}), "The account root: logon_account must be account_id, or safe"),
        (host(ROOT, safes=[{"name": "x"}, {"name": "X"}]), "The safe X: It is there twice."),
        (host(ROOT, safes=[{"name": "x", "description": S}]), "The safe x: Settings (description) are brought to what"),
        (
            host(ROOT, create_safes=True, safes=[{"name": "x", "days_retention": 1, "versions_retention": 1}]),
            "The safe x: give either versions_retention or days_retention.",
        ),
        (
            host(ROOT, create_safes=True, safes=[{"name": "x", "days_retention": "5000"}]),
            "The safe x: days_retention must be 0 to 3650.",
        ),
        (host(ROOT, safes=[{"name": "x", "members": [{}]}]), "onboard_host_safes[0], members[0]: member is required."),
        (
            host(ROOT, safes=[{"name": "x", "members": [{"member": "m", "permissions": [S]}]}]),
            "The member m of the safe x: permissions knows",
        ),
        (
            host(ROOT, safes=[{"name": "x", "members": [{"member": "m", "expires": S}]}]),
            "The member m of the safe x: expires must look like",
        ),
    ],
)
def test_what_is_refused_before_any_request(found: dict[str, Any], says: str) -> None:
    """One sentence, which names what is wrong and quotes no value."""
    told = faults(found)
    assert [one[: len(says)] for one in told] == [says]
    assert S not in " ".join(told)


def test_a_null_takes_out_what_a_group_gives() -> None:
    """So that hosts of both vaults may share a matrix."""
    matrix = {"all": [{"name": "root", "notes": "n", "local": True}]}
    assert faults(host({**ROOT, "notes": None, "local": None}, role_accounts=matrix)) == []
    assert faults(host({**ROOT, "notes": None}, role_accounts=matrix, local=False)) == []
    assert len(faults(host(ROOT, role_accounts=matrix))) == 2


def test_no_facts_are_gathered() -> None:
    """Nothing connects to the host."""
    assert not wants_facts(host(ROOT, gather_facts=True))


def test_a_host_of_each_vault() -> None:
    """Each goes its own way in the same run; only one is visited."""
    found = onboarding(
        {"db01": declared(accounts=[{"name": "root", "local": True}]), "db02": host({**ROOT, "password": S})},
        GROUPS,
        {},
        stage="together",
    )
    assert found["report"]["visit"] == ["db01"]
    assert labels(found["report"], "accounts") == ["root at db02 in the safe Linux"]
    assert found["calls"] == []
    assert found["secrets"] == {"db02": {"root": S}}
    everything = onboarding({"db01": declared(accounts=[{"name": "root"}]), "db02": host(ROOT)}, GROUPS, {})
    assert [call["hosts"] for call in everything["calls"]] == [["db01"]]
    assert report(db01=declared(accounts=[{"name": "a"}]))["steps"] == {}


def test_the_options_of_an_account() -> None:
    """By the names of its module; without the secret, which is fetched when it is sent."""
    account = {
        **ROOT,
        "password": S,
        "platform_properties": {"Port": None},
        "manual_management_reason": None,
        "verify_max_age": "7",
    }
    found = report(db01=host(account, account_defaults={"platform_id": "UnixSSH"}, address="10.0.0.1"))
    identity = {"safe": "Linux", "user_name": "root", "address": "10.0.0.1", "platform_id": "UnixSSH"}
    (step,) = found["steps"]["accounts"]
    assert step["options"] == {**identity, "platform_properties": {"Port": None}}
    assert (step["secret"], step["leader"], step["name"], step["needs"]) == (True, "db01", "root", [])
    (verify,) = found["steps"]["verifications"]
    assert verify["options"] == {**identity, "max_age": 7}
    assert verify["needs"] == [step["key"]]
    (named,) = report(db01=host({**account, "object_name": "x"}))["steps"]["verifications"]
    assert named["options"] == {"safe": "Linux", "name": "x", "max_age": 7}


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ({}, {}),
        ({"account_id": "29_3"}, {"account_id": "29_3"}),
        ({"name": "x"}, {"safe": "Linux", "name": "x"}),
        ({"name": "x", "safe": "R", "address": None}, {"safe": "R", "name": "x"}),
        ({"user_name": "Deploy"}, {"safe": "Logon", "user_name": "Deploy", "address": "jump"}),
        ({"user_name": "other"}, {"safe": "Linux", "user_name": "other", "address": "db01"}),
        ({"user_name": "other", "address": ""}, {"safe": "Linux", "user_name": "other", "address": ""}),
    ],
)
def test_what_a_link_leaves_out(link: dict[str, Any], wanted: dict[str, Any]) -> None:
    """A user stands for the account on the same host, a name for one in the same safe."""
    deploy = {"name": "deploy", "safe": "Logon", "address": "jump"}
    found = report(db01=host({**ROOT, "logon_account": link}, deploy))
    step = next(step for step in found["steps"]["accounts"] if step["name"] == "root")
    assert step["options"]["logon_account"] == wanted


def test_a_link_is_taken_as_a_whole() -> None:
    """Two that are merged would name neither."""
    matrix = {
        "all": [{**ROOT, "logon_account": {"name": "x"}}],
        "linux": [{"name": "root", "logon_account": {"user_name": "y"}}],
    }
    (step,) = report(db01=host(groups=("linux",), role_accounts=matrix))["steps"]["accounts"]
    assert step["options"]["logon_account"] == {"safe": "Linux", "user_name": "y", "address": "db01"}


def test_accounts_come_after_those_that_they_link_to() -> None:
    """Of all hosts of the run, however they are named, and whatever the order of the declaration is."""
    one = {**ROOT, "logon_account": {"user_name": "deploy"}, "reconcile_account": {"name": "rec", "safe": "linux"}}
    deploy = {"name": "deploy", "safe": "Linux", "object_name": "by-name", "logon_account": {"user_name": "jump"}}
    found = report(
        db01=host(one, deploy, {"name": "jump", "safe": "Linux"}),
        db02=host({"name": "reconcile", "safe": "LINUX", "object_name": "Rec"}),
    )
    names = [step["name"] for step in found["steps"]["accounts"]]
    assert names.index("jump") < names.index("deploy") < names.index("root")
    assert names.index("reconcile") < names.index("root")


def test_a_circle_is_refused() -> None:
    """None of them can be the first."""
    one = {**ROOT, "logon_account": {"user_name": "deploy"}}
    (fault,) = faults(host(one, {"name": "deploy", "safe": "Linux", "reconcile_account": {"user_name": "root"}}))
    assert fault.startswith("Accounts are linked in a circle (linux root db01, linux deploy db01, linux root db01)")


def test_safes_and_members_come_first() -> None:
    """Those that are declared, and those that accounts name; each once, whatever its case."""
    safes = [{"name": "Linux", "description": "d", "members": [{"member": "Team", "permission_set": "use"}]}]
    shared = {"create_safes": True, "safes": safes}
    found = report(
        db01=host(ROOT, **shared), db02=host({**ROOT, "safe": "linux"}, {"name": "o", "safe": "DB"}, **shared)
    )
    assert [step["options"] for step in found["steps"]["safes"]] == [
        {"name": "Linux", "description": "d"},
        {"name": "DB"},
    ]
    assert [step["hosts"] for step in found["steps"]["safes"]] == [["db01", "db02"], ["db02"]]
    (member,) = found["steps"]["members"]
    assert member["options"] == {"safe": "Linux", "member": "Team", "permission_set": "use"}
    assert (member["hosts"], member["needs"]) == (["db01", "db02"], [found["steps"]["safes"][0]["key"]])
    without = report(db01=host(ROOT, safes=[{"name": "Linux", "members": safes[0]["members"]}]))
    assert labels(without, "safes") == []
    assert [step["needs"] for step in without["steps"]["members"] + without["steps"]["accounts"]] == [[], []]


def test_hosts_may_share_an_account() -> None:
    """It counts once, and has to be declared alike."""
    domain = {"name": "svc", "safe": "Domain", "address": "example.org"}
    found = report(db01=host(domain), db02=host({**domain, "safe": "DOMAIN", "address": "Example.org"} | domain))
    (step,) = found["steps"]["accounts"]
    assert step["hosts"] == ["db01", "db02"]
    hosts = {"db01": host(domain), "db02": host({**domain, "platform_id": "x"})}
    assert hosts_of(hosts, GROUPS, {})[1].faults == [
        "The account svc at example.org in the safe Domain differs from what db01 declares."
    ]
    safes = [{"name": "Domain", "description": "d"}]
    hosts = {"db01": host(create_safes=True, safes=safes), "db02": host(create_safes=True, safes=[{"name": "Domain"}])}
    assert hosts_of(hosts, GROUPS, {})[1].faults[0].startswith("The safe Domain differs from what db01 declares")


def test_each_vault_has_steps_of_its_own() -> None:
    """The same names in two vaults are two things."""
    other = {**host(ROOT, create_safes=True), "connection": {**VAULT, "url": "https://other"}}
    found = report(db01=host(ROOT, create_safes=True), db02=other)
    for kind in ("safes", "accounts"):
        assert [step["leader"] for step in found["steps"][kind]] == ["db01", "db02"]
        assert len({step["key"] for step in found["steps"][kind]}) == 2


# What has become of them


def result(step: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what a task in a loop has returned."""
    return {"ansible_loop_var": "step", "step": step, "changed": False, "unverified": [], **more}


CREATED = {"changed": True, "diff": {"before": {"state": "absent"}, "after": {"state": "present"}}}


def test_what_needs_a_failed_step_is_left_out() -> None:
    """Of a safe its members and accounts, of an account its verification; the rest goes on."""
    found = report(
        db01=host({**ROOT, "verify_max_age": 1}, create_safes=True),
        db02=host({"name": "o", "safe": "DB", "verify_max_age": 1}, create_safes=True),
    )
    (linux, database) = due(found, "safes")
    done = [result(linux, failed=True, msg="No."), result(database)]
    assert [step["leader"] for step in due(found, "accounts", done)] == ["db02"]
    (account,) = due(found, "accounts", done)
    assert [step["leader"] for step in due(found, "verifications", [*done, result(account)])] == ["db01", "db02"]
    failed = [*done, result(account, failed=True)]
    assert [step["leader"] for step in due(found, "verifications", failed)] == ["db01"]
    assert due({"steps": {}}, "accounts") == []
    with pytest.raises(AnsibleFilterError, match="takes the report"):
        due({}, "accounts")


@pytest.mark.parametrize(
    ("account", "verify", "counts"),
    [
        ({}, {}, {"unchanged": 1}),
        ({}, {"changed": True}, {"verified": 1}),
        (CREATED, {"changed": True}, {"created": 1, "verified": 1}),
        ({"changed": True, "diff": {"before": {"x": 1}, "after": {"x": 2}}}, {}, {"updated": 1}),
        (CREATED, {"failed": True, "changed": True, "msg": "The CPM says no."}, {"created": 1, "failed": 1}),
        ({"skipped": True}, {"skipped": True}, {}),
    ],
)
def test_the_summary(account: dict[str, Any], verify: dict[str, Any], counts: dict[str, int]) -> None:
    """What is created, updated and verified is counted; an account that is verified alone counts once."""
    found = report(db01=host({**ROOT, "password": S, "verify_max_age": 0}))
    done = [
        result(found["steps"]["accounts"][0], **{"unverified": ["secret"], **account}),
        result(found["steps"]["verifications"][0], **verify),
    ]
    stats = account_summary([], found, done=done)["stats"]
    assert {name: number for name, number in stats["counts"].items() if number} == counts
    assert stats["not_sent"] == ([] if account else ["password"])
    assert stats["failed"] == (
        {"db01": ["root at db01 in the safe Linux: The CPM says no."]} if verify.get("failed") else {}
    )


def test_a_failure_is_told_of_all_hosts_that_it_concerns() -> None:
    """What was made is told once, and an unchanged safe is not told at all."""
    found = report(db01=host(ROOT, create_safes=True), db02=host(ROOT, create_safes=True))
    (safe,) = found["steps"]["safes"]
    failed = account_summary([], found, done=[result(safe, failed=True, msg="No.")])["stats"]
    assert failed["failed"] == {name: ["safe Linux: No."] for name in ("db01", "db02")}
    made = account_summary([], found, done=[result(safe, **CREATED)])["stats"]
    assert (made["counts"]["created"], list(made["hosts"])) == (1, ["db01"])
    assert account_summary([], found, done=[result(safe)])["stats"]["number_of_hosts"] == 0
