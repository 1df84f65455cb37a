# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of one PAM360 account, and all that follows from it without a request.

Internal to the collection. The services for one account and for many share it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import custom_fields as custom
from .._http.answer import shown
from .._engine.plan import Observed, Wanted
from .._common.errors import ExistsError, InputError, RefusedError
from .._engine.fields import ID, NAME, Field, checked, observe, payload, settings
from .envelope import find, pick
from .fields import ACCESSES, ACCOUNT
from .fingerprint_field import Tracking, tracked_entries
from .._engine.task import Item
from .fingerprints import Fingerprints, Tracker

# One readable text for both: the notes are compared with it, unless the description is given alone.
FIELDS = {
    shadowed: tuple(f._replace(read=()) if f.option == shadowed else f for f in ACCOUNT)
    for shadowed in ("notes", "description")
}
RESULT_FIELDS = tuple(item for item in ACCOUNT if item.read)


@dataclass
class AccountItem(Item):
    """One account. *params* are the options of ``pam360_account`` without those of the connection."""

    params: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    new_name: str = ""
    resource: str = ""
    tracking: Tracking | None = None
    one_by_one: bool = True
    granted: Mapping[str, str] | None = None  # fingerprints of all shares, once they are sent

    @property
    def label(self) -> str:
        """The account in words."""
        return self.wanted.label

    @property
    def resource_label(self) -> str:
        """Its resource in words."""
        return f"resource '{shown(self.resource)}'" if self.resource else f"resource {self.ids['resource_id']}"

    @property
    def needs_details(self) -> bool:
        """Whether the account's details are wanted: custom fields are nowhere else."""
        given = "custom_fields" in self.wanted.settings or self.tracking is not None
        return given and self.wanted.state == "present"

    @property
    def reads_password(self) -> bool:
        """Whether the password is to be read and compared, which the vault audits."""
        on_drift = self.params["update_password"] == "on_drift" and "password" in self.wanted.settings
        return on_drift and self.wanted.state == "present"

    # What the vault shows

    def from_row(self, row: Mapping[str, Any]) -> Observed:
        """Return what the account list shows."""
        self.ids["account_id"] = str(pick(row, "ACCOUNT ID"))
        return Observed(self._values(row), str(pick(row, "ACCOUNT NAME")))

    def from_details(self, record: Mapping[str, Any], name: str) -> Observed:
        """Return what the account's details show; the name is not among it."""
        values = self._values(record)
        if self.needs_details:
            values.setdefault("custom_fields", {})
        tracked = values["custom_fields"].pop(self.tracking.label, None) if self.tracking else None
        return Observed(values, name, tracked=tracked)

    def _values(self, record: Mapping[str, Any]) -> dict[str, Any]:
        return observe([f for f in self.fields if f.read], find, record)

    def missing(self, observed: Observed) -> bool:
        """Whether the account list of this build lacks a setting that the task gives."""
        given = {f.option for f in self.fields if f.read and f.option in self.wanted.settings}
        return bool(given - set(observed.values) - {"custom_fields"})

    def old_or_new(self, old: Any, new: Any) -> Any:
        """Return the row to work on: with ``new_name`` only one of the two names may be in use."""
        if old is not None and new is not None and pick(old, "ACCOUNT ID") != pick(new, "ACCOUNT ID"):
            raise InputError(
                f"both '{shown(self.name)}' (ID {pick(old, 'ACCOUNT ID')}) and '{shown(self.new_name)}'"
                f" (ID {pick(new, 'ACCOUNT ID')}) exist, so the account can not be renamed"
            )
        return old if new is None else new

    # What is to be written

    def resend(self, observed: Observed | None) -> set[str]:
        """Return the options that a policy writes although they can not be compared."""
        options: set[str] = set()
        if self.params["update_password"] == "always":
            options.add("password")
        if self.params["update_write_only"] == "always":
            options |= set(self.wanted.settings) - {"password"}
        if self.tracking and observed:
            options |= self._untracked(self.tracking, observed)
        return options

    def _untracked(self, tracking: Tracking, observed: Observed) -> set[str]:
        """Return the write-only options whose fingerprint is another one, or unknown."""
        fields, wire = self._write_only(observed), self._tracked_values(observed)
        tracker, known = self.tracker_and_known(tracking, observed)
        if known and known.whole == tracker.whole(wire):
            return set()
        digests = known.settings if known else {}
        return {f.option for f in fields if digests.get(f.letter) != tracker.setting(f.letter, wire[f.letter])}

    def _write_only(self, observed: Observed | None) -> list[Field]:
        shown_by_vault = observed.values if observed else {f.option for f in self.fields if f.read}
        return [
            f for f in self.fields if f.letter and f.option in self.wanted.settings and f.option not in shown_by_vault
        ]

    def _tracked_values(self, observed: Observed | None) -> dict[str, Any]:
        return {f.letter: f.kind.wire(self.wanted.settings[f.option], None) for f in self._write_only(observed)}

    def unreadable(self, observed: Observed | None) -> Collection[str]:
        """Custom fields with a masked value are compared in part; a create is not confirmed in all it writes."""
        if observed is None:
            return {"custom_fields", *(f.option for f in self.fields if not f.create)}
        current = observed.values.get("custom_fields", {})
        return ("custom_fields",) if custom.unreadable(self.wanted.settings.get("custom_fields", {}), current) else ()

    @property
    def edit_only(self) -> list[str]:
        """Given options that a create does not take."""
        return [f.option for f in self.fields if f.option in self.wanted.settings and f.update and not f.create]

    def create_body(self) -> dict[str, Any]:
        """Return the account for ACCOUNTLIST."""
        body = payload(self.fields, self.wanted.settings, create=True)
        return {"ACCOUNTNAME": self.new_name or self.name, **body, **self._tracked(None, body)}

    def update_body(self, observed: Observed | None) -> dict[str, Any]:
        """Return the body of an edit: all given settings, and custom fields as they were read."""
        fields = [f for f in self.fields if f.part == "settings"]
        current = observed.values if observed else {}
        body = payload(fields, self.wanted.settings, current, create=False)
        name = self.new_name or (observed.name if observed else self.name)
        return {"ACCOUNTNAME": name, **body, **self._tracked(observed, body)}

    def _tracked(self, observed: Observed | None, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the custom fields of *body* with the fingerprints of all that it sends."""
        if not self.tracking:
            return {}
        tracker, known = self.tracker_and_known(self.tracking, observed)
        known = known or Fingerprints()
        given = self.wanted.settings
        sent = {f.letter: f.kind.wire(given[f.option], None) for f in self._write_only(observed) if f.api in body}
        shares = known.shares if self.granted is None else self.granted
        text, self.one_by_one = tracker.write(sent, shares, known.settings)
        wire = "ACCOUNTCUSTOMFIELD"
        if wire not in body:
            current = observed.values.get("custom_fields") if observed else None
            return {wire: tracked_entries(current, self.tracking.label, text)}
        kept = [entry for entry in body[wire] if entry["CUSTOMLABEL"] != self.tracking.label]
        return {wire: [*kept, {"CUSTOMLABEL": self.tracking.label, "CUSTOMVALUE": text}]}

    def tracker_and_known(self, tracking: Tracking, observed: Observed | None) -> tuple[Tracker, Fingerprints | None]:
        """Return the tracker of this account, and the fingerprints that its custom field holds."""
        resource_id = str(self.ids["resource_id"])
        tracker = tracking.tracker(resource_id, self.new_name or self.name)
        known = tracking.known(tracker, observed.tracked) if observed else None
        if known is None and observed and self.new_name:  # it was noted under the old name
            old = tracking.tracker(resource_id, self.name)
            noted = tracking.known(old, observed.tracked)
            known = tracker.taken_over(noted, old, ACCESSES) if noted else None
        return tracker, known

    def check_status(self, statuses: Mapping[str, str], redact: Callable[[str], str]) -> bool:
        """Return whether the answer of an add says that this account was added; raise for what else it says of it."""
        status = statuses.get(self.new_name or self.name) or " ".join(set(statuses.values()))
        exists = "already exists" in status.casefold()
        if status and (exists or "success" not in status.casefold()):
            words = shown(redact(status))
            error = ExistsError if exists else RefusedError
            operation = f"Adding {self.label}"
            raise error(f"the server said '{words}'", operation=operation, http_status=200, server_message=words)
        return bool(status)

    # The result

    def describe(self, observed: Observed | None) -> dict[str, Any]:
        """Return the account with the settings that the vault shows, or will show."""
        absent = self.wanted.state == "absent"
        wanted = {} if absent else self.wanted.settings
        values = dict(observed.values) if observed and not absent else {}
        result: dict[str, Any] = {
            "name": self.new_name or self.name,
            "state": self.wanted.state,
            "resource": self.resource or None,
            **self.ids,
        }
        if "custom_fields" not in wanted:  # only read where the task needs them
            values.pop("custom_fields", None)
        for f in RESULT_FIELDS:
            value = values.get(f.option)
            confirmed = observed is not None or f.option not in self.unreadable(None)
            if self.plan.changed and not self.done and f.option in wanted and confirmed:
                value = f.kind.predict(wanted[f.option], value)
            result[f.option] = f.kind.show(value) if value is not None else None
        if result["description"] is None:
            result["description"] = result["notes"]
        if result["notes"] is None:
            result["notes"] = result["description"]
        return result


def account_item(params: Mapping[str, Any], tracking: Tracking | None = None) -> AccountItem:
    """Return the item for the options of one account; raise InputError for what can not be meant."""
    name, new_name = checked(NAME, "name", params), checked(NAME, "new_name", params)
    resource, resource_id = checked(NAME, "resource", params), checked(ID, "resource_id", params)
    given = settings(ACCOUNT, params)
    if "password" in given and not given["password"]:
        raise InputError("password must not be empty", hint="Leave it out to let the vault generate one.")
    if new_name and params["state"] == "absent":
        raise InputError("new_name does not go together with state: absent")
    if tracking and tracking.label in given.get("custom_fields", {}):
        raise InputError(f"custom_fields names '{shown(tracking.label)}', which is the tracking_field")
    if tracking and "totp_secret" in given and not tracking.key:
        raise InputError("tracking_key is needed to track totp_secret")
    shadowed = "notes" if "description" in given and "notes" not in given else "description"
    place = f"resource '{shown(resource)}'" if resource else f"resource {resource_id}"
    return AccountItem(
        wanted=Wanted(f"account '{shown(name)}' on {place}", params["state"], given, name, new_name),
        fields=FIELDS[shadowed],
        ids={"resource_id": resource_id or None, "account_id": None},
        params=params,
        name=name,
        new_name=new_name,
        resource=resource,
        tracking=tracking,
    )
