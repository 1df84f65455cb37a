# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the REST API of CyberArk's PVWA (self-hosted), built from public material.

``SOURCES.md`` says for each endpoint and text where it is known from, or that it is invented.
"""

from __future__ import annotations

from pvwa_standin.standin import Standin

__all__ = ["Standin"]
