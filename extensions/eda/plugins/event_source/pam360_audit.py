# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events from the audit trail of PAM360, for Event-Driven Ansible."""

from __future__ import annotations

DOCUMENTATION = r"""
short_description: Follow the audit trail of PAM360
description:
  - Asks ManageEngine PAM360 for new audit records, and makes an event of each, oldest first.
  - A cursor file keeps what was handed over, so that a restart neither repeats nor loses a record. A record that is
    being handed over in the moment of a crash may come twice; its C(id) is the same.
  - While the vault is not available, it is asked again after a growing time. A refused token, and options that cannot
    be used, end the source with a message. No message holds a secret.
  - An event has the key C(pam360) with C(kind), C(operation), C(resource), C(account), C(user), C(operated_by),
    C(reason), C(ticket_id), C(time), C(audit_type) and C(id), and in C(record) all that the vault said.
requirements:
  - requests >= 2.25.1 and ansible-core in the Python environment of ansible-rulebook
options:
  url:
    description: Address of the server, such as V(https://pam360.example.com:8282). Environment variable E(PAM360_URL).
    type: str
    required: true
  token:
    description:
      - Authentication token of an API user that may read the audit. Environment variable E(PAM360_TOKEN).
      - Exactly one of O(token) and O(token_file) is needed.
    type: str
  token_file:
    description: File that holds the token. It is read at each poll. Environment variable E(PAM360_TOKEN_FILE).
    type: path
  org_name:
    description: Display name of the organization, for the MSP edition. Environment variable E(PAM360_ORG_NAME).
    type: str
  validate_certs:
    description: Whether to check the TLS certificate. Environment variable E(PAM360_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description: File with the certificates of the CAs to trust. Environment variable E(PAM360_CA_PATH).
    type: path
  client_cert:
    description: Client certificate in PEM format. Environment variable E(PAM360_CLIENT_CERT).
    type: path
  client_key:
    description: Private key of O(client_cert). Environment variable E(PAM360_CLIENT_KEY).
    type: path
  proxy:
    description: Address of an HTTP proxy. Environment variable E(PAM360_PROXY).
    type: str
  timeout:
    description: Seconds to wait for a connection, and for each read. Environment variable E(PAM360_TIMEOUT).
    type: int
    default: 30
  retries:
    description: How often a read is tried again at once. Environment variable E(PAM360_RETRIES).
    type: int
    default: 3
  server_profile:
    description:
      - File that M(vaultops.pam.pam360_doctor) wrote, with the behaviour of this server. Environment variable
        E(PAM360_SERVER_PROFILE).
    type: path
  cursor_file:
    description:
      - File that keeps the cursor. It is replaced as a whole, and readable by its owner only. Each rulebook needs its
        own.
      - Its folder must be there, and must be kept when a container is replaced.
    type: path
    required: true
  audit_types:
    description: Which trails to follow.
    type: list
    elements: str
    choices: [Resource, User]
    default: [Resource]
  start:
    description:
      - What to do without a cursor file. V(now) begins with the records that come, V(beginning) with those of the last
        seven days, which is as far back as the API goes.
    type: str
    choices: [now, beginning]
    default: now
  interval:
    description: Seconds between two polls.
    type: int
    default: 30
  kinds:
    description:
      - Regular expressions for the C(Operation Type) of a record, without regard to case, by C(kind).
      - The texts of the vault are not documented, so the expressions that are built in are a guess. See in
        C(operation) what your vault says, and correct them here.
      - They are tried before those that are built in, for C(password_read), C(password_changed), C(shared) and
        C(removed). What none of them fits is C(other).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- vaultops.pam.pam360_audit:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    cursor_file: /var/lib/rulebook/pam360.cursor
    kinds:
      shared: ^Password Shared$
"""

import sys
from asyncio import Queue
from pathlib import Path
from typing import Any

COLLECTIONS = Path(__file__).absolute().parents[7]


async def main(queue: Queue[Any], args: dict[str, Any]) -> None:
    """Follow the audit trail: the entry point of ansible-rulebook, which runs this file alone."""
    if "ansible_collections" not in sys.modules:
        from ansible.plugins.loader import init_plugin_loader

        init_plugin_loader([str(COLLECTIONS)])
    from ansible_collections.vaultops.pam.plugins.plugin_utils._pam360_events import Source

    await Source(args).follow(queue)
