# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Password policies: compliance texts and generation."""

from __future__ import annotations

import secrets
import string

from pam360_standin.model import Policy

SPECIAL = "!@#$%^&*()-_=+[]{};:,.?/"
GENERATED_LENGTH = 16


def fault_of(password: str, policy: Policy | None) -> str:
    """Return why a password does not comply, ``-`` if it does.

    The length and mixed-case texts are captured, the other two are invented.
    """
    if policy is None:
        return "-"
    if len(password) < policy.min_length:
        return f"Minimum length must be {policy.min_length}"
    if policy.mixed_case and (password.lower() == password or password.upper() == password):
        return "Password must have mixed case alphabets"
    if policy.digits and not any(letter.isdigit() for letter in password):
        return "Password must have numerals"
    if policy.special and password.isalnum():
        return "Password must have special characters"
    return "-"


def generate(policy: Policy | None) -> str:
    """Return a random password that complies."""
    policy = policy or Policy("", "")
    length = max(policy.min_length, min(policy.max_length, GENERATED_LENGTH))
    letters = string.ascii_letters + string.digits + (SPECIAL if policy.special else "")
    while True:
        password = "".join(secrets.choice(letters) for _position in range(length))
        if fault_of(password, policy) == "-":
            return password
