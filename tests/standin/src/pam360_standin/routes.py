# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which handler answers which request. Operation names marked * are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from werkzeug.routing import Map, Rule

from pam360_standin import accounts, administration, audit, directory, groups, passwords, resources, shares, trash
from pam360_standin.call import ApiCall
from standin_core.product import Answer

BASE = "/restapi/json/v1"


class Route(NamedTuple):
    """One endpoint.

    ``needs_input`` refuses a call without INPUT_DATA, ``key`` is the input's inner key (``""``: the profile
    group_key), ``only_if`` a profile that must be ``yes`` for the address to exist.
    """

    method: str
    path: str
    operation: str
    handler: Callable[[ApiCall], Answer]
    needs_input: bool = False
    key: str = "Details"
    only_if: str = ""


ACCOUNT = "/resources/<resource>/accounts/<account>"
ROUTES = (
    Route("GET", "/resources", "GET RESOURCES", resources.listing),
    Route("POST", "/resources", "CREATE RESOURCE", resources.create, True),
    Route("GET", "/resources/resourcetypes", "GET RESOURCE TYPES", resources.types),  # *
    Route("GET", "/resources/getResourceIdAccountId", "GET_RESOURCEACCOUNTID", resources.ids_by_query),
    Route("GET", "/resources/resourcename/<name>", "GET_RESOURCEID", resources.id_by_name),  # *
    Route(
        "GET",
        "/resources/resourcename/<name>/accounts/accountname/<account>",
        "GET_RESOURCEACCOUNTID",
        resources.ids_by_path,
    ),
    Route("PUT", "/resources/<resource>", "EDIT RESOURCE", resources.edit, True),
    Route("DELETE", "/resources/<resource>", "DELETE RESOURCE", resources.delete),  # *
    Route("GET", "/resources/<resource>/associatedGroups", "GET ASSOCIATED GROUPS", groups.of_resource),
    Route("PUT", "/resources/<resource>/share", "SHARE RESOURCE", shares.resource, True),  # *
    Route("GET", "/resources/<resource>/share", "GET RESOURCE SHARES", shares.of_resource, only_if="share_read"),  # *
    Route(
        "POST",
        "/resources/configureremotepasswordreset",
        "CONFIGURE REMOTE PASSWORD RESET",  # *
        administration.configure_remote_reset,
        True,
    ),
    Route("PUT", "/trash/restore", "RESTORE FROM TRASH", trash.restore, True),  # *
    Route("GET", "/resources/<resource>/accounts", "GET RESOURCE ACCOUNTLIST", accounts.listing),
    Route("POST", "/resources/<resource>/accounts", "ADD ACCOUNTS", accounts.add, True),
    Route("GET", ACCOUNT, "GET RESOURCE ACCOUNT DETAILS", accounts.details),
    Route("PUT", ACCOUNT, "EDIT ACCOUNT", accounts.edit, True),
    Route("DELETE", ACCOUNT, "DELETE ACCOUNT", accounts.delete),  # *
    Route("GET", f"{ACCOUNT}/password", "GET PASSWORD", passwords.fetch),
    Route("PUT", f"{ACCOUNT}/password", "CHANGE PASSWORD", passwords.change, True),
    Route("PUT", f"{ACCOUNT}/share", "SHARE ACCOUNT", shares.account, True),
    Route("GET", f"{ACCOUNT}/share", "GET ACCOUNT SHARES", shares.of_account, only_if="share_read"),  # *
    Route("GET", "/passwords/generate", "GENERATE PASSWORD", passwords.generated),  # *
    Route("GET", "/accounts/<account>/totp", "GET_TOTP", passwords.totp),  # *
    Route("POST", "/accounts/<account>/requestpassword", "REQUEST PASSWORD", passwords.request, True),  # *
    Route("GET", "/accounts/passwordaccessrequests", "GET PASSWORD REQUESTS", passwords.requests),  # *
    Route("GET", "/user/getUserId", "GET_USERID", directory.user_id),  # *
    Route("GET", "/user/getUserGroupId", "GET_USERGROUPID", directory.user_group_id),  # *
    Route("POST", "/user", "CREATE USER", directory.create_user, True),  # *
    Route("DELETE", "/user/<user>", "DELETE USER", directory.delete_user),  # *
    Route("PUT", "/user/lock", "LOCK USER", directory.lock_user),  # *
    Route("PUT", "/user/unlock", "UNLOCK USER", directory.unlock_user),  # *
    Route(
        "POST",
        "/user/transferUserAccountabilities",
        "TRANSFER USER ACCOUNTABILITIES",  # *
        administration.transfer_accountabilities,
        True,
    ),
    Route("POST", "/agents/agentkey", "GET AGENT KEY", administration.agent_key, True, key="details"),  # *
    Route("PUT", "/user/regenerateAuthtoken", "REGENERATE AUTHTOKEN", directory.regenerate_token),  # *
    Route("GET", "/resourcegroup", "GET RESOURCE GROUPS", groups.listing, key=""),  # *
    Route("PUT", "/resourcegroup/share", "SHARE RESOURCE GROUP", shares.resource_groups, True),  # *
    Route(
        "GET",
        "/resourcegroup/<group>/share",
        "GET RESOURCE GROUP SHARES",  # *
        shares.of_resource_group,
        only_if="share_read",
    ),
    Route("POST", "/resourcegroup/<group>/associateResources", "ASSOCIATE RESOURCES", groups.associate, True),  # *
    Route("GET", "/audit", "GET_AUDIT", audit.listing),
)
# Slashes are left alone: "//" and "/x/" are unknown paths, not redirects.
URL_MAP = Map(
    [Rule(BASE + route.path, methods=[route.method], endpoint=route) for route in ROUTES],
    strict_slashes=True,
    merge_slashes=False,
)
