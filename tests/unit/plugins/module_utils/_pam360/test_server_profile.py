# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules do differently where it is known how a server behaves, and what they make of a wrong file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._pam360.server_profile import VALUES
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.server_words import masked
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, assert_input_error, texts_of
from pam360_standin.variants import VARIANTS

ROOT = {"resource": "db01", "name": "root"}
SHARE = {"resource": "db01", "account": "root", "update_write_only": "always"}
JDOE = {**SHARE, "user": "jdoe"}  # has the level view in the seed
GRANTED, UNCHANGED = "View permission granted to user successfully.", "View permission is already granted to user."
NOTHING = "No permission to revoke"


class Known:
    """A server that behaves in some way, and the profile that says so."""

    def __init__(self, world: World, path: Path) -> None:
        self.world = world
        self.path = path

    def be(self, more: dict[str, list[str]] | None = None, certainty: str = "seen", **profile: str) -> str:
        """Set the profile of the stand-in, and write the file; return its path."""
        self.world.standin.profile.update(profile)
        findings: dict[str, Any] = {
            name: {"verdict": verdict, "certainty": certainty, "evidence": []} for name, verdict in profile.items()
        }
        for name, details in (more or {}).items():
            findings[name]["details"] = details
        return self.file(findings=findings)

    def file(self, **changes: Any) -> str:
        """Write a file; return its path."""
        whole = {"format": "vaultops.pam server profile", "version": 1, "vault": "pam360", "findings": {}, **changes}
        self.path.write_text(json.dumps(whole), encoding="utf-8")
        return str(self.path)


def said(result: dict[str, Any]) -> list[str]:
    """Return the warnings, but for that of plain HTTP."""
    return [text for text in texts_of(result) if "is not encrypted" not in text]


@pytest.fixture
def known(world: World, tmp_path: Path) -> Known:
    """A server to be described."""
    return Known(world, tmp_path / "server.json")


def test_names_and_values_are_those_of_the_stand_in() -> None:
    """One language for doctor, modules and stand-in, the default first."""
    assert set(VALUES) == set(VARIANTS) - {"clock_offset", "utc_offset", "host_check", "ignore_fields"}
    for name, values in VALUES.items():
        known_values = VARIANTS[name].values
        assert known_values is None or set(values) == set(known_values), name


# Requests that are saved


def test_a_server_that_keeps_what_an_edit_leaves_out_takes_one_read_less(world: World, known: Known) -> None:
    """What an edit cannot lose is not read before it."""
    without = world.run("pam360_account", **ROOT, notes="n")["requests"]["sent"]
    world.reset()
    profile = known.be(edit_omitted="keep")
    assert world.run("pam360_account", **ROOT, notes="n", server_profile=profile)["requests"]["sent"] == without - 1
    world.reset()
    profile = known.be(edit_omitted="keep", certainty="inferred")
    assert world.run("pam360_account", **ROOT, notes="n", server_profile=profile)["requests"]["sent"] == without


def test_a_rename_with_fingerprints_keeps_other_custom_fields(world: World, known: Known) -> None:
    """They are custom fields as well, so those that are there are read and sent along."""
    profile = known.be(edit_omitted="keep", edit_semantics="replace")
    world.run("pam360_account", resource="db01", name="app", new_name="app2", server_profile=profile)
    custom = world.account("app2")["custom_fields"]
    assert (custom["Owner Team"], custom["Cost Center"]) == ("ops", "7")


def test_an_unknown_name_that_is_told_for_sure_takes_one_read_less(world: World, known: Known) -> None:
    """Nobody asks the list, too."""
    args = {"name": "new1", "department": "HR"}
    world.standin.profile["lookup_miss"] = "empty"
    without = world.run("pam360_resource", check=True, **args)["requests"]["sent"]
    profile = known.be(lookup_miss="empty")
    result = world.run("pam360_resource", check=True, **args, server_profile=profile)
    assert (result["changed"], result["requests"]["sent"]) == (True, without - 1)


