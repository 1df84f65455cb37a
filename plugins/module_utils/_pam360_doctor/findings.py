# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found out, in words that may be shown to anyone, and its file. Internal to the collection.

Evidence is made of our own words, HTTP statuses, keys of the API and the server's messages as ``masked`` leaves them.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import InputError
from .._common.wording import one_line
from .._pam360.server_profile import FORMAT, INFERRED, NOT_PROBED, SEEN, VALUES, VAULT, VERSION


@dataclass
class Finding:
    """What is known of one doubt.

    :param verdict: one of the values that are known to be possible; ``None`` where none fits, or nothing was told.
    :param details: texts or names that go with the verdict.
    """

    verdict: str | None = None
    certainty: str = NOT_PROBED
    evidence: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return it as it stands in results and in the file."""
        found = {"verdict": self.verdict, "certainty": self.certainty, "evidence": self.evidence}
        return {**found, "details": self.details} if self.details else found


class Findings:
    """All doubts.

    :ivar observations: what was seen and decides nothing.
    :ivar moments: the same, but another run may well see something else, so it does not go into the file.
    """

    def __init__(self) -> None:
        self.all = {name: Finding() for name in VALUES}
        self.observations: list[str] = []
        self.moments: list[str] = []
        self._contradicted: set[str] = set()

    def __getitem__(self, name: str) -> Finding:
        return self.all[name]

    def found(
        self, name: str, verdict: str, evidence: str, *, certain: bool = True, details: Iterable[str] = ()
    ) -> None:
        """Note a verdict. Two probes that contradict each other settle nothing."""
        finding = self.all[name]
        if VALUES[name] and verdict not in VALUES[name]:
            raise AssertionError(f"{name} has no value {verdict}")
        self._tell(finding, evidence)
        if name in self._contradicted:
            return
        if finding.verdict not in (None, verdict):
            self._contradicted.add(name)
            self._tell(finding, "The probes contradict each other.")
            finding.verdict, finding.certainty, finding.details = None, SEEN, []
            return
        finding.verdict = verdict
        finding.certainty = SEEN if certain or finding.certainty == SEEN else INFERRED
        finding.details += [text for text in details if text not in finding.details]

    def strange(self, name: str, evidence: str) -> None:
        """Note that the server behaves in a way that no verdict stands for."""
        self._contradicted.add(name)
        finding = self.all[name]
        self._tell(finding, evidence)
        finding.verdict, finding.certainty, finding.details = None, SEEN, []

    def open(self, names: Iterable[str], reason: str) -> None:
        """Note why nothing was told of some doubts."""
        for name in names:
            if self.all[name].certainty == NOT_PROBED:
                self._tell(self.all[name], reason)

    def observe(self, text: str) -> None:
        """Note what was seen and decides nothing."""
        self.observations.append(text)

    def observe_now(self, text: str) -> None:
        """Note what was seen at this moment and decides nothing."""
        self.moments.append(text)

    @staticmethod
    def _tell(finding: Finding, evidence: str) -> None:
        if evidence not in finding.evidence:
            finding.evidence.append(evidence)

    def shown(self) -> dict[str, Any]:
        """Return all findings as they stand in results and in the file."""
        return {name: finding.shown() for name, finding in self.all.items()}

    def file(self) -> str:
        """Return the content of a server profile: the same findings are the same text."""
        head = {"format": FORMAT, "version": VERSION, "vault": VAULT}
        whole = {**head, "findings": self.shown(), "observations": self.observations}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def check_path(path: str) -> None:
    """Raise InputError for a file that cannot be written, before anything is asked."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path) or not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise InputError(f"profile_path names '{one_line(path)}', where no file can be written")


def differs(path: str, content: str) -> bool:
    """Whether a file is not there, or holds something else."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read() != content
    except (OSError, ValueError):
        return True


def write(path: str, content: str) -> None:
    """Write a file as a whole or not at all; raise InputError. It holds no secret, so that others may read it."""
    place = ""
    try:
        number, place = tempfile.mkstemp(prefix=".", dir=os.path.dirname(path) or ".")
        with open(number, "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(place, 0o644)
        os.replace(place, path)
    except (OSError, ValueError) as error:  # the name may be none that a file can have
        with suppress(OSError):
            os.unlink(place)
        message = f"profile_path names '{one_line(path)}', which could not be written"
        raise InputError(message) from error
