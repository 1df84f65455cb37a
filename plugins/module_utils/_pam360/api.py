# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client for the PAM360 REST API. Internal to the collection; takes plain arguments, knows no Ansible.

The facts come from the vendor's pages (accountapi-1 to -5, passwordapi-1 and -3, resourceapi-1 and -2)
and from captures of real servers; where a fact is inferred, the docstring says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from math import ceil
from typing import Any
from urllib.parse import quote, urlencode

from .._common.errors import AmbiguousError, InputError, NotFoundError, RefusedError
from .._common.redaction import Redactor
from .._common.secret import HiddenText, Secret
from .._common.wording import one_line
from .._engine.fields import EMPTY, MISSING
from .._http.answer import Answer
from .._http.api_client import ApiClient
from .._http.client import HttpClient
from .._http.connection import Connection
from .envelope import (
    HINTS,
    Json,
    Reply,
    ResourceDetails,
    about_caller,
    custom_fields,
    id_of,
    is_rows,
    number,
    reply_of,
    value_of,
    value_or_missing,
)

BASE = "/restapi/json/v1/"
PAGE_SIZE = 500
ACCOUNT_DETAILS = ("DESCRIPTION", "PASSWORD POLICY", "PASSWDID", "PASSWORD STATUS", "EXPIRY STATUS", "CUSTOM FIELD")
# Captured, but for the last two: an empty text and hash signs, which the contract knows of other keys, are inferred.
NO_PASSWORD = re.compile(r"\s*(\[(request|in use)\]|\*+|####.*####|)\s*", re.IGNORECASE | re.DOTALL)


