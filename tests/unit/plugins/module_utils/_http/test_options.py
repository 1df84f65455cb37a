# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options: what is refused before a request, and what the environment gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._faults_world import World, assert_input_error, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS

TASKS: dict[str, dict[str, Any]] = {
    "pam360_account": {"resource": "db01", "name": "root"},
    "pam360_resource": {"name": "db01"},
    "pam360_account_password": {"resource": "db01", "account": "root", "password": "Old-Passw0rd!"},
    "pam360_account_info": {"resource": "db01"},
    "pam360_resource_info": {"name": "db01"},
    "pam360_account_share": {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "view"},
}
QUIET = {"resource": "db01", "name": "root"}


@pytest.fixture(scope="module", params=ROADS)
def shared(request: pytest.FixtureRequest) -> Iterator[World]:
    """One server for the module."""
    with World(road=request.param) as made:
        yield made


BAD = [
    ({"url": ...}, "url"),
    ({"url": ""}, "url"),
    ({"url": "vault.example.com:8282"}, "url must look like"),
    ({"url": "vault.example.com"}, "url must look like"),
    ({"url": "//vault.example.com"}, "url must look like"),
    ({"url": "https://"}, "url"),
    ({"url": "https://:8282"}, "url"),
    ({"url": "https://joe:s3cret-in-url@vault.example.com"}, "url must not hold a user name"),
    ({"url": "https://joe@vault.example.com"}, "url must not hold a user name"),
    ({"url": "https://vault.example.com?AUTHTOKEN=s3cret-in-url"}, "url must not have a query"),
    ({"url": "https://vault.example.com/#top"}, "url must not have a query or a fragment"),
    ({"url": "https://vault.example.com:x"}, "url"),
    ({"url": "https://vault.example.com:99999"}, "url"),
    ({"url": "https://vault.example.com:0"}, "url"),
    ({"url": "ftp://vault.example.com"}, "url must look like"),
    ({"url": "https://vault example.com"}, "url"),
    ({"url": "https://vault.example.com\n"}, "url"),
    ({"url": "https://[::1"}, "url"),
    ({"timeout": 0}, "timeout must be more than 0"),
    ({"timeout": -5}, "timeout must be more than 0"),
    ({"timeout": "soon"}, "timeout"),
    ({"retries": -1}, "retries must be 0 or more"),
    ({"retries": 1.5}, "retries"),
    ({"validate_certs": "maybe"}, "validate_certs"),
    ({"ca_path": "/does/not/exist.pem"}, "ca_path names '/does/not/exist.pem'"),
    ({"client_cert": "/does/not/exist.pem"}, "client_cert names '/does/not/exist.pem'"),
    ({"client_key": "/etc/hostname"}, "client_key needs client_cert"),
    ({"client_cert": "/etc/hostname", "client_key": "/does/not/exist.pem"}, "client_key names '/does/not/exist.pem'"),
    ({"proxy": "rubbish"}, "proxy must look like"),
    ({"proxy": "socks5://proxy:1080"}, "proxy must look like"),
    ({"proxy": "http://proxy:x"}, "proxy"),
    ({"proxy": "http://proxy:3128/?x=1"}, "proxy must not have a query"),
    ({"token": ...}, "token or token_file"),
    ({"token": ""}, "token"),
    ({"token": "   "}, "token"),
    ({"token": "AAAA\nBBBB"}, "token has"),
    ({"token": "AAAA\rBBBB"}, "token has"),
    ({"token": " AAAA"}, "token has"),
    ({"token_file": "/etc/hostname"}, "token and token_file"),
    ({"token": ..., "token_file": ""}, "token"),
    ({"token": ..., "token_file": "/does/not/exist"}, "token_file names '/does/not/exist'"),
    ({"token": ..., "token_file": "/tmp"}, "token_file names '/tmp'"),
    ({"org_name": "Org\nX-Injected: 1"}, "org_name has"),
    ({"org_name": " Org"}, "org_name has"),
]


@pytest.mark.parametrize("module", TASKS)
@pytest.mark.parametrize(
    ("args", "words"), BAD, ids=[f"{at}-{next(iter(args))}" for at, (args, _words) in enumerate(BAD)]
)
def test_bad_connection(world: World, module: str, args: dict[str, Any], words: str) -> None:
    """One sentence that names the option, no request, and no part of a secret."""
    result = world.run(module, **{**TASKS[module], **args})
    assert_input_error(world, result, words)
    assert "s3cret-in-url" not in result["msg"]
    assert "BBBB" not in result["msg"]


@pytest.mark.parametrize(
    ("content", "works"),
    [
        (b"{token}", True),
        (b"{token}\n", True),
        (b"\r\n {token} \r\n", True),
        (b"", False),
        (b"\n \n", False),
        (b"\xff\xfe{token}", False),
        (b"{token}\nsecond line\n", False),
    ],
    ids=["plain", "line break", "blanks around", "empty", "blank", "not UTF-8", "two lines"],
)
def test_token_file(world: World, tmp_path: Path, content: bytes, works: bool) -> None:
    """Blanks and line breaks around the token do not count; anything else is refused without a request."""
    path = tmp_path / "token"
    path.write_bytes(content.replace(b"{token}", world.standin.token.encode()))
    result = world.run("pam360_account", token=..., token_file=str(path), **QUIET)
    if works:
        assert result["changed"] is False
        assert {entry.headers["AUTHTOKEN"] for entry in world.journal} == {world.standin.token}
    else:
        assert_input_error(world, result)
        assert "token" in result["msg"].casefold()
        assert world.standin.token not in world.printed


