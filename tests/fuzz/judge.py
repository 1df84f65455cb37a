# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of every task, whatever it was answered. The truth is what the stand-in has and noted.

An answer that says no in the API's own words to what was done, or yes to what was not, is a lie: no client can tell.
So is a list or an object that is read back and says something else than there is. What ``changed`` says is then not
judged, but all the rest is.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .mutate import split
from .network import Exchange, Network

TOO_MANY = 429  # says by itself that nothing was begun
YES, NO = ("success", "true"), ("failed", "failure", "false", "error")


def _get(record: Any, name: str) -> Any:
    """Return a value under a key of whatever spelling."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if str(key).replace("_", "").replace(" ", "").casefold() == name:
                return value
    return None


def _read(data: bytes) -> tuple[int, Any]:
    """Return status and JSON of an answer; ``None`` for what is no JSON."""
    head, body = split(data)
    found = re.match(rb"HTTP/\d\.\d (\d{3})", head)
    if b"content-encoding:" in head.lower():
        for unpack in (gzip.decompress, zlib.decompress):
            try:
                body = unpack(body)
            except (OSError, EOFError, zlib.error):  # noqa: PERF203  # the next one may do
                continue
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        value = None
    return int(found[1]) if found else 0, value


def _pam360(data: bytes) -> str:
    """Return ``yes`` or ``no`` where an answer says so as documented, else ``""``."""
    status, body = _read(data)
    if status == TOO_MANY:
        return "no"
    operation = _get(body, "operation")
    said = str(_get(_get(operation, "result"), "status")).strip().casefold()
    if said in NO and status < 500:
        return "no"
    code = str(_get(_get(operation, "result"), "statuscode") or "20000")
    if status >= 300 or said not in YES or code != "20000":
        return "no" if said not in YES and code != "20000" and status < 500 else ""
    details = _get(operation, "details")
    for entry in details if isinstance(details, list) else [details]:
        values = list(entry.values()) if isinstance(entry, Mapping) else []
        words = [str(_get(value, "status")) for value in values if _get(value, "status") is not None]
        if any("success" not in word.casefold() for word in words):
            return "no"
    return "yes"


def _cyberark(data: bytes) -> str:
    """Return the same for PVWA."""
    status, body = _read(data)
    if status == TOO_MANY or (400 <= status < 500 and any(_get(body, key) for key in ("errorcode", "code", "error"))):
        return "no"
    return "yes" if 200 <= status < 300 else ""


SAYS = {"pam360": _pam360, "cyberark": _cyberark}


def _lies(product: str, exchanges: list[Exchange], *, about_all: bool) -> bool:
    """Whether an answer told of a write, or after one, what is not so, in a way that cannot be seen through.

    :param about_all: or before one.
    """
    written = about_all
    for exchange in exchanges:
        entry, mutant = exchange.entry, exchange.mutant
        if entry is None:
            continue
        said = SAYS[product](mutant.data) if mutant else ""
        if entry.write:
            written = True
            if mutant and said == ("no" if entry.applied else "yes"):
                return True
        elif mutant and written and said:
            return True
    return False


def _doubled(exchanges: list[Exchange]) -> str:
    """Return a write that was sent twice, if there is one."""
    before: tuple[str, str, str] | None = None
    made: set[tuple[str, str, str]] = set()
    for exchange in exchanges:
        entry = exchange.entry
        if entry is None:
            continue
        key = (entry.method, entry.path, entry.raw_body)
        if not entry.write:
            before = None
            continue
        if key == before:
            return f"{entry.operation}, without a look in between"
        if entry.method == "POST" and entry.applied and key in made:
            return f"{entry.operation}, and both took effect"
        before = key
        if entry.applied:
            made.add(key)
    return ""


def _forms(secret: str) -> tuple[str, ...]:
    return secret, json.dumps(secret)[1:-1], quote(secret, safe=""), base64.b64encode(secret.encode()).decode()


def judge(
    product: str, network: Network, result: Any, *, check: bool, state_changed: bool, secrets: tuple[str, ...]
) -> list[str]:
    """Return what is wrong with a result, each as a word of its kind and a sentence."""
    found = [f"wait: {text}" for text in network.complaints]
    exchanges = network.exchanges
    if not isinstance(result, dict) or not isinstance(result.get("msg", ""), str):
        return [*found, f"exception: the result is {type(result).__name__}"]
    text = json.dumps(result, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        found.append("exception: the result cannot be printed")
    if "Unexpected " in text or "report this defect" in text:
        found.append(f"exception: {result['msg'][:300]}")
    if any(form in text for secret in secrets for form in _forms(secret)):
        found.append("secret: in the result")
    if "\n" in result.get("msg", ""):
        found.append("exception: a message of several lines")
    doubled = _doubled(exchanges)
    if doubled:
        found.append(f"doubled: {doubled}")
    writes = [exchange.entry for exchange in exchanges if exchange.entry and exchange.entry.write]
    if check and writes:
        found.append(f"changed: check mode wrote {writes[0].operation}")
    changed = result.get("changed", False)
    if not isinstance(changed, bool):
        found.append(f"changed: it is {changed!r}")
    if check:
        return found
    if state_changed and not changed and not _lies(product, exchanges, about_all=False):
        found.append("changed: false, but the vault has changed")
    told = "unknown" in text or _lies(product, exchanges, about_all=True)
    if changed and not any(entry.applied for entry in writes) and not told:
        found.append("changed: true, but nothing was written, and the message does not say that it is unknown")
    return found
