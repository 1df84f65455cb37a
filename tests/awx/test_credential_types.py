# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential types: by the rules of AWX, in step with the modules, and applied by AWX's own injection."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from awx_plugins.interfaces._temporary_private_inject_api import ENV_BLOCKLIST, HIDDEN_PASSWORD
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark import connect as cyberark
from ansible_collections.vaultops.pam.plugins.module_utils._pam360 import connect as pam360
from ansible_collections.vaultops.pam.tests.awx._engine import AWX, inject, load
from ansible_collections.vaultops.pam.tests.canary.drawn import CANARIES
from ansible_collections.vaultops.pam.tests.canary.search import Search
from pam360_standin import Standin
from pvwa_standin import Standin as PvwaStandin

TYPES = ("pam360", "cyberark")
# Without a variable: the token comes by file; the default is right.
LEFT_OUT = {"pam360": {"token"}, "cyberark": {"concurrent_session"}}
OPTIONS = {"pam360": set(pam360.CONNECTION), "cyberark": set(cyberark.CONNECTION)}
FIELD = {"id", "type", "label", "help_text", "secret", "multiline", "choices", "default"}
MODULE = """
import json, runpy, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": json.loads(sys.argv[2])}).encode()
basic._ANSIBLE_PROFILE = "legacy"
runpy.run_module("ansible_collections.vaultops.pam.plugins.modules." + sys.argv[1], run_name="__main__")
"""


@pytest.fixture(params=TYPES)
def name(request: pytest.FixtureRequest) -> str:
    """Each credential type."""
    return str(request.param)


def data(name: str) -> dict[str, Any]:
    """Return the file of a credential type."""
    loaded: dict[str, Any] = load(AWX / "credential_types" / f"{name}.yml")
    return loaded


def test_inputs_follow_the_rules_of_awx(name: str) -> None:
    """As AWX checks them when the type is saved."""
    inputs = data(name)["inputs"]
    ids = [field["id"] for field in inputs["fields"]]
    assert len(set(ids)) == len(ids)
    assert "tower" not in ids
    assert set(inputs["required"]) <= set(ids)
    for field in inputs["fields"]:
        assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", field["id"])
        assert set(field) <= FIELD
        assert field["label"]
        assert field["type"] in ("string", "boolean")
        assert field["type"] == "string" or not {"choices", "multiline", "secret"} & set(field)


def test_injectors_follow_the_rules_of_awx(name: str) -> None:
    """Only known kinds; no variable of Ansible or AWX; nothing but the fields and the files in a template."""
    kind = data(name)
    injectors = kind["injectors"]
    assert kind["kind"] == "cloud"
    assert set(injectors) == {"file", "env"}
    assert all(re.fullmatch(r"template\.[a-zA-Z_]\w*", label) for label in injectors["file"])
    assert not [
        variable for variable in injectors["env"] if variable.startswith("ANSIBLE_") or variable in ENV_BLOCKLIST
    ]
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    fields: dict[str, Any] = {field["id"]: "x" for field in kind["inputs"]["fields"]}
    fields["tower"] = {"filename": {label.split(".")[1]: f"/{label}" for label in injectors["file"]}}
    rendered = [sandbox.from_string(text).render(fields) for part in injectors.values() for text in part.values()]
    assert all(rendered)


def test_each_connection_option_has_its_variable(name: str) -> None:
    """None is missing, and none is one that no module reads."""
    variables = {f"{name.upper()}_{option.upper()}" for option in OPTIONS[name] - LEFT_OUT[name]}
    assert set(data(name)["injectors"]["env"]) == variables


def test_secrets_are_secret(name: str) -> None:
    """What must not be shown is encrypted and starred by AWX."""
    secret = {field["id"] for field in data(name)["inputs"]["fields"] if field.get("secret")}
    assert secret == {"client_key", "proxy", "token", *({"password"} if name == "cyberark" else ())}


