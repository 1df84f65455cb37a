# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can become of an answer: JSON with other values, other bytes, another head, no end, no answer."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from .network import Mutant

JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**18,
    10**300,
    "",
    " ",
    "N/A",
    "null",
    "true",
    "Success",
    "Failed",
    "1",
    "-1",
    "9" * 5000,
    "\ud800",
    "\udfff\ud800",
    "\x00\x07\x1b[31m",
    "<script>alert(1)</script>",
    "%s %d {0} {{ 1 + 1 }}",
    "\\" * 3000,
    "&amp;" * 1000,
    "x" * 20_000,
    "ä漢🔑\u202e\u2028",
    "../../etc/passwd",
    [],
    [[]],
    [None],
    ["x"],
    [{}],
    {},
    {"a": {"b": [1]}},
    {"": ""},
    {"id": "29_3"},
)
RAW = ("NaN", "Infinity", "-Infinity", "1e999", "-0", "9" * 5000, "[" * 3000 + "]" * 3000, '"\\ud800"', "01", "'x'", "")
BODIES = (
    b"",
    b" ",
    b"null",
    b"[]",
    b"{}",
    b"0",
    b'"Success"',
    b"\xff\xfe\x00",
    b"<html><body>Sign in</body></html>",
    b"[" * 50_000,
    b'{"a":' * 300 + b"1" + b"}" * 300,
    b"\xef\xbb\xbf{}",
    bytes(range(256)),
)
HEADERS = (
    "Content-Encoding: gzip",
    "Content-Encoding: deflate",
    "Content-Encoding: br",
    "Content-Encoding: \xff",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: \xe4",
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: -5",
    "Content-Length: 99999999",
    f"Content-Length: {'9' * 400}",
    "Content-Length: x",
    "Content-Type: text/html; charset=\xff",
    "Content-Type: application/json; charset=utf-16",
    "Content-Type: a/b; charset=zlib",
    "Content-Type: ;;;=;",
    "Location: http://\xff\xfe/\xe9",
    "Location: http://[::1",
    "Location: //",
    "Set-Cookie: \xff=\xfe; Max-Age=x; expires=\xe9",
    "Set-Cookie: a=b; domain=.vault.example; path=\xff",
    "Set-Cookie: " + "a=b; " * 2000,
    "Retry-After: \xb2",
    "Retry-After: 1e400",
    "Retry-After: nan",
    "Retry-After: Mon, 99 Foo 2026 00:00:00 GMT",
    "Retry-After: Mon, 01 Jan 0001 00:00:00 -9999",
    "Date: never",
    "Connection: keep-alive",
    "X-\xff: \xfe",
    " folded",
    "no colon",
    ": empty",
    "X-Long: " + "x" * 70_000,
)
STATUSES = (
    100,
    101,
    103,
    200,
    201,
    202,
    204,
    206,
    226,
    300,
    301,
    302,
    303,
    304,
    307,
    308,
    400,
    401,
    403,
    404,
    405,
    407,
)
STATUSES += (408, 409, 410, 413, 418, 422, 429, 431, 451, 499, 500, 501, 502, 503, 504, 511, 520, 599, 600, 999)
START_LINES = (
    "HTTP/1.1 abc OK",
    "HTTP/1.1",
    "HTTP/9.9 200 OK",
    "SSH-2.0-x",
    "",
    "HTTP/1.1 -200 OK",
    "HTTP/1.0 200",
    "\xff",
)


