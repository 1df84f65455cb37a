# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one PAM360 server behaves where builds differ, as ``pam360_doctor`` found out. Internal to the collection."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._engine.fields import MISSING
from .server_words import masked

FORMAT, VERSION, VAULT = "vaultops.pam server profile", 1, "pam360"
SEEN, INFERRED, NOT_PROBED = "seen", "inferred", "not probed"
EMPTY_EFFECTS = ("clears", "ignored", "refused")
# Each doubt with what is known to be possible; nothing: a list of names. The stand-in has the same as its profiles.
VALUES: Mapping[str, tuple[str, ...]] = {
    "success": ("Success", "true"),
    "failure_status": ("200", "4xx", "400", "401", "403", "404", "409", "422", "500"),
    "lookup_miss": ("failed", "empty"),
    "names": ("exact", "case_insensitive"),
    "search": ("contains", "exact"),
    "startindex_base": ("0", "1"),
    "total_rows": ("all", "page"),
    "resource_type_filter": ("optional", "required"),
    "group_key": ("details", "Details", "both"),
    "group_ids": ("number", "string"),
    "audit_order": ("oldest_first", "newest_first"),
    "audit_startindex_base": ("1", "0"),
    "policy_key": ("new", "old"),
    "list_description": ("present", "absent"),
    "empty_text": ("N/A", "all", ""),
    "totp_flag": ("absent", "present"),
    "readable_settings": (),
    "share_read": ("no", "yes"),
    "first_account": ("optional", "required"),
    "create_answer": ("plain", "id"),
    "add_answer": ("object", "list"),
    "duplicate_overall": ("Success", "Failed"),
    "command_set_key": ("COMMAND_SET", "COMMAN_SET", "both"),
    "notes_column": ("shared", "shared_description_wins", "separate"),
    "edit_omitted": ("keep", "clear"),
    "edit_semantics": ("keep", "replace"),
    "edit_domain_name": ("ignored", "taken"),
    "custom_fields_on_edit": ("yes", "no"),
    "custom_fields_password": ("clear", "masked"),
    "date_format": ("as_written", "iso", "text", "text_time", "epoch_ms"),
    "empty_notes": EMPTY_EFFECTS,
    "empty_custom_field": EMPTY_EFFECTS,
    "empty_policy": EMPTY_EFFECTS,
    "empty_owner": EMPTY_EFFECTS,
    "reset_type_case": ("any", "upper"),
    "no_new_password": ("refused", "generated"),
    "enforce_policy": ("no", "yes"),
    "security_filter": ("off", "on"),
    "account_fullaccess": ("allowed", "refused"),
    "share_repeat": ("same", "distinct"),
    "revoke_missing": ("success", "failed"),
    "delete_blocks_name": ("no", "yes"),
}


@dataclass(frozen=True)
class ServerProfile:
    """What was seen for certain. Without a file nothing was, and the modules do what is right either way.

    :param verdicts: by doubt.
    :param more: what else a finding has: texts, masked, or names.
    """

    verdicts: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def seen(self, doubt: str) -> str:
        """Return what was seen, ``""`` for nothing."""
        return self.verdicts.get(doubt, "")

    def details(self, doubt: str) -> tuple[str, ...]:
        """Return the texts or names that were seen along with it."""
        return self.more.get(doubt, ())

    def knows_text(self, doubt: str, words: str) -> bool:
        """Whether the server said the same, but for names and numbers, when the doubt was settled."""
        return bool(self.details(doubt)) and masked(one_line(words)) in self.details(doubt)


UNKNOWN_SERVER = ServerProfile()


def load(path: str, warn: Callable[[str], None]) -> ServerProfile:
    """Return the profile in a file; raise InputError. What this version does not know is left out, with a warning."""
    findings = _findings(path)
    verdicts, more, unknown = {}, {}, []
    for name, finding in findings.items():
        verdict = finding.get("verdict", MISSING) if isinstance(finding, Mapping) else MISSING
        if not (verdict is None or isinstance(verdict, str)):
            raise _unusable(path, f"its finding '{one_line(name)}' has no verdict")
        if name not in VALUES or (verdict is not None and VALUES[name] and verdict not in VALUES[name]):
            unknown.append(name)
        elif verdict is not None and finding.get("certainty") == SEEN:
            verdicts[name] = verdict
            details = finding.get("details")
            more[name] = tuple(str(one) for one in details) if isinstance(details, list) else ()
    if unknown:
        names = one_line(", ".join(sorted(unknown)))
        warn(f"The server profile has findings that this version does not know and ignores: {names}.")
    return ServerProfile(verdicts, more)


def _findings(path: str) -> Mapping[str, Any]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            whole = json.load(file)
    except OSError:
        message = f"server_profile names '{one_line(path)}', which cannot be read"
        raise InputError(message, code="bad_server_profile") from None
    except (ValueError, RecursionError):
        raise _unusable(path, "it is not JSON") from None
    if not isinstance(whole, Mapping) or whole.get("format") != FORMAT:
        raise _unusable(path, f"its format is not '{FORMAT}'")
    for key, known in (("version", VERSION), ("vault", VAULT)):
        if whole.get(key) != known:
            raise _unusable(path, f"its {key} is {one_line(whole.get(key))} instead of {known}")
    findings = whole.get("findings")
    if not isinstance(findings, Mapping):
        raise _unusable(path, "it has no findings")
    return findings


def _unusable(path: str, why: str) -> InputError:
    message = f"server_profile names '{one_line(path)}', which is not a server profile: {why}"
    return InputError(message, code="bad_server_profile", hint="Let vaultops.pam.pam360_doctor write it.")
