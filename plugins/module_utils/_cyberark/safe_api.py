# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of PVWA for safes and their members. Internal to the collection.

A PUT clears what it leaves out (psPAS), so callers send all that they have read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .._common.errors import NotFoundError, RefusedError
from .._common.wording import one_line
from .._http.answer import Answer
from . import rights
from .answers import NO_SAFE, Json, check_plain, code_of
from .client import PAGE_SIZE, CyberArkClient
from .fields import value_of
from .names import NOT_IN_URL, is_named, search_of

UNKNOWN_MEMBER = (
    "Check member, and search_in: the name of the directory as the LDAP page of PVWA has it. On Privilege Cloud, leave"
    " search_in out and give the name with its suffix, such as group@example.org."
)
NESTED = ("creator", "accounts", "permissions")


class SafeCalls(CyberArkClient):
    """The calls for safes and members."""

    def safe(self, name: str, label: str) -> Json | None:
        """Return a safe, ``None`` for an unknown one; a name that no URL can carry is looked for in the list."""
        operation = f"Reading {label}"
        if NOT_IN_URL.search(name):
            query = {"search": search_of([name]), "limit": str(PAGE_SIZE)}
            rows, _cut = self.listed(operation, "Safes", query, _safe_of, "")
            return next((row for row in rows if is_named(row, "safeName", name)), None)
        answer = self.read(operation, f"Safes/{_part(name)}/")
        if answer.status == 404 and isinstance(self.refused(answer), RefusedError):
            return None
        return _safe_of(self.json_of(answer), answer)

    def add_safe(self, body: Json, label: str) -> Json:
        """Create a safe and return it; its creator becomes a member with all rights."""
        answer = self.write(f"Adding {label}", "POST", "Safes", body, right=rights.ADD_SAFE)
        return self._made(_safe_of(answer.json(), answer))

    def update_safe(self, name: str, body: Json, label: str) -> Json:
        """Change a safe and return it."""
        path = f"Safes/{_part(name)}/"
        answer = self.write(f"Editing {label}", "PUT", path, body, right=rights.EDIT_SAFE)
        return self._made(_safe_of(answer.json(), answer))

    def delete_safe(self, name: str, label: str) -> None:
        """Delete a safe (204)."""
        self.confirmed(self.write(f"Removing {label}", "DELETE", f"Safes/{_part(name)}/", right=rights.DELETE_SAFE))

    def member(self, safe: str, name: str, label: str) -> Json | None:
        """Return a member, ``None`` for an unknown one; raise NotFoundError for an unknown safe."""
        answer = self.read(f"Reading {label}", f"Safes/{_part(safe)}/Members/{_part(name)}/")
        if answer.status == 404:
            error = self.refused(answer)
            if code_of(error) in NO_SAFE:
                message = f"the vault shows no safe '{one_line(safe)}' to this user"
                raise NotFoundError(message, operation=error.operation, http_status=404, hint=error.hint)
            if isinstance(error, RefusedError):
                return None
        return _member_of(self.json_of(answer, rights.READ_MEMBERS), answer)

    def predefined_member(self, safe: str, name: str, label: str) -> Json | None:
        """Return a member that is in each safe by itself, as some of them cannot be read one by one (psPAS#156)."""
        query = {"filter": "includePredefinedUsers eq true", "search": search_of([name]), "limit": str(PAGE_SIZE)}
        path = f"Safes/{_part(safe)}/Members"
        rows, _cut = self.listed(f"Reading {label}", path, query, _member_of, rights.READ_MEMBERS)
        return next((row for row in rows if is_named(row, "memberName", name)), None)

    def add_member(self, safe: str, body: Json, label: str) -> Json:
        """Add a member and return it."""
        path = f"Safes/{_part(safe)}/Members/"
        try:
            answer = self.write(f"Adding {label}", "POST", path, body, right=rights.MEMBERS)
        except RefusedError as error:
            if error.http_status != 404 or code_of(error) in NO_SAFE:
                raise
            raise error.but(hint=UNKNOWN_MEMBER) from None
        return self._made(_member_of(answer.json(), answer))

    def update_member(self, safe: str, name: str, body: Json, label: str) -> Json:
        """Change a member and return it."""
        path = f"Safes/{_part(safe)}/Members/{_part(name)}/"
        answer = self.write(f"Editing {label}", "PUT", path, body, right=rights.MEMBERS)
        return self._made(_member_of(answer.json(), answer))

    def remove_member(self, safe: str, name: str, label: str) -> None:
        """Remove a member (204)."""
        path = f"Safes/{_part(safe)}/Members/{_part(name)}/"
        self.confirmed(self.write(f"Removing {label}", "DELETE", path, right=rights.MEMBERS))

    def _made(self, record: Json) -> Json:
        self.written += 1
        return record


def _part(name: str) -> str:
    """Return a name as a part of a path. Each path ends in a slash, as a name may hold a dot (epv-api-scripts#298)."""
    return quote(name, safe="")


def _safe_of(record: Any, answer: Answer) -> Json:
    return _object_of(record, "safeName", "a safe", answer)


def _member_of(record: Any, answer: Answer) -> Json:
    found = _object_of(record, "memberName", "a member", answer)
    permissions = value_of(found, "permissions")
    if permissions is not None and not isinstance(permissions, Mapping):
        raise answer.unexpected("has permissions in an unknown format")
    return found


def _object_of(record: Any, key: str, what: str, answer: Answer) -> Json:
    name = value_of(record, key)
    if not isinstance(record, Mapping) or not isinstance(name, str) or not name:
        raise answer.unexpected(f"has no {key} in it")
    check_plain({one: value for one, value in record.items() if one not in NESTED}, answer, what)
    return record
