# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects of one task: each has an outcome of its own, and several are worked on at a time. Internal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .._common.errors import ENDED, NotTriedError, VaultError
from .._engine.object_run import ObjectRun
from .._engine.vault_object import VaultObject

NOT_BEGUN = "nothing was written for it"
PROGRESS_EVERY = 500  # objects between two messages about the progress
T = TypeVar("T")


class OneOfManyRun(ObjectRun):
    """One object among many: a failure is its outcome, and the others go on."""

    def __init__(self, thing: VaultObject, *, check_mode: bool) -> None:
        super().__init__(thing, check_mode=check_mode)
        self.outcome: Mapping[str, Any] | None = None
        self.error: VaultError | None = None
        self.tried = True

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do *act*, unless the object has failed before."""
        if self.outcome is None:
            try:
                act()
            except VaultError as error:
                self.outcome = self.failure_result(error)

    def finish(self) -> None:
        """Read again what was written, and keep the result."""
        self.attempt(self._keep_report)

    def _keep_report(self) -> None:
        self.outcome = self.report()

    def end(self) -> None:
        """Keep what can be told of an object whose task was ended from outside."""
        if self.outcome is None and self.observed is not None and not self.thing.plan.steps:
            self._keep_report()  # it needs no change
        elif self.outcome is None:
            begun = self.step or self.thing.done or self.thing.client.written
            self.outcome = self.failure_result(self.ended() if begun else NotTriedError(f"{NOT_BEGUN}: {ENDED}"))

    def failure_result(self, error: VaultError) -> dict[str, Any]:
        """Return the result for *error*, and note it, and whether the vault was asked at all."""
        self.error, self.tried = error, not isinstance(error, NotTriedError)
        return super().failure_result(error)


class Workers:
    """Does things to many objects, several at a time.

    :param count: how many at a time.
    :ivar progress: called with a few words now and then.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.progress: Callable[[str], None] = lambda _text: None
        self._pool = ThreadPoolExecutor(count)

    def close(self) -> None:
        """Let all threads go."""
        self._pool.shutdown()

    def each(self, items: Sequence[T], act: Callable[[T], Any], what: str = "") -> None:
        """Do *act* to all items. When interrupted, nothing more is begun."""
        waiting, lock = deque(items), threading.Lock()
        done = 0

        def work() -> None:
            nonlocal done
            try:
                while True:
                    with lock:
                        if not waiting:
                            return
                        item = waiting.popleft()
                    act(item)
                    with lock:
                        done += 1
                        if what and (done % PROGRESS_EVERY == 0 or done == len(items)):
                            self.progress(f"{done} of {len(items)} {what}")
            except BaseException:
                stop()
                raise

        def stop() -> None:
            with lock:
                waiting.clear()

        # One call for each connection, and not for each item, which would cost more than the items themselves.
        futures = [self._pool.submit(work) for _number in range(min(self.count, len(items)))]
        try:
            for future in futures:
                future.result()
        except BaseException:
            stop()
            raise
