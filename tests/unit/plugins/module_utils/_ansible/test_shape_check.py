# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the wrong shape or under a wrong name, in every module at every depth: told, and never quoted."""

from __future__ import annotations

import base64
import datetime
import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import unchecked
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import HIDDEN
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ACTIONS, ROADS, action

MODULES = sorted(path.stem for path in (Path(__file__).parents[5] / "plugins" / "modules").glob("*.py"))
SECRET = 'Zq8\\w"Pa9!k2&%ö'
TYPES = {"str", "path", "int", "float", "bool", "list", "dict"}


def options_of(module: str) -> Mapping[str, Any]:
    """Return the options of a module."""
    options: Mapping[str, Any] = importlib.import_module(ACTIONS + module).ActionModule.task_class.arguments.options
    return options


Place = tuple[str, Mapping[str, Any], Callable[[Any], dict[str, Any]]]


def places(options: Mapping[str, Any], before: str = "", wrap: Callable[[Any], Any] = lambda x: x) -> Iterator[Place]:
    """Yield every option at every depth: how messages name it, its spec, and a task's options with a value for it."""
    for name, spec in options.items():
        yield f"{before}{name}", spec, lambda value, n=name, w=wrap: w({n: value})
        if spec.get("options") and spec["type"] == "list":
            yield from places(spec["options"], f"{before}{name}[1].", lambda x, n=name, w=wrap: w({n: [{}, x]}))
        elif spec.get("options"):
            yield from places(spec["options"], f"{before}{name}.", lambda x, n=name, w=wrap: w({n: x}))


PLACES = {(module, place): (spec, make) for module in MODULES for place, spec, make in places(options_of(module))}
INNER = {"name": "root", "password": SECRET, "secret": SECRET, "passwort": SECRET}
WRONG: dict[str, Any] = {
    "list in a list": [[INNER]],
    "dictionary of dictionaries": {"root": INNER},
    "list of texts": [SECRET],
    "list of lists of texts": [[SECRET, SECRET]],
    "dictionary": INNER,
    "text": SECRET,
    "text like a dictionary": "{'password': '" + SECRET,
    "list of numbers": [7],
}


def fits(value: Any, spec: Mapping[str, Any]) -> bool:
    """Whether a value is, by its outer shape, what the spec says."""
    kind, elements = spec.get("type", "str"), spec.get("elements")
    if kind == "dict":
        return isinstance(value, dict) and not spec.get("options")
    if kind != "list":
        return not isinstance(value, (list, dict))
    if elements == "dict":
        return False
    return isinstance(value, str) or (isinstance(value, list) and not any(isinstance(v, (list, dict)) for v in value))


def refuse(road: str, module: str, args: Mapping[str, Any]) -> tuple[str, str]:
    """Run a module with options that cannot be meant; return its message and all that it gave away."""
    result, printed = ROADS[road](module, args)
    assert result["failed"] is True
    return result["msg"], json.dumps(result) + json.dumps(result, ensure_ascii=False) + printed + repr(result)


