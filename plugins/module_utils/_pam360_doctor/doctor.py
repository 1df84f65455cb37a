# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a PAM360 server behaves where builds differ. Internal to the collection.

Reads by default. Writes only with ``scratch``, and then only to objects that it makes and removes (``Scratch``), one
request at a time, none of them twice. No password is read but that of its own account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._common.errors import AuthenticationError, RefusedError, VaultError
from .._engine.fields import NAME, cleaned_text
from .._engine.task import Arguments, Batch
from .._pam360.api import Pam360
from .._pam360.connect import CONNECTION, connect
from .._pam360.find import find_account, find_resource
from .asking import Asker, InconclusiveError, NoMoreAnswersError, why
from .findings import Findings, check_path, differs, write
from .probes_access import AccessProbes
from .probes_object import ObjectProbes, Specimen, tracked_by
from .probes_read import TYPES, ReadProbes
from .probes_write import WriteProbes
from .report import needs, report
from .workshop import Grantee, Options, Workshop

Probe = tuple[str, Callable[[], None]]


class Doctor(Batch):
    """``pam360_doctor``. Requests: about 45 reads; with ``scratch`` about 100, and 40 to 75 writes."""

    arguments = Arguments(
        options={
            **CONNECTION,
            "resource": {"type": "str"},
            "account": {"type": "str"},
            "scratch": {"type": "bool", "default": False},
            "explore": {"type": "bool", "default": False},
            "user": {"type": "str"},
            "user_group": {"type": "str"},
            "command_set": {"type": "int"},
            "tracking_field": {"type": "str", "default": "Ansible state"},
            "profile_path": {"type": "path"},
        },
        required_by={"account": "resource"},
    )
    client: Pam360

    @classmethod
    def connect(cls, params: Mapping[str, Any], **options: Any) -> Pam360:
        """Return a client that cannot write unless the task says ``scratch``. It follows no profile: it makes one."""
        options["read_only"] = options["read_only"] or not params["scratch"]
        return connect({**params, "server_profile": None}, **options)

    def __init__(self, client: Pam360, params: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        super().__init__(client, params, warn)
        self.names = {option: cleaned_text(NAME, option, params) for option in ("resource", "account")}
        self.label = cleaned_text(NAME, "tracking_field", params)
        self.path: str = params["profile_path"] or ""
        if self.path:
            check_path(self.path)
        self.ask = Asker(client)
        self.findings = Findings()
        self.reads = ReadProbes(self.ask, self.findings)
        self.objects = ObjectProbes(self.ask, self.findings)
        self.left: list[str] = []

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Probe, clean up, report. Once anything was written, nothing raises."""
        self._knock()
        specimen = self._specimen()
        options = Options(self.label, self.params["command_set"], self._grantees(), bool(self.params["explore"]))
        self._run([*self._without_objects(), ("earlier runs", self.reads.earlier_runs)])
        if not self.client.http.read_only:
            self._with_scratch(options)
        else:
            self._run([("R5", self.reads.r5), *(self._looking(specimen) if specimen else ()), ("R12", self.reads.r12)])
        needs(self.findings, scratch=not self.client.http.read_only, options=options, specimen=specimen)
        return self._told(check_mode=check_mode)

    # Before the first probe: what the task names must be there

    def _knock(self) -> None:
        """See that the server answers, and lets this user in; raise VaultError."""
        try:
            self.client.call("Reading the resource types", "GET", TYPES, {"RESOURCETYPE_CONTAINING": ["a"]})
        except AuthenticationError:
            raise
        except RefusedError:
            pass  # the user may not have this right, or the filter may be another one

    def _specimen(self) -> Specimen | None:
        """Return the resource and the account that the task names; raise NotFoundError."""
        name, account = self.names["resource"], self.names["account"]
        if not name:
            return None
        if not account:
            return Specimen(name, find_resource(self.client, {"resource": name}))
        resource_id, account_id = find_account(self.client, {"resource": name, "account": account})
        return Specimen(name, resource_id, account, account_id)

    def _grantees(self) -> tuple[Grantee, ...]:
        """Return those whom the task names; raise NotFoundError."""
        found = []
        user, group = (cleaned_text(NAME, option, self.params) for option in ("user", "user_group"))
        if user:
            found.append(Grantee("user", {"USERID": self.client.user_id(user)}))
        if group:
            found.append(Grantee("user group", {"USERGROUPID": self.client.user_group_id(group)}))
        return tuple(found)

    # Probing

    def _without_objects(self) -> list[Probe]:
        reads = self.reads
        return [("R1", reads.r1), ("R2, R3", reads.r2_r3), ("R3", reads.r3), ("R8", reads.r8), ("R9", reads.r9)]

    def _looking(self, it: Specimen) -> list[Probe]:
        objects = self.objects
        explore = [("R10", lambda: objects.r10(it))] if self.params["explore"] else []
        looks: list[Probe] = [
            ("R3", lambda: objects.r3(it)),
            ("R4", lambda: objects.r4(it)),
            ("R6", lambda: objects.r6(it)),
            ("R7", lambda: objects.r7(it)),
            ("R11", lambda: objects.r11(it)),
        ]
        return [*looks, *explore]

    def _with_scratch(self, options: Options) -> None:
        """Make objects, probe with them, and remove them whatever happens."""
        shop = Workshop(self.ask, self.findings, options)
        try:
            settings, access = WriteProbes(shop), AccessProbes(shop)
            self._run([("W1", settings.w1)])
            if not self._is_made(shop):
                return
            self._run([("W2", settings.w2), ("W3", settings.w3), ("R5", self.reads.r5)])
            self._run(self._looking(shop.specimen))
            self._run(_writing(settings, access))
            self._run([("R12", self.reads.r12), ("W6", access.w6_owner)])
        finally:
            self.left = shop.scratch.remove_all()

    def _is_made(self, shop: Workshop) -> bool:
        try:
            shop.scratch.locate(shop.name)
        except (VaultError, InconclusiveError):
            return False
        return True

    def _run(self, probes: list[Probe]) -> None:
        """Run some probes. One that tells nothing says why, and does not keep the others from running."""
        for name, probe in probes:
            self.ask.probe = name
            try:
                probe()
            except NoMoreAnswersError:
                return
            except (VaultError, InconclusiveError) as error:
                self.findings.observe_now(f"{name}: {why(error).removeprefix(f'{name}: ')}")

    # Telling

    def _told(self, *, check_mode: bool) -> dict[str, Any]:
        findings = self.findings
        tracking = {
            "accounts": tracked_by(self.objects.labels, self.label),
            "resources": tracked_by(self.objects.resource_labels, self.label),
        }
        told = sum(finding.verdict is not None for finding in findings.all.values())
        result: dict[str, Any] = {
            "changed": bool(self.left),
            "msg": f"{told} of {len(findings.all)} doubts are settled",
            "findings": findings.shown(),
            "observations": [*findings.observations, *findings.moments],
            "tracking": tracking,
            "rights": self.ask.rights,
            "report": report(findings, tracking, self.label, self.ask.rights),
            "left_behind": self.left,
            "of_earlier_runs": self.reads.leftovers,
            "writes": self.ask.writes,
            "profile_changed": False,
        }
        self._warn()
        content = findings.file()
        if self.path and differs(self.path, content):
            result["profile_changed"] = True
            if not check_mode:
                self._write(content, result)
        return result

    def _write(self, content: str, result: dict[str, Any]) -> None:
        try:
            write(self.path, content)
        except VaultError as error:
            result.update(failed=True, msg=str(error), failure=error.failure("profile"), profile_changed=False)

    def _warn(self) -> None:
        if self.left:
            self.warn(
                f"The vault may still hold what was made for the probes: resources {', '.join(self.left)}. Remove them."
            )
        if self.reads.leftovers:
            names = ", ".join(self.reads.leftovers)
            self.warn(f"Resources of other runs are in the vault: {names}. Remove them unless such a run is under way.")


def _writing(settings: WriteProbes, access: AccessProbes) -> list[Probe]:
    """Return the probes that write, in an order in which none spoils what a later one needs."""
    return [
        ("W4", settings.w4),
        ("W5", settings.w5),
        ("W5r", settings.w5r),
        ("W6", settings.w6),
        ("W7", settings.w7),
        ("R4", settings.confirm_readable),
        ("W8", access.w8),
        ("W9", settings.w9),
        ("W10", access.w10),
        ("W11", access.w11),
        ("W13", settings.w13_date),
        ("W13", settings.w13_secret),
        ("W12", access.w12),
    ]
