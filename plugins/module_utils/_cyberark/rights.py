# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API user must be allowed to do, by act: as the console names it, with its key. Internal to the collection.

From the vendor's page of each call; the pairing of words and keys is inferred where the words changed over time.
"""

from __future__ import annotations

PROPERTIES = "'Update password properties' (updateAccountProperties)"
CONTENT = "'Update password value' (updateAccountContent)"
CPM = "'Initiate CPM password management operations' (initiateCPMAccountManagementOperations)"
READ_MEMBERS = "'View Safe Members' (viewSafeMembers) in the safe"

LIST = "'List accounts' (listAccounts) in the safe"
ADD = f"'Add account' (addAccounts), and {CONTENT} or {PROPERTIES}, in the safe"
EDIT = f"{PROPERTIES} in the safe"
RENAME = "'Rename accounts' (renameAccounts) in the safe"
RENAME_AND_EDIT = f"'Rename accounts' (renameAccounts) and {PROPERTIES} in the safe"
DELETE = "'Delete accounts' (deleteAccounts) in the safe"
SET_SECRET = f"{CONTENT} in the safe"
MANAGE = f"{CPM} in the safe"
SET_NEXT = f"{CPM} and 'Specify next password value' (specifyNextAccountContent) in the safe"
RETRIEVE = (
    "'Retrieve accounts' (retrieveAccounts), and where approval is on 'Access Safe without confirmation'"
    " (accessWithoutConfirmation), in the safe"
)
ACTIVITIES = "'View audit log' (viewAuditLog) in the safe"
LINK = f"'List accounts' (listAccounts) in both safes, and {PROPERTIES} in the safe of the account that is linked to"
UNLINK = f"{LINK}; and 'Manage Safe' (manageSafe) where RequireManageSafeToClearLinkedAccount is on"
ADD_SAFE = "'Add Safes' in the vault"
EDIT_SAFE = f"'Manage Safes' in the vault, and 'Manage Safe' (manageSafe) and {READ_MEMBERS}"
DELETE_SAFE = "'Manage Safe' (manageSafe) in the safe"
MEMBERS = "'Manage Safe Members' (manageSafeMembers) in the safe"
