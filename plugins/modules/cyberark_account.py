#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cyberark_account
short_description: Manage accounts in CyberArk
version_added: 0.1.0
description:
  - Creates, edits, renames and deletes an account in a safe of CyberArk, by the REST API of PVWA, its web server.
  - Only settings that are given are compared and sent. All that differs goes in one request. What a server shows as not
    taken is sent again, as long as each request takes something; a warning names what is still missing.
  - The vault shows all settings but the secret and the group, which are listed as RV(unverified).
  - Accounts to log on with and to reconcile with can be linked, which the CPM needs to manage root on Unix.
  - The account is found by O(account_id) if that is given, else by O(safe) and O(name), else by O(safe), O(user_name)
    and O(address), where O(platform_id) chooses between several. Upper and lower case count as equal. If several
    accounts are left, the task fails and names them. It fails too if the server cuts the list before its end
    (C(MaxDisplayedRecords)). So there is never a second account by mistake.
  - A blank or another character that cannot be seen, at an end of what tells which account it is, is refused.
  - Known from the vendor's pages and from clients of real servers; no such server was at hand for tests.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.cyberark
  - vaultops.pam.pam360_object.state
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_cyberark
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    details: O(update_secret=always) asks for a write on each run.
    support: partial
options:
  account_id:
    description:
      - ID of the account, such as V("29_3"), in quotes, as YAML takes V(29_3) for the number 293. Then all other
        options are settings, and O(name) renames.
      - With O(state=present) an unknown ID is an error.
      - An account that was deleted may be readable by its ID for a while. If it is not in the list of its safe, it
        counts as deleted. In check mode, O(state=absent) costs one more request for that.
    type: str
  safe:
    description:
      - Name of the safe. Required without O(account_id). A name with one of C(+), C(&) and C(%) in it cannot stand in a
        URL, so the search goes through all safes then.
      - The vault cannot move an account, so with O(account_id) another safe is an error.
    type: str
  name:
    description: Name of the account, unique in its safe. The vault makes one for a new account if it is left out.
    type: str
  user_name:
    description: Name of the user on the target. An empty text clears it, if O(account_id) or O(name) is given.
    type: str
  address:
    description:
      - Name or address of the target. An empty text clears it, if O(account_id) or O(name) is given.
      - Without these, an empty text stands for an account that has no address.
    type: str
  platform_id:
    description: ID of the platform, such as V(UnixSSH). Required to create an account.
    type: str
  secret:
    description:
      - The password or the key. It is sent when the account is created, and then as O(update_secret) says.
    type: str
  secret_type:
    description:
      - Kind of secret. The vault takes V(password) for a new account if it is left out.
      - The vault cannot change it, so another one than that of the account is an error.
    type: str
    choices: [password, key]
  update_secret:
    description:
      - With V(on_create) the secret of an existing account is never touched.
      - With V(always) it is set in the vault on each run, and reported as changed. The target is not touched.
      - Without O(secret) it has no effect, so it may stand in C(module_defaults) for all tasks.
    type: str
    choices: [on_create, always]
    default: on_create
  change_entire_group:
    description: Whether O(update_secret=always) sets the secret of all accounts of the account's group.
    type: bool
    default: false
  platform_properties:
    description:
      - Properties that the platform defines, as a dictionary of name to text, number or truth value.
      - Properties that are not named are left alone. Null or an empty text removes one, V({}) does nothing.
      - The vault keeps texts. V(true) is sent as C(true), and is equal to C(True) and C(Yes) as well.
      - C(GroupName) and C(GroupPlatformID) are never shown. They are sent when the account is created, and along with
        an edit that something else caused.
    type: dict
  automatic_management:
    description:
      - Whether the vault changes and checks the secret by itself, which it does for a new account unless told
        otherwise.
      - V(true) removes the reason of manual management in the same request.
    type: bool
  manual_management_reason:
    description:
      - Why the secret is not managed automatically. An empty text clears it.
      - Cannot be given while automatic management is on.
    type: str
  remote_machines:
    description:
      - Machines that the account may connect to; their order does not count. An empty list clears them, and with them
        O(restrict_to_remote_machines).
      - Only some platforms, such as domain accounts of Windows, have them.
    type: list
    elements: str
  restrict_to_remote_machines:
    description:
      - Whether the account may connect to O(remote_machines) only.
      - V(true) is refused where there are no machines, given or stored.
    type: bool
  logon_account:
    description:
      - Account that logs on to the target before a switch to this one. The platform has it at index 1, as delivered.
      - Give O(logon_account.account_id), or O(logon_account.safe) and O(logon_account.name), or O(logon_account.safe),
        O(logon_account.user_name) and O(logon_account.address). An empty dictionary takes the link away.
      - It is compared with what the vault shows, which costs one request for all linked accounts, and one for each that
        is known by names. A link that the platform has by default is as good as one of the account's own.
      - Where a server does not show linked accounts, it is listed as RV(unverified), and sent when the account is
        created and along with an edit that something else caused. PVWA has the calls from 12.2 on.
    type: dict
    suboptions: &link
      account_id:
        description: ID of the account to link.
        type: str
      safe:
        description: Safe of the account to link.
        type: str
      name:
        description: Name of the account to link.
        type: str
      user_name:
        description: Name of the user of the account to link.
        type: str
      address:
        description: Address of the account to link; an empty text if it has none.
        type: str
  reconcile_account:
    description:
      - Account with which the secret is reset when it is lost. The platform has it at index 3, as delivered.
      - Given and compared as O(logon_account) is.
    type: dict
    suboptions: *link
