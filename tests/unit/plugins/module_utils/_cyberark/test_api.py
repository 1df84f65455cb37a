# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reaches the vault byte for byte, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import APP, LIST, NEW, ROOT, SET, SVC, Vault
from ansible_collections.vaultops.pam.tests.unit._faults_world import as_json, assert_input_error, texts_of

NASTY = (
    'p"w\\x',
    "a&b=c%20+d",
    " blanks at both ends ",
    "ä ß 😀 \u2028",
    "</script>&amp;",
    "{{ not_a_template }}",
    "O'Neil; DROP--",
    "tab\tline\nend",
    "x" * 4096,
    "0",
    "~1/~0",
)


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A stand-in with three accounts."""
    with Vault() as world:
        yield world


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_values_arrive_byte_for_byte(vault: Vault, text: str) -> None:
    """On create, on edit, as a secret; and they converge."""
    settings = {
        **NEW,
        "user_name": f"u{text}u",
        "secret": text,
        "platform_properties": {"Location": text},
        "automatic_management": False,
        "manual_management_reason": text,
    }
    done = vault.play(**settings)
    assert not done.get("failed"), done["msg"]
    (body,) = [entry.input for entry in vault.writes]
    truth = vault.account(done["account_id"])
    assert truth["secret"] == body["secret"] == text
    assert truth["userName"] == f"u{text}u"
    assert truth["platformAccountProperties"]["Location"] == text
    assert truth["secretManagement"]["manualManagementReason"] == text
    again = vault.play(**settings)
    assert again["changed"] is False, again["msg"]
    edited = {**ROOT, "platform_properties": {"OwnerName": text}, "secret": text, "update_secret": "always"}
    told = vault.play(**edited)
    assert told["changed"] is True
    truth = vault.account("29_3")
    sent = [entry.input["NewCredentials"] for entry in vault.writes if entry.operation == SET]
    assert sent == [text]
    # The server trims what it is sent there, as the vendor's page says.
    assert ("cuts blanks off the ends" in " ".join(texts_of(told))) is (text != text.strip(" "))
    assert (truth["secret"], truth["platformAccountProperties"]["OwnerName"]) == (text.strip(" "), text)


def test_names_of_properties_are_escaped_in_a_path(vault: Vault) -> None:
    """RFC 6901: ``~`` and ``/`` in a name do not end it."""
    vault.play(**ROOT, platform_properties={"a/b~c": "x"})
    assert vault.patch == [{"op": "add", "path": "/platformAccountProperties/a~1b~0c", "value": "x"}]


def test_types_on_the_wire(vault: Vault) -> None:
    """Truth values of management are JSON booleans, properties are texts, machines one text."""
    vault.play(
        **{**NEW, "safe": "Windows", "platform_id": "WinDomain"},
        platform_properties={"Port": 22, "UserDN": True},
        automatic_management=True,
        remote_machines=["h1", " h2 ", "h1"],
        restrict_to_remote_machines=True,
    )
    body = vault.writes[0].input
    assert as_json(body["platformAccountProperties"]) == as_json({"Port": "22", "UserDN": "true"})
    assert as_json(body["secretManagement"]) == as_json({"automaticManagementEnabled": True})
    assert as_json(body["remoteMachinesAccess"]) == as_json(
        {"remoteMachines": "h1;h2", "accessRestrictedToRemoteMachines": True}
    )


def test_headers(vault: Vault) -> None:
    """JSON where there is a body; the token in its header alone."""
    vault.play(**APP, address="db02")
    for entry in vault.journal:
        assert entry.headers.get("Accept") == "application/json"
        assert (entry.headers.get("Content-Type") == "application/json") is (entry.method != "GET")
    token = vault.journal[1].headers["Authorization"]
    assert not any(token in f"{entry.path}{entry.query}{entry.raw_body!r}" for entry in vault.journal)


def test_a_search_is_never_too_long(vault: Vault) -> None:
    """The server takes 500 characters, and finds a word by a part of it."""
    vault.play(**{**NEW, "user_name": " ".join(f"{letter}" * 100 for letter in "abcdef"), "address": "x" * 200})
    (query,) = [entry.query for entry in vault.journal if entry.operation == LIST]
    assert query["search"] == " ".join(letter * 100 for letter in "abcd")


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, ("account_id", "safe")),
        ({"safe": "Linux"}, ("the task does not say which account it means", "user_name and address")),
        ({"safe": "Linux", "user_name": "root"}, ("the task does not say which account it means",)),
        ({"safe": "Linux", "user_name": "root", "state": "absent"}, ("the task does not say which account it means",)),
        ({"name": "db01-root"}, ("account_id", "safe")),
        ({"name": "db01-root", "safe": None}, ("safe is required without account_id",)),
        ({**ROOT, "safe": ""}, ("safe must not be empty",)),
        ({**ROOT, "safe": " Linux"}, ("safe begins or ends with a blank",)),
        (
            {**ROOT, "user_name": "root\t"},
            ("user_name begins or ends with a blank or another character that cannot be seen",),
        ),
        ({**ROOT, "address": "db01\u200b"}, ("address begins or ends with a blank",)),
        ({**ROOT, "platform_id": "UnixSSH "}, ("platform_id begins or ends with a blank",)),
        ({**APP, "name": "\ufeffdb01-app"}, ("name begins or ends with a blank",)),
        ({**SVC, "user_name": "\u00a0svc"}, ("user_name begins or ends with a blank",)),
        ({"account_id": "293"}, ("account_id must look like '29_3'", "Put it in quotes")),
        ({"account_id": 293}, ("account_id must be a string, not a number", "Put it in quotes")),
        ({**ROOT, "secret": 42798}, ("secret must be a string, not a number", "Put it in quotes")),
        ({**ROOT, "secret": 12.5}, ("secret must be a string",)),
        ({**ROOT, "secret": True}, ("secret must be a string, not a boolean",)),
        ({**APP, "name": 34}, ("name must be a string, not a number",)),
        ({**ROOT, "user_name": 42}, ("user_name must be a string",)),
        ({**ROOT, "address": 10.5}, ("address must be a string",)),
        ({**ROOT, "safe": 1000}, ("safe must be a string",)),
        ({**ROOT, "platform_id": 7}, ("platform_id must be a string",)),
        ({**SVC, "restrict_to_remote_machines": True, "remote_machines": []}, ("does not go together with an empty",)),
        ({**APP, "name": " "}, ("name must not be empty",)),
        ({**ROOT, "platform_id": ""}, ("platform_id must not be empty",)),
        ({**ROOT, "secret": ""}, ("secret must not be empty",)),
        ({**ROOT, "secret_type": "token"}, ("secret_type", "password, key")),
        ({"account_id": ""}, ("account_id must look like '29_3'",)),
        ({"account_id": "../29_3"}, ("account_id must look like '29_3'",)),
        ({"account_id": "29_3?x"}, ("account_id must look like",)),
        (
            {**ROOT, "automatic_management": True, "manual_management_reason": "x"},
            ("manual_management_reason does not go together with automatic_management: true",),
        ),
        ({**ROOT, "platform_properties": {"Port": [22]}}, ("platform_properties must be names with one text",)),
        ({**ROOT, "platform_properties": {" ": 22}}, ("platform_properties must be names",)),
        ({**ROOT, "platform_properties": {"Port": 1, "port": 2}}, ("platform_properties names port twice",)),
        ({**ROOT, "platform_properties": {"GroupName": None}}, ("cannot remove GroupName",)),
        ({**SVC, "remote_machines": ["a;b"]}, ("remote_machines must be one machine in each entry",)),
        ({**SVC, "remote_machines": ["a", ""]}, ("remote_machines must be one machine in each entry",)),
        ({**ROOT, "state": "there"}, ("state", "present, absent")),
        ({**ROOT, "update_secret": "on_drift"}, ("update_secret", "on_create, always")),
        ({**ROOT, "url": "pvwa.example.com"}, ("url must look like",)),
        ({**ROOT, "timeout": 0}, ("timeout must be more than 0",)),
        ({**ROOT, "retries": -1}, ("retries must be 0 or more",)),
        ({**ROOT, "ca_path": "/does/not/exist"}, ("ca_path names '/does/not/exist'",)),
    ],
)
def test_bad_input(vault: Vault, args: Mapping[str, Any], words: tuple[str, ...], check: bool) -> None:
    """One clear sentence, and not a single request."""
    assert_input_error(vault, vault.play(check=check, **args), *words)


def test_a_safe_by_id_may_have_any_name(vault: Vault) -> None:
    """Where nothing is looked up, nothing stands in the way."""
    vault.standin.change(add_account={"safeName": "R&D", "name": "x", "platformId": "UnixSSH", "address": "h"})
    (account,) = [account for account in vault.truth() if account["safeName"] == "R&D"]
    done = vault.play(account_id=account["id"], safe="r&d", user_name="root")
    assert done["changed"] is True, done["msg"]
    assert "user_name" in done["verified"]


def test_what_the_server_did_not_take_is_a_warning(vault: Vault) -> None:
    """And so is what it changed unasked."""
    answer = {"id": "29_3", "safeName": "Linux", "userName": "root", "address": "db01", "platformId": "Other"}
    vault.standin.faults.add(fault="no_envelope", operation="Update account", value=answer)
    done = vault.play(**ROOT, platform_properties={"Port": 23})
    told = " ".join(texts_of(done))
    assert "The vault did not take platform_properties of account 'root'" in told
    assert "The edit also changed platform_id" in told
    assert done["unverified"] == ["platform_properties"]
