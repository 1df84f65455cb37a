# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ``ansible-playbook -vvvv --diff`` beside the other tests, and all that they give away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pam360_standin import Standin

from .drawn import CANARIES
from .plays import play, variables
from .scenarios import seed

PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Way:
    """How a play is run. *extra*: secrets by ``-e @file``, otherwise by vars_files. *shipped*: all tasks as modules."""

    name: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    extra: bool = False
    token: bool = True
    shipped: bool = False
    part: slice = field(default_factory=lambda: slice(None))


WRITERS = "ansible.builtin.junit,ansible.builtin.tree"
INVOCATION = {"ANSIBLE_INJECT_INVOCATION": "true"}  # always in results before ansible-core 2.21
YAML = {**INVOCATION, "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
MINIMAL = {**INVOCATION, "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal", "ANSIBLE_DISPLAY_TRACEBACK": "always"}
WAYS = [
    Way("real", environment={**INVOCATION, "ANSIBLE_CALLBACKS_ENABLED": WRITERS}),
    Way("check", arguments=("--check",), environment=YAML, token=False),
    Way("shipped", environment={**INVOCATION, "ANSIBLE_CALLBACKS_ENABLED": WRITERS}, shipped=True),
    Way("minimal", environment=MINIMAL, extra=True, part=slice(9, None)),
    Way("minimal, shipped", environment=MINIMAL, extra=True, shipped=True, part=slice(9, None)),
]
# Long enough to have started them at the start of the session, beside the tests in this process.
LIMIT_SECONDS = 240


@dataclass
class Outcome:
    """What a run gave away. *commands*: the command lines of all processes while it ran."""

    code: int
    output: str
    commands: set[str]
    left: dict[str, str]


class ProcessList(threading.Thread):
    """Samples the command lines of all processes until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[str] = set()
        self.done = threading.Event()

    def run(self) -> None:
        """Sample."""
        while not self.done.wait(SAMPLE_SECONDS):
            self.seen.update(command(path) for path in Path("/proc").glob("[0-9]*/cmdline"))


def command(path: Path) -> str:
    """Return a command line; nothing when the process is gone."""
    try:
        return path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def environment(home: Path, way: Way) -> dict[str, str]:
    """Return the environment of a run: everything that can be written lies under *home*."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "LC_ALL") if name in os.environ}
    places = {
        "HOME": "",
        "TMPDIR": "tmp",
        "ANSIBLE_LOCAL_TEMP": "local",
        "ANSIBLE_REMOTE_TMP": "remote",
        "ANSIBLE_ASYNC_DIR": "async",
        "JUNIT_OUTPUT_DIR": "junit",
        "ANSIBLE_CALLBACK_TREE_DIR": "tree",
    }
    for place in places.values():
        (home / place).mkdir(exist_ok=True)
    (home / "ansible.cfg").write_text("[defaults]\n", encoding="utf-8")
    token = {} if way.token else {"PAM360_TOKEN": CANARIES.token}
    return {
        "LC_ALL": "C.UTF-8",
        **kept,
        **{name: str(home / place) for name, place in places.items()},
        "ANSIBLE_LOG_PATH": str(home / "ansible.log"),
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("PYTHONPATH", "").split(os.pathsep)[0] or str(Path.cwd()),
        "ANSIBLE_CONFIG": str(home / "ansible.cfg"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_NOCOLOR": "1",
        "VAULTOPS_PAM_IN_PROCESS": str(not way.shipped),
        **way.environment,
        **token,
    }


def left_behind(home: Path, given: set[Path]) -> dict[str, str]:
    """Return the text of all files under *home* but the ones that we put there, and their names."""
    files = [path for path in home.rglob("*") if path.is_file() and path not in given]
    texts = {str(path.relative_to(home)): path.read_bytes().decode("utf-8", "replace") for path in files}
    return {**texts, "names of files": "\n".join(str(path) for path in home.rglob("*"))}


def run(home: Path, way: Way) -> Outcome:
    """Run the play in one way."""
    state = seed(CANARIES)
    app = {"id": "9201", "name": "app", "password": CANARIES.old_password}
    state["resources"].append({"id": "702", "name": "loud", "accounts": [app]})
    echo = {"fault": "failed", "path": "/resources/702/", "method": "PUT", "echo": True, "message": "No:"}
    with Standin(seed=state, faults=[echo]) as standin:
        secrets, playbook = home.parent / f"{home.name}.secrets.yml", home.parent / f"{home.name}.play.yml"
        secrets.write_text(variables(CANARIES), encoding="utf-8")
        vars_file = None if way.extra else str(secrets)
        playbook.write_text(play(standin.url, token=way.token, vars_file=vars_file, part=way.part), encoding="utf-8")
        words = [str(PLAYBOOK), "-i", "localhost,", "-c", "local", "-vvvv", "--diff", *way.arguments, str(playbook)]
        if way.extra:
            words += ["-e", f"@{secrets}"]
        processes = ProcessList()
        processes.start()
        try:
            done = subprocess.run(
                words,
                env=environment(home, way),
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
    return Outcome(done.returncode, output, processes.seen, left_behind(home, {secrets, playbook}))


class Runs:
    """All runs, side by side, in threads."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._found: dict[str, Outcome] = {}
        self._threads = [threading.Thread(target=self._one, args=(factory.mktemp("run"), way)) for way in WAYS]
        for thread in self._threads:
            thread.start()

    def _one(self, home: Path, way: Way) -> None:
        self._found[way.name] = run(home, way)

    def outcomes(self) -> dict[str, Outcome]:
        """Return what they gave away, when all have ended."""
        for thread in self._threads:
            thread.join()
        return self._found
