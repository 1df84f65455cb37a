# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The external secret lookup: built, installed, loaded as AWX loads it, and used against a vault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from awx_plugins.credentials.plugin import CredentialPlugin

from ansible_collections.vaultops.pam.tests.awx._proxy import proxy
from ansible_collections.vaultops.pam.tests.canary.drawn import CANARIES
from ansible_collections.vaultops.pam.tests.canary.search import Search
from pam360_standin import Standin

UTILS = Path(__file__).absolute().parents[2] / "plugins" / "module_utils"
GROUPS = ("awx.credential_plugins", "awx_plugins.credentials")
ALONE = """
import json, sys
sys.modules["ansible"] = None  # importing it would fail
values = json.load(sys.stdin)
sys.path.insert(0, values.pop("site"))
from importlib.metadata import entry_points
(point,) = [point for point in entry_points(group="awx_plugins.credentials") if point.name == "vaultops_pam360"]
print(json.dumps(point.load().backend(**values)))
"""


def values(vault: Standin, **more: Any) -> dict[str, Any]:
    """Return what AWX hands to the backend: the fields that were filled in, and the metadata."""
    ca = Path(str(vault.ca_path)).read_text(encoding="utf-8")
    given = {"url": vault.url, "token": vault.token, "ca_certificate": ca, "resource": "db01", "account": "root"}
    return {name: value for name, value in {**given, **more}.items() if value is not None}


def reads(vault: Standin) -> int:
    """Return how often a password was read."""
    return sum(entry.path.endswith("/password") for entry in vault.journal.entries)


def test_the_wheel_holds_the_client_of_the_collection(built: Any) -> None:
    """It comes from the sdist, its client is byte for byte that of the modules, and complete."""
    with zipfile.ZipFile(built.wheel) as wheel:
        files = {name.partition("/_client/")[2]: wheel.read(name) for name in wheel.namelist() if "/_client/" in name}
    assert {"_pam360/api.py", "_http/client.py", "_common/secret.py"} <= set(files)
    assert {name: content == (UTILS / name).read_bytes() for name, content in files.items()} == dict.fromkeys(
        files, True
    )
    imported = re.findall(rb"^\s*from (\.{1,2})([\w.]+) import", b"\n".join(files.values()), re.MULTILINE)
    assert {name.decode().rpartition(".")[2] for _dots, name in imported} <= {Path(name).stem for name in files}


@pytest.mark.parametrize("group", GROUPS)
def test_awx_finds_it(package: Any, group: str) -> None:
    """Under the old and the new group, with all that AWX reads of a lookup."""
    (point,) = [point for point in entry_points(group=group) if point.name == "vaultops_pam360"]
    plugin = point.load()
    assert plugin._fields == CredentialPlugin._fields
    assert plugin.name == "ManageEngine PAM360 password"
    assert callable(plugin.backend)


