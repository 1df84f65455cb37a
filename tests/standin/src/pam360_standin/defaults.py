# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed of a stand-in that is given none; sections of a given seed replace these whole."""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, Any] = {
    "api_user": "admin",
    "organizations": ["Default"],
    "default_resource_type": "Linux",
    "resource_types": ["Linux", "Windows", "WindowsDomain", "Cisco IOS", "MySQL Server", "Oracle DB Server"],
    "users": [
        {"id": "1", "name": "admin", "full_name": "Administrator", "role": "Administrator"},
        {"id": "21", "name": "jdoe", "full_name": "Jane Doe"},
        {"id": "22", "name": "asmith", "full_name": "Alex Smith"},
        {"id": "23", "name": "EXAMPLE\\jdoe", "full_name": "Jane Doe"},
    ],
    "user_groups": [{"id": "41", "name": "Linux Admins"}, {"id": "42", "name": "DBA"}],
    "resource_groups": [
        {"id": "3001", "name": "Default Group"},
        {"id": "3002", "name": "Servers"},
        {"id": "3003", "name": "Databases"},
    ],
    "password_policies": [
        {"id": "1", "name": "Low", "min_length": 4, "mixed_case": False, "digits": False, "special": False},
        {"id": "2", "name": "Medium", "min_length": 6, "special": False},
        {"id": "101", "name": "Strong"},
        {"id": "102", "name": "Offline Password File", "min_length": 12},
    ],
    "custom_fields": {
        "resource": [{"label": "Data Centre"}, {"label": "Rack", "type": "Numeric"}],
        "account": [
            {"label": "Secure Account"},
            {"label": "Ansible state", "max_length": 250},
            {"label": "Owner Team"},
            {"label": "Cost Center", "type": "Numeric"},
            {"label": "Recovery PIN", "type": "Password"},
            {"label": "Review Date", "type": "Date"},
        ],
    },
    "resources": [],
    "trashed_resources": [],
    "audit": [],
    "access_requests": [],
}

# Distinct ranges, so that a mixed-up resource and account id never happens to fit.
FIRST_IDS = {
    "resource": 601,
    "account": 9001,
    "user": 24,
    "user_group": 43,
    "resource_group": 3004,
    "policy": 103,
    "request": 1,
    "audit": 1,
}
COLUMNS = {"Character": "COLUMN_CHAR", "Numeric": "COLUMN_LONG", "Date": "COLUMN_DATE", "Password": "COLUMN_SCHAR"}
