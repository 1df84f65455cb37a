# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of the API, and the envelope of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pam360_standin import trail
from pam360_standin.model import Account, Resource, User
from pam360_standin.state import State
from pam360_standin.texts import NO_ACCOUNT, NO_RESOURCE
from standin_core.product import Answer
from standin_core.product import Call as CoreCall
from standin_core.profile import Profile

SUCCESS_CODE = 20000


class FailedError(Exception):
    """A failure the API reports; ``kind`` chooses the HTTP status under ``failure_status=4xx``."""

    def __init__(self, message: str, kind: str = "invalid", details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.details = details


@dataclass
class ApiCall(CoreCall):
    """A matched request with everything that a handler needs.

    ``details`` is the object inside INPUT_DATA; ``problem`` says why there is none.
    """

    method: str = ""
    raw_path: str = ""
    args: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    token: str = ""
    org: str | None = None
    ip: str = ""
    text: str = ""
    handler: Callable[[ApiCall], Answer] | None = None
    user: User = field(default_factory=lambda: User("", ""))
    state: State = None  # type: ignore[assignment]

    @property
    def profile(self) -> Profile:
        """Return the profile."""
        return self.state.profile

    def resource(self) -> Resource:
        """Return the resource of the path. Raises FailedError."""
        found = self.state.resources.get(self.args["resource"])
        if found is None:
            raise FailedError(NO_RESOURCE, "missing")
        return found

    def account(self) -> tuple[Resource, Account]:
        """Return resource and account of the path. Raises FailedError."""
        resource = self.resource()
        found = resource.accounts.get(self.args["account"])
        if found is None:
            raise FailedError(NO_ACCOUNT, "missing")
        return resource, found

    def audit(
        self,
        operation: str,
        resource: Resource | None = None,
        account: Account | None = None,
        *,
        reason: str = "",
        kind: str = "Resource",
    ) -> None:
        """Record what the caller did; a reason that the caller gave beats ours."""
        row = {
            "AUDITTYPE": kind,
            "Operation Type": operation,
            "User Name": self.user.name,
            "User's Full Name": self.user.full_name,
            "Operated by": self.user.name,
            "IP Address": self.ip,
            "Reason": self.details.get("REASON") or reason,
            "Ticket ID": self.details.get("TICKETID", ""),
            "Resource Name": resource.name if resource else "",
            "Resource ID": resource.id if resource else "",
            "User Account": account.name if account else "",
            "User Account ID": account.id if account else "",
        }
        trail.add(self.state, {key: value for key, value in row.items() if value != ""})

    def known(self, names: Iterable[str], given: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the given fields that the server takes; the others are noted as ignored, null is as left out."""
        given = self.details if given is None else given
        refused = {name.strip() for name in self.profile["ignore_fields"].split(",")}
        taken = set(names) - refused
        self.ignored += [name for name in given if name not in taken]
        return {name: value for name, value in given.items() if name in taken and value is not None}


def envelope(operation: str, status: str, message: str, code: int | None = None) -> dict[str, Any]:
    """Return the envelope; the order of keys is that of the newest captures (CAP LCK)."""
    result: dict[str, Any] = {"message": message, "status": status}
    if code is not None:
        result["statusCode"] = code
    return {"operation": {"result": result, "name": operation}}


def success(
    call: ApiCall, message: str, details: Any = None, *, total: int | None = None, modern: bool = False
) -> Answer:
    """Return a success; ``details`` None leaves the key out, ``modern`` is the statusCode style."""
    message = call.profile.get(f"message:{call.operation}", message)
    modern = modern or call.profile["success"] == "true"
    body = envelope(call.operation, "true" if modern else "Success", message, SUCCESS_CODE if modern else None)
    operation = body["operation"]
    if details is not None:
        body["operation"] = {"result": operation["result"], "Details": details, "name": operation["name"]}
    if total is not None:
        body["operation"]["totalRows"] = total
    return Answer(body, status="Success", applied=True)


def http_status(profile: Profile, kind: str) -> int:
    """Return the HTTP status of a failure as the profile says."""
    wanted = profile["failure_status"]
    if wanted == "4xx":
        return {"auth": 401, "missing": 404}.get(kind, 400)
    return int(wanted)


def page(call: ApiCall, rows: Sequence[Any], start: Any, limit: Any, base: int | None = None) -> tuple[list[Any], int]:
    """Return the rows of a page and the number for ``totalRows``. Raises FailedError."""
    base = int(call.profile["startindex_base"]) if base is None else base
    try:
        first = max(0, int(start) - base) if start not in (None, "") else 0
        count = int(limit) if limit not in (None, "") else len(rows)
    except (TypeError, ValueError):
        raise FailedError("Invalid STARTINDEX or LIMIT") from None
    cut = list(rows[first : first + count])
    return cut, len(cut) if call.profile["total_rows"] == "page" else len(rows)


def found_by_search(call: ApiCall, value: str, *texts: str) -> bool:
    """Compare a SEARCHVALUE with texts; never by case."""
    wanted = value.casefold()
    if call.profile["search"] == "exact":
        return any(text.casefold() == wanted for text in texts)
    return any(wanted in text.casefold() for text in texts)
