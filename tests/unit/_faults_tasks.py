# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks and the faults of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RES_ID, BOTH_IDS = "GET_RESOURCEID", "GET_RESOURCEACCOUNTID"
ROWS, DETAILS, RESOURCES = "GET RESOURCE ACCOUNTLIST", "GET RESOURCE ACCOUNT DETAILS", "GET RESOURCES"
ADD, EDIT, DELETE = "ADD ACCOUNTS", "EDIT ACCOUNT", "DELETE ACCOUNT"
FETCH, SET, GENERATE = "GET PASSWORD", "CHANGE PASSWORD", "GENERATE PASSWORD"
USER, GROUP, SHARE = "GET_USERID", "GET_USERGROUPID", "SHARE ACCOUNT"
GROUPS = "GET ASSOCIATED GROUPS"
NEW_RES, EDIT_RES, DEL_RES = "CREATE RESOURCE", "EDIT RESOURCE", "DELETE RESOURCE"
WRITES = frozenset({ADD, EDIT, DELETE, SET, SHARE, NEW_RES, EDIT_RES, DEL_RES})
LOOKUPS = frozenset({RES_ID, BOTH_IDS, USER, GROUP})
PASSWORD = "N3w-Passw0rd!"


@dataclass(frozen=True)
class Task:
    """One task on the seed. ``requests`` are those of an undisturbed run, ``object`` a word of each message.

    ``readable``: the vault shows afterwards whether the write was made. ``idempotent``: a second run is quiet.
    ``compares``: the details are read only for what the edit is not to touch, which check mode does not need.
    """

    id: str
    module: str
    args: Mapping[str, Any]
    requests: tuple[str, ...]
    object: str
    readable: bool = True
    idempotent: bool = True
    compares: bool = False

    @property
    def changes(self) -> bool:
        """Whether the undisturbed run writes."""
        return bool(WRITES & set(self.requests))

    @property
    def reads(self) -> tuple[str, ...]:
        """The requests in check mode: up to the first write, without a password being made or a look at the rest."""
        writes = [at for at, name in enumerate(self.requests) if name in WRITES]
        first = self.requests[: writes[0]] if writes else self.requests
        return tuple(name for name in first if name not in ({GENERATE, DETAILS} if self.compares else {GENERATE}))


def _account(id_: str, requests: tuple[str, ...], word: str, *, compares: bool = False, **args: Any) -> Task:
    return Task(f"account-{id_}", "pam360_account", {"resource": "db01", **args}, requests, word, compares=compares)


def _resource(id_: str, requests: tuple[str, ...], word: str, **args: Any) -> Task:
    return Task(f"resource-{id_}", "pam360_resource", args, requests, word)


def _password(id_: str, requests: tuple[str, ...], *, idempotent: bool = True, **args: Any) -> Task:
    args = {"resource": "db01", "account": "root", **args}
    readable = args.get("update_password") is None and "generate" not in args
    return Task(f"password-{id_}", "pam360_account_password", args, requests, args["account"], readable, idempotent)


def _share(id_: str, requests: tuple[str, ...], **args: Any) -> Task:
    args = {"resource": "db01", "account": "root", "update_write_only": "always", **args}
    return Task(f"share-{id_}", "pam360_account_share", args, requests, "root", False, False)


def _info(noun: str, requests: tuple[str, ...], word: str, **args: Any) -> Task:
    # One connection, so that the order of the requests is that of the table.
    return Task(f"{noun}-info-{word}", f"pam360_{noun}_info", {"max_connections": 1, **args}, requests, word)


SOME = {"password": PASSWORD, "notes": "n", "password_policy": "Strong", "command_set": 5}
TASKS: tuple[Task, ...] = (
    _account("create", (RES_ID, ROWS, ADD, ROWS), "new1", name="new1", **SOME),
    _account(
        "create-custom",
        (RES_ID, ROWS, DETAILS, ADD, ROWS),
        "new1",
        name="new1",
        custom_fields={"Owner Team": "night shift"},
    ),
    _account(
        "create-described", (RES_ID, ROWS, ADD, ROWS, EDIT), "new1", name="new1", description="d", totp_digits="6"
    ),
    _account(
        "update", (RES_ID, ROWS, DETAILS, EDIT, DETAILS), "root", name="root", notes="n", record_rdp_sessions=True
    ),
    _account(
        "update-custom",
        (RES_ID, ROWS, DETAILS, EDIT, DETAILS),
        "app",
        name="app",
        custom_fields={"Owner Team": "night shift"},
    ),
    _account(
        "rename",
        (RES_ID, ROWS, DETAILS, EDIT, ROWS),
        "root",
        compares=True,
        name="root",
        new_name="toor",
        notes="n",
    ),
    _account(
        "update-password",
        (RES_ID, ROWS, FETCH, DETAILS, EDIT, SET, DETAILS),
        "root",
        compares=True,
        name="root",
        notes="n",
        password=PASSWORD,
        update_password="on_drift",
    ),
    Task(
        "account-write-only",
        "pam360_account",
        {"resource": "db01", "name": "root", "record_rdp_sessions": True, "update_write_only": "always"},
        (RES_ID, ROWS, DETAILS, EDIT, DETAILS),
        "root",
        readable=False,
        idempotent=False,
        compares=True,
    ),
    _account("absent", (RES_ID, ROWS, DELETE, ROWS), "root", name="root", state="absent"),
    _account("unchanged", (RES_ID, ROWS), "root", name="root", notes="old notes"),
    _account("unchanged-custom", (RES_ID, ROWS, DETAILS), "app", name="app", custom_fields={"Owner Team": "ops"}),
    _account("unchanged-absent", (RES_ID, ROWS), "ghost", name="ghost", state="absent"),
    _resource("create", (RES_ID, RESOURCES, NEW_RES, RES_ID, ROWS), "new1", name="new1", department="HR"),
    _resource("update", (RES_ID, ROWS, EDIT_RES, ROWS), "db01", name="db01", description="d"),
    _resource("rename", (RES_ID, RES_ID, RESOURCES, ROWS, EDIT_RES, ROWS), "db01", name="db01", new_name="db02"),
    _resource("absent", (RES_ID, ROWS, DEL_RES, RES_ID), "db01", name="db01", state="absent"),
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
    _info("resource", (RESOURCES, ROWS), "db01", name="db01", details=True),
    _info("resource", (RESOURCES, RESOURCES), "ghost", name="ghost"),
    _info("resource", (RESOURCES, GROUPS, GROUPS), "resource", resource_group="Servers"),
    _info("account", (RES_ID, ROWS, DETAILS), "root", resource="db01", name="root", details=True),
    _info("account", (RESOURCES, GROUPS, GROUPS, ROWS), "resource", resource_group="Servers"),
)