def split(answer: bytes) -> tuple[bytes, bytes]:
    """Return head, with its blank line, and body."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    return head + blank, body


def joined(head: bytes, body: bytes) -> bytes:
    """Return an answer whose Content-Length is that of the body."""
    lines = [line for line in head.rstrip(b"\r\n").split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values in JSON."""
    found = [path]
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            found += places(item, (*path, key))
    return found


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _json(draw: random.Random, answer: bytes, request: str) -> Mutant:
    """Change one to three values."""
    head, body = split(answer)
    try:
        value = json.loads(body)
    except ValueError:
        return _bytes(draw, answer, request)
    done = []
    for _time in range(draw.choice((1, 1, 1, 2, 3))):
        path = draw.choice(places(value))
        if not path:
            value = deepcopy(draw.choice(JUNK))
            done.append("all")
            continue
        holder, key = _at(value, path[:-1]), path[-1]
        act = draw.randrange(6)
        if act == 0:
            del holder[key]
        elif act == 1 and isinstance(holder, list):
            holder.insert(0, deepcopy(holder[key]))
        elif act == 2 and isinstance(holder, dict):
            holder[str(key).swapcase().replace(" ", "_")] = holder.pop(key)
        elif act == 3 and isinstance(holder[key], str):
            holder[key] = draw.choice((holder[key].upper(), holder[key][:-1], holder[key] + " ", request[:2000]))
        else:
            holder[key] = deepcopy(draw.choice(JUNK))
        done.append(".".join(map(str, path)))
    text = json.dumps(value, ensure_ascii=draw.random() < 0.5)
    return Mutant(joined(head, text.encode("utf-8", "surrogatepass")), f"JSON: {', '.join(done)}")


def _raw_json(draw: random.Random, answer: bytes, request: str) -> Mutant:
    """Put what no encoder writes in place of one value."""
    head, body = split(answer)
    try:
        value = json.loads(body)
    except ValueError:
        return _bytes(draw, answer, request)
    path = draw.choice([place for place in places(value) if place] or [()])
    if not path:
        return Mutant(joined(head, draw.choice(BODIES)), "another body")
    _at(value, path[:-1])[path[-1]] = "fuzz-mark"
    text = json.dumps(value).replace('"fuzz-mark"', draw.choice(RAW))
    return Mutant(joined(head, text.encode()), f"raw JSON: {'.'.join(map(str, path))}")


