# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and results shared by the modules that manage one object."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that name the object."""

    STATE = r"""
options:
  state:
    description: Whether the object shall be there.
    type: str
    choices: [present, absent]
    default: present
"""

    RESOURCE = r"""
options:
  resource:
    description:
      - Name of the resource. Exactly one of O(resource) and O(resource_id) is needed.
    type: str
  resource_id:
    description: ID of the resource, which saves a request.
    type: str
"""

    ACCOUNT = r"""
options:
  account:
    description: Name of the account. Exactly one of O(account) and O(account_id) is needed.
    type: str
  account_id:
    description: ID of the account, which saves a request.
    type: str
"""
