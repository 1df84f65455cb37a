# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house: who imports whom, how large a room may be, what must agree with what."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

COLLECTION = Path(__file__).parents[2]
COLLECTION_ROOT = Path(__file__).absolute().parents[5]
PLUGINS = COLLECTION / "plugins"
UTILS = PLUGINS / "module_utils"
PREFIX = "ansible_collections.vaultops.pam.plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))
QUERIES = [name for name in MODULES if name.endswith(("_info", "_doctor"))]  # what they make, they remove
BATCHES = ["pam360_accounts"]  # many objects in one task, each with a result of its own
# Who may import whom, one line a wing. Within a wing there is no circle.
WINGS = {
    "_common": set(),
    "_engine": {"_common"},
    "_http": {"_common"},
    "_ansible": {"_common", "_engine", "_http"},
}
# Every other wing is a product, or stands on the product whose name its own begins with, such as _pam360_bulk.
PRODUCTS = sorted(path.name for path in UTILS.glob("_*") if path.is_dir() and path.name not in WINGS)
for _wing in PRODUCTS:
    WINGS[_wing] = {"_common", "_engine", "_http", *(name for name in PRODUCTS if _wing.startswith(f"{name}_"))}
FILES = sorted(UTILS.rglob("*.py"))


def _named(path: Path) -> str:
    return str(path.relative_to(UTILS))


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports; of this collection's shared code by wing and file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            wing = path.parent.name if node.level == 1 else ""
            base = ".".join(filter(None, (wing, node.module)))
            yield from ([base] if "." in base else [f"{base}.{alias.name}" for alias in node.names])
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_every_file_stands_in_a_wing() -> None:
    """The plan of the house is complete."""
    assert {path.parent.relative_to(UTILS).as_posix() for path in FILES} == set(WINGS)


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_imports_between_wings_run_one_way(path: Path) -> None:
    """A file imports from its own wing and from those that its wing may know."""
    wing = path.parent.name
    found = {name.split(".")[0] for name in imports(path) if name.split(".")[0] in WINGS}
    assert found <= WINGS[wing] | {wing}


@pytest.mark.parametrize("wing", WINGS)
def test_no_circle_within_a_wing(wing: str) -> None:
    """The files of a wing can be put in an order in which each one imports only those before it."""
    known = {
        path.stem: {name.split(".")[1] for name in imports(path) if name.split(".")[0] == wing}
        for path in (UTILS / wing).glob("*.py")
    }
    while known:
        free = [name for name, needs in known.items() if not needs & set(known)]
        assert free, f"a circle among {sorted(known)}"
        for name in free:
            del known[name]


def _set_on_self(*nodes: ast.AST) -> set[str]:
    targets = [one for node in nodes for one in ast.walk(node) if isinstance(one, ast.Attribute)]
    return {one.attr for one in targets if isinstance(one.ctx, ast.Store) and ast.unparse(one.value) == "self"}


def test_attributes_are_born_in_the_constructor() -> None:
    """Whoever reads the head and the constructor of a class, and of its bases, knows all that an object may hold."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]

    def born(one: ast.ClassDef) -> set[str]:
        heads = [node for node in one.body if isinstance(node, (ast.Assign, ast.AnnAssign))]
        named = {name.id for head in heads for name in ast.walk(head) if isinstance(name, ast.Name)}
        made = [node for node in one.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
        bases = [base for base in classes if base.name in map(ast.unparse, one.bases)]
        return named.union(_set_on_self(*made), *map(born, bases))

    assert not {one.name: late for one in classes if (late := _set_on_self(one) - born(one))}


def test_one_wing_knows_ansible() -> None:
    """A script or another plugin can use all the others."""
    users = {path.parent.name for path in FILES if any(name.split(".")[0] == "ansible" for name in imports(path))}
    assert users == {"_ansible"}


def test_one_file_imports_requests() -> None:
    """The only third-party import of the plugins is requests, in one file."""
    users = {path for path in PLUGINS.rglob("*.py") if any(name.split(".")[0] == "requests" for name in imports(path))}
    assert users == {UTILS / "_http" / "wire.py"}


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_a_table_and_a_call(name: str) -> None:
    """No branch on check mode, no failure, no HTTP and no comparison in a module; few lines of code."""
    text = (PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8")
    code = re.sub(r'(DOCUMENTATION|EXAMPLES|RETURN) = r"""\n.*?"""\n', "", text, flags=re.DOTALL)
    assert not re.search(r"check_mode|fail_json|exit_json|\bif\b(?! __name__)", code)
    assert len(code.splitlines()) <= 60


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_its_action_plugin(name: str) -> None:
    """The action plugin of the same name has the same task, and not a line of logic."""
    path = PLUGINS / "action" / f"{name}.py"
    action = importlib.import_module(f"{PREFIX}.action.{name}").ActionModule
    assert action.task_class.arguments is arguments(name)
    *imported, plugin = ast.parse(path.read_text(encoding="utf-8")).body
    assert all(isinstance(node, ast.ImportFrom) for node in imported)
    assert isinstance(plugin, ast.ClassDef)
    assert [ast.unparse(node) for node in plugin.body[1:]] == [f"task_class = {action.task_class.__name__}"]


def test_every_action_plugin_has_its_module() -> None:
    """The documentation of an action plugin is that of its module."""
    assert sorted(path.stem for path in (PLUGINS / "action").glob("*.py")) == MODULES


@pytest.mark.parametrize("path", sorted(COLLECTION.glob("plugins/**/*.py")), ids=lambda path: path.name)
def test_rooms_are_small_and_labelled(path: Path) -> None:
    """Files stay below 400 lines and carry their licence."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    assert re.search(r"^# SPDX-License-Identifier\: GPL-3.0-or-later$", text[:400], re.MULTILINE)


