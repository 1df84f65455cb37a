# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of one account or resource among many, made of the settings that are described for a single one."""

from __future__ import annotations

from textwrap import indent

from ansible_collections.vaultops.pam.plugins.doc_fragments.pam360_settings import ModuleDocFragment as Settings

SHARES = """
purge:
  description: Overrides O(purge).
  type: bool
shares:
  description:
    - Who may use it, as in M(vaultops.pam.pam360_account_share) and M(vaultops.pam.pam360_resource_share). The vault
      does not show shares, so O(update_write_only) decides when they are sent.
    - Shares that are not listed are left alone, unless O(purge=true).
  type: list
  elements: dict
  suboptions:
{grantee}
    state:
      description: Whether the share shall be there. V(absent) revokes it.
      type: str
      choices: [present, absent]
      default: present
"""
ACCOUNT = """
resource:
  description: Name of the resource. Exactly one of this and the ID is needed.
  type: str
resource_id:
  description: ID of the resource, which saves reading its name.
  type: str
state:
  description: Whether the account shall be there. Present if it is not given.
  type: str
  choices: [present, absent]
name:
  description:
    - Name of the account. Required, here or in O(defaults).
    - Upper and lower case count, unless the vault takes both for the same. Nothing is removed by another spelling.
  type: str
new_name:
  description: New name for the account.
  type: str
update_password:
  description: Overrides O(update_password).
  type: str
  choices: [on_create, on_drift, always]
update_write_only:
  description: Overrides O(update_write_only).
  type: str
  choices: [auto, tracked, on_edit, always]
"""
RESOURCE = """
state:
  description: Whether the resource shall be there. Present if it is not given. A removal takes its accounts with it.
  type: str
  choices: [present, absent]
name:
  description: Name of the resource. Required.
  type: str
new_name:
  description: New name for the resource.
  type: str
update_write_only:
  description: Overrides O(update_write_only).
  type: str
  choices: [auto, tracked, on_edit, always]
"""


def _options(fragment: str) -> str:
    """Return the options of a fragment at the left margin."""
    return "\n".join(line[2:] for line in fragment.partition("options:\n")[2].splitlines())


def _suboptions(*parts: str) -> str:
    return indent("\n".join(part.strip("\n") for part in parts), " " * 6)


_SHARES = SHARES.replace("{grantee}", indent(_options(Settings.GRANTEE), " " * 4))


class ModuleDocFragment:
    """Options of the module that manages many accounts."""

    # An annotated name, as ansible-test reads only literals in those without.
    DOCUMENTATION: str = f"""
options:
  accounts:
    description:
      - The accounts, with the options of M(vaultops.pam.pam360_account).
      - An option that is not given here is taken from O(defaults), and a policy that is not given there from the task.
      - This or O(resources) is required.
    type: list
    elements: dict
    suboptions: &account
{_suboptions(ACCOUNT, _options(Settings.ACCOUNT), _SHARES)}
  defaults:
    description: Options for all accounts that do not have them. A list or a dictionary is taken as a whole.
    type: dict
    suboptions: *account
  resources:
    description:
      - Resources with the options of M(vaultops.pam.pam360_resource), and their shares.
      - They are created or changed before the accounts. An account may name a resource that stands here.
      - A setting that is not given here is taken from O(resource_defaults).
    type: list
    elements: dict
    suboptions:
{_suboptions(RESOURCE, _options(Settings.RESOURCE), _SHARES)}
  resource_defaults:
    description:
      - Settings for O(resources) that do not have them, and for resources that O(create_resources) makes. Other
        resources that are there are left alone.
    type: dict
    suboptions:
{_suboptions(_options(Settings.RESOURCE))}
"""
