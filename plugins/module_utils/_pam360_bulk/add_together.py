# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New PAM360 accounts of one resource in one request. Internal to the collection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from .._common.errors import RefusedError, VaultError
from .._common.secret import Secret
from .._pam360.envelope import Json, about_caller
from .account_with_shares import AccountWithShares
from .read_once import Added, Pam360ReadOnce, ReadOnce

MAX_ACCOUNTS = 500
# Servers of this kind drop a form of more than 2 MB (the default of Tomcat; that PAM360 keeps it is inferred).
MAX_BYTES = 1_000_000
FILTERED, TOO_LARGE = 599, 413

New = tuple[AccountWithShares, Json]


def add_together(reads: ReadOnce, accounts: Sequence[AccountWithShares]) -> None:
    """Send the accounts, and give each one's client what became of it."""
    for batch in _batches([(account, account.create_body()) for account in accounts]):
        _add(reads, batch)


def _batches(new: Sequence[New]) -> Iterator[list[New]]:
    """Split where a request would become too large."""
    batch: list[New] = []
    size = 0
    for account, body in new:
        length = len(quote(json.dumps(body, default=_revealed), safe=""))
        if batch and (len(batch) == MAX_ACCOUNTS or size + length > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((account, body))
        size += length
    if batch:
        yield batch


def _revealed(value: object) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


def _add(reads: ReadOnce, batch: Sequence[New]) -> None:
    first = batch[0][0]
    label = first.wanted.label if len(batch) == 1 else f"{len(batch)} accounts on {first.account.resource_label}"
    bodies = [body for _account, body in batch]
    outcome: dict[str, str] | VaultError
    try:
        outcome = Pam360ReadOnce(reads).add_accounts(str(first.ids["resource_id"]), bodies, label)
    except VaultError as error:
        if len(batch) > 1 and _refused_as_a_whole(error):
            # One account that the server does not like must not keep out the others. Nothing was added yet.
            middle = len(batch) // 2
            _add(reads, batch[:middle])
            _add(reads, batch[middle:])
            return
        outcome = error
    when = reads.now()
    for account, body in batch:
        name = str(body["ACCOUNTNAME"])
        mine = outcome
        if isinstance(outcome, dict) and len(batch) > 1:
            mine = {name: outcome[name]} if name in outcome else {}
        account.client.added = Added(mine, when)


def _refused_as_a_whole(error: VaultError) -> bool:
    """Whether the server said clearly that it took none of the accounts."""
    if about_caller(error):
        return False
    return isinstance(error, RefusedError) or error.http_status in (FILTERED, TOO_LARGE)
