# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in itself: authentication, input, locking, failures."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Unpack

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from pam360_standin import edits, endless, lenient, seed, texts
from pam360_standin.call import ApiCall, FailedError, envelope, http_status
from pam360_standin.routes import URL_MAP, Route
from pam360_standin.state import State
from pam360_standin.variants import VARIANTS
from standin_core.product import Answer, Call, CutConnectionError
from standin_core.profile import Profile
from standin_core.profile_file import read as profile_file_of
from standin_core.standin import BaseStandin, Options, Seed, read_seed

HARMFUL = re.compile(r"<\s*/?\s*script", re.IGNORECASE)


class Pam360:
    """The product: state, routes and the rules that hold for every call."""

    name = "pam360"
    details_path = "operation.Details"
    header_names: Mapping[str, str] = {"authtoken": "AUTHTOKEN", "orgname": "orgName"}

    def __init__(self, start: Mapping[str, Any], profile: Profile) -> None:
        self.profile = profile
        self.state = State(profile)
        seed.load(self.state, start)
        self._start = {**copy.deepcopy(dict(start)), "token": self.state.token}

    def credentials(self) -> dict[str, str]:
        """Return the token of the API user."""
        return {"token": self.state.token}

    def match(self, request: Request, body: bytes) -> ApiCall:
        """Find the route and read INPUT_DATA; what cannot be read is kept as ``problem``."""
        call = ApiCall(
            operation="",
            method=request.method,
            query=dict(request.args.items()),
            state=self.state,
            raw_path=str(request.environ.get("REQUEST_URI", request.path)).partition("?")[0],
            token=request.headers.get("AUTHTOKEN", ""),
            org=request.headers.get("orgName"),
            ip=request.remote_addr or "localhost",
        )
        try:
            found, args = URL_MAP.bind_to_environ(request.environ).match()
        except HTTPException:
            return call
        route: Route = found
        if route.only_if and self.profile[route.only_if] != "yes":
            return call
        call.operation, call.handler, call.args = route.operation, route.handler, dict(args)
        self._read_input(call, route, body)
        return call

    def _read_input(self, call: ApiCall, route: Route, body: bytes) -> None:
        """Take INPUT_DATA from the query (GET) or the body (POST, PUT), whatever the Content-Type."""
        given = call.query if call.method == "GET" else lenient.form(body)
        if "INPUT_DATA" not in given:
            call.problem = texts.NO_INPUT if route.needs_input else None
            return
        call.text = given["INPUT_DATA"]
        try:
            call.input = lenient.read(call.text)
            operation = call.input.get("operation")
            details = self._inner(route, operation) if isinstance(operation, dict) else None
            if isinstance(details, dict):
                call.details = details
            elif route.needs_input:
                call.problem = texts.BAD_INPUT
        except (lenient.InputError, RecursionError):
            call.problem = texts.BAD_INPUT

    def _inner(self, route: Route, operation: Mapping[str, Any]) -> Any:
        """Return what is inside INPUT_DATA's ``operation``, under the key that the call takes."""
        key = route.key or self.profile["group_key"]
        if key == "both":
            return operation.get("details", operation.get("Details"))
        return operation.get(key)

    def endless_page(self, call: Call, real: Answer, rows: int, same: bool) -> Answer:
        """Return a page of a list without end (fault ``endless_pages``)."""
        assert isinstance(call, ApiCall)
        with self.state.lock:
            return endless.page(call, real, rows, same)

    def serve(self, call: Call) -> Answer:
        """Answer a call. Raises CutConnectionError."""
        assert isinstance(call, ApiCall)
        with self.state.lock:
            if call.handler is None:
                return Answer(b"<html><body>HTTP Status 404 - Not Found</body></html>", 404, content_type="text/html")
            try:
                self._admit(call)
            except FailedError as error:
                return self._failed("Authentication", error)
            if self.profile["security_filter"] == "on" and HARMFUL.search(call.text):
                return Answer(b"", 599, content_type="text/html")
            try:
                if call.problem:
                    raise FailedError(call.problem)
                return call.handler(call)
            except FailedError as error:
                return self._failed(call.operation, error)

    def _admit(self, call: ApiCall) -> None:
        """Check host, token and organisation. Raises FailedError, CutConnectionError."""
        if self.profile["host_check"] == "unresolvable":
            raise CutConnectionError
        user = self.state.user_by_token(call.token)
        if user is None:
            raise FailedError(texts.BAD_TOKEN, "auth")
        if self.profile["host_check"] == "denied":
            raise FailedError(texts.BAD_HOST, "auth")
        if call.org is not None and call.org not in self.state.organizations:
            raise FailedError(texts.BAD_ORG, "auth")
        call.user = user

    def _failed(self, operation: str, error: FailedError) -> Answer:
        """Return the answer of a failure."""
        answer = self.failure(operation, error.message, http_status(self.profile, error.kind))
        if error.details is not None:
            answer.body["operation"]["Details"] = error.details
        return answer

    def failure(self, operation: str, message: str, http_status: int = 200) -> Answer:
        """Return the usual envelope with status Failed."""
        return Answer(envelope(operation, "Failed", message), http_status, status="Failed")

    def snapshot(self) -> dict[str, Any]:
        """Return the state as a seed."""
        with self.state.lock:
            return copy.deepcopy(seed.dump(self.state))

    def load(self, given: Mapping[str, Any]) -> None:
        """Replace the state. Raises ValueError and keeps the old state if the seed is wrong."""
        if not isinstance(given, Mapping):
            raise ValueError("a seed is a mapping")
        with self.state.lock:
            old = self.snapshot()
            try:
                seed.load(self.state, copy.deepcopy(dict(given)))
            except (ValueError, TypeError, AttributeError, KeyError):
                seed.load(self.state, old)
                raise

    def reset(self) -> None:
        """Return to the seed and the token of the start."""
        self.load(self._start)

    def change(self, edit: Mapping[str, Any]) -> None:
        """Change the state as someone in the console would. Raises ValueError."""
        with self.state.lock:
            edits.apply(self.state, edit)


class Standin(BaseStandin):
    """A PAM360 stand-in; see BaseStandin. ``seed`` is a mapping or the path of a YAML or JSON file.

    ``profile_file`` is what ``pam360_doctor`` wrote (format: standin_core.profile_file); ``profile`` beats it.
    """

    def __init__(
        self,
        *,
        seed: Seed = None,
        profile: Mapping[str, str] | None = None,
        profile_file: str | Path | None = None,
        **options: Unpack[Options],
    ) -> None:
        found = profile_file_of(profile_file, "pam360", VARIANTS) if profile_file else {}
        self.pam360 = Pam360(read_seed(seed), Profile(VARIANTS, {**found, **(profile or {})}))
        super().__init__(self.pam360, **options)

    @property
    def state(self) -> State:
        """Return the live state; take ``state.lock`` to change more than one thing."""
        return self.pam360.state

    @property
    def token(self) -> str:
        """Return the API user's current token."""
        return self.pam360.state.token
