# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task wants of one PAM360 account, and all that follows from it without a request.

Internal to the collection. The objects for one account and for many use it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from .._common.errors import ExistsError, InputError, RefusedError
from .._common.secret import Secret
from .._common.wording import label_of, one_line
from .._engine.fields import ID, NAME, Field, cleaned_settings, cleaned_texts, read_values, request_body
from .._engine.plan import Observed, Wanted
from .by_profile import account_fields
from .custom_fields import CUSTOM_FIELDS, unreadable
from .envelope import Json, folded, value_of
from .fields import ACCOUNT
from .fingerprint_field import Tracking
from .server_profile import UNKNOWN_SERVER, ServerProfile

# One readable text for both: the notes are compared with it, unless the description is given alone.
FIELDS = {
    shadowed: tuple(f._replace(read=()) if f.option == shadowed else f for f in ACCOUNT)
    for shadowed in ("notes", "description")
}
RESULT_FIELDS = tuple(item for item in ACCOUNT if item.read)
# Not confirmed by a create in all that it writes: custom fields may be masked, and are in the details alone.
CREATE_IN_PART = frozenset(("custom_fields", *(item.option for item in ACCOUNT if not item.create)))


class WantedAccount(NamedTuple):
    """One account as a task wants it.

    :param params: the options of ``pam360_account``, but for those of the connection.
    :param resource_label: its resource in words.
    :param tracking: how it is tracked, where there is something to track.
    :param trackable: how it would be tracked.
    :param comparable: given options that the list of accounts or the details show, but for custom fields.
    :param needs_details: the account's details are wanted, as custom fields are nowhere else.
    :param reads_password: the password is to be read and compared, which the vault audits.
    :param edit_only: given options that a create does not take.
    :param hidden: given options that the vault does not show and that can be tracked.
    """

    params: Mapping[str, Any]
    wanted: Wanted
    fields: tuple[Field, ...]
    resource: str
    resource_id: str
    resource_label: str
    tracking: Tracking | None
    trackable: Tracking | None
    comparable: frozenset[str]
    needs_details: bool
    reads_password: bool
    edit_only: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def leaves_tracking_open(self) -> bool:
        """Whether it is for the vault to decide if the account is tracked."""
        return self.tracking is not None and not self.tracking.explicit

    def untracked(self) -> WantedAccount:
        """Return the same without tracking."""
        return self._replace(tracking=None, needs_details="custom_fields" in self.wanted.settings)

    # What the vault shows

    def in_row(self, row: Json) -> Observed:
        """Return what the account list shows; what it leaves out, the details may show."""
        values = read_values(self.fields, folded(row), partial=True)
        return Observed(values, str(value_of(row, "ACCOUNT NAME")), resend=self._by_policy())

    def in_details(self, details: Json, name: str, row: Json | None = None) -> Observed:
        """Return what the account's details show, and its row of the list; the name is not among the details."""
        values = read_values(self.fields, folded(row or {}), folded(details))
        wanted, listed = self.wanted.settings.get("custom_fields", {}), values["custom_fields"]
        tracked = listed.pop(self.tracking.label, None) if self.tracking else None
        in_part = ("custom_fields",) if unreadable(wanted, listed) else ()
        return Observed(values, name, tracked=tracked, resend=self._by_policy(), in_part=in_part)

    def row_of_either_name(self, old: Any, new: Any) -> Any:
        """Return the row to work on: with ``new_name`` only one of the two names may be in use."""
        if old is not None and new is not None and value_of(old, "ACCOUNT ID") != value_of(new, "ACCOUNT ID"):
            one, other = one_line(self.wanted.name), one_line(self.wanted.new_name)
            ids = [value_of(row, "ACCOUNT ID") for row in (old, new)]
            message = f"both '{one}' (ID {ids[0]}) and '{other}' (ID {ids[1]}) exist, so the account cannot be renamed"
            raise InputError(message, code="both_names_exist")
        return old if new is None else new

    # What is to be written

    def _by_policy(self) -> set[str]:
        """Return the options that a policy writes although they cannot be compared."""
        options: set[str] = set()
        if self.params["update_password"] == "always":
            options.add("password")
        if self.params["update_write_only"] == "always":
            options |= set(self.wanted.settings) - {"password"}
        return options

    def hidden_values(self, *, create: bool = False) -> dict[str, Any]:
        """Return the given settings that the vault does not show, as they go over the wire, by letter.

        :param create: only those that a create takes.
        """
        fields = [f for f in self.fields if f.option in self.hidden and (f.create or not create)]
        return {f.letter: f.kind.wire(self.wanted.settings[f.option], None) for f in fields}

    def hidden_options(self, letters: Collection[str]) -> set[str]:
        """Return the options of some letters."""
        return {f.option for f in self.fields if f.letter in letters}

    def create_body(self) -> dict[str, Any]:
        """Return the account for ACCOUNTLIST, without fingerprints."""
        body = request_body(self.fields, self.wanted.settings, create=True)
        return {"ACCOUNTNAME": self.wanted.new_name or self.wanted.name, **body}

    def update_body(self, observed: Observed | None) -> dict[str, Any]:
        """Return the body of an edit, without fingerprints: all given settings, and custom fields as they were read."""
        current = observed.values if observed else {}
        body = request_body(self.fields, self.wanted.settings, current, create=False)
        name = self.wanted.new_name or (observed.name if observed else self.wanted.name)
        return {"ACCOUNTNAME": name, **body}

    def entries(self, observed: Observed | None, text: str | None) -> list[dict[str, Any]]:
        """Return all custom fields that must hold afterwards, for the wire.

        :param text: fingerprints, under their label; ``None`` where the vault has no field for them.
        """
        current = observed.values.get("custom_fields") if observed else None
        entries: list[dict[str, Any]] = CUSTOM_FIELDS.wire(self.wanted.settings.get("custom_fields", {}), current)
        if self.tracking and text is not None:
            entries.append({"CUSTOMLABEL": self.tracking.label, "CUSTOMVALUE": Secret(text)})
        return entries

    def check_status(self, statuses: Mapping[str, str], redact: Callable[[str], str]) -> bool:
        """Return whether the answer of an add says that this account was added; raise for what else it says of it."""
        status = statuses.get(self.wanted.new_name or self.wanted.name) or " ".join(set(statuses.values()))
        exists = "already exists" in status.casefold()
        if status and (exists or "success" not in status.casefold()):
            words = one_line(redact(status))
            error = ExistsError if exists else RefusedError
            operation = f"Adding {self.wanted.label}"
            raise error(f"the server said '{words}'", operation=operation, http_status=200, server_message=words)
        return bool(status)


