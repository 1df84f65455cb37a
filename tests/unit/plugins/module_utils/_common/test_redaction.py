# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No encoding gets past the redactor, and its work grows with the length of a text and no faster."""

from __future__ import annotations

import base64
import copy
import importlib
import json
import random
import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.vaultops.pam.plugins.module_utils._common import encodings, redaction
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor, give_away, starred
from ansible_collections.vaultops.pam.plugins.module_utils._common.secret import HIDDEN

parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

ALPHABETS = {
    "letters and signs": "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!$%&/()=?\"'\\<>",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИК",
    "CJK": "漢字密码口令安全管理系統資源帳號登錄驗證",
    "signs": "!\"$%&/()=?\\<>'#;:,-_|~^°§€",
    "emoji": "🔑😀🗝🔒🔓🛡🧩🧪🪪🫥",
    "mixed": "aжз漢1🔑ö%&",
}


def _every(text: str, form: str) -> str:
    return "".join(form.format(ord(char)) for char in text)


def _utf16(text: str, sign: str = "\\u") -> str:
    data = text.encode("utf-16-be")
    return "".join(f"{sign}{data[at : at + 2].hex()}" for at in range(0, len(data), 2))


def _bytes(text: str, form: str) -> str:
    return "".join(form.format(byte) for byte in text.encode())


def _half(text: str, form: Callable[[str], str]) -> str:
    """Encode every other character: no list of whole forms holds this one."""
    return "".join(form(char) if at % 2 else char for at, char in enumerate(text))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text)[1:-1])[1:-1])[1:-1],
    "decimal entities": lambda text: _every(text, "&#{};"),
    "long decimal entities": lambda text: _every(text, "&#{:08d};"),
    "hexadecimal entities": lambda text: _every(text, "&#x{:x};"),
    "hexadecimal entities, upper case": lambda text: _every(text, "&#X{:04X};"),
    "entities in entities": lambda text: _every(text, "&amp;amp;#{};"),
    "entities of what is not ASCII": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "\\u": _utf16,
    "\\u, upper case": lambda text: _utf16(text).upper().replace("\\U", "\\u"),
    "\\\\u": lambda text: _utf16(text, "\\\\u"),
    "\\x": lambda text: _bytes(text, "\\x{:02x}"),
    "\\u{}": lambda text: _every(text, "\\u{{{:x}}}"),
    "%u": lambda text: _utf16(text, "%u"),
    "octal": lambda text: _bytes(text, "\\{:03o}"),
    "\\\\x, upper case": lambda text: _bytes(text, "\\\\x{:02X}"),
    "percent": lambda text: _bytes(text, "%{:02x}"),
    "percent, upper case": lambda text: _bytes(text, "%{:02X}"),
    "percent twice": lambda text: quote(_bytes(text, "%{:02X}")),
    "percent of entities": lambda text: quote(_every(text, "&#{};"), safe=""),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "every other as an entity": lambda text: _half(text, lambda char: f"&#{ord(char)};"),
    "every other in percent": lambda text: _half(text, lambda char: _bytes(char, "%{:02X}")),
    "every other as \\u": lambda text: _half(text, _utf16),
    "hex": lambda text: text.encode().hex(),
    "hex, upper case": lambda text: text.encode().hex().upper(),
    **{
        f"Base64 of a longer text, {before} before, {after} after, {name}": lambda text, b=before, a=after, e=encode: e(
            ("x" * b + text + "y" * a).encode()
        ).decode()
        for before in range(4)
        for after in (0, 1, 2)
        for name, encode in (("usual", base64.b64encode), ("URL", base64.urlsafe_b64encode))
    },
    "Base64 of JSON": lambda text: base64.b64encode(json.dumps({"operation": {"PASSWORD": text}}).encode()).decode(),
    "Base64 of a login": lambda text: "Basic " + base64.b64encode(f"api:{text}".encode()).decode(),
    "Base64 in a URL": lambda text: quote(base64.b64encode(f"api:{text}".encode()).decode(), safe=""),
    "Base64 in JSON": lambda text: base64.b64encode(f"ap:{text}".encode()).decode().replace("/", "\\/"),
    "hex of a longer text": lambda text: f"x{text}y".encode().hex(),
}


