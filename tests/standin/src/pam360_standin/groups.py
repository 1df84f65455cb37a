# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource groups: list, members, what a resource belongs to (contract sections 2.7 and 7)."""

from __future__ import annotations

from typing import Any

from pam360_standin import texts
from pam360_standin.call import ApiCall, FailedError, found_by_search, page, success
from pam360_standin.fields import checked
from pam360_standin.model import ResourceGroup
from standin_core.product import Answer


def listing(call: ApiCall) -> Answer:
    """GET /resourcegroup: lower-case ``details``, camelCase keys (DOC resourcegroupapi-4)."""
    given = call.known(("limit", "startIndex", "searchType", "searchValue", "searchColumn"))
    rows = [group for group in call.state.resource_groups.values() if _wanted(call, group, given)]
    rows, total = page(call, rows, given.get("startIndex"), given.get("limit"))
    return success(call, texts.RESOURCE_GROUPS, [row(call, group) for group in rows] or None, total=total)


def row(call: ApiCall, group: ResourceGroup) -> dict[str, Any]:
    """Return a row of the list; id and name are CODE (allamiro), the description is ours."""
    return {
        "resourceGroupId": checked(group.id) if call.profile["group_ids"] == "number" else group.id,
        "resourceGroupName": group.name,
        "resourceGroupDescription": group.description,
    }


def _wanted(call: ApiCall, group: ResourceGroup, given: dict[str, Any]) -> bool:
    """Return whether a resource group is one that the search wants."""
    kind, value = str(given.get("searchType") or "all"), str(given.get("searchValue") or "")
    if kind in ("static", "dynamic") and group.type != kind:
        return False
    columns = {"resourceGroupName": [group.name], "resourceGroupDescription": [group.description], "ownerId": []}
    wanted = columns.get(str(given.get("searchColumn")), [group.name, group.description])
    return not value or found_by_search(call, value, *wanted)


def associate(call: ApiCall) -> Answer:
    """POST /resourcegroup/<ID>/associateResources with RESOURCEIDS (CODE allamiro); static groups only (INF)."""
    group = call.state.resource_groups.get(call.args["group"])
    if group is None:
        raise FailedError(texts.NO_RESOURCE_GROUP, "missing")
    numbers = call.known(("RESOURCEIDS",)).get("RESOURCEIDS")
    found = [call.state.resources.get(str(number)) for number in numbers] if isinstance(numbers, list) else []
    if not found or not all(found):
        raise FailedError(texts.NO_RESOURCE, "missing")
    if group.type == "dynamic":
        raise FailedError(texts.GROUP_IS_DYNAMIC)
    for item in found:
        if item is not None and group.id not in item.groups:
            item.groups.append(group.id)
            call.audit("Resource Associated to Group", item, reason=f"Associated to {group.name}")
    return success(call, texts.RESOURCES_ASSOCIATED)


def of_resource(call: ApiCall) -> Answer:
    """GET /resources/<ID>/associatedGroups: GROUP ID is a number (CAP kenny); none: an empty list (INF)."""
    found = [
        call.state.resource_groups[group] for group in call.resource().groups if group in call.state.resource_groups
    ]
    rows = [{"GROUP ID": checked(group.id), "GROUP NAME": group.name} for group in found]
    return success(call, texts.GROUPS_OF_RESOURCE, {"ASSOCIATED GROUPS": rows})
