# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed of a stand-in that is given none; sections of a given seed replace these whole."""

from __future__ import annotations

from typing import Any

BASE = ["address", "userName"]
COMMON = ["Port", "Location", "OwnerName", "Tags"]

DEFAULTS: dict[str, Any] = {
    "api_user": "apiuser",
    # One pair of name and password for both ways to log on: a simplification.
    "users": [{"name": "apiuser", "oauth": True}, "otheruser", "Administrator"],
    "groups": ["Vault Admins", {"name": "Linux Team", "users": ["otheruser"]}],
    "directories": [{"name": "example.org", "users": ["jdoe"], "groups": ["DBA"]}],
    "cpms": ["PasswordManager", "PasswordManager2"],
    "safes": [
        {"name": "Linux", "number": 29},
        {"name": "Windows", "number": 30},
        {"name": "Databases", "number": 31},
        {"name": "Closed", "number": 32, "rights": []},
        {"name": "Read Only", "number": 33, "rights": ["listAccounts", "retrieveAccounts"]},
    ],
    "platforms": [
        {"id": "UnixSSH", "mandatory": BASE, "optional": [*COMMON, "UseSudoOnReconcile"], "numeric": ["Port"]},
        {"id": "UnixSSHKeys", "mandatory": BASE, "optional": COMMON, "numeric": ["Port"]},
        {
            "id": "UnixSSHReason",
            "mandatory": BASE,
            "optional": COMMON,
            "numeric": ["Port"],
            "reason_required": True,
        },
        {"id": "WinServerLocal", "mandatory": BASE, "optional": [*COMMON, "LogonDomain"], "numeric": ["Port"]},
        {
            "id": "WinDomain",
            "mandatory": BASE,
            "optional": [*COMMON, "LogonDomain", "UserDN"],
            "numeric": ["Port"],
            "remote_machines": True,
        },
        {
            "id": "MySQL",
            "mandatory": BASE,
            "optional": [*COMMON, "Database", "DSN"],
            "numeric": ["Port"],
            "device_type": "Database",
        },
        {
            "id": "AWSAccessKeys",
            "mandatory": ["userName", "AWSAccessKeyID"],
            "optional": ["AWSAccountID", "Location", "OwnerName"],
            "device_type": "Cloud Service",
        },
        {"id": "Oracle", "mandatory": BASE, "optional": COMMON, "device_type": "Database", "active": False},
    ],
    "accounts": [],
    "deleted": [],
    "cpm_tasks": [],
    "retrievals": [],
    "sessions": [],
}
FIRST_SAFE = 100
