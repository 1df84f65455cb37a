# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the report against a stand-in, open the page in Chromium, check what it shows, and take its picture."""

from __future__ import annotations

import argparse
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

from pam360_standin import Standin

from . import estate

WIDTH, HEIGHT = 1120, 1244
LIMIT = 200_000  # bytes of the picture
TIME = "2025-11-03 02:30:00 UTC"
BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
]


def report(folder: Path) -> str:
    """Play the playbook, and return the page."""
    playbook = Path(sys.executable).with_name("ansible-playbook")
    with Standin(seed=estate.seed(), tls=True) as vault:
        variables = {
            "pam360_url": vault.url,
            "pam360_token": vault.token,
            "pam360_ca_path": str(vault.ca_path),
            "drift_report_dir": str(folder),
            "drift_report_time": TIME,
            "drift_report_accounts": estate.declared(),
            "drift_report_defaults": {"password_policy": "Strong"},
        }
        (folder / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
        command = [str(playbook), "vaultops.pam.drift_report", "-i", "db01,", "-e", f"@{folder}/vars.json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        expect(done.returncode == 2, f"ansible-playbook ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        expect(vault.journal.writes() == [], "the report has written to the vault")
        address = vault.url
    page = folder / "drift_report.html"
    # The address of the stand-in is another one each time, and the picture is not to be.
    text = page.read_text(encoding="utf-8").replace(address, "https://pam360.example.com:8282")
    page.write_text(text, encoding="utf-8")
    return text


def browse(chromium: str, folder: Path, *options: str) -> str:
    """Open the page without a network, and return what the browser prints."""
    command = [chromium, *BROWSER, f"--user-data-dir={folder}/profile", "--proxy-server=127.0.0.1:9", *options]
    page = (folder / "drift_report.html").as_uri()
    # For the browser alone: other programs have their own libraries.
    environment = {**os.environ, "LD_LIBRARY_PATH": os.environ.get("PICTURE_LIBRARIES", "")}
    done = subprocess.run([*command, page], env=environment, capture_output=True, text=True, check=False, timeout=300)
    expect(done.returncode == 0, f"the browser ended with {done.returncode}: {done.stderr}")
    return done.stdout


def check(text: str, document: str) -> None:
    """What the browser made of the page is what was written, and nothing else."""
    data = re.findall(r"<(\w+)[ >]", document)
    expect("script" not in data and "img" not in data and "left" not in data, "the page has elements that nobody wrote")
    cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>([^<]*)</td>", document)]
    expect("Nobody <left>" in cells, "a value with angle brackets is not shown as it is")
    sections = re.findall(r'<section id="(\w+)"', document)
    wanted = [
        "missing",
        "extra",
        "policy",
        "notes",
        "custom_fields",
        "not_compliant",
        "expired",
        "never_rotated",
        "unverifiable",
    ]
    expect(sections == wanted, f"the page has the sections {sections}")
    expect(text.count("<tr>") == document.count("<tr>"), "the browser shows another number of rows")


def check_picture(picture: Path) -> None:
    """The picture has the wanted size, and is small enough for the documentation."""
    content = picture.read_bytes()
    expect(content[:8] == b"\x89PNG\r\n\x1a\n", "the picture is no PNG")
    expect(struct.unpack(">II", content[16:24]) == (WIDTH, HEIGHT), "the picture has another size")
    expect(len(content) < LIMIT, f"the picture has {len(content)} bytes")


def expect(true: bool, words: str) -> None:
    """End the run with *words* unless *true*."""
    if not true:
        sys.exit(f"error: {words}")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--picture", required=True, type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="report-", dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        text = report(folder)
        check(text, browse(options.chromium, folder, "--dump-dom"))
        browse(options.chromium, folder, f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={folder}/page.png")
        check_picture(folder / "page.png")
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        options.picture.write_bytes((folder / "page.png").read_bytes())
    sys.stdout.write(f"{options.picture}: {options.picture.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
