# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client for the PAM360 REST API. Internal to the collection; takes plain arguments, knows no Ansible.

The facts come from the vendor's pages (accountapi-1 to -5, passwordapi-1 and -3, resourceapi-1 and -2)
and from captures of real servers; where a fact is inferred, the docstring says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ._answer import Answer, shown
from ._errors import AmbiguousError, AuthenticationError, InputError, NotFoundError, RefusedError, VaultError
from ._fields import MISSING
from ._http import Connection, HttpClient
from ._secret import Redactor, Secret

BASE = "/restapi/json/v1/"
PAGE_SIZE = 500
SUCCESS_CODE = 20000
CALLER = re.compile(r"authenticat|not allowed to access from this host|auth ?token|api key", re.IGNORECASE)
NO_PASSWORD = re.compile(r"\[(request|in use)\]|.*####.*|\*+", re.IGNORECASE | re.DOTALL)

Json = Mapping[str, Any]


def find(record: object, *names: str) -> Any:
    """Return the first value of *record* under one of *names*, or ``MISSING``.

    Spelling varies between answers and builds (``ACCOUNT_DESCRIPTION``, ``ACCOUNT NAME``), so case,
    blanks and underscores do not count.
    """
    if isinstance(record, Mapping):
        folded = {_fold(str(key)): value for key, value in record.items()}
        for name in map(_fold, names):
            if name in folded:
                return folded[name]
    return MISSING


def pick(record: object, *names: str) -> Any:
    """Return what ``find`` returns, with ``None`` for a value that is missing."""
    value = find(record, *names)
    return None if value is MISSING else value


def _fold(key: str) -> str:
    return key.replace("_", "").replace(" ", "").casefold()


def _quoted(name: str, option: str) -> str:
    try:
        return quote(name, safe="")
    except UnicodeEncodeError:
        raise InputError(f"{option} holds bytes that are not valid UTF-8") from None


def _in_path(name: str) -> bool:
    """Whether a URL path can carry *name* past web servers that refuse ``%2F`` and its kin (inferred)."""
    return not re.search(r"[/\\;%\x00-\x1f]", name) and bool(name.strip(". "))


