# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the table of files into the page "How the code is built": what each file says of itself in its first line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).absolute().parents[1]
PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "dev_architecture.rst"
BEGIN, END = ".. Written by docs/files_page.py.\n", "\n.. End of the table.\n"
ORDER = ("_common", "_engine", "_http", "_ansible")


def folders() -> Iterator[Path]:
    """Yield the wings from the ground up, then what only the controller needs."""
    utils = CHECKOUT / "plugins" / "module_utils"
    yield from (utils / name for name in ORDER)
    yield from sorted(path for path in utils.glob("_*") if path.is_dir() and path.name not in ORDER)
    yield CHECKOUT / "plugins" / "plugin_utils"


def purpose(path: Path) -> str:
    """Return the first sentence of a file's docstring."""
    text = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")
    return re.sub(r"\.? Internal( to the collection)?[.;].*$|\.$", "", text)


def table() -> str:
    """Return the table as it stands in the page."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 20 25 55", ""]
    lines += ["   * - folder", "     - file", "     - what is in it"]
    for folder in folders():
        for path in sorted(folder.glob("[a-z_]*.py")):
            if path.stem != "__init__":
                lines += [f"   * - ``{folder.name}``", f"     - ``{path.stem}``", f"     - {purpose(path)}"]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Return the text of the page with the table of today."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