def drawn(alphabet: str, length: int, number: int) -> str:
    """Return a secret."""
    rng = random.Random(number)
    return "".join(rng.choice(ALPHABETS[alphabet]) for _position in range(length))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("length", [6, 9, 16, 40])
def test_no_form_gets_past(alphabet: str, length: int, form: str) -> None:
    """Neither the form nor the secret is left in the text, and others are none the worse."""
    secret, other = drawn(alphabet, length, length), drawn("letters and signs", 24, 1)
    redact = Redactor()
    redact.add(secret)
    redact.add(other)
    said = FORMS[form](secret)
    for text in (said, f"Wrong value: {said}, try again", f'{{"a": "{said}"}} {said}'):
        found = redact(text)
        assert HIDDEN in found
        assert said not in found
        assert secret not in found
    assert redact("Invalid password policy specified.") == "Invalid password policy specified."
    assert give_away(f"so: {FORMS['percent'](secret)}", [other, secret])
    assert not give_away("Invalid password policy specified.", [other, secret])


@pytest.mark.parametrize("length", [12, 16, 40])
def test_base64_of_utf_16(length: int) -> None:
    """As PowerShell encodes a command."""
    redact = Redactor()
    redact.add(drawn("letters and signs", length, length))
    said = base64.b64encode(f"echo {drawn('letters and signs', length, length)}".encode("utf-16-le")).decode()
    assert said not in redact(f"powershell -EncodedCommand {said}")


@pytest.mark.parametrize("secret", [" \ta%% b\\ & ", "a\t \t\\%&b \t \t", "%%%%&&&&\\\\\\\\"])
@pytest.mark.parametrize("form", ["plain", "JSON", "JSON in JSON", "URL", "form", "percent", "hex", "decimal entities"])
def test_secrets_of_blanks_and_escapes(secret: str, form: str) -> None:
    """Next to nothing is left of them without escapes and blanks, so their forms are looked for."""
    redact = Redactor()
    redact.add(secret)
    said = FORMS[form](secret)
    found = redact(f"Wrong value: {said}, try again")
    assert HIDDEN in found
    assert said not in found


@pytest.mark.parametrize("alphabet", ["letters and signs", "Cyrillic", "CJK", "signs"])
@pytest.mark.parametrize("form", ["plain", "decimal entities", "\\u", "\\x", "percent", "hex", "URL"])
def test_short_secrets(alphabet: str, form: str) -> None:
    """A few characters are hidden where they stand; sentences of ours are left as they are."""
    redact = Redactor()
    secret = drawn(alphabet, 4, 7)
    redact.add(secret)
    said = f"Wrong value: {FORMS[form](secret)}."
    assert FORMS[form](secret) not in redact(said)
    assert redact.ours(said) == said


def test_many_short_secrets_do_not_hide_everything() -> None:
    """Only those count that are there."""
    redact = Redactor()
    for number in range(500):
        redact.add(f"#{number}#")
    assert redact("the server said no") == "the server said no"
    assert redact("no #7# here") == f"no {HIDDEN} here"


def test_weak_values_are_hidden_in_what_others_say_alone() -> None:
    """The value of a custom field may be a word that our own sentences need."""
    redact = Redactor()
    redact.add("Production", weak=True)
    redact.add("s3cret-and-long", quietly=True)
    said = "account 'root' on resource 'Production' has s3cret-and-long"
    assert redact.ours(said) == f"account 'root' on resource 'Production' has {HIDDEN}"
    assert redact(said) == f"account 'root' on resource '{HIDDEN}' has {HIDDEN}"
    redact.add("Production")
    assert redact.ours(said).count(HIDDEN) == 2


