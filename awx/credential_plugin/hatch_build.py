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
FIRST = "_pam360"
IMPORT = re.compile(r"^\s*from \.(\w+) import", re.MULTILINE)


def with_imports(folder: Path, name: str, seen: set[str]) -> Iterator[Path]:
    """Yield a file and all files beside it that it imports, each once."""
    if name not in seen:
        seen.add(name)
        path = folder / f"{name}.py"
        yield path
        for other in IMPORT.findall(path.read_text(encoding="utf-8")):
            yield from with_imports(folder, other, seen)


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
        for path in with_imports(checkout / "plugins" / "module_utils", FIRST, set()):
            taken[path] = Path(CLIENT) / path.name
        build_data["force_include"].update({str(source): str(target) for source, target in taken.items()})
