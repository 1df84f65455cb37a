# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where and how to connect. Internal to the collection."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .._common.errors import InputError


@dataclass(frozen=True)
class Connection:
    """Where and how to connect; the options of the same names describe each value."""

    url: str
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    timeout: float = 30
    retries: int = 3

    def check(self) -> None:
        """Raise InputError for what can be seen to be wrong without a request."""
        _check_url("url", self.url, ("https", "http"))
        if self.proxy:
            _check_url("proxy", self.proxy, ("https", "http"), credentials=True)
        if self.timeout <= 0:
            raise InputError("timeout must be more than 0 seconds")
        if self.retries < 0:
            raise InputError("retries must be 0 or more")
        if self.client_key and not self.client_cert:
            raise InputError("client_key needs client_cert as well")
        for option in ("ca_path", "client_cert", "client_key"):
            path = getattr(self, option)
            if path and not os.access(path, os.R_OK):
                raise InputError(f"{option} names '{path}', which does not exist or cannot be read")

    @property
    def host(self) -> str:
        """``host:port`` of the server, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _check_url(option: str, url: str, schemes: tuple[str, ...], *, credentials: bool = False) -> None:
    try:
        parts = urlsplit(url)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise InputError(f"{option} is not a valid URL") from None
    if not valid or parts.scheme not in schemes or any(char.isspace() for char in url):
        example = "http://proxy.example.com:3128" if credentials else "https://host.example.com:8282"
        raise InputError(f"{option} must look like '{example}'")
    if parts.query or parts.fragment:
        raise InputError(f"{option} must not have a query or a fragment")
    if (parts.username is not None or parts.password is not None) and not credentials:
        raise InputError(f"{option} must not hold a user name or a password")
