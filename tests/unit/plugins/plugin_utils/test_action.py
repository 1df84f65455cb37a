# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks in the controller's own process: when, and that the result is that of a shipped module."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.vaultops.pam.plugins.module_utils._ansible import masking as _masked
from ansible_collections.vaultops.pam.plugins.module_utils._http import client as _http
from ansible_collections.vaultops.pam.plugins.plugin_utils import _action
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, World, assert_input_error, texts_of
from ansible_collections.vaultops.pam.tests.unit._roads import ROADS, action

ROOT = {"resource": "db01", "name": "root"}
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "create": ("pam360_account", {"resource": "db01", "name": "new", "password": "N3w-Passw0rd!", "notes": "n"}),
    "edit": ("pam360_account", {**ROOT, "notes": "n", "custom_fields": {"Owner Team": "dba", "Cost Center": 7}}),
    "no change": ("pam360_account", {**ROOT, "notes": "old notes"}),
    "delete": ("pam360_account", {**ROOT, "state": "absent"}),
    "password": ("pam360_account_password", {"resource": "db01", "account": "root", "password": "N3w-Passw0rd!"}),
    "generated": (
        "pam360_account_password",
        {"resource": "db01", "account": "stale", "generate": "Strong", "return_password": True},
    ),
    "share": ("pam360_account_share", {"resource": "db01", "account": "root", "user": "jdoe", "access_type": "view"}),
    "resource": ("pam360_resource", {"name": "db02", "type": "Linux"}),
    "search": ("pam360_account_info", {"resource": "db01", "details": True, "max_connections": 1}),
    "types from an inventory": ("pam360_account", {**ROOT, "name": 5, "timeout": "20", "validate_certs": "no"}),
    "dates": ("pam360_account", {**ROOT, "notes": datetime.date(2026, 1, 2)}),
    "umlauts": ("pam360_account", {**ROOT, "notes": 'Grüße \U0001f600 \\ " % {{ x }}'}),
    "nulls": ("pam360_account", {**ROOT, "notes": None, "password": None, "custom_fields": None}),
    "no such resource": ("pam360_account", {**ROOT, "resource": "nowhere"}),
    "wrong token": ("pam360_account", {**ROOT, "token": "00000000-0000"}),
    "missing option": ("pam360_account", {"resource": "db01"}),
    "unknown option": ("pam360_account", {**ROOT, "pasword": "N3w-Passw0rd!"}),
    "unknown and missing": ("pam360_account", {"pasword": "N3w-Passw0rd!"}),
    "exclusive": ("pam360_account", {**ROOT, "resource_id": "601"}),
    "one of": ("pam360_account", {"name": "root"}),
    "wrong choice": ("pam360_account", {**ROOT, "state": "gone", "password": "gone"}),
    "wrong type": ("pam360_account", {**ROOT, "password": "N3w-Passw0rd!", "timeout": "N3w-Passw0rd!"}),
    "wrong item": ("pam360_account", {**ROOT, "resource_group_ids": [{"a": "b"}]}),
    "login in url": ("pam360_account", {**ROOT, "url": "https://joe:s3cret-in-url@vault.example.com"}),
}
SHIPPED = {"changed": False, "shipped": True}


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One server for the module."""
    with World(road="action") as made:
        yield made


@pytest.fixture
def world(shared: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The server, as it was at the start; it generates one and the same password."""
    monkeypatch.setattr("pam360_standin.passwords.generate", lambda _policy: "Gen-Passw0rd!")
    return shared.reset()


def plain(result: Mapping[str, Any]) -> Result:
    """Return a result with its warnings as texts."""
    return {**result, "warnings": texts_of(result)}


