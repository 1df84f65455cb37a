# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzz both products: ``python -m ansible_collections.vaultops.pam.tests.fuzz --help``."""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import secrets
import sys
from collections import Counter

from .world import Count, Fuzz

KINDS = {
    "wait": "waits",
    "exception": "unexpected exceptions",
    "doubled": "doubled writes",
    "changed": "wrong 'changed'",
}
KINDS["secret"] = "secrets told"


PART = 500  # answers of one part of the work; the parts are the same however many processes there are
FAR = 1_000_000  # numbers of tasks between two parts


def part(work: tuple[str, int, int, int]) -> Count:
    """Do a part of the work: product, seed, which part, and how many answers."""
    product, seed, number, answers = work
    return Fuzz(product, seed).run(itertools.count(number * FAR), answers)


def fuzz(product: str, seed: int, answers: int, workers: int) -> Count:
    """Mutate so many answers of a product, in several processes; return the sum."""
    works = [
        (product, seed, number, min(PART, answers - first)) for number, first in enumerate(range(0, answers, PART))
    ]
    total = Count()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for number, count in enumerate(pool.imap_unordered(part, works), 1):
            total.add(count)
            for text in count.findings:
                print(text, flush=True)
            if number % 20 == 0:
                print(
                    f"{product}: {total.answers} answers, {len(total.findings)} findings", file=sys.stderr, flush=True
                )
    return total


def main() -> int:
    """Run, tell, and return 1 for any finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="repeats a run")
    parser.add_argument("--pam360", type=int, default=100_000, help="answers to mutate")
    parser.add_argument("--cyberark", type=int, default=20_000, help="answers to mutate")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--case", nargs=2, metavar=("PRODUCT", "NUMBER"), help="one task alone")
    given = parser.parse_args()
    if given.case:
        count = Fuzz(given.case[0], given.seed).run(iter([int(given.case[1])]), 1 << 60)
        print("\n".join(count.findings) or "nothing was found")
        return bool(count.findings)
    bad = 0
    for product in ("pam360", "cyberark"):
        count = fuzz(product, given.seed, getattr(given, product), given.workers)
        found = Counter(word for text in count.findings for word in KINDS if f"{word}: " in text)
        words = ", ".join(f"{found[word]} {name}" for word, name in KINDS.items())
        kinds = ", ".join(f"{name} {number}" for name, number in count.kinds.most_common())
        print(
            f"fuzz {product}: seed {given.seed}, {count.answers} mutated answers in {count.tasks} tasks: "
            f"{words} ({kinds})"
        )
        bad += len(count.findings)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
