# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control door: the truth, the journal, faults and profiles over HTTP, for tests."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from standin_core.faults import Faults
from standin_core.journal import Journal
from standin_core.product import Product

ROUTES = {
    "state": ("GET", "PUT"),
    "reset": ("POST",),
    "journal": ("GET", "DELETE"),
    "faults": ("GET", "POST", "DELETE"),
    "profile": ("GET", "POST"),
    "change": ("POST",),
}


class Door:
    """Answers under an unguessable path; every answer is JSON, errors are ``{"error": text}``."""

    def __init__(self, product: Product, journal: Journal, faults: Faults) -> None:
        self.product = product
        self.journal = journal
        self.faults = faults
        self.path = f"/_control/{secrets.token_urlsafe(24)}"
        self._map = Map(
            [
                Rule(f"{self.path}/{name}", methods=[method], endpoint=f"{method.lower()}_{name}")
                for name, methods in ROUTES.items()
                for method in methods
            ]
        )

    def owns(self, path: str) -> bool:
        """Return whether a path belongs to the door."""
        return path.startswith(self.path + "/")

    def answer(self, request: Request) -> Response:
        """Answer one call of the door: 200, 400 for a wrong body, 404, 405."""
        try:
            endpoint, _args = self._map.bind_to_environ(request.environ).match()
            action: Callable[[Any], Any] = getattr(self, endpoint)
            given = json.loads(request.get_data() or b"null")
            result, status = action(given), 200
        except HTTPException as error:
            result, status = {"error": error.name}, error.code or 500
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            result, status = {"error": f"{type(error).__name__}: {error}"}, 400
        return Response(json.dumps(result), status, content_type="application/json")

    def get_state(self, _given: Any) -> Any:
        """Return everything the stand-in knows."""
        return self.product.snapshot()

    def put_state(self, given: Any) -> Any:
        """Load a seed."""
        self.product.load(given)
        return self.product.snapshot()

    def post_reset(self, _given: Any) -> Any:
        """Return to the start: state, profiles; no faults, empty journal."""
        self.product.reset()
        self.product.profile.reset()
        self.faults.clear()
        self.journal.clear()
        return {"reset": True}

    def get_journal(self, _given: Any) -> Any:
        """Return all journal entries."""
        return self.journal.dump()

    def delete_journal(self, _given: Any) -> Any:
        """Empty the journal."""
        self.journal.clear()
        return []

    def get_faults(self, _given: Any) -> Any:
        """Return the rules and how often each was seen and fired."""
        return [rule.dump() for rule in self.faults.rules]

    def post_faults(self, given: Any) -> Any:
        """Replace all rules by a list of rules (or one)."""
        self.faults.set([given] if isinstance(given, dict) else given)
        return self.get_faults(None)

    def delete_faults(self, _given: Any) -> Any:
        """Remove all rules."""
        self.faults.clear()
        return []

    def get_profile(self, _given: Any) -> Any:
        """Return all profile values."""
        return dict(self.product.profile)

    def post_profile(self, given: Any) -> Any:
        """Set the named values; the others stay."""
        self.product.profile.update(given)
        return dict(self.product.profile)

    def post_change(self, given: Any) -> Any:
        """Change the state behind the client's back; one edit or a list of edits."""
        for edit in given if isinstance(given, list) else [given]:
            self.product.change(edit)
        return {"changed": True}
