# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup of passwords as Ansible runs it, with a folder of its own in place of that of a run."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vaultops.pam.plugins.doc_fragments import pam360_plugin
from ansible_collections.vaultops.pam.plugins.lookup import pam360_password
from pam360_standin import Standin

PLUGIN_OPTIONS = yaml.safe_load(pam360_plugin.ModuleDocFragment.DOCUMENTATION)["options"]
Lookup = Callable[..., list[str]]


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """Put a private folder in place of the one that Ansible makes for a run; the cache ends with it."""
    path = Path(tempfile.mkdtemp(prefix="run-", dir="/tmp"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(constants, "DEFAULT_LOCAL_TMP", str(path))
            yield path
    finally:
        shutil.rmtree(path)


def made_as_by_ansible(module: Any, fragment: Any, variables: dict[str, Any]) -> Any:
    """Return the lookup plugin of a module as Ansible's loader makes it.

    :param fragment: the module of its documentation fragment.
    """
    name = module.__name__
    shared = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    options = {**shared, **yaml.safe_load(module.DOCUMENTATION)["options"]}
    constants.config.initialize_plugin_configuration_definitions("lookup", name, options)
    made = module.LookupModule(loader=None, templar=Templar(loader=DataLoader(), variables=variables))
    made._load_name = made.ansible_name = name
    return made


def plugin(variables: dict[str, Any]) -> pam360_password.LookupModule:
    """Return the plugin of PAM360."""
    made: pam360_password.LookupModule = made_as_by_ansible(pam360_password, pam360_plugin, variables)
    return made


def run(terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
    """Run the plugin."""
    known = variables or {}
    return plugin(known).run(terms, variables=known, **options)


def lookup_in(standin: Standin) -> Lookup:
    """Return what runs the plugin against the stand-in: ``lookup("db01/root", reason="r")``."""

    def ask(*terms: Any, **options: Any) -> list[str]:
        return run(list(terms), **{"url": standin.url, "token": standin.token, **options})

    return ask


def reads(standin: Standin) -> int:
    """Return how often a password was read."""
    return standin.journal.operations().count("GET PASSWORD")
