# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role rotate_password says when a rotation has failed. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._rotation import Entry, Step, Vault

NOTHING = "Nothing was changed, here or in the vault."
AGAIN = "Run again to finish."
BOTH = "The vault holds both passwords, the new one as account {pending}."


def message(item: Mapping[str, Any]) -> str:
    """Return why a rotation has failed, where the passwords are, and what to do.

    :param item: as ``_rotation_work.rotations`` returns it
    """
    label = "account {name} of {host}".format(**item)
    found = item["entry"] == Entry.FOUND
    left = " The entry {pending} of a former run is still there.".format(**item) if found else ""
    reason = str(item["reason"]).rstrip(".")
    step = Step(item["step"])
    if step is Step.NO_ACCOUNT:
        return f"There is no account {item['name']} on {item['host']}. {left.strip() or NOTHING}"
    if step is Step.NOT_IN_VAULT:
        return (
            f"The vault shows no account {item['name']} on resource {item['resource']}. {NOTHING}{left} Check both names, "
            "and what the user of the token may see."
        )
    if step is Step.WRONG_IN_VAULT:
        neither = f", and neither does the one of {item['pending']}" if found else ""
        return (
            f"The password that the vault holds for {label} does not open a login{neither} ({reason}). {NOTHING} If the "
            "account may not log in with a password, choose another rotate_password_proof. If the vault does not know "
            "the password of the host, set rotate_password_verify_current to false."
        )
    if step is Step.TAKEN_BACK:
        return (
            f"Rotating {label} failed on the host: {reason}. The host still has the old password, which is in the vault; "
            "the new one was removed."
        )
    if step is Step.KEPT:
        return f"Rotating {label} failed on the host: {reason}. {BOTH.format(**item)} {AGAIN}"
    if step is Step.BROKEN_OFF:
        return f"{reason}. {_where(item, label)}"
    other = f"Another run, or a person, removed {item['pending']} while {label} was being rotated."
    if step is Step.LEFT_ALONE:
        return f"{other} This run changed nothing on the host. Run again."
    if step is Step.UNSETTLED:
        return (
            f"{other} That happened again and again. Host and vault may differ. Run again when no other run is at work, with "
            "rotate_password_verify_current set to false."
        )
    return f"The rotation of {label} was broken off. {_where(item, label)}"


def _where(item: Mapping[str, Any], label: str) -> str:
    """Return where the passwords are."""
    if item["vault"] == Vault.WRITTEN:
        return f"Host and vault have the new password of {label}; the entry {item['pending']} is left. {AGAIN}"
    if item["entry"] == Entry.NONE:
        return f"{NOTHING} The rotation of {label} did not begin."
    if item["entry"] == Entry.GONE:
        return f"The entry {item['pending']} is gone, so host and vault may differ. Run again."
    return f"The rotation of {label} is not finished. {BOTH.format(**item)} {AGAIN}"
