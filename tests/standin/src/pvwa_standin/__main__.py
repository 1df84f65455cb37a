# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m pvwa_standin``."""

from __future__ import annotations

import sys

from pvwa_standin.standin import Standin
from pvwa_standin.variants import VARIANTS
from standin_core.cli import main

if __name__ == "__main__":
    sys.exit(main("pvwa_standin", VARIANTS, Standin))
