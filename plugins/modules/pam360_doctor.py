#!/usr/bin/python
# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: pam360_doctor
short_description: Find out how a ManageEngine PAM360 server behaves where builds differ
version_added: 0.1.0
description:
  - The vendor's pages leave some questions open, and builds of PAM360 differ. Does an edit keep what it leaves out?
    Does an empty text clear the notes? Can shares be read? This module asks your server.
  - The result can be kept in a file, see O(profile_path). The other modules follow what it says, see their option
    O(server_profile), and the stand-in server behaves in the same way, see its option C(--profile-file).
  - By default it only reads. No password is read. With O(scratch=true) it also writes, but only to objects that it
    makes for that and removes again, see O(scratch).
  - Findings and file hold no address, no name, no ID and no secret, so they can go into a public issue. Names that the
    module made up itself are in RV(left_behind) and RV(of_earlier_runs) only.
author:
  - vaultops.pam contributors (@vaultops)
extends_documentation_fragment:
  - vaultops.pam.pam360
  - vaultops.pam.attributes.actiongroup_pam360
options:
  resource:
    description:
      - Name of a resource to look at. Nothing is written to it.
      - Not needed with O(scratch=true), which looks at a resource of its own.
    type: str
  account:
    description:
      - Name of an account on O(resource) to look at. Nothing is written to it, and its password is not read.
      - An account without notes tells most.
    type: str
  scratch:
    description:
      - Whether to write as well, which settles more than half of the questions.
      - The module makes two resources named C(ansible-doctor-) and eight hexadecimal digits, with some accounts, and
        writes to nothing else. Writes are sent one at a time, and none is sent twice. In the end both resources are
        removed, whatever happened. What could not be removed is in RV(left_behind).
      - If the run is killed, they stay. The next run names them in RV(of_earlier_runs), and does not touch them.
      - The audit trail of the vault keeps records of all that, and if a deletion only moves objects to the trash,
        they stay in the trash.
    type: bool
    default: false
  explore:
    description:
      - Whether to try addresses that no page documents, by GET only. They may show who has access to an account.
    type: bool
    default: false
  user:
    description:
      - Name of a user with whom the probes share their own resource and account for a moment, and who may be notified
        of that by the vault. Choose one who knows.
      - Needs O(scratch=true). Without O(user) and O(user_group) nothing is shared, and what the answers to shares mean
        stays open.
    type: str
  user_group:
    description:
      - Name of a user group with whom the probes share their own resource and account for a moment. The best is one
        without members.
    type: str
  command_set:
    description:
      - ID of a command set that the probes may assign to their own accounts. Needs O(scratch=true).
    type: int
  tracking_field:
    description:
      - Label of the custom field in which the other modules keep fingerprints. The result says whether it is defined.
        The probes do not write to it.
    type: str
    default: Ansible state
  profile_path:
    description:
      - File that the findings are written to, for the option O(server_profile) of the other modules and for the
        stand-in. It is replaced as a whole.
      - In check mode no file is written.
    type: path
  server_profile:
    description:
      - Not used by this module, which finds out anew. It is there for C(module_defaults) of the action group.
      - If not set, the environment variable E(PAM360_SERVER_PROFILE) is used.
    type: path
attributes:
  action:
    description: Runs in the controller's own process for a task on the controller, and is shipped to other hosts.
    support: full
  async:
    description: Works with C(async). The module is shipped then.
    support: full
  check_mode:
    description: Only reads, and writes no file.
    support: partial
    details:
      - What only a write can tell stays open in check mode.
  diff_mode:
    description: Nothing that it makes stays, so there is nothing to show.
    support: N/A
  idempotent:
    description: Leaves the vault as it was.
    support: full
  platform:
    description: Platforms that the module can run on.
    platforms: posix
    support: full
notes:
  - It takes about 45 requests, and about 160 with O(scratch=true), of which about 60 are writes.
  - Among them are one request with an unknown token and one without a token, to see how the server says no. If your
    server locks out addresses after some refused logins, they count.
seealso:
  - module: vaultops.pam.pam360_account
  - module: vaultops.pam.pam360_account_share
