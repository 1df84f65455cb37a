#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_account
short_description: Manage accounts in ManageEngine PAM360
version_added: 0.1.0
description:
  - Creates, edits, renames and deletes one account under a resource.
  - Only settings that are given are compared and sent.
  - Of all settings PAM360 shows only the name, the policy name, the notes and the custom fields. These are
    compared. All others are marked write-only below, are listed in RV(unverified), and are sent as
    O(update_write_only) says.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.state
  - vaultops.pam.pam360_object.resource
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: partial
    details:
      - Full, unless O(update_password=always) or O(update_write_only=always) asks for a write on each run.
options:
  name:
    description:
      - Name of the account. Upper and lower case count, unless the vault takes both for the same.
      - Nothing is removed by another spelling.
    type: str
    required: true
  new_name:
    description:
      - New name for the account. If only an account of this name exists, there is nothing to rename.
        If both names are in use, the task fails.
      - If neither exists, the account is created with this name.
    type: str
  password:
    description:
      - Password of the account. If it is not given, the vault generates one for a new account.
      - For an existing account, O(update_password) decides. It is changed in the vault alone, not on the target.
    type: str
  update_password:
    description:
      - V(on_create) never touches the password of an existing account, and does not read it.
      - V(on_drift) reads the password, compares it in memory and writes when it differs. The vault audits each
        read, also in check mode. If the vault does not show the password, the task fails.
      - V(always) writes the password on each run, and reports a change each time.
      - Without O(password) it has no effect, so it may stand in C(module_defaults) for all tasks.
    type: str
    choices: [on_create, on_drift, always]
    default: on_create
  update_write_only:
    description:
      - What to do with the settings of an existing account that cannot be read back.
      - V(on_edit) sends them along with an edit that something readable has caused, but they never cause one.
      - V(always) sends them on each run, and reports a change each time.
      - V(tracked) keeps fingerprints of what was sent in O(tracking_field), and sends a setting when its fingerprint
        is another one or unknown. This proves that we would send the same again, and not that no one changed it at the
        console.
    type: str
    choices: [on_edit, always, tracked]
    default: on_edit
  tracking_field:
    description:
      - Label of the custom field of accounts that keeps the fingerprints, for O(update_write_only=tracked).
      - The administrator defines it as a text of 250 characters, and no one else uses it.
    type: str
    default: Ansible state
  tracking_key:
    description:
      - Key for the fingerprints. Who does not have it cannot tell a setting from its fingerprint.
      - Without a key, who can see the field can try out values. To track O(totp_secret), a key is required.
      - If not set, the environment variable E(PAM360_TRACKING_KEY) is used.
    type: str
  password_policy:
    description: Name of the password policy, such as V(Strong).
    type: str
  password_policy_id:
    description:
      - ID of the password policy. Write-only; the name in O(password_policy) is what can be compared.
      - It stands in the vendor's samples only, and in no table of the API.
    type: int
  notes:
    description:
      - Notes. An empty text clears them.
      - PAM360 shows one text for an account. That it shows the notes there is inferred.
    type: str
  description:
    description:
      - Description of the account. Only an edit takes it, so for a new account one more request is sent.
      - Given without O(notes), it is compared with the one text that PAM360 shows. Given together with
        O(notes), the notes are compared and the description is write-only.
    type: str
  custom_fields:
    description:
      - Custom fields of accounts, as a dictionary of label to value. The administrator defines the labels.
      - Labels that are not named keep their values. An empty value clears one label, V({}) clears all of them.
      - Write text values such as V(yes) in quotes.
      - Values of type Password, and of labels whose type the vault has not shown yet, are hidden in results.
      - Where the vault masks a value, it cannot be compared. Such a label goes along with an edit that something else
        has caused, and with O(update_write_only=always) on each run.
      - They are verified by the next run after a create, as the vault shows them only in an account's details.
    type: dict
  resource_group_ids:
    description: IDs of the resource groups that the account belongs to. Write-only.
    type: list
    elements: str
  record_rdp_sessions:
    description: Whether to record RDP sessions. Write-only.
    type: bool
  record_cli_sessions:
    description: Whether to record CLI (SSH, Telnet) sessions. Write-only.
    type: bool
  website_session_recording:
    description: Whether to record website sessions. Write-only.
    type: bool
  gateway_session_recording:
    description: Whether to record gateway sessions. Write-only.
    type: bool
  disable_password_resets:
    description: Whether to prevent automatic password resets. Write-only.
    type: bool
  configure_password_reset:
    description: Whether password reset can be configured for associated service accounts. Write-only.
    type: bool
  iis_web_config_reset:
    description: Whether a password reset also resets IIS web configurations. Write-only.
    type: bool
  iis_app_pool_restart:
    description: Whether a password reset restarts IIS application pools. Write-only.
    type: bool
  iis_app_pool_reset:
    description: Whether a password reset also resets IIS application pools. Write-only.
    type: bool
  services_restart:
    description: Whether a password reset restarts the associated services. Write-only.
    type: bool
  services_reset:
    description: Whether a password reset also resets the associated services. Write-only.
    type: bool
  scheduled_task_reset:
    description: Whether a password reset also resets scheduled tasks. Write-only.
    type: bool
  command_set:
    description: ID of the command set. Write-only.
    type: int
  owner:
    description: Login name of the owner. Write-only. Only an edit takes it, so a create needs one more request.
    type: str
  domain_name:
    description: Name of the domain. Write-only. Only an edit takes it, so a create needs one more request.
    type: str
  totp_secret:
    description: Secret key for one-time passwords. Write-only.
    type: str
  totp_algorithm:
    description: Algorithm for one-time passwords, such as V(SHA256). Write-only.
    type: str
  totp_digits:
    description: Number of digits of one-time passwords. Write-only.
    type: str
  totp_validity:
    description: Seconds that a one-time password is valid. Write-only.
    type: str
  sap_user_type:
    description:
      - Type of an SAP user. V(A) is a dialog user, V(B) system, V(C) communication, V(S) service and V(L) reference.
      - Write-only. Needs build 8500 of PAM360.
    type: str
    choices: [A, B, C, S, L]
notes:
  - Whether PAM360 keeps settings that an edit leaves out is not documented. So an edit always carries all settings
    that the task gives, and custom fields that it does not name are sent back as they were read.
seealso:
  - module: vaultops.pam.pam360_resource
  - module: vaultops.pam.pam360_account_password
  - module: vaultops.pam.pam360_account_share
"""

EXAMPLES = r"""
---
- name: Account root of db01 is in the vault
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: root
    password: "{{ root_password }}"
    password_policy: Strong
    notes: Break glass only
    record_cli_sessions: true
  delegate_to: localhost

- name: Its policy and its owner team are as agreed
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: root
    password_policy: Strong
    custom_fields:
      Owner Team: Databases
  delegate_to: localhost

- name: Account oracle is called oradb from now on
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: oracle
    new_name: oradb
  delegate_to: localhost

- name: Account guest is gone
  vaultops.pam.pam360_account:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    name: guest
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
account:
  description: The account with the settings that the vault shows, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    name: root
    state: present
    resource: db01
    resource_id: "303"
    account_id: "901"
    password_policy: Strong
    notes: Break glass only
    description: Break glass only
    custom_fields: null
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: created account 'root' on resource 'db01'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: [password_policy, notes]
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: [password, record_cli_sessions]
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.account import Account


def main() -> None:
    """Run the module."""
    run_module(Account)


if __name__ == "__main__":
    main()
