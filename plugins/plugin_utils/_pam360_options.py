# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a PAM360 plugin. Internal to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _plugin_options

PAM360 = _plugin_options.Product(
    "pam360",
    ways=(("token",), ("token_file",)),
    secrets=("token", "proxy"),
    booleans=("cache", "validate_certs"),
    example="https://host.example.com:8282",
)


def options_of(plugin: Any, variables: Mapping[str, Any], direct: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Return all options of *plugin* by name, or raise InputError."""
    return _plugin_options.options_of(PAM360, plugin, variables, direct, templar)