"""

EXAMPLES = r"""
---
- name: Look, and write nothing
  vaultops.pam.pam360_doctor:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    resource: db01
    account: root
  delegate_to: localhost
  become: false
  register: doctor

- name: Show what was found
  ansible.builtin.debug:
    var: doctor.report

- name: Find out all of it, and keep it for the other modules
  vaultops.pam.pam360_doctor:
    url: https://pam360.example.com:8282
    token_file: /etc/ansible/pam360.token
    scratch: true
    user_group: DBA
    profile_path: ~/pam360-profile.json
  delegate_to: localhost
  become: false
"""

RETURN = r"""
---
findings:
  description: What was found, by question. The names are those of the profiles of the stand-in server.
  returned: success
  type: dict
  contains:
    verdict:
      description: The answer, one of those that the guide lists. Null if nothing was told, or none of them fits.
      type: str
    certainty:
      description:
        - V(seen) if the server showed it, V(inferred) if only a part of it could be seen, V(not probed) if nothing was
          told. The other modules follow what was seen.
      type: str
    evidence:
      description: What the verdict stands on, without names, IDs and secrets.
      type: list
      elements: str
    details:
      description: Texts of the server or names of settings that go with the verdict.
      returned: if there are some
      type: list
      elements: str
  sample:
    edit_omitted:
      verdict: keep
      certainty: seen
      evidence: ["W5: left out of an edit: NOTES kept, ACCOUNTPASSWORDPOLICY kept, custom fields kept"]
observations:
  description: What was seen besides and decides nothing, such as texts of refusals, and why a probe told nothing.
  returned: success
  type: list
  elements: str
report:
  description: The same as a table for people, a string for each line, with what it means for playbooks.
  returned: success
  type: list
  elements: str
tracking:
  description: Whether the custom field for fingerprints is defined.
  returned: success
  type: dict
  contains:
    accounts:
      description: For accounts. Null if no account was looked at.
      type: bool
    resources:
      description: For resources. Null if no resource was looked at.
      type: bool
rights:
  description:
    - What the token may do, by words such as V(edit accounts). True if it was done, false if it was refused whenever
      it was tried, null if it was not tried.
  returned: success
  type: dict
left_behind:
  description: Names of the module's own resources that are or may be left, because they could not be removed.
  returned: success
  type: list
  elements: str
of_earlier_runs:
  description:
    - Names of resources that other runs of this module have made and not removed, as far as the search of the server
      shows them. Such a run may be under way.
  returned: success
  type: list
  elements: str
writes:
  description: How many of the requests were writes.
  returned: success
  type: int
profile_changed:
  description: Whether the file differs from what was there before. In check mode, from what would be written.
  returned: success
  type: bool
changed:
  description: Whether something was left in the vault. The file does not count, see RV(profile_changed).
  returned: always
  type: bool
msg:
  description: What was done, or would be done, or what went wrong and what to try.
  returned: always
  type: str
  sample: 41 of 42 doubts are settled
requests:
  description: How many requests were sent to the vault.
  returned: always, but for errors that Ansible finds in the options
  type: dict
  contains:
    sent:
      description: All requests, retries included.
      type: int
    retried:
      description: How many of them were retries of a read.
      type: int
failure:
  description: What failed, fit for conditions. The text in RV(msg) says the same in words.
  returned: failure of a request, or options that cannot be used
  type: dict
  contains:
    code:
      description: What kind of failure it is, such as V(not_found). The page Troubleshooting has a section for each.
      type: str
    operation:
      description: What was being done, in words.
      type: str
    http_status:
      description: HTTP status of the answer. Null when there was no answer.
      type: int
    server_message:
      description: The server's own words, without secrets.
      type: str
    step:
      description: The step of the plan that failed, or V(read) for reads before and after the writes.
      type: str
"""

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.module import run_module
from ansible_collections.vaultops.pam.plugins.module_utils._pam360_doctor.doctor import Doctor


def main() -> None:
    """Run the module."""
    run_module(Doctor)


if __name__ == "__main__":
    main()
