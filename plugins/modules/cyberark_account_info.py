#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cyberark_account_info
short_description: Find accounts in CyberArk
version_added: 0.1.0
description:
  - Searches for accounts by words, safe and filters, by the REST API of PVWA, and reads all pages. Changes nothing, and
    returns no secrets.
  - The server finds accounts by its own rules. Whether words are looked for in the name of an account depends on how it
    is set up.
  - To read a secret, use the lookup P(vaultops.pam.cyberark_password#lookup).
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.cyberark
  - vaultops.pam.attributes.info
  - vaultops.pam.attributes.actiongroup_cyberark
options:
  search:
    description: Words that an account has to have, with blanks in between, at most 500 characters.
    type: str
  search_type:
    description: Whether a word is part of a value, or its beginning.
    type: str
    choices: [contains, startswith]
    default: contains
  safe:
    description: Name of the safe, in upper or lower case. All safes if left out.
    type: str
  filter:
    description:
      - Conditions in the words of the API, such as C(modificationTime gte 1790000000); all of them have to be met.
      - Which properties the server knows depends on its version; before 14.4 these are C(safeName) and
        C(modificationTime).
    type: list
    elements: str
  details:
    description:
      - Whether to read each account by itself, one request each, and return its management status and times too.
    type: bool
    default: false
seealso:
  - module: vaultops.pam.cyberark_account
  - plugin: vaultops.pam.cyberark_password
    plugin_type: lookup
"""

EXAMPLES = r"""
---
- name: Find the accounts of root in a safe
  vaultops.pam.cyberark_account_info:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    safe: Linux
    search: root
    details: true
  delegate_to: localhost
  become: false
  register: found

- name: Name those whose last action of the CPM failed
  ansible.builtin.debug:
    msg: "{{ found.accounts | selectattr('status', 'equalto', 'failure') | map(attribute='name') | list }}"

- name: Find what was changed since a point in time
  vaultops.pam.cyberark_account_info:
    url: https://pvwa.example.com
    username: ansible
    password: "{{ cyberark_password }}"
    filter:
      - modificationTime gte 1790000000
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
accounts:
  description: The accounts that were found, in the order of the server.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: ID of the account.
      type: str
      sample: "29_3"
    safe:
      description: Its safe.
      type: str
    name:
      description: Its name.
      type: str
    user_name:
      description: Name of the user on the target, empty if it has none.
      type: str
    address:
      description: Name or address of the target, empty if it has none.
      type: str
    platform_id:
      description: ID of its platform.
      type: str
    secret_type:
      description: V(password) or V(key).
      type: str
    platform_properties:
      description: Properties that its platform defines, as texts.
      type: dict
    automatic_management:
      description: Whether the vault changes and checks the secret by itself. Null if it does not say so.
      type: bool
    manual_management_reason:
      description: Why it does not.
      type: str
    remote_machines:
      description: Machines that the account may connect to.
      type: list
      elements: str
    restrict_to_remote_machines:
      description: Whether it may connect to these only. Null where that is not set.
      type: bool
    status:
      description: Management status, V(inProcess), V(success) or V(failure). Null without one.
      type: str
      returned: with O(details=true)
    last_verified:
      description: When the secret was last verified, in UTC. Null for never.
      type: str
      returned: with O(details=true)
      sample: "2026-11-02T04:00:00Z"
    last_modified:
      description: When the secret was last changed, in UTC. Null for never.
      type: str
      returned: with O(details=true)
    last_reconciled:
      description: When the secret was last reconciled, in UTC. Null for never.
      type: str
      returned: with O(details=true)
complete:
  description: Whether the server showed all that it found. It may cut long lists (C(MaxDisplayedRecords)).
  returned: success
  type: bool
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: created account 'root' at 'db01' in safe 'Linux'
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
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.search import AccountInfo


def main() -> None:
    """Run the module."""
    run_module(AccountInfo)


if __name__ == "__main__":
    main()
