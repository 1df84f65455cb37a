# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords of PAM360 accounts for plugins on the controller, each read once per run. Internal to the collection."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import AuthenticationError, RefusedError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._engine.fields import ID, NAME, cleaned_text
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.api import Pam360
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.connect import (
    ACCOUNT_OPTIONS,
    RESOURCE_OPTIONS,
    connect,
    token_of,
)
from ansible_collections.vaultops.pam.plugins.module_utils._pam360.find import account_label, find_account

from . import _passwords
from ._run_cache import Found

ACCOUNT = {"resource": NAME, "resource_id": ID, "account": NAME, "account_id": ID}
ACCESS = ("reason", "ticket_id")
KEYS = {**RESOURCE_OPTIONS, **ACCOUNT_OPTIONS, **{name: {"type": "str"} for name in ACCESS}}
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
    given = _passwords.term_of(term, ("resource", "account"), KEYS, TERM)
    account = {option: cleaned_text(kind, option, given) or None for option, kind in ACCOUNT.items()}
    return {**account, **{option: given.get(option) or params[option] for option in ACCESS}}


class Passwords(_passwords.Passwords):
    """Reads passwords of PAM360."""

    known_by = tuple(ACCOUNT)

    def __init__(
        self,
        params: Mapping[str, Any],
        redactor: Redactor,
        *,
        warn: Callable[[str], None],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(params, redactor, warn=warn, say=say)
        self._token = token_of(params, warn)
        redactor.add(self._token)

    @functools.cached_property
    def _client(self) -> Pam360:
        return connect(self._params, redactor=self._redactor, warn=self._warn)

    def _caller(self) -> list[str]:
        return [self._params["org_name"] or "", self._token.reveal()]

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
