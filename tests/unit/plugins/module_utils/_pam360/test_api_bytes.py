# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and names reach the vault byte for byte, and a second run changes nothing.

The encoder is tried with each text, and each option with one text that holds all others.
``MATRIX=all`` tries each option with each text.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import Secret
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.calls import (
    Pam360Calls,
    name_in_path,
    path_id,
    utf8_or_error,
)
from ansible_collections.vaultops.pam.tests.unit._faults_cells import ALL
from ansible_collections.vaultops.pam.tests.unit._faults_values import NASTY
from ansible_collections.vaultops.pam.tests.unit._faults_world import World, assert_input_error, details
from ansible_collections.vaultops.pam.tests.unit._recorder import Recorder

ROOT = {"resource": "db01", "name": "root"}
# Text options of an account that are stored as they are; wire name, or attribute of the stand-in.
TEXTS = ("notes", "description", "owner", "domain_name", "totp_secret", "totp_algorithm")
STORED = {
    "owner": "OWNERNAME",
    "domain_name": "DOMAINNAME",
    "totp_secret": "TOTP_SECRET",
    "totp_algorithm": "TOTP_ALGORITHM",
}
RESOURCE_TEXTS = {
    "dns_name": "dns_name",
    "description": "description",
    "department": "department",
    "location": "location",
    "domain_name": "domain_name",
    "resource_url": "url",
    "owner": "owner",
    "type": "type",
}
NOT_IN_PATHS = frozenset(
    [
        "backslash",
        "percent",
        "semicolon",
        "slash",
        "dots",
        "dot path",
        "one dot",
        "tab",
        "lines",
        "template",
        "script",
        "html",
        "n/a in words",
        "control",
        "long and mixed",
    ]
)
EVERYTHING = "".join(text for name, text in NASTY.items() if not name.startswith("long"))


def _any_texts() -> list[str]:
    """Fifty texts of up to 40 characters from all of Unicode, the same in each run; each tenth is not UTF-8."""
    dice = random.Random(360)
    texts = []
    for number in range(50):
        text = "".join(
            chr(dice.choice((dice.randint(1, 127), dice.randint(1, 0xD7FF))))
            for _position in range(dice.randint(1, 40))
        )
        texts.append(text + "\ud800" if number % 10 == 9 else text)
    return texts


ANY = _any_texts()


def of(texts: dict[str, str]) -> pytest.MarkDecorator:
    """Parametrise by text."""
    return pytest.mark.parametrize("text", texts.values(), ids=texts.keys())


nasty = of(NASTY)
one_text = of(NASTY if ALL else {"everything": EVERYTHING})
# Names take other ways as well: a URL cannot carry all of them.
names = of(NASTY if ALL else {"everything": EVERYTHING} | {name: NASTY[name] for name in ("one dot", "blanks around")})


def form(text: str) -> dict[str, str]:
    """Return the fields of a form, which holds nothing but what no reader of forms can misread."""
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&-]*", text)
    return {name: value for name, (value,) in parse_qs(text, strict_parsing=True, encoding="utf-8").items()}


@pytest.mark.parametrize("text", [*NASTY.values(), *ANY], ids=[*NASTY, *range(len(ANY))])
def test_the_encoder_carries_any_text(text: str) -> None:
    """Values, secrets and keys come out of body and query as they went in; as a name, a text has to be UTF-8."""
    http = Recorder()
    client = Pam360Calls(http)  # type: ignore[arg-type]
    plain = {"NOTES": text, "LIST": [{"PASSWORD": text, text: [1, True, None]}]}
    client.call("Writing", "PUT", "x", {**plain, "LIST": [{"PASSWORD": Secret(text), text: [1, True, None]}]})
    assert json.loads(form(http.body).pop("INPUT_DATA")) == {"operation": {"Details": plain}}
    if "\ud800" in text:
        with pytest.raises(InputError, match="the option holds bytes that are not valid UTF-8"):
            utf8_or_error(text, "the option")
        return
    client.call("Reading", "GET", "x", plain, query={"RESOURCENAME": text})
    path, query = http.target.split("?")
    assert path == "/restapi/json/v1/x"
    assert form(query)["RESOURCENAME"] == text
    assert json.loads(form(query)["INPUT_DATA"]) == {"operation": {"Details": plain}}
    assert utf8_or_error(text, "name") == text
    for part in filter(None, (name_in_path(text, "name"), path_id(text))):
        assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", part)
        assert unquote(part) == text


