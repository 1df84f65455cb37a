# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ansible-inventory`` takes for many resources, in requests and seconds: ``make bench-inventory``."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from pam360_standin import Standin

PROGRAM = Path(sys.executable).with_name("ansible-inventory")
TYPES: Mapping[str, Any] = {"key": "pam360_resource.type", "prefix": "type"}
DEPARTMENTS: Mapping[str, Any] = {"key": "pam360_resource.department", "prefix": "department"}
DETAILS: Mapping[str, Any] = {"use_dns_name": True, "keyed_groups": [TYPES, DEPARTMENTS]}
WAYS: Mapping[str, Mapping[str, Any]] = {
    "list, groups by type": {"keyed_groups": [TYPES]},
    "DNS names and departments": DETAILS,
    "the same of one host in ten": {**DETAILS, "filters": ["pam360_resource.type == 'Windows'"]},
    "DNS names and departments, cached": {**DETAILS, "cache": True, "cache_plugin": "ansible.builtin.jsonfile"},
}


def seed(count: int) -> dict[str, Any]:
    """Return a vault: one resource in ten is a Windows host."""
    return {
        "resources": [
            {
                "name": f"srv{number:05}",
                "type": "Linux" if number % 10 else "Windows",
                "dns_name": f"srv{number:05}.example.com",
                "department": f"Department {number % 7}",
                "accounts": [{"name": "root"}],
            }
            for number in range(count)
        ]
    }


def measure(vault: Standin, home: Path, config: Mapping[str, Any]) -> tuple[int, float, float]:
    """List once; return requests, seconds, and seconds of processor time. Raises CalledProcessError."""
    path = home / "bench.pam360.yml"
    given = {"plugin": "vaultops.pam.pam360", "url": vault.url, "ca_path": str(vault.ca_path), **config}
    if "cache" in config:
        given["cache_connection"] = str(home / "cache")
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    vault.journal.clear()
    environment = {**os.environ, "PAM360_TOKEN": vault.token, "HOME": str(home)}
    environment["ANSIBLE_COLLECTIONS_PATH"] = os.environ["PYTHONPATH"]
    start, before = time.monotonic(), os.times()
    subprocess.run([str(PROGRAM), "-i", str(path), "--list"], env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return len(vault.journal.entries), time.monotonic() - start, used


def main() -> None:
    """Measure all ways; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"ansible-core {version('ansible-core')}, {given.hosts} resources, medians of {given.runs} runs")
    print(f"{'':36}{'requests':>10}{'seconds':>10}{'CPU':>10}")
    with Standin(seed=seed(given.hosts), tls=True) as vault, tempfile.TemporaryDirectory() as folder:
        for name, config in WAYS.items():
            if "cache" in config:
                measure(vault, Path(folder), config)
            runs = [measure(vault, Path(folder), config) for _run in range(given.runs)]
            seconds, used = (statistics.median(run[column] for run in runs) for column in (1, 2))
            print(f"{name:36}{runs[-1][0]:10}{seconds:10.1f}{used:10.1f}")


if __name__ == "__main__":
    main()
