# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of one run, drawn at random. The number that they are drawn from is printed, and repeats them."""

from __future__ import annotations

import os
import random
import secrets
import string
from dataclasses import dataclass, fields

SEED_VARIABLE = "CANARY_SEED"
NASTY = "\"\\&%+'</"
WIDE = "äöüßÄéñ€漢🔑😀"
ALNUM = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Canaries:
    """One secret for each way in. ``old_*`` are in the vault before the task runs."""

    token: str
    password: str
    old_password: str
    generated: str
    totp: str
    proxy: str
    pin: str
    old_pin: str
    door: str
    old_door: str
    key: str

    def all(self) -> dict[str, str]:
        """Return the secrets by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def seed_number() -> int:
    """Return the number given by the environment, or a new one."""
    given = os.environ.get(SEED_VARIABLE)
    return int(given) if given else secrets.randbits(32)


def nasty(rng: random.Random, *, extra: str = NASTY, wide: str = WIDE, blanks: bool = True) -> str:
    """Return a secret of 24 to 40 characters: letters and digits, all of *extra*, some of *wide*, and blanks.

    Runs of letters and digits are short, so that every fragment of it holds something to be escaped.
    """
    length = rng.randint(24, 38)
    special = list(extra) + (rng.sample(wide, 3) if wide else []) + ([" "] if blanks else [])
    plain = [rng.choice(ALNUM) for _position in range(max(14, length - len(special)))]
    inner = plain[1:-1] + special
    rng.shuffle(inner)
    text = "".join([plain[0], *inner, plain[-1]])
    return f" {text} " if blanks else text


def draw(number: int) -> Canaries:
    """Return the secrets of *number*. The token is ASCII without blanks, as it travels in a header."""
    rng = random.Random(number)
    token = nasty(rng, wide="", blanks=False)
    return Canaries(token, *(nasty(rng) for _secret in range(len(fields(Canaries)) - 1)))


def shapes(number: int) -> dict[str, str]:
    """Return more secrets, one of each shape whose encodings take other turns."""
    rng = random.Random(number + 1)
    return {
        "all": nasty(rng),
        "apostrophe": nasty(rng, extra="'\\/"),
        "quote": nasty(rng, extra='"/&'),
        "ascii": nasty(rng, wide="", blanks=False),
        "wide": nasty(rng, extra="", blanks=False),
        "url": nasty(rng, extra="~*!()$,;:@?=#/'", wide=""),
        "percent": nasty(rng, extra="%%%++", blanks=True),
        "plain": nasty(rng, extra="", wide="", blanks=False),
    }


SEED_NUMBER = seed_number()
CANARIES = draw(SEED_NUMBER)
