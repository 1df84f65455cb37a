# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job templates as jobs of AWX: by ansible-runner, with the credential type applied, whole and over two workers.

The rotation needs a host with accounts of its own: tests/roles has one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.awx._engine import (
    COLLECTION,
    INVENTORY,
    TEMPLATES,
    defaults,
    inject,
    job_folder,
    load,
    sliced,
)
from ansible_collections.vaultops.pam.tests.canary.drawn import CANARIES
from ansible_collections.vaultops.pam.tests.canary.search import Search, told
from pam360_standin import Standin

COLLECTIONS = Path(__file__).absolute().parents[5]
RUNNER = str(Path(sys.executable).with_name("ansible-runner"))
SLICES = 2
LIMIT_SECONDS = 120
ONBOARD, REPORT = "PAM360 onboard hosts", "PAM360 drift report"
# The hosts are made up, so nothing connects to them. Their accounts get the password that is given at launch.
EXTRA = {
    "initial_password": CANARIES.password,
    "onboard_host_gather_facts": False,
    "onboard_host_become": False,
}


@pytest.fixture
def vault() -> Iterator[Standin]:
    """A vault without hosts."""
    with Standin(seed={"token": CANARIES.token, "resources": []}, tls=True) as server:
        yield server


@dataclass
class Job:
    """The folder of a job, and where it runs: with workers that is another folder."""

    vault: Standin
    folder: Path
    number: int = 1
    count: int = 1
    runs_in: Path | None = None
    name: str = ONBOARD
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> dict[str, Any]:
        """The job template."""
        (found,) = [template for template in TEMPLATES if template["name"] == self.name]
        return found

    @property
    def playbook(self) -> Path:
        """The playbook, which the project has."""
        return COLLECTION / str(self.template["playbook"])

    def prepare(self) -> None:
        """Lay the folder out as AWX does before it starts a job."""
        inventory = sliced(estate(), self.number, self.count)
        job_folder(self.folder, self.playbook, inventory, {**defaults(self.template), **EXTRA, **self.answers})
        ca = Path(str(self.vault.ca_path)).read_text(encoding="utf-8")
        inputs = {"url": self.vault.url, "token": CANARIES.token, "ca_certificate": ca}
        injected = inject("pam360", inputs, self.folder, seen_as=self.runs_in)
        env = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_HOME": str(self.folder / "home"), **injected.env}
        (self.folder / "env" / "envvars").write_text(json.dumps(env), encoding="utf-8")
        options = ["-vvv", *(["--diff"] if self.template["diff_mode"] else []), *injected.args]
        (self.folder / "env" / "cmdline").write_text(" ".join(options), encoding="utf-8")


def estate() -> dict[str, Any]:
    """Return the inventory of the demo; all accounts get the password of the launch."""
    inventory: dict[str, Any] = load(INVENTORY)
    inventory["all"]["vars"]["onboard_host_account_defaults"]["password"] = "{{ initial_password }}"
    return inventory


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the programs: their own Python, and nothing of the vault."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "TMPDIR": os.environ.get("TMPDIR", "/tmp")}


def events(artifacts: Path) -> list[dict[str, Any]]:
    """Return the events of a job in their order."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in artifacts.glob("job_events/*.json")]
    return sorted(read, key=lambda event: event["counter"])


def leaks(folder: Path, search: Search) -> str:
    """Search all files of artifacts, and their names; return what was found in words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [leak for path in files for leak in search.find(path.read_text(encoding="utf-8"), path.name)]
    assert any(path.name == "stdout" for path in files)
    return told([*found, *search.find("\n".join(map(str, files)), "names of files")])


