# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of a role are for one host or for many, as a lookup. Internal to the roles of the collection."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_variables
author:
  - vaultops.pam contributors (@vaultops)
short_description: The variables of a role, for many hosts at once
version_added: 0.1.0
description:
  - For the roles of this collection, which handle all hosts of a play in one task. Returns what each host has in the
    variables of a role and of the connection to the vault, with all templates resolved.
  - What cannot be resolved is no failure. The roles tell it, together with all else that they find.
options:
  _terms:
    description: Name of the role.
    type: list
    elements: str
    required: true
  hosts:
    description:
      - Names of hosts. The result is then a dictionary by host, from what the inventory, facts and extra variables say
        of each. Variables of a play or a role are not among them.
      - Left out, the variables are those that the task itself sees.
    type: list
    elements: str
  noted:
    description:
      - Name of a fact in which each host has noted its own result of this lookup. It is taken instead. A host without
        it is left out.
    type: str
  more:
    description: Names of further variables that belong to the role.
    type: list
    elements: str
    default: []
  also:
    description: Names of further variables, such as registered ones, to be returned as they are under C(also).
    type: list
    elements: str
    default: []
  vault:
    description: The vault whose connection is meant, whatever the role's variable C(vault) says.
    type: str
    choices: [pam360, cyberark]
"""

EXAMPLES = r"""
- name: Show which hosts have accounts of their own
  ansible.builtin.debug:
    msg: "{{ all.keys() | select('in', all) }}"
  vars:
    all: "{{ lookup('vaultops.pam.role_variables', 'onboard_host', hosts=ansible_play_batch) }}"
  run_once: true
"""

RETURN = r"""
_raw:
  description:
    - C(given), variables that begin with the name of the role; C(unresolved), why a template could not be resolved, by
      variable; C(connection), options of the connection to the vault that the role's variable C(vault) names, or to
      PAM360; C(groups) of the host; C(facts) that the roles use. The role's variable C(server_profile) is the option of
      that name.
  type: list
  elements: dict
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.lookup import LookupBase

# Nothing of the collection is imported: where each host of a play loads this, it counts.
SHARED = ("url", "token", "validate_certs", "ca_path", "client_cert", "client_key", "proxy", "timeout", "retries")
CONNECTION = {
    "pam360": (*SHARED, "token_file", "org_name", "server_profile"),
    "cyberark": (*SHARED, "username", "password", "auth_method", "identity_url", "concurrent_session"),
}
PROFILE = "server_profile"  # the role has a variable of its own for it, which wins
FACTS = ("fqdn", "system")
OMITTED = "AnsibleValueOmittedError"  # ansible-core 2.19 and newer
# What Ansible says of an undefined variable. Nothing else that it says is passed on, as it may quote a value.
UNDEFINED = r"'[\w.]+' is undefined|has no attribute '[\w.]+'"


class LookupModule(LookupBase):
    """Reads the variables, and decides nothing."""

    prefix: str
    templar: Any
    more: Sequence[str]
    vault: str | None
    omit: Any
    unresolved: dict[str, str]

    def run(self, terms: list[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """Return one dictionary: of the task's own host, or by host."""
        known = variables or {}
        if len(terms) != 1:
            raise AnsibleLookupError("role_variables takes the name of one role")
        self.prefix = f"{terms[0]}_"
        self.templar = cast(Any, self._templar)
        hosts, noted, also = kwargs.get("hosts"), kwargs.get("noted"), kwargs.get("also") or ()
        self.more, self.vault = kwargs.get("more") or (), kwargs.get("vault")
        if hosts is None:
            return [self._read(known)]
        self.templar = self.templar.copy_with_new_env()
        found = {}
        for host in hosts:
            raw = known["hostvars"].raw_get(host)
            if noted and not raw.get(noted):
                continue
            told = raw[noted] if noted else self._of_host({**raw, "hostvars": known["hostvars"]})
            found[host] = {**told, "also": {name: raw[name] for name in also if name in raw}} if also else told
        return [found]

    def _of_host(self, raw: dict[str, Any]) -> dict[str, Any]:
        self.templar.available_variables = raw
        return self._read(raw)

    def _read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        self.omit = raw.get("omit")  # before ansible-core 2.19 a text that stands for nothing
        names = sorted(name for name in raw if name.startswith(self.prefix) or name in self.more)
        self.unresolved = {}
        facts = raw.get("ansible_facts") or {}
        given = self._resolved(raw, {name: name for name in names})
        vault = self.vault or ("cyberark" if given.get(f"{self.prefix}vault") == "cyberark" else "pam360")
        connection = self._resolved(raw, {option: f"{vault}_{option}" for option in CONNECTION[vault]})
        profile = given.get(f"{self.prefix}{PROFILE}")
        return {
            "given": given,
            "connection": {**connection, PROFILE: profile} if profile and vault == "pam360" else connection,
            "groups": list(raw.get("group_names", ())),
            "facts": {
                **{name: facts[name] for name in FACTS if name in facts},
                **self._resolved(raw, {"address": "ansible_host"}),
            },
            "unresolved": self.unresolved,
        }

    def _resolved(self, raw: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Any]:
        """Return values by name, of the variables that are there; a null is none."""
        found = {}
        for name, variable in wanted.items():
            if raw.get(variable) is None:
                continue
            try:
                value = self._plain(self.templar.template(raw[variable]))
            except AnsibleError as error:
                if type(error).__name__ != OMITTED:
                    reason = re.search(UNDEFINED, str(error))
                    self.unresolved[variable] = reason.group() if reason else ""
                continue
            if value is not None and value != self.omit:
                found[name] = value
        return found

    def _plain(self, value: Any) -> Any:
        """Return the value with vaulted texts opened, and without what was omitted."""
        if isinstance(value, Mapping):
            return {key: self._plain(item) for key, item in value.items() if not self._omitted(item)}
        if isinstance(value, (list, tuple)):
            return [self._plain(item) for item in value if not self._omitted(item)]
        if type(value).__name__ == "AnsibleVaultEncryptedUnicode":  # before ansible-core 2.19, and no string
            return str(value)
        return value

    def _omitted(self, value: Any) -> bool:
        return self.omit is not None and isinstance(value, str) and value == self.omit
