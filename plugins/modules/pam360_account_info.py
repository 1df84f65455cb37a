#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_account_info
short_description: Search accounts in ManageEngine PAM360
version_added: 0.1.0
description:
  - Returns accounts of one resource, of a resource group, or of all resources, by name or all of them.
  - Only what the API user owns, or what is shared with it, is found.
  - No password is read, so nothing is audited as an access to one.
  - This takes one request for each 500 resources, one for each resource, and with O(details) one for each account
    found. With O(resource) one request finds the resource, and one reads its accounts.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_info
  - vaultops.pam.attributes.info
  - vaultops.pam.attributes.actiongroup_pam360
options:
  name:
    description:
      - Name of the account, or a part of it. Left out, all accounts are returned.
      - If none has that name, the list is empty. If several have it, all of them are returned.
    type: str
  resource:
    description:
      - Name of the one resource whose accounts are wanted, always spelled just so.
      - If there is none of that name, the list is empty.
      - At most one of O(resource) and O(resource_group) can be given.
    type: str
  details:
    description:
      - Whether to read the state of the password, its times, and the custom fields, which is one more request for each
        account found.
    type: bool
    default: false
seealso:
  - module: vaultops.pam.pam360_account
  - module: vaultops.pam.pam360_account_password
  - module: vaultops.pam.pam360_resource_info
"""

EXAMPLES = r"""
---
- name: All accounts of db01, and the state of their passwords
  vaultops.pam.pam360_account_info:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    details: true
  delegate_to: localhost
  become: false
  register: vault

- name: Those that are not compliant get a new password
  vaultops.pam.pam360_account_password:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource_id: "{{ item.resource_id }}"
    account_id: "{{ item.account_id }}"
    generate: "{{ item.password_policy }}"
  delegate_to: localhost
  become: false
  loop: "{{ vault.accounts | selectattr('compliant', 'equalto', false) | list }}"
  loop_control:
    label: "{{ item.name }} on {{ item.resource }}"

- name: On which servers is there an account for backups?
  vaultops.pam.pam360_account_info:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    name: backup
    match: contains
  delegate_to: localhost
  become: false
  register: backups

- name: List them
  ansible.builtin.debug:
    msg: "{{ backups.accounts | map(attribute='resource') | unique | list }}"
"""

RETURN = r"""
---
accounts:
  description:
    - The accounts that were found, in the vault's order. None found is an empty list.
    - A value that was not read, or that the vault does not show, is null.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the account.
      type: str
    account_id:
      description: ID of the account.
      type: str
    resource:
      description: Name of its resource.
      type: str
    resource_id:
      description: ID of its resource.
      type: str
    password_policy:
      description: Name of the password policy.
      type: str
    notes:
      description: Notes. That the one text that the vault shows of an account is what was written as notes is inferred.
      type: str
    description:
      description: The same text.
      type: str
    custom_fields:
      description:
        - Custom fields by label. Read with O(details=true).
        - Values of type Password, and of labels whose type the vault does not show, are V((hidden\)).
      type: dict
    password_status:
      description:
        - In the vault's words, whether the API user may see the password. Stars mean that it may, V([In Use]) that
          someone else has it.
      type: str
    reason_required:
      description: Whether a reason is required to see the password.
      type: bool
    ticket_id_required:
      description: Whether the ID of a ticket is required to see the password.
      type: bool
    compliant:
      description:
        - Whether the password complies with its policy. Null for a word that is not known. Read with O(details=true).
      type: bool
    compliant_status:
      description: The same in the vault's words. Read with O(details=true).
      type: str
    compliant_reason:
      description: Why it does not comply, in the vault's words. Read with O(details=true).
      type: str
    expired:
      description:
        - Whether the password has expired. Null for a word that is not known. Read with O(details=true).
        - The vault's word for a valid password is known from answers of real servers, that for an expired one is
          inferred.
      type: bool
    expiry_status:
      description: The same in the vault's words. Read with O(details=true).
      type: str
    last_modified_time:
      description:
        - When the password was changed, in the vault's words, which is its local time without a zone. Empty if it
          was not. Read with O(details=true).
      type: str
    last_accessed_time:
      description: When the password was seen, likewise. Read with O(details=true).
      type: str
  sample:
    - name: root
      account_id: "9001"
      resource: db01
      resource_id: "303"
      password_policy: Strong
      notes: Break glass only
      description: Break glass only
      custom_fields:
        Owner Team: Databases
        Recovery PIN: (hidden)
      password_status: "****"
      reason_required: false
      ticket_id_required: false
      compliant: false
      compliant_status: Non-Compliant
      compliant_reason: Minimum length must be 8
      expired: false
      expiry_status: Valid
      last_modified_time: Dec 1, 2021 09:00 PM
      last_accessed_time: ""
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: found 1 account
requests:
  description: How many requests were sent to the vault.
  returned: always, but for errors that Ansible finds in the options
  type: dict
  contains:
    sent:
      description: All requests, retries included.
      type: int
    retried:
      description: How many of them were retries of a read.
      type: int
failure:
  description: What failed, fit for conditions. The text in RV(msg) says the same in words.
  returned: failure of a request, or options that cannot be used
  type: dict
  contains:
    code:
      description: What kind of failure it is, such as V(not_found). The page Troubleshooting has a section for each.
      type: str
    operation:
      description: What was being done, in words.
      type: str
    http_status:
      description: HTTP status of the answer. Null when there was no answer.
      type: int
    server_message:
      description: The server's own words, without secrets.
      type: str
    step:
      description: The step of the plan that failed, or V(read) for reads before and after the writes.
      type: str
"""

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.module import run_module
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.search import AccountInfo


def main() -> None:
    """Run the module."""
    run_module(AccountInfo)


if __name__ == "__main__":
    main()
