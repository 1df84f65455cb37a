# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP for the API clients. Internal to the collection.

Reads are retried, writes never are, and with ``read_only`` (check mode) a write is refused before anything is sent.
"""

from __future__ import annotations

import math
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from .._common.errors import ReadOnlyError, TransportError
from .._common.redaction import Redactor
from .._common.secret import Secret
from .answer import Answer
from .connection import Connection, password_of
from .wire import Wire

RETRY_STATUSES = frozenset({429, 502, 503, 504})
MAX_RETRY_AFTER = 60.0
MAX_BACKOFF = 30.0


class HttpClient:
    """One connection pool to one server. Counts requests; safe to use from several threads.

    :param headers: sent with each request; values may be Secret.
    :param read_only: refuse all writes (check mode).
    :param warn: called with one sentence at each retry.
    :param connections: how many requests may run at the same time.
    :param per_second: how many requests may begin in a second, spread evenly; ``None`` for no limit.
    :param hints: what to try with this product, by HTTP status; ``None`` for a connection that was cut.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        headers: Mapping[str, str | Secret] | None = None,
        read_only: bool = False,
        redactor: Redactor | None = None,
        warn: Callable[[str], None] | None = None,
        connections: int = 1,
        per_second: float | None = None,
        hints: Mapping[int | None, str] | None = None,
    ) -> None:
        connection.check()
        self.connection = connection
        self.read_only = read_only
        self.redact = redactor or Redactor()
        self.warn = warn or (lambda _text: None)
        self.hints = hints or {}
        self.sent = 0
        self.retried = 0
        self._lock = threading.Lock()
        self._parent = os.getppid()
        self._interval = 1 / per_second if per_second else 0.0
        self._next_start = 0.0
        self._ended = False
        self._base = connection.url.rstrip("/")
        self._wire = Wire(connection, headers or {}, connections, self.hints.get(None, "Check url."))
        if self._wire.proxy:
            self.redact.add(password_of(self._wire.proxy.url))
        if self._base.startswith("http://"):
            self.warn(f"The connection to {connection.host} is not encrypted: url begins with http://.")
        elif not connection.validate_certs:
            self.warn(f"The certificate of {connection.host} is not checked: validate_certs is false.")

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    def end(self) -> None:
        """Refuse all further requests: the task is over, and other threads may not know it yet."""
        self._ended = True

    def set_header(self, name: str, value: str | Secret) -> None:
        """Send a header with each request from now on. Cookies are kept without being asked for."""
        self._wire.set_header(name, value)

    def read(self, method: str, path: str, *, operation: str, once: bool = False, **body: Any) -> Answer:
        """Send a request that changes nothing; a passing fault is retried as the connection allows, unless *once*."""
        for left in range(0 if once else self.connection.retries, -1, -1):
            try:
                answer = self._send(method, path, operation, body, write=False)
            except TransportError as error:
                if not left or not error.temporary:
                    raise
                delay, reason = self._backoff(left), error.message
            else:
                if not left or answer.status not in RETRY_STATUSES:
                    return answer
                delay = _retry_after(answer.headers.get("Retry-After"), self._backoff(left))
                reason = f"the server answered HTTP {answer.status}"
            with self._lock:
                self.retried += 1
            self.warn(
                f"{operation}: {reason}; trying again in {delay:.1f} s, {left} of {self.connection.retries} left."
            )
            time.sleep(delay)
        raise AssertionError("unreachable: the last try returns or raises")

    def write(self, method: str, path: str, *, operation: str, **body: Any) -> Answer:
        """Send a request that changes something: once, whatever happens, and not at all when read-only."""
        if self.read_only:
            raise ReadOnlyError("check mode does not write", operation=operation)
        return self._send(method, path, operation, body, write=True)

    def _backoff(self, left: int) -> float:
        tries = self.connection.retries - left
        return min(MAX_BACKOFF, 0.5 * 2**tries) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter, not a secret

    def _wait_for_turn(self, operation: str) -> None:
        """Count the request, and wait where fewer a second are wanted; raise when no one wants the answer any more."""
        if os.getppid() != self._parent:
            message = "the process that began the task has ended"
            raise TransportError(message, code="task_ended", operation=operation)
        if self._ended:
            raise TransportError("the task has ended", code="task_ended", operation=operation)
        with self._lock:
            self.sent += 1
            if not self._interval:
                return
            now = time.monotonic()
            start = max(now, self._next_start)
            self._next_start = start + self._interval
        if start > now:
            time.sleep(start - now)

    def _send(self, method: str, path: str, operation: str, body: dict[str, Any], *, write: bool) -> Answer:
        self._wait_for_turn(operation)
        response = self._wire.exchange(method, self._base + path, operation, write=write, **body)
        return Answer(
            status=response.status,
            headers=response.headers,
            content=response.content,
            charset=response.charset,
            operation=operation,
            redact=self.redact,
            write=write,
            hints=self.hints,
        )


def _retry_after(value: str | None, default: float) -> float:
    """Seconds to wait by a ``Retry-After`` header, a number or a date, between 0 and 60."""
    if not value:
        return default
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError, IndexError):
            return default
    return min(max(seconds, 0.0), MAX_RETRY_AFTER) if math.isfinite(seconds) else default