def test_without_ansible(built: Any, vault: Standin) -> None:
    """The controller's Python needs requests, and no Ansible; the password comes byte for byte."""
    given = json.dumps({**values(vault), "site": str(built.site)})
    done = subprocess.run([sys.executable, "-c", ALONE], input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == CANARIES.password
    assert [entry.write for entry in vault.journal.entries] == [False, False]


def test_two_linked_fields_cost_one_read(package: Any, vault: Standin) -> None:
    """AWX asks once for each linked field. Another account is another question."""
    asked = [package.pam360.backend(**values(vault)) for _field in range(2)]
    assert (asked, reads(vault)) == ([CANARIES.password] * 2, 1)
    assert package.pam360.backend(**values(vault, account="app")) == CANARIES.pin
    assert reads(vault) == 2


def test_threads_share_one_read(package: Any, vault: Standin) -> None:
    """Who comes while it is being read waits for it."""
    asked: list[str] = []
    threads = [
        threading.Thread(target=lambda: asked.append(package.pam360.backend(**values(vault)))) for _one in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (asked, reads(vault)) == ([CANARIES.password] * 8, 1)


def test_the_cache_lives_for_seconds(package: Any) -> None:
    """After five seconds the value is read anew, and nothing old is left in memory."""
    plugin = sys.modules["vaultops_pam_credentials._plugin"]
    secret = sys.modules["vaultops_pam_credentials._client._common.secret"].Secret
    now, read = [100.0], []

    def reader() -> Any:
        read.append(now[0])
        return secret(f"value {len(read)}")

    cache = type(plugin.CACHE)(plugin.CACHE_SECONDS, clock=lambda: now[0])
    shown = []
    for now[0] in (100.0, 104.9, 105.0, 109.0):
        shown.append(cache.get("a", reader).reveal())
    assert shown == ["value 1", "value 1", "value 2", "value 2"]
    now[0] = 200.0
    cache.get("b", reader)
    assert list(cache._entries) == ["b"]


def test_a_key_of_the_cache_is_no_secret(package: Any, vault: Standin, search: Search) -> None:
    """It is made of all inputs, as a digest."""
    package.pam360.backend(**values(vault))
    cache = sys.modules["vaultops_pam_credentials._plugin"].CACHE
    assert search.find(f"{cache._entries} {vars(cache)}", "cache") == []
    assert len(cache._entries) == 1


def test_a_failure_is_not_kept(package: Any, vault: Standin) -> None:
    """After a failure the next call asks again, and nothing of it is left in memory."""
    vault.faults.add(fault="failed", message="not now", times=1)
    with pytest.raises(Exception, match="account"):
        package.pam360.backend(**values(vault))
    assert sys.modules["vaultops_pam_credentials._plugin"].CACHE._entries == {}
    assert package.pam360.backend(**values(vault)) == CANARIES.password


def test_a_passing_fault_is_retried(package: Any, vault: Standin) -> None:
    """Reads are tried again as in the modules."""
    vault.faults.add(fault="status", code=503, retry_after=0, times=2)
    assert package.pam360.backend(**values(vault, retries="2")) == CANARIES.password
    assert [entry.http_status for entry in vault.journal.entries] == [503, 503, 200, 200]


def test_reason_and_ticket_go_along(package: Any, vault: Standin) -> None:
    """For the audit trail."""
    package.pam360.backend(**values(vault, reason="job 7", ticket_id="42"))
    details = vault.journal.entries[-1].input["operation"]["Details"]
    assert details == {"REASON": "job 7", "TICKETID": "42"}


def test_through_a_proxy(package: Any, vault: Standin) -> None:
    """The proxy that is given is the one that is used."""
    with proxy() as way:
        assert package.pam360.backend(**values(vault, proxy=way.url)) == CANARIES.password
        assert way.asked == [vault.url.removeprefix("https://")]


def test_the_check_of_the_certificate_can_be_skipped(package: Any, vault: Standin) -> None:
    """Only if asked for."""
    given = values(vault, ca_certificate=None, skip_certificate_check=True)
    assert package.pam360.backend(**given) == CANARIES.password


def test_the_file_of_the_ca_does_not_stay(package: Any, vault: Standin, tmp_path: Path, monkeypatch: Any) -> None:
    """Nothing is left on disk."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert package.pam360.backend(**values(vault)) == CANARIES.password
    assert list(tmp_path.iterdir()) == []


GARBAGE = "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n"
SENTENCES = {
    "no token": ({"token": ""}, "token is required and must not be empty."),
    "no url": ({"url": None}, "url is required and must not be empty."),
    "no account": ({"account": " "}, "account is required and must not be empty."),
    "url": ({"url": "pam360"}, "url must look like 'https://host.example.com:8282'."),
    "timeout": ({"timeout": "soon"}, "timeout must be a whole number."),
    "proxy": ({"proxy": "rubbish"}, "proxy must look like"),
    "text for a CA": ({"ca_certificate": "rubbish"}, "ca_certificate must be PEM text"),
    "broken CA": ({"ca_certificate": GARBAGE}, "Check ca_certificate"),
    "no CA": ({"ca_certificate": None}, "is not trusted. Set ca_certificate to the CA that signed it."),
    "unknown account": ({"account": "nobody"}, "PAM360 shows no account 'nobody' on resource 'db01' to this user."),
    "wrong token": ({"token": "unknown-to-the-vault"}, "account 'root'"),
}


@pytest.mark.parametrize(("given", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_bad_input_in_one_sentence(
    package: Any, vault: Standin, search: Search, given: Mapping[str, Any], sentence: str
) -> None:
    """AWX shows the text of the exception."""
    fails_with(package, values(vault, retries="0", **given), sentence, search)


FAULTS = {
    "a page": ({"fault": "html"}, "account 'root'"),
    "refused with an echo": ({"fault": "failed", "echo": True, "message": "No:"}, "account 'root'"),
    "cut": ({"fault": "cut_before"}, "closed the connection without a complete answer"),
    "another type": ({"fault": "wrong_type", "value": 7, "path": "/password"}, "has no password"),
    "slow": ({"fault": "delay", "seconds": 5}, "did not answer within 1 s"),
}


@pytest.mark.parametrize(("fault", "sentence"), FAULTS.values(), ids=FAULTS)
def test_faults_in_one_sentence(
    package: Any, vault: Standin, search: Search, fault: Mapping[str, Any], sentence: str
) -> None:
    """Never a traceback, a body or a secret."""
    vault.faults.add(**fault)
    fails_with(package, values(vault, retries="0", timeout="1"), sentence, search)


def test_a_password_that_is_not_shown(package: Any, search: Search) -> None:
    """An account that wants an approval says so."""
    root = {"name": "root", "password": CANARIES.password, "approval": True}
    seed = {"token": CANARIES.token, "resources": [{"name": "db01", "accounts": [root]}]}
    with Standin(seed=seed, tls=True) as vault:
        fails_with(package, values(vault), "approval", search)


def test_a_defect_of_ours_tells_no_value(package: Any, vault: Standin, search: Search) -> None:
    """An exception that no one thought of is named by its kind alone."""
    fails_with(package, values(vault, org_name={CANARIES.pin: 1}), "unexpected", search)


def fails_with(package: Any, given: Mapping[str, Any], sentence: str, search: Search) -> None:
    """Call the backend; the one line that AWX would show has *sentence* in it, and no secret."""
    error = sys.modules["vaultops_pam_credentials._client._common.errors"].VaultError
    with pytest.raises(error) as caught:
        package.pam360.backend(**given)
    text = f"{type(caught.value).__name__}: {caught.value}"
    assert sentence in text
    assert "\n" not in text
    assert search.find(text, "message") == []
