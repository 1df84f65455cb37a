# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints of what the vault does not show: what they decide, give away, and when they are not believed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import Secret
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.fields import ACCOUNT
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.fingerprints import LIMIT, Tracker
from pam360_standin import Standin
from pam360_standin.model import User

LABEL = "Ansible state"
TRACKED: dict[str, Any] = {"update_write_only": "tracked", "tracking_key": "k3y of the t3am"}
ROOT: dict[str, Any] = {"resource": "db01", "name": "root", **TRACKED}
# Each write-only setting: a value, and another one.
SETTINGS: dict[str, tuple[Any, Any]] = {
    "password_policy_id": (101, 102),
    "resource_group_ids": (["3002"], ["3002", "3003"]),
    **{f.option: (True, False) for f in ACCOUNT if f.kind.name == "boolean"},
    "command_set": (1000, 2000),
    "owner": ("admin", "jdoe"),
    "domain_name": ("EXAMPLE", "OTHER"),
    "totp_secret": ("JBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLU"),
    "totp_algorithm": ("SHA256", "SHA1"),
    "totp_digits": ("6", "8"),
    "totp_validity": ("30", "60"),
    "sap_user_type": ("A", "B"),
}
ALL = {option: values[0] for option, values in SETTINGS.items()}
Run = Callable[..., dict[str, Any]]


def field(standin: Standin, account: str = "root") -> str:
    """Return the text that the vault keeps."""
    return str(standin.state.account("db01", account).custom_fields[LABEL])


def writes(standin: Standin) -> int:
    """Return how many writes reached the vault since the last look."""
    count = len(standin.journal.writes())
    standin.journal.clear()
    return count


def beats(run: Run, standin: Standin, module: str, args: dict[str, Any]) -> dict[str, Any]:
    """Play check, real, check again, again; return the real result."""
    writes(standin)
    check = run(module, check=True, **args)
    assert (check["changed"], writes(standin)) == (True, 0)
    real = run(module, **args)
    assert real["changed"] is True
    assert real["diff"] == check["diff"]
    assert writes(standin) > 0
    assert run(module, check=True, **args)["changed"] is False
    assert run(module, **args)["changed"] is False
    assert writes(standin) == 0
    return real


def test_every_write_only_setting_is_tried_here() -> None:
    """The table of this file is that of the collection."""
    assert set(SETTINGS) == {f.option for f in ACCOUNT if f.letter and not f.read}


def test_letters_are_never_shared() -> None:
    """A letter stands for one setting."""
    letters = [f.letter for f in ACCOUNT if f.letter]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("name", ["root", "new"], ids=["existing", "new"])
def test_all_settings_are_sent_once(run: Run, standin: Standin, name: str) -> None:
    """An existing account, of which nothing is known yet, and a new one."""
    result = beats(run, standin, "pam360_account", {**ROOT, **ALL, "name": name})
    assert set(ALL) <= set(result["diff"]["after"])
    assert set(result["unverified"]) == set(ALL)
    assert len(field(standin, name)) <= LIMIT


@pytest.mark.parametrize("option", SETTINGS)
def test_one_other_setting_is_one_edit_and_named(run: Run, standin: Standin, option: str) -> None:
    """The diff names the setting that changed, and no other."""
    run("pam360_account", **ROOT, **ALL)
    result = beats(run, standin, "pam360_account", {**ROOT, **ALL, option: SETTINGS[option][1]})
    assert set(result["diff"]["after"]) == {option}


def test_a_task_with_fewer_settings_keeps_the_other_fingerprints(run: Run, standin: Standin) -> None:
    """Two tasks may each manage a part."""
    run("pam360_account", **ROOT, owner="admin")
    beats(run, standin, "pam360_account", {**ROOT, "record_rdp_sessions": True})
    assert run("pam360_account", **ROOT, owner="admin")["changed"] is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N/A",
        "mine, hands off",
        "va0:abcd::",
        "va2:abcd:eabcde:",
        "va1:abcd:",
        "va1:____:eabcde:",
        "va1:\u00e4bcd::",
    ],
)
def test_lost_foreign_and_older_texts_mean_send_again(run: Run, standin: Standin, text: str) -> None:
    """Unknown is never a failure."""
    run("pam360_account", **ROOT, owner="admin")
    standin.change(resource="db01", account="root", set={"custom_fields": {LABEL: text}})
    beats(run, standin, "pam360_account", {**ROOT, "owner": "admin"})


