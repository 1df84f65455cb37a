# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of the PAM360 REST API, and look-ups by name. Internal to the collection; knows no Ansible.

The facts come from the vendor's pages and from captures of real servers; where a fact is inferred, the docstring says
so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from .._common.errors import InputError, NotFoundError, RefusedError
from .._common.redaction import Redactor
from .._common.secret import HiddenText, Secret
from .._common.wording import one_line
from .._engine.fields import EMPTY
from .._http.answer import Answer
from .._http.api_client import ApiClient
from .._http.client import HttpClient
from .._http.connection import Connection
from .envelope import HINTS, Json, Reply, about_caller, id_of, reply_of, secret_values, value_of
from .server_profile import UNKNOWN_SERVER, ServerProfile

BASE = "/restapi/json/v1/"
C = TypeVar("C", bound="Pam360Calls")


class Pam360Calls(ApiClient):
    """How a call is sent, and names to IDs. IDs go in and come out as strings.

    :ivar profile: how this server behaves where builds differ.
    """

    profile: ServerProfile = UNKNOWN_SERVER

    @classmethod
    def connect(
        cls: type[C], connection: Connection, token: Secret, *, org_name: str | None = None, **options: Any
    ) -> C:
        """Return a client; nothing is sent yet. *options* are those of HttpClient.

        The token travels in the ``AUTHTOKEN`` header alone (help/restapi.html), the organisation of the
        MSP edition in ``orgName``.
        """
        redactor = options["redactor"] = options.get("redactor") or Redactor()
        redactor.add(token)
        headers: dict[str, str | Secret] = {"AUTHTOKEN": token, "Accept": "application/json"}
        if org_name:
            headers["orgName"] = org_name
        return cls(HttpClient(connection, headers=headers, hints=HINTS, **options))

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        details: Json | None = None,
        query: Mapping[str, str] | None = None,
        key: str = "Details",
    ) -> Reply:
        """Send one request; return what the answer's envelope holds, or raise. The parameters are those of ``send``."""
        reply = reply_of(self.send(operation, method, path, details, query, key))
        if method != "GET":
            self.written += 1
        return reply

    def send(
        self,
        operation: str,
        method: str,
        path: str,
        details: Json | None = None,
        query: Mapping[str, str] | None = None,
        key: str = "Details",
    ) -> Answer:
        """Send one request and return the answer, whatever it says.

        Parameters are JSON in the form field INPUT_DATA: in the query of a GET, in the body otherwise.

        :param key: under which *details* go; newer calls want ``details``.
        """
        form = dict(query or {})
        if details is not None:
            form["INPUT_DATA"] = self.json_body({"operation": {key: details}})
        # %20 for a blank is right for form and for plain percent decoding alike; plus is not.
        encoded = HiddenText(urlencode(form, quote_via=quote, safe="")) if form else ""
        if method == "GET":
            target = f"{BASE}{path}?{encoded}" if encoded else BASE + path
            return self.http.read(method, target, operation=operation)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if encoded else {}
        return self.http.write(method, BASE + path, operation=operation, data=encoded, headers=headers)

    def lookup(self, operation: str, path: str, *keys: str, query: Mapping[str, str] | None = None) -> list[str]:
        """Return the IDs that a look-up by name gives under *keys*; raise NotFoundError for an unknown name.

        The first of them is there; another one may be ``""``.

        No source tells the text of a miss, so each refusal that is not about the caller counts as one, but on a server
        that is known to answer a miss in another way.
        """
        try:
            reply = self.call(operation, "GET", path, query=query)
        except RefusedError as error:
            if error.http_status in (401, 403) or about_caller(error) or self.profile.seen("lookup_miss") == "empty":
                raise
            raise NotFoundError(
                error.message,
                operation=operation,
                http_status=error.http_status,
                server_message=error.server_message,
            ) from None
        details = reply.details
        if isinstance(details, list) and len(details) == 1:
            details = details[0]
        if details in EMPTY or (isinstance(details, Mapping) and value_of(details, keys[0]) in EMPTY):
            raise NotFoundError(
                "the vault does not know the name", operation=operation, http_status=reply.answer.status
            )
        ids = [id_of(details, key) for key in keys]
        if not ids[0]:
            raise reply.answer.unexpected("has no ID in it")
        return ids

    def ids(self, resource: str, account: str) -> tuple[str, str] | None:
        """Return (resource id, account id), or ``None`` when the server does not know the pair."""
        operation = f"Looking up account '{one_line(account)}' on resource '{one_line(resource)}'"
        query = {"RESOURCENAME": utf8_or_error(resource, "resource"), "ACCOUNTNAME": utf8_or_error(account, "account")}
        try:
            path = "resources/getResourceIdAccountId"
            account_id, resource_id = self.lookup(operation, path, "ACCOUNTID", "RESOURCEID", query=query)
        except NotFoundError:
            return None
        return (resource_id, account_id) if resource_id else None

    def user_id(self, name: str) -> str:
        """Return the id of a user (``DOMAIN\\name`` for a directory user)."""
        return self._principal("user", name, "user/getUserId", "USERNAME", "USERID")

    def user_group_id(self, name: str) -> str:
        """Return the id of a user group."""
        return self._principal("user_group", name, "user/getUserGroupId", "USERGROUPNAME", "USERGROUPID")

    def _principal(self, option: str, name: str, path: str, key: str, id_key: str) -> str:
        kind = option.replace("_", " ")
        operation = f"Looking up {kind} '{one_line(name)}'"
        try:
            return self.lookup(operation, path, id_key, query={key: utf8_or_error(name, option)})[0]
        except NotFoundError as error:
            words = f", and says '{error.server_message}'" if error.server_message else ""
            message = f"the vault knows no {kind} of that name{words}"
            raise error.but(message=message, hint=f"Check {option}.") from None

    def learn_custom_fields(self, details: Json, answer: Answer) -> None:
        """Passwords among custom fields come in clear, and go back with an edit of others."""
        for value in secret_values(details, answer):
            self.http.redact.add(value, quietly=True)


def name_in_path(name: str, option: str) -> str:
    """Return a name as a part of a URL; ``""`` for one that web servers refuse, as ``%2F`` and its kin (inferred)."""
    refused = re.search(r"[/\\;%\x00-\x1f]", name) or not name.strip(". ")
    return "" if refused else quote(utf8_or_error(name, option), safe="")


def utf8_or_error(text: str, option: str) -> str:
    """Return *text*, or raise InputError where it has no UTF-8 form."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{option} holds bytes that are not valid UTF-8") from None
    return text


def path_id(value: str) -> str:
    """Return an ID as a part of a URL."""
    return quote(value, safe="")
