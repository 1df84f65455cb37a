# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup of passwords: what it takes, what it asks the vault for, what it returns and what it refuses."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.vaultops.pam.plugins.doc_fragments import pam360
from ansible_collections.vaultops.pam.plugins.lookup import pam360_password
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import CONNECTION
from ansible_collections.vaultops.pam.plugins.plugin_utils import _pam360_passwords, _passwords
from ansible_collections.vaultops.pam.plugins.plugin_utils._run_cache import forget
from ansible_collections.vaultops.pam.tests.unit._lookup_world import (
    PLUGIN_OPTIONS,
    Lookup,
    lookup_in,
    plugin,
    reads,
    run,
    run_folder,
)
from pam360_standin import Standin

try:  # ansible-core 2.19 and newer take templates from trusted texts only
    from ansible.template import trust_as_template
except ImportError:

    def trust_as_template(value: str) -> str:
        """All texts are trusted."""
        return value


MODULE_OPTIONS = yaml.safe_load(pam360.ModuleDocFragment.DOCUMENTATION)["options"]


@pytest.fixture(autouse=True)
def folder() -> Iterator[Path]:
    """The private folder of a run."""
    with run_folder() as path:
        yield path


@pytest.fixture
def password() -> str:
    """A random password of what is hard to carry, and of what Ansible takes for a template."""
    return f" {secrets.token_urlsafe(20)} \"\\&%+'</ä😀{{{{ 1 + 1 }}}}{{% raw %}}{{# "


@pytest.fixture
def standin(password: str) -> Iterator[Standin]:
    """A vault with accounts that are shown, and with accounts that are not."""
    accounts = [
        {"name": "root", "id": "1201", "password": password},
        {"name": "app", "id": "1202", "password": secrets.token_hex(12)},
        {"name": "locked", "password": secrets.token_hex(12), "approval": True},
        {"name": "audited", "password": secrets.token_hex(12), "reason_required": True, "ticket_required": True},
        {"name": "a/b", "password": secrets.token_hex(12)},
    ]
    with Standin(seed={"resources": [{"name": "db01", "id": "301", "accounts": accounts}]}) as server:
        yield server


@pytest.fixture
def lookup(standin: Standin) -> Lookup:
    """Run the plugin against the stand-in: ``lookup("db01/root", reason="r")``."""
    return lookup_in(standin)


def stored(standin: Standin, account: str) -> str:
    """Return the password that is in the vault."""
    found: str = standin.state.account("db01", account).password
    return found


def test_password_arrives_byte_for_byte(lookup: Lookup, password: str) -> None:
    assert lookup("db01/root") == [password]
    assert lookup("db01/root") == [password]  # by way of the cache
    assert [type(value) for value in lookup("db01/root")] == [str]


@pytest.mark.parametrize(
    "term",
    [
        {"resource": "db01", "account": "root"},
        {"resource_id": "301", "account_id": "1201"},
        {"resource_id": 301, "account_id": 1201},
        {"resource": "db01", "account_id": "1201", "reason": None},
        {"resource_id": "301", "account": "root"},
    ],
    ids=str,
)
def test_forms_of_a_term(lookup: Lookup, password: str, term: dict[str, Any]) -> None:
    assert lookup(term) == [password]


def test_results_are_in_the_order_of_the_terms(lookup: Lookup, standin: Standin, password: str) -> None:
    found = lookup("db01/app", {"resource": "db01", "account": "a/b"}, ["db01/root", "db01/app"])
    assert found == [stored(standin, "app"), stored(standin, "a/b"), password, stored(standin, "app")]


