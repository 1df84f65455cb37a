# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up estate of 400 hosts with something in each category of the report: declared, in the vault, and before."""

from __future__ import annotations

import secrets
from typing import Any

CHANGED = "Oct 12, 2025 02:15 AM"
HOSTS = [
    *(f"app{n:03}" for n in range(1, 101)),
    *(f"db{n:03}" for n in range(1, 101)),
    *(f"web{n:03}" for n in range(1, 201)),
]
NOTES = "Break glass only"
TIME = "2025-11-03 02:30:00 UTC"
ODD = "Nobody <left>"
EXCEPTIONS = """
- resource: app007
  account: appadmin
  category: not_compliant
  accepted_by: DBA team
  accepted_on: 2025-10-20
  expires: 2025-11-30
  reason: The application takes eight characters until its next release
- resource: web003
  category: policy
  accepted_by: Web team
  accepted_on: 2025-09-01
  expires: 2025-10-31
"""


def declared() -> list[dict[str, Any]]:
    """Return the accounts as the playbook wants them."""
    accounts: list[dict[str, Any]] = []
    for host in HOSTS:
        second = {"db": "oracle", "we": "deploy", "ap": "appadmin"}[host[:2]]
        accounts.append({"resource": host, "name": "root", "notes": NOTES})
        accounts.append({"resource": host, "name": second, "custom_fields": {"Owner Team": _team(host)}})
    shared = {"shares": [{"user_group": "DBA", "access_type": "view"}]}
    for account in accounts:
        if account["resource"].startswith("db"):
            account.update(shared)
        elif account["resource"].startswith("web"):
            account.update(shared, record_cli_sessions=True)
    return accounts


def seed() -> dict[str, Any]:
    """Return the vault: as declared, and then changed by many hands."""
    vault = {host: {"root": _account(notes=NOTES)} for host in HOSTS}
    for entry in declared()[1::2]:
        vault[entry["resource"]][entry["name"]] = _account(custom_fields=dict(entry["custom_fields"]))
    vault["db002"]["root"]["notes"] = "see ticket 4711"
    vault["db005"]["oracle"]["custom_fields"] = {"Owner Team": ODD}
    vault["web003"]["root"]["policy"] = "Low"
    vault["web017"]["deploy"]["policy"] = "Medium"
    vault["web004"]["guest"] = _account()
    vault["app003"]["backup"] = _account(last_modified_time="")
    vault["app007"]["appadmin"]["password"] = "short"
    vault["db009"]["root"]["expired"] = True
    vault["web021"]["root"].update(expired=True, last_modified_time="Dec 1, 2021 09:00 PM")
    vault["web024"]["deploy"]["last_modified_time"] = ""
    del vault["db011"]["oracle"], vault["web012"]
    resources = [
        {
            "name": host,
            "type": "Linux",
            "owner": "admin",
            "department": _team(host),
            "accounts": [{"name": name, **rest} for name, rest in accounts.items()],
        }
        for host, accounts in vault.items()
    ]
    return {
        "user_groups": ["DBA"],
        "custom_fields": {"resource": [], "account": [{"label": "Owner Team"}]},
        "resources": resources,
    }


def former(vault: str, title: str) -> dict[str, Any]:
    """Return the report of the night before, as far as the next one reads it, with three weeks of trend."""
    matching = [771, 774, 774, 780, 779, 779, 786, 788, 788, 787, 790, 790, 792, 792, 791, 791, 794, 794, 795, 795]
    points = [
        {
            "time": f"2025-10-{number:02} 02:30:00 UTC" if number < 32 else f"2025-11-{number - 31:02} 02:30:00 UTC",
            "as_declared": count,
            "declared": 800,
            "findings": 800 - count + 3,
        }
        for number, count in enumerate(matching, 14)
    ]
    expired = {"category": "expired", "resource": "web021", "account": "root", "setting": ""}
    return {
        **points[-1],
        "vault": vault,
        "title": title,
        "scope": "managed",
        "limit": "",
        "share": points[-1],
        "trend": points,
        "findings": [{**expired, "since": "2025-10-01 02:30:00 UTC"}],
        "resources": [{"name": host} for host in HOSTS],
    }


def _team(host: str) -> str:
    return {"db": "Databases", "we": "Web platform", "ap": "Applications"}[host[:2]]


def _account(**values: Any) -> dict[str, Any]:
    return {"password": f"aA1!{secrets.token_urlsafe(24)}", "last_modified_time": CHANGED, **values}
