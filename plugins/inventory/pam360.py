# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of PAM360 as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pam360
author:
  - vaultops.pam contributors (@vaultops)
short_description: Hosts from the resources of PAM360
version_added: 0.1.0
description:
  - Makes a host of each resource in ManageEngine PAM360 that the API user can see.
  - The name of the resource is the name of the host. What the vault shows of it is in the variable C(pam360_resource).
  - No password is read, and none is cached. Custom fields of type Password show a marker in place of their values.
  - The file must end in C(pam360.yml) or C(pam360.yaml).
extends_documentation_fragment:
  - vaultops.pam.pam360_plugin
  - constructed
  - inventory_cache
options:
  plugin:
    description: Name of the plugin.
    type: str
    required: true
    choices: [vaultops.pam.pam360]
  use_dns_name:
    description:
      - Whether C(ansible_host) is the DNS name of the resource, where it has one. Needs one request for each host.
    type: bool
    default: false
  filters:
    description:
      - Jinja conditions that a resource must meet, all of them, to become a host. They can use C(pam360_resource).
      - A condition that uses only C(name), C(type), C(description) and C(account_count) saves requests, as nothing
        more is read for a resource that it leaves out.
      - A condition that fails, such as for a custom field that is not there, is not met; with O(strict) it is an error.
    type: list
    elements: str
    default: []
  read:
    description:
      - What is read though no expression here needs it, such as for use in playbooks. Each needs one request for
        each host.
    type: list
    elements: str
    choices: [details, resource_groups]
    default: []
  max_connections:
    description: How many requests may run at the same time.
    type: int
    default: 8
notes:
  - "C(pam360_resource) has the keys C(name), C(resource_id), C(type), C(description) and C(account_count), which take
    one request for each 500 resources."
  - "The details are C(dns_name), C(department), C(location), C(domain_name), C(resource_url), C(password_policy),
    C(owner) and C(custom_fields), a dictionary of label to value. They are read if an expression in O(compose),
    O(groups), O(keyed_groups) or O(filters) uses one of them, or if O(use_dns_name=true)."
  - C(resource_groups), a list of names, is read if an expression uses it.
  - A resource without a name, and resources that share a name, are left out with a warning.
  - Texts from the vault are data. Ansible does not evaluate templates in them.
  - Options of the connection may be templates.
seealso:
  - plugin: vaultops.pam.pam360_host
    plugin_type: vars
  - module: vaultops.pam.pam360_resource_info
"""

EXAMPLES = r"""
# all.pam360.yml: all resources, by one request for each 500; the token comes from PAM360_TOKEN or PAM360_TOKEN_FILE
plugin: vaultops.pam.pam360
url: https://pam360.example.com:8282
keyed_groups:
  - key: pam360_resource.type
    prefix: type

---
# linux.pam360.yml: details are read, of the Linux servers only
plugin: vaultops.pam.pam360
url: https://pam360.example.com:8282
token_file: /etc/ansible/pam360.token
use_dns_name: true
filters:
  - pam360_resource.type == 'Linux'
compose:
  ansible_user: "'deploy'"
  pam360_host_account: "'deploy'"
groups:
  production: pam360_resource.custom_fields['Stage'] == 'prod'
