# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of one object whose vault is a list of answers: what is claimed after a write that went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common import errors
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import Field
from ansible_collections.vaultops.pam.plugins.module_utils._engine.object_run import ObjectRun
from ansible_collections.vaultops.pam.plugins.module_utils._engine.plan import Observed, Step, Wanted
from ansible_collections.vaultops.pam.plugins.module_utils._engine.vault_object import VaultObject

FIELDS = (Field("notes", "NOTES", read=("NOTES",)), Field("owner", "OWNER", read=("OWNER",)), Field("totp", "TOTP"))
SETTINGS = {"notes": "new", "owner": "me"}
OLD, NEW = Observed({"notes": "old", "owner": "you"}, "x"), Observed(SETTINGS, "x")
HALF, ELSE = Observed({"notes": "new", "owner": "you"}, "x"), Observed({"notes": "else", "owner": "you"}, "x")
HIDDEN = Observed({}, "x", shown_by_vault=False)
LOST = errors.TransportError("cut", operation="Writing", outcome_unknown=True)
REFUSED = errors.RefusedError("no", operation="Writing")
DENIED = errors.AuthenticationError("who are you", operation="Writing")
GONE = errors.NotFoundError("not there", operation="Writing")
UNREADABLE = errors.AnswerError("not JSON", operation="Reading")
MADE, NOT_MADE = "shows that the change was made anyway", "shows that the change was not made"
PART, UNKNOWN, BLIND = "part of the change was made", "the vault does not show it", "reading it back failed too"
IN_WORDS = {"create": "create thing 'x'", "update": "change notes, owner of thing 'x'", "delete": "remove thing 'x'"}
Answers = Sequence["Observed | errors.VaultError | None"]


class Thing(VaultObject):
    """An object whose reads give *seen* one after the other, and whose writes give *answers*."""

    noun = "thing"

    @classmethod
    def connect(cls, params: Any, **options: Any) -> Any:
        """There is nothing to connect to."""

    def __init__(self, seen: Answers, answers: Answers, state: str, settings: dict[str, Any], *, written: int) -> None:
        client: Any = SimpleNamespace(written=0, http=SimpleNamespace(sent=0))
        self.warnings: list[str] = []
        wanted = Wanted("thing 'x'", state, settings if state == "present" else {}, "x")
        super().__init__(client, {}, self.warnings.append, wanted, FIELDS, {"thing_id": "7"})
        self.seen, self.answers, self.written = list(seen), list(answers), written
        self.edits_are_whole = False
        self.reads: list[str] = []

    def observe(self, done: Step | None = None) -> Observed | None:
        """Return the next of what is seen."""
        self.reads.append(done.action if done else "")
        found = self.seen.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def apply(self, step: Step) -> Observed | None:
        """Return the next answer; *written* writes of it are confirmed."""
        self.client.written += self.written
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.client.written += 1
        return answer


def story(
    seen: Answers,
    answers: Answers = (),
    *,
    state: str = "present",
    check: bool = False,
    written: int = 0,
    settings: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], Thing]:
    """Return the result and the thing; all that was prepared has to be used up."""
    thing = Thing(seen, answers, state, SETTINGS if settings is None else settings, written=written)
    result = ObjectRun(thing, check_mode=check).result()
    assert (thing.seen, thing.answers) == ([], [])
    return result, thing


@pytest.mark.parametrize(
    ("state", "before", "after", "changed", "words"),
    [
        ("present", None, NEW, True, MADE),
        ("present", None, None, False, NOT_MADE),
        ("present", None, UNREADABLE, True, BLIND),
        ("present", None, HIDDEN, True, UNKNOWN),
        ("present", OLD, NEW, True, MADE),
        ("present", OLD, OLD, False, NOT_MADE),
        ("present", OLD, ELSE, True, PART),
        ("present", OLD, HALF, True, PART),
        ("present", OLD, None, True, UNKNOWN),  # gone: removed by someone, before the edit or after it
        ("present", OLD, HIDDEN, True, UNKNOWN),
        ("present", OLD, UNREADABLE, True, BLIND),
        ("absent", OLD, None, True, MADE),
        ("absent", OLD, OLD, False, NOT_MADE),
        ("absent", OLD, UNREADABLE, True, BLIND),
    ],
)
def test_a_write_whose_answer_is_lost(
    state: str, before: Observed | None, after: Observed | errors.VaultError | None, changed: bool, words: str
) -> None:
    """It is read back, and claimed as made only where the vault shows it."""
    result, thing = story([before, after], [LOST], state=state)
    assert result["failed"] is True
    assert result["changed"] is changed
    assert words in result["msg"]
    assert result["thing_id"] == "7"
    step = {"present": "create" if before is None else "update", "absent": "delete"}[state]
    assert thing.reads == ["", step]
    assert result["failure"]["step"] == IN_WORDS[step]


@pytest.mark.parametrize("after", [OLD, NEW, None], ids=["old", "new", "gone"])
def test_a_write_that_the_vault_confirmed_in_part(after: Observed | None) -> None:
    """One write of a step was confirmed and the next was lost: nothing but a part of it is known."""
    result, thing = story([OLD, after], [LOST], written=1)
    assert result["changed"] is True
    assert UNKNOWN in result["msg"]
    assert "Part of the step was written before that." in result["msg"]
    assert thing.done == []


