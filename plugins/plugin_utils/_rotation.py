# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rotation of one password as a state machine: what is known so far says the next step. Internal to the collection.

What is known has three parts: what the vault's account holds, what became of the pending entry, and what the host has
shown last. ``ROWS`` is the whole of the decisions, ``AFTER`` is what an answer of the host teaches. Nothing here knows
Ansible; the role carries out the steps.

Why no password is lost: while the pending entry exists, all runs work towards its password, so they do not hurt each
other. Each step that changes something reads that entry again by its ID and takes the password from there, so a run
that stood still while others finished finds it gone, and changes nothing more. If it changed something at that very
moment, so that host and vault differ, it begins once more with a new pending entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum


class Proof(str, Enum):
    """How the host proves a password."""

    LOGIN = "login"
    BLIND = "blind"  # by login, but what the vault has is not tried before anything is changed
    HASH = "hash"
    NONE = "none"
    CHECK = "check"  # check mode: nothing is proved, as nothing is read


class Vault(str, Enum):
    """The account in the vault."""

    VALID = "valid"  # no new password is due
    DUE = "due"
    MISSING = "missing"
    WRITTEN = "written"  # it has the new password


class Entry(str, Enum):
    """The pending entry."""

    NONE = "none"
    FOUND = "found"  # a former run left it, or another run made it
    MADE = "made"
    GONE = "gone"  # it was there, and another run or a person removed it
    REMOVED = "removed"


class Host(str, Enum):
    """What the host has shown last."""

    UNASKED = "unasked"
    ABSENT = "absent"  # it has no such account
    THERE = "there"  # it has the account
    OLD = "old"  # it has the password of the account in the vault
    NOT_OLD = "not_old"
    SHUT = "shut"  # it has the account, with neither password
    NEW = "new"  # it has the pending password
    NOT_NEW = "not_new"
    SET = "set"  # it was given the pending password
    REFUSED = "refused"  # giving it failed
    UNPROVED = "unproved"  # it was given, and is not proved
    STILL_OLD = "still_old"  # refused or unproved, and it has the password of the account in the vault
    OTHER = "other"  # refused or unproved, and neither password is proved
    # The pending entry is gone, and this run had changed something:
    TOUCHED = "touched"
    STALE = "stale"  # it does not have the password of the account in the vault
    # A step ended with an error:
    FAILED = "failed"
    BROKEN = "broken"  # and the vault was looked at again
    SAID = "said"  # check mode


class Step(str, Enum):
    """What comes next. Those after SAY are ends."""

    LOOK = "look"  # is the account on the host?
    TRY_OLD = "try_old"  # does the host have the password of the account in the vault?
    TRY_NEW = "try_new"  # does the host have the pending password?
    MAKE = "make"  # make the pending entry
    SET = "set"  # give the host the pending password
    WRITE = "write"  # give the account in the vault the pending password
    REMOVE = "remove"  # remove the pending entry: the account in the vault has its password
    DROP = "drop"  # remove the pending entry: the host does not have its password
    LOOK_AGAIN = "look_again"  # is the pending entry still there?
    SAY = "say"  # say what would be done
    # Good ends.
    NOT_DUE = "not_due"
    DONE = "done"
    OVERTAKEN = "overtaken"  # another run did it
    # Bad ends.
    NO_ACCOUNT = "no_account"
    NOT_IN_VAULT = "not_in_vault"
    WRONG_IN_VAULT = "wrong_in_vault"
    TAKEN_BACK = "taken_back"
    KEPT = "kept"
    BROKEN_OFF = "broken_off"
    LEFT_ALONE = "left_alone"
    UNSETTLED = "unsettled"


GOOD = frozenset({Step.NOT_DUE, Step.DONE, Step.OVERTAKEN})
ENDS = frozenset(list(Step)[list(Step).index(Step.NOT_DUE) :])
Row = tuple[Collection[Proof], Collection[Vault], Collection[Entry], Collection[Host], Step]

_LOGIN, _BLIND, _HASH, _NONE, _CHECK = ((proof,) for proof in Proof)
_BY_LOGIN = (Proof.LOGIN, Proof.BLIND)
_PROVING = (*_BY_LOGIN, Proof.HASH)
_REAL = (*_PROVING, Proof.NONE)
_ANY = tuple(Proof)
_BEFORE = (Vault.VALID, Vault.DUE)
_PRESENT = (Vault.VALID, Vault.DUE, Vault.WRITTEN)
_OPEN = (Entry.FOUND, Entry.MADE)