BAD_TERMS = [
    ("root", "'root' is not of the form resource/account. For a name with a slash in it, give a dict"),
    ("db01/a/b", "'db01/a/b' is not of the form resource/account"),
    ("db01/", "is not of the form resource/account"),
    ("/root", "is not of the form resource/account"),
    (7, "must be given as resource/account or as a dict"),
    ({"resource": "db01"}, "one of the following is required: account, account_id"),
    ({"account": "root"}, "one of the following is required: resource, resource_id"),
    ({"resource": "db01", "resource_id": "301", "account": "root"}, "mutually exclusive: resource|resource_id"),
    (
        {"resource": "db01", "account": "root", "acount": None},
        "Unsupported key 'acount' in an account. Did you mean account?",
    ),
    ({"resource": "db01", "account": "root", 7: "x"}, "Unsupported key '7' in an account."),
    ({"resource_id": "three", "account": "root"}, "resource_id must be a whole number"),
    ({"resource": "", "account": "root"}, "resource must not be empty"),
    ({"resource": 42, "account": "root"}, "resource must be a string, not a number. Put it in quotes"),
    ({"resource": "db01", "account": 1.5}, "account must be a string, not a number. Put it in quotes"),
    ({"resource": "db01", "account": True}, "account must be a string, not a boolean. Put it in quotes"),
    ({"resource": "db01", "account": datetime.date(2024, 1, 2)}, "account must be a string, not a date."),
    ({"resource": ["db01"], "account": "root"}, "resource must be a string, not a list."),
    ({"resource_id": True, "account": "root"}, "resource_id must be a whole number"),
    ({"resource_id": 1.5, "account": "root"}, "resource_id must be a whole number"),
]


@pytest.mark.parametrize(("term", "words"), BAD_TERMS, ids=[str(term) for term, _words in BAD_TERMS])
def test_senseless_term_is_an_error_before_any_request(lookup: Lookup, standin: Standin, term: Any, words: str) -> None:
    with pytest.raises(AnsibleError) as caught:
        lookup("db01/root", term)
    assert words in str(caught.value)
    assert standin.journal.entries == []


BAD_OPTIONS = [
    ({"resason": "r"}, "there is no option resason. Did you mean reason?"),
    ({"zzz": "r"}, "there is no option zzz. The options here are ca_path, cache,"),
    ({"token": 123456}, "token must be a string, not a number. Put it in quotes"),
    ({"url": ["https://x"]}, "url must be a string, not a list."),
    ({"timeout": "soon"}, "timeout"),
    ({"validate_certs": "treu"}, "validate_certs must be true or false."),
    ({"cache": "maybe"}, "cache must be true or false."),
    ({"token": ""}, "token or token_file is required"),
    ({"token_file": "/does/not/exist"}, "token and token_file are both given"),
    ({"url": "ftp://x"}, "url must look like"),
    ({"ca_path": "/does/not/exist"}, "ca_path names '/does/not/exist'"),
    ({"client_key": __file__}, "client_key needs client_cert"),
    ({"retries": -1}, "retries must be 0 or more"),
]


