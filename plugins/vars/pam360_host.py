# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that connect with passwords from PAM360, as a vars plugin."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pam360_host
author:
  - vaultops.pam contributors (@vaultops)
short_description: Let hosts connect with their own passwords from PAM360
version_added: 0.1.0
description:
  - Gives a host C(ansible_password) and C(ansible_become_password) if its variables name an account of ManageEngine
    PAM360.
  - "What it gives is a template that calls P(vaultops.pam.pam360_password#lookup). Ansible evaluates it when a task
    is about to connect to the host: each password is read once per run, and none for hosts without such a task."
  - The plugin sends no request and holds no password. There is none in facts, in the fact cache or in the output of
    C(ansible-inventory).
requirements:
  - requests >= 2.25.1 on the controller
  - Enabled in the configuration, as the examples show.
options:
  stage:
    description: When Ansible runs the plugin. The setting of Ansible itself is fine.
    type: str
    choices: [all, task, inventory]
    ini: [{section: vars_pam360_host, key: stage}]
    env: [{name: VAULTOPS_PAM_HOST_STAGE}]
  login_variables:
    description:
      - Variables that get the password of C(pam360_host_account).
      - Ansible evaluates C(ansible_password) and C(ansible_become_password) for each task of a host, also for one that
        is skipped, that does not become, or that is delegated. So both passwords are read for each host of the play.
      - The variables of the plugins in use are evaluated when they are needed, and not before. With
        V(ansible_ssh_password) here and V(ansible_sudo_pass) in O(become_variables), a password is read for an SSH
        connection that is about to be made, and another one for C(sudo). The documentation of each connection and
        become plugin names its variables.
    type: list
    elements: str
    default: [ansible_password]
    ini: [{section: vars_pam360_host, key: login_variables}]
    env: [{name: VAULTOPS_PAM_LOGIN_VARIABLES}]
  become_variables:
    description: Variables that get the password of C(pam360_host_become_account). See O(login_variables).
    type: list
    elements: str
    default: [ansible_become_password]
    ini: [{section: vars_pam360_host, key: become_variables}]
    env: [{name: VAULTOPS_PAM_BECOME_VARIABLES}]
