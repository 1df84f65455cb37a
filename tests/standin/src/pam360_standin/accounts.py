# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts: list, details, add, edit, delete (contract section 3)."""

from __future__ import annotations

from typing import Any

from pam360_standin import seed, texts
from pam360_standin.call import ApiCall, FailedError, found_by_search, page, success
from pam360_standin.empties import settled
from pam360_standin.fields import custom_values, merged, shown
from pam360_standin.model import Account, Resource
from pam360_standin.policies import fault_of
from pam360_standin.resources import blank
from pam360_standin.trash import account_of_name, discard_account
from standin_core.product import Answer

# Write-only settings (contract section 10): stored as received, in no answer.
SETTINGS = (
    "ACCOUNTPASSWORDPOLICYID",
    "ACCOUNT_RESOURCE_GROUP_IDS",
    "RECORD_RDP_SESSIONS",
    "RECORD_CLI_SESSIONS",
    "WEBSITE_SESSION_RECORDING",
    "GATEWAY_SESSION_RECORDING",
    "DISABLE_PASSWORD_RESETS",
    "CONFIGURE_PASSWORD_RESET",
    "IIS_WEB_CONFIG_RESET",
    "IIS_APP_POOL_RESTART",
    "IIS_APP_POOL_RESET",
    "SERVICES_RESTART",
    "SERVICES_RESET",
    "SCHEDULED_TASK_RESET",
    "COMMAND_SET",
    "TOTP_SECRET",
    "TOTP_ALGORITHM",
    "TOTP_DIGITS",
    "TOTP_VALIDITY",
    "SAP_USER_TYPE",
)
SETTINGS_ON_EDIT = (*SETTINGS, "OWNERNAME", "DOMAINNAME")
ON_ADD = ("ACCOUNTNAME", "PASSWORD", "ACCOUNTPASSWORDPOLICY", "NOTES", "ACCOUNTCUSTOMFIELD", *SETTINGS)
ON_EDIT = ("ACCOUNTNAME", "ACCOUNTPASSWORDPOLICY", "NOTES", "DESCRIPTION", "ACCOUNTCUSTOMFIELD", *SETTINGS_ON_EDIT)
# The page spells the key of an add in two ways; the profile command_set_key chooses.
COMMAND_SET_KEYS = {
    "COMMAND_SET": ("COMMAND_SET",),
    "COMMAN_SET": ("COMMAN_SET",),
    "both": ("COMMAN_SET", "COMMAND_SET"),
}
AUTO_LOGON = {"Linux": ["SSH", "Telnet"], "Windows": ["RDP"], "WindowsDomain": ["RDP"]}


def truth(value: bool) -> str:
    """Return a truth value as this API writes it."""
    return "true" if value else "false"


def listing(call: ApiCall) -> Answer:
    """GET /resources/<ID>/accounts: the newest capture (CAP LCK); an empty list is "" (CAP kenny)."""
    resource = call.resource()
    rows = [item for item in resource.accounts.values() if _searched(call, resource, item)]
    rows, _total = page(call, rows, call.details.get("STARTINDEX"), call.details.get("LIMIT"))
    reason = any(item.reason_required for item in resource.accounts.values())
    policy_key = "RESOURCE PASSWORD POLICY" if call.profile["policy_key"] == "new" else "PASSWORD POLICY"
    details: dict[str, Any] = {
        "LOCATION": blank(call, resource.location),
        "RESOURCE DESCRIPTION": blank(call, resource.description),
        "RESOURCE TYPE": resource.type,
        "RESOURCE ID": resource.id,
        "ACCOUNT LIST": [row(call, resource, item) for item in rows] or "",
        "DEPARTMENT": blank(call, resource.department),
        "PASSWORDREQUEST_REASON_MANDATORY": truth(reason),
        "RESOURCE OWNER": resource.owner,
        policy_key: resource.password_policy,
        "IS_LOCAL_ACCOUNTS_AUTOLOGON_RESTRICTED": "false",
        "RESOURCE URL": blank(call, resource.url),
        "IS_SSH_RESTRICTED": "false",
        "NEWSSHTERMINAL": "false",
        "DOMAIN NAME": blank(call, resource.domain_name),
        "ALLOWOPENURLINBROWSER": "true",
        "RESOURCE NAME": resource.name,
        "DNS NAME": blank(call, resource.dns_name),
        "ISRDPRESTRICTED": "true",
    }
    if call.state.resource_fields:
        details["CUSTOM FIELD"] = shown(call, resource.custom_fields, call.state.resource_fields)
    return success(call, texts.ACCOUNTS, details)


