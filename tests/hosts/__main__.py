# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the scenes; print the counts. Called by ``make hosts`` in a mount namespace."""

from __future__ import annotations

import sys
import time
from importlib.metadata import version

from ansible_collections.vaultops.pam.tests.canary.search import told
from ansible_collections.vaultops.pam.tests.roles.rotate_password.kills import say
from ansible_collections.vaultops.pam.tests.roles.rotate_password.machine import machine
from pam360_standin import Standin

from .scenes import SCENES
from .world import World


def main() -> None:
    """Run it all."""
    start, passed, wrong = time.monotonic(), 0, []
    with machine() as host, Standin(seed={"resources": []}, tls=True) as vault:
        world = World(host, vault)
        say(f"ansible-core {version('ansible-core')}, {len(world.played)} hosts, 5 forks")
        for scene in SCENES:
            found = scene(world)
            title = (scene.__doc__ or "").strip().rstrip(".")
            say(f"  {'FAILED' if found else 'ok'}: {title}")
            wrong += [f"{title}: {each}" for each in found]
            passed += not found
    if world.leaks:
        wrong.append(told(world.leaks))
    for each in wrong:
        say(f"FAILED {each}")
    took = f"{time.monotonic() - start:.0f} s"
    say(f"{world.runs} runs, {world.search.outputs} outputs searched, leaks: {len(world.leaks)}, {took}")
    say(f"{passed} passed, {len(wrong)} failed")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