notes:
  - "These variables of a host make the rule. Values may be templates:"
  - C(pam360_host_account) is the name of the account whose password is C(ansible_password). Without it, or with an
    empty text, the host gets none.
  - C(pam360_host_become_account) is the name of the account whose password is C(ansible_become_password). Where the
    login account itself uses C(sudo), give the same account.
  - C(pam360_host_resource) is the name of the resource that both accounts belong to. If not given, it is
    C(onboard_host_resource), and else the name of the host in the inventory. So it fits
    P(vaultops.pam.onboard_host#role).
  - C(pam360_host_become_resource) is the same for C(pam360_host_become_account) alone. If not given, it is the
    resource of the login account.
  - They count in the inventory, in C(host_vars) and C(group_vars), and as extra variables. Variables of a play, a
    role or a task do not count, as a task that is delegated to another host would have the wrong ones.
  - What the plugin gives has the rank of C(host_vars). C(ansible_password) in variables of groups or in an inventory
    file does not count for such a host. Variables of a play and extra variables beat both.
  - Where the vault is and who asks, is set as for the lookup, such as by E(PAM360_URL) and E(PAM360_TOKEN_FILE).
seealso:
  - plugin: vaultops.pam.pam360_password
    plugin_type: lookup
  - plugin: vaultops.pam.pam360
    plugin_type: inventory
"""

EXAMPLES = r"""
# ansible.cfg; or ANSIBLE_VARS_ENABLED=host_group_vars,vaultops.pam.pam360_host
#
# [defaults]
# vars_plugins_enabled = host_group_vars,vaultops.pam.pam360_host

# group_vars/databases.yml
ansible_user: deploy
pam360_host_account: "{{ ansible_user }}"
pam360_host_become_account: root

# host_vars/legacy01.yml: a host of the group that is not in the vault
# pam360_host_account: ""
# pam360_host_become_account: ""
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible import constants
from ansible.inventory.group import Group
from ansible.inventory.helpers import get_group_vars, sort_groups
from ansible.inventory.host import Host
from ansible.plugins.loader import vars_loader
from ansible.plugins.vars import BaseVarsPlugin
from ansible.utils.vars import load_extra_vars

from ansible_collections.vaultops.pam.plugins.plugin_utils._trusted import trusted
from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

# The plugin that reads files beside inventories and playbooks.
FILES = frozenset({"host_group_vars", "ansible.builtin.host_group_vars"})
# The name by which a host finds its own variables. ``inventory_hostname`` will not do: in a task that is delegated, it
# is the name of the host that delegates, whose password must not go to the other host.
NAME = "__pam360_host"
MINE = f"hostvars[{NAME}]"
RESOURCE = f"{MINE}.pam360_host_resource | default({MINE}.onboard_host_resource, true) | default({NAME}, true)"
BECOME_RESOURCE = f"{MINE}.pam360_host_become_resource | default({RESOURCE}, true)"


def _template(account: str, resource: str) -> str:
    term = f"{{'resource': {resource}, 'account': {MINE}.{account}}}"
    lookup = f"lookup('vaultops.pam.pam360_password', {term})"
    return trusted(f"{{{{ {lookup} if {MINE}.{account} else none }}}}")


# By the variable that asks for a password: the option that names the variables to give, and their value.
GIVEN: Mapping[str, tuple[str, str]] = {
    "pam360_host_account": ("login_variables", _template("pam360_host_account", RESOURCE)),
    "pam360_host_become_account": ("become_variables", _template("pam360_host_become_account", BECOME_RESOURCE)),
}


class VarsModule(BaseVarsPlugin):
    """Gives the templates to hosts whose variables ask for them."""

    is_stateless = True  # for Ansible: the same instance answers each time

    def __init__(self) -> None:
        super().__init__()
        self._paths: dict[str, None] = {}  # folders beside inventories and playbooks, in Ansible's order

    def get_vars(self, loader: Any, path: str, entities: Any, cache: bool = True) -> dict[str, Any]:
        """Return the variables of *entities*: none for groups, as a host may not want what its group asks for."""
        super().get_vars(loader, path, entities)
        self._paths[path] = None
        given: dict[str, Any] = {}
        for host in entities if isinstance(entities, list) else [entities]:
            if isinstance(host, Host):
                given.update(self._given(host, self._asked(loader, host)))
        return given

    def _given(self, host: Host, asked: Mapping[str, Any]) -> dict[str, Any]:
        wanted = [GIVEN[name] for name in GIVEN if asked.get(name)]
        found = {variable: value for option, value in wanted for variable in self.get_option(option)}
        return found and {**found, NAME: untrusted(host.name)}

    def _asked(self, loader: Any, host: Host) -> dict[str, Any]:
        """Return the raw values of the variables that ask for passwords, a source that counts more after others."""
        asked: dict[str, Any] = {}
        for values in self._sources(loader, host):
            asked.update({name: values[name] for name in GIVEN if name in values})
        return asked

    def _sources(self, loader: Any, host: Host) -> Iterator[Mapping[str, Any]]:
        groups = sort_groups(host.get_groups())
        yield get_group_vars(groups)
        yield from self._files(loader, groups)
        yield host.vars
        yield from self._files(loader, [host])
        yield load_extra_vars(loader)

    def _files(self, loader: Any, entities: Iterable[Group | Host]) -> Iterator[Mapping[str, Any]]:
        """Yield what is in ``group_vars`` or ``host_vars``, by Ansible's own plugin, if it is enabled."""
        if not FILES.isdisjoint(constants.VARIABLE_PLUGINS_ENABLED):  # type: ignore[attr-defined, unused-ignore]
            files = vars_loader.get("ansible.builtin.host_group_vars")
            for path in self._paths:
                yield files.get_vars(loader, path, list(entities))
