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
    ADD_MEMBER,
    ADD_SAFE,
    APP,
    CHANGE,
    DELETE,
    DELETE_SAFE,
    DETAILS,
    EDIT_MEMBER,
    EDIT_SAFE,
    INFO_MODULE,
    LINK,
    LINKED,
    LIST,
    LOGOFF,
    LOGON,
    MEMBER,
    MEMBER_MODULE,
    MODULE,
    NEW,
    NEXT,
    PASSWORD_MODULE,
    RECONCILE,
    REMOVE_MEMBER,
    ROOT,
    SAFE,
    SAFE_MODULE,
    SET,
    SVC,
    UNLINK,
    UPDATE,
    VERIFY,
)
from ansible_collections.vaultops.pam.tests.unit._cyberark_world import SEED as ACCOUNTS
from ansible_collections.vaultops.pam.tests.unit._faults_cells import OnePerClass, roads_of
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import FAULTS as COMMON
from ansible_collections.vaultops.pam.tests.unit._faults_tasks import Fault

# Their answers are empty.
WITHOUT_BODY = (DELETE, SET, LINK, UNLINK, VERIFY, CHANGE, RECONCILE, NEXT, DELETE_SAFE, REMOVE_MEMBER)
CREATES = (ADD, ADD_SAFE, ADD_MEMBER)
WRITES = frozenset({UPDATE, EDIT_SAFE, EDIT_MEMBER, *CREATES, *WITHOUT_BODY})
SEED: dict[str, Any] = {
    **ACCOUNTS,
    "users": [*ACCOUNTS["users"], "jdoe", "scanner"],
    "safes": [
        {"name": "Linux", "number": 29, "description": "old", "members": ["jdoe"], "rights": None},
        {"name": "Windows", "number": 30},
        {"name": "Empty", "number": 31, "numberOfDaysRetention": 0},
    ],
}
BY_NAME = {"safe": "Linux", "name": "db01-root"}
ALWAYS = {"secret": "N3w-Passw0rd!", "update_secret": "always"}
SECRET = "N3w-Passw0rd!"


@dataclass(frozen=True)
class Task:
    """One task on the seed. ``requests`` are those of an undisturbed run, ``object`` a word of each message.

    ``idempotent``: a second run is quiet.
    """

    id: str
    requests: tuple[str, ...]
    object: str
    args: Mapping[str, Any]
    idempotent: bool = True
    module: str = MODULE

    @property
    def changes(self) -> bool:
        """Whether the undisturbed run writes."""
        return bool(WRITES & set(self.requests))


def _task(id_: str, word: str, *requests: str, **args: Any) -> Task:
    return Task(id_, (LOGON, *requests, LOGOFF), word, args, args.get("update_secret") != "always")


def _other(module: str, id_: str, word: str, *requests: str, **args: Any) -> Task:
    name = f"{module.partition('_')[2]}-{id_}"
    return Task(name, (LOGON, *requests, LOGOFF), word, args, module != PASSWORD_MODULE, module)


