# Copyright (c) 2026 vaultops.pam contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variants of behaviour that are documented, seen, or open in the public material."""

from __future__ import annotations

from standin_core.profile import Variant

VARIANTS: dict[str, Variant] = {
    "sticky": Variant("off", ("off", "required"), "whether a token counts only with the cookie of its logon"),
    "session_timeout": Variant("1200", None, "seconds without a call after which a session ends", number=True),
    "max_sessions": Variant("300", None, "live sessions that one user may have", number=True),
    "logon_failure": Variant("403", ("403", "401"), "HTTP status of a wrong user name or password"),
    "radius": Variant(
        "password", ("password", "otp", "challenge"), "RADIUS wants the password, 'password,otp', or asks for the otp"
    ),
    "url_characters": Variant("refused", ("refused", "accepted"), "what becomes of + & % in URL values"),
    "names": Variant("any_case", ("any_case", "exact"), "how names of safes, accounts and users are compared"),
    "property_names": Variant("exact", ("exact", "any_case"), "how names of platform properties are compared"),
    "search_name": Variant("no", ("no", "yes"), "whether search looks at the object name"),
    "search_words": Variant("all", ("all", "any"), "whether all words of a search must be found, or any"),
    "count": Variant("page", ("page", "all"), "what count in the answer of Get accounts counts"),
    "max_displayed_records": Variant("1000", None, "the server's own limit for a page", number=True),
    "empty_properties": Variant(
        "seen",
        ("seen", "absent", "object"),
        "platformAccountProperties without any: {} in lists only, never, or always",
    ),
    "times": Variant("seconds", ("seconds", "datetime"), "times as Unix seconds, or as ...DateTime texts"),
    "boolean_text": Variant("true", ("true", "True", "Yes"), "how a JSON true is stored in a platform property"),
    "remote_machines": Variant("as_sent", ("as_sent", "comma"), "how the list of remote machines is shown"),
    "generated_name": Variant("plain", ("plain", "unique"), "whether a generated name gets a number if it is taken"),
    "patch": Variant("all", ("all", "partial"), "whether operations before a wrong one are kept"),
    "remove_absent": Variant("refused", ("refused", "ignored"), "removing a property that is not there"),
    "remove_object": Variant("refused", ("refused", "accepted"), "remove with an object on /platformAccountProperties"),
    "enable_with_reason": Variant(
        "refused", ("refused", "error500", "cleared"), "turning automatic management on while a reason is left"
    ),
    "details": Variant("list", ("list", "object"), "Details of a validation error: a list or one object"),
    "cpm": Variant("instant", ("instant", "queued"), "when the CPM works: at once, or on the edit run_cpm"),
    "clock_offset": Variant("0", None, "seconds that the server's clock is ahead, Date header included", number=True),
}
