# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of many accounts: sent along, always or by their fingerprints; what is no longer listed is revoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._accounts_world import (
    BULK,
    LABEL,
    ROOT,
    SHARE,
    SINGLE,
    TRACKED,
    beats,
    bulk,
    shares,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, details, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

VIEW = {"user": "jdoe", "access_type": "view"}
DBA = {"user_group": "DBA", "access_type": "modify"}
SMITH = {"user": "asmith", "access_type": "full_access"}
BOTH: list[dict[str, Any]] = [VIEW, DBA]


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


@pytest.fixture
def world(shared: World) -> World:
    """The server, as it was at the start, but for the shares."""
    shared.reset()
    shared.standin.change(resource="db01", account="root", set={"shares": {"user": {}, "group": {}}})
    return shared


def operations(world: World) -> list[str]:
    """Return the writes of the last run by their operation, sorted."""
    return sorted(entry.operation for entry in world.writes)


@pytest.mark.parametrize("policy", ["on_edit", "tracked"])
def test_a_new_account_gets_its_shares(world: World, policy: str) -> None:
    """Under each policy; a second run sends nothing."""
    options = TRACKED if policy == "tracked" else {}
    entries = [{"resource": "web01", "name": name, "shares": BOTH} for name in ("a", "b")]
    result = beats(world, entries, **options)
    for told in result["accounts"]:
        assert told["account"]["shares"] == BOTH
        assert told["unverified"][-1] == "shares"
        assert told["diff"]["after"]["shares"] == BOTH
        assert shares(world, told["account"]["name"], "web01") == {"21": "view", "g42": "modify"}


def test_on_edit_sends_them_along_with_an_edit_alone(world: World) -> None:
    """They never cause a write, and the diff shows them when they are sent."""
    entry = {**ROOT, "shares": BOTH, "update_write_only": "on_edit"}
    assert bulk(world, [entry])["changed"] is False
    assert bulk(world, [entry])["accounts"][0]["unverified"] == ["shares"]
    result = beats(world, [{**entry, "notes": "n"}])
    assert operations(world) == []
    assert result["diff"][0]["after"] == {"notes": "n", "shares": BOTH}
    assert shares(world) == {"21": "view", "g42": "modify"}


def test_always_sends_them_each_time(world: World) -> None:
    """And reports a change each time, in check mode too."""
    entries = [{**ROOT, "shares": BOTH}]
    for _time in range(2):
        assert bulk(world, entries, check=True, update_write_only="always")["changed"] is True
        assert bulk(world, entries, update_write_only="always")["changed"] is True
        assert operations(world) == ["SHARE ACCOUNT"] * 2


def test_grants_and_revokes_are_idempotent(world: World) -> None:
    """Grant, raise, revoke, grant again: one share request and one edit for the fingerprints each."""
    for entry, held in (
        (VIEW, {"21": "view"}),
        ({**VIEW, "access_type": "modify"}, {"21": "modify"}),
        ({"user": "jdoe", "state": "absent"}, {}),
        (VIEW, {"21": "view"}),
    ):
        result = beats(world, [{**ROOT, "shares": [entry]}], **TRACKED)
        assert result["diff"][0]["after"] == {"shares": [entry]}
        assert shares(world) == held


def test_only_what_is_due_is_sent_and_shown(world: World) -> None:
    """One more share is one request; it is noted as pending with the edit of the settings, and then as sent."""
    bulk(world, [{**ROOT, "shares": BOTH, "command_set": 5}], **TRACKED)
    assert operations(world) == ["EDIT ACCOUNT", "EDIT ACCOUNT", "SHARE ACCOUNT", "SHARE ACCOUNT"]
    result = bulk(world, [{**ROOT, "shares": [*BOTH, SMITH], "command_set": 7}], **TRACKED)
    assert operations(world) == ["EDIT ACCOUNT", "EDIT ACCOUNT", "SHARE ACCOUNT"]
    assert result["diff"][0]["after"] == {"command_set": 7, "shares": [SMITH]}
    assert bulk(world, [{**ROOT, "shares": [*BOTH, SMITH], "command_set": 7}], **TRACKED)["changed"] is False