def test_long_texts_are_cut() -> None:
    """No more is looked at than a message can hold."""
    redact = Redactor()
    redact.add("s3cret-and-long")
    assert len(redact("a" * 10_000_000)) == redaction.MAX_TEXT


# Texts that made earlier versions, or their like, go over the same ground again and again.
GROWING: dict[str, str] = {
    "backslashes": "\\",
    "escaped quotes": '\\"',
    "unfinished \\u": "\\u00",
    "percent": "%",
    "unfinished percent": "%4",
    "percent twice": "%25",
    "ampersands": "&",
    "entities in entities": "&amp;amp;",
    "a number in an entity": "9",
    "zeros in an entity": "0",
    "blanks": " ",
    "letters": "a",
    "hex": "4f",
    "Base64": "QUJD",
    "lone surrogates": "\ud800",
    "emoji": "🔑",
}


def work(act: Callable[[], object]) -> int:
    """Return how many calls *act* makes, of Python and of C."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("before", ["", "&#", "&#x", "\\u"], ids=["nothing", "entity", "hex entity", "escape"])
@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
def test_work_grows_with_the_length(monkeypatch: pytest.MonkeyPatch, unit: str, before: str) -> None:
    """Twice the text, at most twice the calls; what one call costs is the matter of the patterns below."""
    monkeypatch.setattr(redaction, "MAX_TEXT", 10**9)
    redact = Redactor()
    redact.add("s3cret-and-long")
    once, twice = (before + unit * (size // len(unit)) for size in (2_000, 4_000))
    redact(once)
    first, second = work(lambda: redact(once)), work(lambda: redact(twice))
    assert second <= 2.2 * first + 100


PATTERNS = {
    name: value
    for module in (redaction, encodings)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}


def _least(parts: Any) -> int:
    return int(parts.getwidth()[0])


def _goes_back(parts: Any) -> bool:
    """Whether a repetition without an end is followed by something that may fail, or holds another one."""
    for at, (kind, argument) in enumerate(parts):
        inner = argument[-1] if isinstance(argument, tuple) else argument
        if str(kind) in ("MAX_REPEAT", "MIN_REPEAT"):
            if argument[1] > 100 and (_least(parts[at + 1 :]) or _least(argument[2]) == 0 or _endless(argument[2])):
                return True
            if _goes_back(argument[2]):
                return True
        elif str(kind) == "BRANCH":
            after = _least(parts[at + 1 :])
            if any(_goes_back(branch) or (_endless(branch) and after) for branch in argument[1]):
                return True
        elif str(kind) == "SUBPATTERN" and (_goes_back(inner) or (_endless(inner) and _least(parts[at + 1 :]))):
            return True
    return False


def _endless(parts: Any) -> bool:
    return int(parts.getwidth()[1]) > 1_000_000


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_goes_back(name: str) -> None:
    """What a pattern has taken it keeps, so that it is done after one way through the text."""
    pattern = PATTERNS[name]
    assert not _goes_back(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)), name


@pytest.mark.parametrize("pattern", [r"\\+u[0-9a-f]{4}", "(a+)+b", "(?:a*)*", "x*y", "(a+)b", "(?:a|b+)c"])
def test_a_pattern_that_goes_back_is_found(pattern: str) -> None:
    """The judge of the patterns judges."""
    assert _goes_back(parser.parse(pattern))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("secret", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("a secret, a secret", "a ********, a ********"),
        ("secret-longer", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("x secret-longer", "x ********"),
        (47110815, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        (147.5, 147.5),
        ([None, True, {"a": ("secret", 1)}], [None, True, {"a": ["VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", 1]}]),
        ({"secret": {"deep": ["of secret"]}}, {"secret": {"deep": ["of ********"]}}),
        ("nothing", "nothing"),
    ],
)
def test_stars(value: Any, expected: Any) -> None:
    """The longest secret first, at any depth, in strings and numbers; keys are names of ours."""
    given = copy.deepcopy(value)
    assert starred(value, {"secret", "secret-longer", "4711", ""}) == expected
    assert value == given
