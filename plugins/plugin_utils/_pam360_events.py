# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events from the audit trail, for the event source pam360_audit. Internal to the collection."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import random
import re
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import (
    ansible_spec,
    result_of_bad_options,
)
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.shape_check import wrong_shape_message
from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import (
    AnswerError,
    InputError,
    TransportError,
    VaultError,
)
from ansible_collections.vaultops.pam.plugins.module_utils._engine.task import Arguments
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.audit import (
    AUDIT_TYPES,
    DURATION_SECONDS,
    AuditTrail,
    Cursor,
    Record,
    cursor_of,
    saved_form,
)
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import CONNECTION, connect
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import value_of

LOGGER = logging.getLogger("vaultops.pam.pam360_audit")
VERSION = 1  # of the cursor file
MAX_WAIT = 300.0  # seconds
KINDS: Mapping[str, str] = {
    "password_read": r"password.*(retriev|view|access|copied|check)|(retriev|view|access).*password",
    "password_changed": r"password.*(chang|reset|modif|updat)|(chang|reset|modif|updat).*password",
    "shared": r"\bshar(e|ed|ing)\b|\b(grant|permission)",
    "removed": r"(resource|account|password).*(delet|remov|trash)",
}


OPTIONS: Mapping[str, Any] = {
    **CONNECTION,
    "cursor_file": {"type": "path", "required": True},
    "audit_types": {"type": "list", "elements": "str", "choices": list(AUDIT_TYPES), "default": ["Resource"]},
    "start": {"type": "str", "choices": ["now", "beginning"], "default": "now"},
    "interval": {"type": "int", "default": 30},
    "kinds": {"type": "dict", "default": {}},
}
TEXTS: Mapping[str, str] = {  # of an event, by key of the record
    "operation": "Operation Type",
    "resource": "Resource Name",
    "account": "User Account",
    "user": "User Name",
    "operated_by": "Operated by",
    "reason": "Reason",
    "ticket_id": "Ticket ID",
}


