# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PAM360 resource: a host or device. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError, RefusedError
from .._common.wording import one_line
from .._engine.fields import NAME, argument_spec, cleaned_settings, cleaned_text, read_values, request_body
from .._engine.plan import Observed, Step, Wanted
from .._engine.task import STATE, Arguments
from .api import Pam360
from .connect import CONNECTION, Pam360Object
from .custom_fields import unreadable
from .envelope import folded, value_of
from .fields import RESOURCE
from .find import other_spelling


class Resource(Pam360Object):
    """``pam360_resource``. Requests: 2 when nothing changes, 4 for an edit, 5 for a create."""

    noun = "resource"
    arguments = Arguments(
        options={
            **CONNECTION,
            **STATE,
            "name": {"type": "str", "required": True},
            "new_name": {"type": "str"},
            **argument_spec(RESOURCE),
        },
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.name, self.new_name = cleaned_text(NAME, "name", params), cleaned_text(NAME, "new_name", params)
        if self.new_name and params["state"] == "absent":
            raise InputError("new_name does not go together with state: absent")
        self.label = f"resource '{one_line(self.name)}'"
        wanted = Wanted(self.label, params["state"], cleaned_settings(RESOURCE, params), self.name, self.new_name)
        super().__init__(client, params, warn, wanted, RESOURCE, {"resource_id": None})
        self.names = {"name": self.new_name or self.name}

    def observe(self, done: Step | None = None) -> Observed | None:
        """Find the resource by its name, and read it."""
        removed = done is not None and done.action == "delete"
        if done is None or removed or done.action in ("create", "exists"):
            # After a removal that the vault has confirmed, the look-up by name is enough.
            self.ids["resource_id"] = self._find(closely=not removed)
        resource_id = self.ids["resource_id"]
        if resource_id is None:
            return None
        if removed:
            return Observed(name=self.name)
        record = self.client.resource(resource_id, self.label)
        name = str(value_of(record, "RESOURCE NAME") or self.name)
        if self.wanted.state == "absent":
            if name != self.name:  # the server's look-up does not care for case, and a removal cannot be undone
                raise other_spelling(self.label, name)
            return Observed(name=name)
        values = read_values(self.fields, folded(record))
        masked = unreadable(self.wanted.settings.get("custom_fields", {}), values["custom_fields"])
        return Observed(values, name, in_part=("custom_fields",) if masked else ())

    def _find(self, *, closely: bool) -> str | None:
        old = self.client.resource_id(self.name, closely=closely)
        new = self.client.resource_id(self.new_name) if self.new_name else None
        if old and new and old != new:
            raise InputError(
                f"both '{one_line(self.name)}' (ID {old}) and '{one_line(self.new_name)}' (ID {new}) exist,"
                " so the resource cannot be renamed"
            )
        return old or new

    def create(self) -> Observed | None:
        """Create it, and read it."""
        self.client.create_resource(self._body(create=True))
        return self.read_new()

    def read_new(self) -> Observed | None:
        """Return the resource that was just made; raise RefusedError where the vault shows none."""
        observed = self.observe(Step("create"))
        if observed is None:
            raise RefusedError(
                "the server said that it added the resource, but does not show it to this user",
                operation=f"Reading {self.label}",
            )
        return observed

    def update(self) -> Observed | None:
        """Edit it."""
        self.client.edit_resource(str(self.ids["resource_id"]), self._body(create=False), self.label)
        return None

    def delete(self) -> Observed | None:
        """Delete it with all its accounts."""
        self.client.delete_resource(str(self.ids["resource_id"]), self.label)
        return None

    def _body(self, *, create: bool) -> dict[str, Any]:
        current = self.before.values if self.before else {}
        name = self.new_name or (self.before.name if self.before else self.name)
        return {"RESOURCENAME": name, **request_body(self.fields, self.wanted.settings, current, create=create)}
