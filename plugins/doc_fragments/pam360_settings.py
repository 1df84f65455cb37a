# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of accounts and resources, and policies: each is described here and nowhere else."""

from __future__ import annotations


class ModuleDocFragment:
    """Settings by kind of object."""

    ACCOUNT = r"""
options:
  password:
    description:
      - Password of the account. If it is not given, the vault generates one for a new account.
      - The update_password policy decides whether the password of an existing account is written. It is changed in the
        vault alone, not on the target.
    type: str
  password_policy:
    description: Name of the password policy, such as V(Strong).
    type: str
  password_policy_id:
    description:
      - ID of the password policy. Write-only; the name of the policy is what can be compared.
      - It stands in the vendor's samples only, and in no table of the API.
    type: int
  notes:
    description:
      - Notes. An empty text clears them.
      - PAM360 shows one text for an account. That it shows the notes there is inferred.
    type: str
  description:
    description:
      - Description of the account. Only an edit takes it, so a create needs one more request.
      - Given without notes, it is compared with the one text that PAM360 shows. Given together with notes, the notes
        are compared and the description is write-only.
    type: str
  custom_fields:
    description:
      - Custom fields of accounts, as a dictionary of label to value. The administrator defines the labels.
      - Labels that are not named keep their values. An empty value clears one label. An empty dictionary changes
        nothing.
      - A label that the vault does not know is an error, if it shows other labels.
      - Write values such as V(yes) and V(0042) in quotes, as YAML takes V(0042) for the number 34.
      - Values of type Password, and of labels whose type the vault has not shown yet, are hidden in results.
      - Where the vault masks a value, it cannot be compared. Such a label goes along with an edit that something else
        has caused.
      - After a create the next run verifies them, as the vault shows them only in an account's details.
    type: dict
  resource_group_ids:
    description:
      - Resource groups that the account belongs to, by ID or by name. Write-only.
      - The list must not be empty, as nothing shows that an empty one clears it.
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
    description:
      - Login name of the owner. Write-only. Only an edit takes it, so a create needs one more request.
      - It must not be empty.
    type: str
  domain_name:
    description:
      - Name of the domain. Write-only. Only an edit takes it, so a create needs one more request.
      - That an empty text clears it is not proven.
    type: str
  totp_secret:
    description: Secret key for one-time passwords. Write-only. That an empty text clears it is not proven.
    type: str
  totp_algorithm:
    description:
      - Algorithm for one-time passwords, such as V(SHA256). Write-only. That an empty text clears it is not proven.
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
"""

    RESOURCE = r"""
options:
  type:
    description: Type of the resource, such as V(Linux) or V(Windows). The vault has a default for a new one.
    type: str
  dns_name:
    description:
      - DNS name or IP address. An empty text clears it.
      - In a delegated task, C(ansible_host) is the address of the delegate. Use C(hostvars[inventory_hostname]).
    type: str
  description:
    description: Description. An empty text clears it.
    type: str
  department:
    description: Department. An empty text clears it.
    type: str
  location:
    description: Location. An empty text clears it.
    type: str
  domain_name:
    description:
      - Name of the domain.
      - The documented edit of a resource does not take it, so a server may ignore a change.
    type: str
  resource_url:
    description: URL of the resource. An empty text clears it.
    type: str
  password_policy:
    description: Name of the password policy of the resource.
    type: str
  owner:
    description: Login name of the owner. It must not be empty.
    type: str
  custom_fields:
    description:
      - Custom fields of resources, as a dictionary of label to value. The administrator defines the labels.
      - Labels that are not named keep their values. An empty value clears one label. An empty dictionary changes
        nothing.
      - A label that the vault does not know is an error, if it shows other labels.
      - Write values such as V(yes) and V(0042) in quotes, as YAML takes V(0042) for the number 34.
    type: dict
  resource_groups:
    description:
      - Names of static resource groups that the resource is to be in.
      - It is added where it is missing. It is never taken out of a group, as no call for that is known.
    type: list
    elements: str
"""

    GRANTEE = r"""
options:
  user:
    description:
      - Login name of a user, with the domain for a directory user, as in V(EXAMPLE\\jdoe).
      - Exactly one of the four ways to name a user or a group is needed.
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
      - Level of access. Required when the share shall be there.
      - The API takes V(full_access) for an account, while older help of the product says that a single account can
        only be shared with V(view) or V(modify).
    type: str
    choices: [view, modify, full_access]
"""

    TRACKING = r"""
options:
  update_write_only:
    description:
      - What to do with settings and shares that the vault does not show.
      - V(auto) means V(tracked) where the vault has the custom field named in O(tracking_field). Where it has not, it
        means V(on_edit), or V(always) for a task that manages a single share, and a warning says how to define the
        field.
      - V(tracked) keeps fingerprints of what was sent in O(tracking_field), and sends a setting or a share when its
        fingerprint is another one or unknown. This proves that we would send the same again, and not that no one
        changed it in the console.
      - V(on_edit) sends them with a creation, and along with an edit that something readable has caused. They never
        cause an edit.
      - V(always) sends them on each run, and reports a change each time.
      - An object that was in the vault before has no fingerprint. So V(auto) and V(tracked) send everything once, and
        RV(ignore:adopted) says so.
    type: str
    choices: [auto, tracked, on_edit, always]
    default: auto
  tracking_field:
    description:
      - Label of the custom field that keeps the fingerprints, of accounts for accounts and their shares, and of
        resources for shares of resources.
      - The administrator defines it as a text of 250 characters, and no one else uses it.
    type: str
    default: Ansible state
  tracking_key:
    description:
      - Key for the fingerprints. Without the key, no one can tell a setting from its fingerprint.
      - If there is no key, anyone who can see the field can try out values. A TOTP secret is never tracked without a
        key.
      - If not set, the environment variable E(PAM360_TRACKING_KEY) is used.
    type: str
"""
