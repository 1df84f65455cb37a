# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of the REST API of CyberArk's PVWA. Internal to the collection; takes plain arguments, knows no Ansible.

The facts come from the vendor's pages (SDK/UpdateAccount and its neighbours), from PVWA's own API description, and
from clients of real servers; where a fact is inferred, the docstring says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlencode

from .._common.errors import NotFoundError, RefusedError, VaultError
from .._common.secret import Secret
from .._http.answer import Answer
from . import rights
from .answers import HINTS, NAME_TAKEN, Json, account_of, check_plain, code_of
from .client import PAGE_SIZE, Rows
from .fields import value_of
from .names import is_named, search_of
from .safe_api import SafeCalls
from .session import API, FIRST_GENERATION

# What no URL can carry; and a server that takes a name without quotes reads its AND as one between two conditions.
BLANK = re.compile(r"\s")
NOT_IN_A_FILTER = re.compile(r"[+&%\"]|\sand\s", re.IGNORECASE)
NAME_EXISTS = "An account of this name is in the safe: give account_id or name if that is the one."
EXISTS_ELSEWHERE = (
    "This is not about the name. The vault may have a rule against accounts that exist in another safe already"
    " (AccountDuplicationEnforcementLevel)."
)


class CyberArk(SafeCalls):
    """The calls that the modules need.

    :ivar quoted: a filter needs quotes around white space, as PVWA 14.6 and newer want it.
    """

    quoted = False

    # Accounts

    def accounts(self, safe: str, words: Iterable[str], label: str) -> Rows:
        """Return the accounts of a safe in which all of *words* may be found, of all safes with ``""``.

        Before 14.6 a name with white space goes without quotes; since then the server answers 400 to that. Quotes are
        never the first try, because an older server might take them for a part of the name, and find nothing. A name
        that no filter can carry is compared here.
        """
        return self._accounts(f"Looking up {label}", safe, {"search": search_of(words)})

    def search(self, words: str, kind: str, safe: str, filters: Sequence[str]) -> Rows:
        """Return the accounts that the server finds, by its own rules.

        :param kind: ``contains`` or ``startswith``.
        :param filters: in the words of the API, such as ``modificationTime gte 1790000000``; all of them count.
        """
        query = {"search": words, "searchType": kind if words and kind != "contains" else ""}
        return self._accounts("Searching for accounts", safe, query, filters)

    def _accounts(self, operation: str, safe: str, query: Mapping[str, str], filters: Sequence[str] = ()) -> Rows:
        def rows(*, quoted: bool) -> Rows:
            whole = _query(safe, query, filters, quoted=quoted)
            return self.listed(operation, "Accounts", whole, account_of, rights.LIST)

        try:
            found, cut = rows(quoted=self.quoted)
        except RefusedError as error:
            if self.quoted or error.http_status != 400 or NOT_IN_A_FILTER.search(safe) or not BLANK.search(safe):
                raise
            found, cut = rows(quoted=True)
            self.quoted = True
        return Rows([row for row in found if not safe or is_named(row, "safeName", safe)], cut)

    def last_accounts(self, safe: str, words: Iterable[str], label: str) -> list[Json]:
        """Return the last accounts of the same list in the order of their names, at most one page of them.

        Rows that the whole list does not have show that the server cut it.
        """
        query = _query(safe, {"search": search_of(words), "sort": "name desc"}, quoted=self.quoted)
        answer = self.read(f"Looking up {label}", f"Accounts?{urlencode(query, quote_via=quote, safe='')}")
        rows = value_of(self.json_of(answer, rights.LIST), "value")
        return [account_of(row, answer) for row in rows] if isinstance(rows, list) else []

    def account(self, account_id: str, label: str) -> Json | None:
        """Return an account, or ``None`` for an unknown id."""
        answer = self.read(f"Reading {label}", f"Accounts/{account_id}/")
        if answer.status == 404 and isinstance(self.refused(answer), RefusedError):
            return None
        return account_of(self.json_of(answer, rights.LIST), answer)

    def add_account(self, body: Json, label: str) -> Json:
        """Create an account and return it. A 409 is about its name only with PASWS027E."""
        try:
            answer = self.write(f"Adding {label}", "POST", "Accounts", body, right=rights.ADD)
        except RefusedError as error:
            if error.http_status != 409:
                raise
            raise error.but(hint=NAME_EXISTS if code_of(error) == NAME_TAKEN else EXISTS_ELSEWHERE) from None
        return self._written_account(answer)

    def update_account(self, account_id: str, operations: Sequence[Json], label: str) -> Json:
        """Change an account in one request and return it."""
        names = {one["path"] == "/name" for one in operations}
        right = rights.RENAME_AND_EDIT if len(names) == 2 else rights.RENAME if True in names else rights.EDIT
        try:
            answer = self.write(f"Editing {label}", "PATCH", f"Accounts/{account_id}/", operations, right=right)
        except VaultError as error:
            if error.http_status in (404, 501) and not error.server_details:
                raise error.but(hint=HINTS[405]) from None  # a page of IIS, which knows the address for other methods
            raise
        return self._written_account(answer)

    def _written_account(self, answer: Answer) -> Json:
        account = account_of(answer.json(), answer)
        self.written += 1
        return account

    def delete_account(self, account_id: str, label: str) -> None:
        """Delete an account (204)."""
        self.confirmed(self.write(f"Removing {label}", "DELETE", f"Accounts/{account_id}/", right=rights.DELETE))

    # The secret

    def set_secret(self, account_id: str, secret: Secret, label: str, *, entire_group: bool) -> None:
        """Set the secret in the vault, not on the target."""
        body = {"NewCredentials": secret, "ChangeEntireGroup": entire_group}
        path = f"Accounts/{account_id}/Password/Update"
        self.confirmed(self.write(f"Setting the secret of {label}", "POST", path, body, right=rights.SET_SECRET))

    def secret(self, account_id: str, kind: str, label: str, access: Mapping[str, str]) -> Secret:
        """Return the secret, an audited act that changes nothing; an exclusive account is locked by it.

        :param kind: ``password`` or ``key``.
        :param access: ``Reason``, ``TicketId`` and ``TicketingSystem``, as far as the vault wants them.
        """
        act = "Secret/Retrieve" if kind == "key" else "Password/Retrieve"
        answer = self.read(f"Reading the secret of {label}", f"Accounts/{account_id}/{act}", dict(access))
        value = self.json_of(answer, rights.RETRIEVE)
        if not isinstance(value, str):
            raise answer.unexpected("has no secret in it")
        if not value:
            raise NotFoundError("the account has no secret", operation=f"Reading the secret of {label}")
        self.http.redact.add(value)
        return Secret(value)

    # The CPM. Each of these only asks it; it works later, and the account shows when and how that ends.

    def change(self, account_id: str, label: str, *, entire_group: bool) -> None:
        """Ask for a new random secret."""
        self._ask(account_id, "Change", f"Changing the secret of {label}", {"ChangeEntireGroup": entire_group})

    def set_next(self, account_id: str, secret: Secret, label: str, *, immediately: bool) -> None:
        """Ask for this secret, now or at the next change."""
        body = {"ChangeImmediately": immediately, "NewCredentials": secret}
        self._ask(account_id, "SetNextPassword", f"Setting the next secret of {label}", body, rights.SET_NEXT)

    def verify(self, account_id: str, label: str) -> None:
        """Ask whether the secret is that of the target."""
        self._ask(account_id, "Verify", f"Verifying the secret of {label}")

    def reconcile(self, account_id: str, label: str) -> None:
        """Ask for a new secret, set on the target by its reconcile account."""
        self._ask(account_id, "Reconcile", f"Reconciling the secret of {label}")

    def _ask(
        self, account_id: str, act: str, operation: str, body: Json | None = None, right: str = rights.MANAGE
    ) -> None:
        self.confirmed(self.write(operation, "POST", f"Accounts/{account_id}/{act}", body, right=right))

    def last_words_of_cpm(self, account_id: str, label: str) -> str:
        """Return what the CPM said last about an account, ``""`` where the server does not tell.

        The first generation of this call is known from aiobastion, the second from psPAS and the vendor's SDK.
        """
        for root, path in ((API, "Activities"), (FIRST_GENERATION, "Activities/")):
            answer = self.read(f"Reading the activities of {label}", f"Accounts/{account_id}/{path}", root=root)
            if answer.status == 200:
                return cpm_words(answer)
        return ""

    # Linked accounts

    def linked_accounts(self, account_id: str, label: str) -> list[Json] | None:
        """Return the rows of the accounts that are linked, ``None`` where the server does not know the call."""
        answer = self.read(f"Reading the linked accounts of {label}", f"ExtendedAccounts/{account_id}/LinkedAccounts")
        if answer.status == 404 and isinstance(self.refused(answer), RefusedError):
            return []
        if answer.status in (404, 405, 501):
            return None
        rows = value_of(self.json_of(answer, rights.LIST), "LinkedAccounts")
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise answer.unexpected("has no list of linked accounts")
        for row in rows:
            check_plain(row, answer, "a linked account")
        return rows

    def link(self, account_id: str, index: str, safe: str, name: str, label: str) -> None:
        """Link an account under an index; another one under it is replaced."""
        body = {"safe": safe, "extraPasswordIndex": int(index), "name": name, "folder": "Root"}
        path = f"Accounts/{account_id}/LinkAccount/"
        self.confirmed(self.write(f"Linking {label}", "POST", path, body, right=rights.LINK))

    def unlink(self, account_id: str, index: str, label: str) -> None:
        """Take the link under an index away."""
        path = f"Accounts/{account_id}/LinkAccount/{index}/"
        self.confirmed(self.write(f"Unlinking {label}", "DELETE", path, right=rights.UNLINK))


def _query(safe: str, query: Mapping[str, str], filters: Sequence[str] = (), *, quoted: bool = False) -> dict[str, str]:
    filters = list(filters)
    if safe and not NOT_IN_A_FILTER.search(safe):
        filters.insert(0, f'safeName eq "{safe}"' if quoted and BLANK.search(safe) else f"safeName eq {safe}")
    whole = {"limit": str(PAGE_SIZE), **query, "filter": " AND ".join(filters)}
    return {name: value for name, value in whole.items() if value}


def cpm_words(answer: Answer) -> str:
    """Return the text of the newest activity of the CPM that has one."""
    try:
        body = answer.json()
    except VaultError:
        return ""
    rows = next((rows for rows in body.values() if isinstance(rows, list)), []) if isinstance(body, Mapping) else []
    said = []
    for row in rows:
        act = value_of(row, "Action") or value_of(row, "Activity") or ""
        words = value_of(row, "Reason") or value_of(row, "MoreInfo") or ""
        when = value_of(row, "Date") or value_of(row, "Time") or 0
        if "CPM" in str(act) and words and isinstance(when, (int, float)):
            said.append((when, answer.server_words(words)))
    return max(said, key=lambda one: one[0], default=(0, ""))[1]
