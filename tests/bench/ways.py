# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to bring accounts into the vault that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Way:
    """A playbook and how it is run.

    :ivar limit: accounts that one run takes of a larger fleet; the vault holds the whole fleet anyway.
    :ivar variables: extra variables of the playbook.
    :ivar threads: of a floor, which has no playbook: how many requests may be under way at the same time.
    """

    name: str
    title: str
    playbook: str
    limit: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 0


SHIPPED = {"vaultops_pam_in_process": False}
EVERYTHING = 1_000_000
URI = Way("uri", "``uri`` tasks, as the public role has them", "uri", 15, {"bench_write_again": True})
URI_SKIPS = Way("uri_skips", "``uri`` tasks that leave alone what is there", "uri", 15)
LOOP = Way("loop", "loop over ``pam360_account``", "loop", 300)
LOOP_SHIPPED = Way("loop_shipped", "the same, shipped as a module", "loop", 15, SHIPPED)
BULK = Way("bulk", "``pam360_accounts``", "bulk", EVERYTHING)
BULK_SHIPPED = Way("bulk_shipped", "the same, shipped as a module", "bulk", EVERYTHING, SHIPPED)
WAYS = (URI, URI_SKIPS, LOOP, LOOP_SHIPPED, BULK, BULK_SHIPPED)
# 8 is the default of max_connections, so the first is the fair one.
FLOOR = Way("floor", "bare ``requests.Session``, 8 threads", "", EVERYTHING, threads=8)
FLOOR_SERIAL = Way("floor_serial", "bare ``requests.Session``, one after the other", "", EVERYTHING, threads=1)
FLOORS = (FLOOR, FLOOR_SERIAL)
TITLES = {way.name: way.title for way in (*WAYS, *FLOORS)}

# What one task costs: name, (title, file of the task, extra variables).
SINGLES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "uri": ("``uri``, one GET", "uri", {}),
    "account": ("``pam360_account``", "account", {}),
    "account_shipped": ("``pam360_account``, shipped as a module", "account", SHIPPED),
}
