# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options: what is refused before a request, and what the environment gives."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
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
    ({"token": "AAAA\nBBBB"}, "token begins or ends"),
    ({"token": "AAAA\rBBBB"}, "token begins or ends"),
    ({"token": " AAAA"}, "token begins or ends"),
    ({"token_file": "/etc/hostname"}, "token and token_file"),
    ({"token": ..., "token_file": ""}, "token"),
    ({"token": ..., "token_file": "/does/not/exist"}, "token_file names '/does/not/exist'"),
    ({"token": ..., "token_file": "/tmp"}, "token_file names '/tmp'"),
    ({"ca_path": __file__}, "which holds no certificate in PEM form"),
    ({"ca_path": "/proc"}, "a folder without hashed certificates"),
    ({"ca_path": "/dev/null"}, "which is not a file"),
    ({"url": "https://vault..example.com"}, "url is not a valid URL"),
    ({"url": f"https://{'a' * 70}.example.com"}, "url is not a valid URL"),
    ({"org_name": "Org\nX-Injected: 1"}, "org_name begins or ends"),
    ({"org_name": " Org"}, "org_name begins or ends"),
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


VAULTED = b"$ANSIBLE_VAULT;1.1;AES256\n6162\n6364\n"
TOKEN_FILES: dict[str, tuple[bytes, str]] = {
    "plain": (b"{token}", ""),
    "line break": (b"{token}\n", ""),
    "blanks around": (b"\r\n {token} \r\n", ""),
    "byte-order mark": (b"\xef\xbb\xbf{token}\r\n", ""),
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "byte-order mark alone": (b"\xef\xbb\xbf", "is empty"),
    "UTF-16": (b"\xff\xfe{token}", "is not UTF-8 text"),
    "binary": (bytes(range(256)), "is not UTF-8 text"),
    "two lines": (b"{token}\nsecond line\n", "has more than one line"),
    "encrypted": (VAULTED, "is encrypted by Ansible Vault"),
    "encrypted, with an ID": (b"$ANSIBLE_VAULT;1.2;AES256;dev\n6162\n", "is encrypted by Ansible Vault"),
    "quoted": (b'"{token}"\n', "has quotes around its content"),
    "quoted once": (b"'{token}'", "has quotes around its content"),
    "huge": (b"x" * 70_000, "is larger than 64 KB"),
    "control character": (b"{token}\x07", "control character"),
}


@pytest.mark.parametrize("name", TOKEN_FILES)
def test_token_file(world: World, tmp_path: Path, name: str) -> None:
    """A mark, blanks and line breaks around the token do not count; anything else is told as what it is."""
    content, words = TOKEN_FILES[name]
    path = tmp_path / "token"
    path.write_bytes(content.replace(b"{token}", world.standin.token.encode()))
    path.chmod(0o600)
    result = world.run("pam360_account", token=..., token_file=str(path), **QUIET)
    if not words:
        assert result["changed"] is False
        assert {entry.headers["AUTHTOKEN"] for entry in world.journal} == {world.standin.token}
        assert not any("token_file" in text for text in texts_of(result))
    else:
        assert_input_error(world, result, "token_file", words)
        assert world.standin.token not in world.printed
        assert "second line" not in world.printed


def _missing(path: Path) -> None:
    """Leave it out."""


