# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a task gives, to the IDs of what they name in PAM360. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._common.errors import AmbiguousError, AnswerError, InputError, NotFoundError
from .._common.wording import label_of, one_line, quoted_line
from .._engine.fields import ID, NAME, cleaned_texts
from .._engine.plan import Wanted
from .api import Pam360
from .envelope import ResourceDetails, id_of, value_of

Params = Mapping[str, Any]
RESOURCE_KINDS = {"resource": NAME, "resource_id": ID}
ACCOUNT_KINDS = {**RESOURCE_KINDS, "account": NAME, "account_id": ID}


def resource_label(params: Params) -> str:
    """Return the resource of a task in words."""
    return label_of("resource", *cleaned_texts(RESOURCE_KINDS, params).values())


def account_label(params: Params) -> str:
    """Return the account of a task in words."""
    resource, resource_id, account, account_id = cleaned_texts(ACCOUNT_KINDS, params).values()
    return f"{label_of('account', account, account_id)} on {label_of('resource', resource, resource_id)}"


def find_resource(client: Pam360, params: Params) -> str:
    """Return the ID of a task's resource; raise NotFoundError."""
    resource, resource_id = cleaned_texts(RESOURCE_KINDS, params).values()
    found = resource_id or client.resource_id(resource)
    if found is None:
        raise no_resource(label_of("resource", resource, resource_id))
    return found


def find_account(client: Pam360, params: Params) -> tuple[str, str]:
    """Return (resource ID, account ID) of a task's account; raise NotFoundError."""
    resource, resource_id, account, account_id = cleaned_texts(ACCOUNT_KINDS, params).values()
    if resource and account:
        pair = client.ids(resource, account)
        if pair:
            return pair
    label = label_of("resource", resource, resource_id)
    found = find_resource(client, params)
    if account_id:
        return found, account_id
    row = account_row(client.resource(found, label), account)
    if row is None:
        raise NotFoundError(
            f"{label} has no account '{one_line(account)}'",
            operation=f"Looking up account '{one_line(account)}'",
            hint="Create it first with vaultops.pam.pam360_account, or share it with the API user.",
        )
    return found, account_id_of(row, account_label(params))


def account_id_of(row: Mapping[str, Any], label: str) -> str:
    """Return the ID in a row of a resource's list; raise AnswerError for a row without one."""
    found = id_of(row, "ACCOUNT ID")
    if not found:
        raise AnswerError("the list of accounts shows it without an ID", operation=f"Looking up {label}")
    return found


def no_resource(label: str) -> NotFoundError:
    """Return the error for a resource that is not there."""
    return NotFoundError(
        f"the vault shows no {label} to this user",
        operation=f"Looking up {label}",
        hint="Create it first with vaultops.pam.pam360_resource, or share it with the API user.",
    )


def expect_from_earlier_task(error: NotFoundError, client: Pam360, warn: Callable[[str], None]) -> None:
    """In check mode, warn that what is missing is taken for what an earlier task makes; otherwise raise *error*."""
    if not client.http.read_only:
        raise error
    warn(f"{error.message[:1].upper()}{error.message[1:]}. Check mode assumes that an earlier task creates it.")


def other_spelling(label: str, name: object) -> InputError:
    """Return the error for the removal of what the vault spells in another way: it may be meant, and it may not."""
    message = f"{label} is '{one_line(name)}' in the vault, so it is not removed"
    return InputError(message, code="other_spelling", hint="Spell it as the vault does.")


def account_row(resource: ResourceDetails, name: str) -> Mapping[str, Any] | None:
    """Return the account of exactly this name from a resource's list, or ``None``; raise AmbiguousError."""
    rows = resource.by_name.get(name, [])
    if len(rows) > 1:
        ids = ", ".join(str(value_of(row, "ACCOUNT ID")) for row in rows)
        raise AmbiguousError(
            f"{len(rows)} accounts are named '{one_line(name)}': IDs {ids}",
            operation=f"Looking up account '{one_line(name)}'",
            hint="Rename or delete one of them.",
        )
    return rows[0] if rows else None


def same_to_server(client: Pam360, resource: ResourceDetails, wanted: Wanted, given: str) -> Mapping[str, Any] | None:
    """Return the account whose name differs by case only, if the server itself takes it for the same.

    :param given: the resource's name in the task, where the list does not tell it.
    """
    rows = resource.by_folded_name.get(wanted.name.casefold(), [])
    name = str(value_of(resource, "RESOURCE NAME") or given)
    if not rows or not name or client.profile.seen("names") == "exact":
        return None
    found = client.ids(name, wanted.name)
    row = next((row for row in rows if found and str(value_of(row, "ACCOUNT ID")) == found[1]), None)
    if row is not None and wanted.state == "absent":
        raise other_spelling(wanted.label, value_of(row, "ACCOUNT NAME"))
    return row


def find_groups(client: Pam360, names: Iterable[str], label: str, option: str) -> dict[str, str]:
    """Return the IDs of resource groups by name; raise NotFoundError or AmbiguousError."""
    known, found = client.resource_group_ids(label), {}
    for name in names:
        ids, operation = known.get(name, []), f"Looking up resource group {quoted_line(name)}"
        if not ids:
            message = f"the vault shows no resource group {quoted_line(name)} to this user"
            raise NotFoundError(message, operation=operation, hint=f"Check {option}.")
        if len(ids) > 1:
            message = f"{len(ids)} resource groups have this name: IDs {', '.join(sorted(ids))}"
            raise AmbiguousError(message, operation=operation, hint="Rename one of them.")
        found[name] = ids[0]
    return found
