# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The custom field in which PAM360 keeps the fingerprints of an account or a resource. Internal to the collection."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .._common.secret import Secret
from .._engine.fields import NAME, cleaned_text
from .._http.client import HttpClient
from .custom_fields import CustomValue
from .fields import ACCESSES, PENDING, REVOKE
from .fingerprints import Fingerprints, Tracker
from .grants import Share

UPDATE_WRITE_ONLY: Mapping[str, Any] = {
    "update_write_only": {"type": "str", "choices": ["auto", "tracked", "on_edit", "always"], "default": "auto"}
}
TRACKING: Mapping[str, Any] = {
    "tracking_field": {"type": "str", "default": "Ansible state"},
    "tracking_key": {"type": "str", "no_log": True},
}
ROUNDS = 20  # writes of a field that others write at the same time, before we give up


class Tracking(NamedTuple):
    """How a task tracks what cannot be read.

    :param label: the custom field that the administrator reserves for it.
    :param server: host and port, to bind the fingerprints to.
    :param explicit: the task asks for it by ``tracked``, and does not leave it to the vault by ``auto``.
    """

    label: str
    key: Secret | None
    server: str
    explicit: bool

    def warn_of_missing_field(self, noun: str, warn: Callable[[str], None]) -> None:
        """Say how to make the field: the same words for all tasks, so that Ansible prints them once a run.

        :param noun: ``accounts`` or ``resources``.
        """
        sent = (
            "on each run" if self.explicit else "with a creation or an edit only, and shares of their own on each run"
        )
        silent = "" if self.explicit else ", or choose update_write_only: on_edit or always"
        warn(
            f"PAM360 has no custom field '{self.label}' for {noun}, so settings and shares that it does not show cannot"
            f" be tracked; they are sent {sent}. Define it there as a text of 250 characters{silent}."
        )


def tracking_of(params: Mapping[str, Any], http: HttpClient) -> Tracking | None:
    """Return how to track, or ``None`` when the task asks for another policy."""
    mode = params.get("update_write_only")
    if mode not in ("auto", "tracked"):
        return None
    key = params.get("tracking_key") or os.environ.get("PAM360_TRACKING_KEY")
    http.redact.add(key)
    label = cleaned_text(NAME, "tracking_field", params)
    return Tracking(label, Secret(key) if key else None, http.connection.host, mode == "tracked")


class FingerprintField:
    """The fingerprints of one object.

    A share is noted as pending before it is sent, and at its level after that. A run that dies in between leaves it
    pending: the next one sends it again, and a purge revokes it.

    :param place: what the object is, such as the IDs of resource and account.
    :param former: the same under its former name, or nothing.
    :ivar defined: whether the vault has the field; ``None`` until it was looked at.
    :ivar empty: nothing was noted before, so this is the first contact.
    :ivar foreign: it holds something that this key and this place cannot read.
    """

    def __init__(self, tracking: Tracking, place: Sequence[str], former: Sequence[str] = ()) -> None:
        self.tracking = tracking
        self.tracker = Tracker(tracking.key, tracking.server, *place)
        self._former = Tracker(tracking.key, tracking.server, *former) if former else None
        self.defined: bool | None = None
        self.empty = True
        self.foreign = False
        self.known = Fingerprints()
        self._text = ""

    def learn(self, value: CustomValue | None) -> None:
        """Take in what the vault shows of the field; ``None`` where it has none."""
        self.defined = value is not None
        self._text = value.value.reveal().strip() if value else ""
        self.empty = not self._text
        noted = self.tracker.read(self._text)
        if noted is None and self._former:
            old = self._former.read(self._text)
            noted = self.tracker.taken_over(old, self._former, ACCESSES) if old else None
        self.foreign = noted is None and not self.empty
        self.known = noted or Fingerprints()

    def due_settings(self, values: Mapping[str, Any]) -> set[str]:
        """Return the letters of the settings whose fingerprint is another one, or unknown.

        :param values: as they would go over the wire, by letter.
        """
        if self.known.digest_of_all and self.known.digest_of_all == self.tracker.digest_of_all(values):
            return set()
        known = self.known.settings
        return {letter for letter, value in values.items() if known.get(letter) != self.tracker.setting(letter, value)}

    def due_shares(self, shares: Sequence[Share], *, purge: bool) -> list[Share]:
        """Return the shares whose fingerprint is another one or unknown, and with *purge* those that are to go."""
        left, due = dict(self.known.shares), []
        for share in shares:
            who, level = self.tracker.share(*share.key)
            if left.pop(who, None) != level:
                due.append(share)
        for who, level in left.items() if purge else ():
            found = self.tracker.grantee(who, level, (*ACCESSES, PENDING))
            if found and found[2] != REVOKE:
                due.append(Share.revoke(*found[:2]))
        return due

    def noted(self, shares: Sequence[Share], *, pending: bool) -> dict[str, str]:
        """Return the fingerprints of *shares*, on their way or sent."""
        return dict(self.tracker.share(*share.key[:2], PENDING if pending else share.access) for share in shares)

    def text(
        self, settings: Mapping[str, Any], shares: Mapping[str, str], without: Collection[str] = ()
    ) -> tuple[str, bool]:
        """Return what the field is to hold, and whether each setting has a fingerprint of its own.

        :param settings: wire values by letter, as they are sent; all others stay noted.
        :param shares: fingerprints of shares; all others stay noted, but for those of *without*.
        """
        kept = {who: level for who, level in self.known.shares.items() if who not in without}
        whole = "" if settings else self.known.digest_of_all
        return self.tracker.write(settings, {**kept, **shares}, self.known.settings, digest_of_all=whole)

    def holds(self, settings: Mapping[str, Any], shares: Mapping[str, str], without: Collection[str] = ()) -> bool:
        """Whether all that is to be noted is what was last read."""
        if self._text == self.text(settings, shares, without)[0]:
            return True
        known = self.known.shares
        shared = all(known.get(who) == level for who, level in shares.items()) and not known.keys() & set(without)
        return shared and not self.due_settings(settings)

    def keep(
        self,
        write: Callable[[str], None],
        read: Callable[[], None],
        settings: Mapping[str, Any],
        shares: Mapping[str, str],
        without: Collection[str] = (),
    ) -> bool:
        """Write the field, and again what others replaced in the meantime; return whether it holds in the end.

        :param write: sends a text to the vault.
        :param read: reads the object again, and has this learn.
        """
        for _round in range(ROUNDS):
            text, each = self.text(settings, shares, without)
            write(text)
            read()
            if self.defined is False:
                return False
            if self.holds(settings, shares, without) or (not each and self._text == text):
                return True
        return False

    def warn_of_loss(self, warn: Callable[[str], None]) -> None:
        """Say that the vault does not hold what was noted."""
        warn(f"The vault did not keep the fingerprints in '{self.tracking.label}'; the next run sends all again.")

    def warn_if_crowded(self, settings: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        """Say that the settings had to give up fingerprints of their own."""
        if self.defined and not self.text(settings, {})[1]:
            warn(
                f"More is tracked than fits into '{self.tracking.label}': all settings of the object have one"
                " fingerprint, so a diff cannot tell which of them changed, and shares that do not fit are sent on"
                " each run."
            )
