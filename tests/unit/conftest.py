# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: stand-in servers on loopback, and modules run against them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._call import Result, call
from ansible_collections.vaultops.pam.tests.unit._faults_world import World
from pam360_standin import Standin


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, in whatever order they are named: `make mutants` names them one by one."""
    items.sort(key=lambda item: str(item.path))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a developer's own settings out of the way."""
    for name in list(os.environ):
        if name.startswith(("PAM360_", "CYBERARK_")) or name.lower().endswith("_proxy") or name.endswith("CA_BUNDLE"):
            monkeypatch.delenv(name)


@pytest.fixture
def standin() -> Iterator[Standin]:
    """A PAM360 stand-in over plain HTTP with resource db01 and two accounts."""
    seed = {
        "resources": [
            {
                "name": "db01",
                "type": "Linux",
                "accounts": [
                    {"name": "root", "password": "Old-Passw0rd!"},
                    {"name": "app", "password": "App-Passw0rd!"},
                ],
            }
        ]
    }
    with Standin(seed=seed) as server:
        yield server


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One server for the module."""
    with World() as made:
        yield made


@pytest.fixture
def world(shared: World) -> World:
    """The server, as it was at the start."""
    return shared.reset()


@pytest.fixture
def run(standin: Standin) -> Callable[..., Result]:
    """Run a module against the stand-in: ``run("pam360_account", check=True, resource="db01", ...)``."""

    def run_module(module: str, *, check: bool = False, **args: Any) -> Result:
        return call(module, {"url": standin.url, "token": standin.token, **args}, check=check)[0]

    return run_module
