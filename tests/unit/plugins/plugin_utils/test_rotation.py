# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a rotation, walked through completely, and what it promises wherever runs are stopped or killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest

from ansible_collections.vaultops.pam.plugins.plugin_utils._rotation import (
    ENDS,
    ROWS,
    Answer,
    Entry,
    Host,
    Known,
    Proof,
    Step,
    Vault,
    next_step,
)
from ansible_collections.vaultops.pam.tests.unit._rotation_model import (
    World,
    begin,
    changed,
    in_any_order,
    moments,
    read,
    to_the_end,
    whole,
)

REAL = [proof for proof in Proof if proof is not Proof.CHECK]
YES_OR_NO = (Answer.YES, Answer.NO, Answer.ERROR)
ANSWERS = {
    Step.LOOK: (Answer.YES, Answer.ABSENT, Answer.ERROR),
    Step.TRY_OLD: YES_OR_NO,
    Step.TRY_NEW: YES_OR_NO,
    Step.MAKE: YES_OR_NO,
    Step.LOOK_AGAIN: tuple(Answer),
    Step.SAY: (Answer.YES,),
}


def answers(known: Known) -> tuple[Answer, ...]:
    """Return all answers that the next step can have."""
    step = next_step(known)
    if known.proof is Proof.HASH and step in (Step.TRY_OLD, Step.TRY_NEW):
        return (*YES_OR_NO, Answer.ABSENT)  # the host tells that there is no such account; a login does not
    return ANSWERS.get(step, (Answer.YES, Answer.ERROR))


def beginnings() -> Iterator[Known]:
    """Yield all that the first look at the vault can show."""
    for proof in Proof:
        for vault in (Vault.VALID, Vault.DUE, Vault.MISSING):
            for entry in (Entry.NONE, Entry.FOUND):
                yield Known(proof, vault, entry)
        for entry in (Entry.NONE, Entry.FOUND):  # the vault does not tell whether a password is due
            yield Known(proof, Vault.DUE, entry, Host.BROKEN)


def walked() -> dict[Known, set[Known]]:
    """Return all that can be known, each with what can be known after its step."""
    seen: dict[Known, set[Known]] = {}
    ahead = list(beginnings())
    while ahead:
        known = ahead.pop()
        if known in seen:
            continue
        step = next_step(known)
        seen[known] = set() if step in ENDS else {known.after(step, answer) for answer in answers(known)}
        ahead += seen[known]
    return seen


def test_each_state_has_one_step_and_each_row_is_used() -> None:
    """No two rows speak of one state, no state that can be is without a row, and nothing in a row is for nothing."""
    named = Counter(
        (proof, vault, entry, host)
        for proofs, vaults, entries, hosts, _step in ROWS
        for proof in proofs
        for vault in vaults
        for entry in entries
        for host in hosts
    )
    assert [state for state, count in named.items() if count > 1] == []
    reached = {(known.proof, known.vault, known.entry, known.host) for known in walked()}
    idle = [
        (step, value)
        for *columns, step in ROWS
        for number, column in enumerate(columns)
        for value in column
        if not any(state[number] == value for state in product(*columns) if state in reached)
    ]
    assert idle == []


def test_each_walk_ends() -> None:
    """Whatever the answers are, no state comes twice, so the steps come to an end; each end is reached."""
    graph = walked()
    longest: dict[Known, int] = {}

    def length(known: Known, before: tuple[Known, ...] = ()) -> int:
        assert known not in before, [next_step(each) for each in before]
        if known not in longest:
            longest[known] = 1 + max((length(each, (*before, known)) for each in graph[known]), default=0)
        return longest[known]

    assert max(length(known) for known in beginnings()) < 40
    assert {next_step(known) for known in graph} == set(Step)


