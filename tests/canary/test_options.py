# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are wrong, and the syslog line: what Ansible says before the first line of ours runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from .conftest import CANARIES, Bench
from .forms import percent
from .scenarios import ACCOUNT, PASSWORD, RESOURCE, Scenario, scenarios
from .search import told

C = CANARIES
ALL = scenarios(C)
FIELDS = {"Recovery PIN": C.pin}
SECRET = {"password": C.password, "totp_secret": C.totp, "custom_fields": FIELDS}
BASE = {"url": "http://127.0.0.1:9", "token": C.token, "resource": "db01", "name": "root", "retries": 0}
PROXY = f"http://user:{percent(C.proxy)}@127.0.0.1:9"
Args = Mapping[str, Any]

# Each is refused, by Ansible or by us.
WRONG: dict[str, tuple[str, Args]] = {
    "no resource": (ACCOUNT, {**BASE, **SECRET, "resource": None}),
    "no name": (ACCOUNT, {**BASE, **SECRET, "name": None}),
    "no url": (ACCOUNT, {**BASE, **SECRET, "url": None}),
    "no url, but a proxy": (ACCOUNT, {**BASE, **SECRET, "url": None, "proxy": PROXY}),
    "no resource, but a proxy": (ACCOUNT, {**BASE, **SECRET, "resource": None, "proxy": PROXY}),
    "both resources": (ACCOUNT, {**BASE, **SECRET, "resource_id": "7"}),
    "wrong choice": (ACCOUNT, {**BASE, **SECRET, "update_password": "sometimes"}),
    "unknown option": (ACCOUNT, {**BASE, **SECRET, "pasword_policy": "x"}),
    "wrong timeout": (ACCOUNT, {**BASE, **SECRET, "timeout": "soon"}),
    "secret as timeout": (ACCOUNT, {**BASE, **SECRET, "timeout": C.password}),
    "secret as choice": (ACCOUNT, {**BASE, **SECRET, "state": C.password}),
    "secret as boolean": (ACCOUNT, {**BASE, **SECRET, "validate_certs": C.token}),
    "secret as id": (ACCOUNT, {**BASE, **SECRET, "resource": None, "resource_id": C.password}),
    "password as list": (ACCOUNT, {**BASE, **SECRET, "password": [C.password], "resource": None}),
    "password as dict": (ACCOUNT, {**BASE, **SECRET, "password": {"value": C.password}, "resource": None}),
    "password as list, sent": (ACCOUNT, {**BASE, **SECRET, "password": [C.password]}),
    "fields as text": (ACCOUNT, {**BASE, **SECRET, "custom_fields": f"Recovery PIN {C.pin}"}),
    "fields as list": (ACCOUNT, {**BASE, **SECRET, "custom_fields": [FIELDS]}),
    "fields as JSON text": (ACCOUNT, {**BASE, "custom_fields": json.dumps(FIELDS)}),
    "fields as JSON text, no resource": (ACCOUNT, {**BASE, "custom_fields": json.dumps(FIELDS), "resource": None}),
    "fields as Python text, no resource": (ACCOUNT, {**BASE, "custom_fields": str(FIELDS), "resource": None}),
    "fields as JSON text, wrong choice": (ACCOUNT, {**BASE, "custom_fields": json.dumps(FIELDS), "state": "gone"}),
    "fields as key=value": (RESOURCE, {**BASE, "resource": None, "custom_fields": f"Door={C.door.strip()}"}),
    "nested fields": (ACCOUNT, {**BASE, **SECRET, "custom_fields": {"Recovery PIN": {"is": C.pin}}}),
    "field of a list": (ACCOUNT, {**BASE, **SECRET, "custom_fields": {"Recovery PIN": [C.pin]}}),
    "field without a label": (ACCOUNT, {**BASE, **SECRET, "custom_fields": {" ": C.pin}}),
    "two tokens": (ACCOUNT, {**BASE, **SECRET, "token_file": "/nowhere"}),
    "no token": (ACCOUNT, {**BASE, **SECRET, "token": " "}),
    "token with a line break": (ACCOUNT, {**BASE, **SECRET, "token": f"{C.token}\n{C.token}"}),
    "token with a blank": (ACCOUNT, {**BASE, **SECRET, "token": f"{C.token} "}),
    "password in the url": (ACCOUNT, {**BASE, "url": f"http://user:{percent(C.proxy)}@127.0.0.1:9"}),
    "both password and generate": (
        PASSWORD,
        {**BASE, "name": None, "account": "a", "password": C.password, "generate": "x"},
    ),
    "rename and absent": (ACCOUNT, {**BASE, **SECRET, "new_name": "x", "state": "absent"}),
    "no such CA": (ACCOUNT, {**BASE, **SECRET, "ca_path": "/nowhere/ca.pem", "proxy": PROXY}),
    "negative timeout": (ACCOUNT, {**BASE, **SECRET, "timeout": -1, "proxy": PROXY}),
}


