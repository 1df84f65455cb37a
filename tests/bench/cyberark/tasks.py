# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everyday tasks, in the words of both sides."""

from __future__ import annotations

from .sides import LOOKUP, STORED, Case

THEM = {"safe": "Linux", "username": "root", "address": "db01", "platform_id": "UnixSSH"}
US = {"safe": "Linux", "user_name": "root", "address": "db01", "platform_id": "UnixSSH"}
SECRET = {"secret": "{{ bench_secret }}"}
THERE = {
    "safeName": "Linux",
    "userName": "root",
    "address": "db01",
    "platformId": "UnixSSH",
    "platformAccountProperties": {"Port": "22", "Location": "Vienna"},
}
MORE = {"Port": "2222", "OwnerName": "DBA"}
KEEPS_ID = {"identified_by": "address,username"}
STORED_THERE = {**THERE, "secret": STORED}
ASKED = {"safe": "Linux", "user_name": "root", "address": "db01"}
PASSWORD = "cyberark_account_password"


def _action(name: str) -> dict[str, object]:
    """Return their words for an action of the CPM; without the first, they turn automatic management off before it."""
    always = {"automatic_management_enabled": True, "perform_management_action": "always"}
    return {**always, "management_action": name}


def _properties(them: dict[str, str], us: dict[str, str | None]) -> tuple[dict[str, object], dict[str, object]]:
    return {**THEM, "platform_account_properties": them}, {**US, "platform_properties": us}


TASKS = (
    Case("create", {**THEM, **SECRET}, {**US, **SECRET}),
    Case("the same again", {**THEM, **SECRET}, {**US, **SECRET}, [THERE]),
    Case("one property changed", *_properties({"Port": "2222"}, {"Port": "2222"}), [THERE]),
    Case(
        "one property changed, one new, one removed",
        *_properties(
            {"Port": "2222", "OwnerName": "DBA", "Location": "NO_VALUE"},
            {"Port": "2222", "OwnerName": "DBA", "Location": None},
        ),
        [THERE],
    ),
    Case(
        "platform and one property changed, one new",
        {**THEM, **KEEPS_ID, "platform_id": "UnixSSHKeys", "platform_account_properties": MORE},
        {**US, "platform_id": "UnixSSHKeys", "platform_properties": MORE},
        [THERE],
    ),
    Case("delete", {**THEM, "state": "absent"}, {**US, "state": "absent"}, [THERE]),
    Case(
        "set the secret in the vault",
        {**THEM, "new_secret": "{{ bench_secret }}"},
        {**US, **SECRET, "update_secret": "always"},
        [STORED_THERE],
    ),
    Case(
        "have the CPM change the secret now",
        {**THEM, "secret_management": _action("change_immediately")},
        {**ASKED, "action": "change", "wait": False},
        [STORED_THERE],
        our_plugin=PASSWORD,
    ),
    Case(
        "have the CPM reconcile the secret",
        {**THEM, "secret_management": _action("reconcile")},
        {**ASKED, "action": "reconcile", "wait": False},
        [STORED_THERE],
        our_plugin=PASSWORD,
    ),
    Case("read the secret", {**THEM, "state": "retrieve"}, {"account": ASKED}, [STORED_THERE], our_plugin=LOOKUP),
)