def test_a_refused_look_up_is_no_unknown_name_where_that_comes_in_another_way(world: World, known: Known) -> None:
    """It may be a right that the user does not have, so nothing is made in its place."""
    profile = known.be(lookup_miss="empty")
    world.standin.faults.add(fault="failed", operation="GET_RESOURCEID", message="Not today")
    result = world.run("pam360_resource", name="db01", state="absent", server_profile=profile)
    assert result["failed"]
    assert "Not today" in result["msg"]


def test_names_that_differ_by_case_take_no_look_up_on_an_exact_server(world: World, known: Known) -> None:
    """Another account of the same name in another case is another account."""
    profile = known.be(names="exact")
    result = world.run("pam360_account", check=True, resource="db01", name="ROOT", server_profile=profile)
    assert result["changed"] is True
    assert "GET_RESOURCEACCOUNTID" not in world.operations


# Edits


@pytest.mark.parametrize("semantics", ["keep", "replace"])
def test_a_server_that_clears_what_is_left_out_gets_all_that_can_be_read(
    world: World, known: Known, semantics: str
) -> None:
    """Nothing is lost for a moment, and there is nothing to warn of."""
    profile = known.be(edit_omitted="clear", edit_semantics=semantics)
    custom = {"Owner Team": "ops", "Cost Center": "7"}
    before = {"custom_fields": custom, "NOTES": "mine", "policy": "Low"}
    world.standin.change(resource="db01", account="app", set=before)
    result = world.run("pam360_account", resource="db01", name="app", password_policy="Medium", server_profile=profile)
    assert said(result) == []
    assert len(world.writes) == 1
    stored = world.account("app")
    assert (stored["notes"], stored["policy"], stored["custom_fields"]) == ("mine", "Medium", custom)
    world.run("pam360_resource", name="db01", location="here", custom_fields={"Data Centre": "east"})
    result = world.run("pam360_resource", name="db01", department="HR", server_profile=profile)
    assert said(result) == []
    assert len(world.writes) == 1
    stored = world.resource("db01")
    assert (stored["location"], stored["custom_fields"]) == ("here", {"Data Centre": "east"})


def test_the_spelling_of_the_command_set(world: World, known: Known) -> None:
    """A new account gets it under the key that counts."""
    new = {"resource": "db01", "name": "new1", "command_set": 5}
    profile = known.be(command_set_key="COMMAN_SET")
    world.run("pam360_account", **new)
    assert "COMMAND_SET" not in world.account("new1")["settings"]
    world.reset()
    profile = known.be(command_set_key="COMMAN_SET")
    world.run("pam360_account", **new, server_profile=profile)
    assert world.account("new1")["settings"]["COMMAND_SET"] == 5
    many = {"accounts": [{**new, "name": name} for name in ("new2", "new3")], "server_profile": profile}
    world.run("pam360_accounts", **many)
    assert [world.account(name)["settings"]["COMMAND_SET"] for name in ("new2", "new3")] == [5, 5]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("effect", ["ignored", "refused"])
@pytest.mark.parametrize(
    ("doubt", "args"),
    [
        ("empty_notes", {"notes": ""}),
        ("empty_notes", {"description": ""}),
        ("empty_custom_field", {"custom_fields": {"Owner Team": ""}}),
    ],
    ids=["notes", "description", "custom_field"],
)
def test_what_an_empty_value_does_not_clear(
    world: World, known: Known, doubt: str, args: dict[str, Any], effect: str, check: bool
) -> None:
    """It is an error before any write, in check mode too, and none where there is nothing to clear."""
    world.standin.change(resource="db01", account="app", set={"NOTES": "mine"})
    profile = known.be(**{doubt: effect})
    result = world.run("pam360_account", check=check, resource="db01", name="app", **args, server_profile=profile)
    assert result["failed"]
    assert result["changed"] is False
    assert f"cannot be cleared, as this server {'ignores' if effect == 'ignored' else 'refuses'}" in result["msg"]
    assert world.writes == []
    world.standin.change(resource="db01", account="app", set={"NOTES": "", "custom_fields": {"Owner Team": ""}})
    again = world.run("pam360_account", check=check, resource="db01", name="app", **args, server_profile=profile)
    assert again["changed"] is False
    many = {"accounts": [{"resource": "db01", "name": "app", **args}], "server_profile": profile}
    assert world.run("pam360_accounts", check=check, **many)["changed"] is False


