# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of secrets from texts, in every encoding. Internal to the collection."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus, unquote

from .secret import HIDDEN, Secret, utf8

ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))")
WINDOW, SHORTEST = 10, 6  # characters of a secret's skeleton that give it away
MANY = 20  # secrets in one text that are worth telling apart


def _json_forms(text: str) -> set[str]:
    forms = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    forms |= {form.replace("/", "\\/") for form in forms}
    forms |= {re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), form) for form in forms}
    return forms


def _url_forms(text: str) -> set[str]:
    data = utf8(text)
    forms = {quote(data, safe=""), quote(data), quote_plus(data), quote(data, safe="!*'()-._~$,;:@/?")}
    forms |= {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in forms}
    return forms


def encodings(value: str) -> set[str]:
    """Return *value* in every encoding in which an API, a log or an error text may carry it.

    Plain, JSON, JSON in JSON, HTML, Base64, and each of these percent- or plus-encoded, once and twice:
    a form body such as ``INPUT_DATA=`` holds percent-encoded JSON.
    """
    plain = {value, value.strip()} - {""}
    once = set().union(*(_json_forms(text) for text in plain)) if plain else set()
    texts = plain | once | set().union(*(_json_forms(text) for text in once)) if once else plain
    forms = texts | {html.escape(text) for text in plain | once}
    forms |= {html.escape(text).replace("&#x27;", "&#39;") for text in plain | once}
    for text in plain:
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms |= {encode(utf8(text)).decode(), encode(utf8(text)).decode().rstrip("=")}
    for text in texts:
        urls = _url_forms(text)
        forms |= urls | {quote(url, safe="") for url in urls}
    return forms - {""}


def skeleton(text: str) -> str:
    """Return the ASCII letters and digits of *text* in lower case, with all escapes undone, layer by layer.

    Two texts that say the same in whatever encoding have the same skeleton, but for Base64.
    """
    for _layer in range(6):
        plain = html.unescape(unquote(ESCAPE.sub(_unescaped, text), errors="ignore"))
        if plain == text:
            break
        text = plain
    return re.sub("[^a-z0-9]+", "", text.lower())


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3], 16)
    return chr(number) if number < 0x110000 else ""


def _windows(text: str) -> list[str]:
    """Return all runs of 10 characters, the whole of a shorter text, and nothing for one of a few characters."""
    size = min(len(text), WINDOW)
    return [text[start : start + size] for start in range(len(text) - size + 1)] if size >= SHORTEST else []


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


def gives_away(text: str, secret: str) -> bool:
    """Whether *text* holds *secret*, or a part of it in whatever encoding but Base64."""
    if secret in text or any(part in text for part in _windows(secret)):
        return True
    bare = skeleton(text)
    return any(part in bare for part in _windows(skeleton(secret)))


class Redactor:
    """Knows the secrets of one task and takes them out of texts. Learning is cheap; a text costs the index, once.

    :param register: called with all encodings of each new secret, so that the caller's own masking
        (such as ``no_log_values`` of a module) knows them too.
    """

    def __init__(self, register: Callable[[Iterable[str]], None] | None = None) -> None:
        self._register = register
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._new: list[str] = []
        self._short: set[str] = set()
        self._clues: dict[str, list[str]] = {}

    def add(self, value: str | Secret | None, *, quietly: bool = False) -> None:
        """Learn a secret; nothing happens for an empty one. *quietly*: without telling the caller."""
        text = value.reveal() if isinstance(value, Secret) else value
        if not text:
            return
        with self._lock:
            if text not in self._secrets:
                self._secrets.add(text)
                self._new.append(text)
        if self._register and not quietly:
            self._register(encodings(text))

    def __call__(self, text: str) -> str:
        """Return *text* with a marker in place of each secret, in any encoding.

        Where a part of a secret is left in an encoding that no one thought of, all of *text* is withheld.
        """
        with self._lock:
            self._index()
            suspects = self._suspects(text) | self._short
            if not text or not suspects:
                return text
            if len(suspects) > MANY:
                return HIDDEN
            for form in sorted(set().union(*map(encodings, suspects)), key=len, reverse=True):
                text = text.replace(form, HIDDEN)
            return HIDDEN if self._suspects(text) else text

    def _index(self) -> None:
        """Note for each new secret what in a text gives it away, whatever the encoding."""
        for secret in self._new:
            bare = skeleton(secret)
            if len(bare) < SHORTEST:
                self._short.add(secret)
            coded = {encode(utf8(secret)).decode() for encode in (base64.b64encode, base64.urlsafe_b64encode)}
            for clue in {part for text in (secret, bare, *coded) for part in _windows(text.rstrip("="))}:
                self._clues.setdefault(clue, []).append(secret)
        self._new.clear()

    def _suspects(self, text: str) -> set[str]:
        suspects: set[str] = set()
        for words in (text, skeleton(text)):
            for size in range(SHORTEST, WINDOW + 1):
                for start in range(len(words) - size + 1):
                    suspects.update(self._clues.get(words[start : start + size], ()))
        return suspects