CHANGE_TO = {"action": "change", "new_password": SECRET}
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
    _other(PASSWORD_MODULE, "verify", "root", LIST, VERIFY, DETAILS, **ROOT, action="verify"),
    _other(PASSWORD_MODULE, "change", "29_3", DETAILS, NEXT, DETAILS, account_id="29_3", **CHANGE_TO),
    _other(PASSWORD_MODULE, "change-and-leave", "root", LIST, CHANGE, **ROOT, action="change", wait=False),
    _other(PASSWORD_MODULE, "reconcile", "root", LIST, RECONCILE, **ROOT, action="reconcile", wait=False),
    _other(INFO_MODULE, "list", "account", LIST, safe="Linux"),
    _other(INFO_MODULE, "details", "account", LIST, DETAILS, safe="Windows", details=True),
    _other(SAFE_MODULE, "create", "Fresh", SAFE, ADD_SAFE, name="Fresh", description="d"),
    _other(SAFE_MODULE, "edit", "Linux", SAFE, EDIT_SAFE, name="Linux", description="new", versions_retention=5),
    _other(SAFE_MODULE, "absent", "Empty", SAFE, DELETE_SAFE, name="Empty", state="absent"),
    _other(SAFE_MODULE, "unchanged", "Linux", SAFE, name="Linux", description="old"),
    _other(MEMBER_MODULE, "add", "scanner", MEMBER, ADD_MEMBER, safe="Linux", member="scanner", permission_set="use"),
    _other(MEMBER_MODULE, "edit", "jdoe", MEMBER, EDIT_MEMBER, safe="Linux", member="jdoe", permission_set="read"),
    _other(MEMBER_MODULE, "remove", "jdoe", MEMBER, REMOVE_MEMBER, safe="Linux", member="jdoe", state="absent"),
    _other(MEMBER_MODULE, "unchanged", "jdoe", MEMBER, safe="Linux", member="jdoe", permissions=[]),
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
    _shape("name-number", "safeName", 5, SAFE, ADD_SAFE, EDIT_SAFE),
    _shape("retention-text", "numberOfDaysRetention", "x", SAFE, ADD_SAFE),
    _shape("description-object", "description", {"a": 1}, SAFE, ADD_SAFE, EDIT_SAFE),
    _shape("member-null", "memberName", None, MEMBER, ADD_MEMBER, EDIT_MEMBER),
    _shape("permissions-list", "permissions", ["x"], MEMBER, ADD_MEMBER, EDIT_MEMBER),
    _shape("expiry-text", "membershipExpirationDate", "soon", MEMBER, ADD_MEMBER),
    _shape("linked-text", "LinkedAccounts", "x", LINKED),
    _shape("linked-texts", "LinkedAccounts", ["x", None], LINKED),
    _shape("linked-null", "LinkedAccounts", None, LINKED),
    _shape("linked-odd", "LinkedAccounts", [LINKED_ROW], LINKED),
    _shape("machines-list", "remoteMachinesAccess", {"remoteMachines": ["h1"]}, *SHOWN, ADD),
)
LASTING = frozenset({"cut_before", "cut_after", "429-json", "500-json", "503-json-after", "html-200-after"})
OF_WRITES = frozenset(fault.id for fault in FAULTS if fault.id.endswith("-after")) | {"redirect-308", "409-json"}


def cells(faults: Iterable[Fault], *, lasting: bool = False, check: bool = False) -> Iterator[Any]:
    """Yield (road, task, index of the request, fault) for each that is played, as pytest parameters."""
    one = OnePerClass()
    faults = list(faults)
    for task in TASKS:
        for at, operation in enumerate(task.requests[:2] if check else task.requests):
            for fault in faults:
                if not _makes_sense(task, operation, fault, lasting=lasting):
                    continue
                id_ = f"{task.id}-{at}-{operation.replace(' ', '_')}-{fault.id}"
                of_its_class = one.picks(task.module, operation, _phase(task, at), fault.id)
                for road in roads_of(id_, on_main=of_its_class):
                    yield pytest.param(road, task, at, fault, id=f"{road}-{id_}")


def _makes_sense(task: Task, operation: str, fault: Fault, *, lasting: bool) -> bool:
    if (fault.only and operation not in fault.only) or (fault.id in OF_WRITES and operation not in WRITES):
        return False
    if operation in WITHOUT_BODY and fault.id in ("cut_body", "truncated_json"):
        return False  # there is no body to cut
    if operation in (LOGON, LOGOFF) and task.id not in ("create", "unchanged-by-id"):
        return False
    return not lasting or (fault.open if operation in WRITES else fault.retried)


def _phase(task: Task, at: int) -> tuple[str, bool]:
    """Where a request stands, and whether the task writes at all."""
    if task.requests[at] in WRITES:
        return "write", task.changes
    return ("after" if WRITES & set(task.requests[:at]) else "before"), task.changes
