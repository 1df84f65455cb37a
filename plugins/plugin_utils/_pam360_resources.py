# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources of PAM360 for an inventory: what is read, and how little of it will do. Internal to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, TemplateSyntaxError
from jinja2.nodes import Const, Getattr, Getitem, Name

from ansible_collections.vaultops.pam.plugins.module_utils._common.wording import one_line
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.envelope import id_of, value_of
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.search import RESOURCE_FIELDS, ResourceInfo

VARIABLE = "pam360_resource"
LISTED = ("type", "description", "account_count")  # what the list of resources holds, besides name and ID
DETAILS, GROUPS = "details", "resource_groups"
PARTS: Mapping[str, str] = {  # by key of the variable: which part of the vault's answers has it
    **{field.option: DETAILS for field in RESOURCE_FIELDS if field.option not in LISTED},
    GROUPS: GROUPS,
}
TOLD = 5  # names or IDs in one warning
Resource = dict[str, Any]


def parts_of(expressions: Iterable[object]) -> set[str]:
    """Return what has to be read, besides the list, for Jinja expressions or templates that use the variable."""
    return set().union(*map(_parts, expressions))


def _parts(expression: object) -> set[str]:
    text = str(expression)
    try:  # parsed, and never rendered
        tree = Environment(autoescape=True).parse(text if "{{" in text else f"{{{{ {text} }}}}")
    except TemplateSyntaxError:
        return set()  # Ansible will say so
    uses = sum(node.name == VARIABLE for node in tree.find_all(Name))
    keys = [node.attr for node in tree.find_all(Getattr) if _is_variable(node.node)]
    items = [item.arg for item in tree.find_all(Getitem) if _is_variable(item.node)]
    keys += [str(arg.value) for arg in items if isinstance(arg, Const)]
    known = {*PARTS, *LISTED, "name", "resource_id"}
    if len(keys) < uses or not known.issuperset(keys):  # the whole, or a key that is computed
        return {DETAILS, GROUPS}
    return {PARTS[key] for key in keys if key in PARTS}


def _is_variable(node: object) -> bool:
    return isinstance(node, Name) and node.name == VARIABLE


class Resources(ResourceInfo):
    """Reads resources in steps. Requests: 1 for each 500, and 1 more for each of those that a later step is asked for.

    :param warn: called with one sentence about resources that no host can stand for.
    """

    def __init__(self, client: Pam360, max_connections: int, warn: Callable[[str], None]) -> None:
        super().__init__(client, {"max_connections": max_connections, "details": True, "match": "exact"}, warn)

    def listed(self) -> list[Resource]:
        """Return the resources that a host can stand for; raise VaultError."""
        fields = [field for field in RESOURCE_FIELDS if field.option in LISTED]
        found = [
            {
                "name": str(value_of(row, "RESOURCE NAME") or ""),
                "resource_id": id_of(row, "RESOURCE ID"),
                **self.describe(fields, row),
            }
            for row in self.client.resources()
        ]
        return self._usable([{key: one[key] for key in one if key != "custom_fields"} for one in found])

    def _usable(self, found: Sequence[Resource]) -> list[Resource]:
        counts = Counter(one["name"] for one in found)
        nameless = [one["resource_id"] or "none" for one in found if not one["name"].strip()]
        if nameless:
            self.warn(f"There is no host for {len(nameless)} resources without a name: IDs {_some(nameless)}.")
        several = [name for name, count in counts.items() if count > 1 and name.strip()]
        if several:
            names = _some([f"'{one_line(name)}'" for name in several])
            self.warn(f"There is no host for {names}: more than one resource has that name. Rename one of them.")
        return [one for one in found if one["name"].strip() and counts[one["name"]] == 1]

    def read(self, parts: Iterable[str], resources: Sequence[Resource]) -> None:
        """Add *parts* to resources, several at a time; raise VaultError."""
        if DETAILS in parts:
            fields = [field for field in RESOURCE_FIELDS if PARTS.get(field.option) == DETAILS]
            records = self.each(lambda one: self.client.resource(one["resource_id"], _label(one)), resources)
            for one, record in zip(resources, records):
                one.update(self.describe(fields, record))
        if GROUPS in parts:
            groups = self.each(lambda one: self.client.resource_groups(one["resource_id"], _label(one)), resources)
            for one, names in zip(resources, groups):
                one[GROUPS] = names


def _label(resource: Resource) -> str:
    return f"resource '{one_line(resource['name'])}'"


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:TOLD]) + (" and others" if len(words) > TOLD else "")
