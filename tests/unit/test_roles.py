# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the roles: which names they use, and what their schemas say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.plugin_utils._role_guards import known_variables
from ansible_collections.vaultops.pam.schemas import write as schemas

COLLECTION = Path(__file__).parents[2]
ROLES = sorted(path.name for path in (COLLECTION / "roles").iterdir())
# Names of Ansible; all that begins with ansible_ is among them.
MAGIC = {"inventory_hostname", "hostvars", "groups", "group_names", "omit", "role_path", "role_uuid", "playbook_dir"}
FUNCTIONS = {"lookup", "query", "q", "now", "range", "dict", "undef"}
NAMING = ("register", "loop_var", "index_var")
Node = Any


def files_of(role: str) -> Iterator[tuple[Path, Node]]:
    """Yield the YAML files of a role that Ansible reads for tasks and variables, and its playbook."""
    folder = COLLECTION / "roles" / role
    paths = [
        path for name in ("tasks", "handlers", "vars", "defaults") for path in sorted((folder / name).glob("*.yml"))
    ]
    for path in [*paths, *(COLLECTION / "playbooks").glob(f"{role}*.yml")]:
        yield path, yaml.safe_load(path.read_text(encoding="utf-8"))


def walk(node: Node) -> Iterator[dict[str, Any]]:
    """Yield all dictionaries in a document."""
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(item)


def texts(node: Node) -> Iterator[str]:
    """Yield all texts in a document."""
    if isinstance(node, str):
        yield node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from texts(item)


def given_names(path: Path, document: Node) -> Iterator[tuple[str, str]]:
    """Yield the names to which a file gives a value, each with the role to which a task hands them."""
    if path.parent.name in ("vars", "defaults"):
        yield from ((name, "") for name in document or {})
    for node in walk(document):
        included = node.get("ansible.builtin.include_role") or node.get("ansible.builtin.import_role") or {}
        receiver = str(included.get("name", "")).rpartition(".")[2]
        if isinstance(node.get("vars"), dict):
            yield from ((name, receiver) for name in node["vars"])
        yield from ((name, "") for name in node.get("ansible.builtin.set_fact", {}))
        yield from ((node[key], "") for key in NAMING if isinstance(node.get(key), str))


def used_names(document: Node) -> Iterator[str]:
    """Yield the names that templates and conditions take a value from."""
    environment = jinja2.Environment(autoescape=False)  # noqa: S701  # nothing is rendered
    environment.filters = environment.tests = _Anything()  # type: ignore[assignment]
    conditions = [
        node[key] for node in walk(document) for key in ("when", "that", "failed_when", "changed_when") if key in node
    ]
    found = [f"{{{{ {text} }}}}" for text in texts(conditions) if "{{" not in text]
    for text in [*found, *(text for text in texts(document) if "{{" in text)]:
        yield from jinja2.meta.find_undeclared_variables(environment.parse(text))


class _Anything(dict[str, Any]):
    """Filters and tests of any name: what they are called does not matter here."""

    def get(self, _name: str, _default: Any = None) -> Any:  # type: ignore[override]
        return str


@pytest.mark.parametrize("role", ROLES)
def test_every_name_bears_the_role_s_own(role: str) -> None:
    """A variable of the user's with the same name would decide what the role does.

    Options begin with the role's name, inner variables with two underscores more; loops name their variable. What a
    task hands to another role bears the name of that.
    """
    wrong = []
    for path, document in files_of(role):
        for name, receiver in given_names(path, document):
            own = name.startswith(f"__{role}") or (path.parent.name == "defaults" and name.startswith(f"{role}_"))
            own = own or name.startswith("ansible_")  # how Ansible connects
            if not own and not (receiver and name.startswith(f"{receiver}_")):
                wrong.append(f"{path.name}: {name}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_every_loop_names_its_variable(role: str) -> None:
    """``item`` may be the user's own, where the role itself is played in a loop."""
    loops = [(path.name, node) for path, document in files_of(role) for node in walk(document) if "loop" in node]
    assert [name for name, node in loops if "loop_var" not in node.get("loop_control", {})] == []


@pytest.mark.parametrize("role", ROLES)
def test_no_template_reads_a_name_of_others(role: str) -> None:
    """But those of Ansible, of the connection, and of the collection's other roles, by which they work together."""
    known = (f"__{role}", *(f"{name}_" for name in ROLES), "ansible_", "pam360_", "cyberark_")
    for path, document in files_of(role):
        found = {name for name in used_names(document) if not name.startswith(known)}
        assert found - MAGIC - FUNCTIONS == set(), path.name


def test_the_schemas_are_made_of_the_argument_specs() -> None:
    """What is shipped is what ``make schemas`` writes. That it does what it should is a matter of ``make lint``."""
    shipped = {path.name: path.read_text(encoding="utf-8") for path in (COLLECTION / "schemas").glob("*.json")}
    assert shipped == schemas.schemas()


@pytest.mark.parametrize("role", ROLES)
def test_the_schema_knows_each_variable(role: str) -> None:
    """All that the role itself knows."""
    schema = schemas.schema_of(role)
    (pattern,) = schema["patternProperties"]
    names = known_variables(role)
    assert set(schema["properties"]) <= names
    assert [name for name in names if re.search(pattern, name)] == []
    assert re.search(pattern, f"{role}_acounts")
