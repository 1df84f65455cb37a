# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often one task goes from file to file, as whoever follows it has to."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.input_check import ansible_spec
from ansible_collections.vaultops.pam.plugins.module_utils._ansible.masking import run_task
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.account import Account
from ansible_collections.vaultops.pam.tests.unit.test_house import FILES, UTILS, imports
from pam360_standin import Standin

SEED = {"resources": [{"name": "db01", "accounts": [{"name": "root", "notes": "n"}]}]}
MOST, MOST_UPWARDS = 80, 5


def _stands_on(path: Path) -> set[Path]:
    """Return all files that a file imports, directly or not."""
    found: set[Path] = set()
    rest = [path]
    while rest:
        used = {UTILS / f"{name.replace('.', '/')}.py" for name in imports(rest.pop())} - found
        used = {one for one in used if one.exists()}
        found |= used
        rest += used
    return found


def test_a_quiet_task_crosses_few_doors() -> None:
    """A call into another file counts once; upwards is one into a file that stands on the caller's own."""
    below = {str(path): {str(one) for one in _stands_on(path)} for path in FILES}
    crossed: list[tuple[str, str]] = []

    def count(frame: FrameType, event: str, _arg: Any) -> None:
        callee, caller = frame.f_code.co_filename, frame.f_back and frame.f_back.f_code.co_filename
        if event == "call" and callee in below and caller in below and callee != caller:
            crossed.append((str(caller), callee))

    with Standin(tls=True, seed=SEED) as vault:
        given = {"url": vault.url, "token": vault.token, "ca_path": vault.ca_path, "resource": "db01", "name": "root"}
        checked = ArgumentSpecValidator(**ansible_spec(Account.arguments)).validate(given)
        sys.setprofile(count)
        try:
            result = run_task(
                Account,
                {**given, **checked.validated_parameters},
                check_mode=False,
                warn=lambda _text: None,
                progress=lambda _text: None,
                no_log_values=set(),
            )
        finally:
            sys.setprofile(None)
    assert result["msg"] == "account 'root' on resource 'db01' is as wanted"
    upwards = [(caller, callee) for caller, callee in crossed if caller in below[callee]]
    assert 0 < len(crossed) <= MOST
    assert len(upwards) <= MOST_UPWARDS, upwards
