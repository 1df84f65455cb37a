# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an empty string does on an edit: not known for any field, so profiles choose (contract section 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError

PROFILES = {
    "NOTES": "empty_notes",
    "DESCRIPTION": "empty_notes",
    "ACCOUNTPASSWORDPOLICY": "empty_policy",
    "RESOURCEPASSWORDPOLICY": "empty_policy",
    "OWNERNAME": "empty_owner",
}


def settled(call: ApiCall, given: dict[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields with ignored empty ones at their current value. Raises FailedError.

    Ignored means kept, also where an edit clears what it leaves out.
    """
    found = dict(given)
    for name, value in given.items():
        if value != "" or name not in PROFILES:
            continue
        if kept(call, PROFILES[name], name):
            found.pop(name)
            if name in current:
                found[name] = current[name]
    return found


def kept(call: ApiCall, profile: str, name: str) -> bool:
    """Return whether an empty value leaves the old one in its place. Raises FailedError where it is refused."""
    effect = call.profile[profile]
    if effect == "refused":
        raise FailedError(texts.EMPTY_REFUSED.format(field=name))
    if effect == "ignored":
        call.ignored.append(f"empty {name}")
    return effect == "ignored"
