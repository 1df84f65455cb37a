# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a PAM360 plugin: given directly, by variable, environment or ini file. Internal to the collection."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.vaultops.pam.plugins.module_utils._ansible.shape_check import meant, wrong_shape_message
from ansible_collections.vaultops.pam.plugins.module_utils._common.errors import InputError
from ansible_collections.vaultops.pam.plugins.module_utils._common.redaction import Redactor
from ansible_collections.vaultops.pam.plugins.module_utils._common.wording import one_line

# The words of ansible-core before 2.19, and since; the older ones have no exception for it.
REQUIRED_IS_MISSING = re.compile("no setting was provided for required|required config .* not provided", re.IGNORECASE)
BOOLEANS = ("cache", "validate_certs")  # of type raw, as Ansible would take a misspelt "true" for false


def options_of(plugin: Any, variables: Mapping[str, Any], direct: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Return all options of *plugin* by name, or raise InputError.

    :param direct: options that the task itself gives.
    :param templar: takes out the templates in variables, which Ansible leaves in for plugins.
    """
    definitions = {name: spec for name, spec in plugin.option_definitions.items() if not name.startswith("_")}
    unknown = sorted(set(direct) - set(definitions))
    if unknown:
        raise InputError(f"there is no option {one_line(unknown[0])}", hint=meant(unknown[0], definitions))
    sources = {name: [entry["name"] for entry in spec.get("vars", ())] for name, spec in definitions.items()}
    given = {var: templar.template(variables[var]) for names in sources.values() for var in names if var in variables}
    by_variable = {name: given[var] for name, names in sources.items() for var in names if given.get(var) is not None}
    wrong = wrong_shape_message(
        {**by_variable, **direct}, {name: _spec(name, definitions[name]) for name in definitions}
    )
    if wrong:
        raise InputError(wrong.rstrip("."))
    try:
        plugin.set_options(var_options=given, direct=dict(direct))
    except AnsibleError as error:  # Ansible quotes the value
        if REQUIRED_IS_MISSING.search(str(error)):
            raise _no_url() from None
        raise InputError(_redactor(given, direct)(str(error)).rstrip(".")) from None
    params = {name: plugin.get_option(name) for name in definitions}
    params.update({name: definitions[name].get("default") for name in _empty(definitions, direct, by_variable)})
    params.update({name: _strict(name, params[name]) for name in BOOLEANS})
    _choose_token(params, direct, by_variable)
    if not params["url"]:
        raise _no_url()
    return params


def _spec(name: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": definition.get("type", "str"), "no_log": name in ("token", "proxy")}


def _no_url() -> InputError:
    return InputError(
        "url is required, and is given nowhere",
        hint="Give it as an option, url='https://host.example.com:8282', in the variable pam360_url, in the environment"
        " variable PAM360_URL, or as url under [pam360] in ansible.cfg.",
    )


def _redactor(*sources: Mapping[str, Any]) -> Redactor:
    redactor = Redactor()
    for values in sources:
        for name, value in values.items():
            if name.endswith(("token", "proxy")):
                redactor.add(str(value))
    return redactor


def _empty(names: Iterable[str], *sources: Mapping[str, Any]) -> list[str]:
    """Return the options that an empty environment variable stands for; Ansible would take a path for this folder."""
    return [
        name
        for name in names
        if os.environ.get(_variable(name)) == "" and all(values.get(name) is None for values in sources)
    ]


def _variable(name: str) -> str:
    return f"PAM360_{name.upper()}"


def _strict(name: str, value: Any) -> bool:
    try:
        return bool(boolean(value))
    except TypeError:
        raise InputError(f"{name} must be true or false") from None


def _choose_token(params: dict[str, Any], *sources: Mapping[str, Any]) -> None:
    """Of ``token`` and ``token_file`` keep the one that is given nearer to the task."""
    both = ("token", "token_file")
    environment = {name: os.environ.get(_variable(name)) for name in both}
    for values in (*sources, environment):
        named = [name for name in both if values.get(name)]
        if named:
            params.update({name: None for name in both if name not in named})
            return
