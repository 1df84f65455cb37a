# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host and a vault in few words, and runs of a rotation that play on them step by step, as the table says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ansible_collections.vaultops.pam.plugins.plugin_utils._rotation import (
    ENDS,
    GOOD,
    Answer,
    Entry,
    Known,
    Proof,
    Step,
    Vault,
    next_step,
)


@dataclass(frozen=True)
class World:
    """Both sides. Passwords are numbers, and each is made once.

    :ivar entry: the pending entry as (ID, password); an ID is never used again
    """

    host: int = 0
    account: int = 0
    entry: tuple[int, int] | None = None
    made: int = 0

    @property
    def lost(self) -> bool:
        """Whether the vault holds no password that opens the host."""
        return self.host not in (self.account, self.entry[1] if self.entry else None)

    @property
    def agrees(self) -> bool:
        """Whether host and account have the same password."""
        return self.host == self.account


@dataclass(frozen=True)
class Run:
    """A run of the role for the one account.

    :ivar entry: ID of the pending entry that it knows of
    :ivar holds: what it has read and not yet acted on, where a step is played in two halves
    :ivar refused: whether the host refuses it
    """

    known: Known
    entry: int = 0
    holds: tuple[int, int] | None = None
    refused: bool = False

    @property
    def step(self) -> Step:
        """Return the next step."""
        return next_step(self.known)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.step in ENDS

    @property
    def green(self) -> bool:
        """Whether it has ended well."""
        return self.step in GOOD


def begin(world: World, proof: Proof, vault: Vault = Vault.DUE, *, refused: bool = False) -> Run:
    """Return a run that has looked at the vault."""
    entry = Entry.FOUND if world.entry else Entry.NONE
    return Run(Known(proof, vault, entry), world.entry[0] if world.entry else 0, None, refused)


def answered(run: Run, answer: Answer, entry: int | None = None) -> Run:
    """Return the run after its step."""
    return replace(
        run, known=run.known.after(run.step, answer), entry=run.entry if entry is None else entry, holds=None
    )


def played(world: World, run: Run) -> tuple[World, Run]:
    """Play the next step as a whole: what it reads again and what it changes are one."""
    first = read(world, run)
    return changed(world, first) if first.holds else (world, first)


def read(world: World, run: Run) -> Run:
    """Play a question, or the first half of a change: what it reads again. It has an answer when that is gone."""
    there = world.entry if world.entry and world.entry[0] == run.entry else None
    step = run.step
    if step in (Step.LOOK, Step.SAY):
        return answered(run, Answer.YES)
    if step is Step.LOOK_AGAIN:
        if not world.entry:
            return answered(run, Answer.ABSENT)
        other = run.known.entry in (Entry.FOUND, Entry.MADE) and not there
        return answered(run, Answer.NO if other else Answer.YES, world.entry[0])
    if step is Step.TRY_OLD:
        return answered(run, Answer.YES if world.agrees else Answer.NO)
    if step is Step.TRY_NEW:
        if not there:
            return answered(run, Answer.ERROR)
        return answered(run, Answer.YES if world.host == there[1] else Answer.NO)
    if step is Step.MAKE:
        return replace(run, holds=(0, 0))
    return replace(run, holds=there) if there else answered(run, Answer.ERROR)


def changed(world: World, run: Run) -> tuple[World, Run]:
    """Play the second half of a change, with what the first half has read."""
    step, password = run.step, (run.holds or (0, 0))[1]
    if step is Step.MAKE:
        if world.entry:
            return world, answered(run, Answer.NO, world.entry[0])
        made = world.made + 1
        return replace(world, entry=(made, made), made=made), answered(run, Answer.YES, made)
    if step is Step.SET:
        if run.refused:
            return world, answered(run, Answer.ERROR)
        return replace(world, host=password), answered(run, Answer.YES)
    if step is Step.WRITE:
        return replace(world, account=password), answered(run, Answer.YES)
    return replace(world, entry=None), answered(run, Answer.YES)  # by name, as the module does


def to_the_end(world: World, run: Run) -> tuple[World, Run]:
    """Play all that is left."""
    while not run.over:
        world, run = played(world, run)
    return world, run


def whole(world: World, proof: Proof, *, refused: bool = False) -> tuple[World, Run]:
    """Play a whole run."""
    return to_the_end(world, begin(world, proof, refused=refused))


def moments(world: World, run: Run) -> Iterator[tuple[World, Run]]:
    """Yield each moment between two steps, from the beginning to the end."""
    yield world, run
    while not run.over:
        world, run = played(world, run)
        yield world, run


def in_any_order(proof: Proof, refused: tuple[bool, ...], *, halves: bool) -> Iterator[tuple[World, bool]]:
    """Play runs in all orders of their steps; yield each world that comes to pass, and whether all have ended.

    :param refused: one for each run: whether the host refuses it
    :param halves: play what a step reads again and what it changes one by one, so that others come in between
    """
    seen: set[tuple[World, tuple[Run | None, ...]]] = set()
    ahead: list[tuple[World, tuple[Run | None, ...]]] = [(World(), (None,) * len(refused))]
    while ahead:
        world, runs = ahead.pop()
        if (world, runs) in seen:
            continue
        seen.add((world, runs))
        going = [number for number, run in enumerate(runs) if run is None or run.holds or not run.over]
        yield world, not going
        for number in going:
            after, run = _one_further(world, runs[number], proof, refused[number], halves=halves)
            ahead.append((after, (*runs[:number], run, *runs[number + 1 :])))


def _one_further(world: World, run: Run | None, proof: Proof, refused: bool, *, halves: bool) -> tuple[World, Run]:
    if run is None:
        return world, begin(world, proof, refused=refused)
    if run.holds:
        return changed(world, run)
    return (world, read(world, run)) if halves else played(world, run)
