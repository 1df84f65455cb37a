# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real run of ``ansible-playbook -vvvv`` with the lookup: what it prints, leaves behind and shows."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

import pytest

from pam360_standin import Standin

from .conftest import CANARIES, SEARCH
from .runs import LIMIT_SECONDS, PLAYBOOK, Outcome, ProcessList, Way, environment, left_behind
from .scenarios import seed
from .search import Leak, told

LOOKUP = "vaultops.pam.pam360_password"
Task = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """A run, and what the vault was asked."""

    outcome: Outcome
    operations: list[str]


def task(name: str, action: str, args: Any, **more: Any) -> Task:
    """Return one task; a failure does not end the play."""
    return {"name": name, action: args, "ignore_errors": True, **more}


def ask(term: str, **options: str) -> str:
    """Return a template with the lookup."""
    return f"{{{{ lookup('{LOOKUP}', {', '.join([term, *(f'{name}={value}' for name, value in options.items())])}) }}}}"


def play(url: str) -> str:
    """Return the playbook (JSON is YAML); no secret is in it."""
    secret = {"secret": ask("'db01/root'")}
    fact = "ansible.builtin.set_fact"
    tasks = [
        task("Condition", "ansible.builtin.assert", {"that": ["secret | length > 20", "secret != other"]}),
        task("Loop", "ansible.builtin.assert", {"that": "item in secret or true"}, loop=["a", "b"]),
        task("Module", "vaultops.pam.pam360_account_password", {**ROOT, "password": "{{ secret }}"}),
        task("Hidden", "ansible.builtin.set_fact", {"hidden": "{{ secret }}"}, no_log=True),
        task("Skipped", fact, {"kept": "{{ secret }}"}, when=False),
        task("Approval", fact, {"kept": ask("'db01/locked'")}),
        task("Echo", fact, {"kept": ask("'db01/loud'")}),
        task("No one", fact, {"kept": ask("'db01/nobody'")}),
        task("Wrong token", fact, {"kept": ask("'db01/root'", token="'other'")}),
        task("Token of a wrong type", fact, {"kept": ask("'db01/root'", token="[token]")}),
        task("Wrong option", fact, {"kept": ask("'db01/root'", reson="token")}),
        task("Wrong address", fact, {"kept": ask("'db01/root'", url="'https://127.0.0.1:9'", retries="0")}),
        task("Login in an address", fact, {"kept": ask("'db01/root'", url="'https://u:' ~ token ~ '@h'")}),
        task(
            "Proxy",
            fact,
            {"kept": ask("'db01/root'", proxy="'http://u:' ~ (token | urlencode) ~ '@127.0.0.1:9'", cache="false")},
        ),
        task(
            "No cache",
            "ansible.builtin.assert",
            {"that": "again == secret"},
            vars={"again": ask("'db01/root'", cache="false")},
        ),
        task("Ping", "ansible.builtin.ping", {}, vars={"ansible_password": "{{ secret }}"}),
        task("Become", "ansible.builtin.ping", {}, become=True, vars={"ansible_become_password": "{{ secret }}"}),
    ]
    known = {
        **secret,
        "other": ask("'db01/app'"),
        "pam360_url": url,
        "pam360_token": "{{ token }}",
        "pam360_retries": 0,
    }
    return json.dumps([{"name": "Lookup", "hosts": "localhost", "gather_facts": False, "vars": known, "tasks": tasks}])


ROOT = {"url": "{{ pam360_url }}", "token": "{{ token }}", "resource": "db01", "account": "root"}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Run the play once, at the highest verbosity and with a log."""
    home = tmp_path_factory.mktemp("lookup")
    state = seed(CANARIES)
    state["resources"][0]["accounts"].append({"id": "9104", "name": "loud", "password": CANARIES.password})
    echo = {"fault": "failed", "path": "/accounts/9104/password", "message": f"No: {CANARIES.token}"}
    known, playbook = home.parent / "lookup.vars.json", home.parent / "lookup.play.json"
    known.write_text(json.dumps({"token": CANARIES.token}), encoding="utf-8")
    with Standin(seed=state, faults=[echo]) as standin:
        playbook.write_text(play(standin.url), encoding="utf-8")
        words = [str(PLAYBOOK), "-i", "localhost,", "-c", "local", "-vvvv", "--diff", "-e", f"@{known}", str(playbook)]
        processes = ProcessList()
        processes.start()
        try:
            done = subprocess.run(
                words,
                env=environment(home, Way("lookup", environment={"ANSIBLE_DISPLAY_TRACEBACK": "always"}, token=False)),
                cwd=home,
                capture_output=True,
                text=True,
                check=False,
                timeout=LIMIT_SECONDS,
            )
        finally:
            processes.done.set()
            processes.join()
    output = f"{done.stdout}\n{done.stderr}"
    outcome = Outcome(done.returncode, output, processes.seen, left_behind(home, set()))
    return Played(outcome, standin.journal.operations())


def test_play_ran(played: Played) -> None:
    output = played.outcome.output
    assert played.outcome.code == 0, output[-3000:]
    for words in (
        "the vault does not show it",
        "resource 'db01' has no account 'nobody'",
        "Check the token",
        "there is no option reson",
        "nothing listens on this port",
        "url is not a valid URL",
        "(hidden)",
    ):
        assert words in output
    # root: by the cache, in the module, without the cache; app, locked, loud
    assert played.operations.count("GET PASSWORD") == 6
    assert any("_run_cache_server.py" in command for command in played.outcome.commands)
    assert played.outcome.left["ansible.log"]


def test_output(played: Played) -> None:
    leaks = SEARCH.find(played.outcome.output, "lookup")
    assert not leaks, told(leaks)


def test_files_and_processes(played: Played) -> None:
    leaks: list[Leak] = []
    for name, text in played.outcome.left.items():
        leaks += SEARCH.find(text, f"lookup, file {name}")
    for command in played.outcome.commands:
        leaks += SEARCH.find(command, f"lookup, process {command[:60]}")
    assert not leaks, told(leaks)


def test_cache_leaves_nothing(played: Played) -> None:
    assert [name for name in played.outcome.left if "ansible-local" in name] == []
