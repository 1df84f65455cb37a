# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine by table: each kind of field, the same, different, missing, cleared; and the plans they make."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import HIDDEN, HIDDEN_CHANGE, Secret
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import (
    BOOLEAN,
    DIGITS,
    INTEGER,
    MISSING,
    NAME,
    NAME_LIST,
    SECRET,
    TEXT,
    UNKNOWN,
    Field,
    Kind,
    cleaned_settings,
    read_values,
    request_body,
)
from ansible_collections.vaultops.pam.plugins.module_utils._engine.plan import (
    Observed,
    Plan,
    Wanted,
    changed_unasked,
    plan,
)
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import custom_fields as custom
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import folded, value_or_missing
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.fields import ACCOUNT, RESOURCE, _keys

NOTES = Field("notes", "NOTES", read=("DESCRIPTION",))
FLAG = Field("record", "RECORD", BOOLEAN)
TOTP = Field("totp_secret", "TOTP_SECRET", SECRET)
PASSWORD = Field("password", "PASSWORD", SECRET, part="password")
FIELDS = (NOTES, FLAG, TOTP, PASSWORD)


def entry(label: str, value: Any, kind: str = "Character") -> dict[str, Any]:
    """Return a custom field as an answer has it."""
    return {"CUSTOMFIELDLABEL": label, "CUSTOMFIELDVALUE": value, "CUSTOMFIELDTYPE": kind}


def make(given: dict[str, Any], current: Observed | None, *, state: str = "present", **more: Any) -> Plan:
    """Return the plan for cleaned settings."""
    return plan(FIELDS, Wanted("thing 'x'", state, cleaned_settings(FIELDS, given), **more), current)


@pytest.mark.parametrize(
    ("kind", "wanted", "read", "difference"),
    [
        (TEXT, "a", "a", None),
        (TEXT, "a", "b", ("b", "a")),
        (TEXT, "", "N/A", None),
        (TEXT, "", None, None),
        (TEXT, "N/A", "", None),
        (TEXT, "", "a", ("a", "")),
        (TEXT, " a ", "a", ("a", " a ")),
        (NAME, "Admin", "admin", ("admin", "Admin")),
        (BOOLEAN, True, "true", None),
        (BOOLEAN, False, "True ", (True, False)),
        (SECRET, "a", Secret("a"), None),
        (SECRET, "a", Secret("b"), (HIDDEN, HIDDEN_CHANGE)),
        (custom.CUSTOM_FIELDS, {"A": "1"}, [entry("A", "1")], None),
        (custom.CUSTOM_FIELDS, {"A": "1"}, [entry("A", "2"), entry("B", "3")], ({"A": "2"}, {"A": "1"})),
        (custom.CUSTOM_FIELDS, {"A": ""}, [entry("A", "N/A")], None),
        (custom.CUSTOM_FIELDS, {"A": ""}, [], None),
        (custom.CUSTOM_FIELDS, {"A": 7}, [entry("A", "7.0", "Numeric")], None),
        (custom.CUSTOM_FIELDS, {"A": "x"}, [entry("A", "y", "Password")], ({"A": HIDDEN}, {"A": HIDDEN_CHANGE})),
        (custom.CUSTOM_FIELDS, {"A": "x"}, [entry("A", "****", "Password")], None),
        (custom.CUSTOM_FIELDS, {"New": "1"}, [], ({"New": HIDDEN}, {"New": HIDDEN_CHANGE})),
        (custom.CUSTOM_FIELDS, {"A": "1", "B": None}, [entry("A", "1"), entry("B", "2")], None),
    ],
)
def test_kinds_compare_after_the_same_cleaning(kind: Kind, wanted: Any, read: Any, difference: Any) -> None:
    """Both sides go through the kind before they are compared."""
    current = read if isinstance(read, Secret) else kind.read(read)
    assert kind.difference(kind.clean(wanted), current) == difference


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (NAME, ""),
        (NAME, " "),
        (INTEGER, -1),
        (DIGITS, "-6"),
        (DIGITS, "six"),
        (DIGITS, "²"),
        (NAME_LIST, ["3002", ""]),
        (TEXT, "\udcff"),
        (SECRET, "\udcff"),
        (custom.CUSTOM_FIELDS, {"A": True}),
        (custom.CUSTOM_FIELDS, {"A": ["x"]}),
        (custom.CUSTOM_FIELDS, {" ": "x"}),
    ],
)
def test_bad_values_are_one_sentence_without_the_value(kind: Kind, value: Any) -> None:
    """The option is named, the value is not."""
    with pytest.raises(InputError) as error:
        cleaned_settings([Field("thing", "THING", kind)], {"thing": value})
    assert str(error.value).startswith("thing ")
    assert str(error.value).count(".") == 1


