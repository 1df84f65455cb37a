# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every stand-in shares: server, TLS, command line, control door, faults and journal.

A product (``pam360_standin``, later others) adds routes, state and texts only; it is
handed to :class:`standin_core.standin.BaseStandin` as a :class:`standin_core.product.Product`.
"""

from __future__ import annotations

from standin_core.faults import Faults
from standin_core.journal import Entry, Journal
from standin_core.product import Answer, Call, CutConnectionError, Product
from standin_core.profile import Profile
from standin_core.standin import BaseStandin

__all__ = ["Answer", "BaseStandin", "Call", "CutConnectionError", "Entry", "Faults", "Journal", "Product", "Profile"]
