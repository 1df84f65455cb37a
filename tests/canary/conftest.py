# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the leak proofs, and the count of what was searched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pam360_standin import Standin, passwords

from .drawn import CANARIES, SEED_NUMBER, SEED_VARIABLE, Canaries
from .inprocess import ROADS, Printed
from .runs import Outcome, Runs
from .scenarios import Scenario, seed
from .search import Leak, Search

SEARCH = Search()
for _name, _value in CANARIES.all().items():
    SEARCH.know(_name, _value)


def pytest_report_header() -> str:
    """Tell how to repeat this run."""
    return f"canary: {SEED_VARIABLE}={SEED_NUMBER} repeats the secrets of this run"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was searched."""
    terminalreporter.write_line(
        f"canary: {SEARCH.outputs} outputs searched for {SEARCH.forms} forms of {len(SEARCH.secrets)} secrets"
        f" ({SEED_VARIABLE}={SEED_NUMBER})"
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail when nothing was searched: a proof that looked at nothing proves nothing."""
    if not SEARCH.outputs and not session.config.option.collectonly and session.testscollected:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def canaries() -> Canaries:
    """The secrets of this run."""
    return CANARIES


@pytest.fixture(scope="session")
def search() -> Search:
    """The search, with its count."""
    return SEARCH


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a developer's own settings out of the way."""
    for name in list(os.environ):
        if name.startswith(("PAM360_", "CYBERARK_")) or name.lower().endswith("_proxy") or name.endswith("CA_BUNDLE"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs | None]:
    """The runs of ansible-playbook, started at once when a test is going to ask for them.

    All stand-ins, theirs and those of other tests, generate the password that is searched for.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "generate", lambda _policy: CANARIES.generated)
        wanted = any("outcomes" in getattr(item, "fixturenames", ()) for item in request.session.items)
        started = Runs(tmp_path_factory) if wanted else None
        yield started
        if started:
            started.outcomes()


@pytest.fixture
def outcomes(runs: Runs) -> dict[str, Outcome]:
    """What the runs of ansible-playbook gave away, by way."""
    return runs.outcomes()


@pytest.fixture
def standin(canaries: Canaries) -> Iterator[Standin]:
    """A stand-in that holds the old secrets."""
    with Standin(seed=seed(canaries)) as server:
        yield server


class Bench:
    """Runs modules on one road against one stand-in, and gathers the leaks."""

    def __init__(self, standin: Standin, road: str) -> None:
        self.standin = standin
        self.task = ROADS[road]
        self.search = SEARCH
        self.leaks: list[Leak] = []
        self.results: list[dict[str, Any]] = []

    def run(
        self, module: str, args: Mapping[str, Any], where: str, *, besides: tuple[str, ...] = (), **options: Any
    ) -> Printed:
        """Run a module with these options and search all that it prints and logs."""
        printed = self.task(module, args, **options)
        self.results.append(printed.result)
        self.leaks += SEARCH.find(printed.everything(), where, besides=besides)
        return printed

    def play(self, scenario: Scenario, where: str = "", *, check: bool = False, **args: Any) -> Printed:
        """Run a scenario from the start, with the faults that are set.

        A password that the user asked to see is taken out of ``password`` before the search, and may be nowhere else.
        """
        self.standin.profile.update(scenario.profile)
        given = {"url": self.standin.url, "token": CANARIES.token, "retries": 0, **scenario.args, **args}
        printed = self.task(scenario.module, given, check=check)
        self.results.append(printed.result)
        text = printed.everything()
        if scenario.shows and not printed.result.get("failed"):
            printed.result.pop("password", None)
            text = json.dumps(printed.result)
        where = f"{scenario.name}{', check mode' if check else ''}{where}"
        self.leaks += SEARCH.find(text, where)
        return printed


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    """How a task is run."""
    return str(request.param)


@pytest.fixture
def bench(standin: Standin, road: str) -> Bench:
    """A bench on a fresh stand-in."""
    return Bench(standin, road)
