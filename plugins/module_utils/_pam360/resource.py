# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PAM360 resource: a host or device. Internal to the collection."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from . import custom_fields as custom
from .._http.answer import shown
from .._http.options import STATE
from .._engine.plan import Observed, Step, Wanted
from .._common.errors import InputError, RefusedError
from .._engine.fields import argument_spec, observe, payload, settings
from .envelope import find, pick
from .fields import RESOURCE
from .connect import CONNECTION, Pam360Service, other_spelling
from .._engine.task import Arguments, Item


class ResourceService(Pam360Service):
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

    def items(self) -> list[Item]:
        """Return the one resource of the task."""
        self.name, self.new_name = self.name_of("name"), self.name_of("new_name")
        if self.new_name and self.params["state"] == "absent":
            raise InputError("new_name does not go together with state: absent")
        self.label = f"resource '{shown(self.name)}'"
        wanted = Wanted(self.label, self.params["state"], settings(RESOURCE, self.params), self.name, self.new_name)
        return [Item(wanted, RESOURCE, ids={"resource_id": None})]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Find the resource by its name, and read it."""
        removed = done is not None and done.action == "delete"
        if done is None or removed or done.action in ("create", "exists"):
            # After a removal that the vault has confirmed, the look-up by name is enough.
            item.ids["resource_id"] = self._find(closely=not removed)
        resource_id = item.ids["resource_id"]
        if resource_id is None:
            return None
        if removed:
            return Observed(name=self.name)
        record = self.client.resource(resource_id, self.label)
        name = str(pick(record, "RESOURCE NAME") or self.name)
        if item.wanted.state == "absent":
            if name != self.name:  # the server's look-up does not care for case, and a removal can not be undone
                raise other_spelling(self.label, name)
            return Observed(name=name)
        values = observe(item.fields, find, record)
        values.setdefault("custom_fields", {})
        return Observed(values, name)

    def _find(self, *, closely: bool) -> str | None:
        old = self.client.resource_id(self.name, closely=closely)
        new = self.client.resource_id(self.new_name) if self.new_name else None
        if old and new and old != new:
            raise InputError(
                f"both '{shown(self.name)}' (ID {old}) and '{shown(self.new_name)}' (ID {new}) exist,"
                " so the resource can not be renamed"
            )
        return old or new

    def unreadable(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Custom fields with a masked value are compared in part."""
        wanted = item.wanted.settings.get("custom_fields")
        current = observed.values.get("custom_fields", {}) if observed else {}
        return ("custom_fields",) if wanted is not None and custom.unreadable(wanted, current) else ()

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Create, edit or delete."""
        if step.action == "delete":
            self.client.delete_resource(str(item.ids["resource_id"]), self.label)
            return None
        current = item.before.values if item.before else {}
        body = payload(item.fields, item.wanted.settings, current, create=step.action == "create")
        body = {"RESOURCENAME": self.new_name or (item.before.name if item.before else self.name), **body}
        if step.action == "update":
            self.client.edit_resource(str(item.ids["resource_id"]), body, self.label)
            return None
        self.client.create_resource(body)
        if self.client.shared:
            return None  # read once all others are written too
        observed = self.observe(item, step)
        if observed is None:
            raise RefusedError(
                "the server said that it added the resource, but does not show it to this user",
                operation=f"Reading {self.label}",
            )
        return observed

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return the resource with all settings that the vault shows."""
        absent = item.wanted.state == "absent"
        wanted = {} if absent else item.wanted.settings
        values = dict(observed.values) if observed and not absent else {}
        result: dict[str, Any] = {"name": self.new_name or self.name, "state": item.wanted.state, **item.ids}
        for f in RESOURCE:
            value = values.get(f.option)
            if item.plan.changed and not item.done and f.option in wanted:
                value = f.kind.predict(wanted[f.option], value)
            result[f.option] = f.kind.show(value) if value is not None else None
        return result
