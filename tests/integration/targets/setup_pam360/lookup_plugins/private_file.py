# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a file for a play in a process of its own. A task of ``ansible.builtin.copy`` runs two modules for that."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """``lookup('private_file', PATH, content=...)``."""

    def run(self, terms: list[str], variables: Any = None, *, content: str) -> list[str]:
        """Replace each file by one with that content, which its owner alone may read; return the paths."""
        for path in terms:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(str(content))
        return [str(path) for path in terms]
