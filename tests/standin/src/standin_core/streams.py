# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are sent slowly, or that do not end.

Each is bounded here: it stops when the client goes, when the stand-in stops, and at the rule's
``max_bytes`` or ``max_seconds``, so that a client without a limit of its own fails and does not hang.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from standin_core.faults import Rule

BLANK = b"\r\n\r\n"
FOREVER = 10**15  # bytes, as a Content-Length
Pieces = Iterator[bytes]


def stream(rule: Rule, answer: bytes, stopping: threading.Event) -> Pieces:
    """Yield a complete HTTP answer as the rule sends it, in pieces with pauses."""
    end, sent = time.monotonic() + rule.max_seconds, 0
    for piece in STREAMS[rule.fault](rule, answer):
        if sent >= rule.max_bytes or time.monotonic() > end or stopping.is_set():
            return
        yield piece
        sent += len(piece)
        if rule.every:
            stopping.wait(min(rule.every, max(0.0, end - time.monotonic())))


def _raw(rule: Rule, _answer: bytes) -> Pieces:
    """Send ``text``, each character a byte, in place of the whole answer."""
    yield (rule.text or "").encode("latin-1", "replace")


def _drip(rule: Rule, answer: bytes) -> Pieces:
    """Send the answer byte by byte, from its first byte or from its body on."""
    start = answer.find(BLANK) + len(BLANK) if rule.part == "body" else 0
    if start:
        yield answer[:start]
    for at in range(start, len(answer)):
        yield answer[at : at + 1]


def _endless_head(rule: Rule, answer: bytes) -> Pieces:
    """Send header lines for ever."""
    yield answer[: answer.find(b"\r\n") + 2]
    line = b"X-Padding: " + b"x" * max(1, min(rule.chunk, 1000)) + b"\r\n"
    while True:
        yield line


def _endless_continue(rule: Rule, _answer: bytes) -> Pieces:
    """Send interim answers for ever, one at a time if there are pauses."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    while True:
        yield interim if rule.every else interim * 100


def _endless_body(rule: Rule, answer: bytes) -> Pieces:
    """Send the real answer and then blanks for ever, which a JSON reader would take."""
    head, _blank, body = answer.partition(BLANK)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length:", b"connection:"))]
    framing = {"length": b"Content-Length: %d" % FOREVER, "chunked": b"Transfer-Encoding: chunked"}
    lines.append(framing.get(rule.framing, b"Connection: close"))
    yield b"\r\n".join(lines) + BLANK
    if body:
        yield _chunk(rule, body)
    while True:
        yield _chunk(rule, b" " * rule.chunk)


def _chunk(rule: Rule, data: bytes) -> bytes:
    """Return a part of a body in the rule's framing."""
    return b"%x\r\n%s\r\n" % (len(data), data) if rule.framing == "chunked" else data


STREAMS: dict[str, Callable[[Rule, bytes], Pieces]] = {
    "raw": _raw,
    "drip": _drip,
    "endless_head": _endless_head,
    "endless_body": _endless_body,
    "endless_continue": _endless_continue,
}
