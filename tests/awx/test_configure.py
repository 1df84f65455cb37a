# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job templates, by the rules of AWX, and the playbook that makes them, with the modules of awx.awx."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.awx._controller import Controller, controller
from ansible_collections.vaultops.pam.tests.awx._engine import AWX, COLLECTION, TEMPLATES, defaults, load
from ansible_collections.vaultops.pam.tests.canary.drawn import CANARIES
from ansible_collections.vaultops.pam.tests.canary.search import Search

PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
QUESTION = {"question_name", "question_description", "variable", "type", "required", "default", "min", "max", "choices"}
TYPES = {"text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"}
THERE = {"organizations": ["Default"], "inventories": ["Servers"], "credentials": ["Machine"]}


def options(template: dict[str, Any]) -> dict[str, Any]:
    """Return the options of the roles that the playbook of a job template names."""
    playbook = (COLLECTION / template["playbook"]).read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    for role in re.findall(r"vaultops\.pam\.(\w+)", playbook):
        path = COLLECTION / "roles" / role / "meta" / "argument_specs.yml"
        entries = load(path)["argument_specs"].values() if path.is_file() else ()
        found.update({name: one for entry in entries for name, one in entry["options"].items() if role in name})
    return found


@pytest.fixture(params=TEMPLATES, ids=[template["name"] for template in TEMPLATES])
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each job template."""
    found: dict[str, Any] = request.param
    return found


def test_it_runs_a_playbook_of_the_collection(template: dict[str, Any]) -> None:
    """The project is this repository."""
    assert (COLLECTION / template["playbook"]).is_file()


def test_its_survey_follows_the_rules_of_awx(template: dict[str, Any]) -> None:
    """Questions of known types. An answer left out arrives as an empty text, which must then be the default."""
    for question in template.get("survey", []):
        assert set(question) <= QUESTION
        assert question["type"] in TYPES
        assert question["required"] is (question["default"] != "")
        assert ("choices" in question) is question["type"].startswith("multi")
        assert question["default"] in question.get("choices", [question["default"]])
        low, high = question.get("min", 0), question.get("max", 0)
        assert question["type"] != "integer" or low <= question["default"] <= high
        assert question["type"] != "text" or low <= len(question["default"]) <= high


def test_it_has_all_that_its_playbook_requires(template: dict[str, Any]) -> None:
    """What a role requires, and no inventory says, is asked for."""
    asked = [question["variable"] for question in template.get("survey", [])]
    of_the_inventory = ["rotate_password_accounts"]
    for name, option in options(template).items():
        assert not option.get("required") or name in asked + of_the_inventory


def test_its_survey_asks_for_what_the_playbook_knows(template: dict[str, Any]) -> None:
    """Each variable is an option of a role that it runs, and so is each choice."""
    known = options(template)
    for question in template.get("survey", []):
        option = known[question["variable"]]
        choices = ["true", "false"] if option["type"] == "bool" else option.get("choices", [])
        assert set(question.get("choices", [])) <= set(choices)


def configure(url: str, home: Path, *options: str) -> str:
    """Run the playbook against a controller; return what it printed."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": os.environ["AWX_COLLECTIONS"],
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "CONTROLLER_HOST": url,
        "CONTROLLER_OAUTH_TOKEN": "none",
    }
    words = [str(PLAYBOOK), "-i", "localhost,", str(AWX / "configure.yml"), "-vv", *options]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def answers(awx: Controller, name: str) -> list[str]:
    """Return the variables that the survey of a job template asks for."""
    surveys = awx.linked(awx.named("job_templates", name), "survey_spec")
    return [question["variable"] for survey in surveys for question in survey["spec"]]


def test_the_playbook_makes_all_of_it(tmp_path: Path, search: Search) -> None:
    """With awx.awx: types as in the files, templates of Jinja untouched; the second run changes nothing."""
    given = {
        "awx_vault_url": "https://pam360.example.com",
        "awx_vault_token": CANARIES.token,
        "awx_machine_credentials": ["Machine"],
    }
    variables = tmp_path / "variables.json"
    variables.write_text(json.dumps(given), encoding="utf-8")
    with controller(**THERE) as (awx, url):
        output = configure(url, tmp_path, "-e", f"@{variables}")
        for name in ("pam360", "cyberark"):
            kind = load(AWX / "credential_types" / f"{name}.yml")
            made = awx.named("credential_types", kind["name"])
            assert (made["inputs"], made["injectors"]) == (kind["inputs"], kind["injectors"])
        assert awx.named("credentials", "PAM360")["inputs"]["token"] == CANARIES.token
        for template in TEMPLATES:
            made = awx.named("job_templates", template["name"])
            assert (made["playbook"], made["job_slice_count"]) == (template["playbook"], template["job_slice_count"])
            assert [one["id"] for one in awx.linked(made, "credentials")] == [
                awx.named("credentials", name)["id"] for name in ("PAM360", "Machine")
            ]
            assert answers(awx, template["name"]) == [one["variable"] for one in template.get("survey", [])]
        assert [(one["rrule"], one["extra_data"]) for one in awx.objects["schedules"].values()] == [
            (template["schedule"], defaults(template)) for template in TEMPLATES if "schedule" in template
        ]
        done = list(awx.writes)
        again = configure(url, tmp_path, "-e", f"@{variables}")
        assert (awx.writes, re.findall(r"changed=(\d+)", again)) == (done, ["0"])
    assert search.find(output + again, "output") == []
