# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in itself: sessions, input, locking, failures."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from typing import Any, Unpack
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

from pvwa_standin import edits, failures, routes, seed, texts
from pvwa_standin.call import ApiCall, FailedError
from pvwa_standin.state import State
from pvwa_standin.variants import VARIANTS
from standin_core.product import Answer, Call
from standin_core.profile import Profile
from standin_core.standin import BaseStandin, Options, Seed, read_seed

# DOC: not supported in URL values.
URL_CHARACTERS = re.compile(r"[+&%]")
CODED = re.compile(r"([A-Z]{4,6}\d{3,5}[A-Z]?) (.*)", re.DOTALL)
CODES = {401: "PASWS006E", 403: "PASWS041E", 409: "PASWS027E"}


class Pvwa:
    """The product: state, routes and the rules that hold for every call."""

    name = "pvwa"
    details_path = "value"
    header_names: Mapping[str, str] = {}

    def __init__(self, start: Mapping[str, Any], profile: Profile) -> None:
        self.profile = profile
        self.state = State(profile)
        seed.load(self.state, start)
        # With the passwords that were made for users without one.
        self._start = {**copy.deepcopy(dict(start)), "users": seed.dump(self.state)["users"]}

    def credentials(self) -> dict[str, str]:
        """Return the name and the password of the API user."""
        user = self.state.user(self.state.api_user)
        return {"username": user.name, "password": user.password} if user else {}

    def match(self, request: Request, body: bytes) -> ApiCall:
        """Find the route and read the body; what can not be read is kept as ``problem``."""
        token = request.headers.get("Authorization", "")
        call = ApiCall(
            operation="",
            method=request.method,
            path=request.path,
            query=dict(request.args.items()),
            token=token.removeprefix("Bearer "),
            bearer=token.startswith("Bearer "),
            cookies=dict(request.cookies.items()),
            host_url=request.host_url,
            state=self.state,
        )
        call.route, call.args, call.path_known = routes.find(request.method, request.path, self.profile["directory"])
        if call.route is not None:
            call.operation, call.write = call.route.operation, call.route.write
        if body.strip():
            self._read(call, request, body)
        return call

    def _read(self, call: ApiCall, request: Request, body: bytes) -> None:
        """Read the JSON, or the form, of a request."""
        if call.route is not None and call.route.form:
            if request.mimetype == "application/x-www-form-urlencoded":
                call.input = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            return
        try:
            call.input = json.loads(body)
        except (ValueError, RecursionError):
            call.problem = texts.BAD_BODY
        if request.mimetype != "application/json":
            call.problem = texts.NOT_JSON

    def serve(self, call: Call) -> Answer:
        """Answer a call."""
        assert isinstance(call, ApiCall)
        with self.state.lock:
            if call.route is None:
                return failures.page("405 - Method Not Allowed") if call.path_known else failures.not_found()
            if self.profile["dots"] == "slash" and "." in call.path.rpartition("/")[2]:
                # CODE EPV#298: IIS takes the name for that of a file.
                return failures.not_found()
            try:
                if not call.route.open:
                    session = call.session()
                    session.last_used = self.state.now()
                    call.user = session.user
                if any(URL_CHARACTERS.search(value) for value in [*call.query.values(), *call.args.values()]):
                    match self.profile["url_characters"]:
                        case "refused":
                            return failures.page("400 - Bad Request")
                        case "not_found":
                            return failures.not_found()
                return call.route.handler(call)
            except FailedError as error:
                if call.bearer and error.code in (texts.NO_SESSION.code, texts.NO_TOKEN.code):
                    return failures.without_session(self.profile, error)
                return failures.answer(self.profile, error, logon=call.route.open)

    def failure(self, operation: str, message: str, http_status: int = 200) -> Answer:
        """Return the usual failure body; HTTP 200 becomes 400, for this API has no failures with 200."""
        status = 400 if http_status == 200 else http_status
        found = CODED.fullmatch(message)
        code, text = found.groups() if found else (CODES.get(status, "CAWS00001E"), message)
        return Answer({"ErrorCode": code, "ErrorMessage": text}, status, status=code, content_type=failures.JSON)

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
        """Return to the seed and the passwords of the start; ends all sessions that the seed does not have."""
        self.load(self._start)

    def change(self, edit: Mapping[str, Any]) -> None:
        """Change the state as someone at the console would. Raises ValueError."""
        with self.state.lock:
            edits.apply(self.state, edit)


class Standin(BaseStandin):
    """A PVWA stand-in; see BaseStandin. ``seed`` is a mapping or the path of a YAML or JSON file."""

    def __init__(
        self, *, seed: Seed = None, profile: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> None:
        self.pvwa = Pvwa(read_seed(seed), Profile(VARIANTS, profile))
        super().__init__(self.pvwa, **options)

    @property
    def state(self) -> State:
        """Return the live state; take ``state.lock`` to change more than one thing."""
        return self.pvwa.state

    @property
    def username(self) -> str:
        """Return the name of the API user."""
        return self.pvwa.credentials()["username"]

    @property
    def password(self) -> str:
        """Return the current password of the API user."""
        return self.pvwa.credentials()["password"]
