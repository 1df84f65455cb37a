# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a product gives to the core: matching, serving, state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from werkzeug.wrappers import Request

from standin_core.profile import Profile


class CutConnectionError(Exception):
    """Raised by a product that closes the connection without any answer."""


@dataclass
class Answer:
    """One answer before it goes on the wire.

    ``body`` is any JSON value, or ``bytes``/``str`` that are sent as they are.
    ``status`` is the product's own word (``Success``, ``Failed``) for the journal,
    ``applied`` is true where a write was carried out.
    """

    body: Any
    http_status: int = 200
    status: str | None = None
    applied: bool = False
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the body as it is sent; JSON is compact and not escaped to ASCII."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str) and not self.content_type.startswith("application/json"):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


@dataclass
class Call:
    """One matched request: what the core needs of it; a product may subclass it.

    ``operation`` is the product's name of the operation, ``input`` its decoded input,
    ``ignored`` the names of fields that the product did not take, ``write`` whether the
    journal counts it as a write (None: by its method).
    """

    operation: str
    input: Any = None
    ignored: list[str] = field(default_factory=list)
    write: bool | None = None

    def expire(self) -> None:
        """End the caller's session (fault ``expired``); nothing where there are no sessions."""


class Product(Protocol):
    """The part of a stand-in that knows one vault."""

    name: str
    profile: Profile
    # Canonical spelling of header names in the journal, keyed by their lower-case form.
    header_names: Mapping[str, str]
    # Where the fault ``wrong_type`` puts its value when the rule does not say.
    details_path: str

    def credentials(self) -> dict[str, str]:
        """Return what a client needs to log on, for the second line on stdout."""

    def match(self, request: Request, body: bytes) -> Call:
        """Find the operation of a request and decode its input; never raises."""

    def serve(self, call: Call) -> Answer:
        """Carry the operation out; raises CutConnectionError for no answer at all."""

    def failure(self, operation: str, message: str, http_status: int = 200) -> Answer:
        """Return the product's usual failure body."""

    def snapshot(self) -> dict[str, Any]:
        """Return the whole truth, secrets included, in the shape of a seed."""

    def load(self, seed: Mapping[str, Any]) -> None:
        """Replace the state by a seed; raises ValueError on a wrong one."""

    def reset(self) -> None:
        """Return to the state at the start."""

    def change(self, edit: Mapping[str, Any]) -> None:
        """Change the state behind the client's back; raises ValueError on a wrong edit."""
