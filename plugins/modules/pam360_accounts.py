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
  - Brings any number of resources and accounts to what the task says, with their shares.
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
  purge:
    description:
      - Whether to revoke shares that an earlier run has granted, and that are no longer listed. It acts only where
        shares are given; an empty list revokes all that we granted.
      - Needs V(auto) or V(tracked) in O(update_write_only), as only the fingerprints tell which shares these are.
        Shares made by other hands are not known, and are left alone.
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
    tracking_key: "{{ tracking_key }}"
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
  become: false
  register: vault

- name: The accounts that could not be managed, if there are any
  ansible.builtin.debug:
    msg: "{{ vault.accounts | selectattr('failed') | map(attribute='msg') }}"

- name: Resources, accounts and shares are as listed, and no one else of ours has access
  vaultops.pam.pam360_accounts:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    tracking_key: "{{ tracking_key }}"
    purge: true
    resources:
      - name: db13
        type: Linux
        dns_name: db13.example.com
        resource_groups: [Databases]
        shares:
          - user_group: Linux Admins
            access_type: view
    accounts:
      - resource: db13
        name: root
        record_cli_sessions: true
        shares:
          - user: jdoe
            access_type: view
      - resource: db13
        name: guest
        state: absent
  delegate_to: localhost
  become: false
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
      adopted: false
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
  description:
    - How many accounts there are, and what became of them. Each is counted once.
    - C(adopted) counts objects of both kinds that were in the vault before and were sent once.
  returned: once the options are found to be usable and the vault answers
  type: dict
  sample:
    total: 3
    created: 2
    updated: 0
    removed: 0
    unchanged: 1
    failed: 0
    adopted: 0
    resources_created: 1
    resources_updated: 0
    resources_removed: 0
    resources_unchanged: 0
    resources_failed: 0
resources:
  description:
    - One entry for each of O(resources) in their order, then one for each that was made for its accounts, in the
      shape of the result of M(vaultops.pam.pam360_resource), with C(failed) in each and C(failure) where it failed.
  returned: once the options are found to be usable and the vault answers
  type: list
  elements: dict
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
  description: One entry for each changed resource and account, as RV(ignore:diff) of M(vaultops.pam.pam360_account).
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360_bulk.accounts import AccountsBatch


def main() -> None:
    """Run the module."""
    run_module(AccountsBatch)


if __name__ == "__main__":
    main()