def test_wrong_key_means_send_again(run: Run, standin: Standin) -> None:
    """Another key knows nothing of the old fingerprints."""
    run("pam360_account", **ROOT, owner="admin")
    beats(run, standin, "pam360_account", {**ROOT, "owner": "admin", "tracking_key": "another"})


def test_fingerprints_of_another_account_are_not_believed(run: Run, standin: Standin) -> None:
    """They are bound to their account, so a copied text proves nothing, and equal settings do not look equal."""
    run("pam360_account", **ROOT, owner="admin")
    run("pam360_account", **{**ROOT, "name": "app"}, owner="admin")
    assert field(standin, "root")[9:] != field(standin, "app")[9:]
    standin.change(resource="db01", account="app", set={"custom_fields": {LABEL: field(standin, "root")}})
    assert run("pam360_account", **{**ROOT, "name": "app"}, owner="admin")["changed"] is True


def test_custom_fields_of_others_are_not_touched(run: Run, standin: Standin) -> None:
    """Also where the vault replaces the whole list on an edit; and the fingerprints are no setting of the task."""
    standin.profile["edit_semantics"] = "replace"
    standin.change(resource="db01", account="root", set={"custom_fields": {"Owner Team": "ops", "Cost Center": "7"}})
    result = beats(run, standin, "pam360_account", {**ROOT, "owner": "admin", "custom_fields": {"Owner Team": "dev"}})
    fields = standin.state.account("db01", "root").custom_fields
    assert {label: value for label, value in fields.items() if value and label != LABEL} == {
        "Owner Team": "dev",
        "Cost Center": "7",
    }
    assert LABEL not in result["account"]["custom_fields"]
    assert set(result["diff"]["after"]) == {"owner", "custom_fields"}


def test_no_such_custom_field_is_a_warning_that_says_how(run: Run, standin: Standin) -> None:
    """The settings are sent all the same, on each run."""
    result = run("pam360_account", **ROOT, owner="admin", tracking_field="Nowhere")
    assert result["changed"] is True
    assert "Define it there as a text of 250 characters" in str(result["warnings"])
    assert standin.state.account("db01", "root").settings["OWNERNAME"] == "admin"
    assert run("pam360_account", **ROOT, owner="admin", tracking_field="Nowhere")["changed"] is True


def test_a_refused_account_is_sent_again_only_where_the_field_may_be_why(run: Run, standin: Standin) -> None:
    """Another account shows whether the vault has the field; where it has, a refusal is final."""
    new = {"resource": "db01", "name": "new1", "command_set": 5}
    standin.faults.add(fault="failed", message="Not today", operation="ADD ACCOUNTS")
    refused = run("pam360_account", **new)
    assert (refused["changed"], refused["failure"]["server_message"]) == (False, "Not today")
    assert standin.journal.operations().count("ADD ACCOUNTS") == 1
    standin.faults.clear()
    standin.faults.add(fault="failed", message="No such custom field", operation="ADD ACCOUNTS", times=1)
    assert run("pam360_account", **new, tracking_field="Nowhere")["changed"] is True
    assert standin.journal.operations().count("ADD ACCOUNTS") == 3
    assert standin.state.account("db01", "new1").settings["COMMAND_SET"] == 5


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"totp_secret": "JBSWY3DP", "tracking_key": None}, "tracking_key is needed to track totp_secret"),
        ({"tracking_field": ""}, "tracking_field must not be empty"),
        ({"custom_fields": {LABEL: "x"}}, "which is the tracking_field"),
    ],
)
def test_bad_input(run: Run, standin: Standin, args: dict[str, Any], words: str) -> None:
    """One sentence before any request."""
    result = run("pam360_account", **{**ROOT, **args})
    assert words in result["msg"]
    assert standin.journal.entries == []


