# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of CyberArk accounts for plugins on the controller. Internal to the collection."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import NotFoundError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.api import CyberArk
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.connect import connect, login_of
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.fields import value_of
from ansible_collections.vaultops.pam.plugins.module_utils._cyberark.find import IDENTITY_OPTIONS, find, identity_of

from . import _passwords, _plugin_options
from ._run_cache import Found

CYBERARK = _plugin_options.Product(
    "cyberark",
    ways=(("token",), ("username", "password")),
    secrets=("token", "password", "proxy"),
    booleans=("cache", "validate_certs", "concurrent_session"),
    example="https://pvwa.example.com",
)
ACCESS: Mapping[str, str] = {"reason": "Reason", "ticket_id": "TicketId", "ticketing_system": "TicketingSystem"}
KEYS = {**IDENTITY_OPTIONS, **{name: {"type": "str"} for name in ACCESS}}
TERM = ArgumentSpecValidator(KEYS)
# By what the cache knows an account; the API's names of it.
KNOWN_BY: Mapping[str, str] = {"safe": "safeName", "name": "name", "user_name": "userName", "address": "address"}


def account_of(term: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what *term* asks for, by the names of the module's options, or raise InputError.

    :param term: ``safe/name``, or a mapping.
    :param params: ``reason`` and its like for a term that does not give its own.
    """
    given = _passwords.term_of(term, ("safe", "name"), KEYS, TERM)
    identity_of(given)
    return {**given, **{option: given.get(option) or params[option] for option in ACCESS}}


class Passwords(_passwords.Passwords):
    """Reads secrets of CyberArk; logs on at the first that the cache does not have."""

    known_by = tuple(IDENTITY_OPTIONS)

    def __init__(
        self,
        params: Mapping[str, Any],
        redactor: Redactor,
        *,
        warn: Callable[[str], None],
        say: Callable[[str], object],
    ) -> None:
        super().__init__(params, redactor, warn=warn, say=say)
        self._login = login_of(params)
        for secret in (self._login.token, self._login.password):
            if secret:
                redactor.add(secret)

    @functools.cached_property
    def _client(self) -> CyberArk:
        # Read only, as the lookup writes nothing in any mode.
        return connect(self._params, redactor=self._redactor, warn=self._warn, read_only=True)

    def close(self) -> None:
        """Log off, if there is a session."""
        if "_client" in vars(self):
            self._client.close()

    def _caller(self) -> list[str]:
        return [self._login.username, self._login.token.reveal()]

    def _read(self, account: Mapping[str, Any]) -> Found:
        identity = identity_of(account)
        record = find(self._client, identity)
        if record is None:
            raise NotFoundError(
                f"the vault shows no {identity.label} to this user",
                operation=f"Looking up {identity.label}",
                hint="Check what identifies the account, and the rights of the API user in the safe.",
            )
        account_id = str(value_of(record, "id"))
        access = {name: account[option] for option, name in ACCESS.items() if account[option]}
        kind = str(value_of(record, "secretType") or "").casefold()
        value = self._client.secret(account_id, kind, identity.label, access).reveal()
        facts = {option: str(value_of(record, name) or "") or None for option, name in KNOWN_BY.items()}
        return Found(value, {**facts, "account_id": account_id})
