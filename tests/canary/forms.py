# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every spelling of a secret that is searched for. Not taken from the collection, so as to find gaps there."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

Form = Callable[[str], str]
URL_COMPONENT = "!'()*-._~"  # what JavaScript's encodeURIComponent leaves alone
URL_WHOLE = ";,/?:@&=+$-_.!~*'()#"  # what encodeURI leaves alone


def utf8(text: str) -> bytes:
    """Return the bytes on the wire."""
    return text.encode("utf-8")


def lower_hex(text: str) -> str:
    """Return percent-encoded text with lower-case digits."""
    return re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), text)


def upper_unicode(text: str) -> str:
    r"""Return JSON text with upper-case digits in \uXXXX."""
    return re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), text)


def json_ascii(text: str) -> str:
    """Return the inside of a JSON string, ASCII only."""
    return json.dumps(text)[1:-1]


def json_unicode(text: str) -> str:
    """Return the inside of a JSON string, other characters as they are."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def slashed(text: str) -> str:
    r"""Return JSON text with ``\/``, as PHP and org.json write it."""
    return text.replace("/", "\\/")


def percent(text: str) -> str:
    """Return percent-encoded text, all but unreserved characters."""
    return quote(utf8(text), safe="")


def plus(text: str) -> str:
    """Return text as a form body holds it."""
    return quote_plus(utf8(text))


def double(text: str) -> str:
    """Return text percent-encoded twice."""
    return quote(percent(text), safe="")


def xml(text: str) -> str:
    """Return HTML-escaped text, both kinds of quote included."""
    return html.escape(text)


def python(text: str) -> str:
    """Return what Python shows between the quotes."""
    return repr(text)[1:-1]


def b64(text: str) -> str:
    """Return Base64."""
    return base64.b64encode(utf8(text)).decode()


def b64url(text: str) -> str:
    """Return Base64 of the URL alphabet."""
    return base64.urlsafe_b64encode(utf8(text)).decode()


def b64_within(before: int) -> Form:
    """Return what stands in Base64 of a longer text, *before* bytes of which come first, whatever they are."""

    def form(text: str) -> str:
        data = utf8(text)
        same = [base64.b64encode(other * before + data + other * 2).decode() for other in (b"\x00", b"\xff")]
        return "".join(one for one, another in zip(*same) if one == another)

    return form


def every(form: str) -> Form:
    """Return the form that writes each character as a number."""
    return lambda text: "".join(form.format(ord(char)) for char in text)


def units(text: str) -> str:
    r"""Return all of *text* in \uXXXX."""
    data = text.encode("utf-16-be")
    return "".join(f"\\u{data[at : at + 2].hex()}" for at in range(0, len(data), 2))


def chain(*steps: Form) -> Form:
    """Return the form that applies *steps* one after the other."""

    def form(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return form


# What the collection promises.
PROMISED: dict[str, Form] = {
    "plain": str,
    "stripped": str.strip,
    "JSON": json_ascii,
    "JSON, not ASCII": json_unicode,
    "JSON, upper case": chain(json_ascii, upper_unicode),
    "JSON, slashes": chain(json_ascii, slashed),
    "JSON, slashes, not ASCII": chain(json_unicode, slashed),
    "JSON, slashes, upper case": chain(json_ascii, upper_unicode, slashed),
    "JSON in JSON": chain(json_ascii, json_ascii),
    "JSON in JSON, not ASCII": chain(json_unicode, json_unicode),
    "JSON in JSON, mixed": chain(json_unicode, json_ascii),
    "JSON in JSON, slashes": chain(json_ascii, slashed, json_ascii, slashed),
    "JSON in JSON, upper case": chain(json_ascii, upper_unicode, json_ascii),
    "percent": percent,
    "percent, lower": chain(percent, lower_hex),
    "percent, slash kept": lambda text: quote(utf8(text)),
    "percent, slash kept, lower": lambda text: lower_hex(quote(utf8(text))),
    "plus": plus,
    "plus, lower": chain(plus, lower_hex),
    "percent of JSON": chain(json_ascii, percent),
    "percent of JSON, lower": chain(json_ascii, percent, lower_hex),
    "percent of JSON, not ASCII": chain(json_unicode, percent),
    "percent of JSON, slashes": chain(json_unicode, slashed, percent),
    "plus of JSON": chain(json_ascii, plus),
    "plus of JSON, not ASCII, lower": chain(json_unicode, plus, lower_hex),
    "percent of JSON in JSON": chain(json_ascii, json_ascii, percent),
    "percent twice": double,
    "percent twice, lower": chain(percent, lower_hex, percent, lower_hex),
    "plus twice": chain(plus, plus),
    "percent twice of JSON": chain(json_ascii, double),
    "HTML": xml,
    "HTML, 39": lambda text: xml(text).replace("&#x27;", "&#39;"),
    "HTML of JSON": chain(json_ascii, xml),
    "HTML of JSON, not ASCII": chain(json_unicode, xml),
    "Base64": b64,
    "Base64, URL": b64url,
    "Base64 of a longer text": b64_within(0),
    "Base64 of a longer text, from the second byte": b64_within(1),
    "Base64 of a longer text, from the third byte": b64_within(2),
    "hex": lambda text: utf8(text).hex(),
    "hex, upper case": lambda text: utf8(text).hex().upper(),
    "Python": python,
    "Python in JSON": chain(python, json_ascii),
}

GSON = {ord(char): f"\\u{ord(char):04x}" for char in "<>&='"}
PHP = {ord(char): f"\\u{ord(char):04X}" for char in "<>&'"}

# What real servers write besides: Gson, Go, PHP, browsers, Java, templates, and wrong character sets.
WIDER: dict[str, Form] = {
    "JSON by Gson": lambda text: json_unicode(text).translate(GSON),
    "JSON by PHP": lambda text: json_ascii(text).replace('\\"', "\\u0022").translate(PHP).replace("/", "\\/"),
    "percent by JavaScript": lambda text: quote(utf8(text), safe=URL_COMPONENT),
    "percent of JSON by JavaScript": lambda text: quote(utf8(json_unicode(text)), safe=URL_COMPONENT),
    "percent of a whole URL": lambda text: quote(utf8(text), safe=URL_WHOLE),
    "plus by Java": lambda text: quote_plus(utf8(text), safe="*").replace("~", "%7E"),
    "percent of all": lambda text: "".join(f"%{byte:02X}" for byte in utf8(text)),
    "XML text": lambda text: html.escape(text, quote=False),
    "HTML by Go": lambda text: xml(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "HTML, ASCII": lambda text: xml(text).encode("ascii", "xmlcharrefreplace").decode(),
    "HTML of JSON text": lambda text: html.escape(json_unicode(text), quote=False),
    "HTML twice": chain(xml, xml),
    "HTML, numbers": every("&#{};"),
    "HTML, hex numbers": every("&#x{:x};"),
    "JSON, all as numbers": units,
    "bytes as numbers": lambda text: "".join(f"\\x{byte:02x}" for byte in utf8(text)),
    "Python, in a text with quotes": lambda text: repr(text + "\"'")[1:-4],
    "Python ASCII": lambda text: ascii(text)[1:-1],
    "Python bytes": lambda text: repr(utf8(text))[2:-1],
    "Base64, no padding": lambda text: b64(text).rstrip("="),
    "Base64, URL, no padding": lambda text: b64url(text).rstrip("="),
    "wrong character set": lambda text: utf8(text).decode("latin-1"),
    "question marks": lambda text: text.encode("ascii", "replace").decode(),
    "blanks folded": lambda text: " ".join(text.split()),
    "cut off": lambda text: text[: len(text) * 3 // 4],
    "first part lost": lambda text: text[len(text) // 4 :],
}
FORMS = {**PROMISED, **WIDER}
