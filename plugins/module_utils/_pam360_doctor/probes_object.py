# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes that read one resource and one account of it, and never a password. Internal to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from .._common.redaction import give_away
from .._pam360.calls import name_in_path, path_id
from .._pam360.custom_fields import read
from .._pam360.envelope import Json, fold, id_of, is_rows, value_of
from .._pam360.fields import ACCOUNT
from .._pam360.server_words import PLAIN
from .asking import Asker, InconclusiveError, expected, told
from .findings import Findings
from .scratch import SEARCH

# What the account details are known to hold (contract of the API, accountapi-3 and captures).
DETAILS = frozenset(
    map(
        fold,
        (
            *("DESCRIPTION", "PASSWDID", "LAST MODIFIED TIME", "EXPIRY STATUS", "COMPLIANT REASON", "PASSWORD STATUS"),
            *("PASSWORDREQUEST_REASON_MANDATORY", "PASSWORD POLICY", "COMPLIANT STATUS", "LAST ACCESSED TIME"),
            "CUSTOM FIELD",
        ),
    )
)
SETTINGS = {fold(field.api): field.api for field in ACCOUNT if not field.read and field.api != "PASSWORD"}
EMPTY_IN_LIST = ("LOCATION", "DEPARTMENT", "RESOURCE DESCRIPTION", "RESOURCE URL", "DNS NAME", "DOMAIN NAME")
EMPTY_IN_DETAILS = ("DESCRIPTION", "LAST MODIFIED TIME", "LAST ACCESSED TIME")
MAX_KEY = 60


class Specimen(NamedTuple):
    """A resource to look at, and one of its accounts, whose name and ID are ``""`` for none."""

    name: str
    resource_id: str
    account: str = ""
    account_id: str = ""

    @property
    def path(self) -> str:
        """Address of the resource."""
        return f"resources/{path_id(self.resource_id)}"

    @property
    def account_path(self) -> str:
        """Address of the account; raise InconclusiveError."""
        if not self.account_id:
            raise InconclusiveError("no account was given")
        return f"{self.path}/accounts/{path_id(self.account_id)}"


