# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the PVWA stand-in that sends requests as the vendor documents them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from pvwa_standin import Standin

ROOT = "29_3"
PVWA_SEED: dict[str, Any] = {
    "accounts": [
        {
            "id": ROOT,
            "safeName": "Linux",
            "platformId": "UnixSSH",
            "name": "linux-db01-root",
            "address": "db01.example.org",
            "userName": "root",
            "secret": "Old-Secret-1",
            "platformAccountProperties": {"Port": "22"},
        },
        {
            "id": "32_3",
            "safeName": "Closed",
            "platformId": "UnixSSH",
            "name": "hidden",
            "address": "db01.example.org",
            "userName": "root",
        },
    ]
}


@dataclass
class PvwaClient:
    """Speaks to one stand-in over one kept-alive session."""

    standin: Standin
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        # REQUESTS_CA_BUNDLE of the environment would beat `verify`.
        self.session.trust_env = False
        if self.standin.ca_path:
            self.session.verify = self.standin.ca_path

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request as it is; ``path`` is what stands behind /PasswordVault/API."""
        options.setdefault("timeout", 5)
        return self.session.request(method, f"{self.standin.url}/PasswordVault/API{path}", **options)

    def logon(self, method: str = "CyberArk", status: int = 200, **body: Any) -> Any:
        """Log on; the token goes into all later requests."""
        given = {"username": self.standin.username, "password": self.standin.password, **body}
        answer = self.raw("POST", f"/auth/{method}/Logon", json=given, headers={"Authorization": None})
        assert answer.status_code == status, answer.text
        if status == 200:
            self.session.headers["Authorization"] = answer.json()
        return answer.json()

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        """Send JSON and return JSON, None for an empty body."""
        if body is not None:
            options["json"] = body
        answer = self.raw(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def error(self, method: str, path: str, body: Any = None, status: int = 400, **options: Any) -> str:
        """Send something wrong and return the ErrorCode."""
        answer = self.call(method, path, body, status, **options)
        assert set(answer) in ({"ErrorCode", "ErrorMessage"}, {"ErrorCode", "ErrorMessage", "Details"})
        assert isinstance(answer["ErrorCode"], str)
        return str(answer["ErrorCode"])

    def patch(self, *operations: tuple[Any, ...], status: int = 200, account: str = ROOT) -> Any:
        """Send operations given as (op, path) or (op, path, value)."""
        body = [dict(zip(("op", "path", "value"), one, strict=False)) for one in operations]
        return self.call("PATCH", f"/Accounts/{account}/", body, status)

    def refused(self, *operations: tuple[Any, ...], status: int = 400, account: str = ROOT) -> str:
        """Send operations that are refused and return the ErrorCode."""
        return str(self.patch(*operations, status=status, account=account)["ErrorCode"])

    def found(self, **query: Any) -> list[str]:
        """Return the ids that Get accounts returns."""
        return [one["id"] for one in self.call("GET", "/Accounts", params=query)["value"]]


def account(safe: str = "Linux", **more: Any) -> dict[str, Any]:
    """Return the body of an Add."""
    return {"safeName": safe, "platformId": "UnixSSH", "address": "web01", "userName": "app", **more}
