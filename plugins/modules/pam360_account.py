#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_account
short_description: Manage accounts in ManageEngine PAM360
version_added: 0.1.0
description:
  - Creates, edits, renames and deletes one account under a resource.
  - Only settings that are given are compared and sent.
  - Of all settings PAM360 shows only the name, the policy name, the notes and the custom fields. These are
    compared. All others are marked write-only below, are listed in RV(unverified), and are sent as
    O(update_write_only) says.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.state
  - vaultops.pam.pam360_object.resource
  - vaultops.pam.pam360_settings.account
  - vaultops.pam.pam360_settings.tracking
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - Full, unless O(update_password=always) or O(update_write_only=always) asks for a write on each run.
options:
  name:
    description:
      - Name of the account. Upper and lower case count, unless the vault takes both for the same.
      - Nothing is removed by another spelling.
    type: str
    required: true
  new_name:
    description:
      - New name for the account. If only an account of this name exists, there is nothing to rename.
        If both names are in use, the task fails.
      - If neither exists, the account is created with this name.
    type: str
  update_password:
    description:
      - V(on_create) never touches the password of an existing account, and does not read it.
      - V(on_drift) reads the password, compares it in memory and writes when it differs. The vault audits each
        read, also in check mode. If the vault does not show the password, the task fails.
      - V(always) writes the password on each run, and reports a change each time.
      - Without O(password) it has no effect, so it may stand in C(module_defaults) for all tasks.
    type: str
    choices: [on_create, on_drift, always]
    default: on_create
notes:
  - Whether PAM360 keeps settings that an edit leaves out is not documented. So an edit carries all settings that the
    task gives. What it loses all the same is written again, and a warning says so.
  - In check mode, a resource that is not there is taken for one that an earlier task of the run makes.
seealso:
  - module: vaultops.pam.pam360_resource
  - module: vaultops.pam.pam360_account_password
  - module: vaultops.pam.pam360_account_share
"""

EXAMPLES = r"""
---
- name: Account root of db01 is in the vault
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: root
    password: "{{ root_password }}"
    password_policy: Strong
    notes: Break glass only
    record_cli_sessions: true
  delegate_to: localhost
  become: false

- name: Its policy and its owner team are as agreed
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: root
    password_policy: Strong
    custom_fields:
      Owner Team: Databases
  delegate_to: localhost
  become: false

- name: Account oracle is called oradb from now on
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: oracle
    new_name: oradb
  delegate_to: localhost
  become: false

- name: Account guest is gone
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: guest
    state: absent
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
resource_id:
  description: ID of the resource. Null when it does not exist (yet), or was not found out.
  returned: once the options are found to be usable
  type: str
  sample: "303"
account_id:
  description: ID of the account. Null when it does not exist, as before a create in check mode, or was not found out.
  returned: once the options are found to be usable
  type: str
  sample: "901"
account:
  description: The account with the settings that the vault shows, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    name: root
    state: present
    resource: db01
    resource_id: "303"
    account_id: "901"
    password_policy: Strong
    notes: Break glass only
    description: Break glass only
    custom_fields: null
adopted:
  description:
    - Whether the object was in the vault before and had no fingerprints, so that all that cannot be read was sent
      once, or would be. See O(update_write_only).
  returned: success
  type: bool
  sample: false
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: created account 'root' on resource 'db01'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: [password_policy, notes]
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: [password, record_cli_sessions]
diff:
  description: Managed settings before and after, only those that change. A marker stands for a secret.
  returned: when something changes
  type: dict
  contains:
    before:
      description: What the vault shows. A setting that it does not show is V((unknown\)).
      type: dict
    after:
      description: What the task asks for.
      type: dict
    before_header:
      description: The object in words.
      type: str
    after_header:
      description: The object in words.
      type: str
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.account import Account


def main() -> None:
    """Run the module."""
    run_module(Account)


if __name__ == "__main__":
    main()
