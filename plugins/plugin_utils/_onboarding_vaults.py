# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only one of the vaults knows, and is refused for the other by name. Internal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ._role_entries import is_true
from ._role_guards import defaults_of, entry_of, spec_of

PAM360, CYBERARK = "pam360", "cyberark"
ROLE = "onboard_host"
OTHER = {PAM360: CYBERARK, CYBERARK: PAM360}
# Variables and options of an account that mean something for both.
SHARED = frozenset({"accounts", "role_accounts", "account_defaults", "vault", "local", "summary_file", "bulk"})
SHARED_OPTIONS = frozenset({"name", "password"})
ON_THE_HOST = ("local", "user")  # options of an account that no vault knows
Accounts = Sequence[Mapping[str, Any]]


@cache
def account_spec() -> Mapping[str, Any]:
    """Return the options of an account, of both vaults."""
    return {**entry_of(ROLE, "account"), **entry_of(ROLE, "cyberark_account")}


@cache
def _known_by(vault: str) -> tuple[Collection[str], Collection[str]]:
    """Return the variables, without the role's name, and the options of an account that only one vault knows."""
    of_cyberark = {name[len(ROLE) + 1 :] for name in entry_of(ROLE, "cyberark")}
    if vault == CYBERARK:
        return of_cyberark, set(entry_of(ROLE, "cyberark_account"))
    variables = {name[len(ROLE) + 1 :] for name in spec_of(ROLE)} - of_cyberark - SHARED
    return variables, {*entry_of(ROLE, "account")} - SHARED_OPTIONS - {*ON_THE_HOST}


def faults_of_vault(vault: str, given: Mapping[str, Any], accounts: Accounts) -> Iterator[str]:
    """Yield a sentence if a host names what only the other vault knows, and one if it wants something done on itself.

    :param given: variables without the role's name. One that has its default is as one that is not given.
    :param accounts: of the host, merged.
    """
    variables, options = _known_by(OTHER[vault])
    defaults = defaults_of(ROLE)
    named = [
        f"{ROLE}_{name}"
        for name, value in given.items()
        if name in variables and value != defaults.get(f"{ROLE}_{name}")
    ]
    of_accounts: dict[str, list[str]] = {}
    for account in accounts:
        for name in options:
            if account.get(name) is not None:
                of_accounts.setdefault(name, []).append(account["name"])
    named += [f"{name} (account {', '.join(of_accounts[name])})" for name in sorted(of_accounts)]
    if named:
        yield (
            f"{ROLE}_vault is {vault}, and only {OTHER[vault]} knows {'; '.join(named)}. Leave it out; null takes out "
            "what a group gives."
        )
    if vault == CYBERARK:
        yield from _faults_on_the_host(given, accounts)


def _faults_on_the_host(given: Mapping[str, Any], accounts: Accounts) -> Iterator[str]:
    if is_true(given.get("gather_facts")):
        yield f"{ROLE}_gather_facts is true, and with {ROLE}_vault: cyberark no host is visited. Set it to false."
    if not is_true(given.get("local", True)):
        return
    local = [one["name"] for one in accounts if is_true(one.get("local")) or one.get("user") is not None]
    if local:
        yield (
            f"Accounts are made on the host (local, user: {', '.join(local)}), and with {ROLE}_vault: cyberark they "
            f"are made in the vault alone. Leave these options out, or set {ROLE}_local to false."
        )
