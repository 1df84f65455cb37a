# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in, modules run against it, and the truth about both, for the fault, input, wire and variant tests."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from types import SimpleNamespace, TracebackType
from typing import Any

import pytest
from ansible.module_utils.common import warnings as ansible_warnings
from standin_core.journal import Entry

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import CODES
from ansible_collections.vaultops.pam.plugins.module_utils._http import client as _http
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS
from pam360_standin import Standin

Result = dict[str, Any]

SEED: dict[str, Any] = {
    "token": "AAAAAAAA-1111-2222-3333-0123456789AB",
    "resources": [
        {
            "name": "db01",
            "description": "Orders",
            "groups": ["3002"],
            "accounts": [
                {
                    "name": "root",
                    "password": "Old-Passw0rd!",
                    "notes": "old notes",
                    "shares": {"user": {"jdoe": "view"}},
                },
                {
                    "name": "app",
                    "password": "App-Passw0rd!",
                    "custom_fields": {"Owner Team": "ops", "Cost Center": "7"},
                },
                {"name": "stale", "password": "Stale-Passw0rd!", "expired": True},
            ],
        },
        {"name": "web01", "accounts": []},
    ],
}
SEEDED = {account["password"] for resource in SEED["resources"] for account in resource["accounts"]}
GIVEN = {"N3w-Passw0rd!"}
VOLATILE = ("last_accessed_time", "last_modified_time")


def texts_of(result: Mapping[str, Any]) -> list[str]:
    """Return the warnings of a result as texts, whatever ansible-core's shape for them is."""
    found = result.get("warnings", [])
    return [item if isinstance(item, str) else item.get("event", {}).get("msg", "") for item in found]


class World:
    """A stand-in server, and modules run against it. ``delays`` are the waits that were asked for.

    :param road: how a module is run, a key of ``ROADS``.
    """

    def __init__(self, seed: Mapping[str, Any] | None = None, *, road: str = "module", **options: Any) -> None:
        self.road = road
        self.standin = Standin(seed=SEED if seed is None else seed, **options)
        self.delays: list[float] = []
        self.printed = ""

    def __enter__(self) -> World:
        """Open the port."""
        self.standin.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the port."""
        self.standin.stop()

    def reset(self) -> World:
        """Return to the seed, without faults and journal."""
        self.standin.reset()
        self.delays.clear()
        return self

    def login(self) -> dict[str, Any]:
        """Return the options that let a module in."""
        return {"token": self.standin.token}

    def run(self, module: str, *, check: bool = False, **args: Any) -> Result:
        """Run a module; the journal then holds this run alone. An option that is ``...`` is left out."""
        self.standin.journal.clear()
        self.delays.clear()
        for name in ("_global_warnings", "_global_deprecations"):
            getattr(ansible_warnings, name, {}).clear()
        given = {"url": self.standin.url, **self.login(), **args}
        given = {name: value for name, value in given.items() if value is not ...}
        with pytest.MonkeyPatch.context() as patch:  # no one sleeps
            patch.setattr(
                _http, "time", SimpleNamespace(sleep=self.delays.append, time=time.time, monotonic=time.monotonic)
            )
            result, self.printed = ROADS[self.road](module, given, check=check)
        return result

    def truth(self) -> list[dict[str, Any]]:
        """Return all resources with their accounts; passwords that the vault made up count as one."""
        resources = self.standin.dump()["resources"]
        for resource in resources:
            for account in resource["accounts"]:
                if account["password"] not in SEEDED | GIVEN:
                    account["password"] = "(made by the vault)"
                for name in VOLATILE:
                    del account[name]
        return resources

    def account(self, name: str, resource: str = "db01") -> dict[str, Any]:
        """Return one account as the server has it, or an empty dict."""
        resources = self.standin.dump()["resources"]
        accounts = next((item["accounts"] for item in resources if item["name"] == resource), [])
        return next((item for item in accounts if item["name"] == name), {})

    def resource(self, name: str) -> dict[str, Any]:
        """Return one resource as the server has it, or an empty dict."""
        return next((item for item in self.standin.dump()["resources"] if item["name"] == name), {})

    @property
    def journal(self) -> list[Entry]:
        """Return the requests of the last run."""
        return self.standin.journal.entries

    @property
    def operations(self) -> list[str]:
        """Return the operations of the last run."""
        return self.standin.journal.operations()

    @property
    def writes(self) -> list[Entry]:
        """Return the writes of the last run."""
        return self.standin.journal.writes()


def details(entry: Entry) -> Any:
    """Return what a request carried inside INPUT_DATA, strictly as the documented shape."""
    assert isinstance(entry.input, dict)
    assert list(entry.input) == ["operation"], entry.input
    assert list(entry.input["operation"]) == ["Details"], entry.input
    return entry.input["operation"]["Details"]


def assert_message(result: Mapping[str, Any], printed: str = "") -> None:
    """A failure is one clear line: no traceback, no URL with a query, no body, a full stop."""
    text = result["msg"]
    assert result["failed"] is True, result
    assert isinstance(text, str)
    assert text.strip()
    assert "\n" not in text, text
    assert text.endswith("."), text
    assert ".." not in text.replace("...", ""), text
    assert "Unexpected " not in text, text
    assert "Traceback" not in text + printed
    for part in ("INPUT_DATA", "%22", "<html", "<h1", "Sign in", '{"', "Errno", "object at 0x", "Exception", "restapi"):
        assert part not in text, text
    assert not re.search(r"https?://\S*\?", text), text


def assert_failure(result: Mapping[str, Any], http_status: int | None, *, printed: str = "") -> None:
    """A failed request says in ``failure`` what it was, with the status of the answer or null."""
    assert_message(result, printed)
    failure = result["failure"]
    assert set(failure) == {"code", "operation", "http_status", "server_message", "step"}, failure
    assert failure["code"] in CODES
    assert failure["http_status"] == http_status, (failure, result["msg"])
    assert failure["operation"], failure
    assert failure["operation"] in result["msg"]
    assert isinstance(failure["server_message"], str)
    assert failure["step"]


def assert_input_error(world: World, result: Mapping[str, Any], *words: str) -> None:
    """Options that cannot be used: one sentence that names them, and not a single request."""
    text = result["msg"]
    assert result.get("failed") is True, result
    assert "\n" not in text
    assert "Traceback" not in text + world.printed
    assert "Unexpected " not in text, text
    for word in words:
        assert word in text, text
    assert world.journal == [], [entry.path for entry in world.journal]
    assert not result.get("changed")


def as_json(value: Any) -> str:
    """Return JSON in which ``1`` and ``true`` and ``"1"`` differ, for exact comparison."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
