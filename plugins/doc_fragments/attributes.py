# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes shared by the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """What each module of the collection can do."""

    DOCUMENTATION = r"""
attributes:
  action:
    description: Runs in the controller's own process for a task on the controller, and is shipped to other hosts.
    support: full
  async:
    description: Works with C(async). The module is shipped then.
    support: full
  check_mode:
    description: Can predict the outcome without writing. The transport refuses each write, too.
    support: full
  diff_mode:
    description: Shows the managed settings that change. A marker stands for a secret, before and after.
    support: full
  platform:
    description: Platforms that the module can run on.
    platforms: posix
    support: full
"""

    # Not the bare name of the product: Ansible would take ``attributes.pam360`` for the fragment of that name.
    ACTIONGROUP_PAM360 = r"""
attributes:
  action_group:
    description: Use C(group/vaultops.pam.pam360) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - vaultops.pam.pam360
"""

    ACTIONGROUP_CYBERARK = r"""
attributes:
  action_group:
    description: Use C(group/vaultops.pam.cyberark) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - vaultops.pam.cyberark
"""

    INFO = r"""
attributes:
  action:
    description: Runs in the controller's own process for a task on the controller, and is shipped to other hosts.
    support: full
  async:
    description: Works with C(async). The module is shipped then.
    support: full
  check_mode:
    description: Only reads, in check mode as well.
    support: full
  diff_mode:
    description: Nothing changes, so there is nothing to show.
    support: N/A
  idempotent:
    description: Only reads, so that it never changes anything.
    support: full
  platform:
    description: Platforms that the module can run on.
    platforms: posix
    support: full
"""
