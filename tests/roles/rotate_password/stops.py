# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that stands still, at every step of a rotation, while two whole runs pass, and then goes on.

Between two tasks it is stopped by SIGSTOP. Within a write to the vault or the change of the host it is held there,
after all that it reads before, which is the worst moment: what it does then is out of date.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from .kills import WRITES, between, heal, say
from .runs import Run
from .world import World

# The steps whose stop did harm in former versions, or would if they did not read the pending entry again.
SHORT = ("Give the host", "Give the account in the vault", "Remove the pending entry")


@dataclass(frozen=True)
class Stop:
    """Where a run stands still: before a task (its number, or a part of its name), within a write, or on the host."""

    task: int | str = 0
    write: int = 0

    def __str__(self) -> str:
        """Return it in words."""
        if self.task:
            return f"stopped before task {self.task}"
        return (
            f"held within the write of {WRITES[self.write - 1]}" if self.write else "held within the change of the host"
        )


def short() -> Iterator[Stop]:
    """Yield the stops of the short form."""
    yield from (Stop(task=name) for name in SHORT)
    yield Stop(write=2)
    yield Stop()


def everywhere(world: World) -> Iterator[Stop]:
    """Yield a stop before each task, and within each change."""
    yield from (Stop(task=kill.task) for kill in between(world))
    yield from (Stop(write=number) for number in range(1, len(WRITES) + 1))
    yield Stop()


def play_stop(world: World, stop: Stop, rng: random.Random | None = None) -> list[str]:
    """Let a run stand still while two whole runs pass, and go on; return what went wrong.

    :param rng: says whether a former run has left its rotation unfinished, and how the host proves a password
    """
    world.new_account()
    if rng and rng.random() < 0.5:
        world.settings["rotate_password_proof"] = rng.choice(("hash", "none"))
    before = world.passwords()[world.account]
    run = _standing(world, stop)
    if run is None:
        return [f"never reached: {stop}; the run said:\n{world.unsearched[-1][1]}"]
    name = f", {run.count()[1]}" if isinstance(stop.task, int) and stop.task else ""
    wrong = [] if world.opening() else [f"{stop}: no password of the vault opens the login while it stands"]
    for number in (1, 2):
        status, said = world.play()
        if status or not world.opening():
            wrong.append(f"{stop}: whole run {number} ended with {status}, {_opens(world)}; it said:\n{said}")
    _go_on(world, run, stop)
    status = world.finish(run)
    world.stops += 1
    opening = world.opening()
    world.lost += not opening
    say(f"  {stop}{name}: two runs passed; it ended with {status}; {_opens(world)}")
    if not opening:
        wrong.append(f"{stop}: lost; it said:\n{run.said()}")
    elif status == 0 and opening != [world.account]:
        wrong.append(f"{stop}: it ended well, and host and vault differ; it said:\n{run.said()}")
    elif status and (after := heal(world, before)):
        wrong.append(f"{stop}: {after}")
    return wrong


def _opens(world: World) -> str:
    names = ["the pending one" if name == world.pending else "the account's" for name in world.opening()]
    return f"opens: {', '.join(names) or 'NONE'}"


def _standing(world: World, stop: Stop) -> Run | None:
    """Start a run and return it as it stands, or nothing when it ended before."""
    if stop.task:
        run = world.start(at=stop.task, sends=signal.SIGSTOP)
        reached = run.until(run.stopped)
    elif stop.write:
        world.gate.arm(stop.write, "late")
        run = world.start()
        reached = run.until(world.gate.reached.is_set)
    else:
        world.machine.hold("before")
        run = world.start()
        reached = run.until(lambda: world.machine.held() is not None)
    if not reached:
        world.gate.disarm()
        world.machine.let_go()
        world.finish(run)
    return run if reached else None


def _go_on(world: World, run: Run, stop: Stop) -> None:
    if stop.task:
        run.go_on()
    elif stop.write:
        world.gate.go.set()
        world.gate.over.wait()
        world.gate.disarm()
    else:
        world.machine.release()
