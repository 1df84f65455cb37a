# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its answer: the only file that imports requests. Internal to the collection.

TLS is checked, redirects are not followed, netrc is not read, and an answer has bounds in size and in time.
"""

from __future__ import annotations

import functools
import os
import re
import threading
import traceback
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._common.errors import InputError, TransportError
from .._common.secret import Secret
from .bounds import MAX_BODY, PIECE, TIMES, BoundedConnection, Exchange, PackedError, current, unpacked
from .connection import Connection, check_url, is_readable

try:
    import requests
    from requests import exceptions as errors
    from requests.adapters import HTTPAdapter

    REQUESTS_IMPORT_ERROR = None
except ImportError:  # the runner says so in Ansible's usual words
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    HTTPAdapter = object  # type: ignore[assignment, misc, unused-ignore]

TLS_WORDS = {
    "tls_untrusted": ("the TLS certificate of {host} is not trusted", "Set ca_path to the CA that signed it."),
    "tls_wrong_name": ("the TLS certificate of {host} is for another name", "Use the name that it holds in url."),
    "tls_expired": ("the TLS certificate of {host} has expired", "Renew it on the server."),
    "tls_too_old": (
        "{host} speaks only old versions of TLS, such as 1.0 and 1.1, which this host does not allow",
        "Have TLS 1.2 or newer turned on at the server.",
    ),
    "tls_not_spoken": ("{host} does not speak TLS on this port", "Check the port in url."),
    "tls_failed": ("no TLS connection to {host} could be made", "Check ca_path, client_cert and client_key."),
}
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Response(NamedTuple):
    """An answer as it came, its body unpacked."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    charset: str | None


class Proxy(NamedTuple):
    """The proxy for a connection. *origin*: the option or the variable that names it, in words."""

    url: str
    origin: str


