# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of the API: its input, who makes it, and how it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pvwa_standin import texts
from pvwa_standin.model import Account, Safe, Session
from pvwa_standin.state import State
from pvwa_standin.texts import Problem
from standin_core.product import Answer
from standin_core.product import Call as CoreCall
from standin_core.profile import Profile

if TYPE_CHECKING:
    from pvwa_standin.routes import Route


class FailedError(Exception):
    """A failure the API reports: ``{"ErrorCode", "ErrorMessage"[, "Details"]}`` (DOC POSTMAN).

    ``about`` are pairs of a parameter and what is wrong with it, for Details: a text, or a failure
    with a code of its own; ``applied`` says that a part of the write was carried out.
    """

    def __init__(
        self, problem: Problem, *, about: Iterable[tuple[str, str | FailedError]] = (), **values: object
    ) -> None:
        super().__init__(problem.code)
        self.status = problem.status
        self.code = problem.code
        self.message = problem.message.format(**values)
        self.place = problem.place
        self.name = str(values.get("name", ""))
        self.about = list(about)
        self.headers: dict[str, str] = {}
        self.applied = False

    def changed(self, code: str, message: str, about: Iterable[tuple[str, str | FailedError]] = ()) -> FailedError:
        """Return the same failure in other words."""
        other = FailedError(Problem(self.status, code, "{text}", self.place), about=about, text=message)
        other.name, other.headers, other.applied = self.name, self.headers, self.applied
        return other


@dataclass
class ApiCall(CoreCall):
    """A matched request with everything that a handler needs.

    ``problem`` says why the body could not be read.
    """

    method: str = ""
    path: str = ""
    args: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None
    token: str = ""
    bearer: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    host_url: str = ""
    path_known: bool = False
    route: Route | None = None
    user: str = ""
    state: State = None  # type: ignore[assignment]

    @property
    def profile(self) -> Profile:
        """Return the profile."""
        return self.state.profile

    def session(self) -> Session:
        """Return the caller's live session: a bare token, or a bearer token behind that word.

        Raises FailedError (401 PASWS006E, or 403 CAIWS001E).
        """
        self.state.drop_old_sessions()
        session = self.state.sessions.get(self.token)
        if session is None or session.bearer is not self.bearer or not self._sticks(session):
            raise FailedError(texts.NO_SESSION if self.profile["session_failure"] == "401" else texts.NO_TOKEN)
        return session

    def _sticks(self, session: Session) -> bool:
        """Return whether the call reached the node that knows the token."""
        return session.bearer or self.profile["sticky"] == "off" or session.cookie in self.cookies.values()

    def expire(self) -> None:
        """End the caller's session (fault ``expired``)."""
        with self.state.lock:
            self.state.sessions.pop(self.token, None)

    def body(self) -> dict[str, Any]:
        """Return the body as an object; no body is an empty one. Raises FailedError."""
        if self.problem is not None:
            raise FailedError(self.problem)
        if self.input is None:
            return {}
        if not isinstance(self.input, dict):
            raise FailedError(texts.BAD_BODY)
        return self.input

    def bind(self, names: Iterable[str], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the known fields in their own spelling, whatever case they came in.

        The others are noted as ignored; null is as left out (INF).
        """
        given = self.body() if given is None else given
        known = {name.casefold(): name for name in names}
        self.ignored += [name for name in given if name.casefold() not in known]
        pairs = ((known.get(name.casefold()), value) for name, value in given.items())
        return {name: value for name, value in pairs if name is not None and value is not None}

    def account(self) -> Account:
        """Return the account of the path, with the route's right checked. Raises FailedError (404, 403).

        A deleted one may still be read, and is refused in other words for a write (profile ``deleted_by_id``).
        """
        found = self.state.accounts.get(self.args["id"])
        if found is None and self.profile["deleted_by_id"] == "readable":
            found = self.state.deleted.get(self.args["id"])
            if found is not None and self.method != "GET":
                deleted = texts.DELETED._replace(status=int(self.profile["deleted_write"]))
                raise FailedError(deleted, name=found.id)
        if found is None:
            raise FailedError(texts.NO_ACCOUNT)
        self.need(self.state.safe(found.safe), "listAccounts", self.route.right if self.route else "")
        return found

    def unlocked(self) -> Account:
        """Return the account of the path if nobody else holds its lock. Raises FailedError (PASWS143E)."""
        account = self.account()
        if account.locked_by and not self.state.same(account.locked_by, self.user):
            raise FailedError(texts.LOCKED)
        return account

    def need(self, safe: Safe | None, *rights: str) -> None:
        """Refuse a call without the rights on a safe. Raises FailedError (403 PASWS041E, or 500 ITATS955E)."""
        held = self.state.rights(self.user, safe) if safe is not None else set()
        if safe is None or any(right and right not in held for right in rights):
            raise self.refused

    def need_vault(self, right: str) -> None:
        """Refuse a call without a right in the vault. Raises FailedError (403 PASWS041E, or 500 ITATS955E)."""
        user = self.state.user(self.user)
        if user is None or right not in user.vault_rights:
            raise self.refused

    @property
    def refused(self) -> FailedError:
        """Return the refusal of a call for which a right is missing."""
        return FailedError(texts.NOT_ALLOWED if self.profile["refusal"] == "403" else texts.NOT_ALLOWED_V9)

    def safe(self, *rights: str) -> Safe:
        """Return the safe of the path. Raises FailedError (404 SFWS0007, 403 PASWS041E).

        One in which the caller has no membership is not found (INF from the 409 that IDSEC handles).
        """
        found = self.state.safe(self.args["safe"])
        if found is None or not self.state.memberships(self.user, found):
            raise FailedError(texts.SAFE_GONE, name=self.args["safe"])
        self.need(found, *rights)
        return found


def done(body: Any = b"", status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return a success; without a body it is empty and has no content type of JSON."""
    kind = "text/plain" if body == b"" else "application/json; charset=utf-8"
    return Answer(body, status, status=str(status), applied=True, content_type=kind, headers=headers or {})
