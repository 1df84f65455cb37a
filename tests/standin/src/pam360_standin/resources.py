# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources: list, id by name, create, edit, delete, types (contract section 2)."""

from __future__ import annotations

from typing import Any

from pam360_standin import seed, texts
from pam360_standin.call import ApiCall, FailedError, found_by_search, page, success
from pam360_standin.empties import settled
from pam360_standin.fields import custom_values, merged
from pam360_standin.model import Resource
from pam360_standin.trash import discard_resource, resource_of_name
from standin_core.product import Answer

COLUMNS = {
    "RESOURCENAME": "name",
    "RESOURCE_TYPE": "type",
    "OPERATINGSYSTEM": "type",
    "RESOURCEDESC": "description",
    "IPADDRESS": "dns_name",
    "DEPARTMENT": "department",
    "LOCATION": "location",
    "DOMAINNAME": "domain_name",
    "RESOURCEURL": "url",
}
# Wire name -> attribute, for create (DOC resourceapi-1).
ATTRIBUTES = {
    "RESOURCENAME": "name",
    "RESOURCETYPE": "type",
    "RESOURCEDESCRIPTION": "description",
    "RESOURCEURL": "url",
    "DNSNAME": "dns_name",
    "DEPARTMENT": "department",
    "LOCATION": "location",
    "DOMAINNAME": "domain_name",
    "OWNERNAME": "owner",
    "RESOURCEPASSWORDPOLICY": "password_policy",
    "NOTES": "notes",
}
SETTINGS = (
    "ENABLEPRIVATEKEY",
    "RECORD_CONFIGURED_RESOURCE_URL",
    "DISABLE_TAB_DUPLICATION",
    "WEBSITE_SESSION_RECORDING",
    "GATEWAY_SESSION_RECORDING",
    "SAP_USER_TYPE",
)
# DOC resourceapi-8; of the rest only DOMAINNAME is in doubt (profile edit_domain_name).
NOT_ON_EDIT = ("DOMAINNAME", "NOTES")
SETTINGS_ON_EDIT = (
    "RESOURCETYPEID",
    "RESOURCEPASSWORDPOLICYID",
    "RECORD_CONFIGURED_RESOURCE_URL",
    "DISABLE_TAB_DUPLICATION",
    "WEBSITE_SESSION_RECORDING",
    "GATEWAY_SESSION_RECORDING",
)
# What an edit that leaves it out clears with the profile edit_omitted=clear; name, type and owner stay.
CLEARED = {
    **dict.fromkeys(("description", "url", "dns_name", "department", "location"), ""),
    "password_policy": "Strong",
}
ON_CREATE = ("ACCOUNTNAME", "PASSWORD", "ACCOUNTPASSWORDPOLICY", "RESOURCEGROUPNAME", "ACCOUNTCUSTOMFIELD")


def listing(call: ApiCall) -> Answer:
    """GET /resources: five keys per resource (CAP LCK); no Details where there is none (CAP CLI)."""
    rows = [item for item in call.state.resources.values() if _searched(call, item)]
    rows, total = page(call, rows, call.details.get("STARTINDEX"), call.details.get("LIMIT"))
    return success(call, texts.RESOURCES, [row(call, item) for item in rows] or None, total=total)


def row(call: ApiCall, item: Resource) -> dict[str, str]:
    """Return a row of the list."""
    return {
        "RESOURCE DESCRIPTION": blank(call, item.description),
        "RESOURCE TYPE": item.type,
        "RESOURCE ID": item.id,
        "RESOURCE NAME": item.name,
        "NOOFACCOUNTS": str(len(item.accounts)),
    }


def blank(call: ApiCall, text: str) -> str:
    """Return a resource's text as shown: empty in new builds, N/A in some (CAP kenny)."""
    return text or ("N/A" if call.profile["empty_text"] == "all" else "")


