#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cyberark_safe
short_description: Manage safes in CyberArk
version_added: 0.1.0
description:
  - Creates, edits, renames and deletes a safe, by the REST API of PVWA 12.2 or newer.
  - Only settings that are given are compared. An edit sends the others back as they were read, since the server clears
    what an edit leaves out.
  - The user who creates a safe becomes a member of it with all permissions. For other members, use
    M(vaultops.pam.cyberark_safe_member).
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
  name:
    description:
      - Name of the safe, in upper or lower case.
      - 'The vault makes names of at most 28 characters, without C(\ / : * < > . | ? " % & +).'
    type: str
    required: true
  new_name:
    description:
      - Name that the safe is to have instead. Its accounts go along.
      - If only a safe of this name exists, nothing is to be done. If both exist, the task fails.
    type: str
  description:
    description: Description of the safe, at most 100 characters. An empty text clears it.
    type: str
  location:
    description: Location of the safe in the vault, a backslash for the top, where a new safe is if this is left out.
    type: str
  managing_cpm:
    description:
      - Name of the CPM that manages the secrets in the safe, such as V(PasswordManager). An empty text for none.
      - Without a CPM, nothing verifies, changes or reconciles secrets.
    type: str
  versions_retention:
    description: How many versions of each secret are kept, 1 to 999. Either this or O(days_retention).
    type: int
  days_retention:
    description:
      - For how many days versions of each secret are kept, 0 to 3650. Either this or O(versions_retention).
      - A new safe without either keeps them for 7 days.
    type: int
  olac_enabled:
    description: Whether permissions can be given for each account of its own. It cannot be turned off again.
    type: bool
  auto_purge:
    description: Whether accounts are purged when their retention is over.
    type: bool
"""

EXAMPLES = r"""
---
- name: Create a safe for the accounts of Linux servers
  vaultops.pam.cyberark_safe:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    name: Linux Servers
    description: Local accounts of all Linux servers
    managing_cpm: PasswordManager
    versions_retention: 10
  delegate_to: localhost
  become: false

- name: Give a safe another name
  vaultops.pam.cyberark_safe:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    name: Unix
    new_name: Unix Servers
  delegate_to: localhost
  become: false

- name: Delete a safe that is not used any more
  vaultops.pam.cyberark_safe:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    name: Linux Servers Old
    state: absent
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
safe_url_id:
  description: Name of the safe as URLs have it. Null when it does not exist (yet), or was not found out.
  returned: once the options are found to be usable
  type: str
  sample: Linux%20Servers
safe:
  description: The safe as the vault shows it, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    name: Linux Servers
    state: present
    safe_url_id: Linux%20Servers
    description: Local accounts of all Linux servers
    location: "\\"
    managing_cpm: PasswordManager
    versions_retention: 10
    days_retention: null
    olac_enabled: false
    auto_purge: false
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
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.safe import Safe


def main() -> None:
    """Run the module."""
    run_module(Safe)


if __name__ == "__main__":
    main()
