# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line, the same for every product."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from standin_core.profile import Variant
from standin_core.standin import BaseStandin

POLL_SECONDS = 0.2


def _parser(program: str, variants: dict[str, Variant], profile_file: bool) -> argparse.ArgumentParser:
    """Return the parser; the profiles are listed below the options."""
    lines = [
        f"  {name}={'|'.join(item.values or ('TEXT',))} (default {item.default!r}): {item.about}"
        for name, item in sorted(variants.items())
    ]
    parser = argparse.ArgumentParser(
        prog=f"python -m {program}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="profiles:\n" + "\n".join(lines),
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--tls", action="store_true", help="HTTPS with a certificate of a fresh CA")
    parser.add_argument("--client-certs", action="store_true", help="HTTPS, and ask clients for a certificate")
    parser.add_argument("--ca-dir", metavar="DIR", help="write ca.pem there and leave it at the end")
    parser.add_argument("--seed", metavar="FILE", help="JSON or YAML")
    parser.add_argument("--control", action="store_true", help="open the control door")
    parser.add_argument("--profile", metavar="NAME=VALUE", nargs="+", action="extend", default=[])
    if profile_file:
        parser.add_argument("--profile-file", metavar="FILE", help="JSON of a doctor module; --profile beats it")
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="stop when that process is gone")
    return parser


def _profile(pairs: Sequence[str]) -> dict[str, str]:
    """Turn NAME=VALUE words into a dict; raises ValueError."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ValueError(f"--profile takes NAME=VALUE, not {wrong[0]!r}")
    return dict(pair.split("=", 1) for pair in pairs)


def _alive(pid: int) -> bool:
    """Return whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait(stop: threading.Event, parent: int | None) -> None:
    """Return when a signal came or the parent is gone."""
    while not stop.wait(POLL_SECONDS if parent else None):
        if parent and not _alive(parent):
            return


def main(
    program: str,
    variants: dict[str, Variant],
    factory: Callable[..., BaseStandin],
    argv: Sequence[str] | None = None,
    *,
    profile_file: bool = False,
) -> int:
    """Run a stand-in until SIGTERM or SIGINT; returns the exit status (2: wrong options).

    ``profile_file`` offers ``--profile-file``; the factory must take it as ``profile_file``.
    """
    parser = _parser(program, variants, profile_file)
    given = parser.parse_args(argv)
    stop = threading.Event()
    handler: Callable[[int, Any], None] = lambda _number, _frame: stop.set()  # noqa: E731
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    try:
        standin = factory(
            host=given.host,
            port=given.port,
            tls=given.tls,
            ca_dir=given.ca_dir,
            client_certs=given.client_certs,
            seed=given.seed,
            control=given.control,
            profile=_profile(given.profile),
            **({"profile_file": given.profile_file} if profile_file else {}),
        )
        standin.start()
    except (ValueError, OSError) as error:
        parser.error(str(error))
    try:
        print(standin.url, flush=True)
        print(json.dumps(standin.describe()), flush=True)
        _wait(stop, given.parent_pid)
    finally:
        standin.stop()
    sys.stdout.flush()
    return 0
