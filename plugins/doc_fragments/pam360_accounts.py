# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of one account among many, and of the resources made for them."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the module that manages many accounts."""

    DOCUMENTATION = r"""
options:
  accounts:
    description:
      - The accounts, with the options of M(vaultops.pam.pam360_account), where each is explained.
      - An option that is not given here is taken from O(defaults), and a policy that is not given there from the task.
    type: list
    elements: dict
    required: true
    suboptions: &account
      resource:
        description: Name of the resource. Exactly one of this and the ID is needed.
        type: str
      resource_id:
        description: ID of the resource, which saves reading its name.
        type: str
      state:
        description: Whether the account shall be there. Present if it is not given.
        type: str
        choices: [present, absent]
      name:
        description:
          - Name of the account. Required, here or in O(defaults).
          - Upper and lower case count, unless the vault takes both for the same.
          - Nothing is removed by another spelling.
        type: str
      new_name:
        description: New name for the account.
        type: str
      update_password:
        description: Overrides O(update_password).
        type: str
        choices: [on_create, on_drift, always]
      update_write_only:
        description: Overrides O(update_write_only).
        type: str
        choices: [on_edit, always, tracked]
      password:
        description: Password of the account. If it is not given, the vault generates one for a new account.
        type: str
      password_policy:
        description: Name of the password policy, such as V(Strong).
        type: str
      password_policy_id:
        description: ID of the password policy. Write-only.
        type: int
      notes:
        description: Notes. An empty text clears them.
        type: str
      description:
        description: Description of the account. A new account takes one more request for it.
        type: str
      custom_fields:
        description: Custom fields of accounts, as a dictionary of label to value.
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
        description: Login name of the owner. Write-only. A new account takes one more request for it.
        type: str
      domain_name:
        description: Name of the domain. Write-only. A new account takes one more request for it.
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
        description: Type of an SAP user. Write-only.
        type: str
        choices: [A, B, C, S, L]
      purge:
        description: Overrides O(purge).
        type: bool
      shares:
        description:
          - Who may use the account, as in M(vaultops.pam.pam360_account_share). The vault does not show shares.
          - They are sent when the account is created, and along with an edit that something readable has caused. See
            O(update_write_only) for other choices.
          - Shares that are not listed are left alone, unless O(purge=true).
        type: list
        elements: dict
        suboptions:
          user:
            description: Login name of a user. Exactly one of the four ways to name someone is needed.
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
            description: Level of access. Required when the share shall be there.
            type: str
            choices: [view, modify, full_access]
          state:
            description: Whether the share shall be there. V(absent) revokes it.
            type: str
            choices: [present, absent]
            default: present
  defaults:
    description: Options for all accounts that do not have them. A list or a dictionary is taken as a whole.
    type: dict
    suboptions: *account
  resource_defaults:
    description:
      - Settings of resources that O(create_resources) makes, as in M(vaultops.pam.pam360_resource). Resources that are
        there are left alone.
    type: dict
    suboptions:
      type:
        description: Type of the resource, such as V(Linux) or V(Windows). The vault has a default for a new one.
        type: str
      dns_name:
        description: DNS name or IP address.
        type: str
      description:
        description: Description. An empty text clears it.
        type: str
      department:
        description: Department.
        type: str
      location:
        description: Location.
        type: str
      domain_name:
        description: Name of the domain.
        type: str
      resource_url:
        description: URL of the resource.
        type: str
      password_policy:
        description: Name of the password policy of the resource.
        type: str
      owner:
        description: Login name of the owner.
        type: str
      custom_fields:
        description: Custom fields of resources, as a dictionary of label to value.
        type: dict
"""