def _unreadable(path: Path) -> None:
    path.touch(mode=0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_missing, "which does not exist"),
        (os.mkfifo, "which is a pipe or a device"),
        (Path.mkdir, "which is a folder"),
        pytest.param(
            _unreadable,
            "which this user may not read",
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything"),
        ),
    ],
)
def test_token_file_that_is_none(world: World, tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    """It is not waited for."""
    make(tmp_path / "token")
    result = world.run("pam360_account", token=..., token_file=str(tmp_path / "token"), **QUIET)
    assert_input_error(world, result, f"token_file names '{tmp_path / 'token'}', {words}")
    result = world.run("pam360_account", token=..., token_file="/dev/zero", **QUIET)
    assert_input_error(world, result, "which is a pipe or a device")


@pytest.mark.parametrize(("mode", "warns"), [(0o600, False), (0o640, False), (0o644, True), (0o604, True)])
def test_token_file_that_everyone_can_read(world: World, tmp_path: Path, mode: int, warns: bool) -> None:
    """It works, and warns."""
    path = tmp_path / "token"
    path.write_text(world.standin.token, encoding="utf-8")
    path.chmod(mode)
    result = world.run("pam360_account", token=..., token_file=str(path), **QUIET)
    assert result["changed"] is False
    assert sum("can be read by every user of its host: give it mode 0600" in text for text in texts_of(result)) == warns


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
        ("PAM360_ORG_NAME", "a\nb", "org_name begins or ends"),
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


@pytest.mark.parametrize(
    "path", ["/restapi/json/v1", "/restapi/json/v1/", "/restapi", "/restapi/json/v1/resources", "/RestAPI/JSON/V1"]
)
def test_path_of_the_api_is_cut_off(world: World, path: str) -> None:
    """The address of a call of the API works as well."""
    result = world.run("pam360_account", url=world.standin.url + path, **QUIET)
    assert result["changed"] is False, result["msg"]


def test_another_path_is_kept(world: World) -> None:
    """A gateway may put the vault under a path."""
    world.run("pam360_account", url=f"{world.standin.url}/vault/restapiary", **QUIET)
    assert {entry.path.split("/restapi/json")[0] for entry in world.journal} == {"/vault/restapiary"}


def test_brackets_stay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An IPv6 address in a message can be copied."""

    def refused(*_args: Any, **_options: Any) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", refused)
    result = world.run("pam360_account", url="http://[::1]:8282", retries=0, **QUIET)
    assert "no connection to [::1]:8282: " in result["msg"]
    result = world.run("pam360_account", url="http://[::1]", retries=0, **QUIET)
    assert "no connection to [::1]: " in result["msg"]


@pytest.fixture(scope="module")
def nowhere() -> str:
    """Return host:port of a port where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


VARIABLES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_proxy_of_the_environment_is_named(
    world: World, nowhere: str, monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    """A message about it names the variable, and proxy: "" does without."""
    monkeypatch.setenv(variable, f"{scheme}joe:pr0xy-s3cret@{nowhere}")
    result = world.run("pam360_account", retries=0, **QUIET)
    assert "the proxy did not connect" in result["msg"]
    assert f'The environment names it, in {variable}: correct it, or set proxy: "" to use no proxy.' in result["msg"]
    assert "answer" not in result["msg"]
    assert "pr0xy-s3cret" not in world.printed
    assert world.run("pam360_account", proxy="", **QUIET)["changed"] is False


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("value", ["ftp://proxy:3128", "http://proxy:x", "http://", "http://pro xy:3128"])
def test_senseless_proxy_of_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """The variable is named, before anything is sent."""
    monkeypatch.setenv(variable, value)
    result = world.run("pam360_account", **QUIET)
    assert_input_error(world, result, variable)
    assert world.run("pam360_account", proxy="", **QUIET)["changed"] is False


def test_variable_of_the_product_beats_that_of_the_environment(
    world: World, nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the option is what has to be checked."""
    monkeypatch.setenv("http_proxy", "http://elsewhere:1")
    monkeypatch.setenv("PAM360_PROXY", f"http://{nowhere}")
    assert "Check proxy." in world.run("pam360_account", retries=0, **QUIET)["msg"]


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_bundle_of_the_environment_that_is_missing(
    world: World, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """The variable is named; with ca_path, or without a check, it does not count."""
    monkeypatch.setenv(variable, "/does/not/exist")
    url = world.standin.url.replace("http:", "https:")
    assert_input_error(world, world.run("pam360_account", url=url, **QUIET), f"the variable {variable} names")
    assert "does not speak TLS" in world.run("pam360_account", url=url, validate_certs=False, **QUIET)["msg"]


@pytest.mark.parametrize("given", ["option", "environment"])
def test_certificates_that_are_not_checked_warn_once(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Whatever the task does, the user is told, in the same words each time."""
    if given == "environment":
        monkeypatch.setenv("PAM360_VALIDATE_CERTS", "no")
    args = {"validate_certs": False} if given == "option" else {}
    with World(tls=True) as world:
        for module in ("pam360_account", "pam360_account_info"):
            result = world.run(module, **(QUIET if module == "pam360_account" else {}), **args)
            told = [text for text in texts_of(result) if "is not checked: validate_certs is false." in text]
            assert len(told) == 1
        args = {"ca_path": world.standin.ca_path, "validate_certs": True}
        assert not any("not checked" in text for text in texts_of(world.run("pam360_account", **QUIET, **args)))


def test_plain_http_warns_and_a_slash_does_not_matter(world: World) -> None:
    """http:// works with a warning, and a slash behind the address is dropped."""
    result = world.run("pam360_account", url=world.standin.url + "/", **QUIET)
    assert any("not encrypted" in text for text in texts_of(result))
    assert all("//" not in entry.path for entry in world.journal)
