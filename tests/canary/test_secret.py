# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The building blocks: Secret, Redactor, and what a traceback with local variables would show."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import Secret
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import cleaned_settings
from ansible_collections.vaultops.pam.plugins.module_utils._engine.plan import Observed, Wanted, plan
from ansible_collections.vaultops.pam.plugins.module_utils._http.answer import Answer
from ansible_collections.vaultops.pam.plugins.module_utils._http.client import Connection, HttpClient
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.custom_fields import CUSTOM_FIELDS, CustomValue
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.fields import ACCOUNT
from pam360_standin import Standin

from .drawn import CANARIES, SEED_NUMBER, Canaries, shapes
from .forms import FORMS, percent
from .search import Search, told

SHOWN: dict[str, Callable[[Secret], str]] = {
    "str": str,
    "repr": repr,
    "f-string": lambda secret: f"{secret} {secret!r} {secret!s} {secret!a} {secret:>40}",
    "percent": lambda secret: "%s %r %a" % (secret, secret, secret),  # noqa: UP031
    "format": "{0} {0!r:>50} {0:.3}".format,
    "in a container": lambda secret: f"{[secret]} {({'a': secret},)}",
    "in an exception": lambda secret: repr(ValueError(secret)) + str(KeyError(secret)),
    "in a log record": lambda secret: logging.LogRecord("a", 10, "b", 1, "%s", (secret,), None).getMessage(),
    "attributes": lambda secret: str(getattr(secret, "__dict__", "")) + str(dir(secret)),
}


@pytest.mark.parametrize("way", SHOWN)
def test_secret_shows_a_marker(search: Search, canaries: Canaries, way: str) -> None:
    text = SHOWN[way](Secret(canaries.password))
    leaks = search.find(text, way)
    assert not leaks, told(leaks)
    assert way == "attributes" or "hidden" in text or "(hi" in text


REFUSED: dict[str, Callable[[Any], Any]] = {
    "pickle": pickle.dumps,
    "old pickle": lambda secret: pickle.dumps(secret, 0),
    "json": json.dumps,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "vars": vars,
    "hash": hash,
    "bytes": bytes,
    "iter": iter,
    "join": lambda secret: "".join([secret]),
    "asdict": lambda secret: dataclasses.asdict(Wanted("l", "present", {"password": secret})),
}


@pytest.mark.parametrize("way", REFUSED)
def test_secret_refuses(search: Search, canaries: Canaries, way: str) -> None:
    with pytest.raises(TypeError) as caught:
        REFUSED[way](Secret(canaries.password))
    leaks = search.find("".join(traceback.format_exception(caught.value)), "refusal")
    assert not leaks, told(leaks)


def test_secret_is_compared_and_revealed(canaries: Canaries) -> None:
    assert Secret(canaries.pin) == Secret(canaries.pin)
    assert Secret(canaries.pin) != Secret(canaries.old_pin)
    assert Secret(canaries.pin) != canaries.pin
    assert Secret(canaries.pin)
    assert not Secret("")
    assert Secret(canaries.pin).reveal() == canaries.pin


@pytest.mark.parametrize("form", FORMS)
def test_redactor_removes_each_form(search: Search, form: str) -> None:
    leaks = []
    for shape, secret in shapes(SEED_NUMBER).items():
        own, redact = Search(), Redactor()
        own.know(shape, secret)
        redact.add(Secret(secret))
        said = FORMS[form](secret)
        for frame in (f"Wrong value: {said}, try again", said, f'{{"a": "{said}"}} {said}{said}'):
            leaks += own.find(redact(frame), f"{shape} secret, said as {form}")
        search.outputs += own.outputs
    assert not leaks, told(leaks)


def test_redactor_registers_all_forms_unless_quietly(canaries: Canaries) -> None:
    told_forms: set[str] = set()
    redact = Redactor(told_forms.update)
    redact.add(canaries.pin, quietly=True)
    redact.add(None)
    redact.add("")
    assert not told_forms
    redact.add(canaries.password)
    assert canaries.password in told_forms
    assert canaries.pin not in told_forms
    assert redact(f"{canaries.pin} and {canaries.password}") == "(hidden) and (hidden)"


def test_redactor_takes_the_longer_of_two(canaries: Canaries) -> None:
    redact = Redactor()
    redact.add(canaries.pin[:20])
    redact.add(canaries.pin)
    assert redact(canaries.pin) == "(hidden)"


