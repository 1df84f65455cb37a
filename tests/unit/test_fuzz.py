# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small share of ``make fuzz``, and proof that its judge finds what it is to find."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._ansible import masking
from ansible_collections.vaultops.pam.plugins.module_utils._http import bounds, client, wire
from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import Answer
from ansible_collections.vaultops.pam.plugins.plugin_utils import _action
from ansible_collections.vaultops.pam.tests.fuzz.network import connected
from ansible_collections.vaultops.pam.tests.fuzz.world import Fuzz


@pytest.mark.parametrize(("product", "answers"), [("pam360", 300), ("cyberark", 100)])
def test_mutated_answers(product: str, answers: int) -> None:
    """Nothing waits, nothing is unexpected, nothing is written twice, and ``changed`` is true to the vault.

    Always the same ones, so that a change to the code decides whether it is green; ``make fuzz`` draws new ones.
    """
    count = Fuzz(product, seed=1).run(itertools.count(), answers)
    assert count.answers >= answers
    assert count.findings == []


@pytest.mark.parametrize("product", ["pam360", "cyberark"])
def test_each_task_does_well_when_nothing_is_mutated(product: str) -> None:
    """Otherwise its findings would say nothing."""
    fuzz = Fuzz(product, seed=1)
    with connected(fuzz.network):
        assert all(fuzz.length(at) for at in range(len(fuzz.tasks)))
    fuzz.network.close()


def findings(way: str, answers: int = 60) -> str:
    """Return what a short run with a fixed seed finds, with one way of mutation."""
    return "\n".join(Fuzz("pam360", 7, [way]).run(itertools.count(), answers).findings)


def test_a_client_without_bounds_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer without end is read for ever."""
    monkeypatch.setattr(bounds._Reader, "begin_body", _unbounded)
    assert "wait: more than" in findings("endless", 8)


def _unbounded(reader: Any) -> None:
    reader._room = 1 << 60
    reader._exchange.ends = 1e12


def test_a_write_that_is_tried_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that treats writes as reads."""
    monkeypatch.setattr(client.HttpClient, "write", client.HttpClient.read)
    assert "doubled: " in findings("cut")


def test_a_lost_write_that_is_not_read_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes every failure of a write for a clear one."""
    failure = wire.Wire._failure
    monkeypatch.setattr(wire.Wire, "_failure", lambda *args: failure(*args).but(outcome_unknown=False))
    assert "changed: false, but the vault has changed" in findings("cut")


def test_an_exception_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of JSON that lets its exceptions through."""

    def breaks(_answer: Answer) -> Any:
        raise ValueError("no JSON")

    monkeypatch.setattr(Answer, "_not_json", breaks)
    assert "exception: " in findings("body")


def test_a_secret_that_is_said_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message with the server's words as they are."""
    monkeypatch.setattr(Answer, "server_words", lambda _answer, text: str(text)[:2000])
    monkeypatch.setattr(masking, "_redact_failures", lambda _result, _redact: None)
    monkeypatch.setattr(_action, "starred", lambda value, _secrets: value)
    assert "secret: in the result" in findings("echo", 300)