class Wire:
    """A pool of connections to one server; as many exchanges at a time as it has connections, from any thread.

    :param headers: sent with each request; values may be Secret.
    :param cut_hint: what to try when the server closes the connection.
    """

    def __init__(
        self, connection: Connection, headers: Mapping[str, str | Secret], connections: int, cut_hint: str
    ) -> None:
        self.connection = connection
        self.proxy = proxy_of(connection)
        self._cut_hint = cut_hint
        self._verify = _verify(connection)
        cert, key = connection.client_cert, connection.client_key
        self._cert = (cert, key) if cert and key else cert
        # Not by the pool, which waits without end for a connection that got lost.
        self._turns = threading.BoundedSemaphore(connections)
        self._session = requests.Session()
        self._session.trust_env = False  # no netrc; proxies and CA bundles of the environment are read here
        self._session.headers.update({"Accept-Encoding": "gzip, deflate"})
        for name, value in headers.items():
            self.set_header(name, value)
        self._adapter = BoundedAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
        if not connection.validate_certs:
            requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]

    def set_header(self, name: str, value: str | Secret) -> None:
        """Send a header with each request from now on."""
        self._session.headers[name] = _header(name, value)

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def exchange(self, method: str, url: str, operation: str, *, write: bool, **body: Any) -> Response:
        """Send a request once and return its answer, or raise TransportError. Cookies are kept for the next one."""
        with self._turns:
            current.exchange = exchange = Exchange(self.connection.timeout)
            try:
                return self._exchange(method, url, body)
            except Exception as error:  # noqa: BLE001  # whatever it is, a write may have been done
                # The text of the exception may quote the URL, so only its kind is told.
                raise self._failure(error, exchange, operation, write) from None

    def _exchange(self, method: str, url: str, body: Mapping[str, Any]) -> Response:
        seconds = self.connection.timeout
        request = self._session.prepare_request(requests.Request(method, url, **body))
        response = self._adapter.send(
            request,
            stream=True,
            timeout=(seconds, seconds),
            verify=self._verify,
            cert=self._cert,
            proxies={"http": self.proxy.url, "https": self.proxy.url} if self.proxy else {},
        )
        try:
            requests.cookies.extract_cookies_to_jar(self._session.cookies, request, response.raw)
            return Response(
                status=response.status_code,
                headers=response.headers,
                content=unpacked(_body(response), response.headers.get("Content-Encoding", "")),
                charset=response.encoding if "charset" in response.headers.get("Content-Type", "") else None,
            )
        finally:
            response.close()  # for one that was read to its end: nothing, as its connection is in the pool again

    # What went wrong, in words

    def _failure(self, error: Exception, exchange: Exchange, operation: str, write: bool) -> TransportError:
        """Say in words what kind of failure it was, and whether a write may have reached the server."""
        if exchange.sent:
            found = self._crossed(exchange) or self._after_sending(error)
        else:
            found = self._slow_proxy() if exchange.crossed else self._before_sending(error)
        return found.but(operation=operation, outcome_unknown=write and exchange.sent)

    def _crossed(self, exchange: Exchange) -> TransportError | None:
        """Return the error for an answer out of bounds. Another try would end the same way."""
        host, seconds = self.connection.host, TIMES * self.connection.timeout
        if exchange.crossed == "time":
            hint = "Raise timeout if the server is slow: a whole answer may take ten times as long."
            message = f"the answer of {host} was not complete after {seconds:g} s"
            return TransportError(message, code="answer_out_of_bounds", hint=hint)
        if exchange.crossed:
            size = f"larger than {MAX_BODY >> 20} MB" if exchange.crossed == "body" else "too long in its headers"
            hint = "Check that url leads to the vault's REST API."
            message = f"the answer of {host} is {size}, so it was not read"
            return TransportError(message, code="answer_out_of_bounds", hint=hint)
        return None

    def _after_sending(self, error: Exception) -> TransportError:
        host, seconds, text = self.connection.host, self.connection.timeout, _cause(error)
        if isinstance(error, PackedError) and not error.cut:
            message = f"the answer of {host} is not compressed as its Content-Encoding says"
            hint = "Check the proxy or gateway in front of the server."
            return TransportError(message, code="answer_unreadable", hint=hint)
        if isinstance(error, errors.SSLError):
            return _tls_error(text, host)
        if isinstance(error, errors.Timeout) or "Read timed out" in text:
            code, message = "answer_timeout", f"{host} did not answer within {seconds:g} s"
            hint = "Raise timeout if the server is slow."
        elif isinstance(error, (errors.ConnectionError, PackedError)) or _is_cut(error):
            code, message = "connection_cut", f"{host} closed the connection without a complete answer"
            hint = self._cut_hint
            if self.connection.url.startswith("http://"):
                hint = "If the server speaks TLS on this port, url must begin with https."
        else:
            code, message = "answer_unreadable", f"the answer of {host} could not be read ({type(error).__name__})"
            hint = ""
        return TransportError(message, code=code, temporary=True, hint=hint)

    def _before_sending(self, error: Exception) -> TransportError:
        host, seconds, text = self.connection.host, self.connection.timeout, _cause(error)
        if isinstance(error, errors.ProxyError):
            return self._proxy_error(text)
        if isinstance(error, errors.SSLError):
            return _tls_error(text, host)
        if isinstance(error, errors.ConnectTimeout):
            message, hint = f"{host} did not accept the connection within {seconds:g} s", "Check url and timeout."
            return TransportError(message, code="connect_timeout", temporary=True, hint=hint)
        if "NewConnectionError" in text or "NameResolutionError" in text:
            message = f"no connection to {host}: {_no_connection(text)}"
            return TransportError(message, code="no_connection", temporary=True, hint="Check url.")
        if isinstance(error, errors.ConnectionError):
            message = f"no connection to {host} could be made"
            return TransportError(message, code="no_connection", temporary=True, hint="Check url.")
        message = f"the request to {host} could not be sent ({type(error).__name__})"
        return TransportError(message, hint="Check url, proxy and the files that the connection options name.")

    def _slow_proxy(self) -> TransportError:
        seconds = TIMES * self.connection.timeout
        return self._no_proxy(f" (its answer was not complete after {seconds:g} s)")

    def _proxy_error(self, text: str) -> TransportError:
        refused = re.search(r"Tunnel connection failed: (\d{3})", text)
        return self._no_proxy(f" (HTTP {refused[1]})" if refused else "").but(temporary=True)

    def _no_proxy(self, why: str) -> TransportError:
        origin = self.proxy.origin if self.proxy else "proxy"
        hint = "Check proxy."
        if origin != "proxy":
            hint = f'The environment names it, in {origin}: correct it, or set proxy: "" to use no proxy.'
        message = f"the proxy did not connect to {self.connection.host}{why}"
        return TransportError(message, code="proxy_failed", hint=hint)


