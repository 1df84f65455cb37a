# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the JSON Schemas of the roles' variables from their argument specs: ``make schemas`` writes ``schemas/``.

One schema for each role, and ``variables.json`` for all of them: for files such as ``group_vars/all.yml``, in an editor
or in CI. Needs PyYAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SWITCHES = ("hosts", "serial", "gather_facts", "become")  # variables of the playbooks
# Where the options of an entry stand as an entry point of their own.
ENTRIES = {
    "onboard_host_accounts": ("account", "list"),
    "onboard_host_role_accounts": ("account", "lists by group"),
    "onboard_host_account_defaults": ("account", "dictionary"),
}
NUMBERS = re.compile(r"_(id|ids|digits|validity)$")  # texts that are numbers by their nature
TYPES: Mapping[str, Any] = {"bool": "boolean", "int": "integer", "float": "number", "dict": "object"}
TEMPLATE = {"type": "string", "pattern": r"\{[{%]"}
Schema = dict[str, Any]


def _or_template(schema: Schema) -> Schema:
    """Return a schema that takes a template too, and a null, which stands for nothing."""
    return {"anyOf": [schema, {"$ref": "#/$defs/template"}, {"type": "null"}]}


def _words(spec: Mapping[str, Any]) -> Schema:
    text = spec.get("description", "")
    text = text if isinstance(text, str) else " ".join(text)
    # Markup of Ansible's documentation, such as O(main:name) or V(text).
    text = re.sub(r"\b[A-Z]\((?:[\w.]+:)?([^()]*)\)", r"\1", text)
    return {"description": text} if text else {}


def _one(kind: str, spec: Mapping[str, Any], name: str) -> Schema:
    """Return the schema of a value that is no template."""
    if spec.get("choices") and kind != "list":
        return {"enum": list(spec["choices"])}
    if kind == "list":
        choices = {"choices": spec["choices"]} if spec.get("choices") else {}
        item = {"type": spec.get("elements", "raw"), "options": spec.get("options"), **choices}
        return {"type": "array", "items": _value(name, item)}
    if kind == "dict" and spec.get("options"):
        return _entry(spec["options"])
    if kind in ("str", "path"):
        return {"type": ["string", "integer"] if NUMBERS.search(name) else "string"}
    return {"type": TYPES[kind]} if kind in TYPES else {}


def _value(name: str, spec: Mapping[str, Any]) -> Schema:
    """Return the schema of an option. A list that Ansible is not to look into has the type ``raw``, and options."""
    kind = spec.get("type", "str")
    kind = "list" if kind == "raw" and spec.get("options") else kind
    elements = {"elements": "dict"} if kind == "list" and spec.get("options") else {}
    schema = _one(kind, {**spec, **elements}, name)
    return {**_words(spec), **(_or_template(schema) if schema and schema.get("type") != "string" else schema)}


def _entry(options: Mapping[str, Any]) -> Schema:
    required = [name for name, spec in options.items() if spec.get("required")]
    schema: Schema = {
        "type": "object",
        "properties": {name: _value(name, spec) for name, spec in options.items()},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _variable(name: str, spec: Mapping[str, Any]) -> Schema:
    if name not in ENTRIES:
        return _value(name, spec)
    _entry_point, shape = ENTRIES[name]
    one: Schema = {"$ref": "#/$defs/account"}
    many: Schema = {"type": "array", "items": _or_template(one)}
    shapes: Mapping[str, Schema] = {
        "list": many,
        "lists by group": {"type": "object", "additionalProperties": _or_template(many)},
        "dictionary": {"$ref": "#/$defs/account_defaults"},
    }
    return {**_words(spec), **_or_template(shapes[shape])}


def schema_of(role: str) -> Schema:
    """Return the schema of a role's variables. Those of others are left alone, misspelled ones of the role refused."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    specs = yaml.safe_load(text)["argument_specs"]
    options = {
        name: spec for point in specs.values() for name, spec in point["options"].items() if name.startswith(role)
    }
    definitions: Schema = {"template": {"description": "A template of Ansible.", **TEMPLATE}}
    if "account" in specs:
        # The options of an account stand by vault, and whether one fits the vault is for the role to say.
        points = ("account", "cyberark_account")
        account = {
            name: spec for point in points for name, spec in specs.get(point, {"options": {}})["options"].items()
        }
        definitions["account"] = _entry(account)
        definitions["account_defaults"] = _entry({name: spec for name, spec in account.items() if name != "name"})
    names = sorted(name[len(role) + 1 :] for name in (*options, *(f"{role}_{switch}" for switch in SWITCHES)))
    return {
        "$schema": DRAFT,
        "title": f"Variables of the role vaultops.pam.{role}",
        "type": "object",
        "properties": {name: _variable(name, spec) for name, spec in options.items()},
        "patternProperties": {f"^{role}_(?!({'|'.join(names)})$)": False},
        "$defs": definitions,
    }


def schemas() -> dict[str, str]:
    """Return the text of each file by its name."""
    roles = sorted(path.name for path in (ROOT / "roles").iterdir())
    found = {f"{role}.json": schema_of(role) for role in roles}
    found["variables.json"] = {
        "$schema": DRAFT,
        "title": "Variables of the roles of vaultops.pam",
        "allOf": [{"$ref": f"{role}.json"} for role in roles],
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in found.items()}


def main() -> None:
    """Write the files."""
    for name, text in schemas().items():
        (ROOT / "schemas" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
