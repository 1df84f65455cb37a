# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of the role rotate_password, as the user gives them. Internal to the collection."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._role_entries import bad_entries
from ._role_guards import spec_of
from ._rotation import Proof

OWN = ("name", "resource", "policy", "when", "max_age", "proof")  # what an account may have of its own


def accounts(given: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is to be looked up in the vault: for each account the account and its pending entry.

    :param given: accounts of the role's option
    :param settings: ``host``, ``resource``, ``policy``, ``when``, ``max_age``, ``proof``, ``verify``, ``suffix``,
        ``platform``, ``connection``, ``salt``, ``access`` (of the lookup) and ``check``, for what an account leaves out
    """
    # Before ansible-core 2.19 there is no other way. Since then Ansible has its own, which starts a Python each time.
    mechanism = "sshpass" if shutil.which("sshpass") else "ssh_askpass"
    began = secrets.token_hex(8)  # tells what is registered now from what an earlier call of the role left
    items = []
    for index, account in enumerate(given):
        item = {**settings, **_given(account), "index": index, "began": began, "mechanism": mechanism}
        name = item["name"]
        item["pending"] = f"{name}{settings['suffix']}"
        if item["check"]:
            item["proof"] = Proof.CHECK.value
        elif item["proof"] == Proof.LOGIN and not item["verify"]:
            item["proof"] = Proof.BLIND.value
        # The same in each run, or the host would get a change each time.
        item["salt"] = item["salt"] or hashlib.sha256(f"{item['resource']}/{name}".encode()).hexdigest()[:16]
        details = item["when"] != "always"
        items += [
            {**item, "look_for": name, "details": details},
            {**item, "look_for": item["pending"], "details": False},
        ]
    return items


def problems(given: Any, settings: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each option of an account that is not usable, or does not go together with another one."""
    name = "rotate_password_accounts"
    wrong = bad_entries(given, name, spec_of("rotate_password")[name]["options"])
    return wrong or [fault for account in given for fault in _faults({**settings, **_given(account)})]


def _given(account: Mapping[str, Any]) -> dict[str, Any]:
    return {key: account[key] for key in OWN if account.get(key) is not None}


def _faults(account: Mapping[str, Any]) -> Iterator[str]:
    label = f"account {account['name']}"
    if account["when"] == "older_than":
        if account["max_age"] in (None, ""):
            yield f"rotate_password_max_age is needed for older_than ({label})."
        elif int(account["max_age"]) < 0:
            yield f"rotate_password_max_age must be 0 days or more ({label})."
    if account["proof"] == Proof.HASH and account["platform"] == "windows":
        yield f"rotate_password_proof cannot be hash on Windows ({label})."
