# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked accounts: link, unlink, read (contract A.11). A link is kept by the id of the linked account."""

from __future__ import annotations

import uuid
from typing import Any

from pvwa_standin import failures, rules, texts
from pvwa_standin.call import ApiCall, FailedError, done
from pvwa_standin.model import Account, Platform
from pvwa_standin.state import State
from standin_core.product import Answer

# CODE EPV, PSPAS; the words are those of the platforms in EPV's mock server.
KINDS = {1: "Logon", 2: "Enable", 3: "Reconcile"}
INDEX, OLD_INDEX = "extraPasswordIndex", "ExtraPassID"
ANSWERED = {"link": ("all", "unread", "link_only"), "unlink": ("all", "unread"), "read": ("all",)}


def link(call: ApiCall) -> Answer:
    """POST .../LinkAccount: 200, empty; another link of that index is replaced (CODE ROLE).

    400 PASWS017E, PASWS018E, PASWS167E; 403; 404. Up to 12.1.1 the index has another name (CODE AIOB).
    """
    if call.profile["linked_accounts"] not in ANSWERED["link"]:
        return failures.not_found()
    account = call.account()
    index = OLD_INDEX if call.profile["linked_accounts"] == "link_only" else INDEX
    given = call.bind(("safe", index, "name", "folder"))
    for name in ("safe", index, "name", "folder"):
        if given.get(name) in (None, ""):
            raise FailedError(texts.MISSING, name=name)
    number = _index(call, account, index, given[index])
    text = {name: rules.text_of(call, name, given[name]) for name in ("safe", "name", "folder")}
    wanted = call.state.account(text["safe"], text["name"])
    if wanted is None or text["folder"].casefold() != "root":
        raise FailedError(texts.NO_LINK._replace(status=int(call.profile["link_unknown"])), name=text["name"])
    call.need(call.state.safe(wanted.safe), "listAccounts")
    account.links[number] = wanted.id
    return done(status=int(call.profile["link_status"]))


def unlink(call: ApiCall) -> Answer:
    """DELETE .../LinkAccount/{index}: 200 (CODE IDSEC) or 204 (CODE EPV), empty; without such a link 404 (invented)."""
    if call.profile["linked_accounts"] not in ANSWERED["unlink"]:
        return failures.not_found()
    account = call.account()
    if call.profile["unlink_right"] == "manage_safe":
        call.need(call.state.safe(account.safe), "manageSafe")
    number = _index(call, account, INDEX, call.args["index"])
    if number not in account.links:
        raise FailedError(texts.NO_LINK, name=number)
    del account.links[number]
    return done(status=int(call.profile["unlink_status"]))


def read(call: ApiCall) -> Answer:
    """GET /API/ExtendedAccounts/{id}/LinkedAccounts: ``{"LinkedAccounts": [...]}``, those of the platform included."""
    if call.profile["linked_accounts"] not in ANSWERED["read"]:
        return failures.not_found()
    account = call.account()
    own = {number: (found, False) for number, found in account.links.items()}
    rows = [_row(call, number, *one) for number, one in sorted({**_of_platform(call.state, account), **own}.items())]
    if not rows and call.profile["no_links"] == "404":
        raise FailedError(texts.NO_LINK, name=account.name)
    return done({"LinkedAccounts": rows})


def target(state: State, account: Account, number: int) -> Account | None:
    """Return the account that is linked under an index, by the account or by its platform."""
    links = {**{one: found for one, (found, _default) in _of_platform(state, account).items()}, **account.links}
    return state.accounts.get(links.get(number, ""))


def _of_platform(state: State, account: Account) -> dict[int, tuple[str, bool]]:
    """Return the ids of the accounts that the platform links, each with true: it is a default."""
    platform = state.platform(account.platform_id) or Platform(account.platform_id)
    named = {int(number): state.account(one["safe"], one["name"]) for number, one in platform.links.items()}
    return {number: (found.id if found else "", True) for number, found in named.items()}


def _row(call: ApiCall, number: int, linked: str, default: bool) -> dict[str, Any]:
    """Return one row; what Name, Descriptor and the id hold exactly is not known (profiles ``linked_...``)."""
    found = call.state.accounts.get(linked)
    known = found or call.state.deleted.get(linked)
    safe = call.state.safe(known.safe) if known else None
    seen = known is not None and safe is not None and "listAccounts" in call.state.rights(call.user, safe)
    kind = f"{KINDS.get(number, 'Linked')} Account"
    name = known.name if known is not None and seen else ""
    other = str(uuid.uuid5(uuid.NAMESPACE_OID, linked))
    return {
        INDEX: number,
        "Name": name if call.profile["linked_name"] == "object" else kind.replace(" ", ""),
        "Descriptor": f"{known.user_name} {known.address}".strip() if known is not None and seen else "",
        "DisplayName": kind,
        call.profile["linked_id_key"]: "" if not seen else linked if call.profile["linked_ids"] == "same" else other,
        "Broken": found is None,
        "IsDefaultFromPolicy": default,
        "NoAuthorization": found is not None and not seen,
    }


def _index(call: ApiCall, account: Account, name: str, value: Any) -> int:
    """Return an index, sent as a number or as text (CODE). Raises FailedError (PASWS018E, PASWS167E)."""
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit():
        raise FailedError(texts.NOT_NUMERIC, name=name)
    platform = call.state.platform(account.platform_id)
    if platform is not None and int(text) not in platform.indexes:
        raise FailedError(texts.INVALID, about=[(name, f"is none of platform {platform.id}")])
    return int(text)
