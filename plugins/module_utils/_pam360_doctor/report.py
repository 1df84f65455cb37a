# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found, in words for people: what follows from it, and what is still open. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping

from .._pam360.server_profile import NOT_PROBED
from .findings import Findings
from .probes_object import Specimen
from .workshop import Options

# What follows from each verdict for playbooks. A doubt that changes nothing has one sentence under "".
MEANING: Mapping[str, Mapping[str, str]] = {
    "success": {"": "The modules accept either."},
    "failure_status": {"": "The modules read the answer itself, whatever its HTTP status."},
    "lookup_miss": {
        "failed": "A refused look-up counts as an unknown name, and a list is asked to be sure.",
        "empty": "An unknown name is told from a refusal. A creation takes one request less.",
    },
    "names": {
        "exact": "root and Root are two accounts.",
        "case_insensitive": "root and Root are one account.",
    },
    "search": {
        "contains": "Long lists are searched by a part of the name.",
        "exact": "Searches find whole names only, so other lists are read as a whole.",
    },
    "startindex_base": {"": "Lists of several pages are read as a whole either way."},
    "total_rows": {
        "all": "The list says how many resources there are.",
        "page": "A list ends where a page brings nothing new: one request more.",
    },
    "resource_type_filter": {"": "For the doctor alone."},
    "group_key": {"": "Resource groups are listed under the key that counts."},
    "group_ids": {"": "The modules accept either."},
    "audit_order": {"": "For your own use of the audit trail."},
    "audit_startindex_base": {"": "For your own use of the audit trail."},
    "policy_key": {"": "The modules accept either."},
    "list_description": {
        "present": "notes are compared by the list of accounts.",
        "absent": "notes are compared by the details: one request more for each account.",
    },
    "empty_text": {"": "The modules take each for an empty text."},
    "totp_flag": {"": "The modules do not use the flag."},
    "readable_settings": {
        "": "Settings other than name, notes, policy and custom fields cannot be compared: track them.",
        "*": "These settings are compared as the notes are, where a probe has written and read them.",
    },
    "share_read": {
        "no": "Shares cannot be read: track them.",
        "yes": "pam360_account_share and pam360_resource_share compare shares where W10 has seen that they are shown.",
    },
    "first_account": {
        "optional": "A resource can be made without an account.",
        "required": "pam360_resource cannot make a resource here: make it at the console, with its first account.",
    },
    "create_answer": {"": "The modules look up the ID by the name."},
    "add_answer": {"": "The modules accept either."},
    "duplicate_overall": {"": "The modules read what is said of each account."},
    "command_set_key": {
        "COMMAND_SET": "command_set is sent as the API pages spell it.",
        "COMMAN_SET": "command_set of a new account is sent under the misspelt key, the only one that counts.",
        "both": "command_set is sent as the API pages spell it.",
    },
    "notes_column": {
        "shared": "notes and description are one text: give only notes.",
        "shared_description_wins": "notes and description are one text: give only notes.",
        "separate": "Only notes can be read; a description cannot be compared.",
    },
    "edit_omitted": {
        "keep": "An edit keeps what it leaves out, so nothing is read to protect it: one request less.",
        "clear": "An edit clears what it leaves out. What can be read goes along; give all that cannot in each task.",
    },
    "edit_semantics": {
        "keep": "Custom fields that are not named keep their values.",
        "replace": "Custom fields that are not named would be cleared; the modules send them along.",
    },
    "edit_domain_name": {
        "ignored": "domain_name of a resource can be given at its creation only. Another value is an error.",
        "taken": "domain_name of a resource can be changed.",
    },
    "custom_fields_on_edit": {
        "yes": "Custom fields can be changed.",
        "no": "Custom fields can be given at the creation only, so nothing can be tracked in one.",
    },
    "custom_fields_password": {
        "clear": "Secret custom fields are compared.",
        "masked": "Secret custom fields cannot be compared: they are sent along with other changes only.",
    },
    "date_format": {"": "Custom fields of type Date are compared, in whatever form they are shown."},
    "empty_notes": {
        "clears": 'notes: "" clears the notes.',
        "*": 'notes: "" does not clear the notes here, so it is an error.',
    },
    "empty_custom_field": {
        "clears": 'label: "" clears a custom field.',
        "*": 'label: "" does not clear a custom field here, so it is an error.',
    },
    "empty_policy": {"": "An empty policy is refused before it is sent."},
    "empty_owner": {"": "An empty owner is refused before it is sent."},
    "reset_type_case": {"": "The modules send capitals."},
    "no_new_password": {"": "The modules always send a password."},
    "enforce_policy": {
        "no": "A password against its policy is taken, and is not compliant afterwards.",
        "yes": "A password against its policy is refused: make yours fit, or use generate.",
    },
    "security_filter": {
        "off": "Texts with a script tag are taken.",
        "on": "Texts that look like HTML or a script are refused with HTTP 599.",
    },
    "account_fullaccess": {
        "allowed": "access_type: full_access works for single accounts.",
        "refused": "access_type: full_access of a single account is an error: share the resource.",
    },
    "share_repeat": {
        "same": "The answer does not say whether a share was there before: untracked shares are changed on each run.",
        "distinct": "Share tasks without tracking are changed only if the server says so.",
    },
    "revoke_missing": {
        "success": "A revoke of a share that is not there is no error.",
        "failed": "A revoke of a share that is not there is refused; share tasks take that for absent.",
    },
    "delete_blocks_name": {
        "no": "state: absent frees the name.",
        "yes": "state: absent does not free the name, as what is deleted stays in the trash, the probes' objects too.",
    },
}
WRITES = (
    *("first_account", "create_answer", "add_answer", "duplicate_overall", "notes_column", "edit_omitted"),
    *("edit_semantics", "edit_domain_name", "custom_fields_on_edit", "custom_fields_password", "date_format"),
    *("empty_notes", "empty_custom_field", "empty_policy", "empty_owner", "reset_type_case", "no_new_password"),
    *("enforce_policy", "security_filter", "delete_blocks_name"),
)
SHARES = ("account_fullaccess", "share_repeat", "revoke_missing")
ACCOUNT = ("list_description", "totp_flag", "readable_settings", "empty_text")
RESOURCE = ("policy_key", "search", "names")