def test_token_with_an_umlaut(world: World) -> None:
    """A token that no server can know is refused by the server in clear words; it shows nowhere."""
    result = world.run("pam360_account", token="tökën-ß", **QUIET)
    assert result["failed"]
    assert "token" in result["msg"]
    assert "tökën-ß" not in world.printed
    assert "t\\u00f6k" not in world.printed


def test_wrong_token(world: World) -> None:
    """The server's refusal of a token is one sentence, and the token shows nowhere."""
    result = world.run("pam360_account", token="WRONG-0000-TOKEN", **QUIET)
    assert result["failed"]
    assert "API key received is not associated" in result["msg"]
    assert "WRONG-0000-TOKEN" not in world.printed
    assert len(world.journal) == 1


def _of(world: World, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "token"
    path.write_text(world.standin.token)
    return {"PAM360_URL": world.standin.url, "PAM360_TOKEN": world.standin.token, "PAM360_TOKEN_FILE": str(path)}


@pytest.mark.parametrize("module", TASKS)
@pytest.mark.parametrize("how", ["PAM360_TOKEN", "PAM360_TOKEN_FILE"])
def test_all_from_the_environment(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, how: str
) -> None:
    """Each module runs with url and token from the environment alone."""
    values = _of(world, tmp_path)
    for name in ("PAM360_URL", how):
        monkeypatch.setenv(name, values[name])
    result = world.run(module, url=..., token=..., **TASKS[module])
    assert not result.get("failed"), result


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PAM360_URL", "ftp://x", "url must look like"),
        ("PAM360_TIMEOUT", "0", "timeout must be more than 0"),
        ("PAM360_TIMEOUT", "soon", "timeout"),
        ("PAM360_RETRIES", "-1", "retries must be 0 or more"),
        ("PAM360_VALIDATE_CERTS", "maybe", "validate_certs"),
        ("PAM360_CA_PATH", "/does/not/exist", "ca_path names"),
        ("PAM360_CLIENT_CERT", "/does/not/exist", "client_cert names"),
        ("PAM360_CLIENT_KEY", "/etc/hostname", "client_key needs client_cert"),
        ("PAM360_PROXY", "rubbish", "proxy must look like"),
        ("PAM360_ORG_NAME", "a\nb", "org_name has"),
    ],
)
def test_each_variable_counts(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    """The variable of each option is read, which its errors prove."""
    monkeypatch.setenv(variable, value)
    url = ... if variable == "PAM360_URL" else world.standin.url
    assert_input_error(world, world.run("pam360_account", url=url, **QUIET), words)


def test_variables_that_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """org_name and retries of the environment reach the wire; an option beats its own variable."""
    monkeypatch.setenv("PAM360_ORG_NAME", "Default")
    monkeypatch.setenv("PAM360_RETRIES", "1")
    world.standin.faults.add(fault="status", code=503)
    result = world.run("pam360_account", **QUIET)
    assert result["requests"] == {"sent": 2, "retried": 1}
    assert {entry.headers["orgName"] for entry in world.journal} == {"Default"}
    result = world.run("pam360_account", retries=0, org_name="No one", **QUIET)
    assert result["requests"] == {"sent": 1, "retried": 0}
    assert {entry.headers["orgName"] for entry in world.journal} == {"No one"}


@pytest.mark.parametrize("option", ["token", "token_file"])
@pytest.mark.parametrize("variable", ["PAM360_TOKEN", "PAM360_TOKEN_FILE"])
def test_an_option_beats_the_other_variable(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, variable: str
) -> None:
    """token or token_file given in the task wins over either variable."""
    values = _of(world, tmp_path)
    monkeypatch.setenv(variable, "WRONG-TOKEN" if variable == "PAM360_TOKEN" else "/does/not/exist")
    args = {"token": ..., option: values[f"PAM360_{option.upper()}"]}
    result = world.run("pam360_account", **{**QUIET, **args})
    assert result.get("changed") is False, result["msg"]


def test_both_variables_are_an_error(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tokens in the environment and none in the task cannot be told apart."""
    for name, value in _of(world, tmp_path).items():
        monkeypatch.setenv(name, value)
    assert_input_error(world, world.run("pam360_account", token=..., **QUIET), "token and token_file are both given")


def test_empty_variables_are_as_if_unset(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable, as CI systems make them, counts as not set."""
    for name in ("TOKEN_FILE", "ORG_NAME", "CA_PATH", "CLIENT_CERT", "CLIENT_KEY", "PROXY"):
        monkeypatch.setenv(f"PAM360_{name}", "")
    result = world.run("pam360_account", **QUIET)
    assert result.get("changed") is False, result["msg"]
    monkeypatch.setenv("PAM360_TOKEN", world.standin.token)
    result = world.run("pam360_account", token=..., **QUIET)
    assert result.get("changed") is False, result["msg"]


def test_plain_http_warns_and_a_slash_does_not_matter(world: World) -> None:
    """http:// works with a warning, and a slash behind the address is dropped."""
    result = world.run("pam360_account", url=world.standin.url + "/", **QUIET)
    assert any("not encrypted" in text for text in texts_of(result))
    assert all("//" not in entry.path for entry in world.journal)
