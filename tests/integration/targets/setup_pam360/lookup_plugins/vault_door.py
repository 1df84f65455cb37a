# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls the control door of a stand-in, hundreds of times: a task of ``ansible.builtin.uri`` would run a module."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

TIMEOUT_SECONDS = 60


class LookupModule(LookupBase):
    """``lookup('vault_door', URL, ca_path=...)``, and for a write ``method`` and ``body``, which is JSON text."""

    def run(
        self, terms: list[str], variables: Any = None, *, ca_path: str, method: str = "GET", body: str | None = None
    ) -> list[Any]:
        """Return what the door says at each URL, as data."""
        trusted = ssl.create_default_context(cafile=str(ca_path))
        return [call(str(url), trusted, str(method), None if body is None else str(body).encode()) for url in terms]


def call(url: str, trusted: ssl.SSLContext, method: str, body: bytes | None) -> Any:
    """Return what the door says at one URL; raise for an error, without the body."""
    place = urlsplit(url)
    connection = HTTPSConnection(str(place.hostname), place.port, timeout=TIMEOUT_SECONDS, context=trusted)
    try:
        connection.request(method, place.path, body)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise AnsibleError(f"The door answered {answer.status} to {method} {place.path.rsplit('/', 1)[-1]}: {text!r}")
    return json.loads(text)
