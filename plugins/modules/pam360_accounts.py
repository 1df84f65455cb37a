#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_accounts
short_description: Manage many accounts in ManageEngine PAM360 in one task
version_added: 0.1.0
description:
  - Brings any number of accounts, of any number of resources, to what the task says, with their shares.
  - Does the same as M(vaultops.pam.pam360_account) and M(vaultops.pam.pam360_account_share) for each of them, with
    far fewer requests. All missing accounts of a resource go in one request, the rest runs in parallel.
  - One account that fails does not keep the others back. The task fails at the end, and RV(accounts) says for
    each account what happened. The next run picks up what is missing.
  - An account that another play makes in the meantime is not an error.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_accounts
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - Full, unless O(update_password=always) or O(update_write_only=always) asks for a write on each run.
options:
  create_resources:
    description: Whether to make resources that are not there. Those of accounts to be removed are not made.
    type: bool
    default: false
  update_password:
    description:
      - V(on_create) never touches the password of an existing account, and does not read it.
      - V(on_drift) reads each password, compares it in memory and writes when it differs. The vault audits each
        read, also in check mode.
      - V(always) writes the passwords on each run, and reports a change each time.
      - It has no effect on accounts without O(accounts[].password).
    type: str
    choices: [on_create, on_drift, always]
    default: on_create
  update_write_only:
    description:
      - What to do with shares, and with settings of existing accounts that cannot be read back.
      - V(on_edit) sends them along with an edit that something readable has caused, but they never cause one.
      - V(always) sends them on each run, and reports a change each time.
      - V(tracked) keeps fingerprints of what was sent in O(tracking_field), and sends what has another fingerprint or
        an unknown one. This proves that we would send the same again, and not that no one changed it at the console.
    type: str
    choices: [on_edit, always, tracked]
    default: on_edit
  purge:
    description:
      - Whether to revoke shares that an earlier run has granted, and that are no longer listed.
      - Needs V(tracked) in O(update_write_only), as only the fingerprints tell them. Shares made by other hands are not
        known, and are left alone.
    type: bool
    default: false
  max_connections:
    description: How many requests may be under way at the same time.
    type: int
    default: 8
  max_requests_per_second:
    description: How many requests may begin in a second, to go easy on a small server. No limit if it is not given.
    type: float
  return_found:
    description:
      - Also return in RV(found) what the vault holds, with the state of the passwords. This only works in check mode.
      - V(managed) covers the resources of O(accounts), V(all) each resource that the API user sees.
      - What the task reads anyway is not read again. The rest takes one request for the list of each resource, and one
        for the details of each account.
    type: str
    choices: [managed, all]
  tracking_field:
    description:
      - Label of the custom field of accounts that keeps the fingerprints, for O(update_write_only=tracked).
      - The administrator defines it as a text of 250 characters, and no one else uses it.
    type: str
    default: Ansible state
  tracking_key:
    description:
      - Key for the fingerprints. Who does not have it cannot tell a setting from its fingerprint.
      - Without a key, who can see the field can try out values. To track O(accounts[].totp_secret), a key is required.
      - If not set, the environment variable E(PAM360_TRACKING_KEY) is used.
    type: str
notes:
  - With the verbosity C(-v), the task tells how far it is. A module that is shipped writes that to the system log.
seealso:
  - module: vaultops.pam.pam360_account
  - module: vaultops.pam.pam360_account_share
  - module: vaultops.pam.pam360_account_info
"""

EXAMPLES = r"""
---
- name: The accounts of all new servers are in the vault
  vaultops.pam.pam360_accounts:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    create_resources: true
    resource_defaults:
      type: Linux
    defaults:
      password_policy: Strong
      shares:
        - user_group: DBA
          access_type: view
    accounts:
      - resource: db11
        name: root
        notes: Break glass only
      - resource: db11
        name: oracle
      - resource: db12
        name: root
        notes: Break glass only
  delegate_to: localhost
  register: vault

- name: The accounts that could not be managed, if there are any
  ansible.builtin.debug:
    msg: "{{ vault.accounts | selectattr('failed') | map(attribute='msg') }}"

- name: Shares are as listed, and sent only when they are not what was last sent
  vaultops.pam.pam360_accounts:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    update_write_only: tracked
    tracking_key: "{{ tracking_key }}"
    purge: true
    accounts:
      - resource: db11
        name: root
        record_cli_sessions: true
        shares:
          - user: jdoe
            access_type: view
      - resource: db11
        name: guest
        state: absent
  delegate_to: localhost
"""

RETURN = r"""
---
accounts:
  description:
    - One entry for each account, in the order of O(accounts), in the shape of the result of
      M(vaultops.pam.pam360_account), with C(failed) in each and C(failure) where it failed.
  returned: once the options are found to be usable and the vault answers
  type: list
  elements: dict
  sample:
    - changed: true
      failed: false
      msg: created account 'root' on resource 'db11'
      account:
        name: root
        state: present
        resource: db11
        resource_id: "304"
        account_id: "911"
        password_policy: Strong
        notes: Break glass only
        description: Break glass only
        custom_fields: null
        shares: [{"user_group": DBA, "access_type": view}]
      resource_id: "304"
      account_id: "911"
      verified: [password_policy, notes]
      unverified: [shares]
summary:
  description: How many accounts there are, and what became of them. Each is counted once.
  returned: once the options are found to be usable and the vault answers
  type: dict
  sample: {"total": 3, "created": 2, "updated": 0, "removed": 0, "unchanged": 1, "failed": 0, "resources_created": 1}
resources:
  description: Resources that were made. The ID is null in check mode.
  returned: once the options are found to be usable and the vault answers
  type: list
  elements: dict
  sample:
    - name: db11
      resource_id: "304"
found:
  description: What the vault holds, for reports. A value that the vault does not show is null.
  returned: in check mode, with O(return_found)
  type: dict
  contains:
    resources:
      description: Each with C(name), C(resource_id), C(type), C(owner), C(department) and C(location).
      type: list
      elements: dict
    accounts:
      description: In the shape of M(vaultops.pam.pam360_account_info) with its option C(details).
      type: list
      elements: dict
    unread:
      description:
        - What could not be read, each with C(resource), C(resource_id), C(account) and C(msg). Without an account it is
          the list of the resource.
      type: list
      elements: dict
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: "accounts: 2 created, 1 unchanged, 1 resources created"
diff:
  description: One entry for each changed account, as RV(ignore:diff) of M(vaultops.pam.pam360_account).
  returned: once the options are found to be usable and the vault answers
  type: list
  elements: dict
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360_bulk.accounts import AccountsBatch


def main() -> None:
    """Run the module."""
    run_module(AccountsBatch)


if __name__ == "__main__":
    main()