"""

EXAMPLES = r"""
---
- name: Account root of db01 is in the vault
  vaultops.pam.cyberark_account:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    user_name: root
    address: db01.example.com
    platform_id: UnixSSH
    secret: "{{ root_password }}"
    platform_properties:
      Port: 22
      Location: Vienna
  delegate_to: localhost
  become: false
  register: root

- name: It listens on another port, and its secret is changed by hand
  vaultops.pam.cyberark_account:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    user_name: root
    address: db01.example.com
    platform_id: UnixSSH
    platform_properties:
      Port: 2222
      Location: null
    automatic_management: false
    manual_management_reason: Break glass only
  delegate_to: localhost
  become: false

- name: It has another name
  vaultops.pam.cyberark_account:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    account_id: "{{ root.account_id }}"
    name: db01-root
  delegate_to: localhost
  become: false
  when: root.account_id is not none # a dry run has not made it

- name: The CPM logs on as another user, and can reset the password with a third one
  vaultops.pam.cyberark_account:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    user_name: root
    address: db01.example.com
    platform_id: UnixSSH
    logon_account:
      safe: Linux
      user_name: deploy
      address: db01.example.com
    reconcile_account:
      safe: Reconcile
      name: linux-reconcile
  delegate_to: localhost
  become: false

- name: The account of someone who left is gone
  vaultops.pam.cyberark_account:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    user_name: jdoe
    address: db01.example.com
    state: absent
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
account:
  description:
    - The account as the vault shows it, in the same shape for all outcomes. Of an account that is absent, what the task
      knows it by. Linked accounts are null unless the task names them.
  returned: success
  type: dict
  sample:
    state: present
    account_id: "29_3"
    safe: Linux
    name: Operating System-UnixSSH-db01.example.com-root
    user_name: root
    address: db01.example.com
    platform_id: UnixSSH
    secret_type: password
    platform_properties:
      Port: "22"
      Location: Vienna
    automatic_management: true
    manual_management_reason: ""
    remote_machines: []
    restrict_to_remote_machines: null
    logon_account: {safe: Linux, user_name: deploy, address: db01.example.com}
    reconcile_account: null
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
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.account import Account


def main() -> None:
    """Run the module."""
    run_module(Account)


if __name__ == "__main__":
    main()
