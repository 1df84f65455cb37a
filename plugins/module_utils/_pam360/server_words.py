# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's words without anything that belongs to one vault. Internal to the collection."""

from __future__ import annotations

import re

MASK = "…"
# What is no everyday word of such messages may be a name, so it is masked.
WORDS = frozenset(
    re.findall(
        "[a-z_]+",
        """
        a access accessed accesstype account accountlist accountname accounts accounttype action added again
        against agent all allowed already an and any api approval approved are as assigned associated at audit
        audits authentication authorized available be been before blocked by can cannot change changed
        character characters check command complete completed compliant comply configuration configured
        contact contain contains content correct could created credentials custom customlabel customvalue data
        database date default defined deleted denied department description details did disabled does domain
        domainname duplicate during edit edited email empty enabled entered error event exceeded exist
        existing exists expired failed failure fetched field fields following for format found from full
        fullaccess generated given granted group groups harmful has have helpdesk host id ids in incorrect
        information input input_data insufficient internal invalid is it item items key length less license
        limit list local location locked logged login logon long longer make manage mandatory match maximum
        message minimum missing modified modify more must name names necessary new newpassword no none not
        note notes number object objects occurred of on one only operation option or organization other owned
        owner ownername parameter parameters password passwords permission permissions permitted please
        policies policy present previous privilege privileges process processed provide provided read reason
        received record remote removed request requested requests required reset resettype resource
        resourcename resources restored result retrieved revoke revoked right rights role roles row s same
        sensitive server session set setting settings shall share shared shares sharing should some special
        specified state status string success successful successfully such supported system text than that the
        their there this ticket time to token totp transferred trash try type types unable unauthorized
        unknown unlocked updated url use used user usergroupid userid username users valid value values
        verified verify view violates violation was were while will with within without wrong yet you your
        """,
    )
)
PLAIN = re.compile(r"[A-Za-z_.,:;!?()'\"/\[\]-]+")


def masked(text: str) -> str:
    """Return *text* with ``…`` in place of every word that may name something, and of every number."""
    words: list[str] = []
    for word in text.split():
        if _is_everyday(word):
            words.append(word)
        elif words[-1:] != [MASK]:
            words.append(MASK)
    return " ".join(words)


def _is_everyday(word: str) -> bool:
    parts = re.findall("[a-z_]+", word.casefold())
    return bool(parts) and bool(PLAIN.fullmatch(word)) and all(part in WORDS for part in parts)
