# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints of what a vault does not show, kept in a text field of the object. Internal to the collection.

A fingerprint proves that *we* would send the same again, and not that no one changed it elsewhere. It is
keyed (HMAC-SHA256) and bound to server, resource and account, so equal settings do not look equal. Pure
functions on plain data: no Ansible, no HTTP.

The text is ``va1:CHECK:SETTINGS:SHARES``. CHECK tells a wrong key or a foreign object; SETTINGS is one letter
and five characters a setting; SHARES is six characters for who, which the key can turn back into an id, and four
for the level. Where that does not
fit, SETTINGS is ``=`` and one digest for all of them.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from .._common.secret import Secret

VERSION = "va1"
LIMIT = 250
KINDS = ("user_id", "user_group_id")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
HALF = 2**18 - 1
FORMAT = re.compile(r"va1:([\w-]{4}):((?:[A-Za-z][\w-]{5})*|=[\w-]{16}):((?:[\w-]{10})*)", re.ASCII)


class Fingerprints(NamedTuple):
    """What a text holds: digest by letter of the setting, digest of the level by digest of who.

    ``digest_of_all`` stands in for the settings when they did not fit one by one.
    """

    settings: Mapping[str, str] = {}
    shares: Mapping[str, str] = {}
    digest_of_all: str = ""


class Tracker:
    """Makes and reads the texts of one object.

    :param key: ``None`` for no key; then who can see the text can try out values.
    :param place: what the object is, such as server, resource id and account name.
    """

    def __init__(self, key: Secret | None, *place: str) -> None:
        self._key = key.reveal().encode("utf-8", "surrogatepass") if key else b""
        self._place = list(place)

    def _digest(self, length: int, *values: Any) -> str:
        text = json.dumps([VERSION, *self._place, *values], sort_keys=True, default=_plain)
        return base64.urlsafe_b64encode(hmac.new(self._key, text.encode(), sha256).digest())[:length].decode()

    def setting(self, letter: str, value: Any) -> str:
        """Return the digest of a setting's value as it would go over the wire."""
        return self._digest(5, "setting", letter, value)

    def share(self, kind: str, grantee_id: str, access: str) -> tuple[str, str]:
        """Return the digests of who (``user_id`` or ``user_group_id`` and id) and of the level."""
        return self._who(kind, grantee_id), self._digest(4, "access", kind, grantee_id, access)

    def grantee(self, who: str, level: str, accesses: Iterable[str]) -> tuple[str, str, str] | None:
        """Return (kind, id, access) of a share, or ``None`` when the digests do not tell; *accesses* are tried."""
        number = self._permuted(sum(ALPHABET.index(char) << 6 * place for place, char in enumerate(who)), -1)
        kind, grantee_id = KINDS[number & 1], str(number >> 1)
        return next(((kind, grantee_id, a) for a in accesses if self.share(kind, grantee_id, a) == (who, level)), None)

    def taken_over(self, known: Fingerprints, old: Tracker, accesses: Sequence[str]) -> Fingerprints:
        """Return what *old* knew of shares, as this tracker notes it; digests of settings cannot be turned back."""
        found = (old.grantee(who, level, accesses) for who, level in known.shares.items())
        return Fingerprints(shares=dict(self.share(*share) for share in found if share))

    def _who(self, kind: str, grantee_id: str) -> str:
        number = int(grantee_id) << 1 | KINDS.index(kind) if grantee_id.isascii() and grantee_id.isdigit() else -1
        if number < 0 or number >> 36:
            return self._digest(6, "who", kind, grantee_id)
        number = self._permuted(number, 1)
        return "".join(ALPHABET[number >> 6 * place & 63] for place in range(6))

    def _permuted(self, number: int, direction: int) -> int:
        """A keyed permutation of 36 bits (a Feistel network on HMAC), so that a purge can tell whom to revoke."""
        left, right = number >> 18, number & HALF
        for turn in range(8)[::direction]:
            if direction > 0:
                left, right = right, left ^ self._round(turn, right)
            else:
                left, right = right ^ self._round(turn, left), left
        return left << 18 | right

    def _round(self, turn: int, half: int) -> int:
        text = json.dumps([VERSION, *self._place, "round", turn, half]).encode()
        return int.from_bytes(hmac.new(self._key, text, sha256).digest()[:3], "big") & HALF

    def digest_of_all(self, values: Mapping[str, Any]) -> str:
        """Return one digest for all settings, values by letter."""
        return self._digest(16, "whole", values)

    def read(self, text: str) -> Fingerprints | None:
        """Return what *text* holds; ``None`` for anything that is not ours: then nothing is known."""
        match = FORMAT.fullmatch(text.strip())
        if not match or match[1] != self._digest(4, "check"):
            return None
        if match[2].startswith("="):
            return Fingerprints(shares=_pairs(match[3], 6, 10), digest_of_all=match[2][1:])
        return Fingerprints(_pairs(match[2], 1, 6), _pairs(match[3], 6, 10))

    def write(
        self, values: Mapping[str, Any], shares: Mapping[str, str], kept: Mapping[str, str], *, digest_of_all: str = ""
    ) -> tuple[str, bool]:
        """Return the text, and whether each setting has a digest of its own.

        :param values: wire values by letter, as they were just sent.
        :param shares: digests of levels by digests of who.
        :param kept: digests by letter of settings that an earlier task sent.
        :param digest_of_all: the digest of all settings that an earlier task sent, where this one sends none.
        """
        digests = {**kept, **{letter: self.setting(letter, value) for letter, value in values.items()}}
        head, tail = (
            f"{VERSION}:{self._digest(4, 'check')}:",
            ":" + "".join(f"{w}{a}" for w, a in sorted(shares.items())),
        )
        text = head + "".join(f"{letter}{digest}" for letter, digest in sorted(digests.items())) + tail
        if len(text) <= LIMIT and not digest_of_all:
            return text, True
        room = (LIMIT - len(head) - 18) // 10 * 10 + 1
        return f"{head}={digest_of_all or self.digest_of_all(values)}{tail[:room]}", False


def _pairs(text: str, key: int, size: int) -> dict[str, str]:
    parts = (text[start : start + size] for start in range(0, len(text), size))
    return {part[:key]: part[key:] for part in parts}


def _plain(value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(type(value).__name__)