def run_module(env: Mapping[str, Any], module: str = "pam360_resource", **args: Any) -> dict[str, Any]:
    """Run a module with nothing but the injected variables for its connection; return its result."""
    given = args or {"name": "db01", "type": "Linux"}
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-c", MODULE, module, json.dumps(given)],
        env={**kept, "PYTHONPATH": path, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def filled(vault: Standin, **more: Any) -> dict[str, Any]:
    """Return what a user of AWX types in."""
    ca = Path(str(vault.ca_path)).read_text(encoding="utf-8")
    return {"url": vault.url, "token": CANARIES.token, "ca_certificate": ca, **more}


OPTIONAL = ("org_name", "client_certificate", "client_key", "proxy", "timeout", "retries", "server_profile")
EMPTY = dict.fromkeys(OPTIONAL, "")
INPUTS = {
    "required only": {},
    "empty texts": {**EMPTY, "skip_certificate_check": False},
    "all": {"org_name": "Default", "timeout": "20", "retries": "1", "skip_certificate_check": False},
}


@pytest.mark.parametrize("more", INPUTS.values(), ids=INPUTS)
def test_a_module_finds_the_vault(vault: Standin, tmp_path: Path, more: dict[str, Any]) -> None:
    """The variables and files are all that a task needs; texts that were left empty count as not given."""
    result = run_module(inject("pam360", filled(vault, **more), tmp_path).env)
    assert result["msg"] == "resource 'db01' is as wanted"
    sent = vault.journal.entries[0].headers
    headers = {key.lower(): value for key, value in sent.items()}
    assert headers["authtoken"] == CANARIES.token
    assert headers.get("orgname", "") == more.get("org_name", "")


@pytest.mark.parametrize(("skip", "works"), [(None, False), (False, False), (True, True)])
def test_certificates_are_checked_unless_the_user_says_no(
    vault: Standin, tmp_path: Path, skip: bool | None, works: bool
) -> None:
    """A boolean that is left out is false in AWX, so leaving it out must be the safe choice."""
    given = filled(vault, ca_certificate="") | ({} if skip is None else {"skip_certificate_check": skip})
    result = run_module(inject("pam360", given, tmp_path).env)
    assert ("is not trusted" in result.get("msg", "")) is not works
    assert bool(vault.journal.entries) is works


def test_a_client_certificate_arrives(tmp_path: Path) -> None:
    """Certificate and key are files, too."""
    with Standin(tls=True, client_certs=True, seed={"token": CANARIES.token}) as vault:
        pem = Path(str(vault.client_cert_path)).read_text(encoding="utf-8")
        key, certificate = split(pem)
        given = filled(vault, client_certificate=certificate, client_key=key)
        result = run_module(inject("pam360", given, tmp_path).env)
        assert result["changed"] is True
        assert vault.journal.writes()


PROFILE = json.dumps({"format": "vaultops.pam server profile", "version": 1, "vault": "pam360", "findings": {}})


@pytest.mark.parametrize(("text", "works"), [(PROFILE, True), ("half of " + PROFILE, False)])
def test_a_server_profile_arrives(vault: Standin, tmp_path: Path, text: str, works: bool) -> None:
    """As a file, whose text the user pastes."""
    result = run_module(inject("pam360", filled(vault, server_profile=text), tmp_path).env)
    assert result.get("failed", False) is not works
    assert ("which is not a server profile: it is not JSON" in result["msg"]) is not works


def split(pem: str) -> tuple[str, ...]:
    """Return (key, certificates) of a PEM file with both."""
    blocks = [block.group(0) for block in re.finditer(r"-----BEGIN .*?-----END [A-Z ]+-----\n?", pem, re.DOTALL)]
    return tuple("".join(block for block in blocks if kind in block) for kind in ("PRIVATE KEY", "BEGIN CERTIFICATE"))


@pytest.mark.parametrize("more", [{}, EMPTY | {"auth_method": ""}, {"auth_method": "ldap", "timeout": "20"}])
def test_a_module_finds_cyberark(tmp_path: Path, more: dict[str, Any]) -> None:
    """By the variables of the other type, the same."""
    with PvwaStandin(tls=True) as vault:
        ca = Path(str(vault.ca_path)).read_text(encoding="utf-8")
        login = {"url": vault.url, "username": vault.username, "password": vault.password, "ca_certificate": ca}
        env = inject("cyberark", {**login, **more}, tmp_path).env
        result = run_module(env, "cyberark_account", safe="Linux", name="nobody", state="absent")
        assert (result.get("failed"), result["changed"]) == (None, False)
        logon = vault.journal.entries[0].path.strip("/").split("/")[-2:]
        assert [part.lower() for part in logon] == [more.get("auth_method") or "cyberark", "logon"]


def test_the_other_ways_to_cyberark(tmp_path: Path) -> None:
    """A token of a session, and a service user of Privilege Cloud; the fields of the other ways are empty."""
    seed = {
        "users": [{"name": "apiuser", "password": CANARIES.password, "oauth": True}],
        "sessions": [{"token": "T-1"}],
    }
    with PvwaStandin(tls=True, seed=seed) as vault:
        ca = Path(str(vault.ca_path)).read_text(encoding="utf-8")
        empty = dict.fromkeys(("username", "password", "auth_method", "identity_url", "token"), "")
        ways: tuple[tuple[dict[str, str], str], ...] = (
            ({"token": "T-1"}, "Get accounts"),
            (
                {
                    "username": "apiuser",
                    "password": CANARIES.password,
                    "auth_method": "oauth2",
                    "identity_url": vault.url,
                },
                "Get token",
            ),
        )
        for given, first in ways:
            vault.journal.clear()
            env = inject("cyberark", {"url": vault.url, "ca_certificate": ca, **empty, **given}, tmp_path).env
            result = run_module(env, "cyberark_account", safe="Linux", name="nobody", state="absent")
            assert (result.get("failed"), result["changed"]) == (None, False), result["msg"]
            assert vault.journal.entries[0].operation == first
            assert vault.journal.entries[-1].operation == "Get accounts"


def test_the_token_is_in_a_file_alone(vault: Standin, tmp_path: Path, search: Search) -> None:
    """Not in the variables, not on the command line, and only the owner may read the file."""
    injected = inject("pam360", filled(vault), tmp_path)
    assert search.find(f"{injected}\n{json.dumps(injected.env)}", "variables") == []
    path = Path(injected.env["PAM360_TOKEN_FILE"])
    assert path.read_text(encoding="utf-8") == CANARIES.token
    assert path.stat().st_mode & 0o777 == 0o600
    assert injected.args == []


def test_awx_hides_the_password_of_cyberark(tmp_path: Path, search: Search) -> None:
    """There it has to be a variable; what AWX keeps of it is stars."""
    given = {"url": "https://pvwa.example.com", "username": "apiuser", "password": CANARIES.password}
    injected = inject("cyberark", given, tmp_path)
    assert injected.env["CYBERARK_PASSWORD"] == CANARIES.password
    assert injected.safe["CYBERARK_PASSWORD"] == HIDDEN_PASSWORD
    assert search.find(json.dumps(injected.safe), "variables that AWX keeps") == []
    assert injected.env["CYBERARK_AUTH_METHOD"] == "cyberark"
