# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as the lookup ``role_variables`` finds them, for the tests of the roles' decisions."""

from __future__ import annotations

import secrets
from typing import Any

GROUPS = frozenset({"all", "ungrouped", "databases", "linux", "unused"})
VAULT = {"url": "https://vault", "token_file": "f"}
S = secrets.token_urlsafe(12)  # what must never be quoted


def declared(groups: tuple[str, ...] = (), facts: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    """Return what the lookup finds of a host; options without the prefix."""
    options = {f"onboard_host_{name}": value for name, value in given.items()}
    return {"given": options, "connection": VAULT, "groups": list(groups), "facts": facts or {}, "unresolved": {}}
