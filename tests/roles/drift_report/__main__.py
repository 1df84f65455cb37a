# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the report against a stand-in with 400 hosts, open the page in Chromium, and take its picture.

What the page shows is checked in light, in dark and on paper.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from html import unescape
from pathlib import Path

from pam360_standin import Standin

from . import estate

WIDTH, HEIGHT = 1120, 1280
LIMIT = 220_000  # bytes of the picture
PAGES = range(4, 40)  # on paper
TITLE = "Privileged accounts"
GROUND = {"light": (0xF4, 0xF6, 0xF8), "dark": (0x12, 0x18, 0x1F)}  # the colour of the corner
BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCHEME = {"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"}
# As a job of AWX, so that the picture is the same on each machine.
JOB = {
    "awx_job_id": 1207,
    "awx_job_template_name": "PAM360 drift report",
    "awx_schedule_name": "Nightly",
    "awx_project_revision": "1f3870be274f6c49b3e31a0c6728957f4b1a2d93",
}


def report(folder: Path) -> str:
    """Play the playbook, and return the page."""
    playbook = Path(sys.executable).with_name("ansible-playbook")
    with Standin(seed=estate.seed(), tls=True) as vault:
        variables = {
            "pam360_url": vault.url,
            "pam360_token": vault.token,
            "pam360_ca_path": str(vault.ca_path),
            "drift_report_dir": str(folder),
            "drift_report_time": estate.TIME,
            "drift_report_title": TITLE,
            "drift_report_formats": ["html", "csv", "json", "junit"],
            "drift_report_exceptions_file": str(folder / "exceptions.yml"),
            "drift_report_accounts": estate.declared(),
            "drift_report_defaults": {"password_policy": "Strong"},
            **JOB,
        }
        (folder / "exceptions.yml").write_text(estate.EXCEPTIONS, encoding="utf-8")
        (folder / "before.json").write_text(json.dumps(estate.former(vault.url, TITLE)), encoding="utf-8")
        (folder / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
        command = [str(playbook), "vaultops.pam.drift_report", "-i", "db001,", "-e", f"@{folder}/vars.json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        page = folder / "drift_report.html"
        expect(
            done.returncode == 2 and page.is_file(),
            f"ansible-playbook ended with {done.returncode}:\n{done.stdout}{done.stderr}",
        )
        expect(vault.journal.writes() == [], "the report has written to the vault")
        address = vault.url
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
    tags = re.findall(r"<(\w+)[ >]", document)
    expect("script" not in tags and "img" not in tags and "left" not in tags, "the page has elements that nobody wrote")
    cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>([^<]*)</td>", document)]
    expect(estate.ODD in cells, "a value with angle brackets is not shown as it is")
    sections = re.findall(r'<section id="(\w+)"', document)
    failing = ["missing", "extra", "policy", "notes", "custom_fields", "expired"]
    wanted = [*failing, "never_rotated", "unverifiable", "accepted", "fine", "trend"]
    expect(sections == wanted, f"the page has the sections {sections}")
    for tag in ("tr", "li", "details", "polyline"):
        expect(text.count(f"<{tag}") == document.count(f"<{tag}"), f"the browser shows another number of {tag}")
    joined = re.findall(r"<summary>(\d+ accounts: [^<]*)</summary>", document)
    expect(joined == ["398 accounts: record_cli_sessions, shares", "199 accounts: shares"], f"joined rows: {joined}")
    for words in ("99.1 %", "password 1433 days old", "33 days", "DBA team", "The exception of Web team expired"):
        expect(words in document, f"the page does not say {words!r}")


def check_picture(picture: Path, scheme: str) -> None:
    """The picture has the wanted size and the colours of the scheme, and is small enough for the documentation."""
    content = picture.read_bytes()
    expect(content[:8] == b"\x89PNG\r\n\x1a\n", "the picture is no PNG")
    expect(struct.unpack(">II", content[16:24]) == (WIDTH, HEIGHT), "the picture has another size")
    expect(len(content) < LIMIT, f"the picture has {len(content)} bytes")
    data, place = b"", 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] == b"IDAT":
            data += content[place + 8 : place + 8 + length]
        place += length + 12
    corner = tuple(zlib.decompress(data)[1:4])  # the first one is stored as it is, whatever the filter
    expect(corner == GROUND[scheme], f"in {scheme}, the corner has the colour {corner}")


def check_paper(document: Path) -> None:
    """On paper, the page is cut into pages, and what is folded on the screen takes its place."""
    pages = len(re.findall(rb"/Type\s*/Page\b", document.read_bytes()))
    expect(pages in PAGES, f"on paper, the page takes {pages} pages")


def expect(true: bool, words: str) -> None:
    """End the run with *words* unless *true*."""
    if not true:
        sys.exit(f"error: {words}")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--picture", required=True, type=Path)
    parser.add_argument("--keep", type=Path, help="folder for all that was made, to look at it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="report-", dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        text = report(folder)
        try:
            check(text, browse(options.chromium, folder, "--dump-dom"))
            for scheme, flag in SCHEME.items():
                size = f"--window-size={WIDTH},{HEIGHT}"
                browse(options.chromium, folder, flag, size, f"--screenshot={folder}/{scheme}.png")
                check_picture(folder / f"{scheme}.png", scheme)
            browse(options.chromium, folder, "--no-pdf-header-footer", f"--print-to-pdf={folder}/page.pdf")
            check_paper(folder / "page.pdf")
        finally:
            if options.keep:
                ignored = shutil.ignore_patterns("profile", "vars.json")
                shutil.copytree(folder, options.keep, dirs_exist_ok=True, ignore=ignored)
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        options.picture.write_bytes((folder / "light.png").read_bytes())
    sys.stdout.write(f"{options.picture}: {options.picture.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