@pytest.mark.parametrize(("options", "words"), BAD_OPTIONS, ids=[words for _options, words in BAD_OPTIONS])
def test_senseless_option_is_an_error_before_any_request(
    lookup: Lookup, standin: Standin, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(AnsibleError) as caught:
        lookup("db01/root", **options)
    assert words in str(caught.value)
    assert standin.token not in str(caught.value)
    assert standin.journal.entries == []


def test_no_term_and_no_url_are_errors(lookup: Lookup) -> None:
    with pytest.raises(AnsibleError, match="no account is given"):
        lookup()
    with pytest.raises(AnsibleError, match="url is required") as caught:
        run(["db01/root"], token="t")
    for way in ("url='https://", "pam360_url", "PAM360_URL"):
        assert way in str(caught.value)
    with pytest.raises(AnsibleError, match="url is required"):
        run(["db01/root"], {"pam360_url": ""}, token="t")


def test_error_does_not_quote_the_token(standin: Standin) -> None:
    token = {"value": secrets.token_hex(20)}
    with pytest.raises(AnsibleError) as caught:
        run(["db01/root"], {"pam360_token": token}, url=standin.url)
    assert token["value"] not in str(caught.value)


def given_by(place: str, values: dict[str, Any], patch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """Give options by environment, by ini file, or by the variables that are returned."""
    if place == "environment":
        for name, value in values.items():
            patch.setenv(f"PAM360_{name.upper()}", str(value))
    elif place == "ini":
        config = folder / "ansible.cfg"
        lines = [f"{name} = {value}\n" for name, value in values.items()]
        config.write_text("[pam360]\n" + "".join(lines), encoding="utf-8")
        patch.setattr(constants.config, "_config_file", str(config))
    elif place == "templates":
        known = {f"pam360_{name}": trust_as_template(f"{{{{ of_{name} }}}}") for name in values}
        return {**known, **{f"of_{name}": value for name, value in values.items()}}
    else:
        return {f"pam360_{name}": value for name, value in values.items()}
    return {}


@pytest.mark.parametrize("place", ["environment", "ini", "variables", "templates"])
def test_each_place_sets_each_option(
    place: str, standin: Standin, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {
        "url": standin.url,
        "token": standin.token,
        "org_name": "Default",
        "validate_certs": "no",
        "ca_path": requests.certs.where(),
        "proxy": "http://proxy.example.com:3128",  # taken out again, as there is none
        "timeout": "20",
        "retries": "0",
        "reason": "because",
        "ticket_id": "4711",
        "cache": "no",
    }
    known = given_by(place, values, monkeypatch, folder)
    options: dict[str, Any] = {}
    made = plugin(known)
    connect = _pam360_passwords.connect

    def direct(params: dict[str, Any], **more: Any) -> Any:
        options.update(params)
        return connect({**params, "proxy": None}, **more)

    monkeypatch.setattr(_pam360_passwords, "connect", direct)
    assert made.run(["db01/audited"], variables=known) == [stored(standin, "audited")]
    expected = {**values, "validate_certs": False, "timeout": 20, "retries": 0, "cache": False}
    assert {name: options[name] for name in values} == expected
    read = next(entry for entry in standin.journal.entries if entry.operation == "GET PASSWORD")
    assert read.input["operation"]["Details"] == {"REASON": "because", "TICKETID": "4711"}


def test_option_beats_variable_beats_environment(
    lookup: Lookup, standin: Standin, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAM360_TOKEN", "not-this-one")
    monkeypatch.setenv("PAM360_URL", "https://127.0.0.1:1")
    known = {"pam360_token": standin.token, "pam360_url": standin.url}
    assert run(["db01/root"], known) == [password]
    assert run(["db01/root"], {**known, "pam360_token": "nor-this"}, token=standin.token) == [password]


def test_nearer_one_of_token_and_token_file_counts(
    standin: Standin, password: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "token"
    file.write_text(f" {standin.token}\n\n", encoding="utf-8")
    monkeypatch.setenv("PAM360_TOKEN", "not-this-one")
    assert run(["db01/root"], url=standin.url, token_file=str(file)) == [password]
    assert run(["db01/root"], {"pam360_token_file": str(file)}, url=standin.url) == [password]
    monkeypatch.delenv("PAM360_TOKEN")
    monkeypatch.setenv("PAM360_TOKEN_FILE", "/does/not/exist")
    assert run(["db01/root"], {"pam360_token": standin.token}, url=standin.url) == [password]
    with pytest.raises(AnsibleError, match="token and token_file are both given"):
        run(["db01/root"], url=standin.url, token=standin.token, token_file=str(file))


def test_empty_environment_variables_are_not_set(
    lookup: Lookup, standin: Standin, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*CONNECTION, "cache", "reason", "ticket_id"):
        monkeypatch.setenv(f"PAM360_{name.upper()}", "")
    assert lookup("db01/root") == lookup("db01/root") == [password]
    assert reads(standin) == 1


def test_one_read_serves_all_lookups_of_a_run(lookup: Lookup, standin: Standin) -> None:
    for _time in range(5):
        lookup("db01/root", {"resource": "db01", "account": "root", "reason": "again"})
    assert reads(standin) == 1
    assert standin.journal.operations() == ["GET_RESOURCEACCOUNTID", "GET PASSWORD"]


def test_without_cache_each_lookup_reads(lookup: Lookup, standin: Standin, folder: Path) -> None:
    for _time in range(3):
        lookup("db01/root", cache=False)
    assert reads(standin) == 3
    assert list(folder.iterdir()) == []


def test_cache_tells_servers_organisations_users_and_accounts_apart(lookup: Lookup, standin: Standin) -> None:
    lookup("db01/root")
    lookup("db01/root", org_name="Default")
    assert reads(standin) == 2
    with pytest.raises(AnsibleError, match="Check the token"):
        lookup("db01/root", token="someone-else")
    with pytest.raises(AnsibleError, match="nothing listens on this port"):
        lookup("db01/root", url="http://127.0.0.1:9", retries=0)
    assert lookup("db01/app") == [stored(standin, "app")]


def test_rotated_password_is_read_again(lookup: Lookup, standin: Standin) -> None:
    lookup("db01/root", "db01/app")
    standin.change(resource="db01", account="root", set={"PASSWORD": secrets.token_hex(12)})
    forget({"resource_id": "301", "account_id": "1201"})
    assert lookup("db01/root", "db01/app") == [stored(standin, "root"), stored(standin, "app")]
    assert reads(standin) == 3


@pytest.mark.parametrize("account", ["locked", "audited"])
def test_password_that_is_not_shown_is_an_error_each_time(lookup: Lookup, standin: Standin, account: str) -> None:
    for _time in range(2):
        with pytest.raises(AnsibleError) as caught:
            lookup(f"db01/{account}")
        words = str(caught.value)
        assert f"Reading the password of account '{account}' on resource 'db01' failed" in words
        assert "Give reason and ticket_id if the vault wants them" in words
    assert lookup("db01/audited", reason="r", ticket_id="1") == [stored(standin, "audited")]


@pytest.mark.parametrize("shown", ["[Request]", "[In Use]", "****"])
def test_masks_are_no_passwords(lookup: Lookup, standin: Standin, shown: str) -> None:
    standin.change(resource="db01", account="app", set={"PASSWORD": shown})
    with pytest.raises(AnsibleError, match="the vault does not show it"):
        lookup("db01/app")


def test_unknown_names_are_clear_errors(lookup: Lookup) -> None:
    with pytest.raises(AnsibleError, match="resource 'db01' has no account 'nobody'"):
        lookup("db01/nobody")
    with pytest.raises(AnsibleError, match="resource 'db99'"):
        lookup("db99/root")


def test_error_of_a_later_term_shows_no_password(lookup: Lookup, standin: Standin, password: str) -> None:
    standin.faults.add(fault="failed", operation="GET PASSWORD", nth=2, echo=True, message=f"No: {password}")
    with pytest.raises(AnsibleError) as caught:
        lookup("db01/root", "db01/app")
    assert password not in str(caught.value)
    assert password.strip()[:12] not in str(caught.value)
    assert caught.value.__cause__ is None


BROKEN = [
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30000\r\n\r\n" + "x" * 30_000,
    "HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
]


@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.parametrize("text", BROKEN, ids=["packed", "redirect", "chunks"])
def test_broken_answer_does_not_hold_up_the_next_request(
    lookup: Lookup, standin: Standin, password: str, text: str, cache: bool
) -> None:
    """The connection is free again, for the next request of the same lookup and for the next lookup."""
    standin.faults.set([{"fault": "raw", "text": text, "operation": "GET PASSWORD", "times": 1}])
    with pytest.raises(AnsibleError, match="Reading the password of account 'root'"):
        lookup("db01/root", "db01/app", cache=cache, retries=0)
    standin.faults.set([{"fault": "raw", "text": text, "operation": "GET_RESOURCEACCOUNTID", "times": 1}])
    with pytest.raises(AnsibleError, match="failed: "):
        lookup("db01/root", cache=cache, retries=0)
    assert lookup("db01/root", cache=cache) == [password]


def test_nothing_is_written(lookup: Lookup, standin: Standin) -> None:
    lookup("db01/root", "db01/app")
    assert standin.journal.writes() == []


def test_secrets_are_told_to_ansible_where_it_can_mask_them(
    lookup: Lookup, standin: Standin, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: set[str] = set()
    monkeypatch.setattr(pam360_password, "register_secrets", told.update)
    lookup("db01/root")
    assert {password, standin.token} <= told
    told.clear()
    lookup("db01/root")  # by way of the cache
    assert {password, standin.token} <= told


def test_library_that_is_missing_is_an_error(lookup: Lookup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_passwords, "REQUESTS_IMPORT_ERROR", "ImportError")
    with pytest.raises(AnsibleError, match="requests"):
        lookup("db01/root")


def test_plugins_take_the_options_of_the_modules() -> None:
    """The one difference in type is a boolean that must not be taken for false when it is misspelt."""
    assert list(PLUGIN_OPTIONS) == list(MODULE_OPTIONS)
    assert set(MODULE_OPTIONS) == set(CONNECTION)
    for name, option in PLUGIN_OPTIONS.items():
        expected = {key: value for key, value in MODULE_OPTIONS[name].items() if key != "description"}
        places = {key: option.pop(key) for key in ("vars", "env", "ini")}
        assert places == {
            "vars": [{"name": f"pam360_{name}"}],
            "env": [{"name": f"PAM360_{name.upper()}"}],
            "ini": [{"section": "pam360", "key": name}],
        }
        rest = {key: value for key, value in option.items() if key != "description"}
        assert rest == ({**expected, "type": "raw"} if name == "validate_certs" else expected)
        assert {key: CONNECTION[name][key] for key in expected if key in CONNECTION[name]} == expected
