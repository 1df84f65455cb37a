# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account a task means, and where it is. Internal to the collection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .._common.errors import AmbiguousError, AnswerError, InputError, RefusedError
from .._common.wording import one_line
from .._engine.fields import TEXT, cleaned_text
from .answers import Json
from .api import CyberArk
from .fields import value_of
from .names import is_named

# What tells which account it is; the first of these that is given counts.
IDENTITIES = (("account_id",), ("name",), ("user_name", "address"))
API_NAMES: Mapping[str, str] = {"name": "name", "user_name": "userName", "address": "address"}
IDENTIFYING = ("safe", "name", "user_name", "address", "platform_id", "account_id")
# The options of a module that finds an account, and does nothing else with them.
IDENTITY_OPTIONS: Mapping[str, Any] = {name: {"type": "str"} for name in IDENTIFYING}
ACCOUNT_ID = re.compile(r"[0-9]+_[0-9]+")
UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf")
MANY_ROWS = 50  # no server that is set up with sense cuts a list before that


class Identity(NamedTuple):
    """What a task knows an account by.

    :param options: the options that tell which one it is, beside the safe.
    :param platform_id: chooses between several, or ``""``.
    """

    options: tuple[str, ...]
    safe: str = ""
    name: str = ""
    user_name: str = ""
    address: str = ""
    account_id: str = ""
    platform_id: str = ""

    @property
    def label(self) -> str:
        """The account in words."""
        if self.account_id:
            return f"account {self.account_id}"
        who = f"'{one_line(self.name or self.user_name)}'"
        if not self.name:
            who += f" at '{one_line(self.address)}'" if self.address else " without an address"
        return f"account {who} in safe '{one_line(self.safe)}'"

    def fits(self, row: Json) -> bool:
        """Whether a row of a list is the account."""
        return is_named(row, "safeName", self.safe) and all(
            is_named(row, API_NAMES[option], getattr(self, option)) for option in self.options
        )


def identity_of(given: Mapping[str, Any]) -> Identity:
    """Return what *given* options know the account by, or raise InputError.

    :param given: options by name; ``None`` is as left out. ``address`` may be ``""``: an account without one.
    """
    known = {option: cleaned_text(TEXT, option, given) for option in IDENTIFYING if given.get(option) is not None}
    check_ends(known)
    account_id = known.get("account_id")
    if account_id is not None and not ACCOUNT_ID.fullmatch(account_id):
        hint = "Put it in quotes: YAML takes 29_3 for the number 293."
        raise InputError("account_id must look like '29_3'", hint=hint)
    for options in IDENTITIES:
        if all(known.get(option) or (option == "address" and option in known) for option in options):
            break
    else:
        raise InputError(
            "the task does not say which account it means",
            hint="Give account_id, or safe and name, or safe, user_name and address (an empty address if it has none).",
        )
    if not account_id and not known.get("safe"):
        raise InputError("safe is required without account_id")
    return Identity(options, **{name: known[name] for name in ("safe", "platform_id", *options) if name in known})


def check_ends(given: Mapping[str, Any]) -> None:
    """Raise InputError for a blank at an end of what identifies: ``root `` would become a second account."""
    for option, value in given.items():
        if value and any(unicodedata.category(end) in UNSEEN for end in (value[0], value[-1])):
            raise InputError(f"{option} begins or ends with a blank or another character that cannot be seen")


def find(client: CyberArk, wanted: Identity) -> Json | None:
    """Return the account, ``None`` if there is none; raise where that cannot be told, or where several fit."""
    if wanted.account_id:
        return client.account(wanted.account_id, wanted.label)
    # An object name may not be searched for.
    words = [getattr(wanted, option) for option in wanted.options if option != "name"]
    rows, cut = client.accounts(wanted.safe, words, wanted.label)
    found = [row for row in rows if wanted.fits(row)]
    if not found and not cut and len(rows) >= MANY_ROWS:
        more = _not_among(rows, client, wanted, words)
        cut = f"the server shows {len(rows)}, and different ones in another order" if more else ""
        found = [row for row in more if wanted.fits(row)]
    if cut and not (found and "name" in wanted.options):  # a name is unique in its safe
        raise AnswerError(
            f"the list is not complete: {cut}, so other accounts cannot be ruled out",
            operation=f"Looking up {wanted.label}",
            hint="Give account_id, or have MaxDisplayedRecords raised in PVWA.",
        )
    if len(found) > 1 and wanted.platform_id:
        found = [row for row in found if is_named(row, "platformId", wanted.platform_id)] or found
    if len(found) > 1:
        raise _ambiguous(wanted, found)
    return found[0] if found else None


def _not_among(rows: Sequence[Json], client: CyberArk, wanted: Identity, words: Sequence[str]) -> list[Json]:
    """Return accounts of the same list that *rows* lack, as a server may cut it and not say so (inferred)."""
    known = {value_of(row, "id") for row in rows}
    try:
        last = client.last_accounts(wanted.safe, words, wanted.label)
    except RefusedError:  # it cannot sort
        return []
    return [row for row in last if value_of(row, "id") not in known]


def is_listed(client: CyberArk, record: Json, label: str) -> bool:
    """Whether an account that can be read by its ID is in the list of its safe; if not, it counts as deleted."""
    words = [str(value_of(record, name) or "") for name in ("userName", "address")]
    rows, cut = client.accounts(str(value_of(record, "safeName") or ""), words, label)
    account_id = value_of(record, "id")
    return bool(cut) or any(value_of(row, "id") == account_id for row in rows)


def _ambiguous(wanted: Identity, rows: Sequence[Json]) -> AmbiguousError:
    names = []
    for row in rows:
        account_id, name, platform = (one_line(value_of(row, key)) for key in ("id", "name", "platformId"))
        names.append(f"{account_id} ('{name}', platform '{platform}')")
    return AmbiguousError(
        f"{len(rows)} accounts match: {', '.join(names)}",
        operation=f"Looking up {wanted.label}",
        hint="Give account_id or name of the account that you mean.",
    )