def _searched(call: ApiCall, item: Resource) -> bool:
    """Return whether a resource is one that the search wants."""
    value = str(call.details.get("SEARCHVALUE", ""))
    if not value:
        return True
    if call.details.get("SEARCHTYPE") == "ACCOUNT":
        return found_by_search(call, value, *(account.name for account in item.accounts.values()))
    column = call.details.get("SEARCHCOLUMN", "ALL")
    names = COLUMNS.values() if column == "ALL" else [COLUMNS[column]] if column in COLUMNS else []
    return found_by_search(call, value, *(getattr(item, name) for name in names))


def id_by_name(call: ApiCall) -> Answer:
    """GET /resources/resourcename/<NAME>: a name with a slash cannot be looked up (INF)."""
    name = call.args["name"]
    found = None if "%2f" in call.raw_path.lower() else call.state.resource(name)
    if found is None:
        return miss(call, texts.NO_RESOURCE)
    return success(call, texts.RESOURCE_ID_FOUND, {"RESOURCEID": found.id})


def miss(call: ApiCall, text: str) -> Answer:
    """Answer a look-up without a hit: the text is unknown, so are the details (profile)."""
    if call.profile["lookup_miss"] == "empty":
        return success(call, text, {})
    raise FailedError(text, "missing")


def ids_by_query(call: ApiCall) -> Answer:
    """GET /resources/getResourceIdAccountId?RESOURCENAME=&ACCOUNTNAME= (CAP XSOAR)."""
    return _ids(call, call.query.get("RESOURCENAME", ""), call.query.get("ACCOUNTNAME", ""))


def ids_by_path(call: ApiCall) -> Answer:
    """GET /resources/resourcename/<R>/accounts/accountname/<A>: the old form (CODE arago)."""
    if "%2f" in call.raw_path.lower():
        return miss(call, texts.NO_IDS)
    return _ids(call, call.args["name"], call.args["account"])


def _ids(call: ApiCall, resource_name: str, account_name: str) -> Answer:
    """Answer with both ids."""
    resource = call.state.resource(resource_name)
    account = call.state.account(resource_name, account_name)
    if resource is None or account is None:
        return miss(call, texts.NO_IDS)
    return success(call, texts.IDS_FOUND, {"ACCOUNTID": account.id, "RESOURCEID": resource.id})


def create(call: ApiCall) -> Answer:
    """POST /resources: no Details in the answer (CAP XSOAR), or the id (DOC; its key is ours)."""
    given = call.known((*ATTRIBUTES, *SETTINGS, *ON_CREATE, "RESOURCECUSTOMFIELD"))
    name = given.get("RESOURCENAME")
    if not name:
        raise FailedError(texts.RESOURCE_NAME_MISSING)
    if resource_of_name(call, str(name)):
        raise FailedError(texts.RESOURCE_EXISTS)
    if not given.get("ACCOUNTNAME") and call.profile["first_account"] == "required":
        raise FailedError(texts.ACCOUNT_NAME_MISSING)
    _check_policies(call, given)
    state = call.state
    custom = merged({}, custom_values(call, given.get("RESOURCECUSTOMFIELD"), state.resource_fields))
    account_custom = merged({}, custom_values(call, given.get("ACCOUNTCUSTOMFIELD"), state.account_fields))
    new = {ATTRIBUTES[key]: value for key, value in given.items() if key in ATTRIBUTES and value != ""}
    resource = seed.add_resource(
        state,
        {
            "type": state.default_resource_type,
            "owner": call.user.name,
            **new,
            "settings": {key: given[key] for key in SETTINGS if key in given},
            "custom_fields": custom,
            "groups": _groups(call, given.get("RESOURCEGROUPNAME")),
        },
    )
    if given.get("ACCOUNTNAME"):
        account: dict[str, Any] = {"name": given["ACCOUNTNAME"], "notes": given.get("NOTES", "")}
        account["policy"] = given.get("ACCOUNTPASSWORDPOLICY") or ""
        if given.get("PASSWORD"):
            account["password"] = given["PASSWORD"]
        seed.add_account(state, resource, {**account, "custom_fields": account_custom})
    call.audit("Resource Added", resource, reason=f"Resource {resource.name} is added")
    details = {"RESOURCEID": resource.id} if call.profile["create_answer"] == "id" else None
    return success(call, texts.RESOURCE_CREATED.format(name=resource.name), details)