def changed(of: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many tasks changed something, by host, from the last event; no host has failed."""
    stats = of[-1]
    assert stats["event"] == "playbook_on_stats"
    assert not {**stats["event_data"]["failures"], **stats["event_data"]["dark"]}
    return {host: stats["event_data"]["changed"].get(host, 0) for host in stats["event_data"]["ok"]}


def summary(of: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what AWX hands to the next job of a workflow."""
    found: dict[str, Any] = of[-1]["event_data"]["artifact_data"]["onboard_host"]
    return found


def run(job: Job, ident: str, code: int = 0) -> Path:
    """Run a job where it is, to an end with that exit code; return its artifacts."""
    command = [RUNNER, "run", str(job.folder), "-p", job.playbook.name, "-i", ident, "-q"]
    done = subprocess.run(command, env=environment(job.folder), check=False, timeout=LIMIT_SECONDS)
    artifacts = job.folder / "artifacts" / ident
    assert done.returncode == code, (artifacts / "stdout").read_text(encoding="utf-8")
    return artifacts


def pipe(job: Job, into: Path, errors: Path) -> list[subprocess.Popen[bytes]]:
    """Start transmit, worker and process of a job, each the input of the next, as three machines would be."""
    commands = [
        ["transmit", str(job.folder), "-p", job.playbook.name, "-i", f"slice{job.number}"],
        ["worker", "--private-data-dir", str(job.runs_in), "--delete"],
        ["process", str(into), "-i", f"slice{job.number}"],
    ]
    chain: list[subprocess.Popen[bytes]] = []
    with errors.open("ab") as log:
        for words in commands:
            source = chain[-1].stdout if chain else subprocess.DEVNULL
            target = subprocess.DEVNULL if words[0] == "process" else subprocess.PIPE
            process = subprocess.Popen(
                [RUNNER, *words], stdin=source, stdout=target, stderr=log, env=environment(job.folder)
            )
            if chain and chain[-1].stdout:
                chain[-1].stdout.close()
            chain.append(process)
    return chain


def in_vault(vault: Standin) -> dict[str, list[str]]:
    """Return the accounts of each resource whose password is that of the launch."""
    return {
        resource["name"]: sorted(one["name"] for one in resource["accounts"] if one["password"] == CANARIES.password)
        for resource in vault.dump()["resources"]
    }


def wanted() -> dict[str, list[str]]:
    """Return what the role matrix of the inventory says: the accounts of each host."""
    everything = load(INVENTORY)["all"]
    matrix = everything["vars"]["onboard_host_role_accounts"]
    return {
        name: sorted({account["name"] for account in matrix["all"] + matrix[group]})
        for group, members in everything["children"].items()
        for name in members["hosts"]
    }


def test_a_job(vault: Standin, tmp_path: Path, search: Search) -> None:
    """The onboarding works, the same again writes nothing, and no artifact holds a secret, at verbosity 3."""
    job = Job(vault, tmp_path / "job")
    job.folder.mkdir()
    job.prepare()
    first = run(job, "first")
    assert in_vault(vault) == wanted()
    assert changed(events(first)) == {"db01": 1}  # one task for all hosts
    assert sorted(summary(events(first))["hosts"]) == sorted(wanted())
    writes = len(vault.journal.writes())
    second = run(job, "second")
    assert changed(events(second)) == {"db01": 0}
    assert len(vault.journal.writes()) == writes
    assert leaks(job.folder / "artifacts", search) == "0 leaks"
    assert search.find((job.folder / "env" / "extravars").read_text(encoding="utf-8"), "what went in")


def test_the_report_as_a_job(vault: Standin, tmp_path: Path, search: Search) -> None:
    """It fails as there is drift, has the findings in its output and in its files, and writes nothing to the vault."""
    out = tmp_path / "out"
    job = Job(vault, tmp_path / "job", name=REPORT, answers={"drift_report_dir": str(out)})
    job.folder.mkdir()
    job.prepare()
    artifacts = run(job, "report", code=2)
    report = json.loads((out / "drift_report.json").read_text(encoding="utf-8"))
    missing = [(row["resource"], row["account"]) for row in report["findings"] if row["category"] == "missing"]
    assert missing == [(name, account) for name, accounts in wanted().items() for account in accounts]
    output = (artifacts / "stdout").read_text(encoding="utf-8")
    assert all(f"missing,{resource},{account}," in output for resource, account in missing)
    assert vault.journal.writes() == []
    assert leaks(job.folder / "artifacts", search) == "0 leaks"
    assert search.find("".join(path.read_text(encoding="utf-8") for path in out.iterdir()), "report") == []


def test_a_job_of_two_slices_on_two_workers(vault: Standin, tmp_path: Path, search: Search) -> None:
    """Each worker gets half of the hosts, and together they bring all of them into the vault."""
    into, errors = tmp_path / "controller", tmp_path / "errors"
    into.mkdir()
    jobs = []
    for number in range(1, SLICES + 1):
        folder, runs_in = tmp_path / f"job{number}", tmp_path / f"worker{number}"
        folder.mkdir()
        runs_in.mkdir()
        jobs.append(Job(vault, folder, number, SLICES, runs_in))
        jobs[-1].prepare()
    chains = [pipe(job, into, errors) for job in jobs]
    codes = [process.wait(LIMIT_SECONDS) for chain in chains for process in chain]
    assert (codes, errors.read_text(encoding="utf-8")) == ([0] * 3 * SLICES, "")
    parts = [events(into / "artifacts" / f"slice{job.number}") for job in jobs]
    assert [changed(part) for part in parts] == [{"db01": 1}, {"db02": 1}]
    assert [sorted(summary(part)["hosts"]) for part in parts] == [["db01", "web01"], ["db02", "web02"]]
    assert in_vault(vault) == wanted()
    assert leaks(into, search) == "0 leaks"
    assert [job.runs_in.exists() for job in jobs if job.runs_in] == [False, False]
