# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that are linked to an account: its logon account and its reconcile account. Internal.

They are read by a call that clients use and no page describes (psPAS, epv-api-scripts); what is inferred about its
answer is said below. A server before 12.2 does not answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .._common.errors import AnswerError, InputError, NotFoundError, RefusedError
from .answers import ID, Json
from .api import CyberArk
from .fields import LINKS, value_of
from .find import Identity, find, identity_of
from .kinds import LINK

Link = Mapping[str, str]
KNOWN_BY: Mapping[str, str] = {"safe": "safeName", "name": "name", "user_name": "userName", "address": "address"}


class Links:
    """What a task wants to be linked to one account.

    :param wanted: by option; ``{}`` for no account.
    :param take_as_made: called with an error for an account that is not there; raises it unless in check mode.
    :ivar current: what is linked, by option, as far as the server shows it; ``{}`` for nothing.
    """

    def __init__(
        self, client: CyberArk, wanted: Mapping[str, Link], take_as_made: Callable[[NotFoundError], None]
    ) -> None:
        self._identities = {option: _identity(option, link) for option, link in wanted.items() if link}
        self.client = client
        self.wanted = wanted
        self.take_as_made = take_as_made
        self.current: dict[str, Link] = {}
        self._targets: dict[str, Link] = {}

    def read(self, account_id: str, label: str) -> None:
        """Read what is linked, as far as the task asks for it. One request, and one for each account that is linked.

        A link that the platform has by default is as good as one of the account's own, and cannot be taken away.
        """
        self.current = {}
        rows = self.client.linked_accounts(account_id, label) if self.wanted else []
        if rows is None:
            return
        for option, wanted in self.wanted.items():
            row = next((one for one in rows if str(value_of(one, "extraPasswordIndex")) == LINKS[option]), {})
            found = self._known(option, wanted, row) if row and value_of(row, "Broken") is not True else {}
            if found is not None:
                self.current[option] = found

    def _known(self, option: str, wanted: Link, row: Json) -> Link | None:
        """Return the linked account by the options that name one, ``None`` where that cannot be told.

        Whether the ID in the row is the account's own is not known, so it is looked up, unless it is the wanted one.
        """
        account_id, name = str(value_of(row, "AccountID") or ""), str(value_of(row, "Name") or "")
        if not wanted:
            return {} if value_of(row, "IsDefaultFromPolicy") is True else {"name": name}
        if account_id and wanted.get("account_id") == account_id:
            return wanted
        label = f"the {option} that is linked"
        record = self.client.account(account_id, label) if ID.fullmatch(account_id) else None
        if record is None:  # an ID of another kind
            target = self._target(option)
            if not target or _is_kind(row, name):
                return None
            return wanted if name.casefold() == target["name"].casefold() else {"name": name}
        found = {"account_id": account_id, **{key: str(value_of(record, of) or "") for key, of in KNOWN_BY.items()}}
        return found if LINK.difference(wanted, found) else {key: found[key] for key in wanted}

    def look_up(self, options: Iterable[str]) -> None:
        """Find the accounts that are to be linked, before anything is written.

        In check mode one that is not there is taken for one that an earlier task of the same run makes.
        """
        for option in options:
            if self.wanted[option]:
                self._target(option)

    def _target(self, option: str) -> Link:
        """Return safe and name of a wanted account, which is what a link takes; ``{}`` in check mode without one."""
        if option not in self._targets:
            self._targets[option] = self._found(option, self.wanted[option])
        return self._targets[option]

    def _found(self, option: str, wanted: Link) -> Link:
        if "name" in wanted:
            return wanted
        identity = self._identities[option]
        record = find(self.client, identity)
        if record:
            found = {key: str(value_of(record, KNOWN_BY[key]) or "") for key in ("safe", "name")}
            if all(found.values()):
                return found
            raise AnswerError("the answer has no safe and name", operation=f"Reading {identity.label}", http_status=200)
        self.take_as_made(
            NotFoundError(
                f"the vault shows no {identity.label} to this user",
                operation=f"Looking up {option}",
                hint="Create it first, and check the rights of the API user in its safe.",
            )
        )
        return {}

    def write(self, account_id: str, options: Iterable[str], label: str) -> None:
        """Link, or unlink what is to be none."""
        for option in options:
            if self.wanted[option]:
                target = self._target(option)
                self.client.link(account_id, LINKS[option], target["safe"], target["name"], f"{option} of {label}")
            else:
                self._unlink(account_id, option, label)

    def _unlink(self, account_id: str, option: str, label: str) -> None:
        try:
            self.client.unlink(account_id, LINKS[option], f"{option} of {label}")
        except RefusedError as error:
            if error.http_status != 404:
                raise
            self.read(account_id, label)
            if self.current.get(option) != {}:  # else someone else was faster
                raise

    def differing(self) -> list[str]:
        """Return the options whose account is another one than is linked; where that is not known, none."""
        known = {option: self.wanted[option] for option in self.current}
        return [option for option, wanted in known.items() if LINK.difference(wanted, self.current[option])]


def _identity(option: str, link: Link) -> Identity:
    try:
        return identity_of(link)
    except InputError as error:
        raise error.but(message=f"{option}: {error.message}") from None


def _is_kind(row: Json, name: str) -> bool:
    """Whether a row names the kind of the link, such as ``LogonAccount``, in place of the account."""
    kind = str(value_of(row, "DisplayName") or "")
    return not name or name.replace(" ", "").casefold() == kind.replace(" ", "").casefold()
