# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of ``pam360_accounts`` for tests of the drift report, made up without a vault."""

from __future__ import annotations

from typing import Any

from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_exceptions import acceptances
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_findings import CATEGORIES
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_report import Settings, report_of

TIME = "2025-11-03 02:30:00 UTC"
CHANGED = "Oct 12, 2025 02:15 AM"
ODD = "</td><script>alert(\"x\")</script> & 'ä😀' {{ 7 * 7 }}"


def entry(resource: str = "db01", name: str = "root", **values: Any) -> dict[str, Any]:
    """Return a declared account that is in the vault as declared."""
    account = {
        "name": name,
        "resource": resource,
        "resource_id": f"id of {resource}",
        "account_id": f"id of {name}",
        "state": "present",
        **values.pop("account", {}),
    }
    return {"changed": False, "failed": False, "msg": "", "account": account, "unverified": [], **values}


def missing(resource: str = "db01", name: str = "root") -> dict[str, Any]:
    """Return a declared account that is not in the vault."""
    diff = {"before": {"state": "absent"}, "after": {"state": "present"}}
    return entry(resource, name, changed=True, diff=diff, account={"account_id": None})


def there(resource: str = "db01", name: str = "root", **values: Any) -> dict[str, Any]:
    """Return an account of the vault with nothing to report."""
    return {
        "name": name,
        "account_id": f"id of {name}",
        "resource": resource,
        "resource_id": f"id of {resource}",
        "compliant": True,
        "compliant_status": "Compliant",
        "compliant_reason": "",
        "expired": False,
        "expiry_status": "Valid",
        "last_modified_time": CHANGED,
        **values,
    }


def plan(*entries: dict[str, Any], found: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """Return a result about *entries*; the vault holds *found*, or the accounts of the entries that have an id."""
    rows = found
    if rows is None:
        accounts = (one["account"] for one in entries if one["account"]["account_id"])
        rows = [there(account["resource"], account["name"]) for account in accounts]
    names = dict.fromkeys(row["resource"] for row in rows)
    resources = [
        {"name": name, "resource_id": f"id of {name}", "owner": "admin", "department": "Finance"} for name in names
    ]
    return {
        "accounts": list(entries),
        "requests": {"sent": 3, "retried": 0},
        "found": {"resources": resources, "accounts": rows, "unread": []},
        **more,
    }


EXTRA = [there(), there(name="guest")]


def report(result: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Return the report with exceptions as text."""
    entries, problems = acceptances(given.pop("exceptions", ""), CATEGORIES)
    assert problems == []
    return report_of(result, Settings(**{"time": TIME, "vault": "https://vault", "exceptions": entries, **given}))
