# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role does when nobody kills it. Each scene gets a fresh account, and returns what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .machine import run
from .world import World

Scene = Callable[[World], list[str]]


def shadow(world: World) -> str:
    """Return the password hash of the account on the host."""
    return run("getent", "shadow", world.account)


def wrong(said: str, **claims: Any) -> list[str]:
    """Return the claims that do not hold, with the output of the run."""
    broken = [name.replace("_", " ") for name, holds in claims.items() if not holds]
    return [f"not so: {', '.join(broken)}; the run said:\n{said}"] if broken else []


def rotates(world: World) -> list[str]:
    """A rotation changes both sides in 14 tasks; a second run with `expired` writes on neither, and says so."""
    old = world.passwords()[world.account]
    run = world.start()
    status, said = world.finish(run), run.said()
    held, hashed, reads = world.passwords(), shadow(world), world.reads()
    found = wrong(
        said,
        it_succeeds=status == 0,
        no_pending_entry=set(held) == {world.account},
        another_password=held[world.account] != old,
        it_opens=world.opening() == [world.account],
        three_writes=world.writes() == 3,
        five_reads=reads == 5,  # the old one once; the new one for the host, the proof, the account and its end
        fourteen_tasks=run.count()[0] == 14 + 1,  # the end counts as one
        it_is_told="1 host: 1 rotated" in said,
        the_old_one_opens_nothing=not world.machine.opens(world.account, old),
    )
    status, said = world.play(rotate_password_when="expired")
    return found + wrong(
        said,
        it_succeeds=status == 0,
        no_write=world.writes() == 0,
        nothing_on_the_host=shadow(world) == hashed,
        nothing_changed=" changed=0 " in said,
        it_is_told="1 host: 1 not due" in said,
    )


def only_says(world: World) -> list[str]:
    """Check mode says what would be rotated, and writes nothing on either side."""
    hashed, held = shadow(world), world.passwords()
    status, said = world.play("--check")
    return wrong(
        said,
        it_succeeds=status == 0,
        it_says_so=f"Would rotate the password of account {world.account}" in said,
        a_change=" changed=1 " in said,
        no_write=world.writes() == 0,
        the_same_on_the_host=shadow(world) == hashed,
        the_same_in_the_vault=world.passwords() == held,
    )


def host_refuses(world: World) -> list[str]:
    """A host that refuses keeps the old password, and the pending entry goes."""
    held = world.passwords()
    world.machine.refuse()
    status, said = world.play()
    world.machine.accept()
    return wrong(
        said,
        it_fails=status == 2,
        it_says_so="The host still has the old password" in said,
        as_before=world.passwords() == held,
        it_opens=world.opening() == [world.account],
    )


def no_proof(world: World) -> list[str]:
    """A new password that cannot be proved stays in the vault beside the old one, and the next run finishes."""
    old = world.passwords()
    run("usermod", "-s", "/bin/false", world.account)
    status, said = world.play(rotate_password_verify_current=False)
    held = world.passwords()
    found = wrong(
        said,
        it_fails=status == 2,
        it_says_so="The vault holds both passwords" in said,
        both_are_there=set(held) == {world.account, world.pending},
        the_account_is_untouched=held[world.account] == old[world.account],
    )
    run("usermod", "-s", "/bin/sh", world.account)
    found += wrong(said, the_pending_one_opens=world.opening() == [world.pending])
    status, said = world.play(rotate_password_when="expired")
    return found + wrong(
        said,
        it_succeeds=status == 0,
        the_pending_one_is_the_accounts=world.passwords() == {world.account: held.get(world.pending)},
    )


def wrong_in_vault(world: World) -> list[str]:
    """A vault that does not know the password of the host: nothing is changed on either side."""
    world.vault.change(resource="db01", account=world.account, set={"PASSWORD": "Not-The-0ne!"})
    hashed = shadow(world)
    status, said = world.play()
    found = wrong(
        said,
        it_fails=status == 2,
        it_says_so="does not open a login" in said,
        no_write=world.writes() == 0,
        the_same_on_the_host=shadow(world) == hashed,
    )
    status, said = world.play(rotate_password_verify_current=False)
    return found + wrong(said, it_can_be_overruled=status == 0 and world.opening() == [world.account])