@pytest.mark.parametrize("name", [name for name in NASTY if "\ud800" not in NASTY[name]])
def test_which_names_a_path_can_carry(name: str) -> None:
    """Names with what web servers refuse or resolve in a path are looked for in the list."""
    assert bool(name_in_path(NASTY[name], "name")) is (name not in NOT_IN_PATHS)


def settled(world: World, module: str, **args: Any) -> None:
    """The same task again is quiet: unchanged, no write, no failure."""
    again = world.run(module, **args)
    assert again.get("changed") is False, again["msg"]
    assert world.writes == []


@one_text
@pytest.mark.parametrize("option", TEXTS)
def test_account_texts(world: World, option: str, text: str) -> None:
    """Each text of an account arrives unchanged, on edit."""
    args = {**ROOT, "update_write_only": "always", option: text}
    assert not world.run("pam360_account", **args).get("failed")
    stored = world.account("root")
    assert (stored["settings"][STORED[option]] if option in STORED else stored["notes"]) == text
    if option not in STORED:
        settled(world, "pam360_account", **{**ROOT, option: text})


@nasty
def test_all_texts_of_a_new_account(world: World, text: str) -> None:
    """All texts of a create at once: the name, the password, the notes, a custom field, TOTP."""
    args = {
        "resource": "db01",
        "name": text,
        "password": text,
        "notes": text,
        "custom_fields": {"Owner Team": text},
        "totp_secret": text,
        "totp_algorithm": text,
    }
    result = world.run("pam360_account", **args)
    assert not result.get("failed"), result["msg"]
    stored = world.account(text)
    assert (stored["name"], stored["password"], stored["notes"]) == (text, text, text)
    assert stored["custom_fields"]["Owner Team"] == text
    assert stored["settings"] == {"TOTP_SECRET": text, "TOTP_ALGORITHM": text}
    settled(world, "pam360_account", **args)
    settled(world, "pam360_account", **args, update_password="on_drift")


@names
def test_account_names(world: World, text: str) -> None:
    """An account of any name is created, found, edited, renamed away and back, and deleted."""
    account = {"resource": "db01", "name": text}
    for args in (account, {**account, "notes": "n"}, {**account, "custom_fields": {"Owner Team": "t"}}):
        assert world.run("pam360_account", **args).get("changed") is True
        settled(world, "pam360_account", **args)
    assert world.run("pam360_account", resource="db01", name=text, new_name="x")["changed"] is True
    assert world.run("pam360_account", resource="db01", name="x", new_name=text)["changed"] is True
    assert world.account(text)["notes"] == "n"
    assert world.run("pam360_account", **account, state="absent")["changed"] is True
    assert world.account(text) == {}
    settled(world, "pam360_account", **account, state="absent")


@names
def test_resource_names(world: World, text: str) -> None:
    """A resource of any name is created, found by each module, renamed and deleted."""
    world.standin.change(add_resource={"name": f"not {text}", "accounts": [{"name": "root"}]})
    world.standin.change(add_resource={"name": f"{text} not"})
    assert world.run("pam360_resource", name=text).get("changed") is True
    settled(world, "pam360_resource", name=text)
    account = {"resource": text, "name": "root"}
    assert world.run("pam360_account", **account, password="Old-Passw0rd!").get("changed") is True
    settled(world, "pam360_account", **account)
    target = {"resource": text, "account": "root"}
    assert world.run("pam360_account_password", **target, password="N3w-Passw0rd!").get("changed") is True
    assert world.account("root", text)["password"] == "N3w-Passw0rd!"
    share = {**target, "user": "jdoe", "access_type": "view"}
    assert world.run("pam360_account_share", **share).get("changed") is True
    assert world.account("root", text)["shares"]["user"] == {"21": "view"}
    assert world.run("pam360_resource", name=text, new_name="plain")["changed"] is True
    assert world.run("pam360_resource", name="plain", new_name=text)["changed"] is True
    assert world.run("pam360_resource", name=text, state="absent")["changed"] is True
    assert world.resource(text) == {}
    assert world.resource(f"not {text}")
    assert world.resource(f"{text} not")


@one_text
def test_resource_texts(world: World, text: str) -> None:
    """All texts of a resource arrive unchanged, on create and on edit."""
    world.standin.profile["edit_domain_name"] = "taken"  # or an edit of it never converges
    args = {**dict.fromkeys(RESOURCE_TEXTS, text), "custom_fields": {"Data Centre": text}}
    for name in ("new1", "db01"):
        result = world.run("pam360_resource", name=name, **args)
        assert not result.get("failed"), result["msg"]
        stored = world.resource(name)
        assert {option: stored[where] for option, where in RESOURCE_TEXTS.items()} == dict.fromkeys(
            RESOURCE_TEXTS, text
        )
        assert stored["custom_fields"] == {"Data Centre": text}
        settled(world, "pam360_resource", name=name, **args)


