# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the CPM is asked to do with the secret of an account. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError, NotFoundError, RefusedError
from .._common.secret import HIDDEN, Secret
from .._engine.fields import read_values
from .._engine.plan import Change, Observed, Plan, Step, Wanted
from .._engine.task import Arguments
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, CyberArkObject
from .fields import ACCOUNT, by_pointer, value_of
from .find import IDENTITY_OPTIONS, find, identity_of
from .management import FAILURE, Management, management_of, wait

DAY = 24 * 60 * 60
KNOWN_BY = tuple(item for item in ACCOUNT if item.option in ("safe", "name", "user_name", "address", "platform_id"))
# What is asked for, before and after.
WORDS: Mapping[str, tuple[str, str]] = {
    "ask": ("ask the CPM to {act} {label}", "asked the CPM to {act} {label}"),
    "later": ("set the next secret of {label}", "set the next secret of {label}"),
}


class AccountPassword(CyberArkObject):
    """``cyberark_account_password``. Requests: 1 to find the account, 1 to ask, and the reads while it waits."""

    noun = "account"
    arguments = Arguments(
        options={
            **CONNECTION,
            **IDENTITY_OPTIONS,
            "action": {"type": "str", "choices": ["verify", "change", "reconcile"], "required": True},
            "new_password": {"type": "str", "no_log": True},
            "immediately": {"type": "bool", "default": True},
            "change_entire_group": {"type": "bool", "default": False},
            "max_age": {"type": "int"},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 300},
        },
        required_one_of=[("account_id", "safe")],
    )

    def __init__(self, client: CyberArk, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.sought = identity_of(params)
        _check_input(params)
        self.label, self.act = self.sought.label, params["action"]
        self.state: Management | None = None
        self.automatic: bool | None = None
        self.asked = False
        settings = {"new_password": Secret(params["new_password"])} if params["new_password"] else {}
        ids = {"account_id": self.sought.account_id or None, "status": None, "cpm_message": None}
        super().__init__(client, params, warn, Wanted(self.label, "present", settings), KNOWN_BY, ids)

    @property
    def later(self) -> bool:
        """Whether the CPM is to take the new secret at its next change only."""
        return bool(self.params["new_password"]) and not self.params["immediately"]

    def observe(self, done: Step | None = None) -> Observed | None:
        """Find the account; after the CPM was asked, wait for it."""
        if done is not None and self.asked:
            return self._waited()
        record = find(self.client, self.sought)
        if record:
            return self._observed(record)
        self.take_as_made(
            NotFoundError(
                f"the vault shows no {self.label} to this user",
                operation=f"Looking up {self.label}",
                hint="Check what identifies the account, and the rights of the API user in the safe.",
            )
        )
        return Observed()

    def _observed(self, record: Json) -> Observed:
        self.ids["account_id"] = str(value_of(record, "id"))
        self.state = management_of(record)
        self.ids["status"] = self.state.status or None
        values = read_values(ACCOUNT, by_pointer(record))
        self.automatic = values["automatic_management"]
        known = {item.option: values[item.option] for item in KNOWN_BY if item.option in values}
        return Observed(known, str(value_of(record, "name") or ""))

    def planned(self, observed: Observed | None) -> Plan:
        """Return what is to be asked for; raise for what the CPM would refuse."""
        unverified = tuple(self.wanted.settings)
        if self.asked or not observed or not self._is_due():
            return Plan(self.wanted, observed, unverified=unverified)
        if self.automatic is False and not self.later:
            raise InputError(
                f"automatic management of {self.label} is off, so the CPM does nothing with it",
                hint="Turn it on with cyberark_account.",
            )
        changes = [Change("action", None, "next" if self.later else self.act)]
        changes += [Change(option, None, HIDDEN) for option in self.wanted.settings]
        before, after = WORDS["later" if self.later else "ask"]
        words = {"act": self.act, "label": self.label}
        step = Step("password", before.format(**words), after.format(**words), ("action", *self.wanted.settings))
        return Plan(self.wanted, observed, tuple(changes), (step,), unverified=unverified)

    def _is_due(self) -> bool:
        """Whether the last verification failed, or is older than the task wants."""
        if self.params["max_age"] is None or self.state is None or self.state.status == FAILURE:
            return True
        return self.client.server_time - self.state.time_of("verify") > self.params["max_age"] * DAY

    def set_password(self) -> Observed | None:
        """Ask the CPM."""
        account_id = str(self.ids["account_id"])
        if self.wanted.settings:
            secret = self.wanted.settings["new_password"]
            self.client.set_next(account_id, secret, self.label, immediately=not self.later)
        elif self.act == "change":
            self.client.change(account_id, self.label, entire_group=bool(self.params["change_entire_group"]))
        elif self.act == "verify":
            self.client.verify(account_id, self.label)
        else:
            self.client.reconcile(account_id, self.label)
        self.asked = True
        return None

    def _waited(self) -> Observed:
        before, latest = self.state, self.before or Observed()
        if before is None or self.later or not self.params["wait"]:
            self.ids["status"] = None  # what was read is from before
            return latest
        seconds = self.params["wait_timeout"]
        now, found = wait(self.act, before, self._read, seconds)
        self.ids["status"] = now.status or None
        operation = f"Waiting for the CPM to {self.act} {self.label}"
        if found == FAILURE:
            words = self.client.last_words_of_cpm(str(self.ids["account_id"]), self.label)
            self.ids["cpm_message"] = words or None
            said = f"the CPM said '{words}'" if words else "the CPM failed, and the server does not say why"
            raise RefusedError(said, code="cpm_failed", operation=operation, server_message=words, hint=HINTS[self.act])
        if not found:
            raise RefusedError(
                f"it has not done so within {seconds} s",
                code="cpm_timeout",
                operation=operation,
                hint="It may still do so. Check that the safe has a CPM and that it runs, or raise wait_timeout.",
            )
        return latest

    def _read(self) -> Management:
        record = self.client.account(str(self.ids["account_id"]), self.label)
        if record is None:
            raise NotFoundError("the account is not there any more", operation=f"Reading {self.label}")
        return management_of(record)


HINTS: Mapping[str, str] = {
    "verify": "The target may have another password: action: reconcile sets a new one there.",
    "change": "The target may have another password: action: reconcile sets a new one there.",
    "reconcile": "Check the reconcile account, which is linked to the account or to its platform.",
}


def _check_input(params: Mapping[str, Any]) -> None:
    secret, act = params["new_password"], params["action"]
    if secret is not None and act != "change":
        raise InputError(f"new_password goes with action: change, and not with {act}")
    if secret == "":
        raise InputError("new_password must not be empty")
    if secret and secret != secret.strip():
        raise InputError("new_password begins or ends with a blank, which the vault would cut off")
    if not params["immediately"] and secret is None:
        raise InputError("immediately: false goes with new_password only")
    if params["change_entire_group"] and (act != "change" or secret is not None):
        raise InputError("change_entire_group goes with action: change, without new_password")
    if params["max_age"] is not None and (act != "verify" or params["max_age"] < 0):
        raise InputError("max_age goes with action: verify only, and must be 0 days or more")
    if params["wait_timeout"] < 1:
        raise InputError("wait_timeout must be 1 second or more")
