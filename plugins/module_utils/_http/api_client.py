# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the clients of all products have in common. Internal to the collection."""

from __future__ import annotations

import json

from .._common.secret import HiddenText, Secret
from .client import HttpClient


class ApiClient:
    """A client of one vault.

    :ivar written: how many writes the vault has confirmed. A result's ``changed`` relies on it.
    """

    def __init__(self, http: HttpClient) -> None:
        self.http = http
        self.written = 0

    def close(self) -> None:
        """Close all connections; never raises."""
        self.http.close()

    def json_body(self, value: object) -> HiddenText:
        """Return *value* as JSON for the wire, secrets in it revealed."""
        return HiddenText(json.dumps(value, separators=(",", ":"), default=self._reveal))

    def _reveal(self, value: object) -> str:
        """Give a secret to the wire, and learn it, as a server may say it back."""
        if not isinstance(value, Secret):
            raise TypeError(f"{type(value).__name__} has no place in a request")
        self.http.redact.add(value, quietly=True)
        return value.reveal()
