# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in per test, and a client that sends requests as the vendor documents them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from pam360_standin import Standin
from pvwa_client import PVWA_SEED, PvwaClient
from pvwa_standin import Standin as PvwaStandin

SEED: dict[str, Any] = {
    "resources": [
        {
            "id": 21,
            "name": "db01",
            "accounts": [{"id": 901, "name": "root", "password": "Old-Secret-1", "notes": "first"}],
        },
        {"id": 22, "name": "empty01"},
    ]
}


@dataclass
class Client:
    """Speaks to one stand-in over one kept-alive session."""

    standin: Standin
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        # REQUESTS_CA_BUNDLE of the environment would beat `verify`.
        self.session.trust_env = False
        self.session.headers["AUTHTOKEN"] = self.standin.token
        if self.standin.ca_path:
            self.session.verify = self.standin.ca_path

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request as it is."""
        options.setdefault("timeout", 5)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, f"{self.standin.url}/restapi/json/v1{path}", **options)

    def answer(
        self, method: str, path: str, details: Any = None, key: str = "Details", **options: Any
    ) -> requests.Response:
        """Send INPUT_DATA in its place and return the answer."""
        if details is not None:
            where = "params" if method == "GET" else "data"
            options[where] = {"INPUT_DATA": json.dumps({"operation": {key: details}})}
        return self.raw(method, path, **options)

    def call(self, method: str, path: str, details: Any = None, **options: Any) -> Any:
        """Send INPUT_DATA in its place and return ``operation`` of the answer, which must have the status 200."""
        answer = self.answer(method, path, details, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()["operation"]


@pytest.fixture
def standin() -> Iterator[Standin]:
    """A stand-in with one resource of one account and one empty resource."""
    with Standin(seed=SEED, control=True) as running:
        yield running


@pytest.fixture
def client(standin: Standin) -> Client:
    """A client with the right token."""
    return Client(standin)


@pytest.fixture
def pvwa() -> Iterator[PvwaStandin]:
    """A PVWA stand-in with one account, and one more in a safe that nobody may see."""
    with PvwaStandin(seed=PVWA_SEED, control=True) as running:
        yield running


@pytest.fixture
def api(pvwa: PvwaStandin) -> PvwaClient:
    """A client that is logged on."""
    client = PvwaClient(pvwa)
    client.logon()
    return client
