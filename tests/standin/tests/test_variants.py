# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: one test per documented or open variant."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import SEED, Client
from pam360_standin import Standin

ROOT = "/resources/21/accounts/901"


def custom(**values: str) -> list[dict[str, str]]:
    """Return custom fields as the API takes them."""
    return [{"CUSTOMLABEL": label.replace("_", " "), "CUSTOMVALUE": value} for label, value in values.items()]


def edit(client: Client, **details: Any) -> Any:
    """Edit the root account."""
    return client.call("PUT", ROOT, {"ACCOUNTNAME": "root", **details})


def labels(client: Client) -> dict[str, str]:
    """Return the custom fields that are set."""
    rows = client.call("GET", ROOT)["Details"]["CUSTOM FIELD"]
    return {row["CUSTOMFIELDLABEL"]: row["CUSTOMFIELDVALUE"] for row in rows if row["CUSTOMFIELDVALUE"]}


def test_add_answer_as_list(client: Client) -> None:
    """The captured shape and its message."""
    client.standin.profile["add_answer"] = "list"
    operation = client.call("POST", "/resources/22/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "a"}]})
    assert operation["result"]["message"] == "Account(s) added successfully"
    assert operation["Details"] == [{"a": {"STATUS": "Account added successfully"}}]


def test_success_marks(client: Client) -> None:
    """The newer mark comes with a statusCode."""
    client.standin.profile["success"] = "true"
    result = client.call("GET", "/resources")["result"]
    assert (result["status"], result["statusCode"]) == ("true", 20000)


@pytest.mark.parametrize(("value", "status"), [("4xx", 404), ("400", 400)])
def test_failure_status(client: Client, value: str, status: int) -> None:
    """Failures with a status of 4xx keep their body."""
    client.standin.profile["failure_status"] = value
    answer = client.raw("GET", "/resources/999/accounts")
    assert answer.status_code == status
    assert answer.json()["operation"]["result"]["status"] == "Failed"


def test_empty_text(client: Client) -> None:
    """N/A in details only, everywhere, or nowhere."""
    edit(client, NOTES="")
    seen = []
    for value in ("N/A", "all", ""):
        client.standin.profile["empty_text"] = value
        row = client.call("GET", "/resources/21/accounts")["Details"]["ACCOUNT LIST"][0]
        seen.append((client.call("GET", ROOT)["Details"]["DESCRIPTION"], row["ACCOUNT_DESCRIPTION"]))
    assert seen == [("N/A", ""), ("N/A", "N/A"), ("", "")]


def test_edit_semantics(client: Client) -> None:
    """Labels left out survive or not."""
    edit(client, ACCOUNTCUSTOMFIELD=custom(Owner_Team="a", Secure_Account="YES"))
    edit(client, ACCOUNTCUSTOMFIELD=custom(Owner_Team="b"))
    assert labels(client) == {"Owner Team": "b", "Secure Account": "YES"}
    client.standin.profile["edit_semantics"] = "replace"
    edit(client, ACCOUNTCUSTOMFIELD=custom(Owner_Team="c"))
    assert labels(client) == {"Owner Team": "c"}
    client.standin.profile["custom_fields_on_edit"] = "no"
    edit(client, ACCOUNTCUSTOMFIELD=custom(Owner_Team="d"))
    assert labels(client) == {"Owner Team": "c"}


def test_edit_omitted(client: Client) -> None:
    """Settings left out keep their value or are cleared."""
    account = client.standin.state.account("db01", "root")
    assert account is not None
    edit(client, COMMAND_SET=1, NOTES="n", ACCOUNTPASSWORDPOLICY="Low", ACCOUNTCUSTOMFIELD=custom(Owner_Team="a"))
    edit(client)
    assert (account.settings, account.notes, account.policy) == ({"COMMAND_SET": 1}, "n", "Low")
    client.standin.profile["edit_omitted"] = "clear"
    edit(client)
    assert (account.settings, account.notes, account.policy, labels(client)) == ({}, "", "Strong", {})


@pytest.mark.parametrize(("column", "shown"), [("shared", "n"), ("shared_description_wins", "d"), ("separate", "n")])
def test_notes_column(client: Client, column: str, shown: str) -> None:
    """One column or two."""
    client.standin.profile["notes_column"] = column
    edit(client, NOTES="n", DESCRIPTION="d")
    assert client.call("GET", ROOT)["Details"]["DESCRIPTION"] == shown


def test_older_builds(client: Client) -> None:
    """Keys that are missing or spelt otherwise."""
    client.standin.profile.update({"list_description": "absent", "policy_key": "old", "totp_flag": "present"})
    details = client.call("GET", "/resources/21/accounts")["Details"]
    assert details["PASSWORD POLICY"] == "Strong"
    assert "RESOURCE PASSWORD POLICY" not in details
    assert "ACCOUNT_DESCRIPTION" not in details["ACCOUNT LIST"][0]
    assert details["ACCOUNT LIST"][0]["IS_TOTP_CONFIGURED"] == "false"


def test_names_without_case(client: Client) -> None:
    """Names that differ in case are one name."""
    client.standin.profile["names"] = "case_insensitive"
    assert client.call("GET", "/resources/resourcename/DB01")["Details"] == {"RESOURCEID": "21"}
    added = client.call("POST", "/resources/21/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "ROOT"}]})
    assert "already exists" in added["Details"]["ROOT"]["STATUS"]


def test_paging_and_search(client: Client) -> None:
    """STARTINDEX from 0 or 1; contains or exact; totalRows of all or of the page."""

    def names(**details: Any) -> list[str]:
        rows = client.call("GET", "/resources", details).get("Details", [])
        return [row["RESOURCE NAME"] for row in rows]

    assert names(STARTINDEX=1, LIMIT="1") == ["empty01"]
    assert names(SEARCHTYPE="RESOURCE", SEARCHCOLUMN="RESOURCENAME", SEARCHVALUE="DB") == ["db01"]
    client.standin.profile.update({"startindex_base": "1", "search": "exact", "total_rows": "page"})
    assert names(STARTINDEX=1, LIMIT="1") == ["db01"]
    assert names(SEARCHTYPE="RESOURCE", SEARCHVALUE="DB") == []
    assert client.call("GET", "/resources", {"STARTINDEX": 1, "LIMIT": 1})["totalRows"] == 1


def test_password_fields_and_ignored_fields(client: Client) -> None:
    """Values of type Password are clear or a mask; some settings are not taken."""
    client.standin.profile["ignore_fields"] = "SAP_USER_TYPE, NOTES"
    edit(client, ACCOUNTCUSTOMFIELD=custom(Recovery_PIN="1234"), NOTES="lost", SAP_USER_TYPE="A")
    assert labels(client) == {"Recovery PIN": "1234"}
    assert client.call("GET", ROOT)["Details"]["DESCRIPTION"] == "first"
    client.standin.profile["custom_fields_password"] = "masked"
    assert labels(client) == {"Recovery PIN": "****"}
    assert client.standin.journal.writes()[-1].ignored == ["NOTES", "SAP_USER_TYPE"]


def test_policies(client: Client) -> None:
    """A password against its policy is stored, or refused."""
    weak = {"NEWPASSWORD": "a", "RESETTYPE": "LOCAL"}
    assert client.call("PUT", f"{ROOT}/password", weak)["result"]["status"] == "Success"
    assert client.call("GET", ROOT)["Details"]["COMPLIANT REASON"] == "Minimum length must be 8"
    client.standin.profile["enforce_policy"] = "yes"
    assert client.call("PUT", f"{ROOT}/password", weak)["result"]["status"] == "Failed"


def test_small_variants(client: Client) -> None:
    """Full access on accounts, missing grants, look-ups, messages, host check, the filter."""
    profile = client.standin.profile
    profile.update({"account_fullaccess": "refused", "revoke_missing": "failed", "reset_type_case": "upper"})
    for access in ("fullaccess", "revoke"):
        shared = client.call("PUT", f"{ROOT}/share", {"ACCESSTYPE": access, "USERID": "21"})
        assert shared["result"]["status"] == "Failed"
    change = {"NEWPASSWORD": "Aa1!aaaa", "RESETTYPE": "local"}
    assert client.call("PUT", f"{ROOT}/password", change)["result"]["status"] == "Failed"
    profile["lookup_miss"] = "empty"
    assert client.call("GET", "/user/getUserId", params={"USERNAME": "nobody"})["Details"] == {}
    profile["message:EDIT ACCOUNT"] = "done"
    assert edit(client)["result"]["message"] == "done"
    profile["security_filter"] = "on"
    answer = client.raw("PUT", ROOT, data={"INPUT_DATA": '{"operation":{"Details":{"NOTES":"<script>"}}}'})
    assert answer.status_code == 599
    profile["host_check"] = "denied"
    assert client.call("GET", "/resources")["result"]["message"] == "User is not allowed to access from this host"


def test_clock() -> None:
    """The Date header and the times of the answers share one clock."""
    with Standin(seed=SEED, profile={"clock_offset": str(400 * 86400)}) as standin:
        client = Client(standin)
        date = client.raw("GET", f"{ROOT}/password").headers["Date"]
        shown = client.call("GET", ROOT)["Details"]["LAST ACCESSED TIME"]
        assert date.split()[3] == shown.split()[2]


def test_unknown_profiles_are_refused() -> None:
    """A typing error must not pass in silence."""
    for wrong in ({"nams": "exact"}, {"names": "fuzzy"}):
        with pytest.raises(ValueError, match="profile"):
            Standin(profile=wrong)