def test_one_other_setting_is_one_edit_that_leaves_the_shares_alone(world: World) -> None:
    """Their fingerprints stay known."""
    entry = {**ROOT, "shares": BOTH, "command_set": 5}
    bulk(world, [entry], **TRACKED)
    result = beats(world, [{**entry, "command_set": 7}], **TRACKED)
    assert set(result["diff"][0]["after"]) == {"command_set"}


def test_purge_revokes_what_was_granted_and_is_no_longer_listed(world: World) -> None:
    """Shares by other hands are not known, and left alone."""
    entry: dict[str, Any] = {**ROOT, "shares": [VIEW, DBA, {**SMITH, "state": "present"}]}
    bulk(world, [entry], **TRACKED)
    world.standin.state.account("db01", "root").shares["user"]["23"] = "view"
    assert bulk(world, [{**entry, "shares": [VIEW]}], **TRACKED)["changed"] is False
    check = bulk(world, [{**entry, "shares": [VIEW], "notes": "n"}], check=True, purge=True, **TRACKED)
    real = bulk(world, [{**entry, "shares": [VIEW], "notes": "n"}], purge=True, **TRACKED)
    assert operations(world) == ["EDIT ACCOUNT", "EDIT ACCOUNT", "SHARE ACCOUNT", "SHARE ACCOUNT"]
    assert [details(write)["ACCESSTYPE"] for write in world.writes[1:3]] == ["revoke", "revoke"]
    assert check["diff"] == real["diff"]
    gone = real["diff"][0]["after"]["shares"]
    assert {tuple(sorted(share.items())) for share in gone} == {
        (("state", "absent"), ("user_group_id", "42")),
        (("state", "absent"), ("user_id", "22")),
    }
    assert shares(world) == {"21": "view", "23": "view"}
    again = bulk(world, [{**entry, "shares": [VIEW], "notes": "n"}], purge=True, **TRACKED)
    assert (again["changed"], world.writes) == (False, [])


@pytest.mark.parametrize("listed", [[], None], ids=["empty", "left out"])
def test_purge_of_all(world: World, listed: Any) -> None:
    """An empty list keeps none of ours; an account that gives no list keeps all of them."""
    bulk(world, [{**ROOT, "shares": BOTH}, {"resource": "db01", "name": "app", "shares": [VIEW]}], **TRACKED)
    entries = [{**ROOT, "shares": listed}, {"resource": "db01", "name": "app", "shares": [VIEW]}]
    result = (
        beats(world, entries, purge=True, **TRACKED) if listed == [] else bulk(world, entries, purge=True, **TRACKED)
    )
    assert [told["changed"] for told in result["accounts"]] == [listed == [], False]
    assert shares(world) == ({} if listed == [] else {"21": "view", "g42": "modify"})
    assert shares(world, "app") == {"21": "view"}
    assert world.account("root")["notes"] == "old notes"


def test_purge_does_not_revoke_a_revoke(world: World) -> None:
    """What was revoked already is not sent again when it is no longer listed."""
    bulk(world, [{**ROOT, "shares": [VIEW, {"user": "asmith", "state": "absent"}]}], **TRACKED)
    assert bulk(world, [{**ROOT, "shares": [VIEW]}], purge=True, **TRACKED)["changed"] is False
    assert world.writes == []


