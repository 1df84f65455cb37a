# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of PAM360 about resources and groups of resources. Internal to the collection.

Sources: resourceapi-1, -2 and -8, resourcegroupapi-4, accountapi-2, captures of real servers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from .._common.errors import AmbiguousError, AnswerError, NotFoundError
from .._common.wording import one_line
from .._engine.fields import EMPTY
from .calls import Pam360Calls, name_in_path, path_id, utf8_or_error
from .envelope import Json, ResourceDetails, id_of, is_rows, message_of, number, value_of, value_or_missing

PAGE_SIZE = 500
MAX_PAGES = 2000  # a list that goes on after so many has no end


class ResourceCalls(Pam360Calls):
    """Resources, and what stands in their lists."""

    def resource_id(self, name: str, *, closely: bool = True) -> str | None:
        """Return the id of the resource, or ``None``.

        Absence is only believed from a list without it; not *closely*: also from the look-up or the search by name.
        """
        operation = f"Looking up resource '{one_line(name)}'"
        in_path = name_in_path(name, "resource")
        if in_path:
            with suppress(NotFoundError):
                return self.lookup(operation, f"resources/resourcename/{in_path}", "RESOURCEID")[0]
            if not closely or self.profile.seen("lookup_miss") == "empty":
                return None
        matches = self._named(name, self.resources(name, operation=operation))
        if closely and not matches and not in_path:  # the search is undocumented, so it is not the last word
            matches = self._named(name, self.resources(operation=operation))
        return only_id(name, matches)

    @staticmethod
    def _named(name: str, resources: Iterator[Json]) -> list[str]:
        return [id_of(item, "RESOURCE ID") for item in resources if value_of(item, "RESOURCE NAME") == name]

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
            details.update(
                SEARCHTYPE="RESOURCE", SEARCHCOLUMN="RESOURCENAME", SEARCHVALUE=utf8_or_error(search, "resource")
            )
        seen: set[str] = set()
        for _page in range(MAX_PAGES):
            reply = self.call(operation, "GET", "resources", details)
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
            yield new, max(-(-left // PAGE_SIZE), 1)
            details["STARTINDEX"] = str(len(seen))
        raise _endless(operation)

    def resource_groups(self, resource_id: str, label: str) -> list[str]:
        """Return the names of the groups that a resource is in (captured; that none may lack Details is inferred)."""
        path = f"resources/{path_id(resource_id)}/associatedGroups"
        details, _total, answer = self.call(f"Reading the resource groups of {label}", "GET", path)
        rows = value_of(details, "ASSOCIATED GROUPS") if details not in EMPTY else ""
        if not is_rows(rows):
            raise answer.unexpected("has no list of resource groups")
        return [str(value_of(row, "GROUP NAME")) for row in rows]

    def create_resource(self, details: Json) -> None:
        """Create a resource. The answer carries no id in the captures: look it up by name."""
        self.call(f"Creating resource '{one_line(details['RESOURCENAME'])}'", "POST", "resources", details)

    def edit_resource(self, resource_id: str, details: Json, label: str) -> None:
        """Change a resource; RESOURCENAME is its (new) name."""
        self.call(f"Editing {label}", "PUT", f"resources/{path_id(resource_id)}", details)

    def delete_resource(self, resource_id: str, label: str) -> None:
        """Delete a resource with all its accounts."""
        self.call(f"Deleting {label}", "DELETE", f"resources/{path_id(resource_id)}")

    def resource(self, resource_id: str, label: str) -> ResourceDetails:
        """Return the details of a resource with its accounts (their list may come as ``""``)."""
        path = f"resources/{path_id(resource_id)}/accounts"
        details, _total, answer = self.call(f"Reading the accounts of {label}", "GET", path)
        if not isinstance(details, Mapping):
            raise answer.unexpected("has no details of the resource")
        accounts = value_or_missing(details, "ACCOUNT LIST")
        if not is_rows(accounts):
            raise answer.unexpected("has no list of accounts")
        self.learn_custom_fields(details, answer)
        return ResourceDetails({**details, "ACCOUNT LIST": accounts or []})

    def resource_group_ids(self, label: str) -> dict[str, list[str]]:
        """Return the IDs of all resource groups by name, from all pages (resourcegroupapi-4)."""
        operation = f"Reading the resource groups for {label}"
        key = "Details" if self.profile.seen("group_key") == "Details" else "details"
        seen: set[str] = set()
        found: dict[str, list[str]] = {}
        details = {"limit": str(PAGE_SIZE)}
        for _page in range(MAX_PAGES):
            reply = self.call(operation, "GET", "resourcegroup", details, key=key)
            rows = reply.details if reply.details not in EMPTY else []
            if not is_rows(rows):
                raise reply.answer.unexpected("has no list of resource groups")
            new = [row for row in rows if id_of(row, "resourceGroupId") not in seen]
            seen.update(id_of(row, "resourceGroupId") for row in new)
            for row in new:
                found.setdefault(str(value_of(row, "resourceGroupName")), []).append(id_of(row, "resourceGroupId"))
            if not new or (len(rows) < PAGE_SIZE and len(seen) >= number(reply.total)):
                return found
            details = {**details, "startIndex": str(len(seen))}
        raise _endless(operation)

    def add_to_resource_group(self, group_id: str, resource_id: str, label: str) -> None:
        """Put a resource into a static group (a client of a real server does it so)."""
        path = f"resourcegroup/{path_id(group_id)}/associateResources"
        number_or_text = int(resource_id) if resource_id.isascii() and resource_id.isdigit() else resource_id
        self.call(f"Adding {label}", "POST", path, {"RESOURCEIDS": [number_or_text]})

    def share_resource(self, resource_id: str, access: str, grantee: Json, label: str) -> str:
        """Grant or revoke; return what the server said.

        *access*: view, modify, fullaccess, revoke; *grantee*: USERID or USERGROUPID.
        """
        return self.share(f"resources/{path_id(resource_id)}", access, grantee, label)

    def share(self, path: str, access: str, grantee: Json, label: str) -> str:
        """Grant or revoke what stands at an address; return what the server said."""
        return message_of(self.call(label, "PUT", f"{path}/share", {"ACCESSTYPE": access, **grantee}).answer)

    def resource_shares(self, resource_id: str, label: str) -> dict[tuple[str, str], str]:
        """Return who may use a resource, see ``shares``."""
        return self.shares(f"resources/{path_id(resource_id)}", label)

    def shares(self, path: str, label: str) -> dict[tuple[str, str], str]:
        """Return the level of each grantee, by (USERID or USERGROUPID, ID), of what stands at an address.

        No such call is documented. It is used where ``pam360_doctor`` has seen a share in just this form.
        """
        details, _total, answer = self.call(f"Reading the shares of {label}", "GET", f"{path}/share")
        rows = details if details not in EMPTY else []
        if not is_rows(rows):
            raise answer.unexpected("has no list of shares")
        return {
            (key, id_of(row, key)): str(value_of(row, "ACCESSTYPE")).casefold()
            for row in rows
            for key in ("USERID", "USERGROUPID")
            if id_of(row, key)
        }


def only_id(name: str, ids: Sequence[str]) -> str | None:
    """Return the one id of the resources that have this name, or ``None``; raise AmbiguousError."""
    if len(ids) > 1:
        raise AmbiguousError(
            f"{len(ids)} resources are named '{one_line(name)}': IDs {', '.join(sorted(ids))}",
            operation=f"Looking up resource '{one_line(name)}'",
            hint="Give resource_id where the module has it, or rename one of them.",
        )
    return ids[0] if ids else None


def _endless(operation: str) -> AnswerError:
    message = f"the list does not end: after {MAX_PAGES} pages the server still gives new ones"
    return AnswerError(message, operation=operation, http_status=200)