@dataclass(frozen=True)
class Fault:
    """One way to go wrong, as a rule of the stand-in.

    ``status``: HTTP status that the client sees, ``None`` without an answer. ``retried``: reads are tried again.
    ``open``: the client cannot tell whether a write was made. ``refusal``: a clear no in the API's own words.
    ``only``: operations that it makes sense for, all if empty.
    """

    id: str
    rule: Mapping[str, Any]
    status: int | None = 200
    retried: bool = False
    open: bool = False
    refusal: bool = False
    only: frozenset[str] = frozenset()


def _status(code: int, body: str = "json", *, retried: bool = False, after: bool = False, **more: Any) -> Fault:
    refusal = body == "json" and code in (400, 404)
    rule = {"fault": "status", "code": code, "body": body, "message": "Out of order", "after_write": after, **more}
    name = f"{code}-{body}{'-after' if after else ''}"
    return Fault(name, rule, code, retried=retried, open=code >= 500, refusal=refusal)


def _shape(id_: str, where: str, value: Any, *only: str) -> Fault:
    rule = {"fault": "wrong_type", "where": f"operation{where}", "value": value}
    return Fault(id_, rule, 200, open=True, only=frozenset(only))


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
READS = (*sorted(LOOKUPS), ROWS, DETAILS, RESOURCES, GROUPS, FETCH, GENERATE)
SHAPES: tuple[Fault, ...] = (
    _shape("operation-list", "", []),
    _shape("result-text", ".result", "Success"),
    _shape("status-list", ".result.status", ["Success"]),
    _shape("status-null", ".result.status", None),
    _shape("details-text", ".Details", "unexpected"),
    _shape("details-number", ".Details", 5, *READS),
    _shape("details-null", ".Details", None, *(name for name in READS if name not in (RESOURCES, GROUPS))),
    _shape("details-true", ".Details", True, *READS),
    _shape("details-object", ".Details", {}, *READS),
    _shape("details-texts", ".Details", ["x", None], *READS),
    _shape("details-nested", ".Details", {"x": {"y": []}}),
    _shape("rows-text", ".Details.ACCOUNT LIST", "x", ROWS),
    _shape("groups-text", ".Details.ASSOCIATED GROUPS", "x", GROUPS),
    _shape("groups-texts", ".Details.ASSOCIATED GROUPS", ["x"], GROUPS),
    _shape("rows-object", ".Details.ACCOUNT LIST", {"a": 1}, ROWS),
    _shape("rows-texts", ".Details.ACCOUNT LIST", ["x"], ROWS),
    _shape("id-list", ".Details.RESOURCEID", [1], *LOOKUPS),
    _shape("id-empty", ".Details.ACCOUNTID", "", *LOOKUPS),
    _shape("user-id-object", ".Details.USERID", {"a": 1}, USER),
    _shape("password-number", ".Details.PASSWORD", 5, FETCH, GENERATE),
    _shape("policy-list", ".Details.PASSWORD POLICY", ["Strong"], DETAILS),
    _shape("text-object", ".Details.DESCRIPTION", {"a": 1}, DETAILS),
    _shape("custom-text", ".Details.CUSTOM FIELD", "x", DETAILS, ROWS),
    _shape("custom-nulls", ".Details.CUSTOM FIELD", [None, {"CUSTOMFIELDLABEL": None}, "x"], DETAILS, ROWS),
)
# One of each class, where the whole list would tell the same again and again.
QUICK = frozenset({"cut_before", "401-json", "404-json", "429-json", "500-json", "html-200", "redirect", "failed"})
LASTING = frozenset({"cut_before", "cut_after", "429-json", "500-json", "503-json-after", "html-200-after"})
OF_WRITES = frozenset(fault.id for fault in FAULTS if fault.id.endswith("-after")) | {"redirect-308", "401-html"}
