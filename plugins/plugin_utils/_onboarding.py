# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding wants: from the variables of all hosts to accounts, resources and findings. Internal.

Everything is decided here, before any request. Nothing here asks the vault or a host.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._onboarding_vaults import CYBERARK, PAM360, ROLE, account_spec, faults_of_vault
from ._role_entries import bad_entries, bad_options, bad_values, is_true
from ._role_guards import defaults_of, missing_vault, spec_of, told, unknown_variables

OWN = f"{ROLE}_accounts"
MATRIX = f"{ROLE}_role_accounts"
DEFAULTS = f"{ROLE}_account_defaults"
LOOKED = f"__{ROLE}_shadow"  # what a look at the host is registered as
LOCALHOSTS = ("localhost", "localhost.localdomain")
NOT_FOR_THE_VAULT = ("local", "user")  # options of an account that only the host knows
WHOLE = ("logon_account", "reconcile_account")  # dictionaries that name one thing, so that merged ones name nothing
POLICIES = ("update_password", "update_write_only", "purge")  # which an account may have of its own
TYPES = {"Linux": "Linux", "Win32NT": "Windows"}  # how the vault calls the systems that the facts name
# Options of a resource, by the ending of their variable.
ATTRIBUTES = {
    **{name: name for name in ("type", "dns_name", "description", "department", "location", "domain_name")},
    **{name: name for name in ("password_policy", "owner", "custom_fields")},
    "url": "resource_url",
}
Entry = dict[str, Any]


@dataclass
class Host:
    """A host and what its variables say.

    :ivar options: options of the role by their name without the role's, defaults filled in.
    :ivar kept: local accounts that have a password on the host, as far as someone has looked.
    :ivar accounts: one for each name, options of the groups, its own and the defaults merged.
    :ivar faults: sentences about what cannot be used; then the rest means nothing.
    """

    name: str
    options: dict[str, Any]
    connection: Mapping[str, Any]
    facts: Mapping[str, Any]
    groups: Collection[str]
    kept: Collection[str] = ()
    accounts: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def vault(self) -> str:
        """The vault that the accounts are in."""
        return str(self.options.get("vault") or PAM360)

    @property
    def resource(self) -> str:
        """The name of the resource in the vault."""
        return self.options.get("resource") or self.name

    @property
    def local(self) -> list[str]:
        """The accounts that are to be made on the host itself."""
        if not is_true(self.options["local"]) or self.vault == CYBERARK:
            return []
        return [account["name"] for account in self.accounts if is_true(account.get("local"))]


def hosts_of(
    declared: Mapping[str, Mapping[str, Any]],
    groups: Collection[str],
    environment: Mapping[str, str],
    later: Collection[str] = (),
) -> list[Host]:
    """Return the hosts with their accounts, or with what is wrong with their variables.

    :param declared: by host, as the lookup ``role_variables`` returns it.
    :param groups: of the inventory.
    :param environment: environment variables of the controller.
    :param later: hosts whose facts are still to come, so that a template that cannot be resolved yet is no fault.
    """
    defaults = {name[len(ROLE) + 1 :]: value for name, value in defaults_of(ROLE).items()}
    hosts = []
    for name, found in declared.items():
        given = {key[len(ROLE) + 1 :]: value for key, value in found["given"].items() if value is not None}
        options = {**defaults, **given}
        host = Host(name, options, found["connection"], found["facts"], found["groups"])
        host.kept = _kept(found.get("also", {}))
        host.faults = list(_faults(host, found, groups, environment, late=name in later))
        if not host.faults:
            host.accounts = _accounts(host)
            host.faults = [*_faults_of_names(host.accounts), *faults_of_vault(host.vault, given, host.accounts)]
        hosts.append(host)
    _check_for_cyberark([host for host in hosts if host.vault == CYBERARK and not host.faults])
    _compare_shared(hosts)
    return hosts


