# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client for the PAM360 REST API: accounts, passwords and shares. Internal to the collection; knows no Ansible.

Sources: accountapi-1 to -5, passwordapi-1 and -3, captures of real servers; where a fact is inferred, the docstring
says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._common.errors import RefusedError
from .._common.secret import Secret
from .._common.wording import one_line
from .._engine.fields import MISSING
from .._http.answer import Answer
from .calls import path_id
from .custom_fields import read
from .envelope import Json, value_of, value_or_missing
from .resource_calls import ResourceCalls

MISSPELT = {"COMMAND_SET": "COMMAN_SET"}
ACCOUNT_DETAILS = ("DESCRIPTION", "PASSWORD POLICY", "PASSWDID", "PASSWORD STATUS", "EXPIRY STATUS", "CUSTOM FIELD")
# Captured, but for the last two: an empty text and hash signs, which the contract knows of other keys, are inferred.
NO_PASSWORD = re.compile(r"\[(request|in use)\]|\*+|####.*####|", re.IGNORECASE | re.DOTALL)


class Pam360(ResourceCalls):
    """The calls that the modules need."""

    def account(self, resource_id: str, account_id: str, label: str) -> tuple[Json, Answer]:
        """Return the details of an account (description, policy, expiry, custom fields) and the answer."""
        path = _account_path(resource_id, account_id)
        details, _total, answer = self.call(f"Reading {label}", "GET", path)
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the account")
        if not any(value_or_missing(details, name) is not MISSING for name in ACCOUNT_DETAILS):
            raise answer.unexpected("shows nothing of the account")
        self.learn_custom_fields(details, answer)
        return details, answer

    def account_labels(self, resource_id: str, account_id: str, label: str) -> list[str]:
        """Return the labels of the custom fields that accounts have, as one of them shows them."""
        details, _answer = self.account(resource_id, account_id, f"an account of {label}")
        return list(read(value_of(details, "CUSTOM FIELD")))

    def add_accounts(self, resource_id: str, accounts: Sequence[Json], label: str) -> dict[str, str]:
        """Add accounts in one request; return the status text of each that the answer names, not redacted.

        Details is an object by account name (accountapi-1) or a list of such objects (captures).
        """
        path, before, refused = f"resources/{path_id(resource_id)}/accounts", self.written, False
        if self.profile.seen("command_set_key") == "COMMAN_SET":  # the vendor's page has both spellings
            accounts = [{MISSPELT.get(key, key): value for key, value in one.items()} for one in accounts]
        try:
            details = self.call(f"Adding {label}", "POST", path, {"ACCOUNTLIST": list(accounts)}).details
        except RefusedError as error:
            details, refused = error.details, True
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
        elif refused:  # and one of its parts said Success
            self.written += 1
        return statuses

    def edit_account(self, resource_id: str, account_id: str, details: Json, label: str) -> None:
        """Change settings of an account; ACCOUNTNAME is mandatory and is the (new) name (accountapi-4)."""
        self.call(f"Editing {label}", "PUT", _account_path(resource_id, account_id), details)

    def delete_account(self, resource_id: str, account_id: str, label: str) -> None:
        """Delete an account (the URL is inferred from the other calls)."""
        self.call(f"Deleting {label}", "DELETE", _account_path(resource_id, account_id))

    # Passwords and shares

    def password(
        self, resource_id: str, account_id: str, label: str, *, reason: str | None = None, ticket_id: str | None = None
    ) -> Secret:
        """Return the password; the vault audits each call. Raise RefusedError where it is not shown."""
        path = _account_path(resource_id, account_id) + "/password"
        access = _given(REASON=reason, TICKETID=ticket_id) or None
        details, _total, answer = self.call(f"Reading the password of {label}", "GET", path, access)
        value = value_of(details, "PASSWORD")
        if not isinstance(value, str):
            raise answer.unexpected("has no password")
        if NO_PASSWORD.fullmatch(value.strip()):
            raise RefusedError(
                "the vault does not show it (it wants an approval, or the account is in use)",
                code="password_not_shown",
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
        self.call(f"Changing the password of {label}", "PUT", path, body)

    def generate_password(self, policy: str) -> Secret:
        """Return a new password by the vault's own policy; it is stored nowhere."""
        operation = f"Generating a password by policy '{one_line(policy)}'"
        details, _total, answer = self.call(operation, "GET", "passwords/generate", {"POLICY": policy})
        value = value_of(details, "PASSWORD")
        if not isinstance(value, str) or not value:
            raise answer.unexpected("has no password")
        return Secret(value)

    def share_account(self, resource_id: str, account_id: str, access: str, grantee: Json, label: str) -> str:
        """Grant or revoke; return what the server said.

        *access*: view, modify, fullaccess, revoke; *grantee*: USERID or USERGROUPID.
        """
        return self.share(_account_path(resource_id, account_id), access, grantee, label)

    def account_shares(self, resource_id: str, account_id: str, label: str) -> dict[tuple[str, str], str]:
        """Return who may use an account, see ``shares``."""
        return self.shares(_account_path(resource_id, account_id), label)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _account_path(resource_id: str, account_id: str) -> str:
    return f"resources/{path_id(resource_id)}/accounts/{path_id(account_id)}"
