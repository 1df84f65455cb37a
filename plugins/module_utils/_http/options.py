# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options that are the same for all products. Internal to the collection."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import InputError
from .._common.wording import quoted_line
from .connection import Connection

MAX_SECRET_FILE = 65_536  # bytes; no header carries more
UNUSABLE = "bad_credentials"


def option(product: str, name: str, **spec: Any) -> dict[str, Any]:
    """Return an option that an environment variable such as ``PAM360_URL`` stands in for."""
    return {**spec, "variable": f"{product}_{name.upper()}"}


def own_option(product: str, name: str, **spec: Any) -> dict[str, Any]:
    """Return an option whose environment variable the product reads itself, as it must tell one from the other."""
    return {**spec, "own_variable": f"{product}_{name.upper()}"}


def connection_options(product: str) -> dict[str, Any]:
    """Return the options of ``Connection`` for a product, whose name begins their environment variables."""
    return {
        "url": option(product, "url", type="str", required=True),
        "validate_certs": option(product, "validate_certs", type="bool", default=True),
        "ca_path": option(product, "ca_path", type="path"),
        "client_cert": option(product, "client_cert", type="path"),
        "client_key": option(product, "client_key", type="path", no_log=False),
        "proxy": option(product, "proxy", type="str", no_log=True),
        "timeout": option(product, "timeout", type="int", default=30),
        "retries": option(product, "retries", type="int", default=3),
    }


def connection_of(params: Mapping[str, Any]) -> Connection:
    """Return the connection that *params* ask for; ``HttpClient`` checks it."""
    values = {name: params[name] for name in Connection.__dataclass_fields__ if params.get(name) is not None}
    return Connection(**values)


def header_text(option_name: str, text: str) -> str:
    """Return a text that an HTTP header can carry, or raise without showing it."""
    if text != text.strip() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        message = f"{option_name} begins or ends with a blank, or has a line break or another control character in it"
        raise InputError(message, code=UNUSABLE)
    return text


def secret_of_file(option_name: str, path: str, warn: Callable[[str], None]) -> str:
    """Return the secret that a file holds, a byte-order mark and blanks around it taken away.

    :param warn: called with one sentence for a file that every user can read.
    :raises InputError: for what is no such file, in words; its content is never quoted.
    """
    place = f"{option_name} names {quoted_line(path)}, which"
    try:
        # Not to wait for someone to write into a pipe.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise InputError(f"{place} does not exist", code=UNUSABLE) from None
    except PermissionError:
        raise InputError(f"{place} this user may not read", code=UNUSABLE) from None
    except (OSError, ValueError):
        raise InputError(f"{place} cannot be opened", code=UNUSABLE) from None
    try:
        mode = os.fstat(number).st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
            raise InputError(f"{place} is {kind} and not a file", code=UNUSABLE)
        data = os.read(number, MAX_SECRET_FILE + 1)
    finally:
        os.close(number)
    if mode & stat.S_IROTH:
        warn(f"{option_name} {quoted_line(path)} can be read by every user of its host: give it mode 0600.")
    return _one_secret(place, data)


def _one_secret(place: str, data: bytes) -> str:
    if len(data) > MAX_SECRET_FILE:
        message = f"{place} is larger than {MAX_SECRET_FILE // 1024} KB, so it is something else"
        raise InputError(message, code=UNUSABLE)
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise InputError(f"{place} is not UTF-8 text", code=UNUSABLE, hint="Save it as UTF-8.") from None
    if text.startswith("$ANSIBLE_VAULT;"):
        raise InputError(
            f"{place} is encrypted by Ansible Vault, and only Ansible can open it",
            code=UNUSABLE,
            hint="Give its content by the lookup ansible.builtin.unvault instead.",
        )
    if not text:
        raise InputError(f"{place} is empty", code=UNUSABLE)
    if len(text.splitlines()) > 1:
        hint = "Put the secret into it, and nothing else."
        raise InputError(f"{place} has more than one line", code=UNUSABLE, hint=hint)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        raise InputError(f"{place} has quotes around its content", code=UNUSABLE, hint="Remove them.")
    return text
