# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deletion leaves behind (contract section 2.8).

Deleting is for good unless the profile ``delete_blocks_name`` is ``yes``; then it goes to the trash,
and a name in the trash counts as taken. The calls that trash an object and that list the trash are
not known: only the control door can do that otherwise.
"""

from __future__ import annotations

from itertools import chain

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, success
from pam360_standin.model import Account, Resource
from standin_core.product import Answer


def discard_resource(call: ApiCall, resource: Resource) -> None:
    """Delete a resource with its accounts."""
    del call.state.resources[resource.id]
    if call.profile["delete_blocks_name"] == "yes":
        call.state.trashed_resources[resource.id] = resource


def discard_account(call: ApiCall, resource: Resource, account: Account) -> None:
    """Delete an account."""
    del resource.accounts[account.id]
    if call.profile["delete_blocks_name"] == "yes":
        resource.trashed_accounts[account.id] = account


def resource_of_name(call: ApiCall, name: str) -> Resource | None:
    """Return the resource that takes a name, one in the trash too where that blocks."""
    blocking = call.state.trashed_resources.values() if call.profile["delete_blocks_name"] == "yes" else ()
    return call.state.find(chain(call.state.resources.values(), blocking), name)


def account_of_name(call: ApiCall, resource: Resource, name: str) -> Account | None:
    """Return the account that takes a name in a resource, one in the trash too where that blocks."""
    blocking = resource.trashed_accounts.values() if call.profile["delete_blocks_name"] == "yes" else ()
    return call.state.find(chain(resource.accounts.values(), blocking), name)


def restore(call: ApiCall) -> Answer:
    """PUT /trash/restore with type and trashIds (DOC resourceapi-17); the answer is invented."""
    given = call.known(("type", "trashIds"))
    kind, numbers = given.get("type", "resource"), given.get("trashIds")
    if kind not in ("resource", "account"):
        raise FailedError(texts.BAD_TRASH_TYPE)
    if not isinstance(numbers, list) or not numbers:
        raise FailedError(texts.FIELD_MISSING.format(field="trashIds"))
    wanted = [str(number) for number in numbers]
    if kind == "resource":
        _restore_resources(call, wanted)
    else:
        _restore_accounts(call, wanted)
    return success(call, texts.RESTORED)


def _restore_resources(call: ApiCall, wanted: list[str]) -> None:
    """Put resources back. Raises FailedError, and then none is."""
    if not set(wanted) <= set(call.state.trashed_resources):
        raise FailedError(texts.NOT_IN_TRASH, "missing")
    for number in wanted:
        call.state.resources[number] = call.state.trashed_resources.pop(number)


def _restore_accounts(call: ApiCall, wanted: list[str]) -> None:
    """Put accounts back into their resources. Raises FailedError, and then none is."""
    homes = {number: resource for resource in call.state.resources.values() for number in resource.trashed_accounts}
    if not set(wanted) <= set(homes):
        raise FailedError(texts.NOT_IN_TRASH, "missing")
    for number in wanted:
        homes[number].accounts[number] = homes[number].trashed_accounts.pop(number)
