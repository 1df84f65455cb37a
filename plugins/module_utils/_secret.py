# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must not be seen, and the removal of every encoding of them. Internal to the collection."""

from __future__ import annotations

import base64
import hmac
import html
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "(hidden)"
HIDDEN_CHANGE = "(hidden, will change)"


class Secret:
    """A text that prints as a marker. ``reveal()`` is the only way to the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain value, for the wire and for nothing else."""
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_utf8(self._value), _utf8(other._value))

    __hash__ = None  # type: ignore[assignment]  # a hash of a secret in a set or a dict would be a leak

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return HIDDEN

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never serialised")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _json_forms(text: str) -> set[str]:
    forms = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    forms |= {form.replace("/", "\\/") for form in forms}
    forms |= {re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), form) for form in forms}
    return forms


def _url_forms(text: str) -> set[str]:
    data = _utf8(text)
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
            forms.add(encode(_utf8(text)).decode())
    for text in texts:
        urls = _url_forms(text)
        forms |= urls | {quote(url, safe="") for url in urls}
    return forms - {""}


class Redactor:
    """Knows the secrets of one task and takes them out of texts.

    :param register: called with all encodings of each new secret, so that the caller's own masking
        (such as ``no_log_values`` of a module) knows them too.
    """

    def __init__(self, register: Callable[[Iterable[str]], None] | None = None) -> None:
        self._forms: list[str] = []
        self._register = register

    def add(self, value: str | Secret | None, *, quietly: bool = False) -> None:
        """Learn a secret; nothing happens for an empty one. *quietly*: without telling the caller."""
        text = value.reveal() if isinstance(value, Secret) else value
        if not text:
            return
        forms = encodings(text)
        self._forms = sorted(set(self._forms) | forms, key=len, reverse=True)
        if self._register and not quietly:
            self._register(forms)

    def __call__(self, text: str) -> str:
        """Return *text* with a marker in place of each secret, in any encoding."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text
