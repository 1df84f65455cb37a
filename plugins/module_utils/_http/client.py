# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP for the API clients, and the only file that imports requests. Internal to the collection.

TLS is checked, redirects are not followed, netrc is not read, reads are retried, writes never are,
and with ``read_only`` (check mode) a write is refused before anything is sent.
"""

from __future__ import annotations

import math
import os
import random
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from .._common.errors import InputError, ReadOnlyError, TransportError
from .._common.redaction import Redactor
from .._common.secret import Secret
from .answer import Answer
from .connection import Connection

try:
    import requests
    from requests import exceptions as errors
    from requests.adapters import HTTPAdapter

    REQUESTS_IMPORT_ERROR = None
except ImportError:  # the runner says so in Ansible's usual words
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

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
        self._base = connection.url.rstrip("/")
        self._session = self._new_session(headers or {}, connections)
        if self._base.startswith("http://"):
            self.warn(f"The connection to {connection.host} is not encrypted: url begins with http://.")

    def _new_session(self, headers: Mapping[str, str | Secret], connections: int) -> requests.Session:
        connection = self.connection
        session = requests.Session()
        # Off: netrc, and REQUESTS_CA_BUNDLE taking the place of validate_certs. Proxies are read below.
        session.trust_env = False
        session.proxies.update(_proxies(connection))
        session.verify = _verify(connection)
        if connection.client_cert:
            key = connection.client_key
            session.cert = (connection.client_cert, key) if key else connection.client_cert
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, pool_block=True, max_retries=0)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.headers.update({name: _header(name, value) for name, value in headers.items()})
        if not connection.validate_certs:
            requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
        return session

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def set_header(self, name: str, value: str | Secret) -> None:
        """Send a header with each request from now on. Cookies are kept without being asked for."""
        self._session.headers[name] = _header(name, value)

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
            raise TransportError("the process that began the task has ended", operation=operation)
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
        try:
            response = self._session.request(
                method,
                self._base + path,
                timeout=(self.connection.timeout, self.connection.timeout),
                allow_redirects=False,
                **body,
            )
        except (errors.RequestException, OSError, ValueError, LookupError) as error:
            # The text of the exception may quote the URL, so only its kind is told.
            raise self._transport_error(error, operation, write) from None
        return Answer(
            status=response.status_code,
            headers=response.headers,
            content=response.content,
            charset=response.encoding if "charset" in response.headers.get("Content-Type", "") else None,
            operation=operation,
            redact=self.redact,
            write=write,
            hints=self.hints,
        )

    def _transport_error(self, error: Exception, operation: str, write: bool) -> TransportError:
        """Say in words what kind of failure it was, and whether a write may have reached the server."""
        host, seconds = self.connection.host, self.connection.timeout
        text = repr(error)
        if isinstance(error, errors.ProxyError):
            return TransportError(
                f"the proxy did not connect to {host}", operation=operation, temporary=True, hint="Check proxy."
            )
        if isinstance(error, errors.SSLError):
            return _tls_error(text, host, operation)
        if isinstance(error, errors.ConnectTimeout):
            message, hint = f"{host} did not accept the connection within {seconds:g} s", "Check url and timeout."
            return TransportError(message, operation=operation, temporary=True, hint=hint)
        if "NewConnectionError" in text or "NameResolutionError" in text:
            message = f"no connection to {host}: {_no_connection(text)}"
            return TransportError(message, operation=operation, temporary=True, hint="Check url.")
        if isinstance(error, errors.Timeout) or "Read timed out" in text:
            message, hint = f"{host} did not answer within {seconds:g} s", "Raise timeout if the server is slow."
        elif isinstance(error, (errors.ConnectionError, errors.ChunkedEncodingError)):
            message = f"{host} closed the connection without a complete answer"
            hint = self.hints.get(None, "Check url.")
            if self._base.startswith("http://"):
                hint = "If the server speaks TLS on this port, url must begin with https."
        else:
            message, hint = f"the answer of {host} could not be read ({type(error).__name__})", ""
        return TransportError(message, operation=operation, temporary=True, outcome_unknown=write, hint=hint)


def _no_connection(text: str) -> str:
    if "refused" in text:
        return "nothing listens on this port"
    if "resol" in text.lower() or "Name or service" in text or "getaddrinfo" in text:
        return "its name cannot be resolved"
    return "it cannot be reached"


def _tls_error(text: str, host: str, operation: str) -> TransportError:
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        message, hint = f"the TLS certificate of {host} is not trusted", "Set ca_path to the CA that signed it."
        if "expired" in text:
            message, hint = f"the TLS certificate of {host} has expired", "Renew it on the server."
        elif "match" in text:
            message, hint = f"the TLS certificate of {host} is for another name", "Use the name that it holds in url."
    elif "doesn't match" in text or "does not match" in text:
        message, hint = f"the TLS certificate of {host} is for another name", "Use the name that it holds in url."
    elif "UNSUPPORTED_PROTOCOL" in text or "PROTOCOL_VERSION" in text:
        message = f"{host} speaks only old versions of TLS, such as 1.0 and 1.1, which this host does not allow"
        hint = "Have TLS 1.2 or newer turned on at the server."
    elif "WRONG_VERSION_NUMBER" in text or "record layer" in text:
        message, hint = f"{host} does not speak TLS on this port", "Check the port in url."
    else:
        message, hint = f"no TLS connection to {host} could be made", "Check ca_path, client_cert and client_key."
    return TransportError(message, operation=operation, hint=hint)


def _proxies(connection: Connection) -> dict[str, str]:
    if connection.proxy:
        return {"http": connection.proxy, "https": connection.proxy}
    return dict(requests.utils.get_environ_proxies(connection.url))


def _verify(connection: Connection) -> bool | str:
    if not connection.validate_certs:
        return False
    return connection.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _header(name: str, value: str | Secret) -> bytes:
    """Return a header value as bytes, or raise without showing it."""
    text = value.reveal() if isinstance(value, Secret) else value
    if not text or text != text.strip() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise InputError(f"the value for the header {name} is empty, or has blanks or line breaks around or in it")
    return text.encode("utf-8", "surrogatepass")


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
