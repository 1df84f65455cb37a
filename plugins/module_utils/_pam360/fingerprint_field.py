# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where PAM360 keeps fingerprints: a custom field of accounts. Internal to the collection."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .._common.secret import Secret
from .._engine.fields import NAME, cleaned_text
from .._http.client import HttpClient
from .custom_fields import CUSTOM_FIELDS, CustomValue
from .fingerprints import Fingerprints, Tracker

TRACKING: Mapping[str, Any] = {
    "tracking_field": {"type": "str", "default": "Ansible state"},
    "tracking_key": {"type": "str", "no_log": True},
}


class Tracking(NamedTuple):
    """How a task tracks.

    :param label: the custom field that the administrator reserves for it.
    :param server: host and port, to bind the fingerprints to.
    """

    label: str
    key: Secret | None
    server: str

    def tracker(self, resource_id: str, account: str) -> Tracker:
        """Return the tracker of an account."""
        return Tracker(self.key, self.server, resource_id, account)

    def known(self, tracker: Tracker, value: CustomValue | None) -> Fingerprints | None:
        """Return the fingerprints that the custom field holds; ``None``: unknown."""
        return tracker.read(value.value.reveal()) if value else None

    def warn_if_undefined(self, value: CustomValue | None, warn: Callable[[str], None]) -> None:
        """Say how to make the custom field, if the vault has none of this name."""
        if value is None:
            warn(
                f"The vault has no account custom field '{self.label}', so nothing can be tracked: define it there as"
                " a text of 250 characters, or name another one in tracking_field."
            )

    def warn_if_crowded(self, one_by_one: bool, warn: Callable[[str], None]) -> None:
        """Say that the settings had to give up fingerprints of their own."""
        if not one_by_one:
            warn(
                f"More is tracked than fits into '{self.label}': all settings of the account have one fingerprint, so a"
                " diff cannot tell which of them changed, and shares that do not fit are sent on each run."
            )


def tracking_of(params: Mapping[str, Any], http: HttpClient) -> Tracking | None:
    """Return how to track, or ``None`` when the task does not ask for it."""
    if params.get("update_write_only") != "tracked":
        return None
    key = params.get("tracking_key") or os.environ.get("PAM360_TRACKING_KEY")
    http.redact.add(key)
    return Tracking(cleaned_text(NAME, "tracking_field", params), Secret(key) if key else None, http.connection.host)


def tracked_entries(custom_fields: Mapping[str, CustomValue] | None, label: str, text: str) -> list[dict[str, str]]:
    """Return all custom fields as they were read, for the wire, with *text* under *label*."""
    return list(CUSTOM_FIELDS.wire({label: Secret(text)}, custom_fields))
