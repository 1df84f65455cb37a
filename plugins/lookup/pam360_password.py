# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The passwords of PAM360 accounts, as a lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pam360_password
author:
  - vaultops.pam contributors (@vaultops)
short_description: Read passwords of PAM360 accounts
version_added: 0.1.0
description:
  - Returns the passwords of accounts in ManageEngine PAM360, as for C(ansible_password) or C(ansible_become_password).
  - Each password is read from the vault once per run of Ansible, however many hosts, tasks and forks ask for it.
  - What the vault shows in place of a password (C([Request]), C([In Use]) or asterisks) is an error, never a result.
extends_documentation_fragment:
  - vaultops.pam.pam360_plugin
options:
  _terms:
    description:
      - Accounts, each as C(resource/account) with the names of both.
      - "Or as dicts: C(resource) or C(resource_id); C(account) or C(account_id); and, if the vault wants them,
        C(reason) and C(ticket_id). Names with a slash in them need this form."
    type: list
    elements: raw
    required: true
  reason:
    description:
      - Reason for reading the passwords, for the audit trail. A term may have its own.
    type: str
    vars: [{name: pam360_reason}]
    env: [{name: PAM360_REASON}]
    ini: [{section: pam360, key: reason}]
  ticket_id:
    description:
      - ID of a ticket in the ticketing system of the vault. A term may have its own.
    type: str
    vars: [{name: pam360_ticket_id}]
    env: [{name: PAM360_TICKET_ID}]
    ini: [{section: pam360, key: ticket_id}]
  cache:
    description:
      - Whether the passwords are kept for the other tasks of this run.
      - They are held in the memory of a process of its own, private to this user and this run, which ends with the run.
        Nothing is written to disk. See the guide for details.
      - With V(false), the vault is asked each time. What is not a boolean is an error.
    type: raw
    default: true
    vars: [{name: pam360_cache}]
    env: [{name: PAM360_CACHE}]
    ini: [{section: pam360, key: cache}]
notes:
  - The lookup runs on the controller. PAM360 audits each read under the user of the token.
  - Ansible evaluates a lookup in a variable anew for each task and host; that is what the cache is for.
  - A password that a task of this collection changes in the same run is read again.
  - Before ansible-core 2.22, Ansible does not know that the result is a secret. Give C(no_log) to tasks that show it.
seealso:
  - module: vaultops.pam.pam360_account_password
"""

EXAMPLES = r"""
- name: Connect with passwords from the vault
  hosts: databases
  vars:
    ansible_user: deploy
    ansible_password: "{{ lookup('vaultops.pam.pam360_password', inventory_hostname ~ '/deploy') }}"
    ansible_become_password: "{{ lookup('vaultops.pam.pam360_password', inventory_hostname ~ '/root') }}"
  tasks:
    - name: Restart the database
      ansible.builtin.service:
        name: postgresql
        state: restarted
      become: true

- name: Use passwords from the vault in tasks
  hosts: databases
  tasks:
    - name: Write a configuration with a password in it
      ansible.builtin.template:
        src: app.ini.j2
        dest: /etc/app.ini
        mode: "0600"
      vars:
        app_password: "{{ lookup('vaultops.pam.pam360_password', 'db01/app', reason='deployment', ticket_id='4711') }}"
      no_log: true

    - name: Read two passwords, one by IDs
      ansible.builtin.set_fact:
        passwords: "{{ query('vaultops.pam.pam360_password', 'db01/app', by_ids) }}"
      vars:
        by_ids: {resource_id: '301', account_id: '1201'}
      no_log: true
"""

RETURN = r"""
_raw:
  description:
    - The passwords, in the order of the terms.
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
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_options import options_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_passwords import Passwords, account_of

try:  # ansible-core 2.22 and newer mask what is registered
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    register_secrets = None

display = Display()


class LookupModule(LookupBase):
    """``lookup('vaultops.pam.pam360_password', 'resource/account', ...)``."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the password of each term, or raise AnsibleError."""
        redactor = Redactor(register_secrets)
        try:
            params = options_of(self, variables or {}, kwargs, self._templar)
            accounts = [account_of(term, params) for term in self._flatten(terms)]
            if not accounts:
                raise InputError("no account is given", hint="Give resource/account.")
            passwords = Passwords(params, redactor, warn=display.warning, say=display.vv)
            return [passwords.password(account) for account in accounts]
        except VaultError as error:
            raise AnsibleError(redactor(str(error))) from None
