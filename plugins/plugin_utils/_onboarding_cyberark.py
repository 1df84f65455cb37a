# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onboarding wants of CyberArk: from what hosts declare to the steps of a run, in their order. Internal."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple, cast

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import VaultError
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.account import Account
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.fields import LINKS
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.member import Member
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.safe import Safe

from ._onboarding_vaults import ON_THE_HOST
from ._role_entries import is_true

# Options of an account that cyberark_account calls otherwise.
NAMES = {"object_name": "name", "name": "user_name", "password": "secret"}
OF_OTHERS = ("verify_max_age", *ON_THE_HOST)  # options that are none of cyberark_account
KINDS = ("safes", "members", "accounts", "verifications")  # in the order of their steps
Entry = dict[str, Any]
Key = tuple[str, ...]


class Declared(NamedTuple):
    """What one host declares.

    :param vault: what tells one vault from another.
    :param accounts: by the names of the role's options, merged.
    """

    host: str
    vault: Hashable
    address: str
    accounts: Sequence[Mapping[str, Any]]
    safes: Sequence[Mapping[str, Any]]
    create_safes: bool

    @property
    def options(self) -> list[Entry]:
        """The accounts as ``cyberark_account`` takes them, in the same order."""
        plain = [_plain_options(account, self.address) for account in self.accounts]
        return [{**one, **{name: _link(one[name], one, plain) for name in LINKS if one.get(name)}} for one in plain]


def _plain_options(account: Mapping[str, Any], address: str) -> Entry:
    given = {name: value for name, value in account.items() if name not in OF_OTHERS and value is not None}
    return {"address": address, **{NAMES.get(name, name): value for name, value in given.items()}}


def _link(link: Mapping[str, Any], own: Entry, declared: Iterable[Entry]) -> Entry:
    """Return a link with what it leaves out: of a user the account on the same host, of a name its safe."""
    given = {name: value for name, value in link.items() if value is not None}
    if given.get("account_id"):
        return given
    target = own
    if "name" not in given:
        wanted = str(given.get("user_name", "")).casefold()
        target = next((one for one in declared if str(one["user_name"]).casefold() == wanted), own)
        given.setdefault("address", target["address"])
    return {**({"safe": target["safe"]} if target.get("safe") else {}), **given}


def account_key(options: Mapping[str, Any]) -> Key:
    """Return what an account is known by: its name in the safe, or user and address."""
    names = ("safe", "name") if options.get("name") else ("safe", "user_name", "address")
    return tuple(str(options.get(name, "")).casefold() for name in names)


def label(options: Mapping[str, Any]) -> str:
    """Return an account in words."""
    name = options.get("name") or f"{options.get('user_name', '')} at {options.get('address') or 'no address'}"
    return f"{name} in the safe {options.get('safe', '')}"


# What is wrong


def faults(declared: Declared) -> Iterator[str]:
    """Yield what the modules would refuse, before any request."""
    for account, options in zip(declared.accounts, declared.options):
        if not options.get("safe"):
            yield f"The account {account['name']} has no safe."
            continue
        said = _refusal(Account, options)
        if not said and account.get("verify_max_age") is not None and int(account["verify_max_age"]) < 0:
            said = "verify_max_age must be 0 days or more."
        if said:
            yield f"The account {account['name']}: {said}"
    names: set[str] = set()
    for safe in declared.safes:
        options = _without(safe, "members")
        said = _refusal(Safe, options)
        said = said or ("It is there twice." if safe["name"].casefold() in names else "")
        names.add(safe["name"].casefold())
        if not said and len(options) > 1 and not declared.create_safes:
            settings = ", ".join(sorted(set(options) - {"name"}))
            said = f"Settings ({settings}) are brought to what is declared with onboard_host_create_safes: true only."
        if said:
            yield f"The safe {safe['name']}: {said}"
        for member in safe.get("members") or ():
            said = _refusal(Member, {"safe": safe["name"], **_without(member)})
            if said:
                yield f"The member {member['member']} of the safe {safe['name']}: {said}"


def _without(entry: Mapping[str, Any], *names: str) -> Entry:
    return {name: value for name, value in entry.items() if name not in names and value is not None}


def _refusal(kind: type[Account | Safe | Member], options: Mapping[str, Any]) -> str:
    """Return why a module refuses its options, or "". A module that is made sends nothing."""
    specs = kind.arguments.options
    known = {name: _typed(value, specs[name].get("type")) for name, value in options.items()}
    for pair in kind.arguments.mutually_exclusive:
        if all(name in known for name in pair):
            return f"give either {' or '.join(pair)}."
    for name, value in known.items():
        choices = specs[name].get("choices")
        wrong = [one for one in (value if isinstance(value, list) else [value]) if choices and one not in choices]
        if wrong:
            return f"{name} knows {', '.join(choices)}."
    params = {**{name: spec.get("default") for name, spec in specs.items()}, **known}
    try:
        kind(cast(Any, None), params, warn=lambda _text: None)
    except VaultError as error:
        return str(error)
    return ""


def _typed(value: Any, kind: str | None) -> Any:
    """Return a value as Ansible makes it of extra variables, which are texts."""
    if kind == "bool":
        return is_true(value)
    return int(value) if kind == "int" else value


