# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all PAM360 services share: connection options, and names to objects. Internal to the collection."""

from __future__ import annotations

import os
from abc import ABC
from collections.abc import Mapping
from typing import Any

from . import custom_fields as custom
from .._http.answer import shown
from .._http.options import connection_of, connection_options, header_text, option
from .._engine.plan import Observed
from .._common.errors import AmbiguousError, InputError, NotFoundError
from .._engine.fields import ID, NAME, checked
from .api import Pam360
from .envelope import ResourceDetails, pick
from .._common.secret import Redactor, Secret
from .._engine.task import Item, Service

CONNECTION: Mapping[str, Any] = {
    **connection_options("PAM360"),
    "token": {"type": "str", "no_log": True},  # these two know their variables in token_of, which must tell
    "token_file": {"type": "path", "no_log": False},  # an option from a variable
    "org_name": option("PAM360", "org_name", type="str"),
}
RESOURCE_OPTIONS: Mapping[str, Any] = {"resource": {"type": "str"}, "resource_id": {"type": "str"}}


def connect(params: Mapping[str, Any], **options: Any) -> Pam360:
    """Return a client for the connection options in *params*; raise InputError before any request."""
    redactor = options.get("redactor") or Redactor()
    connection = connection_of(params, redactor)
    org_name = header_text("org_name", params.get("org_name") or "")
    return Pam360.connect(connection, token_of(params), org_name=org_name, **options)


def token_of(params: Mapping[str, Any]) -> Secret:
    """Return the token, or raise InputError. An option beats the environment variable of the other one."""
    token, path = params.get("token"), params.get("token_file")
    if token is None and path is None:
        token, path = os.environ.get("PAM360_TOKEN") or None, os.environ.get("PAM360_TOKEN_FILE") or None
    if token is not None and path is not None:
        raise InputError("token and token_file are both given", hint="Give one of them.")
    if path:
        try:
            with open(path, encoding="utf-8") as file:
                token = file.read().strip()
        except (OSError, UnicodeDecodeError):
            raise InputError(f"token_file names '{shown(path)}', which can not be read as text") from None
    if not token or not token.strip():
        raise InputError("token or token_file is required and must not be empty", hint="Or set PAM360_TOKEN.")
    return Secret(header_text("token_file" if path else "token", token))


class Pam360Service(Service, ABC):
    """Base of the PAM360 services."""

    client: Pam360

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client; see ``connect`` of this file."""
        return connect(params, **options)

    def name_of(self, option: str) -> str:
        """Return a name that the task gave, or ``""``; raise InputError for an empty one."""
        return checked(NAME, option, self.params)

    def id_of(self, option: str) -> str:
        """Return an id that the task gave, or ``""``; raise InputError for anything but digits."""
        return checked(ID, option, self.params)

    def resource_label(self) -> str:
        """Return the resource of the task in words."""
        name = self.name_of("resource")
        return f"resource '{shown(name)}'" if name else f"resource {self.id_of('resource_id')}"

    def find_resource(self) -> str | None:
        """Return the id of the task's resource, or ``None`` when there is none of that name."""
        return self.id_of("resource_id") or self.client.resource_id(self.name_of("resource"))

    def find_account(self) -> tuple[str, str]:
        """Return (resource id, account id) of the task's account; raise NotFoundError."""
        resource, account = self.name_of("resource"), self.name_of("account")
        account_id = self.id_of("account_id")
        if resource and account:
            found = self.client.ids(resource, account)
            if found:
                return found
        resource_id = self.find_resource()
        if resource_id is None:
            raise self.no_resource()
        if account_id:
            return resource_id, account_id
        row = account_row(self.client.resource(resource_id, self.resource_label()), account)
        if row is None:
            raise NotFoundError(
                f"{self.resource_label()} has no account '{shown(account)}'",
                operation=f"Looking up account '{shown(account)}'",
                hint=self._create_first("vaultops.pam.pam360_account"),
            )
        return resource_id, str(pick(row, "ACCOUNT ID"))

    def advice(self, item: Item, option: str, observed: Observed) -> str:
        """Name the custom fields that the vault does not have."""
        if option != "custom_fields":
            return ""
        labels = custom.undefined(item.wanted.settings[option], observed.values[option])
        names = ", ".join(f"'{shown(label)}'" for label in labels)
        hint = f"It shows no custom field {names} here: define it in PAM360, in the Admin tab, under Additional Fields"
        return f"{hint}, or correct the label." if names else ""

    def no_resource(self) -> NotFoundError:
        """Return the error for a resource that is not there."""
        return NotFoundError(
            f"the vault shows no {self.resource_label()} to this user",
            operation=f"Looking up {self.resource_label()}",
            hint=self._create_first("vaultops.pam.pam360_resource"),
        )

    def _create_first(self, module: str) -> str:
        hint = f"Create it first with {module}, or share it with the API user."
        earlier = " In check mode, what an earlier task would create is not there."
        return hint + earlier if self.client.http.read_only else hint


def other_spelling(label: str, name: object) -> InputError:
    """Return the error for the removal of what the vault spells in another way: it may be meant, and it may not."""
    message = f"{label} is '{shown(name)}' in the vault, so it is not removed"
    return InputError(message, hint="Spell it as the vault does.")


def account_row(resource: ResourceDetails, name: str) -> Mapping[str, Any] | None:
    """Return the account of exactly this name from a resource's list, or ``None``; raise AmbiguousError."""
    rows = resource.by_name.get(name, [])
    if len(rows) > 1:
        ids = ", ".join(str(pick(row, "ACCOUNT ID")) for row in rows)
        raise AmbiguousError(
            f"{len(rows)} accounts are named '{shown(name)}': IDs {ids}",
            operation=f"Looking up account '{shown(name)}'",
            hint="Rename or delete one of them.",
        )
    return rows[0] if rows else None
