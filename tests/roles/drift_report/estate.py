# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up estate with something in each category of the report: what is declared, and what the vault holds."""

from __future__ import annotations

import secrets
from typing import Any

CHANGED = "Oct 12, 2025 02:15 AM"
HOSTS = [
    *(f"db{n:02}" for n in range(1, 13)),
    *(f"web{n:02}" for n in range(1, 25)),
    *(f"app{n:02}" for n in range(1, 13)),
]
NOTES = "Break glass only"


def declared() -> list[dict[str, Any]]:
    """Return the accounts as the playbook wants them."""
    accounts: list[dict[str, Any]] = []
    for host in HOSTS:
        second = {"db": "oracle", "we": "deploy", "ap": "appadmin"}[host[:2]]
        accounts.append({"resource": host, "name": "root", "notes": NOTES})
        accounts.append({"resource": host, "name": second, "custom_fields": {"Owner Team": _team(host)}})
    shared = {"shares": [{"user_group": "DBA", "access_type": "view"}]}
    accounts[0].update(shared)
    accounts[2].update(shared, record_cli_sessions=True)
    return accounts


def seed() -> dict[str, Any]:
    """Return the vault: as declared, and then changed by many hands."""
    vault = {host: {"root": _account(notes=NOTES)} for host in HOSTS}
    for entry in declared()[1::2]:
        vault[entry["resource"]][entry["name"]] = _account(custom_fields=dict(entry["custom_fields"]))
    vault["db02"]["root"]["notes"] = "see ticket 4711"
    vault["db05"]["oracle"]["custom_fields"] = {"Owner Team": "Nobody <left>"}
    vault["web03"]["root"]["policy"] = "Low"
    vault["web17"]["deploy"]["policy"] = "Medium"
    vault["web04"]["guest"] = _account()
    vault["app03"]["backup"] = _account(last_modified_time="")
    vault["app07"]["appadmin"]["password"] = "short"
    vault["db09"]["root"]["expired"] = True
    vault["web21"]["root"]["expired"] = True
    vault["web24"]["deploy"]["last_modified_time"] = ""
    del vault["db11"]["oracle"], vault["web12"]
    resources = [
        {"name": host, "type": "Linux", "accounts": [{"name": name, **rest} for name, rest in accounts.items()]}
        for host, accounts in vault.items()
    ]
    return {
        "user_groups": ["DBA"],
        "custom_fields": {"resource": [], "account": [{"label": "Owner Team"}]},
        "resources": resources,
    }


def _team(host: str) -> str:
    return {"db": "Databases", "we": "Web platform", "ap": "Applications"}[host[:2]]


def _account(**values: Any) -> dict[str, Any]:
    return {"password": f"aA1!{secrets.token_urlsafe(24)}", "last_modified_time": CHANGED, **values}
