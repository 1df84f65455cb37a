# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variants of behaviour that are documented, seen, or open in the public material."""

from __future__ import annotations

from standin_core.profile import Variant

VARIANTS: dict[str, Variant] = {
    "edition": Variant(
        "both",
        ("both", "self_hosted", "cloud"),
        "ways to log on: both, Logon alone, or the token of an Identity tenant alone (Privilege Cloud)",
    ),
    "oauth_lifetime": Variant("3600", None, "seconds after which a bearer token ends", number=True),
    "oauth_expires_in": Variant("told", ("told", "missing"), "whether the answer says when the token ends"),
    "oauth_failure": Variant("401", ("401", "400", "403"), "HTTP status of a wrong client id or secret"),
    "bearer_failure": Variant(
        "pasws", ("pasws", "gateway", "empty"), "401 for a bearer token: PASWS006E, the form of gateways, or no body"
    ),
    "sticky": Variant("off", ("off", "required"), "whether a token counts only with the cookie of its logon"),
    "session_timeout": Variant("1200", None, "seconds without a call after which a session ends", number=True),
    "max_sessions": Variant("300", None, "live sessions that one user may have", number=True),
    "session_failure": Variant("401", ("401", "403"), "HTTP status without a session: 401 PASWS006E, 403 CAIWS001E"),
    "windows_logon": Variant(
        "token", ("token", "object"), "Windows logon: a token, or the object of IIS that asks for a second logon"
    ),
    "logon_failure": Variant("403", ("403", "401"), "HTTP status of a wrong user name or password"),
    "radius": Variant(
        "password", ("password", "otp", "challenge"), "RADIUS wants the password, 'password,otp', or asks for the otp"
    ),
    "directory": Variant("PasswordVault", None, "the directory of the web application"),
    "version": Variant("14.2.0", None, "the version that the server tells; it changes nothing else"),
    "url_characters": Variant("refused", ("refused", "not_found", "accepted"), "+ & % in URL values: 400, 404, fine"),
    "names": Variant("any_case", ("any_case", "exact"), "how names of safes, accounts and users are compared"),
    "property_names": Variant("exact", ("exact", "any_case"), "how names of platform properties are compared"),
    "search_name": Variant("no", ("no", "yes"), "whether search looks at the object name"),
    "search_words": Variant("all", ("all", "any"), "whether all words of a search must be found, or any"),
    "count": Variant("page", ("page", "all"), "what count in the answer of Get accounts counts"),
    "page_limit": Variant("1000", None, "the server's own limit for a page", number=True),
    "max_displayed_records": Variant(
        "0", None, "accounts after which a list ends, whatever there is (0: none)", number=True
    ),
    "list_end": Variant("silent", ("silent", "error"), "such a list: no nextLink, or one that leads to HTTP 500"),
    "empty_page": Variant("0", None, "the page of a list that comes empty, with a nextLink (0: none)", number=True),
    "filter_quotes": Variant(
        "literal",
        ("literal", "accepted", "required"),
        "quotes in a filter: part of the value, taken off, or (14.6) needed where it has white space, else 400",
    ),
    "empty_properties": Variant(
        "seen",
        ("seen", "absent", "object"),
        "platformAccountProperties without any: {} in lists only, never, or always",
    ),
    "times": Variant("seconds", ("seconds", "datetime"), "times as Unix seconds, or as ...DateTime texts"),
    "boolean_text": Variant("true", ("true", "True", "Yes"), "how a JSON true is stored in a platform property"),
    "remote_machines": Variant("as_sent", ("as_sent", "comma"), "how the list of remote machines is shown"),
    "generated_name": Variant("plain", ("plain", "unique"), "whether a generated name gets a number if it is taken"),
    "patch": Variant("all", ("all", "partial"), "whether operations before a wrong one are kept"),
    "patch_properties": Variant(
        "all",
        ("all", "last_leaf", "last"),
        "of several operations on platform properties: all count, of those on leaves the last, of all the last",
    ),
    "properties_object": Variant(
        "merge", ("merge", "replace"), "an object on /platformAccountProperties: other properties stay, or go"
    ),
    "duplicate_machines": Variant(
        "stuck", ("stuck", "fine"), "a stored list with a machine twice: only emptying it has an effect, or anything"
    ),
    "remove_absent": Variant("refused", ("refused", "ignored"), "removing a property that is not there"),
    "remove_object": Variant("refused", ("refused", "accepted"), "remove with an object on /platformAccountProperties"),
    "enable_with_reason": Variant(
        "refused", ("refused", "error500", "cleared"), "turning automatic management on while a reason is left"
    ),
    "deleted_by_id": Variant("gone", ("gone", "readable"), "a deleted account by its id: 404, or still 200"),
    "deleted_write": Variant("404", ("404", "400", "409"), "HTTP status of a write to an account that is readable so"),
    "duplicates": Variant(
        "allowed",
        ("allowed", "refused"),
        "the same user and address in another safe: fine, or 409 that is no PASWS027E",
    ),
    "refusal": Variant("403", ("403", "500"), "a missing right: 403 PASWS041E, or 500 ITATS955E (v9)"),
    "code_place": Variant(
        "seen",
        ("seen", "outer", "message", "details"),
        "where the true code stands: as it was seen, in ErrorCode, in ErrorMessage, in Details",
    ),
    "linked_accounts": Variant(
        "all",
        ("all", "unread", "link_only", "none"),
        "link, unlink and read; no read; 12.1 (link alone, its index as ExtraPassID); none of them",
    ),
    "linked_id_key": Variant("AccountID", ("AccountID", "AccountId"), "spelling of the id in the linked accounts"),
    "linked_ids": Variant("same", ("same", "other"), "that id: the account's own, or one of another kind"),
    "linked_name": Variant("object", ("object", "kind"), "Name of a linked account: the object's, or LogonAccount"),
    "no_links": Variant("empty", ("empty", "404"), "an account without linked accounts: an empty list, or 404"),
    "link_status": Variant("200", ("200", "201"), "HTTP status of a link"),
    "link_unknown": Variant("404", ("404", "400"), "HTTP status of a link to an account that is not there"),
    "unlink_status": Variant("200", ("200", "204"), "HTTP status of an unlink"),
    "unlink_right": Variant(
        "properties",
        ("properties", "manage_safe"),
        "unlinking needs updateAccountProperties, or manageSafe too (RequireManageSafeToClearLinkedAccount)",
    ),
    "put": Variant("clears", ("clears", "keeps"), "what a PUT of a safe or a member leaves out: cleared, or kept"),
    "no_retention": Variant(
        "refused", ("refused", "seven_days"), "a new safe without versions and without days: 400, or 7 days"
    ),
    "full_safe": Variant("refused", ("refused", "deleted"), "deleting a safe with content: 400, or all of it goes"),
    "predefined_in_list": Variant(
        "hidden", ("hidden", "shown"), "predefined members in a list without includePredefinedUsers"
    ),
    "predefined_by_name": Variant("not_found", ("not_found", "found"), "a predefined member by its name: 404, or 200"),
    "member_ids": Variant("number", ("number", "guid"), "memberId as a number or a GUID"),
    "dots": Variant("slash", ("slash", "plain"), "a URL that ends in a name with a dot: 404 without a slash, or fine"),
    "details": Variant("list", ("list", "object"), "Details of a validation error: a list or one object"),
    "cpm": Variant(
        "instant",
        ("instant", "queued", "polls"),
        "when the CPM works: at once, on the edit run_cpm, or after some answers that show the account",
    ),
    "cpm_polls": Variant(
        "2", None, "with cpm=polls: answers that show the account before the work is done", number=True
    ),
    "cpm_status": Variant(
        "at_once", ("at_once", "late"), "status of an account that was asked for: inProcess, or at first what it was"
    ),
    "cpm_disabled": Variant(
        "refused", ("refused", "fails"), "an action without automatic management: 400, or the CPM fails"
    ),
    "reconcile_alone": Variant(
        "fails",
        ("fails", "refused", "works"),
        "reconcile without a reconcile account: the CPM fails, 400, or it works",
    ),
    "secret_digits": Variant("accepted", ("accepted", "refused"), "a digit at an end of NewCredentials"),
    "activities": Variant(
        "both", ("both", "first", "second", "none"), "which calls for activities there are: the old one, that of 13.2"
    ),
    "clock_offset": Variant("0", None, "seconds that the server's clock is ahead, Date header included", number=True),
}
