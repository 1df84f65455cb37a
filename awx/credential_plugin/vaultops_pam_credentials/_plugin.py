# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backend that AWX calls, and what it knows about it. The client is the collection's own."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ._cache import Cache
from ._client._common.errors import InputError, NotFoundError, VaultError
from ._client._common.redaction import Redactor
from ._client._common.secret import Secret
from ._client._common.wording import one_line
from ._client._http.connection import Connection
from ._client._pam360.api import Pam360
from ._inputs import INPUTS

CACHE_SECONDS = 5.0
TIMEOUT, RETRIES = "10", "3"  # someone waits in a browser when the test button is pressed
CACHE = Cache(CACHE_SECONDS)

Values = Mapping[str, Any]


class CredentialPlugin(NamedTuple):
    """The shape that AWX reads, as in awx_plugins.credentials.plugin, which changes its place from time to time."""

    name: str
    inputs: dict[str, list[Any]]
    backend: Callable[..., str]
    plugin_description: str = ""


def backend(**values: Any) -> str:
    """Return the password of one account.

    *values* are the fields and the metadata that were filled in. What is raised has one or two sentences as its text,
    which AWX shows to the user, without a secret in them.
    """
    try:
        return CACHE.get(_key(values), lambda: _read(values)).reveal()
    except VaultError as error:
        raise error.but(hint=error.hint.replace("ca_path", "ca_certificate")) from None  # the modules' name for it
    except Exception as error:  # noqa: BLE001  # a defect of ours; its text could hold a secret
        kind = type(error).__name__
    raise VaultError(f"unexpected {kind} in vaultops_pam_credentials; please report this defect")


def _key(values: Values) -> str:
    """Return a digest of all values, so that the cache holds no token."""
    return hashlib.sha256(repr(sorted(values.items())).encode("utf-8", "surrogatepass")).hexdigest()


def _read(values: Values) -> Secret:
    """Ask PAM360: two requests."""
    resource, account = (_required(values, name) for name in ("resource", "account"))
    token = Secret(_required(values, "token"))
    redactor = Redactor()
    with _ca_file(values.get("ca_certificate") or "") as ca_path:
        connection = _connection(values, ca_path)
        redactor.add(urlsplit(connection.proxy or "").password)
        client = Pam360.connect(connection, token, org_name=values.get("org_name") or None, redactor=redactor)
        try:
            return _password(client, resource, account, values)
        finally:
            client.http.close()


def _password(client: Pam360, resource: str, account: str, values: Values) -> Secret:
    label = f"account '{one_line(account)}' on resource '{one_line(resource)}'"
    ids = client.ids(resource, account)
    if ids is None:
        raise NotFoundError(
            f"PAM360 shows no {label} to this user",
            hint="Check resource and account, and share the account with the API user.",
        )
    reason, ticket_id = values.get("reason") or None, values.get("ticket_id") or None
    return client.password(*ids, label, reason=reason, ticket_id=ticket_id)


def _connection(values: Values, ca_path: str | None) -> Connection:
    connection = Connection(
        url=_required(values, "url"),
        validate_certs=not values.get("skip_certificate_check"),
        ca_path=ca_path,
        proxy=values.get("proxy") or None,
        timeout=_number(values, "timeout", TIMEOUT),
        retries=_number(values, "retries", RETRIES),
    )
    connection.check()
    return connection


def _required(values: Values, name: str) -> str:
    text = values.get(name)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{name} is required and must not be empty")
    return text


def _number(values: Values, name: str, default: str) -> int:
    try:
        return int(str(values.get(name) or default))
    except ValueError:
        raise InputError(f"{name} must be a whole number") from None


@contextmanager
def _ca_file(text: str) -> Iterator[str | None]:
    """Give the CA's certificate the file that the TLS library asks for, for as long as it is needed."""
    if not text.strip():
        yield None
        return
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise InputError("ca_certificate must be PEM text, with BEGIN CERTIFICATE and END CERTIFICATE lines")
    handle, path = tempfile.mkstemp(prefix="vaultops-ca-", suffix=".pem")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        yield path
    finally:
        os.remove(path)


pam360 = CredentialPlugin(
    name="ManageEngine PAM360 password",
    inputs=INPUTS,
    backend=backend,
    plugin_description="The password of an account in ManageEngine PAM360",
)