def on_road(world: World, road: str, module: str, args: Mapping[str, Any], *, check: bool) -> Result:
    """Run a task from the start on one road."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "road", road)
        return plain(world.reset().run(module, check=check, **args))


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("task", [name for name in TASKS if name != "dates"])
def test_both_roads_end_alike(world: World, task: str, check: bool) -> None:
    """Result, requests and what is left in the vault are the same, key by key."""
    module, args = TASKS[task]
    shipped = on_road(world, "module", module, args, check=check)
    asked, left = [(entry.path, entry.raw_body) for entry in world.journal], world.truth()
    here = on_road(world, "action", module, args, check=check)
    assert here == shipped
    assert [(entry.path, entry.raw_body) for entry in world.journal] == asked
    assert world.truth() == left


@pytest.mark.parametrize("task", TASKS)
def test_results_are_plain(world: World, task: str) -> None:
    """Nothing but what JSON knows is in a result, and the task keeps its options as they were."""
    module, args = TASKS[task]
    given = {"url": world.standin.url, "token": world.standin.token, **args}
    plugin = action(module, given)
    result = plugin.run(task_vars={})
    assert kinds(result) <= {dict, list, str, int, bool, type(None)}
    assert plugin._task.args == given


def kinds(value: Any) -> set[type]:
    """Return the types of a value and all within."""
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return {type(value)}.union(*(kinds(item) for item in inner))


def test_text_that_is_none(world: World) -> None:
    """A shipped module of ansible-core 2.19 or newer does not get to see it; here it is a clear sentence."""
    assert_input_error(world, world.run("pam360_account", **ROOT, notes="a\udcffb"), "notes", "not valid UTF-8")


def vaulted(text: str) -> Any:
    """Return an encrypted value of the inventory, in the type that this ansible-core has for it."""
    secret = VaultSecret(b"a vault password")
    vault = VaultLib([("default", secret)])
    ciphertext = vault.encrypt(text, secret).decode()
    try:
        from ansible.parsing.vault import EncryptedString, VaultSecretsContext
    except ImportError:
        from ansible.parsing.yaml.objects import AnsibleVaultEncryptedUnicode

        value = AnsibleVaultEncryptedUnicode(ciphertext)
        value.vault = vault
        return value
    with contextlib.suppress(RuntimeError):  # known already
        VaultSecretsContext.initialize(VaultSecretsContext(secrets=[("default", secret)]))
    return EncryptedString(ciphertext=ciphertext)


def test_values_from_ansible_vault(world: World) -> None:
    """They are decrypted for the vault, and masked in the result."""
    result = world.run("pam360_account", **ROOT, password=vaulted("N3w-Passw0rd!"), update_password="always")
    assert result["changed"] is True, result
    assert world.account("root")["password"] == "N3w-Passw0rd!"
    assert "N3w-Passw0rd!" not in str(result)


def play(world: World, variables: Mapping[str, Any] | None = None, **keywords: Any) -> tuple[Result, Any]:
    """Run a task that needs no change; return its result and the plugin. Nothing is really shipped."""
    world.standin.journal.clear()
    args = {"url": world.standin.url, "token": world.standin.token, **ROOT}
    plugin = action("pam360_account", args, **keywords)
    plugin._templar.available_variables = dict(variables or {})
    plugin._execute_module = lambda **options: {**SHIPPED, **options}
    return plugin.run(task_vars=dict(variables or {})), plugin


def is_here(world: World, result: Result) -> bool:
    """Whether a task ran in this process."""
    assert ("shipped" in result) is not bool(world.journal)
    return "shipped" not in result


def test_a_local_task_runs_here(world: World) -> None:
    """This is what a task with ``delegate_to: localhost`` looks like."""
    assert is_here(world, play(world)[0])


@pytest.mark.parametrize(
    "keywords",
    [
        {"async_val": 30, "poll": 1},
        {"environment": [{}, {"PAM360_TIMEOUT": "5"}]},
        {"environment": [{"http_proxy": ""}]},
    ],
    ids=["async", "environment", "empty variable"],
)
def test_what_a_module_is_needed_for(world: World, keywords: dict[str, Any]) -> None:
    """A task that would not find the same here is shipped; an asynchronous one in its wrapper."""
    result, _plugin = play(world, **keywords)
    assert not is_here(world, result)
    assert result["wrap_async"] == keywords.get("async_val", 0)


def test_shipped_again(world: World) -> None:
    """What Ansible puts among the options of a shipped module is not an option of the next attempt."""
    _result, plugin = play(world, async_val=30)

    def ship(module_args: dict[str, Any], **options: Any) -> Result:
        module_args["_ansible_check_mode"] = False
        return {**SHIPPED, **options}

    plugin._execute_module = ship
    attempts = [plugin.run(task_vars={}) for _attempt in range(2)]
    assert attempts[0] == attempts[1]
    assert "shipped" in attempts[1]


@pytest.mark.parametrize(("name", "value"), [("become", object()), ("transport", "ssh")])
def test_other_hosts_and_users(world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    """On another host, and as another user, it is the module that works."""
    make = _action.VaultAction.__init__

    def elsewhere(self: Any, **parts: Any) -> None:
        real = parts["connection"]
        connection = {"become": real.become, "transport": real.transport, "_shell": real._shell, name: value}
        make(self, **{**parts, "connection": SimpleNamespace(**connection)})

    monkeypatch.setattr(_action.VaultAction, "__init__", elsewhere)
    assert not is_here(world, play(world)[0])


def test_without_requests(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Python, which ``ansible_python_interpreter`` names, may have it."""
    monkeypatch.setattr(_action, "REQUESTS_IMPORT_ERROR", "ImportError")
    assert not is_here(world, play(world)[0])


@pytest.mark.parametrize(
    ("value", "here"),
    [(True, True), ("yes", True), (1, True), (False, False), ("no", False), ("{{ not faraway }}", False), (None, True)],
)
def test_the_variable(world: World, value: Any, here: bool) -> None:
    """It may be a template; null is as if unset."""
    trusted = trust(value) if isinstance(value, str) else value
    result, _plugin = play(world, {"vaultops_pam_in_process": trusted, "faraway": True})
    assert is_here(world, result) is here