ROWS: tuple[Row, ...] = (
    # Nothing has been done yet.
    (_ANY, (Vault.VALID,), (Entry.NONE,), (Host.UNASKED,), Step.NOT_DUE),
    (_ANY, (Vault.MISSING,), (Entry.NONE, Entry.FOUND), (Host.UNASKED,), Step.NOT_IN_VAULT),
    (_LOGIN, (Vault.DUE,), (Entry.NONE,), (Host.UNASKED,), Step.TRY_OLD),
    ((*_BLIND, *_HASH, *_NONE, *_CHECK), (Vault.DUE,), (Entry.NONE,), (Host.UNASKED,), Step.LOOK),
    (_ANY, _BEFORE, (Entry.NONE, Entry.FOUND), (Host.ABSENT,), Step.NO_ACCOUNT),
    (_HASH, _PRESENT, (Entry.MADE, Entry.GONE), (Host.ABSENT,), Step.NO_ACCOUNT),
    (_LOGIN, _BEFORE, (Entry.NONE, Entry.FOUND), (Host.NOT_OLD,), Step.LOOK),
    (_LOGIN, _BEFORE, (Entry.NONE, Entry.FOUND), (Host.SHUT,), Step.WRONG_IN_VAULT),
    (_REAL, (Vault.DUE,), (Entry.NONE,), (Host.OLD, Host.THERE), Step.MAKE),
    # A former run left a pending entry: the host may have its password already.
    (_PROVING, _BEFORE, (Entry.FOUND,), (Host.UNASKED,), Step.TRY_NEW),
    ((*_NONE, *_CHECK), _BEFORE, (Entry.FOUND,), (Host.UNASKED,), Step.LOOK),
    (_LOGIN, _BEFORE, (Entry.FOUND,), (Host.NOT_NEW,), Step.TRY_OLD),
    (_BLIND, _BEFORE, (Entry.FOUND,), (Host.NOT_NEW,), Step.LOOK),
    (_HASH, _BEFORE, (Entry.FOUND,), (Host.NOT_NEW,), Step.SET),
    # The password is in the vault as the pending entry: now the host, then the account, then the end of the entry.
    (_REAL, _BEFORE, _OPEN, (Host.OLD, Host.THERE), Step.SET),
    (_PROVING, _BEFORE, _OPEN, (Host.SET,), Step.TRY_NEW),
    (_NONE, _BEFORE, _OPEN, (Host.SET,), Step.WRITE),
    (_PROVING, _BEFORE, _OPEN, (Host.NEW,), Step.WRITE),
    (_REAL, (Vault.WRITTEN,), _OPEN, (Host.NEW, Host.SET), Step.REMOVE),
    (_REAL, (Vault.WRITTEN,), (Entry.REMOVED,), (Host.NEW, Host.SET), Step.DONE),
    # The host refused. Only a proof that the pending password is of no use lets the entry go.
    (_BY_LOGIN, _BEFORE, _OPEN, (Host.REFUSED, Host.UNPROVED), Step.TRY_OLD),
    (_HASH, _BEFORE, _OPEN, (Host.REFUSED,), Step.TRY_NEW),
    (_HASH, (Vault.DUE,), (Entry.MADE,), (Host.UNPROVED,), Step.DROP),
    (_HASH, _BEFORE, (Entry.FOUND,), (Host.UNPROVED,), Step.KEPT),
    (_NONE, _BEFORE, _OPEN, (Host.REFUSED,), Step.KEPT),
    (_BY_LOGIN, _BEFORE, _OPEN, (Host.STILL_OLD,), Step.DROP),
    (_BY_LOGIN, _BEFORE, _OPEN, (Host.OTHER,), Step.KEPT),
    (_PROVING, _BEFORE, (Entry.REMOVED,), (Host.STILL_OLD, Host.UNPROVED), Step.TAKEN_BACK),
    # The pending entry is gone. Do host and vault agree? If they do not, and this run may be why: once more.
    (_PROVING, _PRESENT, (Entry.GONE,), (Host.UNASKED, Host.TOUCHED), Step.TRY_OLD),
    (_PROVING, _BEFORE, (Entry.GONE,), (Host.OLD,), Step.OVERTAKEN),
    (_PROVING, (Vault.WRITTEN,), (Entry.GONE,), (Host.OLD,), Step.DONE),
    (_PROVING, _BEFORE, (Entry.GONE,), (Host.NOT_OLD,), Step.LEFT_ALONE),
    (_NONE, _BEFORE, (Entry.GONE,), (Host.UNASKED,), Step.LEFT_ALONE),
    (_PROVING, _PRESENT, (Entry.GONE,), (Host.STALE,), Step.MAKE),
    (_NONE, _PRESENT, (Entry.GONE,), (Host.TOUCHED,), Step.MAKE),
    # A step ended with an error, which may be because the entry is gone.
    (_REAL, _PRESENT, (Entry.NONE, *_OPEN, Entry.GONE), (Host.FAILED,), Step.LOOK_AGAIN),
    (_REAL, _PRESENT, (Entry.NONE, *_OPEN, Entry.GONE), (Host.BROKEN,), Step.BROKEN_OFF),
    # Check mode.
    (_CHECK, (Vault.DUE,), (Entry.NONE,), (Host.THERE,), Step.SAY),
    (_CHECK, _BEFORE, (Entry.FOUND,), (Host.THERE,), Step.SAY),
    (_CHECK, _BEFORE, (Entry.NONE, Entry.FOUND), (Host.SAID,), Step.DONE),
    (_CHECK, _BEFORE, (Entry.NONE, Entry.FOUND), (Host.FAILED,), Step.BROKEN_OFF),
    (_CHECK, (Vault.DUE,), (Entry.NONE, Entry.FOUND), (Host.BROKEN,), Step.BROKEN_OFF),
)