def checked(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with their defaults and environment variables; raise InputError for wrong ones."""
    given = {name: value for name, value in args.items() if name != "eda_feedback_queue"}  # ansible-rulebook's own
    message = wrong_shape_message(given, OPTIONS)
    if message:
        raise InputError(message.rstrip("."))
    found = ArgumentSpecValidator(**ansible_spec(Arguments(options=OPTIONS))).validate(given)
    if found.error_messages:
        message = "; ".join(found.error_messages).rstrip(".")
        raise InputError(result_of_bad_options(message, given, OPTIONS, set())["msg"])
    params: dict[str, Any] = found.validated_parameters
    if params["interval"] < 1:
        raise InputError("interval must be 1 or more")
    try:
        params["kinds"] = {kind: re.compile(words, re.IGNORECASE) for kind, words in _kinds(params["kinds"])}
    except (re.error, TypeError):
        raise InputError("kinds must have a regular expression for each kind") from None
    return params


def _kinds(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the expressions, those that are given first and in place of ours."""
    return [*given.items(), *((kind, words) for kind, words in KINDS.items() if kind not in given)]


class CursorFile:
    """Keeps the cursors of one server, by audit type."""

    def __init__(self, path: str, server: str) -> None:
        self.path = path
        self.server = server
        self.cursors: dict[str, Cursor] = {}
        self.polled = 0.0  # seconds since 1970

    def load(self) -> None:
        """Read the file, if there is one; raise InputError for one that cannot be used."""
        try:
            with open(self.path, encoding="utf-8") as file:
                saved = json.load(file)
            if saved["version"] != VERSION or saved["server"] != self.server:
                raise ValueError
            self.cursors = {audit_type: cursor_of(one) for audit_type, one in saved["cursors"].items()}
            self.polled = float(saved["polled"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            message = f"cursor_file '{self.path}' cannot be read, or is not a cursor for this server"
            raise InputError(message, hint="Give another file, or remove it to start over.") from None

    def save(self) -> None:
        """Replace the file as a whole; raise InputError where that cannot be done."""
        cursors = {audit_type: saved_form(one) for audit_type, one in self.cursors.items()}
        saved = {"version": VERSION, "server": self.server, "polled": self.polled, "cursors": cursors}
        fresh = f"{self.path}.new"
        try:
            with open(fresh, "w", encoding="utf-8", opener=_private) as file:
                json.dump(saved, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self.path)
        except OSError as error:
            raise InputError(f"cursor_file '{self.path}' cannot be written ({error.strerror})") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def event_of(record: Record, audit_type: str, kinds: Mapping[str, re.Pattern[str]]) -> dict[str, Any]:
    """Return the event of one record."""
    texts = {name: str(value_of(record.fields, key) or "") for name, key in TEXTS.items()}
    when = datetime.fromtimestamp(record.time / 1000, timezone.utc)
    return {
        "pam360": {
            **{name: "" if text == "N/A" else text for name, text in texts.items()},
            "kind": next((kind for kind, words in kinds.items() if words.search(texts["operation"])), "other"),
            "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "audit_type": audit_type,
            "id": record.id,
            "record": dict(record.fields),
        }
    }


class Source:
    """Polls, and hands over what is new."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.params = checked(args)
        server = [self.params["url"].rstrip("/"), self.params["org_name"] or ""]
        self.file = CursorFile(self.params["cursor_file"], hashlib.sha256(json.dumps(server).encode()).hexdigest()[:16])
        self.file.load()
        self.answered = False  # whether the vault has ever answered as it should

    def poll(self) -> dict[str, list[Record]]:
        """Return by audit type the records that may be new; raise VaultError.

        The client is a new one each time, so that a token_file that was replaced is read.
        """
        client = AuditTrail(connect(self.params, warn=LOGGER.warning).http)
        try:
            return {each: client.since(each, self._horizon(each)) for each in self.params["audit_types"]}
        finally:
            client.close()

    def _horizon(self, audit_type: str) -> int | None:
        if audit_type in self.file.cursors:
            return self.file.cursors[audit_type].horizon
        return None if self.params["start"] == "now" else 0

    async def hand_over(self, queue: asyncio.Queue[Any], polled: Mapping[str, list[Record]]) -> None:
        """Put the new records into *queue*, the cursor after each."""
        now = time.time()
        if self.file.polled and now - self.file.polled > DURATION_SECONDS:
            LOGGER.error("The last poll was more than seven days ago. Older events are lost.")
        for audit_type, records in polled.items():
            cursor = self.file.cursors.get(audit_type)
            if cursor is None:
                cursor = self.file.cursors[audit_type] = Cursor()
                if self.params["start"] == "now":
                    cursor.advance(records)
            for record in cursor.new(records):
                await queue.put(event_of(record, audit_type, self.params["kinds"]))
                cursor.seen.add(record.id)
                self.file.save()
            cursor.advance(records)
        self.file.polled = now
        self.file.save()

    def passes(self, error: Exception) -> bool:
        """Tell whether an error is one that goes away by waiting; before the first answer a wrong url looks alike."""
        if isinstance(error, TransportError):
            return True
        if not isinstance(error, AnswerError):
            return False
        return self.answered or error.http_status in (408, 429) or (error.http_status or 0) >= 500

    async def follow(self, queue: asyncio.Queue[Any]) -> None:
        """Poll for ever; raise VaultError for what does not pass."""
        failures = 0
        self.file.save()
        while True:
            try:
                polled = await asyncio.to_thread(self.poll)
            except VaultError as error:
                if not self.passes(error):
                    raise
                failures += 1
                wait = min(MAX_WAIT, self.params["interval"] * 2.0**failures) * random.uniform(0.5, 1.0)  # noqa: S311
                LOGGER.warning("%s Asking again in %.0f s.", error, wait)
                await asyncio.sleep(wait)
                continue
            failures, self.answered = 0, True
            await self.hand_over(queue, polled)
            await asyncio.sleep(self.params["interval"])
