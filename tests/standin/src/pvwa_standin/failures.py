# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a failure looks: ``{"ErrorCode", "ErrorMessage"[, "Details"]}``, the true code where the profile wants it."""

from __future__ import annotations

from typing import Any

from pvwa_standin import texts
from pvwa_standin.call import FailedError
from standin_core.product import Answer
from standin_core.profile import Profile

JSON = "application/json; charset=utf-8"
PAGE = "<html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>"
VAGUE = (texts.UNSPECIFIED, texts.SOME_INVALID)


def answer(profile: Profile, error: FailedError, *, logon: bool = False) -> Answer:
    """Return the answer of a failure; the end of a session and a logon keep their code in ErrorCode."""
    place = profile["code_place"]
    if not logon and error.status != 401:
        error = _placed(error, place)
    body: dict[str, Any] = {"ErrorCode": error.code, "ErrorMessage": error.message}
    if error.about:
        rows = [_detail(name, wrong) for name, wrong in error.about]
        body["Details"] = rows if profile["details"] == "list" else rows[0]
    return Answer(
        body, error.status, status=error.code, applied=error.applied, content_type=JSON, headers=error.headers
    )


def without_session(profile: Profile, error: FailedError) -> Answer:
    """Return the answer to a bearer token that does not count; the gateway's words are invented."""
    if profile["bearer_failure"] == "gateway":
        body = {"code": "401", "message": "Unauthorized", "description": "The token is missing, invalid or expired"}
        return Answer(body, 401, status="401", content_type=JSON)
    if profile["bearer_failure"] == "empty":
        return Answer(b"", 401, status="401", content_type="text/plain")
    return answer(profile, error)


def page(title: str) -> Answer:
    """Return a page as IIS sends it; its text is invented."""
    return Answer(PAGE.format(title=title), int(title[:3]), status=title[:3], content_type="text/html")


def not_found() -> Answer:
    """Return the page of IIS for a path that the server does not have."""
    return page("404 - Not Found")


def _placed(error: FailedError, place: str) -> FailedError:
    """Return the failure with its true code in another place (CODE EPV#125, EPV#138, EPV#183)."""
    name = error.name
    if place == "seen":
        place = error.place
    else:
        for inner_name, inner in error.about:
            if isinstance(inner, FailedError):
                name, error = inner_name, error.changed(inner.code, inner.message)
                break
    if place == "outer" or error.code in VAGUE:
        return error
    if place == "message":
        return error.changed(texts.UNSPECIFIED, f"{error.code} {error.message}")
    return error.changed(texts.SOME_INVALID, texts.INVALID.message, [(name, error)])


def _detail(name: str, wrong: str | FailedError) -> dict[str, str]:
    """Return one of the Details."""
    if isinstance(wrong, FailedError):
        return {"ParameterName": name, "ErrorCode": wrong.code, "ErrorMessage": wrong.message}
    return {"ParameterName": name, "ErrorCode": texts.INVALID_DETAIL, "ErrorMessage": f"[{name}] {wrong}"}
