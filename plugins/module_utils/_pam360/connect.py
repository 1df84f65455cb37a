# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task reaches PAM360: connection options and the token. Internal to the collection."""

from __future__ import annotations

import os
import re
from abc import ABC
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .._common.errors import InputError
from .._common.secret import Secret
from .._engine.plan import Plan
from .._engine.vault_object import VaultObject
from .._http.options import (
    UNUSABLE,
    connection_of,
    connection_options,
    header_text,
    option,
    own_option,
    secret_of_file,
)
from .api import Pam360
from .by_profile import check_clearing
from .server_profile import load

CONNECTION: Mapping[str, Any] = {
    **connection_options("PAM360"),
    "token": own_option("PAM360", "token", type="str", no_log=True),
    "token_file": own_option("PAM360", "token_file", type="path", no_log=False),
    "org_name": option("PAM360", "org_name", type="str"),
    "server_profile": option("PAM360", "server_profile", type="path"),
}
RESOURCE_OPTIONS: Mapping[str, Any] = {
    "resource": {"type": "str"},
    "resource_id": {"type": "str", "unquoted": True},
}
ACCOUNT_OPTIONS: Mapping[str, Any] = {"account": {"type": "str"}, "account_id": {"type": "str", "unquoted": True}}


def connect(params: Mapping[str, Any], **options: Any) -> Pam360:
    """Return a client for the connection options in *params*; raise InputError before any request."""
    connection = connection_of(params)
    # The address of a call of the API works as well.
    url = re.sub("/restapi(/.*)?$", "", connection.url.rstrip("/"), flags=re.IGNORECASE)
    org_name = params.get("org_name") and header_text("org_name", params["org_name"])
    token = token_of(params, options.get("warn"))
    profile = params.get("server_profile")
    client = Pam360.connect(replace(connection, url=url), token, org_name=org_name, **options)
    if profile:
        client.profile = load(profile, client.http.warn)
    return client


def token_of(params: Mapping[str, Any], warn: Callable[[str], None] | None = None) -> Secret:
    """Return the token, or raise InputError. An option beats the environment variable of the other one.

    :param warn: called with one sentence for a file that every user can read.
    """
    token, path = params.get("token"), params.get("token_file")
    if token is None and path is None:
        token, path = os.environ.get("PAM360_TOKEN") or None, os.environ.get("PAM360_TOKEN_FILE") or None
    if token is not None and path is not None:
        raise InputError("token and token_file are both given", code=UNUSABLE, hint="Give one of them.")
    if path:
        token = secret_of_file("token_file", path, warn or (lambda _text: None))
    if not token or not token.strip():
        message = "token or token_file is required and must not be empty"
        raise InputError(message, code=UNUSABLE, hint="Or set PAM360_TOKEN.")
    return Secret(header_text("token_file" if path else "token", token))


class Pam360Object(VaultObject, ABC):
    """Base of the objects of PAM360."""

    client: Pam360

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client; see ``connect`` of this file."""
        return connect(params, **options)

    def check_changes(self, found: Plan) -> None:
        """Raise InputError for a value that this server is known not to clear."""
        check_clearing(found, self.noun, self.client.profile)
