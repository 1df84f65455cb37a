# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that ansible-rulebook runs: its documentation, and how it finds the collection. A run: ``make rulebook``."""

from __future__ import annotations

import inspect
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_events import KINDS, OPTIONS

COLLECTION = Path(__file__).absolute().parents[3]
EDA = COLLECTION / "extensions" / "eda"
SOURCE = EDA / "plugins" / "event_source" / "pam360_audit.py"
MODULE = runpy.run_path(str(SOURCE))
DOCUMENTED: dict[str, Any] = yaml.safe_load(MODULE["DOCUMENTATION"])["options"]
# As ansible-rulebook does it, in a process that knows nothing of the collection.
ALONE = """
import asyncio, runpy, sys
main = runpy.run_path(sys.argv[1])["main"]
try:
    asyncio.run(main(asyncio.Queue(), {"url": "ftp://x", "token": "t", "cursor_file": "c"}))
except Exception as error:
    print(type(error).__module__, error)
"""


def test_documented_options_are_those_that_it_takes() -> None:
    keys = ("type", "required", "default", "choices", "elements")
    declared = {name: {key: spec[key] for key in keys if key in spec} for name, spec in OPTIONS.items()}
    assert {name: {key: spec[key] for key in keys if key in spec} for name, spec in DOCUMENTED.items()} == declared


@pytest.mark.parametrize("name", [name for name, spec in OPTIONS.items() if "variable" in str(spec)])
def test_documented_environment_variables(name: str) -> None:
    assert f"E(PAM360_{name.upper()})" in str(DOCUMENTED[name]["description"])


def test_main_is_a_coroutine_of_two_arguments() -> None:
    assert inspect.iscoroutinefunction(MODULE["main"])
    assert list(inspect.signature(MODULE["main"]).parameters) == ["queue", "args"]


def test_it_finds_the_collection_by_itself(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-c", ALONE, str(SOURCE)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("ansible_collections.vaultops.pam.plugins.module_utils._common.errors url must look")


def test_examples_and_rulebooks_use_options_and_kinds_that_there_are() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((EDA / "rulebooks").glob("*.yml"))]
    assert len(texts) == 2
    sources = [source for text in texts for play in yaml.safe_load(text) for source in play["sources"]]
    for source in [*sources, *yaml.safe_load(MODULE["EXAMPLES"])]:
        assert set(source["vaultops.pam.pam360_audit"]) <= set(OPTIONS)
    for text in texts:
        for play in yaml.safe_load(text):
            for rule in play["rules"]:
                assert any(f'event.pam360.kind == "{kind}"' in rule["condition"] for kind in KINDS)