def test_create_shows_all_settings_and_plans_one_step() -> None:
    """Before is absent, after is what is asked for, secrets hidden."""
    result = make({"notes": "n", "record": True, "totp_secret": "t", "password": "p"}, None)
    assert [step.action for step in result.steps] == ["create"]
    assert result.diff()["before"] == {"state": "absent"}
    after = {"state": "present", "notes": "n", "record": True, "totp_secret": HIDDEN, "password": HIDDEN}
    assert result.diff()["after"] == after
    assert (result.verified, result.unverified) == (("notes",), ("record", "totp_secret", "password"))


def test_write_only_settings_never_cause_an_edit_of_their_own() -> None:
    """They ride along with one that something readable caused."""
    assert not make({"notes": "n", "record": True}, Observed({"notes": "n"})).changed
    edit = make({"notes": "n", "record": True}, Observed({"notes": "old"}))
    assert edit.steps[0].options == ("notes", "record")
    assert edit.diff()["before"] == {"notes": "old"}
    assert edit.diff()["after"] == {"notes": "n"}


@pytest.mark.parametrize(
    ("option", "before", "after"), [("record", UNKNOWN, True), ("totp_secret", HIDDEN, HIDDEN_CHANGE)]
)
def test_resend_writes_what_cannot_be_compared(option: str, before: Any, after: Any) -> None:
    """A policy may ask for a write all the same; the diff does not pretend to know the value before."""
    given = {"record": True, "totp_secret": "t"}
    result = make(given, Observed(resend={option}))
    assert [(c.option, c.before, c.after) for c in result.changes] == [(option, before, after)]


def test_settings_and_password_are_two_steps_settings_first() -> None:
    """A new policy is there before the password that must satisfy it."""
    result = make({"notes": "n", "password": "p"}, Observed({"notes": "", "password": Secret("old")}))
    assert [(step.action, step.options) for step in result.steps] == [
        ("update", ("notes",)),
        ("password", ("password",)),
    ]
    assert result.verified == ("notes", "password")


@pytest.mark.parametrize(("name", "changed"), [("old", True), ("new", False)])
def test_rename_only_when_the_name_differs(name: str, changed: bool) -> None:
    """An object that has the new name already is left alone."""
    result = make({}, Observed({}, name), name="old", new_name="new")
    assert result.changed is changed
    assert result.diff()["after"] == ({"name": "new"} if changed else {})


@pytest.mark.parametrize(
    ("current", "steps", "before", "unverified"),
    [
        (None, [], {}, ()),
        (Observed(), ["delete"], {"state": "present"}, ()),
        (Observed(shown_by_vault=False), ["delete"], {"state": UNKNOWN}, ("state",)),
    ],
)
def test_absent(
    current: Observed | None, steps: list[str], before: dict[str, str], unverified: tuple[str, ...]
) -> None:
    """Nothing to do when it is not there; where that cannot be seen, the plan says so."""
    result = make({"notes": "n"}, current, state="absent")
    assert [step.action for step in result.steps] == steps
    assert result.diff()["before"] == before
    assert result.unverified == unverified


def test_lost_names_what_an_edit_changed_unasked() -> None:
    """Settings that the task did not give, and labels that it did not name."""
    fields = [NOTES, Field("custom_fields", "C", custom.CUSTOM_FIELDS, read=("CUSTOM FIELD",))]
    read = custom.read
    before = Observed({"notes": "n", "custom_fields": read([entry("A", "1"), entry("B", "2")])})
    after = Observed({"notes": "", "custom_fields": read([entry("A", "9")])})
    wanted = Wanted("x", "present", cleaned_settings(fields, {"custom_fields": {"A": "9"}}))
    assert changed_unasked(before, after, wanted, fields) == ["notes", "custom_fields"]


