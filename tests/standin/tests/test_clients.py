# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real clients, and the cost of a call."""

from __future__ import annotations

import json
import socket

import pytest
import requests

from conftest import SEED, Client
from pam360_standin import Standin


def test_pypmp(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PyPI client works as it is, with TLS by way of REQUESTS_CA_BUNDLE."""
    import pypmp

    with Standin(tls=True, seed=SEED) as standin:
        assert standin.ca_path is not None
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", standin.ca_path)
        port = int(standin.url.rpartition(":")[2])
        client = pypmp.PasswordManagerProClient("127.0.0.1", standin.token, port=port)

        assert client.get_resource_by_name("db01")["RESOURCE ID"] == "21"
        assert client.get_account_by_name("db01", "root")["ACCOUNT ID"] == "901"
        assert client.get_account("21", "901")["DESCRIPTION"] == "first"
        assert client.get_password("db01", "root") == "Old-Secret-1"
        assert client.get_resource_id("db01") == "21"

        fields = {"ACCOUNTCUSTOMFIELD": [{"CUSTOMLABEL": "Secure Account", "CUSTOMVALUE": "YES"}]}
        client.create_resource("web01", "root", "päss+%&", resource_type="Linux", custom_fields=fields)
        assert client.get_password("web01", "root") == "päss+%&"
        number = client.get_resource_id("web01")
        assert client.add_account("app", "s3cret", number)["app"]["STATUS"] == "Account added successfully"
        client.delete_resource_by_name("web01")
        assert standin.state.resource("web01") is None

        assert client.create_user("new", "pw", email="new@example.com")
        assert client.get_user_id("new")
        client.lock_user("new")
        client.unlock_user("new")
        client.delete_user_by_username("new")
        assert len(client.generate_password()) == 16
        assert client.get_password_requests() is None

        wrong = pypmp.PasswordManagerProClient("127.0.0.1", "wrong", port=port)
        assert wrong.get_resources() == "Failed"


def test_client_certificates() -> None:
    """A stand-in that asks for a certificate refuses a client without one."""
    with Standin(client_certs=True, seed=SEED) as standin:
        client = Client(standin)
        with pytest.raises(requests.ConnectionError):
            client.raw("GET", "/resources")
        client.session.cert = standin.client_cert_path
        assert client.call("GET", "/resources")["totalRows"] == 2


def test_head_and_body_go_out_in_one_write() -> None:
    """Two writes would cost 40 ms each time on a kept connection (Nagle with delayed ACK)."""
    with Standin(seed=SEED) as standin:
        host, _colon, port = standin.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            path = "/restapi/json/v1/resources"
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAUTHTOKEN: {standin.token}\r\n\r\n".encode())
            head, _blank, body = connection.recv(65536).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(body)["operation"]["totalRows"] == 2


def test_a_silent_client_stops_nobody() -> None:
    """A connection that never speaks must not hold up the others."""
    with Standin(tls=True, seed=SEED) as standin:
        host, _colon, port = standin.url.removeprefix("https://").partition(":")
        with socket.create_connection((host, int(port))):
            assert Client(standin).call("GET", "/resources")["totalRows"] == 2
