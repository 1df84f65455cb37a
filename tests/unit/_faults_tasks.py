# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks and the faults of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RES_ID, BOTH_IDS = "GET_RESOURCEID", "GET_RESOURCEACCOUNTID"
ROWS, DETAILS, RESOURCES = "GET RESOURCE ACCOUNTLIST", "GET RESOURCE ACCOUNT DETAILS", "GET RESOURCES"
ADD, EDIT, DELETE = "ADD ACCOUNTS", "EDIT ACCOUNT", "DELETE ACCOUNT"
FETCH, SET, GENERATE = "GET PASSWORD", "CHANGE PASSWORD", "GENERATE PASSWORD"
USER, GROUP, SHARE = "GET_USERID", "GET_USERGROUPID", "SHARE ACCOUNT"
NEW_RES, EDIT_RES, DEL_RES = "CREATE RESOURCE", "EDIT RESOURCE", "DELETE RESOURCE"
WRITES = frozenset({ADD, EDIT, DELETE, SET, SHARE, NEW_RES, EDIT_RES, DEL_RES})
LOOKUPS = frozenset({RES_ID, BOTH_IDS, USER, GROUP})
PASSWORD = "N3w-Passw0rd!"


@dataclass(frozen=True)
class Task:
    """One task on the seed. ``requests`` are those of an undisturbed run, ``object`` a word of each message.

    ``readable``: the vault shows afterwards whether the write was made. ``idempotent``: a second run is quiet.
    """

    id: str
    module: str
    args: Mapping[str, Any]
    requests: tuple[str, ...]
    object: str
    readable: bool = True
    idempotent: bool = True
    checked: tuple[str, ...] = field(default=())

    @property
    def changes(self) -> bool:
        """Whether the undisturbed run writes."""
        return bool(WRITES & set(self.requests))

    @property
    def reads(self) -> tuple[str, ...]:
        """The requests in check mode: up to the first write, without a password being made."""
        writes = [at for at, name in enumerate(self.requests) if name in WRITES]
        first = self.requests[: writes[0]] if writes else self.requests
        return tuple(name for name in first if name != GENERATE)


def _account(id_: str, requests: tuple[str, ...], word: str, **args: Any) -> Task:
    return Task(f"account-{id_}", "pam360_account", {"resource": "db01", **args}, requests, word)


def _resource(id_: str, requests: tuple[str, ...], word: str, **args: Any) -> Task:
    return Task(f"resource-{id_}", "pam360_resource", args, requests, word)


def _password(id_: str, requests: tuple[str, ...], *, idempotent: bool = True, **args: Any) -> Task:
    args = {"resource": "db01", "account": "root", **args}
    readable = args.get("update_password") is None and "generate" not in args
    return Task(f"password-{id_}", "pam360_account_password", args, requests, args["account"], readable, idempotent)


def _share(id_: str, requests: tuple[str, ...], **args: Any) -> Task:
    args = {"resource": "db01", "account": "root", **args}
    return Task(f"share-{id_}", "pam360_account_share", args, requests, "root", False, False)


SOME = {"password": PASSWORD, "notes": "n", "password_policy": "Strong", "command_set": 5}
TASKS: tuple[Task, ...] = (
    _account("create", (RES_ID, ROWS, ADD, ROWS), "new1", name="new1", **SOME),
    _account("create-custom", (BOTH_IDS, RES_ID, ADD, ROWS), "new1", name="new1", custom_fields={"Owner Team": "x"}),
    _account("create-described", (RES_ID, ROWS, ADD, ROWS, EDIT), "new1", name="new1", description="d", totp_digits="6"),
    _account("update", (RES_ID, ROWS, EDIT, DETAILS), "root", name="root", notes="n", record_rdp_sessions=True),
    _account("update-custom", (BOTH_IDS, DETAILS, EDIT, DETAILS), "app", name="app", custom_fields={"Owner Team": "x"}),
    _account("rename", (RES_ID, ROWS, EDIT, ROWS), "root", name="root", new_name="toor", notes="n"),
    _account(
        "update-password",
        (RES_ID, ROWS, FETCH, EDIT, SET, DETAILS),
        "root",
        name="root",
        notes="n",
        password=PASSWORD,
        update_password="on_drift",
    ),
    _account("absent", (RES_ID, ROWS, DELETE, ROWS), "root", name="root", state="absent"),
    _account("unchanged", (RES_ID, ROWS), "root", name="root", notes="old notes"),
    _account("unchanged-custom", (BOTH_IDS, DETAILS), "app", name="app", custom_fields={"Owner Team": "ops"}),
    _account("unchanged-absent", (RES_ID, ROWS), "ghost", name="ghost", state="absent"),
    _resource("create", (RES_ID, RESOURCES, NEW_RES, RES_ID, ROWS), "new1", name="new1", department="HR"),
    _resource("update", (RES_ID, ROWS, EDIT_RES, ROWS), "db01", name="db01", description="d"),
    _resource("rename", (RES_ID, RES_ID, RESOURCES, ROWS, EDIT_RES, ROWS), "db01", name="db01", new_name="db02"),
    _resource("absent", (RES_ID, DEL_RES, RES_ID, RESOURCES), "db01", name="db01", state="absent"),
    _resource("unchanged", (RES_ID, ROWS), "db01", name="db01", description="Orders"),
    _resource("unchanged-absent", (RES_ID, RESOURCES), "ghost", name="ghost", state="absent"),
    _password("set", (BOTH_IDS, FETCH, SET), password=PASSWORD),
    _password("set-always", (BOTH_IDS, SET), password=PASSWORD, update_password="always", idempotent=False),
    _password("unchanged", (BOTH_IDS, FETCH), password="Old-Passw0rd!"),
    _password("generate", (BOTH_IDS, DETAILS, GENERATE, SET), account="stale", generate="Strong"),
    _password("generate-unchanged", (BOTH_IDS, DETAILS), account="root", generate="Strong"),
    _share("grant-user", (BOTH_IDS, USER, SHARE), user="asmith", access_type="modify"),
    _share("grant-group", (BOTH_IDS, GROUP, SHARE), user_group="DBA", access_type="view"),
    _share("revoke", (BOTH_IDS, USER, SHARE), user="jdoe", state="absent"),
)


