# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the vault, and what the tasks are: each module in each situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .drawn import Canaries

ACCOUNT = "pam360_account"
PASSWORD = "pam360_account_password"
SHARE = "pam360_account_share"
RESOURCE = "pam360_resource"
MANY = "pam360_accounts"
ACCOUNTS = "pam360_account_info"
RESOURCES = "pam360_resource_info"
DOCTOR = "pam360_doctor"


@dataclass(frozen=True)
class Scenario:
    """One task. *profile*: how the stand-in behaves; *shows*: secrets that the user asked to see."""

    name: str
    module: str
    args: Mapping[str, Any]
    profile: Mapping[str, str] = field(default_factory=dict)
    shows: tuple[str, ...] = ()


def seed(c: Canaries) -> dict[str, Any]:
    """Return the state of the vault before each task."""
    root = {
        "id": "9101",
        "name": "root",
        "password": c.old_password,
        "notes": "old",
        "custom_fields": {"Recovery PIN": c.old_pin, "Owner Team": "A"},
        "expired": True,
    }
    app = {"id": "9102", "name": "app", "password": c.password, "custom_fields": {"Recovery PIN": c.pin}}
    locked = {"id": "9103", "name": "locked", "password": c.old_password, "approval": True}
    return {
        "token": c.token,
        "custom_fields": {
            "resource": [{"label": "Site"}, {"label": "Door Code", "type": "Password"}],
            "account": [
                {"label": "Ansible state"},
                {"label": "Owner Team"},
                {"label": "Recovery PIN", "type": "Password"},
            ],
        },
        "resources": [
            {
                "id": "701",
                "name": "db01",
                "custom_fields": {"Door Code": c.old_door, "Site": "A"},
                "accounts": [root, app, locked],
            }
        ],
    }


def scenarios(c: Canaries) -> list[Scenario]:
    """Return all tasks."""
    on_db01 = {"resource": "db01"}
    root = {**on_db01, "account": "root"}
    secret = {"password": c.password, "totp_secret": c.totp, "custom_fields": {"Recovery PIN": c.pin}}
    masked = {"custom_fields_password": "masked"}
    drift = {"update_password": "on_drift"}
    always = {"update_password": "always", "update_write_only": "always"}
    generate = {**root, "generate": "Strong", "update_password": "always"}
    tracked = {"update_write_only": "tracked", "tracking_key": c.key}
    shares = {"shares": [{"user": "jdoe", "access_type": "view"}]}
    known, new = [{**on_db01, "name": name} for name in ("root", "app")], [{**on_db01, "name": "new", "owner": "jdoe"}]
    made = {"create_resources": True, "resource_defaults": {"custom_fields": {"Door Code": c.door}}}
    return [
        Scenario("account, tracked", ACCOUNT, {**on_db01, **secret, **tracked, "name": "root"}),
        Scenario("account, create, tracked", ACCOUNT, {**on_db01, **secret, **tracked, "name": "new"}),
        Scenario("account, create", ACCOUNT, {**on_db01, **secret, "name": "new", "owner": "jdoe", "notes": "n"}),
        Scenario("account, on drift", ACCOUNT, {**on_db01, **secret, **drift, "name": "root", "notes": "n"}),
        Scenario("account, always", ACCOUNT, {**on_db01, **secret, **always, "name": "root"}),
        Scenario("account, no change", ACCOUNT, {**on_db01, **secret, **drift, "name": "app"}),
        Scenario("account, no change, masked", ACCOUNT, {**on_db01, **secret, "name": "app"}, masked),
        Scenario("account, other field", ACCOUNT, {**on_db01, "name": "root", "custom_fields": {"Owner Team": "B"}}),
        Scenario("account, cleared", ACCOUNT, {**on_db01, "name": "root", "custom_fields": {}}),
        Scenario("account, rename", ACCOUNT, {**on_db01, **secret, "name": "root", "new_name": "toor"}),
        Scenario("account, absent", ACCOUNT, {**on_db01, **secret, "name": "root", "state": "absent"}),
        Scenario("account, locked", ACCOUNT, {**on_db01, **secret, **drift, "name": "locked"}),
        Scenario("password, on drift", PASSWORD, {**root, "password": c.password, "reason": "r"}),
        Scenario("password, always", PASSWORD, {**root, "password": c.password, "update_password": "always"}),
        Scenario("password, no change", PASSWORD, {**on_db01, "account": "app", "password": c.password}),
        Scenario("password, remote", PASSWORD, {**root, "password": c.password, "reset_type": "remote"}),
        Scenario("password, generated", PASSWORD, generate),
        Scenario("password, expired", PASSWORD, {**root, "generate": "Strong"}),
        Scenario(
            "password, old", PASSWORD, {**root, "generate": "Low", "update_password": "when_older_than", "max_age": 1}
        ),
        Scenario("password, returned", PASSWORD, {**generate, "return_password": True}, shows=("generated",)),
        Scenario("share, grant", SHARE, {**root, "user": "jdoe", "access_type": "view"}),
        Scenario("share, revoke", SHARE, {**root, "user_group": "DBA", "state": "absent"}),
        Scenario(
            "resource, create", RESOURCE, {"name": "new", "custom_fields": {"Door Code": c.door}, "description": "d"}
        ),
        Scenario("resource, edit", RESOURCE, {"name": "db01", "custom_fields": {"Door Code": c.door}}),
        Scenario("resource, other field", RESOURCE, {"name": "db01", "custom_fields": {"Site": "B"}}),
        Scenario("resource, no change", RESOURCE, {"name": "db01", "custom_fields": {"Door Code": c.old_door}}),
        Scenario("resource, masked", RESOURCE, {"name": "db01", "custom_fields": {"Door Code": c.door}}, masked),
        Scenario("resource, absent", RESOURCE, {"name": "db01", "state": "absent"}),
        Scenario("many, each its own", MANY, {"accounts": [{**one, **secret, **shares} for one in [*known, *new]]}),
        Scenario("many, defaults", MANY, {"accounts": [*known, *new], "defaults": secret, **drift}),
        Scenario("many, always", MANY, {"accounts": [{**one, **secret} for one in known], **always}, masked),
        Scenario("many, tracked", MANY, {"accounts": [*known, *new], "defaults": {**secret, **shares}, **tracked}),
        Scenario("many, resources", MANY, {"accounts": [{"resource": "new", "name": "a", **secret}], **made}),
        Scenario("many, absent", MANY, {"accounts": [{**one, **secret, "state": "absent"} for one in known]}),
        Scenario("many, locked", MANY, {"accounts": [{**on_db01, **secret, **drift, "name": "locked"}, *known]}),
        Scenario("info, accounts of a resource", ACCOUNTS, {**on_db01, "details": True}),
        Scenario("info, all accounts", ACCOUNTS, {"details": True}),
        Scenario("info, accounts, masked", ACCOUNTS, {"name": "OO", "match": "contains", "details": True}, masked),
        Scenario("info, resources", RESOURCES, {"details": True}),
        Scenario("info, resources of a group", RESOURCES, {"resource_group": "Servers", "details": True}, masked),
    ]


def long_scenarios() -> list[Scenario]:
    """Return tasks of more requests than can each be disturbed in each way."""
    return [
        Scenario("doctor, look", DOCTOR, {"resource": "db01", "account": "root", "explore": True}),
        Scenario("doctor, scratch", DOCTOR, {"scratch": True, "user": "jdoe"}, {"custom_fields_password": "masked"}),
        Scenario("doctor, clear", DOCTOR, {"scratch": True, "resource": "db01", "account": "app"}),
    ]
