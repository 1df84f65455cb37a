# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX as far as a job needs it: its own injection of credentials, its folder for ansible-runner, its slices.

The injection is AWX's code (awx_plugins.interfaces). A job of AWX runs in a container that sees its folder as /runner;
here there is no container, so that prefix is replaced by the place where the job will find the folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_container_api import CONTAINER_ROOT
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

COLLECTION = Path(__file__).absolute().parents[2]
AWX = COLLECTION / "awx"
INVENTORY = COLLECTION / "demo" / "inventory.yml"


def load(path: Path) -> Any:
    """Return what a YAML file holds."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


TEMPLATES: list[dict[str, Any]] = load(AWX / "job_templates.yml")["awx_job_templates"]


def defaults(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the survey of a job template has for who gives none."""
    return {question["variable"]: question["default"] for question in template.get("survey", [])}


@dataclass
class Injected:
    """What a credential adds to a job. *safe*: the variables as AWX keeps and shows them."""

    env: dict[str, Any] = field(default_factory=dict)
    safe: dict[str, Any] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)


def inject(name: str, inputs: Mapping[str, Any], folder: Path, seen_as: Path | None = None) -> Injected:
    """Apply a credential of type NAME to the job in *folder*, which the job sees as *seen_as*."""
    (folder / "env").mkdir(exist_ok=True)
    kind = load(AWX / "credential_types" / f"{name}.yml")
    chosen = ManagedCredentialType(
        namespace=name, name=kind["name"], kind=kind["kind"], inputs=kind["inputs"], injectors=kind["injectors"]
    )
    result = Injected()
    inject_credential(chosen, Credential(dict(inputs)), result.env, result.safe, result.args, str(folder))
    place = str(seen_as or folder)
    result.env = {key: value.replace(CONTAINER_ROOT + "/", place + "/") for key, value in result.env.items()}
    return result


def job_folder(folder: Path, playbook: Path, inventory: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
    """Lay out the folder of a job: project, inventory, and the answers of the survey as extra variables."""
    for name in ("project", "inventory", "env"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(playbook, folder / "project")
    (folder / "inventory" / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
    (folder / "env" / "extravars").write_text(json.dumps(answers), encoding="utf-8")


def hosts(group: Mapping[str, Any]) -> set[str]:
    """Return the names of all hosts of an inventory group and of those below it."""
    below = (hosts(child or {}) for child in (group.get("children") or {}).values())
    return set(group.get("hosts") or {}).union(*below)


def sliced(inventory: Mapping[str, Any], number: int, count: int) -> dict[str, Any]:
    """Return the part of an inventory that slice *number* of *count* gets: each count-th host in the order of names.

    Groups stay, also without hosts (get_script_data in awx/main/models/inventory.py).
    """
    chosen = set(sorted(hosts(inventory["all"]))[number - 1 :: count])

    def cut(group: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: settings for name, settings in (group.get("hosts") or {}).items() if name in chosen}
        children = {name: cut(child) for name, child in (group.get("children") or {}).items()}
        return {**group, "hosts": kept, "children": children}

    return {"all": cut(inventory["all"])}