def _check_for_cyberark(hosts: Sequence[Host]) -> None:
    if not hosts:
        return
    from . import _onboarding_cyberark  # Only here, as it loads the client

    for host in hosts:
        host.faults = list(_onboarding_cyberark.faults(declared_for_cyberark(host)))
    good = [host for host in hosts if not host.faults]
    circle = _onboarding_cyberark.in_a_circle(map(declared_for_cyberark, good))
    if circle:
        for host in good:
            host.faults.append(
                f"Accounts are linked in a circle ({', '.join(circle)}), so that none can be the first. Leave one of "
                "these links to a task of its own."
            )


def declared_for_cyberark(host: Host) -> Any:
    """Return what a host declares, for the steps of ``_onboarding_cyberark``."""
    from ._onboarding_cyberark import Declared

    return Declared(
        host.name,
        connection_key(host),
        str(host.options.get("address") or host.name),
        host.accounts,
        host.options.get("safes") or (),
        is_true(host.options["create_safes"]),
    )


def wants_facts(found: Mapping[str, Any]) -> bool:
    """Return whether facts of a host are to be gathered first; with CyberArk none are."""
    if found["given"].get(f"{ROLE}_vault") == CYBERARK:
        return False
    return is_true(found["given"].get(f"{ROLE}_gather_facts")) and "system" not in found["facts"]


def _kept(also: Mapping[str, Any]) -> list[str]:
    """Return the accounts that a look at the host has found with a password: lines such as ``root:password``."""
    lines = (also.get(LOOKED) or {}).get("stdout_lines") or ()
    return [name for name, _colon, state in (line.partition(":") for line in lines) if state]


def _faults(
    host: Host, found: Mapping[str, Any], groups: Collection[str], environment: Mapping[str, str], *, late: bool
) -> Iterator[str]:
    """Yield what is wrong with the variables of a host, but for what only shows when all are merged."""
    given, spec = {key: value for key, value in found["given"].items() if value is not None}, spec_of(ROLE)
    yield from told(unknown_variables((*given, *found["unresolved"]), ROLE), ROLE)
    for variable, reason in found["unresolved"].items() if not late else ():
        yield f"{variable} cannot be resolved" + (f": {reason}." if reason else ".")
    missing = missing_vault(host.connection, environment, CYBERARK if host.vault == CYBERARK else PAM360)
    if missing:
        yield missing
    plain = {name: value for name, value in given.items() if name not in (OWN, MATRIX, DEFAULTS)}
    yield from bad_values(plain, spec)
    accounts = account_spec()
    yield from bad_entries(given.get(OWN, []), OWN, accounts)
    defaults = {name: option for name, option in accounts.items() if name != "name"}
    yield from bad_options(given.get(DEFAULTS, {}), DEFAULTS, defaults)
    yield from _faults_of_matrix(given.get(MATRIX, {}), host.groups, groups, accounts)


def _faults_of_matrix(
    matrix: Any, own: Collection[str], groups: Collection[str], accounts: Mapping[str, Any]
) -> Iterator[str]:
    if not isinstance(matrix, Mapping):
        yield f"{MATRIX} must be a dictionary of group to accounts."
        return
    # A misspelled group would take its accounts along, and no one would miss them.
    unknown = [str(name) for name in matrix if name not in groups]
    if unknown:
        yield (
            f"{MATRIX} names groups that this inventory does not have: {', '.join(unknown)}. Correct the name, or add"
            " the group to the inventory; it may be empty."
        )
    for name, entries in matrix.items():
        if entries is not None and name in (*own, "all"):
            yield from bad_entries(entries, f"{MATRIX}.{name}", accounts)


def _faults_of_names(accounts: Iterable[Entry]) -> Iterator[str]:
    spelled: dict[str, str] = {}
    for account in accounts:
        other = spelled.setdefault(account["name"].lower(), account["name"])
        if other != account["name"]:
            names = f"{other} and {account['name']}"
            yield f"The accounts {names} differ only in upper and lower case. Spell them the same."