@one_text
def test_password_reason_and_ticket(world: World, text: str) -> None:
    """Password, reason and ticket arrive unchanged, and the password compares equal."""
    world.standin.change(resource="db01", account="root", set={"reason_required": True, "ticket_required": True})
    args = {"resource": "db01", "account": "root", "password": text, "reason": text, "ticket_id": text}
    result = world.run("pam360_account_password", **args)
    assert not result.get("failed"), result["msg"]
    (entry,) = world.writes
    assert details(entry) == {"NEWPASSWORD": text, "RESETTYPE": "LOCAL", "REASON": text, "TICKETID": text}
    assert world.account("root")["password"] == text
    settled(world, "pam360_account_password", **args)


@pytest.fixture(scope="module")
def people() -> Iterator[World]:
    """A server whose users, groups, policies and labels have all the nasty names."""
    texts = [*NASTY.values(), EVERYTHING]
    seed = {
        "users": [{"id": "1", "name": "admin"}, *({"name": text} for text in texts)],
        "user_groups": [{"name": text} for text in texts],
        "password_policies": [{"name": "Strong"}, *({"name": text} for text in texts)],
        "custom_fields": {"resource": texts, "account": texts},
        "resources": [{"name": "db01", "accounts": [{"name": "root", "expired": True}]}],
    }
    with World(seed) as made:
        yield made


@one_text
def test_users_groups_policies_and_labels(people: World, text: str) -> None:
    """Users, groups, policies and labels of custom fields are found under any name."""
    people.reset()
    grant = {"resource": "db01", "account": "root", "access_type": "view"}
    for option, kind in (("user", "user"), ("user_group", "group")):
        result = people.run("pam360_account_share", **grant, **{option: text})
        assert not result.get("failed"), result["msg"]
        table = people.standin.dump()[f"{option}s"]
        number = next(item["id"] for item in table if item["name"] == text)
        assert people.account("root")["shares"][kind] == {number: "view"}
    args = {**ROOT, "password_policy": text, "custom_fields": {text: "value"}}
    assert people.run("pam360_account", **args).get("changed") is True
    assert people.account("root")["policy"] == text
    assert people.account("root")["custom_fields"] == {text: "value"}
    settled(people, "pam360_account", **args)
    args = {"name": "db01", "password_policy": text, "custom_fields": {text: "value"}}
    assert people.run("pam360_resource", **args).get("changed") is True
    settled(people, "pam360_resource", **args)
    assert people.run("pam360_account_password", resource="db01", account="root", generate=text)["changed"] is True
    assert [details(entry) for entry in people.journal if entry.operation == "GENERATE PASSWORD"] == [{"POLICY": text}]


SERVER_WORDS = ("s", "success", "Account added successfully", "already exists", "a", "e", "Failed", "601", "true")


@pytest.mark.parametrize("option", ["password", "custom_fields", "totp_secret"])
@pytest.mark.parametrize("text", SERVER_WORDS)
def test_secrets_that_are_words_of_the_server(world: World, text: str, option: str) -> None:
    """A secret that occurs in the server's own words does not change what the module makes of them."""
    args = {"resource": "db01", "name": "new1", option: {"Owner Team": text} if option == "custom_fields" else text}
    result = world.run("pam360_account", **args)
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is True
    assert world.account("new1")
    settled(world, "pam360_account", **args)


@pytest.mark.parametrize("text", ANY if ALL else ANY[:10], ids=range(len(ANY) if ALL else 10))
def test_any_text(world: World, text: str) -> None:
    """Any text that is UTF-8 arrives unchanged as notes, custom field and password; any other is refused."""
    args = {**ROOT, "notes": text, "custom_fields": {"Owner Team": text}, "password": text}
    if "\ud800" in text:
        args["notes"] = "n"  # ansible-core itself stops at such a text where it may log it
    result = world.run("pam360_account", **args, update_password="on_drift")
    if "\ud800" in text:
        assert_input_error(world, result, "UTF-8")
        return
    assert not result.get("failed"), result["msg"]
    stored = world.account("root")
    assert (stored["notes"], stored["password"], stored["custom_fields"]["Owner Team"]) == (text, text, text)
    settled(world, "pam360_account", **args, update_password="on_drift")