def test_custom_fields_not_named_are_sent_back_as_read() -> None:
    """Whether the server merges or replaces: labels with a value that can be read survive."""
    current = custom.read([entry("A", "1"), entry("B", "2"), entry("C", ""), entry("D", "****", "Password")])
    wanted = custom.CUSTOM_FIELDS.clean({"A": "9"})
    assert custom.CUSTOM_FIELDS.wire(wanted, current) == [
        {"CUSTOMLABEL": "A", "CUSTOMVALUE": Secret("9")},
        {"CUSTOMLABEL": "B", "CUSTOMVALUE": Secret("2")},
    ]


def test_the_last_record_that_shows_a_field_counts() -> None:
    """Spelling varies between answers; what can be read and is left out is empty, unless another answer may show it."""
    fields = [Field("notes", "NOTES", read=_keys("ACCOUNT_DESCRIPTION", "DESCRIPTION")), FLAG]
    two = folded({"ACCOUNT DESCRIPTION": "list"}), folded({"description": "N/A"})
    assert read_values(fields, *two) == {"notes": ""}
    assert read_values(fields, {"OTHER": "x"}, None) == {"notes": ""}
    assert read_values(fields, {"OTHER": "x"}, partial=True) == {}
    assert value_or_missing("no mapping", "A") is MISSING


@pytest.mark.parametrize("strange", [{"a": 1}, ["x"]], ids=["object", "list"])
def test_a_text_of_another_type_is_not_shown(strange: Any) -> None:
    """What is no text is neither compared nor written back; another record may show it. Empty ones are empty texts."""
    fields = [Field("notes", "NOTES", read=_keys("DESCRIPTION")), FLAG]
    good, bad = folded({"DESCRIPTION": "list"}), folded({"DESCRIPTION": strange})
    assert read_values(fields, bad) == read_values(fields, bad, partial=True) == {}
    assert read_values(fields, good, bad) == read_values(fields, bad, good) == {"notes": "list"}
    assert read_values(fields, folded({"DESCRIPTION": strange.__class__()})) == {"notes": ""}


def test_a_setting_of_the_creation_alone_cannot_change() -> None:
    """Another value is an error before any write, and the same one is not."""
    kind = Field("safe", "SAFE", read=("SAFE",), update=False)
    wanted = Wanted("thing 'x'", "present", {"safe": "a"})
    assert not plan([kind], wanted, Observed({"safe": "a"})).changed
    with pytest.raises(InputError, match="safe of thing 'x' is 'b', and the vault cannot change it to 'a'"):
        plan([kind], wanted, Observed({"safe": "b"}))


@pytest.mark.parametrize("table", [ACCOUNT, RESOURCE], ids=["account", "resource"])
def test_tables_name_each_setting_once(table: tuple[Field, ...]) -> None:
    """One line a field."""
    assert len({item.option for item in table}) == len({item.api for item in table}) == len(table)


@pytest.mark.parametrize("nothing", [{}, {"A": None}])
def test_a_dictionary_that_names_nothing_changes_nothing(nothing: dict[str, Any]) -> None:
    """Ansible makes ``{}`` of a label whose value is omitted; that must not clear all the others."""
    assert cleaned_settings(ACCOUNT, {"custom_fields": nothing}) == {}


def test_payload_has_only_what_the_moment_takes() -> None:
    """An edit-only setting is never in a create, a password never in an edit, and nothing is invented."""
    values = cleaned_settings(ACCOUNT, {"owner": "admin", "notes": "n", "totp_digits": "6", "command_set": 1000})
    created = request_body(ACCOUNT, values, create=True)
    assert created == {"NOTES": "n", "TOTP_DIGITS": "6", "COMMAND_SET": 1000}
    with_password = {**values, "password": "x"}
    assert request_body(ACCOUNT, with_password, create=True) == {**created, "PASSWORD": "x"}
    assert request_body(ACCOUNT, with_password, create=False) == {**created, "OWNERNAME": "admin"}
