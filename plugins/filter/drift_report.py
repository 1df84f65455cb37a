# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between accounts as they are declared and the vault, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
author:
  - vaultops.pam contributors (@vaultops)
short_description: What differs between declared accounts and the vault
version_added: 0.1.0
description:
  - Makes a report of the result of M(vaultops.pam.pam360_accounts), which was run in check mode with
    O(vaultops.pam.pam360_accounts#module:return_found).
  - The role P(vaultops.pam.drift_report#role) makes its files of it. It asks the vault nothing by itself.
options:
  _input:
    description:
      - The result of the task, be it failed.
      - Where the vault as a whole could not be read, the report has RV(_value.unread) and nothing else.
    type: dict
    required: true
  time:
    description: Time of the report, such as V(2026-01-31 02:30:00 UTC) or in the form of ISO 8601.
    type: str
    required: true
  title:
    description: Heading.
    type: str
    default: ''
  vault:
    description: Address of the vault, for the reader.
    type: str
    default: ''
  scope:
    description: The value of O(vaultops.pam.pam360_accounts#module:return_found) that the task had.
    type: str
    choices: [managed, all]
    default: managed
  fail_on:
    description:
      - Categories whose findings make the report not RV(_value.ok).
      - All but C(never_rotated) and C(unverifiable) if it is not given.
    type: list
    elements: str
  tracked:
    description:
      - Whether the task compares fingerprints of what cannot be read. Without them, such a setting is in its plan only
        because it goes along with another change, and is no finding.
    type: bool
    default: false
  unusable_hosts:
    description: Hosts whose declaration cannot be used, each with the reason, which may be empty.
    type: dict
    default: {}
  undeclared_hosts:
    description: Hosts that declare no account, for the reader.
    type: list
    elements: str
    default: []
  exceptions:
    description: Text of a YAML file with accepted exceptions, see P(vaultops.pam.drift_report#role).
    type: str
    default: ''
  context:
    description: What P(vaultops.pam.drift_report_context#lookup) returns.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: What would be done to the accounts, and what is there
  vaultops.pam.pam360_accounts:
    create_resources: true
    accounts: "{{ vault_accounts }}"
    return_found: managed
  check_mode: true
  delegate_to: localhost
  become: false
  register: vault

- name: Accounts that nobody has declared
  ansible.builtin.debug:
    msg: "{{ report.findings | selectattr('category', 'equalto', 'extra') | list }}"
  vars:
    report: "{{ vault | vaultops.pam.drift_report(time=now(utc=true).isoformat()) }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    ok:
      description: Whether no finding is in a category of O(fail_on), apart from accepted ones.
      type: bool
    unread:
      description: Why the vault could not be read. Only then is this key there.
      type: str
    share:
      description:
        - How many of the C(declared) accounts are C(as_declared), that share in C(percent), and the number of
          C(findings) that fail.
      type: dict
    trend:
      description: The same for the last reports about the same vault, scope, title and limit, the oldest first.
      type: list
      elements: dict
    verdict:
      description: What the page says on top, as C(level) (good, note or bad), C(headline) and C(sentence).
      type: dict
    run:
      description: Who made it.
      type: dict
    summary:
      description: Numbers of resources and accounts, and of requests that were sent.
      type: dict
    categories:
      description:
        - All categories in their order, each with C(name), C(title), C(meaning), C(advice), C(count), C(accepted) and
          C(fails).
      type: list
      elements: dict
    findings:
      description:
        - Each with the texts C(category), C(resource), C(account), C(setting), C(wanted), C(actual), C(detail),
          C(owner), C(department) and C(since), with C(age_days) of the password, and with C(accepted), which is null or
          has C(accepted_by), C(accepted_on), C(expires) and C(reason).
        - Sorted, so that the reports of two nights can be compared.
      type: list
      elements: dict
    exceptions:
      description: The accepted exceptions, each with its C(state).
      type: list
      elements: dict
    fine:
      description: Declared accounts that are there and have no finding.
      type: list
      elements: dict
    undeclared:
      description: Hosts that declare no account.
      type: list
      elements: str
    resources:
      description: The resources that were looked at, with C(owner) and C(department).
      type: list
      elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError


def drift_report(
    plan: Mapping[str, Any],
    time: str,
    title: str = "",
    vault: str = "",
    scope: str = "managed",
    fail_on: Sequence[str] | None = None,
    tracked: bool = False,
    unusable_hosts: Mapping[str, str] | None = None,
    undeclared_hosts: Sequence[str] = (),
    exceptions: str = "",
    context: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the report; raise AnsibleFilterError for arguments that cannot be used."""
    # Whoever uses any filter of the collection loads all of these files. What this one needs is loaded when it is used.
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_exceptions import acceptances
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_findings import CATEGORIES
    from ansible_collections.vaultops.pam.plugins.plugin_utils._drift_report import FAILS, Settings, report_of, unread
    from ansible_collections.vaultops.pam.plugins.plugin_utils._untrusted import untrusted

    if not isinstance(plan, Mapping):
        raise AnsibleFilterError("drift_report: the input must be a result of vaultops.pam.pam360_accounts")
    fails = FAILS if fail_on is None else fail_on
    if set(fails) - set(CATEGORIES):
        raise AnsibleFilterError(f"drift_report: fail_on must be a list of: {', '.join(CATEGORIES)}")
    accepted, problems = acceptances(exceptions, CATEGORIES)
    if problems:
        raise AnsibleFilterError(f"drift_report: exceptions: {' '.join(problems)}")
    reason = unread(plan)
    if reason:
        return {"ok": False, "unread": untrusted(reason)}
    known = context or {}
    settings = Settings(
        time=str(time),
        title=title,
        vault=vault,
        scope=scope,
        fail_on=fails,
        tracked=tracked,
        run=known.get("run", {}),
        unusable=unusable_hosts or {},
        undeclared=undeclared_hosts,
        exceptions=accepted,
        former=known.get("former", ()),
    )
    try:
        wrapped: dict[str, Any] = untrusted(report_of(plan, settings))
    except ValueError as error:
        raise AnsibleFilterError(f"drift_report: {error}") from error
    return wrapped


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return it by name."""
        return {"drift_report": drift_report}
