# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the scenes, then the kills; print the counts. Called by ``make rotation`` in a mount namespace."""

from __future__ import annotations

import argparse
import signal
import sys
import time

from ansible_collections.vaultops.pam.tests.canary.search import told
from ansible_collections.vaultops.pam.tests.roles.rotate_password.kills import say
from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import machine
from pam360_standin import Standin

from .scenes import SCENES, wrong
from .world import World

WRITES = ("the resource", "the accounts", "the password of the account", "the end of the pending entry")


def scenes(world: World) -> tuple[int, list[str]]:
    """Play the scenes; return how many passed, and what went wrong."""
    passed, failures = 0, []
    for scene in SCENES:
        world.begin()
        found = scene(world)
        title = (scene.__doc__ or "").strip().rstrip(".")
        say(f"  {'FAILED' if found else 'ok'}: {title}")
        failures += [f"{title}: {each}" for each in found]
        passed += not found
        world.searched()
    return passed, failures


def kill_in_the_vault(world: World, nth: int, moment: str) -> bool:
    """Kill a run within a write; return whether it came so far."""
    world.gate.arm(nth, moment)
    started = world.start()
    reached = started.until(world.gate.reached.is_set)
    started.kill()
    world.gate.go.set()
    if reached:
        world.gate.over.wait()
    world.gate.disarm()
    world.finish(started)
    return reached


def healed(world: World, where: str) -> list[str]:
    """Judge after a kill, and after the run that follows; return what is wrong."""
    lost = not world.held()
    status, said = world.play()
    found = wrong(said, it_succeeds=status == 0, no_password_is_lost=not lost, both_sides_agree=world.agrees())
    say(f"  {'FAILED' if found else 'ok'}: killed {where}")
    world.searched()
    return [f"killed {where}: {each}" for each in found]


def kills(world: World, rounds: int) -> tuple[int, list[str]]:
    """Kill within each write, and with *rounds* before each task; return how many healed, and what went wrong."""
    count, failures = 0, []
    for nth, what in enumerate(WRITES, 1):
        world.begin()
        if not kill_in_the_vault(world, nth, "done"):
            return count, [*failures, f"never reached: {what}"]
        count += 1
        failures += healed(world, f"after the vault wrote {what}, before its answer")
    for _round in range(rounds):
        task, status = 1, -signal.SIGKILL
        while status == -signal.SIGKILL:
            world.begin()
            started = world.start(kill_at=task)
            status = world.finish(started)
            if status == -signal.SIGKILL:
                count += 1
                failures += healed(world, "before task {}, {}".format(*started.count()))
            task += 1
    return count - len(failures), failures


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=0, help="rounds of kills at all tasks; 0: a short form")
    given = parser.parse_args()
    start = time.monotonic()
    with machine() as host, Standin(seed={"resources": []}, tls=True) as vault:
        world = World(host, vault)
        say("onboarding: scenes")
        passed, failures = scenes(world)
        say("onboarding: kills")
        healthy, more = kills(world, given.rounds)
        failures += more
    if world.leaks:
        failures.append(told(world.leaks))
    for each in failures:
        say(f"FAILED {each}")
    say(f"{world.runs} runs, {len(world.known)} passwords, {time.monotonic() - start:.0f} s")
    say(f"{passed + healthy} passed, {len(failures)} failed")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
