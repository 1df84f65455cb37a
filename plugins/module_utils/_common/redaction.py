# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take secrets out of texts, in whatever encoding. Internal to the collection.

The work grows with the length of a text and no faster, whatever is in it: no pattern here goes back over what it took.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .encodings import encodings, pieces, unescaped
from .secret import HIDDEN, Secret

# Characters of a secret that give it away; that is fewer where they are not letters and digits alone.
WINDOW, SHORTEST, SHORTEST_OF_OTHERS = 10, 6, 4
WHOLE = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"  # as Ansible puts it
MANY = 20  # secrets in one text that are worth telling apart
MAX_TEXT = 4000  # characters that are looked at: the rest of a text is dropped
ESCAPING = b"\\%&+ \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
ESCAPING_OR_BLANK = re.compile(r"[\\%&+\s]+")
NOT_BONES = bytes(code for code in range(128) if not (chr(code).isdigit() or chr(code).islower()))
NOT_WIDE = re.compile("[\x00-\x2f\x3a-\x60\x7b-\x7f]+")
# What may be Base64 or hex of something; a word may be as well, which gives rubbish.
RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}")
HEX = re.compile("[0-9a-fA-F]{12,}")
URL_ALPHABET = str.maketrans("-_", "+/")


def skeletons(text: str) -> tuple[str, str, str]:
    """Return *text* without escapes; of that its ASCII letters and digits; and these with what is not ASCII.

    Two texts that say the same in whatever encoding have one in common. The first is without what escapes may begin
    with, the second survives a wrong character set, the third holds what a secret of another script is made of.
    """
    plain = unescaped(text)
    if plain.isascii():
        plain = plain.encode().translate(None, ESCAPING).decode()
        bones = plain.lower().encode().translate(None, NOT_BONES).decode()
        return plain, bones, bones
    plain = ESCAPING_OR_BLANK.sub("", plain)
    folded = plain.lower()
    return plain, folded.encode("ascii", "ignore").translate(None, NOT_BONES).decode(), NOT_WIDE.sub("", folded)


def _windows(text: str) -> list[str]:
    """Return all runs of 10 characters, the whole of a shorter text, and nothing for one of a few characters."""
    size = min(len(text), WINDOW)
    least = SHORTEST if text.isascii() and text.isalnum() else SHORTEST_OF_OTHERS
    return [text[start : start + size] for start in range(len(text) - size + 1)] if size >= least else []


def _decoded(run: str) -> Iterator[str]:
    """Yield what a run of letters and digits may stand for. It need not begin where the encoded text does."""
    digits = run.translate(URL_ALPHABET)
    for start in range(4):
        padding = "A" * (-(len(digits) - start) % 4)  # rather a letter too many than one too few
        yield _text_of(base64.b64decode(digits[start:] + padding))
    for found in HEX.finditer(run):
        for start in range(2):
            whole = found[0][start : len(found[0]) - (len(found[0]) - start) % 2]
            yield _text_of(bytes.fromhex(whole))


def _text_of(data: bytes) -> str:
    """Return bytes as a text, also ASCII in UTF-16, as PowerShell encodes it."""
    return data.decode("utf-8", "ignore").replace("\0", "")


def texts(value: object) -> list[str]:
    """Return all texts in a result, made of dicts and lists."""
    found: list[str] = []
    rest: list[Iterable[object]] = [(value,)]
    while rest:
        for item in rest.pop():
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict):
                rest.append(item.values())
            elif isinstance(item, (list, tuple)):
                rest.append(item)
    return found


def give_away(text: str, secrets: Iterable[str]) -> bool:
    """Whether *text* holds one of a few *secrets*, a part of it in any escapes, or all of it in Base64 or hex."""
    views = (text, *skeletons(text))
    for secret in secrets:
        if any(form in text for form in (secret, *pieces(secret))):
            return True
        for view, own in zip(views, (secret, *skeletons(secret))):
            if any(part in view for part in _windows(own)):
                return True
    return False