def by_hash(world: World) -> list[str]:
    """An account that may not log in is proved by its hash, in 14 tasks too; a refusal is taken back."""
    run("usermod", "-s", "/bin/false", world.account)
    playing = world.start(rotate_password_proof="hash")
    status, said = world.finish(playing), playing.said()
    run("usermod", "-s", "/bin/sh", world.account)
    found = wrong(
        said,
        it_succeeds=status == 0,
        it_opens=world.opening() == [world.account],
        fourteen_tasks=playing.count()[0] == 14 + 1,
    )
    held = world.passwords()
    world.machine.refuse()
    status, said = world.play(rotate_password_proof="hash")
    world.machine.accept()
    return found + wrong(
        said,
        it_fails=status == 2,
        it_says_so="The host still has the old password" in said,
        as_before=world.passwords() == held,
    )


def unproved(world: World) -> list[str]:
    """With the proof `none` a refusal keeps the pending entry, and the next run finishes."""
    held = world.passwords()
    world.machine.refuse()
    status, said = world.play(rotate_password_proof="none")
    world.machine.accept()
    found = wrong(
        said,
        it_fails=status == 2,
        it_says_so="The vault holds both passwords" in said,
        it_is_kept=set(world.passwords()) == {world.account, world.pending},
        the_account_is_untouched=world.passwords()[world.account] == held[world.account],
    )
    status, said = world.play(rotate_password_proof="none", rotate_password_when="expired")
    return found + wrong(said, it_succeeds=status == 0, it_opens=world.opening() == [world.account])


def several(world: World) -> list[str]:
    """One account that fails does not hold up another one."""
    absent = {"name": "not-in-the-vault"}
    accounts = [absent, {"name": world.account, "proof": "hash"}, {"name": "root", "proof": "hash"}]
    status, said = world.play(rotate_password_accounts=accounts)
    return wrong(
        said,
        it_fails=status == 2,
        it_says_so="The vault shows no account not-in-the-vault" in said,
        it_is_told="1 host: 1 rotated, 2 failed" in said,
        the_other_is_rotated=world.opening() == [world.account],
        nothing_is_left=set(world.passwords()) == {world.account},
    )


def not_on_host(world: World) -> list[str]:
    """An account that is not on the host is not made there."""
    name = world.account
    run("/usr/sbin/userdel", "--force", name)
    status, said = world.play()
    found = wrong(
        said,
        it_fails=status == 2,
        it_says_so=f"There is no account {name} on db01" in said,
        no_write=world.writes() == 0,
    )
    run("/usr/sbin/useradd", "-M", "-d", "/", name)
    return found


def nobody_elses_login(world: World) -> list[str]:
    """The login of another user, forced by extra variables, is no proof."""
    key = world.machine.folder / "root_key"
    args = f"-i {key} -o ControlMaster=no -o ControlPath=none"
    status, said = world.play("-e", "ansible_ssh_user=root", "-e", f'{{"ansible_ssh_args": "{args}"}}')
    return wrong(said, it_fails=status == 2, it_says_so="does not open a login" in said, no_write=world.writes() == 0)


def own_password(world: World) -> list[str]:
    """A given password is used as it is, odd characters and all, for one of several settings."""
    given = " N3w \"'\\ %&+ä€ "
    account = {"name": world.account, "password": given, "policy": "Strong", "when": "older_than", "max_age": 30}
    status, said = world.play(rotate_password_accounts=[account], rotate_password_when="expired")
    return wrong(said, it_succeeds=status == 0, it_is_there=world.passwords() == {world.account: given}) or wrong(
        said, it_opens=world.opening() == [world.account]
    )


QUICK: tuple[Scene, ...] = (rotates, only_says, host_refuses, no_proof)
MORE: tuple[Scene, ...] = (wrong_in_vault, by_hash, unproved, several, not_on_host, nobody_elses_login, own_password)
