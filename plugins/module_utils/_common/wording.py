# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of others made fit for a message. Internal to the collection."""

from __future__ import annotations

MAX_SERVER_MESSAGE = 300


def one_line(text: object) -> str:
    """Return *text* fit for one line of a message: no control characters, at most 300 characters."""
    plain = str(text)
    if not plain.isprintable() or "  " in plain or plain != plain.strip():
        plain = " ".join(plain.encode("utf-8", "replace").decode("utf-8").split())
        plain = "".join(char for char in plain if char.isprintable())
    return plain if len(plain) <= MAX_SERVER_MESSAGE else plain[: MAX_SERVER_MESSAGE - 3] + "..."


def label_of(noun: str, name: str, number: str) -> str:
    """Return an object in words, by its name or its ID."""
    return f"{noun} '{one_line(name)}'" if name else f"{noun} {number}"


def quoted_line(text: object) -> str:
    """Return *text* on one line, in quotes."""
    return f"'{one_line(text)}'"