@pytest.mark.parametrize("module", [BULK, SINGLE])
def test_a_rename_takes_the_fingerprints_of_shares_along(world: World, module: str) -> None:
    """Those that are still listed are not sent again, and a purge knows the others, in the same run and later on."""
    bulk(world, [{**ROOT, "shares": [*BOTH, SMITH], "command_set": 5}], **TRACKED)
    if module == BULK:
        renamed = {**ROOT, "new_name": "admin", "shares": BOTH}
        check = bulk(world, [renamed], check=True, purge=True, **TRACKED)
        result = bulk(world, [renamed], purge=True, **TRACKED)
        assert check["diff"] == result["diff"]
        assert result["diff"][0]["after"] == {"name": "admin", "shares": [{"user_id": "22", "state": "absent"}]}
        assert operations(world) == ["EDIT ACCOUNT", "EDIT ACCOUNT", "SHARE ACCOUNT"]
        assert bulk(world, [renamed], purge=True, **TRACKED)["changed"] is False
    else:
        world.run(SINGLE, **ROOT, new_name="admin", **TRACKED)
    bulk(world, [{**ROOT, "name": "admin", "shares": [VIEW]}], purge=True, **TRACKED)
    assert shares(world, "admin") == {"21": "view"}
    assert set(operations(world)) == {"EDIT ACCOUNT", "SHARE ACCOUNT"}
    assert {details(entry).get("ACCESSTYPE", "revoke") for entry in world.writes} == {"revoke"}


def test_purge_may_stand_with_the_account(world: World) -> None:
    """Or in the defaults, like other policies."""
    names = ("root", "app", "stale")
    bulk(world, [{"resource": "db01", "name": name, "shares": BOTH} for name in names], **TRACKED)
    entries = [{"resource": "db01", "name": name, "shares": [VIEW]} for name in names]
    entries[1]["purge"] = False
    result = bulk(world, entries, defaults={"purge": True}, **TRACKED)
    assert [told["changed"] for told in result["accounts"]] == [True, False, True]


@pytest.mark.parametrize("text", ["", "mine, hands off", "va0:abcd::", "va1:____::"])
def test_lost_and_foreign_fingerprints_mean_send_again(world: World, text: str) -> None:
    """Unknown is never a failure, and a purge then knows of nothing to revoke."""
    entries = [{**ROOT, "shares": BOTH, "command_set": 5}]
    bulk(world, entries, **TRACKED)
    world.standin.change(resource="db01", account="root", set={"custom_fields": {LABEL: text}})
    result = beats(world, entries, purge=True, **TRACKED)
    assert set(result["diff"][0]["after"]) == {"shares", "command_set"}


def test_another_key_means_send_again(world: World) -> None:
    """It knows nothing of the old fingerprints."""
    entries = [{**ROOT, "shares": BOTH}]
    bulk(world, entries, **TRACKED)
    beats(world, entries, **{**TRACKED, "tracking_key": "another"})


def test_the_single_modules_know_the_same_fingerprints(world: World) -> None:
    """What one of them sent, the others do not send again."""
    bulk(world, [{**ROOT, "shares": BOTH, "command_set": 5}], **TRACKED)
    assert world.run(SINGLE, **ROOT, command_set=5, **TRACKED)["changed"] is False
    for share in BOTH:
        assert world.run(SHARE, resource="db01", account="root", **share, **TRACKED)["changed"] is False
    world.run(SHARE, resource="db01", account="root", **SMITH, **TRACKED)
    assert bulk(world, [{**ROOT, "shares": [*BOTH, SMITH], "command_set": 5}], **TRACKED)["changed"] is False
    bulk(world, [{**ROOT, "shares": [VIEW]}], purge=True, **TRACKED)
    assert shares(world) == {"21": "view"}


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_a_grantee_that_is_not_there_keeps_its_account_untouched(world: World, check: bool) -> None:
    """It is found out before the first write of this account; the others go on."""
    entries = [
        {"resource": "web01", "name": "a", "shares": [{"user": "nobody", "access_type": "view"}]},
        {"resource": "web01", "name": "b", "shares": [VIEW]},
    ]
    result = bulk(world, entries, check=check)
    assert [told["failed"] for told in result["accounts"]] == [True, False]
    assert "user 'nobody'" in result["accounts"][0]["msg"]
    assert result["accounts"][0]["changed"] is False
    assert [account["name"] for account in world.resource("web01")["accounts"]] == ([] if check else ["b"])


def test_names_are_looked_up_once(world: World) -> None:
    """However many accounts are shared with the same people."""
    entries = [{"resource": "web01", "name": f"a{number}", "shares": BOTH} for number in range(6)]
    bulk(world, entries)
    assert world.operations.count("GET_USERID") == 1
    assert world.operations.count("GET_USERGROUPID") == 1


