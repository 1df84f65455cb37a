# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ``ansible-playbook -vvvv --diff``: what they print, log, leave behind and show in the process list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .conftest import CANARIES, SEARCH
from .forms import percent
from .runs import WAYS, Outcome, Way
from .search import Leak, told


def by_task(output: str) -> Iterator[tuple[str, str]]:
    """Yield the output of each task with its name, so that a leak is found and told for each."""
    name, lines = "the start", []
    for line in output.splitlines():
        if line.startswith(("TASK [", "PLAY [", "PLAY RECAP")):
            yield name, "\n".join(lines)
            name, lines = line.rstrip("* "), []
        lines.append(line)
    yield name, "\n".join(lines)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_playbook_ran(outcomes: dict[str, Outcome], way: Way) -> None:
    outcome = outcomes[way.name]
    assert outcome.code == 0, outcome.output[-3000:]
    for words in ("one of the following is required", "on resource 'db01'"):
        assert words in outcome.output
    assert way.name == "check" or "the server said 'No:" in outcome.output
    assert outcome.output.count("(hidden)") > 10
    assert any("ansible-playbook" in command for command in outcome.commands)
    assert way.shipped is ("AnsiballZ_pam360_account_share" in outcome.output)
    assert outcome.left["ansible.log"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_output(outcomes: dict[str, Outcome], way: Way) -> None:
    leaks: list[Leak] = []
    for name, text in by_task(outcomes[way.name].output):
        leaks += SEARCH.find(text, f"{way.name}, {name}")
    assert not leaks, told(leaks)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_files_left_behind(outcomes: dict[str, Outcome], way: Way) -> None:
    leaks: list[Leak] = []
    for name, text in outcomes[way.name].left.items():
        leaks += SEARCH.find(text, f"{way.name}, file {name}")
    assert not leaks, told(leaks)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_process_list(outcomes: dict[str, Outcome], way: Way) -> None:
    leaks: list[Leak] = []
    for command in outcomes[way.name].commands:
        leaks += SEARCH.find(command, f"{way.name}, process {command[:60]}")
    assert not leaks, told(leaks)
    assert percent(CANARIES.token) not in "".join(outcomes[way.name].commands)
