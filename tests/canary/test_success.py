# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module, when all goes well: create, edit, no change, absent, with and without check mode."""

from __future__ import annotations

import pytest

from .conftest import CANARIES, Bench
from .scenarios import Scenario, long_scenarios, scenarios
from .search import told

ALL = scenarios(CANARIES)


@pytest.mark.parametrize("scenario", [*ALL, *long_scenarios()], ids=lambda item: item.name)
def test_success(bench: Bench, scenario: Scenario) -> None:
    predicted = bench.play(scenario, check=True).result
    done = bench.play(scenario).result
    again = bench.play(scenario).result
    if "locked" not in scenario.name:
        assert not predicted.get("failed"), predicted
        assert not done.get("failed"), done
        assert predicted["changed"] is done["changed"]
    assert "msg" in again
    assert not bench.leaks, told(bench.leaks)


@pytest.mark.parametrize("way", ["environment", "file", "environment file"])
@pytest.mark.parametrize("scenario", ALL[1::6], ids=lambda item: item.name)
def test_other_ways_for_the_token(
    bench: Bench, scenario: Scenario, way: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("token") / "token"
    path.write_text(CANARIES.token + "\n", encoding="utf-8")
    environment = {
        "environment": {"PAM360_TOKEN": CANARIES.token},
        "environment file": {"PAM360_TOKEN_FILE": str(path)},
    }
    args = {"url": bench.standin.url, "retries": 0, **scenario.args}
    if way == "file":
        args["token_file"] = str(path)
    bench.standin.faults.set([{"fault": "failed", "method": "PUT", "message": f"No, {CANARIES.token}", "echo": True}])
    for check in (True, False):
        bench.run(scenario.module, args, f"{scenario.name}, {way}", check=check, environment=environment.get(way))
    assert bench.standin.journal.entries[-1].headers["AUTHTOKEN"] == CANARIES.token
    assert not bench.leaks, told(bench.leaks)


def test_nothing_secret_in_a_url_or_a_foreign_header(bench: Bench) -> None:
    for scenario in ALL:
        bench.standin.reset()
        bench.play(scenario)
        assert bench.standin.journal.entries
        for entry in bench.standin.journal.entries:
            headers = {name: value for name, value in entry.headers.items() if name != "AUTHTOKEN"}
            where = f"request line of {entry.method} {entry.operation}, {scenario.name}"
            bench.leaks += bench.search.find(f"{entry.path}\n{entry.query}", where)
            bench.leaks += bench.search.find(str(headers), f"headers, {where}")
            bench.leaks += [
                leak for leak in bench.search.find(entry.raw_body, where) if leak.secret in ("token", "proxy")
            ]
    assert not bench.leaks, told(bench.leaks)