def test_a_share_that_is_refused_half_way(world: World) -> None:
    """The account is there, the message says so, and a tracked rerun sends what is missing."""
    world.standin.faults.add(fault="failed", operation="SHARE ACCOUNT", nth=2, times=1, message="Not this one")
    entries = [{"resource": "web01", "name": "a", "shares": BOTH}]
    result = bulk(world, entries, **TRACKED)
    assert (result["failed"], result["changed"]) == (True, True)
    assert "Granting the share of account 'a' on resource 'web01' with user group 'DBA'" in result["msg"]
    assert "created account 'a' on resource 'web01'" in result["accounts"][0]["msg"]
    assert shares(world, "a", "web01") == {"21": "view"}
    beats(world, entries, **TRACKED)
    assert shares(world, "a", "web01") == {"21": "view", "g42": "modify"}


@pytest.mark.parametrize("renamed", [False, True], ids=["same name", "new name"])
@pytest.mark.parametrize("field", [LABEL, "Nowhere"])
def test_custom_fields_of_others_survive_a_purge(world: World, field: str, renamed: bool) -> None:
    """Also where the vault replaces the whole list on an edit, and where it has no tracking field."""
    world.standin.profile["edit_semantics"] = "replace"
    entry = {"resource": "db01", "name": "app", **({"new_name": "app2"} if renamed else {})}
    options = {**TRACKED, "tracking_field": field}
    for listed in (BOTH, [VIEW]):
        result = bulk(world, [{**entry, "shares": listed}], purge=True, **options)
        assert not result.get("failed"), result["msg"]
        fields = world.account("app2" if renamed else "app")["custom_fields"]
        assert {label: value for label, value in fields.items() if value and label != LABEL} == {
            "Owner Team": "ops",
            "Cost Center": "7",
        }
    assert shares(world, "app2" if renamed else "app") == {
        "21": "view",
        **({"g42": "modify"} if field != LABEL else {}),
    }


def test_an_account_that_is_to_go_needs_no_shares(world: World) -> None:
    """Shares of the defaults do not keep it."""
    result = bulk(world, [{**ROOT, "state": "absent"}], defaults={"shares": BOTH}, purge=True, **TRACKED)
    assert (result["changed"], world.account("root")) == (True, {})
    assert operations(world) == ["DELETE ACCOUNT"]


def test_a_share_that_later_runs_do_not_send_is_told(world: World) -> None:
    """A share of a new account is refused: the message says how to make up for it, and that works."""
    world.standin.faults.add(fault="failed", operation="SHARE ACCOUNT", message="busy", times=1)
    entry = {"resource": "web01", "name": "late", "shares": [VIEW], "update_write_only": "on_edit"}
    result = world.run("pam360_accounts", accounts=[entry])
    assert result["failed"]
    assert "run the task once with update_write_only: always" in result["accounts"][0]["msg"]
    assert world.run("pam360_accounts", accounts=[entry])["changed"] is False
    always = {**entry, "update_write_only": "always"}
    assert world.run("pam360_accounts", accounts=[always])["changed"] is True
    assert shares(world, "late", "web01") == {"21": "view"}


def test_shares_follow_their_accounts_at_once(world: World) -> None:
    """No account of a later portion is made before the shares of an earlier one are sent."""
    entries = [{"resource": f"host{n}", "name": "a", "shares": [VIEW]} for n in range(4)]
    result = world.run("pam360_accounts", accounts=entries, create_resources=True, max_connections=1)
    assert result["changed"] is True
    sent = [entry.operation for entry in world.writes if entry.operation in ("ADD ACCOUNTS", "SHARE ACCOUNT")]
    assert sent == ["ADD ACCOUNTS", "SHARE ACCOUNT"] * 4


