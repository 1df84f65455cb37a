# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of the HTTP client: keeps what would be sent, and answers as it is told. For pure tests of a client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import Answer
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import HINTS


def envelope(details: Any = None, *, status: Any = "Success", message: str = "", **more: Any) -> dict[str, Any]:
    """Return the body of a PAM360 answer."""
    return {"operation": {"result": {"status": status, "message": message}, "Details": details, **more}}


def answer(status: int, body: Any, *, write: bool = False, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer; a body that is no bytes becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers or {}, content, None, "Asking", Redactor(), write=write, hints=HINTS)


class Recorder:
    """Keeps the last address and body, and gives the same answer to each request."""

    def __init__(self, given: Answer | None = None) -> None:
        self.redact = Redactor()
        self.target = self.body = ""
        self.given = given or answer(200, envelope())

    def read(self, _method: str, target: str, *, operation: str) -> Answer:
        """Keep the address."""
        self.target = target
        return self.given

    def write(self, _method: str, target: str, *, operation: str, data: str, headers: dict[str, str]) -> Answer:
        """Keep address and body."""
        assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
        self.target, self.body = target, data
        return self.given