class Pam360(ApiClient):
    """The calls that the modules need. IDs go in and come out as strings."""

    @classmethod
    def connect(cls, connection: Connection, token: Secret, *, org_name: str | None = None, **options: Any) -> Pam360:
        """Return a client; nothing is sent yet. *options* are those of HttpClient.

        The token travels in the ``AUTHTOKEN`` header alone (help/restapi.html), the organisation of the
        MSP edition in ``orgName``.
        """
        redactor = options.setdefault("redactor", Redactor())
        redactor.add(token)
        headers: dict[str, str | Secret] = {"AUTHTOKEN": token, "Accept": "application/json"}
        if org_name:
            headers["orgName"] = org_name
        return cls(HttpClient(connection, headers=headers, hints=HINTS, **options))

    # The envelope

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        details: Json | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request; return what the answer's envelope holds, or raise.

        Parameters are JSON in the form field INPUT_DATA: in the query of a GET, in the body otherwise.
        """
        form = dict(query or {})
        if details is not None:
            form["INPUT_DATA"] = self.json_body({"operation": {"Details": details}})
        # %20 for a blank is right for form and for plain percent decoding alike; plus is not.
        encoded = HiddenText(urlencode(form, quote_via=quote, safe="")) if form else ""
        if method == "GET":
            target = f"{BASE}{path}?{encoded}" if encoded else BASE + path
            answer = self.http.read(method, target, operation=operation)
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if encoded else {}
            answer = self.http.write(method, BASE + path, operation=operation, data=encoded, headers=headers)
        reply = reply_of(answer)
        if method != "GET":
            self.written += 1
        return reply

    def _lookup(self, operation: str, path: str, key: str, query: Mapping[str, str] | None = None) -> Json:
        """Return Details of a look-up by name, which hold *key*; raise NotFoundError for an unknown name.

        No source tells the text of a miss, so each refusal that is not about the caller counts as one.
        """
        try:
            reply = self._call(operation, "GET", path, query=query)
        except RefusedError as error:
            if error.http_status in (401, 403) or about_caller(error):
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
        if details in EMPTY or (isinstance(details, Mapping) and value_of(details, key) in EMPTY):
            raise NotFoundError(
                "the vault does not know the name", operation=operation, http_status=reply.answer.status
            )
        if not isinstance(details, Mapping) or not id_of(details, key):
            raise reply.answer.unexpected("has no ID in it")
        return details

    # Names to ids

    def ids(self, resource: str, account: str) -> tuple[str, str] | None:
        """Return (resource id, account id), or ``None`` when the server does not know the pair."""
        operation = f"Looking up account '{one_line(account)}' on resource '{one_line(resource)}'"
        query = {"RESOURCENAME": _utf8(resource, "resource"), "ACCOUNTNAME": _utf8(account, "account")}
        try:
            found = self._lookup(operation, "resources/getResourceIdAccountId", "ACCOUNTID", query)
        except NotFoundError:
            return None
        return (id_of(found, "RESOURCEID"), id_of(found, "ACCOUNTID")) if id_of(found, "RESOURCEID") else None

    def resource_id(self, name: str, *, closely: bool = True) -> str | None:
        """Return the id of the resource, or ``None``.

        Absence is only believed from a list without it; not *closely*: also from the look-up or the search by name.
        """
        operation = f"Looking up resource '{one_line(name)}'"
        if _in_path(name):
            path = "resources/resourcename/" + _quoted(name, "resource")
            with suppress(NotFoundError):
                return id_of(self._lookup(operation, path, "RESOURCEID"), "RESOURCEID")
            if not closely:
                return None
        matches = self._named(name, self.resources(name, operation=operation))
        if closely and not matches and not _in_path(name):  # the search is undocumented, so it is not the last word
            matches = self._named(name, self.resources(operation=operation))
        return only_id(name, matches)

    @staticmethod
    def _named(name: str, resources: Iterator[Json]) -> list[str]:
        return [id_of(item, "RESOURCE ID") for item in resources if value_of(item, "RESOURCE NAME") == name]

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
            return id_of(self._lookup(operation, path, id_key, {key: _utf8(name, option)}), id_key)
        except NotFoundError as error:
            words = f", and says '{error.server_message}'" if error.server_message else ""
            message = f"the vault knows no {kind} of that name{words}"
            raise error.but(message=message, hint=f"Check {option}.") from None

    # Resources

    def resources(self, search: str | None = None, *, operation: str = "Reading the resources") -> Iterator[Json]:
        """Yield all resources, or those that match *search* by the server's own idea of it."""
        for rows, _left in self.resource_pages(search, operation=operation):
            yield from rows

    def resource_pages(
        self, search: str | None = None, *, operation: str = "Reading the resources"
    ) -> Iterator[tuple[list[Json], int]]:
        """Yield the resources by pages, each with the number of requests that it takes to read the others.

        Whether STARTINDEX counts from 0 or from 1 is contradictory in the vendor's page, so the next page
        starts at the number of rows seen, and a row that comes twice is dropped.
        """
        details: dict[str, Any] = {"LIMIT": str(PAGE_SIZE)}
        if search is not None:
            details.update(SEARCHTYPE="RESOURCE", SEARCHCOLUMN="RESOURCENAME", SEARCHVALUE=_utf8(search, "resource"))
        seen: set[str] = set()
        while True:
            reply = self._call(operation, "GET", "resources", details)
            rows = reply.details or []
            if not is_rows(rows):
                raise reply.answer.unexpected("has no list of resources")
            new = [row for row in rows if id_of(row, "RESOURCE ID") not in seen]
            seen.update(id_of(row, "RESOURCE ID") for row in new)
            total = reply.total
            left = max(number(total) - len(seen), 0)
            # Without a total, a short page may be all that there is, or all that the server gives at once.
            if not new or (len(rows) < PAGE_SIZE and not left and total is not None):
                yield new, 0
                return
            yield new, max(ceil(left / PAGE_SIZE), 1)
            details["STARTINDEX"] = str(len(seen))

    def resource_groups(self, resource_id: str, label: str) -> list[str]:
        """Return the names of the groups that a resource is in (captured; that none may lack Details is inferred)."""
        path = f"resources/{_path_id(resource_id)}/associatedGroups"
        details, _total, answer = self._call(f"Reading the resource groups of {label}", "GET", path)
        rows = value_of(details, "ASSOCIATED GROUPS") if details not in EMPTY else ""
        if not is_rows(rows):
            raise answer.unexpected("has no list of resource groups")
        return [str(value_of(row, "GROUP NAME")) for row in rows]

    def create_resource(self, details: Json) -> None:
        """Create a resource. The answer carries no id in the captures: look it up by name."""
        self._call(f"Creating resource '{one_line(details['RESOURCENAME'])}'", "POST", "resources", details)

    def edit_resource(self, resource_id: str, details: Json, label: str) -> None:
        """Change a resource; RESOURCENAME is its (new) name."""
        self._call(f"Editing {label}", "PUT", f"resources/{_path_id(resource_id)}", details)

    def delete_resource(self, resource_id: str, label: str) -> None:
        """Delete a resource with all its accounts."""
        self._call(f"Deleting {label}", "DELETE", f"resources/{_path_id(resource_id)}")

    # Accounts

    def resource(self, resource_id: str, label: str) -> ResourceDetails:
        """Return the details of a resource with its accounts (their list may come as ``""``)."""
        path = f"resources/{_path_id(resource_id)}/accounts"
        details, _total, answer = self._call(f"Reading the accounts of {label}", "GET", path)
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the resource")
        accounts = value_or_missing(details, "ACCOUNT LIST")
        if not is_rows(accounts):
            raise answer.unexpected("has no list of accounts")
        self._learn_custom_fields(details, answer)
        return ResourceDetails({**details, "ACCOUNT LIST": accounts or []})

    def account(self, resource_id: str, account_id: str, label: str) -> tuple[Json, Answer]:
        """Return the details of an account (description, policy, expiry, custom fields) and the answer."""
        path = _account_path(resource_id, account_id)
        details, _total, answer = self._call(f"Reading {label}", "GET", path)
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the account")
        if not any(value_or_missing(details, name) is not MISSING for name in ACCOUNT_DETAILS):
            raise answer.unexpected("shows nothing of the account")
        self._learn_custom_fields(details, answer)
        return details, answer

    def _learn_custom_fields(self, details: Json, answer: Answer) -> None:
        """Passwords among custom fields come in clear, and go back with an edit of others."""
        for item in custom_fields(details, answer):
            if item.secret:
                self.http.redact.add(item.value, quietly=True)

    def add_accounts(self, resource_id: str, accounts: Sequence[Json], label: str) -> dict[str, str]:
        """Add accounts in one request; return the status text of each that the answer names, not redacted.

        Details is an object by account name (accountapi-1) or a list of such objects (captures).
        """
        path, before = f"resources/{_path_id(resource_id)}/accounts", self.written
        try:
            details = self._call(f"Adding {label}", "POST", path, {"ACCOUNTLIST": list(accounts)}).details
        except RefusedError as error:
            details = error.details
            if not details:
                raise
        entries = details if isinstance(details, list) else [details]
        statuses = {
            str(name): str(value_of(value, "STATUS") or "")
            for entry in entries
            if isinstance(entry, Mapping)
            for name, value in entry.items()
        }
        if not any("success" in status.casefold() for status in statuses.values()):
            self.written = before  # the whole said Success, and none of its parts, or said nothing of them
        return statuses

    def edit_account(self, resource_id: str, account_id: str, details: Json, label: str) -> None:
        """Change settings of an account; ACCOUNTNAME is mandatory and is the (new) name (accountapi-4)."""
        self._call(f"Editing {label}", "PUT", _account_path(resource_id, account_id), details)

    def delete_account(self, resource_id: str, account_id: str, label: str) -> None:
        """Delete an account (the URL is inferred from the other calls)."""
        self._call(f"Deleting {label}", "DELETE", _account_path(resource_id, account_id))

    # Passwords and shares

    def password(
        self, resource_id: str, account_id: str, label: str, *, reason: str | None = None, ticket_id: str | None = None
    ) -> Secret:
        """Return the password; the vault audits each call. Raise RefusedError where it is not shown."""
        path = _account_path(resource_id, account_id) + "/password"
        access = _given(REASON=reason, TICKETID=ticket_id) or None
        details, _total, answer = self._call(f"Reading the password of {label}", "GET", path, access)
        value = value_of(details, "PASSWORD")
        if not isinstance(value, str):
            raise answer.unexpected("has no password")
        if NO_PASSWORD.fullmatch(value):
            raise RefusedError(
                "the vault does not show it (it wants an approval, or the account is in use)",
                operation=f"Reading the password of {label}",
                http_status=answer.status,
            )
        self.learn_password(value)
        return Secret(value)

    def learn_password(self, value: str) -> None:
        """Have a password that was read masked in all that is told."""
        self.http.redact.add(value)

    def set_password(self, resource_id: str, account_id: str, password: Secret, label: str, **details: Any) -> None:
        """Change the password. *details*: RESETTYPE (LOCAL or REMOTE), REASON, TICKETID; ``None`` is left out."""
        body = {"NEWPASSWORD": password, **_given(**details)}
        path = _account_path(resource_id, account_id) + "/password"
        self._call(f"Changing the password of {label}", "PUT", path, body)

    def generate_password(self, policy: str) -> Secret:
        """Return a new password by the vault's own policy; it is stored nowhere."""
        operation = f"Generating a password by policy '{one_line(policy)}'"
        details, _total, answer = self._call(operation, "GET", "passwords/generate", {"POLICY": policy})
        value = value_of(details, "PASSWORD")
        if not isinstance(value, str) or not value:
            raise answer.unexpected("has no password")
        return Secret(value)

    def share_account(self, resource_id: str, account_id: str, access: str, grantee: Json, label: str) -> None:
        """Grant or revoke. *access*: view, modify, fullaccess, revoke; *grantee*: USERID or USERGROUPID."""
        path = _account_path(resource_id, account_id) + "/share"
        self._call(label, "PUT", path, {"ACCESSTYPE": access, **grantee})


def only_id(name: str, ids: Sequence[str]) -> str | None:
    """Return the one id of the resources that have this name, or ``None``; raise AmbiguousError."""
    if len(ids) > 1:
        raise AmbiguousError(
            f"{len(ids)} resources are named '{one_line(name)}': IDs {', '.join(sorted(ids))}",
            operation=f"Looking up resource '{one_line(name)}'",
            hint="Give resource_id where the module has it, or rename one of them.",
        )
    return ids[0] if ids else None


def _quoted(name: str, option: str) -> str:
    try:
        return quote(name, safe="")
    except UnicodeEncodeError:
        raise InputError(f"{option} holds bytes that are not valid UTF-8") from None


def _in_path(name: str) -> bool:
    """Whether a URL path can carry *name* past web servers that refuse ``%2F`` and its kin (inferred)."""
    return not re.search(r"[/\\;%\x00-\x1f]", name) and bool(name.strip(". "))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _utf8(text: str, option: str) -> str:
    _quoted(text, option)
    return text


def _path_id(value: str) -> str:
    return quote(value, safe="")


def _account_path(resource_id: str, account_id: str) -> str:
    return f"resources/{_path_id(resource_id)}/accounts/{_path_id(account_id)}"
