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

from standin_core.door import Door
from standin_core.faults import NOTHING, Faults, Rule
from standin_core.journal import Entry, Journal
from standin_core.product import Answer, Call, CutConnectionError, Product
from standin_core.wire import WIRE, Wire

HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
CUTS: dict[str, Any] = {"cut_before": "all", "cut_after": "all", "cut_body": "body"}


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
        return response(environ, start_response)

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
        entry.http_status = None if wire.cut == "all" else answer.http_status
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
        if rule.fault == "expired":
            return self._expired(rule, call, entry)
        real = self._serve(call, entry) if rule.carries_out else Answer({}, status=entry.status)
        wire.cut = CUTS.get(rule.fault, "")
        answer = self._distort(rule, call, real)
        if rule.fault == "failed":
            entry.status = answer.status
        return answer

    def _expired(self, rule: Rule, call: Call, entry: Entry) -> Answer:
        """End the session before the call, or after it."""
        if not rule.carries_out:
            call.expire()
            return self._serve(call, entry)
        answer = self._serve(call, entry)
        call.expire()
        return answer

    def _distort(self, rule: Rule, call: Call, real: Answer) -> Answer:
        """Return what goes out instead of the real answer."""
        match rule.fault:
            case "status":
                return self._status(rule, call)
            case "html":
                return Answer(HTML_PAGE.format(title="Sign in"), rule.code or 200, content_type="text/html")
            case "redirect":
                return Answer("", rule.code or 302, content_type="text/html", headers={"Location": rule.url})
            case "empty":
                return Answer(b"", rule.code or real.http_status, content_type=real.content_type)
            case "truncated_json":
                whole = real.encode()
                return Answer(whole[: max(1, len(whole) * 2 // 3)], real.http_status, content_type=real.content_type)
            case "wrong_type":
                value = "unexpected" if rule.value is NOTHING else rule.value
                return Answer(_replaced(real.body, rule.where or self.product.details_path, value), real.http_status)
            case "failed":
                return self.product.failure(call.operation, _message(rule, call), rule.code or 200)
            case "no_envelope":
                return Answer([] if rule.value is NOTHING else rule.value, rule.code or real.http_status)
        return real

    def _status(self, rule: Rule, call: Call) -> Answer:
        """Return an answer with the HTTP status of the rule."""
        code = rule.code or 500
        if rule.body == "json":
            answer = self.product.failure(call.operation, _message(rule, call), code)
        elif rule.body == "html":
            answer = Answer(HTML_PAGE.format(title=f"HTTP Status {code}"), code, content_type="text/html")
        else:
            answer = Answer(b"", code, content_type="text/plain")
        if rule.retry_after is not None:
            answer.headers["Retry-After"] = str(rule.retry_after)
        return answer


def _message(rule: Rule, call: Call) -> str:
    """Return the message of a rule, with the received input behind it if the rule echoes."""
    return f"{rule.message} {Answer(call.input).encode().decode()}" if rule.echo else rule.message


def _replaced(body: Any, where: str, value: Any) -> Any:
    """Return a JSON body with the value at a dotted path replaced."""
    first, _dot, rest = where.partition(".")
    if not isinstance(body, dict):
        return value
    return {**body, first: _replaced(body.get(first), rest, value) if rest else value}
