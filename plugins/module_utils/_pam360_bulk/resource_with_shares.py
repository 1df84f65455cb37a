# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One PAM360 resource of many, together with its shares. Internal to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.secret import Secret
from .._engine.plan import Observed
from .._pam360.custom_fields import CUSTOM_FIELDS
from .._pam360.fingerprint_field import FingerprintField, tracking_of
from .._pam360.grants import Share
from .._pam360.resource import Resource
from .._pam360.share import resource_place
from .read_once import Pam360ReadOnce
from .with_shares import WithShares


class ResourceWithShares(WithShares, Resource):
    """A resource and its shares."""

    def __init__(self, client: Pam360ReadOnce, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.field: FingerprintField | None = None
        self.tracking = tracking_of(params, client.http) if params["shares"] is not None else None
        super().__init__(client, params, warn)
        self.extra["adopted"] = False

    def read(self) -> Observed:
        """Read it, and the fingerprints of its shares."""
        observed = super().read()
        if self.tracking and self.has_shares:
            if self.field is None:
                self.field = FingerprintField(self.tracking, resource_place(str(self.ids["resource_id"])))
            first = self.field.defined is None
            self.field.learn(observed.values["custom_fields"].pop(self.tracking.label, None))
            if first and not self.field.defined:
                self.tracking.warn_of_missing_field("resources", self.warn)
        return observed

    def after_create(self) -> Observed | None:
        """Do not read it until all others are written too: lists and pages serve many."""
        return None

    def find_new(self) -> None:
        """Find out its ID."""
        if self.ids["resource_id"] is None:
            self.read_new()

    def send_share(self, share: Share, operation: str) -> str:
        """Grant or revoke; return what the vault said."""
        return self.client.share_resource(str(self.ids["resource_id"]), share.access, share.wire, operation)

    def hidden_values(self) -> Mapping[str, Any]:
        """Return nothing: all settings of a resource can be read."""
        return {}

    def body(self, *, create: bool) -> dict[str, Any]:
        """Return the body of a create or an edit, with the fingerprints of shares that are about to be sent."""
        body = super().body(create=create)
        if self.field and self.field.defined and not create:
            body["RESOURCECUSTOMFIELD"] = self._entries(self.field.text({}, self.pending_shares())[0])
        return body

    def _entries(self, text: str) -> list[dict[str, Any]]:
        label = self.tracking.label if self.tracking else ""
        given = self.wanted.settings.get("custom_fields", {})
        current = self.latest.values["custom_fields"] if self.latest else None
        entries: list[dict[str, Any]] = CUSTOM_FIELDS.wire({**given, label: Secret(text)}, current)
        return entries

    def write_fingerprints(self, text: str) -> None:
        """Write them, and all that an edit may not keep if it leaves it out."""
        body = {**super().body(create=False), "RESOURCECUSTOMFIELD": self._entries(text)}
        body = {**self.carried(self.latest or Observed()), **body}
        self.client.edit_resource(str(self.ids["resource_id"]), body, f"the fingerprints of {self.wanted.label}")

    def read_fingerprints(self) -> None:
        """Read them again."""
        self.find_new()
        self.read()