def trust(text: str) -> str:
    """Return *text* as one that Ansible takes for a template, as all of a playbook are."""
    try:
        from ansible.template import trust_as_template
    except ImportError:
        return text
    return trust_as_template(text)


def test_environment_variable(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable of a play beats it."""
    monkeypatch.setenv("VAULTOPS_PAM_IN_PROCESS", "false")
    assert not is_here(world, play(world)[0])
    assert is_here(world, play(world, {"vaultops_pam_in_process": True})[0])


def test_ini_file(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the environment variable beats the file."""
    path = tmp_path / "ansible.cfg"
    path.write_text("[vaultops_pam]\nin_process = false\n", encoding="utf-8")
    monkeypatch.setattr(_action.CONFIG, "_config_file", str(path))
    assert not is_here(world, play(world)[0])
    monkeypatch.setenv("VAULTOPS_PAM_IN_PROCESS", "true")
    assert is_here(world, play(world)[0])


@pytest.mark.parametrize("value", ["maybe", "", 2, ["yes"]])
def test_no_such_value(world: World, value: Any) -> None:
    """Not a guess, but a sentence."""
    with pytest.raises(AnsibleActionFail, match=r"vaultops_pam_in_process must be true or false, not .* \(var: vault"):
        play(world, {"vaultops_pam_in_process": value})
    assert world.journal == []


def test_no_such_value_in_the_environment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says where it comes from."""
    monkeypatch.setenv("VAULTOPS_PAM_IN_PROCESS", "perhaps")
    with pytest.raises(AnsibleActionFail, match=r"not 'perhaps' \(env: VAULTOPS_PAM_IN_PROCESS\)\.$"):
        play(world)


def test_paths_start_at_the_playbook(world: World, tmp_path: Path) -> None:
    """As for a module on a local connection; afterwards the controller is where it was."""
    (tmp_path / "token").write_text(world.standin.token, encoding="utf-8")
    before = os.getcwd()
    args = {"url": world.standin.url, "token_file": "token", **ROOT}
    result = action("pam360_account", args, folder=str(tmp_path)).run(task_vars={})
    assert result["changed"] is False, result
    assert os.getcwd() == before


def replaced(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Result]) -> None:
    """Let all tasks do something else."""
    monkeypatch.setattr(_masked, "execute", answer)


@pytest.mark.parametrize("road", ROADS)
def test_a_defect_of_ours(world: World, monkeypatch: pytest.MonkeyPatch, road: str) -> None:
    """The kind of the exception and its place, and not its text."""

    def broken(*_args: Any, **_options: Any) -> Result:
        raise ValueError("s3cret-in-text")

    replaced(monkeypatch, broken)
    result = on_road(world, road, "pam360_account", ROOT, check=False)
    assert result["failed"] is True
    assert result["changed"] is False
    assert result["msg"].startswith("Unexpected ValueError in test_action.py, line ")
    assert "s3cret-in-text" not in str(result) + world.printed


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_end_from_outside(world: World, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]) -> None:
    """Ctrl-C gets through, and nothing is left open or changed."""
    closed, before = [], os.getcwd()
    close = _http.HttpClient.close
    monkeypatch.setattr(_http.HttpClient, "close", lambda self: closed.append(close(self)))

    def ended(*_args: Any, **_options: Any) -> None:
        raise kind

    monkeypatch.setattr(_http.HttpClient, "_send", ended)
    with pytest.raises(kind):
        world.run("pam360_account", **ROOT)
    assert closed == [None]
    assert os.getcwd() == before


def test_libraries_do_not_log(world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """What urllib3 says of a request stays out of Ansible's log file, and only as long as the task runs."""
    logger = logging.getLogger("urllib3.connectionpool")

    def talks(*_args: Any, **_options: Any) -> Result:
        logger.error("Failed to parse headers (url=s3cret-in-url)")
        return {"changed": False}

    replaced(monkeypatch, talks)
    with caplog.at_level(logging.INFO):
        world.run("pam360_account", **ROOT)
        logger.error("and now it does again")
    assert [record.getMessage() for record in caplog.records] == ["and now it does again"]


def test_warnings_are_those_of_the_task(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, masked, and none from the task before."""

    def warns(_task: object, _params: object, *, warn: Callable[[str], None], **_options: Any) -> Result:
        for text in ("first", f"token {world.standin.token}", "first"):
            warn(text)
        return {"changed": False}

    replaced(monkeypatch, warns)
    for _time in range(2):
        first, masked = world.run("pam360_account", **ROOT)["warnings"]
        assert first == "first"
        assert masked.startswith("token ")
        assert world.standin.token not in masked
    assert not ansible_warnings._global_warnings
