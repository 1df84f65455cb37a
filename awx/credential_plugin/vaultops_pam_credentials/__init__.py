# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""External secret lookup for AWX and AAP: a credential field takes its value from PAM360 when a job starts."""

from __future__ import annotations

from ._plugin import pam360

__all__ = ["pam360"]