def assert_unquoted(everything: str) -> None:
    """No secret, however it is spelt."""
    for form in (SECRET, json.dumps(SECRET)[1:-1], json.dumps(json.dumps(SECRET))[3:-3], repr(SECRET)[1:-1]):
        assert form not in everything
    assert "Zq8" not in everything
    assert "Pa9" not in everything


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("shape", WRONG)
@pytest.mark.parametrize("module", MODULES)
def test_wrong_shapes_are_not_quoted(road: str, module: str, shape: str) -> None:
    """Each option at each depth, given what it cannot be: the message begins with its name and holds no value."""
    tried = 0
    for (owner, place), (spec, make) in PLACES.items():
        if owner != module or fits(WRONG[shape], spec):
            continue
        message, everything = refuse(road, module, make(WRONG[shape]))
        assert message.startswith((place, f"Unsupported parameter: {place}")), (place, message)
        assert "\n" not in message
        assert_unquoted(everything)
        tried += 1
    assert tried > 1 or shape in ("text", "text like a dictionary", "list of texts", "list of numbers")


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("value", [SECRET, [SECRET], {"a": {"b": SECRET}}, [[{"password": SECRET}]]])
def test_unknown_options(road: str, module: str, value: Any) -> None:
    """At every depth the value is hidden, and a name that is nearly right is told."""
    levels: dict[str, set[str]] = {}
    makers = {}
    for (owner, place), (_spec, make) in PLACES.items():
        if owner == module:
            level, _dot, name = place.rpartition(".")
            levels.setdefault(level, set()).add(name)
            makers[level] = make
    assert levels
    for level, names in levels.items():
        for name in names:
            wrong = f"{name[:-1]}_{name[-1:]}x"
            args = makers[level]("x")
            target: Any = args
            for part in filter(None, level.replace("[1]", ".1").split(".")):
                target = target[int(part) if part.isdigit() else part]
            target.clear()
            target[wrong] = value
            message, everything = refuse(road, module, args)
            assert message.startswith(f"Unsupported parameter: {level}{'.' if level else ''}{wrong}. ")
            assert "Did you mean " in message, message
            assert_unquoted(everything)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(
    ("module", "args", "words"),
    [
        ("pam360_account", {"passwort": SECRET}, "passwort. Did you mean password?"),
        ("pam360_account", {"resource": "a", "name": "b", "Password": SECRET}, "Password. Did you mean password?"),
        ("pam360_account", {"totp-secret": SECRET}, "totp-secret. Did you mean totp_secret?"),
        ("cyberark_account", {"secrt": SECRET}, "secrt. Did you mean secret?"),
        (
            "pam360_accounts",
            {"accounts": [{"name": "a", "passwort": SECRET}]},
            "accounts[0].passwort. Did you mean pass",
        ),
        (
            "pam360_accounts",
            {"accounts": [], "defaults": {"pasword": SECRET}},
            "defaults.pasword. Did you mean password",
        ),
        (
            "pam360_accounts",
            {"accounts": [{"shares": ["DBA"]}]},
            "accounts[0].shares[0] must be a dictionary, not a str",
        ),
        (
            "pam360_accounts",
            {"accounts": [{"shares": [{"usr": "x"}]}]},
            "accounts[0].shares[0].usr. Did you mean user?",
        ),
        ("pam360_accounts", {"accounts": [[{"name": "a", "password": SECRET}]]}, "the filter flatten helps"),
        ("pam360_account_info", {"zzz": SECRET}, "The options here are ca_path, "),
        ("pam360_account", {"state": SECRET}, "state must be one of present, absent."),
        ("pam360_accounts", {"accounts": [{}, {"state": SECRET}]}, "accounts[1].state must be one of present, absent."),
        (
            "pam360_accounts",
            {"accounts": [{"shares": [{"access_type": SECRET}]}]},
            "accounts[0].shares[0].access_type",
        ),
        ("pam360_account", {"timeout": SECRET}, "timeout must be a number."),
        ("pam360_account", {"validate_certs": SECRET}, "validate_certs must be true or false."),
        ("pam360_accounts", {"accounts": [{"command_set": SECRET}]}, "accounts[0].command_set must be a number."),
    ],
)
def test_what_is_meant(road: str, module: str, args: dict[str, Any], words: str) -> None:
    """The sentence that helps."""
    message, everything = refuse(road, module, args)
    assert words in message
    assert_unquoted(everything)


NUMBERS = {
    "0123456": "a number",
    "12:30:45": "a number",
    "1_000": "a number",
    "0x1F": "a number",
    "1.10": "a number",
    "1e3": "",  # a string to YAML 1.1
    ".inf": "a number",
    "yes": "a boolean",
    "off": "a boolean",
    "2024-01-02": "a date",
    "2024-01-02 03:04:05": "a date",
    "'0123456'": "",
    "s3cret": "",
}
AS_STRINGS = [
    (
        "pam360_account",
        {"resource": "db01", "name": "root"},
        ("password", "totp_secret", "name", "resource", "new_name"),
    ),
    ("pam360_account", {"resource": "db01", "name": "root"}, ("owner", "tracking_key", "token")),
    ("pam360_account_password", {"resource": "db01", "account": "root"}, ("password", "account", "resource")),
    ("pam360_account_share", {"resource": "db01", "account": "root", "access_type": "view"}, ("user", "user_group")),
    ("pam360_resource", {}, ("name", "owner", "new_name")),
    ("pam360_account_info", {}, ("name", "resource", "resource_group")),
    (
        "cyberark_account",
        {"safe": "Linux"},
        ("secret", "user_name", "name", "safe", "account_id", "password", "username"),
    ),
]


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize(("module", "base", "names"), AS_STRINGS)
def test_numbers_where_strings_are_meant(
    world: World, road: str, text: str, module: str, base: dict[str, Any], names: tuple[str, ...]
) -> None:
    """What YAML makes of them is not what the user wrote, so they are refused before any request."""
    value = yaml.safe_load(text)
    if road == "module" and isinstance(value, datetime.date):
        value = 5  # a date reaches a module as a string; the action plugin has refused it before
    for name in names:
        args = {"url": world.standin.url, "token": world.standin.token, **base, name: value}
        if module.startswith("cyberark"):
            del args["token"]
        world.standin.journal.clear()
        result, _printed = ROADS[road](module, args)
        if NUMBERS[text]:
            kind = "a number" if value == 5 else NUMBERS[text]
            assert result["msg"].startswith(f"{name} must be a string, not {kind}. Put it in quotes"), result["msg"]
            assert world.journal == []
        else:
            assert "quotes" not in result["msg"]


