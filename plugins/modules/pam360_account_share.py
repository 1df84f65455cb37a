#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_account_share
short_description: Share accounts in ManageEngine PAM360 with users and user groups
version_added: 0.1.0
description:
  - Grants a user or a user group access to one account, changes the level of access, or revokes it.
  - PAM360 has no call that shows with whom an account is shared. So a fingerprint of what was sent last decides whether
    the share is sent again, and RV(unverified) says that it could not be compared. See O(update_write_only).
  - An unknown user or user group is an error, also with O(state=absent), as a revoke for a mistyped name must not pass
    for done. An account or a resource that does not exist has no shares, so there is nothing to revoke.
  - A user may still have access through the resource or a resource group. This module manages the account's own
    share only.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.state
  - vaultops.pam.pam360_object.resource
  - vaultops.pam.pam360_object.account
  - vaultops.pam.pam360_settings.grantee
  - vaultops.pam.pam360_settings.tracking
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - Full where the vault has the custom field named in O(tracking_field). Without it the vault does not tell whether
        the share is there, so each run sends it and says so.
seealso:
  - module: vaultops.pam.pam360_account
"""

EXAMPLES = r"""
---
- name: The database administrators may see the password of root
  vaultops.pam.pam360_account_share:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: root
    user_group: DBA
    access_type: view
  delegate_to: localhost
  become: false

- name: User jdoe has no share of root any more
  vaultops.pam.pam360_account_share:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: root
    user: jdoe
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
share:
  description: The share as it was sent. The vault itself shows none of it.
  returned: success
  type: dict
  sample:
    resource: db01
    resource_id: "303"
    account: root
    account_id: "901"
    user: null
    user_id: null
    user_group: DBA
    user_group_id: "21"
    access_type: view
    state: present
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
  sample: changed access_type of the share of account 'root' on resource 'db01' with user group 'DBA'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: []
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: [access_type]
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.share import AccountShare


def main() -> None:
    """Run the module."""
    run_module(AccountShare)


if __name__ == "__main__":
    main()
