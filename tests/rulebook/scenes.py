# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is proved. Each scene returns what went wrong, in words."""

from __future__ import annotations

import stat
from collections.abc import Callable

from .world import PERSON, RESOURCE, World


def an_alert(world: World) -> list[str]:
    """alert_on_share: each share by hand is told once, also one that was made while the rulebook was down"""
    cursor = world.machine.folder / "alert.cursor"
    alert = f"{PERSON} has shared {RESOURCE}/{world.account}"
    wrong = []
    with world.rulebook("alert_on_share", cursor) as first:
        world.share(world.vault.token)  # by a playbook: no alert
        world.share(world.person_token)
        first.until(lambda: alert in first.said())
    world.searched(first)
    world.share(world.person_token, "modify")
    with world.rulebook("alert_on_share", cursor) as second:
        second.until(lambda: alert in second.said())
        world.share(world.person_token, "fullaccess")
        second.until(lambda: second.said().count(alert) >= 2)
    world.searched(second)
    counts = [first.said().count(alert), second.said().count(alert)]
    if counts != [1, 2]:
        wrong.append(f"alerts: {counts}")
    if "admin has shared" in first.said() + second.said():
        wrong.append("an alert for a share by a playbook")
    if stat.S_IMODE(cursor.stat().st_mode) != 0o600:
        wrong.append(f"cursor file has mode {stat.S_IMODE(cursor.stat().st_mode):o}")
    return wrong


def a_rotation(world: World) -> list[str]:
    """rotate_after_read: a password that a person has read is replaced in the vault and on the host, once"""
    wrong = []
    old, done = world.in_vault(), "PLAY RECAP"
    with world.rulebook("rotate_after_read", world.machine.folder / "rotate.cursor") as run:
        world.read(world.vault.token)  # by a playbook: nothing happens
        world.read(world.person_token)
        run.until(lambda: done in run.said())
    new = world.in_vault()
    world.searched(run)
    if new == old or not world.machine.opens(world.account, new) or world.machine.opens(world.account, old):
        wrong.append(f"the password of the host is not the vault's new one:\n{run.said()[-6000:]}")
    if run.said().count(done) != 1:
        wrong.append(f"{run.said().count(done)} rotations")
    if "db02" in run.said():
        wrong.append("the play was not limited to the host")
    return wrong


SCENES: tuple[Callable[[World], list[str]], ...] = (an_alert, a_rotation)
