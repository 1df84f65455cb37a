# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role rotate_password says when a rotation has failed. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._rotation import Entry, Step, Vault

NOTHING = "Nothing was changed, here or in the vault."
BOTH = "The vault holds both passwords, the new one as account {pending}. Run again to finish."
GONE = "Another run, or a person, removed {pending} while {label} was being rotated."
MESSAGES: Mapping[Step, str] = {
    Step.NO_ACCOUNT: "There is no account {name} on {host}. {nothing_or_left}",
    Step.NOT_IN_VAULT: (
        "The vault shows no account {name} on resource {resource}. {nothing_or_left} Check both names, and what the "
        "user of the token may see."
    ),
    Step.WRONG_IN_VAULT: (
        "The password that the vault holds for {label} does not open a login{neither} ({reason}). "
        + NOTHING
        + " If the "
        "account may not log in with a password, choose another rotate_password_proof. If the vault does not know the "
        "password of the host, set rotate_password_verify_current to false."
    ),
    Step.TAKEN_BACK: (
        "Rotating {label} failed on the host: {reason}. The host still has the old password, which is in the vault; "
        "the new one was removed."
    ),
    Step.KEPT: "Rotating {label} failed on the host: {reason}. " + BOTH,
    Step.BROKEN_OFF: "{reason}. {where}",
    Step.LEFT_ALONE: GONE + " This run changed nothing on the host. Run again.",
    Step.UNSETTLED: (
        GONE
        + " That happened again and again. Host and vault may differ. Run again when no other run is at work, with "
        "rotate_password_verify_current set to false."
    ),
}
UNDER_WAY = "The rotation of {label} was interrupted. {where}"


def message(item: Mapping[str, Any]) -> str:
    """Return why a rotation has failed, where the passwords are, and what to do.

    :param item: as ``_rotation_work.rotations`` returns it
    """
    found = item["entry"] == Entry.FOUND
    left = f"The entry {item['pending']} of a former run is still there."
    words = {
        **{key: item[key] for key in ("name", "host", "resource", "pending")},
        "label": f"account {item['name']} of {item['host']}",
        "reason": str(item["reason"]).rstrip("."),
        "nothing_or_left": left if found else NOTHING,
        "neither": f", and neither does the one of {item['pending']}" if found else "",
    }
    return MESSAGES.get(Step(item["step"]), UNDER_WAY).format(**words, where=_where(item).format(**words))


def _where(item: Mapping[str, Any]) -> str:
    """Return where the passwords are."""
    if item["vault"] == Vault.WRITTEN:
        return "Host and vault have the new password of {label}; the entry {pending} is left. Run again to finish."
    if item["entry"] == Entry.NONE:
        return NOTHING
    if item["entry"] == Entry.GONE:
        return "The entry {pending} is gone, so host and vault may differ. Run again."
    return BOTH
