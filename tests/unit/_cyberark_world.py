# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PVWA stand-in, the module run against it, and the truth about both."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._cyberark import management
from ansible_collections.vaultops.pam.tests.unit._faults_world import Result, World, assert_failure
from pvwa_standin import Standin

MODULE, PASSWORD_MODULE, INFO_MODULE = "cyberark_account", "cyberark_account_password", "cyberark_account_info"
SAFE_MODULE, MEMBER_MODULE = "cyberark_safe", "cyberark_safe_member"
LOGON, LOGOFF = "Logon", "Logoff"
LIST, DETAILS = "Get accounts", "Get account details"
VERIFY, CHANGE, RECONCILE = (f"{act} credentials" for act in ("Verify", "Change", "Reconcile"))
NEXT = "Set next credentials"
SAFE, SAFES, ADD_SAFE, EDIT_SAFE, DELETE_SAFE = (
    f"{act} safe{rest}"
    for act, rest in (("Get", " details"), ("Get", "s"), ("Add", ""), ("Update", ""), ("Delete", ""))
)
MEMBER, MEMBERS, ADD_MEMBER, EDIT_MEMBER, REMOVE_MEMBER = (
    f"{act} safe member{rest}" for act, rest in (("Get", ""), ("Get", "s"), ("Add", ""), ("Update", ""), ("Delete", ""))
)
LINKED, LINK, UNLINK = "Get linked accounts", "Link account", "Unlink account"
ADD, UPDATE, DELETE, SET = "Add account", "Update account", "Delete account", "Update credentials"
SEED: dict[str, Any] = {
    "users": [{"name": "apiuser", "password": "L0gon-Passw0rd!", "otp": "424242"}],
    "accounts": [
        {
            "id": "29_3",
            "safeName": "Linux",
            "name": "db01-root",
            "platformId": "UnixSSH",
            "userName": "root",
            "address": "db01",
            "secret": "Old-Passw0rd!",
            "platformAccountProperties": {"Port": "22", "Location": "Vienna"},
        },
        {
            "id": "29_4",
            "safeName": "Linux",
            "name": "db01-app",
            "platformId": "UnixSSH",
            "userName": "app",
            "address": "db01",
            "secret": "App-Passw0rd!",
            "secretManagement": {"automaticManagementEnabled": False, "manualManagementReason": "static"},
            "linkedAccounts": {"logon": "29_3"},
        },
        {
            "id": "30_3",
            "safeName": "Windows",
            "name": "dom-svc",
            "platformId": "WinDomain",
            "userName": "svc",
            "address": "example.com",
            "remoteMachinesAccess": {"remoteMachines": "h1;h2", "accessRestrictedToRemoteMachines": True},
        },
    ],
}
ROOT: dict[str, Any] = {"safe": "Linux", "user_name": "root", "address": "db01"}
APP: dict[str, Any] = {"safe": "Linux", "name": "db01-app"}
SVC: dict[str, Any] = {"account_id": "30_3"}
NEW: dict[str, Any] = {"safe": "Linux", "user_name": "new1", "address": "db01", "platform_id": "UnixSSH"}


class Vault(World):
    """A stand-in, and ``cyberark_account`` run against it, with a log-on of its own unless told otherwise."""

    standin: Standin  # type: ignore[assignment]  # the same doors as that of PAM360

    def __init__(self, seed: Mapping[str, Any] | None = None, *, road: str = "module", **options: Any) -> None:
        self.road = road
        self.standin = Standin(seed=SEED if seed is None else seed, **options)
        self.delays = []
        self.printed = ""

    def login(self) -> dict[str, Any]:
        """Return the options of a log-on."""
        return {"username": self.standin.username, "password": self.standin.password}

    def play(self, *, check: bool = False, **args: Any) -> Result:
        """Run ``cyberark_account``."""
        return self.run(MODULE, check=check, **args)

    def run(self, module: str, *, check: bool = False, **args: Any) -> Result:
        """Run a module; a clock of its own moves on when it waits."""
        self.pauses: list[float] = []
        clock = SimpleNamespace(sleep=self.pauses.append, monotonic=lambda: sum(self.pauses))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(management, "time", clock)
            return super().run(module, check=check, **args)

    def truth(self) -> list[dict[str, Any]]:
        """Return all accounts, secrets included, without the times of their edits."""
        times = ("lastModifiedTime", "lastVerifiedTime", "lastReconciledTime")
        volatile = ("createdTime", "categoryModificationTime", "versions", *times)
        accounts = [dict(account) for account in self.standin.dump()["accounts"]]
        for account in accounts:
            account["secretManagement"] = {
                name: value for name, value in account.get("secretManagement", {}).items() if name not in volatile
            }
        return [{name: value for name, value in account.items() if name not in volatile} for account in accounts]

    def whole_truth(self) -> dict[str, Any]:
        """Return accounts, safes and what the CPM was asked, without times; secrets that it made up count as one."""
        known = {*(account.get("secret", "") for account in SEED["accounts"]), "N3w-Passw0rd!", ""}
        accounts = [{**one, "secret": one["secret"] if one["secret"] in known else "(made)"} for one in self.truth()]
        state = self.standin.dump()
        safes = [{name: value for name, value in safe.items() if "Time" not in name} for safe in state["safes"]]
        asked = sorted({(one["account"], one["action"], one["status"]) for one in state["cpm_tasks"]})
        return {"accounts": accounts, "safes": safes, "asked": asked}

    def account(self, account_id: str) -> dict[str, Any]:
        """Return the truth about one account, empty if there is none."""
        return next((account for account in self.truth() if account["id"] == account_id), {})

    @property
    def patch(self) -> Any:
        """Return the body of the only write of the last run."""
        (entry,) = self.writes
        assert entry.operation == UPDATE
        return entry.input


def assert_refusal(result: Result, http_status: int | None, code: str | None = None, *, printed: str = "") -> None:
    """As ``assert_failure``; and a refusal of the API has its code as a key, and in the text."""
    more = {name: result["failure"][name] for name in ("error_code", "details") if name in result["failure"]}
    common = {name: value for name, value in result["failure"].items() if name not in more}
    assert_failure({**result, "failure": common}, http_status, printed=printed)
    assert sorted(more) in ([], ["details", "error_code"])
    if code is not None:
        assert more["error_code"] == code
    if more and more["error_code"]:
        assert more["error_code"] in result["msg"]
        assert more["error_code"] in common["server_message"]