def test_a_domain_that_an_edit_does_not_take(world: World, known: Known) -> None:
    """Another one is an error, the same one is not, and it can be given at the creation."""
    profile = known.be(edit_domain_name="ignored")
    result = world.run("pam360_resource", name="db01", domain_name="EXAMPLE", server_profile=profile)
    assert result["failed"]
    assert "the vault cannot change it to 'EXAMPLE'" in result["msg"]
    assert world.writes == []
    new = {"name": "new1", "domain_name": "EXAMPLE", "server_profile": profile}
    assert world.run("pam360_resource", **new)["changed"] is True
    assert world.run("pam360_resource", **new)["changed"] is False
    edited = world.run("pam360_resource", **new, location="here")
    assert edited["changed"] is True
    assert said(edited) == []


# Settings that can be read after all


def test_settings_that_the_server_shows_are_compared(world: World, known: Known) -> None:
    """As the notes are: no write without a difference, one with it, confirmed afterwards."""
    names = ["COMMAND_SET", "RECORD_RDP_SESSIONS", "TOTP_DIGITS"]
    profile = known.be({"readable_settings": names}, readable_settings=",".join(names))
    args = {**ROOT, "command_set": 5, "record_rdp_sessions": True, "totp_digits": "6", "server_profile": profile}
    options = ["command_set", "record_rdp_sessions", "totp_digits"]
    for check, changed in ((True, True), (False, True), (True, False), (False, False)):
        result = world.run("pam360_account", check=check, **args)
        assert result["changed"] is changed
        assert sorted(result["verified"]) == options
        assert len(world.writes) == (changed and not check)
    world.standin.change(resource="db01", account="root", set={"COMMAND_SET": 6})
    result = world.run("pam360_account", **args)
    assert result["diff"]["before"] == {"command_set": 6}
    assert result["diff"]["after"] == {"command_set": 5}
    many = {"accounts": [{key: value for key, value in args.items() if key != "server_profile"}]}
    assert world.run("pam360_accounts", **many, server_profile=profile)["changed"] is False


def test_settings_that_no_probe_has_written_are_not_compared(world: World, known: Known) -> None:
    """A key of that name may mean something else."""
    profile = known.be({"readable_settings": []}, readable_settings="COMMAND_SET")
    result = world.run("pam360_account", **ROOT, command_set=5, update_write_only="on_edit", server_profile=profile)
    assert result["unverified"] == ["command_set"]


# Shares


def test_a_share_that_the_server_says_was_there_is_no_change(world: World, known: Known) -> None:
    """What the server said decides; check mode cannot ask it."""
    profile = known.be({"share_repeat": [UNCHANGED]}, share_repeat="distinct")
    args = {**JDOE, "access_type": "view", "server_profile": profile}
    result = world.run("pam360_account_share", **args)
    assert result["changed"] is False
    assert "the vault said that nothing changed" in result["msg"]
    assert "diff" not in result
    assert len(world.writes) == 1
    assert world.run("pam360_account_share", check=True, **args)["changed"] is True
    assert world.run("pam360_account_share", **{**args, "access_type": "modify"})["changed"] is True
    assert world.run("pam360_account_share", **{**args, "access_type": "view"})["changed"] is True
    assert world.run("pam360_account_share", **{**SHARE, "user_group": "DBA", "access_type": "view"})["changed"] is True


