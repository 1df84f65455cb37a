#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cyberark_safe_member
short_description: Manage members of safes in CyberArk
version_added: 0.1.0
description:
  - Adds a user or a group to a safe, changes what it may do there and for how long, and removes it, by the REST API of
    PVWA 12.2 or newer.
  - Permissions are a set, so that those that the task does not name are taken away. If the task names none, those of a
    member that is there stay.
  - Predefined members, such as C(Master), are in each safe. The vault changes and removes none of them, and no user can
    change their own membership.
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
    support: full
options:
  safe:
    description: Name of the safe.
    type: str
    required: true
  member:
    description:
      - Name of the user or group, in upper or lower case.
      - On Privilege Cloud with the suffix of its directory, such as V(group@example.org).
    type: str
    required: true
  search_in:
    description:
      - Where the vault looks for a new member, V(Vault) or the name of an LDAP directory as the LDAP page of PVWA has
        it. Leave it out on Privilege Cloud.
      - The vault does not show it, so it is listed as RV(unverified).
    type: str
  member_type:
    description:
      - Kind of a new member, for PVWA 12.6 and newer.
      - The vault cannot change it, so another one than that of the member is an error.
    type: str
    choices: [user, group, role]
  permission_set:
    description:
      - A set of permissions, as the web page of PVWA has them. Either this or O(permissions). A new member needs one of
        them.
      - V(use) is C(list_accounts) and C(use_accounts). V(read) adds C(retrieve_accounts).
      - V(manage) adds to V(read) all that changes accounts and their secrets, C(view_audit_log), C(view_safe_members),
        C(manage_safe_members) and C(access_without_confirmation).
      - V(full) is everything but C(requests_authorization_level_2), which excludes level 1.
    type: str
    choices: [use, read, manage, full]
  permissions:
    description: The permissions, all that the member is to have. An empty list takes all away.
    type: list
    elements: str
    choices:
      - use_accounts
      - retrieve_accounts
      - list_accounts
      - add_accounts
      - update_account_content
      - update_account_properties
      - initiate_cpm_account_management_operations
      - specify_next_account_content
      - rename_accounts
      - delete_accounts
      - unlock_accounts
      - manage_safe
      - manage_safe_members
      - backup_safe
      - view_audit_log
      - view_safe_members
      - access_without_confirmation
      - create_folders
      - delete_folders
      - move_accounts_and_folders
      - requests_authorization_level_1
      - requests_authorization_level_2
  expires:
    description:
      - When the membership ends, such as V(2027-01-31), which is the beginning of that day, or V(2027-01-31T12:00:00Z).
        In UTC unless an offset is given. Unix seconds work as well.
      - V(never) or an empty text for a membership that does not end.
    type: str
"""

EXAMPLES = r"""
---
- name: The team may use and read all accounts of the safe
  vaultops.pam.cyberark_safe_member:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux Servers
    member: Linux Team
    permission_set: read
  delegate_to: localhost
  become: false

- name: A group of the directory manages them until the project ends
  vaultops.pam.cyberark_safe_member:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux Servers
    member: DBA
    search_in: example.org
    permission_set: manage
    expires: "2027-01-31"
  delegate_to: localhost
  become: false

- name: The scanner may see the accounts and read the log
  vaultops.pam.cyberark_safe_member:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux Servers
    member: scanner
    permissions:
      - list_accounts
      - view_audit_log
  delegate_to: localhost
  become: false

- name: Someone who left has no access
  vaultops.pam.cyberark_safe_member:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux Servers
    member: jdoe
    state: absent
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
member_id:
  description: ID of the member. Null when it is not a member (yet), or was not found out.
  returned: once the options are found to be usable
  type: str
  sample: "31"
member:
  description: The member as the vault shows it, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    safe: Linux Servers
    name: Linux Team
    state: present
    member_id: "31"
    member_type: group
    permissions: [use_accounts, retrieve_accounts, list_accounts]
    expires: never
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
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.member import Member


def main() -> None:
    """Run the module."""
    run_module(Member)


if __name__ == "__main__":
    main()
