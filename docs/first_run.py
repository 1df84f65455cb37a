# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make terminal`: plays the first example of the README against a stand-in, and draws what the terminal shows."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pam360_standin import Standin

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/docsite/rst/images/first_run.svg"
RUNS = (["--check", "--diff"], [], [])


def first_example() -> str:
    """Return the first playbook of the README."""
    found = re.search(r"```yaml\n(- name: .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise SystemExit("README.md has no playbook")
    return found[1]


def main() -> None:
    """Play it in check mode and twice for real, and write the picture."""
    console = Console(record=True, width=72, force_terminal=True, file=io.StringIO())
    with Standin() as standin, tempfile.TemporaryDirectory() as folder:
        token, play = Path(folder, "token"), Path(folder, "vault.yml")
        token.touch(0o600)
        token.write_text(standin.token, encoding="utf-8")
        text = first_example().replace("https://pam360.example.com:8282", standin.url)
        text = re.sub(r" +ca_path: .*\n", "", text.replace("~/.config/pam360.token", str(token)))
        play.write_text(text, encoding="utf-8")
        environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "false"}
        environment |= {"ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
        for options in RUNS:
            command = [str(Path(sys.executable).with_name("ansible-playbook")), str(play), *options]
            shown = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
            console.print(Text(" ".join(["$ ansible-playbook vault.yml", *options]), style="bold"))
            for pattern, less in ((r"\*{9,}", "*" * 8), (r" +unreachable=.*", ""), (r"\n{2,}", "\n")):
                shown = re.sub(pattern, less, shown)
            console.print(Text.from_ansi(shown.strip("\n")))
    console.save_svg(str(PICTURE), title="ansible-playbook")


if __name__ == "__main__":
    main()
