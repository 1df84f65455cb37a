# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: a stand-in with TLS whose secrets are drawn at random, and the lookup package as users install it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.canary.drawn import CANARIES
from ansible_collections.vaultops.pam.tests.canary.search import Search
from pam360_standin import Standin

COLLECTION = Path(__file__).absolute().parents[2]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a developer's own settings out of the way."""
    for name in list(os.environ):
        if name.startswith(("PAM360_", "CYBERARK_")) or name.lower().endswith("_proxy") or name.endswith("CA_BUNDLE"):
            monkeypatch.delenv(name)


@pytest.fixture
def vault() -> Iterator[Standin]:
    """A vault with one account; token and password are canaries."""
    account = {"name": "root", "password": CANARIES.password}
    seed = {
        "token": CANARIES.token,
        "resources": [
            {"name": "db01", "type": "Linux", "accounts": [account, {"name": "app", "password": CANARIES.pin}]}
        ],
    }
    with Standin(seed=seed, tls=True) as server:
        yield server


@pytest.fixture
def search() -> Search:
    """A search for all canaries."""
    found = Search()
    for name, value in CANARIES.all().items():
        found.know(name, value)
    return found


@dataclass(frozen=True)
class Built:
    """The lookup package: what was built, and where it is installed."""

    sdist: Path
    wheel: Path
    site: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build sdist and, from it, the wheel; install the wheel in a folder of its own."""
    dist, site = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    source = COLLECTION / "awx" / "credential_plugin"
    commands = [
        ["build", "--no-isolation", "--outdir", str(dist), str(source)],
        ["pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)],
    ]
    subprocess.run([sys.executable, "-m", *commands[0]], check=True, stdout=subprocess.DEVNULL)
    wheel, sdist = next(dist.glob("*.whl")), next(dist.glob("*.tar.gz"))
    subprocess.run([sys.executable, "-m", *commands[1], str(wheel)], check=True)
    return Built(sdist, wheel, site)


@pytest.fixture
def package(built: Built, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The package, freshly imported: its cache is empty."""
    monkeypatch.syspath_prepend(str(built.site))
    yield importlib.import_module("vaultops_pam_credentials")
    for name in [name for name in sys.modules if name.startswith("vaultops_pam_credentials")]:
        del sys.modules[name]
