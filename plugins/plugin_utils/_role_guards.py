# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role checks before anything else: the names of its variables, and where the vault is. Internal."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROLES = Path(__file__).parents[2] / "roles"
# Variables of the playbooks, which begin with the name of the role they play.
SWITCHES = ("hosts", "serial", "gather_facts", "become")
# What may be missing in words, and three ways to give it: variable, environment variable, option.
URL = ("the address of the vault", "{vault}_url", "{VAULT}_URL", "url")
LOGIN: Mapping[str, tuple[str, str, str, str]] = {
    "pam360": (
        "the token",
        "pam360_token_file (or pam360_token)",
        "PAM360_TOKEN_FILE (or PAM360_TOKEN)",
        "token_file (or token)",
    ),
    "cyberark": (
        "the log-on",
        "cyberark_username with cyberark_password (or cyberark_token)",
        "CYBERARK_USERNAME with CYBERARK_PASSWORD (or CYBERARK_TOKEN)",
        "username with password (or token)",
    ),
}
# Ways to log on, each by its options.
WAYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "pam360": (("token",), ("token_file",)),
    "cyberark": (("token",), ("username", "password")),
}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # written in C where it can be: ten times faster


@cache
def spec_of(role: str) -> Mapping[str, Any]:
    """Return the options of a role of this collection by name, from all its argument specs.

    Ansible checks those of the entry point ``main`` for each host, which takes its time. So others may stand elsewhere.


    :raises ValueError: for a role that the collection does not have.
    """
    specs = _read(role, "meta/argument_specs.yml")["argument_specs"]
    options = ((name, option) for spec in specs.values() for name, option in spec.get("options", {}).items())
    return {name: option for name, option in options if name.startswith(role)}


@cache
def entry_of(role: str, entry_point: str) -> Mapping[str, Any]:
    """Return the options of an entry in a list, where they do not stand below the list itself."""
    options: Mapping[str, Any] = _read(role, "meta/argument_specs.yml")["argument_specs"][entry_point]["options"]
    return options


@cache
def defaults_of(role: str) -> Mapping[str, Any]:
    """Return the defaults of a role, but for templates: what they stand for is known where the role is played."""
    defaults = _read(role, "defaults/main.yml")
    return {name: value for name, value in defaults.items() if "{{" not in str(value)}


def _read(role: str, path: str) -> Mapping[str, Any]:
    if role not in {path.name for path in ROLES.iterdir()}:
        raise ValueError(f"there is no role {role!r}")
    found: Mapping[str, Any] = yaml.load((ROLES / role / path).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    return found


def known_variables(role: str) -> frozenset[str]:
    """Return all variables that begin with the name of the role and mean something."""
    return frozenset({*spec_of(role), *(f"{role}_{switch}" for switch in SWITCHES)})


def unknown_variables(names: Iterable[str], role: str) -> dict[str, str]:
    """Return the variables that begin with the role's name and are none of its options, each with the nearest option.

    The nearest option is "" where none is similar. Inner variables (``__role_``) and the role's bare name, under which
    it reports by ``set_stats``, are left alone.
    """
    prefix, known = f"{role}_", known_variables(role)
    # Compared without what they have in common, or all would be similar.
    endings = {name[len(prefix) :]: name for name in sorted(known)}
    unknown = sorted({name for name in names if name.startswith(prefix)} - known)
    nearest = {name: difflib.get_close_matches(name[len(prefix) :], endings, n=1) for name in unknown}
    return {name: endings[found[0]] if found else "" for name, found in nearest.items()}


def told(unknown: Mapping[str, str], role: str) -> list[str]:
    """Return a sentence for each variable of :func:`unknown_variables`."""
    return [
        f"{name} is not a variable of the role {role}." + (f" Did you mean {nearest}?" if nearest else "")
        for name, nearest in unknown.items()
    ]


def missing_vault(connection: Mapping[str, Any], environment: Mapping[str, str], vault: str = "pam360") -> str:
    """Return a message if the address of the vault or the log-on is missing, or given in two ways, else "".

    :param connection: options as the variables of the role say; empty or absent where they do not.
    :param environment: environment variables of the controller.
    :param vault: ``pam360`` or ``cyberark``.
    """
    names = ("url", *(name for way in WAYS[vault] for name in way))
    given = {name for name in names if connection.get(name)}
    inherited = {name for name in names if environment.get(f"{vault}_{name}".upper())}
    logins = given - {"url"} or inherited - {"url"}  # a variable beats the environment
    used = [[name for name in way if name in logins] for way in WAYS[vault] if logins.intersection(way)]
    if len(used) == 2:
        both = [f"{vault}_{way[0]}" for way in used]
        told = " and ".join(both if given & logins else map(str.upper, both))
        return f"{told} are both set. Leave one of them out."
    complete = any(set(way) <= given | inherited and logins.intersection(way) for way in WAYS[vault])
    url = tuple(words.format(vault=vault, VAULT=vault.upper()) for words in URL)
    missing = [words for words, there in ((url, "url" in given | inherited), (LOGIN[vault], complete)) if not there]
    if not missing:
        return ""
    what, variables, environ, options = (" and ".join(column) for column in zip(*missing))
    return (
        f"{what[0].upper()}{what[1:]} {'is' if len(missing) == 1 else 'are'} missing. Set {variables} as a variable, "
        f"or {environ} in the environment of the controller. The option {options} of a task, also by module_defaults, "
        "does not reach roles or lookups."
    )
