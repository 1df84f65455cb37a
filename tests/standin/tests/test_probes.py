# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every doubt of the contract can be told from outside: each profile, alone and among others."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from conftest import Client
from pam360_standin import Standin
from pam360_standin.variants import VARIANTS
from probes import READS, SEED, WRITES

# Profiles that are no doubt of section 12, or that no answer gives away.
NOT_PROBED = {"clock_offset", "utc_offset", "host_check", "ignore_fields", "custom_fields_password"}
NOT_PROBED.add("custom_fields_on_edit")  # with "no" an edit cannot show anything of custom fields
TEXTS = {"readable_settings": ("", "COMMAND_SET")}
CHOICES = {name: variant.values or TEXTS[name] for name, variant in VARIANTS.items() if name not in NOT_PROBED}
SEEDS = range(12)


def found(profile: dict[str, str]) -> dict[str, str]:
    """Probe a fresh stand-in; a probe that contradicts another fails."""
    seen: dict[str, str] = {}
    with Standin(seed=SEED, profile=profile) as standin:
        client = Client(standin)
        for probe in (*READS, *WRITES):
            for name, value in probe(client).items():
                assert seen.setdefault(name, value) == value, (probe.__name__, name)
    return seen


def expected(profile: dict[str, str]) -> dict[str, str]:
    """Return all values that a probe must find."""
    return {name: profile.get(name, VARIANTS[name].default) for name in CHOICES}


ALONE = [{name: value} for name, values in CHOICES.items() for value in values if value != VARIANTS[name].default]


@pytest.mark.parametrize("profile", [{}, *ALONE], ids=str)
def test_each_value_alone(profile: dict[str, str]) -> None:
    """The defaults are told, and one profile away from them, and the others are as they were."""
    assert found(profile) == expected(profile)


@pytest.mark.parametrize("seed", SEEDS)
def test_values_together(seed: int) -> None:
    """Any combination is told: no switch hides another."""
    chance = random.Random(seed)
    profile = {name: chance.choice(values) for name, values in CHOICES.items()}
    assert found(profile) == expected(profile)


def test_the_table_of_the_readme_is_the_profiles() -> None:
    """Each profile with its values, the default first, and the probe that tells it."""
    lines = [line.split(" | ") for line in (Path(__file__).parents[1] / "README.md").read_text().splitlines()]
    table = {cells[0].strip("| `"): cells for cells in lines if len(cells) == 6 and cells[0].startswith("| `")}
    assert list(table) == [*dict.fromkeys(table)]
    assert set(table) == set(VARIANTS)
    for name, cells in table.items():
        variant = VARIANTS[name]
        values = ["" if value == "empty" else value.strip("`") for value in cells[1].split(", ")]
        assert values[0] == variant.default, name
        assert variant.values is None or values == list(variant.values), name
        assert bool(cells[5].strip("| ")) is (name in CHOICES), name
