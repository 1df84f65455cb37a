# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes that write settings, all on objects made for that. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.secret import Secret
from .._engine.fields import BOOLEAN
from .._pam360.envelope import value_of
from .._pam360.fields import ACCOUNT
from .asking import InconclusiveError, Seen, expected, told
from .scratch import new_name, new_password
from .workshop import Workshop, labelled, text_of

POLICIES = ("Medium", "Low", "Strong")  # that come with the product
DATE = "19/02/2022"
DATE_FORMS: Mapping[str, str] = {
    DATE: "as_written",
    "2022-02-19": "iso",
    "Feb 19, 2022": "text",
    "Feb 19, 2022 12:00 AM": "text_time",
}
MIDNIGHT, HALF_A_DAY = 1645228800000, 14 * 3600 * 1000
LONG = 5000
# Values of settings by which a key of the details is found to be that setting.
TRIALS: Mapping[str, str] = {
    "TOTP_DIGITS": "6",
    "TOTP_VALIDITY": "30",
    "TOTP_ALGORITHM": "SHA256",
    "SAP_USER_TYPE": "A",
}


class WriteProbes:
    """Each method is one probe. Later ones use what earlier ones made.

    :ivar policy: of the account, another one than that of its resource; ``""`` where none was found.
    :ivar labels: custom fields of the account that an edit writes.
    """

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.findings = shop.findings
        self.policy = ""
        self.labels: list[str] = []

    # Making

    def w1(self) -> None:
        """Make the resource: is an account mandatory? What does the answer hold?"""
        shop = self.shop
        answer = shop.scratch.make(shop.name)
        optional = told(answer, "W1: a resource without an account")
        self.findings.observe(f"W1: a resource without an account: {answer.in_words}")
        if not optional:
            first = {"ACCOUNTNAME": new_name(), "PASSWORD": new_password()}
            answer = expected(shop.scratch.make(shop.name, **first), "W1: a resource with an account")
        verdict = "optional" if optional else "required"
        self.findings.found("first_account", verdict, f"W1: a resource without an account is {_done(optional)}")
        shop.scratch.locate(shop.name)
        if answer.details in (None, "", {}, []):
            self.findings.found("create_answer", "plain", "W1: the answer has no Details")
        elif isinstance(answer.details, Mapping) and value_of(answer.details, "RESOURCEID") is not None:
            self.findings.found("create_answer", "id", "W1: the answer has RESOURCEID")
        else:
            self.findings.strange("create_answer", "W1: the answer has Details without RESOURCEID")

    def w2(self) -> None:
        """The same once more; then another resource."""
        shop = self.shop
        again = shop.scratch.make(shop.name, ACCOUNTNAME=new_name(), PASSWORD=new_password())
        self.findings.observe(f"W2: a resource of a name that is taken: {again.in_words}")
        shop.scratch.make(shop.spare, ACCOUNTNAME=new_name(), PASSWORD=new_password())

    def w3(self) -> None:
        """Add accounts: shape of the answer, and what it says of a duplicate."""
        shop = self.shop
        one = expected(shop.add({"ACCOUNTNAME": shop.account}), "W3: one account")
        if isinstance(one.details, list):
            self.findings.found("add_answer", "list", "W3: Details is a list")
        elif isinstance(one.details, Mapping):
            self.findings.found("add_answer", "object", "W3: Details is an object")
        else:
            self.findings.strange("add_answer", "W3: Details is neither a list nor an object")
        shop.find_account()
        both = shop.add({"ACCOUNTNAME": shop.account}, {"ACCOUNTNAME": shop.second})
        self.findings.observe(f"W3: one account that is there and a new one: {both.in_words}")
        again = shop.add({"ACCOUNTNAME": shop.account})
        verdict = "Success" if told(again, "W3: an account that is there") else "Failed"
        self.findings.found("duplicate_overall", verdict, f"W3: an account that is there: {again.in_words}")
        policy = shop.add({"ACCOUNTNAME": new_name(), "ACCOUNTPASSWORDPOLICY": new_name()})
        self.findings.observe(f"W3: an account with an unknown policy: {policy.in_words}")

    # Editing

    def w4(self) -> None:
        """NOTES and DESCRIPTION: one text or two?"""
        shop, texts = self.shop, []
        for fields in ({"NOTES": "n1"}, {"DESCRIPTION": "d1"}, {"NOTES": "n2", "DESCRIPTION": "d2"}):
            expected(shop.edit(**fields), "W4: an edit")
            texts.append(shop.note())
        evidence = f"W4: NOTES n1, DESCRIPTION d1, both n2 and d2: the text is {', '.join(map(_known, texts))}"
        if texts[0] != "n1" or texts[2] not in ("n2", "d2") or texts[1] not in ("n1", "d1", ""):
            self.findings.strange("notes_column", evidence)
        elif texts[1] == "d1":
            verdict = "shared" if texts[2] == "n2" else "shared_description_wins"
            self.findings.found("notes_column", verdict, evidence)
        else:
            self.findings.found("notes_column", "separate", evidence)

    def w5(self) -> None:
        """What an edit does to what it leaves out."""
        shop = self.shop
        kept, more = {"NOTES": "n"}, {}
        self.policy = self._another_policy()
        if self.policy:
            kept["ACCOUNTPASSWORDPOLICY"] = self.policy
        if shop.options.command_set is not None:
            more["COMMAND_SET"] = shop.options.command_set
        values = self._two_labels()
        given = {"ACCOUNTCUSTOMFIELD": labelled(values)} if values else {}
        if not told(shop.edit(**kept, **more, **given), "W5: an edit"):
            expected(shop.edit(**kept, **more), "W5: an edit")
        values = self._taken(values)
        was = self._command_set()
        expected(shop.edit(), "W5: an edit of the name alone")
        details = shop.details()
        still = {"NOTES": text_of(details, "DESCRIPTION") == "n"}
        if self.policy:
            still["ACCOUNTPASSWORDPOLICY"] = text_of(details, "PASSWORD POLICY") == self.policy
        if values:
            still["custom fields"] = self._stored(values) == values
        if was:
            still["COMMAND_SET"] = self._command_set()
        self._omitted("W5", still)
        if len(values) == 2:
            self._w5_labels(values)

    def _omitted(self, probe: str, still: Mapping[str, bool]) -> None:
        words = ", ".join(f"{name} {'kept' if kept else 'cleared'}" for name, kept in still.items())
        if len(set(still.values())) == 1:
            verdict = "keep" if all(still.values()) else "clear"
            self.findings.found("edit_omitted", verdict, f"{probe}: left out of an edit: {words}")
        else:
            self.findings.strange("edit_omitted", f"{probe}: left out of an edit: {words}")

    def _w5_labels(self, values: Mapping[str, str]) -> None:
        """Name one label of two."""
        (first, value), (second, other) = values.items()
        expected(self.shop.edit(ACCOUNTCUSTOMFIELD=labelled(values)), "W5: two custom fields")
        expected(self.shop.edit(ACCOUNTCUSTOMFIELD=labelled({first: value})), "W5: one custom field")
        kept = self._stored({second: other}) == {second: other}
        words = "kept" if kept else "cleared"
        evidence = f"W5: a label that is not named is {words}"
        self.findings.found("edit_semantics", "keep" if kept else "replace", evidence)

    def _another_policy(self) -> str:
        """Give the account another policy than that of its resource, and return it."""
        current = text_of(self.shop.details(), "PASSWORD POLICY")
        for policy in [name for name in POLICIES if name != current][:2]:
            if told(self.shop.edit(ACCOUNTPASSWORDPOLICY=policy), "W5: another policy"):
                return policy if text_of(self.shop.details(), "PASSWORD POLICY") == policy else ""
        return ""

    def _two_labels(self) -> dict[str, str]:
        """Return values for two custom fields of texts or numbers, not that of the fingerprints."""
        items = self.shop.custom()
        kinds = {label: item.type.casefold() for label, item in items.items()}
        usable = [label for kind in ("character", "numeric") for label in kinds if kinds[label] == kind]
        usable = [label for label in usable if label != self.shop.options.tracking_field][:2]
        if not usable:
            names = ["custom_fields_on_edit", "edit_semantics", "empty_custom_field"]
            self.findings.open(names, "W5: accounts have no custom field of type Character or Numeric")
        return {label: str(11 + number) for number, label in enumerate(usable)}

    def _taken(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return those of some custom fields that the edit has written; note whether an edit takes any."""
        found = self._stored(values)
        if values:
            words = f"W5: a custom field in an edit is {'taken' if found else 'not taken'}"
            self.findings.found("custom_fields_on_edit", "yes" if found else "no", words)
        if len(found) < 2:
            self.findings.open(["edit_semantics"], "W5: there are no two custom fields to write to")
        self.labels = list(found)
        return found

    def _stored(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return those of some custom fields that the vault shows."""
        items = self.shop.custom() if values else {}
        return {label: value for label, value in values.items() if label in items and items[label].same(Secret(value))}

    def _command_set(self) -> bool:
        row = self.shop.row(self.shop.account) if self.shop.options.command_set is not None else None
        return BOOLEAN.read(value_of(row, "IS_COMMAND_CONTROL_CONFIGURED")) is True

    def w5r(self) -> None:
        """The same for a resource, and its domain."""
        shop, name = self.shop, self.shop.name
        first = {"DEPARTMENT": "d", "LOCATION": "l", "DOMAINNAME": "EXAMPLE"}
        expected(shop.edit_resource(RESOURCENAME=name, **first), "W5r: an edit of the resource")
        before = shop.resource()
        if text_of(before, "DEPARTMENT") != "d":
            raise InconclusiveError("W5r: the server did not take DEPARTMENT")
        taken = text_of(before, "DOMAIN NAME") == "EXAMPLE"
        words = f"W5r: DOMAINNAME in an edit is {'taken' if taken else 'not taken'}"
        self.findings.found("edit_domain_name", "taken" if taken else "ignored", words)
        nameless = shop.edit_resource(LOCATION="l2")
        self.findings.observe(f"W5r: an edit of a resource without its name: {nameless.in_words}")
        if not told(nameless, "W5r: an edit without a name"):
            expected(shop.edit_resource(RESOURCENAME=name, LOCATION="l2"), "W5r: an edit of the resource")
        after = shop.resource()
        if text_of(after, "LOCATION") != "l2":
            raise InconclusiveError("W5r: the server did not take LOCATION")
        self._omitted("W5r", {"DEPARTMENT": text_of(after, "DEPARTMENT") == "d"})

    def w6(self) -> None:
        """What an empty text does to the settings of the account, each alone."""
        shop = self.shop
        full: dict[str, Any] = {"NOTES": "n"}
        if self.policy:
            full["ACCOUNTPASSWORDPOLICY"] = self.policy
        label = self.labels[0] if self.labels else ""
        if label:
            full["ACCOUNTCUSTOMFIELD"] = labelled({label: "11"})

        def shown(name: str) -> str:
            return text_of(shop.details(), name)

        expected(shop.edit(**full), "W6: an edit")
        self._emptied("empty_notes", shop.edit(**{**full, "NOTES": ""}), lambda: shown("DESCRIPTION"), "n")
        if label:
            emptied = {**full, "ACCOUNTCUSTOMFIELD": labelled({label: ""})}
            self._emptied("empty_custom_field", shop.edit(**emptied), lambda: self._number_in(label), "11")
        no_policy = shop.edit(**{**full, "ACCOUNTPASSWORDPOLICY": ""})
        if self.policy or (no_policy.refused and not no_policy.success):
            default = self.policy
            self._emptied(
                "empty_policy",
                no_policy,
                lambda: "" if shown("PASSWORD POLICY") != default else default,
                default,
            )
        else:
            self.findings.open(["empty_policy"], "W6: no other policy was found to tell by")

    def _emptied(self, name: str, answer: Seen, now: Any, before: str) -> None:
        effect = self.shop.effect(answer, f"W6: {name}", now, before)
        self.findings.found(name, effect, f"W6: an empty value: {effect}")

    def _number_in(self, label: str) -> str:
        """Return the value that was written, ``""`` for none: a number may be shown in another form."""
        item = self.shop.custom().get(label)
        return "11" if item and item.same(Secret("11")) else item.value.reveal() if item else ""

    def w7(self) -> None:
        """The key of the command set, when an account is added."""
        shop, number = self.shop, self.shop.options.command_set
        if number is None:
            raise InconclusiveError("W7: no command_set was given")
        keys = {new_name(): "COMMAND_SET", new_name(): "COMMAN_SET"}
        expected(shop.add(*({"ACCOUNTNAME": name, key: number} for name, key in keys.items())), "W7: two accounts")
        flags = {value_of(row, "ACCOUNT NAME"): value_of(row, "IS_COMMAND_CONTROL_CONFIGURED") for row in shop.rows()}
        took = [key for name, key in keys.items() if BOOLEAN.read(flags.get(name)) is True]
        evidence = f"W7: a command set was taken under: {', '.join(took) or 'none'}"
        if took:
            self.findings.found("command_set_key", "both" if len(took) == 2 else took[0], evidence)
        else:
            self.findings.strange("command_set_key", evidence)

    def w9(self) -> None:
        """The filter of harmful input, and long texts."""
        shop = self.shop
        answers = {what: shop.edit(NOTES=text) for what, text in (("<b>", "a <b> b"), ("<script>", "<script>"))}
        for what, answer in answers.items():
            self.findings.observe(f"W9: NOTES with {what}: {answer.in_words}")
        script = answers["<script>"]
        if script.status == 599 or script.success:
            verdict = "off" if script.success else "on"
            self.findings.found("security_filter", verdict, f"W9: NOTES with <script>: {script.in_words}")
        else:
            self.findings.strange("security_filter", f"W9: NOTES with <script>: {script.in_words}")
        long = shop.edit(NOTES="x" * LONG)
        length = f", {len(shop.note())} kept" if long.success else ""
        self.findings.observe(f"W9: NOTES of {LONG} characters: {long.in_words}{length}")

    def w13_date(self) -> None:
        """How a custom field of type Date is shown."""
        label = self._label_of("date")
        if label:
            self._date(label)
        else:
            self.findings.open(["date_format"], "W13: accounts have no custom field of type Date")

    def w13_secret(self) -> None:
        """How a custom field of type Password is shown."""
        label = self._label_of("password")
        if label:
            self._password_field(label)
        else:
            self.findings.open(["custom_fields_password"], "W13: accounts have no custom field of type Password")

    def _label_of(self, kind: str) -> str:
        return next((label for label, item in self.shop.custom().items() if item.type.casefold() == kind), "")

    def _date(self, label: str) -> None:
        expected(self.shop.edit(ACCOUNTCUSTOMFIELD=labelled({label: DATE})), "W13: a date")
        item = self.shop.custom().get(label)
        text = item.value.reveal() if item else ""
        if not text:
            raise InconclusiveError("W13: the server did not take a date")
        form = DATE_FORMS.get(text, "")
        if text.isdigit() and abs(int(text) - MIDNIGHT) <= HALF_A_DAY:
            form = "epoch_ms"
        if form:
            self.findings.found("date_format", form, f"W13: {DATE} is shown as {text if form != 'epoch_ms' else 'ms'}")
        else:
            shape = re.sub("[A-Za-z]", "a", re.sub("[0-9]", "9", text))[:40]
            self.findings.strange("date_format", f"W13: a date is shown in another form: {shape}")

    def _password_field(self, label: str) -> None:
        value = Secret("7" + new_password().reveal()[4:12])
        expected(self.shop.edit(ACCOUNTCUSTOMFIELD=labelled({label: value})), "W13: a secret custom field")
        item = self.shop.custom().get(label)
        if item is None or not item.value:
            raise InconclusiveError("W13: the server did not take a secret custom field")
        if item.masked or item.value == value:
            verdict = "masked" if item.masked else "clear"
            self.findings.found("custom_fields_password", verdict, f"W13: a secret custom field is shown {verdict}")
        else:
            self.findings.strange("custom_fields_password", "W13: a secret custom field is shown as something else")

    def confirm_readable(self) -> None:
        """See that a key of the details that looks like a setting is that setting: write it, and read it."""
        finding = self.findings["readable_settings"]
        if not finding.verdict:
            return
        fields = {field.api: field for field in ACCOUNT}
        trials: dict[str, Any] = {}
        for name in finding.verdict.split(","):
            if fields[name].kind is BOOLEAN:
                trials[name] = True
            elif name in TRIALS:
                trials[name] = TRIALS[name]
            elif name == "COMMAND_SET" and self.shop.options.command_set is not None:
                trials[name] = self.shop.options.command_set
        if not trials:
            return
        expected(self.shop.edit(**trials), "R4: an edit of settings that seem to be readable")
        details = self.shop.details()
        shown = [name for name, value in trials.items() if _shows(value_of(details, name), value)]
        words = f"R4: shown as it was written: {', '.join(shown) or 'none'}"
        self.findings.found("readable_settings", finding.verdict, words, certain=bool(shown), details=shown)


def _shows(value: Any, written: Any) -> bool:
    return BOOLEAN.read(value) is True if written is True else str(value) == str(written)


def _known(text: str) -> str:
    """Return a text if it is one of ours."""
    return text if text in ("n1", "d1", "n2", "d2") else "something else" if text else "empty"


def _done(optional: bool) -> str:
    return "made" if optional else "refused"