def _body(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    head, _body = split(answer)
    return Mutant(joined(head, draw.choice(BODIES)), "another body")


def _bytes(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Change bytes of the body."""
    head, body = split(answer)
    data = bytearray(body or b"x")
    for _time in range(draw.choice((1, 1, 3, 20))):
        at = draw.randrange(len(data) + 1)
        act = draw.randrange(4)
        if act == 0:
            data[at:at] = draw.randbytes(draw.choice((1, 2, 50)))
        elif act == 1:
            del data[at : at + draw.choice((1, 5, 500))]
        elif act == 2:
            data[at : at + 1] = bytes([draw.randrange(256)])
        else:
            data = data[:at]
        data = data or bytearray(b"x")
    return Mutant(joined(head, bytes(data)), "bytes")


def _head(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Change the head alone."""
    head, body = split(answer)
    lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    act = draw.randrange(4)
    if act == 0:
        lines[0] = draw.choice(START_LINES)
    elif act == 1:
        lines[0] = f"HTTP/1.1 {draw.choice(STATUSES)} Mutant"
    elif act == 2:
        lines[1:1] = ["X-Many: x"] * draw.choice((90, 200))
    else:
        kept = lines[1:] if draw.random() < 0.5 else []
        lines = [lines[0], draw.choice(HEADERS), *kept]
    data = "\r\n".join(lines).encode("latin-1", "replace") + draw.choice((b"\r\n\r\n",) * 9 + (b"\n\n",)) + body
    return Mutant(data, f"head {act}", end=draw.choice(("eof", "eof", "silence", "reset")))


def _status(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Another status, with the body as it is or another one."""
    head, body = split(answer)
    status = draw.choice(STATUSES)
    top = b"HTTP/1.1 %d Mutant\r\n" % status + head.partition(b"\r\n")[2]
    return Mutant(joined(top, body if draw.random() < 0.5 else draw.choice(BODIES)), f"status {status}")


def _packed(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Packed as said, half of it, or not at all."""
    head, body = split(answer)
    coding, pack = draw.choice((("gzip", gzip.compress), ("deflate", zlib.compress), ("x-gzip", gzip.compress)))
    bomb = body + b" " * 5_000_000 if draw.random() < 0.05 else body
    data = draw.choice((pack(bomb), pack(bomb), pack(bomb)[:-9], body, pack(pack(body))))
    top = head.rstrip(b"\r\n") + b"\r\nContent-Encoding: %s\r\n\r\n" % coding.encode()
    return Mutant(joined(top, data), f"packed by {coding}")


def _chunked(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """In chunks, whole and broken ones."""
    head, body = split(answer)
    lines = [line for line in head.rstrip(b"\r\n").split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    top = b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n"
    cut = draw.randrange(len(body) + 1)
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part)
    end = draw.choice(
        (b"0\r\n\r\n",) * 3 + (b"", b"0", b"zz\r\n", b"-5\r\nx\r\n", b"0\r\nX: y\r\n" * 50, b"fffffffff\r\n")
    )
    return Mutant(top + parts + end, "chunks", end=draw.choice(("eof", "silence", "reset")))


def _cut(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Cut anywhere, or no answer at all."""
    at = draw.choice((0, 0, draw.randrange(len(answer) + 1)))
    return Mutant(answer[:at], "cut", end=draw.choice(("eof", "silence", "reset")))


def _endless(draw: random.Random, answer: bytes, _request: str) -> Mutant:
    """Without an end, or by drops."""
    head, body = split(answer)
    lines = [line for line in head.rstrip(b"\r\n").split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    open_head = b"\r\n".join(lines)
    return draw.choice(
        (
            Mutant(open_head + b"\r\n\r\n" + body, "endless body", repeat=b" " * 8192),
            Mutant(
                open_head + b"\r\nTransfer-Encoding: chunked\r\n\r\n", "endless chunks", repeat=b"5\r\nabcde\r\n" * 500
            ),
            Mutant(open_head + b"\r\n", "endless head", repeat=b"X-Padding: x\r\n"),
            Mutant(b"", "interim answers", repeat=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
            Mutant(answer, "drops", piece=1, pause=draw.choice((0.4, 5.0, 29.0, 31.0))),
            Mutant(b"", "slow interim answers", repeat=b"HTTP/1.1 100 Continue\r\n\r\n", piece=100, pause=5.0),
        )
    )


def _echo(draw: random.Random, answer: bytes, request: str) -> Mutant:
    """Refuse, and say the request back in one of the ways in which servers do."""
    head, _body = split(answer)
    shown = draw.choice(
        (
            request,
            unquote(request),
            base64.b64encode(request.encode()).decode(),
            "".join(f"&#{ord(char)};" for char in unquote(request)),
            request.encode().hex(),
        )
    )[:20_000]
    words = f"Wrong: {shown}"
    pam360 = {"operation": {"name": "X", "result": {"status": "Failed", "message": words}}}
    body = json.dumps({**pam360, "ErrorCode": "PASWS999E", "ErrorMessage": words})
    top = b"HTTP/1.1 %d Mutant\r\n" % draw.choice((200, 400, 403, 500)) + head.partition(b"\r\n")[2]
    return Mutant(joined(top, body.encode()), "echo")


Way = Callable[[random.Random, bytes, str], Mutant]
WAYS: Mapping[str, tuple[Way, int]] = {
    "json": (_json, 45),
    "raw json": (_raw_json, 10),
    "body": (_body, 4),
    "bytes": (_bytes, 8),
    "head": (_head, 10),
    "status": (_status, 8),
    "packed": (_packed, 4),
    "chunked": (_chunked, 4),
    "cut": (_cut, 6),
    "echo": (_echo, 3),
    "endless": (_endless, 1),
}


def mutant(draw: random.Random, answer: bytes, request: str, ways: Collection[str]) -> Mutant:
    """Return what becomes of *answer*. *request*: what the client sent, which a server may say back."""
    (way,) = draw.choices([WAYS[name][0] for name in ways], [WAYS[name][1] for name in ways])
    return way(draw, answer, request)