class ObjectProbes:
    """What can be told by looking at one object.

    :ivar labels: custom fields of accounts, label to type; ``None`` until they were read.
    :ivar resource_labels: those of resources.
    """

    def __init__(self, ask: Asker, findings: Findings) -> None:
        self.ask = ask
        self.findings = findings
        self.labels: Mapping[str, str] | None = None
        self.resource_labels: Mapping[str, str] | None = None

    def r3(self, it: Specimen) -> None:
        """An account that is not there."""
        answer = self.ask.read(f"{it.path}/accounts/0")
        self.findings.observe(f"R3: an account that is not there: {answer.in_words}")

    def r4(self, it: Specimen) -> None:
        """Keys and empty texts of account list and details."""
        listed = expected(self.ask.read(f"{it.path}/accounts"), "R4: the account list").record
        self.resource_labels = _labels(listed)
        new = any(fold(str(key)) == fold("RESOURCE PASSWORD POLICY") for key in listed)
        old = any(fold(str(key)) == fold("PASSWORD POLICY") for key in listed)
        if new or old:
            key = "RESOURCE PASSWORD POLICY" if new else "PASSWORD POLICY"
            self.findings.found("policy_key", "new" if new else "old", f"R4: the account list has {key}")
        texts = [value_of(listed, name) for name in EMPTY_IN_LIST]
        if "N/A" in texts:
            self.findings.found("empty_text", "all", "R4: an empty text of the account list is N/A")
        row = next((row for row in self._rows(listed) if id_of(row, "ACCOUNT ID") == it.account_id), None)
        if row is not None:
            self._row(row)
        if it.account_id:
            details = expected(self.ask.read(it.account_path), "R4: the account details").record
            self.labels = _labels(details)
            self._keys(details, it)
            if "N/A" not in texts and "" in texts:
                self._empty(details)

    @staticmethod
    def _rows(listed: Json) -> list[Json]:
        rows = value_of(listed, "ACCOUNT LIST")
        if not is_rows(rows):
            raise InconclusiveError("R4: there is no list of accounts")
        return list(rows or [])

    def _row(self, row: Json) -> None:
        keys = {fold(str(key)) for key in row}
        for name, key, there, missing in (
            ("list_description", "ACCOUNT_DESCRIPTION", "present", "absent"),
            ("totp_flag", "IS_TOTP_CONFIGURED", "present", "absent"),
        ):
            has = fold(key) in keys
            words = f"R4: the account list has {'' if has else 'no '}{key}"
            self.findings.found(name, there if has else missing, words)

    def _empty(self, details: Json) -> None:
        texts = [value_of(details, name) for name in EMPTY_IN_DETAILS]
        if "N/A" in texts:
            self.findings.found("empty_text", "N/A", "R4: an empty text is N/A in the details, and empty in the list")
        elif "" in texts:
            self.findings.found("empty_text", "", "R4: an empty text is empty in the details and in the list")

    def _keys(self, details: Json, it: Specimen) -> None:
        """Whether the details show settings that they are not known to show: names of keys only."""
        keys = [str(key) for key in details if fold(str(key)) not in DETAILS]
        settings = [SETTINGS[fold(key)] for key in keys if fold(key) in SETTINGS]
        others = [key for key in keys if fold(key) not in SETTINGS]
        shown = [key for key in others if self._may_be_shown(key, it)]
        hidden = len(others) - len(shown)
        if others:
            words = ", ".join(shown) + (f" and {hidden} more" if hidden else "")
            self.findings.observe(f"R4: new keys in the account details: {words.removeprefix(' and ')}")
        evidence = f"R4: settings among the keys of the account details: {', '.join(settings) or 'none'}"
        self.findings.found("readable_settings", ",".join(settings), evidence, certain=not settings)

    def _may_be_shown(self, key: str, it: Specimen) -> bool:
        """Whether a key looks like one of the API, and like nothing of this vault."""
        private = [it.name, it.account, it.resource_id, it.account_id, *(self.labels or ())]
        plain = len(key) <= MAX_KEY and bool(PLAIN.fullmatch(key.replace(" ", "_").replace("/", "_")))
        return plain and key.upper() == key and not give_away(key, filter(None, private))

    def r6(self, it: Specimen) -> None:
        """The search for resources."""
        middle = it.name[1:-1].strip()
        if len(middle) < 2:
            raise InconclusiveError("R6: the name of the resource is too short")
        hits = {}
        for what, text in (("whole", it.name), ("middle", middle), ("case", it.name.swapcase())):
            answer = expected(self.ask.read("resources", {**SEARCH, "SEARCHVALUE": text}), "R6: the search")
            hits[what] = any(id_of(row, "RESOURCE ID") == it.resource_id for row in answer.rows)
        self.findings.observe(f"R6: the search {'does not care' if hits['case'] else 'cares'} for case")
        if hits["middle"] or hits["whole"]:
            verdict = "contains" if hits["middle"] else "exact"
            part = "also" if hits["middle"] else "not"
            self.findings.found("search", verdict, f"R6: the resource is found by its name, {part} by a part of it")
        else:
            self.findings.strange("search", "R6: the resource is not found by its name")

    def r7(self, it: Specimen) -> None:
        """The look-up of a name in another case."""
        swapped = it.name.swapcase()
        in_path = name_in_path(swapped, "resource")
        if swapped == it.name or not in_path:
            raise InconclusiveError("R7: the name of the resource has no letters, or does not fit into an address")
        answer = self.ask.read(f"resources/resourcename/{in_path}")
        found = id_of(answer.details, "RESOURCEID") if told(answer, "R7: a name in another case") else ""
        if found not in ("", it.resource_id):
            raise InconclusiveError("R7: another resource has the name in the other case")
        verdict = "case_insensitive" if found else "exact"
        self.findings.found("names", verdict, f"R7: a name in another case is {'' if found else 'not '}found")

    def r10(self, it: Specimen) -> None:
        """Undocumented: do the addresses of shares answer a GET?"""
        groups = self.ask.read("resourcegroup", {"limit": "1"}, key="details")
        rows = groups.details if is_rows(groups.details) and groups.details else []
        group_id = id_of(rows[0], "resourceGroupId") if rows else ""
        paths = {"resource": f"{it.path}/share"}
        if it.account_id:
            paths["account"] = f"{it.account_path}/share"
        if group_id:
            paths["resource group"] = f"resourcegroup/{path_id(group_id)}/share"
        answers = {what: self.ask.read(path) for what, path in paths.items()}
        words = "; ".join(f"{what}: {answer.in_words}" for what, answer in answers.items())
        readable = [answer for answer in answers.values() if answer.success]
        # That it shows what was granted is another matter: W10 looks at that.
        self.findings.found("share_read", "yes" if readable else "no", f"R10: {words}", certain=not readable)

    def r11(self, it: Specimen) -> None:
        """The groups of a resource: the shape alone."""
        answer = self.ask.read(f"{it.path}/associatedGroups")
        rows = value_of(answer.details, "ASSOCIATED GROUPS")
        shape = "a list" if isinstance(rows, list) else "an empty text" if rows == "" else "nothing"
        self.findings.observe(f"R11: groups of a resource: HTTP {answer.status}, {shape}")


def _labels(record: Json) -> dict[str, str]:
    """Return the custom fields that a record shows, label to type."""
    return {label: item.type for label, item in read(value_of(record, "CUSTOM FIELD")).items()}


def tracked_by(labels: Collection[str] | None, label: str) -> bool | None:
    """Whether the tracking field is among some custom fields; ``None`` where they were not read."""
    return None if labels is None else label in labels