def test_purge_without_readable_fingerprints_warns(world: World) -> None:
    """With another key nothing is known, so nothing can be revoked: that is said."""
    entry = {**ROOT, "shares": BOTH}
    world.run("pam360_accounts", accounts=[entry], **TRACKED)
    options = {**TRACKED, "tracking_key": "another key"}
    result = world.run("pam360_accounts", accounts=[{**ROOT, "shares": []}], purge=True, **options)
    assert "cannot be read with this key" in str(result["warnings"])
    assert shares(world) == {"21": "view", "g42": "modify"}


def test_a_revoke_whose_note_got_lost_does_not_stop_the_next_purge(world: World) -> None:
    """On a server that revokes nothing twice: what was about to be revoked may be gone, so a refusal is a warning."""
    world.standin.profile["revoke_missing"] = "failed"
    bulk(world, [{**ROOT, "shares": BOTH}], **TRACKED)
    world.standin.faults.add(fault="failed", operation="EDIT ACCOUNT", nth=2, times=1)
    entries = [{**ROOT, "shares": [VIEW]}]
    assert bulk(world, entries, purge=True, **TRACKED)["failed"]
    result = bulk(world, entries, purge=True, **TRACKED)
    assert not result.get("failed"), result["msg"]
    assert "A run ended before it noted" in str(result["warnings"])
    assert bulk(world, entries, purge=True, **TRACKED)["changed"] is False
    assert shares(world) == {"21": "view"}


def test_a_purge_that_is_refused_tells_the_way_out(world: World) -> None:
    """The vault refuses to revoke a share that was granted."""
    bulk(world, [{**ROOT, "shares": BOTH}], **TRACKED)
    world.standin.faults.add(fault="failed", operation="SHARE ACCOUNT", times=1)
    result = bulk(world, [{**ROOT, "shares": [VIEW]}], purge=True, **TRACKED)
    assert result["failed"]
    assert f"If there is no such share any more, empty '{LABEL}' of the account in the vault." in result["msg"]
    assert bulk(world, [{**ROOT, "shares": [VIEW]}], purge=True, **TRACKED)["changed"] is True
    assert shares(world) == {"21": "view"}


def test_an_account_that_was_there_before_us_is_adopted(world: World) -> None:
    """What cannot be read is sent once and then remembered; the result shows what was sent, and never a mere wish."""
    entry = {**ROOT, "shares": BOTH, "command_set": 5}
    check = bulk(world, [entry], check=True)
    result = bulk(world, [entry])
    for told in (check, result):
        assert told["accounts"][0]["adopted"] is True
        assert told["summary"]["adopted"] == 1
        assert told["accounts"][0]["account"]["shares"] == BOTH
    assert shares(world) == {"21": "view", "g42": "modify"}
    again = bulk(world, [entry])
    assert (again["changed"], again["summary"]["adopted"], world.writes) == (False, 0, [])
    assert again["accounts"][0]["account"]["shares"] == BOTH
    untracked = bulk(world, [{**entry, "update_write_only": "on_edit"}])
    assert untracked["accounts"][0]["account"]["shares"] is None


def test_without_the_field_no_other_account_is_read_for_it(world: World) -> None:
    """auto reads one account, warns in words that are the same for all tasks, and does as on_edit does."""
    entries = [
        {"resource": "db01", "name": name, "shares": BOTH, "command_set": 5} for name in ("root", "app", "stale")
    ]
    result = bulk(world, entries, tracking_field="Nowhere")
    assert result["changed"] is False
    assert world.operations.count("GET RESOURCE ACCOUNT DETAILS") == 1
    single = world.run("pam360_account", **ROOT, command_set=5, tracking_field="Nowhere")
    told = [{text for text in texts_of(one) if "'Nowhere'" in text} for one in (result, single)]
    assert told[0] == told[1]
    assert len(told[0]) == 1


def test_one_grantee_by_name_and_by_id(world: World) -> None:
    """Two entries for one user would be sent on each run: an error before any write."""
    entry = {**ROOT, "shares": [VIEW, {"user_id": "21", "access_type": "modify"}]}
    result = world.run("pam360_accounts", accounts=[entry], **TRACKED)
    assert result["failed"]
    assert "user 'jdoe' and user '21', who are the same" in result["msg"]
    assert world.writes == []
