# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of the Identity tenant that Privilege Cloud stands behind (contract A.10)."""

from __future__ import annotations

import base64
import json
import secrets

from pvwa_standin import failures
from pvwa_standin.call import ApiCall, done
from pvwa_standin.model import Session, User
from standin_core.product import Answer

PATH = "/oauth2/platformtoken"
FIELDS = ("grant_type", "client_id", "client_secret")
GRANT = "client_credentials"


def token(call: ApiCall) -> Answer:
    """POST /oauth2/platformtoken, form-encoded: 200 ``{"access_token", "token_type", "expires_in"}``.

    The client is a user that is marked for it. Failures have the form of OAuth (INF), with a status that is not
    known (profile ``oauth_failure``).
    """
    if call.profile["edition"] == "self_hosted":
        return failures.not_found()
    given = call.input if isinstance(call.input, dict) else {}
    call.ignored += [name for name in given if name not in FIELDS]
    if given.get("grant_type") != GRANT:
        return _failed(call, "unsupported_grant_type", "grant_type is not client_credentials")
    user = call.state.user(str(given.get("client_id", "")))
    if user is None or not user.oauth or not _same(user, str(given.get("client_secret", ""))):
        return _failed(call, "invalid_client", "Client authentication failed")
    lifetime = float(call.profile["oauth_lifetime"])
    now = call.state.now()
    session = Session(_jwt(user, now + lifetime), user.name, "", now, bearer=True, expires=now + lifetime)
    call.state.sessions[session.token] = session
    body = {"access_token": session.token, "token_type": "Bearer", "expires_in": int(lifetime)}
    if call.profile["oauth_expires_in"] == "missing":
        del body["expires_in"]
    return done(body)


def _same(user: User, secret: str) -> bool:
    """Compare a secret."""
    return secrets.compare_digest(secret.encode(), user.password.encode())


def _jwt(user: User, expires: float) -> str:
    """Return a token in the form of a JWT; nobody reads it."""
    parts = [{"alg": "RS256", "typ": "JWT"}, {"unique_name": user.name, "exp": int(expires)}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, secrets.token_urlsafe(64)])


def _failed(call: ApiCall, error: str, text: str) -> Answer:
    """Return a failure in the form of OAuth."""
    status = int(call.profile["oauth_failure"])
    return Answer({"error": error, "error_description": text}, status, status=error, content_type=failures.JSON)