keyed_groups:
  - key: pam360_resource.department
    prefix: department
  - key: pam360_resource.location
    prefix: location
  - key: pam360_resource.resource_groups
    prefix: vault
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /var/cache/ansible/pam360
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError, VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._common.wording import one_line
from ansible_collections.vaultops.pam.plugins.module_utils._http.wire import REQUESTS_IMPORT_ERROR
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import CONNECTION, connect
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_options import options_of
from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_resources import (
    DETAILS,
    VARIABLE,
    Resource,
    Resources,
    parts_of,
)
from ansible_collections.vaultops.pam.plugins.plugin_utils._trusted import trusted
from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads the resources, or takes them from the cache, and makes hosts of them."""

    NAME = "vaultops.pam.pam360"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file is meant for this plugin, by its name."""
        return bool(super().verify_file(path)) and path.endswith(("pam360.yml", "pam360.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory, or raise AnsibleParserError."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        redactor = Redactor()
        try:
            given = {name: value for name, value in config.items() if name != "plugin"}
            options = options_of(self, self._vars or {}, {**self._connection(given), "plugin": self.NAME}, self.templar)
            resources = self._resources(path, options, redactor, cache=cache)
        except VaultError as error:
            raise AnsibleParserError(redactor(str(error))) from None
        for resource in resources:
            self._add(inventory, resource, options)

    def _connection(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of the file, those of the connection with their templates evaluated."""
        return {name: self.templar.template(given[name]) if name in CONNECTION else given[name] for name in given}

    def _resources(self, path: str, options: Mapping[str, Any], redactor: Redactor, *, cache: bool) -> list[Resource]:
        """Return what hosts are made of: from the cache, or from the vault into the cache."""
        if options["max_connections"] < 1:
            raise InputError("max_connections must be 1 or more")
        keyed = [entry.get(key, "") for entry in options["keyed_groups"] for key in ("key", "parent_group")]
        expressions = [*options["filters"], *options["compose"].values(), *options["groups"].values(), *keyed]
        needed = sorted({*parts_of(expressions), *options["read"], *([DETAILS] if options["use_dns_name"] else [])})
        if not options["cache"]:
            return self._read(needed, options, redactor)
        key = self._key(path, needed, options)
        if not cache or key not in self._cache:
            self._cache[key] = self._read(needed, options, redactor)
        return list(self._cache[key])

    def _key(self, path: str, needed: list[str], options: Mapping[str, Any]) -> str:
        """Return the key in the cache: another one when the answer of the vault would be another."""
        asked = [options[name] for name in ("url", "org_name", "filters", "strict")]
        digest = hashlib.sha256(json.dumps([needed, asked]).encode()).hexdigest()
        return f"{self.get_cache_key(path)}_{digest[:16]}"

    def _read(self, needed: list[str], options: Mapping[str, Any], redactor: Redactor) -> list[Resource]:
        if REQUESTS_IMPORT_ERROR:
            raise InputError(missing_required_lib("requests").rstrip("."))
        connections, warn = options["max_connections"], self.display.warning
        client = connect(options, connections=connections, redactor=redactor, warn=warn)
        try:
            reader = Resources(client, connections, warn)
            early = [condition for condition in options["filters"] if not parts_of([condition])]
            found = [one for one in reader.listed() if self._meets(one, early, options)]
            reader.read(needed, found)
        finally:
            client.close()
        return [one for one in found if self._meets(one, options["filters"], options)]

    def _meets(self, resource: Resource, conditions: list[str], options: Mapping[str, Any]) -> bool:
        variables = {VARIABLE: untrusted(resource), "inventory_hostname": untrusted(resource["name"])}
        return all(self._is_true(condition, variables, options) for condition in conditions)

    def _is_true(self, condition: str, variables: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
        try:
            return bool(self._compose(trusted(f"(({condition}) and true) or false"), variables))
        except Exception as error:
            if options["strict"]:
                name = one_line(variables["inventory_hostname"])
                raise AnsibleParserError(f"The filter {condition!r} failed for '{name}': {error}") from error
            return False

    def _add(self, inventory: Any, resource: Resource, options: Mapping[str, Any]) -> None:
        """Make a host of a resource, with its variables and groups."""
        name, strict = untrusted(resource["name"]), options["strict"]
        variables = {VARIABLE: untrusted(resource), "inventory_hostname": name}
        inventory.add_host(name)
        inventory.set_variable(name, VARIABLE, variables[VARIABLE])
        if options["use_dns_name"] and resource.get("dns_name"):
            inventory.set_variable(name, "ansible_host", untrusted(resource["dns_name"]))
        self._set_composite_vars(options["compose"], variables, name, strict=strict)
        self._add_host_to_composed_groups(options["groups"], variables, name, strict=strict)
        self._add_host_to_keyed_groups(options["keyed_groups"], variables, name, strict=strict)
