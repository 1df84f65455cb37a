# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which handler answers which request; paths are compared without case, a slash at the end is accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pvwa_standin import accounts, activities, credentials, links, listing, members, oauth, patch, safes, sessions
from pvwa_standin.call import ApiCall
from standin_core.product import Answer

API = "/{directory}/api"
FIRST_GENERATION = "/{directory}/webservices/pimservices.svc"


class Route(NamedTuple):
    """One endpoint; ``right`` is what the caller needs in the safe, ``write`` is for the journal.

    ``open`` calls need no session; ``root`` is what stands before the path; ``form``: the body is no JSON.
    """

    method: str
    path: str
    operation: str
    handler: Callable[[ApiCall], Answer]
    right: str = ""
    write: bool = False
    open: bool = False
    root: str = API
    form: bool = False


AUDIT = "viewAuditLog"
CPM = "initiateCPMAccountManagementOperations"
ACCOUNT = "/accounts/{id}"
SAFE = "/safes/{safe}"
MEMBER = f"{SAFE}/members/{{member}}"
LOGON, TOKEN = "Logon", "Get token"
# The names of the operations are the vendor's page titles, shortened.
ROUTES = (
    Route("POST", "/auth/{method}/logon", LOGON, sessions.logon, open=True),
    Route("POST", "/auth/logoff", "Logoff", sessions.logoff),
    Route("POST", oauth.PATH, TOKEN, oauth.token, open=True, root="", form=True),
    Route("GET", "/server", "Get server", sessions.server, root=FIRST_GENERATION),
    Route("GET", "/accounts", "Get accounts", listing.listing),
    Route("POST", "/accounts", "Add account", accounts.add, write=True),
    Route("GET", ACCOUNT, "Get account details", accounts.details),
    Route("PATCH", ACCOUNT, "Update account", patch.update, write=True),
    Route("DELETE", ACCOUNT, "Delete account", accounts.delete, "deleteAccounts", True),
    Route("POST", f"{ACCOUNT}/change", "Change credentials", credentials.change, CPM, True),
    Route(
        "POST",
        f"{ACCOUNT}/setnextpassword",
        "Set next credentials",
        credentials.set_next,
        CPM,
        True,
    ),
    Route("POST", f"{ACCOUNT}/password/update", "Update credentials", credentials.update, "updateAccountContent", True),
    Route("POST", f"{ACCOUNT}/verify", "Verify credentials", credentials.verify, CPM, True),
    Route("POST", f"{ACCOUNT}/reconcile", "Reconcile credentials", credentials.reconcile, CPM, True),
    Route("POST", f"{ACCOUNT}/checkin", "Check in", credentials.check_in, CPM, True),
    Route("POST", f"{ACCOUNT}/unlock", "Unlock account", credentials.unlock, "unlockAccounts", True),
    Route("GET", f"{ACCOUNT}/activities", "Get activities", activities.second, AUDIT),
    Route("GET", f"{ACCOUNT}/activities", "Get activities", activities.first, AUDIT, root=FIRST_GENERATION),
    # A POST that changes nothing is not a write.
    Route("POST", f"{ACCOUNT}/password/retrieve", "Retrieve password", credentials.retrieve, "retrieveAccounts"),
    Route("POST", f"{ACCOUNT}/secret/retrieve", "Retrieve secret", credentials.retrieve, "retrieveAccounts"),
    Route("GET", f"{ACCOUNT}/secret/versions", "Get secret versions", credentials.versions),
    Route("POST", f"{ACCOUNT}/linkaccount", "Link account", links.link, "updateAccountProperties", True),
    Route(
        "DELETE", f"{ACCOUNT}/linkaccount/{{index}}", "Unlink account", links.unlink, "updateAccountProperties", True
    ),
    Route("GET", "/extendedaccounts/{id}/linkedaccounts", "Get linked accounts", links.read),
    Route("GET", "/safes", "Get safes", safes.listing),
    Route("POST", "/safes", "Add safe", safes.add, write=True),
    Route("GET", SAFE, "Get safe details", safes.details),
    Route("PUT", SAFE, "Update safe", safes.update, write=True),
    Route("DELETE", SAFE, "Delete safe", safes.delete, write=True),
    Route("GET", f"{SAFE}/members", "Get safe members", members.listing),
    Route("POST", f"{SAFE}/members", "Add safe member", members.add, write=True),
    Route("GET", MEMBER, "Get safe member", members.details),
    Route("PUT", MEMBER, "Update safe member", members.update, write=True),
    Route("DELETE", MEMBER, "Delete safe member", members.remove, write=True),
)


def find(method: str, path: str, directory: str) -> tuple[Route | None, dict[str, str], bool]:
    """Return the route, the values in the path, and whether any method is known for that path.

    ``directory`` is that of the web application.
    """
    parts = path.removesuffix("/").split("/")
    known = False
    for route in ROUTES:
        root = route.root.replace("{directory}", directory.casefold())
        args = _values((root + route.path).split("/"), parts)
        if args is None or args.get("method", "ldap").casefold() not in sessions.METHODS:
            continue
        known = True
        if route.method == method:
            return route, args, True
    return None, {}, known


def _values(wanted: list[str], parts: list[str]) -> dict[str, str] | None:
    """Return the values that a path has at the places in braces, None if it does not fit."""
    if len(wanted) != len(parts):
        return None
    values: dict[str, str] = {}
    for name, part in zip(wanted, parts, strict=True):
        if name.startswith("{"):
            values[name[1:-1]] = part
        elif name != part.casefold():
            return None
    return values
