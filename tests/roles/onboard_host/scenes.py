# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role does on both sides. Each scene begins anew, and returns what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import run

from .world import PENDING, World

Scene = Callable[[World], list[str]]
READ = "GET PASSWORD"


def wrong(said: str, **claims: Any) -> list[str]:
    """Return the claims that do not hold, with the output of the run."""
    broken = [name.replace("_", " ") for name, holds in claims.items() if not holds]
    return [f"not so: {', '.join(broken)}; the run said:\n{said}"] if broken else []


def writes(seen: list[str]) -> int:
    """Return how many of the operations were writes."""
    return sum(operation.startswith("*") for operation in seen)


def onboards(world: World) -> list[str]:
    """Check mode writes nothing; a run brings both sides together; the same again writes on neither side."""
    hashed = world.shadow()
    status, said = world.play("--check")
    seen = world.seen()
    found = wrong(
        said,
        the_check_succeeds=status == 0,
        it_names_the_account=f"Would give account {world.old} of db01 a new password" in said,
        no_write=writes(seen) == 0,
        no_password_read=READ not in seen,
        the_host_is_as_before=world.shadow() == hashed,
    )
    status, said = world.play()
    world.seen()
    found += wrong(
        said,
        it_succeeds=status == 0,
        both_sides_agree=world.agrees(),
        the_given_password_is_used=world.passwords().get(world.new) == world.given,
        the_old_one_opens_nothing=not world.machine.opens(world.old, world.old_password),
    )
    hashed = world.shadow()
    for options in (["--check"], []):
        status, said = world.play(*options)
        seen = world.seen()
        found += wrong(
            said,
            the_same_again_succeeds=status == 0,
            no_write=writes(seen) == 0,
            no_password_read=READ not in seen,
            nothing_on_the_host=world.shadow() == hashed,
            nothing_changed=" changed=0 " in said,
        )
    return found


def rebuilt(world: World) -> list[str]:
    """A host that was built anew gets the passwords that the vault has; a locked account counts as none."""
    status, said = world.play()
    found = wrong(said, it_succeeds=status == 0)
    held = world.passwords()
    world.machine.remove_user(world.new)
    run("usermod", "-p", "!", world.old)
    world.seen()
    status, said = world.play()
    return found + wrong(
        said,
        it_succeeds=status == 0,
        no_write_in_the_vault=writes(world.seen()) == 0,
        the_passwords_are_the_same=world.passwords() == held,
        both_sides_agree=world.agrees(),
    )


def drifted(world: World) -> list[str]:
    """A password that someone changed on the host stays, unless the play wants the vault's."""
    status, said = world.play()
    found = wrong(said, it_succeeds=status == 0)
    run("/usr/sbin/chpasswd", "-c", "SHA512", "-s", "5000", text=f"{world.old}:By-hand-1\n")
    hashed = world.shadow()
    status, said = world.play()
    found += wrong(said, it_succeeds=status == 0, it_stays=world.shadow() == hashed)
    status, said = world.play("--check", onboard_host_update_password="on_drift")
    found += wrong(said, the_check_tells=" changed=1 " in said, it_stays=world.shadow() == hashed)
    status, said = world.play(onboard_host_update_password="on_drift")
    found += wrong(said, it_succeeds=status == 0, both_sides_agree=world.agrees())
    status, said = world.play(onboard_host_update_password="on_drift")
    return found + wrong(said, it_succeeds=status == 0, nothing_changed=" changed=0 " in said)


def not_unasked(world: World) -> list[str]:
    """With `fail`, an account that the vault does not know keeps its password, and nothing is changed."""
    hashed = world.shadow()
    status, said = world.play(onboard_host_existing="fail")
    return wrong(
        said,
        it_fails=status == 2,
        it_says_so=f"are not in the vault: {world.old}." in said,
        no_write=writes(world.seen()) == 0,
        the_host_is_as_before=world.shadow() == hashed,
    )


def refuses(world: World) -> list[str]:
    """A host that refuses keeps its password, both are known, and the next run finishes."""
    world.machine.refuse()
    status, said = world.play()
    world.machine.accept()
    found = wrong(
        said,
        it_fails=status == 2,
        the_old_one_still_opens=world.machine.opens(world.old, world.old_password),
        the_next_one_is_pending=world.old + PENDING in world.passwords(),
    )
    status, said = world.play()
    return found + wrong(said, it_succeeds=status == 0, both_sides_agree=world.agrees())


def in_two_parts(world: World) -> list[str]:
    """First the vault by its tag, then the host by its tag: both sides agree."""
    hashed = world.shadow()
    status, said = world.play("--tags", "onboard_host_vault")
    found = wrong(said, it_succeeds=status == 0, the_host_is_as_before=world.shadow() == hashed)
    status, said = world.play("--tags", "onboard_host_local")
    return found + wrong(said, it_succeeds=status == 0, both_sides_agree=world.agrees())


def goes(world: World) -> list[str]:
    """A host that goes out of service has its accounts locked, and leaves the vault; the same again changes nothing."""
    status, said = world.play()
    found = wrong(said, it_succeeds=status == 0)
    held = world.passwords()
    settings = {"playbook": "offboard_hosts", "offboard_host_lock_accounts": [world.old, "nobody-of-that-name"]}
    status, said = world.play("--check", **settings)
    found += wrong(said, the_check_leaves_it=world.passwords() == held and world.agrees())
    status, said = world.play(**settings)
    found += wrong(
        said,
        it_succeeds=status == 0,
        the_vault_has_nothing=world.passwords() == {},
        the_locked_one_does_not_open=not world.machine.opens(world.old, held[world.old]),
        the_other_one_does=world.machine.opens(world.new, held[world.new]),
        nobody_was_made="nobody-of-that-name" not in world.shadow(),
    )
    hashed = world.shadow()
    status, said = world.play(**settings)
    return found + wrong(said, nothing_changed=" changed=0 " in said, as_before=world.shadow() == hashed)


SCENES: tuple[Scene, ...] = (onboards, rebuilt, drifted, not_unasked, refuses, in_two_parts, goes)
