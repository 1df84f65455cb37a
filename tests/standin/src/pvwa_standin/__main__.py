# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m pvwa_standin``."""

from __future__ import annotations

import sys

from pvwa_standin.standin import Standin
from pvwa_standin.variants import VARIANTS
from standin_core.cli import main


def run() -> int:
    """Run the command line; the console script ``pvwa-standin`` calls it too."""
    return main("pvwa_standin", VARIANTS, Standin)


if __name__ == "__main__":
    sys.exit(run())
