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
  - PAM360 has no call that shows with whom an account is shared. So each run sends the share and reports a change,
    and RV(unverified) says that it could not be compared. See O(update_write_only).
  - A user may still have access through the resource or a resource group. This module manages the account's own
    share only.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.state
  - vaultops.pam.pam360_object.resource
  - vaultops.pam.pam360_object.account
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - The vault does not show shares, so each run sends the share and says so, unless O(update_write_only=tracked).
options:
  user:
    description:
      - Login name of a user, with the domain for a directory user, as in V(EXAMPLE\\jdoe).
      - Exactly one of O(user), O(user_id), O(user_group) and O(user_group_id) is needed.
      - An unknown user or user group of an account is an error, also with O(state=absent), as a revoke for a mistyped
        name must not pass for done. An account or resource that is missing by its name has no shares, so there is
        nothing to revoke.
    type: str
  user_id:
    description: ID of a user, which saves a request.
    type: str
  user_group:
    description: Name of a user group.
    type: str
  user_group_id:
    description: ID of a user group, which saves a request.
    type: str
  access_type:
    description:
      - Level of access. Required when O(state=present).
      - The API takes V(full_access) for an account, while the product's help says that a single account can only be
        shared with V(view) or V(modify).
    type: str
    choices: [view, modify, full_access]
  update_write_only:
    description:
      - V(always) sends the share on each run, and reports a change each time, since that is the truth.
      - V(tracked) keeps a fingerprint of the last share that was sent, in O(tracking_field) of the account, and sends
        it again when it is another one or unknown. This proves that we would send the same again, and not that no one
        changed it at the console. The fingerprint is written by an edit of the account, which carries its notes, policy
        and custom fields as they were read.
    type: str
    choices: [always, tracked]
    default: always
  tracking_field:
    description:
      - Label of the custom field of accounts that keeps the fingerprints, for O(update_write_only=tracked).
      - The administrator defines it as a text of 250 characters, and no one else uses it.
    type: str
    default: Ansible state
  tracking_key:
    description:
      - Key for the fingerprints. Who does not have it cannot tell a share from its fingerprint.
      - If not set, the environment variable E(PAM360_TRACKING_KEY) is used.
    type: str
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

- name: User jdoe has no share of root any more
  vaultops.pam.pam360_account_share:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: root
    user: jdoe
    state: absent
  delegate_to: localhost
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
