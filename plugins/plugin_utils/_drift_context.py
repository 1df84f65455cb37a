# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a drift report, from which state of the playbooks, and the reports before it. Internal; without Ansible."""

from __future__ import annotations

import getpass
import re
import socket
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

REPORTS = 10  # files that are read: each holds the trend of the ones before it
LARGEST = 64 * 1024 * 1024  # bytes of a file
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
Values = Mapping[str, Any]


def last_reports(folder: str | Path) -> list[str]:
    """Return the texts of the JSON files that were written last; what cannot be read is left out."""
    try:
        paths = [path for path in Path(folder).expanduser().iterdir() if path.suffix == ".json"]
    except OSError:
        return []
    dated = sorted(((time, path) for path in paths for time in _written(path)), reverse=True)
    return [text for _time, path in dated[:REPORTS] for text in _text(path)]


def _written(path: Path) -> Iterator[float]:
    """Yield when a file was written, unless it is none that may be read."""
    try:
        about = path.stat()
    except OSError:
        return
    if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST:
        yield about.st_mtime


def _text(path: Path) -> Iterator[str]:
    try:
        yield path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return


def run_of(variables: Values, environment: Mapping[str, str], collection: Path) -> dict[str, str]:
    """Return who runs the report; what is not known is ``""``.

    AWX gives its jobs extra variables ``awx_*`` (also ``tower_*``), and in the environment ``JOB_ID``,
    ``PROJECT_REVISION`` and ``AWX_HOST``.

    :param collection: folder of this collection.
    """
    job = _of_awx(variables, "job_id") or (environment.get("JOB_ID", "") if environment.get("AWX_HOST") else "")
    awx_user = _of_awx(variables, "user_name")
    revision = _of_awx(variables, "project_revision") or (environment.get("PROJECT_REVISION", "") if job else "")
    limits = (variables.get("drift_report_hosts"), variables.get("ansible_limit"))
    return {
        "user": awx_user or ("" if job else _user(environment)),
        "job": _job(job, variables) if job else "",
        "controller": "" if job else socket.gethostname(),
        "collection_version": _version(collection),
        "commit": revision or _commit_of_playbooks(variables),
        "limit": ", ".join(str(limit) for limit in limits if limit and limit != "all"),
    }


def _of_awx(variables: Values, name: str) -> str:
    return str(variables.get(f"awx_{name}") or variables.get(f"tower_{name}") or "")


def _job(number: str, variables: Values) -> str:
    template, schedule = (_of_awx(variables, name) for name in ("job_template_name", "schedule_name"))
    return ", ".join(filter(None, (f"AWX job {number}", template, f"schedule {schedule}" if schedule else "")))


def _user(environment: Mapping[str, str]) -> str:
    for name in ("USER", "LOGNAME"):
        if environment.get(name):
            return environment[name]
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without an entry for the user
        return ""


def _version(collection: Path) -> str:
    """Return the version of the collection, as it was installed or as the checkout has it."""
    for name, pattern in (
        ("MANIFEST.json", r'"version": *"([^"]+)"'),
        ("galaxy.yml", r"^version: *['\"]?([^'\"\s]+)"),
    ):
        found = re.search(pattern, next(_text(collection / name), ""), re.MULTILINE)
        if found:
            return found[1]
    return ""


def _commit_of_playbooks(variables: Values) -> str:
    """Return the commit of the playbooks, or of the inventory where the playbook is that of an installed collection."""
    folders = [Path(str(variables.get("playbook_dir") or ""))]
    if "ansible_collections" in folders[0].parts:
        folders = []
    folders += [Path(str(source)) for source in variables.get("ansible_inventory_sources") or ()]
    return next(filter(None, (commit_of(folder) for folder in folders if folder.is_absolute())), "")


def commit_of(folder: Path) -> str:
    """Return the commit that is checked out in the Git repository around *folder*, or ``""``. Git is not needed."""
    for place in (folder, *folder.parents):
        git = place / ".git"
        if git.is_file():  # a worktree or a submodule names its folder
            named = next(_text(git), "").removeprefix("gitdir:").strip()
            git = (place / named).resolve() if named else git
        if git.is_dir():
            return _head(git)
    return ""


def _head(git: Path) -> str:
    head = next(_text(git / "HEAD"), "").strip()
    if not head.startswith("ref:"):
        return head if COMMIT.fullmatch(head) else ""
    name = head.removeprefix("ref:").strip()
    shared = next(_text(git / "commondir"), "").strip()
    for folder in (git, (git / shared).resolve() if shared else git):
        commit = next(_text(folder / name), "").strip()
        if COMMIT.fullmatch(commit):
            return commit
        for line in next(_text(folder / "packed-refs"), "").splitlines():
            commit, _blank, reference = line.partition(" ")
            if reference == name and COMMIT.fullmatch(commit):
                return commit
    return ""
