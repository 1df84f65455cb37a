# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client can find out about a server with the API alone: a function for each probe of the contract.

Each returns profile values. The seed has a resource ``Probe-Res`` (id 31) with the account ``root`` (id
911), a second resource, a user 21 and a user group 41.
"""

from __future__ import annotations

import uuid
from typing import Any

from conftest import Client

SEED: dict[str, Any] = {
    "resources": [
        {
            "id": 31,
            "name": "Probe-Res",
            "description": "d",
            "accounts": [{"id": 911, "name": "root", "password": "Old-Secret-1"}],
        },
        {"id": 32, "name": "Other", "accounts": [{"id": 912, "name": "root"}]},
    ],
    "users": ["admin", {"id": 21, "name": "jdoe"}],
    "user_groups": [{"id": 41, "name": "DBA"}],
}
ROOT = "/resources/31/accounts/911"
Found = dict[str, str]


def answer(client: Client, method: str, path: str, details: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
    """Return HTTP status and ``operation`` of an answer, {} for a page."""
    got = client.answer(method, path, details, **more)
    try:
        return got.status_code, got.json()["operation"]
    except ValueError:
        return got.status_code, {}


def done(client: Client, method: str, path: str, details: Any = None, **more: Any) -> bool:
    """Return whether a call was a success."""
    return answer(client, method, path, details, **more)[1]["result"]["status"] in ("Success", "true")


def text(client: Client, method: str, path: str, details: Any = None) -> str:
    """Return the message of a call."""
    return str(answer(client, method, path, details)[1]["result"]["message"])


def shown(client: Client, path: str) -> dict[str, Any]:
    """Return Details of a GET."""
    return dict(answer(client, "GET", path)[1]["Details"])


def fields(client: Client, path: str) -> Found:
    """Return the custom fields of an object."""
    return {row["CUSTOMFIELDLABEL"]: row["CUSTOMFIELDVALUE"] for row in shown(client, path)["CUSTOM FIELD"]}


def custom(**values: str) -> list[dict[str, str]]:
    """Return custom fields as the API takes them."""
    return [{"CUSTOMLABEL": label.replace("_", " "), "CUSTOMVALUE": value} for label, value in values.items()]


def scratch(client: Client, **details: Any) -> str:
    """Make a resource with an account ``a``; return the path of the account."""
    name = uuid.uuid4().hex
    path = resource(client, name, ACCOUNTNAME="a", PASSWORD="Old-Secret-1")
    account = id_of(client, path, "a")
    if details:
        assert done(client, "PUT", f"{path}/accounts/{account}", {"ACCOUNTNAME": "a", **details})
    return f"{path}/accounts/{account}"


def resource(client: Client, name: str, **details: Any) -> str:
    """Make a resource; return its path."""
    assert done(client, "POST", "/resources", {"RESOURCENAME": name, **details})
    return f"/resources/{answer(client, 'GET', f'/resources/resourcename/{name}')[1]['Details']['RESOURCEID']}"


def id_of(client: Client, path: str, name: str) -> str:
    """Return the id of an account."""
    return next(str(row["ACCOUNT ID"]) for row in rows(client, path) if row["ACCOUNT NAME"] == name)


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    """Return the account list of a resource."""
    return shown(client, f"{path}/accounts")["ACCOUNT LIST"] or []


def r1(client: Client) -> Found:
    """Success word; whether the filter of resource types is mandatory."""
    filtered = answer(client, "GET", "/resources/resourcetypes", {"RESOURCETYPE_CONTAINING": ["linux"]})[1]
    assert filtered["Details"] == [{"RESOURCE TYPE": "Linux"}]
    optional = done(client, "GET", "/resources/resourcetypes")
    return {"success": filtered["result"]["status"], "resource_type_filter": "optional" if optional else "required"}


def r2_r3(client: Client) -> Found:
    """HTTP status of failures; a name without a hit."""
    missing, _body = answer(client, "GET", "/resources/0/accounts")
    denied, _body = answer(client, "GET", "/resources", headers={"AUTHTOKEN": str(uuid.uuid4())})
    wrong, _body = answer(client, "POST", "/resources", {})
    many = (missing, denied, wrong) == (404, 401, 400)
    miss = done(client, "GET", "/user/getUserId", params={"USERNAME": "nobody"})
    return {"failure_status": "4xx" if many else str(missing), "lookup_miss": "empty" if miss else "failed"}


def r4(client: Client) -> Found:
    """Keys and empty texts of account list and details."""
    listed, details = shown(client, "/resources/31/accounts"), shown(client, ROOT)
    row, readable = listed["ACCOUNT LIST"][0], "COMMAND_SET" in details
    everywhere = listed["LOCATION"] == "N/A"
    return {
        "list_description": "present" if "ACCOUNT_DESCRIPTION" in row else "absent",
        "empty_text": "all" if everywhere else details["DESCRIPTION"],
        "totp_flag": "present" if "IS_TOTP_CONFIGURED" in row else "absent",
        "policy_key": "new" if "RESOURCE PASSWORD POLICY" in listed else "old",
        "readable_settings": "COMMAND_SET" if readable else "",
    }


def r5_r6_r7(client: Client) -> Found:
    """Paging, search, case of names."""

    def names(**details: Any) -> list[str]:
        return [row["RESOURCE NAME"] for row in answer(client, "GET", "/resources", details)[1].get("Details", [])]

    total = answer(client, "GET", "/resources", {"LIMIT": 1})[1]["totalRows"]
    part = names(SEARCHTYPE="RESOURCE", SEARCHCOLUMN="RESOURCENAME", SEARCHVALUE="robe-")
    swapped = answer(client, "GET", "/resources/resourcename/pROBE-rES")[1].get("Details")
    return {
        "startindex_base": "1" if names(LIMIT="1", STARTINDEX=1) == names(LIMIT="1", STARTINDEX=0) else "0",
        "total_rows": "page" if total == 1 else "all",
        "search": "contains" if part == ["Probe-Res"] else "exact",
        "names": "case_insensitive" if swapped else "exact",
    }


def r8(client: Client) -> Found:
    """Resource groups: the key of the input, the type of ids."""
    heard = []
    for key in ("details", "Details"):
        listed = answer(client, "GET", "/resourcegroup", {"limit": 1}, key=key)[1]["Details"]
        if len(listed) == 1:
            heard.append(key)
    kind = "number" if isinstance(listed[0]["resourceGroupId"], int) else "string"
    return {"group_key": "both" if len(heard) == 2 else heard[0], "group_ids": kind}


def r10(client: Client) -> Found:
    """Whether shares can be read, of all three kinds."""
    paths = ("/resources/31/share", f"{ROOT}/share", "/resourcegroup/3001/share")
    seen = {answer(client, "GET", path)[0] for path in paths}
    assert len(seen) == 1
    return {"share_read": "no" if seen == {404} else "yes"}


def r11_r12(client: Client) -> Found:
    """A resource in no group; the audit trail."""
    assert shown(client, "/resources/31/associatedGroups") == {"ASSOCIATED GROUPS": []}
    for _turn in range(2):
        answer(client, "GET", f"{ROOT}/password")
    given = {"AUDITTYPE": "Resource", "DURATION": "LAST_7_DAYS", "LIMIT": "2"}
    one, zero = (
        answer(client, "GET", "/audit", params={**given, "STARTINDEX": start})[1]["Details"] for start in ("1", "0")
    )
    rising = int(zero[0]["Audit ID"]) < int(zero[1]["Audit ID"])
    return {
        "audit_order": "oldest_first" if rising else "newest_first",
        "audit_startindex_base": "1" if one == zero else "0",
    }


def w1(client: Client) -> Found:
    """Whether a resource needs an account, and what its answer holds."""
    optional = done(client, "POST", "/resources", {"RESOURCENAME": "scratch-1"})
    created = answer(client, "POST", "/resources", {"RESOURCENAME": "scratch-2", "ACCOUNTNAME": "a"})[1]
    assert not done(client, "POST", "/resources", {"RESOURCENAME": "scratch-2", "ACCOUNTNAME": "a"})
    return {
        "first_account": "optional" if optional else "required",
        "create_answer": "id" if "Details" in created else "plain",
    }


def w3(client: Client) -> Found:
    """Shape of the answer to an add; overall status where none was added."""
    path = scratch(client).partition("/accounts")[0]
    added = answer(client, "POST", f"{path}/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "b"}]})[1]
    again = answer(client, "POST", f"{path}/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "b"}]})[1]
    good = again["result"]["status"] != "Failed"
    return {
        "add_answer": "list" if isinstance(added["Details"], list) else "object",
        "duplicate_overall": "Success" if good else "Failed",
    }


def w4(client: Client) -> Found:
    """NOTES and DESCRIPTION."""
    account = scratch(client, NOTES="n1")
    seen = []
    for given in ({"DESCRIPTION": "d1"}, {"NOTES": "n2", "DESCRIPTION": "d2"}):
        client.call("PUT", account, {"ACCOUNTNAME": "a", **given})
        seen.append(shown(client, account)["DESCRIPTION"])
    if seen[0] != "d1":
        return {"notes_column": "separate"}
    return {"notes_column": "shared" if seen[1] == "n2" else "shared_description_wins"}


def w5(client: Client) -> Found:
    """What an edit leaves out."""
    account = scratch(client, ACCOUNTPASSWORDPOLICY="Low", COMMAND_SET=1)
    client.call("PUT", account, {"ACCOUNTNAME": "a"})
    cleared = shown(client, account)["PASSWORD POLICY"] != "Low"
    path = account.partition("/accounts")[0]
    assert (rows(client, path)[0]["IS_COMMAND_CONTROL_CONFIGURED"] == "false") is cleared
    pair = custom(Owner_Team="a", Secure_Account="b")
    client.call("PUT", account, {"ACCOUNTNAME": "a", "ACCOUNTCUSTOMFIELD": pair})
    client.call("PUT", account, {"ACCOUNTNAME": "a", "ACCOUNTCUSTOMFIELD": custom(Owner_Team="c")})
    kept = fields(client, account)["Secure Account"] == "b"
    return {"edit_omitted": "clear" if cleared else "keep", "edit_semantics": "keep" if kept else "replace"}


def w5r(client: Client) -> Found:
    """Edit of a resource: DOMAINNAME; the name is optional; what is left out as with accounts."""
    path = resource(client, "scratch-3", ACCOUNTNAME="a", DEPARTMENT="HR")
    client.call("PUT", path, {"RESOURCENAME": "scratch-3", "DEPARTMENT": "HR", "DOMAINNAME": "EXAMPLE"})
    taken = shown(client, f"{path}/accounts")["DOMAIN NAME"] == "EXAMPLE"
    client.call("PUT", path, {"LOCATION": "Oslo"})
    listed = shown(client, f"{path}/accounts")
    assert (listed["LOCATION"], listed["RESOURCE NAME"]) == ("Oslo", "scratch-3")
    kept = listed["DEPARTMENT"] == "HR"
    return {"edit_domain_name": "taken" if taken else "ignored", "edit_omitted": "keep" if kept else "clear"}


def w6(client: Client) -> Found:
    """What an empty string does, field by field; OWNERNAME on the resource, where it can be read."""
    pair = custom(Owner_Team="a")
    account = scratch(client, NOTES="n", ACCOUNTPASSWORDPOLICY="Low", ACCOUNTCUSTOMFIELD=pair)
    path = account.partition("/accounts")[0]

    def effect(where: str, given: dict[str, Any], read: Any, old: str) -> str:
        if not done(client, "PUT", where, given):
            return "refused"
        return "ignored" if read() == old else "clears"

    account_edits: dict[str, tuple[dict[str, Any], Any, str]] = {
        "empty_notes": ({"NOTES": ""}, lambda: shown(client, account)["DESCRIPTION"], "n"),
        "empty_custom_field": (
            {"ACCOUNTCUSTOMFIELD": custom(Owner_Team="")},
            lambda: fields(client, account)["Owner Team"],
            "a",
        ),
        "empty_policy": ({"ACCOUNTPASSWORDPOLICY": ""}, lambda: shown(client, account)["PASSWORD POLICY"], "Low"),
    }
    keep = {"NOTES": "n", "ACCOUNTPASSWORDPOLICY": "Low", "ACCOUNTCUSTOMFIELD": pair}
    found = {}
    for name, (empty, read, old) in account_edits.items():
        client.call("PUT", account, {"ACCOUNTNAME": "a", **keep})
        found[name] = effect(account, {"ACCOUNTNAME": "a", **empty}, read, old)

    def owner() -> Any:
        return shown(client, f"{path}/accounts")["RESOURCE OWNER"]

    return {**found, "empty_owner": effect(path, {"OWNERNAME": ""}, owner, "admin")}


def w7(client: Client) -> Found:
    """The key of the command set."""
    path = scratch(client).partition("/accounts")[0]
    new = [{"ACCOUNTNAME": "c1", "COMMAND_SET": 1}, {"ACCOUNTNAME": "c2", "COMMAN_SET": 1}]
    answer(client, "POST", f"{path}/accounts", {"ACCOUNTLIST": new})
    on = {row["ACCOUNT NAME"] for row in rows(client, path) if row["IS_COMMAND_CONTROL_CONFIGURED"] == "true"}
    return {"command_set_key": "both" if len(on) == 2 else "COMMAND_SET" if on == {"c1"} else "COMMAN_SET"}


def w8(client: Client) -> Found:
    """Passwords: case of RESETTYPE, none given, policy, bytes."""
    where = f"{scratch(client)}/password"
    lower = done(client, "PUT", where, {"NEWPASSWORD": "Aa1!aaaa", "RESETTYPE": "local"})
    none = done(client, "PUT", where, {"RESETTYPE": "LOCAL"})
    weak = done(client, "PUT", where, {"NEWPASSWORD": "a", "RESETTYPE": "LOCAL"})
    odd = ' Aa1&%+"\\ä '
    client.call("PUT", where, {"NEWPASSWORD": odd, "RESETTYPE": "LOCAL"})
    assert shown(client, where)["PASSWORD"] == odd
    assert not done(client, "PUT", "/resources/31/accounts/0/password", {"NEWPASSWORD": "Aa1!aaaa"})
    return {
        "reset_type_case": "any" if lower else "upper",
        "no_new_password": "generated" if none else "refused",
        "enforce_policy": "no" if weak else "yes",
    }


def w9(client: Client) -> Found:
    """The filter of harmful input."""
    account = scratch(client)
    codes = [
        answer(client, "PUT", account, {"ACCOUNTNAME": "a", "NOTES": notes})[0]
        for notes in ("<b>", "<script>", "x" * 5000)
    ]
    assert codes[0::2] == [200, 200]
    return {"security_filter": "on" if codes[1] == 599 else "off"}


def w10(client: Client) -> Found:
    """Texts and refusals of shares, of an account and of a resource."""
    account = scratch(client)
    path = account.partition("/accounts")[0]
    found: list[Found] = []
    for where, whom in ((account, {"USERID": "21"}), (account, {"USERGROUPID": "41"}), (path, {"USERID": "21"})):
        share = f"{where}/share"
        first, again = (text(client, "PUT", share, {"ACCESSTYPE": "view", **whom}) for _turn in range(2))
        full = done(client, "PUT", share, {"ACCESSTYPE": "fullaccess", **whom})
        assert done(client, "PUT", share, {"ACCESSTYPE": "revoke", **whom})
        missing = done(client, "PUT", share, {"ACCESSTYPE": "revoke", **whom})
        found.append(
            {
                "share_repeat": "same" if first == again else "distinct",
                "account_fullaccess": "allowed" if full else "refused",
                "revoke_missing": "success" if missing else "failed",
            }
        )
    assert found[0] == found[1]
    assert found[0] == {**found[2], "account_fullaccess": found[0]["account_fullaccess"]}
    assert not done(client, "PUT", f"{account}/share", {"ACCESSTYPE": "view", "USERID": "0"})
    return found[0]


def w11(client: Client) -> Found:
    """An account whose name differs in case only."""
    account = scratch(client)
    path = account.partition("/accounts")[0]
    answer(client, "POST", f"{path}/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "A"}]})
    number = len(rows(client, path))
    return {"names": "exact" if number == 2 else "case_insensitive"}


def w12(client: Client) -> Found:
    """Whether a deleted name can be used again; a second delete fails."""
    account = scratch(client)
    path = account.partition("/accounts")[0]
    assert done(client, "DELETE", account)
    assert not done(client, "DELETE", account)
    status = answer(client, "POST", f"{path}/accounts", {"ACCOUNTLIST": [{"ACCOUNTNAME": "a"}]})[1]["Details"]
    one = (status[0] if isinstance(status, list) else status)["a"]["STATUS"]
    gone = resource(client, "scratch-4", ACCOUNTNAME="a")
    assert done(client, "DELETE", gone)
    assert not done(client, "DELETE", gone)
    free = done(client, "POST", "/resources", {"RESOURCENAME": "scratch-4", "ACCOUNTNAME": "a"})
    assert free is (one == "Account added successfully")
    return {"delete_blocks_name": "no" if free else "yes"}


def w13(client: Client) -> Found:
    """The form of a date."""
    account = scratch(client, ACCOUNTCUSTOMFIELD=custom(Review_Date="19/02/2022"))
    seen = fields(client, account)["Review Date"]
    forms = {
        "19/02/2022": "as_written",
        "2022-02-19": "iso",
        "Feb 19, 2022": "text",
        "Feb 19, 2022 12:00 AM": "text_time",
        "1645228800000": "epoch_ms",
    }
    return {"date_format": forms[seen]}


READS = (r1, r2_r3, r4, r5_r6_r7, r8, r10, r11_r12)
WRITES = (w1, w3, w4, w5, w5r, w6, w7, w8, w9, w10, w11, w12, w13)
