# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options that are the same for all products. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InputError
from .._common.redaction import Redactor
from .connection import Connection, password_of


def option(product: str, name: str, **spec: Any) -> dict[str, Any]:
    """Return an option that an environment variable such as ``PAM360_URL`` stands in for."""
    return {**spec, "variable": f"{product}_{name.upper()}"}


def own_option(product: str, name: str, **spec: Any) -> dict[str, Any]:
    """Return an option whose environment variable the product reads itself, as it must tell one from the other."""
    return {**spec, "own_variable": f"{product}_{name.upper()}"}


def connection_options(product: str) -> dict[str, Any]:
    """Return the options of ``Connection`` for a product, whose name begins their environment variables."""
    return {
        "url": option(product, "url", type="str", required=True),
        "validate_certs": option(product, "validate_certs", type="bool", default=True),
        "ca_path": option(product, "ca_path", type="path"),
        "client_cert": option(product, "client_cert", type="path"),
        "client_key": option(product, "client_key", type="path", no_log=False),
        "proxy": option(product, "proxy", type="str", no_log=True),
        "timeout": option(product, "timeout", type="int", default=30),
        "retries": option(product, "retries", type="int", default=3),
    }


def connection_of(params: Mapping[str, Any], redactor: Redactor) -> Connection:
    """Return the connection that *params* ask for; raise InputError before any request."""
    if params.get("proxy"):
        redactor.add(password_of(params["proxy"]))
    values = {name: params[name] for name in Connection.__dataclass_fields__ if params.get(name) is not None}
    connection = Connection(**values)
    connection.check()
    return connection


def header_text(option_name: str, text: str) -> str:
    """Return a text that an HTTP header can carry, or raise without showing it."""
    if text != text.strip() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise InputError(f"{option_name} has a blank at an end, or a line break or another control character in it")
    return text
