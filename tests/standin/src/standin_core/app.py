# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI application: journal, faults, product, and the control door beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from standin_core.distort import distort
from standin_core.door import Door
from standin_core.faults import Faults, Rule
from standin_core.journal import Entry, Journal
from standin_core.product import Answer, Call, CutConnectionError, Product
from standin_core.streams import STREAMS, stream
from standin_core.wire import WIRE, Wire

CUTS: dict[str, Any] = {"cut_before": "all", "cut_after": "all", "cut_body": "body"}
# Faults that leave the answer as it is.
BESIDE = ("expired", "change")
# Faults without a final answer.
UNANSWERED = ("raw", "endless_head", "endless_continue")


class Application:
    """Answers one request at a time per thread; the product holds its own lock."""

    def __init__(self, product: Product, journal: Journal, faults: Faults, door: Door | None) -> None:
        self.product = product
        self.journal = journal
        self.faults = faults
        self.door = door
        self.stopping = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request: the door's own calls leave no trace in the journal."""
        request = Request(environ)
        if self.door is not None and self.door.owns(request.path):
            return self.door.answer(request)(environ, start_response)
        answer = self._exchange(request, environ[WIRE])
        response = Response(answer.encode(), answer.http_status, answer.headers, content_type=answer.content_type)
        response.headers.setdefault("Date", http_date(time.time() + self._clock_offset()))
        body, status, headers = response.get_wsgi_response(environ)
        # Werkzeug makes a URL of any Location: what is no URL must reach the client as it is.
        start_response(status, [(name, answer.headers.get(name, value)) for name, value in headers])
        return body

    def _clock_offset(self) -> float:
        """Return how far the server's clock is off; the Date header must show the same time."""
        return float(self.product.profile.get("clock_offset", "0"))

    def _exchange(self, request: Request, wire: Wire) -> Answer:
        """Note the request, play a fault if one is due, note the outcome."""
        body = request.get_data()
        call = self.product.match(request, body)
        entry = self._note(request, body, call)
        rule = self.faults.pick(request.method, request.path, call.operation)
        entry.fault = rule.fault if rule else None
        try:
            answer = self._serve(call, entry) if rule is None else self._play(rule, call, entry, wire)
        except CutConnectionError:
            wire.cut = "all"
            answer = Answer("", content_type="text/plain")
        entry.ignored = call.ignored
        entry.http_status = None if wire.cut == "all" or entry.fault in UNANSWERED else answer.http_status
        return answer

    def _note(self, request: Request, body: bytes, call: Call) -> Entry:
        """Open the journal entry of a request."""
        spelling = self.product.header_names
        return self.journal.open(
            method=request.method,
            path=request.path,
            query=dict(request.args.items()),
            input=call.input,
            raw_body=body.decode("utf-8", "replace"),
            headers={spelling.get(name.lower(), name): value for name, value in request.headers.items()},
            operation=call.operation,
            write=call.write,
        )

    def _serve(self, call: Call, entry: Entry) -> Answer:
        """Let the product answer."""
        answer = self.product.serve(call)
        entry.status = answer.status
        entry.applied = entry.write and answer.applied
        return answer

    def _play(self, rule: Rule, call: Call, entry: Entry, wire: Wire) -> Answer:
        """Play one fault; `carries_out` says whether the request has its effect before it."""
        if rule.fault == "delay" and rule.carries_out:
            answer = self._serve(call, entry)
            self.stopping.wait(rule.seconds)
            return answer
        self.stopping.wait(rule.seconds)
        if rule.fault == "delay":
            return self._serve(call, entry)
        if rule.fault in BESIDE:
            return self._beside(rule, call, entry)
        real = self._serve(call, entry) if rule.carries_out else Answer({}, status=entry.status)
        wire.cut = CUTS.get(rule.fault, "")
        if rule.fault in STREAMS:
            wire.stream = lambda whole: stream(rule, whole, self.stopping)
        answer = distort(self.product, rule, call, real)
        answer.headers.update(rule.headers)
        if rule.fault == "failed":
            entry.status = answer.status
        return answer

    def _beside(self, rule: Rule, call: Call, entry: Entry) -> Answer:
        """Let something happen before the call, or after it; the call itself is served as it should."""
        if not rule.carries_out:
            self._happen(rule, call)
            return self._serve(call, entry)
        answer = self._serve(call, entry)
        self._happen(rule, call)
        return answer

    def _happen(self, rule: Rule, call: Call) -> None:
        """End the session, or change the state as someone else would."""
        if rule.fault == "expired":
            call.expire()
        for edit in rule.edits:
            self.product.change(edit)
