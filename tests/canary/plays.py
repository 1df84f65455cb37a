# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of the leak proof: each module, in each way that a user may run it. Secrets come from variables."""

from __future__ import annotations

import json
from typing import Any

from .drawn import Canaries

FQCN = "vaultops.pam."
Task = dict[str, Any]
DB = {"resource": "db01"}
ROOT = {**DB, "account": "root"}
FIELDS = {"Recovery PIN": "{{ pin }}"}
SECRET = {"password": "{{ password }}", "totp_secret": "{{ totp }}", "custom_fields": FIELDS}


def variables(c: Canaries) -> str:
    """Return the variables file (JSON is YAML)."""
    known = {**c.all(), "by_name": {"app": {"secret": c.password}, "root": {"secret": c.pin}}}
    return json.dumps({name: known[name] for name in known if not name.startswith("old_")}, ensure_ascii=False)


def task(name: str, module: str, args: dict[str, Any], **more: Any) -> Task:
    """Return one task; a failure does not end the play."""
    return {"name": name, f"{FQCN}{module}": args, "register": "result", "ignore_errors": True, **more}


def looked_at(tasks: list[Task]) -> list[Task]:
    """Return *tasks*, and one that prints all their results."""
    debug = {"name": "Look at all results", "ansible.builtin.debug": {"var": "results"}}
    return [*({**one, "register": f"result_{n}"} for n, one in enumerate(tasks)), results(len(tasks)), debug]


def results(count: int) -> Task:
    """Return the task that gathers all results."""
    gathered = [f"{{{{ result_{n} | default('none') }}}}" for n in range(count)]
    return {"name": "Gather", "ansible.builtin.set_fact": {"results": gathered}}


def tasks(part: slice) -> list[Task]:
    """Return all tasks. Resource 702 makes the stand-in refuse each write and say it back."""
    account, password, share, resource = (
        "pam360_account",
        "pam360_account_password",
        "pam360_account_share",
        "pam360_resource",
    )
    many = "pam360_accounts"
    loop = {"loop": ["app", "root"], "loop_control": {"label": "account {{ item }}"}}
    looped = {**DB, "name": "{{ item }}", "password": "{{ by_name[item].secret }}", "update_password": "on_drift"}
    loud = {"resource_id": "702", "name": "app"}
    always = {"update_password": "always", "update_write_only": "always"}
    ours = [
        task("Resource", resource, {"name": "db02", "custom_fields": {"Door Code": "{{ door }}"}}),
        task("New account", account, {**DB, **SECRET, "name": "new", "notes": "n", "owner": "jdoe"}),
        task("Drift", account, {**DB, **SECRET, "name": "root", "update_password": "on_drift"}),
        task("Loop", account, looped, **loop),
        task("Loop skipped", account, looped, when="item == 'nobody'", **loop),
        task("Skipped", account, {**DB, **SECRET, "name": "root"}, when=False),
        task("Later", account, {**DB, **SECRET, "name": "root", **always}, **{"async": 60, "poll": 1}),
        task("Password", password, {**ROOT, "password": "{{ totp }}", "reason": "r"}),
        task("Generated", password, {**ROOT, "generate": "Strong", "update_password": "always"}),
        task("Hidden", password, {**ROOT, "password": "{{ password }}"}, no_log=True),
        task("Share", share, {**ROOT, "user": "jdoe", "access_type": "view"}),
        task("Many", many, {"accounts": [{**DB, **SECRET, "name": name} for name in ("root", "many")], **always}),
        task("Many, defaults", many, {"accounts": [{**DB, "name": "root"}], "defaults": SECRET}),
        task("Many, refused", many, {"accounts": [{**loud, **SECRET}, {**loud, **SECRET, "name": "many"}], **always}),
        task("Many, wrong", many, {"accounts": [{**DB, **SECRET, "name": "root", "state": "gone"}]}),
        task("All accounts", "pam360_account_info", {"details": True}),
        task("All resources", "pam360_resource_info", {"details": True}),
        task("Refused with an echo", account, {**loud, **SECRET, **always}),
        task("Refused, loop", account, {**loud, **SECRET, "password": "{{ by_name[item].secret }}", **always}, **loop),
        task("No option", account, {**SECRET, "name": "root"}),
        task("Wrong choice", account, {**DB, **SECRET, "name": "root", "state": "gone"}),
        task("Wrong type", account, {**DB, **SECRET, "name": "root", "timeout": "soon"}),
        task("Wrong token", account, {**DB, **SECRET, "name": "root", "token": "{{ password | trim }}"}),
        task("Proxy", account, {**DB, **SECRET, "name": "root", "proxy": PROXY}),
        task("Refused", account, {**DB, **SECRET, "name": "root", "url": "https://127.0.0.1:9"}),
        task("Gone", account, {**DB, **SECRET, "name": "new", "state": "absent"}),
    ]
    rescue = {
        "name": "Rescue",
        "block": [{**task("Fails", account, {**loud, **SECRET, **always}), "ignore_errors": False}],
        "rescue": [{"name": "Why", "ansible.builtin.debug": {"var": "ansible_failed_result"}}],
    }
    return [*looked_at(ours[part]), rescue]


PROXY = "http://user:{{ proxy | urlencode }}@127.0.0.1:9"


def play(url: str, *, token: bool, vars_file: str | None, part: slice) -> str:
    """Return the playbook (JSON is YAML) with *part* of the tasks."""
    connection: dict[str, Any] = {"url": url, "retries": 0}
    if token:
        connection["token"] = "{{ token }}"
    one = {
        "name": "Canary",
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/vaultops.pam.pam360": connection},
        "vars_files": [vars_file] if vars_file else [],
        "tasks": tasks(part),
    }
    return json.dumps([one], indent=1)
