# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor finds exactly how a stand-in behaves, and stand-in and modules follow its file.

``make doctor`` sets DOCTOR_ROUNDS to the number of random combinations, and plays all beats for every profile; without
it a share of them is played.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.tests.unit._doctor_world import (
    BEATS,
    CHOICES,
    broken_beats,
    examined,
    expected,
    mixed_profile,
    named,
    seed,
    single_profiles,
    verdicts,
)
from ansible_collections.vaultops.pam.tests.unit._faults_world import World
from pam360_standin import Standin

ROUNDS = int(os.environ.get("DOCTOR_ROUNDS", "0"))
SHARE = BEATS if ROUNDS else (*BEATS[::4], BEATS[-1])


def round_trip(profile: dict[str, str], path: Path, *, beats: bool) -> None:
    """From a server to its profile, and from the profile to such a server and to the modules."""
    with World(seed(), profile=profile) as world:
        result = examined(world, path)
    assert verdicts(result) == expected(profile)
    unsure = [name for name, finding in result["findings"].items() if finding["certainty"] == "inferred"]
    assert set(unsure) <= {"readable_settings"}
    like_it = Standin(seed=seed(), profile_file=path)
    assert {name: like_it.profile[name] for name in CHOICES} == {
        name: value if value is not None else like_it.profile[name] for name, value in expected(profile).items()
    }
    if beats:
        assert broken_beats(path, SHARE) == []


@pytest.mark.parametrize("profile", list(single_profiles()), ids=named)
def test_each_value_alone(profile: dict[str, str], tmp_path: Path) -> None:
    """The defaults, and one value away from them."""
    round_trip(profile, tmp_path / "server.json", beats=bool(ROUNDS))


@pytest.mark.parametrize("number", range(ROUNDS or 10))
def test_values_together(number: int, tmp_path: Path) -> None:
    """A random value for each: the number is the seed."""
    round_trip(mixed_profile(number), tmp_path / "server.json", beats=True)
