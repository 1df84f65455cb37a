# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at every step of a rotation: before each task, within each write to the vault and the change of the host."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .world import World

WRITES = ("the pending entry", "the account", "the end of the pending entry")
MOMENTS = {
    "lost": "killed before the vault did it",
    "late": "killed first, and then the vault did it",
    "done": "killed after the vault did it, before its answer",
}
HOST = {
    "lost": "killed with the module, before it did anything",
    "late": "killed first, and then the module did it",
    "done": "killed after the module did it, before its answer",
}


@dataclass(frozen=True)
class Kill:
    """Where to kill. ``task``: number of the task that does not start any more; ``write``: number of the write."""

    where: str
    task: int = 0
    write: int = 0
    moment: str = ""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def within() -> Iterator[Kill]:
    """Yield the kills within a write, on each side."""
    for number, what in enumerate(WRITES, 1):
        for moment, how in MOMENTS.items():
            yield Kill(f"write of {what}: {how}", write=number, moment=moment)
    for moment, how in HOST.items():
        yield Kill(f"change of the host: {how}", moment=moment)


def chain() -> Iterator[Kill]:
    """Yield kills for one rotation that is never left alone: each hits the run that would finish it."""
    for number, what, moments in (
        (1, WRITES[0], ("lost", "done")),
        (0, "", ("lost", "done")),
        (1, WRITES[1], ("lost", "done")),
        (2, WRITES[2], ("lost", "done")),
    ):
        for moment in moments:
            where = f"write of {what}: {MOMENTS[moment]}" if number else f"change of the host: {HOST[moment]}"
            yield Kill(where, write=number, moment=moment)


def between(world: World) -> Iterator[Kill]:
    """Yield the kills before each task, as counted in a whole run; an account of its own is rotated for it."""
    world.new_account()
    run = world.start()
    if world.finish(run):
        raise SystemExit(f"A run without a kill failed:\n{run.said()}")
    last, _name = run.count()
    for number in range(1, last + 1):
        yield Kill(f"before task {number}", task=number)


def strike(world: World, kill: Kill) -> str:
    """Start a run and kill it; return where it was, or nothing when the run ended before."""
    if kill.task:
        run = world.start(at=kill.task)
        status = world.finish(run)
        number, name = run.count()
        where = f"before task {number}, {name}" if status == -signal.SIGKILL else ""
    elif kill.write:
        where = _in_the_vault(world, kill)
    else:
        where = _on_the_host(world, kill)
    world.kills += bool(where)
    return where


def _in_the_vault(world: World, kill: Kill) -> str:
    gate = world.gate
    gate.arm(kill.write, kill.moment)
    run = world.start()
    reached = run.until(gate.reached.is_set)
    run.kill()
    gate.go.set()
    if reached:
        gate.over.wait()
    gate.disarm()
    world.finish(run)
    return kill.where if reached else ""


def _on_the_host(world: World, kill: Kill) -> str:
    machine, waiting = world.machine, [0]

    def reached() -> bool:
        waiting[0] = waiting[0] or machine.held() or 0
        return bool(waiting[0])

    machine.hold("after" if kill.moment == "done" else "before")
    run = world.start()
    found = run.until(reached)
    run.kill()
    machine.let_go()
    if found and kill.moment == "lost":
        os.kill(waiting[0], signal.SIGKILL)
    elif found:
        pidfd = os.pidfd_open(waiting[0])
        machine.release()
        select.select([pidfd], [], [])  # it is not our child, so it cannot be waited for
        os.close(pidfd)
    world.finish(run)
    return kill.where if found else ""


def judge(world: World, where: str) -> None:
    """Look whether the vault holds a password that opens the login."""
    opening = world.opening()
    held = "pending entry" if world.pending in world.passwords() else "no pending entry"
    which = ", ".join("the pending one" if name == world.pending else "the account's" for name in opening) or "NONE"
    say(f"  {where}: {held}; opens: {which}")
    world.lost += not opening


def heal(world: World, before: str, **settings: Any) -> str | None:
    """Run the role to its end; return what is wrong then, if anything is."""
    status, said = world.play(**settings)
    if status:
        return f"the run after the kill failed:\n{said}"
    held = world.passwords()
    if set(held) != {world.account}:
        return f"the vault holds {len(held)} accounts after the run, not 1"
    if not world.machine.opens(world.account, held[world.account]):
        return "the password in the vault does not open the login"
    if held[world.account] == before:
        return "the password is the old one"
    return None


def play_chain(world: World) -> list[str]:
    """Kill every run of one rotation until it is through; return what went wrong."""
    before = world.passwords()[world.account]
    for kill in chain():
        where = strike(world, kill)
        if not where:
            return [f"never reached: {kill.where}; the run said:\n{world.unsearched[-1][1]}"]
        judge(world, where)
    wrong = heal(world, before, rotate_password_when="expired")
    return [wrong] if wrong else []


def play_kill(world: World, kill: Kill, rng: random.Random | None, last: int = 0) -> list[str]:
    """Kill a run and judge; with *rng* do so with some of the runs that would heal it; heal. Return what went wrong.

    *last*: number of the last task of a run.
    """
    held = world.passwords()
    before = held[world.account]
    where = strike(world, kill)
    if not where:
        return [f"never reached: {kill.where}; the run said:\n{world.unsearched[-1][1]}"]
    judge(world, where)
    if kill.task and world.passwords() == held:
        return []  # killed before anything was written: nothing to heal
    while rng and rng.random() < 0.5:
        again = strike(world, Kill("", task=rng.randint(1, last)))
        judge(world, f"  the next run {again or 'was through before it could be killed'}")
    wrong = heal(world, before)
    return [f"{where}: {wrong}"] if wrong else []
