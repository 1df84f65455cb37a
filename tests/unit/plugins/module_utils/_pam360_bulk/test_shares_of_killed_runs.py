# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed, and runs side by side: after the next run no share is missing, and none is there too many.

``KILLS=200`` kills so many runs in each way; the seed of each is in its name.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._killed_runs import Runs
from pam360_standin import Standin

KILLS = int(os.environ.get("KILLS", "6"))
KEY = {"tracking_key": "k3y of the t3am"}
USERS = [{"id": "99", "name": "admin"}, *({"id": str(number), "name": f"user{number}"} for number in range(1, 26))]
SEED = {
    "users": USERS,
    "custom_fields": {
        kind: [{"label": "Ansible state", "type": "Character"}, {"label": "Owner", "type": "Character"}]
        for kind in ("account", "resource")
    },
    "resources": [{"name": "db01", "accounts": [{"name": "root", "custom_fields": {"Owner": "ops"}}]}],
}
FIRST, SECOND, THIRD = ({"user": f"user{number}", "access_type": "view"} for number in (1, 2, 3))


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    """Return the process that makes the others."""
    made = Runs()
    yield made
    made.close()


@pytest.fixture
def vault() -> Iterator[Standin]:
    """Return a vault with one account, and the fields for fingerprints."""
    with Standin(seed=SEED) as standin:
        yield standin


def shares(vault: Standin, account: str = "root") -> set[str]:
    """Return who may use an account, by the vault's own state."""
    return set(vault.state.account("db01", account).shares["user"])


def bulk(*listed: dict[str, str], account: str = "root", purge: bool = True) -> tuple[str, dict[str, Any]]:
    """Return a task for one account with its shares."""
    entry = {"resource": "db01", "name": account, "command_set": 5, "shares": list(listed)}
    return "pam360_accounts", {"accounts": [entry], "purge": purge, **KEY}


def one(share: dict[str, str], state: str = "present") -> tuple[str, dict[str, Any]]:
    """Return a task for one share."""
    return "pam360_account_share", {"resource": "db01", "account": "root", **share, "state": state, **KEY}


# What is there before, the run that is killed, the next run, and who has access after that.
WAYS: dict[str, tuple[list[Any], Any, Any, set[str]]] = {
    "new account": ([], bulk(FIRST, SECOND, account="new"), bulk(FIRST, SECOND, account="new"), {"1", "2"}),
    "new account, other wish": ([], bulk(FIRST, SECOND, account="new"), bulk(FIRST, account="new"), {"1"}),
    "adopted": ([], bulk(FIRST, SECOND), bulk(FIRST, SECOND), {"1", "2"}),
    "without purge": (
        [bulk(FIRST, SECOND)],
        bulk(SECOND, THIRD, purge=False),
        bulk(SECOND, THIRD, purge=False),
        {"1", "2", "3"},
    ),
    "purge": ([bulk(FIRST, SECOND)], bulk(SECOND, THIRD), bulk(SECOND, THIRD), {"2", "3"}),
    "purge, other wish": ([bulk(FIRST, SECOND)], bulk(SECOND, THIRD), bulk(FIRST), {"1"}),
    "purge of all": ([bulk(FIRST, SECOND)], bulk(), bulk(), set()),
    "task for one share": ([], one(FIRST), one(FIRST), {"1"}),
    "task for one share, purge": ([], one(FIRST), bulk(SECOND), {"2"}),
    "task that revokes": ([one(FIRST), one(SECOND)], one(FIRST, "absent"), one(FIRST, "absent"), {"2"}),
    "task that revokes, purge": ([one(FIRST), one(SECOND)], one(FIRST, "absent"), bulk(SECOND), {"2"}),
}


@pytest.mark.parametrize("seed", range(KILLS))
@pytest.mark.parametrize("way", WAYS)
def test_a_killed_run_leaves_nothing_that_the_next_does_not_mend(
    vault: Standin, runs: Runs, way: str, seed: int
) -> None:
    """Killed with SIGKILL after a request that the seed tells."""
    before, killed, following, wanted = WAYS[way]
    account = "new" if way.startswith("new") else "root"
    for task in before:
        runs.play(vault, [task])
    runs.play(vault, [killed], kill_after=random.Random(f"{way}-{seed}").randint(1, 14))
    runs.play(vault, [following])
    assert shares(vault, account) == wanted
    runs.play(vault, [following])
    assert vault.journal.writes() == []
    assert vault.state.account("db01", "root").custom_fields["Owner"] == "ops"


@pytest.mark.parametrize("seed", range(max(KILLS // 3, 1)))
def test_twenty_tasks_at_once_on_one_account(vault: Standin, runs: Runs, seed: int) -> None:
    """Each grants another share; the next run misses none, and a purge knows all of them."""
    granted = [{"user": f"user{number}", "access_type": "view"} for number in range(1, 21)]
    random.Random(seed).shuffle(granted)
    runs.play(vault, [one(share) for share in granted])
    for share in granted:
        runs.play(vault, [one(share)])
    assert shares(vault) == {str(number) for number in range(1, 21)}
    runs.play(vault, [bulk(granted[0])])
    assert shares(vault) == {granted[0]["user"].removeprefix("user")}


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_share_of_a_resource(vault: Standin, runs: Runs, seed: int) -> None:
    """The same for a whole resource."""
    share = ("pam360_resource_share", {"resource": "db01", **FIRST, **KEY})
    runs.play(vault, [share], kill_after=random.Random(seed).randint(1, 8))
    runs.play(vault, [share])
    listed = {"resources": [{"name": "db01", "shares": [SECOND]}], "purge": True, **KEY}
    runs.play(vault, [("pam360_accounts", listed)])
    (resource,) = [one for one in vault.state.resources.values() if one.name == "db01"]
    assert set(resource.shares["user"]) == {"2"}