def test_an_edit_of_what_cannot_be_read() -> None:
    """Nothing that was asked for can be seen, so it stays unknown, whatever else the vault shows."""
    before, after = Observed({"notes": "old"}, "x", resend=("totp",)), Observed({"notes": "old"}, "x")
    result, _thing = story([before, after], [LOST], settings={"totp": "6"})
    assert result["changed"] is True
    assert UNKNOWN in result["msg"]


@pytest.mark.parametrize(("after", "changed"), [(OLD, False), (HALF, True), (None, False), (UNREADABLE, False)])
def test_a_refused_edit(after: Any, changed: bool) -> None:
    """Where an edit may be done in part, it is looked at; what it shows is no more than that."""
    result, thing = story([OLD, after], [REFUSED])
    assert result["changed"] is changed
    assert ("Part of the step was written before that." in result["msg"]) is changed
    assert thing.reads == ["", "update"]


@pytest.mark.parametrize("error", [DENIED, GONE], ids=["caller", "not found"])
def test_an_edit_that_is_not_refused_for_what_it_says(error: errors.VaultError) -> None:
    """There is nothing to look at."""
    result, thing = story([OLD], [error])
    assert result["changed"] is False
    assert thing.reads == [""]


@pytest.mark.parametrize(("state", "before", "now"), [("present", None, NEW), ("absent", OLD, None)])
def test_someone_was_faster(state: str, before: Observed | None, now: Observed | None) -> None:
    """What the vault refuses because someone did it in the meantime is done, and not changed by this task."""
    result, thing = story([before, now], [REFUSED], state=state)
    assert not result.get("failed")
    assert result["changed"] is False
    did = "made" if state == "present" else "removed"
    assert thing.warnings == [f"thing 'x' was {did} by someone else in the meantime."]


def test_someone_made_another_one() -> None:
    """It is edited to what is wanted."""
    result, thing = story([None, OLD, NEW], [REFUSED, None])
    assert result["changed"] is True
    assert thing.reads == ["", "exists", "update"]
    assert [step.action for step in thing.done] == ["update"]


@pytest.mark.parametrize(
    ("state", "before", "seen", "error", "written"),
    [
        ("present", None, [None], REFUSED, 0),  # still not there
        ("absent", OLD, [OLD], REFUSED, 0),  # still there
        ("present", None, [UNREADABLE], REFUSED, 0),
        ("present", None, [], DENIED, 0),  # about the caller
        ("present", None, [], REFUSED, 1),  # a part of the step was ours
    ],
)
def test_no_one_was_faster(
    state: str, before: Observed | None, seen: list[Any], error: errors.VaultError, written: int
) -> None:
    """The refusal is told."""
    result, thing = story([before, *seen], [error], state=state, written=written)
    assert result["failed"] is True
    assert error.message in result["msg"]
    assert result["changed"] is bool(written)
    assert thing.warnings == []


@pytest.mark.parametrize(
    ("state", "before", "action"), [("present", None, "create"), ("present", OLD, "update"), ("absent", OLD, "delete")]
)
def test_check_mode(state: str, before: Observed | None, action: str) -> None:
    """One read and no write; ``changed`` and the words of what would be done."""
    result, _thing = story([before], state=state, check=True)
    assert result["changed"] is True
    assert result["msg"] == f"would {IN_WORDS[action]}"


@pytest.mark.parametrize(("state", "before"), [("present", NEW), ("absent", None)])
def test_nothing_to_do(state: str, before: Observed | None) -> None:
    """No write, no diff."""
    result, _thing = story([before], state=state)
    assert result["changed"] is False
    assert "diff" not in result
    assert result["msg"] == ("thing 'x' is as wanted" if state == "present" else "thing 'x' is absent")


def test_a_create_that_is_not_shown() -> None:
    """The vault said that it was made, and does not show it: a failure that has changed something."""
    result, _thing = story([None, None], [None])
    assert result["failed"] is result["changed"] is True
    assert "the vault does not show it, although it said that it was made" in result["msg"]


def test_a_removal_that_is_still_shown() -> None:
    """A warning, as the vault said that it was removed."""
    result, thing = story([OLD, OLD], [None], state="absent")
    assert result["changed"] is True
    assert thing.warnings == ["The vault still shows thing 'x', although it said that it was removed."]


def test_a_setting_that_was_not_taken() -> None:
    """A warning that names it, and it is not verified."""
    result, thing = story([OLD, HALF], [None])
    assert result["changed"] is True
    assert thing.warnings == ["The vault did not take owner of thing 'x', although it said that it did."]
    assert (result["verified"], result["unverified"]) == (["notes"], ["owner"])


def test_the_read_after_a_write_can_come_with_it() -> None:
    """What was read on the way is not read again."""
    result, thing = story([OLD], [NEW])
    assert result["verified"] == ["notes", "owner"]
    assert thing.reads == [""]
