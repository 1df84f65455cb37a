# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server profiles: a file that a doctor wrote makes the stand-in behave like that server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pam360_standin import Standin
from pam360_standin.variants import VARIANTS

GOOD: dict[str, Any] = {"format": "vaultops.pam server profile", "version": 1, "vault": "pam360", "findings": {}}


def written(path: Path, **changes: Any) -> Path:
    """Write a profile file; a key set to None is left out."""
    whole = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    path.write_text(json.dumps(whole))
    return path


def finding(verdict: Any) -> dict[str, Any]:
    """Return a finding as the doctor writes it."""
    return {"verdict": verdict, "certainty": "not probed" if verdict is None else "seen", "evidence": ["R1: Failed"]}


def test_verdicts_are_applied(tmp_path: Path) -> None:
    """What was found holds, what was not is the default, and an option beats the file."""
    findings = {
        "names": finding("case_insensitive"),
        "search": finding(None),
        "add_answer": finding("list"),
        "message:EDIT ACCOUNT": finding("done"),
    }
    path = written(tmp_path / "profile.json", findings=findings, server="made by hand")
    standin = Standin(profile_file=path, profile={"add_answer": "object"})
    assert standin.profile["names"] == "case_insensitive"
    assert standin.profile["search"] == VARIANTS["search"].default
    assert standin.profile["add_answer"] == "object"
    assert standin.profile["message:EDIT ACCOUNT"] == "done"
    standin.profile["names"] = "exact"
    standin.reset()
    assert standin.profile["names"] == "case_insensitive"


def test_every_value_of_every_profile_can_stand_in_a_file(tmp_path: Path) -> None:
    """The names and values of the file are the stand-in's own."""
    for name, variant in VARIANTS.items():
        for value in variant.values or (variant.default,):
            path = written(tmp_path / "profile.json", findings={name: finding(value)})
            assert Standin(profile_file=path).profile[name] == value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": None}, "is not a server profile"),
        ({"format": "something else"}, "is not a server profile"),
        ({"version": 2}, "'version' is 2"),
        ({"vault": "cyberark"}, "'vault' is 'cyberark'"),
        ({"findings": None}, "'findings'"),
        ({"findings": []}, "'findings'"),
        ({"findings": {"nams": finding("exact"), "serch": finding(None)}}, "unknown profile: nams, serch"),
        ({"findings": {"names": "exact"}}, "'names' has no 'verdict'"),
        ({"findings": {"names": {"certainty": "seen"}}}, "'names' has no 'verdict'"),
        ({"findings": {"startindex_base": finding(1)}}, "'startindex_base' is a string or null, not 1"),
        ({"findings": {"names": finding("fuzzy")}}, "profile 'names' is one of"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """A sentence that says what is wrong, never half of a profile."""
    with pytest.raises(ValueError, match=message):
        Standin(profile_file=written(tmp_path / "profile.json", **changes))


@pytest.mark.parametrize("text", ["", "no: json", "[]", "[" * 100_000])
def test_no_json(tmp_path: Path, text: str) -> None:
    """Any other file."""
    path = tmp_path / "profile.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"profile\.json is not"):
        Standin(profile_file=path)


def test_a_file_with_a_mark_at_its_start(tmp_path: Path) -> None:
    """Windows editors put one there."""
    path = written(tmp_path / "profile.json", findings={"names": finding("case_insensitive")})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert Standin(profile_file=path).profile["names"] == "case_insensitive"