def needs(findings: Findings, *, scratch: bool, options: Options, specimen: Specimen | None) -> None:
    """Say of each doubt that was not probed what it takes."""
    if not scratch:
        findings.open((*WRITES, "command_set_key", *SHARES), "Needs scratch: true, and no check mode.")
        findings.open(RESOURCE if not specimen else (), "Needs resource, or scratch: true.")
        findings.open(ACCOUNT if not specimen or not specimen.account else (), "Needs account, or scratch: true.")
    findings.open(SHARES if not options.grantees else (), "Needs user or user_group.")
    findings.open(["command_set_key"] if options.command_set is None else (), "Needs command_set.")
    findings.open(["share_read"] if not options.explore else (), "Needs explore: true.")
    for name, finding in findings.all.items():
        if not finding.evidence:
            findings.open([name], "The probe told nothing; see the observations.")


def meaning(name: str, verdict: str) -> str:
    """Return what follows from a verdict."""
    known = MEANING[name]
    return known.get(verdict) or known.get("*") or known[""]


def report(
    findings: Findings, tracking: Mapping[str, bool | None], label: str, rights: Mapping[str, bool | None]
) -> list[str]:
    """Return the lines of a table."""
    width = max(map(len, findings.all)) + 2
    lines = ["What was found, and what it means for your playbooks", ""]
    settled = {name: one for name, one in findings.all.items() if one.verdict is not None}
    for name, one in settled.items():
        verdict = one.verdict or "(nothing)"
        lines.append(f"{name:{width}}{verdict:25}{one.certainty:10}{meaning(name, one.verdict or '')}")
    strange = [name for name in findings.all if name not in settled and findings[name].certainty != NOT_PROBED]
    if strange:
        lines += ["", "Seen, but unlike any known server: please report it with this evidence"]
        lines += [f"{name:{width}}{' '.join(findings[name].evidence)}" for name in strange]
    still = [name for name in findings.all if name not in settled and name not in strange]
    if still:
        lines += ["", "Still open"]
        lines += [f"{name:{width}}{' '.join(findings[name].evidence)}" for name in still]
    return [*lines, "", *_tracking(tracking, label), "", *_rights(rights)]


def _rights(rights: Mapping[str, bool | None]) -> list[str]:
    """Return the lines about what the token may do."""
    groups = (("done", True), ("refused whenever it was tried", False), ("not tried", None))
    named = [(words, [right for right, known in rights.items() if known is wanted]) for words, wanted in groups]
    return ["What the token may do", *(f"{words}: {', '.join(found)}" for words, found in named if found)]


def _tracking(tracking: Mapping[str, bool | None], label: str) -> list[str]:
    """Return the lines about the field that keeps fingerprints."""
    lines = [f"Tracking of what cannot be read, in the custom field '{label}'"]
    words = {True: "defined", False: "not defined", None: "not known, as none was looked at"}
    lines += [f"for {noun}: {words[known]}" for noun, known in tracking.items()]
    missing = [noun for noun, known in tracking.items() if known is False]
    if missing:
        lines.append(
            f"To track, define it in PAM360 as a custom field of type Character, for {' and for '.join(missing)}, with"
            " room for 250 characters, and let no one else write to it."
        )
    return lines
