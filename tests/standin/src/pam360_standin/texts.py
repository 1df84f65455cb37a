# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts the server sends. Each has its source; *invented* ones are ours and prove nothing."""

from __future__ import annotations

# Authentication: CAP LCK, CLI (both texts). Missing and expired tokens get the same (INF).
BAD_TOKEN = "API key received is not associated to any user. Authentication failed."
BAD_HOST = "User is not allowed to access from this host"
# Invented: no text for an organisation that does not exist, nor for input that cannot be read.
BAD_ORG = "Organization not found"
BAD_INPUT = "Invalid INPUT_DATA"
NO_INPUT = "INPUT_DATA is missing"

# Resources: CAP LCK; CAP XSOAR for create and edit (two blanks are real).
RESOURCES = "Resources fetched successfully"
RESOURCE_CREATED = "Resource {name} has been added successfully"
RESOURCE_EDITED = "Resource  modified successfully."
GROUPS_OF_RESOURCE = "Associated groups fetched successfully"  # CAP kenny
# CAP XSOAR
IDS_FOUND = "Resource ID and account ID fetched successfully for the given resource name and account name."
# Invented from here.
RESOURCE_ID_FOUND = "Resource ID fetched successfully"
RESOURCE_DELETED = "Resource deleted successfully"
RESOURCE_EXISTS = "Resource with the given name already exists"
RESOURCE_TYPES = "Resource types fetched successfully"
RESOURCE_NAME_MISSING = "RESOURCENAME is mandatory"
NO_RESOURCE = "No such resource found"
NO_POLICY = "No such password policy found"
NO_IDS = "No such resource or account found"
EMPTY_REFUSED = "{field} cannot be empty"
TYPE_FILTER_MISSING = "RESOURCETYPE_CONTAINING is mandatory"
RESET_CONFIGURED = "Remote password reset configured successfully"
FIELD_MISSING = "{field} is mandatory"
RESTORED = "Restored successfully from trash"
NOT_IN_TRASH = "Not found in trash"
BAD_TRASH_TYPE = "Invalid type"
BAD_FIELD_VALUE = "Invalid value for the custom field {label}"

# Accounts: CAP LCK (list, details), DOC S001 and CAP XSOAR (add), DOC S000 (edit).
ACCOUNTS = "Resource details with account list fetched successfully"
DETAILS = "Account details fetched successfully"
ADDED_OBJECT = "Account added successfully"
ADDED_LIST = "Account(s) added successfully"
ADDED_ONE = "Account added successfully"
EDITED = "Account {name} modified successfully"
EXISTS = "Account is not added  as it already exists"  # CODE idf, two blanks
NO_ACCOUNT = "No such account found"  # CODE idf
# Invented from here.
ACCOUNT_DELETED = "Account deleted successfully"
NOT_ADDED = "Account(s) could not be added"
ACCOUNT_NAME_MISSING = "ACCOUNTNAME is mandatory"
ACCOUNT_LIST_MISSING = "ACCOUNTLIST is mandatory"
ACCOUNT_NAME_TAKEN = "Account with the given name already exists"

# Passwords: CAP (fetch), DOC S002 and CAP (change).
FETCHED = "Password fetched successfully"
CHANGED = "Password changed successfully"
NEEDS_APPROVAL = "[Request]"  # CODE bcgov
# Invented from here.
GENERATED = "Password generated successfully"
REASON_MISSING = "REASON is mandatory"
TICKET_MISSING = "TICKETID is mandatory"
NEW_PASSWORD_MISSING = "NEWPASSWORD is mandatory"
BAD_RESET_TYPE = "Invalid RESETTYPE"
REMOTE_FAILED = "Password could not be changed in the remote resource"
AGAINST_POLICY = "Password does not comply with the policy: {reason}"
NO_TOTP = "TOTP is not configured for the account"
BAD_TOTP = "TOTP could not be generated"
TOTP = "TOTP fetched successfully"
REQUESTED = "Password request raised successfully"
REQUESTS = "Password access requests fetched successfully"

# Shares: DOC S003 has the text for "modify" to a user; the others follow it and are invented.
GRANTED = {
    "view": "View permission granted to {whom} successfully.",
    "modify": "View and Modify permission granted to {whom} successfully.",
    "fullaccess": "Full Access permission granted to {whom} successfully.",
    "revoke": "Permission revoked from {whom} successfully.",
}
# Profile share_repeat=distinct.
UNCHANGED = {
    "view": "View permission is already granted to {whom}.",
    "modify": "View and Modify permission is already granted to {whom}.",
    "fullaccess": "Full Access permission is already granted to {whom}.",
    "revoke": "No permission of {whom} to revoke.",
}
SHARES = "Shares fetched successfully"
NO_FULL_ACCESS_TO_DEFAULT = "Full Access cannot be granted for the Default Group"
BAD_ACCESS_TYPE = "Invalid ACCESSTYPE"
NO_FULL_ACCESS = "Full Access cannot be granted for an account"
NOT_SHARED = "No permission to revoke"
WHOM_MISSING = "USERID or USERGROUPID is mandatory"

# Users and groups: no texts known, all invented; GET_AUDIT is CAP LCK.
USER_ID_FOUND = "User ID fetched successfully"
USER_GROUP_ID_FOUND = "User group ID fetched successfully"
NO_USER = "No such user found"
NO_USER_GROUP = "No such user group found"
USER_CREATED = "User {name} has been added successfully"
USER_EXISTS = "User with the given name already exists"
USER_DELETED = "User deleted successfully"
USER_LOCKED = "User locked successfully"
USER_UNLOCKED = "User unlocked successfully"
TOKEN_RENEWED = "Authtoken regenerated successfully"
RESOURCE_GROUPS = "Resource groups fetched successfully"
GROUP_IS_DYNAMIC = "Resources cannot be associated to a dynamic group"
ACCOUNTABILITIES = "User accountabilities transferred successfully"
AGENT_KEY = "Agent key fetched successfully"
NO_RESOURCE_GROUP = "No such resource group found"
RESOURCES_ASSOCIATED = "Resources associated successfully"
AUDITS = "Audits fetched successfully."
BAD_AUDIT_TYPE = "Invalid AUDITTYPE"
BAD_DURATION = "Invalid DURATION"
