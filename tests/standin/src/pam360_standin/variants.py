# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variants of behaviour that are documented, seen, or open in the public material."""

from __future__ import annotations

from standin_core.profile import Variant

VARIANTS: dict[str, Variant] = {
    "add_answer": Variant("object", ("object", "list"), "Details of ADD ACCOUNTS, with the message that goes with it"),
    "success": Variant("Success", ("Success", "true"), "result.status of a success; 'true' adds statusCode 20000"),
    "failure_status": Variant(
        "200", ("200", "4xx", "400", "401", "403", "404", "409", "422", "500"), "HTTP status of failures; 4xx: by kind"
    ),
    "empty_text": Variant("N/A", ("N/A", "all", ""), "empty text is N/A in details only, N/A everywhere, or empty"),
    "edit_semantics": Variant("keep", ("keep", "replace"), "custom field labels that an edit with others leaves out"),
    "edit_omitted": Variant("keep", ("keep", "clear"), "what an edit leaves out, custom field labels aside"),
    "notes_column": Variant(
        "shared", ("shared", "shared_description_wins", "separate"), "whether NOTES and DESCRIPTION are one column"
    ),
    "list_description": Variant("present", ("present", "absent"), "ACCOUNT_DESCRIPTION in the account list"),
    "policy_key": Variant("new", ("new", "old"), "RESOURCE PASSWORD POLICY or PASSWORD POLICY in the account list"),
    "totp_flag": Variant("absent", ("absent", "present"), "IS_TOTP_CONFIGURED in the account list"),
    "names": Variant("exact", ("exact", "case_insensitive"), "how names are compared"),
    "startindex_base": Variant("0", ("0", "1"), "the STARTINDEX of the first row"),
    "total_rows": Variant("all", ("all", "page"), "whether totalRows counts all rows or those of the page"),
    "search": Variant("contains", ("contains", "exact"), "how SEARCHVALUE is compared (never by case)"),
    "custom_fields_password": Variant("clear", ("clear", "masked"), "values of custom fields of type Password"),
    "custom_fields_on_edit": Variant("yes", ("yes", "no"), "whether an edit stores custom fields at all"),
    "ignore_fields": Variant("", None, "comma list of wire names that are silently not stored"),
    "duplicate_overall": Variant("Success", ("Success", "Failed"), "overall status if no account was added"),
    "first_account": Variant("optional", ("optional", "required"), "whether a new resource needs its first account"),
    "create_answer": Variant("plain", ("plain", "id"), "whether the answer to a new resource holds its id"),
    "edit_domain_name": Variant("ignored", ("ignored", "taken"), "DOMAINNAME in the edit of a resource"),
    "empty_notes": Variant("clears", ("clears", "ignored", "refused"), "empty NOTES in an edit"),
    "empty_custom_field": Variant("clears", ("clears", "ignored", "refused"), "an empty custom field in an edit"),
    "empty_policy": Variant("ignored", ("ignored", "clears", "refused"), "an empty policy in an edit"),
    "empty_owner": Variant("refused", ("refused", "ignored", "clears"), "an empty OWNERNAME in an edit"),
    "command_set_key": Variant(
        "COMMAND_SET", ("COMMAND_SET", "COMMAN_SET", "both"), "the key of the command set when an account is added"
    ),
    "readable_settings": Variant("", None, "comma list of settings that the account details show, by wire name"),
    "lookup_miss": Variant(
        "failed", ("failed", "empty"), "a name without a hit: Failed, or Success with empty Details"
    ),
    "revoke_missing": Variant("success", ("success", "failed"), "revoking a share that is not there"),
    "share_repeat": Variant("same", ("same", "distinct"), "whether the text of a share tells that nothing changed"),
    "share_read": Variant("no", ("no", "yes"), "whether a GET on the /share addresses shows the shares"),
    "account_fullaccess": Variant("allowed", ("allowed", "refused"), "ACCESSTYPE fullaccess on a single account"),
    "reset_type_case": Variant("any", ("any", "upper"), "whether RESETTYPE may be written in lower case"),
    "no_new_password": Variant("refused", ("refused", "generated"), "a change of a password without NEWPASSWORD"),
    "delete_blocks_name": Variant(
        "no", ("no", "yes"), "whether deleting goes to the trash, where the name stays taken"
    ),
    "date_format": Variant(
        "as_written",
        ("as_written", "iso", "text", "text_time", "epoch_ms"),
        "how the value of a custom field of type Date is shown: 19/02/2022, 2022-02-19, Feb 19, 2022, "
        "Feb 19, 2022 12:00 AM, 1645228800000",
    ),
    "resource_type_filter": Variant(
        "optional", ("optional", "required"), "RESOURCETYPE_CONTAINING in the list of resource types"
    ),
    "group_key": Variant(
        "details", ("details", "Details", "both"), "the inner key of INPUT_DATA in the list of resource groups"
    ),
    "audit_order": Variant("oldest_first", ("oldest_first", "newest_first"), "the order of the audit trail"),
    "audit_startindex_base": Variant("1", ("1", "0"), "the STARTINDEX of the first row of the audit trail"),
    "enforce_policy": Variant("no", ("no", "yes"), "whether a password against its policy is refused"),
    "group_ids": Variant("number", ("number", "string"), "type of ids in camelCase answers"),
    "host_check": Variant("off", ("off", "denied", "unresolvable"), "the API user's host check"),
    "security_filter": Variant("off", ("off", "on"), "HTTP 599 for input with a script tag"),
    "clock_offset": Variant("0", None, "seconds that the server's clock is ahead, Date header included", number=True),
    "utc_offset": Variant("0", None, "minutes that the server's local time is ahead of UTC", number=True),
}