def without_none(args: Args) -> dict[str, Any]:
    """Return *args* without what is None: the option is not given."""
    return {name: value for name, value in args.items() if value is not None}


@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_options(bench: Bench, name: str, check: bool) -> None:
    module, args = WRONG[name]
    printed = bench.run(module, without_none(args), name, check=check)
    assert printed.result["failed"], printed.result
    assert not bench.leaks, told(bench.leaks)


RAW = C.proxy.strip().replace(" ", "")
PROXIES = {
    "well written": PROXY,
    "not percent-encoded": f"http://user:{RAW}@proxy.example:3128",
    "blanks": f"http://user:{C.proxy}@proxy.example:3128",
    "no scheme": f"user:{percent(C.proxy)}@proxy.example:3128",
    "other scheme": f"socks5://user:{percent(C.proxy)}@proxy.example:3128",
    "no host": f"http://user:{percent(C.proxy)}@",
    "wrong port": f"http://user:{percent(C.proxy)}@proxy.example:port",
    "a query": f"http://proxy.example:3128/?password={percent(C.proxy)}",
    "a path": f"http://proxy.example:3128/{percent(C.proxy)}",
    "bracket": f"http://user:[{percent(C.proxy)}@proxy.example:3128",
    "slash": f"http://user:a/{percent(C.proxy)}@proxy.example:3128",
    "hash": f"http://user:a#{percent(C.proxy)}@proxy.example:3128",
    "question mark": f"http://user:a?{percent(C.proxy)}@proxy.example:3128",
    "at sign": f"http://user:a@{percent(C.proxy)}@127.0.0.1:9",
    "password only": f"http://:{percent(C.proxy)}@127.0.0.1:9",
    "user only": f"http://{percent(C.proxy)}@127.0.0.1:9",
}


@pytest.mark.parametrize("way", ["option", "environment", "usual environment"])
@pytest.mark.parametrize("name", PROXIES)
def test_proxies(bench: Bench, name: str, way: str) -> None:
    args = {**BASE, "url": "http://vault.example:8282"}
    environment = {}
    if way == "option":
        args["proxy"] = PROXIES[name]
    else:
        environment["PAM360_PROXY" if way == "environment" else "http_proxy"] = PROXIES[name]
    printed = bench.run(ACCOUNT, args, f"proxy, {name}, {way}", environment=environment)
    assert printed.result["failed"], printed.result
    assert not bench.leaks, told(bench.leaks)


@pytest.mark.parametrize("road", ["module"])
@pytest.mark.parametrize("proxy", [None, PROXY])
@pytest.mark.parametrize("scenario", ALL, ids=lambda item: item.name)
def test_syslog(bench: Bench, scenario: Scenario, proxy: str | None) -> None:
    """The line of the invocation names all options, the secret ones without their values."""
    args = {**BASE, "resource": None, "name": None, **scenario.args, "proxy": proxy}
    printed = bench.run(scenario.module, without_none(args), f"{scenario.name}, syslog")
    lines = [line for line in printed.log if "Invoked with" in line]
    assert lines
    for option in {"token", "password", "totp_secret", "custom_fields"} & set(scenario.args):
        assert f"{option}=NOT_LOGGING_PARAMETER" in lines[0]
    bench.leaks += bench.search.find("\n".join(printed.log), f"{scenario.name}, syslog alone")
    assert not bench.leaks, told(bench.leaks)
