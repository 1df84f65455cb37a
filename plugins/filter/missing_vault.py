# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a role knows where the vault is, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: missing_vault
author:
  - vaultops.pam contributors (@vaultops)
short_description: What is missing to connect to PAM360
version_added: 0.1.0
description:
  - Returns a message if the address of the vault or the token is missing, or if the token is given in two ways. It
    names the ways to give it. Otherwise the text is empty.
  - Looks at the environment variables E(PAM360_URL), E(PAM360_TOKEN) and E(PAM360_TOKEN_FILE) of the controller too, or
    at those of CyberArk. It does not connect to the vault.
positional: vault
options:
  _input:
    description:
      - Options C(url), C(token) and C(token_file), or for CyberArk C(url), C(token), C(username) and C(password). Empty
        ones count as not given.
    type: dict
    required: true
  vault:
    description: Which vault it is.
    type: str
    choices: [pam360, cyberark]
    default: pam360
"""

EXAMPLES = r"""
- name: Check that the vault is known
  ansible.builtin.assert:
    that: problem == ''
    fail_msg: "{{ problem }}"
  vars:
    connection: {url: "{{ pam360_url | default('') }}", token_file: "{{ pam360_token_file | default('') }}"}
    problem: "{{ connection | vaultops.pam.missing_vault }}"
"""

RETURN = r"""
_value:
  description: The message, or an empty text.
  type: str
"""

import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def missing_vault(connection: Mapping[str, Any], vault: str = "pam360") -> str:
    """Return the message; raise AnsibleFilterError for an input that is not a dictionary, or another vault."""
    # Here, as the first filter that a task uses imports the files of all.
    from ansible_collections.vaultops.pam.plugins.plugin_utils import _role_guards

    if not isinstance(connection, Mapping):
        raise AnsibleFilterError("missing_vault: the input must be a dictionary of url, token and token_file")
    if vault not in _role_guards.WAYS:
        raise AnsibleFilterError(f"missing_vault: the vault must be one of {', '.join(_role_guards.WAYS)}")
    return _role_guards.missing_vault(connection, os.environ, vault)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"missing_vault": missing_vault}