def objects(c: Canaries) -> dict[str, Any]:
    """Return what a traceback with local variables may show."""
    connection = Connection("https://vault.example", proxy=f"http://user:{percent(c.proxy)}@proxy.example:3128")
    http = HttpClient(connection, headers={"AUTHTOKEN": Secret(c.token)})
    params = {"password": c.password, "totp_secret": c.totp, "custom_fields": {"Recovery PIN": c.pin}, "notes": "n"}
    given = cleaned_settings(ACCOUNT, params)
    wanted = Wanted("account 'root'", "present", given, "root")
    fields = {"Recovery PIN": CustomValue(Secret(c.old_pin), "Password")}
    values = {"password": Secret(c.old_password), "notes": "o", "custom_fields": fields}
    observed = Observed(values, "root", resend=("totp_secret",))
    planned = plan(ACCOUNT, wanted, observed)
    redactor = Redactor()
    redactor.add(c.token)
    body = json.dumps({"operation": {"Details": {"PASSWORD": c.old_password}}}).encode()
    return {
        "Connection": connection,
        "HttpClient": http,
        "Pam360": Pam360(http),
        "Wanted": wanted,
        "Observed": observed,
        "Plan": planned,
        "diff": planned.diff(),
        "CustomValue": fields,
        "Redactor": redactor,
        "Answer": Answer(200, {}, body, None, "Reading", redactor),
        "shown fields": CUSTOM_FIELDS.show(CUSTOM_FIELDS.predict(given["custom_fields"], fields)),
    }


@pytest.mark.parametrize("name", objects(CANARIES))
def test_repr_shows_no_secret(search: Search, canaries: Canaries, name: str) -> None:
    thing = objects(canaries)[name]
    leaks = search.find(f"{thing!r}\n{thing}", f"repr of {name}")
    assert not leaks, told(leaks)


CALLS: dict[str, Callable[[Pam360, Canaries], Any]] = {
    "look up": lambda api, c: api.ids("db01", "root"),
    "add": lambda api, c: api.add_accounts("701", [{"ACCOUNTNAME": "x", "PASSWORD": Secret(c.password)}], "x"),
    "edit": lambda api, c: api.edit_account("701", "9101", {"ACCOUNTNAME": "x", "TOTP_SECRET": Secret(c.totp)}, "x"),
    "set password": lambda api, c: api.set_password("701", "9101", Secret(c.password), "x"),
    "read password": lambda api, c: api.password("701", "9101", "x"),
    "read details": lambda api, c: api.account("701", "9101", "x"),
    "generate": lambda api, c: api.generate_password("Strong"),
}
BROKEN = {
    "cut": {"fault": "cut_before"},
    "failed": {"fault": "failed", "echo": True},
    "web page": {"fault": "html"},
    "half": {"fault": "truncated_json"},
    "wrong type": {"fault": "wrong_type", "value": 1},
}


def raised(standin: Standin, c: Canaries, call: str, fault: str) -> VaultError:
    """Return the error of a call under a fault."""
    standin.faults.set([BROKEN[fault]])
    api = Pam360.connect(Connection(standin.url, retries=0), Secret(c.token))
    try:
        CALLS[call](api, c)
    except VaultError as error:
        return error
    return VaultError("no error: this call does not look at the answer")


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("call", CALLS)
def test_errors_hold_no_secret(search: Search, standin: Standin, canaries: Canaries, call: str, fault: str) -> None:
    error = raised(standin, canaries, call, fault)
    text = "".join(traceback.format_exception(error))
    leaks = search.find(f"{error!r}\n{error}\n{error.failure()}\n{error.args}\n{text}", f"{call}, {fault}")
    assert not leaks, told(leaks)


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("call", CALLS)
def test_traceback_with_locals(search: Search, standin: Standin, canaries: Canaries, call: str, fault: str) -> None:
    """The frames of the client. Those below ``requests`` hold the request, and are cut off by ``from None``."""
    error = raised(standin, canaries, call, fault)
    lines = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in lines.stack if "/module_utils/" in frame.filename]
    assert frames or "no error" in str(error)
    leaks = []
    for frame in frames:
        where = f"{call}, {fault}: locals of {frame.name} in {frame.filename.rsplit('/', 1)[-1]}"
        for name, shown in (frame.locals or {}).items():
            leaks += search.find(shown, f"{where}, {name}")
    assert not leaks, told(leaks)