def test_shares_of_many_accounts_that_were_there_are_no_change(world: World, known: Known) -> None:
    """All of them together."""
    profile = known.be({"share_repeat": [UNCHANGED]}, share_repeat="distinct")
    shares = [{"user": "jdoe", "access_type": "view"}]
    args = {"update_write_only": "always", "server_profile": profile}
    one = {"resource": "db01", "name": "root", "shares": shares}
    assert world.run("pam360_accounts", accounts=[one], **args)["changed"] is False
    assert len(world.writes) == 1
    more = {**one, "shares": [*shares, {"user": "asmith", "access_type": "view"}]}
    assert world.run("pam360_accounts", accounts=[more], **args)["changed"] is True


def test_a_revoke_of_nothing_that_the_server_refuses_is_done(world: World, known: Known) -> None:
    """In the words that the doctor has heard; any other refusal is an error as ever."""
    profile = known.be({"revoke_missing": [NOTHING]}, revoke_missing="failed")
    args = {**SHARE, "user": "asmith", "state": "absent"}
    assert world.run("pam360_account_share", **args)["failed"]
    result = world.run("pam360_account_share", **args, server_profile=profile)
    assert result["changed"] is False
    assert world.run("pam360_account_share", **{**JDOE, "state": "absent"}, server_profile=profile)["changed"] is True
    world.standin.faults.add(fault="failed", operation="SHARE ACCOUNT", message="Not today")
    assert "Not today" in world.run("pam360_account_share", **args, server_profile=profile)["msg"]


@pytest.mark.parametrize("module", ["pam360_account_share", "pam360_resource_share"])
def test_shares_that_can_be_read_are_compared(world: World, known: Known, module: str) -> None:
    """No write without a difference, and each is confirmed."""
    profile = known.be(share_read="yes")
    args = {"resource": "db01", "user": "asmith", "server_profile": profile}
    if module == "pam360_account_share":
        args["account"] = "root"
    for wanted in ({"access_type": "view"}, {"access_type": "modify"}, {"state": "absent"}):
        for check, changed in ((True, True), (False, True), (True, False), (False, False)):
            result = world.run(module, check=check, **args, **wanted)
            assert not result.get("failed"), result["msg"]
            assert result["changed"] is changed, (wanted, check, result["msg"])
            assert len(world.writes) == (changed and not check)
            assert result["unverified"] == []
            assert said(result) == []
    world.run(module, **args, access_type="view")
    where = {"resource": "db01", **({"account": "root"} if "account" in args else {})}
    world.standin.change(**where, set={"shares": {"user": {"asmith": "fullaccess"}}})
    result = world.run(module, check=True, **args, access_type="view")
    assert (result["diff"]["before"], result["diff"]["after"]) == (
        {"access_type": "full_access"},
        {"access_type": "view"},
    )


def test_full_access_that_accounts_do_not_take(world: World, known: Known) -> None:
    """It is an error before any request."""
    profile = known.be(account_fullaccess="refused")
    result = world.run("pam360_account_share", **{**JDOE, "access_type": "full_access"}, server_profile=profile)
    assert_input_error(world, result, "refuses access_type: full_access of a single account", "Share the resource")


def test_the_key_of_resource_groups(world: World, known: Known) -> None:
    """Pages are asked for under the key that counts."""
    profile = known.be(group_key="Details")
    result = world.run("pam360_resource", name="db01", resource_groups=["Databases"], server_profile=profile)
    assert result["changed"] is True
    listed = next(entry for entry in world.journal if entry.operation == "GET RESOURCE GROUPS")
    assert list(listed.input["operation"]) == ["Details"]


@pytest.mark.parametrize("form", VARIANTS["date_format"].values or ())
def test_dates_are_compared_and_sent_back_in_whatever_form_they_are_shown(world: World, form: str) -> None:
    """No profile is needed for that."""
    world.standin.profile["date_format"] = form
    args = {"resource": "db01", "name": "app", "custom_fields": {"Review Date": "19/02/2022"}}
    assert world.run("pam360_account", **args)["changed"] is True
    assert world.run("pam360_account", **args)["changed"] is False
    other = {**args, "custom_fields": {"Owner Team": "t"}}
    assert world.run("pam360_account", **other)["changed"] is True
    assert world.account("app")["custom_fields"]["Review Date"] == "19/02/2022"
    later = {**args, "custom_fields": {"Review Date": "20/02/2022"}}
    assert world.run("pam360_account", check=True, **later)["changed"] is True


