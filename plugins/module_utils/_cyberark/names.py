# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the vault in URLs and in comparison. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .answers import Json
from .fields import value_of

MAX_SEARCH, MAX_WORD = 500, 120  # the server takes 500 characters in all
# What of a search word a URL can carry and no server folds in another way. A search only narrows the list.
WORD = re.compile(r"[A-Za-z0-9._@\\-]+")
# SDK/UpdateAccount: "The following characters are not supported in URL values: + & %". The others end a part of a path.
NOT_IN_URL = re.compile(r"[+&%/\\]")


def search_of(words: Iterable[str]) -> str:
    """Return search words that narrow the list to what may hold all of *words*: of each the longest part that can."""
    parts: list[str] = []
    length = 0
    for word in (one for text in words for one in text.split()):
        part = max(WORD.findall(word), key=len, default="")[:MAX_WORD]
        if part and part not in parts and length + len(part) < MAX_SEARCH:
            parts.append(part)
            length += len(part) + 1
    return " ".join(parts)


def is_named(record: Json, key: str, name: str) -> bool:
    """Whether a value of an object is *name*, in any case; what is left out is ``""``."""
    return name.casefold() == str(value_of(record, key) or "").casefold()
