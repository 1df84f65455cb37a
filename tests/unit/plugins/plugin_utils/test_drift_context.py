# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a drift report, from which commit, and which files of the folder are read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.plugins.lookup import drift_report_context
from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_context import commit_of, last_reports, run_of

COLLECTION = Path(__file__).parents[4]
AWX = {
    "awx_job_id": 42,
    "awx_user_name": "jdoe",
    "awx_job_template_name": "PAM360 drift report",
    "awx_schedule_name": "Nightly",
    "awx_project_revision": "a" * 40,
}


@pytest.mark.parametrize("prefix", ["awx", "tower"])
def test_a_job_of_awx(prefix: str) -> None:
    run = run_of({name.replace("awx", prefix): value for name, value in AWX.items()}, {"USER": "root"}, COLLECTION)
    assert run["job"] == "AWX job 42, PAM360 drift report, schedule Nightly"
    assert (run["user"], run["controller"], run["commit"]) == ("jdoe", "", "a" * 40)


@pytest.mark.parametrize(("host", "job", "commit"), [("https://awx", "AWX job 7", "b" * 40), ("", "", "")])
def test_a_job_of_awx_by_its_environment(host: str, job: str, commit: str) -> None:
    environment = {"JOB_ID": "7", "AWX_HOST": host, "PROJECT_REVISION": "b" * 40, "LOGNAME": "x"}
    run = run_of({}, environment, COLLECTION)
    assert (run["job"], run["commit"]) == (job, commit)
    assert run["user"] == ("" if job else "x")


def test_a_user_at_a_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of({"ansible_limit": "db*", "drift_report_hosts": "databases"}, {"USER": "jdoe"}, COLLECTION)
    assert run["user"] == "jdoe"
    assert run["controller"]
    assert run["limit"] == "databases, db*"
    assert run["collection_version"] == "0.1.0"
    monkeypatch.setattr("getpass.getuser", lambda: "by id")
    assert run_of({}, {}, COLLECTION)["user"] == "by id"

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert run_of({}, {}, COLLECTION)["user"] == ""


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({}, ""),
        ({"MANIFEST.json": '{"collection_info": {"version": "1.2.3"}}', "galaxy.yml": "version: 9\n"}, "1.2.3"),
        ({"MANIFEST.json": "{"}, ""),
        ({"galaxy.yml": "name: pam\nversion: '4.5.6'\n"}, "4.5.6"),
        ({"galaxy.yml": "name: pam\n"}, ""),
    ],
)
def test_the_version_of_the_collection(tmp_path: Path, files: dict[str, str], version: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run_of({}, {"USER": "x"}, tmp_path)["collection_version"] == version


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder*, without the settings of the machine."""
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_commit_that_is_checked_out(tmp_path: Path) -> None:
    """On a branch, with packed references, in a worktree, detached, in a folder below, and outside."""
    source = tmp_path / "source"
    (source / "playbooks").mkdir(parents=True)
    (tmp_path / ".git").mkdir()  # what is above is no repository of ours
    git(source, "init", "-q")
    assert commit_of(source) == ""
    git(source, "commit", "-q", "--allow-empty", "-m", "x")
    commit = git(source, "rev-parse", "HEAD")
    assert commit_of(source / "playbooks") == commit
    git(source, "worktree", "add", "-q", "-b", "feature/x", "../tree")
    assert commit_of(tmp_path / "tree") == commit
    git(source, "pack-refs", "--all")
    assert commit_of(source) == commit_of(tmp_path / "tree") == commit
    git(source, "checkout", "-q", "--detach")
    assert commit_of(source) == commit
    assert commit_of(tmp_path) == commit_of(Path("/nowhere/x")) == ""
    variables = {"playbook_dir": str(source / "playbooks")}
    assert run_of(variables, {"USER": "x"}, COLLECTION)["commit"] == commit
    (tmp_path / "ansible_collections").mkdir()
    variables = {
        "playbook_dir": str(tmp_path / "ansible_collections"),
        "ansible_inventory_sources": [str(source / "hosts")],
    }
    assert run_of(variables, {"USER": "x"}, COLLECTION)["commit"] == commit
    assert run_of({"ansible_inventory_sources": ["db01,"]}, {"USER": "x"}, COLLECTION)["commit"] == ""


@pytest.mark.parametrize("head", ["", "nonsense", "ref: refs/heads/none", "ref: ../../secret"])
def test_a_repository_of_another_form(tmp_path: Path, head: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(head, encoding="utf-8")
    assert commit_of(tmp_path) == commit_of(Path("/nowhere/x")) == ""


def test_the_last_reports_of_a_folder(tmp_path: Path) -> None:
    """The newest come first; what is no file, or cannot be read, is left out."""
    for number in range(12):
        path = tmp_path / f"{number}.json"
        path.write_text(str(number), encoding="utf-8")
        os.utime(path, (number, number))
    (tmp_path / "x.csv").write_text("x", encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b"\xff")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "fifo.json")
    assert last_reports(tmp_path) == [str(number) for number in range(11, 2, -1)]
    assert last_reports(tmp_path / "none") == []
    with (tmp_path / "huge.json").open("wb") as huge:
        huge.truncate(65 * 1024 * 1024)
    assert last_reports(tmp_path)[0] == "11"


def test_the_lookup_returns_both(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    lookup = drift_report_context.LookupModule()
    lookup.set_options = lambda **_given: None  # type: ignore[method-assign]
    (found,) = lookup.run([str(tmp_path)], AWX)
    assert found["former"] == ["{}"]
    assert found["run"]["user"] == "jdoe"
