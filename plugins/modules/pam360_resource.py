#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_resource
short_description: Manage resources in ManageEngine PAM360
version_added: 0.1.0
description:
  - Creates, edits, renames and deletes a resource, which is a host or device that accounts belong to.
  - Only settings that are given are compared and sent. All of them can be read back, so the module changes
    what differs and nothing else.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.pam360_object.state
  - vaultops.pam.pam360_settings.resource
  - vaultops.pam.attributes
  - vaultops.pam.attributes.actiongroup_pam360
attributes:
  idempotent:
    description: A second run of the same task writes nothing.
    support: full
options:
  name:
    description: Name of the resource.
    type: str
    required: true
  new_name:
    description:
      - New name for the resource. If only a resource of this name exists, there is nothing to rename.
        If both names are in use, the task fails.
      - If neither exists, the resource is created with this name.
    type: str
notes:
  - Whether PAM360 keeps settings that an edit leaves out is not documented. What an edit loses is written again, and a
    warning says so.
seealso:
  - module: vaultops.pam.pam360_account
  - module: vaultops.pam.pam360_resource_share
"""

EXAMPLES = r"""
---
- name: Server db01 is in the vault
  vaultops.pam.pam360_resource:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    name: db01
    type: Linux
    dns_name: db01.example.com
    description: Orders database
    department: Finance
    password_policy: Strong
  delegate_to: localhost
  become: false

- name: Server db01 is called db-orders-01 from now on
  vaultops.pam.pam360_resource:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    name: db01
    new_name: db-orders-01
  delegate_to: localhost
  become: false

- name: Server db-orders-01 and all its accounts are gone
  vaultops.pam.pam360_resource:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    name: db-orders-01
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
resource:
  description: The resource as the vault shows it, in the same shape for all outcomes.
  returned: success
  type: dict
  sample:
    name: db01
    state: present
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
    custom_fields: {}
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: created resource 'db01'
verified:
  description: Given options whose values were compared with what the vault shows.
  returned: success
  type: list
  elements: str
  sample: [type, dns_name]
unverified:
  description: Given options that the vault does not show, so that nothing can be said about them.
  returned: success
  type: list
  elements: str
  sample: []
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
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.resource import Resource


def main() -> None:
    """Run the module."""
    run_module(Resource)


if __name__ == "__main__":
    main()
