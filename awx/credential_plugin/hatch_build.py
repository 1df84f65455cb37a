# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build hook: takes the client out of the collection beside it, so that there is one client and no copy in git."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CLIENT = "vaultops_pam_credentials/_client"
FIRST = "_pam360/api.py"
# Of the file's own wing, or of another: `from .envelope import`, `from .._common.secret import`, `from . import x`.
IMPORT = re.compile(r"^\s*from (\.{1,2})([\w.]*) import \(?\s*(\w+)", re.MULTILINE)


def with_imports(path: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield a file and all files of the collection that it imports, each once."""
    if path in seen:
        return
    seen.add(path)
    yield path
    for dots, module, name in IMPORT.findall(path.read_text(encoding="utf-8")):
        folder = path.parents[len(dots) - 1]
        parts = module.split(".") if module else []
        found = folder.joinpath(*parts).with_suffix(".py") if parts else folder / f"{name}.py"
        yield from with_imports(found if found.is_file() else folder.joinpath(*parts, f"{name}.py"), seen)


class ClientHook(BuildHookInterface):
    """Adds the client and the licence. An sdist has both in it already."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files that hatchling shall take from elsewhere."""
        if (Path(self.root) / CLIENT).is_dir():
            return
        checkout = Path(self.root).resolve().parents[1]
        if not (checkout / "galaxy.yml").is_file():
            raise FileNotFoundError("This package is built in a checkout of vaultops.pam, or from its sdist.")
        package = Path(CLIENT).parent
        taken = {checkout / "LICENSE": package / "LICENSE"}
        utils = checkout / "plugins" / "module_utils"
        for path in with_imports(utils / FIRST, set()):
            taken[path] = Path(CLIENT) / path.relative_to(utils)
        build_data["force_include"].update({str(source): str(target) for source, target in taken.items()})
