# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everyday tasks, in the words of both sides."""

from __future__ import annotations

from .sides import Case

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
)
