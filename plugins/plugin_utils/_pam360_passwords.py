# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords of PAM360 accounts for plugins on the controller, each read once per run. Internal to the collection."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.shape_check import meant, wrong_shape_message
from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import (
    AuthenticationError,
    InputError,
    RefusedError,
)
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._common.wording import one_line
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import ID, NAME, cleaned_text
from ansible_collections.vaultops.pam.plugins.module_utils._http.wire import REQUESTS_IMPORT_ERROR
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import RESOURCE_OPTIONS, connect, token_of
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.find import account_label, find_account

from ._run_cache import Found, RunCache

ACCOUNT = {"resource": NAME, "resource_id": ID, "account": NAME, "account_id": ID}
ACCESS = ("reason", "ticket_id")
KEYS = {**RESOURCE_OPTIONS, **{name: {"type": "str"} for name in ("account", "account_id", *ACCESS)}}
TERM = ArgumentSpecValidator(
    KEYS,
    mutually_exclusive=[("resource", "resource_id"), ("account", "account_id")],
    required_one_of=[("resource", "resource_id"), ("account", "account_id")],
)


def account_of(term: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what *term* asks for, by the names of the module's options, or raise InputError.

    :param term: ``resource/account``, or a mapping.
    :param params: ``reason`` and ``ticket_id`` for a term that does not give its own.
    """
    if isinstance(term, str):
        names = term.split("/")
        if len(names) != 2 or not all(names):
            raise InputError(
                f"'{one_line(term)}' is not of the form resource/account",
                hint="For a name with a slash in it, give a dict with resource and account.",
            )
        term = dict(zip(("resource", "account"), names))
    if not isinstance(term, Mapping):
        raise InputError("an account must be given as resource/account or as a dict")
    unknown = sorted(str(name) for name in term if name not in KEYS)
    if unknown:
        raise InputError(f"Unsupported key '{one_line(unknown[0])}' in an account", hint=meant(unknown[0], KEYS))
    wrong = wrong_shape_message(term, KEYS)
    if wrong:
        raise InputError(wrong.rstrip("."))
    found = TERM.validate({name: value for name, value in term.items() if value is not None})
    if found.error_messages:
        raise InputError("; ".join(found.error_messages).rstrip("."))
    given = found.validated_parameters
    account = {option: cleaned_text(kind, option, given) or None for option, kind in ACCOUNT.items()}
    return {**account, **{option: given.get(option) or params[option] for option in ACCESS}}


class Passwords:
    """Reads passwords with the options of one plugin.

    :param params: connection options, and ``cache``.
    :param redactor: learns the token, and each password.
    :param warn: called with one sentence at each retry.
    :param say: called with one sentence when there is no cache.
    """

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
        self._token = token_of(params, warn)
        redactor.add(self._token)

    def password(self, account: Mapping[str, Any]) -> str:
        """Return the password of what ``account_of`` returned, or raise VaultError."""
        read = functools.partial(self._read, account)
        if not self._params["cache"]:
            return read().value
        known = {name: account[name] for name in ACCOUNT}
        value = RunCache().secret(self._key(known), known, read, self._say)
        self._redactor.add(value)
        return value

    @functools.cached_property
    def _client(self) -> Pam360:
        return connect(self._params, redactor=self._redactor, warn=self._warn)

    def _key(self, account: Mapping[str, Any]) -> str:
        """Return what tells this secret from others: server, organisation, user, account."""
        user = self._token.reveal()
        parts = [self._params["url"].rstrip("/"), self._params["org_name"] or "", user, *map(account.get, ACCOUNT)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _read(self, account: Mapping[str, Any]) -> Found:
        resource_id, account_id = find_account(self._client, account)
        access = {option: account[option] for option in ACCESS}
        try:
            value = self._client.password(resource_id, account_id, account_label(account), **access).reveal()
        except RefusedError as error:
            if isinstance(error, AuthenticationError):
                raise
            hint = "Give reason and ticket_id if the vault wants them, or have the access approved first."
            raise error.with_hint(hint) from None
        facts = {name: account[name] for name in ("resource", "account")}
        return Found(value, {**facts, "resource_id": resource_id, "account_id": account_id})