def test_every_module_is_in_its_action_group() -> None:
    """The group is the folder."""
    groups = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    assert sorted(groups) == sorted({name.split("_")[0] for name in MODULES})
    for group, members in groups.items():
        assert sorted(members) == [name for name in MODULES if name.startswith(f"{group}_")]


@pytest.fixture(scope="module")
def documentation() -> Any:
    """Return the documentation of all modules by short name, as ansible-doc sees it."""
    command = [str(Path(sys.executable).with_name("ansible-doc")), "--json", *(f"vaultops.pam.{n}" for n in MODULES)]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTION_ROOT)}
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return {name.rsplit(".", 1)[1]: entry["doc"] for name, entry in json.loads(answer.stdout).items()}


def arguments(name: str) -> Any:
    """Return the Arguments of a module's task."""
    return task_class(name).arguments


def task_class(name: str) -> Any:
    """Return the class that a module hands to ``run_module``, its last import."""
    tree = ast.parse((PLUGINS / "modules" / f"{name}.py").read_text(encoding="utf-8"))
    imported = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "module_utils" in str(node.module)
    ]
    (found,) = [(node.module, node.names[0].name) for node in imported if node.names[0].name != "run_module"]
    return getattr(importlib.import_module(str(found[0])), found[1])


@pytest.mark.parametrize("name", MODULES)
def test_docs_say_what_the_spec_says(name: str, documentation: Any) -> None:
    """Names, types, choices, defaults and requirement of each option agree."""
    keys = ("type", "choices", "default", "required", "elements")
    documented = {
        option: {
            key: spec[key] for key in keys if spec.get(key) is not None and (key, spec[key]) != ("required", False)
        }
        for option, spec in documentation[name]["options"].items()
    }
    declared = {
        option: {key: spec[key] for key in keys if key in spec} for option, spec in arguments(name).options.items()
    }
    assert documented == declared


def test_modules_describe_common_results_alike() -> None:
    """Ansible has no fragments for RETURN, so what all modules return stands in each of them, word for word."""
    every = ("requests", "failure", "msg")
    common = (*every, "verified", "unverified", "diff", "resource_id")
    told: dict[str, list[Any]] = {key: [] for key in common}
    every_failure = yaml.safe_load(importlib.import_module(f"{PREFIX}.modules.pam360_account").RETURN)["failure"]
    for name in MODULES:
        results = yaml.safe_load(importlib.import_module(f"{PREFIX}.modules.{name}").RETURN)
        for key in every if name in (*QUERIES, *BATCHES) else common:
            if key == "resource_id" and not name.startswith("pam360_"):
                continue
            one = {**results[key], "sample": None}
            if key == "failure":  # a product may tell more than all do
                one["contains"] = {k: v for k, v in one["contains"].items() if k in every_failure["contains"]}
            told[key].append(one)
    assert [key for key, texts in told.items() if any(text != texts[0] for text in texts)] == []


@pytest.mark.parametrize("name", MODULES)
def test_docs_name_the_environment_variables(name: str, documentation: Any) -> None:
    """Each connection option says which variable stands in for it."""
    options = documentation[name]["options"]
    specs = arguments(name).options.items()
    variables = {option: spec.get("variable") or spec.get("own_variable") for option, spec in specs}
    named = {option: f"E({variable})" for option, variable in variables.items() if variable}
    assert named
    assert [option for option, words in named.items() if words not in str(options[option]["description"])] == []


