# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""INPUT_DATA: where it travels, and the JSON that the server is known to accept.

PAM360 takes Python's ``repr`` of a dict (CODE), and a vendor sample loses its double quotes
on the way through the shell; both fit the Java library org.json, whose rules are followed
here: single quotes, and text without quotes up to the next separator (INF).
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

BARE_END = re.compile(r"[,:\]}/\\\"\[{;=#]")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\Z")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "'": "'", '"': '"', "\\": "\\", "/": "/"}


class InputError(ValueError):
    """INPUT_DATA is missing or cannot be read."""


def form(body: bytes) -> dict[str, str]:
    """Return the fields of a form body, whatever its Content-Type says.

    A raw body is decoded all the same, so ``%``, ``+`` and ``&`` in it get lost.
    """
    text = body.decode("utf-8", "replace")
    if re.match(r"\s*[{\[]", text):
        return {}
    return dict(parse_qsl(text, keep_blank_values=True))


def read(text: str) -> dict[str, Any]:
    """Return the JSON object of INPUT_DATA. Raises InputError."""
    try:
        value = json.loads(text)
    except ValueError:
        value = _Reader(text).whole()
    if not isinstance(value, dict):
        raise InputError("not an object")
    return value


class _Reader:
    """Reads the way org.json does; far fewer rules than JSON has."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Any:
        """Return the value that the whole text holds."""
        value = self.value()
        if self.peek():
            raise InputError("text behind the end")
        return value

    def peek(self) -> str:
        """Return the next character that is not blank, an empty string at the end."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> None:
        """Step over one character."""
        if self.peek() != wanted:
            raise InputError(f"{wanted!r} expected")
        self.at += 1

    def value(self) -> Any:
        """Return the next value."""
        match self.peek():
            case "{":
                return dict(self.items("{", "}", self.pair))
            case "[":
                return self.items("[", "]", self.value)
            case '"' | "'":
                return self.quoted()
        return self.bare()

    def items(self, first: str, last: str, item: Any) -> list[Any]:
        """Return what stands between two brackets."""
        self.take(first)
        found: list[Any] = []
        while self.peek() != last:
            found.append(item())
            if self.peek() != last:
                self.take(",")
        self.take(last)
        return found

    def pair(self) -> tuple[str, Any]:
        """Return the next key and value."""
        key = self.value()
        self.take(":")
        return str(key), self.value()

    def quoted(self) -> str:
        """Return a text in single or double quotes."""
        quote = self.text[self.at]
        self.at += 1
        letters: list[str] = []
        while (letter := self.text[self.at : self.at + 1]) != quote:
            if letter in ("", "\n", "\r"):
                raise InputError("unterminated string")
            self.at += 1
            letters.append(self.escape() if letter == "\\" else letter)
        self.at += 1
        return "".join(letters)

    def escape(self) -> str:
        """Return the character behind a backslash."""
        letter = self.text[self.at : self.at + 1]
        size = {"u": 5}.get(letter, 1)
        code = self.text[self.at + 1 : self.at + size]
        self.at += size
        if letter == "u" and re.fullmatch("[0-9a-fA-F]{4}", code):
            return chr(int(code, 16))
        if letter not in ESCAPES:
            raise InputError("illegal escape")
        return ESCAPES[letter]

    def bare(self) -> Any:
        """Return a text without quotes: a number, a truth value, null, or itself."""
        end = BARE_END.search(self.text, self.at)
        word = self.text[self.at : end.start() if end else len(self.text)].strip()
        self.at = end.start() if end else len(self.text)
        if not word:
            raise InputError("missing value")
        known = {"true": True, "false": False, "null": None}
        if word.lower() in known:
            return known[word.lower()]
        return json.loads(word) if NUMBER.match(word) else word
