# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play scenes, kills and stops; print the counts. Called by ``make rotation`` in a mount namespace."""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import time
from collections.abc import Sequence

from ansible_collections.vaultops.pam.tests.canary.search import told
from pam360_standin import Standin

from .cost import costs
from .kills import between, play_chain, play_kill, say, within
from .machine import machine
from .scenes import MORE, QUICK, Scene
from .stops import everywhere, play_stop, short
from .world import RESOURCE, World


def scenes(world: World, played: Sequence[Scene]) -> tuple[int, list[str]]:
    """Play the scenes without a kill; return how many passed, and what went wrong."""
    passed, wrong = 0, []
    for scene in played:
        world.new_account()
        world.writes()
        found = scene(world)
        title = (scene.__doc__ or "").strip().rstrip(".")
        say(f"  {'FAILED' if found else 'ok'}: {title}")
        wrong += [f"{title}: {each}" for each in found]
        passed += not found
        world.searched()
    return passed, wrong


def kills(world: World, rounds: int, rng: random.Random) -> list[str]:
    """Kill at all steps, *rounds* times; with no rounds one rotation, again and again. Return what went wrong."""
    wrong: list[str] = []
    if rounds == 0:
        world.new_account()
        wrong += play_chain(world)
        world.searched()
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        steps = [*between(world), *within()]
        last = max(kill.task for kill in steps)
        for kill in steps:
            wrong += play_kill(world, kill, rng, last)
            world.searched()
    return wrong


def stops(world: World, rounds: int, rng: random.Random) -> list[str]:
    """Let a run stand still at all steps, *rounds* times; with no rounds at some. Return what went wrong."""
    wrong: list[str] = []
    for stop in short() if not rounds else (stop for _round in range(rounds) for stop in everywhere(world)):
        wrong += play_stop(world, stop, rng if rounds else None)
        world.searched()
    return wrong


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=0, help="rounds of kills at all steps; 0: a short form")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ROTATION_SEED") or secrets.randbits(32)))
    parser.add_argument("--cost", type=int, default=0, help="measure this many runs, and nothing else")
    given = parser.parse_args()
    start, seed = time.monotonic(), {"resources": [{"name": RESOURCE, "accounts": []}]}
    with machine() as host, Standin(seed=seed, tls=True) as vault:
        world = World(host, vault)
        if given.cost:
            costs(world, given.cost)
            return
        say(f"scenes (seed {given.seed})")
        passed, wrong = scenes(world, (*QUICK, *MORE) if given.rounds else QUICK)
        say("kills")
        rng = random.Random(given.seed)
        wrong += kills(world, given.rounds, rng)
        say("stops")
        wrong += stops(world, given.rounds, rng)
    if world.leaks:
        wrong.append(told(world.leaks))
    for each in wrong:
        say(f"FAILED {each}")
    took = f"{time.monotonic() - start:.0f} s"
    say(f"{world.runs} runs, {len(world.known)} passwords, {world.search.outputs} outputs searched, {took}")
    say(f"kills: {world.kills}, stops: {world.stops}, passwords lost: {world.lost}, leaks: {len(world.leaks)}")
    bad = len(wrong) + world.lost
    say(f"{passed + world.kills + world.stops - world.lost} passed, {bad} failed")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