class Answer(str, Enum):
    """How a step ended."""

    YES = "yes"
    NO = "no"
    ABSENT = "absent"  # there is no such account on the host, or no such entry in the vault
    ERROR = "error"


# What the host has shown after a question: (step, answer) to what it was before to what it is then.
AFTER: Mapping[tuple[Step, Answer], Mapping[Host, Host]] = {
    (Step.TRY_OLD, Answer.YES): {
        Host.UNASKED: Host.OLD,
        Host.NOT_NEW: Host.OLD,
        Host.REFUSED: Host.STILL_OLD,
        Host.UNPROVED: Host.STILL_OLD,
        Host.TOUCHED: Host.OLD,
    },
    (Step.TRY_OLD, Answer.NO): {
        Host.UNASKED: Host.NOT_OLD,
        Host.NOT_NEW: Host.NOT_OLD,
        Host.REFUSED: Host.OTHER,
        Host.UNPROVED: Host.OTHER,
        Host.TOUCHED: Host.STALE,
    },
    (Step.TRY_NEW, Answer.YES): {Host.UNASKED: Host.NEW, Host.SET: Host.NEW, Host.REFUSED: Host.NEW},
    (Step.TRY_NEW, Answer.NO): {Host.UNASKED: Host.NOT_NEW, Host.SET: Host.UNPROVED, Host.REFUSED: Host.UNPROVED},
    (Step.LOOK, Answer.YES): {Host.UNASKED: Host.THERE, Host.NOT_NEW: Host.THERE, Host.NOT_OLD: Host.SHUT},
    (Step.SET, Answer.YES): {Host.OLD: Host.SET, Host.THERE: Host.SET, Host.NOT_NEW: Host.SET},
    (Step.SAY, Answer.YES): {Host.THERE: Host.SAID},
}
ENOUGH = 2  # times to begin once more
ACTS = frozenset({Step.SET, Step.WRITE})  # after these, a stale one may have done harm


@dataclass(frozen=True)
class Known:
    """What is known of one rotation.

    :ivar acted: whether this run may have changed the host, or the account in the vault
    :ivar failed: the step that ended with an error last
    :ivar again: how often it began once more
    """

    proof: Proof
    vault: Vault
    entry: Entry
    host: Host = Host.UNASKED
    acted: bool = False
    failed: Step | None = None
    again: int = 0

    def after(self, step: Step, answer: Answer) -> Known:
        """Return what is known after the next step and its answer.

        For MAKE, NO means that there was an entry already. For LOOK_AGAIN, YES means that the entry is there, or any if
        none was known, NO that there is another one, with another ID.
        """
        known = replace(self, acted=self.acted or step in ACTS)
        if step is Step.LOOK_AGAIN:
            return known._looked_again(answer)
        if answer is Answer.ERROR:
            return replace(known, host=Host.FAILED, failed=step)
        if answer is Answer.ABSENT:
            return replace(known, host=Host.ABSENT)
        if step is Step.MAKE:
            return known._made(Entry.MADE if answer is Answer.YES else Entry.FOUND)
        if step is Step.WRITE:
            return replace(known, vault=Vault.WRITTEN)
        if step in (Step.REMOVE, Step.DROP):
            return replace(known, entry=Entry.REMOVED)
        return replace(known, host=AFTER[step, answer][self.host])

    def _made(self, entry: Entry) -> Known:
        if self.entry is Entry.GONE:
            return replace(self, entry=entry, vault=Vault.DUE, host=Host.THERE, again=self.again + 1)
        return replace(self, entry=entry)

    def _looked_again(self, answer: Answer) -> Known:
        """Return what is known when the vault was looked at after an error."""
        if answer is Answer.YES and self.failed is Step.MAKE:  # made, and the answer was lost
            return replace(self._made(Entry.FOUND), host=Host.UNASKED)
        if answer is Answer.YES and self.failed is Step.SET:
            return replace(self, host=Host.REFUSED)
        if answer in (Answer.ABSENT, Answer.NO) and self.failed is Step.DROP:
            return replace(self, entry=Entry.REMOVED, host=Host.STILL_OLD)
        if answer in (Answer.ABSENT, Answer.NO) and self.entry in _OPEN:
            gone = replace(self, entry=Entry.GONE, host=Host.TOUCHED if self.acted else Host.UNASKED)
            # Another rotation has begun, which this run may have disturbed: join it.
            joins = answer is Answer.NO and self.acted and self.again < ENOUGH
            return gone._made(Entry.FOUND) if joins else gone
        return replace(self, host=Host.BROKEN)


State = tuple[Proof, Vault, Entry, Host]
NEXT: Mapping[State, Step] = {
    (proof, vault, entry, host): step
    for proofs, vaults, entries, hosts, step in ROWS
    for proof in proofs
    for vault in vaults
    for entry in entries
    for host in hosts
}


def next_step(known: Known) -> Step:
    """Return the next step; raise KeyError for what cannot come to pass."""
    step = NEXT[known.proof, known.vault, known.entry, known.host]
    return Step.UNSETTLED if step is Step.MAKE and known.again >= ENOUGH else step
