# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encodings of a secret, and the way back from them. Internal to the collection."""

from __future__ import annotations

import base64
import html
import json
import re
from html.entities import html5
from urllib.parse import quote, quote_plus

LAYERS = 6  # of escapes that are undone
MARKS = re.compile(r"[\\%&]")
BACKSLASHES = re.compile(r"\\{2,}")
ESCAPES = re.compile(
    r"(?P<u>(?:[\\%]u[0-9a-fA-F]{4})+)|\\U(?P<long>[0-9a-fA-F]{8})|\\u\{0{0,8}(?P<braces>[0-9a-fA-F]{1,6})\}"
    r"|(?P<x>(?:\\x[0-9a-fA-F]{2})+)|(?P<octal>(?:\\[0-3][0-7]{2})+)|\\(?P<other>.)"
    r"|(?P<percent>(?:%[0-9a-fA-F]{2})+)"
    r"|&#0{0,8}(?P<number>[0-9]{1,7});?|&#[xX]0{0,8}(?P<hex>[0-9a-fA-F]{1,6});?|&(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)",
    re.DOTALL,
)
NOT_UTF8 = re.compile("[\udc80-\udcff]")
SIGNS = {"b": "", "f": "", "n": "", "r": "", "t": ""}  # what is left of a control character
LEAST = 8  # characters of an encoded text that are no word by chance


def utf8(text: str) -> bytes:
    """Return *text* as bytes, whatever is in it: a lone surrogate too."""
    return text.encode("utf-8", "surrogatepass")


def unescaped(text: str) -> str:
    """Return *text* without the escapes of JSON, URLs, HTML and programs, undone layer by layer, and without breaks.

    Backslashes in a row count as one: in JSON within JSON there are more of them for the same.
    """
    for _layer in range(LAYERS):
        if not MARKS.search(text):
            break
        plain = ESCAPES.sub(_unescaped, BACKSLASHES.sub(r"\\", text))
        if plain == text:
            break
        text = plain
    return text


def _unescaped(match: re.Match[str]) -> str:
    found, kind = match[0], match.lastgroup
    if kind == "u":
        return bytes.fromhex(found[1:].replace(found[0], "").replace("u", "")).decode("utf-16-be", "replace")
    if kind == "x":
        return _bytes(bytes.fromhex(found.replace("\\x", "")))
    if kind == "octal":
        return _bytes(bytes(int(digits, 8) for digits in found[1:].split("\\")))
    if kind == "percent":
        return _bytes(bytes.fromhex(found.replace("%", "")))
    if kind == "name":
        return html5.get(match["name"], found)
    if kind == "other":
        return SIGNS.get(match["other"], match["other"])
    number = int(match["number"]) if kind == "number" else int(match[str(kind)], 16)
    return chr(number) if number < 0x110000 else ""


def _bytes(data: bytes) -> str:
    """Return bytes as a text: what is no UTF-8 in them, a character each."""
    text = data.decode("utf-8", "surrogateescape")
    return NOT_UTF8.sub(lambda byte: chr(ord(byte[0]) - 0xDC00), text)


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


def pieces(text: str) -> set[str]:
    """Return what stands in Base64 and in hex of any longer text in which *text* is.

    Three bytes become four characters, so there are three ways, by where in a group it begins; the characters at both
    ends that depend on what stands around it are left out.
    """
    data = utf8(text)
    forms = {data.hex(), data.hex().upper()}
    for before in range(3):
        coded = base64.b64encode(bytes(before) + data).decode()
        kept = coded[(0, 2, 3)[before] : (before + len(data)) * 8 // 6]
        forms |= {kept, kept.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= LEAST}


def _every_character(text: str) -> set[str]:
    """Return forms in which no character is left as it is, as programs write what is not ASCII."""
    data, wide = utf8(text), text.encode("utf-16-be", "surrogatepass").hex()
    units = [wide[at : at + 4] for at in range(0, len(wide), 4)]
    forms = {
        "".join(f"&#{ord(char)};" for char in text),
        "".join(f"&#x{ord(char):x};" for char in text),
        "".join(f"&#x{ord(char):X};" for char in text),
        text.encode("ascii", "xmlcharrefreplace").decode(),
        "".join(f"\\u{unit}" for unit in units),
        "".join(f"\\u{unit.upper()}" for unit in units),
        "".join(f"\\x{byte:02x}" for byte in data),
        "".join(f"\\x{byte:02X}" for byte in data),
        repr(data)[2:-1],
        "".join(f"%{byte:02x}" for byte in data),
        "".join(f"%{byte:02X}" for byte in data),
    }
    return forms | {form.replace("\\", "\\\\") for form in forms}


def encodings(value: str) -> set[str]:
    """Return *value* in every encoding in which an API, a log or an error text may carry it.

    Plain, JSON, JSON in JSON, HTML, Base64, hex, and each of these percent- or plus-encoded, once and twice:
    a form body such as ``INPUT_DATA=`` holds percent-encoded JSON.
    """
    plain = {value, value.strip()} - {""}
    once = set().union(*(_json_forms(text) for text in plain)) if plain else set()
    texts = plain | once | set().union(*(_json_forms(text) for text in once)) if once else plain
    forms = texts | {html.escape(text) for text in plain | once}
    forms |= {html.escape(text).replace("&#x27;", "&#39;") for text in plain | once}
    for text in plain:
        forms |= pieces(text)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms |= {encode(utf8(text)).decode(), encode(utf8(text)).decode().rstrip("=")}
        if sum(char.isascii() and char.isalnum() for char in text) < LEAST:
            forms |= _every_character(text)
    for text in texts:
        urls = _url_forms(text)
        forms |= urls | {quote(url, safe="") for url in urls}
    return forms - {""}
