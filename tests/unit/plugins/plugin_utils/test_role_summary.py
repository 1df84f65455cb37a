# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary of a role: counts that add up, few lines that are aligned."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vaultops.pam.plugins.filter import role_summary as summary_filter
from ansible_collections.vaultops.pam.plugins.plugin_utils._role_summary import MAX_LINES, OUTCOMES

summary = summary_filter.FilterModule().filters()["role_summary"]


def row(host: str, outcome: str, **more: str) -> dict[str, str]:
    """Return what became of an account."""
    return {"host": host, "name": "root", "outcome": outcome, **more}


def test_nothing_to_do_is_one_line() -> None:
    """Hosts where nothing happened are counted, and not listed."""
    found = summary([row(f"db{number}", "unchanged") for number in range(1000)])
    assert found["lines"] == ["1000 hosts: 1000 unchanged"]
    assert found["stats"]["hosts"] == {}
    assert found["stats"]["counts"] == {**dict.fromkeys(OUTCOMES, 0), "unchanged": 1000}


def test_what_happened_is_aligned() -> None:
    """Each host has a line with the same columns; then the failures, and what cannot be seen."""
    rows = [
        *[row("db1", "created")] * 12,
        row("web-frontend", "updated"),
        row("db3", "not_due"),
        row("db4", "failed", msg="The vault did not answer."),
    ]
    assert summary(rows, ["shares", "owner", "shares"])["lines"] == [
        "4 hosts: 12 created, 1 updated, 1 not due, 1 failed",
        "db1           12 created  - updated  - failed",
        "web-frontend   - created  1 updated  - failed",
        "db4            - created  - updated  1 failed",
        "db4, root: The vault did not answer.",
        "not sent, and not shown by the vault: owner, shares",
    ]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [([], ["0 hosts: nothing"]), ([row("db1", "rotated")], ["1 host: 1 rotated"])],
)
def test_few_hosts(rows: list[dict[str, str]], lines: list[str]) -> None:
    """A single host needs no line of its own."""
    assert summary(rows)["lines"] == lines


def test_many_hosts_are_short() -> None:
    """After some lines the rest is one."""
    rows = [row(f"db{number:03}", "failed" if number % 2 else "created", msg="No.") for number in range(100)]
    lines = summary(rows)["lines"]
    assert len(lines) == 1 + MAX_LINES + 1 + MAX_LINES + 1
    assert lines[1 + MAX_LINES] == "80 more hosts: 40 created, 40 failed"
    assert lines[-1] == "30 more failures"


def test_parts_of_a_run_add_up() -> None:
    """Two batches give the same data as one."""
    first = [row("db1", "created"), row("db2", "failed", msg="No.")]
    second = [row("db3", "updated"), row("db4", "unchanged")]
    whole = summary([*first, *second], ["owner", "shares"], notes=["a", "b"])
    part = summary(first, ["owner"], notes=["a"])["stats"]
    assert summary(second, ["shares"], part, notes=["b"]) == whole
    # Of several earlier parts the last one counts, as it holds the others.
    assert summary(second, ["shares"], [part, summary([])["stats"]], notes=["b"]) == whole
    assert len(whole["lines"]) == 8
    assert whole["text"] == whole["lines"] == whole["stats"]["text"]


@pytest.mark.parametrize("rows", [[row("db1", "exploded")], [{"outcome": "created"}], [{}], ["db1"], "db1"])
def test_rows_of_another_shape_are_refused(rows: Any) -> None:
    """It is an error of the role, and is found in its tests."""
    with pytest.raises(AnsibleFilterError, match="role_summary"):
        summary(rows)
