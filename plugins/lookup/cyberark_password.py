# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of CyberArk accounts, as a lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cyberark_password
author:
  - vaultops.pam contributors (@vaultops)
short_description: Read secrets of CyberArk accounts
version_added: 0.1.0
description:
  - Returns the passwords or keys of accounts in CyberArk by the REST API of PVWA, as for C(ansible_password) or
    C(ansible_become_password).
  - Each secret is read from the vault once per run of Ansible, however many hosts, tasks and forks ask for it.
  - To find accounts without their secrets, use M(vaultops.pam.cyberark_account_info).
extends_documentation_fragment:
  - vaultops.pam.cyberark_plugin
options:
  _terms:
    description:
      - Accounts, each as C(safe/name) with the names of both.
      - "Or as dicts: C(account_id), in quotes; or C(safe) and C(name); or C(safe), C(user_name) and C(address), where
        C(platform_id) chooses between several; and, if the vault wants them, C(reason), C(ticket_id) and
        C(ticketing_system). Names with a slash in them need this form."
    type: list
    elements: raw
    required: true
  reason:
    description:
      - Reason for reading the secrets, for the audit trail. A term may have its own.
    type: str
    vars: [{name: cyberark_reason}]
    env: [{name: CYBERARK_REASON}]
    ini: [{section: cyberark, key: reason}]
  ticket_id:
    description:
      - ID of a ticket in O(ticketing_system). A term may have its own.
    type: str
    vars: [{name: cyberark_ticket_id}]
    env: [{name: CYBERARK_TICKET_ID}]
    ini: [{section: cyberark, key: ticket_id}]
  ticketing_system:
    description:
      - Name of the ticketing system, as the vault has it. A term may have its own.
    type: str
    vars: [{name: cyberark_ticketing_system}]
    env: [{name: CYBERARK_TICKETING_SYSTEM}]
    ini: [{section: cyberark, key: ticketing_system}]
  cache:
    description:
      - Whether the secrets are kept for the other tasks of this run.
      - They are held in the memory of a process of its own, private to this user and this run, which ends with the run.
        Nothing is written to disk.
      - With V(false), the vault is asked each time. What is not a boolean is an error.
    type: raw
    default: true
    vars: [{name: cyberark_cache}]
    env: [{name: CYBERARK_CACHE}]
    ini: [{section: cyberark, key: cache}]
notes:
  - The lookup runs on the controller. CyberArk audits each read under the user who logs on.
  - An account of a platform with exclusive access is locked for others by reading it. The lookup does not check it in.
  - Ansible evaluates a lookup in a variable anew for each task and host; that is what the cache is for.
  - A secret that a task of this collection changes in the same run is read again.
  - Before ansible-core 2.22, Ansible does not know that the result is a secret. Give C(no_log) to tasks that show it.
  - Known from the vendor's pages and from clients of real servers; no such server was at hand for tests.
seealso:
  - module: vaultops.pam.cyberark_account_password
"""

EXAMPLES = r"""
- name: Connect with passwords from the vault
  hosts: databases
  vars:
    ansible_user: deploy
    ansible_password: "{{ lookup('vaultops.pam.cyberark_password', vault_account) }}"
    vault_account:
      safe: Linux
      user_name: deploy
      address: "{{ inventory_hostname }}"
  tasks:
    - name: Restart the database
      ansible.builtin.service:
        name: postgresql
        state: restarted

- name: Use secrets from the vault in tasks
  hosts: databases
  tasks:
    - name: Write a configuration with a password in it
      ansible.builtin.template:
        src: app.ini.j2
        dest: /etc/app.ini
        mode: "0600"
      vars:
        app_password: "{{ lookup('vaultops.pam.cyberark_password', 'Linux/db01-app', reason='deployment') }}"
      no_log: true

    - name: Read two secrets, one by its ID
      ansible.builtin.set_fact:
        passwords: "{{ query('vaultops.pam.cyberark_password', 'Linux/db01-app', {'account_id': '29_3'}) }}"
      no_log: true
"""

RETURN = r"""
_raw:
  description:
    - The secrets, in the order of the terms.
    - On ansible-core 2.22 and newer they are registered as secrets, so that Ansible masks them in what it prints.
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError, VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.plugin_utils import _plugin_options
from ansible_collections.vaultops.pam.plugins.plugin_utils._cyberark_passwords import CYBERARK, Passwords, account_of

try:  # ansible-core 2.22 and newer mask what is registered
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None

display = Display()


class LookupModule(LookupBase):
    """``lookup('vaultops.pam.cyberark_password', 'safe/name', ...)``."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the secret of each term, or raise AnsibleError."""
        redactor = Redactor(register_secrets)
        try:
            params = _plugin_options.options_of(CYBERARK, self, variables or {}, kwargs, self._templar)
            accounts = [account_of(term, params) for term in self._flatten(terms)]
            if not accounts:
                raise InputError("no account is given", hint="Give safe/name.")
            passwords = Passwords(params, redactor, warn=display.warning, say=display.vv)
            try:
                return [passwords.password(account) for account in accounts]
            finally:
                passwords.close()
        except VaultError as error:
            raise AnsibleError(redactor(str(error))) from None
