# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user of AWX fills in: the connection once (fields), and the account for each linked field (metadata)."""

from __future__ import annotations

from typing import Any

INPUTS: dict[str, list[Any]] = {
    "fields": [
        {
            "id": "url",
            "label": "URL",
            "type": "string",
            "help_text": "Such as https://pam360.example.com:8282",
        },
        {
            "id": "token",
            "label": "Authentication token",
            "type": "string",
            "secret": True,
            "help_text": "Of an API user that may see the passwords, and nothing more.",
        },
        {
            "id": "org_name",
            "label": "Organization",
            "type": "string",
            "help_text": "Display name; for the MSP edition only.",
        },
        {
            "id": "ca_certificate",
            "label": "CA certificate",
            "type": "string",
            "multiline": True,
            "help_text": "PEM text of the CA that signed the server's certificate, if it is not a public one.",
        },
        {
            "id": "skip_certificate_check",
            "label": "Do not check the server's certificate",
            "type": "boolean",
            "help_text": "For a first try only.",
        },
        {
            "id": "proxy",
            "label": "Proxy",
            "type": "string",
            "secret": True,
            "help_text": "Such as http://proxy.example.com:3128; if left out, that of the environment.",
        },
        {
            "id": "timeout",
            "label": "Timeout in seconds",
            "type": "string",
            "help_text": "For a connection, and for each read; 10 if left out.",
        },
        {
            "id": "retries",
            "label": "Retries",
            "type": "string",
            "help_text": "After a connection error, a time-out, or HTTP 429, 502, 503 or 504; 3 if left out.",
        },
    ],
    "metadata": [
        {
            "id": "resource",
            "label": "Resource",
            "type": "string",
            "help_text": "Name of the host or device in PAM360.",
        },
        {
            "id": "account",
            "label": "Account",
            "type": "string",
            "help_text": "Name of the account whose password is wanted.",
        },
        {
            "id": "reason",
            "label": "Reason",
            "type": "string",
            "help_text": "For the audit trail, where PAM360 asks for one.",
        },
        {
            "id": "ticket_id",
            "label": "Ticket",
            "type": "string",
            "help_text": "Number of a ticket, where PAM360 asks for one.",
        },
    ],
    "required": ["url", "token", "resource", "account"],
}
