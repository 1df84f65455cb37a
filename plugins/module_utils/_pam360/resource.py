# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PAM360 resource: a host or device. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from ipaddress import ip_address
from typing import Any

from .._common.errors import InputError, RefusedError
from .._common.wording import one_line, quoted_line
from .._engine.fields import NAME, argument_spec, cleaned_settings, cleaned_texts, read_values, request_body
from .._engine.plan import Observed, Step, Wanted
from .._engine.task import STATE, Arguments
from .api import Pam360
from .by_profile import left_out, resource_fields
from .connect import CONNECTION, Pam360Object
from .custom_fields import CUSTOM_FIELDS, check_labels, unreadable
from .envelope import folded, value_of
from .fields import RESOURCE
from .find import find_groups, other_spelling

OBJECT: Mapping[str, Any] = {
    **STATE,
    "name": {"type": "str", "required": True},
    "new_name": {"type": "str"},
    **argument_spec(RESOURCE),
}


class Resource(Pam360Object):
    """``pam360_resource``. Requests: 2 when nothing changes, 4 for an edit, 5 for a create; 1 more with groups.

    :ivar latest: what was read last.
    """

    noun = "resource"
    arguments = Arguments(options={**CONNECTION, **OBJECT})

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.name, self.new_name = cleaned_texts({"name": NAME, "new_name": NAME}, params).values()
        if self.new_name and params["state"] == "absent":
            raise InputError("new_name does not go together with state: absent")
        label = f"resource '{one_line(self.name)}'"
        wanted = Wanted(label, params["state"], cleaned_settings(RESOURCE, params), self.name, self.new_name)
        super().__init__(client, params, warn, wanted, resource_fields(client.profile), {"resource_id": None})
        self.names = {"name": self.new_name or self.name}
        self.group_ids: Mapping[str, str] = {}
        self.latest: Observed | None = None
        self._warn_of_loopback()

    def _warn_of_loopback(self) -> None:
        address = self.wanted.settings.get("dns_name", "")
        if _is_loopback(address) and not _is_loopback(self.name):
            self.warn(
                f"dns_name of {self.wanted.label} is '{one_line(address)}', which is this host. In a delegated task"
                " ansible_host is that of the delegate: use hostvars[inventory_hostname].ansible_host."
            )

    # Reading

    def observe(self, done: Step | None = None) -> Observed | None:
        """Find the resource by its name, and read it."""
        removed = done is not None and done.action == "delete"
        if done is None or removed or done.action in ("create", "exists", "gone"):
            # After a removal that the vault has confirmed, the look-up by name is enough.
            self.ids["resource_id"] = self._find(closely=not removed)
        if self.ids["resource_id"] is None:
            self._look_up_groups([])
            return None
        if removed:
            return Observed(name=self.name)
        return self.read()

    def _find(self, *, closely: bool) -> str | None:
        old = self.client.resource_id(self.name, closely=closely)
        new = self.client.resource_id(self.new_name) if self.new_name else None
        if old and new and old != new:
            raise InputError(
                f"both '{one_line(self.name)}' (ID {old}) and '{one_line(self.new_name)}' (ID {new}) exist,"
                " so the resource cannot be renamed",
                code="both_names_exist",
            )
        return old or new

    def read(self) -> Observed:
        """Read the resource, and its groups where the task gives some."""
        resource_id = str(self.ids["resource_id"])
        record = self.client.resource(resource_id, self.wanted.label)
        name = str(value_of(record, "RESOURCE NAME") or self.name)
        if self.wanted.state == "absent":
            if name != self.name:  # the server's look-up does not care for case, and a removal cannot be undone
                raise other_spelling(self.wanted.label, name)
            return Observed(name=name)
        given = self.wanted.settings
        values = read_values(self.fields, folded(record))
        if "resource_groups" in given:
            values["resource_groups"] = self.client.resource_groups(resource_id, self.wanted.label)
            self._look_up_groups(values["resource_groups"])
        else:
            del values["resource_groups"]
        fields = values["custom_fields"]
        if self.latest is None and "custom_fields" in given:
            check_labels(given["custom_fields"], fields, self.wanted.label)
        in_part = ("custom_fields",) if unreadable(given.get("custom_fields", {}), fields) else ()
        self.latest = Observed(values, name, in_part=in_part)
        return self.latest

    def _look_up_groups(self, current: Collection[str]) -> None:
        """Find out the IDs of the groups that the resource is not in yet; raise for one that there is not."""
        missing = [name for name in self.wanted.settings.get("resource_groups", ()) if name not in current]
        if not missing or self.wanted.state == "absent" or set(missing) <= set(self.group_ids):
            return
        self.group_ids = find_groups(self.client, missing, self.wanted.label, "resource_groups")

    # Writing

    def create(self) -> Observed | None:
        """Create it, and read it."""
        self.client.create_resource(self.body(create=True))
        return self.after_create()

    def after_create(self) -> Observed | None:
        """Read it."""
        return self.read_new()

    def read_new(self) -> Observed | None:
        """Return the resource that was just made; raise RefusedError where the vault shows none."""
        observed = self.observe(Step("create"))
        if observed is None:
            raise RefusedError(
                "the server said that it added the resource, but does not show it to this user",
                code="not_shown",
                operation=f"Reading {self.wanted.label}",
            )
        return observed

    def update(self) -> Observed | None:
        """Edit it."""
        body = {**self.carried(self.before or Observed()), **self.body(create=False)}
        self.client.edit_resource(str(self.ids["resource_id"]), body, self.wanted.label)
        return None

    def carried(self, observed: Observed) -> dict[str, Any]:
        """Return the part of an edit's body for what such an edit is known to clear, as it was read."""
        return self._as_it_was(left_out(observed.values, self.wanted.settings, self.client.profile), observed)

    def _as_it_was(self, options: Collection[str], before: Observed) -> dict[str, Any]:
        """Return some options as a part of an edit's body; of custom fields all that must hold afterwards."""
        plain = [field for field in self.fields if field.option in options and field.option != "custom_fields"]
        body = request_body(plain, before.values, create=False)
        if "custom_fields" in options:
            wanted = self.wanted.settings.get("custom_fields", {})
            body["RESOURCECUSTOMFIELD"] = CUSTOM_FIELDS.wire(wanted, before.values["custom_fields"])
        return body

    def put_back(self, lost: Collection[str]) -> Observed | None:
        """Write again what the edit changed unasked, and read."""
        body = {**self.body(create=False), **self._as_it_was(lost, self.before or Observed())}
        self.client.edit_resource(str(self.ids["resource_id"]), body, f"what the edit changed of {self.wanted.label}")
        return self.read()

    def join_groups(self) -> Observed | None:
        """Add it to the groups that it is not in."""
        if self.ids["resource_id"] is None:
            self.read_new()
        current = self.latest.values.get("resource_groups", []) if self.latest else []
        for name in self.wanted.settings["resource_groups"]:
            if name not in current:
                label = f"{self.wanted.label} to resource group {quoted_line(name)}"
                self.client.add_to_resource_group(self.group_ids[name], str(self.ids["resource_id"]), label)
        return None

    def delete(self) -> Observed | None:
        """Delete it with all its accounts."""
        self.client.delete_resource(str(self.ids["resource_id"]), self.wanted.label)
        return None

    def body(self, *, create: bool) -> dict[str, Any]:
        """Return the body of a create or an edit: all given settings, and custom fields as they were read."""
        current = self.before.values if self.before else {}
        name = self.new_name or (self.before.name if self.before else self.name)
        return {"RESOURCENAME": name, **request_body(self.fields, self.wanted.settings, current, create=create)}


def _is_loopback(address: str) -> bool:
    """Whether an address is that of the host itself, whoever that is."""
    text = address.strip().strip("[]").casefold()
    if text.split(".")[0] in ("localhost", "ip6-localhost"):
        return True
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