def wanted_account(
    params: Mapping[str, Any],
    tracking: Tracking | None = None,
    *,
    shared: bool = False,
    profile: ServerProfile = UNKNOWN_SERVER,
) -> WantedAccount:
    """Return what the options of one account ask for; raise InputError for what cannot be meant.

    :param shared: the task gives shares of the account, which are tracked as well.
    """
    texts = cleaned_texts({"name": NAME, "new_name": NAME, "resource": NAME, "resource_id": ID}, params)
    given = cleaned_settings(ACCOUNT, params)
    _check(given, texts, params, tracking)
    fields = FIELDS["notes" if "description" in given and "notes" not in given else "description"]
    if profile is not UNKNOWN_SERVER:
        fields = account_fields(fields, profile)
    resource_label = label_of("resource", texts["resource"], texts["resource_id"])
    label = f"account '{one_line(texts['name'])}' on {resource_label}"
    present = params["state"] == "present"
    hidden = tuple(f.option for f in fields if f.letter and not f.read and f.option in given)
    if tracking and not tracking.key:
        hidden = tuple(option for option in hidden if option != "totp_secret")  # never without a key
    trackable, tracking = tracking, tracking if present and (hidden or shared) else None
    return WantedAccount(
        params=params,
        wanted=Wanted(label, params["state"], given, texts["name"], texts["new_name"]),
        fields=fields,
        resource=texts["resource"],
        resource_id=texts["resource_id"],
        resource_label=resource_label,
        tracking=tracking,
        trackable=trackable,
        comparable=frozenset(f.option for f in fields if f.read and f.option in given) - {"custom_fields"},
        needs_details=present and ("custom_fields" in given or tracking is not None),
        reads_password=present and params["update_password"] == "on_drift" and "password" in given,
        edit_only=tuple(f.option for f in fields if f.option in given and f.update and not f.create),
        hidden=hidden,
    )


def _check(
    given: Mapping[str, Any], texts: Mapping[str, str], params: Mapping[str, Any], tracking: Tracking | None
) -> None:
    if "password" in given and not given["password"]:
        raise InputError("password must not be empty", hint="Leave it out to let the vault generate one.")
    if texts["new_name"] and params["state"] == "absent":
        raise InputError("new_name does not go together with state: absent")
    if tracking and tracking.label in given.get("custom_fields", {}):
        raise InputError(f"custom_fields names '{one_line(tracking.label)}', which is the tracking_field")
    if tracking and tracking.explicit and "totp_secret" in given and not tracking.key:
        raise InputError("tracking_key is needed to track totp_secret", code="tracking_key_missing")