def _groups(call: ApiCall, name: Any) -> list[str]:
    """Return the groups of a new resource: the default group and the named one, if it exists."""
    wanted = (call.state.resource_group("Default Group"), call.state.resource_group(str(name)) if name else None)
    return list(dict.fromkeys(group.id for group in wanted if group))


def _check_policies(call: ApiCall, given: dict[str, Any]) -> None:
    """Refuse policies that do not exist (invented text). Raises FailedError."""
    for key in ("RESOURCEPASSWORDPOLICY", "ACCOUNTPASSWORDPOLICY"):
        if given.get(key) and call.state.policy(str(given[key])) is None:
            raise FailedError(texts.NO_POLICY)


def edit(call: ApiCall) -> Answer:
    """PUT /resources/<ID>: fields left out keep their value (INF, profile); two blanks (CAP XSOAR)."""
    resource = call.resource()
    taken = [name for name in ATTRIBUTES if name not in NOT_ON_EDIT]
    if call.profile["edit_domain_name"] == "taken":
        taken.append("DOMAINNAME")
    given = call.known((*taken, *SETTINGS_ON_EDIT, "RESOURCECUSTOMFIELD"))
    given = settled(call, given, {name: getattr(resource, ATTRIBUTES[name]) for name in taken})
    _check_policies(call, given)
    name = str(given.get("RESOURCENAME", resource.name))
    if not name:
        raise FailedError(texts.RESOURCE_NAME_MISSING)
    if resource_of_name(call, name) not in (None, resource):
        raise FailedError(texts.RESOURCE_EXISTS)
    fields = call.state.resource_fields
    new = custom_values(call, given.pop("RESOURCECUSTOMFIELD", None), fields, resource.custom_fields)
    # From here on nothing fails: an edit is done whole or not at all.
    before = dict(resource.custom_fields)
    if call.profile["edit_omitted"] == "clear":
        _clear(call, resource)
    if "RESOURCECUSTOMFIELD" in call.details and call.profile["custom_fields_on_edit"] == "yes":
        resource.custom_fields = merged(before, new, call.profile["edit_semantics"])
    for key, value in given.items():
        if key in ATTRIBUTES:
            setattr(resource, ATTRIBUTES[key], str(value or CLEARED.get(ATTRIBUTES[key], "")))
        else:
            resource.settings[key] = value
    call.audit("Resource Modified", resource, reason=f"Resource {resource.name} is modified")
    return success(call, texts.RESOURCE_EDITED)


def _clear(call: ApiCall, resource: Resource) -> None:
    """Clear what an edit may set, before it sets what it was given."""
    for name, value in CLEARED.items():
        setattr(resource, name, value)
    if call.profile["edit_domain_name"] == "taken":
        resource.domain_name = ""
    resource.settings = {}
    if call.profile["custom_fields_on_edit"] == "yes":
        resource.custom_fields = {}


def delete(call: ApiCall) -> Answer:
    """DELETE /resources/<ID>: name and text are invented; the accounts go with it."""
    resource = call.resource()
    discard_resource(call, resource)
    call.audit("Resource Deleted", resource, reason=f"Resource {resource.name} is deleted")
    return success(call, texts.RESOURCE_DELETED)


def types(call: ApiCall) -> Answer:
    """GET /resources/resourcetypes: the shape of Details is invented, how the filter compares INF."""
    wanted = call.known(("RESOURCETYPE_CONTAINING",)).get("RESOURCETYPE_CONTAINING")
    if wanted is None and call.profile["resource_type_filter"] == "required":
        raise FailedError(texts.TYPE_FILTER_MISSING)
    parts = [str(part).casefold() for part in (wanted if isinstance(wanted, list) else [wanted or ""])]
    found = [name for name in call.state.resource_types if any(part in name.casefold() for part in parts)]
    return success(call, texts.RESOURCE_TYPES, [{"RESOURCE TYPE": name} for name in found] or None)
