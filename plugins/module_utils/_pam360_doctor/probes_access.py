# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes that write passwords, shares and owners, and that delete: on objects made for that. Internal."""

from __future__ import annotations

from collections.abc import Mapping

from .._common.secret import Secret
from .._common.wording import one_line
from .._pam360.envelope import is_rows, value_of
from .._pam360.fields import ACCESS_TYPES, REVOKE
from .._pam360.server_words import masked
from .asking import InconclusiveError, Seen, expected, told
from .scratch import new_password
from .workshop import Grantee, Workshop, text_of

LEVELS = tuple(ACCESS_TYPES.values())
ARTICLES = {"account": "an account", "resource": "a resource"}


class AccessProbes:
    """Each method is one probe."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.findings = shop.findings
        self._told: dict[bool, set[str]] = {True: set(), False: set()}

    # Passwords: of the account made here, and of no other

    def w8(self) -> None:
        """What a change of a password takes."""
        lower = self._change(new_password(), "local")
        verdict = "any" if told(lower, "W8: RESETTYPE local") else "upper"
        self.findings.found("reset_type_case", verdict, f"W8: RESETTYPE in lower case: {lower.in_words}")
        none = self._change(None)
        verdict = "generated" if told(none, "W8: no NEWPASSWORD") else "refused"
        self.findings.found("no_new_password", verdict, f"W8: without NEWPASSWORD: {none.in_words}")
        missing = self.shop.ask.write(
            "PUT", f"{self.shop.resource_path}/accounts/0/password", {"NEWPASSWORD": new_password()}
        )
        self.findings.observe(f"W8: the password of an account that is not there: {missing.in_words}")
        weak = self._change(Secret("a"))
        if not told(weak, "W8: a weak password"):
            self.findings.found("enforce_policy", "yes", f"W8: a password of one letter: {weak.in_words}")
        elif "non" in text_of(self.shop.details(), "COMPLIANT STATUS").casefold():
            self.findings.found("enforce_policy", "no", f"W8: a password of one letter: {weak.in_words}")
        else:
            self.findings.open(["enforce_policy"], "W8: the policy takes a password of one letter")
        self._bytes()

    def _change(self, password: Secret | None, reset_type: str = "LOCAL") -> Seen:
        given = {"NEWPASSWORD": password} if password else {}
        return self.shop.ask.write("PUT", f"{self.shop.account_path}/password", {**given, "RESETTYPE": reset_type})

    def _bytes(self) -> None:
        """Whether a password with all that encodings trip over comes back byte for byte."""
        odd = Secret(f' {new_password().reveal()}&% +"\\ä ')
        answer = self._change(odd)
        self.findings.observe(f'W8: a password with blanks at its ends and & % + " \\ ä: {answer.in_words}')
        if not answer.success:
            return
        read = self.shop.ask.read(f"{self.shop.account_path}/password")
        value = value_of(read.details, "PASSWORD")
        if read.success and isinstance(value, str):
            same = Secret(value) == odd
            self.findings.observe(f"W8: it is read back {'byte for byte' if same else 'as another one'}")
        else:
            self.findings.observe(f"W8: it is not read back: {read.in_words}")

    # Shares

    def w10(self) -> None:
        """The texts of shares, and what is refused."""
        shop = self.shop
        if not shop.options.grantees:
            raise InconclusiveError("W10: neither user nor user_group was given")
        for grantee in shop.options.grantees:
            for what, path in (("account", shop.account_path), ("resource", shop.resource_path)):
                self._levels(what, f"{path}/share", grantee)
        nobody = shop.ask.write("PUT", f"{shop.account_path}/share", {"ACCESSTYPE": "view", "USERID": "0"})
        self.findings.observe(f"W10: a share with a user that is not there: {nobody.in_words}")
        self._judge_texts()

    def _levels(self, what: str, path: str, grantee: Grantee) -> None:
        """Grant each level twice, and revoke twice."""
        where = f"{ARTICLES[what]} to a {grantee.words}"
        for level in LEVELS:
            first = self._share(path, level, grantee)
            granted = told(first, f"W10: {level} of {where}")
            if level == "fullaccess" and what == "account":
                verdict = "allowed" if granted else "refused"
                self.findings.found("account_fullaccess", verdict, f"W10: fullaccess of {where}: {first.in_words}")
            if granted:
                self._told[True].add(first.text)
                self._repeat(self._share(path, level, grantee), f"{level} of {where}")
            else:
                self.findings.observe(f"W10: {level} of {where}: {first.in_words}")
            if level == "view" and granted and self.shop.options.explore:
                self._look(path, grantee, where)
        gone = expected(self._share(path, REVOKE, grantee), f"W10: revoke of {where}")
        self._told[True].add(gone.text)
        again = self._share(path, REVOKE, grantee)
        revoked = told(again, f"W10: a second revoke of {where}")
        self.findings.found(
            "revoke_missing",
            "success" if revoked else "failed",
            f"W10: a second revoke of {where}: {again.in_words}",
            details=[] if revoked else [masked(one_line(again.text))],
        )
        if revoked:
            self._repeat(again, f"revoke of {where}")

    def _share(self, path: str, level: str, grantee: Grantee) -> Seen:
        return self.shop.ask.write("PUT", path, {"ACCESSTYPE": level, **grantee.wire})

    def _repeat(self, again: Seen, what: str) -> None:
        if not told(again, f"W10: again {what}"):
            self.findings.observe(f"W10: again {what}: {again.in_words}")
            return
        self._told[False].add(again.text)

    def _judge_texts(self) -> None:
        """Whether there are texts that are said only where nothing changed."""
        changed, unchanged = ({masked(one_line(text)) for text in self._told[kind]} for kind in (True, False))
        if not unchanged:
            raise InconclusiveError("W10: no share could be repeated")
        if not unchanged & changed:
            words = "; ".join(f"'{text}'" for text in sorted(unchanged))
            evidence = f"W10: where nothing changed: {words}"
            self.findings.found("share_repeat", "distinct", evidence, details=sorted(unchanged))
        elif self._told[False] <= self._told[True]:
            self.findings.found("share_repeat", "same", "W10: the text is the same where nothing changed")
        else:
            self.findings.strange("share_repeat", "W10: where nothing changed, the text is another one now and then")

    def _look(self, path: str, grantee: Grantee, where: str) -> None:
        """Whether a GET shows the share that was just granted."""
        answer = self.shop.ask.read(path)
        rows = answer.details if answer.success and is_rows(answer.details) else []
        shown = any(
            str(value_of(row, "ACCESSTYPE")).casefold() == "view"
            and all(str(value_of(row, key)) == number for key, number in grantee.wire.items())
            for row in rows or []
        )
        words = f"W10: a GET {'shows' if shown else 'does not show'} the share of {where}"
        if shown:
            self.findings.found("share_read", "yes", words)
        else:
            self.findings.observe(words)

    # Names, owners and deletion

    def w11(self) -> None:
        """An account whose name differs by case alone."""
        shop = self.shop
        answer = shop.add({"ACCOUNTNAME": shop.account.swapcase()})
        told(answer, "W11: an account of the same name in another case")
        names = [str(value_of(row, "ACCOUNT NAME")) for row in shop.rows()]
        number = sum(name.casefold() == shop.account for name in names)
        if number not in (1, 2):
            raise InconclusiveError("W11: the account list does not show the account")
        verdict = "exact" if number == 2 else "case_insensitive"
        self.findings.found("names", verdict, f"W11: names that differ by case are {number} account(s)")

    def w12(self) -> None:
        """Delete an account and a resource: may the names be used again?"""
        shop = self.shop
        row = shop.row(shop.second)
        if row is None:
            raise InconclusiveError("W12: there is no account to delete")
        path = shop.scratch.path(shop.name, str(value_of(row, "ACCOUNT ID")))
        first = expected(shop.ask.write("DELETE", path), "W12: deleting an account")
        read, second = shop.ask.read(path), shop.ask.write("DELETE", path)
        self.findings.observe(f"W12: deleting an account: {first.in_words}")
        self.findings.observe(f"W12: reading it: {read.in_words}")
        self.findings.observe(f"W12: deleting it again: {second.in_words}")
        told(shop.add({"ACCOUNTNAME": shop.second}), "W12: an account of the same name")
        self._free("account", shop.row(shop.second) is not None)
        gone = expected(shop.scratch.remove(shop.spare), "W12: deleting a resource")
        self.findings.observe(f"W12: deleting a resource: {gone.in_words}")
        account: Mapping[str, object] = {"ACCOUNTNAME": shop.account, "PASSWORD": new_password()}
        again = shop.scratch.make(shop.spare, **account)
        self._free("resource", told(again, "W12: a resource of the same name"))

    def _free(self, what: str, free: bool) -> None:
        words = f"W12: the name of a deleted {what} {'can' if free else 'cannot'} be used again"
        self.findings.found("delete_blocks_name", "no" if free else "yes", words)

    def w6_owner(self) -> None:
        """An empty owner. The last probe: the resource is given back to its owner, to be removed."""
        shop = self.shop
        before = text_of(shop.resource(), "RESOURCE OWNER")
        if not before:
            raise InconclusiveError("W6: the resource shows no owner")
        answer = shop.edit_resource(RESOURCENAME=shop.name, OWNERNAME="")
        effect = shop.effect(answer, "W6: empty_owner", lambda: text_of(shop.resource(), "RESOURCE OWNER"), before)
        self.findings.found("empty_owner", effect, f"W6: an empty value: {effect}")
        if effect == "clears":
            shop.edit_resource(RESOURCENAME=shop.name, OWNERNAME=before)
