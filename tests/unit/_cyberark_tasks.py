# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks and the faults of the matrix for CyberArk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.vaultops.pam.tests.unit._cyberark_world import (
    ADD,
    APP,
    DELETE,
    DETAILS,
    LINK,
    LINKED,
    LIST,
    LOGOFF,
    LOGON,
    NEW,
    ROOT,
    SET,
    SVC,
    UNLINK,
    UPDATE,
)
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import FAULTS as COMMON
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import Fault

WRITES = frozenset({ADD, UPDATE, DELETE, SET, LINK, UNLINK})
WITHOUT_BODY = (DELETE, SET, LINK, UNLINK)  # their answers are empty
BY_NAME = {"safe": "Linux", "name": "db01-root"}
ALWAYS = {"secret": "N3w-Passw0rd!", "update_secret": "always"}
SECRET = "N3w-Passw0rd!"


@dataclass(frozen=True)
class Task:
    """One task on the seed. ``requests`` are those of an undisturbed run, ``object`` a word of each message.

    ``readable``: the vault shows afterwards whether the write was made. ``idempotent``: a second run is quiet.
    """

    id: str
    requests: tuple[str, ...]
    object: str
    args: Mapping[str, Any]
    readable: bool = True
    idempotent: bool = True

    @property
    def changes(self) -> bool:
        """Whether the undisturbed run writes."""
        return bool(WRITES & set(self.requests))


def _task(id_: str, word: str, *requests: str, **args: Any) -> Task:
    always = args.get("update_secret") == "always"
    return Task(id_, (LOGON, *requests, LOGOFF), word, args, SET not in requests, not always)


EDIT: dict[str, Any] = {"platform_properties": {"Port": 23, "Location": None, "OwnerName": "ops"}}
TASKS: tuple[Task, ...] = (
    _task("create", "new1", LIST, ADD, **NEW, secret=SECRET, **EDIT),
    _task("create-by-name", "fresh", LIST, ADD, **NEW, name="fresh"),
    _task("edit", "root", LIST, UPDATE, **ROOT, **EDIT, secret=SECRET),
    _task("edit-by-id", "30_3", DETAILS, UPDATE, **SVC, remote_machines=["h1"], name="renamed"),
    _task("manage", "db01-app", LIST, UPDATE, **APP, automatic_management=True),
    _task("edit-and-secret", "root", LIST, UPDATE, SET, **ROOT, **EDIT, secret=SECRET, update_secret="always"),
    _task("secret", "root", LIST, SET, **ROOT, secret=SECRET, update_secret="always"),
    _task("absent", "root", LIST, DELETE, **ROOT, state="absent"),
    _task("absent-by-id", "30_3", DETAILS, DELETE, **SVC, state="absent"),
    _task("create-linked", "new1", LIST, ADD, LINK, LINKED, DETAILS, **NEW, reconcile_account=BY_NAME),
    _task("link", "root", LIST, LINKED, DETAILS, LINK, LINKED, **ROOT, logon_account={"account_id": "29_4"}),
    _task("link-and-secret", "root", LIST, LINKED, LINK, SET, LINKED, DETAILS, **ROOT, **ALWAYS, logon_account=APP),
    _task("unlink", "db01-app", LIST, LINKED, UNLINK, LINKED, **APP, logon_account={}),
    _task("unchanged-linked", "db01-app", LIST, LINKED, **APP, logon_account={"account_id": "29_3"}),
    _task("unchanged", "root", LIST, **ROOT, platform_properties={"Port": 22}),
    _task("unchanged-by-id", "30_3", DETAILS, **SVC, remote_machines=["h2", "h1"]),
    _task("unchanged-absent", "ghost", LIST, **{**ROOT, "user_name": "ghost"}, state="absent"),
)
FAULTS: tuple[Fault, ...] = (
    *(fault for fault in COMMON if fault.id not in ("failed", "599-empty")),
    Fault("failed", {"fault": "failed", "message": "PASWS999E Not today"}, 400, refusal=True),
    Fault("409-json", {"fault": "status", "code": 409, "message": "PASWS027E It exists"}, 409, refusal=True),
)


def _shape(id_: str, where: str, value: Any, *only: str) -> Fault:
    return Fault(id_, {"fault": "wrong_type", "where": where, "value": value}, 200, open=True, only=frozenset(only))


SHOWN = (DETAILS, UPDATE)
LINKED_ROW = {"extraPasswordIndex": 1, "Name": ["x"], "AccountID": {"a": 1}}
SHAPES: tuple[Fault, ...] = (
    _shape("rows-text", "value", "x", LIST),
    _shape("rows-null", "value", None, LIST),
    _shape("rows-object", "value", {"a": 1}, LIST),
    _shape("rows-texts", "value", ["x", None], LIST),
    _shape("rows-empty-objects", "value", [{}], LIST),
    _shape("rows-without-fields", "value", [{"id": "1_1"}], LIST),
    _shape("rows-with-objects", "value", [{"id": "1_1", "userName": {"a": 1}}], LIST),
    _shape("rows-with-block-text", "value", [{"id": "1_1", "secretManagement": "x"}], LIST),
    _shape("link-number", "nextLink", 5, LIST),
    _shape("link-elsewhere", "nextLink", "https://elsewhere.example.com/?offset=x", LIST),
    _shape("id-number", "id", 5, *SHOWN, ADD),
    _shape("id-empty", "id", "", *SHOWN, ADD),
    _shape("name-list", "name", ["x"], *SHOWN, ADD),
    _shape("name-null", "name", None, *SHOWN, ADD),
    _shape("properties-text", "platformAccountProperties", "x", *SHOWN, ADD),
    _shape("properties-nested", "platformAccountProperties", {"Port": {"a": 1}}, *SHOWN, ADD),
    _shape("management-null", "secretManagement", None, *SHOWN, ADD),
    _shape("management-list", "secretManagement", [], *SHOWN, ADD),
    _shape("automatic-text", "secretManagement", {"automaticManagementEnabled": "true"}, *SHOWN, ADD),
    _shape("linked-text", "LinkedAccounts", "x", LINKED),
    _shape("linked-texts", "LinkedAccounts", ["x", None], LINKED),
    _shape("linked-null", "LinkedAccounts", None, LINKED),
    _shape("linked-odd", "LinkedAccounts", [LINKED_ROW], LINKED),
    _shape("machines-list", "remoteMachinesAccess", {"remoteMachines": ["h1"]}, *SHOWN, ADD),
)
LASTING = frozenset({"cut_before", "cut_after", "429-json", "500-json", "503-json-after", "html-200-after"})
OF_WRITES = frozenset(fault.id for fault in FAULTS if fault.id.endswith("-after")) | {"redirect-308", "409-json"}


def cells(faults: Iterable[Fault], *, lasting: bool = False) -> Iterator[Any]:
    """Yield (task, index of the request, fault) for each that makes sense, as pytest parameters."""
    for task in TASKS:
        for at, operation in enumerate(task.requests):
            for fault in faults:
                if fault.only and operation not in fault.only:
                    continue
                if fault.id in OF_WRITES and operation not in WRITES:
                    continue
                if operation in WITHOUT_BODY and fault.id in ("cut_body", "truncated_json"):
                    continue  # there is no body to cut
                if operation in (LOGON, LOGOFF) and task.id not in ("create", "unchanged-by-id"):
                    continue
                if lasting and not (fault.open if operation in WRITES else fault.retried):
                    continue
                yield pytest.param(task, at, fault, id=f"{task.id}-{at}-{operation.replace(' ', '_')}-{fault.id}")
