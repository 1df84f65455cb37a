# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role, of the task's own host and of many, as Ansible's own objects hold them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ansible_collections.vaultops.pam.plugins.lookup import role_variables
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.connect import CONNECTION as CYBERARK
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import CONNECTION
from ansible_collections.vaultops.pam.plugins.plugin_utils._trusted import trusted

MISSING = trusted("{{ missing }}")
S = secrets.token_urlsafe(12)
INVENTORY = {
    "all": {
        "vars": {
            "pam360_url": "https://{{ vault_host }}",
            "vault_host": "vault",
            "onboard_host_accounts": [{"name": "{{ inventory_hostname }}", "notes": "{{ nothing | default(omit) }}"}],
        },
        "children": {
            "databases": {
                "hosts": {
                    "db01": {"ansible_host": "10.0.0.1", "onboard_host_local": False, "other_variable": S},
                    "db02": {
                        "onboard_host_accounts": f"{{{{ '{S}' | from_json }}}}",
                        "onboard_host_resource": MISSING,
                        "onboard_host_resource_owner": "{{ omit }}",
                        "onboard_host_resource_url": None,
                    },
                }
            }
        },
    }
}


class Run:
    """What a run of Ansible knows: inventory and facts."""

    def __init__(self, folder: Path) -> None:
        path = folder / "hosts.yml"
        path.write_text(json.dumps(INVENTORY), encoding="utf-8")
        self.loader = DataLoader()
        self.inventory = InventoryManager(self.loader, sources=[str(path)])
        self.manager = VariableManager(self.loader, self.inventory)
        self.hostvars = HostVars(self.inventory, self.manager, self.loader)
        self.manager.set_hostvars(self.hostvars) if hasattr(self.manager, "set_hostvars") else None

    def look(self, **options: Any) -> dict[str, Any]:
        """Run the lookup in a task of db01."""
        variables = {**self.hostvars.raw_get("db01"), "hostvars": self.hostvars}
        templar = Templar(loader=self.loader, variables=variables)
        plugin = role_variables.LookupModule(loader=self.loader, templar=templar)
        (found,) = plugin.run(["onboard_host"], variables=variables, **options)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two hosts."""
    return Run(tmp_path)


def test_a_host(run: Run) -> None:
    """Templates are resolved with the host's own variables; what is none of the role's is left alone."""
    found = run.look()
    assert found["given"] == {"onboard_host_accounts": [{"name": "db01"}], "onboard_host_local": False}
    assert found["connection"] == {"url": "https://vault"}
    assert found["groups"] == ["databases"]
    assert found["facts"] == {"address": "10.0.0.1"}
    assert found["unresolved"] == {}
    assert S not in json.dumps(found)


def test_many_hosts(run: Run) -> None:
    """Each with its own; a failure of a template is told by what is undefined, and quotes nothing else."""
    run.manager.set_host_facts("db01", {"fqdn": "db01.x", "system": "Linux", "secret": S})
    found = run.look(hosts=["db02", "db01"], more=["vault_host"])
    assert list(found) == ["db02", "db01"]
    assert found["db01"]["facts"]["fqdn"] == "db01.x"
    assert found["db02"]["given"] == {"vault_host": "vault"}
    assert found["db02"]["unresolved"] == {
        "onboard_host_accounts": "",
        "onboard_host_resource": "'missing' is undefined",
    }
    assert S not in json.dumps(found)


def test_what_hosts_have_noted(run: Run) -> None:
    """It is taken as it is; a host that has noted nothing is left out."""
    note = {"given": {"onboard_host_local": True}}
    run.manager.set_nonpersistent_facts("db02", {"__note": note, "__seen": "x"})
    run.manager.set_nonpersistent_facts("db01", {"__note": {}})
    found = run.look(hosts=["db01", "db02"], noted="__note", also=["__seen", "__other"])
    assert found == {"db02": {**note, "also": {"__seen": "x"}}}


def test_one_role() -> None:
    """Anything else is an error of the role's author."""
    plugin = role_variables.LookupModule(loader=None, templar=None)
    with pytest.raises(AnsibleLookupError, match="the name of one role"):
        plugin.run(["a", "b"], variables={})


@pytest.mark.parametrize(("vault", "options"), [("pam360", CONNECTION), ("cyberark", CYBERARK)])
def test_the_options_of_a_connection_are_those_of_the_modules(vault: str, options: Mapping[str, Any]) -> None:
    """The roles hand on each of them."""
    assert set(role_variables.CONNECTION[vault]) == set(options)


@pytest.mark.parametrize(
    ("given", "url"), [({}, "https://vault"), ({"onboard_host_vault": "cyberark"}, "https://pvwa")]
)
def test_the_connection_is_to_the_vault_of_the_host(run: Run, given: dict[str, str], url: str) -> None:
    """The variables of the other one are not even looked at."""
    facts = {
        "cyberark_url": "https://pvwa",
        "cyberark_token": MISSING,
        "pam360_proxy": MISSING,
        **given,
    }
    run.manager.set_nonpersistent_facts("db01", facts)
    found = run.look(hosts=["db01"])["db01"]
    assert found["connection"] == {"url": url}
    assert list(found["unresolved"]) == ["cyberark_token" if given else "pam360_proxy"]
    assert run.look(hosts=["db01"], vault="cyberark")["db01"]["connection"] == {"url": "https://pvwa"}


def test_the_role_s_own_server_profile_wins(run: Run) -> None:
    """It is an option of the connection to PAM360, and none of that to CyberArk."""
    run.manager.set_nonpersistent_facts("db01", {"pam360_server_profile": "/all.json"})
    assert run.look(hosts=["db01"])["db01"]["connection"]["server_profile"] == "/all.json"
    run.manager.set_nonpersistent_facts("db01", {"onboard_host_server_profile": "/own.json"})
    assert run.look(hosts=["db01"])["db01"]["connection"]["server_profile"] == "/own.json"
    run.manager.set_nonpersistent_facts("db01", {"onboard_host_vault": "cyberark"})
    assert "server_profile" not in run.look(hosts=["db01"])["db01"]["connection"]
