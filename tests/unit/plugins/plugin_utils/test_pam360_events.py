# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source: its events, its arguments, its cursor file, what it does when the vault fails."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError, VaultError
from ansible_collections.vaultops.pam.plugins.plugin_utils import _pam360_events
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_events import MAX_WAIT, Source
from pam360_standin import Standin


class EnoughError(Exception):
    """Ends a source that would go on."""


class Queue:
    """Takes events, and gives up after *limit*."""

    def __init__(self, limit: int = 1000) -> None:
        self.events: list[dict[str, Any]] = []
        self.limit = limit

    async def put(self, event: dict[str, Any]) -> None:
        """Take an event."""
        if len(self.events) == self.limit:
            raise EnoughError
        self.events.append(event)

    @property
    def operations(self) -> list[str]:
        """Return what has happened."""
        return [event["pam360"]["operation"] for event in self.events]


@pytest.fixture
def vault() -> Iterator[Standin]:
    """A vault with an empty trail."""
    with Standin(seed={"resources": [], "audit": []}) as server:
        yield server


@pytest.fixture
def args(vault: Standin, tmp_path: Path) -> dict[str, Any]:
    """Arguments as a rulebook would give them."""
    return {"url": vault.url, "token": vault.token, "cursor_file": str(tmp_path / "cursor"), "retries": 0}


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the source has waited. The third wait ends it."""
    seen: list[float] = []

    async def sleep(seconds: float) -> None:
        seen.append(seconds)
        if len(seen) == 3:
            raise EnoughError

    monkeypatch.setattr(_pam360_events.asyncio, "sleep", sleep)
    return seen


def happen(vault: Standin, *operations: str, **fields: Any) -> None:
    """Add records."""
    for operation in operations:
        vault.change(add_audit={"Operation Type": operation, **fields})


def follow(args: dict[str, Any], queue: Queue | None = None) -> Queue:
    """Run a source until it has waited three times, or the queue gives up."""
    taken = queue or Queue()
    with pytest.raises(EnoughError):
        asyncio.run(Source(args).follow(taken))  # type: ignore[arg-type]
    return taken


def test_only_what_happens_from_now_on(vault: Standin, args: dict[str, Any], waits: list[float]) -> None:
    happen(vault, "Old 1", "Old 2")
    assert follow(args).operations == []
    happen(vault, "New 1", "New 2")
    waits.clear()
    assert follow(args).operations == ["New 1", "New 2"]
    waits.clear()
    assert follow(args).operations == []


def test_from_the_beginning(vault: Standin, args: dict[str, Any]) -> None:
    happen(vault, "Too old", ago=8 * 24 * 3600)
    happen(vault, "Old", ago=3600)
    happen(vault, "New")
    assert follow({**args, "start": "beginning"}).operations == ["Old", "New"]


def test_a_crash_between_two_events_repeats_and_loses_none(
    vault: Standin, args: dict[str, Any], waits: list[float]
) -> None:
    names = [f"Operation {number}" for number in range(20)]
    happen(vault, *names)
    found: list[str] = []
    for limit in (3, 0, 7, 1000):
        waits.clear()
        found += follow({**args, "start": "beginning"}, Queue(limit)).operations
    assert found == names


def test_both_trails(vault: Standin, args: dict[str, Any]) -> None:
    happen(vault, "Account Added")
    happen(vault, "User Added", AUDITTYPE="User")
    queue = follow({**args, "start": "beginning", "audit_types": ["Resource", "User"]})
    assert [(e["pam360"]["operation"], e["pam360"]["audit_type"]) for e in queue.events] == [
        ("Account Added", "Resource"),
        ("User Added", "User"),
    ]


def test_an_event(vault: Standin, args: dict[str, Any]) -> None:
    fields = {
        "Resource Name": "db01",
        "User Account": "root",
        "Operated by": "jdoe",
        "Reason": "patch day",
        "Ticket ID": "4711",
        "TIME": str(int(vault.state.now().timestamp()) * 1000 + 7),
        "Audit ID": "70",
    }
    happen(vault, "Password Retrieved", **fields)
    (event,) = follow({**args, "start": "beginning"}).events
    told = event["pam360"]
    record = told.pop("record")
    assert {key: record[key] for key in fields} == fields
    assert told.pop("time").endswith(".007Z")
    assert told == {
        "kind": "password_read",
        "operation": "Password Retrieved",
        "resource": "db01",
        "account": "root",
        "user": "",
        "operated_by": "jdoe",
        "reason": "patch day",
        "ticket_id": "4711",
        "audit_type": "Resource",
        "id": "70",
    }


KINDS = [
    ("Password Retrieved", "password_read"),
    ("Password Changed", "password_changed"),
    ("Password Reset", "password_changed"),
    ("Account Shared", "shared"),
    ("Resource Shared", "shared"),
    ("Resource Deleted", "removed"),
    ("Account Deleted", "removed"),
    ("Custom Report Created", "other"),
    ("Resource Added", "other"),
    ("N/A", "other"),
]


@pytest.mark.parametrize(("operation", "kind"), KINDS)
def test_kinds(vault: Standin, args: dict[str, Any], operation: str, kind: str) -> None:
    happen(vault, operation)
    assert [event["pam360"]["kind"] for event in follow({**args, "start": "beginning"}).events] == [kind]


def test_kinds_of_the_user_come_first(vault: Standin, args: dict[str, Any]) -> None:
    happen(vault, "Password Retrieved", "Kennwort geteilt", "Account Shared")
    kinds = {"mine": "retrieved$", "shared": "geteilt"}
    queue = follow({**args, "start": "beginning", "kinds": kinds})
    assert [event["pam360"]["kind"] for event in queue.events] == ["mine", "shared", "other"]


BAD_ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"cursor_file": None}, "cursor_file"),
    ({"url": "ftp://x"}, "url must look like"),
    ({"interval": 0}, "interval must be 1 or more"),
    ({"interval": "soon"}, "interval"),
    ({"audit_types": ["Task"]}, "audit_types"),
    ({"start": "yesterday"}, "start"),
    ({"kinds": {"a": "("}}, "kinds must have a regular expression"),
    ({"kinds": {"a": 1}}, "kinds must have a regular expression"),
    ({"tokn": "x"}, "tokn"),
    ({"token_file": "/x"}, "token and token_file are both given"),
    ({"token": ["canary-in-a-list"]}, "token must be a string"),
    ({"cursor_file": "/no/such/folder/cursor"}, "cannot be written"),
]


@pytest.mark.parametrize(("wrong", "words"), BAD_ARGUMENTS, ids=str)
def test_wrong_arguments_end_it_before_any_request(
    vault: Standin, args: dict[str, Any], wrong: dict[str, Any], words: str
) -> None:
    given = {key: value for key, value in {**args, **wrong}.items() if value is not None}
    with pytest.raises(InputError) as caught:
        asyncio.run(Source(given).follow(Queue()))  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert vault.token not in str(caught.value)
    assert "canary" not in str(caught.value)
    assert vault.journal.entries == []


def test_arguments_from_the_environment(
    vault: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    """And a token file that is replaced is read again."""
    path = tmp_path / "token"
    path.write_text(vault.token, encoding="utf-8")
    monkeypatch.setenv("PAM360_URL", vault.url)
    monkeypatch.setenv("PAM360_TOKEN_FILE", str(path))
    source = Source({"cursor_file": str(tmp_path / "cursor"), "eda_feedback_queue": object()})
    source.poll()
    path.write_text("another", encoding="utf-8")
    with pytest.raises(VaultError, match="Authentication failed"):
        source.poll()


def test_cursor_file_is_private_and_whole(vault: Standin, args: dict[str, Any]) -> None:
    happen(vault, "Old")
    follow(args)
    path = Path(args["cursor_file"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["cursor"]
    text = path.read_text(encoding="utf-8")
    assert vault.token not in text
    assert vault.url not in text


FOREIGN = [
    "",
    "[]",
    "null",
    "{}",
    '{"version": 2}',
    '{"version": 1, "server": "0", "polled": 0, "cursors": {}}',
    "cut {",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_cursor_that_cannot_be_used_is_an_error(vault: Standin, args: dict[str, Any], text: str) -> None:
    """To begin anew on the quiet would lose events."""
    Path(args["cursor_file"]).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read, or is not a cursor for this server"):
        Source(args)


def test_the_cursor_of_another_vault_is_an_error(vault: Standin, args: dict[str, Any]) -> None:
    follow(args)
    with pytest.raises(InputError, match="is not a cursor for this server"):
        Source({**args, "url": "https://other.example.com:8282"})


def test_a_gap_is_told(vault: Standin, args: dict[str, Any], waits: list[float], caplog: Any) -> None:
    follow(args)
    path = Path(args["cursor_file"])
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["polled"] -= 8 * 24 * 3600
    path.write_text(json.dumps(saved), encoding="utf-8")
    waits.clear()
    follow(args)
    assert caplog.text.count("more than seven days ago") == 1


PASSING = [
    {"fault": "cut_before"},
    {"fault": "cut_body"},
    {"fault": "status", "code": 503},
    {"fault": "status", "code": 500, "body": "html"},
    {"fault": "status", "code": 429},
]


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_it_waits_longer_each_time_while_the_vault_is_away(
    vault: Standin, args: dict[str, Any], waits: list[float], caplog: Any, fault: dict[str, Any]
) -> None:
    caplog.set_level(logging.WARNING)
    happen(vault, "Old")
    vault.faults.add(operation="GET_AUDIT", times=2, **fault)
    assert follow({**args, "start": "beginning", "interval": 10}).operations == ["Old"]
    assert 10 <= waits[0] <= 20
    assert 20 <= waits[1] <= 40
    assert waits[2] == 10
    assert caplog.text.count("Asking again in") == 2
    assert vault.token not in caplog.text


def test_the_wait_has_a_limit(vault: Standin, args: dict[str, Any], waits: list[float]) -> None:
    vault.faults.add(operation="GET_AUDIT", fault="cut_before")
    follow({**args, "interval": 10_000})
    assert max(waits) <= MAX_WAIT


ENDING = [
    ({"fault": "html"}, "web page"),
    ({"fault": "redirect", "url": "https://other.example.com/"}, "redirects"),
    ({"fault": "failed", "message": "No right to see the audit"}, "No right to see the audit"),
    ({"fault": "status", "code": 403}, "HTTP 403"),
    ({"fault": "empty"}, "is empty"),
]


@pytest.mark.parametrize(("fault", "words"), ENDING, ids=str)
def test_what_does_not_pass_ends_it(
    vault: Standin, args: dict[str, Any], waits: list[float], fault: dict[str, Any], words: str
) -> None:
    vault.faults.add(operation="GET_AUDIT", **fault)
    with pytest.raises(VaultError) as caught:
        asyncio.run(Source(args).follow(Queue()))  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert vault.token not in str(caught.value)
    assert waits == []


def test_a_page_in_between_passes(vault: Standin, args: dict[str, Any], waits: list[float]) -> None:
    """Such as that of a proxy in maintenance, once the vault has answered as it should."""
    vault.faults.add(operation="GET_AUDIT", fault="html", nth=2)
    happen(vault, "Old")
    assert follow({**args, "start": "beginning"}).operations == ["Old"]
    assert len(waits) == 3


def test_an_echoed_token_is_masked(vault: Standin, args: dict[str, Any]) -> None:
    canary = f"canary-{secrets.token_hex(12)}"
    vault.faults.add(operation="GET_AUDIT", fault="failed", message=f"Unknown token {canary}")
    with pytest.raises(VaultError) as caught:
        asyncio.run(Source({**args, "token": canary}).follow(Queue()))  # type: ignore[arg-type]
    assert canary not in str(caught.value)