@pytest.mark.parametrize("road", ROADS)
def test_numbers_within_entries(road: str) -> None:
    """The same in lists and defaults; the message names the entry."""
    entry = {"resource": "db01", "name": "root"}
    for args, place in (
        ({"accounts": [entry, {**entry, "password": 123456}]}, "accounts[1].password"),
        ({"accounts": [{**entry, "name": 42}]}, "accounts[0].name"),
        ({"accounts": [{**entry, "shares": [{"user": 42}]}]}, "accounts[0].shares[0].user"),
        ({"accounts": [entry], "defaults": {"totp_secret": 123456}}, "defaults.totp_secret"),
    ):
        message, everything = refuse(road, "pam360_accounts", args)
        assert message.startswith(f"{place} must be a string, not a number. Put it in quotes")
        assert "123456" not in everything


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("module", MODULES)
def test_no_string_may_be_a_number(road: str, module: str) -> None:
    """Each option at each depth, but for IDs, digits and days, which are what they say."""
    tried = 0
    for (owner, place), (spec, make) in PLACES.items():
        elements = spec.get("elements", "str")
        if owner != module or spec.get("choices") or spec["type"] not in ("str", "list") or elements != "str":
            continue
        if spec.get("unquoted"):
            assert place.endswith(("_id", "_ids", "_digits", "_validity", "expires"))
            assert module != "cyberark_account"  # 29_3 is the number 293 to YAML
            continue
        for value in (34, 1.5, True):
            of_list = spec["type"] == "list"
            message, _everything = refuse(road, module, make([value] if of_list else value))
            kind = "a boolean" if value is True else "a number"
            where = f"{place}[0]" if of_list else place
            assert message.startswith(f"{where} must be a string, not {kind}. Put it in quotes"), message
        tried += 1
    assert tried > 1


@pytest.mark.parametrize("road", ROADS)
def test_ids_and_digits_may_be_numbers(world: World, road: str) -> None:
    """IDs of PAM360 are numbers, and so are the options that want one."""
    login = {"url": world.standin.url, "token": world.standin.token, "resource_id": 601}
    share = {"account_id": 9001, "user_id": 21, "access_type": "view"}
    result, _printed = ROADS[road]("pam360_account_share", {**login, **share})
    assert not result.get("failed"), result
    account = {"name": "root", "totp_digits": 6, "resource_group_ids": [3002]}
    result, _printed = ROADS[road]("pam360_account", {**login, **account})
    assert not result.get("failed"), result


def test_a_shipped_task_is_refused_here_too() -> None:
    """With become the module is shipped; what it could not tell from a string is refused before."""
    plugin = action("pam360_account", {"resource": "db01", "name": "root", "password": datetime.date(2024, 1, 2)})
    plugin._connection.become = object()
    result = plugin.run(task_vars={})
    assert result["msg"].startswith("password must be a string, not a date.")


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("module", ["pam360_account", "pam360_accounts"])
def test_warnings_are_masked(road: str, module: str) -> None:
    """ansible-core 2.19 to 2.21 print them in spite of no_log, so it gets them without secrets."""
    secret = "Zq8wPa9k2Rt5x"
    entry = {"resource": f"db {secret} 01", "name": "root", "password": secret}
    args = {"accounts": [entry]} if module.endswith("s") else entry
    with World(road=road) as world:
        world.standin.faults.add(fault="status", code=503, times=1)
        result = world.run(module, **args)
        warnings = texts_of(result)
    assert any("HTTP 503" in text for text in warnings), result
    assert not any(secret in text for text in warnings)
    result.pop("invocation", None)  # the name of the resource, as the user wrote it
    assert secret not in json.dumps({**result, "accounts": []}), result


@pytest.mark.parametrize("road", ROADS)
def test_hidden_values_keep_their_place(road: str) -> None:
    """The options in a result show what was given, but for values that may be secret."""
    args = {"accounts": [{"name": "root", "pasword": SECRET, "password": "x"}, [1]], "url": "u", "tokn": SECRET}
    hidden = {
        "accounts": [{"name": "root", "pasword": HIDDEN, "password": HIDDEN}, HIDDEN],
        "url": "u",
        "tokn": HIDDEN,
    }
    assert unchecked(args, options_of("pam360_accounts")) == hidden
    result, _printed = ROADS[road]("pam360_accounts", args)
    assert result.get("invocation", {"module_args": hidden}) == {
        "module_args": hidden
    }  # no longer in ansible-core 2.21


NAMES = {
    "plain": str,
    "Base64 of a longer text": lambda text: base64.b64encode(f"x{text}yz".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("form", NAMES)
def test_names_that_the_server_gives_are_redacted(road: str, form: str) -> None:
    """Such a name stands in the operation of a failure."""
    with World(road=road) as world:
        name = NAMES[form](world.standin.token)
        world.standin.change(add_resource={"name": name})
        world.standin.faults.add(fault="status", code=500, operation="GET RESOURCE ACCOUNTLIST")
        result = world.run("pam360_account_info", max_connections=1, retries=0)
        assert result["failed"] is True
        world.standin.faults.set([{"fault": "status", "code": 500, "operation": "GET RESOURCE ACCOUNTLIST", "nth": 3}])
        result = world.run("pam360_account_info", max_connections=1, retries=0)
    assert "(hidden)" in result["failure"]["operation"]
    assert name not in json.dumps(result)
    assert name not in result["failure"]["operation"]
    assert name not in world.printed
