# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors the server sends: HTTP status, ErrorCode, ErrorMessage. *Invented* parts are ours and prove nothing."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One kind of failure; the message is a format, ``place`` where its code was seen (profile ``code_place``)."""

    status: int
    code: str
    message: str
    place: str = "outer"


UNSPECIFIED = "CAWS00001E"
SOME_INVALID = "PASWS167E"


# Session: code and status CODE (EPV, AIOB); the text is invented.
NO_SESSION = Problem(401, "PASWS006E", "Session token is missing, invalid or has expired.")
# CODE PSPAS#189 (old servers).
NO_TOKEN = Problem(403, "CAIWS001E", "Couldn't retrieve session token from request header")
# CODE infamousjoeg/CyberArk-RESTAPI#2 (v9.9), AIOB for the status.
BAD_LOGON = Problem(403, "PASWS013E", "Failed to logon. Reason: Authentication failure for User {name}")
# CODE AIOB: status 409; code and text invented.
PASSWORD_EXPIRED = Problem(409, "PASWS013E", "Failed to logon. Reason: Password has expired for User {name}")
# CODE AIOB, PSPAS: 500 and the code; the RADIUS server's text is invented.
RADIUS_CHALLENGE = Problem(500, "ITATS542I", "Enter the one-time passcode")
# CODE AIOB: the text; status and code invented.
TOO_MANY_SESSIONS = Problem(
    403, "PASWS013E", "The number of concurrent dynamic sessions for user {name} has reached its limit ({limit})"
)

# Requests: codes and texts CODE; HTTP 400 INF.
MISSING = Problem(400, "PASWS017E", "Missing Mandatory parameter: [{name}].")  # EPV#290
NOT_NUMERIC = Problem(400, "PASWS018E", "Input parameter for [{name}] value is invalid, should be numeric")
INVALID = Problem(400, "PASWS167E", "There are some invalid parameters")  # AIOB CONTRIBUTING
# Invented from here, with the closest code that was seen.
BAD_BODY = Problem(400, "PASWS167E", "The request body can not be read")
NOT_JSON = Problem(415, "CAWS00001E", "The request entity's media type is not supported")
INVALID_DETAIL = SOME_INVALID
# Status and code CODE PSPAS#180 (10.5), whose words are about a page that does not exist; this text is invented.
NO_PAGE = Problem(500, UNSPECIFIED, "The page does not exist")

# Accounts: status CODE (AIOB, EPV mock), text CODE PSPAS#590, code invented.
NO_ACCOUNT = Problem(404, "CAWS00001E", "Account id value is invalid")
# Code CODE (EPV), 409 CODE (IDSEC, AIOB); text invented.
NAME_TAKEN = Problem(409, "PASWS027E", "Account with the name [{name}] already exists in Safe [{safe}]")
# All invented (PSPAS 7.0 and PSPAS#348 only tell that there is a refusal).
DUPLICATE = Problem(409, UNSPECIFIED, "The same account exists in another Safe")
DELETED = Problem(404, UNSPECIFIED, "Account [{name}] was deleted")
PLATFORM_INACTIVE = Problem(400, "PASWS032E", "Platform [{name}] is not active")  # CODE AIOB; status INF
NO_PLATFORM = Problem(400, "PASWS032E", "Platform [{name}] was not found")  # invented
NO_SAFE = Problem(400, "PASWS031E", "Safe [{name}] was not found")  # CODE EPV#183, PSPAS#478: in Details of INVALID
# CODE AIOB; status INF.
REASON_WITH_AUTOMATIC = Problem(
    400,
    "PASWS159E",
    "Parameter [manualManagementReason] cannot be specified with parameter [enableAutomaticManagement]=[True]",
)
# CODE EPV#138, EPV#125: text, status and where the code stands. For remoteMachines the second is INF.
MACHINES_MISSING = Problem(
    400,
    "PASWS166E",
    "Parameter [remoteMachines] must be specified with parameter [accessRestrictedToRemoteMachines]",
    "message",
)
NO_MACHINES = Problem(400, "PASWS168E", "Input parameter for [{name}] value is invalid", "details")
ENABLE_FAILED = Problem(500, "CAWS00001E", "Unspecified error")  # status and code CODE PSPAS#217; text invented
NOT_ALLOWED = Problem(403, "PASWS041E", "You are not authorized to perform this action.")  # CODE; status INF
# Code and status CODE (old servers); text invented.
NOT_ALLOWED_V9 = Problem(500, "ITATS955E", "The user is not authorized to do this in the Safe")
LOCKED = Problem(400, "PASWS143E", "Password is locked by another user.")  # CODE PSPAS#297
REASON_MISSING = Problem(400, "PASWS088E", "Missing mandatory parameter - Reason.")  # CODE PEER#87; status INF
TICKET_MISSING = Problem(400, UNSPECIFIED, "Missing mandatory parameter - Ticket ID.")  # invented
# Text CODE cybr-cli#222; the rest, and the second, invented.
CPM_DISABLED = Problem(400, UNSPECIFIED, "Automatic management for this account was disabled by the user")
NO_RECONCILE = Problem(400, UNSPECIFIED, "No reconcile account is linked to this account")
NO_VERSION = Problem(404, "CAWS00001E", "Version [{name}] was not found")  # 404 CODE AIOB; rest invented

# PATCH: CODE PEER#19, PEER#57; "cannot be replaced" and "removed" follow it and are invented; 400 INF.
NOT_PATCHABLE = Problem(400, "PASWS125E", "Property '{name}' cannot be {done}")
# Text and status CODE PSPAS#414; code INF.
LINK_BY_PATCH = Problem(400, "PASWS125E", "Property '{name}' cannot be updated")
NOT_THERE = Problem(400, "PASWS164E", "Property '{name}' does not exist")  # code CODE AIOB; text invented

# Safes: codes and 404, 409 CODE (EPV Safe-Management, IDSEC); the texts are invented.
SAFE_GONE = Problem(404, "SFWS0007", "Safe [{name}] was deleted or does not exist")
SAFE_EXISTS = Problem(409, "SFWS0002", "Safe [{name}] has already been defined")
# Invented, status included.
SAFE_NOT_EMPTY = Problem(400, UNSPECIFIED, "Safe [{name}] is not empty")
OLAC_STAYS = "can not be switched off"

# Members: the text and 404 CODE PSPAS#156, 409 CODE AIOB, SFWS0012 and SFWS0013 CODE EPV; the rest invented.
NO_MEMBER = Problem(404, UNSPECIFIED, "User or Group was not found")
IS_MEMBER = Problem(409, "SFWS0012", "{name} is already a member of Safe [{safe}]")
OWN_MEMBERSHIP = Problem(403, "SFWS0013", "You cannot update your own account")
PREDEFINED_MEMBER = Problem(403, "PASWS041E", "Member [{name}] is predefined")

# Links: nothing is known of their failures; invented, status included.
NO_LINK = Problem(404, UNSPECIFIED, "Linked account [{name}] was not found")
