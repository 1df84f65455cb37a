# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where and how to connect. Internal to the collection."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .._common.errors import InputError
from .._common.wording import quoted_line


@dataclass(frozen=True)
class Connection:
    """Where and how to connect; the options of the same names describe each value.

    :param proxy: ``None`` for that of the environment, ``""`` for none.
    """

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
        check_url("url", self.url, ("https", "http"))
        if self.proxy:
            check_url("proxy", self.proxy, ("https", "http"), credentials=True)
        if self.timeout <= 0:
            raise InputError("timeout must be more than 0 seconds")
        if self.retries < 0:
            raise InputError("retries must be 0 or more")
        if self.client_key and not self.client_cert:
            raise InputError("client_key needs client_cert as well", code="bad_certificate_file")
        for option in ("ca_path", "client_cert", "client_key"):
            path = getattr(self, option)
            if path and not is_readable(path):
                message = f"{option} names {quoted_line(path)}, which does not exist or cannot be read"
                raise InputError(message, code="bad_certificate_file")
        if self.ca_path:
            _check_certificates("ca_path", self.ca_path)

    @property
    def host(self) -> str:
        """``host:port`` of the server, for messages."""
        parts = urlsplit(self.url)
        name = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
        return f"{name}:{parts.port}" if parts.port else name


def is_readable(path: str) -> bool:
    """Whether there is a file or a folder that this user may read."""
    with suppress(ValueError):  # no path holds NUL
        return os.access(path, os.R_OK)
    return False


def check_url(option: str, url: str, schemes: tuple[str, ...], *, credentials: bool = False) -> None:
    """Raise InputError for a URL that cannot be meant; *option* says where it comes from."""
    try:
        parts = urlsplit(url)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        str(parts.hostname).encode("idna")  # fails for an empty label, and for one that is too long
    except ValueError:
        raise InputError(f"{option} is not a valid URL", code="bad_url") from None
    if not valid or parts.scheme not in schemes or any(char.isspace() for char in url):
        example = "http://proxy.example.com:3128" if credentials else "https://host.example.com:8282"
        raise InputError(f"{option} must look like '{example}'", code="bad_url")
    if parts.query or parts.fragment:
        raise InputError(f"{option} must not have a query or a fragment", code="bad_url")
    if (parts.username is not None or parts.password is not None) and not credentials:
        raise InputError(f"{option} must not hold a user name or a password", code="bad_url")


def password_of(url: str) -> str | None:
    """Return the password in a URL, as it is written there."""
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def _check_certificates(option: str, path: str) -> None:
    """Raise InputError for a file without a certificate, or a folder in which OpenSSL would find none."""
    found = False
    if os.path.isdir(path):
        with suppress(OSError):
            found = any(re.fullmatch(r"[0-9a-f]{8}\.[0-9]+", name) for name in os.listdir(path))
        if not found:
            raise InputError(
                f"{option} names '{path}', a folder without hashed certificates",
                code="bad_certificate_file",
                hint="Name the file, or run 'openssl rehash' in the folder.",
            )
        return
    if not os.path.isfile(path):
        raise InputError(f"{option} names '{path}', which is not a file", code="bad_certificate_file")
    try:
        with open(path, "rb") as file:
            found = any(re.match(b"-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----", line) for line in file)
    except OSError:
        message = f"{option} names '{path}', which cannot be read"
        raise InputError(message, code="bad_certificate_file") from None
    if not found:
        message = f"{option} names '{path}', which holds no certificate in PEM form"
        raise InputError(message, code="bad_certificate_file")
