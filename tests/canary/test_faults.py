# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module, with every fault of the stand-in at every request."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .conftest import CANARIES, Bench
from .forms import FORMS
from .inprocess import ROADS
from .scenarios import MANY, Scenario, scenarios
from .search import leaves, told

ALL = scenarios(CANARIES)
PLACES = ("operation", "operation.result", "operation.result.message", "operation.result.status", "operation.Details")
Rule = Mapping[str, Any]


def given_secrets(scenario: Scenario) -> list[str]:
    """Return the secrets that the task knows from its options: what a server makes up is not ours to hide."""
    text = list(leaves({**scenario.args}))
    return [value for value in CANARIES.all().values() if value in text or value == CANARIES.token]


def rules(secrets: list[str]) -> Iterator[Rule]:
    """Yield every fault in every manner. What the server says holds these secrets, and all of the request."""
    said = "Wrong: " + ", ".join(secrets)
    shouted = [{"value": [value], "why": f"it's {value}"} for value in secrets]
    yield from (
        {"fault": fault} for fault in ("cut_before", "cut_after", "cut_body", "empty", "truncated_json", "html")
    )
    loud = {"message": said, "echo": True}
    yield {"fault": "failed", **loud}
    yield {"fault": "failed", "after_write": True, **loud}
    for code in (400, 401, 403, 404, 429, 500, 599):
        yield {"fault": "status", "code": code, **loud}
    yield {"fault": "status", "code": 500, "body": "html"}
    yield {"fault": "status", "code": 502, "after_write": True, **loud}
    for url in (f"https://elsewhere.example/{CANARIES.token}", f"/?AUTHTOKEN={CANARIES.token}"):
        yield {"fault": "redirect", "url": url}
    for where in PLACES:
        yield {"fault": "wrong_type", "where": where, "value": said}
        yield {"fault": "wrong_type", "where": where, "value": shouted}
    yield {"fault": "wrong_type", "value": [said, shouted]}
    yield {"fault": "no_envelope", "value": said}
    yield {"fault": "no_envelope", "value": {"message": said, "error": shouted}}
    yield {"fault": "no_envelope", "value": {"error": shouted}, "code": 400}


def count(bench: Bench, scenario: Scenario, *, check: bool) -> int:
    """Return how many requests the scenario takes when all goes well."""
    bench.standin.reset()
    bench.play(scenario, check=check)
    return len(bench.standin.journal.entries)


MATRIX = os.environ.get("MATRIX") == "all"
FULL = ("account, on drift", "password, on drift", "share, grant", "resource, edit")


@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
@pytest.mark.parametrize("scenario", ALL, ids=lambda item: item.name)
def test_each_fault_at_each_request(bench: Bench, scenario: Scenario, check: bool) -> None:
    """All faults for a few tasks of each module on the first road; those that speak for all, and an eighth of the rest.

    On the other road and for many accounts in one task, every third request goes wrong. ``MATRIX=all``: both roads
    alike, each request, and the eighth in check mode too.
    """
    kinds = list(rules(given_secrets(scenario)))
    spread = [rule for rule in kinds if rule["fault"] in ("cut_before", "empty", "failed", "status")][::3]
    if scenario.name not in FULL or check or not (MATRIX or bench.task is ROADS["module"]):
        turn = ALL.index(scenario) % 8 if MATRIX or not check else None
        kinds = [rule for n, rule in enumerate(kinds) if rule["fault"] == "failed" or n % 8 == turn]
        spread = spread[:1]
    total = count(bench, scenario, check=check)
    thinned = not MATRIX and (scenario.module == MANY or bench.task is not ROADS["module"])
    for nth in range(1 + thinned * (ALL.index(scenario) % min(3, total)), total + 1, 3 if thinned else 1):
        # Once, and for good: what is read to find out how a write ended fails as well.
        chosen = [{**rule, "nth": nth} for rule in kinds] + [{**rule, "nth": nth, "times": 99} for rule in spread]
        for rule in chosen:
            bench.standin.reset()
            bench.standin.faults.set([rule])
            bench.play(scenario, f", {told_rule(rule)}", check=check)
    assert any(result.get("failed") for result in bench.results)
    assert not bench.leaks, told(bench.leaks)


def told_rule(rule: Rule) -> str:
    """Return a rule in a few words, without what the server says."""
    words = [f"{key}={rule[key]}" for key in ("code", "body", "where", "after_write", "nth", "times") if key in rule]
    return " ".join([str(rule["fault"]), *words, f"value={type(rule['value']).__name__}" if "value" in rule else ""])


@pytest.mark.parametrize("scenario", ALL, ids=lambda item: item.name)
def test_retries_tell_nothing(bench: Bench, scenario: Scenario) -> None:
    said = ", ".join(given_secrets(scenario))
    later = said.encode("ascii", "ignore").decode()
    for fault in ({"fault": "status", "code": 503, "message": said, "retry_after": later}, {"fault": "cut_body"}):
        bench.standin.reset()
        bench.standin.faults.set([{**fault, "method": "GET"}])
        printed = bench.play(scenario, f", {fault['fault']}", retries=2)
        assert printed.result["requests"]["retried"] == 2
        assert printed.result["warnings"]
    assert not bench.leaks, told(bench.leaks)


@pytest.mark.parametrize("place", ["LAST MODIFIED TIME", "EXPIRY STATUS", "ACCOUNT ID", "CUSTOM FIELD"])
@pytest.mark.parametrize("scenario", ALL, ids=lambda item: item.name)
def test_secrets_in_foreign_places(bench: Bench, scenario: Scenario, place: str) -> None:
    """What a vault shows where no secret belongs is not of our making, but what was given is ours to hide."""
    for value in (CANARIES.password, [{"CUSTOMFIELDLABEL": "Owner Team", "CUSTOMFIELDVALUE": CANARIES.password}]):
        bench.standin.reset()
        bench.standin.faults.set([{"fault": "wrong_type", "where": f"operation.Details.{place}", "value": value}])
        given = {**scenario.args}
        if scenario.module == "pam360_account":
            given["password"] = CANARIES.password
        elif given.get("password") is None:
            continue
        bench.play(Scenario(scenario.name, scenario.module, given, scenario.profile, scenario.shows), f", {place}")
    assert not bench.leaks, told(bench.leaks)


WAYS = ("token", "password", "totp_secret", "custom_fields")


@pytest.mark.parametrize("form", FORMS)
def test_server_says_a_secret_in_each_form(bench: Bench, form: str) -> None:
    """By one way in for each form; all forms of all shapes are tried on the Redactor itself in test_secret."""
    way = WAYS[list(FORMS).index(form) % len(WAYS)]
    secret = CANARIES.token if way == "token" else CANARIES.pin
    args = {"url": bench.standin.url, "token": CANARIES.token, "resource": "db01", "name": "root", "notes": "n"}
    args[way] = {"Recovery PIN": secret} if way == "custom_fields" else secret
    message = f"Wrong value: {FORMS[form](secret)}, try again"
    bench.standin.faults.set([{"fault": "failed", "message": message, "method": "PUT"}])
    printed = bench.run("pam360_account", args, f"{way}, said by the server as {form}")
    assert printed.result["failed"]
    assert printed.result["msg"]
    assert not bench.leaks, told(bench.leaks)