def in_a_circle(all_declared: Iterable[Declared]) -> list[str]:
    """Return the accounts that are linked in a circle, so that none of them can be the first; empty if none are."""
    try:
        for accounts in _accounts_by_vault(all_declared).values():
            _order(accounts)
    except CycleError as error:
        return [" ".join(key) for key in error.args[1]]
    return []


# Steps


class _Shared(NamedTuple):
    """Something for the vault, the options of its module, what is declared, and the hosts that declare it."""

    hosts: list[str]
    options: Entry
    own: Mapping[str, Any]


def _accounts_by_vault(all_declared: Iterable[Declared]) -> dict[Hashable, dict[Key, _Shared]]:
    found: dict[Hashable, dict[Key, _Shared]] = {}
    for declared in all_declared:
        accounts = found.setdefault(declared.vault, {})
        for own, options in zip(declared.accounts, declared.options):
            accounts.setdefault(account_key(options), _Shared([], options, own)).hosts.append(declared.host)
    return found


def _order(accounts: Mapping[Key, _Shared]) -> list[Key]:
    """Return the keys, those that others link to before them; raise CycleError."""
    by_link = {account_key({**one.options, "name": ""}): key for key, one in accounts.items()}
    sorter: TopologicalSorter[Key] = TopologicalSorter()
    for key, one in accounts.items():
        links = (account_key(one.options[name]) for name in LINKS if one.options.get(name))
        targets = (link if link in accounts else by_link.get(link) for link in links)
        sorter.add(key, *(target for target in targets if target))
    return list(sorter.static_order())


def steps(all_declared: Sequence[Declared]) -> dict[str, list[Entry]]:
    """Return the steps by kind, in the order in which they are to be done. Nothing in them is secret.

    Each has ``options`` for its module, ``leader``, the host whose connection it takes, ``hosts`` that it is about, its
    ``key``, and ``needs``, the keys of those without which it cannot be done.
    """
    found: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for number, (vault, accounts) in enumerate(_accounts_by_vault(all_declared).items()):
        sharing = [declared for declared in all_declared if declared.vault == vault]
        made = _safe_steps(number, sharing, accounts, found)
        for key in _order(accounts):
            one = accounts[key]
            options = {name: value for name, value in one.options.items() if name != "secret"}
            own = f"{number} account {' '.join(key)}"
            needs = [f"{number} safe {key[0]}"] if key[0] in made else []
            step = _step("account", own, needs, one._replace(options=options), label(options))
            found["accounts"].append({**step, "name": one.own["name"], "secret": "secret" in one.options})
            if one.own.get("verify_max_age") is not None:
                known = ("safe", "name") if options.get("name") else ("safe", "user_name", "address", "platform_id")
                verify = {name: options[name] for name in known if name in options}
                verify["max_age"] = int(one.own["verify_max_age"])
                step = _step("verification", f"verify {own}", [own], one._replace(options=verify), label(options))
                found["verifications"].append(step)
    return found


def _safe_steps(
    number: int, sharing: Sequence[Declared], accounts: Mapping[Key, _Shared], found: Mapping[str, list[Entry]]
) -> set[str]:
    """Add the steps for safes and members of one vault; return the safes that are made, without case."""
    safes = _safes_to_make(sharing, accounts)
    for name, safe in safes.items():
        words = f"safe {safe.options['name']}"
        found["safes"].append(_step("safe", f"{number} safe {name}", [], safe, words))
    members: dict[tuple[str, str], _Shared] = {}
    for declared in sharing:
        for one in declared.safes:
            for member in one.get("members") or ():
                at = (one["name"].casefold(), member["member"].casefold())
                shared = members.setdefault(at, _Shared([], {"safe": one["name"], **_without(member)}, member))
                shared.hosts.append(declared.host)
    for (name, who), member in members.items():
        needs = [f"{number} safe {name}"] if name in safes else []
        words = f"member {member.options['member']} of the safe {member.options['safe']}"
        found["members"].append(_step("member", f"{number} member {name} {who}", needs, member, words))
    return set(safes)


def _safes_to_make(sharing: Iterable[Declared], accounts: Mapping[Key, _Shared]) -> dict[str, _Shared]:
    """Return those that hosts declare, or name for an account, by name without case."""
    safes: dict[str, _Shared] = {}

    def add(name: str, hosts: Iterable[str], settings: Entry) -> None:
        shared = safes.setdefault(name.casefold(), _Shared([], {"name": name}, {}))
        shared.options.update(settings)
        shared.hosts.extend(host for host in hosts if host not in shared.hosts)

    for declared in sharing:
        if declared.create_safes:
            for one in declared.safes:
                add(one["name"], [declared.host], _without(one, "name", "members"))
            for options in declared.options:
                add(options["safe"], accounts[account_key(options)].hosts, {})
    return safes


def _step(kind: str, key: str, needs: Sequence[str], shared: _Shared, words: str) -> Entry:
    about = {"leader": shared.hosts[0], "hosts": shared.hosts, "label": words}
    return {"kind": kind, "key": key, "needs": list(needs), "options": shared.options, **about}


def due(found: Mapping[str, Sequence[Entry]], kind: str, results: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Return the steps of a kind, without those that need what has failed.

    :param results: of the tasks before, each with the step that it was about.
    """
    failed = {step_of(result)["key"] for result in results if result.get("failed")}
    return [step for step in found.get(kind, ()) if not failed.intersection(step["needs"])]


def step_of(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the step that a result of a loop is about."""
    step: Mapping[str, Any] = result[result["ansible_loop_var"]]
    return step
