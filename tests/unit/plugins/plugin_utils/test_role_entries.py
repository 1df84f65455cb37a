# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of entries in the variables of roles: each fault is told by the names of options, and no value is quoted."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._role_entries import bad_entries, bad_options

OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "password": {"type": "str"},
    "local": {"type": "bool"},
    "command_set": {"type": "int"},
    "rate": {"type": "float"},
    "custom_fields": {"type": "dict"},
    "resource_group_ids": {"type": "list", "elements": "str"},
    "totp_digits": {"type": "str"},
    "user": {"type": "dict", "options": {"shell": {"type": "str"}, "groups": {"type": "list", "elements": "str"}}},
    "shares": {
        "type": "list",
        "elements": "dict",
        "options": {
            "user": {"type": "str"},
            "user_id": {"type": "str"},
            "access_type": {"type": "str", "choices": ["view", "modify"]},
        },
    },
    "anything": {"type": "raw"},
}
S = secrets.token_urlsafe(12)  # what must not be quoted, wherever it stands
N = secrets.randbelow(10**9) + 10**9


@pytest.mark.parametrize(
    "entry",
    [
        {"password": S, "local": True, "command_set": 3, "rate": 1.5, "custom_fields": {"a": 1}},
        {"password": None, "local": "no", "command_set": "3", "rate": "1.5", "custom_fields": {}, "user": {}},
        {"local": "True", "resource_group_ids": ["1", 2], "totp_digits": 6, "user": {"shell": "/bin/sh"}},
        {"local": 0, "shares": [], "anything": object()},
        {"shares": [{"user": "jdoe", "access_type": "view"}, {"user_id": 301, "access_type": None}]},
    ],
)
def test_what_can_be_meant_is_accepted(entry: dict[str, Any]) -> None:
    """Null is no value, an id may be a number, and extra variables arrive as strings."""
    assert bad_entries([{"name": "root", **entry}], "accounts", OPTIONS) == []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (S, "accounts[0] must be a dictionary of options."),
        (None, "accounts[0] must be a dictionary of options."),
        ({"password": S}, "accounts[0]: name is required."),
        ({"name": None}, "accounts[0]: name is required."),
        ({"name": N}, "accounts[0]: name must be a string. Put it in quotes."),
        ({"name": True}, "accounts[0]: name must be a string. Put it in quotes."),
        ({"name": "a", "pasword": S}, "accounts[0] (a) has no option pasword. Did you mean password?"),
        ({"name": "a", "zzz": S}, "accounts[0] (a) has no option zzz."),
        ({"name": "a", 1: S}, "accounts[0] (a) has no option (int)."),
        ({"name": "a", "password": N}, "accounts[0] (a): password must be a string. Put it in quotes."),
        ({"name": "a", "password": 1.5}, "accounts[0] (a): password must be a string. Put it in quotes."),
        ({"name": "a", "password": [S]}, "accounts[0] (a): password must be a string."),
        ({"name": "a", "password": {S: S}}, "accounts[0] (a): password must be a string."),
        ({"name": "a", "totp_digits": True}, "accounts[0] (a): totp_digits must be a string. Put it in quotes."),
        ({"name": "a", "local": S}, "accounts[0] (a): local must be true or false."),
        ({"name": "a", "local": [S]}, "accounts[0] (a): local must be true or false."),
        ({"name": "a", "command_set": S}, "accounts[0] (a): command_set must be a whole number."),
        ({"name": "a", "command_set": 1.5}, "accounts[0] (a): command_set must be a whole number."),
        ({"name": "a", "command_set": True}, "accounts[0] (a): command_set must be a whole number."),
        ({"name": "a", "rate": S}, "accounts[0] (a): rate must be a number."),
        ({"name": "a", "custom_fields": S}, "accounts[0] (a): custom_fields must be a dictionary."),
        ({"name": "a", "resource_group_ids": S}, "accounts[0] (a): resource_group_ids must be a list."),
        ({"name": "a", "resource_group_ids": [[S]]}, "accounts[0] (a): resource_group_ids[0] must be a string."),
        ({"name": "a", "user": S}, "accounts[0] (a), user must be a dictionary of options."),
        ({"name": "a", "user": {"shel": S}}, "accounts[0] (a), user has no option shel. Did you mean shell?"),
        ({"name": "a", "user": {"groups": S}}, "accounts[0] (a), user: groups must be a list."),
        ({"name": "a", "shares": {"user": S}}, "accounts[0] (a): shares must be a list."),
        ({"name": "a", "shares": [S]}, "accounts[0] (a), shares[0] must be a dictionary of options."),
        (
            {"name": "a", "shares": [{}, {"access_type": S}]},
            "accounts[0] (a), shares[1]: access_type must be one of view, modify.",
        ),
        ({"name": "a" * 61, "local": S}, "accounts[0]: local must be true or false."),
        ({"name": "a\nb", "local": S}, "accounts[0]: local must be true or false."),
    ],
    ids=lambda value: type(value).__name__,  # what is drawn at random is no name
)
def test_each_fault_is_a_sentence_without_the_value(entry: Any, says: str) -> None:
    """The place, the option, and what it must be."""
    found = bad_entries([entry], "accounts", OPTIONS)
    assert found == [says]
    assert S not in str(found)
    assert str(N) not in str(found)


@pytest.mark.parametrize("entries", [S, {"name": S}, N, None, True], ids=["text", "dict", "number", "null", "yes"])
def test_a_list_is_a_list(entries: Any) -> None:
    """The most common fault is a dash that is missing."""
    assert bad_entries(entries, "accounts", OPTIONS) == [
        "accounts must be a list. Even a single entry begins with a dash."
    ]


def test_all_faults_are_told() -> None:
    """Each entry and each option of it."""
    found = bad_entries([{"name": 1, "local": S}, {"name": "b"}, {"shares": [{"user": 1}]}], "accounts", OPTIONS)
    assert [fault.partition(" ")[0].rstrip(":") for fault in found] == [
        "accounts[0]",
        "accounts[0]",
        "accounts[2],",
        "accounts[2]",
    ]


def test_defaults_need_no_name() -> None:
    """Options for all entries are checked like those of one, but for what each has to have."""
    assert bad_options({"local": True}, "defaults", OPTIONS) == []
    assert bad_options({"local": S}, "defaults", OPTIONS) == ["defaults: local must be true or false."]
    assert bad_options([S], "defaults", OPTIONS) == ["defaults must be a dictionary of options."]