def _searched(call: ApiCall, resource: Resource, item: Account) -> bool:
    """Return whether an account is one that the search wants."""
    value = str(call.details.get("SEARCHVALUE", ""))
    if not value:
        return True
    if call.details.get("SEARCHTYPE") == "RESOURCE":
        return found_by_search(call, value, resource.name)
    return found_by_search(call, value, item.name)


def row(call: ApiCall, resource: Resource, item: Account) -> dict[str, Any]:
    """Return one entry of ACCOUNT LIST: mixed spelling, all strings but AUTOLOGONLIST."""
    entry: dict[str, Any] = {
        "ACCOUNT_DESCRIPTION": blank(call, item.notes),
        "ISFAVPASS": "false",
        "ACCOUNT ID": item.id,
        "AUTOLOGONLIST": AUTO_LOGON.get(resource.type, []),
        "ACCOUNT NAME": item.name,
        "PASSWORDREQUEST_REASON_MANDATORY": truth(item.reason_required),
        "PASSWORD STATUS": _status(item),
        "ISREMOTEAPPONLY": "false",
        "ACCOUNT PASSWORD POLICY": item.policy,
        "IS_USER_WITH_COMMAND_CONTROL_ROLE": "false",
        "AUTOLOGONSTATUS": "ALLOWED",
        "IS_TICKETID_REQD_ACW": "false",
        "IS_COMMAND_CONTROL_CONFIGURED": truth("COMMAND_SET" in item.settings),
        "PASSWDID": item.id,
        "IS_TICKETID_REQD_MANDATORY": truth(item.ticket_required),
        "IS_TICKETID_REQD": truth(item.ticket_required),
        "ISREASONREQUIRED": truth(item.reason_required),
    }
    if call.profile["list_description"] == "absent":
        del entry["ACCOUNT_DESCRIPTION"]
    if call.profile["totp_flag"] == "present":
        entry["IS_TOTP_CONFIGURED"] = truth(bool(item.settings.get("TOTP_SECRET")))
    return entry


def _status(item: Account) -> str:
    """Return PASSWORD STATUS: the caller's own access."""
    return texts.NEEDS_APPROVAL if item.approval else item.password_status


def details(call: ApiCall) -> Answer:
    """GET /resources/<R>/accounts/<A>: only these fields can be read back, and no name (CAP LCK)."""
    _resource, item = call.account()
    empty = "" if call.profile["empty_text"] == "" else "N/A"
    reason = fault_of(item.password, call.state.policy(item.policy))
    found: dict[str, Any] = {
        "DESCRIPTION": item.notes or empty,
        "PASSWDID": item.id,
        "LAST MODIFIED TIME": item.last_modified_time or empty,
        "EXPIRY STATUS": "Expired" if item.expired else "Valid",
        "COMPLIANT REASON": reason,
        "PASSWORDREQUEST_REASON_MANDATORY": truth(item.reason_required),
        "PASSWORD STATUS": _status(item),
        "PASSWORD POLICY": item.policy,
        "COMPLIANT STATUS": "Compliant" if reason == "-" else "Non-Compliant",
        "LAST ACCESSED TIME": item.last_accessed_time or empty,
    }
    if call.state.account_fields:
        found["CUSTOM FIELD"] = shown(call, item.custom_fields, call.state.account_fields)
    for name in filter(None, (part.strip() for part in call.profile["readable_settings"].split(","))):
        value = item.settings.get(name, "")
        found[name] = truth(value) if isinstance(value, bool) else str(value)
    return success(call, texts.DETAILS, found)


def add(call: ApiCall) -> Answer:
    """POST /resources/<ID>/accounts: one STATUS per account; no ids in the answer."""
    resource = call.resource()
    wanted = call.known(("ACCOUNTLIST",)).get("ACCOUNTLIST")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(item, dict) for item in wanted):
        raise FailedError(texts.ACCOUNT_LIST_MISSING)
    if not all(item.get("ACCOUNTNAME") for item in wanted):
        raise FailedError(texts.ACCOUNT_NAME_MISSING)
    outcome = [(str(item["ACCOUNTNAME"]), _add(call, resource, item)) for item in wanted]
    as_object = call.profile["add_answer"] == "object"
    rows: Any = {name: {"STATUS": text} for name, text in outcome}
    if not as_object:
        rows = [{name: {"STATUS": text}} for name, text in outcome]
    added = any(text == texts.ADDED_ONE for _name, text in outcome)
    if not added and call.profile["duplicate_overall"] == "Failed":
        raise FailedError(texts.NOT_ADDED, details=rows)
    answer = success(call, texts.ADDED_OBJECT if as_object else texts.ADDED_LIST, rows)
    answer.applied = added
    return answer


