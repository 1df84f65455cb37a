# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of accounts in any vault for plugins on the controller, each read once per run. Internal."""

from __future__ import annotations

import functools
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.shape_check import meant, wrong_shape_message
from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._common.wording import one_line
from ansible_collections.vaultops.pam.plugins.module_utils._http.wire import REQUESTS_IMPORT_ERROR

from ._run_cache import Found, RunCache


def term_of(
    term: Any, names: Sequence[str], keys: Mapping[str, Any], validator: ArgumentSpecValidator
) -> dict[str, Any]:
    """Return what *term* gives, by the names of *keys*, or raise InputError.

    :param term: ``first/second``, with the *names* of both, or a mapping.
    """
    if isinstance(term, str):
        parts = term.split("/")
        if len(parts) != len(names) or not all(parts):
            raise InputError(
                f"'{one_line(term)}' is not of the form {'/'.join(names)}",
                hint=f"For a name with a slash in it, give a dict with {' and '.join(names)}.",
            )
        term = dict(zip(names, parts))
    if not isinstance(term, Mapping):
        raise InputError(f"an account must be given as {'/'.join(names)} or as a dict")
    unknown = sorted(str(name) for name in term if name not in keys)
    if unknown:
        raise InputError(f"Unsupported key '{one_line(unknown[0])}' in an account", hint=meant(unknown[0], keys))
    wrong = wrong_shape_message(term, keys)
    if wrong:
        raise InputError(wrong.rstrip("."))
    found = validator.validate({name: value for name, value in term.items() if value is not None})
    if found.error_messages:
        raise InputError("; ".join(found.error_messages).rstrip("."))
    return dict(found.validated_parameters)


class Passwords(ABC):
    """Reads secrets with the options of one plugin.

    :cvar known_by: what an account is known by to the cache.
    :param params: connection options, and ``cache``.
    :param redactor: learns the login, and each secret.
    :param warn: called with one sentence at each retry.
    :param say: called with one sentence when there is no cache.
    """

    known_by: Sequence[str]

    def __init__(
        self,
        params: Mapping[str, Any],
        redactor: Redactor,
        *,
        warn: Callable[[str], None],
        say: Callable[[str], object],
    ) -> None:
        if REQUESTS_IMPORT_ERROR:
            raise InputError(missing_required_lib("requests").rstrip("."))
        self._params = params
        self._redactor = redactor
        self._warn = warn
        self._say = say

    def password(self, account: Mapping[str, Any]) -> str:
        """Return the secret of an account, or raise VaultError."""
        read = functools.partial(self._read, account)
        if not self._params["cache"]:
            return read().value
        known = {name: account[name] for name in self.known_by}
        parts = [self._params["url"].rstrip("/"), *self._caller(), *(account[name] for name in self.known_by)]
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        value = RunCache().secret(key, known, read, self._say)
        self._redactor.add(value)
        return value

    def close(self) -> None:  # noqa: B027  # for those who have something to end
        """End what was begun to read secrets; never raises."""

    @abstractmethod
    def _caller(self) -> list[str]:
        """Return what tells this caller from others on the same server."""

    @abstractmethod
    def _read(self, account: Mapping[str, Any]) -> Found:
        """Read the secret of an account in the vault, or raise VaultError."""
