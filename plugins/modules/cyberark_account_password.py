#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cyberark_account_password
short_description: Have the CPM verify, change or reconcile the secret of an account in CyberArk
version_added: 0.1.0
description:
  - Asks the CPM, which manages secrets on their targets, to verify the secret of an account, to change it, or to
    reconcile it, by the REST API of PVWA. To set a secret in the vault alone, use M(vaultops.pam.cyberark_account).
  - The vault only marks the account at first. By default the task waits until the CPM has done its work, and fails with
    the words of the CPM if that fails.
  - None of the actions is idempotent, so each run that asks reports a change. With O(max_age), C(verify) asks only when
    it is due.
  - Known from the vendor's pages and from clients of real servers; no such server was at hand for tests. How a result
    is told from an earlier one is inferred.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.cyberark
  - vaultops.pam.cyberark.account
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_cyberark
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    details: Only with O(action=verify) and O(max_age).
    support: partial
options:
  action:
    description:
      - With V(verify) the CPM checks that the secret in the vault is that of the target.
      - With V(change) it sets a new one on the target and in the vault, a random one or O(new_password).
      - With V(reconcile) the reconcile account sets a random one, whatever the target has now.
    type: str
    choices: [verify, change, reconcile]
    required: true
  new_password:
    description:
      - The secret that the CPM is to set with O(action=change).
      - The vault cuts blanks off its ends, so they are refused. Some servers refuse a digit at an end.
    type: str
  immediately:
    description: Whether the CPM is to set O(new_password) now. With V(false) it does so at its next change.
    type: bool
    default: true
  change_entire_group:
    description: Whether O(action=change) changes the secret of all accounts of the account's group.
    type: bool
    default: false
  max_age:
    description:
      - With O(action=verify), nothing is asked if the last verification is not older than so many days, and did not
        fail.
      - Days are counted by the server's clock.
    type: int
  wait:
    description: Whether to wait until the CPM has done it. With O(immediately=false) nothing is waited for.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait. The account is read after 1, 2, 4, 8 seconds, and then every 10 seconds.
    type: int
    default: 300
seealso:
  - module: vaultops.pam.cyberark_account
"""

EXAMPLES = r"""
---
- name: Verify the password of root if that was not done for a week
  vaultops.pam.cyberark_account_password:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    user_name: root
    address: db01.example.com
    action: verify
    max_age: 7
  delegate_to: localhost
  become: false

- name: Have the CPM set a new random password
  vaultops.pam.cyberark_account_password:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    name: db01-root
    action: change
  delegate_to: localhost
  become: false

- name: Set a password of our own on the target at the next change
  vaultops.pam.cyberark_account_password:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    name: db01-root
    action: change
    new_password: "{{ root_password }}"
    immediately: false
  delegate_to: localhost
  become: false

- name: Reset a password that was lost, and do not wait for it
  vaultops.pam.cyberark_account_password:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    account_id: "29_3"
    action: reconcile
    wait: false
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
account_id:
  description: ID of the account. Null when it does not exist (yet), or was not found out.
  returned: once the options are found to be usable
  type: str
  sample: "29_3"
status:
  description:
    - Management status that the account showed last, V(inProcess), V(success) or V(failure). Null when it shows none,
      and when the task did not wait for what it asked for.
  returned: once the options are found to be usable
  type: str
  sample: success
cpm_message:
  description: What the CPM said of a failure, without secrets. Null without one, and when the server does not tell.
  returned: once the options are found to be usable
  type: str
  sample: The user name or password is incorrect
account:
  description: The account by its names, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    state: present
    account_id: "29_3"
    status: success
    cpm_message: null
    safe: Linux
    name: db01-root
    user_name: root
    address: db01.example.com
    platform_id: UnixSSH
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: created account 'root' at 'db01' in safe 'Linux'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: [safe, user_name, address, platform_id]
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: [secret]
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
    error_code:
      description: The server's ErrorCode, such as V(PASWS167E). Only there when the API itself refused.
      type: str
    details:
      description: The server's Details, each with C(parameter), C(error_code) and C(message).
      type: list
      elements: dict
"""

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.module import run_module
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.password import AccountPassword


def main() -> None:
    """Run the module."""
    run_module(AccountPassword)


if __name__ == "__main__":
    main()
