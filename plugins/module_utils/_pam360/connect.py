# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task reaches PAM360: connection options and the token. Internal to the collection."""

from __future__ import annotations

import os
from abc import ABC
from collections.abc import Mapping
from typing import Any

from .._common.errors import InputError
from .._common.redaction import Redactor
from .._common.secret import Secret
from .._common.wording import one_line
from .._engine.vault_object import VaultObject
from .._http.options import connection_of, connection_options, header_text, option, own_option
from .api import Pam360
from .server_profile import load

CONNECTION: Mapping[str, Any] = {
    **connection_options("PAM360"),
    "token": own_option("PAM360", "token", type="str", no_log=True),
    "token_file": own_option("PAM360", "token_file", type="path", no_log=False),
    "org_name": option("PAM360", "org_name", type="str"),
    "server_profile": option("PAM360", "server_profile", type="path"),
}
RESOURCE_OPTIONS: Mapping[str, Any] = {"resource": {"type": "str"}, "resource_id": {"type": "str"}}


def connect(params: Mapping[str, Any], **options: Any) -> Pam360:
    """Return a client for the connection options in *params*; raise InputError before any request."""
    redactor = options.get("redactor") or Redactor()
    connection = connection_of(params, redactor)
    org_name = header_text("org_name", params.get("org_name") or "")
    profile = params.get("server_profile")
    client = Pam360.connect(connection, token_of(params), org_name=org_name, **options)
    if profile:
        client.profile = load(profile, client.http.warn)
    return client


def token_of(params: Mapping[str, Any]) -> Secret:
    """Return the token, or raise InputError. An option beats the environment variable of the other one."""
    token, path = params.get("token"), params.get("token_file")
    if token is None and path is None:
        token, path = os.environ.get("PAM360_TOKEN") or None, os.environ.get("PAM360_TOKEN_FILE") or None
    if token is not None and path is not None:
        raise InputError("token and token_file are both given", hint="Give one of them.")
    if path:
        try:
            with open(path, encoding="utf-8") as file:
                token = file.read().strip()
        except (OSError, UnicodeDecodeError):
            raise InputError(f"token_file names '{one_line(path)}', which cannot be read as text") from None
    if not token or not token.strip():
        raise InputError("token or token_file is required and must not be empty", hint="Or set PAM360_TOKEN.")
    return Secret(header_text("token_file" if path else "token", token))


class Pam360Object(VaultObject, ABC):
    """Base of the objects of PAM360."""

    client: Pam360

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client; see ``connect`` of this file."""
        return connect(params, **options)