class Pam360:
    """The calls that the modules need. Ids go in and come out as strings.

    ``written`` counts the writes that the server confirmed.
    """

    def __init__(self, http: HttpClient) -> None:
        self.http = http
        self.written = 0

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
        return cls(HttpClient(connection, headers=headers, **options))

    # The envelope

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        details: Json | None = None,
        query: Mapping[str, str] | None = None,
    ) -> tuple[Json, Answer]:
        """Send one request; return ``operation`` of the answer's envelope, or raise.

        Parameters are JSON in the form field INPUT_DATA: in the query of a GET, in the body otherwise.
        """
        form = dict(query or {})
        if details is not None:
            form["INPUT_DATA"] = json.dumps({"operation": {"Details": details}}, separators=(",", ":"))
        # %20 for a blank is right for form and for plain percent decoding alike; plus is not.
        encoded = urlencode(form, quote_via=quote, safe="") if form else ""
        if method == "GET":
            target = f"{BASE}{path}?{encoded}" if encoded else BASE + path
            answer = self.http.read(method, target, operation=operation)
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if encoded else {}
            answer = self.http.write(method, BASE + path, operation=operation, data=encoded, headers=headers)
        result = self._checked(answer)
        if method != "GET":
            self.written += 1
        return result, answer

    @staticmethod
    def _checked(answer: Answer) -> Json:
        """Return ``operation`` of a Success answer.

        Failures come with HTTP 200 and ``status`` "Failed", or with a 4xx and the same body; newer calls
        say ``"true"`` or statusCode 20000 for success (authenticationapi-1).
        """
        body = answer.json()
        envelope = pick(body, "operation")
        result = pick(envelope, "result")
        if not isinstance(envelope, Mapping) or not isinstance(result, Mapping):
            if answer.status >= 400:
                raise answer.error(pick(body, "message", "error"), enveloped=False)
            raise answer.unexpected("has no 'operation' with a 'result' in it")
        status = str(pick(result, "status")).strip().casefold()
        success = status in ("success", "true") or str(pick(result, "statusCode")) == str(SUCCESS_CODE)
        if success and answer.status < 300:
            return envelope
        failed_login = str(pick(envelope, "name")).strip().casefold() == "authentication"
        error = answer.error(pick(result, "message"), authentication=failed_login)
        if isinstance(error, RefusedError):
            error.details = pick(envelope, "Details")
        raise error

    def _lookup(self, operation: str, path: str, query: Mapping[str, str] | None = None) -> Json:
        """Return Details of a look-up by name; empty where the server knows no such name.

        No source tells the text of a miss, so each refusal that is not about the caller counts as one.
        """
        try:
            details = pick(self._call(operation, "GET", path, query=query)[0], "Details")
        except RefusedError as error:
            if error.http_status in (401, 403) or _about_caller(error):
                raise
            return {}
        if isinstance(details, list) and len(details) == 1:
            details = details[0]
        return details if isinstance(details, Mapping) else {}

    # Names to ids

    def ids(self, resource: str, account: str) -> tuple[str, str] | None:
        """Return (resource id, account id), or ``None`` when the server does not know the pair."""
        found = self._lookup(
            f"Looking up account '{shown(account)}' on resource '{shown(resource)}'",
            "resources/getResourceIdAccountId",
            {"RESOURCENAME": _utf8(resource, "resource"), "ACCOUNTNAME": _utf8(account, "account")},
        )
        resource_id, account_id = _id(found, "RESOURCEID"), _id(found, "ACCOUNTID")
        return (resource_id, account_id) if resource_id and account_id else None

    def resource_id(self, name: str) -> str | None:
        """Return the id of the resource, or ``None``. Absence is only believed from a list without it."""
        operation = f"Looking up resource '{shown(name)}'"
        if _in_path(name):
            found = self._lookup(operation, "resources/resourcename/" + _quoted(name, "resource"))
            if _id(found, "RESOURCEID"):
                return _id(found, "RESOURCEID")
        matches = self._named(name, self.resources(name, operation=operation))
        if not matches and not _in_path(name):  # the search is undocumented, so it is not the last word
            matches = self._named(name, self.resources(operation=operation))
        if len(matches) > 1:
            ids = ", ".join(sorted(matches))
            raise AmbiguousError(
                f"{len(matches)} resources are named '{shown(name)}': IDs {ids}",
                operation=operation,
                hint="Give resource_id where the module has it, or rename one of them.",
            )
        return matches[0] if matches else None

    @staticmethod
    def _named(name: str, resources: Iterator[Json]) -> list[str]:
        return [_id(item, "RESOURCE ID") for item in resources if pick(item, "RESOURCE NAME") == name]

    def user_id(self, name: str) -> str:
        """Return the id of a user (``DOMAIN\\name`` for a directory user)."""
        return self._principal("user", name, "user/getUserId", "USERNAME", "USERID")

    def user_group_id(self, name: str) -> str:
        """Return the id of a user group."""
        return self._principal("user_group", name, "user/getUserGroupId", "USERGROUPNAME", "USERGROUPID")

    def _principal(self, option: str, name: str, path: str, key: str, id_key: str) -> str:
        kind = option.replace("_", " ")
        operation = f"Looking up {kind} '{shown(name)}'"
        found = _id(self._lookup(operation, path, {key: _utf8(name, option)}), id_key)
        if not found:
            raise NotFoundError(f"the vault knows no {kind} of that name", operation=operation, hint=f"Check {option}.")
        return found

    # Resources

    def resources(self, search: str | None = None, *, operation: str = "Reading the resources") -> Iterator[Json]:
        """Yield all resources, or those that match *search* by the server's own idea of it.

        Whether STARTINDEX counts from 0 or from 1 is contradictory in the vendor's page, so the next page
        starts at the number of rows seen, and a row that comes twice is dropped.
        """
        details: dict[str, Any] = {"LIMIT": str(PAGE_SIZE)}
        if search is not None:
            details.update(SEARCHTYPE="RESOURCE", SEARCHCOLUMN="RESOURCENAME", SEARCHVALUE=_utf8(search, "resource"))
        seen: set[str] = set()
        while True:
            envelope, answer = self._call(operation, "GET", "resources", details)
            rows = pick(envelope, "Details") or []
            if not isinstance(rows, list):
                raise answer.unexpected("has no list of resources")
            new = [row for row in rows if _id(row, "RESOURCE ID") not in seen]
            seen.update(_id(row, "RESOURCE ID") for row in new)
            yield from new
            total = _number(pick(envelope, "totalRows"))
            if not new or (len(rows) < PAGE_SIZE and not (total and total > len(seen))):
                return
            details["STARTINDEX"] = str(len(seen))

    def create_resource(self, details: Json) -> None:
        """Create a resource. The answer carries no id in the captures: look it up by name."""
        self._call(f"Creating resource '{shown(details['RESOURCENAME'])}'", "POST", "resources", details)

    def edit_resource(self, resource_id: str, details: Json) -> None:
        """Change a resource; RESOURCENAME is its (new) name."""
        name = shown(details["RESOURCENAME"])
        self._call(f"Editing resource '{name}'", "PUT", f"resources/{_path_id(resource_id)}", details)

    def delete_resource(self, resource_id: str, label: str) -> None:
        """Delete a resource with all its accounts."""
        self._call(f"Deleting {label}", "DELETE", f"resources/{_path_id(resource_id)}")

    # Accounts

    def resource(self, resource_id: str, label: str) -> Json:
        """Return the details of a resource, with ``ACCOUNT LIST`` always a list (it may come as ``""``)."""
        path = f"resources/{_path_id(resource_id)}/accounts"
        envelope, answer = self._call(f"Reading the accounts of {label}", "GET", path)
        details = pick(envelope, "Details")
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the resource")
        accounts = pick(details, "ACCOUNT LIST") or []
        if not isinstance(accounts, list) or not all(isinstance(account, Mapping) for account in accounts):
            raise answer.unexpected("has no list of accounts")
        return {**details, "ACCOUNT LIST": accounts}

    def account(self, resource_id: str, account_id: str, label: str) -> tuple[Json, Answer]:
        """Return the details of an account (description, policy, expiry, custom fields) and the answer."""
        path = _account_path(resource_id, account_id)
        envelope, answer = self._call(f"Reading {label}", "GET", path)
        details = pick(envelope, "Details")
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the account")
        return details, answer

    def add_accounts(self, resource_id: str, accounts: Sequence[Json], label: str) -> dict[str, str]:
        """Add accounts in one request; return the status text of each that the answer names.

        Details is an object by account name (accountapi-1) or a list of such objects (captures).
        """
        path = f"resources/{_path_id(resource_id)}/accounts"
        try:
            envelope, _answer = self._call(f"Adding {label}", "POST", path, {"ACCOUNTLIST": list(accounts)})
            details = pick(envelope, "Details")
        except RefusedError as error:
            details = error.details
            if not details:
                raise
        entries = details if isinstance(details, list) else [details]
        return {
            str(name): self.http.redact(str(pick(value, "STATUS") or ""))
            for entry in entries
            if isinstance(entry, Mapping)
            for name, value in entry.items()
        }

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
        details = _given(REASON=reason, TICKETID=ticket_id)
        path = _account_path(resource_id, account_id) + "/password"
        envelope, answer = self._call(f"Reading the password of {label}", "GET", path, details or None)
        value = pick(pick(envelope, "Details"), "PASSWORD")
        if not isinstance(value, str):
            raise answer.unexpected("has no password")
        if NO_PASSWORD.fullmatch(value):
            raise RefusedError(
                "the vault does not show it (it wants an approval, or the account is in use)",
                operation=f"Reading the password of {label}",
                http_status=answer.status,
            )
        self.http.redact.add(value)
        return Secret(value)

    def set_password(self, resource_id: str, account_id: str, password: Secret, label: str, **details: Any) -> None:
        """Change the password. *details*: RESETTYPE (LOCAL or REMOTE), REASON, TICKETID; ``None`` is left out."""
        body = {"NEWPASSWORD": password.reveal(), **_given(**details)}
        path = _account_path(resource_id, account_id) + "/password"
        self._call(f"Changing the password of {label}", "PUT", path, body)

    def generate_password(self, policy: str) -> Secret:
        """Return a new password by the vault's own policy; it is stored nowhere."""
        operation = f"Generating a password by policy '{shown(policy)}'"
        envelope, answer = self._call(operation, "GET", "passwords/generate", {"POLICY": policy})
        value = pick(pick(envelope, "Details"), "PASSWORD")
        if not isinstance(value, str) or not value:
            raise answer.unexpected("has no password")
        return Secret(value)

    def share_account(self, resource_id: str, account_id: str, access: str, grantee: Json, label: str) -> None:
        """Grant or revoke. *access*: view, modify, fullaccess, revoke; *grantee*: USERID or USERGROUPID."""
        path = _account_path(resource_id, account_id) + "/share"
        self._call(label, "PUT", path, {"ACCESSTYPE": access, **grantee})


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _utf8(text: str, option: str) -> str:
    _quoted(text, option)
    return text


def _id(record: object, name: str) -> str:
    value = pick(record, name)
    return "" if value in (None, "", "N/A") or isinstance(value, (bool, list, dict)) else str(value)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _path_id(value: str) -> str:
    return quote(value, safe="")


def _account_path(resource_id: str, account_id: str) -> str:
    return f"resources/{_path_id(resource_id)}/accounts/{_path_id(account_id)}"


def _about_caller(error: VaultError) -> bool:
    return isinstance(error, AuthenticationError) or bool(CALLER.search(error.server_message))