class Redactor:
    """Knows the secrets of one task and takes them out of texts. Learning is cheap; a text costs the index, once.

    :param register: called with all encodings of each new secret, so that the caller's own masking
        (such as ``no_log_values`` of a module) knows them too.
    """

    def __init__(self, register: Callable[[Iterable[str]], None] | None = None) -> None:
        self._register = register
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._told: set[str] = set()
        self._weak: set[str] = set()
        self._new: list[str] = []
        self._short: dict[str, set[str]] = {}
        self._clues: dict[str, list[str]] = {}
        self._sizes: set[int] = set()

    def add(self, value: str | Secret | None, *, quietly: bool = False, weak: bool = False) -> None:
        """Learn a secret; nothing happens for an empty one.

        :param quietly: without telling the caller.
        :param weak: it may be an everyday word, so only what others say is searched for it.
        """
        text = value.reveal() if isinstance(value, Secret) else value
        if not text:
            return
        with self._lock:
            if text not in self._secrets:
                self._secrets.add(text)
                self._new.append(text)
                if weak:
                    self._weak.add(text)
            elif not weak:
                self._weak.discard(text)
            news = not quietly and text not in self._told
            if news:
                self._told.add(text)
        if self._register and news:
            self._register(encodings(text))

    def __call__(self, text: str) -> str:
        """Return what someone else said with a marker in place of each secret, in any encoding.

        Where a part of a secret is left in an encoding that no one thought of, all of *text* is withheld.
        """
        return self._redacted(text[:MAX_TEXT], ours=False)

    def ours(self, text: str) -> str:
        """Do the same to a sentence of ours, into which a name of the server may have brought a secret.

        Secrets of a few characters and weak ones do not count: without them it would say nothing any more.
        """
        return self._redacted(text[:MAX_TEXT], ours=True)

    def _redacted(self, text: str, *, ours: bool) -> str:
        with self._lock:
            self._index()
            suspects = self._suspects(text, ours=ours)
            if not suspects:
                return text
            if len(suspects) > MANY:
                return HIDDEN
            text = RUN.sub(lambda run: HIDDEN if self._is_encoded(run[0], ours=ours) else run[0], text)
            for form in sorted(set().union(*map(encodings, suspects)), key=len, reverse=True):
                text = text.replace(form, HIDDEN)
            return HIDDEN if self._suspects(text, ours=ours) else text

    def _index(self) -> None:
        """Note for each new secret what in a text gives it away, whatever the encoding."""
        for secret in self._new:
            bare = {part for view in skeletons(secret) for part in _windows(view)}
            clues = bare.union(_windows(secret))
            for clue in clues:
                self._clues.setdefault(clue, []).append(secret)
            self._sizes.update(map(len, clues))
            if len(secret) < SHORTEST or not bare:  # almost nothing but blanks and what escapes begin with
                self._short[secret] = encodings(secret)
        self._new.clear()

    def _suspects(self, text: str, *, ours: bool) -> set[str]:
        """Return the secrets of which *text* holds at least a part."""
        found = self._found_in(text)
        for words in dict.fromkeys((text, unescaped(text))):
            for run in RUN.finditer(words):
                for decoded in _decoded(run[0]):
                    found |= self._found_in(decoded)
        if ours:
            return self._strong(found)
        return found | {secret for secret, forms in self._short.items() if any(form in text for form in forms)}

    def _is_encoded(self, run: str, *, ours: bool) -> bool:
        found = set().union(*map(self._found_in, _decoded(run)))
        return bool(self._strong(found) if ours else found)

    def _strong(self, found: set[str]) -> set[str]:
        return {secret for secret in found if secret not in self._weak and len(secret) >= SHORTEST}

    def _found_in(self, text: str) -> set[str]:
        found: set[str] = set()
        for words in {text, *skeletons(text)}:
            for size in self._sizes:
                for start in range(len(words) - size + 1):
                    found.update(self._clues.get(words[start : start + size], ()))
        return found


def starred(value: Any, secrets: Iterable[str]) -> Any:
    """Return *value* with stars in place of each secret, at any depth of it, in strings and numbers.

    As ``remove_values`` of Ansible does. ansible-core 2.22 calls that deprecated, and does not use it for what a module
    returns: it masks what it shows, and leaves registered variables as they are.
    """
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    return _starred(value, frozenset(longest_first), longest_first)


def _starred(value: Any, whole: frozenset[str], longest_first: list[str]) -> Any:
    if isinstance(value, str):
        if value in whole:
            return WHOLE
        for secret in longest_first:
            if secret in value:
                value = value.replace(secret, "*" * 8)
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {key: _starred(item, whole, longest_first) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_starred(item, whole, longest_first) for item in value]
    if isinstance(value, (int, float)) and any(secret in str(value) for secret in longest_first):
        return WHOLE
    return value