@dataclass(frozen=True)
class Fault:
    """One way to go wrong, as a rule of the stand-in.

    ``status``: HTTP status that the client sees, ``None`` without an answer. ``retried``: reads are tried again.
    ``open``: the client can not tell whether a write was made.
    """

    id: str
    rule: Mapping[str, Any]
    status: int | None = 200
    retried: bool = False
    open: bool = False
    refusal: bool = False
    shape: bool = False


def _status(code: int, body: str = "json", *, retried: bool = False, after: bool = False, **more: Any) -> Fault:
    refusal = body == "json" and code in (400, 404)
    rule = {"fault": "status", "code": code, "body": body, "message": "Out of order", "after_write": after, **more}
    name = f"{code}-{body}{'-after' if after else ''}"
    return Fault(name, rule, code, retried=retried, open=code >= 500, refusal=refusal)


def _shape(id_: str, where: str, value: Any) -> Fault:
    return Fault(f"shape-{id_}", {"fault": "wrong_type", "where": where, "value": value}, 200, open=True, shape=True)


CUTS = tuple(Fault(name, {"fault": name}, None, retried=True, open=True) for name in ("cut_before", "cut_after"))
FAULTS: tuple[Fault, ...] = (
    *CUTS,
    Fault("cut_body", {"fault": "cut_body"}, None, retried=True, open=True),
    _status(400),
    _status(401),
    _status(401, "html"),
    _status(403),
    _status(404),
    _status(404, "html"),
    _status(429, retried=True, retry_after=1),
    _status(500),
    _status(500, "html", after=True),
    _status(502, "html", retried=True),
    _status(503, "empty", retried=True),
    _status(503, retried=True, after=True),
    _status(504, "html", retried=True, after=True),
    _status(599, "empty"),
    Fault("html-200", {"fault": "html"}, 200, open=True),
    Fault("html-200-after", {"fault": "html", "after_write": True}, 200, open=True),
    Fault("redirect", {"fault": "redirect"}, 302),
    Fault("redirect-308", {"fault": "redirect", "code": 308}, 308),
    Fault("empty", {"fault": "empty"}, 200, open=True),
    Fault("truncated_json", {"fault": "truncated_json"}, 200, open=True),
    Fault("failed", {"fault": "failed", "message": "Not today"}, 200, refusal=True),
    Fault("no_envelope-list", {"fault": "no_envelope"}, 200, open=True),
    Fault("no_envelope-text", {"fault": "no_envelope", "value": "hello"}, 200, open=True),
    Fault("no_envelope-null", {"fault": "no_envelope", "value": None}, 200, open=True),
)
SHAPES: tuple[Fault, ...] = (
    _shape("details-text", "operation.Details", "unexpected"),
    _shape("details-number", "operation.Details", 5),
    _shape("details-null", "operation.Details", None),
    _shape("details-true", "operation.Details", True),
    _shape("details-object", "operation.Details", {}),
    _shape("details-list", "operation.Details", [[]]),
    _shape("details-texts", "operation.Details", ["x", None]),
    _shape("details-nested", "operation.Details", {"x": {"y": []}}),
    _shape("operation-list", "operation", []),
    _shape("result-text", "operation.result", "Success"),
    _shape("status-list", "operation.result.status", ["Success"]),
    _shape("status-null", "operation.result.status", None),
    _shape("rows-text", "operation.Details.ACCOUNT LIST", "x"),
    _shape("rows-object", "operation.Details.ACCOUNT LIST", {"a": 1}),
    _shape("rows-texts", "operation.Details.ACCOUNT LIST", ["x"]),
    _shape("id-list", "operation.Details.RESOURCEID", [1]),
    _shape("id-empty", "operation.Details.ACCOUNTID", ""),
    _shape("password-number", "operation.Details.PASSWORD", 5),
    _shape("policy-list", "operation.Details.PASSWORD POLICY", ["Strong"]),
    _shape("text-object", "operation.Details.DESCRIPTION", {"a": 1}),
    _shape("custom-text", "operation.Details.CUSTOM FIELD", "x"),
    _shape("custom-nulls", "operation.Details.CUSTOM FIELD", [None, {"CUSTOMFIELDLABEL": None}, "x"]),
)
