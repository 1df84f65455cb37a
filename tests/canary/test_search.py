# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search itself: a planted leak is found in each form, and clean output is not called a leak."""

from __future__ import annotations

import json

import pytest

from .drawn import Canaries, draw, shapes
from .forms import FORMS
from .search import Search, told

FRAME = 'fatal: [localhost]: FAILED! => {}\n{"changed": false, "msg": "The server said %s and no more"}\n'


@pytest.fixture
def fresh(canaries: Canaries) -> Search:
    """A search of its own, so that planted leaks do not count."""
    search = Search()
    for name, value in canaries.all().items():
        search.know(name, value)
    return search


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["token", "password", "proxy"])
def test_each_form_is_found(fresh: Search, canaries: Canaries, name: str, form: str) -> None:
    planted = FORMS[form](canaries.all()[name])
    raw = fresh.find(FRAME.replace("%s", planted), "raw")
    assert (name, form) in {(leak.secret, leak.form) for leak in raw}
    printed = fresh.find(json.dumps({"changed": False, "msg": f"said {planted}, no more"}), "printed")
    assert (name, form) in {(leak.secret, leak.form) for leak in printed}
    assert {leak.secret for leak in raw + printed} == {name}
    assert fresh.outputs == 2


CODED = tuple(form for form in FORMS if form.startswith(("Base64", "hex")))  # no letter of the secret is left
CUT = ("cut off", "first part lost")  # too few letters and digits may be left of it


@pytest.mark.parametrize("form", [form for form in FORMS if form not in (*CODED, *CUT)])
def test_each_form_is_found_without_knowing_it(fresh: Search, canaries: Canaries, form: str) -> None:
    for name, value in canaries.all().items():
        leaks = fresh.find(FRAME.replace("%s", FORMS[form](value)), "raw")
        assert (name, "bones") in {(leak.secret, leak.form) for leak in leaks}


def test_a_fragment_is_found(fresh: Search, canaries: Canaries) -> None:
    leaks = fresh.find(f"said {canaries.totp[7:19]} no more", "raw")
    assert {(leak.secret, leak.form) for leak in leaks} == {("totp", "a fragment")}


def test_unlike_escapes_in_one_text_are_found(fresh: Search, canaries: Canaries) -> None:
    mixed = "".join(f"%{ord(c):02x}" if n % 2 and c.isascii() else c for n, c in enumerate(canaries.pin))
    assert {leak.secret for leak in fresh.find(mixed, "raw")} == {"pin"}


def test_clean_output_has_no_leak(fresh: Search) -> None:
    other = draw(0).all()
    texts = [FRAME.replace("%s", form(value)) for form in FORMS.values() for value in other.values()]
    assert not [leak for text in texts for leak in fresh.find(text, "raw")]


def test_a_find_is_told_once_for_each_secret(fresh: Search, canaries: Canaries) -> None:
    text = told(fresh.find(canaries.password * 2 + canaries.door, "raw"))
    assert text.startswith("2 leaks\n")
    assert "password in raw, as plain" in text
    assert "door in raw, as plain" in text


def test_the_secrets_are_nasty(canaries: Canaries) -> None:
    for name, value in canaries.all().items():
        assert 24 <= len(value) <= 40
        assert set("\"\\&%+'</") <= set(value)
        if name != "token":
            assert value != value.strip()
            assert " " in value.strip()
            assert not value.isascii()
    assert canaries.token.isascii()
    assert len(set(canaries.all().values())) == len(canaries.all())
    assert draw(7) == draw(7) != draw(8)
    assert len(set(shapes(7).values())) == len(shapes(7))