def test_key_from_the_environment(run: Run, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """PAM360_TRACKING_KEY is the same key."""
    run("pam360_account", **ROOT, **ALL)
    monkeypatch.setenv("PAM360_TRACKING_KEY", TRACKED["tracking_key"])
    assert run("pam360_account", **{**ROOT, **ALL, "tracking_key": None})["changed"] is False


def test_without_the_key_no_boolean_can_be_told_from_the_text() -> None:
    """Whoever tries all values of all booleans with every key but the right one never finds the stored digest.

    With the right key the same attempt finds each of them, so the test would notice a digest without a key.
    """
    place = ("vault:8282", "601", "root")
    booleans = [f.letter for f in ACCOUNT if f.kind.name == "boolean"]
    right, guesses = Tracker(Secret("right"), *place), [None, Secret(""), Secret("Right"), Secret("right ")]
    for letter, value in product(booleans, (True, False)):
        stored = right.setting(letter, value)
        assert stored == Tracker(Secret("right"), *place).setting(letter, value)
        assert stored != right.setting(letter, not value)
        tries = {Tracker(key, *place).setting(letter, tried) for key, tried in product(guesses, (True, False))}
        assert stored not in tries


def test_everything_fits_and_falls_back_to_one_digest_beyond() -> None:
    """All settings and eight shares have a digest each in 250 characters; more shares cost the settings theirs."""
    tracker = Tracker(Secret("k"), "vault:8282", "601", "root")
    values = {f.letter: 1 for f in ACCOUNT if f.letter}
    shares = dict(tracker.share("user_id", str(number), "view") for number in range(8))
    text, one_by_one = tracker.write(values, shares, {})
    known = tracker.read(text)
    assert (len(text) <= LIMIT, one_by_one) == (True, True)
    assert known
    assert (known.settings, known.shares) == ({k: tracker.setting(k, v) for k, v in values.items()}, shares)
    many = dict(tracker.share("user_id", str(number), "view") for number in range(20))
    text, one_by_one = tracker.write(values, many, {})
    known = tracker.read(text)
    assert (len(text) <= LIMIT, one_by_one) == (True, False)
    assert known
    assert (known.digest_of_all, dict(known.shares)) == (tracker.digest_of_all(values), many)


SHARE: dict[str, Any] = {"resource": "db01", "account": "root", "access_type": "view", **TRACKED}


@pytest.mark.parametrize(
    "who", [{"user": "jdoe"}, {"user_group": "DBA"}, {"user_id": "21"}], ids=["user", "group", "id"]
)
def test_grants_and_revokes_are_idempotent(run: Run, standin: Standin, who: dict[str, str]) -> None:
    """Grant, raise, revoke, and grant again: each is sent once."""
    for change in ({}, {"access_type": "modify"}, {"state": "absent"}, {}):
        beats(run, standin, "pam360_account_share", {**SHARE, **who, **change})


def test_shares_and_settings_keep_each_others_fingerprints(run: Run, standin: Standin) -> None:
    """They live in one text; an edit of one leaves the other known."""
    run("pam360_account", **ROOT, **ALL)
    run("pam360_account_share", **SHARE, user="jdoe")
    run("pam360_account_share", **SHARE, user_group="DBA")
    writes(standin)
    assert run("pam360_account", **ROOT, **ALL)["changed"] is False
    assert run("pam360_account", **{**ROOT, **ALL, "owner": "jdoe"})["changed"] is True
    assert run("pam360_account_share", **SHARE, user="jdoe")["changed"] is False
    assert run("pam360_account_share", **SHARE, user_group="DBA")["changed"] is False
    assert writes(standin) == 1


def test_more_than_fits_is_said(run: Run, standin: Standin) -> None:
    """With all settings and many shares, the settings have one fingerprint; that is said, and it still decides."""
    run("pam360_account", **ROOT, **ALL)
    for number in range(100, 113):
        standin.state.users[str(number)] = User(id=str(number), name=f"user{number}")
    users = [{"user_id": str(number)} for number in range(100, 113)]
    said = [str(run("pam360_account_share", **SHARE, **who).get("warnings")) for who in users]
    assert "More is tracked than fits" not in said[0]
    assert "More is tracked than fits" in said[-1]
    assert run("pam360_account", **ROOT, **ALL)["changed"] is True
    assert run("pam360_account", **ROOT, **ALL)["changed"] is False


def test_a_share_keeps_what_can_be_read_of_the_account(run: Run, standin: Standin) -> None:
    """Its fingerprint is written by an edit, and whether that keeps what it leaves out is not documented."""
    standin.profile["edit_omitted"] = "clear"
    standin.change(resource="db01", account="root", set={"NOTES": "keep me", "custom_fields": {"Owner Team": "ops"}})
    run("pam360_account_share", **SHARE, user="jdoe")
    account = standin.state.account("db01", "root")
    assert (account.notes or account.description, account.custom_fields["Owner Team"]) == ("keep me", "ops")
