# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible itself masks from ansible-core 2.22 on, since this collection registers each secret with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.vaultops.pam.tests.unit._ansible import ansible
from pam360_standin import Standin

pytest.importorskip("ansible.module_utils.secrets", reason="ansible-core masks registered secrets from 2.22 on")

PASSWORD, OTHER = (f'{secrets.token_urlsafe(12)}"\\&é' for _number in range(2))
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - name: Set a password
      vaultops.pam.pam360_account:
        resource: db01
        name: deploy
        password: "{{ other }}"
        update_password: always

    - name: Show it, as no one should
      ansible.builtin.debug:
        msg: "<<{{ other }}>>"

    - name: Show one that was looked up
      ansible.builtin.debug:
        msg: "[[{{ lookup('vaultops.pam.pam360_password', 'db01/root') }}]]"
"""


@pytest.fixture(scope="module")
def vault() -> Iterator[Standin]:
    """A vault with a resource and two accounts."""
    accounts = [{"name": "root", "password": PASSWORD}, {"name": "deploy", "password": secrets.token_urlsafe(12)}]
    with Standin(seed={"resources": [{"name": "db01", "accounts": accounts}]}) as standin:
        yield standin


@pytest.mark.parametrize("in_process", ["true", "false"])
def test_a_secret_that_a_playbook_shows_is_masked(vault: Standin, tmp_path: Path, in_process: str) -> None:
    """The password that a module was given, on both roads, and one that the lookup returned."""
    (tmp_path / "play.yml").write_text(PLAY, encoding="utf-8")
    (tmp_path / "other.json").write_text(json.dumps({"other": OTHER}), encoding="utf-8")
    said = ansible(
        "ansible-playbook",
        "play.yml",
        "-vvvv",
        "-e@other.json",
        home=tmp_path,
        PAM360_URL=vault.url,
        PAM360_TOKEN=vault.token,
        VAULTOPS_PAM_IN_PROCESS=in_process,
    )
    assert said.status == 0, said.out + said.err
    assert "<<$REDACTED$>>" in said.out
    assert "[[$REDACTED$]]" in said.out
    for secret in (PASSWORD, OTHER):
        assert secret not in said.out + said.err
        assert json.dumps(secret)[1:-1] not in said.out + said.err
