# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that a run has read, and what a task on their resource leaves of them: nothing, however it ends."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.vaultops.pam.tests.unit._call import Result, call
from ansible_collections.vaultops.pam.tests.unit._lookup_world import Lookup, lookup_in, reads, run_folder
from ansible_collections.vaultops.pam.tests.unit._roads import action
from pam360_standin import Standin

BY_NAMES = "db07/root"
BY_IDS = {"resource_id": "307", "account_id": "1207"}
STARTED = {"started": 1, "finished": 0, "ansible_job_id": "1.2"}
Tasks = Callable[..., Result]


class BrokenOffError(BaseException):
    """As by the ``timeout`` of a task."""


@pytest.fixture
def standin() -> Iterator[Standin]:
    """A vault with two resources, each with an account of one name."""
    numbers = {"db02": "2", "db07": "7"}
    resources = [
        {"name": name, "id": f"30{number}", "accounts": [{"name": "root", "id": f"120{number}", "password": drawn()}]}
        for name, number in numbers.items()
    ]
    with run_folder(), Standin(seed={"resources": resources}) as server:
        yield server


@pytest.fixture
def lookup(standin: Standin) -> Lookup:
    """Run the lookup against the stand-in."""
    return lookup_in(standin)


@pytest.fixture(params=["here", "shipped", "async"])
def tasks(request: pytest.FixtureRequest, standin: Standin) -> Tasks:
    """Run tasks on one of the roads: ``tasks("pam360_resource", name="db07")``."""

    def play(module: str, **args: Any) -> Result:
        return task(standin, module, road=request.param, **args)

    return play


def drawn() -> str:
    """Return a random password."""
    return f"A1!{secrets.token_hex(12)}"


def task(
    standin: Standin, module: str, *, road: str = "here", broken_off: bool = False, check: bool = False, **args: Any
) -> Result:
    """Run the action plugin of *module*. What it ships is run at once; of an asynchronous task it gets no result."""
    given = {"url": standin.url, "token": standin.token, **args}
    made = action(module, given, check_mode=check, async_val=30 if road == "async" else 0)

    def shipped(**_options: Any) -> Result:
        result, _printed = call(module, given)
        if broken_off:
            raise BrokenOffError
        return STARTED if road == "async" else result

    made._execute_module = shipped
    variables = {"vaultops_pam_in_process": road == "here"}
    made._templar.available_variables = variables
    result: Result = made.run(task_vars=variables)
    return result


def stored(standin: Standin, resource: str) -> str:
    """Return the password that is in the vault."""
    found: str = standin.state.account(resource, "root").password
    return found


def test_resource_that_is_removed_and_made_again(lookup: Lookup, standin: Standin, tasks: Tasks) -> None:
    before = stored(standin, "db07")
    assert lookup(BY_NAMES, BY_IDS) == [before, before]
    tasks("pam360_resource", name="db07", state="absent")
    with pytest.raises(AnsibleError, match="resource 'db07'"):
        lookup(BY_NAMES)
    with pytest.raises(AnsibleError, match="1207"):
        lookup(BY_IDS)
    tasks("pam360_resource", name="db07", type="Linux")
    tasks("pam360_account", resource="db07", name="root", password=drawn())
    assert lookup(BY_NAMES) == [stored(standin, "db07")] != [before]


def test_resource_that_is_renamed(lookup: Lookup, standin: Standin, tasks: Tasks) -> None:
    before = stored(standin, "db02")
    assert lookup("db02/root") == [before]
    tasks("pam360_resource", name="db02", new_name="db02x")
    with pytest.raises(AnsibleError, match="resource 'db02'"):
        lookup("db02/root")
    tasks("pam360_resource", name="db02", type="Linux")
    tasks("pam360_account", resource="db02", name="root", password=drawn())
    assert lookup("db02/root", "db02x/root") == [stored(standin, "db02"), before]


def test_new_name_was_another_one_before(lookup: Lookup, standin: Standin, tasks: Tasks) -> None:
    """Someone has renamed db07 by hand, so that another resource can get its name."""
    lookup(BY_NAMES)
    call("pam360_resource", {"url": standin.url, "token": standin.token, "name": "db07", "new_name": "aside"})
    tasks("pam360_resource", name="db02", new_name="db07")
    assert lookup(BY_NAMES) == [stored(standin, "db07")]


def test_resource_that_pam360_accounts_makes(lookup: Lookup, standin: Standin, tasks: Tasks) -> None:
    """Someone has removed it by hand; the account that was read is not among those of the task."""
    lookup(BY_NAMES)
    call("pam360_resource", {"url": standin.url, "token": standin.token, "name": "db07", "state": "absent"})
    app = {"resource": "db07", "name": "app", "password": drawn()}
    tasks("pam360_accounts", accounts=[app], create_resources=True)
    with pytest.raises(AnsibleError, match="resource 'db07' has no account 'root'"):
        lookup(BY_NAMES)


@pytest.mark.parametrize("fault", ["cut_after", "cut_before"])
@pytest.mark.parametrize("road", ["here", "shipped"])
def test_removal_without_an_answer(lookup: Lookup, standin: Standin, fault: str, road: str) -> None:
    """Whatever is known of it afterwards, the vault is asked."""
    lookup(BY_NAMES, BY_IDS)
    standin.faults.add(fault=fault, operation="DELETE RESOURCE", times=1)
    assert task(standin, "pam360_resource", road=road, name="db07", state="absent", retries=0)["failed"] is True
    before = reads(standin)
    if fault == "cut_before":
        assert lookup(BY_NAMES, BY_IDS) == [stored(standin, "db07")] * 2
        assert reads(standin) == before + 2
    else:
        for term in (BY_NAMES, BY_IDS):
            with pytest.raises(AnsibleError):
                lookup(term)


@pytest.mark.parametrize(
    ("module", "args"),
    [
        ("pam360_resource", {"name": "db07", "state": "absent"}),
        ("pam360_account", {"resource": "db07", "name": "root", "state": "absent"}),
        ("pam360_accounts", {"accounts": [{"resource": "db07", "name": "root", "state": "absent"}]}),
    ],
)
def test_task_that_is_broken_off(lookup: Lookup, standin: Standin, module: str, args: dict[str, Any]) -> None:
    """There is no result, but a write."""
    lookup(BY_NAMES, BY_IDS)
    with pytest.raises(BrokenOffError):
        task(standin, module, road="shipped", broken_off=True, **args)
    for term in (BY_NAMES, BY_IDS):
        with pytest.raises(AnsibleError):
            lookup(term)


def test_other_resources_are_kept(lookup: Lookup, standin: Standin, tasks: Tasks) -> None:
    lookup("db02/root", BY_NAMES)
    tasks("pam360_resource", name="db07", new_name="db08")
    tasks("pam360_resource", name="db09", type="Linux")
    lookup("db02/root")
    assert reads(standin) == 2


@pytest.mark.parametrize("args", [{"check": True, "state": "absent"}, {"state": "present"}], ids=["check", "no change"])
def test_what_is_not_written_is_kept(lookup: Lookup, standin: Standin, args: dict[str, Any]) -> None:
    lookup(BY_NAMES, BY_IDS)
    task(standin, "pam360_resource", name="db07", **args)
    lookup(BY_NAMES, BY_IDS)
    assert reads(standin) == 2