def _add(call: ApiCall, resource: Resource, item: dict[str, Any]) -> str:
    """Add one account and return its STATUS."""
    keys = COMMAND_SET_KEYS[call.profile["command_set_key"]]
    given = call.known([*(name for name in ON_ADD if name != "COMMAND_SET"), *keys], item)
    for key in keys:
        if key in given:
            given["COMMAND_SET"] = given.pop(key)
    name = str(item["ACCOUNTNAME"])
    if account_of_name(call, resource, name):
        return texts.EXISTS
    policy = str(given.get("ACCOUNTPASSWORDPOLICY") or resource.password_policy)
    if call.state.policy(policy) is None:
        return texts.NO_POLICY
    password = str(given.get("PASSWORD") or "")
    reason = fault_of(password, call.state.policy(policy)) if password else "-"
    if reason != "-" and call.profile["enforce_policy"] == "yes":
        return texts.AGAINST_POLICY.format(reason=reason)
    try:
        custom = custom_values(call, given.get("ACCOUNTCUSTOMFIELD"), call.state.account_fields)
    except FailedError as error:
        return error.message
    new: dict[str, Any] = {
        "name": name,
        "policy": policy,
        "notes": given.get("NOTES", ""),
        "settings": {key: given[key] for key in SETTINGS if key in given},
        "custom_fields": custom,
        **({"password": password} if password else {}),
    }
    account = seed.add_account(call.state, resource, new)
    call.audit("Account Added", resource, account, reason=f"Account {name} is added")
    return texts.ADDED_ONE


def edit(call: ApiCall) -> Answer:
    """PUT /resources/<R>/accounts/<A>: ACCOUNTNAME is mandatory and renames (DOC S000, INF)."""
    resource, item = call.account()
    given = call.known(ON_EDIT)
    name = str(given.get("ACCOUNTNAME") or "")
    if not name:
        raise FailedError(texts.ACCOUNT_NAME_MISSING)
    if account_of_name(call, resource, name) not in (None, item):
        raise FailedError(texts.ACCOUNT_NAME_TAKEN)
    given = settled(call, given, _current(call, item))
    policy = str(given.get("ACCOUNTPASSWORDPOLICY", item.policy)) or resource.password_policy
    if policy != item.policy and call.state.policy(policy) is None:
        raise FailedError(texts.NO_POLICY)
    custom = custom_values(call, given.get("ACCOUNTCUSTOMFIELD"), call.state.account_fields, item.custom_fields)
    # From here on nothing fails: an edit is done whole or not at all.
    if call.profile["edit_omitted"] == "clear":
        item.notes, item.description, item.settings = "", "", {}
        if "ACCOUNTPASSWORDPOLICY" not in given:
            policy = resource.password_policy
        if "ACCOUNTCUSTOMFIELD" not in given and call.profile["custom_fields_on_edit"] == "yes":
            item.custom_fields = {}
    item.name, item.policy = name, policy
    _write_texts(call, item, given)
    item.settings.update({key: given[key] for key in SETTINGS_ON_EDIT if key in given})
    if "ACCOUNTCUSTOMFIELD" in given and call.profile["custom_fields_on_edit"] == "yes":
        item.custom_fields = merged(item.custom_fields, custom, call.profile["edit_semantics"])
    call.audit("Account Modified", resource, item, reason=f"Account {name} is modified")
    return success(call, texts.EDITED.format(name=name))


def _current(call: ApiCall, item: Account) -> dict[str, Any]:
    """Return the values that ignored empty ones leave in place."""
    separate = call.profile["notes_column"] == "separate"
    current = {
        "NOTES": item.notes,
        "DESCRIPTION": item.description if separate else item.notes,
        "ACCOUNTPASSWORDPOLICY": item.policy,
    }
    return {**current, **{key: value for key, value in item.settings.items() if key == "OWNERNAME"}}


def _write_texts(call: ApiCall, item: Account, given: dict[str, Any]) -> None:
    """Store NOTES and DESCRIPTION: probably one column (INF), so the profile chooses."""
    columns = call.profile["notes_column"]
    if columns == "separate":
        item.notes = str(given.get("NOTES", item.notes))
        item.description = str(given.get("DESCRIPTION", item.description))
        return
    order = ("NOTES", "DESCRIPTION") if columns == "shared_description_wins" else ("DESCRIPTION", "NOTES")
    for key in order:
        if key in given:
            item.notes = str(given[key])


def delete(call: ApiCall) -> Answer:
    """DELETE /resources/<R>/accounts/<A>: name and text are invented."""
    resource, item = call.account()
    discard_account(call, resource, item)
    call.audit("Account Deleted", resource, item, reason=f"Account {item.name} is deleted")
    return success(call, texts.ACCOUNT_DELETED)
