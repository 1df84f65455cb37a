# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: a bare ``requests.Session`` that sends the very requests that a task has sent, and does nothing else.

Run as a program it reads a job from standard input, so that neither token nor passwords touch a file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

import requests
from requests.adapters import HTTPAdapter

from .world import Vault

Sent = tuple[str, str, str, str]  # operation, method, target, body


def recorded(journal: Sequence[Mapping[str, Any]]) -> list[Sent]:
    """Return the requests of a journal as they went over the wire."""
    return [
        (
            entry["operation"],
            entry["method"],
            quote(entry["path"]) + (f"?{urlencode(entry['query'], quote_via=quote)}" if entry["query"] else ""),
            entry["raw_body"],
        )
        for entry in journal
    ]


def replay(vault: Vault, sent: Sequence[Sent], threads: int) -> dict[str, Any]:
    """Send the requests again from a process of its own; return ``wall``, ``cpu`` (seconds) and ``peak`` (MB)."""
    about = vault.about
    job = {
        "url": about["url"],
        "token": about["token"],
        "ca_path": about.get("ca_path"),
        "threads": threads,
        "sent": sent,
    }
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(
        command, input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True, env=vault.environment()
    )
    told: dict[str, Any] = json.loads(done.stdout)
    if told["bad"]:
        raise SystemExit(f"{told['bad']} of {len(sent)} requests of the floor were not answered with HTTP 200")
    return told


def _phases(sent: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Yield runs of the same operation: a read that follows writes has to wait for all of them, as in the task."""
    for _operation, requests_of_one in groupby(sent, key=lambda item: item[0]):
        yield list(requests_of_one)


def _send_all(job: Mapping[str, Any]) -> int:
    """Send all requests of the job; return how many failed."""
    session = requests.Session()
    session.trust_env = False
    session.verify = job["ca_path"] or True
    session.headers.update({"AUTHTOKEN": job["token"], "Accept": "application/json"})
    session.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=job["threads"]))

    def send(item: Sequence[str]) -> bool:
        _operation, method, target, body = item
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        answer = session.request(method, job["url"] + target, data=body or None, headers=headers, timeout=60)
        return answer.status_code == 200 and bool(answer.content)

    bad = 0
    with session, ThreadPoolExecutor(job["threads"]) as pool:
        for phase in _phases(job["sent"]):
            answers = map(send, phase) if job["threads"] == 1 else pool.map(send, phase)
            bad += sum(not good for good in answers)
    return bad


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    wall, cpu = time.monotonic(), time.process_time()
    bad = _send_all(job)
    told = {
        "wall": time.monotonic() - wall,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bad": bad,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