# The file


@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts", "pam360_resource_info"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "something"}, "its format is not 'vaultops.pam server profile'"),
        ({"version": 2}, "its version is 2 instead of 1"),
        ({"vault": "cyberark"}, "its vault is cyberark instead of pam360"),
        ({"findings": []}, "it has no findings"),
        ({"findings": {"names": "exact"}}, "its finding 'names' has no verdict"),
        ({"findings": {"names": {"certainty": "seen"}}}, "its finding 'names' has no verdict"),
        ({"findings": {"names": {"verdict": 1, "certainty": "seen"}}}, "its finding 'names' has no verdict"),
    ],
)
def test_a_file_that_is_no_profile(
    world: World, known: Known, module: str, changes: dict[str, Any], words: str
) -> None:
    """One sentence, before any request."""
    args: dict[str, Any] = {"pam360_account": ROOT, "pam360_accounts": {"accounts": [ROOT]}}.get(module, {})
    result = world.run(module, **args, server_profile=known.file(**changes))
    assert_input_error(world, result, "server_profile names '", words, "Let vaultops.pam.pam360_doctor write it.")


@pytest.mark.parametrize("text", ["", "no JSON", "[" * 100_000, "\udcff"])
def test_a_file_that_is_no_json(world: World, known: Known, text: str) -> None:
    """The same."""
    known.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert_input_error(world, world.run("pam360_account", **ROOT, server_profile=str(known.path)), "it is not JSON")


def test_a_file_that_is_not_there(world: World, known: Known) -> None:
    """The same, by option and by environment."""
    result = world.run("pam360_account", **ROOT, server_profile=str(known.path))
    assert_input_error(world, result, "which cannot be read")


def test_a_file_named_by_the_environment(world: World, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option beats it, and the doctor, which makes such files, does not read it."""
    monkeypatch.setenv("PAM360_SERVER_PROFILE", str(known.path))
    assert_input_error(world, world.run("pam360_account", **ROOT), "which cannot be read")
    assert not world.run("pam360_doctor").get("failed")
    known.be(edit_omitted="keep")
    assert not world.run("pam360_account", **ROOT).get("failed")


def test_what_this_version_does_not_know_is_left_out_and_said(world: World, known: Known) -> None:
    """A newer doctor may find out more; each name once, in one warning."""
    known_one = {"verdict": "keep", "certainty": "seen", "evidence": []}
    findings = {"edit_omitted": known_one, "brand_new": known_one, "names": {**known_one, "verdict": "fuzzy"}}
    result = world.run("pam360_account", **ROOT, notes="n", server_profile=known.file(findings=findings))
    warnings = [text for text in texts_of(result) if "server profile" in text]
    assert len(warnings) == 1
    assert warnings[0].endswith("ignores: brand_new, names.")
    assert result["requests"]["sent"] == 4


# The words of a server


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("View permission granted to jdoe successfully.", "View permission granted to … successfully."),
        ("Resource db 01 (srv-a.example.com) has been added", "Resource … has been added"),
        ("Account(s) added successfully", "Account(s) added successfully"),
        ("No such account found: 9001", "No such account found: …"),
        ("aHR0cHM6Ly9wYW0= %64b01 http://user:password@host/resource", "…"),
        ("RESOURCENAME is mandatory", "RESOURCENAME is mandatory"),
        ("Konto wurde geändert", "…"),
        ("", ""),
    ],
)
def test_masked_words(text: str, shown: str) -> None:
    """Only everyday words stay: a name, a number, an address in any encoding is none."""
    assert masked(text) == shown
