# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment: the context that ansible-builder makes, and what it will find in the collection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from ansible_collections.vaultops.pam.tests.awx._engine import AWX, COLLECTION, load

BUILDER = str(Path(sys.executable).with_name("ansible-builder"))
DEFINITION = AWX / "execution-environment.yml"
COLLECTIONS = Path(__file__).absolute().parents[5]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build context."""
    folder = tmp_path_factory.mktemp("context")
    words = [BUILDER, "create", "-f", str(DEFINITION), "-c", str(folder), "--output-filename", "Containerfile"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def lines(path: Path) -> list[str]:
    """Return the lines of a file."""
    return path.read_text(encoding="utf-8").splitlines()


def test_the_collection_is_installed(context: Path) -> None:
    """A released version of it, from Galaxy."""
    (collection,) = load(context / "_build" / "requirements.yml")["collections"]
    galaxy = load(COLLECTION / "galaxy.yml")
    assert collection["name"] == f"{galaxy['namespace']}.{galaxy['name']}"
    versions = SpecifierSet(collection["version"])
    assert galaxy["version"] in versions
    assert "1.0.0" not in versions  # which may break something
    assert any("ansible-galaxy collection install" in step for step in lines(context / "Containerfile"))


def test_the_image_has_what_a_job_needs(context: Path) -> None:
    """The system packages, an ansible-core that the collection supports, and a check of all that at the end."""
    assert lines(context / "_build" / "bindep.txt") == ["openssh-clients", "sshpass"]
    text = (context / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-core>=2.21,<2.23 ansible-runner>=2.4" in text
    final = text.split("FROM base AS final")[1]
    checks = [final.index(word) for word in ("ssh-agent", "import requests", "ansible-doc --json -t module")]
    assert checks == sorted(checks)
    assert checks[0] > final.index("install-from-bindep")


def test_the_collection_says_what_it_needs() -> None:
    """What ansible-builder finds in the installed collection while it builds: requests."""
    words = [BUILDER, "introspect", str(COLLECTIONS)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = yaml.safe_load(done.stdout)
    needed = lines(COLLECTION / "meta" / "ee-requirements.txt")
    ours = [line.split("#")[0].strip() for line in found["python"] if "vaultops.pam" in line]
    assert sorted(ours) == sorted(needed)
    assert [line.partition(">")[0] for line in needed] == ["requests"]
    assert not found["system"]
