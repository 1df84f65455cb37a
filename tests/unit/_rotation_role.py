# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the role rotate_password without Ansible: the same order and the same variables, on a host in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_input as given
from ansible_collections.vaultops.pam.plugins.plugin_utils import _rotation_work as work

TASKS = Path(work.__file__).parents[2] / "roles" / "rotate_password" / "tasks"
SETTINGS = {
    "host": "db01",
    "resource": "db01",
    "policy": "Strong",
    "when": "always",
    "max_age": None,
    "proof": "login",
    "verify": True,
    "suffix": "-next",
    "platform": "linux",
    "connection": "ssh",
    "salt": "",
    "access": {},
    "check": False,
}


@cache
def tasks_of(name: str) -> list[tuple[str, str]]:
    """Return task and variable of all loops of a file of the role, in their order."""
    return list(_tasks_of(name))


def _tasks_of(name: str) -> Iterator[tuple[str, str]]:
    for task in yaml.safe_load((TASKS / f"{name}.yml").read_text(encoding="utf-8")):
        imported = task.get("ansible.builtin.import_tasks") or task.get("ansible.builtin.include_tasks", "")
        if imported in ("change.yml", "finish.yml", "set_windows.yml"):
            yield from tasks_of(imported[:-4])
        elif "register" in task:
            wanted = task["loop"].removeprefix("{{ __rotate_password_now.").removesuffix(" }}")
            yield wanted, task["register"].removeprefix(work.PREFIX)


@dataclass
class Account:
    """One account, on the host and in the vault. ``None``: not there."""

    host: str | None = "old"
    vault: str | None = "old"
    entry: tuple[str, str] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    refuses: bool = False


@dataclass
class Role:
    """Plays the role, and returns results as Ansible's modules do.

    :ivar lossy: as ansible-core before 2.19: an entry of a loop that cannot be used takes all results along
    """

    accounts: dict[str, Account]
    lossy: bool = False
    variables: dict[str, Any] = field(default_factory=lambda: {"inventory_hostname": "db01"})
    played: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0

    def play(self, options: Sequence[Mapping[str, Any]], **settings: Any) -> list[str]:
        """Play the whole role; return the messages of the failures."""
        looked = given.accounts(options, {**SETTINGS, **settings})
        self._register("first", [self._first(item) for item in looked], looked)
        for name in self._stands()["file"]:
            self._file(name)
        return self._stands()["failed"]

    def _stands(self) -> Any:
        return work.stands(self.variables)

    def _file(self, name: str) -> None:
        if name == "rest":
            noted = self._stands()["noted"]
            self.variables.update({f"{work.PREFIX}{register}": {} for register in work.REGISTERS})
            self.variables[f"{work.PREFIX}noted"] = noted
        for task, register in tasks_of(name):
            items = self._stands()[task]
            self.played += [(task, item["name"]) for item in items]
            self._register(register, [self._result(task, item, self.accounts[item["name"]]) for item in items], items)
        if name != "rest":
            if self._stands()["rest"]:
                self._file("rest")
            return
        for after in self._stands()["goes_on"]:
            self._file(after)

    def _register(self, name: str, results: list[dict[str, Any]], items: Sequence[Mapping[str, Any]]) -> None:
        if self.lossy and any("cannot be used" in result.get("msg", "") for result in results):
            self.variables[f"{work.PREFIX}{name}"] = {"failed": True, "msg": "cannot be used"}
            return
        looped = [{**result, work.EACH: item} for result, item in zip(results, items)]
        failed = any(result.get("failed") for result in results)
        self.variables[f"{work.PREFIX}{name}"] = {"results": looped, "failed": failed}

    def _first(self, item: Mapping[str, Any]) -> dict[str, Any]:
        account = self.accounts[item["name"]]
        if item["look_for"] == item["pending"]:
            return self._found(account)
        found = {"account_id": "1", "resource_id": "9", **account.details}
        return {"accounts": [found] if account.vault is not None else []}

    @staticmethod
    def _found(account: Account) -> dict[str, Any]:
        return {"accounts": [{"account_id": account.entry[0], "resource_id": "9"}] if account.entry else []}

    def _result(self, task: str, item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        result: dict[str, Any] = getattr(self, f"_{task}", self._change)(task, item, account)
        return result

    def _look_again(self, _task: str, _item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        return self._found(account)

    def _look(self, _task: str, _item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        return {"rc": 2 if account.host is None else 0}

    def _read(self, item: Mapping[str, Any], account: Account) -> str | None:
        """Return the password that the term of the entry names, if it is there."""
        wanted = item["term"]["account_id"]
        if wanted == "1":
            return account.vault
        return account.entry[1] if account.entry and account.entry[0] == wanted else None

    def _log_in(self, _task: str, item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        password = self._read(item, account)
        if password is None:
            return {"failed": True, "msg": "cannot be used"}
        if password != account.host:
            return {"unreachable": True, "msg": "Permission denied."}
        return {"rc": 0, "stdout_lines": ["Last login: never", f"{item['name']}\r"]}

    def _compare(self, _task: str, item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        password = self._read(item, account)
        if password is None:
            return {"failed": True, "msg": "cannot be used"}
        return {"changed": password != account.host, **({} if account.host is None else {"uid": 1001})}

    def _make(self, _task: str, _item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        made = account.entry is None
        if account.entry is None:
            self.number += 1
            account.entry = (f"1{self.number}", f"new{self.number}")
        return {"changed": made, "account_id": account.entry[0]}

    def _change(self, task: str, item: Mapping[str, Any], account: Account) -> dict[str, Any]:
        password = self._read(item, account)
        if task == "say":
            return {"changed": True}
        if password is None:
            return {"failed": True, "msg": "cannot be used"}
        if task in ("set", "set_windows"):
            if account.refuses:
                return {"failed": True, "msg": "usermod: cannot lock /etc/passwd."}
            account.host = password
        elif task == "write":
            account.vault = password
        else:
            account.entry = None
        return {"changed": True}
