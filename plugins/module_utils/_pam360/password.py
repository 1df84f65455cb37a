# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password of a PAM360 account. Internal to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from .._common.errors import AnswerError, InputError, NotFoundError, RefusedError
from .._common.secret import Secret
from .._common.wording import one_line
from .._engine.fields import NAME, argument_spec, cleaned_text
from .._engine.plan import Observed, Step, Wanted
from .._engine.task import Arguments
from .api import Pam360
from .connect import ACCOUNT_OPTIONS, CONNECTION, RESOURCE_OPTIONS, Pam360Object
from .envelope import value_of
from .fields import COMPLIANT, EXPIRED, PASSWORD
from .find import account_label, expect_from_earlier_task, find_account

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\w{3})\w*\.? (\d{1,2}), (\d{4}) (\d{1,2}):(\d{2})(?::\d{2})? ([AP]M)", re.IGNORECASE)


class AccountPassword(Pam360Object):
    """``pam360_account_password``. Requests by names: 2 when nothing changes, 3 or 4 when it does."""

    noun = "account"
    arguments = Arguments(
        options={
            **CONNECTION,
            **RESOURCE_OPTIONS,
            **ACCOUNT_OPTIONS,
            **argument_spec(PASSWORD),
            "generate": {"type": "str"},
            "update_password": {
                "type": "str",
                "choices": ["on_drift", "always", "when_expired", "when_older_than"],
                "no_log": False,
            },
            "max_age": {"type": "int"},
            "return_password": {"type": "bool", "default": False, "no_log": False},
            "reset_type": {"type": "str", "choices": ["local", "remote"], "default": "local"},
            "reason": {"type": "str"},
            "ticket_id": {"type": "str"},
        },
        mutually_exclusive=[("resource", "resource_id"), ("account", "account_id"), ("password", "generate")],
        required_one_of=[("resource", "resource_id"), ("account", "account_id"), ("password", "generate")],
        required_if=[("update_password", "when_older_than", ("max_age",))],
    )

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        self.policy = cleaned_text(NAME, "generate", params)
        self.when = params["update_password"] or ("when_expired" if self.policy else "on_drift")
        self._check(params)
        self.label = account_label(params)
        # The value of a password to be generated does not exist yet, and never will in check mode.
        password = Secret(params["password"] or "")
        ids = {"resource_id": None, "account_id": None}
        super().__init__(client, params, warn, Wanted(self.label, "present", {"password": password}), PASSWORD, ids)
        self.names = {"name": params["account"], "resource": params["resource"]}

    def _check(self, params: Mapping[str, Any]) -> None:
        if params["password"] == "":
            raise InputError("password must not be empty")
        if self.policy and self.when == "on_drift":
            raise InputError("update_password: on_drift needs a password; generate makes a new one each time")
        if not self.policy and self.when in ("when_expired", "when_older_than"):
            raise InputError(f"update_password: {self.when} goes with generate, and not with a given password")
        if params["return_password"] and not self.policy:
            raise InputError("return_password goes with generate only")
        if (params["max_age"] or 0) < 0:
            raise InputError("max_age must be 0 days or more")

    def observe(self, done: Step | None = None) -> Observed | None:
        """Read what the policy needs: the password, its age and state, or nothing."""
        if done is None:
            try:
                self.ids["resource_id"], self.ids["account_id"] = find_account(self.client, self.params)
            except NotFoundError as error:
                expect_from_earlier_task(error, self.client, self.warn)
                return Observed(resend=("password",))
        resource_id, account_id = str(self.ids["resource_id"]), str(self.ids["account_id"])
        if self.when == "on_drift":
            return Observed({"password": self._current(resource_id, account_id)})
        if self.when == "always":
            return Observed(resend=("password",))
        if done is not None:
            return Observed()
        record, answer = self.client.account(resource_id, account_id, self.label)
        due = self._expired(record, answer) if self.when == "when_expired" else self._old(record, answer)
        return Observed(resend=("password",) if due else ())

    def _current(self, resource_id: str, account_id: str) -> Secret:
        access = {"reason": self.params["reason"], "ticket_id": self.params["ticket_id"]}
        try:
            return self.client.password(resource_id, account_id, self.label, **access)
        except RefusedError as error:
            if "no such" in error.server_message.casefold():
                raise
            raise error.with_hint(
                "Give reason and ticket_id if the vault wants them, or choose update_password: always, or generate with"
                " update_password: when_expired, which do not read it."
            ) from None

    @staticmethod
    def _expired(record: Any, answer: Any) -> bool:
        expiry, compliant = value_of(record, "EXPIRY STATUS"), value_of(record, "COMPLIANT STATUS")
        if not expiry and not compliant:
            raise answer.unexpected("shows neither whether the password has expired nor whether it is compliant")
        return EXPIRED.read(expiry) is True or COMPLIANT.read(compliant) is False

    def _old(self, record: Any, answer: Any) -> bool:
        """Times come in the server's local time without a zone, so they are compared with its Date header."""
        modified = value_of(record, "LAST MODIFIED TIME")
        if modified in (None, "", "N/A"):
            return True
        try:
            now = parsedate_to_datetime(answer.headers["Date"]).replace(tzinfo=timezone.utc)
            changed = _parse(str(modified))
        except (KeyError, TypeError, ValueError):
            raise AnswerError(
                f"the time of the last change, '{one_line(modified)}', cannot be compared with the Date header",
                code="age_unknown",
                operation=f"Reading {self.label}",
                hint="Choose update_password: when_expired or always.",
            ) from None
        return now - changed > timedelta(days=self.params["max_age"])

    def set_password(self) -> Observed | None:
        """Set the password, a new one of the vault's policy with ``generate``."""
        password = self.wanted.settings["password"]
        if self.policy:
            password = self.client.generate_password(self.policy)
            self.client.http.redact.add(password, quietly=self.params["return_password"])
        self.client.set_password(
            str(self.ids["resource_id"]),
            str(self.ids["account_id"]),
            password,
            self.label,
            RESETTYPE=self.params["reset_type"].upper(),
            REASON=self.params["reason"],
            TICKETID=self.params["ticket_id"],
        )
        if self.policy and self.params["return_password"]:
            self.extra["password"] = password.reveal()
        return Observed({"password": password} if self.when == "on_drift" else {})


def _parse(text: str) -> datetime:
    """Parse ``Dec 1, 2021 09:00 PM`` whatever the locale; raise ValueError."""
    match = TIME.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    month, day, year, hour, minute, half = match.groups()
    hours = int(hour) % 12 + (12 if half.casefold() == "pm" else 0)
    return datetime(int(year), MONTHS.index(month.casefold()) + 1, int(day), hours, int(minute), tzinfo=timezone.utc)
