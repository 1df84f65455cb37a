#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_account_password
short_description: Set or rotate the password of an account in ManageEngine PAM360
version_added: 0.1.0
description:
  - Sets a given password, or one that the vault generates by its own policy, for an existing account.
  - No password is shown, unless O(generate) is used with O(return_password=true).
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.resource
  - vaultops.pam.pam360_object.account
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - Full, unless O(update_password=always) asks for a write on each run.
      - With O(generate) it depends on whether the vault then shows the password as valid.
options:
  password:
    description:
      - The password that the account shall have.
      - Exactly one of O(password) and O(generate) is needed.
    type: str
  generate:
    description: Name of the password policy by which the vault generates a new password.
    type: str
  update_password:
    description:
      - V(on_drift), the default with O(password), reads the password, compares it in memory and writes when it differs.
        The vault audits each read, also in check mode. If the vault does not show the password, the task fails.
      - V(when_expired), the default with O(generate), writes when the vault calls the password expired, or not
        compliant with its policy.
      - V(when_older_than), only with O(generate), writes when the last change is more than O(max_age) days ago,
        or when the vault knows of no change.
      - V(always) writes on each run, and reports a change each time.
    type: str
    choices: [on_drift, always, when_expired, when_older_than]
  max_age:
    description:
      - Days, for O(update_password=when_older_than).
      - PAM360 shows times without a zone. They are compared with the C(Date) header of its answers, so the
        result may be off by the server's distance from UTC.
    type: int
  return_password:
    description:
      - Whether to return a generated password as RV(password). Use C(no_log=true) for such a task.
    type: bool
    default: false
  reset_type:
    description:
      - V(local) changes the password in the vault alone.
      - V(remote) asks the vault to change it on the target as well. How that fails is not documented.
    type: str
    choices: [local, remote]
    default: local
  reason:
    description: Reason for reading and changing the password, where the vault wants one.
    type: str
  ticket_id:
    description: Ticket ID for reading and changing the password, where the vault wants one.
    type: str
seealso:
  - module: vaultops.pam.pam360_account
"""

EXAMPLES = r"""
---
- name: The vault holds the password that the server was built with
  vaultops.pam.pam360_account_password:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: root
    password: "{{ root_password }}"
    reason: Server build
  delegate_to: localhost
  become: false

- name: The password is rotated every 90 days
  vaultops.pam.pam360_account_password:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: backup
    generate: Strong
    update_password: when_older_than
    max_age: 90
    return_password: true
  delegate_to: localhost
  become: false
  no_log: true
  register: rotation
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
  description: Names and IDs of the account.
  returned: success
  type: dict
  sample:
    name: root
    state: present
    resource: db01
    resource_id: "303"
    account_id: "901"
password:
  description: The generated password.
  returned: when a password was generated and O(return_password=true)
  type: str
  sample: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: changed password of account 'root' on resource 'db01'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: [password]
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: []
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.password import AccountPassword


def main() -> None:
    """Run the module."""
    run_module(AccountPassword)


if __name__ == "__main__":
    main()
