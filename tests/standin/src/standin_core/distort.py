# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault makes of a real answer."""

from __future__ import annotations

import json
import zlib
from typing import Any

from standin_core.faults import NOTHING, Rule
from standin_core.product import Answer, Call, Product

HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
MARK = "standin-spliced-value"


def distort(product: Product, rule: Rule, call: Call, real: Answer) -> Answer:
    """Return what goes out instead of the real answer."""
    match rule.fault:
        case "status":
            return _status(product, rule, call)
        case "html":
            return Answer(HTML_PAGE.format(title="Sign in"), rule.code or 200, content_type="text/html")
        case "redirect":
            return Answer("", rule.code or 302, content_type="text/html", headers={"Location": rule.url})
        case "empty":
            return Answer(b"", rule.code or real.http_status, content_type=real.content_type)
        case "truncated_json":
            whole = real.encode()
            return Answer(whole[: max(1, len(whole) * 2 // 3)], real.http_status, content_type=real.content_type)
        case "wrong_type":
            value = "unexpected" if rule.value is NOTHING else rule.value
            return _spliced(product, rule, real, _json(value) if rule.text is None else rule.text.encode())
        case "nested":
            return _spliced(product, rule, real, b"[" * rule.depth + b"]" * rule.depth)
        case "drop_keys":
            return _changed(real, without(real.body, set(rule.keys)))
        case "failed":
            return product.failure(call.operation, _message(rule, call), rule.code or 200)
        case "no_envelope":
            return Answer([] if rule.value is NOTHING else rule.value, rule.code or real.http_status)
        case "gzip_bomb":
            real.headers["Content-Encoding"] = "gzip"
            return _changed(real, _bomb(real.encode(), rule.max_bytes))
        case "endless_pages":
            page = getattr(product, "endless_page", None)
            return page(call, real, rule.rows, rule.same) if page else real
    return real


def _changed(real: Answer, body: Any) -> Answer:
    """Return an answer with another body."""
    return Answer(body, real.http_status, real.status, real.applied, real.content_type, real.headers)


def _status(product: Product, rule: Rule, call: Call) -> Answer:
    """Return an answer with the HTTP status of the rule."""
    code = rule.code or 500
    if rule.body == "json":
        answer = product.failure(call.operation, _message(rule, call), code)
    elif rule.body == "html":
        answer = Answer(HTML_PAGE.format(title=f"HTTP Status {code}"), code, content_type="text/html")
    else:
        answer = Answer(b"", code, content_type="text/plain")
    if rule.retry_after is not None:
        answer.headers["Retry-After"] = str(rule.retry_after)
    return answer


def _message(rule: Rule, call: Call) -> str:
    """Return the message of a rule, with the received input behind it if the rule echoes."""
    return f"{rule.message} {Answer(call.input).encode().decode()}" if rule.echo else rule.message


def _json(value: Any) -> bytes:
    """Return a value as JSON; half of a surrogate pair stays, as an escape."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _spliced(product: Product, rule: Rule, real: Answer, raw: bytes) -> Answer:
    """Return an answer with raw JSON at the rule's place, so that it may be what no encoder writes."""
    body = replaced(real.body, rule.where or product.details_path, MARK)
    return _changed(real, _json(body).replace(_json(MARK), raw))


def replaced(body: Any, where: str, value: Any) -> Any:
    """Return a JSON body with the value at a dotted path replaced; in a list by position, or ``*`` for all."""
    first, _dot, rest = where.partition(".")
    if isinstance(body, list) and (first == "*" or first.isdigit()):
        return [
            (replaced(item, rest, value) if rest else value) if first in ("*", str(at)) else item
            for at, item in enumerate(body)
        ]
    if not isinstance(body, dict):
        return value
    return {**body, first: replaced(body.get(first), rest, value) if rest else value}


def without(body: Any, keys: set[str]) -> Any:
    """Return a JSON body without the named keys, at any depth."""
    if isinstance(body, dict):
        return {key: without(value, keys) for key, value in body.items() if key not in keys}
    return [without(item, keys) for item in body] if isinstance(body, list) else body


def _bomb(body: bytes, size: int) -> bytes:
    """Return a body that unpacks to itself and blanks, ``size`` bytes of them."""
    packer, block = zlib.compressobj(1, zlib.DEFLATED, 31), b" " * 1_000_000
    parts = [packer.compress(body), *(packer.compress(block) for _count in range(size // len(block)))]
    return b"".join([*parts, packer.flush()])