@pytest.mark.parametrize("name", MODULES)
def test_docs_are_made_of_the_fragments_that_are_meant(name: str, documentation: Any) -> None:
    """Each has its action group, and names nothing twice to look up: Ansible may take one fragment for another."""
    found = documentation[name]
    assert found["attributes"]["action_group"]["membership"] == [f"vaultops.pam.{name.split('_', maxsplit=1)[0]}"]
    references = [json.dumps(entry, sort_keys=True) for entry in found.get("seealso", [])]
    assert sorted(set(references)) == sorted(references)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_has_a_target_that_looks_at_the_vault(name: str) -> None:
    """An integration target runs each module that only reads, for real and in check mode, and finds no write."""
    folder = COLLECTION / "tests" / "integration" / "targets" / name / "tasks"
    scenes = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))
    for words in (
        f"vaultops.pam.{name}:",
        "check_mode: true",
        ".writes == []",
        f".resources == {name.split('_', maxsplit=1)[0]}_seen.before.resources",
    ):
        assert words in scenes


@pytest.mark.parametrize("name", BATCHES)
def test_every_batch_has_a_target_that_asserts_the_diffs(name: str) -> None:
    """An integration target plays the beats of each batch, and its judge looks at before and after of each object."""
    folder = COLLECTION / "tests" / "integration" / "targets" / name / "tasks"
    judge = (folder / "judge.yml").read_text(encoding="utf-8")
    assert "result.diff | map(attribute='before')" in judge
    assert "result.diff | map(attribute='after')" in judge
    scenes = [path.read_text(encoding="utf-8") for path in folder.glob("*.yml")]
    judged = [scene for scene in scenes if f"vaultops.pam.{name}:" in scene and "include_tasks: judge.yml" in scene]
    assert judged, f"no target {name} plays its beats (CONTRIBUTING.md, 'Add a module')"
    assert [scene for scene in judged if "\n      before:" not in scene or "check_mode: true" not in scene] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name not in (*QUERIES, *BATCHES)])
def test_every_module_has_a_target_that_asserts_the_diff(name: str) -> None:
    """An integration target plays the beats of each module, and the judge of the beats looks at before and after."""
    targets = COLLECTION / "tests" / "integration" / "targets"
    judge = (targets / "setup_pam360" / "tasks" / "beats.yml").read_text(encoding="utf-8")
    assert "result.diff.before" in judge
    assert "result.diff.after" in judge
    scenes = [path.read_text(encoding="utf-8") for path in (targets / name / "tasks").glob("*.yml")]
    judged = [scene for scene in scenes if f"vaultops.pam.{name}:" in scene and "tasks_from: beats.yml" in scene]
    assert judged, f"no target {name} plays its beats (CONTRIBUTING.md, 'Add a module')"
    assert [
        scene
        for scene in judged
        if not re.search(r"\n +(before|expected_before):", scene) or "check_mode: true" not in scene
    ] == []


def test_the_page_names_every_file() -> None:
    """The table of files in "How the code is built" is what docs/files_page.py writes."""
    spec = importlib.util.spec_from_file_location("files_page", COLLECTION / "docs" / "files_page.py")
    assert spec
    assert spec.loader
    written = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(written)
    text = written.PAGE.read_text(encoding="utf-8")
    assert text == written.page(text), "run: python docs/files_page.py"


def _pages() -> Iterator[Path]:
    yield COLLECTION / "README.md"
    for folder, ending in (("docs", "rst"), ("docs", "md"), ("plugins", "py"), ("roles", "md"), ("demo", "md")):
        yield from (COLLECTION / folder).rglob(f"*.{ending}")


def test_examples_that_delegate_do_not_become() -> None:
    """A play of hosts may say ``become``, and the controller's user need not be root."""
    lacking = []
    for page in _pages():
        lines = page.read_text(encoding="utf-8").split("\n")
        for at, line in enumerate(lines):
            if not line.lstrip().startswith("delegate_to:"):
                continue
            inner = re.compile(f"$|{line[: -len(line.lstrip())]}")
            first = next(number for number in range(at, -1, -1) if not inner.match(lines[number]))
            last = next((number for number in range(at, len(lines)) if not inner.match(lines[number])), len(lines))
            if not any(other.strip() == "become: false" for other in lines[first:last]):
                lacking.append(f"{page.name}, line {at + 1}")
    assert not lacking
