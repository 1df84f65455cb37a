#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_resource_info
short_description: Search resources in ManageEngine PAM360
version_added: 0.1.0
description:
  - Returns resources, which are hosts or devices that accounts belong to, by name or by resource group, or all of them.
  - Only what the API user owns, or what is shared with it, is found.
  - The list of resources shows type, description and number of accounts. All other settings take one more request for
    each resource, see O(details).
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_info
  - vaultops.pam.attributes.info
  - vaultops.pam.attributes.actiongroup_pam360
options:
  name:
    description:
      - Name of the resource, or a part of it. Left out, all resources are returned.
      - If none has that name, the list is empty. If several have it, all of them are returned.
    type: str
  details:
    description:
      - Whether to read all settings and the custom fields, which is one more request for each resource found.
    type: bool
    default: false
seealso:
  - module: vaultops.pam.pam360_resource
  - module: vaultops.pam.pam360_account_info
"""

EXAMPLES = r"""
---
- name: All servers of the database group, with their settings
  vaultops.pam.pam360_resource_info:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource_group: Databases
    details: true
  delegate_to: localhost
  become: false
  register: databases

- name: Which of them have no accounts?
  ansible.builtin.debug:
    msg: "{{ databases.resources | selectattr('account_count', 'equalto', 0) | map(attribute='name') | list }}"

- name: Is this host in the vault?
  vaultops.pam.pam360_resource_info:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    name: "{{ inventory_hostname }}"
  delegate_to: localhost
  become: false
  register: host

- name: Say so
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} is {{ 'known' if host.resources else 'unknown' }}"
"""

RETURN = r"""
---
resources:
  description:
    - The resources that were found, in the vault's order. None found is an empty list.
    - A value that was not read, or that the vault does not show, is null.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the resource.
      type: str
    resource_id:
      description: ID of the resource.
      type: str
    type:
      description: Type, such as V(Linux).
      type: str
    dns_name:
      description: DNS name or IP address. Read with O(details=true).
      type: str
    description:
      description: Description.
      type: str
    department:
      description: Department. Read with O(details=true).
      type: str
    location:
      description: Location. Read with O(details=true).
      type: str
    domain_name:
      description: Name of the domain. Read with O(details=true).
      type: str
    resource_url:
      description: URL of the resource. Read with O(details=true).
      type: str
    password_policy:
      description: Name of the password policy. Read with O(details=true).
      type: str
    owner:
      description: Login name of the owner. Read with O(details=true).
      type: str
    custom_fields:
      description:
        - Custom fields by label. Read with O(details=true).
        - Values of type Password, and of labels whose type the vault does not show, are V((hidden\)).
      type: dict
    account_count:
      description: Number of its accounts.
      type: int
  sample:
    - name: db01
      resource_id: "303"
      type: Linux
      dns_name: db01.example.com
      description: Orders database
      department: Finance
      location: ""
      domain_name: ""
      resource_url: ""
      password_policy: Strong
      owner: admin
      custom_fields:
        Data Centre: North
      account_count: 2
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: found 12 resources
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.search import ResourceInfo


def main() -> None:
    """Run the module."""
    run_module(ResourceInfo)


if __name__ == "__main__":
    main()