class BoundedAdapter(HTTPAdapter):
    """An adapter whose connections keep the bounds of ``bounds.py``, with a proxy as without."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the manager of direct connections."""
        super().init_poolmanager(*args, **options)
        _bound(self.poolmanager)  # type: ignore[has-type, unused-ignore]

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the manager of connections by way of a proxy."""
        return _bound(super().proxy_manager_for(proxy, **options))


def _bound(manager: Any) -> Any:
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _bounded_pool(made) for scheme, made in classes.items()}
    return manager


@functools.lru_cache
def _bounded_pool(pool: Any) -> Any:
    if issubclass(pool.ConnectionCls, BoundedConnection):
        return pool
    made = type("BoundedConnection", (BoundedConnection, pool.ConnectionCls), {})
    return type("BoundedPool", (pool,), {"ConnectionCls": made})


def _body(response: requests.Response) -> bytes:
    parts = []
    while True:
        part = response.raw.read(PIECE, decode_content=False)
        if not part:
            break
        parts.append(part)
    data = b"".join(parts)
    length = response.headers.get("Content-Length", "")
    if response.raw.chunked or not re.fullmatch("[0-9]{1,18}", length) or len(data) >= int(length):
        return data
    if response.request.method == "HEAD" or response.status_code in (204, 304):
        return data
    raise PackedError(cut=True)  # urllib3 before 2.0 does not look


def _cause(error: Exception) -> str:
    """Return what requests wraps: its own text quotes the URL, in which there may be any word."""
    inner = error.args[0] if error.args else error
    return repr(getattr(inner, "reason", inner))


def _is_cut(error: Exception) -> bool:
    return any(base.__name__ in ("ProtocolError", "IncompleteRead") for base in type(error).__mro__)


def _no_connection(text: str) -> str:
    if "refused" in text:
        return "nothing listens on this port"
    if "resol" in text.lower() or "Name or service" in text or "getaddrinfo" in text:
        return "its name cannot be resolved"
    return "it cannot be reached"


def _tls_error(text: str, host: str) -> TransportError:
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        kind = "tls_expired" if "expired" in text else "tls_wrong_name" if "match" in text else "tls_untrusted"
    elif "doesn't match" in text or "does not match" in text:
        kind = "tls_wrong_name"
    elif "UNSUPPORTED_PROTOCOL" in text or "PROTOCOL_VERSION" in text:
        kind = "tls_too_old"
    else:
        kind = "tls_not_spoken" if "WRONG_VERSION_NUMBER" in text or "record layer" in text else "tls_failed"
    message, hint = TLS_WORDS[kind]
    return TransportError(message.format(host=host), code=kind, hint=hint)


# What the connection options and the environment say


def proxy_of(connection: Connection) -> Proxy | None:
    """Return the proxy for a connection: the option's, none for an empty one, else the environment's.

    :raises InputError: for one of the environment that cannot be meant.
    """
    if connection.proxy is not None:
        return Proxy(connection.proxy, "proxy") if connection.proxy else None
    proxies = requests.utils.get_environ_proxies(connection.url)
    url = requests.utils.select_proxy(connection.url, proxies)
    if not url:
        return None
    names = [f"{scheme}_proxy" for scheme in (connection.url.partition(":")[0].lower(), "all")]
    variables = [variable for name in names for variable in (name, name.upper()) if os.environ.get(variable)]
    origin = variables[0] if variables else "the settings of the system"
    url = url if "://" in url else f"http://{url}"
    check_url(origin, url, ("https", "http", "socks4", "socks4a", "socks5", "socks5h"), credentials=True)
    return Proxy(url, origin)


def _verify(connection: Connection) -> bool | str:
    if not connection.validate_certs:
        return False
    if connection.ca_path:
        return connection.ca_path
    for variable in BUNDLES:
        path = os.environ.get(variable)
        if path and not is_readable(path):
            message = f"the variable {variable} names '{path}', which does not exist or cannot be read"
            raise InputError(message, code="bad_certificate_file")
        if path:
            return path
    return True


def _header(name: str, value: str | Secret) -> bytes:
    """Return a header value as bytes, or raise without showing it."""
    text = value.reveal() if isinstance(value, Secret) else value
    if not text or text != text.strip() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        message = f"the value for the header {name} is empty, or has blanks or line breaks around or in it"
        raise InputError(message, code="bad_credentials")
    return text.encode("utf-8", "surrogatepass")
