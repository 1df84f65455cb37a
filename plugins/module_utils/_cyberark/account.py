# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account in CyberArk. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .._common.errors import InputError, NotFoundError, RefusedError
from .._common.wording import one_line
from .._engine.fields import argument_spec, cleaned_settings, read_values
from .._engine.plan import Observed, Plan, Step, Wanted, plan
from .._engine.task import STATE, Arguments
from .answers import Json
from .api import CyberArk
from .connect import CONNECTION, CyberArkObject
from .edits import differing, new_account, operations
from .fields import ACCOUNT, LINKS, by_pointer, identified_by, value_of, without_unshown
from .find import find, identity_of, is_listed
from .kinds import in_group
from .links import Links

POLICIES: Mapping[str, Any] = {
    "update_secret": {"type": "str", "choices": ["on_create", "always"], "default": "on_create"},
    "change_entire_group": {"type": "bool", "default": False},
}
Settings = Mapping[str, Any]


class Account(CyberArkObject):
    """``cyberark_account``. Requests without logon and logoff: 1 when nothing changes, 2 for any one write."""

    noun = "account"
    arguments = Arguments(
        options={
            **CONNECTION,
            **STATE,
            "account_id": {"type": "str"},
            **POLICIES,
            **argument_spec(ACCOUNT),
        },
        required_one_of=[("account_id", "safe")],
    )

    def __init__(self, client: CyberArk, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        given = cleaned_settings(ACCOUNT, params)
        self.sought = identity_of({**given, "account_id": params.get("account_id")})
        _check_input(given)
        self.latest: Observed | None = None
        self.record: Json = {}
        self.gone = self.told = False
        account_id = self.sought.account_id or None
        wanted = Wanted(self.sought.label, params["state"], given)
        fields = identified_by(self.sought.options)
        super().__init__(client, params, warn, wanted, fields, {"account_id": account_id})
        self.label = wanted.label
        links = {} if wanted.state == "absent" else {option: given[option] for option in LINKS if option in given}
        self.links = Links(client, links, self.take_as_made)
        if wanted.state == "absent":  # of one that is there, the settings tell
            self.names = {option: given[option] for option in ("safe", *self.sought.options) if option in given}
        # The group of an account is given as a platform property, and never shown.
        if any(map(in_group, given.get("platform_properties", {}))):
            self.create_in_part = frozenset(("platform_properties",))

    # Reading and planning

    def observe(self, done: Step | None = None) -> Observed | None:
        """Find the account, or read it once it is known; after a write only if its answer told nothing."""
        if self.gone:
            return None
        account_id = self.ids["account_id"]
        if done and done.action in ("share", "password") and self.record:  # neither is in the account's own answer
            return self._with_links(self.record)
        record = self.client.account(account_id, self.label) if account_id else find(self.client, self.sought)
        if record is None:
            self.links.look_up(self.links.wanted)
            return None
        # One that was deleted may be readable by its ID until its safe forgets it. To remove it once more is refused
        # then, which check mode has to foresee.
        foresee = self.wanted.state == "absent" and self.sought.account_id and self.client.http.read_only
        if (foresee or (done and done.action in ("delete", "gone"))) and not is_listed(self.client, record, self.label):
            return None
        observed = self._with_links(record)
        self.links.look_up(self.links.differing())
        return observed

    def _with_links(self, record: Json) -> Observed:
        self.links.read(str(value_of(record, "id")), self.label)
        return self._observed(record)

    def _observed(self, record: Json) -> Observed:
        self.ids["account_id"] = str(value_of(record, "id"))
        values = without_unshown(self.fields, read_values(self.fields, by_pointer(record)))
        values = {**{option: value for option, value in values.items() if option not in LINKS}, **self.links.current}
        # A secret cannot be compared; with ``always`` it is set on each run.
        always = self.params["update_secret"] == "always" and "secret" in self.wanted.settings
        self.record = record
        self.latest = Observed(
            values,
            str(value_of(record, "name") or ""),
            resend=("secret",) if always else (),
            in_part=self.create_in_part,
        )
        return self.latest

    def planned(self, observed: Observed | None) -> Plan:
        """Return the plan; raise for what can be seen to be impossible now, in check mode as well."""
        if self.wanted.state == "absent":
            return super().planned(observed)
        if observed is None:
            self._check_create()
        wanted = self._manageable(observed.values if observed else {"automatic_management": True})
        found = plan(self.fields, wanted, observed, create_in_part=self.create_in_part)
        given = self.wanted.settings
        hidden = [option for option in self.links.wanted if observed and option not in observed.values]
        if observed and hidden and found.steps and not self.done:  # what cannot be compared goes along with an edit
            observed = replace(observed, resend=(*observed.resend, *hidden))
            found = plan(self.fields, wanted, observed, create_in_part=self.create_in_part)
        found = found._replace(verified=tuple(option for option in found.verified if option in given))
        self._warn_of_a_fight(found)
        return found

    def _check_create(self) -> None:
        if self.sought.account_id:
            raise self._unknown_id()
        if not self.wanted.settings.get("platform_id"):
            raise NotFoundError(
                "the vault shows no such account to this user, and without platform_id none can be created",
                operation=f"Looking up {self.label}",
                hint="Check the name of the safe and what identifies the account, or give platform_id to create it.",
            )

    def _unknown_id(self) -> NotFoundError:
        return NotFoundError(
            "the vault shows no account of this ID to this user",
            operation=f"Reading {self.label}",
            hint="The vault assigns account_id: leave it out to create an account.",
        )

    def _manageable(self, values: Settings) -> Wanted:
        """Return what is wanted, with what follows from it; raise for what the server would refuse.

        Turning automatic management on takes the reason away; a reason while it is on is refused (PASWS159E). Clearing
        the remote machines takes the restriction to them away; one without machines is refused (PASWS166E).
        """
        given = self.wanted.settings
        more: dict[str, Any] = {}
        automatic = given.get("automatic_management", values.get("automatic_management"))
        if given.get("manual_management_reason") and automatic:
            raise InputError(
                f"automatic management of {self.label} is on, so it can have no manual_management_reason",
                hint="Give automatic_management: false as well.",
            )
        if given.get("automatic_management") and values.get("manual_management_reason"):
            more["manual_management_reason"] = ""
        machines = given.get("remote_machines", values.get("remote_machines"))
        if given.get("restrict_to_remote_machines") and not machines:
            raise InputError(
                f"{self.label} has no remote machines to be restricted to",
                hint="Give remote_machines with at least one of them, or restrict_to_remote_machines: false.",
            )
        if not machines and values.get("restrict_to_remote_machines") and "remote_machines" in given:
            more["restrict_to_remote_machines"] = False
        return self.wanted._replace(settings={**given, **more}) if more else self.wanted

    def _warn_of_a_fight(self, found: Plan) -> None:
        """Warn once where two tasks may mean two accounts, and change one of them to and fro."""
        if self.told or self.done or not found.current or "secret" not in found.wanted.settings:
            return
        if "user_name" not in self.sought.options:
            return
        changes = {one.option: one for one in found.changes if one.before and one.after}
        _option, before, after = changes.get("platform_properties", ("", {}, {}))
        others = [name for name in before if name in after] + [name for name in ("platform_id",) if name in changes]
        names = ", ".join(map(one_line, others))
        if names:
            self.told = True
            self.warn(
                f"{self.label} was found by user_name and address, but has another {names} than this task gives. If you"
                " mean another account of this user, give each account its name. Otherwise two tasks change one account"
                " back and forth, and the secret of the second account is never stored."
            )

    # Writing

    def create(self) -> Observed | None:
        """Add it."""
        return self._observed(self.client.add_account(new_account(self.fields, self.wanted.settings), self.label))

    def update(self) -> Observed | None:
        """Edit it in one request; send again what its answer shows as not taken, as long as each round takes some."""
        wanted, values = self.plan.wanted.settings, self.before.values if self.before else {}
        left = len(differing(self.fields, wanted, values))
        while True:
            observed = self._edit(values)
            now = len(differing(self.fields, wanted, observed.values))
            if not now or now >= left:
                return observed
            left, values = now, observed.values

    def _edit(self, values: Settings) -> Observed:
        wanted, account_id = self.plan.wanted.settings, str(self.ids["account_id"])
        changes = operations(self.fields, wanted, values)
        # Whether a refused PATCH is undone as a whole is not documented.
        self.edits_are_whole = len(differing(self.fields, wanted, values)) == 1
        try:
            return self._observed(self.client.update_account(account_id, changes, self.label))
        except RefusedError as error:
            fewer = operations(self.fields, wanted, values, with_rest=False)
            # Another platform may not know the properties that the task does not name.
            if (
                error.http_status == 400
                and fewer != changes
                and "platform_id" in differing(self.fields, wanted, values)
            ):
                return self._observed(self.client.update_account(account_id, fewer, self.label))
            if self.sought.account_id and self._is_deleted():
                raise self._unknown_id() from None
            raise

    def share(self) -> Observed | None:
        """Link and unlink other accounts; a new one has none."""
        changed = {change.option for change in self.plan.changes}
        options = [one for one, link in self.links.wanted.items() if one in changed and (link or self.before)]
        self.links.write(str(self.ids["account_id"]), options, self.label)
        return None

    def set_password(self) -> Observed | None:
        """Set its secret in the vault; no answer shows a secret, and nothing else is changed."""
        account_id, secret = str(self.ids["account_id"]), self.wanted.settings["secret"]
        group = bool(self.params["change_entire_group"])
        if secret.reveal() != secret.reveal().strip(" "):
            self.warn(
                f"The vault cuts blanks off the ends of a secret that is set, so it keeps another for {self.label}."
            )
        self.client.set_secret(account_id, secret, self.label, entire_group=group)
        return None if any(step.action == "share" for step in self.done) else self.latest

    def delete(self) -> Observed | None:
        """Delete it. A refusal of what is gone already is no failure to the engine, which looks again."""
        try:
            self.client.delete_account(str(self.ids["account_id"]), self.label)
        except RefusedError:
            self.gone = bool(self.sought.account_id) and self._is_deleted()
            raise
        self.gone = True
        return None

    def _is_deleted(self) -> bool:
        record = self.client.account(str(self.ids["account_id"]), self.label)
        return record is None or not is_listed(self.client, record, self.label)

    # Reporting

    def advice(self, option: str, observed: Observed) -> str:
        """Name the platform properties that the vault did not take."""
        if option == "remote_machines" and len(set(observed.values[option])) < len(observed.values[option]):
            return "Its list names a machine twice, and some servers do not change such a list: clear it once."
        if option != "platform_properties":
            return ""
        names = ", ".join(
            map(one_line, differing(self.fields, {option: self.wanted.settings[option]}, observed.values))
        )
        return f"It does not show {names}. One that the platform hides may be stored anyway."


def _check_input(wanted: Settings) -> None:
    if "secret" in wanted and not wanted["secret"]:
        raise InputError("secret must not be empty")
    if wanted.get("automatic_management") and wanted.get("manual_management_reason"):
        raise InputError(
            "manual_management_reason does not go together with automatic_management: true", hint="Give one of them."
        )
    if wanted.get("restrict_to_remote_machines") and wanted.get("remote_machines") == []:
        raise InputError(
            "restrict_to_remote_machines: true does not go together with an empty list of remote_machines",
            hint="Give one of them.",
        )