@pytest.mark.parametrize("proof", REAL)
def test_a_rotation_brings_a_new_password(proof: Proof) -> None:
    """Nobody disturbs it: both sides have a new password, and nothing is left."""
    for begin_with in (World(), World(entry=(7, 7), made=7), World(host=7, entry=(7, 7), made=7)):
        world, run = whole(begin_with, proof)
        assert run.step is Step.DONE
        assert world.agrees
        assert world.host not in (0, begin_with.made + 2)
        assert world.entry is None


@pytest.mark.parametrize("proof", REAL)
def test_a_host_that_refuses_keeps_its_password(proof: Proof) -> None:
    """The run fails, nothing is lost, and the next one brings a new password."""
    world, run = whole(World(), proof, refused=True)
    assert not run.green
    assert world.agrees
    assert (world.entry is None) == (proof is not Proof.NONE)
    heals(world, proof)


def heals(world: World, proof: Proof) -> None:
    """The next run, alone, ends well, with both sides the same and nothing left."""
    assert not world.lost
    after, run = whole(world, proof)
    if not run.green and proof is Proof.LOGIN:  # the vault did not know the password that the host has
        after, run = whole(world, Proof.BLIND)
    assert run.green
    assert after.agrees
    assert after.entry is None


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("proof", REAL)
def test_a_run_that_is_killed_loses_nothing(proof: Proof, refused: bool) -> None:
    """Killed between two steps, or within one: before it was carried out, afterwards, or in the meantime."""
    kills = 0
    for start in (World(), World(entry=(7, 7), made=7)):
        for world, run in moments(start, begin(start, proof, refused=refused)):
            heals(world, proof)
            kills += 1
            if not run.over and (half := read(world, run)).holds:
                heals(changed(world, half)[0], proof)
                kills += 1
    assert kills > 10


@pytest.mark.parametrize("between", [False, True])
@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("proof", REAL)
def test_a_run_that_stood_still_does_no_harm(proof: Proof, refused: bool, between: bool) -> None:
    """Stopped between two steps, or *between* what a step reads and what it changes, while two whole runs pass."""
    stops = 0
    for start in (World(), World(entry=(7, 7), made=7)):
        for world, run in moments(start, begin(start, proof, refused=refused)):
            if run.over or (between and not read(world, run).holds):
                continue
            stopped = read(world, run) if between else run
            later = world
            for _whole_run in range(2):
                later, _other = whole(later, proof)
                assert not later.lost
            if between:
                later, stopped = changed(later, stopped)
            for each, _run in moments(later, stopped):
                assert between or not each.lost
            after, ended = to_the_end(later, stopped)
            assert not after.lost
            assert after.agrees, ended.step
            heals(after, proof)
            stops += 1
    assert stops > (2 if between else 5)


@pytest.mark.parametrize(("runs", "halves"), [(2, False), (2, True), (3, False)])
@pytest.mark.parametrize("proof", REAL)
def test_runs_at_once_lose_nothing(proof: Proof, runs: int, halves: bool) -> None:
    """Two runs in any order of their steps, what each reads and what it changes apart; three in any order of steps.

    The password of the host is in the vault at each moment, so each of them may be killed as well.
    """
    worlds = list(in_any_order(proof, (False,) * runs, halves=halves))
    assert not any(world.lost for world, _ended in worlds)
    assert all(world.agrees and not world.entry for world, ended in worlds if ended)


@pytest.mark.parametrize("refused", [(False, False, False), (False, True), (True, True)])
@pytest.mark.parametrize("proof", REAL)
def test_runs_at_once_end_well(proof: Proof, refused: tuple[bool, ...]) -> None:
    """Three runs with what they read and change apart, or two that the host may refuse: at the end nothing is lost.

    On the way it may be, as long as the run goes on that put an old password on the host: that is what the guide says.
    """
    ends = [world for world, ended in in_any_order(proof, refused, halves=True) if ended]
    assert ends
    assert not any(world.lost for world in ends)
    for world in set(ends):
        heals(world, proof)
