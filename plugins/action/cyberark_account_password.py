# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.password import AccountPassword
from ansible_collections.vaultops.pam.plugins.plugin_utils._cyberark_action import SecretAction


class ActionModule(SecretAction):
    """Runs the module of this name in the controller's process where it can."""

    task_class = AccountPassword
