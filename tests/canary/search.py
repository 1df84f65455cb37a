# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search: finds secrets in texts by their forms, by fragments, and by what is left when all escapes are undone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from .forms import FORMS

FRAGMENT = 12
BONES = 10
ESCAPES = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))")


def leaves(value: Any) -> Iterator[str]:
    """Yield all texts of parsed JSON, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(key)
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)


def bones(text: str) -> str:
    """Return the ASCII letters and digits of *text* in lower case, with all escapes undone, layer by layer."""
    for _layer in range(3):
        text = html.unescape(unquote(ESCAPES.sub(_unescaped, text)))
    return re.sub("[^a-z0-9]+", "", text.lower())


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1] or match[2] or match[3], 16)
    return chr(number) if number < 0x110000 else ""


def windows(text: str, size: int) -> list[str]:
    """Return all runs of *size* characters."""
    return [text[start : start + size] for start in range(len(text) - size + 1)]


@dataclass(frozen=True)
class Leak:
    """A find: which secret, in which form, and where. The secret itself is not in it."""

    secret: str
    form: str
    where: str
    before: str

    def __str__(self) -> str:
        return f"{self.secret} as {self.form!r} in {self.where}, after {self.before!r}"


@dataclass
class Wanted:
    """One secret with all that is searched for: (form, text) and fragments."""

    name: str
    forms: list[tuple[str, str]]
    fragments: list[str]
    bones: list[str]


@dataclass
class Search:
    """Searches texts for secrets, and counts."""

    secrets: list[Wanted] = field(default_factory=list)
    outputs: int = 0

    def know(self, name: str, value: str) -> None:
        """Search for *value* from now on."""
        forms = {form: make(value) for form, make in FORMS.items()}
        fragments = windows(value, FRAGMENT)
        self.secrets.append(Wanted(name, list(forms.items()), fragments, windows(bones(value), BONES)))

    @property
    def forms(self) -> int:
        """How many texts are searched for."""
        return sum(len({text for _form, text in item.forms} | {*item.fragments, *item.bones}) for item in self.secrets)

    def find(self, output: str, where: str, *, besides: Iterable[str] = ()) -> list[Leak]:
        """Return all leaks in *output*. *besides*: names of secrets that may be in it."""
        self.outputs += 1
        texts = [output, *self._parsed(output)]
        bare = [bones(text) for text in texts]
        found = []
        for item in self.secrets:
            if item.name not in besides:
                found += self._of_one(item, texts, bare, where)
        return found

    @staticmethod
    def _parsed(output: str) -> list[str]:
        """Return the texts of each line that is JSON, or of the whole."""
        texts = []
        for part in [output, *output.splitlines()]:
            if part.lstrip()[:1] in ("{", "["):
                try:
                    texts.append("\n".join(leaves(json.loads(part))))
                except ValueError:
                    continue
        return texts

    @staticmethod
    def _of_one(item: Wanted, texts: list[str], bare: list[str], where: str) -> list[Leak]:
        found = {}
        for text in texts:
            for form, shape in item.forms:
                place = text.find(shape)
                if place >= 0:
                    found.setdefault(form, text[max(0, place - 40) : place])
            for fragment in item.fragments:
                place = text.find(fragment)
                if place >= 0:
                    found.setdefault("a fragment", text[max(0, place - 40) : place])
        for text in bare:
            for fragment in item.bones:
                place = text.find(fragment)
                if place >= 0:
                    found.setdefault("bones", text[max(0, place - 40) : place])
        return [Leak(item.name, form, where, before) for form, before in found.items()]


def told(leaks: Iterable[Leak]) -> str:
    """Return leaks as text for an assertion, each place once."""
    places: dict[tuple[str, str], list[Leak]] = {}
    for leak in leaks:
        places.setdefault((leak.secret, leak.where), []).append(leak)
    lines = [
        f"{secret} in {where}, as {', '.join(leak.form for leak in same)}, after {same[0].before!r}"
        for (secret, where), same in places.items()
    ]
    return "\n".join([f"{len(lines)} leaks", *lines[:40]])
