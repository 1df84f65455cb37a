# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may use a PAM360 account. No call shows it (contract section 5.1). Internal to the collection."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ._answer import shown
from ._drift import Observed, Step, Wanted
from ._errors import NotFoundError
from ._fields import argument_spec, settings
from ._pam360_fields import SHARE
from ._pam360_service import CONNECTION, RESOURCE_OPTIONS, STATE, Pam360Service
from ._service import Arguments, Item

GRANTEES = ("user", "user_id", "user_group", "user_group_id")
WIRE = {"view": "view", "modify": "modify", "full_access": "fullaccess"}


class ShareService(Pam360Service):
    """``pam360_account_share``. Requests by names: 3, or 2 in check mode."""

    noun = "share"
    arguments = Arguments(
        options={
            **CONNECTION,
            **RESOURCE_OPTIONS,
            **STATE,
            "account": {"type": "str"},
            "account_id": {"type": "str"},
            **{name: {"type": "str"} for name in GRANTEES},
            **argument_spec(SHARE),
            "update_write_only": {"type": "str", "choices": ["always"], "default": "always"},
        },
        mutually_exclusive=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_one_of=[("resource", "resource_id"), ("account", "account_id"), GRANTEES],
        required_if=[("state", "present", ("access_type",))],
    )

    def items(self) -> list[Item]:
        """Return the one share of the task."""
        account, account_id = self.name_of("account"), self.id_of("account_id")
        self.grantee = next(name for name in GRANTEES if self.params[name] is not None)
        who = self.id_of(self.grantee) if self.grantee.endswith("_id") else self.name_of(self.grantee)
        kind = self.grantee.replace("_id", "").replace("_", " ")
        account_words = f"account '{shown(account)}'" if account else f"account {account_id}"
        self.label = f"the share of {account_words} on {self.resource_label()} with {kind} '{shown(who)}'"
        wanted = Wanted(self.label, self.params["state"], settings(SHARE, self.params))
        ids: dict[str, str | None] = {"resource_id": None, "account_id": None}
        self.grantee_ids: dict[str, str] = {}
        return [Item(wanted, SHARE, ids=ids)]

    def observe(self, item: Item, done: Step | None = None) -> Observed | None:
        """Look up the ids. Whether there is a share can not be read; without the account there is none."""
        if done is None:
            try:
                item.ids["resource_id"], item.ids["account_id"] = self.find_account()
            except NotFoundError:
                if item.wanted.state == "present":
                    raise
                return None
            self.grantee_ids = self._grantee_ids()
        return Observed(certain=False)

    def _grantee_ids(self) -> dict[str, str]:
        value = self.params[self.grantee]
        if self.grantee == "user":
            return {"user_id": self.client.user_id(value)}
        if self.grantee == "user_group":
            return {"user_group_id": self.client.user_group_id(value)}
        return {self.grantee: value}

    def resend(self, item: Item, observed: Observed | None) -> Collection[str]:
        """Always: it is not known what the vault has."""
        return ("access_type",)

    def apply(self, item: Item, step: Step) -> Observed | None:
        """Grant or revoke."""
        revoke = step.action == "delete"
        access = "revoke" if revoke else WIRE[item.wanted.settings["access_type"]]
        grantee = {name.replace("_", "").upper(): value for name, value in self.grantee_ids.items()}
        operation = f"{'Revoking' if revoke else 'Granting'} {self.label}"
        self.client.share_account(str(item.ids["resource_id"]), str(item.ids["account_id"]), access, grantee, operation)
        return Observed(certain=False)

    def describe(self, item: Item, observed: Observed | None) -> dict[str, Any]:
        """Return who has (or shall have) what; the vault itself shows none of it."""
        names = {name: self.params[name] for name in ("resource", "account", *GRANTEES)}
        state = item.wanted.state
        access = self.params["access_type"] if state == "present" else None
        return {**names, **item.ids, **self.grantee_ids, "access_type": access, "state": state}