def _accounts(host: Host) -> list[Entry]:
    """Return the accounts of a host: of its groups in the order of the matrix, then its own; one for each name."""
    matrix = host.options["role_accounts"]
    lists = [entries for name, entries in matrix.items() if name in (*host.groups, "all") and entries is not None]
    merged: dict[str, Entry] = {}
    for entry in (entry for entries in (*lists, host.options["accounts"]) for entry in entries):
        merged[entry["name"]] = _merged(merged.get(entry["name"], host.options["account_defaults"]), entry)
    return list(merged.values())


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> Entry:
    """Return both, the other one wins; dictionaries in them are merged, lists are taken as a whole."""
    result = dict(one)
    for key, value in other.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping) and key not in WHOLE
        result[key] = _merged(result[key], value) if both else value
    return result


# Accounts and resources for the vault


def account_for_vault(host: Host, account: Entry) -> Entry:
    """Return an account as ``pam360_accounts`` takes it."""
    policies = {name: host.options.get(name) for name in POLICIES}
    own = {key: value for key, value in account.items() if key not in NOT_FOR_THE_VAULT and value is not None}
    return {**{name: value for name, value in policies.items() if value is not None}, **own, "resource": host.resource}


def _declared_resource(host: Host) -> Entry:
    """Return the options of the resource that the variables of a host name."""
    given = {option: host.options.get(f"resource_{name}") for name, option in ATTRIBUTES.items()}
    return {option: value for option, value in given.items() if value is not None}


def _found_resource(host: Host) -> Entry:
    """Return the options of the resource that follow from facts and inventory."""
    name = str(host.facts.get("fqdn", ""))
    address = host.facts.get("address") or host.name
    return {
        "type": TYPES.get(str(host.facts.get("system", "")), ""),
        "dns_name": name if name and name not in LOCALHOSTS else str(address),
    }


def resources_for_vault(hosts: Iterable[Host]) -> list[Entry]:
    """Return the resources of hosts that have the same vault, each once, as ``pam360_resource`` takes them."""
    sharing: dict[str, list[Host]] = {}
    for host in hosts:
        sharing.setdefault(host.resource, []).append(host)
    return [_resource(name, group) for name, group in sharing.items()]


def _resource(name: str, hosts: Sequence[Host]) -> Entry:
    """Return one resource. Hosts that share it may have addresses of their own: then none of them is its address."""
    first, *others = (_found_resource(host) for host in hosts)
    found = {option: value for option, value in first.items() if all(other[option] == value for other in others)}
    declared: Entry = {}
    for host in hosts:
        declared.update(_declared_resource(host))
    entry = {"name": name, **found, **declared}
    return {option: value for option, value in entry.items() if (option, value) != ("type", "")}


def _shared_by(host: Host) -> dict[tuple[str, ...], Any]:
    """Return what other hosts may declare too: by what it is, in words at the end."""
    if host.vault == CYBERARK:
        return _shared_in_cyberark(host)
    accounts = {f"account {account['name']}": account_for_vault(host, account) for account in host.accounts}
    things = {**accounts, **_declared_resource(host)}
    return {(host.resource, f"{what} of the resource {host.resource}"): value for what, value in things.items()}


def _shared_in_cyberark(host: Host) -> dict[tuple[str, ...], Any]:
    from ._onboarding_cyberark import account_key, label

    declared = declared_for_cyberark(host)
    found: dict[tuple[str, ...], Any] = {
        (*account_key(options), f"account {label(options)}"): [options, own.get("verify_max_age")]
        for own, options in zip(declared.accounts, declared.options)
    }
    return {**found, **{(f"safe {safe['name']}",): safe for safe in declared.safes}}


def _compare_shared(hosts: Sequence[Host]) -> None:
    """Note as a fault of a host what it declares in another way than one that shares it."""
    first: dict[tuple[Any, ...], tuple[Host, Any]] = {}
    for host in hosts:
        if host.faults:
            continue
        vault = (host.vault, connection_key(host))
        for what, value in _shared_by(host).items():
            other, same = first.setdefault((vault, *what), (host, value))
            if same != value:
                host.faults.append(f"The {what[-1]} differs from what {other.name} declares.")


def connection_key(host: Host) -> tuple[Any, ...]:
    """Return what tells one vault, and one way of tracking, from another."""
    tracking = (host.options.get("tracking_field"), host.options.get("tracking_key"))
    return (*sorted((name, str(value)) for name, value in host.connection.items()), *tracking)
