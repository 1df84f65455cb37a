# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options shared by the modules that search the vault."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of a search."""

    DOCUMENTATION = r"""
options:
  match:
    description:
      - How O(name) is compared. With V(exact) it has to be spelled just so. With V(contains) it is part of the name,
        in upper or lower case.
      - The module compares by itself, as the vault's own search is not documented in this respect.
    type: str
    choices: [exact, contains]
    default: exact
  resource_group:
    description:
      - Name of a resource group, spelled just so. Only resources that are in it are searched.
      - No call that lists the members of a group is known, so the groups of each resource are read, which is one more
        request for each resource that the other options leave. That call is known from an answer of a real server and
        from clients, and not from the vendor's pages.
      - If no resource is in such a group, the list is empty and the module warns.
    type: str
  max_connections:
    description: How many requests may be under way at the same time.
    type: int
    default: 8
"""
