# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that the doctor makes, and nothing else is written to. Internal to the collection."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .._common.errors import VaultError
from .._common.secret import Secret
from .._pam360.calls import path_id
from .._pam360.envelope import id_of, value_of
from .asking import Asker, InconclusiveError, Seen, expected, told

PREFIX = "ansible-doctor-"
ROUNDS = 3  # of looking and removing: the last one only looks
SEARCH = {"SEARCHTYPE": "RESOURCE", "SEARCHCOLUMN": "RESOURCENAME", "LIMIT": "500"}


def new_name() -> str:
    """Return a name that no one else uses, and that tells what it is."""
    return PREFIX + secrets.token_hex(4)


def new_password() -> Secret:
    """Return a password that any usual policy takes."""
    return Secret("Aa1!" + secrets.token_hex(6) + "Zz9#")


def search(ask: Asker, text: str) -> list[Mapping[str, Any]]:
    """Return the resources that the server finds by a part of their name."""
    return expected(ask.read("resources", {**SEARCH, "SEARCHVALUE": text}), "the search").rows


class Scratch:
    """Resources that were made, with their accounts: they are removed along with them.

    Before anything is written to a resource, it is read by its ID, and must bear the name that was made up for it: a
    wrong answer to a look-up cannot lead to anyone else's.

    :ivar tried: names of resources that are there, or may be.
    :ivar made: those of which the server said so.
    :ivar ids: of the resources by name, looked at.
    """

    def __init__(self, ask: Asker) -> None:
        self.ask = ask
        self.tried: list[str] = []
        self.made: set[str] = set()
        self.ids: dict[str, str] = {}

    def make(self, name: str, **details: Any) -> Seen:
        """Ask for a resource. It counts as made unless the server says clearly that it was not."""
        if name not in self.tried:
            self.tried.append(name)
        answer = self.ask.write("POST", "resources", {"RESOURCENAME": name, **details})
        if answer.success:
            self.made.add(name)
        elif answer.refused and answer.status < 500 and name not in self.made:
            self.tried.remove(name)
        return answer

    def locate(self, name: str) -> str:
        """Return the ID of a resource that was made; raise InconclusiveError."""
        if name not in self.ids:
            found = [number for number in self._candidates(name) if self._name_of(number) == name]
            if not found:
                raise InconclusiveError("a resource that was made could not be found")
            self.ids[name] = found[0]
        return self.ids[name]

    def path(self, name: str, account_id: str = "") -> str:
        """Return the address of a resource that was made, or of one of its accounts."""
        path = f"resources/{path_id(self.locate(name))}"
        return f"{path}/accounts/{path_id(account_id)}" if account_id else path

    def remove(self, name: str) -> Seen:
        """Remove a resource; that it is gone is yet to be seen."""
        answer = self.ask.write("DELETE", self.path(name))
        self.ids.pop(name, None)
        return answer

    def _candidates(self, name: str) -> list[str]:
        """Return IDs that the server gives for a name, by look-up and by search; raise InconclusiveError.

        A refused look-up may mean anything, so that nothing is there is believed from a search that was answered.
        """
        looked_up = self.ask.read("resources/resourcename/" + path_id(name))
        numbers = [id_of(looked_up.details, "RESOURCEID")] if told(looked_up, "the look-up") else []
        numbers += [id_of(row, "RESOURCE ID") for row in search(self.ask, name)]
        return [number for number in dict.fromkeys(numbers) if number]

    def _name_of(self, number: str) -> str | None:
        """Return the name of a resource, ``None`` where the server refuses to show it; raise InconclusiveError."""
        listed = self.ask.read(f"resources/{path_id(number)}/accounts")
        return str(value_of(listed.details, "RESOURCE NAME")) if told(listed, "the account list") else None

    def remove_all(self) -> list[str]:
        """Remove all that was made, each with one request; return the names of what is or may be left."""
        self.ask.probe = "clean-up"
        return [name for name in self.tried if not self._is_removed(name)]

    def _is_removed(self, name: str) -> bool:
        """Remove each resource of a name, should there be several, and look whether they are gone."""
        removed: set[str] = set()
        for _round in range(ROUNDS):
            self.ask.forgive()
            with suppress(VaultError, InconclusiveError):
                candidates = self._candidates(name)
                known = [self.ids[name]] if name in self.ids else []
                names = {number: self._name_of(number) for number in [*known, *candidates]}
                there = [number for number in names if names[number] == name]
                if not there and all(names[number] is not None for number in candidates):
                    return True
                for number in there:
                    if number not in removed:
                        removed.add(number)
                        self.ask.write("DELETE", f"resources/{path_id(number)}")
        return False
